//! What is decided stays decided (design.md 3.7). *Filling*: unknown values take any value they may turn out to have,
//! and a decided verdict stays. *Forgetting*: a known value becomes an opaque unknown, and the verdict stays or becomes
//! undecided. And the laws of Kleene's logic, on documents with unknown values.
//!
//! Everything is drawn from a list of numbers, of which zero is the plainest choice, so that proptest can make a failing
//! case small. *Passes* here is pass or not-applicable: `when` unknown and `require` true is a pass, whatever `when`
//! turns out to be.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

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
use std::slice::from_ref;
use std::sync::{Arc, LazyLock};

/// The same cases in every run; `PROPTEST_CASES` asks for more of them.
fn config(seed: u64) -> ProptestConfig {
    let default = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { default.cases } else { 2_000 };
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(seed), failure_persistence: None, max_global_rejects: u32::MAX, ..default }
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
        0 => Value::text(draw.one(&[
            "x",
            "y",
            "xy",
            "",
            "1",
            "2.0",
            "true",
            "10.0.0.0/28",
            "10.0.0.1",
            "192.168.0.0/16",
            "public",
            "isolated",
        ])),
        1 => number(draw.one(&["1", "0", "2", "3", "-1", "28", "1.0", "0.5"])),
        2 => Value::bool(draw.below(2) == 0),
        _ => Value::null(),
    }
}

fn unknown(draw: &mut Draw) -> Value {
    let from = draw.one(&[Provenance::Opaque, Provenance::Data, Provenance::Reference]);
    unknown_from(from, false)
}

fn unknown_from(from: Provenance, exists: bool) -> Value {
    let reason = Unknown { from, to: vec!["x.y".to_owned()], reason: "so it is".to_owned(), would_decide: None, exists };
    Value::new(State::Unknown(Arc::new(reason)))
}

