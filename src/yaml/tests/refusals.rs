use super::*;

/// Everything shown for the only error of a text.
fn explained(text: &str) -> String {
    let (diagnostics, _) = read(text);
    let shown = render(&diagnostics, false);
    assert_eq!(diagnostics.sorted().len(), 1, "{shown}");
    shown
}

fn one(text: &str, place_and_message: &str, has_tree: bool) {
    let (messages, tree) = refused(text);
    assert_eq!(messages, [place_and_message], "{text:?}");
    assert_eq!(tree, has_tree, "{text:?}");
}

fn helps(text: &str, place: &str, help: &str) {
    let shown = explained(text);
    assert!(shown.contains(&format!("p.yaml:{place}\n")), "{place}\n{shown}");
    assert!(shown.contains(&format!("help: {help}\n")), "{help}\n{shown}");
}

#[test]
fn empty_files_are_said_to_be_empty() {
    for text in ["", "\n\n", "# c\n", "---\n", "...\n", "   "] {
        one(text, "1:1 the file is empty", false);
    }
}

#[test]
fn second_documents_are_refused() {
    one("a: 1\n---\nb: 2\n", "2:1 a second document starts here", true);
    one("a: 1\n...\nb: 2\n", "3:1 a second document starts here", true);
}

#[test]
fn directives_are_refused() {
    let message = "`%` starts a YAML directive, which is not accepted";
    one("%YAML 1.2\n---\na: 1\n", &format!("1:1 {message}"), true);
    one("# c\n%FOO\n---\na: 1\n", &format!("2:1 {message}"), true);
    one("%\n---\na: 1\n", &format!("1:1 {message}"), false);
    one("%YAML 1.2\na: 1\n", &format!("1:1 {message}"), false);
}

#[test]
fn anchors_are_refused() {
    let message = "unquoted, `&` starts a YAML anchor, which is not accepted";
    one("a: &x 1\n", &format!("1:4 {message}"), true);
    one("a: &x\n  b: 1\n", &format!("1:4 {message}"), true);
    one("a: &\n", &format!("1:4 {message}"), false);
    let (messages, _) = refused("- !t &x [1]\n");
    let tag = "1:3 unquoted, `!` starts a YAML tag, which is not accepted";
    assert_eq!(messages, [tag, &format!("1:6 {message}")]);
}

#[test]
fn tags_are_refused() {
    let message = "unquoted, `!` starts a YAML tag, which is not accepted";
    for text in ["a: !!str 1\n", "a: !x 1\n", "a: ! 1\n", "a: !!map {b: 1}\n"] {
        one(text, &format!("1:4 {message}"), true);
    }
}

#[test]
fn aliases_and_unquoted_globs_are_to_be_quoted() {
    helps("a: *.json\n", "1:4", "quote it: `\"*.json\"`");
    helps("a: *\n", "1:4", "quote it: `\"*\"`");
    helps("a: {b: *.c, d: 1}\n", "1:8", "quote it: `\"*.c\"`");
    helps("- *_iam_member # c\n", "1:3", "quote it: `\"*_iam_member\"`");
    helps("{\n  a: *b\n}\n", "2:6", "quote it: `\"*b\"`");
    let (messages, tree) = refused("- &a 1\n- *a\n");
    assert_eq!(messages[1], "2:3 unquoted, `*` starts a YAML alias, which is not accepted");
    assert!(!tree);
}

#[test]
fn merge_keys_are_refused() {
    one("<<: {a: 1}\nb: 1\n", "1:1 `<<` merges mappings, which is not accepted", true);
    assert_eq!(tree("'<<': 1\n").mapping().unwrap().len(), 1);
}

#[test]
fn repeated_keys_show_both_places() {
    let shown = explained("a: 1\nb: 2\n'a': 3\n");
    assert!(shown.contains("the key `a` appears twice"), "{shown}");
    assert!(shown.contains("p.yaml:3:1"), "{shown}");
    assert!(shown.contains("it is here first"), "{shown}");
    let (_, node) = read("a: 1\na: [2]\n");
    let node = node.unwrap();
    assert_eq!(node.mapping().unwrap().len(), 1);
    assert_eq!(node.get("a").unwrap().scalar().unwrap().text, "1");
}

#[test]
fn all_refused_things_come_out_together() {
    let (messages, tree) = refused("a: &x 1\nb: !t 2\na: 3\n? [k]\n: 4\n");
    let places: Vec<_> = messages.iter().map(|m| &m[..3]).collect();
    assert_eq!(places, ["1:4", "2:4", "3:1", "4:3"]);
    assert!(tree);
}

#[test]
fn keys_have_to_be_names() {
    let message = "a key cannot be a list or a mapping";
    one("{[a]: 1, b: 2}", &format!("1:2 {message}"), true);
    one("? {a: 1}\n: 1\n", &format!("1:3 {message}"), true);
    one(": b\n", "1:1 there is no key before the `:`", true);
}

#[test]
fn depth_is_bounded() {
    let message = "more than 64 levels of lists and mappings";
    one(&"[".repeat(65), &format!("1:65 {message}"), false);
    let closed = format!("{}{}", "[".repeat(65), "]".repeat(65));
    one(&closed, &format!("1:65 {message}"), false);
    one(&format!("{}x", "- ".repeat(65)), &format!("1:129 {message}"), false);
}

