//! The plan as it was read. Takes a stream of `terraform show -json` and what is to be kept of it; gives resources
//! with their values before and after, the configuration that explains them, and what the plan says of itself;
//! refuses what is not a plan, and an unfinished one that nobody allowed.

mod action;
pub mod address;
mod change;
mod configuration;
pub mod keep;
mod number;
mod read;
mod roster;
mod sniff;
mod sorted;
mod tree;
mod value;

pub use action::{Action, Mode};
pub use address::Address;
pub(crate) use change::sides;
pub use configuration::{Call, ConfiguredResource, Module};
pub use keep::Keep;
pub use number::Number;
pub use read::{ReadError, read};
pub use roster::Roster;
pub(crate) use tree::unresolved;
pub use value::{Evidence, Key, Provenance, State, Unknown, Value};

use std::collections::BTreeMap;
use std::sync::Arc;

/// The moment that is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// As it is before apply.
    Before,
    /// As it will be after apply.
    After,
}

/// A plan under its label.
#[derive(Debug, Default)]
pub struct Plan {
    /// Name under which outputs speak of it.
    pub label: Arc<str>,
    /// `format_version`, of which the major number is 0 or 1.
    pub format_version: String,
    /// Version of the binary that ran `show`; OpenTofu writes its own under the same key.
    pub terraform_version: Option<String>,
    /// All of the configuration was planned; missing in OpenTofu, where it counts as true.
    pub complete: bool,
    /// Planning failed part-way: the changes are partial.
    pub errored: bool,
    /// Changes put off to a later plan.
    pub deferred: usize,
    /// Provider actions, which no resource change shows.
    pub action_invocations: usize,
    /// Words of `actions` that Terraform's format does not define so far.
    pub strange_actions: Vec<String>,
    /// What is kept of `resource_changes`, data sources of `prior_state`, and managed resources that only it shows.
    pub resources: Vec<Resource>,
    /// Every address there is, kept or not.
    pub roster: Roster,
    /// Root variables.
    pub variables: BTreeMap<String, Value>,
    /// The configuration's root module.
    pub configuration: Module,
    by_address: BTreeMap<Arc<str>, usize>,
}

/// A resource instance.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Terraform's address.
    pub address: Arc<str>,
    /// Address before a move.
    pub previous_address: Option<Arc<str>>,
    /// Managed or data.
    pub mode: Mode,
    /// Resource type.
    pub kind: Arc<str>,
    /// Name in the configuration.
    pub name: Arc<str>,
    /// Instance key.
    pub index: Option<Value>,
    /// Module instance, empty in the root.
    pub module: Arc<str>,
    /// Provider's source address.
    pub provider: Arc<str>,
    /// The plan's words.
    pub actions: Vec<Box<str>>,
    /// What they mean together.
    pub action: Action,
    /// Key of a deposed object, which is not the resource's own.
    pub deposed: Option<Box<str>>,
    /// Values before; `None` where there was none.
    pub before: Option<Arc<Value>>,
    /// Values after; `None` where there is none.
    pub after: Option<Arc<Value>>,
    /// The `expressions` that the configuration has for it; `None` where it has no entry.
    pub expressions: Option<Arc<Value>>,
    /// Only `prior_state` shows it.
    pub prior_only: bool,
}

impl Resource {
    /// The values at a moment. What is forgotten stays as it was: Google still has it (design.md 4.2).
    pub fn at(&self, moment: Moment) -> Option<&Arc<Value>> {
        match moment {
            Moment::Before => self.before.as_ref(),
            Moment::After if self.action == Action::Forget => self.before.as_ref(),
            Moment::After => self.after.as_ref(),
        }
    }

    /// Nothing changes, so that one verdict holds for both moments.
    pub fn is_unchanged(&self) -> bool {
        match (self.action, &self.before, &self.after) {
            (Action::Forget, ..) => true,
            (Action::NoOp, Some(before), Some(after)) => Arc::ptr_eq(before, after),
            _ => false,
        }
    }
}

impl Plan {
    /// A whole plan without content.
    pub fn labelled(label: &str) -> Self {
        Self { label: label.into(), complete: true, ..Self::default() }
    }

    /// A plan of these resources and this configuration; unknown values get their provenance, and the configuration's
    /// expressions go to their resources.
    #[must_use]
    pub fn assemble(mut self) -> Self {
        for resource in &mut self.resources {
            resource.expressions = self.configuration.resource_of(resource).and_then(|entry| entry.expressions.clone());
        }
        self.index();
        crate::refs::resolve(&mut self);
        self
    }

    fn index(&mut self) {
        self.by_address = self
            .resources
            .iter()
            .enumerate()
            .filter(|(_, resource)| resource.deposed.is_none())
            .map(|(at, resource)| (Arc::clone(&resource.address), at))
            .collect();
    }

    /// The resource at this address, deposed objects left out.
    pub fn resource(&self, address: &str) -> Option<&Resource> {
        self.by_address.get(address).and_then(|at| self.resources.get(*at))
    }

    /// Resources of one type that are managed and not deposed.
    pub fn managed<'p>(&'p self, kind: &'p str) -> impl Iterator<Item = &'p Resource> {
        self.resources
            .iter()
            .filter(move |resource| resource.mode == Mode::Managed && resource.deposed.is_none() && &*resource.kind == kind)
    }

    /// Nothing is missing from it: what an unlisted resource could add is decided (design.md 3.4).
    pub fn is_whole(&self) -> bool {
        self.complete && !self.errored && self.deferred == 0
    }
}
