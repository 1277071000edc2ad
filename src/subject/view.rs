//! A resource at a moment, as documents are made of it. Takes paths as the tables of facts write them, gives values
//! with their evidence; refuses to tell null from absent, which are both *unset* here.

use super::field::Members;
use crate::google::schema;
use crate::plan::{Action, Evidence, Key, Moment, Plan, Provenance, Resource, State, Value};
use crate::refs::{self, Written};
use std::sync::Arc;

/// See the module's documentation.
#[derive(Clone, Copy)]
pub struct View<'p> {
    /// The plan it is of.
    pub plan: &'p Plan,
    /// The resource.
    pub resource: &'p Resource,
    /// When.
    pub moment: Moment,
    /// Values carry evidence: only for what ends up in a witness.
    pub explain: bool,
}

impl<'p> View<'p> {
    /// All values; `None` where it does not exist then.
    pub fn values(&self) -> Option<&'p Value> {
        self.resource.at(self.moment).map(|values| &**values)
    }

    /// The value at a path like `template[0].metadata[0].annotations['a/b']`, borrowed; the unknown that hides it
    /// where it lies below one; `None` where it is absent.
    pub fn find(&self, path: &str) -> Option<&'p Value> {
        find(self.values()?, path)
    }

    /// The value at a path with its evidence; null where it is absent.
    pub fn read(&self, path: &str) -> Value {
        let found = self.find(path).cloned().unwrap_or_else(Value::null);
        self.at(path, found)
    }

    /// `value` on the evidence of what the plan has at `path`.
    pub fn at(&self, path: &str, value: Value) -> Value {
        let shown = self.find(path);
        let sensitive = value.sensitive || self.is_sensitive(path);
        let mut value = Value { sensitive, ..value };
        if !self.explain {
            return value;
        }
        if let Some(own) = shown.and_then(|shown| shown.evidence.clone()) {
            value.evidence = Some(own);
            return value;
        }
        let text = if sensitive { "\"(sensitive)\"".to_owned() } else { shown.map_or_else(|| "null".to_owned(), Value::shown) };
        let note = value.as_unknown().map(|unknown| unknown.reason.clone());
        value.with_evidence(vec![Evidence { address: Arc::clone(&self.resource.address), path: path.to_owned(), value: text, note }])
    }

    /// The same with what it means.
    pub fn noted(&self, path: &str, value: Value, note: &str) -> Value {
        let value = self.at(path, value);
        let Some(evidence) = &value.evidence else { return value };
        let noted = evidence
            .iter()
            .map(|evidence| Evidence { note: evidence.note.clone().or_else(|| Some(note.to_owned())), ..evidence.clone() })
            .collect();
        value.with_evidence(noted)
    }

    fn is_sensitive(&self, path: &str) -> bool {
        let Some(mut here) = self.values() else { return false };
        for step in Steps(path) {
            if here.sensitive {
                return true;
            }
            here = match descend(here, &step) {
                Some(below) => below,
                None => return false,
            };
        }
        here.sensitive
    }

    /// A value as the text that `each` makes of it; unset becomes `unset`, unknown stays.
    pub fn mapped(&self, path: &str, unset: Value, each: impl Fn(&str) -> Option<Value>) -> Value {
        let Some(found) = self.find(path) else { return self.at(path, unset) };
        match &found.state {
            State::Unknown(_) => self.read(path),
            _ if found.is_empty() => self.at(path, unset),
            State::Text(text) => match each(text) {
                Some(value) => self.at(path, value),
                None => self.at(path, Value::unknown(Provenance::Opaque, format!("`{path}` has a value that no fact explains"))),
            },
            _ => self.at(path, Value::unknown(Provenance::Opaque, format!("`{path}` is not a text"))),
        }
    }

    /// A switch: unset is off.
    pub fn switch(&self, path: &str, (on, off): (&str, &str)) -> Value {
        let value = self.find(path).and_then(|found| match &found.state {
            State::Unknown(_) => None,
            _ => Some(Value::text(if found.as_bool() == Some(true) { on } else { off })),
        });
        match (value, self.find(path)) {
            (Some(value), _) => self.at(path, value),
            (None, Some(_)) => self.read(path),
            (None, None) => self.at(path, Value::text(off)),
        }
    }

    /// What the configuration says at a path.
    pub fn written(&self, path: &str) -> Written {
        refs::written(self.plan, self.resource, path)
    }

    /// The configuration of this moment is not in the plan: that of before, unless nothing changes.
    pub fn is_earlier(&self) -> bool {
        self.moment == Moment::Before && !self.resource.is_unchanged() && self.resource.action != Action::NoOp
    }

    /// The document of the fields that every subject has, and these.
    pub fn document(&self, fields: Members) -> Value {
        let mut members: Vec<(Key, Value)> = fields.into_iter().map(|(name, value)| (Key::from(name), value)).collect();
        members.push(("address".into(), self.whole(Value::text(&self.resource.address))));
        members.push(("plan".into(), Value::text(&self.plan.label)));
        members.push(("change".into(), self.whole(Value::text(self.resource.action.word()))));
        if !members.iter().any(|(name, _)| &**name == "project") {
            members.push(("project".into(), self.read("project")));
        }
        if !members.iter().any(|(name, _)| &**name == "location") {
            members.push(("location".into(), self.place()));
        }
        Value::map(members)
    }

    /// On the evidence of the resource as a whole.
    pub fn whole(&self, value: Value) -> Value {
        if !self.explain {
            return value;
        }
        value.with_evidence(vec![Evidence {
            address: Arc::clone(&self.resource.address),
            path: String::new(),
            value: "null".to_owned(),
            note: Some(format!("the plan's action is {}", self.resource.action.word())),
        }])
    }

    /// `location`, `region` or `zone` as a short name; null where the type has none.
    pub fn place(&self) -> Value {
        let path = ["location", "region", "zone"].into_iter().find(|path| self.find(path).is_some());
        path.map_or_else(Value::null, |path| self.short(path))
    }

    /// A link or short name as its last segment.
    pub fn short(&self, path: &str) -> Value {
        self.mapped(path, Value::null(), |text| Some(Value::text(text.rsplit('/').next().unwrap_or(text))))
    }

    /// Whether the schema has this path on the type.
    pub fn knows(&self, name: &str) -> bool {
        !matches!(schema::find(&self.resource.kind, &[schema::Step::Name(name)]), schema::Lookup::Missing { .. })
    }
}

