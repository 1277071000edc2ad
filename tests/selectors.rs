//! Paths on known values select what RFC 9535 says: what `serde_json_path` selects, and what the compliance suite of
//! the JSONPath working group wants (`testdata/jsonpath`, BSD-2, as bundled in the npm package jsonpath-rfc9535 1.3.0).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use plangate::evaluate::walk::{Node, select};
use plangate::plan::{State, Value};
use plangate::policy::selector::{Selector, SelectorError, Use};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::Value as Json;
use std::collections::HashMap;
use std::fmt::Write as _;

/// The same cases in every run; `PROPTEST_CASES` asks for more of them.
fn config(seed: u64) -> ProptestConfig {
    let default = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { default.cases } else { 2_000 };
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(seed), failure_persistence: None, max_global_rejects: u32::MAX, ..default }
}

/// A node: its normalised path (RFC 9535 2.7) and its value.
type Found = (String, Json);

/// What our walk selects, in its order.
fn ours(document: &Json, path: &str, place: Use) -> Result<Vec<Found>, SelectorError> {
    let selector = Selector::parse(path, place)?;
    let value = Value::from(document);
    let mut places = HashMap::new();
    locate(&value, "$".to_owned(), &mut places);
    let nodes = select(Node::root(&value), &selector.segments, &value);
    assert!(nodes.open.is_none(), "nothing unknown hides anything: {path}");
    let found = nodes.items.iter().map(|node| {
        assert!(node.sure, "every node is sure: {path}");
        (places[&std::ptr::from_ref(node.value)].clone(), serde_json::from_str(&node.value.shown()).unwrap())
    });
    Ok(found.collect())
}

/// Every value of a tree by where it stands in memory, which tells two equal ones apart.
fn locate(value: &Value, path: String, places: &mut HashMap<*const Value, String>) {
    for (at, item) in value.items().iter().enumerate() {
        locate(item, format!("{path}[{at}]"), places);
    }
    for (name, member) in value.members() {
        locate(member, format!("{path}['{}']", escaped(name)), places);
    }
    assert!(!matches!(value.state, State::Unknown(_)));
    places.insert(std::ptr::from_ref(value), path);
}

/// A name as a normalised path writes it.
fn escaped(name: &str) -> String {
    name.chars().fold(String::new(), |mut text, character| {
        match character {
            '\u{8}' => text.push_str("\\b"),
            '\t' => text.push_str("\\t"),
            '\n' => text.push_str("\\n"),
            '\u{c}' => text.push_str("\\f"),
            '\r' => text.push_str("\\r"),
            '\'' | '\\' => text.extend(['\\', character]),
            _ if u32::from(character) < 0x20 => write!(text, "\\u{:04x}", u32::from(character)).unwrap(),
            _ => text.push(character),
        }
        text
    })
}

/// What the oracle selects, in its order.
fn oracle(document: &Json, path: &str) -> Vec<Found> {
    let parsed = serde_json_path::JsonPath::parse(path).unwrap_or_else(|error| panic!("the oracle refuses {path}: {error}"));
    let located = parsed.query_located(document);
    let found = located.iter().map(|node| {
        let mut here = document;
        let mut text = "$".to_owned();
        for element in node.location().iter() {
            if let Some(at) = element.as_index() {
                here = &here[at];
                write!(text, "[{at}]").unwrap();
            } else {
                let name = element.as_name().unwrap();
                here = &here[name];
                write!(text, "['{}']", escaped(name)).unwrap();
            }
        }
        assert!(std::ptr::eq(here, node.node()));
        (text, node.node().clone())
    });
    found.collect()
}

const NAMES: [&str; 12] = ["a", "b", "c", "a b", "a.b", "a-b", "ä", "☺", "'", "\"", "\\", "0"];

fn document() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        (-3_i64..4).prop_map(Json::from),
        prop::sample::select(vec![0.5, 1.0, -2.25, 1e2]).prop_map(Json::from),
        prop::sample::select(vec!["", "a", "b", "ab", "1", "ä", "☺", "a'b"]).prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
            prop::collection::btree_map(prop::sample::select(NAMES.to_vec()), inner, 0..5)
                .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

