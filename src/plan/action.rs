//! What a plan does to a resource. Takes the format's words, gives the one word of design.md 1; refuses to guess at
//! words that the format does not define so far.

/// Managed resource or data source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// `resource`.
    Managed,
    /// `data`.
    Data,
    /// Anything else that the format may hold, `ephemeral` for one.
    Other,
}

/// What a plan does to a resource (design.md 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Made.
    Create,
    /// Changed in place.
    Update,
    /// Destroyed and made, in either order, or made beside a forgotten one.
    Replace,
    /// Destroyed.
    Delete,
    /// Left as it is; may be moved or imported.
    NoOp,
    /// A data source read during apply.
    Read,
    /// Dropped from the state, kept at Google.
    Forget,
    /// A word that the format does not define so far.
    Other,
}

impl Action {
    /// All words, in the order of the format's documentation.
    pub const WORDS: [&str; 7] = ["create", "update", "replace", "delete", "no-op", "read", "forget"];

    /// The word of design.md 1.
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Replace => "replace",
            Self::Delete => "delete",
            Self::NoOp => "no-op",
            Self::Read => "read",
            Self::Forget => "forget",
            Self::Other => "other",
        }
    }

    /// Reads the plan's list of words (plan-json.md 2.3).
    pub fn of<S: AsRef<str>>(actions: &[S]) -> Self {
        let words: Vec<&str> = actions.iter().map(AsRef::as_ref).collect();
        match words.as_slice() {
            ["no-op"] => Self::NoOp,
            ["create"] => Self::Create,
            ["read"] => Self::Read,
            ["update"] => Self::Update,
            ["delete"] => Self::Delete,
            ["forget"] => Self::Forget,
            ["delete" | "forget", "create"] | ["create", "delete" | "forget"] => Self::Replace,
            _ => Self::Other,
        }
    }

    /// The object exists after apply.
    pub fn exists_after(self) -> bool {
        matches!(self, Self::Create | Self::Update | Self::Replace | Self::NoOp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_of_actions_has_its_word() {
        for (actions, word) in [
            (&["no-op"][..], "no-op"),
            (&["create"], "create"),
            (&["read"], "read"),
            (&["update"], "update"),
            (&["delete", "create"], "replace"),
            (&["create", "delete"], "replace"),
            (&["delete"], "delete"),
            (&["forget"], "forget"),
            (&["create", "forget"], "replace"),
            (&["forget", "create"], "replace"),
            (&["open"], "other"),
        ] {
            assert_eq!(Action::of(actions).word(), word, "{actions:?}");
        }
    }
}
