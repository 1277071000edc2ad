//! Takes text and bytes of unknown origin; gives forms that are safe to show and easy to look through. Refuses nothing.

/// Characters that move, hide or reorder what a terminal shows.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}')
        || matches!(c, '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}')
}

/// `text` with control characters escaped, cut after `limit` characters.
pub(super) fn visible(text: &str, limit: usize) -> String {
    let mut out = String::new();
    for c in text.chars().take(limit) {
        if is_unsafe(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    if text.chars().nth(limit).is_some() {
        out.push('…');
    }
    out
}

/// `name` as one word of a shell command.
pub(super) fn shell_word(name: &str) -> String {
    if name.is_empty() || name == "-" {
        return "FILE".to_owned();
    }
    let name = visible(name, usize::MAX);
    let plain = |c: char| c.is_alphanumeric() || "/._-+=:,@%\\".contains(c);
    let guard = if name.starts_with('-') { "./" } else { "" };
    // A backslash is plain only where it separates Windows folders.
    if name.chars().all(plain) && !name.starts_with('\\') {
        format!("{guard}{name}")
    } else {
        format!("'{guard}{}'", name.replace('\'', "'\\''"))
    }
}

/// `text` without the colour codes of a terminal.
pub(super) fn without_ansi(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        out.push_str(before);
        rest = after.strip_prefix('[').map_or(after, after_code);
    }
    out.push_str(rest);
    out
}

fn after_code(code: &str) -> &str {
    let code = code.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ';' | '?'));
    code.strip_prefix(|c: char| c.is_ascii_alphabetic()).unwrap_or(code)
}

/// Number of white-space bytes at the start, as JSON counts them.
pub(super) fn blank(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')).count()
}

/// `bytes` from the first byte that is not white space.
pub(super) fn unblank(bytes: &[u8]) -> &[u8] {
    bytes.get(blank(bytes)..).unwrap_or_default()
}

/// The keys of a JSON text that may be cut off, as (depth, key), down to `deepest`; keys stay escaped.
pub(super) fn keys(json: &[u8], deepest: usize) -> Vec<(usize, String)> {
    let (mut found, mut depth, mut at) = (Vec::new(), 0_usize, 0_usize);
    while let Some(byte) = json.get(at) {
        at = at.saturating_add(1);
        match byte {
            b'{' | b'[' => depth = depth.saturating_add(1),
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let rest = json.get(at..).unwrap_or_default();
                let Some(length) = string_length(rest) else {
                    break;
                };
                let (text, after) = rest.split_at_checked(length).unwrap_or_default();
                let is_key = unblank(after.get(1..).unwrap_or_default()).first() == Some(&b':');
                if is_key && depth <= deepest {
                    found.push((depth, String::from_utf8_lossy(text).into_owned()));
                }
                at = at.saturating_add(length).saturating_add(1);
            }
            _ => {}
        }
    }
    found
}

/// Length of a JSON string up to its closing quote; `None` if that is not there.
fn string_length(rest: &[u8]) -> Option<usize> {
    let mut escaped = false;
    rest.iter().position(|&byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    })
}

/// What follows `"key":` if `json` is an object that starts with that key.
pub(super) fn after_first_key<'b>(json: &'b [u8], key: &str) -> Option<&'b [u8]> {
    let rest = unblank(unblank(json).strip_prefix(b"{")?).strip_prefix(b"\"")?;
    let rest = rest.strip_prefix(key.as_bytes())?.strip_prefix(b"\"")?;
    unblank(rest).strip_prefix(b":").map(unblank)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_bidi_characters_are_escaped() {
        assert_eq!(visible("a\u{1b}[31mb\nc\u{202e}", 99), "a\\u{1b}[31mb\\nc\\u{202e}");
        assert_eq!(visible("é日本", 2), "é日…");
    }

    #[test]
    fn colour_codes_go_and_text_stays() {
        assert_eq!(without_ansi("\u{1b}[1;33mWarn\u{1b}[0ming\u{1b}"), "Warning");
    }

    #[test]
    fn names_become_one_shell_word() {
        assert_eq!(shell_word("out/plan-1.json"), "out/plan-1.json");
        assert_eq!(shell_word("my plan.json"), "'my plan.json'");
        assert_eq!(shell_word("it's;rm"), "'it'\\''s;rm'");
        assert_eq!(shell_word("-x"), "./-x");
        assert_eq!(shell_word("-"), "FILE");
    }

    #[test]
    fn keys_are_found_in_a_cut_off_text() {
        let found = keys(br#"{"a":{"b\"{":1,"c":[{"d":2}]},"e":"f:","g"#, 2);
        let names: Vec<_> = found.iter().map(|(d, k)| (*d, k.as_str())).collect();
        assert_eq!(names, [(1, "a"), (2, "b\\\"{"), (2, "c"), (1, "e")]);
    }

    #[test]
    fn first_key_tolerates_white_space() {
        assert_eq!(after_first_key(b" {\n \"plan\" : {}", "plan"), Some(&b"{}"[..]));
        assert_eq!(after_first_key(b"{\"planet\":1}", "plan"), None);
    }
}
