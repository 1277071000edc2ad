//! What is decided stays decided (design.md 3.7). *Filling*: unknown values take any value they may turn out to have,
//! and a decided verdict stays. *Forgetting*: a known value becomes an opaque unknown, and the verdict stays or becomes
//! undecided. And the laws of Kleene's logic, on documents with unknown values.
//!
//! Everything is drawn from a list of numbers, of which zero is the plainest choice, so that proptest can make a failing
//! case small. *Passes* here is pass or not-applicable: `when` unknown and `require` true is a pass, whatever `when`
//! turns out to be.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use plangate::diagnostic::{Diagnostics, render};
use plangate::evaluate::{Verdict, verdict};
use plangate::json::Cursor;
use plangate::plan::{Moment, Number, Plan, Provenance, State, Unknown, Value};
use plangate::policy::{PolicySet, Source, builtin, load};
use plangate::subject::{Options, SubjectKind, documents};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// The same cases in every run; `PROPTEST_CASES` asks for more of them.
fn config(seed: u64) -> ProptestConfig {
    let default = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { default.cases } else { 2_000 };
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(seed), failure_persistence: None, ..default }
}

/// Choices, read off one by one; zeros at the end.
struct Draw {
    numbers: Vec<u16>,
    at: usize,
}

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        let number = self.numbers.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        usize::from(number) % bound
    }

    fn one<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }

    /// Rarely true.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }
}

fn draws(most: usize) -> impl Strategy<Value = Vec<u16>> {
    prop::collection::vec(any::<u16>(), 0..most)
}

fn draw(numbers: Vec<u16>) -> Draw {
    Draw { numbers, at: 0 }
}

/// What a verdict may become when what is unknown gets known.
fn stays(unknown: Verdict, known: Verdict) -> bool {
    match unknown {
        Verdict::Undecided => true,
        Verdict::Pass => known <= Verdict::Pass,
        Verdict::NotApplicable | Verdict::Fail => known == unknown,
    }
}

// ---- Documents and policies ----

const NAMES: [&str; 4] = ["a", "b", "l", "m"];

fn number(text: &str) -> Value {
    Value::new(State::Number(Number::parse(text).unwrap()))
}

fn scalar(draw: &mut Draw) -> Value {
    match draw.below(4) {
        0 => Value::text(draw.one(&["x", "y", "xy", "", "1", "2.0", "true", "10.0.0.0/28", "10.0.0.1", "192.168.0.0/16", "public", "isolated"])),
        1 => number(draw.one(&["1", "0", "2", "3", "-1", "28", "1.0", "0.5"])),
        2 => Value::bool(draw.below(2) == 0),
        _ => Value::null(),
    }
}

fn unknown(draw: &mut Draw) -> Value {
    let from = draw.one(&[Provenance::Opaque, Provenance::Data, Provenance::Reference]);
    let exists = from == Provenance::Reference && draw.below(2) == 0;
    let reason = Unknown { from, to: vec!["x.y".to_owned()], reason: "so it is".to_owned(), would_decide: None, exists };
    Value::new(State::Unknown(Arc::new(reason)))
}

/// A tree; with unknown values where `open`.
fn tree(draw: &mut Draw, depth: usize, open: bool) -> Value {
    match draw.below(if depth == 0 { 3 } else { 7 }) {
        0 | 1 => scalar(draw),
        2 if open => unknown(draw),
        2 => scalar(draw),
        3 | 4 => {
            let count = draw.below(4);
            Value::list((0..count).map(|_| tree(draw, depth - 1, open)).collect())
        }
        _ => members(draw, depth - 1, open),
    }
}

fn members(draw: &mut Draw, depth: usize, open: bool) -> Value {
    let present: Vec<&str> = NAMES.into_iter().filter(|_| draw.below(3) > 0).collect();
    Value::map(present.into_iter().map(|name| (name.into(), tree(draw, depth, open))).collect())
}

fn document(draw: &mut Draw) -> Value {
    let mut after = members(draw, 3, true);
    if draw.below(3) > 0 {
        let count = draw.below(4);
        let list = (0..count).map(|_| if draw.below(3) > 0 { members(draw, 2, true) } else { tree(draw, 2, true) }).collect();
        after.insert("l", Value::list(list));
    }
    Value::map(vec![("address".into(), Value::text("t.x")), ("after".into(), after)])
}

