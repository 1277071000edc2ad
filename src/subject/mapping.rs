//! Domain mappings of Cloud Run.

use super::field::{ADDRESS, BEFORE, CHANGE, Field, FieldType, LOCATION, Members, PLAN, PROJECT, field};
use super::view::{View, joined};
use crate::google::regions::supports_domain_mapping;
use crate::plan::{Keep, State, Value};

/// See design.md 4.2.
pub(super) static FIELDS: &[Field] = &[
    ADDRESS,
    PLAN,
    CHANGE,
    PROJECT,
    LOCATION,
    BEFORE,
    field("domain", FieldType::Text, "the domain, 64 characters at most (F-19)"),
    field("service", FieldType::Text, "address of the service it leads to"),
    field("target_name", FieldType::Text, "name of the service it leads to"),
    field("region_supported", FieldType::Boolean, "its region has domain mappings (F-19)"),
    field("certificate_mode", FieldType::Text, "who makes the certificate"),
];

pub(super) fn keep(keep: &mut Keep) {
    for path in ["name", "project", "location", "metadata[0].namespace", "spec[0].route_name", "spec[0].certificate_mode"] {
        keep.managed_mut("google_cloud_run_domain_mapping").paths.add(path);
    }
}

pub(super) fn documents(view: &View<'_>) -> Vec<Value> {
    if view.values().is_none() {
        return Vec::new();
    }
    let location = view.place();
    let supported = match &location.state {
        State::Text(region) => view.at("location", Value::bool(supports_domain_mapping(region))),
        _ => location.clone(),
    };
    // The namespace binds; the project counts only where it is unset (google-plans.md).
    let namespace = view.read("metadata[0].namespace");
    let members: Members = vec![
        ("domain", view.read("name")),
        ("target_name", view.read("spec[0].route_name")),
        ("region_supported", supported),
        ("certificate_mode", view.read("spec[0].certificate_mode")),
        ("project", if namespace.is_unset() { view.read("project") } else { namespace }),
        ("service", joined("the service behind it")),
    ];
    vec![view.document(members)]
}
