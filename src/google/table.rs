//! Tables as text: takes a file with tab-separated columns, and comments after `# `, gives its lines; a line with another
//! number of columns than asked for is left out, which the tests of each table rule out.

use std::borrow::Cow;

/// The lines of a table, without comments.
pub(super) fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with("# "))
}

/// The columns of each line.
pub(super) fn rows<const N: usize>(text: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    lines(text).filter_map(columns)
}

/// The columns of one line, if it has exactly `N`.
pub(super) fn columns<const N: usize>(line: &'static str) -> Option<[&'static str; N]> {
    let columns: Vec<_> = line.split('\t').collect();
    columns.try_into().ok()
}

/// A path without its indices: `a[0].b[*].c` and `a[7].b[2].c` are both `a.b.c`. Quoted keys of maps stay.
pub(super) fn bare(path: &str) -> Cow<'_, str> {
    if !path.contains('[') {
        return Cow::Borrowed(path);
    }
    let mut bare = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('[') {
        bare.push_str(before);
        rest = if let Some((_, tail)) = after.split_once(']').filter(|(inside, _)| is_index(inside)) {
            tail
        } else {
            bare.push('[');
            after
        };
    }
    bare.push_str(rest);
    Cow::Owned(bare)
}

fn is_index(inside: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    inside == "*" || !inside.is_empty() && digits(inside)
}

/// Whether the whole text matches: `*` stands for anything, `#` for one or more digits.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let Some(wild) = pattern.find(['*', '#']) else {
        return pattern == text;
    };
    let (literal, rest) = pattern.split_at(wild);
    let Some(tail) = text.strip_prefix(literal) else {
        return false;
    };
    let (any, rest) = (rest.starts_with('*'), rest.get(1..).unwrap_or_default());
    let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
    let (least, most) = if any { (0, tail.len()) } else { (1, digits) };
    (least..=most).any(|end| tail.get(end..).is_some_and(|tail| matches(rest, tail)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_are_dropped_and_map_keys_stay() {
        assert_eq!(bare("template[0].vpc_access[12].egress"), "template.vpc_access.egress");
        assert_eq!(bare("backend[*].group"), "backend.group");
        assert_eq!(bare("ingress"), "ingress");
        assert_eq!(bare("metadata[0].annotations['run.googleapis.com/ingress']"), "metadata.annotations['run.googleapis.com/ingress']");
        assert_eq!(bare("broken[0"), "broken[0");
        assert_eq!(bare("broken[]"), "broken[]");
    }

    #[test]
    fn a_line_may_start_with_a_hash_that_is_no_comment() {
        let rows: Vec<[_; 2]> = rows("# a\tb\n#@c\td\n\ne\tf\tg\n").collect();
        assert_eq!(rows, [["#@c", "d"]]);
    }

    #[test]
    fn a_pattern_covers_the_whole_text() {
        assert!(matches("google_compute_*backend_service", "google_compute_backend_service"));
        assert!(matches("google_compute_*backend_service", "google_compute_region_backend_service"));
        assert!(!matches("google_compute_*backend_service", "google_compute_backend_services"));
        assert!(matches("#@cloudservices", "12@cloudservices"));
        assert!(!matches("#@cloudservices", "@cloudservices"));
        assert!(!matches("#@cloudservices", "a1@cloudservices"));
    }
}
