//! A folder with twelve different mistakes in three files: one run names all of them.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails, and not every test needs every helper"
)]

#[path = "support/run.rs"]
mod support;

use support::run;

/// File, line, column, what is wrong, what is underlined, what is suggested.
const MISTAKES: [(&str, usize, usize, &str, &str, &str); 12] = [
    ("first", 2, 1, "`severity` is missing in a policy", "id", "expected `severity`: how bad a finding is"),
    ("first", 6, 39, "a condition has both `equals` and `in`", "in", "a condition has one operator: write two conditions"),
    ("first", 8, 10, "`any` is an empty list", "[]", "expected at least one item"),
    ("second", 8, 20, "`ingres`", "ingres", "did you mean `ingress`?"),
    ("second", 10, 37, "`INGRESS_TRAFFIC_INTERAL` is never the value there", "INGRESS_TRAFFIC_INTERAL", "INGRESS_TRAFFIC_INTERNAL_ONLY"),
    ("second", 11, 29, "`template` is a list", "service_account", "write `template[0].service_account`, or `[*]` for each"),
    ("second", 12, 35, "not a regular expression: unclosed group", "\"^(app|job-\"", "the syntax is that of the crate regex"),
    ("second", 13, 1, "unknown field `messge` in a policy", "messge", "did you mean `message`?"),
    ("third", 2, 5, "the id `run-service-shape` is taken", "run-service-shape", "testdata/policies/broken/second.yaml:2:5"),
    ("third", 8, 13, "`references` has to be a list", "https://example.com/our-rules", "write a list also for one item"),
    ("third", 10, 40, "the parameter `regoin` is not declared", "regoin", "did you mean `region`?"),
    ("third", 11, 32, "`role in` is read as one name, with its blanks", "role in", "`@.a == 'x' || @.a == 'y'`, or use the operator `in`"),
];

#[test]
fn all_twelve_are_named_in_one_run_with_place_and_advice() {
    let ran = run(&["check", "--no-builtin", "--policy", "testdata/policies/broken", "testdata/plans/payments/plan.json"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    let blocks: Vec<&str> = ran.err.split("\n\n").collect();
    assert_eq!(blocks.len(), MISTAKES.len(), "{}", ran.err);
    for (block, (file, line, column, message, underlined, advice)) in blocks.into_iter().zip(MISTAKES) {
        let lines: Vec<&str> = block.lines().collect();
        assert!(lines[0].starts_with("error: ") && lines[0].contains(message), "{block}");
        assert_eq!(lines[1].trim(), format!("--> testdata/policies/broken/{file}.yaml:{line}:{column}"), "{block}");
        assert!(block.contains(advice), "{block}");
        let source = std::fs::read_to_string(format!("{}/testdata/policies/broken/{file}.yaml", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let text: String = source.lines().nth(line - 1).unwrap().chars().skip(column - 1).collect();
        assert!(text.starts_with(underlined), "{file}:{line}:{column} is at {text}");
        let marks = lines.iter().rev().find(|line| line.contains('^')).unwrap();
        assert_eq!(marks.matches('^').count(), underlined.chars().count(), "{block}");
    }
}

#[test]
fn broken_policies_are_named_before_any_plan_is_read() {
    let folder = support::Folder::new();
    let policy = folder.file("typo.yaml", "id: typo\ntitel: no\n");
    let ran = run(&["check", "--policy", &policy, "no-such-plan.json"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("did you mean `title`?") && !ran.err.contains("no-such-plan"), "{}", ran.err);
}

#[test]
fn a_mistake_in_the_configuration_stands_beside_those_of_policies() {
    let folder = support::Folder::new();
    let policy = folder.file("typo.yaml", "id: typo\ntitel: no\n");
    let config = folder.file("plangate.yaml", "settings:\n  run-ingress-al: off\nfail-onn: high\n");
    let ran = run(&["check", "--config", &config, "--policy", &policy, "testdata/plans/payments/plan.json"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    for advice in ["did you mean `title`?", "did you mean `run-ingress-all`?", "did you mean `fail-on`?"] {
        assert!(ran.err.contains(advice), "{advice}: {}", ran.err);
    }
}
