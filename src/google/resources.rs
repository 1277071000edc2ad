//! What lies between callers and services: takes a resource type, gives its family and the attributes that name it and
//! lead on from it. It refuses what takes part in no way in or out.

/// What a resource is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// Network endpoint group.
    Neg,
    /// Endpoint of a group.
    NegEndpoint,
    /// Backend service.
    BackendService,
    /// URL map.
    UrlMap,
    /// Target proxy.
    TargetProxy,
    /// Forwarding rule.
    ForwardingRule,
    /// Address.
    Address,
    /// Service attachment of Private Service Connect.
    ServiceAttachment,
    /// Cloud Armor policy.
    SecurityPolicy,
    /// VPC connector.
    Connector,
    /// Network.
    Network,
    /// Subnetwork.
    Subnetwork,
    /// Firewall rule.
    Firewall,
    /// Route.
    Route,
    /// Router.
    Router,
    /// NAT of a router.
    RouterNat,
    /// Peering of two networks.
    Peering,
    /// DNS zone.
    DnsZone,
    /// DNS records.
    DnsRecord,
    /// DNS response policy.
    ResponsePolicy,
    /// Rule of a DNS response policy.
    ResponsePolicyRule,
    /// Domain mapping of Cloud Run.
    DomainMapping,
    /// Ingress of an App Engine service.
    AppEngineIngress,
    /// Custom role.
    CustomRole,
    /// Service account.
    ServiceAccount,
    /// VPC Service Controls perimeter.
    Perimeter,
    /// A project put into a perimeter.
    PerimeterResource,
    /// Organisation policy.
    OrgPolicy,
    /// Host or service project of a Shared VPC.
    SharedVpc,
}

/// One resource type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The type.
    pub resource: &'static str,
    /// What it is for.
    pub family: Family,
    /// The attribute that names it.
    pub name: &'static str,
    /// The attribute with its region; `None`: global, or no place.
    pub region: Option<&'static str>,
    /// The paths that lead on: to the next hop towards a service, or to the network it belongs to.
    pub leads_to: &'static [&'static str],
}

/// The entry of a resource type.
pub fn resource(resource: &str) -> Option<&'static Resource> {
    all().find(|known| known.resource == resource)
}

/// The types of a family.
pub fn of_family(family: Family) -> impl Iterator<Item = &'static Resource> {
    all().filter(move |known| known.family == family)
}

/// Every entry.
pub fn all() -> impl Iterator<Item = &'static Resource> {
    RESOURCES.iter()
}

type Entry = (&'static str, Family, Option<&'static str>, &'static [&'static str]);

const fn named(name: &'static str, entry: Entry) -> Resource {
    let (resource, family, region, leads_to) = entry;
    Resource { resource, family, name, region, leads_to }
}

