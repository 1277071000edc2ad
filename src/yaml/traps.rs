//! Explanations of what is no YAML, or not the YAML that was meant.
//!
//! Takes the place of an error with the text around it and gives a diagnostic
//! that says what to write instead. Refuses to trust the parser's own place and
//! wording where it reports a later symptom: `{path: $.a[*]}` fails at the `*`,
//! but what is wrong is that the path is not quoted.

use super::MAX_LEVELS;
use super::offsets::{hex_digits, quoted_len};
use super::scan::{Found, scan, value_span};
use crate::diagnostic::{Diagnostic, quote};
use crate::source::{SourceFile, Span};
use std::sync::Arc;

/// Longest value that is written out in advice.
const LONGEST_ADVICE: usize = 80;

/// What the tree builder knows at the place of an error.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context {
    /// How many brackets are open at the start of the line.
    pub flow: usize,
    /// The last scalar before the error.
    pub last: Span,
}

/// A diagnostic for the parser's error `info` at `offset`.
pub(super) fn explain(file: &Arc<SourceFile>, offset: usize, info: &str, context: Context) -> Diagnostic {
    let line = file.line_span(offset);
    let scanned = scan(file.text(), line.start, offset, context.flow);
    let in_flow = scanned.depth > 0;
    let next = file.text().get(offset..).and_then(|t| t.chars().next());
    match (scanned.found, next) {
        (Some(Found::Template(start)), _) => return template(file, start, in_flow),
        (Some(Found::Bracket(start)), _) => return bracket(file, start),
        (None, Some('*')) if info.contains("anchor") => return alias(file, offset, in_flow),
        (None, Some('&')) if info.contains("anchor") => {
            return property(file, Span::new(offset, line.end), '&');
        }
        (None, Some('"')) if info.contains("escape") || info.contains("hexadecimal") => {
            return escape(file, offset);
        }
        (None, Some(c)) if info.starts_with("unexpected character") => {
            return reserved(file, offset, c, in_flow);
        }
        (None, Some(c @ ('>' | '|'))) if info.contains("expected comment") => {
            return reserved(file, offset, c, in_flow);
        }
        (None, Some(':')) if context.last.end == offset => {
            return colon(file, context.last, offset, in_flow);
        }
        _ => {}
    }
    if let Some(tab) = tab_at(file, offset, info) {
        return tab;
    }
    plain_words(file, offset, info)
}

/// The parser's own words, made shorter and friendlier where they are common.
fn plain_words(file: &Arc<SourceFile>, offset: usize, info: &str) -> Diagnostic {
    let line = file.line_span(offset);
    let rest = Span::new(offset, line.end.max(offset));
    let error = |span, message: &str| Diagnostic::error(file, span, message);
    if info == "recursion limit exceeded" {
        return too_deep(file, offset);
    }
    if info.contains("invalid trailing content") {
        return error(rest, "text follows the closing quote").help("a value is quoted as a whole or not at all");
    }
    if info.contains("quoted scalar") {
        return error(rest, "the quote that starts here is not closed")
            .expected("expected the closing quote on this line, or further lines to be indented");
    }
    if info == "simple key expect ':'" {
        return error(text_before(file, offset), "this is neither `key: value` nor `- item`")
            .expected("expected `: ` after a key, or `- `");
    }
    if info.ends_with("did not find expected key") {
        return error(rest, "this does not belong to the mapping around it")
            .expected("expected a key in the column of the other keys")
            .help("check the indentation");
    }
    let info = info.rsplit_once(", ").map_or(info, |(_, what)| what);
    error(rest, &format!("this is no valid YAML: {}", info.replace('\'', "`")))
}

/// The line that the last visible text before `offset` is on, without indentation.
fn text_before(file: &SourceFile, offset: usize) -> Span {
    let before = file.slice(Span::new(0, offset)).trim_end();
    let line = file.line_span(before.len().saturating_sub(1));
    let text = file.slice(line);
    let indent = text.len() - text.trim_start().len();
    Span::new(line.start + indent, line.start + text.trim_end().len())
}

