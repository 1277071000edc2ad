//! Reading a plan in one pass over a stream. Takes bytes and what is to be kept; gives the plan; refuses what is no
//! plan with a diagnosis of what it is instead (plan-json.md 4), and sections that stand twice.

use super::change::{Entry, EntrySeed};
use super::configuration::ConfigurationReader;
use super::keep::Paths;
use super::tree::{Names, Tree};
use super::{Action, Keep, Mode, Plan, Resource, Value};
use crate::json::{Cursor, JsonError};
use serde::de::DeserializeSeed;
use std::collections::BTreeSet;
use std::io::Read;

/// Why no plan came out.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Not JSON, cut short, or malformed.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// JSON, but not a plan: its top-level keys tell what it is.
    #[error("not a plan")]
    NotAPlan(BTreeSet<String>),
    /// A plan of a major version that is not defined so far.
    #[error("format_version {0} is not supported")]
    UnsupportedMajor(String),
}

/// A section's place in the order of the format, for those that matter here.
const SECTIONS: [&str; 12] = [
    "format_version",
    "terraform_version",
    "variables",
    "planned_values",
    "resource_changes",
    "prior_state",
    "configuration",
    "errored",
    "complete",
    "deferred_changes",
    "action_invocations",
    "applyable",
];

/// Reads one plan; the cursor stands behind it afterwards, so that what follows can be looked at.
///
/// # Errors
/// [`ReadError`] for anything that is not one whole plan of major version 0 or 1.
pub fn read<R: Read>(cursor: &mut Cursor<R>, keep: &Keep) -> Result<Plan, ReadError> {
    let names = Names::default();
    let mut reader = Reader {
        keep,
        names: &names,
        plan: Plan { complete: true, ..Plan::default() },
        prior: Vec::new(),
        keys: BTreeSet::new(),
        changes_read: false,
    };
    if cursor.peek()? != b'{' {
        cursor.skip()?;
        return Err(ReadError::NotAPlan(BTreeSet::new()));
    }
    let outcome = cursor.members(|cursor, key| reader.section(cursor, key));
    match outcome {
        Err(error @ JsonError::Invalid { .. }) if !reader.may_be_plan() => {
            // A section of another document under the same name; its keys say more than the syntax.
            drop(error);
            return Err(ReadError::NotAPlan(reader.keys));
        }
        other => other?,
    }
    if !reader.is_plan() {
        return Err(ReadError::NotAPlan(reader.keys));
    }
    let major = reader.plan.format_version.split('.').next().unwrap_or_default();
    if !matches!(major, "0" | "1") {
        return Err(ReadError::UnsupportedMajor(reader.plan.format_version));
    }
    Ok(reader.finish().assemble())
}

struct Reader<'k> {
    keep: &'k Keep,
    names: &'k Names,
    plan: Plan,
    /// Managed resources of `prior_state`, of which only those stay that `resource_changes` lacks.
    prior: Vec<Resource>,
    keys: BTreeSet<String>,
    changes_read: bool,
}

