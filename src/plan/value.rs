//! The tree of values that everything below the reader speaks of. Takes nothing from outside; gives the four value
//! states (*known*, *null*, *unknown*, and *absent* as the missing member), each with its sensitivity and its
//! evidence; refuses to guess: an unknown stays one until something decides it (design.md 1, 3).

use super::Number;
use std::fmt::Write as _;
use std::sync::Arc;

/// The name of a member, shared by all maps that have it.
pub type Key = Arc<str>;

/// A value of a plan, or of a subject's document.
#[derive(Clone, Debug)]
pub struct Value {
    /// What is known of it.
    pub state: State,
    /// Terraform marks it sensitive: it may be judged, and is never shown.
    pub sensitive: bool,
    /// Where it comes from, if it is derived; a plain value of a plan is its own evidence.
    pub evidence: Option<Arc<Vec<Evidence>>>,
}

/// The states of a value that is present; absence is a missing member.
#[derive(Clone, Debug)]
pub enum State {
    /// Known to be null.
    Null,
    /// Known boolean.
    Bool(bool),
    /// Known number, all digits.
    Number(Number),
    /// Known text.
    Text(Arc<str>),
    /// List, set or tuple: elements may be unknown each.
    List(Box<[Value]>),
    /// Map, object or block, sorted by key.
    Map(Box<[(Key, Value)]>),
    /// Not known before apply.
    Unknown(Arc<Unknown>),
}

/// Why a value is unknown, and what would make it known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// Its provenance.
    pub from: Provenance,
    /// Addresses or names that it refers to.
    pub to: Vec<String>,
    /// One sentence without full stop.
    pub reason: String,
    /// What would decide it: an attribute, a `context` entry, `--source`.
    pub would_decide: Option<String>,
    /// It is exactly one reference to an id-like attribute of one object that exists after apply: not unset.
    pub exists: bool,
}

/// Where an unknown value comes from (design.md 1). `api-default` is not among them: such a value reads as known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Provenance {
    /// No key in the configuration and no line in the table of defaults.
    Computed,
    /// A reference to an attribute of another resource.
    Reference,
    /// A data source that is read during apply.
    Data,
    /// A local, a function or a dynamic block: not in the file.
    Opaque,
    /// Decided by a join between resources.
    Join,
}

impl Provenance {
    /// Its word in documents and messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Computed => "computed",
            Self::Reference => "reference",
            Self::Data => "data",
            Self::Opaque => "opaque",
            Self::Join => "join",
        }
    }
}

/// One link of a witness: an attribute, the value it has, and what that means.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// Address of the resource.
    pub address: Arc<str>,
    /// Path of the attribute below the resource's values; empty for the resource as a whole.
    pub path: String,
    /// The plan's value there as JSON text, `null` where it is unset; already masked if sensitive.
    pub value: String,
    /// What it means, where the value does not say it.
    pub note: Option<String>,
}

impl Value {
    /// A value without evidence of its own, not sensitive.
    pub fn new(state: State) -> Self {
        Self { state, sensitive: false, evidence: None }
    }

    /// Known null.
    pub fn null() -> Self {
        Self::new(State::Null)
    }

    /// Known text.
    pub fn text(text: &str) -> Self {
        Self::new(State::Text(text.into()))
    }

    /// Known boolean.
    pub fn bool(value: bool) -> Self {
        Self::new(State::Bool(value))
    }

    /// A known list.
    pub fn list(items: Vec<Self>) -> Self {
        Self::new(State::List(items.into()))
    }

    /// A map of members; the last of two equal keys counts.
    pub fn map(mut members: Vec<(Key, Self)>) -> Self {
        members.sort_by(|left, right| left.0.cmp(&right.0));
        members.reverse();
        members.dedup_by(|earlier, later| earlier.0 == later.0);
        members.reverse();
        Self::new(State::Map(members.into()))
    }

    /// An unknown of the given provenance with its reason.
    pub fn unknown(from: Provenance, reason: impl Into<String>) -> Self {
        Self::new(State::Unknown(Arc::new(Unknown { from, to: Vec::new(), reason: reason.into(), would_decide: None, exists: false })))
    }

    /// The same value with this evidence instead of what it had.
    #[must_use]
    pub fn with_evidence(mut self, evidence: Vec<Evidence>) -> Self {
        self.evidence = if evidence.is_empty() { None } else { Some(Arc::new(evidence)) };
        self
    }

