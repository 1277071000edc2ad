//! Why an unknown value is unknown. Takes a plan as read, with its configuration; gives every unknown its provenance,
//! and reads an omitted attribute as Google's default where the table of defaults has it; refuses to guess: what only
//! a local, a function or a dynamic block could tell is *opaque* (design.md 3.2, plan-json.md 3.6, google-plans.md).

mod expression;
mod follow;
pub mod path;

use crate::google::defaults;
use crate::google::schema::{self, Lookup};
use crate::plan::{Action, Evidence, Plan, Provenance, Resource, State, Unknown, Value};
use expression::{Candidates, candidates};
use follow::{Context, Outcome, follow};
use path::{Path, Step};
use std::sync::Arc;

/// Gives every unknown value of the plan its provenance. One resource at a time, so that just one is held twice.
pub fn resolve(plan: &mut Plan) {
    for at in 0..plan.resources.len() {
        let Some(resource) = plan.resources.get(at) else { return };
        let Some(after) = resource.after.as_deref().filter(|after| holds_unknown(after) || overlay_applies(resource)) else { continue };
        let resolved = Arc::new(Resolver { plan, resource }.value(after, &mut Path::default()));
        if let Some(resource) = plan.resources.get_mut(at) {
            resource.after = Some(resolved);
        }
    }
}

fn holds_unknown(value: &Value) -> bool {
    match &value.state {
        State::Unknown(_) => true,
        State::List(items) => items.iter().any(holds_unknown),
        State::Map(members) => members.iter().any(|(_, member)| holds_unknown(member)),
        _ => false,
    }
}

fn overlay_applies(resource: &Resource) -> bool {
    resource.action != Action::NoOp && defaults::hidden_unknowns(&resource.kind).next().is_some()
}

/// What the configuration says at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// The plan has no configuration for the resource.
    Unseen,
    /// No key.
    Omitted,
    /// A key whose value can only be null.
    Null,
    /// A key.
    Set,
    /// No key, and only a dynamic block can have made what is there.
    Dynamic,
}

/// What the configuration says at `path`, written as in the tables of facts.
pub fn written(plan: &Plan, resource: &Resource, path: &str) -> Written {
    let Some(expressions) = resource.expressions.as_deref() else { return Written::Unseen };
    match candidates(expressions, &Path::parse(path, resource), &resource.kind) {
        Candidates::Omitted => Written::Omitted,
        Candidates::Dynamic => Written::Dynamic,
        Candidates::Expressions(found) => {
            let context = Context::of(plan, resource);
            let null = |outcome: &Outcome| matches!(outcome, Outcome::Known(Some(value)) if value.is_unset());
            let mut outcomes = found.iter().flat_map(|expression| follow(&context, expression, &[])).peekable();
            if outcomes.peek().is_some() && outcomes.all(|outcome| null(&outcome)) { Written::Null } else { Written::Set }
        }
    }
}

struct Resolver<'p> {
    plan: &'p Plan,
    resource: &'p Resource,
}