/// A tree; with unknown values where `open`.
fn tree(draw: &mut Draw, depth: usize, open: bool) -> Value {
    match draw.below(if depth == 0 { 3 } else { 7 }) {
        2 if open => unknown(draw),
        0..=2 => scalar(draw),
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
    // Nothing is asked of what lies below it; see `what_lies_below_a_value_that_exists_need_not_exist`.
    match draw.below(3) {
        0 => {}
        1 => after.insert("e", scalar(draw)),
        _ => after.insert("e", unknown_from(Provenance::Reference, true)),
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
    const SUBJECT: [&str; 9] = [
        "$.after.a",
        "$.after.b",
        "$.after.l",
        "$.after.l[0]",
        "$.after.a.b",
        "$.after.l[-1].a",
        "$.after.m.l[1]",
        "$.after.l[0].b.a",
        "$.after.m",
    ];
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
        "$.after.m.*",
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
    let scalar = |draw: &mut Draw| {
        draw.one(&[json!("x"), json!("y"), json!(1), json!(2), json!(true), json!("true"), json!("1"), json!("isolated")])
    };
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
    fn the_laws_of_kleene_hold_for_conditions(document_is in draws(120), parts in draws(120), law in 0_usize..9) {
        let document = document(&mut draw(document_is));
        let mut parts = draw(parts);
        let inner = conditions(&mut parts, 1, true);
        let parts = conditions(&mut parts, 2, false);
        let negated: Vec<Json> = parts.iter().map(|part| json!({"not": part})).collect();
        let first = &parts[0];
        let elements = "$.after.l[*]";
        let (left, right) = match law {
            0 => (first.clone(), json!({"not": {"not": first}})),
            1 => (json!({"not": {"all": parts}}), json!({"any": negated})),
            2 => (json!({"not": {"any": parts}}), json!({"all": negated})),
            3 => (json!({"none": parts}), json!({"not": {"any": parts}})),
            4 => (json!({"none": negated}), json!({"all": parts})),
            5 => (json!({"all": parts}), json!({"all": parts.iter().rev().collect::<Vec<_>>()})),
            6 => (json!({"all": [first, {"any": [first, {"all": parts}]}]}), first.clone()),
            7 => (
                json!({"some": {"in": elements, "where": inner}}),
                json!({"not": {"every": {"in": elements, "require": [{"not": {"all": inner}}]}}}),
            ),
            _ => (json!({"some": {"in": elements, "where": inner}}), json!({"count": {"in": elements, "where": inner, "at-least": 1}})),
        };
        for place in [|condition: &Json| policy(&[], from_ref(condition)), |condition: &Json| policy(from_ref(condition), &[])] {
            let verdicts = [&left, &right].map(|condition| judged(&place(condition), &document));
            prop_assert_eq!(verdicts[0], verdicts[1], "{}\n{}\n{}", left, right, document.shown());
        }
    }
}

#[test]
fn what_lies_below_a_value_that_exists_need_not_exist() {
    let after = Value::map(vec![("a".into(), unknown_from(Provenance::Reference, true))]);
    let document = Value::map(vec![("after".into(), after)]);
    for (condition, wanted) in [
        (json!({"path": "$.after.a", "exists": true}), Verdict::Pass),
        (json!({"path": "$.after.a.b", "exists": true}), Verdict::Undecided),
        (json!({"path": "$.after.a[0]", "absent": true}), Verdict::Undecided),
        (json!({"path": "$.after.x", "absent": true}), Verdict::Pass),
        (json!({"some": {"in": "$.after['a','b']", "where": [{"path": "@.x", "exists": true}]}}), Verdict::Undecided),
    ] {
        assert_eq!(judged(&policy(&[], from_ref(&condition)), &document), wanted, "{condition}");
    }
}

// ---- Plans ----

/// Types of every subject, and paths that their documents are made of.
const TYPES: [(&str, &[&str]); 19] = [
    (
        "google_cloud_run_v2_service",
        &[
            "name",
            "location",
            "project",
            "ingress",
            "description",
            "labels",
            "default_uri_disabled",
            "invoker_iam_disabled",
            "iap_enabled",
            "template[0].service_account",
            "template[0].vpc_access[0].connector",
            "template[0].vpc_access[0].egress",
            "template[0].vpc_access[0].network_interfaces[*].network",
            "template[0].vpc_access[0].network_interfaces[*].subnetwork",
        ],
    ),
    (
        "google_vpc_access_connector",
        &[
            "name",
            "project",
            "region",
            "network",
            "ip_cidr_range",
            "subnet[0].name",
            "subnet[0].project_id",
            "machine_type",
            "min_instances",
            "max_instances",
            "min_throughput",
            "max_throughput",
        ],
    ),
    ("google_cloud_run_v2_service_iam_member", &["name", "location", "project", "role", "member"]),
    (
        "google_cloud_run_v2_service_iam_binding",
        &["name", "location", "project", "role", "members", "condition[0].expression", "condition[0].title"],
    ),
    ("google_cloud_run_v2_service_iam_policy", &["name", "location", "project", "policy_data"]),
    ("google_project_iam_member", &["project", "role", "member", "condition[0].expression", "condition[0].title"]),
    ("google_project_iam_binding", &["project", "role", "members"]),
    ("google_organization_iam_member", &["org_id", "role", "member"]),
    (
        "google_cloud_run_domain_mapping",
        &["name", "location", "project", "metadata[0].namespace", "spec[0].route_name", "spec[0].certificate_mode"],
    ),
    (
        "google_compute_backend_service",
        &["name", "project", "load_balancing_scheme", "protocol", "iap[0].enabled", "security_policy", "enable_cdn", "timeout_sec"],
    ),
    (
        "google_compute_region_backend_service",
        &["name", "project", "region", "load_balancing_scheme", "protocol", "iap[0].enabled", "enable_cdn"],
    ),
    (
        "google_compute_region_network_endpoint_group",
        &[
            "name",
            "project",
            "region",
            "network_endpoint_type",
            "cloud_run[0].service",
            "cloud_run[0].url_mask",
            "app_engine[0].service",
            "cloud_function[0].function",
        ],
    ),
    (
        "google_cloud_run_service",
        &[
            "name",
            "location",
            "project",
            "metadata[0].namespace",
            "metadata[0].annotations",
            "template[0].metadata[0].annotations",
            "template[0].spec[0].service_account_name",
        ],
    ),
    (
        "google_cloudfunctions2_function",
        &[
            "name",
            "location",
            "project",
            "description",
            "service_config[0].ingress_settings",
            "service_config[0].service_account_email",
            "service_config[0].vpc_connector",
            "service_config[0].vpc_connector_egress_settings",
            "service_config[0].direct_vpc_egress",
            "service_config[0].direct_vpc_network_interface[*].network",
        ],
    ),
    (
        "google_cloudfunctions_function",
        &["name", "region", "project", "ingress_settings", "service_account_email", "vpc_connector", "vpc_connector_egress_settings"],
    ),
    (
        "google_cloud_run_v2_job",
        &[
            "name",
            "location",
            "template[0].template[0].service_account",
            "template[0].template[0].vpc_access[0].connector",
            "template[0].template[0].vpc_access[0].egress",
            "template[0].template[0].vpc_access[0].network_interfaces[*].network",
        ],
    ),
    (
        "google_access_context_manager_service_perimeter",
        &[
            "name",
            "parent",
            "title",
            "perimeter_type",
            "use_explicit_dry_run_spec",
            "status[0].restricted_services",
            "status[0].resources",
            "spec[0].restricted_services",
        ],
    ),
    ("google_compute_subnetwork", &["name", "network", "region", "ip_cidr_range", "purpose", "private_ip_google_access"]),
    (
        "google_app_engine_standard_app_version",
        &["service", "runtime", "service_account", "vpc_access_connector[0].name", "vpc_access_connector[0].egress_setting"],
    ),
];

/// Stands for an unknown element of a known list or map.
const HOLE: &str = "\u{1}";

/// An attribute of a planned resource.
#[derive(Clone, Debug)]
enum Attribute {
    Leaf {
        /// `None` where it is unknown.
        value: Option<Json>,
        /// What the configuration has for it; `None` where it has no key.
        expression: Option<Json>,
        facts: Facts,
    },
    Block {
        /// `None` where the whole list is unknown.
        items: Option<Vec<Members>>,
        /// The configuration has it; else Google computes it or a dynamic block makes it.
        written: bool,
        /// What an element holds, for filling.
        shape: Vec<(String, Vec<String>)>,
        path: String,
        facts: Facts,
    },
}

type Members = BTreeMap<String, Attribute>;

/// What the provider's schema says.
#[derive(Clone, Copy, Debug)]
struct Facts {
    kind: plangate::google::schema::Kind,
    required: bool,
    computed: bool,
}

fn facts(resource: &str, path: &str) -> (Facts, &'static plangate::google::schema::Attribute) {
    let bare = |path: &str| path.replace("[*]", "").replace("[0]", "");
    let found = plangate::google::schema::attributes(resource).iter().find(|attribute| bare(attribute.path) == bare(path));
    let found = found.unwrap_or_else(|| panic!("{resource} has no {path}"));
    (Facts { kind: found.kind, required: found.flags.is_required(), computed: found.computed() }, found)
}

/// The paths of one level, each with what lies below it.
fn shape<'p>(paths: impl IntoIterator<Item = &'p str>) -> Vec<(String, Vec<String>)> {
    let mut shape: Vec<(String, Vec<String>)> = Vec::new();
    for path in paths {
        let (name, below) = match path.split_once('[') {
            Some((name, below)) => (name, below.split_once("].").map(|(_, below)| below.to_owned())),
            None => (path, None),
        };
        match shape.iter_mut().find(|(known, _)| known == name) {
            Some((_, all)) => all.extend(below),
            None => shape.push((name.to_owned(), below.into_iter().collect())),
        }
    }
    shape
}

/// Where an attribute stands, and what it may be.
struct Place<'p> {
    resource: &'p str,
    path: String,
    facts: Facts,
    enumeration: Vec<&'static str>,
}