/// Known values for all unknown ones.
fn filled(value: &Value, draw: &mut Draw) -> Value {
    let state = match &value.state {
        State::Unknown(unknown) if unknown.exists => return Value::text(draw.one(&["x", "y", "1", "10.0.0.0/28", "public"])),
        State::Unknown(_) => return tree(draw, 2, false),
        State::List(items) => State::List(items.iter().map(|item| filled(item, draw)).collect()),
        State::Map(members) => State::Map(members.iter().map(|(name, member)| (Arc::clone(name), filled(member, draw))).collect()),
        other => other.clone(),
    };
    Value::new(state)
}

/// The same with one known value below forgotten.
fn forgotten(value: &Value, draw: &mut Draw) -> Value {
    let forget = || Value::unknown(Provenance::Opaque, "forgotten");
    match &value.state {
        State::List(items) if !items.is_empty() && !draw.once_in(4) => {
            let at = draw.below(items.len());
            let mut items = items.to_vec();
            items[at] = forgotten(&items[at], draw);
            Value::list(items)
        }
        State::Map(members) if !members.is_empty() && !draw.once_in(4) => {
            let at = draw.below(members.len());
            let mut members = members.to_vec();
            members[at].1 = forgotten(&members[at].1, draw);
            Value::map(members)
        }
        _ => forget(),
    }
}

fn singular(draw: &mut Draw, inside: bool) -> &'static str {
    const SUBJECT: [&str; 9] =
        ["$.after.a", "$.after.b", "$.after.l", "$.after.l[0]", "$.after.a.b", "$.after.l[-1].a", "$.after.m.l[1]", "$.after.l[0].b.a", "$.after.m"];
    const ELEMENT: [&str; 7] = ["@", "@.a", "@.b", "@.l", "@.l[0]", "@.b.a", "@.l[-1].a"];
    if inside && draw.below(4) > 0 { draw.one(&ELEMENT) } else { draw.one(&SUBJECT) }
}

fn plural(draw: &mut Draw, inside: bool) -> &'static str {
    const SUBJECT: [&str; 21] = [
        "$.after.l[*]",
        "$.after.l[*].a",
        "$.after.a[*]",
        "$.after.m[*].b",
        "$.after.l[0:2]",
        "$.after.l[::-1].a",
        "$.after.l[0,1].b",
        "$.after['a','b']",
        "$.after.*",
        "$.after.l[*].l[*]",
        "$.after.l[?@.a]",
        "$.after.l[?@.a == 'x']",
        "$.after.l[?@.a && !@.b]",
        "$.after.l[?@.a != null].b",
        "$.after.l[?@.a == $.after.b].a",
        "$.after.l[?@.a > 1 || @.b <= 'x']",
        "$.after.l[?@.l[*]]",
        "$.after.l[?!(@.a == @.b)].l[*]",
        "$.after.l[?$.after.a[*]]",
        "$.after.l[?@.b == true].l[?@ != 'y']",
        "$.after.l[?@.a == @.b, 0]",
    ];
    const ELEMENT: [&str; 8] = ["@[*]", "@.l[*]", "@.*", "@.a[*]", "@.l[?@.a]", "@.l[?@ == 'x']", "@.l[1:].a", "@['a','l']"];
    if inside && draw.below(3) > 0 { draw.one(&ELEMENT) } else { draw.one(&SUBJECT) }
}

fn list_operand(draw: &mut Draw) -> Json {
    draw.one(&[json!(["x"]), json!(["x", "y", 1]), json!([true, 2, {"a": "x"}]), json!(["public", "10.0.0.0/28", "1"])])
}

