//! One entry of `resource_changes` or of a state. Takes the entry's bytes, gives the resource with the attributes that
//! are kept, and refuses a key that stands twice where parsers would differ in what they make of it (plan-json.md 6.3).

use super::keep::{Drop, Keep, Kept, Paths};
use super::sniff::{Head, head, roles};
use super::tree::{Names, Tree, mark_sensitive, merge};
use super::{Action, Address, Mode, Resource, Roster, State, Value};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

/// An entry as read. Of a type that is not kept it has just what the roster needs.
#[derive(Debug)]
pub(super) enum Entry<'r> {
    Kept(Box<Resource>),
    Passed { address: Cow<'r, str>, kind: Cow<'r, str>, name: Cow<'r, str>, mode: Mode, exists: bool, strange: Option<Box<str>> },
}

/// Reads an entry of `resource_changes`, `resource_drift` or a state's `resources`.
#[derive(Clone, Copy)]
pub(super) struct EntrySeed<'k> {
    pub(super) keep: &'k Keep,
    pub(super) names: &'k Names,
    /// Addresses whose values are known already: those of a state are stepped over.
    pub(super) known: Option<&'k Roster>,
}

#[derive(Default)]
struct Parts<'de> {
    address: Cow<'de, str>,
    previous_address: Option<Box<str>>,
    mode: Option<Mode>,
    kind: Option<Cow<'de, str>>,
    name: Cow<'de, str>,
    index: Option<Value>,
    provider: Cow<'de, str>,
    deposed: Option<Box<str>>,
    actions: Vec<Box<str>>,
    values: Option<Values>,
    seen: u32,
}

/// The value trees of a change, or the one of a state.
#[derive(Default)]
struct Values {
    actions: Vec<Box<str>>,
    before: Option<Value>,
    after: Option<Value>,
    unknown: Option<Value>,
    before_sensitive: Option<Value>,
    after_sensitive: Option<Value>,
}

const ENTRY_KEYS: [&str; 10] =
    ["address", "previous_address", "mode", "type", "name", "index", "provider_name", "deposed", "change", "values"];
const CHANGE_KEYS: [&str; 6] = ["actions", "before", "after", "after_unknown", "before_sensitive", "after_sensitive"];

/// Marks a key as seen; a second time is an error.
fn once<E: Error>(keys: &[&str], key: &str, seen: &mut u32) -> Result<(), E> {
    if let Some(at) = keys.iter().position(|known| *known == key) {
        if *seen & (1 << at) != 0 {
            return Err(E::custom(format_args!("the key `{key}` stands twice in one change")));
        }
        *seen |= 1 << at;
    }
    Ok(())
}

impl<'de> DeserializeSeed<'de> for EntrySeed<'_> {
    type Value = Entry<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Entry<'de>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for EntrySeed<'_> {
    type Value = Entry<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a resource with address, mode, type and name")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entry<'de>, A::Error> {
        let mut parts = Parts::default();
        let mut raw: Vec<(bool, Box<RawValue>)> = Vec::new();
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            once(&ENTRY_KEYS, &key, &mut parts.seen)?;
            match &*key {
                "values" if self.known.is_some_and(|known| known.has(&parts.address)) => drop(map.next_value::<IgnoredAny>()?),
                "change" | "values" => match parts.type_so_far() {
                    Some((mode, kind)) => {
                        let kept = self.kept(mode, &kind);
                        let seed = ValuesSeed { paths: kept.as_ref().map(|kept| &kept.paths), names: self.names, change: key == "change" };
                        parts.values = Some(map.next_value_seed(seed)?);
                    }
                    // Keys in another order than Terraform's (`jq -S` of an entry without address first).
                    None => raw.push((key == "change", map.next_value()?)),
                },
                _ => self.scalar(&key, &mut parts, &mut map)?,
            }
        }
        if let Some((change, text)) = raw.pop() {
            let (mode, kind) = parts.type_so_far().ok_or_else(|| A::Error::custom("a resource without type"))?;
            let mut deserializer = serde_json::Deserializer::from_str(text.get());
            deserializer.disable_recursion_limit();
            let values = self.values((mode, &kind), change, &mut deserializer).map_err(A::Error::custom)?;
            parts.values = Some(values);
        }
        self.entry(parts).ok_or_else(|| A::Error::custom("a resource without address, type or name"))
    }
}

