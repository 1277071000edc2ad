//! Reading values: a seed that builds only what is kept, and the merge of the three trees of a change into one.
//! Takes what `serde_json` hands it, gives [`Value`]s, refuses nesting beyond its bound.

use super::keep::Paths;
use super::{Key, Number, Provenance, State, Unknown, Value};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// Deepest nesting that is built; what is only stepped over may nest deeper.
const MAX_DEPTH: usize = 512;
/// How `serde_json` hands over a number with all its digits.
const NUMBER: &str = "$serde_json::private::Number";
/// Of an expression these are always kept, whatever its path: it may stand for everything below it (plan-json.md 3.4).
const EXPRESSION: [&str; 2] = ["constant_value", "references"];

/// Longest text of which one copy is shared.
const SHARED: usize = 64;

/// Attribute names recur in every resource, and most values and references do too: one copy of each is kept.
#[derive(Default)]
pub(super) struct Names(RefCell<HashSet<Key>>);

impl Names {
    pub(super) fn key(&self, name: &str) -> Key {
        let mut names = self.0.borrow_mut();
        if let Some(key) = names.get(name) {
            return Arc::clone(key);
        }
        let key: Key = name.into();
        names.insert(Arc::clone(&key));
        key
    }

    fn text(&self, text: &str) -> Value {
        Value::new(State::Text(if text.len() <= SHARED { self.key(text) } else { text.into() }))
    }
}

/// Builds the value at hand as far as `paths` reaches.
#[derive(Clone, Copy)]
pub(super) struct Tree<'k> {
    pub(super) paths: &'k Paths,
    pub(super) names: &'k Names,
    /// Reading `configuration`: the parts of an expression are kept at any path; a plain constant is just `true`,
    /// and references are texts.
    pub(super) expressions: bool,
    depth: usize,
}

impl<'k> Tree<'k> {
    pub(super) fn new(paths: &'k Paths, names: &'k Names) -> Self {
        Self { paths, names, expressions: false, depth: 0 }
    }

    pub(super) fn expressions(paths: &'k Paths, names: &'k Names) -> Self {
        Self { expressions: true, ..Self::new(paths, names) }
    }

