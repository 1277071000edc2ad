//! Ingress and VPC egress in one spelling: takes a resource type and a literal, gives the value they stand for, and
//! back. It refuses a literal that the type does not know: that is no value, and not `all` either.

use std::fmt;
use std::sync::LazyLock;

use super::evidence::Evidence;
use super::table;

static TABLE: &str = include_str!("spellings.tsv");

/// Which network callers a service admits, from narrow to wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ingress {
    /// Internal sources only.
    Internal,
    /// These and external Application Load Balancers.
    InternalAndCloudLoadBalancing,
    /// Everybody.
    All,
}

impl Ingress {
    /// The value as reports, policies, gcloud and organisation policies write it (F-33).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::InternalAndCloudLoadBalancing => "internal-and-cloud-load-balancing",
            Self::All => "all",
        }
    }

    /// Reads what `as_str` writes.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Internal, Self::InternalAndCloudLoadBalancing, Self::All].into_iter().find(|value| value.as_str() == text)
    }
}

impl fmt::Display for Ingress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What of a workload's traffic goes to the VPC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Egress {
    /// Only what is addressed to private ranges.
    PrivateRangesOnly,
    /// Everything.
    AllTraffic,
}

impl Egress {
    /// The value as reports, policies and organisation policies write it (F-151).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PrivateRangesOnly => "private-ranges-only",
            Self::AllTraffic => "all-traffic",
        }
    }

    /// Reads what `as_str` writes.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::PrivateRangesOnly, Self::AllTraffic].into_iter().find(|value| value.as_str() == text)
    }
}

impl fmt::Display for Egress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// How one resource type spells one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spelling {
    /// The resource type that has the attribute.
    pub resource: &'static str,
    /// `ingress` or `egress`.
    pub setting: &'static str,
    /// What the configuration says.
    pub literal: &'static str,
    /// The one spelling of it.
    pub value: &'static str,
    /// Whether the provider accepts it in any case.
    pub any_case: bool,
    /// The fact.
    pub evidence: Evidence,
}

/// Every spelling of the table.
pub fn spellings() -> impl Iterator<Item = &'static Spelling> {
    static SPELLINGS: LazyLock<Vec<Spelling>> = LazyLock::new(|| table::rows(TABLE).map(parse).collect());
    SPELLINGS.iter()
}

fn parse(columns: [&'static str; 9]) -> Spelling {
    let [resource, setting, literal, value, case, fact, grade, source, date] = columns;
    let evidence = Evidence::of([fact, grade, source, date]);
    Spelling { resource, setting, literal, value, any_case: case == "any-case", evidence }
}

fn of(resource: &str, setting: &str) -> impl Iterator<Item = &'static Spelling> {
    spellings().filter(move |known| known.resource == resource && known.setting == setting)
}

fn spelled(resource: &str, setting: &str, literal: &str) -> Option<&'static str> {
    let same = |known: &&Spelling| known.literal == literal || known.any_case && known.literal.eq_ignore_ascii_case(literal);
    of(resource, setting).find(same).map(|known| known.value)
}

/// The ingress that a literal of a type stands for.
pub fn normalise(resource: &str, literal: &str) -> Option<Ingress> {
    spelled(resource, "ingress", literal).and_then(Ingress::parse)
}

/// How a type writes an ingress.
pub fn spelling(resource: &str, ingress: Ingress) -> Option<&'static str> {
    let mut known = of(resource, "ingress");
    known.find(|known| known.value == ingress.as_str()).map(|known| known.literal)
}

/// The egress that a literal of a type stands for.
pub fn normalise_egress(resource: &str, literal: &str) -> Option<Egress> {
    spelled(resource, "egress", literal).and_then(Egress::parse)
}

/// How a type writes an egress; for gen2 functions the connector's spelling.
pub fn egress_spelling(resource: &str, egress: Egress) -> Option<&'static str> {
    let mut known = of(resource, "egress");
    known.find(|known| known.value == egress.as_str()).map(|known| known.literal)
}

#[cfg(test)]
mod tests {
    use super::super::evidence::tests::assert_complete;
    use super::*;