#[test]
fn size_is_bounded() {
    let text = format!("a: {}", "x".repeat(MAX_BYTES));
    one(&text, "1:1 the file is larger than 1000000 bytes", false);
}

#[test]
fn paths_with_brackets_inside_braces_are_to_be_quoted() {
    let help = "quote the path: `path: \"$.routes[*].kind\"`";
    helps("a: {path: $.routes[*].kind, equals: x}", "1:11", help);
    helps("- {path: $.routes[*].kind}\n", "1:10", help);
    helps("[{path: $.routes[*].kind}]", "1:9", help);
    helps("a: {\n  path: $.routes[*].kind,\n}\n", "2:9", help);
    let filter = "quote the path: `path: \"$.a[?@.b == 'x, ]y']\"`";
    helps("{path: $.a[?@.b == 'x, ]y'], in: [a]}", "1:8", filter);
    helps("{path: $[\"a\"]}", "1:8", "quote the path: `path: '$[\"a\"]'`");
    helps("a: [$.x[*].y, $.z]", "1:5", "quote the path: `\"$.x[*].y\"`");
    helps("{message: a [b] c, d: 1}", "1:11", "quote the value: `\"a [b] c\"`");
}

#[test]
fn paths_with_brackets_outside_braces_are_fine() {
    let node = tree("path: $.a[?(@.b == 'x')]\n");
    let path = node.get("path").unwrap().scalar().unwrap();
    assert_eq!(path.text, "$.a[?(@.b == 'x')]");
}

#[test]
fn paths_from_the_current_node_are_to_be_quoted() {
    helps("a: @.kind # c\n", "1:4", "quote it: `\"@.kind\"`");
    helps("{path: @.kind, b: 1}", "1:8", "quote it: `\"@.kind\"`");
    helps("a: `x`\n", "1:4", "quote it: `\"`x`\"`");
    helps("a: %x\n", "1:4", "quote it: `\"%x\"`");
    helps("a: >= 5\n", "1:4", "quote it: `\">= 5\"`");
}

#[test]
fn messages_that_start_with_a_template_are_to_be_quoted() {
    helps("m: {{ resource }} is public # c\n", "1:4", "quote the message: `\"{{ resource }} is public\"`");
    helps("m: {{x}}\nn: 1\n", "1:4", "quote the message: `\"{{x}}\"`");
    helps("m: {{x}}: \"y\"\n", "1:4", "quote the message: `'{{x}}: \"y\"'`");
    helps("{m: {{x}} is, n: 1}", "1:5", "quote the message: `\"{{x}} is\"`");
}

#[test]
fn colons_in_values_are_to_be_quoted() {
    helps("m: service: is public\n", "1:4", "quote it: `\"service: is public\"`");
    helps("{a: b: c}", "1:5", "quote it: `\"b: c\"`");
}

#[test]
fn commas_in_values_inside_braces_are_explained() {
    let shown = explained("{message: a, b is c}");
    assert!(shown.contains("`b is c` has no value"), "{shown}");
    assert!(shown.contains("a comma ends a value"), "{shown}");
    one("? a\n? b\n: 1\n", "1:3 `a` has no value", true);
}

#[test]
fn wrong_escapes_are_explained() {
    let help = "use single quotes, where a backslash is only a backslash, or write `\\\\d`";
    helps("a: \"\\\\ \\n \\d+\"\n", "1:11", help);
    helps("{a: \"\\d\"}", "1:6", help);
    let shown = explained("a: \"\\xZZ\"");
    assert!(shown.contains("1:5") && shown.contains("2 digits"), "{shown}");
    assert!(explained("a: \"\\ud83d\\ude00\"").contains("1:5"));
}

#[test]
fn tabs_as_indentation_are_refused() {
    let message = "a tab is used as indentation";
    one("a:\n\tb: 1\n", &format!("2:1 {message}"), false);
    one("a: 1\n\tb: 2\n", &format!("2:1 {message}"), false);
    one("a: 'x\n\ty'\n", &format!("2:1 {message}"), false);
    one("a: |\n\tfoo\n", &format!("2:1 {message}"), false);
    one("a:\n  b: 1\n  \tc: 2\n", &format!("3:3 {message}"), false);
    one("\ta: 1\n", &format!("1:1 {message}"), true);
    one("a:\tb\n", "1:3 a tab follows the `:`", false);
}

#[test]
fn wrong_indentation_is_explained() {
    one("a: 1\n  b: 2\n", "2:3 this line continues the value before it", false);
    one("a:\n  - b\n c: 1\n", "3:2 this does not belong to the mapping around it", false);
    one("- a\n-b\n", "2:1 this is neither `key: value` nor `- item`", false);
}

#[test]
fn unclosed_and_half_quoted_text_is_explained() {
    one("a: \"b\nc: 1\n", "1:4 the quote that starts here is not closed", false);
    one("a: \"x\" y\n", "1:8 text follows the closing quote", false);
}
