//! Paths into a resource's values, as the walk over them goes: names and list indexes, with the length of each list.

use crate::google::schema;
use crate::plan::{Key, Resource, Value};
use std::fmt;

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into a member.
    Name(Key),
    /// Into an element of a list of that length.
    Index {
        /// Which, from 0.
        at: usize,
        /// How many there are.
        of: usize,
    },
}

/// A path, written `template[0].metadata[0].annotations['run.googleapis.com/ingress']`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// Reads a path as the tables of facts write it; list lengths come from the resource's values after.
    pub fn parse(text: &str, resource: &Resource) -> Self {
        let mut here = resource.after.as_deref().or(resource.before.as_deref());
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (step, tail) = if let Some(quoted) = rest.strip_prefix("['") {
                let (name, tail) = quoted.split_once("']").unwrap_or((quoted, ""));
                (Step::Name(name.into()), tail)
            } else if let Some(index) = rest.strip_prefix('[') {
                let (digits, tail) = index.split_once(']').unwrap_or((index, ""));
                (Step::Index { at: digits.parse().unwrap_or(0), of: here.map_or(1, |value| value.items().len().max(1)) }, tail)
            } else {
                let name = rest.strip_prefix('.').unwrap_or(rest);
                let (name, tail) = name.split_at(name.find(['.', '[']).unwrap_or(name.len()));
                (Step::Name(name.into()), tail)
            };
            here = here.and_then(|value| match &step {
                Step::Name(name) => value.get(name),
                Step::Index { at, .. } => value.at(*at),
            });
            steps.push(step);
            rest = tail;
        }
        Self(steps)
    }

    /// Runs `each` one step deeper.
    pub fn within<T>(&mut self, step: Step, each: impl FnOnce(&mut Self) -> T) -> T {
        self.0.push(step);
        let result = each(self);
        self.0.pop();
        result
    }

    /// The value there.
    pub fn of<'v>(&self, root: &'v Value) -> Option<&'v Value> {
        self.0.iter().try_fold(root, |value, step| match step {
            Step::Name(name) => value.get(name),
            Step::Index { at, .. } => value.at(*at),
        })
    }

    /// The steps as the schema's lookup takes them.
    pub fn lookup(&self) -> Vec<schema::Step<'_>> {
        self.0
            .iter()
            .map(|step| match step {
                Step::Name(name) => schema::Step::Name(name),
                Step::Index { .. } => schema::Step::Index,
            })
            .collect()
    }

    /// The names above the last step, joined by dots.
    pub fn names_above(&self) -> String {
        let above = self.0.len().saturating_sub(1);
        let names: Vec<&str> =
            self.0.iter().take(above).filter_map(|step| if let Step::Name(name) = step { Some(&**name) } else { None }).collect();
        names.join(".")
    }
}

/// A member's name as a path writes it behind what is there already.
pub fn write_member(out: &mut impl fmt::Write, first: bool, name: &str) -> fmt::Result {
    let plain =
        !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    match (plain, first) {
        (true, true) => out.write_str(name),
        (true, false) => write!(out, ".{name}"),
        (false, _) => write!(out, "['{}']", name.replace('\\', "\\\\").replace('\'', "\\'")),
    }
}

impl fmt::Display for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Name(name) => write_member(formatter, position == 0, name)?,
                Step::Index { at, .. } => write!(formatter, "[{at}]")?,
            }
        }
        Ok(())
    }
}
