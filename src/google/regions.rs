//! Regions: takes a region, gives whether Cloud Run supports domain mappings there. It refuses to know whether a region
//! exists: one that is not listed does not support them.

use super::evidence::Evidence;
use super::table;

static TABLE: &str = include_str!("regions.tsv");

/// The regions with domain mappings, and the fact.
pub fn domain_mapping_regions() -> impl Iterator<Item = (&'static str, Evidence)> {
    table::rows(TABLE).map(|[region, fact, grade, source, date]| (region, Evidence::of([fact, grade, source, date])))
}

/// Whether Cloud Run supports domain mappings in a region.
pub fn supports_domain_mapping(region: &str) -> bool {
    domain_mapping_regions().any(|(known, _)| known == region)
}

#[cfg(test)]
mod tests {
    use super::super::evidence::tests::assert_complete;
    use super::*;

    #[test]
    fn ten_regions_support_domain_mappings() {
        assert_eq!(domain_mapping_regions().count(), 10);
        assert_eq!(table::lines(TABLE).count(), 10);
        domain_mapping_regions().for_each(|(_, evidence)| assert_complete(&evidence));
    }

    #[test]
    fn europe_west_1_is_one_of_them_and_europe_west_3_is_not() {
        assert!(supports_domain_mapping("europe-west1"));
        assert!(!supports_domain_mapping("europe-west3"));
        assert!(!supports_domain_mapping("global"));
    }
}
