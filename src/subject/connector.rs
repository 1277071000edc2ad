//! Serverless VPC Access connectors.

use super::field::{ADDRESS, ADDRESSES, BEFORE, CHANGE, Field, FieldType, LOCATION, Members, PLAN, PROJECT, field};
use super::view::{View, is_set, joined};
use crate::plan::{Keep, Provenance, State, Value};
use crate::refs::Written;

/// See design.md 4.2.
pub(super) static FIELDS: &[Field] = &[
    ADDRESS,
    PLAN,
    CHANGE,
    PROJECT,
    LOCATION,
    BEFORE,
    field("name", FieldType::Text, "its name, 25 characters at most (F-131)"),
    field("network", FieldType::Text, "its network, of the form with a range (F-130)"),
    field("network_project", FieldType::Text, "project of its network, where the network says it"),
    field("subnet", FieldType::Text, "its subnetwork, of the other form (F-130)"),
    field("subnet_project", FieldType::Text, "project of its subnetwork"),
    field("form", FieldType::Enum(&["network", "subnet", "both", "neither"]), "which form is written (F-130)"),
    field("range", FieldType::Text, "its range, a /28 (F-130)"),
    field("machine_type", FieldType::Text, "machine type"),
    field("sizing", FieldType::Enum(&["instances", "throughput", "both", "half", "none"]), "which pair of limits is given (F-131)"),
    field("min_instances", FieldType::Number, "fewest instances"),
    field("max_instances", FieldType::Number, "most instances"),
    field("min_throughput", FieldType::Number, "least throughput in Mbps"),
    field("max_throughput", FieldType::Number, "most throughput in Mbps"),
    field("used_by", ADDRESSES, "what uses it"),
];

const TYPE: &str = "google_vpc_access_connector";
const LIMITS: [&str; 4] = ["min_instances", "max_instances", "min_throughput", "max_throughput"];

pub(super) fn keep(keep: &mut Keep) {
    for path in ["name", "project", "region", "network", "ip_cidr_range", "subnet", "machine_type"].into_iter().chain(LIMITS) {
        keep.managed_mut(TYPE).paths.add(path);
    }
    for path in ["name", "project"] {
        keep.managed_mut("google_compute_network").paths.add(path);
    }
}

pub(super) fn documents(view: &View<'_>) -> Vec<Value> {
    if view.values().is_none() {
        return Vec::new();
    }
    let [min_instances, max_instances, min_throughput, max_throughput] = LIMITS.map(|path| limit(view, path));
    let members: Members = vec![
        ("name", view.read("name")),
        ("network", view.read("network")),
        ("network_project", network_project(view)),
        ("subnet", view.read("subnet[0].name")),
        ("subnet_project", view.read("subnet[0].project_id")),
        ("form", form(view)),
        ("range", view.read("ip_cidr_range")),
        ("machine_type", view.read("machine_type")),
        ("sizing", sizing(view)),
        ("min_instances", min_instances),
        ("max_instances", max_instances),
        ("min_throughput", min_throughput),
        ("max_throughput", max_throughput),
        ("used_by", joined("what uses it")),
    ];
    vec![view.document(members)]
}

/// Given: known, or not omitted. What the provider computes from the other pair was not given.
fn given(view: &View<'_>, path: &str) -> Option<bool> {
    match view.find(path) {
        Some(value) if value.as_unknown().is_some_and(|unknown| unknown.from == Provenance::Computed) => Some(false),
        found => is_set(found),
    }
}

fn limit(view: &View<'_>, path: &str) -> Value {
    if given(view, path) == Some(false) { view.at(path, Value::null()) } else { view.read(path) }
}

fn sizing(view: &View<'_>) -> Value {
    let given = LIMITS.map(|path| given(view, path));
    let [Some(min_instances), Some(max_instances), Some(min_throughput), Some(max_throughput)] = given else {
        let unknown = LIMITS.into_iter().zip(given).find(|(_, given)| given.is_none());
        return unknown.map_or_else(Value::null, |(path, _)| view.read(path));
    };
    let word = match ((min_instances, max_instances), (min_throughput, max_throughput)) {
        ((true, true), (true, true)) => "both",
        ((true, true), (false, false)) => "instances",
        ((false, false), (true, true)) => "throughput",
        ((false, false), (false, false)) => "none",
        _ => "half",
    };
    let path = LIMITS
        .into_iter()
        .zip([min_instances, max_instances, min_throughput, max_throughput])
        .find(|(_, given)| *given)
        .map_or("min_instances", |(path, _)| path);
    view.at(path, Value::text(word))
}

/// `network` is computed where a subnet is given, so only the configuration tells which form is meant (google-plans.md).
fn form(view: &View<'_>) -> Value {
    let subnet = is_set(view.find("subnet"));
    let network = match view.find("network").map(|value| &value.state) {
        Some(State::Unknown(unknown)) => match unknown.from {
            Provenance::Computed => Some(false),
            _ if unknown.exists => Some(true),
            _ => None,
        },
        None | Some(State::Null) => Some(false),
        // A state shows the network of the subnet as well.
        Some(_) => match view.written("network") {
            Written::Set | Written::Dynamic => Some(true),
            Written::Omitted | Written::Null | Written::Unseen => Some(subnet != Some(true)),
        },
    };
    match (network, subnet) {
        (Some(true), Some(true)) => view.at("network", Value::text("both")),
        (Some(true), Some(false)) => view.at("network", Value::text("network")),
        (Some(false), Some(true)) => view.at("subnet", Value::text("subnet")),
        (Some(false), Some(false)) => view.at("network", Value::text("neither")),
        (None, _) => view.read("network"),
        (_, None) => view.read("subnet"),
    }
}

/// The project in a network's link, or of the network that is referred to.
fn network_project(view: &View<'_>) -> Value {
    let value = view.read("network");
    match &value.state {
        State::Text(link) => match link.split_once("projects/") {
            Some((_, rest)) => view.at("network", Value::text(rest.split('/').next().unwrap_or_default())),
            // A short name is a network of the connector's own project.
            None => view.at("network", Value::null()),
        },
        State::Unknown(unknown) => match unknown.to.as_slice() {
            // A network by its name is one of the connector's own project.
            [one] if one.rsplit('.').next() == Some("name") && unknown.from == Provenance::Reference => view.at("network", Value::null()),
            [one] if unknown.exists => {
                let network = one.rsplit_once('.').and_then(|(address, _)| view.plan.resource(address));
                let project = network.and_then(|network| network.after.as_ref()).and_then(|after| after.get("project")).cloned();
                project.map_or(value, |project| view.at("network", project))
            }
            _ => value,
        },
        _ => value,
    }
}
