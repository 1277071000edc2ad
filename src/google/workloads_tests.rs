//! Every path of the workload table against the schema.

use super::super::schema::attributes;
use super::*;

fn assert_listed(resource: &str, path: &str) {
    // Keys of maps and the children of computed-only blocks are in no table.
    let listed = path.split_once("['").map_or(path, |(map, _)| map);
    let listed = if listed == "status[0].url" { "status" } else { listed };
    let known = attributes(resource);
    assert!(known.iter().any(|attribute| attribute.path == listed), "{resource}: {path}");
}

fn paths(workload: &Workload) -> Vec<&'static str> {
    let mut paths = vec![workload.name, workload.service_account];
    paths.extend(workload.urls);
    let vpc = workload.vpc;
    let optional = [
        workload.location,
        workload.regions,
        workload.labels,
        workload.description,
        workload.args,
        workload.traffic_tags,
        workload.default_url_disabled,
        workload.invoker_disabled,
        workload.iap,
        workload.custom_audiences,
        vpc.connector,
        vpc.connector_egress,
        vpc.direct_egress,
    ];
    paths.extend(optional.into_iter().flatten());
    if let IngressAt::Here(path) = workload.ingress {
        paths.push(path);
    }
    match vpc.interfaces {
        Interfaces::Blocks { list, .. } => paths.push(list),
        Interfaces::Json(path) => paths.push(path),
        Interfaces::Nowhere => {}
    }
    match workload.env {
        Env::Blocks(path) | Env::Map(path) => paths.push(path),
    }
    paths
}

#[test]
fn every_path_is_an_attribute_of_its_type() {
    for workload in all() {
        for path in paths(workload) {
            assert_listed(workload.resource, path);
        }
    }
}

#[test]
fn every_part_of_an_interface_is_an_attribute_of_its_block() {
    for workload in all() {
        let Interfaces::Blocks { list, network, subnetwork, tags } = workload.vpc.interfaces else {
            continue;
        };
        let names = crate::google::schema::children(workload.resource, list);
        assert!(names.contains(&network) && names.contains(&subnetwork));
        assert!(tags.is_none_or(|tags| names.contains(&tags)));
    }
}

#[test]
fn jobs_and_worker_pools_run_and_serve_nothing() {
    assert!(service("google_cloud_run_v2_job").is_none());
    assert!(service("google_cloud_run_v2_worker_pool").is_none());
    assert!(workload("google_cloud_run_v2_job").is_some());
    assert_eq!(all().filter(|workload| workload.kind.is_service()).count(), 6);
    assert!(workload("google_compute_instance").is_none());
}

#[test]
fn app_engine_keeps_its_ingress_on_another_resource() {
    let version = service("google_app_engine_standard_app_version").unwrap();
    let IngressAt::On { resource, service, path } = version.ingress else {
        panic!("{version:?}");
    };
    assert_listed(resource, path);
    assert_listed(resource, service);
}

#[test]
fn paths_of_a_v1_service_and_a_job_are_the_documented_ones() {
    let v1 = workload("google_cloud_run_service").unwrap();
    let ingress = "metadata[0].annotations['run.googleapis.com/ingress']";
    assert_eq!(v1.ingress, IngressAt::Here(ingress));
    assert_eq!(v1.service_account, "template[0].spec[0].service_account_name");
    let job = workload("google_cloud_run_v2_job").unwrap();
    assert_eq!(job.service_account, "template[0].template[0].service_account");
    let gen2 = workload("google_cloudfunctions2_function").unwrap();
    assert_eq!(gen2.vpc.direct_egress, Some("service_config[0].direct_vpc_egress"));
}

#[test]
fn every_annotation_path_is_on_the_level_where_it_applies() {
    let v1 = workload("google_cloud_run_service").unwrap();
    let mut keys = 0;
    for path in paths(v1).into_iter().filter(|path| path.contains("['")) {
        let (map, key) = path.split_once("['").unwrap();
        let key = key.strip_suffix("']").unwrap();
        let known = crate::google::annotations::annotation(key).unwrap();
        assert_eq!(known.level.path(), map, "{key}");
        keys += 1;
    }
    assert_eq!(keys, 9);
}
