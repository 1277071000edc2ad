//! IAM resources: takes a resource type, gives what it grants on and how it behaves beside others. It refuses resources
//! that take grants away or only look like grants: `google_project_iam_member_remove`, deny policies, audit configs.

/// How a resource treats the rest of the policy (F-117).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Adds one member to one role.
    Member,
    /// Is all there is for one role.
    Binding,
    /// Is the whole policy.
    Policy,
}

/// What a policy is attached to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// A Cloud Run service; v1 and v2 resources address the same policy.
    Service,
    /// A Cloud Run job.
    Job,
    /// A Cloud Run worker pool.
    WorkerPool,
    /// A gen1 function.
    FunctionGen1,
    /// A gen2 function: not the policy that decides who invokes it (F-118).
    FunctionGen2,
    /// A project; every service in it inherits.
    Project,
    /// A folder.
    Folder,
    /// An organisation.
    Organization,
    /// A service account: who may act as it.
    ServiceAccount,
    /// IAP on a Cloud Run service.
    IapService,
    /// IAP on a global backend service.
    IapBackend,
    /// IAP on a regional backend service.
    IapRegionBackend,
    /// IAP on a forwarding rule.
    IapForwardingRule,
    /// IAP on an App Engine application or service.
    IapAppEngine,
    /// IAP for all of a project.
    IapProject,
}

impl Level {
    /// Whether services below inherit from it.
    pub const fn is_inherited(self) -> bool {
        matches!(self, Self::Project | Self::Folder | Self::Organization)
    }

    /// Whether it says who passes IAP, not who invokes.
    pub const fn is_iap(self) -> bool {
        matches!(
            self,
            Self::IapService | Self::IapBackend | Self::IapRegionBackend | Self::IapForwardingRule | Self::IapAppEngine | Self::IapProject
        )
    }
}

/// The three forms for one kind of parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IamFamily {
    /// The type's name without `_member`, `_binding`, `_policy`.
    pub stem: &'static str,
    /// What the policy is attached to.
    pub level: Level,
    /// The attribute that names it.
    pub target: &'static str,
    /// The attribute with its region.
    pub location: Option<&'static str>,
    /// The attribute with its project; the target itself for project-wide grants.
    pub project: Option<&'static str>,
}

/// One IAM resource type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Iam {
    /// Its family.
    pub family: &'static IamFamily,
    /// Its form.
    pub form: Form,
}

impl Iam {
    /// The attribute with the role; a policy has its roles inside `policy_data`.
    pub const fn role(self) -> Option<&'static str> {
        match self.form {
            Form::Member | Form::Binding => Some("role"),
            Form::Policy => None,
        }
    }

    /// The attribute with who it is granted to.
    pub const fn members(self) -> &'static str {
        match self.form {
            Form::Member => "member",
            Form::Binding => "members",
            Form::Policy => "policy_data",
        }
    }

    /// The block with the condition; a policy has its conditions inside `policy_data`.
    pub const fn condition(self) -> Option<&'static str> {
        match self.form {
            Form::Member | Form::Binding => Some("condition"),
            Form::Policy => None,
        }
    }
}

/// The IAM resource that a type is.
pub fn iam(resource: &str) -> Option<Iam> {
    let forms = [("_member", Form::Member), ("_binding", Form::Binding), ("_policy", Form::Policy)];
    forms.into_iter().find_map(|(suffix, form)| {
        let stem = resource.strip_suffix(suffix)?;
        let family = families().find(|family| family.stem == stem)?;
        Some(Iam { family, form })
    })
}

/// Every family.
pub fn families() -> impl Iterator<Item = &'static IamFamily> {
    FAMILIES.iter()
}

const fn regional(stem: &'static str, level: Level, target: &'static str, location: &'static str) -> IamFamily {
    let (location, project) = (Some(location), Some("project"));
    IamFamily { stem, level, target, location, project }
}

const fn in_project(stem: &'static str, level: Level, target: &'static str) -> IamFamily {
    IamFamily { stem, level, target, location: None, project: Some("project") }
}

const fn outside(stem: &'static str, level: Level, target: &'static str) -> IamFamily {
    IamFamily { stem, level, target, location: None, project: None }
}