impl<'p> Place<'p> {
    fn of(resource: &'p str, prefix: &str, name: &str) -> Self {
        let path = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
        let (facts, found) = facts(resource, &path);
        Self { resource, path, facts, enumeration: found.enum_values.clone() }
    }

    fn name(&self) -> &str {
        self.path.rsplit('.').next().unwrap()
    }

    fn text(&self, draw: &mut Draw) -> String {
        if !self.enumeration.is_empty() {
            return draw.one(&self.enumeration).to_owned();
        }
        let long = "x".repeat(70);
        let choices: &[&str] = match self.name() {
            "name" | "title" | "service" => &["api", "internal-api", "twenty-six-characters-long", &long],
            "description" => &["serves", "the private service"],
            "location" | "region" => &["europe-west1", "europe-west12", "asia-south2"],
            "project" | "namespace" | "project_id" => &["p", "host"],
            "network" => &["net", "projects/host/global/networks/net", "projects/p/global/networks/net"],
            "ip_cidr_range" => &["10.8.0.0/28", "10.8.0.0/24", "10.8.0.0"],
            "role" => &["roles/run.invoker", "roles/viewer", "roles/editor", "projects/p/roles/own", "projects/p/roles/other"],
            "member" | "members" => &[
                "allUsers",
                "user:a@example.com",
                "allAuthenticatedUsers",
                "serviceAccount:sa@p.iam.gserviceaccount.com",
                "serviceAccount:service-1@gcp-sa-pubsub.iam.gserviceaccount.com",
            ],
            "service_account" | "service_account_name" | "service_account_email" => {
                &["sa@p.iam.gserviceaccount.com", "1-compute@developer.gserviceaccount.com"]
            }
            "restricted_services" => &["run.googleapis.com", "storage.googleapis.com"],
            "load_balancing_scheme" => &["EXTERNAL", "INTERNAL", "INTERNAL_MANAGED", "EXTERNAL_MANAGED"],
            "annotations" => &[
                "all",
                "internal",
                "internal-and-cloud-load-balancing",
                "true",
                "all-traffic",
                "private-ranges-only",
                r#"[{"network":"n"}]"#,
            ],
            "labels" => &["internal", "public"],
            "policy_data" => &[
                r#"{"bindings":[{"role":"roles/run.invoker","members":["allUsers"]}]}"#,
                r#"{"bindings":[{"role":"roles/viewer","members":["allUsers"]}]}"#,
                r#"{"bindings":[]}"#,
                r#"{"bindings":[{"role":"projects/p/roles/own","members":["user:a@example.com"],"condition":{"expression":"true"}}]}"#,
                "{}",
            ],
            _ => &["x", "y"],
        };
        draw.one(choices).to_owned()
    }