impl Resolver<'_> {
    fn value(&self, value: &Value, path: &mut Path) -> Value {
        let state = match &value.state {
            State::Unknown(_) => {
                let mut found = self.unknown(path);
                found.sensitive |= value.sensitive;
                return found;
            }
            State::List(items) => State::List(
                items
                    .iter()
                    .enumerate()
                    .map(|(at, item)| path.within(Step::Index { at, of: items.len() }, |path| self.value(item, path)))
                    .collect(),
            ),
            State::Map(members) => State::Map(
                members
                    .iter()
                    .map(|(key, member)| {
                        let found = path.within(Step::Name(Arc::clone(key)), |path| match self.hidden(value, key, path) {
                            Some(unknown) => unknown,
                            None => self.value(member, path),
                        });
                        (Arc::clone(key), found)
                    })
                    .collect(),
            ),
            other => other.clone(),
        };
        Value { state, sensitive: value.sensitive, evidence: None }
    }

    /// A map of which one value is unknown may be shown as null or empty, and not marked; a sibling tells
    /// (google-plans.md, "One unknown hides the rest").
    fn hidden(&self, parent: &Value, key: &str, path: &Path) -> Option<Value> {
        let rule =
            defaults::hidden_unknowns(&self.resource.kind).find(|rule| rule.attribute == key && rule.parent == path.names_above())?;
        let shown = parent.get(key)?;
        let told = matches!(parent.get(rule.sibling).map(|sibling| &sibling.state), Some(State::Unknown(_)));
        if !shown.is_empty() || !told {
            // On an update the sibling keeps its old values: only the configuration says that there is more to come.
            if !shown.is_empty() || self.resource.action == Action::NoOp || self.resource.before.is_none() {
                return None;
            }
        }
        let Candidates::Expressions(expressions) = candidates(self.resource.expressions.as_deref()?, path, &self.resource.kind) else {
            return None;
        };
        let outcomes: Vec<Outcome> = expressions.iter().flat_map(|expression| follow(&self.context(), expression, &[])).collect();
        if outcomes.iter().all(|outcome| matches!(outcome, Outcome::Known(_))) {
            return None;
        }
        let mut unknown = self.combined(&outcomes, path);
        if let State::Unknown(reason) = &mut unknown.state {
            let told = Arc::make_mut(reason);
            told.reason = format!("`{path}` holds a value not known before apply, which hides all of it: {}", told.reason);
            told.exists = false;
        }
        Some(unknown)
    }

    fn context(&self) -> Context<'_> {
        Context::of(self.plan, self.resource)
    }

    fn unknown(&self, path: &Path) -> Value {
        let Some(expressions) = self.resource.expressions.as_deref() else {
            return Self::opaque("the plan has no configuration for it", path);
        };
        match candidates(expressions, path, &self.resource.kind) {
            Candidates::Expressions(found) => {
                let outcomes: Vec<Outcome> = found.iter().flat_map(|expression| follow(&self.context(), expression, &[])).collect();
                self.combined(&outcomes, path)
            }
            Candidates::Dynamic => Self::opaque("it comes from a dynamic block, whose content is not in the plan", path),
            Candidates::Omitted => self.omitted(path),
        }
    }

    /// No key in the configuration: Google's default applies, unless something else can supply it.
    fn omitted(&self, path: &Path) -> Value {
        if let Lookup::Found(attribute) = schema::find(&self.resource.kind, &path.lookup()) {
            if attribute.kind.is_block() && !attribute.computed() {
                return Self::opaque("it comes from a dynamic block, whose content is not in the plan", path);
            }
            if attribute.kind.is_block()
                && (self.sibling_shows(path)
                    || defaults::supplied_by(&self.resource.kind, &path.to_string()).iter().any(|kind| self.plan.roster.has_kind(kind)))
            {
                return Self::opaque("a dynamic block may supply it, whose content is not in the plan", path);
            }
        }
        let kept = self.resource.action == Action::Update
            && self.resource.before.as_deref().and_then(|before| path.of(before)).is_some_and(|value| !value.is_empty());
        match defaults::default_for(&self.resource.kind, &path.to_string()).filter(|_| !kept) {
            Some(default) => Value::from(&default.value).with_evidence(vec![Evidence {
                address: Arc::clone(&self.resource.address),
                path: path.to_string(),
                value: "null".to_owned(),
                note: Some(format!("omitted: Google applies {}", default.shown())),
            }]),
            None => Value::unknown(Provenance::Computed, format!("`{path}` is computed by the provider")),
        }
    }

    /// Another instance of the same block shows content that no key of the configuration explains: a dynamic block.
    fn sibling_shows(&self, path: &Path) -> bool {
        self.plan.resources.iter().any(|other| {
            !Arc::ptr_eq(&other.address, &self.resource.address)
                && other.kind == self.resource.kind
                && other.name == self.resource.name
                && matches!(other.action, Action::Create | Action::Replace)
                && other
                    .after
                    .as_deref()
                    .and_then(|after| path.of(after))
                    .is_some_and(|value| value.as_unknown().is_none() && !value.is_empty())
        })
    }

    fn combined(&self, outcomes: &[Outcome], path: &Path) -> Value {
        let mut to: Vec<String> = outcomes.iter().filter_map(Outcome::name).collect();
        to.sort();
        to.dedup();
        let opaque = outcomes.iter().find_map(|outcome| if let Outcome::Opaque { reason, .. } = outcome { Some(reason) } else { None });
        let objects = || outcomes.iter().filter_map(|outcome| if let Outcome::Object(object) = outcome { Some(object) } else { None });
        let data = outcomes.iter().any(|outcome| matches!(outcome, Outcome::Data(_)));
        let (from, reason, exists) = if let Some(reason) = opaque {
            (Provenance::Opaque, reason.clone(), false)
        } else if data {
            (Provenance::Data, format!("it is read during apply from {}", to.join(", ")), false)
        } else if objects().next().is_some() {
            // Of a map or list it says nothing that one value in it refers to something.
            let whole = !matches!(schema::find(&self.resource.kind, &path.lookup()), Lookup::Found(attribute) if attribute.kind.prim().is_none() || attribute.kind.is_map() || attribute.kind.is_list() || attribute.kind.is_set());
            let exists = whole && to.len() == 1 && objects().all(|object| object.exists && object.id_like);
            (Provenance::Reference, format!("it refers to {}, known after apply", to.join(", ")), exists)
        } else {
            // Everything it is made of is known, so the value can only be null: as if it were omitted.
            return self.omitted(path);
        };
        let would_decide = Some(format!("a value of `{path}` that is known before apply"));
        Value::new(State::Unknown(Arc::new(Unknown { from, to, reason, would_decide, exists })))
    }

    fn opaque(reason: &str, path: &Path) -> Value {
        let would_decide = Some(format!("a value of `{path}` that is known before apply"));
        Value::new(State::Unknown(Arc::new(Unknown {
            from: Provenance::Opaque,
            to: Vec::new(),
            reason: reason.to_owned(),
            would_decide,
            exists: false,
        })))
    }
}
