//! The provider's attributes: takes a resource type and a path, gives the attribute there or says what is wrong with
//! the path, with the names that would be right. It refuses to call a path wrong where the table is pruned: below maps
//! and below blocks without lines of their own the answer is "not listed", never "missing".
//!
//! The table has 4,419 lines, and a run asks for a handful of types: start-up finds only where each type begins, and a
//! type's lines are parsed when it is first asked for.

use std::borrow::Cow;
use std::sync::OnceLock;

pub use super::kind::{Flags, Kind, Majors, Omitted, Prim};
pub use super::lookup::{Lookup, Step, children, find};
use super::table;

static TABLE: &str = include_str!("schema.tsv");

/// One attribute or block of a resource type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Where it is: `template[0].vpc_access[0].egress`; `[0]` below a block of at most one, `[*]` below the others.
    pub path: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Required, optional, computed.
    pub flags: Flags,
    /// The provider's default, as JSON.
    pub default: Option<&'static str>,
    /// What a plan that creates the resource shows when the configuration leaves it out.
    pub omitted: Omitted,
    /// The literals that the provider accepts; empty: any.
    pub enum_values: Vec<&'static str>,
    /// The provider's major versions that have it.
    pub majors: Majors,
    /// The path without indices: what lines are sorted by, and searched by for every path of every policy.
    pub(super) key: Cow<'static, str>,
}

impl Attribute {
    /// Whether the provider fills it in.
    pub fn computed(&self) -> bool {
        self.flags.is_computed()
    }

    /// The last segment of the path.
    pub fn name(&self) -> &'static str {
        self.path.rsplit('.').next().unwrap_or(self.path)
    }

    fn parse(line: &'static str) -> Option<Self> {
        let [path, kind, flags, default, omitted, values, majors] = table::columns(line)?;
        Some(Self {
            path,
            kind: Kind::parse(kind)?,
            flags: Flags(flags),
            default: Some(default).filter(|text| !text.is_empty()),
            omitted: Omitted::parse(omitted)?,
            enum_values: values.split('|').filter(|value| !value.is_empty()).collect(),
            majors: Majors(majors),
            key: table::bare(path),
        })
    }
}

struct Section {
    resource: &'static str,
    body: &'static str,
    attributes: OnceLock<Vec<Attribute>>,
}

impl Section {
    fn attributes(&self) -> &[Attribute] {
        self.attributes.get_or_init(|| self.body.lines().filter_map(Attribute::parse).collect())
    }
}

fn sections() -> &'static [Section] {
    static SECTIONS: OnceLock<Vec<Section>> = OnceLock::new();
    SECTIONS.get_or_init(|| {
        let section = |(resource, body)| Section { resource, body, attributes: OnceLock::new() };
        // What precedes the first type is the table's own description.
        let parts = TABLE.split("\n= ").skip(1);
        parts.filter_map(|part| part.split_once('\n')).map(section).collect()
    })
}

fn section(resource: &str) -> Option<&'static Section> {
    let sections = sections();
    let at = sections.binary_search_by(|section| section.resource.cmp(resource)).ok()?;
    sections.get(at)
}

/// Every type of the table, in order.
pub fn types() -> impl Iterator<Item = &'static str> {
    sections().iter().map(|section| section.resource)
}

/// Whether the table has this type.
pub fn has_type(resource: &str) -> bool {
    section(resource).is_some()
}

/// A type's attributes, in the order of their paths without indices; empty for a type that the table lacks.
pub fn attributes(resource: &str) -> &'static [Attribute] {
    section(resource).map_or(&[], Section::attributes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_every_type_and_line_of_the_facts() {
        assert_eq!(types().count(), 197);
        assert_eq!(types().map(|resource| attributes(resource).len()).sum::<usize>(), 4419);
    }

    #[test]
    fn types_and_paths_are_in_the_order_that_search_needs() {
        assert!(types().collect::<Vec<_>>().is_sorted());
        for resource in types() {
            let paths = attributes(resource).iter().map(|attribute| table::bare(attribute.path));
            assert!(paths.collect::<Vec<_>>().is_sorted(), "{resource}");
        }
    }

    #[test]
    fn every_default_is_json() {
        for attribute in types().flat_map(attributes) {
            let default = attribute.default.unwrap_or("null");
            assert!(serde_json::from_str::<serde_json::Value>(default).is_ok(), "{attribute:?}");
        }
    }

    #[test]
    fn ingress_of_a_v2_service_is_as_the_provider_declares_it() {
        let found = attributes("google_cloud_run_v2_service").iter().find(|attribute| attribute.path == "ingress").unwrap();
        assert_eq!(found.kind, Kind::String);
        assert!(found.flags.is_optional() && found.flags.is_computed());
        assert!(!found.flags.is_required() && !found.flags.forces_new());
        assert_eq!(found.omitted, Omitted::Unknown);
        assert_eq!(found.default, None);
        assert_eq!(found.enum_values, ["INGRESS_TRAFFIC_ALL", "INGRESS_TRAFFIC_INTERNAL_ONLY", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"]);
        assert!((4..=8).all(|major| found.majors.has(major)));
    }

    #[test]
    fn an_attribute_knows_which_majors_have_it() {
        let all = attributes("google_cloud_run_v2_service");
        let disabled = all.iter().find(|found| found.path == "default_uri_disabled").unwrap();
        assert!(!disabled.majors.has(4) && disabled.majors.has(6) && disabled.majors.has(7));
        assert!(disabled.majors.is_beta_only(6) && !disabled.majors.is_beta_only(7));
    }

    #[test]
    fn an_unknown_type_has_no_attributes() {
        assert!(!has_type("google_storage_bucket"));
        assert!(attributes("google_storage_bucket").is_empty());
        assert!(has_type("data.google_iam_policy"));
    }
}