fn quoted(text: &str, quote: char, unicode: bool) -> String {
    let mut out = String::from(quote);
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            _ if character == quote => out.extend(['\\', character]),
            _ if unicode && !character.is_ascii() => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04X}").unwrap();
                }
            }
            _ => out.push(character),
        }
    }
    out.push(quote);
    out
}

fn text_literal(texts: &'static [&'static str]) -> impl Strategy<Value = String> {
    (prop::sample::select(texts), prop::sample::select(vec!['\'', '"']), any::<bool>())
        .prop_map(|(text, quote, unicode)| quoted(text, quote, unicode))
}

fn blank() -> impl Strategy<Value = &'static str> {
    prop_oneof![4 => Just(""), 1 => Just(" ")]
}

fn bound() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), (-5_i64..6).prop_map(|bound| bound.to_string())]
}

fn slice() -> impl Strategy<Value = String> {
    (bound(), bound(), prop_oneof![Just(String::new()), Just(":".to_owned()), (-3_i64..4).prop_map(|step| format!(":{step}"))])
        .prop_map(|(start, end, step)| format!("{start}:{end}{step}"))
}

/// A selector without filters, as it stands in brackets.
fn simple() -> BoxedStrategy<String> {
    prop_oneof![
        4 => text_literal(&NAMES),
        3 => (-4_i64..5).prop_map(|index| index.to_string()),
        2 => slice(),
        1 => Just("*".to_owned()),
    ]
    .boxed()
}

fn bracketed(selector: BoxedStrategy<String>) -> impl Strategy<Value = String> {
    (prop::collection::vec((blank(), selector, blank()), 1..4), prop::bool::weighted(0.7)).prop_map(|(mut choices, one)| {
        choices.truncate(if one { 1 } else { 3 });
        let choices: Vec<String> = choices.into_iter().map(|(before, choice, after)| format!("{before}{choice}{after}")).collect();
        format!("[{}]", choices.join(","))
    })
}

fn shorthand() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b", "c", "ä", "☺", "*"])
}

fn segment(selector: BoxedStrategy<String>, descend: bool) -> impl Strategy<Value = String> {
    prop_oneof![
        4 => shorthand().prop_map(|name| format!(".{name}")),
        4 => bracketed(selector.clone()),
        u32::from(descend) => shorthand().prop_map(|name| format!("..{name}")),
        u32::from(descend) => bracketed(selector).prop_map(|brackets| format!("..{brackets}")),
    ]
}

fn singular() -> impl Strategy<Value = String> {
    let step = prop_oneof![
        3 => prop::sample::select(vec![".a", ".b", ".c", ".ä"]).prop_map(str::to_owned),
        1 => text_literal(&NAMES).prop_map(|name| format!("[{name}]")),
        1 => (0..4).prop_map(|index| format!("[{index}]")),
    ];
    (prop_oneof![4 => Just("@"), 1 => Just("$")], prop::collection::vec(step, 0..3))
        .prop_map(|(root, steps)| format!("{root}{}", steps.concat()))
}

fn number_or_text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec!["0", "-0", "1", "2", "-1", "0.5", "1.0", "1e0", "1E2", "-2.25", "2e-1", "100"]).prop_map(str::to_owned),
        text_literal(&["", "a", "b", "ab", "1", "ä", "☺", "a'b"]),
    ]
}

fn literal() -> impl Strategy<Value = String> {
    prop_oneof![1 => prop::sample::select(vec!["null", "true", "false"]).prop_map(str::to_owned), 3 => number_or_text()]
}

/// Without what the oracle gets wrong: see `comparisons_that_the_oracle_gets_wrong`.
fn comparison() -> impl Strategy<Value = String> {
    let side = || prop_oneof![3 => singular(), 2 => literal()];
    let ordered = || prop::sample::select(vec!["<=", ">", ">="]);
    prop_oneof![
        4 => (side(), blank(), prop::sample::select(vec!["==", "!=", "<"]), blank(), side()),
        1 => (side(), blank(), ordered(), blank(), number_or_text()),
        1 => (number_or_text(), blank(), ordered(), blank(), side()),
    ]
    .prop_map(|(left, before, operator, after, right)| format!("{left}{before}{operator}{after}{right}"))
}

