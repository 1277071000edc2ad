//! The report as JSON: `plangate/report/v1`. Structs of its own, so that internals may move; keys are promises.

use super::Report;
use crate::finding::Finding;
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::io::Write;

#[derive(Serialize)]
struct Document<'r> {
    schema: &'static str,
    plangate: &'static str,
    outcome: &'static str,
    gate: GateView<'r>,
    plans: Vec<PlanView<'r>>,
    assumed: &'r [String],
    findings: Vec<FindingView<'r>>,
    coverage: CoverageView<'r>,
    waivers: WaiversView,
}

#[derive(Serialize)]
struct GateView<'r> {
    fail_on: &'r str,
    fail_on_change: Vec<&'static str>,
    failed: bool,
}

#[derive(Serialize)]
struct PlanView<'r> {
    label: &'r str,
    terraform_version: Option<&'r str>,
    complete: bool,
    errored: bool,
}

#[derive(Serialize)]
struct FindingView<'r> {
    plan: &'r str,
    policy: &'r str,
    labels: &'r BTreeMap<String, String>,
    severity: &'static str,
    verdict: &'static str,
    change: &'static str,
    subject: &'r str,
    address: &'r str,
    service: Option<&'r str>,
    about: &'r [String],
    implied_by: Vec<&'r str>,
    message: &'r str,
    fix: Option<&'r str>,
    reason: Option<&'r str>,
    would_decide: Option<&'r str>,
    witness: Vec<WitnessView<'r>>,
    location: Option<()>,
    fingerprint: &'r str,
    previous_fingerprint: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deny_from: Option<String>,
}

#[derive(Serialize)]
struct WitnessView<'r> {
    address: &'r str,
    path: &'r str,
    value: Option<Box<RawValue>>,
    note: Option<&'r str>,
}

#[derive(Serialize)]
struct CoverageView<'r> {
    policies: usize,
    verdicts: &'r BTreeMap<String, BTreeMap<&'static str, usize>>,
    subjects: &'r BTreeMap<&'static str, usize>,
    unmatched: &'r [String],
    vacuous: &'r [String],
    ignored: &'r [String],
    unread: &'r [String],
}

#[derive(Serialize)]
struct WaiversView {
    used: usize,
    expired: [(); 0],
    unused: [(); 0],
}

/// Writes the document, indented, with a line break at its end.
pub fn render(report: &Report, out: &mut dyn Write) -> std::io::Result<()> {
    let document = Document {
        schema: "plangate/report/v1",
        plangate: env!("CARGO_PKG_VERSION"),
        outcome: report.outcome(),
        gate: GateView {
            fail_on: report.gate.fail_on.map_or("none", crate::policy::Severity::word),
            fail_on_change: report.gate.fail_on_change.iter().map(|change| change.word()).collect(),
            failed: report.failed(),
        },
        plans: report
            .plans
            .iter()
            .map(|plan| PlanView {
                label: &plan.label,
                terraform_version: plan.terraform_version.as_deref(),
                complete: plan.complete,
                errored: plan.errored,
            })
            .collect(),
        assumed: &report.assumed,
        findings: report.findings.iter().map(|finding| view(finding, report)).collect(),
        coverage: CoverageView {
            policies: report.coverage.policies,
            verdicts: &report.coverage.verdicts,
            subjects: &report.coverage.subjects,
            unmatched: &report.coverage.unmatched,
            vacuous: &report.coverage.vacuous,
            ignored: &report.coverage.ignored,
            unread: &report.coverage.unread,
        },
        waivers: WaiversView { used: 0, expired: [], unused: [] },
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

fn view<'r>(finding: &'r Finding, report: &'r Report) -> FindingView<'r> {
    FindingView {
        plan: &finding.plan,
        policy: &finding.policy,
        labels: &finding.labels,
        severity: finding.severity.word(),
        verdict: finding.verdict.word(),
        change: finding.change.word(),
        subject: finding.subject,
        address: &finding.address,
        service: finding.service.as_deref(),
        about: &finding.about,
        implied_by: super::implying(finding, &report.findings).map(|other| other.fingerprint.as_str()).collect(),
        message: &finding.message,
        fix: finding.fix.as_deref(),
        reason: finding.reason.as_deref(),
        would_decide: finding.would_decide.as_deref(),
        witness: finding
            .witness
            .iter()
            .map(|evidence| WitnessView {
                address: &evidence.address,
                path: &evidence.path,
                value: RawValue::from_string(evidence.value.clone()).ok(),
                note: evidence.note.as_deref(),
            })
            .collect(),
        location: None,
        fingerprint: &finding.fingerprint,
        previous_fingerprint: finding.previous_fingerprint.as_deref(),
        deny_from: finding.deny_from.map(|date| date.to_string()),
    }
}
