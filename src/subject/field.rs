//! Field tables: the names, types and meanings of what a policy may read. Loader, schema, documentation and
//! suggestions derive from them.

use crate::plan::Value;

/// A field of a subject.
pub struct Field {
    /// Its name, `snake_case`.
    pub name: &'static str,
    /// Its type.
    pub kind: FieldType,
    /// What it means, one phrase.
    pub about: &'static str,
}

/// The type of a field.
#[derive(Clone, Copy)]
pub enum FieldType {
    /// Text.
    Text,
    /// One of these texts.
    Enum(&'static [&'static str]),
    /// A number.
    Number,
    /// A boolean.
    Boolean,
    /// A list of these.
    List(&'static Self),
    /// A map from any text to these.
    Map(&'static Self),
    /// A map with these fields.
    Object(&'static [Field]),
    /// The subject's own fields as they were before.
    Before,
    /// A resource's attributes, checked against the provider's schema.
    Attributes,
    /// The keys of a resource's configuration, checked likewise.
    Written,
    /// Anything.
    Any,
}

impl FieldType {
    /// For messages and documentation.
    pub fn words(&self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Enum(values) => values.join(" | "),
            Self::Number => "number".to_owned(),
            Self::Boolean => "boolean".to_owned(),
            Self::List(inner) => format!("list of {}", inner.words()),
            Self::Map(inner) => format!("map of {}", inner.words()),
            Self::Object(fields) => format!("{{{}}}", fields.iter().map(|field| field.name).collect::<Vec<_>>().join(", ")),
            Self::Before => "the same fields before, or null".to_owned(),
            Self::Attributes => "attributes of the resource".to_owned(),
            Self::Written => "keys of the configuration".to_owned(),
            Self::Any => "any value".to_owned(),
        }
    }
}

/// A field on one line.
pub const fn field(name: &'static str, kind: FieldType, about: &'static str) -> Field {
    Field { name, kind, about }
}

/// The words of `change`.
pub const CHANGES: FieldType = FieldType::Enum(&["create", "update", "replace", "delete", "no-op", "read", "forget"]);
/// The words of `ingress`.
pub const INGRESS: FieldType = FieldType::Enum(&["all", "internal", "internal-and-cloud-load-balancing"]);
/// The words of an egress mode.
pub const EGRESS: FieldType = FieldType::Enum(&["all-traffic", "private-ranges-only"]);
/// The kinds of services.
pub const KINDS: FieldType =
    FieldType::Enum(&["cloud-run", "cloud-run-v1", "function-gen2", "function-gen1", "app-engine", "job", "worker-pool", "api-gateway"]);
/// A list of addresses.
pub const ADDRESSES: FieldType = FieldType::List(&FieldType::Text);

/// The fields that every subject has.
pub const ADDRESS: Field = field("address", FieldType::Text, "Terraform's address");
/// See [`ADDRESS`].
pub const PLAN: Field = field("plan", FieldType::Text, "label of the plan");
/// See [`ADDRESS`].
pub const CHANGE: Field = field("change", CHANGES, "what the plan does to it");
/// See [`ADDRESS`].
pub const PROJECT: Field = field("project", FieldType::Text, "id of its project");
/// See [`ADDRESS`].
pub const LOCATION: Field = field("location", FieldType::Text, "region or zone, as a short name");
/// See [`ADDRESS`].
pub const BEFORE: Field = field("before", FieldType::Before, "the same fields before the plan, null where there was none");

/// The members of a document under construction.
pub type Members = Vec<(&'static str, Value)>;