impl EntrySeed<'_> {
    fn kept(self, mode: Mode, kind: &str) -> Option<Rc<Kept>> {
        (mode != Mode::Other).then(|| self.keep.of(mode == Mode::Data, kind)).flatten()
    }

    fn values<'de, D: Deserializer<'de>>(self, (mode, kind): (Mode, &str), change: bool, deserializer: D) -> Result<Values, D::Error> {
        let kept = self.kept(mode, kind);
        ValuesSeed { paths: kept.as_ref().map(|kept| &kept.paths), names: self.names, change }.deserialize(deserializer)
    }

    fn scalar<'de, A: MapAccess<'de>>(self, key: &str, parts: &mut Parts<'de>, map: &mut A) -> Result<(), A::Error> {
        match key {
            "address" => parts.address = map.next_value()?,
            "type" => parts.kind = Some(map.next_value()?),
            "name" => parts.name = map.next_value()?,
            "provider_name" => parts.provider = map.next_value()?,
            "previous_address" => parts.previous_address = Some(map.next_value()?),
            "deposed" | "deposed_key" => parts.deposed = Some(map.next_value()?),
            "index" => parts.index = Some(map.next_value_seed(Tree::new(&Paths::All, self.names))?),
            "mode" => {
                parts.mode = Some(match &*map.next_value::<Cow<'de, str>>()? {
                    "managed" => Mode::Managed,
                    "data" => Mode::Data,
                    _ => Mode::Other,
                });
            }
            _ => {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn entry<'de>(self, mut parts: Parts<'_>) -> Option<Entry<'de>> {
        let (mode, kind) = parts.type_so_far().map(|(mode, kind)| (mode, self.names.key(&kind)))?;
        if parts.name.is_empty() || parts.address.is_empty() {
            return None;
        }
        let mut values = parts.values.take().unwrap_or_default();
        let actions = if values.actions.is_empty() { std::mem::take(&mut parts.actions) } else { std::mem::take(&mut values.actions) };
        let action = if actions.is_empty() { Action::NoOp } else { Action::of(&actions) };
        let kept = self.kept(mode, &kind);
        let passed = |strange| Entry::Passed {
            address: parts.address.to_string().into(),
            kind: kind.to_string().into(),
            name: parts.name.to_string().into(),
            mode,
            exists: action.exists_after(),
            strange,
        };
        let Some(kept) = kept.filter(|_| action != Action::Other) else {
            return Some(passed((action == Action::Other).then(|| actions.join(", ").into())));
        };
        let (before, after) = values.sides();
        if kept.drop.is_some_and(|drop| self.drops(drop, before.as_deref(), after.as_deref())) {
            return Some(passed(None));
        }
        Some(Entry::Kept(Box::new(Resource {
            module: self.names.key(Address::module_prefix(&parts.address)),
            address: (*parts.address).into(),
            previous_address: parts.previous_address.map(Arc::from),
            mode,
            kind,
            name: self.names.key(&parts.name),
            index: parts.index,
            provider: self.names.key(&parts.provider),
            actions,
            action,
            deposed: parts.deposed,
            before,
            after,
            expressions: None,
            prior_only: false,
        })))
    }

    fn drops(self, Drop::OtherGrants: Drop, before: Option<&Value>, after: Option<&Value>) -> bool {
        let Some(goes) = self.keep.goes else { return false };
        [before, after].into_iter().flatten().all(|value| value.get("role").and_then(Value::as_text).is_some_and(goes))
    }

    /// Reads an entry from its text: most are not kept, and their head tells it.
    pub(super) fn read(self, raw: &[u8]) -> Result<Entry<'_>, serde_json::Error> {
        if let Some(passed) = head(raw).and_then(|head| self.passed(head, raw)) {
            return Ok(passed);
        }
        let mut deserializer = serde_json::Deserializer::from_slice(raw);
        deserializer.disable_recursion_limit();
        self.deserialize(&mut deserializer)
    }

    fn passed<'r>(self, head: Head<'r>, raw: &[u8]) -> Option<Entry<'r>> {
        let kept = self.kept(head.mode, &head.kind);
        let is_known = head.action.is_none() && self.known.is_some_and(|known| known.has(&head.address));
        let goes = || kept.as_ref()?.drop.zip(self.keep.goes).zip(roles(raw)).map(|((_, goes), roles)| roles.iter().all(|role| goes(role)));
        if head.action == Some(Action::Other) || !(kept.is_none() || is_known || goes() == Some(true)) {
            return None;
        }
        let exists = head.action.is_none_or(Action::exists_after);
        Some(Entry::Passed { address: head.address, kind: head.kind, name: head.name, mode: head.mode, exists, strange: None })
    }
}

impl Parts<'_> {
    /// Mode and type, from the address where their own keys have not come yet.
    fn type_so_far(&self) -> Option<(Mode, Cow<'_, str>)> {
        if let (Some(mode), Some(kind)) = (self.mode, self.kind.as_deref()) {
            return Some((mode, Cow::Borrowed(kind)));
        }
        let address = Address::parse(&self.address)?;
        Some((self.mode.unwrap_or(if address.data { Mode::Data } else { Mode::Managed }), Cow::Owned(address.kind)))
    }
}

