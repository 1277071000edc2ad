//! Services: HTTP endpoints on serverless, five resource types in one shape.

use super::egress;
use super::field::{ADDRESS, ADDRESSES, BEFORE, CHANGE, EGRESS, Field, FieldType, INGRESS, KINDS, LOCATION, Members, PLAN, PROJECT, field};
use super::view::{View, joined};
use crate::google::ingress::{Ingress, normalise};
use crate::google::workloads::{self, IngressAt, Interfaces, Workload, WorkloadKind};
use crate::plan::{Action, Keep, Moment, Provenance, State, Value};
use crate::refs::Written;

/// See design.md 4.2 and 6.
pub(super) static FIELDS: &[Field] = &[
    ADDRESS,
    PLAN,
    CHANGE,
    PROJECT,
    LOCATION,
    BEFORE,
    field("known", FieldType::Enum(&["plan", "context", "referenced"]), "where it is seen"),
    field("kind", KINDS, "which product"),
    field("name", FieldType::Text, "its name"),
    field("previous_address", FieldType::Text, "address before a move"),
    field("ingress", INGRESS, "who ingress admits (F-03, F-28 to F-32)"),
    field(
        "ingress_from",
        FieldType::Enum(&["set", "api-default", "provider-default", "retained"]),
        "why ingress has this value (F-170 to F-172)",
    ),
    field("default_url", FieldType::Enum(&["enabled", "disabled"]), "the run.app URL (F-18, F-99)"),
    field("invoker_check", FieldType::Enum(&["on", "off"]), "whether run.routes.invoke is asked for at all (F-98)"),
    field("anonymous", FieldType::Enum(&["yes", "no"]), "whether anyone may invoke (F-113)"),
    field("iap", FieldType::Enum(&["on", "off"]), "IAP on the service itself (F-93)"),
    field("service_account", FieldType::Text, "the account it runs as (F-114)"),
    field("labels", FieldType::Map(&FieldType::Text), "its labels"),
    field("description", FieldType::Text, "its description"),
    field("egress", FieldType::Object(EGRESS_FIELDS), "how its traffic enters a VPC"),
    field("invokers", FieldType::List(&FieldType::Any), "who may invoke it"),
    field("routes", FieldType::List(&FieldType::Any), "the ways in"),
    field("exposure", FieldType::Enum(&crate::policy::operator::EXPOSURES), "the widest way in"),
    field("exposure_range", FieldType::List(&FieldType::Text), "narrowest and widest where undecided"),
    field("axes", FieldType::Object(AXES), "what each population gets through with"),
    field("callers", ADDRESSES, "what calls it"),
];

static EGRESS_FIELDS: &[Field] = &[field("network", FieldType::Text, "the network"), field("mode", EGRESS, "what is sent there (F-50)")];
static AXIS: FieldType = FieldType::Enum(&["none", "iap", "authenticated", "anonymous"]);
static AXES: &[Field] = &[field("internet", AXIS, "from the internet"), field("internal", AXIS, "from inside")];

/// The word of a kind.
pub(super) fn kind_word(kind: WorkloadKind) -> &'static str {
    match kind {
        WorkloadKind::ServiceV1 => "cloud-run-v1",
        WorkloadKind::ServiceV2 => "cloud-run",
        WorkloadKind::Job => "job",
        WorkloadKind::WorkerPool => "worker-pool",
        WorkloadKind::FunctionGen1 => "function-gen1",
        WorkloadKind::FunctionGen2 => "function-gen2",
        WorkloadKind::AppEngineStandard | WorkloadKind::AppEngineFlexible => "app-engine",
    }
}

/// Adds what services and workloads are made of.
pub(super) fn keep(keep: &mut Keep) {
    for workload in workloads::all() {
        let paths = &mut keep.managed_mut(workload.resource).paths;
        let ingress = if let IngressAt::Here(path) = workload.ingress { Some(path) } else { None };
        let optional = [
            workload.location,
            workload.regions,
            ingress,
            workload.labels,
            workload.description,
            workload.default_url_disabled,
            workload.invoker_disabled,
            workload.iap,
        ];
        let vpc = [workload.vpc.connector, workload.vpc.connector_egress, workload.vpc.direct_egress];
        for path in
            optional.into_iter().chain(vpc).flatten().chain([workload.name, workload.service_account, "project", "location", "region"])
        {
            paths.add(path);
        }
        match workload.vpc.interfaces {
            Interfaces::Blocks { list, .. } => paths.add(list),
            Interfaces::Json(path) => paths.add(path),
            Interfaces::Nowhere => {}
        }
        // A map of which one value is unknown tells it by this one alone (google-plans.md).
        for hidden in crate::google::defaults::hidden_unknowns(workload.resource) {
            paths.add(&format!("{}.{}", hidden.parent, hidden.sibling));
        }
    }
}

