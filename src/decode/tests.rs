use super::*;
use crate::diagnostic::render;
use crate::yaml::parse;

/// Runs `decode` on the text's root; its result and all diagnostics as text.
fn with<T>(text: &str, decode: impl FnOnce(&Node, &mut Decoder<'_>) -> T) -> (T, String) {
    let file = Arc::new(SourceFile::new("p.yaml", text));
    let mut diagnostics = Diagnostics::new();
    let node = parse(&file, &mut diagnostics).expect("no YAML");
    let result = decode(&node, &mut Decoder::new(&file, &mut diagnostics));
    (result, render(&diagnostics, false))
}

fn value<T>(text: &str, decode: impl FnOnce(&Node, &mut Decoder<'_>) -> T) -> (T, String) {
    with(&format!("f: {text}\n"), |root, decoder| decode(root.get("f").expect("no field"), decoder))
}

fn contains(shown: &str, parts: &[&str]) {
    for part in parts {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
}

fn policy(text: &str) -> String {
    let decode = |root: &Node, decoder: &mut Decoder<'_>| {
        let Some(mut fields) = Fields::new(root, "a policy", decoder) else {
            return;
        };
        fields.required(decoder, "id", "the name of the policy");
        fields.optional("title");
        fields.required(decoder, "message", "what is said about a violation");
        fields.allow(&["enforcement"]);
        fields.finish(decoder);
    };
    with(text, decode).1
}

#[test]
fn known_fields_are_accepted() {
    assert_eq!(policy("id: a\nmessage: b\nenforcement: deny\n"), "");
}

#[test]
fn missing_field_is_reported_at_the_first_key() {
    let shown = policy("title: x\nid: a\n");
    contains(
        &shown,
        &["error: `message` is missing in a policy\n --> p.yaml:1:1\n", "^^^^^ expected `message`: what is said about a violation"],
    );
}

#[test]
fn unknown_field_gets_the_nearest_name() {
    let shown = policy("id: a\nmessage: b\ntitel: x\n");
    contains(&shown, &["error: unknown field `titel` in a policy\n --> p.yaml:3:1\n", "= help: did you mean `title`?\n"]);
}

#[test]
fn unknown_field_without_near_name_gets_all_names() {
    let shown = policy("id: a\nmessage: b\nseverity: x\n");
    let help = "help: valid fields are `id`, `title`, `message`, `enforcement`\n";
    contains(&shown, &[help]);
}

#[test]
fn all_problems_of_a_mapping_come_out() {
    let shown = policy("titel: x\nzzz: 1\n");
    assert_eq!(shown.matches("error: ").count(), 4, "{shown}");
}

#[test]
fn other_things_than_mappings_are_refused() {
    let shown = policy("- a\n");
    contains(&shown, &["expected a mapping for a policy, found a list"]);
    contains(&policy("{}"), &["`id` is missing", "p.yaml:1:1"]);
}

#[test]
fn text_is_taken_as_written() {
    let (text, shown) = value("010", |n, d| d.text(n, "f").map(|s| s.text.clone()));
    assert_eq!((text.as_deref(), shown.as_str()), (Some("010"), ""));
}

#[test]
fn numbers_and_booleans_are_no_text() {
    let (text, shown) = value("10", |n, d| d.text(n, "f").is_some());
    assert!(!text);
    contains(
        &shown,
        &[
            "error: `f` has to be text, not the number `10`\n --> p.yaml:1:4\n",
            "^^ expected text\n",
            "help: write it in quotes: `\"10\"`\n",
        ],
    );
    let (_, shown) = value("true", |n, d| d.text(n, "f").is_some());
    contains(&shown, &["not the boolean `true`", "`\"true\"`"]);
    let (_, shown) = value("", |n, d| d.text(n, "f").is_some());
    contains(&shown, &["`f` has to be text, not empty\n --> p.yaml:1:3\n"]);
    assert!(!shown.contains("help"), "{shown}");
    let (_, shown) = value("[a]", |n, d| d.text(n, "f").is_some());
    contains(&shown, &["not a list"]);
}

#[test]
fn blank_text_is_refused_where_text_is_needed() {
    let (_, shown) = value("' '", |n, d| d.nonblank_text(n, "f").is_some());
    contains(&shown, &["`f` is empty", "expected some text"]);
    let (found, _) = value("' '", |n, d| d.text(n, "f").is_some());
    assert!(found);
}

#[test]
fn booleans_are_only_true_and_false() {
    assert_eq!(value("true", |n, d| d.boolean(n, "f")).0, Some(true));
    assert_eq!(value("false", |n, d| d.boolean(n, "f")).0, Some(false));
    let (found, shown) = value("no", |n, d| d.boolean(n, "f"));
    assert_eq!(found, None);
    contains(&shown, &["has to be `true` or `false`, not the text `no`", "write `false`\n"]);
    let (_, shown) = value("'true'", |n, d| d.boolean(n, "f"));
    contains(&shown, &["write `true` without quotes\n"]);
}

#[test]
fn integers_are_whole_numbers() {
    assert_eq!(value("-12", |n, d| d.integer(n, "f")).0, Some(-12));
    assert_eq!(value("9223372036854775807", |n, d| d.integer(n, "f")).0, Some(i64::MAX));
    for (text, part) in [
        ("1.0", "not the number `1.0`"),
        ("9223372036854775808", "up to 18 digits"),
        ("010", "write digits only"),
        ("'10'", "write it without quotes"),
        ("x", "has to be a whole number, not the text `x`"),
    ] {
        let (found, shown) = value(text, |n, d| d.integer(n, "f"));
        assert_eq!(found, None);
        contains(&shown, &[part]);
    }
}

#[test]
fn choices_are_listed_with_the_nearest() {
    let choices = ["deny", "warn"];
    let (found, _) = value("warn", |n, d| d.one_of(n, "f", &choices));
    assert_eq!(found, Some("warn"));
    let (found, shown) = value("Deny", |n, d| d.one_of(n, "f", &choices));
    assert_eq!(found, None);
    contains(
        &shown,
        &["`f` has to be one of `deny`, `warn`, not the text `Deny`", "expected one of `deny`, `warn`", "help: did you mean `deny`?\n"],
    );
    let (_, shown) = value("1", |n, d| d.one_of(n, "f", &["deny"]));
    contains(&shown, &["has to be `deny`, not the number `1`"]);
}

#[test]
fn lists_may_have_to_have_items() {
    let (count, _) = value("[a, 1]", |n, d| d.list(n, "f", false).map(<[_]>::len));
    assert_eq!(count, Some(2));
    let (count, _) = value("[]", |n, d| d.list(n, "f", true).map(<[_]>::len));
    assert_eq!(count, Some(0));
    let (_, shown) = value("[]", |n, d| d.list(n, "f", false).is_some());
    contains(&shown, &["`f` is an empty list", "expected at least one item"]);
    let (_, shown) = value("'a'", |n, d| d.list(n, "f", false).is_some());
    contains(&shown, &["has to be a list, not the text `a`", "`['a']`"]);
}

#[test]
fn literals_are_single_values_of_any_type() {
    for text in ["x", "1", "true", "null", "''"] {
        assert!(value(text, |n, d| d.literal(n, "f").is_some()).0);
    }
    let (found, shown) = value("{a: 1}", |n, d| d.literal(n, "f").is_some());
    assert!(!found);
    contains(&shown, &["`f` has to be a single value, not a mapping"]);
}
