//! The report for a terminal: grouped by resource, the worst first, readable at 80 columns, and nothing told by colour
//! alone. A clean report does not hold the word that wrappers look for (plan-json.md 4.4).

use super::{Report, implying};
use crate::diagnostic::printable;
use crate::evaluate::Verdict;
use crate::finding::{Change, Finding};
use crate::policy::Severity;
use colored::{ColoredString, Colorize};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Columns that lines are wrapped at.
const WIDTH: usize = 80;
/// Links of a witness that are shown without `--verbose`.
const LINKS: usize = 4;

/// How much is said.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Just the last line.
    pub quiet: bool,
    /// Every verdict, by policy.
    pub all: bool,
    /// Whole witnesses, and all policies that matched nothing.
    pub verbose: bool,
}

/// Writes the report.
pub fn render(report: &Report, options: Options, out: &mut dyn Write) -> io::Result<()> {
    if !options.quiet {
        for (plan, address, findings) in groups(report) {
            write_group(report, (&plan, &address), &findings, options, out)?;
        }
        write_fixed(report, out)?;
        write_notes(report, options, out)?;
    }
    write_summary(report, out)
}

type Group<'r> = (String, String, Vec<&'r Finding>);

/// By plan and address; groups and what is in them with the worst first.
fn groups(report: &Report) -> Vec<Group<'_>> {
    let mut by_address: BTreeMap<(&str, &str), Vec<&Finding>> = BTreeMap::new();
    let told =
        report.findings.iter().filter(|finding| finding.change != Change::Fixed && implying(finding, &report.findings).next().is_none());
    for finding in told {
        by_address.entry((&finding.plan, &finding.address)).or_default().push(finding);
    }
    let mut groups: Vec<Group<'_>> = by_address
        .into_iter()
        .map(|((plan, address), mut findings)| {
            findings.sort_by_key(|finding| std::cmp::Reverse(weight(finding)));
            (plan.to_owned(), address.to_owned(), findings)
        })
        .collect();
    groups.sort_by_key(|(_, _, findings)| std::cmp::Reverse(findings.first().map(|finding| weight(finding))));
    groups
}

fn weight(finding: &Finding) -> (Verdict, Severity) {
    (finding.verdict, finding.severity)
}

fn write_group(
    report: &Report,
    (plan, address): (&str, &str),
    findings: &[&Finding],
    options: Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let head = if report.plans.len() > 1 { format!("{plan}: {address}") } else { address.to_owned() };
    writeln!(out, "{}", printable(&head).bold())?;
    for finding in findings {
        write_finding(report, finding, options, out)?;
    }
    writeln!(out)
}

fn write_finding(report: &Report, finding: &Finding, options: Options, out: &mut dyn Write) -> io::Result<()> {
    let verdict = if finding.verdict == Verdict::Fail { "fail".red().bold() } else { "undecided".yellow() };
    let counted = if report.gate.counts(finding) { "" } else { ", not counted" };
    writeln!(out, "  {verdict} {} {} ({}{counted})", severity(finding.severity), finding.policy, finding.change.word())?;
    paragraph("", &finding.message, out)?;
    if let Some(reason) = &finding.reason {
        paragraph("undecided because ", reason, out)?;
    }
    let most = if options.verbose { usize::MAX } else { LINKS };
    for evidence in finding.witness.iter().filter(|evidence| !evidence.path.is_empty()).take(most) {
        let owner = if *evidence.address == *finding.address { String::new() } else { format!("{} ", evidence.address) };
        let note = evidence.note.as_ref().map_or_else(String::new, |note| format!(" ({note})"));
        paragraph("- ", &format!("{owner}{} = {}{note}", evidence.path, shorten(&evidence.value)), out)?;
    }
    if options.verbose
        && let Some(why) = &finding.why
    {
        paragraph("why: ", why, out)?;
    }
    if let Some(fix) = &finding.fix {
        paragraph("fix: ", fix, out)?;
    }
    if let Some(decides) = finding.would_decide.as_ref().filter(|_| finding.verdict == Verdict::Undecided) {
        paragraph("would decide it: ", decides, out)?;
    }
    Ok(())
}

