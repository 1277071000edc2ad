//! `plangate check`: load policies, read each plan, judge, report.

use super::sources::{self, Wanted};
use super::{Streams, plans};
use crate::cli::{Check, Format};
use crate::evaluate::evaluate;
use crate::failure::Failure;
use crate::finding::Change;
use crate::policy::{PolicySet, Severity};
use crate::report::{Gate, Report, json, text};
use jiff::civil::Date;
use std::collections::BTreeSet;

pub(super) fn run(arguments: &Check, streams: &mut Streams<'_>) -> Result<u8, Failure> {
    let today = today(arguments.today.as_deref())?;
    let wanted = Wanted {
        config: arguments.config.as_deref(),
        policy: &arguments.policy,
        no_builtin: arguments.no_builtin,
        only: &arguments.only,
        skip: &arguments.skip,
    };
    let loaded = sources::load_all(&wanted, streams)?;
    unbound(&loaded.policies)?;
    let mut report = Report::new(gate(arguments, &loaded.config, today));
    let own: BTreeSet<String> = loaded.policies.policies.iter().filter(|policy| !policy.builtin).map(|policy| policy.id.clone()).collect();
    let keep = loaded.policies.keep();
    plans::each(&arguments.plans, &keep, streams, |plan, _| {
        report.add(&plan, &evaluate(&plan, &loaded.policies), &own);
        Ok(())
    })?;
    report.finish();
    match arguments.format {
        Format::Json => json::render(&report, streams.out)?,
        Format::Text => {
            text::render(&report, text::Options { quiet: arguments.quiet, verbose: arguments.verbose, all: arguments.all }, streams.out)?;
        }
    }
    streams.out.flush()?;
    Ok(if arguments.strict && loaded.warned && !arguments.exit_zero { 1 } else { report.exit_code() })
}

/// A parameter without default must have a setting.
fn unbound(policies: &PolicySet) -> Result<(), Failure> {
    let missing: Vec<String> = policies
        .policies
        .iter()
        .flat_map(|policy| {
            policy
                .params
                .iter()
                .filter(|(_, param)| param.value.is_none())
                .map(move |(name, _)| format!("settings: {{{}: {{params: {{{name}: …}}}}}}", policy.id))
        })
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Failure::Usage(format!("a parameter without default has no value\n  try in plangate.yaml: {}", missing.join("; "))))
    }
}

fn gate(arguments: &Check, config: &crate::config::Config, today: Date) -> Gate {
    let named = arguments.fail_on.as_deref().map(Severity::named);
    let classes: BTreeSet<Change> = arguments.fail_on_change.iter().filter_map(|word| Change::named(word)).collect();
    let all = || Change::WORDS.into_iter().filter_map(Change::named).collect();
    Gate {
        fail_on: named.or(config.fail_on).unwrap_or(Some(Severity::High)),
        fail_on_change: if classes.is_empty() { config.fail_on_change.clone().unwrap_or_else(all) } else { classes },
        strict: arguments.strict,
        exit_zero: arguments.exit_zero,
        today,
    }
}

/// The day given, or today in UTC.
fn today(given: Option<&str>) -> Result<Date, Failure> {
    let Some(text) = given else {
        #[allow(clippy::disallowed_methods, reason = "commands look at the clock")]
        let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
        let days = i32::try_from(seconds / 86_400).unwrap_or(i32::MAX);
        let epoch = Date::constant(1970, 1, 1);
        return Ok(epoch.checked_add(jiff::Span::new().days(days)).unwrap_or(Date::MAX));
    };
    text.parse::<Date>()
        .ok()
        .filter(|_| text.len() == 10)
        .ok_or_else(|| Failure::Usage(format!("`{text}` is not a date\n  try: --today 2026-11-24")))
}
