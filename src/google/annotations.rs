//! Annotations of Cloud Run v1: takes a key, gives the level it belongs to; a key on the other level does nothing. It
//! refuses keys that say nothing about reachability.

use super::evidence::Evidence;
use super::table;

static TABLE: &str = include_str!("annotations.tsv");

/// Where an annotation belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// `metadata[0].annotations`.
    Service,
    /// `template[0].metadata[0].annotations`.
    Revision,
}

impl Level {
    /// The map that holds annotations of this level.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Service => "metadata[0].annotations",
            Self::Revision => "template[0].metadata[0].annotations",
        }
    }
}

/// One annotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// `run.googleapis.com/ingress`.
    pub key: &'static str,
    /// Where it belongs.
    pub level: Level,
    /// The fact.
    pub evidence: Evidence,
}

/// Every annotation of the table.
pub fn all() -> impl Iterator<Item = Annotation> {
    table::rows(TABLE).filter_map(|[key, level, fact, grade, source, date]| {
        let level = match level {
            "service" => Level::Service,
            "revision" => Level::Revision,
            _ => return None,
        };
        Some(Annotation { key, level, evidence: Evidence::of([fact, grade, source, date]) })
    })
}

/// The annotation with this key.
pub fn annotation(key: &str) -> Option<Annotation> {
    all().find(|known| known.key == key)
}

#[cfg(test)]
mod tests {
    use super::super::evidence::tests::assert_complete;
    use super::*;

    #[test]
    fn every_line_is_read() {
        assert_eq!((all().count(), table::lines(TABLE).count()), (8, 8));
        all().for_each(|known| assert_complete(&known.evidence));
    }

    #[test]
    fn ingress_belongs_to_the_service_and_egress_to_the_revision() {
        let level = |key: &str| annotation(&format!("run.googleapis.com/{key}")).unwrap().level;
        for key in ["ingress", "default-url-disabled", "invoker-iam-disabled", "iap-enabled"] {
            assert_eq!(level(key), Level::Service, "{key}");
        }
        for key in ["vpc-access-connector", "vpc-access-egress", "network-interfaces"] {
            assert_eq!(level(key), Level::Revision, "{key}");
        }
        assert_eq!(annotation("autoscaling.knative.dev/maxScale"), None);
    }
}