/// A path, an operator and an operand that it takes.
fn test(draw: &mut Draw, inside: bool) -> Json {
    let scalar = |draw: &mut Draw| draw.one(&[json!("x"), json!("y"), json!(1), json!(2), json!(true), json!("true"), json!("1"), json!("isolated")]);
    let (operator, mut operand) = match draw.below(22) {
        0 => ("equals", scalar(draw)),
        1 => ("not-equals", scalar(draw)),
        2 => ("equals", draw.one(&[json!({"a": "x"}), json!(["x", "y"]), json!({"a": "x", "b": 1})])),
        3 => ("in", list_operand(draw)),
        4 => ("not-in", list_operand(draw)),
        5 => ("matches", draw.one(&[json!("x"), json!("^x$"), json!("."), json!("^10")])),
        6 => ("not-matches", draw.one(&[json!("x"), json!("^y$"), json!(".")])),
        7 => ("starts-with", draw.one(&[json!("x"), json!("1")])),
        8 => ("ends-with", draw.one(&[json!("y"), json!("28")])),
        9 => ("exists", json!(true)),
        10 => ("absent", json!(true)),
        11 => ("distinct", json!(true)),
        12 => ("contains", draw.one(&[json!("x"), json!(1), json!({"a": "x"})])),
        13 => ("contains-any", list_operand(draw)),
        14 => ("contains-only", list_operand(draw)),
        15 => ("less-than", draw.one(&[json!(1), json!(2.5)])),
        16 => ("at-most", draw.one(&[json!(1), json!(28)])),
        17 => (draw.one(&["at-least", "greater-than"]), draw.one(&[json!(1), json!(0)])),
        18 => ("multiple-of", draw.one(&[json!(1), json!(2)])),
        19 => ("within-cidr", draw.one(&[json!("10.0.0.0/8"), json!(["10.0.0.0/28", "192.168.0.0/16"])])),
        20 => ("prefix-length", draw.one(&[json!(28), json!({"at-least": 16, "at-most": 28})])),
        _ => ("at-least-as-wide-as", draw.one(&[json!("public"), json!("internal-iap")])),
    };
    let fixed = matches!(operator, "exists" | "absent" | "distinct");
    if !fixed && draw.once_in(4) {
        operand = json!({"path": singular(draw, inside)});
    }
    let many = matches!(operator, "distinct" | "contains" | "contains-any" | "contains-only") && draw.below(2) == 0;
    let path = if many { plural(draw, inside) } else { singular(draw, inside) };
    json!({"path": path, operator: operand})
}

fn conditions(draw: &mut Draw, depth: usize, inside: bool) -> Vec<Json> {
    let count = 1 + draw.below(3);
    (0..count).map(|_| condition(draw, depth, inside)).collect()
}

fn condition(draw: &mut Draw, depth: usize, inside: bool) -> Json {
    if depth == 0 {
        return test(draw, inside);
    }
    match draw.below(9) {
        0 | 1 => test(draw, inside),
        2 => json!({"all": conditions(draw, depth - 1, inside)}),
        3 => json!({"any": conditions(draw, depth - 1, inside)}),
        4 => json!({"none": conditions(draw, depth - 1, inside)}),
        5 => json!({"not": condition(draw, depth - 1, inside)}),
        6 => {
            let mut some = json!({"in": plural(draw, inside)});
            let both = draw.below(3);
            if both != 1 {
                some["where"] = conditions(draw, depth - 1, true).into();
            }
            if both != 0 {
                some["require"] = conditions(draw, depth - 1, true).into();
            }
            json!({"some": some})
        }
        7 => {
            let mut every = json!({"in": plural(draw, inside), "require": conditions(draw, depth - 1, true)});
            if draw.below(2) == 0 {
                every["where"] = conditions(draw, depth - 1, true).into();
            }
            json!({"every": every})
        }
        _ => {
            let mut count = json!({"in": plural(draw, inside)});
            match draw.below(4) {
                0 => count["at-least"] = json!(1 + draw.below(2)),
                1 => count["at-most"] = json!(draw.below(3)),
                2 => count["equals"] = json!(draw.below(3)),
                _ => (count["at-least"], count["at-most"]) = (json!(1), json!(1 + draw.below(2))),
            }
            if draw.below(2) == 0 {
                count["where"] = conditions(draw, depth - 1, true).into();
            }
            json!({"count": count})
        }
    }
}

/// A policy as text: JSON is YAML too.
fn policy(when: &[Json], require: &[Json]) -> String {
    let mut policy = json!({"id": "p", "title": "t", "severity": "high", "subject": "resource"});
    if !when.is_empty() {
        policy["when"] = json!(when);
    }
    if require.is_empty() {
        policy["forbid"] = json!(true);
    } else {
        policy["require"] = json!(require);
    }
    policy.to_string()
}

fn drawn_policy(draw: &mut Draw) -> String {
    let when = if draw.below(2) == 0 { Vec::new() } else { conditions(draw, 2, false) };
    let require = if !when.is_empty() && draw.once_in(5) { Vec::new() } else { conditions(draw, 3, false) };
    policy(&when, &require)
}

