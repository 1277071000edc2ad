//! Members of IAM policies: takes a member or an email, tells everybody, Google's own service agents and the default
//! runtime accounts from the rest. It refuses to resolve groups, domains and principal sets.

use std::sync::LazyLock;

use super::evidence::Evidence;
use super::table;

static TABLE: &str = include_str!("members.tsv");

/// What a member is, beyond one identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKind {
    /// Everybody: `allUsers`, `allAuthenticatedUsers`.
    Public,
    /// A Google-managed service agent.
    ServiceAgent,
    /// Compute's default account, which Cloud Run and gen2 functions run as by default.
    ComputeDefault,
    /// Cloud Build's default account.
    BuildDefault,
    /// App Engine's default account, which gen1 functions run as by default.
    AppEngineDefault,
}

impl MemberKind {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "public" => Self::Public,
            "agent" => Self::ServiceAgent,
            "compute-default" => Self::ComputeDefault,
            "build-default" => Self::BuildDefault,
            "app-engine-default" => Self::AppEngineDefault,
            _ => return None,
        })
    }
}

/// One pattern of members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberPattern {
    /// `#` stands for digits, `*` for anything.
    pub pattern: &'static str,
    /// What it tells.
    pub kind: MemberKind,
    /// A remark for the report.
    pub note: &'static str,
    /// The fact.
    pub evidence: Evidence,
}

/// Every pattern of the table.
pub fn patterns() -> impl Iterator<Item = &'static MemberPattern> {
    static PATTERNS: LazyLock<Vec<MemberPattern>> = LazyLock::new(|| table::rows(TABLE).filter_map(parse).collect());
    PATTERNS.iter()
}

fn parse([pattern, kind, note, fact, grade, source, date]: [&'static str; 7]) -> Option<MemberPattern> {
    let kind = MemberKind::parse(kind)?;
    let evidence = Evidence::of([fact, grade, source, date]);
    Some(MemberPattern { pattern, kind, note, evidence })
}

/// The pattern that a member matches, with or without `serviceAccount:` before it.
pub fn classify(member: &str) -> Option<&'static MemberPattern> {
    let email = email(member).unwrap_or(member);
    patterns().find(|known| table::matches(known.pattern, email))
}

/// The email of a service account as IAM writes the member.
pub fn email(member: &str) -> Option<&str> {
    member.strip_prefix("serviceAccount:")
}

/// Whether the member is everybody; the provider accepts no other case of the two words.
pub fn is_public(member: &str) -> bool {
    is(member, MemberKind::Public)
}

/// Whether the member is a Google-managed service agent; Compute's and Cloud Build's default accounts are not.
pub fn is_service_agent(member: &str) -> bool {
    is(member, MemberKind::ServiceAgent)
}

/// Whether the member or email is Compute's default account.
pub fn is_compute_default(email: &str) -> bool {
    is(email, MemberKind::ComputeDefault)
}

fn is(member: &str, kind: MemberKind) -> bool {
    classify(member).is_some_and(|known| known.kind == kind)
}

#[cfg(test)]
mod tests {
    use super::super::evidence::tests::assert_complete;
    use super::*;

    #[test]
    fn every_line_is_read() {
        assert_eq!(table::lines(TABLE).count(), 8);
        assert_eq!(patterns().count(), 8);
        patterns().for_each(|known| assert_complete(&known.evidence));
    }

    #[test]
    fn everybody_is_public_in_this_spelling_only() {
        assert!(is_public("allUsers") && is_public("allAuthenticatedUsers"));
        assert!(!is_public("allusers") && !is_public("domain:example.com"));
    }

    #[test]
    fn googles_agents_are_told_with_and_without_prefix() {
        for agent in [
            "serviceAccount:service-123@gcp-sa-iap.iam.gserviceaccount.com",
            "service-123@gcp-sa-pubsub.iam.gserviceaccount.com",
            "serviceAccount:service-123@serverless-robot-prod.iam.gserviceaccount.com",
            "service-123@gcf-admin-robot.iam.gserviceaccount.com",
            "123@cloudservices.gserviceaccount.com",
        ] {
            assert!(is_service_agent(agent), "{agent}");
        }
    }

    #[test]
    fn default_accounts_and_users_accounts_are_no_agents() {
        for account in [
            "123-compute@developer.gserviceaccount.com",
            "123@cloudbuild.gserviceaccount.com",
            "shop-app@appspot.gserviceaccount.com",
            "service-a@gcp-sa-iap.iam.gserviceaccount.com",
            "robot@shop-app.iam.gserviceaccount.com",
            "service-123@gcp-sa-iap.iam.gserviceaccount.com.example.com",
        ] {
            assert!(!is_service_agent(account), "{account}");
        }
    }

    #[test]
    fn computes_default_account_has_a_number() {
        assert!(is_compute_default("123-compute@developer.gserviceaccount.com"));
        assert!(is_compute_default("serviceAccount:123-compute@developer.gserviceaccount.com"));
        assert!(!is_compute_default("x-compute@developer.gserviceaccount.com"));
        assert!(!is_compute_default("123-compute@acme.iam.gserviceaccount.com"));
    }
}
