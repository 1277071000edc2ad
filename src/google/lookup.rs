//! Paths against the schema: takes a type and the steps of a path, gives what is there, or which names would be. It
//! refuses to say "missing" of what the table left out.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::kind::{Flags, Kind, Majors, Omitted};
use super::schema::{Attribute, attributes, has_type};
use super::table::bare;

/// One step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// A member by name.
    Name(&'a str),
    /// An element: a number or `[*]`.
    Index,
}

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// The attribute.
    Found(&'static Attribute),
    /// One element of it: the path ends with an index.
    Element(&'static Attribute),
    /// A key of this map: any key is right.
    MapKey(&'static Attribute),
    /// Below this block or object, whose attributes the table leaves out: perhaps right.
    Unlisted(&'static Attribute),
    /// This block, list or set is followed by a name: the index is missing.
    Unindexed(&'static Attribute),
    /// Something follows that can hold nothing: below a scalar, or an index into a map or (`None`) the resource.
    TooDeep(Option<&'static Attribute>),
    /// No such name in this block, or (`None`) in the resource.
    Missing {
        /// The block.
        parent: Option<&'static Attribute>,
        /// The names that there are.
        candidates: Vec<&'static str>,
    },
    /// The path has no step.
    Root,
    /// The table lacks the type.
    UnknownType,
}

// Every resource has these; the provider's source states them nowhere, since its framework adds them.
static COMMON: LazyLock<[Attribute; 2]> = LazyLock::new(|| {
    let common = |path, kind, flags, omitted| Attribute {
        path,
        kind,
        flags: Flags(flags),
        default: None,
        omitted,
        enum_values: Vec::new(),
        majors: Majors("45678"),
        key: Cow::Borrowed(path),
    };
    [common("id", Kind::String, "C", Omitted::Unknown), common("timeouts", Kind::Object, "O", Omitted::Null)]
});

#[derive(Clone, Copy)]
enum At {
    Inside(Option<&'static Attribute>),
    On(&'static Attribute),
    Element(&'static Attribute),
    Key(&'static Attribute),
}

/// Looks a path up in a type.
pub fn find(resource: &str, path: &[Step<'_>]) -> Lookup {
    if !has_type(resource) {
        return Lookup::UnknownType;
    }
    let mut at = At::Inside(None);
    for step in path {
        at = match advance(resource, at, *step) {
            Ok(next) => next,
            Err(answer) => return answer,
        };
    }
    match at {
        At::Inside(None) => Lookup::Root,
        At::On(attribute) => Lookup::Found(attribute),
        At::Inside(Some(attribute)) | At::Element(attribute) => Lookup::Element(attribute),
        At::Key(map) => Lookup::MapKey(map),
    }
}

fn advance(resource: &str, at: At, step: Step<'_>) -> Result<At, Lookup> {
    match (at, step) {
        (At::Inside(block), Step::Name(name)) => member(resource, block, name),
        (At::On(here), Step::Index) if here.kind.is_block() => Ok(At::Inside(Some(here))),
        (At::On(here), Step::Index) if here.kind.is_list() => Ok(At::Element(here)),
        (At::On(here), Step::Name(_)) => match here.kind {
            Kind::Map(_) => Ok(At::Key(here)),
            Kind::Object => Err(Lookup::Unlisted(here)),
            kind if kind.is_list() => Err(Lookup::Unindexed(here)),
            _ => Err(Lookup::TooDeep(Some(here))),
        },
        (At::Inside(block), Step::Index) => Err(Lookup::TooDeep(block)),
        (At::On(here) | At::Element(here) | At::Key(here), _) => Err(Lookup::TooDeep(Some(here))),
    }
}

fn member(resource: &str, block: Option<&'static Attribute>, name: &str) -> Result<At, Lookup> {
    let prefix = block.map_or("", |block| block.path);
    let names = || below(resource, prefix);
    if let Some(found) = names().find(|attribute| attribute.name() == name) {
        return Ok(At::On(found));
    }
    match block {
        Some(block) if names().next().is_none() => Err(Lookup::Unlisted(block)),
        parent => {
            let candidates = names().map(Attribute::name).collect();
            Err(Lookup::Missing { parent, candidates })
        }
    }
}

/// The names directly below a path, `""` for the resource itself; indices in the path do not matter.
pub fn children(resource: &str, prefix: &str) -> Vec<&'static str> {
    if !has_type(resource) {
        return Vec::new();
    }
    below(resource, prefix).map(Attribute::name).collect()
}

fn below(resource: &str, prefix: &str) -> impl Iterator<Item = &'static Attribute> + use<> {
    let all = attributes(resource);
    let start = match prefix {
        "" => String::new(),
        prefix => format!("{}.", bare(prefix)),
    };
    // Without indices `.` sorts before every character of a name, so what is below a path stands together.
    let from = all.partition_point(|attribute| *attribute.key < *start);
    let listed = all.get(from..).unwrap_or_default();
    let common: &[Attribute] = if start.is_empty() { &*COMMON } else { &[] };
    let added = common.iter().filter(|common| !all.iter().any(|listed| listed.path == common.path));
    let under = move |attribute: &&Attribute| attribute.key.starts_with(&start);
    let depth = 1 + prefix.matches('.').count() + usize::from(!prefix.is_empty());
    let direct = move |attribute: &&Attribute| attribute.path.split('.').count() == depth;
    listed.iter().take_while(under).filter(direct).chain(added)
}

#[cfg(test)]
mod tests {
    use super::Step::{Index, Name};
    use super::*;

    const SERVICE: &str = "google_cloud_run_v2_service";

    fn found(resource: &str, path: &[Step<'_>]) -> &'static Attribute {
        match find(resource, path) {
            Lookup::Found(attribute) | Lookup::Element(attribute) => attribute,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn egress_of_a_v2_service_is_a_text_with_two_literals() {
        let path = [Name("template"), Index, Name("vpc_access"), Index, Name("egress")];
        let egress = found(SERVICE, &path);
        assert_eq!(egress.path, "template[0].vpc_access[0].egress");
        assert_eq!(egress.kind, Kind::String);
        assert_eq!(egress.enum_values, ["ALL_TRAFFIC", "PRIVATE_RANGES_ONLY"]);
    }

    #[test]
    fn a_name_that_is_not_there_gets_the_names_that_are() {
        let Lookup::Missing { parent: None, candidates } = find(SERVICE, &[Name("ingres")]) else {
            panic!("`ingres` exists");
        };
        assert!(candidates.contains(&"ingress"));
        assert!(candidates.contains(&"id"));
        assert!(!candidates.contains(&"egress"));
        let path = [Name("template"), Index, Name("vpc_access"), Index, Name("egres")];
        let Lookup::Missing { parent: Some(parent), candidates } = find(SERVICE, &path) else {
            panic!("`egres` exists");
        };
        assert_eq!(parent.path, "template[0].vpc_access");
        assert_eq!(candidates, ["connector", "egress", "network_interfaces"]);
    }

    #[test]
    fn a_block_needs_an_index() {
        let template = found(SERVICE, &[Name("template")]);
        let path = [Name("template"), Name("vpc_access")];
        assert_eq!(find(SERVICE, &path), Lookup::Unindexed(template));
        assert!(template.kind.max_one());
    }

    #[test]
    fn what_the_table_leaves_out_is_not_called_missing() {
        let path = [Name("template"), Index, Name("volumes"), Index, Name("nfs"), Index];
        let Lookup::Unlisted(volumes) = find(SERVICE, &path) else {
            panic!("volumes are listed");
        };
        assert_eq!(volumes.path, "template[0].volumes");
        let labels = found(SERVICE, &[Name("labels")]);
        assert_eq!(find(SERVICE, &[Name("labels"), Name("a.b")]), Lookup::MapKey(labels));
        assert!(matches!(find(SERVICE, &[Name("timeouts"), Name("create")]), Lookup::Unlisted(_)));
    }

    #[test]
    fn elements_of_lists_and_blocks_are_found() {
        let audiences = found(SERVICE, &[Name("custom_audiences")]);
        let path = [Name("custom_audiences"), Index];
        assert_eq!(find(SERVICE, &path), Lookup::Element(audiences));
        let path = [Name("backend"), Index];
        let backend = found("google_compute_backend_service", &path);
        assert!(backend.kind.is_set() && !backend.kind.max_one());
    }

    #[test]
    fn nothing_is_below_a_scalar() {
        let ingress = found(SERVICE, &[Name("ingress")]);
        let below = Lookup::TooDeep(Some(ingress));
        assert_eq!(find(SERVICE, &[Name("ingress"), Index]), below);
        assert_eq!(find(SERVICE, &[Name("ingress"), Name("x")]), below);
        assert_eq!(find(SERVICE, &[Index]), Lookup::TooDeep(None));
    }

    #[test]
    fn every_type_has_an_id_and_no_other_type_a_self_link() {
        assert_eq!(found(SERVICE, &[Name("id")]).kind, Kind::String);
        assert!(matches!(find(SERVICE, &[Name("self_link")]), Lookup::Missing { .. }));
        assert_eq!(found("google_compute_network", &[Name("self_link")]).kind, Kind::String);
    }

    #[test]
    fn a_type_that_the_table_lacks_is_unknown() {
        assert_eq!(find("google_storage_bucket", &[Name("name")]), Lookup::UnknownType);
        assert_eq!(children("google_storage_bucket", ""), Vec::<&str>::new());
    }

    #[test]
    fn children_are_direct_and_ignore_indices() {
        let interfaces = "template[0].vpc_access[3].network_interfaces";
        assert_eq!(children(SERVICE, interfaces), ["network", "subnetwork", "tags"]);
        assert_eq!(children(SERVICE, "ingress"), Vec::<&str>::new());
        let service = children("google_app_engine_service_network_settings", "");
        assert_eq!(service, ["network_settings", "project", "service", "id", "timeouts"]);
    }

    fn steps(path: &str) -> Vec<Step<'_>> {
        let names = path.split('.').map(|segment| segment.split('[').next().unwrap());
        let steps = names.flat_map(|name| [Index, Name(name)]);
        steps.skip(1).collect()
    }

    #[test]
    fn every_listed_path_is_found_as_itself() {
        for resource in crate::google::schema::types() {
            for attribute in attributes(resource) {
                assert_eq!(found(resource, &steps(attribute.path)), attribute, "{resource}");
            }
        }
    }
}
