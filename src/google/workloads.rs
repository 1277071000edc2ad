//! Services and workloads: takes a resource type, gives where on it everything lives that decides who reaches it and
//! what it can reach. It refuses types that run nothing of the user's.
//!
//! A new service type is one entry here, a few lines in `spellings.tsv` and `defaults.tsv`, and no code. Paths are as
//! in the schema; `['key']` is a key of a map. `None`: the type has no such attribute.

/// Which product, in which generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WorkloadKind {
    /// Cloud Run service, Admin API v1.
    ServiceV1,
    /// Cloud Run service, Admin API v2.
    ServiceV2,
    /// Cloud Run job.
    Job,
    /// Cloud Run worker pool.
    WorkerPool,
    /// 1st generation function.
    FunctionGen1,
    /// 2nd generation function.
    FunctionGen2,
    /// A version of an App Engine service, standard environment.
    AppEngineStandard,
    /// A version of an App Engine service, flexible environment.
    AppEngineFlexible,
}

impl WorkloadKind {
    /// Whether it is an HTTP endpoint; jobs and worker pools only call.
    pub const fn is_service(self) -> bool {
        !matches!(self, Self::Job | Self::WorkerPool)
    }

    /// Whether it is a version of an App Engine service.
    pub const fn is_app_engine(self) -> bool {
        matches!(self, Self::AppEngineStandard | Self::AppEngineFlexible)
    }
}

/// Where the ingress setting is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IngressAt {
    /// On the resource itself.
    Here(&'static str),
    /// On another resource, joined by project and service name.
    On {
        /// That resource's type; its literals are spelled as this type's.
        resource: &'static str,
        /// Its attribute with the service's name.
        service: &'static str,
        /// The setting.
        path: &'static str,
    },
    /// There is none: not a service.
    Nowhere,
}

/// The networks that traffic goes into without a connector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interfaces {
    /// Blocks: the list, and in each element network, subnetwork and tags.
    Blocks {
        /// `template[0].vpc_access[0].network_interfaces`.
        list: &'static str,
        /// The attribute of an element that names the network.
        network: &'static str,
        /// The attribute of an element that names the subnetwork.
        subnetwork: &'static str,
        /// The attribute of an element with the network tags.
        tags: Option<&'static str>,
    },
    /// A text that holds JSON: `[{"network": …, "subnetwork": …, "tags": …}]`.
    Json(&'static str),
    /// There are none.
    Nowhere,
}

/// How traffic leaves into a VPC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vpc {
    /// The connector: name or id.
    pub connector: Option<&'static str>,
    /// What goes through the connector.
    pub connector_egress: Option<&'static str>,
    /// Direct VPC egress.
    pub interfaces: Interfaces,
    /// What goes into these networks: the same attribute, except for gen2 functions.
    pub direct_egress: Option<&'static str>,
}

/// Environment variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Env {
    /// Blocks with `name` and `value`; the path of the list.
    Blocks(&'static str),
    /// A map.
    Map(&'static str),
}

/// Where everything is on one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Workload {
    /// The resource type.
    pub resource: &'static str,
    /// Which product.
    pub kind: WorkloadKind,
    /// The service's name.
    pub name: &'static str,
    /// Region, or `global`.
    pub location: Option<&'static str>,
    /// The regions of a service in several.
    pub regions: Option<&'static str>,
    /// The ingress setting.
    pub ingress: IngressAt,
    /// The account it runs as; unset is the default account of its product.
    pub service_account: &'static str,
    /// How traffic leaves into a VPC.
    pub vpc: Vpc,
    /// Labels.
    pub labels: Option<&'static str>,
    /// Description.
    pub description: Option<&'static str>,
    /// Environment variables.
    pub env: Env,
    /// Command line arguments.
    pub args: Option<&'static str>,
    /// Where its URLs are read, the default URL first.
    pub urls: &'static [&'static str],
    /// Tags of revisions, each with a URL of its own.
    pub traffic_tags: Option<&'static str>,
    /// Switches the default URL off.
    pub default_url_disabled: Option<&'static str>,
    /// Switches the check of `run.routes.invoke` off.
    pub invoker_disabled: Option<&'static str>,
    /// Switches IAP on, for all routes.
    pub iap: Option<&'static str>,
    /// Further audiences that ID tokens may have.
    pub custom_audiences: Option<&'static str>,
}

