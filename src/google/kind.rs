//! The words of the schema table: takes a cell, gives what it means; a word that the table does not define is refused.

/// What a primitive holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prim {
    /// Text.
    String,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// `true` or `false`.
    Bool,
}

impl Prim {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "string" => Self::String,
            "int" => Self::Int,
            "float" => Self::Float,
            "bool" => Self::Bool,
            _ => return None,
        })
    }
}

/// What an attribute holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    String,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// `true` or `false`.
    Bool,
    /// A list of primitives.
    List(Prim),
    /// A set of primitives: its order in a plan means nothing.
    Set(Prim),
    /// A map from text to primitives.
    Map(Prim),
    /// Nested blocks in a list; whether there is at most one, where the table can tell.
    BlockList(Option<bool>),
    /// Nested blocks in a set: their order in a plan means nothing.
    BlockSet,
    /// One object without an index: only `timeouts`.
    Object,
}

impl Kind {
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(prim) = Prim::parse(text) {
            return Some(match prim {
                Prim::String => Self::String,
                Prim::Int => Self::Int,
                Prim::Float => Self::Float,
                Prim::Bool => Self::Bool,
            });
        }
        Some(match text {
            "block" => Self::BlockList(None),
            "block1" => Self::BlockList(Some(true)),
            "block*" => Self::BlockList(Some(false)),
            "blockset" => Self::BlockSet,
            _ => {
                let (outer, inner) = text.strip_suffix('>')?.split_once('<')?;
                let inner = Prim::parse(inner)?;
                match outer {
                    "list" => Self::List(inner),
                    "set" => Self::Set(inner),
                    "map" => Self::Map(inner),
                    _ => return None,
                }
            }
        })
    }

    /// Whether it is a set, of blocks or of primitives: no index means anything in it.
    pub const fn is_set(self) -> bool {
        matches!(self, Self::Set(_) | Self::BlockSet)
    }

    /// Whether it is a nested block.
    pub const fn is_block(self) -> bool {
        matches!(self, Self::BlockList(_) | Self::BlockSet)
    }

    /// Whether it is a block of which there is at most one.
    pub const fn max_one(self) -> bool {
        matches!(self, Self::BlockList(Some(true)))
    }

    /// Whether it is a list or a set, of blocks or of primitives.
    pub const fn is_list(self) -> bool {
        self.is_block() || matches!(self, Self::List(_) | Self::Set(_))
    }

    /// Whether it is a map or an object: names follow, no indices.
    pub const fn is_map(self) -> bool {
        matches!(self, Self::Map(_) | Self::Object)
    }

    /// What a scalar, an element of a list of primitives or a value of a map is.
    pub const fn prim(self) -> Option<Prim> {
        Some(match self {
            Self::String => Prim::String,
            Self::Int => Prim::Int,
            Self::Float => Prim::Float,
            Self::Bool => Prim::Bool,
            Self::List(prim) | Self::Set(prim) | Self::Map(prim) => prim,
            Self::BlockList(_) | Self::BlockSet | Self::Object => return None,
        })
    }
}

/// Required, optional, computed, and what a change or a report has to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flags(pub(super) &'static str);

impl Flags {
    /// The configuration must state it.
    pub fn is_required(self) -> bool {
        self.0.contains('R')
    }

    /// The configuration may state it.
    pub fn is_optional(self) -> bool {
        self.0.contains('O')
    }

    /// The provider fills it in.
    pub fn is_computed(self) -> bool {
        self.0.contains('C')
    }

    /// A change replaces the resource.
    pub fn forces_new(self) -> bool {
        self.0.contains('F')
    }

    /// Its value is a secret.
    pub fn is_sensitive(self) -> bool {
        self.0.contains('S')
    }
}

/// Which of the provider's major versions 4 to 8 have an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Majors(pub(super) &'static str);

impl Majors {
    /// Whether this major has it, if only in google-beta.
    pub fn has(self, major: u8) -> bool {
        self.of(major).is_some_and(|mark| mark != b'-')
    }

    /// Whether in this major only google-beta has it.
    pub fn is_beta_only(self, major: u8) -> bool {
        self.of(major) == Some(b'b')
    }

    fn of(self, major: u8) -> Option<u8> {
        let at = usize::from(major.checked_sub(4)?);
        self.0.as_bytes().get(at).copied()
    }
}

/// What a plan that creates the resource shows for an attribute that the configuration leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Omitted {
    /// `null`.
    Null,
    /// Unknown: the key is absent and `after_unknown` says `true`.
    Unknown,
    /// Terraform refuses the configuration.
    Refused,
    /// `[]`.
    Empty,
    /// The provider's default.
    Default,
    /// `""`, `0`, `false` or `[]`: inside a set of blocks.
    Zero,
    /// `"DELETE"` or the provider's own setting, known.
    DeletionPolicy,
    /// The provider's project, known from 5.0.0.
    ProviderProject,
    /// The provider's region, known from 5.0.0.
    ProviderRegion,
    /// The provider's zone, known from 5.0.0.
    ProviderZone,
    /// Known when the labels are, from 5.0.0.
    FromLabels,
    /// Known when the annotations are, from 5.0.0.
    FromAnnotations,
    /// Known when account id and project are, from 6.13.0.
    FromAccount,
    /// Always `null`: never kept.
    WriteOnly,
    /// `null`, although there is a default.
    Suppressed,
}

impl Omitted {
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "null" => Self::Null,
            "unknown" => Self::Unknown,
            "error" => Self::Refused,
            "[]" => Self::Empty,
            "default" => Self::Default,
            "zero" => Self::Zero,
            "delete" => Self::DeletionPolicy,
            "project" => Self::ProviderProject,
            "region" => Self::ProviderRegion,
            "zone" => Self::ProviderZone,
            "labels" => Self::FromLabels,
            "annotations" => Self::FromAnnotations,
            "account" => Self::FromAccount,
            "write-only" => Self::WriteOnly,
            "suppressed" => Self::Suppressed,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_the_table_is_read() {
        assert_eq!(Kind::parse("map<string>"), Some(Kind::Map(Prim::String)));
        assert_eq!(Kind::parse("set<int>"), Some(Kind::Set(Prim::Int)));
        assert_eq!(Kind::parse("block1"), Some(Kind::BlockList(Some(true))));
        assert_eq!(Kind::parse("float"), Some(Kind::Float));
        assert_eq!(Kind::parse("tuple<string>"), None);
        assert_eq!(Kind::parse(""), None);
    }

    #[test]
    fn a_set_of_blocks_is_a_set_and_a_block() {
        assert!(Kind::BlockSet.is_set() && Kind::BlockSet.is_block() && !Kind::BlockSet.max_one());
        assert!(!Kind::BlockList(None).max_one());
        assert_eq!(Kind::List(Prim::String).prim(), Some(Prim::String));
    }
}
