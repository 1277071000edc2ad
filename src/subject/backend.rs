//! Backend services of load balancers.

use super::field::{ADDRESS, ADDRESSES, BEFORE, CHANGE, Field, FieldType, LOCATION, Members, PLAN, PROJECT, field};
use super::view::{View, is_set, joined};
use crate::google::resources::{self, Family};
use crate::plan::{Keep, Value};

/// See design.md 4.2.
pub(super) static FIELDS: &[Field] = &[
    ADDRESS,
    PLAN,
    CHANGE,
    PROJECT,
    LOCATION,
    BEFORE,
    field("name", FieldType::Text, "its name"),
    field("regional", FieldType::Boolean, "a regional backend service"),
    field("scheme", FieldType::Text, "load balancing scheme (F-85, F-86)"),
    field("protocol", FieldType::Text, "protocol to the backends"),
    field("negs", ADDRESSES, "the endpoint groups it uses"),
    field("iap", FieldType::Enum(&["on", "off"]), "IAP on this backend service"),
    field("cloud_armor", FieldType::Boolean, "a security policy is attached (F-91)"),
    field("cdn", FieldType::Boolean, "Cloud CDN is on (F-91)"),
    field("health_checks", FieldType::List(&FieldType::Text), "health checks"),
    field("timeout_sec", FieldType::Number, "timeout in seconds"),
    field("port_name", FieldType::Text, "named port"),
    field("session_affinity", FieldType::Text, "session affinity"),
    field("services", ADDRESSES, "the services behind it"),
];

const PATHS: [&str; 12] = [
    "name",
    "project",
    "region",
    "load_balancing_scheme",
    "protocol",
    "iap",
    "security_policy",
    "enable_cdn",
    "health_checks",
    "timeout_sec",
    "port_name",
    "session_affinity",
];

pub(super) fn keep(keep: &mut Keep) {
    for known in resources::of_family(Family::BackendService) {
        for path in PATHS {
            keep.managed_mut(known.resource).paths.add(path);
        }
    }
}

pub(super) fn documents(view: &View<'_>) -> Vec<Value> {
    if view.values().is_none() {
        return Vec::new();
    }
    let armor = match is_set(view.find("security_policy")) {
        Some(set) => view.at("security_policy", Value::bool(set)),
        None => view.read("security_policy"),
    };
    let members: Members = vec![
        ("name", view.read("name")),
        ("regional", Value::bool(view.knows("region"))),
        ("scheme", view.read("load_balancing_scheme")),
        ("protocol", view.read("protocol")),
        ("iap", iap(view)),
        ("cloud_armor", armor),
        ("cdn", cdn(view)),
        ("health_checks", view.read("health_checks")),
        ("timeout_sec", view.read("timeout_sec")),
        ("port_name", view.read("port_name")),
        ("session_affinity", view.read("session_affinity")),
        ("negs", joined("the groups behind it")),
        ("services", joined("the services behind it")),
    ];
    vec![view.document(members)]
}

fn cdn(view: &View<'_>) -> Value {
    match view.find("enable_cdn") {
        Some(value) if value.as_unknown().is_some() => view.read("enable_cdn"),
        found => view.at("enable_cdn", Value::bool(found.is_some_and(|value| value.as_bool() == Some(true)))),
    }
}

/// In providers before 6 the block alone means on; since then `enabled` says it (provider-schema.md 3.3).
fn iap(view: &View<'_>) -> Value {
    match (view.find("iap"), view.find("iap[0].enabled")) {
        (Some(block), _) if block.as_unknown().is_some() => view.read("iap"),
        (_, Some(enabled)) if enabled.as_unknown().is_some() => view.read("iap[0].enabled"),
        (_, Some(enabled)) => view.at("iap[0].enabled", Value::text(if enabled.as_bool() == Some(true) { "on" } else { "off" })),
        (Some(block), None) if !block.is_empty() => view.at("iap", Value::text("on")),
        _ => view.at("iap", Value::text("off")),
    }
}
