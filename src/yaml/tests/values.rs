use super::*;

fn literal(text: &str) -> Literal {
    let node = tree(&format!("a: {text}\n"));
    node.get("a").unwrap().scalar().unwrap().value.clone()
}

fn number(text: &str) -> Literal {
    Literal::Number(text.to_owned())
}

fn text(text: &str) -> Literal {
    Literal::Text(text.to_owned())
}

#[test]
fn only_true_and_false_are_booleans() {
    assert_eq!(literal("true"), Literal::Bool(true));
    assert_eq!(literal("false"), Literal::Bool(false));
    for word in ["yes", "no", "on", "off", "True", "FALSE", "y", "n"] {
        assert_eq!(literal(word), text(word));
    }
}

#[test]
fn only_null_tilde_and_nothing_are_null() {
    for word in ["null", "~", "", "# c"] {
        assert_eq!(literal(word), Literal::Null, "{word}");
    }
    assert_eq!(literal("Null"), text("Null"));
    assert_eq!(literal("NULL"), text("NULL"));
}

#[test]
fn numbers_are_those_of_json_with_every_digit() {
    let long = "123456789012345678901234567890";
    let numbers = ["0", "-0", "10", "1.50", "1e5", "1E+5", "-1.2e-3", "0.0", long];
    for word in numbers {
        assert_eq!(literal(word), number(word));
    }
    let texts = [
        "010",
        "0x1f",
        "1_000",
        "+1",
        "2027-01-31",
        "1.",
        ".5",
        "1e",
        "-",
        "--1",
        "0o7",
        "1.2.3",
        ".inf",
        ".nan",
        "1e1e1",
        "1.e1",
        "1:30",
        "00",
    ];
    for word in texts.into_iter().filter(|word| *word != "-") {
        assert_eq!(literal(word), text(word));
    }
}

#[test]
fn quoted_is_always_text() {
    for quoted in ["'10'", "\"10\"", "|-\n  10", ">-\n  10"] {
        assert_eq!(literal(quoted), text("10"), "{quoted}");
    }
    assert_eq!(literal("\"\""), text(""));
    assert_eq!(literal("'null'"), text("null"));
}

#[test]
fn json_is_read() {
    let node = tree("{\"a\":[1,true,null,\"x\\n\"],\n\t\"b\": {}}\n");
    let items = node.get("a").unwrap().sequence().unwrap();
    let values: Vec<_> = items.iter().map(|i| i.scalar().unwrap().value.clone()).collect();
    assert_eq!(values, [number("1"), Literal::Bool(true), Literal::Null, text("x\n")]);
    assert_eq!(node.get("b").unwrap().mapping().unwrap().len(), 0);
}

#[test]
fn root_may_be_a_list_or_a_scalar() {
    assert_eq!(tree("- a\n- b\n").sequence().unwrap().len(), 2);
    assert_eq!(tree("---\nx\n").scalar().unwrap().text, "x");
    assert_eq!(tree("\u{feff}a: 1").span, Span::new(0, 4));
}

#[test]
fn spans_cover_exactly_what_is_written() {
    let source = "a: 'x'   # c\nb:\n  - \"y\" # d\n  - [1, 2] \nc: z # e\nd: |\n  t\n\n# f\ne:\n";
    let file = SourceFile::new("p", source);
    let node = tree(source);
    let shown = |name: &str| file.slice(node.get(name).unwrap().span);
    assert_eq!(shown("a"), "'x'");
    assert_eq!(shown("b"), "- \"y\" # d\n  - [1, 2]");
    assert_eq!(shown("c"), "z");
    assert_eq!(shown("d"), "t");
    assert_eq!(node.get("e").unwrap().span, Span::at(source.len() - 1));
    let (key, _) = &node.mapping().unwrap()[1];
    assert_eq!((key.text.as_str(), file.slice(key.span)), ("b", "b"));
    assert_eq!(node.span, Span::new(0, source.len() - 1));
}

#[test]
fn spans_are_bytes_after_other_alphabets() {
    let source = "é: \"ü\" \nb: ñ\n";
    let file = SourceFile::new("p", source);
    let node = tree(source);
    assert_eq!(file.slice(node.get("é").unwrap().span), "\"ü\"");
    assert_eq!(file.slice(node.get("b").unwrap().span), "ñ");
}

/// The file's text from where each character of the value is said to be.
fn located(source: &str) -> Vec<String> {
    let file = SourceFile::new("p", source);
    let node = tree(source);
    let scalar = node.get("a").unwrap().scalar().unwrap();
    let count = scalar.text.chars().count();
    let spans = (0..count).map(|n| scalar.span_in_file(n, n + 1));
    spans.map(|span| file.slice(span).to_owned()).collect()
}

#[test]
fn characters_of_plain_values_are_located() {
    assert_eq!(located("a: $.é[0]  # c"), ["$", ".", "é", "[", "0", "]"]);
}

#[test]
fn characters_of_quoted_values_are_located_past_escapes() {
    assert_eq!(located("a: 'é''s'"), ["é", "''", "s"]);
    assert_eq!(located("a: 'xy'"), ["x", "y"]);
    let escapes = "a: \"\\n\\\\é\\x41\\u00e9\\\"z\" # c";
    assert_eq!(located(escapes), ["\\n", "\\\\", "é", "\\x41", "\\u00e9", "\\\"", "z"]);
    assert_eq!(located("a: \"\\U0001F600!\\/\""), ["\\U0001F600", "!", "\\/"]);
}

#[test]
fn offset_past_the_end_is_the_end() {
    for (source, end) in [("a: xy", 5), ("a: 'xy'", 6), ("a: 'x'''", 7)] {
        let node = tree(source);
        let scalar = node.get("a").unwrap().scalar().unwrap();
        assert_eq!(scalar.offset_in_file(2), end, "{source}");
        assert_eq!(scalar.offset_in_file(99), end, "{source}");
    }
}

#[test]
fn characters_of_values_on_several_lines_are_at_the_start() {
    for source in ["a: x\n  y", "a: 'x\n  y'", "a: |\n  xy\n", "a: \"x\\\n  y\""] {
        let node = tree(source);
        let scalar = node.get("a").unwrap().scalar().unwrap();
        assert_eq!(scalar.offset_in_file(1), scalar.span.start, "{source}");
        assert_eq!(scalar.span_in_file(1, 2), scalar.span, "{source}");
    }
}

#[test]
fn sixty_four_levels_are_accepted() {
    tree(&format!("{}{}", "[".repeat(64), "]".repeat(64)));
    tree(&format!("{}x", "- ".repeat(64)));
}