const fn global(resource: &'static str, family: Family, leads_to: &'static [&'static str]) -> Resource {
    named("name", (resource, family, None, leads_to))
}

const fn regional(resource: &'static str, family: Family, leads_to: &'static [&'static str]) -> Resource {
    named("name", (resource, family, Some("region"), leads_to))
}

/// Where URL maps name backend services; regional ones lack some of these.
const URL_MAP: &[&str] = &[
    "default_service",
    "default_route_action[0].weighted_backend_services[*].backend_service",
    "default_route_action[0].request_mirror_policy[0].backend_service",
    "path_matcher[*].default_service",
    "path_matcher[*].default_route_action[0].weighted_backend_services[*].backend_service",
    "path_matcher[*].default_route_action[0].request_mirror_policy[0].backend_service",
    "path_matcher[*].path_rule[*].service",
    "path_matcher[*].path_rule[*].route_action[0].weighted_backend_services[*].backend_service",
    "path_matcher[*].path_rule[*].route_action[0].request_mirror_policy[0].backend_service",
    "path_matcher[*].route_rules[*].service",
    "path_matcher[*].route_rules[*].route_action[0].weighted_backend_services[*].backend_service",
    "path_matcher[*].route_rules[*].route_action[0].request_mirror_policy[0].backend_service",
];

const SERVERLESS: &[&str] = &[
    "cloud_run[0].service",
    "cloud_function[0].function",
    "app_engine[0].service",
    "serverless_deployment[0].resource",
    "psc_target_service",
];

#[rustfmt::skip] // one entry a line reads as the table it is
static RESOURCES: &[Resource] = &[
    regional("google_compute_region_network_endpoint_group", Family::Neg, SERVERLESS),
    global("google_compute_global_network_endpoint_group", Family::Neg, &[]),
    global("google_compute_network_endpoint_group", Family::Neg, &["network"]),
    named("fqdn", ("google_compute_global_network_endpoint", Family::NegEndpoint, None, &["global_network_endpoint_group"])),
    named("fqdn", ("google_compute_region_network_endpoint", Family::NegEndpoint, Some("region"), &["region_network_endpoint_group"])),
    global("google_compute_backend_service", Family::BackendService, &["backend[*].group"]),
    regional("google_compute_region_backend_service", Family::BackendService, &["backend[*].group"]),
    global("google_compute_url_map", Family::UrlMap, URL_MAP),
    regional("google_compute_region_url_map", Family::UrlMap, URL_MAP),
    global("google_compute_target_http_proxy", Family::TargetProxy, &["url_map"]),
    global("google_compute_target_https_proxy", Family::TargetProxy, &["url_map"]),
    regional("google_compute_region_target_http_proxy", Family::TargetProxy, &["url_map"]),
    regional("google_compute_region_target_https_proxy", Family::TargetProxy, &["url_map"]),
    global("google_compute_target_grpc_proxy", Family::TargetProxy, &["url_map"]),
    global("google_compute_target_tcp_proxy", Family::TargetProxy, &["backend_service"]),
    global("google_compute_target_ssl_proxy", Family::TargetProxy, &["backend_service"]),
    regional("google_compute_region_target_tcp_proxy", Family::TargetProxy, &["backend_service"]),
    global("google_compute_global_forwarding_rule", Family::ForwardingRule, &["target"]),
    regional("google_compute_forwarding_rule", Family::ForwardingRule, &["target", "backend_service"]),
    global("google_compute_global_address", Family::Address, &["network"]),
    regional("google_compute_address", Family::Address, &["subnetwork", "network"]),
    regional("google_compute_service_attachment", Family::ServiceAttachment, &["target_service"]),
    global("google_compute_security_policy", Family::SecurityPolicy, &[]),
    regional("google_compute_region_security_policy", Family::SecurityPolicy, &[]),
    regional("google_vpc_access_connector", Family::Connector, &["network", "subnet[0].name"]),
    global("google_compute_network", Family::Network, &[]),
    regional("google_compute_subnetwork", Family::Subnetwork, &["network"]),
    global("google_compute_firewall", Family::Firewall, &["network"]),
    global("google_compute_route", Family::Route, &["network"]),
    regional("google_compute_router", Family::Router, &["network"]),
    regional("google_compute_router_nat", Family::RouterNat, &["router", "subnetwork[*].name"]),
    global("google_compute_network_peering", Family::Peering, &["network", "peer_network"]),
    global("google_dns_managed_zone", Family::DnsZone, &["private_visibility_config[0].networks[*].network_url", "peering_config[0].target_network[0].network_url"]),
    global("google_dns_record_set", Family::DnsRecord, &["managed_zone"]),
    named("response_policy_name", ("google_dns_response_policy", Family::ResponsePolicy, None, &["networks[*].network_url"])),
    named("rule_name", ("google_dns_response_policy_rule", Family::ResponsePolicyRule, None, &["response_policy"])),
    named("name", ("google_cloud_run_domain_mapping", Family::DomainMapping, Some("location"), &["spec[0].route_name"])),
    named("service", ("google_app_engine_service_network_settings", Family::AppEngineIngress, None, &["service"])),
    named("role_id", ("google_project_iam_custom_role", Family::CustomRole, None, &[])),
    named("role_id", ("google_organization_iam_custom_role", Family::CustomRole, None, &[])),
    named("account_id", ("google_service_account", Family::ServiceAccount, None, &[])),
    global("google_access_context_manager_service_perimeter", Family::Perimeter, &["status[0].resources"]),
    named("perimeter_name", ("google_access_context_manager_service_perimeter_resource", Family::PerimeterResource, None, &["perimeter_name", "resource"])),
    global("google_org_policy_policy", Family::OrgPolicy, &["parent"]),
    named("constraint", ("google_project_organization_policy", Family::OrgPolicy, None, &["project"])),
    named("constraint", ("google_folder_organization_policy", Family::OrgPolicy, None, &["folder"])),
    named("constraint", ("google_organization_policy", Family::OrgPolicy, None, &["org_id"])),
    named("project", ("google_compute_shared_vpc_host_project", Family::SharedVpc, None, &[])),
    named("service_project", ("google_compute_shared_vpc_service_project", Family::SharedVpc, None, &["host_project"])),
];

#[cfg(test)]
mod tests {
    use super::super::schema::attributes;
    use super::*;

    fn has(resource: &str, path: &str) -> bool {
        attributes(resource).iter().any(|attribute| attribute.path == path)
    }

    #[test]
    fn every_path_is_an_attribute_of_its_type() {
        for known in all() {
            assert!(has(known.resource, known.name), "{}.{}", known.resource, known.name);
            assert!(known.region.is_none_or(|region| has(known.resource, region)), "{known:?}");
            for path in known.leads_to {
                let lacking = known.resource == "google_compute_region_url_map";
                assert!(lacking || has(known.resource, path), "{}.{path}", known.resource);
            }
        }
    }

    #[test]
    fn no_type_is_listed_twice() {
        for known in all() {
            assert_eq!(resource(known.resource), Some(known));
        }
    }

    #[test]
    fn a_load_balancer_is_followed_from_rule_to_group() {
        let rule = resource("google_compute_global_forwarding_rule").unwrap();
        assert_eq!((rule.family, rule.leads_to), (Family::ForwardingRule, &["target"][..]));
        let proxy = resource("google_compute_target_https_proxy").unwrap();
        assert_eq!(proxy.leads_to, ["url_map"]);
        let backend = resource("google_compute_backend_service").unwrap();
        assert_eq!(backend.leads_to, ["backend[*].group"]);
        let neg = resource("google_compute_region_network_endpoint_group").unwrap();
        assert!(neg.leads_to.contains(&"cloud_run[0].service"));
        assert_eq!(neg.region, Some("region"));
    }

    #[test]
    fn url_maps_of_both_scopes_share_most_paths() {
        let regional = "google_compute_region_url_map";
        let shared = URL_MAP.iter().filter(|path| has(regional, path)).count();
        assert!(shared >= 8, "{shared}");
    }

    #[test]
    fn what_is_no_way_in_or_out_is_not_listed() {
        assert_eq!(resource("google_storage_bucket"), None);
        assert_eq!(of_family(Family::BackendService).count(), 2);
    }
}