/// The value at `start` is read as a template was meant.
pub(super) fn template(file: &Arc<SourceFile>, start: usize, in_flow: bool) -> Diagnostic {
    let span = value_span(file.text(), start, in_flow);
    let advice = quoted_or(file, span, "\"{{ … }}\"");
    Diagnostic::error(file, span, "unquoted, `{{` starts a YAML mapping")
        .expected("expected a quoted text")
        .help(format!("quote the message: {advice}"))
}

/// A value with brackets inside brackets.
fn bracket(file: &Arc<SourceFile>, start: usize) -> Diagnostic {
    let span = value_span(file.text(), start, true);
    let message = "unquoted, a value inside `{}` or `[]` cannot have brackets";
    let is_path = file.slice(span).starts_with(['$', '@']);
    let what = if is_path { "path" } else { "value" };
    let key = key_before(file, start).filter(|_| is_path);
    let prefix = key.map(|key| format!("{key}: ")).unwrap_or_default();
    Diagnostic::error(file, span, message)
        .expected(format!("expected a quoted {what}"))
        .help(format!("quote the {what}: `{prefix}{}`", quoted_value(file, span)))
}

/// The key that the value at `start` belongs to, if it is on the same line.
fn key_before(file: &SourceFile, start: usize) -> Option<&str> {
    let line = file.line_span(start);
    let before = file.slice(Span::new(line.start, start)).trim_end();
    let before = before.strip_suffix(':')?;
    let key = before.rsplit([' ', '{', '[', ',']).next()?;
    Some(key).filter(|key| !key.is_empty() && !key.contains(['"', '\'']))
}

/// The value in quotes that need no change to it where possible.
fn quoted_value(file: &SourceFile, span: Span) -> String {
    let text = file.slice(span);
    if text.contains(['"', '\\']) { format!("'{}'", text.replace('\'', "''")) } else { format!("\"{text}\"") }
}

/// The quoted value in backticks, or the stand-in when it is too long.
fn quoted_or(file: &SourceFile, span: Span, stand_in: &str) -> String {
    if span.len() > LONGEST_ADVICE {
        return format!("`{stand_in}`");
    }
    format!("`{}`", quoted_value(file, span))
}

/// A `*` at the start of a value.
pub(super) fn alias(file: &Arc<SourceFile>, start: usize, in_flow: bool) -> Diagnostic {
    let span = value_span(file.text(), start, in_flow);
    let message = "unquoted, `*` starts a YAML alias, which is not accepted";
    Diagnostic::error(file, span, message)
        .expected("expected a quoted pattern, or the value itself")
        .help(format!("quote it: {}", quoted_or(file, span, "\"*…\"")))
}

/// An anchor (`&`) or a tag (`!`) at the start of `span`.
pub(super) fn property(file: &Arc<SourceFile>, span: Span, sigil: char) -> Diagnostic {
    let text = file.slice(span);
    // Both may be there, in any order, before the value.
    let mut words = text.split_whitespace().take(2);
    let word = words.find(|word| word.starts_with(sigil)).unwrap_or(text);
    let start = text.find(word).map_or(span.start, |at| span.start + at);
    let what = match sigil {
        '&' => "`&` starts a YAML anchor",
        _ => "`!` starts a YAML tag",
    };
    let message = format!("unquoted, {what}, which is not accepted");
    Diagnostic::error(file, Span::new(start, start + word.len()), message)
        .expected("expected a value")
        .help("leave it out, or quote the value if it is text")
}

/// A line that starts with `%`.
pub(super) fn directive(file: &Arc<SourceFile>, span: Span) -> Diagnostic {
    let message = "`%` starts a YAML directive, which is not accepted";
    Diagnostic::error(file, span, message).help("leave the line out")
}

/// Too many collections in each other.
pub(super) fn too_deep(file: &Arc<SourceFile>, offset: usize) -> Diagnostic {
    let message = format!("more than {MAX_LEVELS} levels of lists and mappings");
    Diagnostic::error(file, Span::new(offset, offset + 1), message)
}

/// A character that no plain value may start with.
fn reserved(file: &Arc<SourceFile>, start: usize, c: char, in_flow: bool) -> Diagnostic {
    let span = value_span(file.text(), start, in_flow);
    let message = format!("a value cannot start with {} unquoted", quote(&c.to_string()));
    Diagnostic::error(file, span, message)
        .expected("expected a quoted value")
        .help(format!("quote it: {}", quoted_or(file, span, &format!("\"{c}…\""))))
}

