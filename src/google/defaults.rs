//! What Google applies where the configuration says nothing: takes a type and a path, gives the value that an omitted
//! attribute there ends up with. It refuses to guess: without a line in the table there is no default.
//!
//! Whether an attribute *was* omitted is the plan's business, and so is that an update keeps what was there before.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::Value;

use super::evidence::Evidence;
use super::table;

static TABLE: &str = include_str!("defaults.tsv");
static HIDDEN: &str = include_str!("hidden.tsv");
static SUPPLIED: &str = include_str!("supplied.tsv");

/// One default.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiDefault {
    /// The resource type; `*` in it stands for anything.
    pub resource: &'static str,
    /// Where: `[0]` below a block of at most one, `[*]` below the others, `['key']` in a map.
    pub path: &'static str,
    /// What applies: `[]` or `{}` for a container, which is then empty for every path below it; `null` where Google
    /// fills in nothing.
    pub value: Value,
    /// The same as the table writes it: JSON.
    pub json: &'static str,
    /// The fact.
    pub evidence: Evidence,
    /// A remark for the report; may be empty.
    pub note: &'static str,
}

impl ApiDefault {
    /// Whether it is a container, empty for every path below it.
    pub const fn is_container(&self) -> bool {
        matches!(self.value, Value::Array(_) | Value::Object(_))
    }

    /// The value in a sentence: a text without its quotes, a container or nothing in words.
    pub fn shown(&self) -> &'static str {
        match self.json {
            "[]" | "{}" => "nothing: it is empty",
            "null" => "nothing",
            json => json.trim_matches('"'),
        }
    }

    fn parse(columns: [&'static str; 8]) -> Option<Self> {
        let [resource, path, json, fact, grade, source, date, note] = columns;
        Some(Self {
            resource,
            path,
            value: serde_json::from_str(json).ok()?,
            json,
            evidence: Evidence::of([fact, grade, source, date]),
            note: if note == "-" { "" } else { note },
        })
    }
}

type ByPath = HashMap<String, Vec<ApiDefault>>;

fn by_path() -> &'static ByPath {
    static BY_PATH: OnceLock<ByPath> = OnceLock::new();
    BY_PATH.get_or_init(|| {
        let mut by_path = ByPath::new();
        for default in table::rows(TABLE).filter_map(ApiDefault::parse) {
            let key = table::bare(default.path).into_owned();
            by_path.entry(key).or_default().push(default);
        }
        by_path
    })
}

/// The default of an attribute; which elements the path names does not matter.
pub fn default_for(resource: &str, path: &str) -> Option<&'static ApiDefault> {
    let candidates = by_path().get(&*table::bare(path))?;
    candidates.iter().find(|default| table::matches(default.resource, resource))
}

/// A map that a plan shows as null or empty, and not as unknown, although one of its values is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HiddenUnknown {
    /// The resource type.
    pub resource: &'static str,
    /// The block that holds the map: a path without indices.
    pub parent: &'static str,
    /// The map.
    pub attribute: &'static str,
    /// The attribute beside it that tells: it is marked unknown.
    pub sibling: &'static str,
    /// The fact.
    pub evidence: Evidence,
}

/// The maps of a type in which an unknown hides.
pub fn hidden_unknowns(resource: &str) -> impl Iterator<Item = HiddenUnknown> {
    let parsed = table::rows(HIDDEN).map(|[resource, parent, attribute, sibling, fact, grade, source, date]| HiddenUnknown {
        resource,
        parent,
        attribute,
        sibling,
        evidence: Evidence::of([fact, grade, source, date]),
    });
    parsed.filter(move |hidden| hidden.resource == resource)
}

