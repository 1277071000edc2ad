//! Resources of any provider, as the plan shows them.

use super::field::{ADDRESS, CHANGE, Field, FieldType, LOCATION, Members, PLAN, PROJECT, field};
use super::view::{View, joined};
use crate::plan::{Evidence, Mode, Moment, State, Value};
use std::sync::Arc;

/// See design.md 4.2.
pub(super) static FIELDS: &[Field] = &[
    ADDRESS,
    PLAN,
    CHANGE,
    PROJECT,
    LOCATION,
    field("type", FieldType::Text, "resource type"),
    field("name", FieldType::Text, "name in the configuration"),
    field("index", FieldType::Any, "instance key"),
    field("module", FieldType::Text, "module instance, empty in the root"),
    field("mode", FieldType::Enum(&["managed", "data"]), "managed resource or data source"),
    field("provider", FieldType::Text, "the provider's source address"),
    field("actions", FieldType::List(&FieldType::Text), "the plan's list of words"),
    field("action", super::field::CHANGES, "what they mean together"),
    field("before", FieldType::Attributes, "its attributes before, or null"),
    field("after", FieldType::Attributes, "its attributes after, or null"),
    field("written", FieldType::Written, "the keys of its configuration"),
    field("refs", FieldType::List(&FieldType::Any), "what its attributes refer to"),
];

pub(super) fn documents(view: &View<'_>) -> Vec<Value> {
    let resource = view.resource;
    if resource.deposed.is_some() || (resource.mode == Mode::Data && resource.prior_only) {
        return Vec::new();
    }
    let tree = |moment: Moment| match resource.at(moment) {
        Some(values) => rooted(view, (**values).clone()),
        None => Value::null(),
    };
    // Judged at the moment before, the values before stand where those after stand otherwise.
    let (before, after) = match view.moment {
        Moment::After => (tree(Moment::Before), tree(Moment::After)),
        Moment::Before if resource.before.is_none() => return Vec::new(),
        Moment::Before => (Value::null(), tree(Moment::Before)),
    };
    let members: Members = vec![
        ("type", Value::text(&resource.kind)),
        ("name", Value::text(&resource.name)),
        ("index", resource.index.clone().unwrap_or_else(Value::null)),
        ("module", Value::text(&resource.module)),
        ("mode", Value::text(if resource.mode == Mode::Data { "data" } else { "managed" })),
        ("provider", Value::text(&resource.provider)),
        ("actions", Value::list(resource.actions.iter().map(|word| Value::text(word)).collect())),
        ("action", Value::text(resource.action.word())),
        ("before", before),
        ("after", after),
        ("written", written(view)),
        ("refs", joined("what its attributes refer to")),
    ];
    vec![view.document(members)]
}

/// Everything below is its own evidence, by address and path.
fn rooted(view: &View<'_>, value: Value) -> Value {
    if !view.explain {
        return value;
    }
    value.with_evidence(vec![Evidence {
        address: Arc::clone(&view.resource.address),
        path: String::new(),
        value: "null".to_owned(),
        note: None,
    }])
}

/// The tree of keys of the configuration; a block that only a dynamic block can supply is unknown.
fn written(view: &View<'_>) -> Value {
    if view.is_earlier() {
        return Value::unknown(crate::plan::Provenance::Opaque, "the earlier configuration is not in the plan");
    }
    let Some(expressions) = view.resource.expressions.as_deref() else {
        return Value::unknown(crate::plan::Provenance::Opaque, "the plan has no configuration for it");
    };
    let mut tree = keys(expressions, true);
    for (name, value) in view.values().map(Value::members).unwrap_or_default() {
        let block = matches!(&value.state, State::List(items) if items.iter().any(|item| matches!(item.state, State::Map(_))));
        if block && tree.get(name).is_none() {
            tree.insert(
                name,
                Value::unknown(
                    crate::plan::Provenance::Opaque,
                    format!("`{name}` comes from a dynamic block, whose content is not in the plan"),
                ),
            );
        }
    }
    rooted(view, tree)
}

fn keys(expressions: &Value, root: bool) -> Value {
    match &expressions.state {
        State::List(items) if items.iter().all(|item| matches!(item.state, State::Text(_))) && !items.is_empty() => Value::bool(true),
        State::List(items) => Value::list(items.iter().map(|item| keys(item, true)).collect()),
        State::Map(members) if !root && members.iter().all(|(key, _)| matches!(&**key, "constant_value" | "references")) => {
            Value::bool(true)
        }
        State::Map(members) => Value::map(members.iter().map(|(key, member)| (Arc::clone(key), keys(member, false))).collect()),
        _ => Value::bool(true),
    }
}