/// The workload that a resource type is.
pub fn workload(resource: &str) -> Option<&'static Workload> {
    all().find(|workload| workload.resource == resource)
}

/// The workload that a resource type is, if it is an HTTP endpoint.
pub fn service(resource: &str) -> Option<&'static Workload> {
    workload(resource).filter(|workload| workload.kind.is_service())
}

/// Every workload type.
pub fn all() -> impl Iterator<Item = &'static Workload> {
    WORKLOADS.iter()
}

/// What most types lack; an entry states what it has.
const BARE: Workload = Workload {
    resource: "",
    kind: WorkloadKind::Job,
    name: "name",
    location: Some("location"),
    regions: None,
    ingress: IngressAt::Nowhere,
    service_account: "",
    vpc: NO_VPC,
    labels: Some("labels"),
    description: None,
    env: Env::Map(""),
    args: None,
    urls: &[],
    traffic_tags: None,
    default_url_disabled: None,
    invoker_disabled: None,
    iap: None,
    custom_audiences: None,
};

const NO_VPC: Vpc = Vpc { connector: None, connector_egress: None, interfaces: Interfaces::Nowhere, direct_egress: None };

const fn blocks(list: &'static str) -> Interfaces {
    Interfaces::Blocks { list, network: "network", subnetwork: "subnetwork", tags: Some("tags") }
}

const APP_ENGINE_INGRESS: IngressAt = IngressAt::On {
    resource: "google_app_engine_service_network_settings",
    service: "service",
    path: "network_settings[0].ingress_traffic_allowed",
};

/// Shared by services and worker pools, whose templates are alike.
const TEMPLATE_VPC: Vpc = Vpc {
    connector: Some("template[0].vpc_access[0].connector"),
    connector_egress: Some("template[0].vpc_access[0].egress"),
    interfaces: blocks("template[0].vpc_access[0].network_interfaces"),
    direct_egress: Some("template[0].vpc_access[0].egress"),
};