impl Reader<'_> {
    /// Recognised by `format_version` with `planned_values` and `configuration`, never by `resource_changes`, which an
    /// empty plan lacks (plan-json.md 0.1).
    fn is_plan(&self) -> bool {
        ["format_version", "planned_values", "configuration"].iter().all(|key| self.keys.contains(*key))
    }

    fn may_be_plan(&self) -> bool {
        self.keys.contains("format_version") || self.keys.contains("resource_changes")
    }

    fn section<R: Read>(&mut self, cursor: &mut Cursor<R>, key: &str) -> Result<(), JsonError> {
        if !self.keys.insert(key.to_owned()) && SECTIONS.contains(&key) {
            return Err(JsonError::DuplicateKey { key: key.to_owned(), offset: cursor.offset() });
        }
        match key {
            "format_version" => self.plan.format_version = self.text(cursor)?,
            "terraform_version" => self.plan.terraform_version = Some(self.text(cursor)?),
            "errored" => self.plan.errored = self.value(cursor)?.as_bool() == Some(true),
            "complete" => self.plan.complete = self.value(cursor)?.as_bool() != Some(false),
            "variables" => {
                for (name, variable) in self.value(cursor)?.members() {
                    self.plan.variables.extend(variable.get("value").map(|value| (name.to_string(), value.clone())));
                }
            }
            "resource_changes" if cursor.peek()? == b'[' => self.changes(cursor)?,
            "deferred_changes" if cursor.peek()? == b'[' => cursor.elements(|cursor| {
                self.plan.deferred += 1;
                cursor.skip()
            })?,
            "action_invocations" if cursor.peek()? == b'[' => cursor.elements(|cursor| {
                self.plan.action_invocations += 1;
                cursor.skip()
            })?,
            "prior_state" if cursor.peek()? == b'{' => self.state(cursor)?,
            "configuration" if cursor.peek()? == b'{' => {
                self.plan.configuration = ConfigurationReader { keep: self.keep, names: self.names }.read(cursor)?;
            }
            "planned_values" => cursor.skip_inside()?,
            _ => cursor.skip()?,
        }
        Ok(())
    }

    fn value<R: Read>(&self, cursor: &mut Cursor<R>) -> Result<Value, JsonError> {
        static ALL: Paths = Paths::All;
        cursor.value(|de| Tree::new(&ALL, self.names).deserialize(de))
    }

    fn text<R: Read>(&self, cursor: &mut Cursor<R>) -> Result<String, JsonError> {
        Ok(self.value(cursor)?.as_text().unwrap_or_default().to_owned())
    }

    fn changes<R: Read>(&mut self, cursor: &mut Cursor<R>) -> Result<(), JsonError> {
        let seed = EntrySeed { keep: self.keep, names: self.names, known: None };
        cursor.elements(|cursor| {
            cursor.raw(|raw| {
                self.entry(seed.read(raw)?);
                Ok(())
            })
        })?;
        self.plan.roster.sort();
        self.changes_read = true;
        Ok(())
    }

    fn entry(&mut self, entry: Entry<'_>) {
        match entry {
            Entry::Kept(resource) => {
                if resource.mode == Mode::Managed && resource.deposed.is_none() {
                    let place = (&*resource.module, &*resource.kind, &*resource.name);
                    self.plan.roster.add(&resource.address, place, resource.action.exists_after());
                }
                self.plan.resources.push(*resource);
            }
            Entry::Passed { address, kind, name, mode, exists, strange } => {
                if mode == Mode::Managed {
                    self.plan.roster.add(&address, (super::Address::module_prefix(&address), &kind, &name), exists);
                }
                self.plan.strange_actions.extend(strange.map(|words| format!("{address}: {words}")));
            }
        }
    }

    fn state<R: Read>(&mut self, cursor: &mut Cursor<R>) -> Result<(), JsonError> {
        cursor.members(|cursor, key| match key {
            "values" => cursor.members(|cursor, key| match key {
                "root_module" => self.state_module(cursor),
                _ => cursor.skip(),
            }),
            _ => cursor.skip(),
        })
    }

    fn state_module<R: Read>(&mut self, cursor: &mut Cursor<R>) -> Result<(), JsonError> {
        cursor.members(|cursor, key| match key {
            "resources" => cursor.elements(|cursor| self.state_resource(cursor)),
            "child_modules" => cursor.elements(|cursor| self.state_module(cursor)),
            _ => cursor.skip(),
        })
    }

    fn state_resource<R: Read>(&mut self, cursor: &mut Cursor<R>) -> Result<(), JsonError> {
        let seed = EntrySeed { keep: self.keep, names: self.names, known: self.changes_read.then_some(&self.plan.roster) };
        let kept = cursor.raw(|raw| Ok(if let Entry::Kept(resource) = seed.read(raw)? { Some(resource) } else { None }))?;
        if let Some(resource) = kept {
            self.prior_resource(*resource);
        }
        Ok(())
    }

    fn prior_resource(&mut self, mut resource: Resource) {
        let known = self.changes_read && self.plan.roster.has(&resource.address);
        if resource.mode == Mode::Other || resource.deposed.is_some() || (resource.mode == Mode::Managed && known) {
            return;
        }
        resource.action = if resource.mode == Mode::Data { Action::Read } else { Action::NoOp };
        resource.prior_only = true;
        self.prior.push(resource);
    }

    fn finish(mut self) -> Plan {
        self.plan.roster.sort();
        let read_later: BTreeSet<_> =
            self.plan.resources.iter().filter(|resource| resource.mode == Mode::Data).map(|resource| resource.address.clone()).collect();
        for resource in self.prior {
            let listed = match resource.mode {
                Mode::Managed => self.plan.roster.has(&resource.address),
                _ => read_later.contains(&resource.address),
            };
            if !listed {
                self.plan.resources.push(resource);
            }
        }
        self.plan
    }
}