impl Values {
    /// The two sides, sensitivity and unknowns merged in; one copy where they are equal. What is sensitive on one side is
    /// so on the other: Terraform marks a side only from the run in which the mark came.
    fn sides(self) -> (Option<Arc<Value>>, Option<Arc<Value>>) {
        let known = |value: Option<Value>| value.filter(|value| !matches!(value.state, State::Null));
        let (was, is) = (self.before_sensitive, self.after_sensitive);
        let marked = |mut value: Value| {
            for marks in [&was, &is].into_iter().flatten() {
                mark_sensitive(&mut value, marks);
            }
            value
        };
        let before = known(self.before).map(marked).map(Arc::new);
        let after = merge(known(self.after), self.unknown).map(marked);
        match (before, after) {
            (Some(before), Some(after)) if *before == after => (Some(Arc::clone(&before)), Some(before)),
            (before, after) => (before, after.map(Arc::new)),
        }
    }
}

struct ValuesSeed<'k> {
    paths: Option<&'k Paths>,
    names: &'k Names,
    /// A change with its trees, and not the values of a state.
    change: bool,
}

impl<'de> DeserializeSeed<'de> for ValuesSeed<'_> {
    type Value = Values;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Values, D::Error> {
        match (self.change, self.paths) {
            (true, _) => deserializer.deserialize_map(self),
            (false, Some(paths)) => {
                let value = Tree::new(paths, self.names).deserialize(deserializer)?;
                Ok(Values { before: Some(value.clone()), after: Some(value), ..Values::default() })
            }
            (false, None) => serde::Deserialize::deserialize(deserializer).map(|_: IgnoredAny| Values::default()),
        }
    }
}

impl<'de> Visitor<'de> for ValuesSeed<'_> {
    type Value = Values;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a change with its actions")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Values, A::Error> {
        let mut values = Values::default();
        let mut seen = 0;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            once(&CHANGE_KEYS, &key, &mut seen)?;
            let slot = match &*key {
                "actions" => {
                    values.actions = map.next_value()?;
                    continue;
                }
                "before" => &mut values.before,
                "after" => &mut values.after,
                "after_unknown" => &mut values.unknown,
                "before_sensitive" => &mut values.before_sensitive,
                "after_sensitive" => &mut values.after_sensitive,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            match self.paths {
                Some(paths) => *slot = Some(map.next_value_seed(Tree::new(paths, self.names))?),
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(values)
    }
}

/// The value trees of a change on a name, for callers that hold them already (examples of policies).
pub(crate) fn sides(before: Option<Value>, after: Option<Value>) -> (Option<Arc<Value>>, Option<Arc<Value>>) {
    Values { before, after, ..Values::default() }.sides()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry<'t>(text: &'t str, keep: &Keep) -> Result<Entry<'t>, serde_json::Error> {
        let names = Names::default();
        EntrySeed { keep, names: &names, known: None }.deserialize(&mut serde_json::Deserializer::from_str(text))
    }

    fn kept(text: &str) -> Resource {
        match entry(text, &Keep::everything()).unwrap() {
            Entry::Kept(resource) => *resource,
            Entry::Passed { .. } => panic!("passed"),
        }
    }

    #[test]
    fn the_order_of_keys_does_not_matter() {
        let change = r#""change":{"actions":["create"],"before":null,"after":{"a":1},"after_unknown":{"b":true},"before_sensitive":false,"after_sensitive":{}}"#;
        let texts = [
            format!(r#"{{"address":"module.m[\"k\"].t.n[0]","mode":"managed","type":"t","name":"n","index":0,{change}}}"#),
            format!(r#"{{{change},"type":"t","name":"n","mode":"managed","index":0,"address":"module.m[\"k\"].t.n[0]"}}"#),
        ];
        for text in texts {
            let resource = kept(&text);
            assert_eq!(resource.after.as_ref().unwrap().shown(), r#"{"a":1,"b":"(known after apply)"}"#);
            assert_eq!((&*resource.module, resource.action, resource.before.is_none()), (r#"module.m["k"]"#, Action::Create, true));
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_refused() {
        let text =
            r#"{"address":"t.n","mode":"managed","type":"t","name":"n","change":{"actions":["create"],"after":{"a":1},"after":{"a":2}}}"#;
        assert!(entry(text, &Keep::everything()).unwrap_err().to_string().contains("`after` stands twice"));
    }

    #[test]
    fn a_type_that_is_not_kept_leaves_its_address_only() {
        let text =
            r#"{"address":"t.n","mode":"managed","type":"t","name":"n","change":{"actions":["delete"],"before":{"a":1},"after":null}}"#;
        assert!(matches!(entry(text, &Keep::default()).unwrap(), Entry::Passed { exists: false, .. }));
    }
}
