use super::*;

fn file(text: &str) -> Arc<SourceFile> {
    Arc::new(SourceFile::new("policies/a.yaml", text))
}

fn shown(diagnostic: Diagnostic) -> String {
    let mut diagnostics = Diagnostics::new();
    diagnostics.push(diagnostic);
    render(&diagnostics, false)
}

#[test]
fn place_text_expectation_and_help_are_shown() {
    let file = file("id: a\ntitel: b\n");
    let diagnostic = Diagnostic::error(&file, Span::new(6, 11), "unknown field `titel`")
        .expected("expected a field of a policy")
        .help("did you mean `title`?");
    let expected = "\
error: unknown field `titel`
 --> policies/a.yaml:2:1
  |
2 | titel: b
  | ^^^^^ expected a field of a policy
  |
  = help: did you mean `title`?
";
    assert_eq!(shown(diagnostic), expected);
}

#[test]
fn column_counts_characters() {
    let file = file("é: é\n");
    let shown = shown(Diagnostic::error(&file, Span::new(4, 6), "m"));
    assert!(shown.contains("policies/a.yaml:1:4"), "{shown}");
}

#[test]
fn second_place_is_labelled() {
    let file = file("a: 1\nb: 2\nc: 3\nd: 4\ne: 5\na: 6\n");
    let diagnostic = Diagnostic::error(&file, Span::new(25, 26), "twice").related(Span::new(0, 1), "first here");
    let shown = shown(diagnostic);
    assert!(shown.contains("policies/a.yaml:6:1"), "{shown}");
    assert!(shown.contains("1 | a: 1\n  | - first here"), "{shown}");
    assert!(shown.contains("6 | a: 6\n  | ^"), "{shown}");
}

#[test]
fn second_place_may_be_in_another_file() {
    let other = Arc::new(SourceFile::new("b.yaml", "id: x\n"));
    let file = file("id: x\n");
    let diagnostic = Diagnostic::error(&file, Span::new(4, 5), "twice").related_in(&other, Span::new(4, 5), "first here");
    let shown = shown(diagnostic);
    assert!(shown.contains("--> policies/a.yaml:1:5"), "{shown}");
    assert!(shown.contains("b.yaml:1:5"), "{shown}");
    assert!(shown.contains("first here"), "{shown}");
}

#[test]
fn sorted_by_file_and_place_without_repeats() {
    let (a, b) = (file("x\ny\n"), Arc::new(SourceFile::new("b", "x")));
    let mut diagnostics = Diagnostics::new();
    diagnostics.error(&a, Span::new(2, 3), "later");
    diagnostics.error(&b, Span::new(0, 1), "other file");
    diagnostics.warning(&a, Span::new(0, 1), "first");
    diagnostics.error(&a, Span::new(2, 3), "later");
    let messages: Vec<_> = diagnostics.sorted().iter().map(|d| &*d.message).collect();
    assert_eq!(messages, ["other file", "first", "later"]);
}

#[test]
fn only_errors_count_as_errors() {
    let file = file("x");
    let mut diagnostics = Diagnostics::new();
    diagnostics.warning(&file, Span::at(0), "w");
    assert!(!diagnostics.has_errors());
    diagnostics.error(&file, Span::at(0), "e");
    assert!(diagnostics.has_errors());
}

#[test]
fn code_is_shown_with_the_severity() {
    let file = file("x");
    let shown = shown(Diagnostic::warning(&file, Span::new(0, 1), "m").code("unused"));
    assert!(shown.starts_with("warning[unused]: m\n"), "{shown}");
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let text = "a: \u{1b}[31m\u{9b}31m\u{202e}\u{7}\u{2028}\r\nb: 1\r";
    let file = Arc::new(SourceFile::new("p\u{1b}[0m\n.yaml", text));
    let diagnostic = Diagnostic::error(&file, Span::new(3, 8), "bad `\u{1b}[2J\n\u{9b}`")
        .expected("not \u{1b}\n\u{85}")
        .help("drop \u{1b}\u{202e}")
        .related(Span::new(0, 1), "\u{1b}\u{7f}");
    let shown = shown(diagnostic);
    let raw = |c: char| c != '\n' && is_unsafe(c);
    assert!(!shown.contains(raw), "{shown:?}");
    assert!(shown.contains("p\\u{1b}[0m\\n.yaml:1:4"), "{shown}");
    assert!(shown.contains("bad `\\u{1b}[2J\\n\\u{9b}`"), "{shown}");
}

#[test]
fn windows_line_breaks_are_not_shown() {
    let file = file("a: 1\r\nb: 2\r\n");
    let shown = shown(Diagnostic::error(&file, Span::new(6, 7), "m").related(Span::new(0, 1), "l"));
    assert!(!shown.contains('␍'), "{shown}");
}

#[test]
fn long_lines_are_trimmed() {
    let text = format!("a: {}needle{}", "x".repeat(50_000), "y".repeat(50_000));
    let file = file(&text);
    let diagnostic = Diagnostic::error(&file, Span::new(50_003, 50_009), "m").expected("here");
    let shown = shown(diagnostic);
    assert!(shown.contains("needle"), "{shown}");
    assert!(shown.contains("policies/a.yaml:1:50004"), "{shown}");
    assert!(shown.len() < 1000, "{}", shown.len());
}

#[test]
fn long_span_on_a_long_line_is_trimmed() {
    let file = file(&"x".repeat(100_000));
    let shown = shown(Diagnostic::error(&file, Span::new(0, 100_000), "m").expected("here"));
    assert!(shown.len() < 1500, "{}", shown.len());
}

#[test]
fn only_the_first_line_of_a_span_is_underlined() {
    let file = file("a:\n  b: 1\n");
    let shown = shown(Diagnostic::error(&file, Span::new(0, 10), "m").expected("here"));
    assert!(shown.contains("1 | a:\n  | ^^ here\n"), "{shown}");
}

#[test]
fn empty_file_and_end_of_file_can_be_pointed_at() {
    for (text, place) in [("", "1:1"), ("a\n", "2:1"), ("a", "1:2")] {
        let file = file(text);
        let shown = shown(Diagnostic::error(&file, Span::at(text.len()), "m"));
        assert!(shown.contains(&format!("a.yaml:{place}\n")), "{shown}");
    }
}

#[test]
fn colour_is_only_used_when_asked_for() {
    let file = file("x");
    let mut diagnostics = Diagnostics::new();
    diagnostics.error(&file, Span::new(0, 1), "m");
    assert!(render(&diagnostics, true).contains('\u{1b}'));
    assert!(!render(&diagnostics, false).contains('\u{1b}'));
}

#[test]
fn quoted_text_is_cut() {
    assert_eq!(quote("abc"), "`abc`");
    assert_eq!(quote(&"é".repeat(61)), format!("`{}…`", "é".repeat(60)));
    assert_eq!(quote_all(["a", "b"]), "`a`, `b`");
}

#[test]
fn past_a_hundred_diagnostics_are_counted() {
    let file = file(&"x\n".repeat(103));
    let mut diagnostics = Diagnostics::new();
    for line in 0..103 {
        diagnostics.error(&file, Span::new(line * 2, line * 2 + 1), "m");
    }
    let shown = render(&diagnostics, false);
    assert_eq!(shown.matches("error: m").count(), 100);
    assert!(shown.ends_with("\n3 more are not shown\n"), "{shown}");
}