/// The types of which any resource in the plan shows that this block, unknown and without a key in the configuration,
/// was not omitted.
pub fn supplied_by(resource: &str, path: &str) -> Vec<&'static str> {
    let path = table::bare(path);
    table::rows(SUPPLIED)
        .filter(|[kind, block, ..]: &[_; 7]| *kind == resource && table::bare(block) == path)
        .map(|[_, _, supplier, ..]| supplier)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::evidence::tests::assert_complete;
    use super::super::schema;
    use super::*;

    fn value(resource: &str, path: &str) -> Option<Value> {
        default_for(resource, path).map(|default| default.value.clone())
    }

    #[test]
    fn every_line_is_read() {
        let parsed: Vec<_> = table::rows(TABLE).filter_map(ApiDefault::parse).collect();
        assert_eq!(parsed.len(), table::lines(TABLE).count());
        for default in &parsed {
            assert_complete(&default.evidence);
        }
    }

    #[test]
    fn every_line_names_an_attribute_of_the_schema() {
        for default in table::rows(TABLE).filter_map(ApiDefault::parse) {
            let types: Vec<_> = schema::types().filter(|resource| table::matches(default.resource, resource)).collect();
            assert!(!types.is_empty(), "{}", default.resource);
            let (path, _key) = default.path.split_once("['").unwrap_or((default.path, ""));
            for resource in types {
                let known = schema::attributes(resource);
                assert!(known.iter().any(|attribute| attribute.path == path), "{path}");
            }
        }
    }

    #[test]
    fn an_unset_v2_ingress_is_all() {
        let service = "google_cloud_run_v2_service";
        assert_eq!(value(service, "ingress"), Some(json!("INGRESS_TRAFFIC_ALL")));
        assert_eq!(value(service, "invoker_iam_disabled"), Some(json!(false)));
        assert_eq!(value(service, "launch_stage"), Some(json!("GA")));
    }

    #[test]
    fn an_unset_egress_is_private_ranges_only() {
        let only = Some(json!("PRIVATE_RANGES_ONLY"));
        let path = "template[0].vpc_access[0].egress";
        assert_eq!(value("google_cloud_run_v2_service", path), only);
        assert_eq!(value("google_cloud_run_v2_worker_pool", path), only);
        let path = "template[0].template[0].vpc_access[0].egress";
        assert_eq!(value("google_cloud_run_v2_job", path), only);
        assert_eq!(value("google_cloudfunctions_function", "vpc_connector_egress_settings"), only);
        assert_eq!(
            value("google_cloudfunctions2_function", "service_config[0].direct_vpc_egress"),
            Some(json!("VPC_EGRESS_PRIVATE_RANGES_ONLY"))
        );
    }

    #[test]
    fn which_element_a_path_names_does_not_matter() {
        let service = "google_compute_backend_service";
        let third = default_for(service, "backend[3].max_utilization").unwrap();
        assert_eq!(third.value, Value::Null);
        assert_eq!(default_for(service, "backend[*].max_utilization"), Some(third));
    }

    #[test]
    fn both_backend_services_share_a_line_and_only_the_global_one_has_a_protocol() {
        let (global, regional) = ("google_compute_backend_service", "google_compute_region_backend_service");
        assert_eq!(value(global, "timeout_sec"), Some(json!(30)));
        assert_eq!(value(regional, "port_name"), Some(json!("http")));
        assert_eq!(value(global, "protocol"), Some(json!("HTTP")));
        assert_eq!(value(regional, "protocol"), None);
        assert!(default_for(regional, "iap").unwrap().is_container());
    }

    #[test]
    fn omitted_v1_metadata_is_an_empty_container() {
        let service = "google_cloud_run_service";
        assert_eq!(value(service, "metadata"), Some(json!([])));
        assert_eq!(value(service, "template[0].metadata"), Some(json!([])));
        assert_eq!(value(service, "template[0].metadata[0].annotations"), Some(json!({})));
        let key = "metadata[0].annotations['run.googleapis.com/ingress']";
        assert_eq!(value(service, key), Some(json!("all")));
    }

    #[test]
    fn network_defaults_are_googles() {
        let subnet = "google_compute_subnetwork";
        assert_eq!(value(subnet, "private_ip_google_access"), Some(json!(false)));
        assert_eq!(value(subnet, "purpose"), Some(json!("PRIVATE")));
        assert_eq!(value("google_compute_firewall", "direction"), Some(json!("INGRESS")));
        assert_eq!(value("google_compute_forwarding_rule", "ip_protocol"), Some(json!("TCP")));
    }

    #[test]
    fn what_has_no_literal_default_has_none() {
        let service = "google_cloud_run_v2_service";
        assert_eq!(value(service, "template[0].service_account"), None);
        assert_eq!(value(service, "traffic"), None);
        assert_eq!(value("google_compute_forwarding_rule", "load_balancing_scheme"), None);
    }

    #[test]
    fn a_default_is_shown_in_words() {
        let shown = |resource, path| default_for(resource, path).map(ApiDefault::shown);
        let service = "google_cloud_run_v2_service";
        assert_eq!(shown(service, "ingress"), Some("INGRESS_TRAFFIC_ALL"));
        assert_eq!(shown(service, "iap_enabled"), Some("false"));
        let backend = "google_compute_backend_service";
        assert_eq!(shown(backend, "iap"), Some("nothing: it is empty"));
        assert_eq!(shown(backend, "backend[0].max_rate"), Some("nothing"));
    }

    #[test]
    fn an_unknown_hides_in_the_annotations_of_v1() {
        let hidden: Vec<_> = hidden_unknowns("google_cloud_run_service").collect();
        let [hidden] = hidden.as_slice() else {
            panic!("{hidden:?}");
        };
        assert_eq!((hidden.parent, hidden.attribute), ("metadata", "annotations"));
        assert_eq!(hidden.sibling, "effective_annotations");
        assert_complete(&hidden.evidence);
        assert_eq!(hidden_unknowns("google_cloud_run_v2_service").count(), 0);
    }

    #[test]
    fn an_iap_grant_shows_that_iap_is_there() {
        let global = supplied_by("google_compute_backend_service", "iap");
        assert!(global.contains(&"google_iap_client"));
        assert!(global.contains(&"google_iap_web_backend_service_iam_member"));
        let regional = supplied_by("google_compute_region_backend_service", "iap");
        assert!(regional.contains(&"google_iap_web_region_backend_service_iam_binding"));
        assert_eq!((global.len(), regional.len()), (4, 4));
        assert_eq!(table::lines(SUPPLIED).count(), 8);
        assert!(supplied_by("google_compute_backend_service", "cdn_policy").is_empty());
    }
}