/// What only a join between resources can tell: its place is kept (issue: the access model).
pub(super) fn joined(what: &str) -> Value {
    Value::unknown(Provenance::Join, format!("{what} is decided by other resources, which this version does not join yet"))
}

/// Kleene's view of "is it set": `None` where that is not known.
pub(super) fn is_set(value: Option<&Value>) -> Option<bool> {
    match value.map(|value| (&value.state, value)) {
        None => Some(false),
        Some((State::Unknown(unknown), _)) => unknown.exists.then_some(true),
        Some((_, value)) => Some(!value.is_empty()),
    }
}

/// One step of a path.
pub(super) enum PathStep<'s> {
    Name(&'s str),
    Index(usize),
}

/// The steps of a path, without allocating.
pub(super) struct Steps<'s>(pub(super) &'s str);

impl<'s> Iterator for Steps<'s> {
    type Item = PathStep<'s>;

    fn next(&mut self) -> Option<PathStep<'s>> {
        let rest = self.0.strip_prefix('.').unwrap_or(self.0);
        if rest.is_empty() {
            return None;
        }
        if let Some(quoted) = rest.strip_prefix("['") {
            let (name, tail) = quoted.split_once("']")?;
            self.0 = tail;
            return Some(PathStep::Name(name));
        }
        if let Some(indexed) = rest.strip_prefix('[') {
            let (index, tail) = indexed.split_once(']')?;
            self.0 = tail;
            return Some(PathStep::Index(index.parse().unwrap_or(0)));
        }
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, tail) = rest.split_at(end);
        self.0 = tail;
        Some(PathStep::Name(name))
    }
}

fn descend<'v>(value: &'v Value, step: &PathStep<'_>) -> Option<&'v Value> {
    match step {
        _ if value.as_unknown().is_some() => Some(value),
        PathStep::Name(name) => value.get(name),
        PathStep::Index(at) => value.at(*at),
    }
}

/// See [`View::find`].
pub fn find<'v>(root: &'v Value, path: &str) -> Option<&'v Value> {
    Steps(path).try_fold(root, |value, step| descend(value, &step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_reach_through_lists_and_quoted_keys() {
        let value = Value::from(&serde_json::json!({"metadata": [{"annotations": {"run.googleapis.com/ingress": "all"}}]}));
        assert_eq!(find(&value, "metadata[0].annotations['run.googleapis.com/ingress']").and_then(Value::as_text), Some("all"));
        assert!(find(&value, "metadata[1].annotations").is_none());
    }

    #[test]
    fn what_lies_below_an_unknown_is_that_unknown() {
        let value = Value::map(vec![("template".into(), Value::unknown(Provenance::Opaque, "why"))]);
        assert_eq!(find(&value, "template[0].x").and_then(Value::as_unknown).map(|unknown| unknown.reason.as_str()), Some("why"));
    }
}
