//! Serverless network endpoint groups.

use super::field::{ADDRESS, ADDRESSES, BEFORE, CHANGE, Field, FieldType, KINDS, LOCATION, Members, PLAN, PROJECT, field};
use super::view::{View, joined};
use crate::plan::{Keep, State, Value};

/// See design.md 4.2.
pub(super) static FIELDS: &[Field] = &[
    ADDRESS,
    PLAN,
    CHANGE,
    PROJECT,
    LOCATION,
    BEFORE,
    field("name", FieldType::Text, "its name"),
    field("kind", KINDS, "what it leads to (F-82)"),
    field("service", FieldType::Text, "address of the service, null if none is seen"),
    field("target_name", FieldType::Text, "name of what it leads to"),
    field("tag", FieldType::Text, "tag of a revision (F-84b)"),
    field("url_mask", FieldType::Text, "mask over all services of its project and region (F-87)"),
    field("backends", ADDRESSES, "backend services that use it"),
];

/// The blocks that say what a group leads to: kind, block, the attribute with the name.
const TARGETS: [(&str, &str, &str); 4] = [
    ("cloud-run", "cloud_run", "service"),
    ("function-gen1", "cloud_function", "function"),
    ("app-engine", "app_engine", "service"),
    ("api-gateway", "serverless_deployment", "resource"),
];
const TYPE: &str = "google_compute_region_network_endpoint_group";

pub(super) fn keep(keep: &mut Keep) {
    let paths = &mut keep.managed_mut(TYPE).paths;
    for path in ["name", "project", "region", "network_endpoint_type"].into_iter().chain(TARGETS.iter().map(|(_, block, _)| *block)) {
        paths.add(path);
    }
}

pub(super) fn documents(view: &View<'_>) -> Vec<Value> {
    let serverless = view
        .find("network_endpoint_type")
        .is_none_or(|kind| kind.is_unset() || kind.as_unknown().is_some() || kind.as_text() == Some("SERVERLESS"));
    if view.values().is_none() || &*view.resource.kind != TYPE || !serverless {
        return Vec::new();
    }
    let target = TARGETS.iter().find(|(_, block, _)| view.find(block).is_some_and(|value| !value.is_empty()));
    let read = |name: &str| target.map_or_else(Value::null, |(_, block, _)| view.read(&format!("{block}[0].{name}")));
    let kind = match target {
        Some((_, block, _)) if matches!(view.find(block).map(|value| &value.state), Some(State::Unknown(_))) => view.read(block),
        Some((kind, ..)) => Value::text(kind),
        None => Value::null(),
    };
    let members: Members = vec![
        ("name", view.read("name")),
        ("kind", kind),
        ("target_name", target.map_or_else(Value::null, |(_, _, name)| read(name))),
        ("tag", read("tag")),
        ("url_mask", read("url_mask")),
        ("service", joined("the service behind it")),
        ("backends", joined("what uses it")),
    ];
    vec![view.document(members)]
}