    fn primitive(&self, draw: &mut Draw) -> Json {
        use plangate::google::schema::Prim;
        match self.facts.kind.prim().unwrap() {
            Prim::String => self.text(draw).into(),
            Prim::Bool => (draw.below(2) == 0).into(),
            Prim::Int | Prim::Float => draw.one(&[json!(2), json!(3), json!(10), json!(0), json!(200), json!(300), json!(1000)]),
        }
    }

    /// A value of the attribute's type; with unknown elements where `holes`.
    fn value(&self, draw: &mut Draw, holes: bool) -> Json {
        let kind = self.facts.kind;
        let element = |draw: &mut Draw| if holes && draw.once_in(4) { json!(HOLE) } else { self.primitive(draw) };
        if kind.is_map() {
            let keys: &[&str] = if self.name() == "annotations" {
                &[
                    "run.googleapis.com/ingress",
                    "run.googleapis.com/vpc-access-connector",
                    "run.googleapis.com/vpc-access-egress",
                    "run.googleapis.com/network-interfaces",
                    "run.googleapis.com/default-url-disabled",
                ]
            } else {
                &["access", "team"]
            };
            let present: Vec<&str> = keys.iter().copied().filter(|_| draw.below(2) == 0).collect();
            return present.into_iter().map(|key| (key.to_owned(), element(draw))).collect();
        }
        if kind.is_list() {
            // A list that must be there has elements: an empty grant grants nothing.
            let count = usize::from(self.facts.required) + draw.below(3);
            return (0..count).map(|_| element(draw)).collect::<Vec<_>>().into();
        }
        self.primitive(draw)
    }

    /// An expression of which the value is unknown: a reference to an object that is created, to anything, or a local.
    fn unknown(&self, draw: &mut Draw) -> Json {
        let reference = match self.name() {
            "member" | "members" => draw.one(&["google_service_account.sa.member", "google_project_service_identity.agent.member"]),
            "network" => draw.one(&["google_compute_network.net.id", "google_compute_network.net.self_link"]),
            "role" => "google_project_iam_custom_role.own.id",
            "policy_data" => "data.google_iam_policy.given.policy_data",
            "service_account" | "service_account_name" | "service_account_email" => "google_service_account.sa.email",
            _ if self.facts.kind.prim() == Some(plangate::google::schema::Prim::String) => "google_service_account.sa.id",
            _ => "terraform_data.any.output",
        };
        let anything =
            if matches!(self.name(), "member" | "members") { "google_service_account.sa.member" } else { "terraform_data.any.output" };
        let chosen = draw.one(&["local.x", reference, reference, "data.external.x.result", anything]);
        json!({"references": expanded(chosen)})
    }

    /// What an unknown with this expression may turn out to be.
    fn fill(&self, expression: Option<&Json>, draw: &mut Draw, element: bool) -> Json {
        let reference = expression.and_then(|expression| expression["references"][0].as_str()).unwrap_or("local.x");
        let whole = |text: &str, list: bool| if list && !element { json!([text]) } else { json!(text) };
        let kind = self.facts.kind;
        let fixed = match reference {
            "google_service_account.sa.member" => "serviceAccount:sa@p.iam.gserviceaccount.com",
            "google_project_service_identity.agent.member" => "serviceAccount:service-1@gcp-sa-iap.iam.gserviceaccount.com",
            "google_service_account.sa.email" => "sa@p.iam.gserviceaccount.com",
            "google_service_account.sa.id" => "projects/p/serviceAccounts/sa@p.iam.gserviceaccount.com",
            "google_compute_network.net.id" => "projects/host/global/networks/net",
            "google_compute_network.net.self_link" => "https://www.googleapis.com/compute/v1/projects/host/global/networks/net",
            "google_project_iam_custom_role.own.id" => "projects/p/roles/own",
            "data.google_iam_policy.given.policy_data" => {
                r#"{"bindings":[{"members":["allUsers","user:a@example.com"],"role":"roles/run.invoker"}]}"#
            }
            _ => "",
        };
        if !fixed.is_empty() && !kind.is_map() {
            return whole(fixed, kind.is_list());
        }
        if element {
            return self.primitive(draw);
        }
        if !self.facts.required && draw.below(3) == 0 { Json::Null } else { self.value(draw, false) }
    }
}

/// A reference with its prefixes, as plans list them.
fn expanded(reference: &str) -> Vec<String> {
    let parts: Vec<&str> = reference.split('.').collect();
    let object = if parts[0] == "data" { 3 } else { 2 };
    let mut all = vec![reference.to_owned()];
    if parts.len() > object {
        all.push(parts[..object].join("."));
    }
    all
}

