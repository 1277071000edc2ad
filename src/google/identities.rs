//! Attributes that name their object: takes an attribute's name, gives whether a reference to it has a value as soon as
//! the object exists. It refuses the others: a reference to them may turn out unset.

use super::evidence::Evidence;
use super::table;

static TABLE: &str = include_str!("identities.tsv");

/// Every such attribute, and the fact.
pub fn id_like() -> impl Iterator<Item = (&'static str, Evidence)> {
    table::rows(TABLE).map(|[attribute, fact, grade, source, date, _note]| (attribute, Evidence::of([fact, grade, source, date])))
}

/// Whether the last name of a reference is such an attribute: `id` in `google_compute_network.vpc.id`.
pub fn is_id_like(attribute: &str) -> bool {
    id_like().any(|(known, _)| known == attribute)
}

#[cfg(test)]
mod tests {
    use super::super::evidence::tests::assert_complete;
    use super::*;

    #[test]
    fn every_line_is_read() {
        assert_eq!(id_like().count(), table::lines(TABLE).count());
        id_like().for_each(|(_, evidence)| assert_complete(&evidence));
    }

    #[test]
    fn an_id_exists_with_its_object_and_a_description_need_not() {
        for attribute in ["id", "name", "self_link", "email", "uri"] {
            assert!(is_id_like(attribute), "{attribute}");
        }
        for attribute in ["description", "https_trigger_url", "ingress", ""] {
            assert!(!is_id_like(attribute), "{attribute}");
        }
    }
}
