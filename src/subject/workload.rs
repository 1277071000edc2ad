//! Workloads: whatever runs and can call.

use super::egress;
use super::field::{ADDRESS, ADDRESSES, BEFORE, CHANGE, EGRESS, Field, FieldType, KINDS, LOCATION, Members, PLAN, PROJECT, field};
use super::service;
use super::view::{View, joined};
use crate::google::members;
use crate::google::workloads::{self, Workload, WorkloadKind};
use crate::plan::{Keep, Provenance, State, Value};

/// See design.md 4.2.
pub(super) static FIELDS: &[Field] = &[
    ADDRESS,
    PLAN,
    CHANGE,
    PROJECT,
    LOCATION,
    BEFORE,
    field("name", FieldType::Text, "its name"),
    field("kind", KINDS, "which product"),
    field("service_account", FieldType::Text, "the account it runs as (F-114)"),
    field("default_account", FieldType::Boolean, "it runs as the Compute default account, named or by omission (F-114)"),
    field("labels", FieldType::Map(&FieldType::Text), "its labels"),
    field("egress", FieldType::Object(EGRESS_FIELDS), "how its traffic enters a VPC"),
    field("env_refs", ADDRESSES, "what its environment refers to"),
];

static EGRESS_FIELDS: &[Field] = &[
    field("how", FieldType::Enum(&["connector", "direct", "both", "none"]), "what it is attached by (F-133)"),
    field("declared", FieldType::Boolean, "a block for VPC access is there, whatever it holds"),
    field("connector", FieldType::Text, "the connector's name or id"),
    field("network", FieldType::Text, "the network of Direct VPC egress"),
    field("subnetwork", FieldType::Text, "the subnetwork of Direct VPC egress"),
    field("mode", EGRESS, "what is sent there (F-50)"),
];

pub(super) fn keep(keep: &mut Keep) {
    service::keep(keep);
}

pub(super) fn documents(view: &View<'_>) -> Vec<Value> {
    let (Some(workload), Some(_)) = (workloads::workload(&view.resource.kind), view.values()) else { return Vec::new() };
    let members: Members = vec![
        ("name", view.read(workload.name)),
        ("kind", Value::text(service::kind_word(workload.kind))),
        ("service_account", service_account(view, workload)),
        ("default_account", default_account(view, workload)),
        ("labels", workload.labels.map_or_else(Value::null, |path| view.read(path))),
        ("egress", egress::document(view, workload)),
        ("env_refs", joined("what its environment refers to")),
    ];
    vec![view.document(members)]
}

/// The account; by omission it is one that the plan cannot name, since its project's number is not in it.
pub(super) fn service_account(view: &View<'_>, workload: &Workload) -> Value {
    let path = workload.service_account;
    if is_omitted(view, path) {
        return view
            .at(path, Value::unknown(Provenance::Computed, "omitted: the default account applies, whose name holds the project's number"));
    }
    view.read(path)
}

fn is_omitted(view: &View<'_>, path: &str) -> bool {
    match view.find(path) {
        None => true,
        Some(value) => value.is_unset() || value.as_unknown().is_some_and(|unknown| unknown.from == Provenance::Computed),
    }
}

fn default_account(view: &View<'_>, workload: &Workload) -> Value {
    let path = workload.service_account;
    if is_omitted(view, path) {
        let default = match workload.kind {
            WorkloadKind::FunctionGen1 => Value::unknown(
                Provenance::Opaque,
                "omitted: the default account of gen1 functions is App Engine's, which no verified fact says (F-114)",
            ),
            kind if kind.is_app_engine() => Value::bool(false),
            _ => Value::bool(true),
        };
        return view.noted(path, default, "omitted: the Compute default account applies");
    }
    let value = view.read(path);
    match &value.state {
        State::Text(email) => view.at(path, Value::bool(members::is_compute_default(email))),
        // A service account of the configuration is not the default one; the data source of the default one is.
        State::Unknown(unknown) => match unknown.to.as_slice() {
            [one] if unknown.from == Provenance::Reference && one.contains("google_service_account.") => view.at(path, Value::bool(false)),
            [one] if unknown.from == Provenance::Data && one.contains("google_compute_default_service_account.") => {
                view.at(path, Value::bool(true))
            }
            _ => value,
        },
        _ => value,
    }
}