    /// The member of a map; `None` where it is absent or this is no map.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.state {
            State::Map(members) => {
                members.binary_search_by(|(name, _)| (**name).cmp(key)).ok().and_then(|at| members.get(at)).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Adds a member to a map, or replaces it; does nothing to anything else.
    pub fn insert(&mut self, key: &str, value: Self) {
        if let State::Map(members) = &mut self.state {
            let mut all = std::mem::take(members).into_vec();
            match all.binary_search_by(|(name, _)| (**name).cmp(key)) {
                Ok(_) => {}
                Err(at) => all.insert(at, (key.into(), Self::null())),
            }
            if let Some((_, slot)) = all.iter_mut().find(|(name, _)| **name == *key) {
                *slot = value;
            }
            *members = all.into();
        }
    }

    /// The element of a list.
    pub fn at(&self, index: usize) -> Option<&Self> {
        self.items().get(index)
    }

    /// The elements of a list; none for anything else.
    pub fn items(&self) -> &[Self] {
        match &self.state {
            State::List(items) => items,
            _ => &[],
        }
    }

    /// The members of a map; none for anything else.
    pub fn members(&self) -> &[(Key, Self)] {
        match &self.state {
            State::Map(members) => members,
            _ => &[],
        }
    }

    /// The text of a known text.
    pub fn as_text(&self) -> Option<&str> {
        match &self.state {
            State::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a known boolean; `"true"` and `"false"` are booleans too, as providers write them in maps.
    pub fn as_bool(&self) -> Option<bool> {
        match &self.state {
            State::Bool(value) => Some(*value),
            State::Text(text) if &**text == "true" => Some(true),
            State::Text(text) if &**text == "false" => Some(false),
            _ => None,
        }
    }

    /// Why it is unknown as a whole, if it is.
    pub fn as_unknown(&self) -> Option<&Arc<Unknown>> {
        match &self.state {
            State::Unknown(unknown) => Some(unknown),
            _ => None,
        }
    }

    /// Null or the empty string (design.md 1: *unset*; absent is the third of them).
    pub fn is_unset(&self) -> bool {
        match &self.state {
            State::Null => true,
            State::Text(text) => text.is_empty(),
            _ => false,
        }
    }

    /// Unset, or a list or map without content: what `exists` and `absent` look at.
    pub fn is_empty(&self) -> bool {
        self.is_unset()
            || matches!(&self.state, State::List(items) if items.is_empty())
            || matches!(&self.state, State::Map(members) if members.is_empty())
    }

    /// Compact JSON for a person or a document: `(sensitive)` and `(known after apply)` stand as text.
    pub fn shown(&self) -> String {
        let mut out = String::new();
        self.write_shown(&mut out);
        out
    }

    /// As a person writes it: text without quotes.
    pub fn plain(&self) -> String {
        match self.as_text() {
            Some(text) if !self.sensitive => text.to_owned(),
            _ => self.shown().trim_matches('"').to_owned(),
        }
    }

    fn write_shown(&self, out: &mut String) {
        if self.sensitive {
            out.push_str("\"(sensitive)\"");
            return;
        }
        match &self.state {
            State::Null => out.push_str("null"),
            State::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            State::Number(number) => out.push_str(number.as_str()),
            State::Text(text) => write_json_text(text, out),
            State::List(items) => write_joined(items, ('[', ']'), out, Self::write_shown),
            State::Map(members) => write_joined(members, ('{', '}'), out, |(key, value), out| {
                write_json_text(key, out);
                out.push(':');
                value.write_shown(out);
            }),
            State::Unknown(_) => out.push_str("\"(known after apply)\""),
        }
    }
}

/// Tables hold their values as JSON.
impl From<&serde_json::Value> for Value {
    fn from(json: &serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::null(),
            serde_json::Value::Bool(value) => Self::bool(*value),
            serde_json::Value::Number(number) => {
                Number::parse(&number.to_string()).map_or_else(Self::null, |number| Self::new(State::Number(number)))
            }
            serde_json::Value::String(text) => Self::text(text),
            serde_json::Value::Array(items) => Self::list(items.iter().map(Self::from).collect()),
            serde_json::Value::Object(members) => {
                Self::map(members.iter().map(|(key, member)| (key.as_str().into(), Self::from(member))).collect())
            }
        }
    }
}

/// Known values are equal as Terraform would say: lists in order, maps by key, numbers by value. Unknown equals nothing.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (&self.state, &other.state) {
            (State::Null, State::Null) => true,
            (State::Bool(left), State::Bool(right)) => left == right,
            (State::Number(left), State::Number(right)) => left == right,
            (State::Text(left), State::Text(right)) => left == right,
            (State::List(left), State::List(right)) => left == right,
            (State::Map(left), State::Map(right)) => left == right,
            _ => false,
        }
    }
}

fn write_joined<T>(items: &[T], (open, close): (char, char), out: &mut String, write: impl Fn(&T, &mut String)) {
    out.push(open);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(item, out);
    }
    out.push(close);
}

fn write_json_text(text: &str, out: &mut String) {
    // A string always serializes; the fallback keeps the document valid.
    let _ = write!(out, "{}", serde_json::to_string(text).unwrap_or_else(|_| "\"\"".to_owned()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_two_equal_keys_counts() {
        let map = Value::map(vec![("a".into(), Value::bool(true)), ("b".into(), Value::null()), ("a".into(), Value::bool(false))]);
        assert_eq!(map.get("a").and_then(Value::as_bool), Some(false));
        assert_eq!(map.members().len(), 2);
    }

    #[test]
    fn a_sensitive_value_is_never_shown() {
        let mut secret = Value::text("hunter2");
        secret.sensitive = true;
        assert_eq!(Value::list(vec![secret, Value::text("x")]).shown(), r#"["(sensitive)","x"]"#);
    }

    #[test]
    fn unknown_equals_nothing_not_even_itself() {
        let unknown = Value::unknown(Provenance::Opaque, "a local");
        assert!(unknown != unknown.clone());
    }
}