fn loaded(text: &str) -> PolicySet {
    let mut diagnostics = Diagnostics::new();
    let source = Source { name: "p.yaml".to_owned(), text: text.to_owned(), builtin: false };
    let set = load(vec![source], &mut diagnostics);
    assert!(!diagnostics.has_errors(), "{text}\n{}", render(&diagnostics, false));
    set
}

fn judged(text: &str, document: &Value) -> Verdict {
    verdict(&loaded(text).policies[0], document)
}

proptest! {
    #![proptest_config(config(37))]

    #[test]
    fn a_decided_verdict_stays_when_unknown_values_get_known(document_is in draws(120), policy_is in draws(120), known in draws(80)) {
        let document = document(&mut draw(document_is));
        let text = drawn_policy(&mut draw(policy_is));
        let set = loaded(&text);
        let (before, mut known) = (verdict(&set.policies[0], &document), draw(known));
        for _ in 0..3 {
            let filled = filled(&document, &mut known);
            let after = verdict(&set.policies[0], &filled);
            prop_assert!(stays(before, after), "{before:?} becomes {after:?}\n{text}\n{}\n{}", document.shown(), filled.shown());
        }
    }

    #[test]
    fn a_verdict_stays_or_becomes_undecided_when_a_value_is_forgotten(document_is in draws(120), policy_is in draws(120), gone in draws(20)) {
        let mut document = document(&mut draw(document_is));
        let text = drawn_policy(&mut draw(policy_is));
        let set = loaded(&text);
        let mut gone = draw(gone);
        let mut known = verdict(&set.policies[0], &document);
        // What was forgotten before is unknown like everything else.
        for _ in 0..3 {
            let after = forgotten(document.get("after").unwrap(), &mut gone);
            let before = document.clone();
            document.insert("after", after);
            let unknown = verdict(&set.policies[0], &document);
            prop_assert!(stays(unknown, known), "{known:?} becomes {unknown:?}\n{text}\n{}\n{}", before.shown(), document.shown());
            known = unknown;
        }
    }

    #[test]
    fn the_laws_of_kleene_hold_for_conditions(document_is in draws(120), parts in draws(120)) {
        let document = document(&mut draw(document_is));
        let parts = conditions(&mut draw(parts), 2, false);
        let negated: Vec<Json> = parts.iter().map(|part| json!({"not": part})).collect();
        let first = &parts[0];
        for (left, right) in [
            (first.clone(), json!({"not": {"not": first}})),
            (json!({"not": {"all": parts}}), json!({"any": negated})),
            (json!({"not": {"any": parts}}), json!({"all": negated})),
            (json!({"none": parts}), json!({"not": {"any": parts}})),
            (json!({"none": negated}), json!({"all": parts})),
            (json!({"all": parts}), json!({"all": parts.iter().rev().collect::<Vec<_>>()})),
            (json!({"any": parts}), json!({"any": [{"any": parts}, {"any": parts}]})),
            (json!({"all": [first, {"any": [first, parts]}]}), first.clone()),
        ] {
            let right = flattened(right);
            let left = flattened(left);
            let verdicts = |condition: &Json| (judged(&policy(&[], std::slice::from_ref(condition)), &document), judged(&policy(std::slice::from_ref(condition), &[]), &document));
            prop_assert_eq!(verdicts(&left), verdicts(&right), "{}\n{}\n{}", left, right, document.shown());
        }
        // Quantifiers are conjunctions and disjunctions.
        let path = "$.after.l[*]";
        let inner = conditions(&mut draw(vec![7, 3, 9, 1]), 1, true);
        let some = json!({"some": {"in": path, "where": inner}});
        let every = json!({"not": {"every": {"in": path, "require": [{"not": {"all": inner}}]}}});
        prop_assert_eq!(judged(&policy(&[], &[some]), &document), judged(&policy(&[], &[every]), &document));
    }
}

/// `[a, [b, c]]` as `[a, b, c]`.
fn flattened(condition: Json) -> Json {
    match condition {
        Json::Object(members) => members.into_iter().map(|(name, member)| (name, flattened(member))).collect(),
        Json::Array(items) => {
            let mut flat = Vec::new();
            for item in items {
                match flattened(item) {
                    Json::Array(inner) if inner.iter().all(Json::is_object) && !inner.is_empty() => flat.extend(inner),
                    other => flat.push(other),
                }
            }
            Json::Array(flat)
        }
        other => other,
    }
}