fn leaf(place: &Place<'_>, draw: &mut Draw, open: bool) -> Attribute {
    let constant = Some(json!({"constant_value": "c"}));
    let unset = if place.facts.computed { None } else { Some(Json::Null) };
    let (value, expression) = match draw.below(if open { 12 } else { 5 }) {
        0 | 1 if !place.facts.required => (unset, None),
        2 if !place.facts.required && !place.facts.computed => (Some(Json::Null), Some(json!({"references": ["var.nothing"]}))),
        0..=4 => (Some(place.value(draw, false)), constant),
        5 if place.facts.kind.is_list() || place.facts.kind.is_map() => (Some(place.value(draw, true)), Some(place.unknown(draw))),
        5 | 6 => (Some(place.value(draw, false)), Some(json!({"references": ["var.something"]}))),
        _ => (None, Some(place.unknown(draw))),
    };
    Attribute::Leaf { value, expression, facts: place.facts }
}

fn attributes(resource: &str, prefix: &str, shape_is: &[(String, Vec<String>)], draw: &mut Draw, open: bool) -> Members {
    let mut members = Members::new();
    for (name, below) in shape_is {
        let place = Place::of(resource, prefix, name);
        let attribute = if below.is_empty() { leaf(&place, draw, open) } else { block(&place, below, draw, open) };
        members.insert(name.clone(), attribute);
    }
    members
}

fn block(place: &Place<'_>, below: &[String], draw: &mut Draw, open: bool) -> Attribute {
    let shape = shape(below.iter().map(String::as_str));
    let most = if place.facts.kind.max_one() { 1 } else { 2 };
    let items = |draw: &mut Draw, count: usize| (0..count).map(|_| attributes(place.resource, &place.path, &shape, draw, open)).collect();
    let count = 1 + draw.below(most);
    let (items, written) = match draw.below(6) {
        0 if !place.facts.required => (if place.facts.computed { None } else { Some(Vec::new()) }, false),
        // Only a dynamic block can have made it.
        1 if !place.facts.required && !place.facts.computed && open => (None, false),
        2 if !place.facts.required && !place.facts.computed => (Some(items(draw, count)), false),
        _ => (Some(items(draw, count)), true),
    };
    Attribute::Block { items, written, shape, path: place.path.clone(), facts: place.facts }
}

/// Known values for what is unknown and not omitted. `dynamic`: a block above comes from a dynamic block, so that the
/// configuration has nothing to say of what lies in it.
fn fill(resource: &str, prefix: &str, members: &Members, draw: &mut Draw, dynamic: bool) -> Members {
    let mut filled = Members::new();
    for (name, attribute) in members {
        let place = Place::of(resource, prefix, name);
        let attribute = match attribute.clone() {
            Attribute::Leaf { value: None, expression, facts } if expression.is_some() || dynamic => {
                let seen = expression.as_ref().filter(|_| !dynamic);
                Attribute::Leaf { value: Some(place.fill(seen, draw, false)), expression, facts }
            }
            Attribute::Leaf { value: Some(value), expression, facts } => {
                let seen = expression.as_ref().filter(|_| !dynamic);
                let mut hole = |item: Json| if item == json!(HOLE) { place.fill(seen, draw, true) } else { item };
                let value = match value {
                    Json::Array(items) => items.into_iter().map(hole).collect(),
                    Json::Object(members) => members.into_iter().map(|(key, member)| (key, hole(member))).collect(),
                    other => other,
                };
                Attribute::Leaf { value: Some(value), expression, facts }
            }
            Attribute::Block { items: None, written, shape, path, facts } if written || !facts.computed => {
                let count = if facts.kind.max_one() { draw.below(2) } else { draw.below(3) };
                let items = (0..count).map(|_| {
                    // Drawn as if written, and then without a hole.
                    let open = attributes(resource, &path, &shape, draw, false);
                    fill(resource, &path, &open, draw, true)
                });
                Attribute::Block { items: Some(items.collect()), written, shape, path, facts }
            }
            Attribute::Block { items: Some(items), written, shape, path, facts } => {
                let items = items.iter().map(|item| fill(resource, &path, item, draw, dynamic || !written)).collect();
                Attribute::Block { items: Some(items), written, shape, path, facts }
            }
            other => other,
        };
        filled.insert(name.clone(), attribute);
    }
    filled
}

/// One written value becomes a local; whether there was one.
fn forget(members: &mut Members, draw: &mut Draw) -> bool {
    let names: Vec<String> = members.keys().cloned().collect();
    let start = draw.below(names.len());
    for at in 0..names.len() {
        let done = match members.get_mut(&names[(start + at) % names.len()]).unwrap() {
            Attribute::Leaf { value: value @ Some(_), expression: Some(expression), .. } => {
                (*value, *expression) = (None, json!({"references": ["local.forgotten"]}));
                true
            }
            Attribute::Block { items: Some(items), written: true, .. } => items.iter_mut().any(|item| forget(item, draw)),
            _ => false,
        };
        if done {
            return true;
        }
    }
    false
}