/// A filter's expression; queries in it use `nested` selectors.
fn expression(nested: &BoxedStrategy<String>, descend: bool) -> BoxedStrategy<String> {
    let query = (prop_oneof![4 => Just("@"), 1 => Just("$")], prop::collection::vec(segment(nested.clone(), descend), 0..3))
        .prop_map(|(root, segments)| format!("{root}{}", segments.concat()))
        .boxed();
    let basic = prop_oneof![
        3 => comparison(),
        2 => query.clone(),
        1 => (blank(), query).prop_map(|(blank, query)| format!("!{blank}{query}")),
    ];
    basic
        .prop_recursive(3, 8, 2, |inner| {
            prop_oneof![
                (inner.clone(), blank(), blank(), inner.clone())
                    .prop_map(|(left, before, after, right)| format!("{left}{before}&&{after}{right}")),
                (inner.clone(), blank(), blank(), inner.clone())
                    .prop_map(|(left, before, after, right)| format!("{left}{before}||{after}{right}")),
                (inner.clone(), blank()).prop_map(|(inner, blank)| format!("({blank}{inner}{blank})")),
                (inner, blank()).prop_map(|(inner, blank)| format!("!{blank}({inner})")),
            ]
        })
        .boxed()
}

fn with_filters(nested: &BoxedStrategy<String>, descend: bool) -> BoxedStrategy<String> {
    prop_oneof![
        3 => simple(),
        2 => (blank(), expression(nested, descend)).prop_map(|(blank, filter)| format!("?{blank}{filter}")),
    ]
    .boxed()
}

/// Anything `plangate query` takes: `..` and filters within filters too.
fn query() -> impl Strategy<Value = String> {
    let nested = with_filters(&simple(), true);
    prop::collection::vec(segment(with_filters(&nested, true), true), 0..4).prop_map(|segments| format!("${}", segments.concat()))
}

/// What a quantifier takes.
fn quantifier() -> impl Strategy<Value = String> {
    prop::collection::vec(segment(with_filters(&simple(), false), false), 0..4).prop_map(|segments| format!("${}", segments.concat()))
}

fn agree(document: &Json, path: &str, place: Use) -> Result<(), TestCaseError> {
    let found = match ours(document, path, place) {
        Ok(found) => found,
        // See `an_escaped_quote_does_not_end_a_name`.
        Err(error) if error.message == "a blank in a path" && (path.contains("\\'") || path.contains("\\\"")) => return Ok(()),
        Err(error) => return Err(TestCaseError::fail(format!("{path} is refused: {}", error.message))),
    };
    prop_assert_eq!(found, oracle(document, path), "{}", path);
    Ok(())
}

proptest! {
    #![proptest_config(config(9535))]

    #[test]
    fn a_query_selects_what_the_oracle_selects(document in document(), path in query()) {
        agree(&document, &path, Use::Query)?;
    }

    #[test]
    fn a_quantifier_selects_what_the_oracle_selects(document in document(), path in quantifier()) {
        agree(&document, &path, Use::Quantifier)?;
    }
}

/// RFC 9535 2.3.5.2.2, where `serde_json_path` 0.7.2 says otherwise: two queries without a node are `==` and so `<=`,
/// lists, maps and booleans have no order, and a negative index counts from the end in a comparison too.
#[test]
fn comparisons_that_the_oracle_gets_wrong() {
    let document = serde_json::json!([
        {}, {"a": 1}, {"b": 1}, {"a": 1, "b": 2}, {"a": "x", "b": "x"}, {"a": [], "b": []}, {"a": null, "b": null},
        {"a": [1], "b": [2]}, {"a": {}, "b": {"c": 1}}, {"a": true, "b": false}, {"a": [1, 2], "b": 2}
    ]);
    let places = |path: &str| {
        let found = ours(&document, path, Use::Query).unwrap();
        found.iter().map(|(place, _)| place.trim_matches(['$', '[', ']']).parse().unwrap()).collect::<Vec<usize>>()
    };
    assert_eq!(places("$[?@.a <= @.b]"), [0, 3, 4, 5, 6]);
    assert_eq!(places("$[?@.a >= @.b]"), [0, 4, 5, 6]);
    assert_eq!(places("$[?@.a < @.b]"), [3]);
    assert_eq!(places("$[?@.b > @.a]"), [3]);
    assert_eq!(places("$[?@.a > @.b]"), [0; 0]);
    assert_eq!(places("$[?@.a > false]"), [0; 0]);
    assert_eq!(places("$[?@.a[-1] == @.b]"), [0, 1, 10]);
    assert_eq!(places("$[?@.a[-2] == 1]"), [10]);
}

