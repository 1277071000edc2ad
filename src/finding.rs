//! Findings: what is reported of an outcome. Takes outcomes, gives findings with their change class and fingerprint, in
//! a fixed order; refuses to blame a plan for what it found (design.md 1, *change class*).

use crate::evaluate::{Outcome, Outcomes, Shown, Verdict};
use crate::plan::{Action, Evidence, Plan};
use crate::policy::{OnUndecided, Severity};
use crate::subject::SubjectKind;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a plan does to a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "design.md 1 says what each is")]
pub enum Change {
    Introduced,
    Worsened,
    PreExisting,
    Fixed,
}

impl Change {
    /// The words of `--fail-on-change`.
    pub const WORDS: [&str; 3] = ["introduced", "worsened", "pre-existing"];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Introduced => "introduced",
            Self::Worsened => "worsened",
            Self::PreExisting => "pre-existing",
            Self::Fixed => "fixed",
        }
    }

    /// The one of that name.
    pub fn named(word: &str) -> Option<Self> {
        [Self::Introduced, Self::Worsened, Self::PreExisting].into_iter().find(|change| change.word() == word)
    }
}

/// A finding.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Label of the plan.
    pub plan: Arc<str>,
    /// Id of the policy.
    pub policy: String,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// How bad it is.
    pub severity: Severity,
    /// Fail, undecided, or pass if the plan fixed it.
    pub verdict: Verdict,
    /// What the plan does to it.
    pub change: Change,
    /// Kind of subject.
    pub subject: &'static str,
    /// Address.
    pub address: Arc<str>,
    /// The service concerned.
    pub service: Option<Arc<str>>,
    /// Other addresses.
    pub about: Vec<String>,
    /// One sentence.
    pub message: String,
    /// Why it matters.
    pub why: Option<String>,
    /// What to do.
    pub fix: Option<String>,
    /// Why it is undecided.
    pub reason: Option<String>,
    /// What would decide it.
    pub would_decide: Option<String>,
    /// What it rests on.
    pub witness: Vec<Evidence>,
    /// Policies under whose findings it is folded.
    pub implied_by: Vec<String>,
    /// Gates count it from this day on.
    pub deny_from: Option<Date>,
    /// An undecided one counts like a failing one.
    pub undecided_counts: bool,
    /// Identity over runs.
    pub fingerprint: String,
    /// Identity before a move.
    pub previous_fingerprint: Option<String>,
}

/// The findings of a plan, in order of address, policy and service.
pub fn findings(plan: &Plan, outcomes: &Outcomes<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = outcomes.items.iter().filter_map(|outcome| finding(plan, outcome)).collect();
    findings.sort_by(|left, right| (&left.address, &left.policy, &left.service).cmp(&(&right.address, &right.policy, &right.service)));
    findings
}

/// The verdict that is reported, and the change class.
fn classify(outcome: &Outcome<'_>) -> Option<(Verdict, Change)> {
    let resource = outcome.resource;
    let after = outcome.after.unwrap_or(Verdict::NotApplicable);
    if outcome.on_change {
        let change = if resource.action == Action::NoOp { Change::PreExisting } else { Change::Introduced };
        return (after >= Verdict::Undecided).then_some((after, change));
    }
    let before = outcome.before.unwrap_or(Verdict::NotApplicable);
    match (before, after) {
        (Verdict::Fail, Verdict::Fail) | (Verdict::Fail | Verdict::Undecided, Verdict::Undecided) => Some((after, Change::PreExisting)),
        (_, Verdict::Fail | Verdict::Undecided) => Some((after, Change::Introduced)),
        // What goes together with its service is no repair.
        (Verdict::Fail, _) if outcome.after.is_some() || outcome.policy.subject.kind == SubjectKind::Invoker => {
            Some((Verdict::Pass, Change::Fixed))
        }
        _ => None,
    }
}

fn finding(plan: &Plan, outcome: &Outcome<'_>) -> Option<Finding> {
    let (verdict, change) = classify(outcome)?;
    let policy = outcome.policy;
    if verdict == Verdict::Undecided && policy.on_undecided == OnUndecided::Ignore {
        return None;
    }
    let Shown { message, labels, witness, about, unknown } = outcome.shown.clone().unwrap_or_default();
    let unknown = unknown.filter(|_| verdict == Verdict::Undecided);
    let mistake = labels.get("mistake").cloned().unwrap_or_default();
    let service = outcome.service.as_deref().unwrap_or_default();
    let print = |address: &str| fingerprint(&[&policy.id, &mistake, &plan.label, address, service]);
    let previous = outcome.resource.previous_address.as_deref().map(print);
    Some(Finding {
        plan: Arc::clone(&plan.label),
        policy: policy.id.clone(),
        labels,
        severity: policy.severity,
        verdict,
        change,
        subject: policy.subject.name,
        fingerprint: print(&outcome.address),
        previous_fingerprint: previous,
        address: Arc::clone(&outcome.address),
        service: outcome.service.clone(),
        about,
        message,
        why: policy.why.clone(),
        fix: policy.fix.clone().filter(|_| verdict != Verdict::Pass),
        reason: match (verdict, &unknown) {
            (Verdict::Undecided, Some(unknown)) => Some(unknown.reason.clone()),
            (Verdict::Undecided, None) => Some("a value is not known before apply".to_owned()),
            _ => None,
        },
        would_decide: unknown.and_then(|unknown| unknown.would_decide.clone()),
        witness,
        implied_by: policy.implied_by.clone(),
        deny_from: policy.deny_from,
        undecided_counts: policy.on_undecided == OnUndecided::Fail,
    })
}

/// FNV-1a over the parts, each ended by a zero byte; 16 hex digits.
fn fingerprint(parts: &[&str]) -> String {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    // Reference value of FNV-1a 64 over "a" then a zero byte, computed by hand from the published algorithm.
    #[test]
    fn fingerprints_are_fnv_1a() {
        let a = (0xcbf2_9ce4_8422_2325_u64 ^ 0x61).wrapping_mul(0x0100_0000_01b3);
        assert_eq!(a, 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fingerprint(&["a"]), format!("{:016x}", a.wrapping_mul(0x0100_0000_01b3)));
        assert_ne!(fingerprint(&["ab", "c"]), fingerprint(&["a", "bc"]));
    }
}