/// `after` and `after_unknown` of a value.
fn marked(value: Option<&Json>) -> (Option<Json>, Json) {
    match value {
        None => (None, json!(true)),
        Some(Json::Array(items)) => {
            let known = items.iter().map(|item| if item == HOLE { Json::Null } else { item.clone() }).collect();
            (Some(known), items.iter().map(|item| json!(item == HOLE)).collect())
        }
        Some(Json::Object(members)) => {
            let (holes, known): (Vec<_>, Vec<_>) = members.clone().into_iter().partition(|(_, member)| member == HOLE);
            (Some(known.into_iter().collect()), holes.into_iter().map(|(key, _)| (key, json!(true))).collect())
        }
        Some(value) => (Some(value.clone()), json!(false)),
    }
}

/// `after`, `after_unknown` and the configuration's expressions.
fn emitted(members: &Members) -> (Json, Json, Json) {
    let (mut after, mut unknown, mut expressions) = (json!({}), json!({}), json!({}));
    for (name, attribute) in members {
        match attribute {
            Attribute::Leaf { value, expression, .. } => {
                let (known, marks) = marked(value.as_ref());
                after.as_object_mut().unwrap().extend(known.map(|known| (name.clone(), known)));
                unknown[name] = marks;
                expressions.as_object_mut().unwrap().extend(expression.clone().map(|expression| (name.clone(), expression)));
            }
            Attribute::Block { items: None, .. } => unknown[name] = json!(true),
            Attribute::Block { items: Some(items), written, .. } => {
                let parts: Vec<(Json, Json, Json)> = items.iter().map(emitted).collect();
                after[name] = parts.iter().map(|(after, ..)| after.clone()).collect();
                unknown[name] = parts.iter().map(|(_, unknown, _)| unknown.clone()).collect();
                if *written {
                    expressions[name] = parts.iter().map(|(.., expressions)| expressions.clone()).collect();
                }
            }
        }
    }
    (after, unknown, expressions)
}

/// Of a v1 service's annotations with an unknown value nothing is shown, and only their shadow is unknown.
fn hide_annotations(after: &mut Json, unknown: &mut Json) {
    for (after, unknown) in
        after["metadata"].as_array_mut().into_iter().flatten().zip(unknown["metadata"].as_array_mut().into_iter().flatten())
    {
        let whole = unknown["annotations"] == json!(true) || unknown["annotations"].as_object().is_some_and(|holes| !holes.is_empty());
        unknown.as_object_mut().unwrap().remove("annotations");
        if whole {
            after["annotations"] = Json::Null;
            unknown["effective_annotations"] = json!(true);
        } else {
            after["effective_annotations"] = after["annotations"].clone();
        }
    }
}

/// A resource of the plan: its type, its attributes, and whether it is updated from others.
#[derive(Clone)]
struct Planned {
    resource: &'static str,
    members: Members,
    before: Option<Json>,
}

fn planned(draw: &mut Draw) -> Vec<Planned> {
    let count = 1 + draw.below(2);
    let first = draw.below(TYPES.len());
    let second = draw.below(TYPES.len() - 1);
    let chosen = [first, (first + 1 + second) % TYPES.len()];
    chosen
        .into_iter()
        .take(count)
        .map(|at| {
            let (resource, paths) = TYPES[at];
            let shape = shape(paths.iter().copied());
            let members = attributes(resource, "", &shape, draw, true);
            let before = draw.once_in(4).then(|| {
                let earlier = attributes(resource, "", &shape, draw, false);
                emitted(&earlier).0
            });
            Planned { resource, members, before }
        })
        .collect()
}

fn change(address: &str, change: &Json) -> Json {
    let mut parts: Vec<&str> = address.split('.').collect();
    let mode = if parts[0] == "data" { parts.remove(0) } else { "managed" };
    json!({"address": address, "mode": mode, "type": parts[0], "name": parts[1], "provider_name": "registry.terraform.io/hashicorp/google", "change": change})
}

fn created(address: &str, after: &Json, unknown: &Json) -> Json {
    change(address, &json!({"actions": ["create"], "before": null, "after": after, "after_unknown": unknown}))
}

fn plan_text(planned: &[Planned]) -> String {
    let entry = |Planned { resource, members, before }: &Planned| {
        let (mut after, mut unknown, expressions) = emitted(members);
        if *resource == "google_cloud_run_service" {
            hide_annotations(&mut after, &mut unknown);
        }
        let actions = if before.is_some() { json!(["update"]) } else { json!(["create"]) };
        let changed = json!({"actions": actions, "before": before, "after": after, "after_unknown": unknown});
        (change(&format!("{resource}.x"), &changed), expressions)
    };
    plan_of(planned.iter().map(entry).collect())
}

