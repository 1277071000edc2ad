//! The report: everything that a run has to say. Takes findings and counts of each plan, gives one document and the
//! exit code; refuses to let a format change either (design.md 6).

pub mod json;
pub mod text;

use crate::evaluate::{Outcomes, Verdict};
use crate::finding::{Change, Finding, findings};
use crate::plan::Plan;
use crate::policy::Severity;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What fails a run.
#[derive(Clone, Debug)]
pub struct Gate {
    /// From this severity on; `None` is `none`.
    pub fail_on: Option<Severity>,
    /// Of these classes.
    pub fail_on_change: BTreeSet<Change>,
    /// Undecided counts like fail.
    pub strict: bool,
    /// A failed gate does not fail the run.
    pub exit_zero: bool,
    /// For `deny-from`.
    pub today: Date,
}

impl Gate {
    /// Whether a finding counts.
    pub fn counts(&self, finding: &Finding) -> bool {
        let verdict = match finding.verdict {
            Verdict::Fail => finding.deny_from.is_none_or(|from| from <= self.today),
            Verdict::Undecided => self.strict || finding.undecided_counts,
            _ => false,
        };
        verdict && self.fail_on.is_some_and(|least| finding.severity >= least) && self.fail_on_change.contains(&finding.change)
    }
}

/// What the plans say of themselves.
#[derive(Clone, Debug)]
pub struct PlanNote {
    /// Label.
    pub label: String,
    /// Version of the binary that showed it.
    pub terraform_version: Option<String>,
    /// All of the configuration was planned.
    pub complete: bool,
    /// Planning failed part-way.
    pub errored: bool,
    /// Entries of `resource_changes`.
    pub resources: usize,
}

/// What was looked at.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// How many policies were evaluated.
    pub policies: usize,
    /// Verdicts by policy.
    pub verdicts: BTreeMap<String, BTreeMap<&'static str, usize>>,
    /// Subjects by kind.
    pub subjects: BTreeMap<&'static str, usize>,
    /// Policies without a subject.
    pub unmatched: Vec<String>,
    /// Of these, one's own.
    pub unmatched_own: Vec<String>,
    /// Policies with `every` over nothing.
    pub vacuous: Vec<String>,
    /// Policies with undecided verdicts that are only counted.
    pub ignored: Vec<String>,
    /// What could not be read.
    pub unread: Vec<String>,
}

/// A report.
#[derive(Clone, Debug)]
pub struct Report {
    /// What fails it.
    pub gate: Gate,
    /// The plans.
    pub plans: Vec<PlanNote>,
    /// What was assumed.
    pub assumed: Vec<String>,
    /// Findings, ordered by plan, address, policy, service.
    pub findings: Vec<Finding>,
    /// What was looked at.
    pub coverage: Coverage,
}

impl Report {
    /// An empty report.
    pub fn new(gate: Gate) -> Self {
        Self { gate, plans: Vec::new(), assumed: Vec::new(), findings: Vec::new(), coverage: Coverage::default() }
    }

    /// Adds what was found in one plan.
    pub fn add(&mut self, plan: &Plan, outcomes: &Outcomes<'_>, own: &BTreeSet<String>) {
        self.plans.push(PlanNote {
            label: plan.label.to_string(),
            terraform_version: plan.terraform_version.clone(),
            complete: plan.complete,
            errored: plan.errored,
            resources: plan.roster.len(),
        });
        self.findings.extend(findings(plan, outcomes));
        let coverage = &mut self.coverage;
        coverage.policies = outcomes.verdicts.len();
        for (id, verdicts) in &outcomes.verdicts {
            let all = coverage.verdicts.entry((*id).to_owned()).or_default();
            for (verdict, count) in verdicts {
                *all.entry(verdict).or_default() += count;
            }
        }
        for (kind, count) in &outcomes.subjects {
            *coverage.subjects.entry(kind).or_default() += count;
        }
        coverage.vacuous.extend(outcomes.vacuous.keys().map(|id| (*id).to_owned()));
        coverage.ignored.extend(outcomes.ignored.keys().map(|id| (*id).to_owned()));
        coverage.unread.extend(unread(plan));
        let idle = |(_, verdicts): &(&String, &BTreeMap<&'static str, usize>)| {
            verdicts.keys().all(|verdict| *verdict == Verdict::NotApplicable.word())
        };
        coverage.unmatched = coverage.verdicts.iter().filter(idle).map(|(id, _)| id.clone()).collect();
        coverage.unmatched_own = coverage.unmatched.iter().filter(|id| own.contains(*id)).cloned().collect();
        for list in [&mut coverage.vacuous, &mut coverage.ignored] {
            list.sort();
            list.dedup();
        }
    }

    /// Orders the findings of several plans.
    pub fn finish(&mut self) {
        self.plans.sort_by(|left, right| left.label.cmp(&right.label));
        self.findings.sort_by(|left, right| {
            (&left.plan, &left.address, &left.policy, &left.service).cmp(&(&right.plan, &right.address, &right.policy, &right.service))
        });
    }

    /// Some finding counts for the gate.
    pub fn failed(&self) -> bool {
        self.findings.iter().any(|finding| self.gate.counts(finding))
    }

    /// `findings`, `undecided` or `clean`, by verdicts and not by the gate.
    pub fn outcome(&self) -> &'static str {
        let has = |verdict| self.findings.iter().any(|finding| finding.verdict == verdict);
        if has(Verdict::Fail) {
            "findings"
        } else if has(Verdict::Undecided) {
            "undecided"
        } else {
            "clean"
        }
    }

    /// 0 or 1; what could not be done is no report.
    pub fn exit_code(&self) -> u8 {
        u8::from(self.failed() && !self.gate.exit_zero)
    }
}

/// What of a plan nobody has judged.
fn unread(plan: &Plan) -> Vec<String> {
    let mut unread = Vec::new();
    let label = &plan.label;
    if plan.errored {
        unread.push(format!("{label}: planning ended with an error, so the changes are partial"));
    }
    if !plan.complete {
        unread.push(format!("{label}: the plan is not complete (`-target`, or deferred changes): what it leaves out is not judged"));
    }
    if plan.deferred > 0 {
        unread.push(format!("{label}: {} deferred changes are not judged", plan.deferred));
    }
    if plan.action_invocations > 0 {
        unread.push(format!("{label}: {} provider actions are not judged", plan.action_invocations));
    }
    unread.extend(plan.strange_actions.iter().map(|words| format!("{label}: an action that is not understood: {words}")));
    unread
}

/// The findings under which one is folded: same address, of a policy it is implied by, that are not of a milder verdict.
pub fn implying<'r>(finding: &'r Finding, all: &'r [Finding]) -> impl Iterator<Item = &'r Finding> {
    all.iter().filter(move |other| {
        let named = finding.implied_by.contains(&other.policy);
        named
            && other.policy != finding.policy
            && other.plan == finding.plan
            && other.address == finding.address
            && other.verdict >= finding.verdict
            && other.verdict >= Verdict::Undecided
    })
}