    fn below<E: Error>(self, paths: &'k Paths) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom(format_args!("nested more than {MAX_DEPTH} levels deep")));
        }
        Ok(Self { paths, depth: self.depth + 1, ..self })
    }

    fn member(self, name: &str) -> Option<&'k Paths> {
        static ALL: Paths = Paths::All;
        match self.paths.below(name) {
            Some(paths) => Some(paths),
            None if self.expressions && EXPRESSION.contains(&name) => Some(&ALL),
            None => None,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::null())
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::new(State::Number(value.into())))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        number(&value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        number(&value.to_string())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(self.names.text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let element = self.below(self.paths)?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(element)? {
            list.push(item);
        }
        Ok(Value::list(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members: Vec<(Key, Value)> = Vec::new();
        let mut sorted = true;
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            if key == NUMBER && members.is_empty() {
                let text: String = map.next_value()?;
                return number(&text);
            }
            let Some(paths) = self.member(&key) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let value = map.next_value_seed(self.below(paths)?)?;
            sorted &= members.last().is_none_or(|(last, _)| **last < *key);
            members.push((self.names.key(&key), value));
        }
        if self.expressions {
            if is_plain_constant(&members) {
                return Ok(Value::bool(true));
            }
            if let [(key, references)] = members.as_slice()
                && &**key == "references"
            {
                return Ok(grouped(references));
            }
        }
        Ok(if sorted { Value::new(State::Map(members.into())) } else { Value::map(members) })
    }
}

/// A constant that is there: of an argument only this is asked, since its value stands in the change.
fn is_plain_constant(members: &[(Key, Value)]) -> bool {
    matches!(members, [(key, value)] if &**key == "constant_value" && match &value.state {
        State::Text(text) => !text.is_empty() && !text.contains("${") && !text.contains("%{"),
        State::Bool(_) | State::Number(_) => true,
        _ => false,
    })
}

/// References without the prefixes that Terraform writes behind each (plan-json.md 3.2): one as a text, several as a list.
fn grouped(references: &Value) -> Value {
    let mut groups: Vec<&Value> = Vec::new();
    let mut previous = "";
    for reference in references.items() {
        let Some(text) = reference.as_text() else { continue };
        let continues = previous.strip_prefix(text).is_some_and(|rest| rest.starts_with(['.', '[']));
        if !continues && !groups.contains(&reference) {
            groups.push(reference);
        }
        previous = text;
    }
    match groups.as_slice() {
        [one] => (*one).clone(),
        _ => Value::list(groups.into_iter().cloned().collect()),
    }
}

fn number<E: Error>(text: &str) -> Result<Value, E> {
    Number::parse(text).map(|number| Value::new(State::Number(number))).ok_or_else(|| E::custom("not a number"))
}

/// What stands where a value is not known yet; provenance replaces it once the configuration is read.
pub(crate) fn unresolved() -> Value {
    static UNRESOLVED: OnceLock<Arc<Unknown>> = OnceLock::new();
    let unknown = UNRESOLVED.get_or_init(|| {
        Arc::new(Unknown {
            from: Provenance::Opaque,
            to: Vec::new(),
            reason: "not known before apply".to_owned(),
            would_decide: None,
            exists: false,
        })
    });
    Value::new(State::Unknown(Arc::clone(unknown)))
}

/// Merges `after` with `after_unknown` (plan-json.md 2.5): only a leaf `true` counts, and on an inner node it covers
/// everything below.
pub(super) fn merge(value: Option<Value>, unknown: Option<Value>) -> Option<Value> {
    if matches!(unknown.as_ref().map(|tree| &tree.state), Some(State::Bool(true))) {
        return Some(unresolved());
    }
    let Some(value) = value else {
        // Nothing known in it: what is unknown below gives its shape.
        return match unknown?.state {
            State::Map(marks) if marks.iter().any(|(_, below)| holds_true(below)) => Some(merge_map(Vec::new(), marks.into_vec())),
            State::List(items) if items.iter().any(holds_true) => Some(unresolved()),
            _ => None,
        };
    };
    Some(match (value.state, unknown.map(|tree| tree.state)) {
        (State::Map(members), Some(State::Map(marks))) => merge_map(members.into_vec(), marks.into_vec()),
        (State::List(items), Some(State::List(marks))) => merge_list(items.into_vec(), marks.into_vec()),
        (state, _) => Value::new(state),
    })
}

fn merge_map(members: Vec<(Key, Value)>, mut marks: Vec<(Key, Value)>) -> Value {
    let mut merged = Vec::with_capacity(members.len() + marks.len());
    for (key, member) in members {
        let mark = marks.iter().position(|(name, _)| *name == key).map(|at| marks.swap_remove(at).1);
        merged.extend(merge(Some(member), mark).map(|value| (key, value)));
    }
    for (key, mark) in marks {
        merged.extend(merge(None, Some(mark)).map(|value| (key, value)));
    }
    Value::map(merged)
}

fn merge_list(items: Vec<Value>, marks: Vec<Value>) -> Value {
    let mut marks = marks.into_iter();
    let mut merged: Vec<Value> = items.into_iter().map(|item| merge(Some(item), marks.next()).unwrap_or_else(Value::null)).collect();
    // A tree longer than its value says of elements that `after` does not show.
    merged.extend(marks.filter(holds_true).map(|_| unresolved()));
    Value::list(merged)
}

/// Marks what a tree of sensitivity says; on an inner node it covers everything below.
pub(super) fn mark_sensitive(value: &mut Value, marks: &Value) {
    match (&marks.state, &mut value.state) {
        (State::Bool(true), _) => value.sensitive = true,
        (State::Map(marks), State::Map(members)) => {
            for (key, mark) in marks {
                if let Some((_, member)) = members.iter_mut().find(|(name, _)| name == key) {
                    mark_sensitive(member, mark);
                }
            }
        }
        (State::List(marks), State::List(items)) => {
            for (mark, item) in marks.iter().zip(items) {
                mark_sensitive(item, mark);
            }
        }
        _ => {}
    }
}

fn holds_true(tree: &Value) -> bool {
    match &tree.state {
        State::Bool(value) => *value,
        State::List(items) => items.iter().any(holds_true),
        State::Map(members) => members.iter().any(|(_, below)| holds_true(below)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, paths: &Paths) -> Value {
        let names = Names::default();
        let mut deserializer = serde_json::Deserializer::from_str(text);
        deserializer.disable_recursion_limit();
        Tree::new(paths, &names).deserialize(&mut deserializer).unwrap()
    }

    fn merged(after: &str, unknown: &str, sensitive: &str) -> Value {
        let mut value = merge(Some(read(after, &Paths::All)), Some(read(unknown, &Paths::All))).unwrap();
        mark_sensitive(&mut value, &read(sensitive, &Paths::All));
        value
    }

    #[test]
    fn only_what_is_asked_for_is_built() {
        let mut paths = Paths::default();
        paths.add("template[0].service_account");
        let value = read(r#"{"name":"a","template":[{"containers":[{"image":"x"}],"service_account":"s"}]}"#, &paths);
        assert_eq!(value.shown(), r#"{"template":[{"service_account":"s"}]}"#);
    }

    #[test]
    fn numbers_keep_every_digit() {
        let text = format!("[9007199254740993,18446744073709551616,1{},0.000000001]", "0".repeat(400));
        assert_eq!(read(&text, &Paths::All).shown(), text);
    }

    // The example of plan-json.md 2.5, from a real plan.
    #[test]
    fn the_three_trees_become_one() {
        let value = merged(
            r#"{"input":{"n":3,"name":"demo","secret":"hunter2"},"triggers_replace":[null,"const"]}"#,
            r#"{"id":true,"input":{"from_a":true},"output":true,"triggers_replace":[true,false]}"#,
            r#"{"input":{"secret":true},"output":{},"triggers_replace":[false,false]}"#,
        );
        assert_eq!(
            value.shown(),
            concat!(
                r#"{"id":"(known after apply)","input":{"from_a":"(known after apply)","n":3,"name":"demo","secret":"(sensitive)"},"#,
                r#""output":"(known after apply)","triggers_replace":["(known after apply)","const"]}"#
            )
        );
    }

    #[test]
    fn empty_marks_mean_nothing_is_unknown() {
        let value = merged(r#"{"l":[],"ln":[null],"m":{},"n":null}"#, r#"{"l":[],"ln":[false],"m":{}}"#, "{}");
        assert_eq!(value.shown(), r#"{"l":[],"ln":[null],"m":{},"n":null}"#);
    }

    #[test]
    fn a_sensitive_parent_covers_what_lies_below() {
        assert_eq!(merged(r#"{"a":{"b":"x"}}"#, "{}", r#"{"a":true}"#).shown(), r#"{"a":"(sensitive)"}"#);
    }
}
