//! Predefined roles: takes a role's name, gives the permissions it carries of those that decide who reaches a service
//! or who can change that. It refuses custom roles: their permissions are in the plan, not here.

use std::sync::LazyLock;

use super::evidence::Evidence;
use super::table;

static TABLE: &str = include_str!("roles.tsv");

/// Invoke a Cloud Run service or a gen2 function (F-110).
pub const INVOKE: &str = "run.routes.invoke";
/// Invoke a gen1 function (F-111).
pub const INVOKE_FUNCTION: &str = "cloudfunctions.functions.invoke";
/// Make a service public (F-112).
pub const SET_POLICY: &str = "run.services.setIamPolicy";
/// Change a service's ingress (F-112).
pub const UPDATE: &str = "run.services.update";
/// Mint an ID token as a service account (F-115).
pub const IMPERSONATE: &str = "iam.serviceAccounts.getOpenIdToken";
/// Deploy a workload that runs as a service account (F-115).
pub const ACT_AS: &str = "iam.serviceAccounts.actAs";

/// One permission of one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role {
    /// `roles/run.invoker`.
    pub name: &'static str,
    /// `run.routes.invoke`.
    pub permission: &'static str,
    /// Whether the role is made for a Google-managed service agent.
    pub agent: bool,
    /// The fact.
    pub evidence: Evidence,
}

/// Every permission of every role of the table.
pub fn all() -> impl Iterator<Item = &'static Role> {
    static ROLES: LazyLock<Vec<Role>> = LazyLock::new(|| table::rows(TABLE).map(parse).collect());
    ROLES.iter()
}

fn parse([name, permission, holder, fact, grade, source, date]: [&'static str; 7]) -> Role {
    let evidence = Evidence::of([fact, grade, source, date]);
    Role { name, permission, agent: holder == "agent", evidence }
}

/// The line that says that a role carries a permission.
pub fn carries(role: &str, permission: &str) -> Option<&'static Role> {
    all().find(|line| line.name == role && line.permission == permission)
}

/// Whether a role lets its members invoke a Cloud Run service.
pub fn carries_invoke(role: &str) -> Option<&'static Role> {
    carries(role, INVOKE)
}

/// Whether a role lets its members invoke a gen1 function. The table is not complete here: a role that carries
/// `run.routes.invoke` and has no line may well.
pub fn carries_function_invoke(role: &str) -> Option<&'static Role> {
    carries(role, INVOKE_FUNCTION)
}

/// Whether a role lets its members mint ID tokens as the account it is granted on.
pub fn impersonates(role: &str) -> Option<&'static Role> {
    carries(role, IMPERSONATE)
}

/// Whether a name is that of a custom role: `projects/P/roles/R` or `organizations/O/roles/R`.
pub fn is_custom(role: &str) -> bool {
    !role.starts_with("roles/") && role.contains("/roles/")
}

#[cfg(test)]
mod tests {
    use super::super::evidence::Grade;
    use super::super::evidence::tests::assert_complete;
    use super::*;

    fn count(permission: &str, agent: bool) -> usize {
        all().filter(|role| role.permission == permission && role.agent == agent).count()
    }

    #[test]
    fn every_line_is_read() {
        assert_eq!(all().count(), table::lines(TABLE).count());
        all().for_each(|role| assert_complete(&role.evidence));
    }

    #[test]
    fn every_line_names_a_known_permission() {
        let known = [INVOKE, INVOKE_FUNCTION, SET_POLICY, UPDATE, IMPERSONATE, ACT_AS];
        assert!(all().all(|role| known.contains(&role.permission)));
        assert!(all().all(|role| role.name.starts_with("roles/")));
    }

    #[test]
    fn sixteen_roles_and_twelve_agent_roles_carry_invoke() {
        assert_eq!(count(INVOKE, false), 16);
        assert_eq!(count(INVOKE, true), 12);
    }

    #[test]
    fn broad_roles_carry_invoke_and_viewers_do_not() {
        for role in ["run.invoker", "run.developer", "editor", "owner", "iam.devOps"] {
            assert!(carries_invoke(&format!("roles/{role}")).is_some(), "{role}");
        }
        for role in ["viewer", "run.viewer", "run.jobsExecutor", "cloudfunctions.invoker"] {
            assert_eq!(carries_invoke(&format!("roles/{role}")), None, "{role}");
        }
        assert!(carries_invoke("roles/run.serviceAgent").unwrap().agent);
        assert!(!carries_invoke("roles/run.invoker").unwrap().agent);
    }

    #[test]
    fn functions_invoker_carries_only_the_functions_permission() {
        let carried = all().filter(|role| role.name == "roles/cloudfunctions.invoker");
        let carried: Vec<_> = carried.map(|role| role.permission).collect();
        assert_eq!(carried, [INVOKE_FUNCTION]);
        let owner = carries_function_invoke("roles/owner").unwrap();
        assert_eq!(owner.evidence.grade, Grade::Memory);
    }

    #[test]
    fn security_admins_may_make_a_service_public_and_not_change_its_ingress() {
        assert!(carries("roles/iam.securityAdmin", SET_POLICY).is_some());
        assert!(carries("roles/iam.securityAdmin", UPDATE).is_none());
        assert!(carries("roles/editor", UPDATE).is_some());
        assert!(carries("roles/editor", SET_POLICY).is_none());
    }

    #[test]
    fn three_roles_impersonate() {
        assert_eq!(count(IMPERSONATE, false), 3);
        assert!(impersonates("roles/iam.serviceAccountTokenCreator").is_some());
        assert!(impersonates("roles/iam.serviceAccountUser").is_none());
    }

    #[test]
    fn a_custom_role_is_told_by_its_name() {
        assert!(is_custom("projects/p/roles/caller"));
        assert!(is_custom("organizations/1/roles/caller"));
        assert!(!is_custom("roles/run.invoker"));
    }
}