/// A `: ` after a complete value.
fn colon(file: &Arc<SourceFile>, last: Span, offset: usize, in_flow: bool) -> Diagnostic {
    let text = file.slice(last);
    if text.contains(['\n', '\r']) {
        let line = text_before(file, offset);
        return Diagnostic::error(file, line, "this line continues the value before it")
            .related(Span::new(last.start, last.start + 1), "the value starts here")
            .help("check the indentation: the keys of a mapping start in the same column");
    }
    let end = value_span(file.text(), offset + 1, in_flow).end;
    let span = Span::new(last.start, end);
    let message = "unquoted, a value cannot have `: ` in it";
    let diagnostic = Diagnostic::error(file, span, message).expected("expected a quoted value");
    if text.starts_with(['"', '\'']) {
        return diagnostic.help("quote the value as a whole");
    }
    diagnostic.help(format!("quote it: {}", quoted_or(file, span, "\"…: …\"")))
}

/// The first wrong escape of the double-quoted text at `start`.
fn escape(file: &Arc<SourceFile>, start: usize) -> Diagnostic {
    let text = file.text().get(start..).unwrap_or_default();
    let text = text.get(..quoted_len(text).unwrap_or(text.len())).unwrap_or(text);
    let mut rest = text.char_indices();
    while let Some((at, c)) = rest.next() {
        if c != '\\' {
            continue;
        }
        let Some((_, kind)) = rest.next() else { break };
        let digits: String = rest.clone().map(|(_, c)| c).take(hex_digits(kind)).collect();
        if !is_escape(kind, &digits) {
            return bad_escape(file, start + at, kind, &digits);
        }
    }
    let span = Span::new(start, start + text.len());
    Diagnostic::error(file, span, "a backslash is misused in this text").help("use single quotes, where a backslash is only a backslash")
}

fn is_escape(kind: char, digits: &str) -> bool {
    match kind {
        'x' | 'u' | 'U' => {
            let code = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
            digits.len() == hex_digits(kind) && code.is_some()
        }
        _ => "0abt\tnvfre \"/\\N_LP\n\r".contains(kind),
    }
}

fn bad_escape(file: &Arc<SourceFile>, start: usize, kind: char, digits: &str) -> Diagnostic {
    let is_hex = hex_digits(kind) > 0;
    let len = 1 + kind.len_utf8() + if is_hex { digits.len() } else { 0 };
    let span = Span::new(start, start + len);
    let message = format!("{} is no escape in a double-quoted text", quote(file.slice(span)));
    let advice = format!("use single quotes, where a backslash is only a backslash, or write `\\\\{kind}`");
    let expected = if is_hex {
        format!("expected `\\{kind}` and {} digits of a character's code", hex_digits(kind))
    } else {
        "expected an escape such as `\\n` or `\\\\`".to_owned()
    };
    Diagnostic::error(file, span, message).expected(expected).help(advice)
}

/// A tab used as indentation.
pub(super) fn tab(file: &Arc<SourceFile>, offset: usize) -> Diagnostic {
    Diagnostic::error(file, Span::new(offset, offset + 1), "a tab is used as indentation")
        .expected("expected spaces")
        .help("indent with spaces")
}

/// The tab behind an error that has to do with tabs.
fn tab_at(file: &Arc<SourceFile>, offset: usize, info: &str) -> Option<Diagnostic> {
    if info.starts_with("':' must be followed") {
        // The parser has already gone past it.
        let span = Span::new(offset.checked_sub(1)?, offset);
        let tab = Diagnostic::error(file, span, "a tab follows the `:`").expected("expected a space");
        return Some(tab).filter(|_| file.slice(span) == "\t");
    }
    if !["a tab", "tabs ", "tab "].iter().any(|word| info.contains(word)) {
        return None;
    }
    let line = file.line_span(offset);
    let before = file.slice(Span::new(line.start, offset));
    let indent = before.len() - before.trim_start().len();
    let before = before.get(..indent).and_then(|indent| indent.find('\t'));
    let after = || {
        let rest = file.text().get(offset..)?;
        rest.find('\t').map(|at| offset + at)
    };
    let at = before.map(|at| line.start + at).or_else(after);
    Some(tab(file, at.unwrap_or(offset)))
}
