//! The built-in policies: each says why and what to do, and its examples come out as they say.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails, and not every test needs every helper"
)]

use plangate::decode::Decoder;
use plangate::diagnostic::{Diagnostics, render};
use plangate::evaluate::{Outcomes, Verdict, evaluate};
use plangate::policy::example::{Example, Expect, examples};
use plangate::policy::{Policy, PolicySet, Source, builtin, load};
use std::collections::{BTreeMap, BTreeSet};

/// Its failing verdict needs a join that this version does not do; the policy says so itself.
const NEVER_FAILS_YET: [&str; 1] = ["backend-scheme-internal"];

fn pack() -> Vec<Policy> {
    let mut diagnostics = Diagnostics::new();
    let set = load(builtin::sources_with_examples(), &mut diagnostics);
    assert!(diagnostics.is_empty(), "{}", render(&diagnostics, false));
    set.policies
}

/// Its examples, read without a complaint, with the policy alone in a set.
fn with_examples(policy: Policy) -> (Vec<Example>, PolicySet) {
    let file = std::sync::Arc::clone(&policy.file);
    let mut diagnostics = Diagnostics::new();
    let found = examples(&policy, &mut Decoder::new(&file, &mut diagnostics));
    assert!(diagnostics.is_empty(), "{}", render(&diagnostics, false));
    (found, PolicySet { policies: vec![policy] })
}

const WORST_FIRST: [Verdict; 4] = [Verdict::Fail, Verdict::Undecided, Verdict::Pass, Verdict::NotApplicable];

fn worst(outcomes: &Outcomes<'_>) -> &'static str {
    let counted = |verdict: &Verdict| outcomes.verdicts.values().any(|counts| counts.get(verdict.word()).is_some_and(|count| *count > 0));
    WORST_FIRST.iter().find(|verdict| counted(verdict)).map_or("not-applicable", |verdict| verdict.word())
}

/// Whether it came out as expected; if not, how it did.
fn mismatch(example: &Example, outcomes: &Outcomes<'_>) -> Option<String> {
    match &example.expect {
        Expect::All(expected) => Some(worst(outcomes).to_owned()).filter(|found| found != expected),
        Expect::Each(expected) => {
            // What is not named must neither fail nor be undecided.
            let loud: BTreeMap<&str, &str> = outcomes
                .items
                .iter()
                .filter_map(|outcome| outcome.after.map(|verdict| (&*outcome.address, verdict)))
                .filter(|(_, verdict)| matches!(verdict, Verdict::Fail | Verdict::Undecided))
                .map(|(address, verdict)| (address, verdict.word()))
                .collect();
            let wanted: BTreeMap<&str, &str> = expected
                .iter()
                .filter(|(_, verdict)| matches!(verdict.as_str(), "fail" | "undecided"))
                .map(|(address, verdict)| (address.as_str(), verdict.as_str()))
                .collect();
            (loud != wanted).then(|| format!("{loud:?}"))
        }
    }
}

#[test]
fn each_example_comes_out_as_it_says() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for policy in pack() {
        let (found, set) = with_examples(policy);
        for example in &found {
            count += 1;
            if let Some(instead) = mismatch(example, &evaluate(&example.plan, &set)) {
                wrong.push(format!("{}, {}: expected {:?}, found {instead}", set.policies[0].id, example.name, example.expect));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 60, "{count} examples were found");
}

#[test]
fn each_policy_shows_a_pass_a_fail_and_an_undecided() {
    for policy in pack() {
        let (found, set) = with_examples(policy);
        let id = &set.policies[0].id;
        let shown: BTreeSet<&str> = found
            .iter()
            .flat_map(|example| match &example.expect {
                Expect::All(verdict) => vec![verdict.as_str()],
                Expect::Each(verdicts) => verdicts.values().map(String::as_str).collect(),
            })
            .collect();
        for verdict in ["pass", "fail", "undecided"] {
            let excused = verdict == "fail" && NEVER_FAILS_YET.contains(&id.as_str());
            assert!(shown.contains(verdict) != excused, "{id}: {verdict} in {shown:?}");
        }
        let names: BTreeSet<&str> = found.iter().map(|example| example.name.as_str()).collect();
        assert_eq!(names.len(), found.len(), "{id}: two examples have one name");
    }
}

#[test]
fn what_cannot_fail_yet_says_why_in_its_file() {
    for id in NEVER_FAILS_YET {
        let file =
            builtin::sources_with_examples().into_iter().find(|source: &Source| source.name.ends_with(&format!("{id}.yaml"))).unwrap();
        assert!(file.text.lines().any(|line| line.trim_start().starts_with("# Fails once ")), "{id}");
    }
}

#[test]
fn each_policy_says_why_what_to_do_and_where_to_read_on() {
    for policy in pack() {
        let id = &policy.id;
        assert!(policy.builtin && policy.why.is_some() && policy.fix.is_some() && policy.since.is_some(), "{id}");
        assert!(!policy.references.is_empty() && policy.references.iter().all(|at| at.starts_with("https://")), "{id}");
        let mistake = policy.labels.get("mistake").unwrap_or_else(|| panic!("{id} has no label `mistake`"));
        let number = mistake.strip_prefix("M-").unwrap_or_default();
        assert!(number.len() == 2 && number.bytes().all(|byte| byte.is_ascii_digit()), "{id}: {mistake}");
    }
}

#[test]
fn a_policy_lies_in_a_file_of_its_name() {
    for source in builtin::sources_with_examples() {
        let id = source.text.lines().find_map(|line| line.strip_prefix("id: ")).unwrap();
        assert!(source.name.ends_with(&format!("/{id}.yaml")), "{}", source.name);
    }
}

#[test]
fn the_mistakes_that_one_resource_shows_are_all_covered() {
    let covered: BTreeSet<String> = pack().into_iter().filter_map(|policy| policy.labels.get("mistake").cloned()).collect();
    let promised = ["01", "02", "03", "13", "30", "33", "39", "40", "41", "47", "48", "49", "56", "66", "67"];
    let missing: Vec<String> = promised.iter().map(|number| format!("M-{number}")).filter(|mistake| !covered.contains(mistake)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