/// A plan of these changes, each with its expressions, and of what they refer to.
fn plan_of(entries: Vec<(Json, Json)>) -> String {
    let policy = json!({"binding": [{"role": "roles/run.invoker", "members": ["allUsers", "user:a@example.com"], "condition": []}]});
    let mut changes = vec![
        created("google_service_account.sa", &json!({"account_id": "sa"}), &json!({"email": true, "member": true, "id": true})),
        created(
            "google_project_service_identity.agent",
            &json!({"service": "iap.googleapis.com"}),
            &json!({"email": true, "member": true, "id": true}),
        ),
        created("google_compute_network.net", &json!({"project": "host"}), &json!({"name": true, "id": true, "self_link": true})),
        created(
            "google_project_iam_custom_role.own",
            &json!({"role_id": "own", "project": "p", "permissions": ["run.routes.invoke"]}),
            &json!({"id": true}),
        ),
        created("terraform_data.any", &json!({}), &json!({"output": true, "id": true})),
        change(
            "data.google_iam_policy.given",
            &json!({"actions": ["read"], "before": null, "after": policy, "after_unknown": {"policy_data": true}}),
        ),
        change("data.external.x", &json!({"actions": ["read"], "before": null, "after": {}, "after_unknown": {"result": true}})),
    ];
    let mut resources: Vec<Json> = changes
        .iter()
        .map(|entry| json!({"address": entry["address"], "mode": entry["mode"], "type": entry["type"], "name": entry["name"], "expressions": {}}))
        .collect();
    for (change, expressions) in entries {
        resources.push(json!({"address": change["address"], "mode": change["mode"], "type": change["type"], "name": change["name"], "expressions": expressions}));
        changes.push(change);
    }
    json!({
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "variables": {"something": {"value": "s"}},
        "planned_values": {"root_module": {}},
        "resource_changes": changes,
        "configuration": {"root_module": {"resources": resources, "variables": {"something": {}, "nothing": {"default": null}}}},
        "errored": false,
        "complete": true
    })
    .to_string()
}

static PACK: LazyLock<PolicySet> = LazyLock::new(|| {
    let mut diagnostics = Diagnostics::new();
    let set = load(builtin::sources_with_examples(), &mut diagnostics);
    assert!(diagnostics.is_empty(), "{}", render(&diagnostics, false));
    set
});

fn plan(text: &str) -> Plan {
    plangate::plan::read(&mut Cursor::new(text.as_bytes()), &PACK.keep()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The worst verdict of every policy on every resource after the change.
fn verdicts(plan: &Plan) -> BTreeMap<(String, String), Verdict> {
    let mut verdicts = BTreeMap::new();
    for policy in &PACK.policies {
        for resource in &plan.resources {
            let applies = policy.subject.is_made_of(resource)
                && policy.applies_to.contains(&resource.action)
                && (policy.subject.kind != SubjectKind::Resource || policy.types.matches(&resource.kind));
            if !applies {
                continue;
            }
            let options = Options { moment: Moment::After, explain: false, with_before: policy.reads_change() };
            let judged = documents(policy.subject, plan, resource, options).iter().map(|document| verdict(policy, document)).max();
            let key = (policy.id.clone(), resource.address.to_string());
            verdicts.insert(key, judged.unwrap_or(Verdict::NotApplicable));
        }
    }
    verdicts
}

/// Of a plan's text what was drawn.
fn shown(text: &str) -> String {
    let plan: Json = serde_json::from_str(text).unwrap();
    let drawn = |entries: &Json| {
        entries.as_array().unwrap().iter().filter(|entry| entry["name"] == "x" && entry["mode"] == "managed").cloned().collect::<Vec<_>>()
    };
    let changes = drawn(&plan["resource_changes"]);
    let resources = drawn(&plan["configuration"]["root_module"]["resources"]);
    let lines = changes.iter().zip(&resources).map(|(change, resource)| [&change["address"], &change["change"], &resource["expressions"]]);
    lines.map(|line| line.map(Json::to_string).join(" ")).collect::<Vec<_>>().join("\n")
}

/// Verdicts that are known not to stay.
fn is_known(policy: &str, from: Verdict, to: Verdict) -> bool {
    // The policy does not ask whether the role carries invoke, and without it there is no invoker.
    policy == "invoker-public-above-service" && from == Verdict::Fail && to == Verdict::NotApplicable
}

fn all_stay(unknown: &str, known: &str) -> Result<(), TestCaseError> {
    let (before, after) = (verdicts(&plan(unknown)), verdicts(&plan(known)));
    // A grant that surely carries nothing is not even kept.
    let of = |verdicts: &BTreeMap<(String, String), Verdict>, key| verdicts.get(key).copied().unwrap_or(Verdict::NotApplicable);
    for key in before.keys().chain(after.keys()) {
        let ((policy, address), from, to) = (key, of(&before, key), of(&after, key));
        prop_assert!(
            stays(from, to) || is_known(policy, from, to),
            "{policy} on {address}: {from:?}, {to:?} when known\n{}\n{}",
            shown(unknown),
            shown(known)
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(307))]

    #[test]
    fn decided_verdicts_on_plans_stay_when_unknown_values_get_known(plan_is in draws(150), known in draws(100)) {
        let planned = planned(&mut draw(plan_is));
        let mut known = draw(known);
        let text = plan_text(&planned);
        let filled: Vec<Planned> = planned
            .iter()
            .map(|one| Planned { members: fill(one.resource, "", &one.members, &mut known, false), ..one.clone() })
            .collect();
        all_stay(&text, &plan_text(&filled))?;
    }

    #[test]
    fn verdicts_on_plans_stay_or_become_undecided_when_a_value_is_forgotten(plan_is in draws(150), gone in draws(10)) {
        let mut planned = planned(&mut draw(plan_is));
        let mut gone = draw(gone);
        let text = plan_text(&planned);
        let at = gone.below(planned.len());
        prop_assume!(forget(&mut planned[at].members, &mut gone));
        all_stay(&plan_text(&planned), &text)?;
    }
}

/// It needs a join that this version does not do; the policy says so itself.
const NEVER_YET: (&str, &str) = ("backend-scheme-internal", "fail");

/// The properties above say something: the plans that they draw reach every verdict that a policy can have.
#[test]
fn the_plans_that_are_drawn_reach_every_verdict() {
    let mut seen: BTreeMap<String, BTreeMap<&'static str, usize>> = BTreeMap::new();
    let mut state = 1_u64;
    for _ in 0..1_500 {
        let numbers = (0..150).map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            u16::try_from(state >> 48).unwrap()
        });
        let text = plan_text(&planned(&mut draw(numbers.collect())));
        for ((policy, _), verdict) in verdicts(&plan(&text)) {
            *seen.entry(policy).or_default().entry(verdict.word()).or_default() += 1;
        }
    }
    let lacking: Vec<String> = PACK
        .policies
        .iter()
        .flat_map(|policy| ["fail", "undecided", "pass"].map(|word| (policy.id.as_str(), word)))
        .filter(|verdict| *verdict != NEVER_YET)
        .filter(|(policy, word)| !seen.get(*policy).is_some_and(|words| words.contains_key(word)))
        .map(|(policy, word)| format!("{policy}: {word}"))
        .collect();
    assert_eq!(lacking, [""; 0], "{seen:#?}");
}