fn severity(severity: Severity) -> ColoredString {
    match severity {
        Severity::Critical => severity.word().red().bold(),
        Severity::High => severity.word().red(),
        Severity::Medium => severity.word().yellow(),
        Severity::Low => severity.word().normal(),
    }
}

fn shorten(value: &str) -> String {
    if value.chars().count() <= 60 { value.to_owned() } else { value.chars().take(59).chain(['…']).collect() }
}

/// Wraps text at the width, four columns in, what follows the first line two more.
fn paragraph(lead: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
    let text = printable(text);
    let mut line = format!("    {lead}");
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            writeln!(out, "{line}")?;
            "      ".clone_into(&mut line);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    writeln!(out, "{line}")
}

fn write_fixed(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let fixed: Vec<String> = report
        .findings
        .iter()
        .filter(|finding| finding.change == Change::Fixed)
        .map(|finding| format!("{} on {}", finding.policy, finding.address))
        .collect();
    if fixed.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", "Fixed by this plan".green())?;
    for one in fixed {
        paragraph("- ", &one, out)?;
    }
    writeln!(out)
}

fn write_notes(report: &Report, options: Options, out: &mut dyn Write) -> io::Result<()> {
    for unread in &report.coverage.unread {
        note(&format!("not judged: {unread}"), out)?;
    }
    if options.all {
        for (policy, verdicts) in &report.coverage.verdicts {
            let counts: Vec<String> = verdicts.iter().map(|(verdict, count)| format!("{count} {verdict}")).collect();
            note(&format!("{policy}: {}", if counts.is_empty() { "no subject".to_owned() } else { counts.join(", ") }), out)?;
        }
    }
    let names = if options.verbose { &report.coverage.unmatched } else { &report.coverage.unmatched_own };
    if !names.is_empty() {
        note(&format!("matched nothing: {}", names.join(", ")), out)?;
    }
    Ok(())
}

fn note(text: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", printable(text))
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn write_summary(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let coverage = &report.coverage;
    let subjects: usize = coverage.subjects.values().sum();
    let resources: usize = report.plans.iter().map(|plan| plan.resources).sum();
    let looked = format!(
        "{} on {} of {}",
        count(coverage.policies, "policy", "policies"),
        count(subjects, "subject", "subjects"),
        count(resources, "resource", "resources")
    );
    let of = |verdict| report.findings.iter().filter(move |finding| finding.verdict == verdict);
    let mut parts = Vec::new();
    let failing = of(Verdict::Fail).count();
    if failing > 0 {
        let by: Vec<String> = Severity::ALL
            .into_iter()
            .filter_map(|severity| {
                Some((of(Verdict::Fail).filter(|finding| finding.severity == severity).count(), severity)).filter(|(count, _)| *count > 0)
            })
            .map(|(count, severity)| format!("{count} {}", severity.word()))
            .collect();
        parts.push(format!("{failing} fail ({})", by.join(", ")));
    }
    let undecided = of(Verdict::Undecided).count();
    if undecided > 0 {
        parts.push(format!("{undecided} undecided"));
    }
    let fixed = report.findings.iter().filter(|finding| finding.change == Change::Fixed).count();
    if fixed > 0 {
        parts.push(format!("{fixed} fixed"));
    }
    if parts.is_empty() {
        parts.push("no findings".green().to_string());
    }
    let folded = report
        .findings
        .iter()
        .filter(|finding| finding.change != Change::Fixed && implying(finding, &report.findings).next().is_some())
        .count();
    if folded > 0 {
        parts.push(format!("{folded} folded under others"));
    }
    let idle = if coverage.unmatched.is_empty() {
        String::new()
    } else {
        format!("; {} matched nothing", count(coverage.unmatched.len(), "policy", "policies"))
    };
    writeln!(out, "{}; {looked}{idle}", parts.join(", "))
}