pub(super) fn documents(view: &View<'_>) -> Vec<Value> {
    match (workloads::service(&view.resource.kind), view.values()) {
        (Some(workload), Some(_)) => vec![document(view, workload)],
        _ => Vec::new(),
    }
}

fn document(view: &View<'_>, workload: &Workload) -> Value {
    let switch = |path: Option<&str>, words: (&str, &str)| path.map_or_else(|| Value::text(words.1), |path| view.switch(path, words));
    let read = |path: Option<&str>| path.map_or_else(Value::null, |path| view.read(path));
    let previous = view.resource.previous_address.as_deref().map_or_else(Value::null, Value::text);
    let members: Members = vec![
        ("known", Value::text("plan")),
        ("kind", Value::text(kind_word(workload.kind))),
        ("name", view.read(workload.name)),
        ("previous_address", previous),
        ("ingress", ingress(view, workload)),
        ("ingress_from", ingress_from(view, workload)),
        ("default_url", switch(workload.default_url_disabled, ("disabled", "enabled"))),
        ("invoker_check", switch(workload.invoker_disabled, ("off", "on"))),
        ("iap", switch(workload.iap, ("on", "off"))),
        ("service_account", super::workload::service_account(view, workload)),
        ("labels", read(workload.labels)),
        ("description", read(workload.description)),
        ("egress", egress::document(view, workload)),
        ("anonymous", joined("who may invoke")),
        ("invokers", joined("who may invoke")),
        ("routes", joined("the ways in")),
        ("exposure", joined("the exposure")),
        ("exposure_range", joined("the exposure")),
        ("axes", joined("the exposure")),
        ("callers", joined("what calls it")),
    ];
    view.document(members)
}

/// One spelling of ingress over all types.
pub(super) fn ingress(view: &View<'_>, workload: &Workload) -> Value {
    let IngressAt::Here(path) = workload.ingress else { return joined("App Engine's ingress") };
    let all = view.noted(path, Value::text(Ingress::All.as_str()), "omitted: Google applies all");
    view.mapped(path, all, |literal| normalise(&view.resource.kind, literal).map(|ingress| Value::text(ingress.as_str())))
}

/// Why ingress has its value: M-01 asks whether anyone ever set it.
fn ingress_from(view: &View<'_>, workload: &Workload) -> Value {
    let IngressAt::Here(path) = workload.ingress else { return joined("App Engine's ingress") };
    let Some(found) = view.find(path) else { return view.at(path, Value::text("api-default")) };
    if let State::Unknown(_) = found.state {
        return view.read(path);
    }
    // A value read as the default carries that as its evidence.
    if found.is_empty() || found.evidence.is_some() {
        return view.at(path, Value::text("api-default"));
    }
    if workload.kind == WorkloadKind::ServiceV1 {
        return view.at(path, Value::text("set"));
    }
    if view.is_earlier() {
        return earlier(view, path);
    }
    let functions = matches!(workload.kind, WorkloadKind::FunctionGen1 | WorkloadKind::FunctionGen2);
    view.at(
        path,
        match view.written(path) {
            Written::Set | Written::Dynamic => Value::text("set"),
            Written::Omitted | Written::Null if functions => Value::text("provider-default"),
            Written::Omitted | Written::Null => Value::text("retained"),
            Written::Unseen if view.resource.action == Action::NoOp => Value::text("retained"),
            Written::Unseen => Value::unknown(Provenance::Opaque, "the plan has no configuration for it"),
        },
    )
}

/// The earlier configuration is not in the plan. Where the value was the same it counts as written likewise
/// (design.md 1, *change class*).
fn earlier(view: &View<'_>, path: &str) -> Value {
    let after = View { moment: Moment::After, ..*view };
    match (view.find(path), after.find(path)) {
        (Some(before), Some(later)) if before == later => {
            workloads::service(&view.resource.kind).map_or_else(Value::null, |workload| ingress_from(&after, workload))
        }
        _ => view.at(path, Value::unknown(Provenance::Opaque, "the earlier configuration is not in the plan")),
    }
}