static FAMILIES: [IamFamily; 20] = [
    regional("google_cloud_run_service_iam", Level::Service, "service", "location"),
    regional("google_cloud_run_v2_service_iam", Level::Service, "name", "location"),
    regional("google_cloud_run_v2_job_iam", Level::Job, "name", "location"),
    regional("google_cloud_run_v2_worker_pool_iam", Level::WorkerPool, "name", "location"),
    regional("google_cloudfunctions_function_iam", Level::FunctionGen1, "cloud_function", "region"),
    regional("google_cloudfunctions2_function_iam", Level::FunctionGen2, "cloud_function", "location"),
    in_project("google_project_iam", Level::Project, "project"),
    outside("google_folder_iam", Level::Folder, "folder"),
    outside("google_organization_iam", Level::Organization, "org_id"),
    outside("google_service_account_iam", Level::ServiceAccount, "service_account_id"),
    regional("google_iap_web_cloud_run_service_iam", Level::IapService, "cloud_run_service_name", "location"),
    in_project("google_iap_web_backend_service_iam", Level::IapBackend, "web_backend_service"),
    regional("google_iap_web_region_backend_service_iam", Level::IapRegionBackend, "web_region_backend_service", "region"),
    in_project("google_iap_web_forwarding_rule_service_iam", Level::IapForwardingRule, "forwarding_rule_service_name"),
    regional(
        "google_iap_web_region_forwarding_rule_service_iam",
        Level::IapForwardingRule,
        "forwarding_rule_region_service_name",
        "region",
    ),
    in_project("google_iap_web_type_app_engine_iam", Level::IapAppEngine, "app_id"),
    in_project("google_iap_app_engine_service_iam", Level::IapAppEngine, "service"),
    in_project("google_iap_web_type_compute_iam", Level::IapProject, "project"),
    in_project("google_iap_web_iam", Level::IapProject, "project"),
    regional("google_iap_location_web_iam", Level::IapProject, "project", "location"),
];

#[cfg(test)]
mod tests {
    use super::super::schema;
    use super::*;

    #[test]
    fn every_attribute_is_one_of_its_type() {
        for family in families() {
            let resource = format!("{}_member", family.stem);
            let names = schema::children(&resource, "");
            let used = [Some(family.target), family.location, family.project];
            for attribute in used.into_iter().flatten() {
                assert!(names.contains(&attribute), "{resource}.{attribute}");
            }
        }
    }

    #[test]
    fn every_listed_iam_type_with_members_is_known_or_left_out_on_purpose() {
        // Network use and the provider's own lists grant nobody the right to invoke.
        let left_out = ["google_compute_subnetwork_iam_member", "google_iam_deny_policy"];
        for resource in schema::types().filter(|resource| resource.contains("_iam_")) {
            let suffix = ["_member", "_binding", "_policy"];
            let grants = suffix.iter().any(|suffix| resource.ends_with(suffix));
            let known = iam(resource).is_some();
            let expected = grants && !left_out.contains(&resource);
            let expected = expected && resource != "data.google_iam_policy";
            assert_eq!(known, expected, "{resource}");
        }
    }

    #[test]
    fn v1_and_v2_iam_are_on_the_same_level_by_other_attributes() {
        let v1 = iam("google_cloud_run_service_iam_member").unwrap();
        let v2 = iam("google_cloud_run_v2_service_iam_binding").unwrap();
        assert_eq!((v1.family.level, v1.family.target), (Level::Service, "service"));
        assert_eq!((v2.family.level, v2.family.target), (Level::Service, "name"));
        assert_eq!((v1.form, v2.form), (Form::Member, Form::Binding));
        assert_eq!((v1.members(), v2.members()), ("member", "members"));
    }

    #[test]
    fn folders_and_organisations_have_no_project() {
        let folder = iam("google_folder_iam_policy").unwrap();
        assert_eq!(folder.family.project, None);
        assert_eq!((folder.form, folder.role()), (Form::Policy, None));
        assert_eq!(iam("google_organization_iam_member").unwrap().family.target, "org_id");
        assert!(folder.family.level.is_inherited());
    }

    #[test]
    fn a_resource_that_takes_grants_away_grants_nothing() {
        assert_eq!(iam("google_project_iam_member_remove"), None);
        assert_eq!(iam("google_project_iam_audit_config"), None);
        assert_eq!(iam("google_iam_deny_policy"), None);
    }
}