    const V1: &str = "google_cloud_run_service";
    const V2: &str = "google_cloud_run_v2_service";
    const GEN1: &str = "google_cloudfunctions_function";
    const GEN2: &str = "google_cloudfunctions2_function";
    const APP: &str = "google_app_engine_service_network_settings";

    #[test]
    fn every_line_is_read() {
        assert_eq!(spellings().count(), table::lines(TABLE).count());
        for known in spellings() {
            assert_complete(&known.evidence);
            let ingress = known.setting == "ingress" && Ingress::parse(known.value).is_some();
            let egress = known.setting == "egress" && Egress::parse(known.value).is_some();
            assert!(ingress || egress, "{known:?}");
        }
    }

    #[test]
    fn five_types_spell_three_values() {
        let (all, internal) = (Some(Ingress::All), Some(Ingress::Internal));
        let balanced = Some(Ingress::InternalAndCloudLoadBalancing);
        assert_eq!(normalise(V2, "INGRESS_TRAFFIC_ALL"), all);
        assert_eq!(normalise(V2, "INGRESS_TRAFFIC_INTERNAL_ONLY"), internal);
        assert_eq!(normalise(V2, "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"), balanced);
        assert_eq!(normalise(V1, "internal-and-cloud-load-balancing"), balanced);
        assert_eq!(normalise(GEN2, "ALLOW_INTERNAL_AND_GCLB"), balanced);
        assert_eq!(normalise(GEN1, "ALLOW_ALL"), all);
        assert_eq!(normalise(APP, "INGRESS_TRAFFIC_ALLOWED_INTERNAL_ONLY"), internal);
        assert_eq!(normalise(APP, "INGRESS_TRAFFIC_ALLOWED_INTERNAL_AND_LB"), balanced);
    }

    #[test]
    fn unspecified_is_all() {
        assert_eq!(normalise(APP, "INGRESS_TRAFFIC_ALLOWED_UNSPECIFIED"), Some(Ingress::All));
        assert_eq!(normalise(V2, "INGRESS_TRAFFIC_UNSPECIFIED"), Some(Ingress::All));
    }

    #[test]
    fn only_gen1_ignores_case() {
        assert_eq!(normalise(GEN1, "allow_internal_only"), Some(Ingress::Internal));
        assert_eq!(normalise(GEN2, "allow_internal_only"), None);
    }

    #[test]
    fn a_literal_of_another_type_is_unknown() {
        assert_eq!(normalise(V2, "internal"), None);
        assert_eq!(normalise(V2, "INGRESS_TRAFFIC_NONE"), None);
        assert_eq!(normalise("google_cloud_run_v2_job", "INGRESS_TRAFFIC_ALL"), None);
    }

    #[test]
    fn a_fix_is_written_in_the_types_own_spelling() {
        let balanced = Ingress::InternalAndCloudLoadBalancing;
        assert_eq!(spelling(V2, balanced), Some("INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"));
        assert_eq!(spelling(V2, Ingress::All), Some("INGRESS_TRAFFIC_ALL"));
        assert_eq!(spelling(APP, Ingress::All), Some("INGRESS_TRAFFIC_ALLOWED_ALL"));
        assert_eq!(egress_spelling(V1, Egress::AllTraffic), Some("all-traffic"));
    }

    #[test]
    fn egress_has_one_spelling_too() {
        let (all, only) = (Some(Egress::AllTraffic), Some(Egress::PrivateRangesOnly));
        assert_eq!(normalise_egress(V2, "ALL_TRAFFIC"), all);
        assert_eq!(normalise_egress(V1, "all"), all);
        assert_eq!(normalise_egress(V1, "private-ranges-only"), only);
        assert_eq!(normalise_egress(GEN2, "VPC_EGRESS_ALL_TRAFFIC"), all);
        assert_eq!(normalise_egress(GEN2, "PRIVATE_RANGES_ONLY"), only);
        let app = "google_app_engine_standard_app_version";
        assert_eq!(normalise_egress(app, "PRIVATE_IP_RANGES"), only);
        assert_eq!(normalise_egress(V2, "all-traffic"), None);
    }

    #[test]
    fn ingress_is_ordered_from_narrow_to_wide() {
        assert!(Ingress::Internal < Ingress::InternalAndCloudLoadBalancing);
        assert!(Ingress::InternalAndCloudLoadBalancing < Ingress::All);
    }
}
