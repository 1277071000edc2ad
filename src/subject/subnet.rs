//! Subnetworks.

use super::field::{ADDRESS, ADDRESSES, BEFORE, CHANGE, Field, FieldType, LOCATION, Members, PLAN, PROJECT, field};
use super::view::{View, joined};
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
    field("network", FieldType::Text, "its network"),
    field("range", FieldType::Text, "its primary range"),
    field("purpose", FieldType::Text, "what it is reserved for"),
    field("private_google_access", FieldType::Boolean, "Private Google Access (F-60)"),
    field("nat", FieldType::Boolean, "Cloud NAT covers it"),
    field("used_by", ADDRESSES, "what uses it"),
];

pub(super) fn keep(keep: &mut Keep) {
    for path in ["name", "project", "region", "network", "ip_cidr_range", "purpose", "private_ip_google_access"] {
        keep.managed_mut("google_compute_subnetwork").paths.add(path);
    }
}

pub(super) fn documents(view: &View<'_>) -> Vec<Value> {
    if view.values().is_none() {
        return Vec::new();
    }
    let access = match view.find("private_ip_google_access") {
        Some(value) if value.as_unknown().is_some() => view.read("private_ip_google_access"),
        found => view.at("private_ip_google_access", Value::bool(found.is_some_and(|value| value.as_bool() == Some(true)))),
    };
    let members: Members = vec![
        ("name", view.read("name")),
        ("network", view.read("network")),
        ("range", view.read("ip_cidr_range")),
        ("purpose", view.mapped("purpose", Value::text("PRIVATE"), |purpose| Some(Value::text(purpose)))),
        ("private_google_access", access),
        ("nat", joined("whether a NAT covers it")),
        ("used_by", joined("what uses it")),
    ];
    vec![view.document(members)]
}
