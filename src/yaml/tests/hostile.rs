use super::*;
use proptest::prelude::*;
use std::fmt::Write as _;

const NASTY: &[&str] = &[
    "- - - -",
    "[[[[",
    "{{{{",
    "}}}}",
    "]",
    "\0",
    "a: \0",
    "\u{feff}\u{feff}",
    "---",
    "--- ---",
    "? ? ?",
    ": : :",
    "!",
    "!!",
    "!<",
    "!<a>",
    "%",
    "%%",
    "&",
    "*",
    "|",
    ">",
    "|-9",
    "'",
    "\"",
    "\"\\",
    "\"\\x",
    "\"\\U",
    "a: \"\\é\"",
    "é: \"\\é",
    "{é: $[é]}",
    "*é",
    "&é",
    "!é",
    "@é",
    "é: @é",
    "a: é: é",
    "\t",
    "\ta",
    "-\t-\ta",
    "a:\té",
    "a\u{2028}b: 1",
    "\u{85}",
    "\r",
    "\r\r\n",
    "a:\r\tb",
    "{é",
    "[é: ",
    "{a: {{é",
    "é: {{é}} é",
    "'é''é",
    "? é",
    "<<",
    "<<: <<",
    "- !é &é é",
    "{? }",
    "[? , ]",
    "{,}",
    "[,]",
    "{:}",
    "[:]",
    "{a:}",
    "a: - -",
    "%YAML",
    "%TAG ! !\n--- !a",
    "#",
    "é #é",
    "a: |\n é\n  é\n é",
    "a: >+\n\n é\n\n\n",
    "\u{1b}[31m: \u{1b}]0;x\u{7}",
    "a: b\n\n c: d",
    "  a\n b",
    "\"a\nb\": c",
    "{\"a\"b}",
    "[\"a\":1]",
    "\u{10ffff}: \u{10ffff}",
    "a: \"\\ud800\"",
    "a: !!binary é",
    "--- é\n--- é",
    "é\n...\né",
    "...é",
    "---é",
];

/// Whatever the text: no panic, spans that are ranges of whole characters, and
/// nothing raw for the terminal.
fn check(text: &str) {
    let file = Arc::new(SourceFile::new("p.yaml", text));
    let mut diagnostics = Diagnostics::new();
    let node = parse(&file, &mut diagnostics);
    assert!(node.is_some() || diagnostics.has_errors(), "{text:?}");
    let mut nodes: Vec<_> = node.iter().collect();
    while let Some(node) = nodes.pop() {
        check_span(&file, node.span);
        match &node.kind {
            NodeKind::Scalar(scalar) => check_scalar(&file, scalar),
            NodeKind::Sequence(items) => nodes.extend(items),
            NodeKind::Mapping(entries) => {
                for (key, _) in entries {
                    check_span(&file, key.span);
                }
                nodes.extend(entries.iter().map(|(_, value)| value));
            }
        }
    }
    for diagnostic in diagnostics.sorted() {
        check_span(&file, diagnostic.span);
    }
    let shown = render(&diagnostics, false);
    assert!(!shown.contains(|c: char| c != '\n' && c.is_control()), "{shown:?}");
}

fn check_span(file: &SourceFile, span: Span) {
    assert!(file.text().get(span.range()).is_some(), "{span:?} {:?}", file.text());
}

fn check_scalar(file: &SourceFile, scalar: &Scalar) {
    let mut last = scalar.span.start;
    for character in 0..=scalar.text.chars().count().min(50) {
        let offset = scalar.offset_in_file(character);
        assert!(last <= offset && offset <= scalar.span.end, "{:?}", file.text());
        check_span(file, Span::at(offset));
        last = offset;
    }
}

#[test]
fn nasty_texts_are_survived() {
    for text in NASTY {
        check(text);
        check(&format!("x:\n  y: {text}\n"));
        check(&format!("x: {{y: {text}, z: 1}}\n"));
        check(&format!("[{text}\n,{text}]\n"));
    }
}

#[test]
fn large_texts_are_survived() {
    let mut anchors = String::from("[");
    let mut keys = String::from("{");
    for n in 0..500 {
        let _ = write!(anchors, "&a{n} 1, *a{n}, ");
        let _ = write!(keys, "k{n}: 1, k{n}: 2, ");
    }
    check(&format!("{anchors}]"));
    check(&format!("{keys}}}"));
    for pattern in ["- ", "[", "{", "[{", "? ", "a: ", "{a: ", "é", "\"\\d", "!a ", "[],", "'", "- a\n", "\t"] {
        check(&pattern.repeat(200_000 / pattern.len()));
    }
}

proptest! {
    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_yaml_like_text_is_survived(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "a", "é", "$.a[*]", ": ", ":", "- ", "? ", "\n", "\n  ", "\n\t", " ", "{", "}", "[", "]", ",",
                "\"", "'", "\\", "\\n", "\\x4", "&a", "*a", "!t ", "#", " # c", "|", ">", "|\n", "---\n", "...\n",
                "%Y", "<<", "{{", "}}", "@", "`", "\r\n", "\u{85}", "10", "null", "\u{1b}", "''", "\t",
            ]),
            0..24,
        )
    ) {
        check(&parts.concat());
    }
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
        "[a\"'\\\\\n\t#:,{}*&!@ -]{0,8}".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let object = prop::collection::btree_map("[a-c<\"\\\\: ]{0,3}", inner.clone(), 0..4);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Into::into),
            object.prop_map(|entries| entries.into_iter().collect::<serde_json::Value>()),
        ]
    })
}

fn to_json(node: &Node) -> serde_json::Value {
    match &node.kind {
        NodeKind::Sequence(items) => items.iter().map(to_json).collect(),
        NodeKind::Mapping(entries) => {
            let entries = entries.iter();
            entries.map(|(key, value)| (key.text.clone(), to_json(value))).collect()
        }
        NodeKind::Scalar(scalar) => match &scalar.value {
            Literal::Null => serde_json::Value::Null,
            Literal::Bool(value) => (*value).into(),
            Literal::Number(digits) => serde_json::from_str(digits).unwrap(),
            Literal::Text(text) => text.clone().into(),
        },
    }
}

proptest! {
    #[test]
    fn json_means_the_same_as_in_json(value in json()) {
        let compact = value.to_string();
        prop_assert_eq!(&to_json(&tree(&compact)), &value);
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        prop_assert_eq!(&to_json(&tree(&pretty)), &value);
    }
}
