//! How a workload's traffic enters a VPC: connector, Direct VPC, both (which Google refuses) or neither.

use super::view::{View, is_set};
use crate::google::ingress::{Egress, normalise_egress};
use crate::google::workloads::{Interfaces, Workload};
use crate::plan::{Provenance, State, Value};

/// The document of `egress`.
pub(super) fn document(view: &View<'_>, workload: &Workload) -> Value {
    let connector = workload.vpc.connector.map_or_else(Value::null, |path| view.read(path));
    let attached = Attached::of(view, workload);
    let interface = first_interface(view, workload);
    let part = |name: &str| interface.as_ref().and_then(|interface| interface.get(name)).cloned().unwrap_or_else(Value::null);
    let mut document = Value::map(vec![
        ("how".into(), attached.how(view, workload)),
        ("declared".into(), attached.declared(view, workload)),
        ("connector".into(), connector),
        ("network".into(), part("network")),
        ("subnetwork".into(), part("subnetwork")),
        ("mode".into(), attached.mode(view, workload)),
    ]);
    if let Some(path) = workload.vpc.connector {
        document = view.at(path, document);
    }
    document
}

/// What is attached, as far as it is known.
struct Attached {
    connector: Option<bool>,
    direct: Option<bool>,
}

impl Attached {
    fn of(view: &View<'_>, workload: &Workload) -> Self {
        let connector = workload.vpc.connector.map_or(Some(false), |path| is_set(view.find(path)));
        let direct = match workload.vpc.interfaces {
            Interfaces::Blocks { list, .. } => is_set(view.find(list)),
            Interfaces::Json(path) => is_set(view.find(path)),
            Interfaces::Nowhere => Some(false),
        };
        Self { connector, direct }
    }

    fn how(&self, view: &View<'_>, workload: &Workload) -> Value {
        let path = witness(workload);
        match (self.connector, self.direct) {
            (Some(true), Some(true)) => view.at(path, Value::text("both")),
            (Some(true), Some(false)) => view.at(path, Value::text("connector")),
            (Some(false), Some(true)) => view.at(path, Value::text("direct")),
            (Some(false), Some(false)) => view.at(path, Value::text("none")),
            (connector, _) => {
                let unknown = if connector.is_none() { workload.vpc.connector } else { list(workload) };
                view.at(
                    path,
                    unknown
                        .and_then(|path| view.find(path))
                        .filter(|value| value.as_unknown().is_some())
                        .cloned()
                        .unwrap_or_else(|| Value::unknown(Provenance::Opaque, "how it is attached is not known")),
                )
            }
        }
    }

    /// A `vpc_access` block is written, whatever it holds; types without one are attached or not.
    fn declared(&self, view: &View<'_>, workload: &Workload) -> Value {
        match workload.vpc.connector.and_then(block) {
            Some(block) => match view.find(block) {
                Some(value) if value.as_unknown().is_some() => view.read(block),
                found => view.at(block, Value::bool(found.is_some_and(|value| !value.is_empty()))),
            },
            None => match (self.connector, self.direct) {
                (Some(false), Some(false)) => Value::bool(false),
                (Some(true), _) | (_, Some(true)) => Value::bool(true),
                _ => self.how(view, workload),
            },
        }
    }

    fn mode(&self, view: &View<'_>, workload: &Workload) -> Value {
        let path = match (self.connector, self.direct) {
            (Some(false), Some(false)) => return Value::null(),
            _ if workload.vpc.connector_egress == workload.vpc.direct_egress => workload.vpc.connector_egress,
            (Some(true), Some(false)) => workload.vpc.connector_egress,
            (Some(false), Some(true)) => workload.vpc.direct_egress,
            _ => return self.how(view, workload),
        };
        let Some(path) = path else { return Value::text(Egress::PrivateRangesOnly.as_str()) };
        let unset = view.noted(path, Value::text(Egress::PrivateRangesOnly.as_str()), "omitted: Google applies private-ranges-only");
        view.mapped(path, unset, |literal| normalise_egress(&view.resource.kind, literal).map(|mode| Value::text(mode.as_str())))
    }
}

/// The block that holds connector and interfaces, where the type has one.
fn block(connector: &'static str) -> Option<&'static str> {
    connector.strip_suffix("[0].connector").filter(|block| block.ends_with("vpc_access"))
}

fn list(workload: &Workload) -> Option<&'static str> {
    match workload.vpc.interfaces {
        Interfaces::Blocks { list, .. } => Some(list),
        Interfaces::Json(path) => Some(path),
        Interfaces::Nowhere => None,
    }
}

fn witness(workload: &Workload) -> &'static str {
    workload.vpc.connector.and_then(block).or(workload.vpc.connector).or_else(|| list(workload)).unwrap_or("")
}

/// Network and subnetwork of Direct VPC egress, under these names.
fn first_interface(view: &View<'_>, workload: &Workload) -> Option<Value> {
    match workload.vpc.interfaces {
        Interfaces::Blocks { list, network, subnetwork, .. } => {
            let read = |name: &str| view.read(&format!("{list}[0].{name}"));
            view.find(list)?;
            Some(Value::map(vec![("network".into(), read(network)), ("subnetwork".into(), read(subnetwork))]))
        }
        Interfaces::Json(path) => {
            let found = view.find(path)?;
            let State::Text(text) = &found.state else {
                return Some(Value::map(vec![("network".into(), found.clone()), ("subnetwork".into(), found.clone())]));
            };
            let parsed: serde_json::Value = serde_json::from_str(text).ok()?;
            let first = Value::from(parsed.get(0)?);
            let part = |name: &str| view.at(path, first.get(name).cloned().unwrap_or_else(Value::null));
            Some(Value::map(vec![("network".into(), part("network")), ("subnetwork".into(), part("subnetwork"))]))
        }
        Interfaces::Nowhere => None,
    }
}