/// The verdict of one policy on one resource of which one text is unknown by this reference, and when it is known.
fn with_reference(policy: &str, change: (&str, &Json), attribute: &str, reference: &str, known: &str) -> [Verdict; 2] {
    let (address, after) = change;
    let mut expressions: Json = after.as_object().unwrap().keys().map(|name| (name.clone(), json!({"constant_value": "c"}))).collect();
    expressions[attribute] = json!({"references": expanded(reference)});
    let unknown = plan_of(vec![(created(address, after, &json!({attribute: true})), expressions.clone())]);
    let mut filled = after.clone();
    filled[attribute] = json!(known);
    let known = plan_of(vec![(created(address, &filled, &json!({})), expressions)]);
    let key = (policy.to_owned(), address.to_owned());
    [unknown, known].map(|text| verdicts(&plan(&text))[&key])
}

fn assert_stays(verdicts: [Verdict; 2]) {
    let [unknown, known] = verdicts;
    assert!(stays(unknown, known), "{unknown:?}, {known:?} when known");
}

#[test]
fn a_member_that_refers_to_an_identity_is_not_everybody() {
    let grant = json!({"project": "p", "role": "roles/run.invoker", "condition": []});
    let change = ("google_project_iam_member.x", &grant);
    let verdicts = with_reference(
        "invoker-public-above-service",
        change,
        "member",
        "google_service_account.sa.member",
        "serviceAccount:sa@p.iam.gserviceaccount.com",
    );
    assert_eq!(verdicts, [Verdict::Pass; 2]);
}

#[test]
fn a_member_that_refers_to_anything_may_be_everybody() {
    let grant = json!({"project": "p", "role": "roles/run.invoker", "condition": []});
    let change = ("google_project_iam_member.x", &grant);
    assert_stays(with_reference("invoker-public-above-service", change, "member", "terraform_data.any.output", "allUsers"));
}

#[test]
fn a_network_by_name_is_one_of_the_connectors_own_project() {
    let connector = json!({"name": "c", "project": "p", "region": "europe-west1", "ip_cidr_range": "10.8.0.0/28", "subnet": [], "min_instances": 2, "max_instances": 3});
    let change = ("google_vpc_access_connector.x", &connector);
    assert_stays(with_reference("connector-shared-vpc", change, "network", "google_compute_network.net.name", "net"));
}

#[test]
fn a_public_grant_of_an_unknown_role_is_undecided() {
    let grant = json!({"project": "p", "member": "allUsers", "condition": []});
    let change = ("google_project_iam_member.x", &grant);
    let verdicts = with_reference("invoker-public-above-service", change, "role", "local.x", "roles/run.invoker");
    assert_eq!(verdicts, [Verdict::Undecided, Verdict::Fail]);
}