#[test]
fn an_escaped_quote_does_not_end_a_name() {
    for path in [r"$['\'']['a' ]", r#"$["\""][ 0]"#, r"$['\''][?@.a == 'b' ]"] {
        assert!(Selector::parse(path, Use::Quantifier).is_ok(), "{path}");
    }
    for path in [r"$['\''].a b", r#"$["\""].a b"#, r"$['\''] .a", r"$['\''].a in b"] {
        assert!(Selector::parse(path, Use::Quantifier).is_err(), "{path}");
    }
}

/// Of the suite's 687 cases 245 are no paths.
const INVALID: usize = 245;
/// Valid paths that call a function, which the language has none of.
const FUNCTIONS: usize = 83;
/// Valid paths with a blank outside brackets, as `$ .a`.
const BLANKS: usize = 12;
/// The other valid paths.
const ANSWERED: usize = 347;

#[test]
fn the_compliance_suite_is_answered_as_it_wants_or_refused_with_a_reason() {
    let suite: Json = serde_json::from_str(include_str!("../testdata/jsonpath/cts.json")).unwrap();
    let cases = suite["tests"].as_array().unwrap();
    let (mut invalid, mut answered, mut refused, mut wrong) = (0, 0, Vec::new(), Vec::new());
    for case in cases {
        let (name, path) = (case["name"].as_str().unwrap(), case["selector"].as_str().unwrap());
        let must_be_refused = case["invalid_selector"].as_bool() == Some(true);
        match ours(&case["document"], path, Use::Query) {
            Ok(found) if must_be_refused => wrong.push(format!("{name}: {path:?} is no path, and gives {found:?}")),
            Ok(found) => {
                answered += 1;
                if !wanted(case).contains(&found) {
                    wrong.push(format!("{name}: {path:?} gives {found:?}, wanted is {:?}", wanted(case)));
                }
            }
            Err(error) if error.message.is_empty() => wrong.push(format!("{name}: {path:?} is refused without a reason")),
            Err(_) if must_be_refused => invalid += 1,
            Err(error) => refused.push(format!("{name}: {path:?}: {}", error.message)),
        }
    }
    let numbers = format!("{} cases: {invalid} are no paths, {answered} answered, {} refused", cases.len(), refused.len());
    assert!(wrong.is_empty(), "{numbers}, {} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(invalid, INVALID, "{numbers}");
    assert!(answered >= ANSWERED, "{numbers}, of them:\n{}", refused.join("\n"));
    let because = |reason: &str| refused.iter().filter(|text| text.contains(reason)).count();
    let reasons = (because("is not part of this language"), because("a blank in a path"));
    assert_eq!(reasons, (FUNCTIONS, BLANKS), "{numbers}:\n{}", refused.join("\n"));
}

/// The node lists that are right, each with paths and values.
fn wanted(case: &Json) -> Vec<Vec<Found>> {
    let lists = |one: &str, many: &str| match case.get(one) {
        Some(list) => vec![list.clone()],
        None => case[many].as_array().unwrap().clone(),
    };
    let paths = lists("result_paths", "results_paths");
    let values = lists("result", "results");
    assert_eq!(paths.len(), values.len());
    let list = |(paths, values): (&Json, &Json)| {
        let paths = paths.as_array().unwrap().iter().map(|path| path.as_str().unwrap().to_owned());
        paths.zip(values.as_array().unwrap().iter().cloned()).collect()
    };
    paths.iter().zip(&values).map(list).collect()
}
