//! Address ranges of Google's own paths: takes a kind, gives its ranges as text. It refuses to compare addresses: that
//! is for those who have parsed one.

use super::evidence::Evidence;
use super::table;

static TABLE: &str = include_str!("ranges.tsv");

/// What a range is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeKind {
    /// `private.googleapis.com`.
    Private,
    /// `restricted.googleapis.com`.
    Restricted,
    /// What egress firewalls must let out besides these two.
    GoogleApi,
    /// What `private-ranges-only` sends to the VPC.
    PrivateRange,
}

/// One range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// `199.36.153.8/30`.
    pub range: &'static str,
    /// What it is for.
    pub kind: RangeKind,
    /// A remark for the report.
    pub note: &'static str,
    /// The fact.
    pub evidence: Evidence,
}

/// Every range of the table.
pub fn all() -> impl Iterator<Item = Range> {
    table::rows(TABLE).filter_map(|[range, kind, note, fact, grade, source, date]| {
        let kind = match kind {
            "private" => RangeKind::Private,
            "restricted" => RangeKind::Restricted,
            "google-api" => RangeKind::GoogleApi,
            "private-range" => RangeKind::PrivateRange,
            _ => return None,
        };
        Some(Range { range, kind, note, evidence: Evidence::of([fact, grade, source, date]) })
    })
}

/// The ranges of one kind.
pub fn of_kind(kind: RangeKind) -> impl Iterator<Item = Range> {
    all().filter(move |range| range.kind == kind)
}

#[cfg(test)]
mod tests {
    use super::super::evidence::tests::assert_complete;
    use super::*;

    #[test]
    fn every_line_is_read() {
        assert_eq!((all().count(), table::lines(TABLE).count()), (11, 11));
        all().for_each(|range| assert_complete(&range.evidence));
    }

    #[test]
    fn the_two_vips_are_the_documented_ones() {
        let range = |kind| of_kind(kind).map(|range| range.range).collect::<Vec<_>>();
        assert_eq!(range(RangeKind::Private), ["199.36.153.8/30"]);
        assert_eq!(range(RangeKind::Restricted), ["199.36.153.4/30"]);
        assert_eq!(range(RangeKind::PrivateRange).len(), 8);
    }
}