static WORKLOADS: [Workload; 8] = [
    Workload {
        resource: "google_cloud_run_v2_service",
        kind: WorkloadKind::ServiceV2,
        regions: Some("multi_region_settings[0].regions"),
        ingress: IngressAt::Here("ingress"),
        service_account: "template[0].service_account",
        vpc: TEMPLATE_VPC,
        description: Some("description"),
        env: Env::Blocks("template[0].containers[*].env"),
        args: Some("template[0].containers[*].args"),
        urls: &["uri", "urls"],
        traffic_tags: Some("traffic[*].tag"),
        default_url_disabled: Some("default_uri_disabled"),
        invoker_disabled: Some("invoker_iam_disabled"),
        iap: Some("iap_enabled"),
        custom_audiences: Some("custom_audiences"),
        ..BARE
    },
    Workload {
        resource: "google_cloud_run_service",
        kind: WorkloadKind::ServiceV1,
        ingress: IngressAt::Here("metadata[0].annotations['run.googleapis.com/ingress']"),
        service_account: "template[0].spec[0].service_account_name",
        vpc: Vpc {
            connector: Some("template[0].metadata[0].annotations['run.googleapis.com/vpc-access-connector']"),
            connector_egress: Some("template[0].metadata[0].annotations['run.googleapis.com/vpc-access-egress']"),
            interfaces: Interfaces::Json("template[0].metadata[0].annotations['run.googleapis.com/network-interfaces']"),
            direct_egress: Some("template[0].metadata[0].annotations['run.googleapis.com/vpc-access-egress']"),
        },
        labels: Some("metadata[0].labels"),
        env: Env::Blocks("template[0].spec[0].containers[*].env"),
        args: Some("template[0].spec[0].containers[*].args"),
        urls: &["status[0].url"],
        traffic_tags: Some("traffic[*].tag"),
        default_url_disabled: Some("metadata[0].annotations['run.googleapis.com/default-url-disabled']"),
        invoker_disabled: Some("metadata[0].annotations['run.googleapis.com/invoker-iam-disabled']"),
        iap: Some("metadata[0].annotations['run.googleapis.com/iap-enabled']"),
        custom_audiences: Some("metadata[0].annotations['run.googleapis.com/custom-audiences']"),
        ..BARE
    },
    Workload {
        resource: "google_cloudfunctions2_function",
        kind: WorkloadKind::FunctionGen2,
        ingress: IngressAt::Here("service_config[0].ingress_settings"),
        service_account: "service_config[0].service_account_email",
        vpc: Vpc {
            connector: Some("service_config[0].vpc_connector"),
            connector_egress: Some("service_config[0].vpc_connector_egress_settings"),
            interfaces: blocks("service_config[0].direct_vpc_network_interface"),
            direct_egress: Some("service_config[0].direct_vpc_egress"),
        },
        description: Some("description"),
        env: Env::Map("service_config[0].environment_variables"),
        urls: &["service_config[0].uri", "url", "service_config[0].gcf_uri"],
        ..BARE
    },
    Workload {
        resource: "google_cloudfunctions_function",
        kind: WorkloadKind::FunctionGen1,
        location: Some("region"),
        ingress: IngressAt::Here("ingress_settings"),
        service_account: "service_account_email",
        vpc: Vpc { connector: Some("vpc_connector"), connector_egress: Some("vpc_connector_egress_settings"), ..NO_VPC },
        description: Some("description"),
        env: Env::Map("environment_variables"),
        urls: &["https_trigger_url"],
        ..BARE
    },
    Workload {
        resource: "google_app_engine_standard_app_version",
        kind: WorkloadKind::AppEngineStandard,
        name: "service",
        location: None,
        ingress: APP_ENGINE_INGRESS,
        service_account: "service_account",
        vpc: Vpc {
            connector: Some("vpc_access_connector[0].name"),
            connector_egress: Some("vpc_access_connector[0].egress_setting"),
            ..NO_VPC
        },
        labels: None,
        env: Env::Map("env_variables"),
        ..BARE
    },
    Workload {
        resource: "google_app_engine_flexible_app_version",
        kind: WorkloadKind::AppEngineFlexible,
        name: "service",
        location: None,
        ingress: APP_ENGINE_INGRESS,
        service_account: "service_account",
        // Instances are VMs in this network (F-38); all of their traffic starts there.
        vpc: Vpc {
            connector: Some("vpc_access_connector[0].name"),
            interfaces: Interfaces::Blocks { list: "network", network: "name", subnetwork: "subnetwork", tags: None },
            ..NO_VPC
        },
        labels: None,
        env: Env::Map("env_variables"),
        ..BARE
    },
    Workload {
        resource: "google_cloud_run_v2_job",
        kind: WorkloadKind::Job,
        service_account: "template[0].template[0].service_account",
        vpc: Vpc {
            connector: Some("template[0].template[0].vpc_access[0].connector"),
            connector_egress: Some("template[0].template[0].vpc_access[0].egress"),
            interfaces: blocks("template[0].template[0].vpc_access[0].network_interfaces"),
            direct_egress: Some("template[0].template[0].vpc_access[0].egress"),
        },
        env: Env::Blocks("template[0].template[0].containers[*].env"),
        args: Some("template[0].template[0].containers[*].args"),
        ..BARE
    },
    Workload {
        resource: "google_cloud_run_v2_worker_pool",
        kind: WorkloadKind::WorkerPool,
        service_account: "template[0].service_account",
        vpc: TEMPLATE_VPC,
        description: Some("description"),
        env: Env::Blocks("template[0].containers[*].env"),
        args: Some("template[0].containers[*].args"),
        ..BARE
    },
];

#[cfg(test)]
#[path = "workloads_tests.rs"]
mod tests;
