//! From the path of a value to the expressions that may explain it (plan-json.md 3.4). Takes the expressions of a
//! block, gives the candidates, or says that the path was omitted or can only come from a dynamic block.

use super::path::{Path, Step};
use crate::google::schema::{self, Lookup};
use crate::plan::{State, Value};

/// What the configuration has for a path.
#[derive(Debug)]
pub(super) enum Candidates<'v> {
    /// These expressions: more than one where blocks cannot be told apart.
    Expressions(Vec<&'v Value>),
    /// No key.
    Omitted,
    /// No key, and a block on the way has none either: a dynamic block made it.
    Dynamic,
}

/// An expression: an object of nothing but its constant and references, or what the reader makes of one: `true` for a
/// plain constant, texts for references.
pub(super) fn is_expression(value: &Value) -> bool {
    match &value.state {
        State::Bool(true) | State::Text(_) => true,
        State::List(items) => !items.is_empty() && items.iter().all(|item| item.as_text().is_some()),
        State::Map(members) => members.iter().all(|(key, _)| matches!(&**key, "constant_value" | "references")),
        _ => false,
    }
}

/// The candidates for `path`.
pub(super) fn candidates<'v>(expressions: &'v Value, path: &Path, kind: &str) -> Candidates<'v> {
    let mut blocks = vec![expressions];
    let mut found = Vec::new();
    // Elements of the last block list, where they pair with the value's by index.
    let mut uneven = false;
    for (position, step) in path.0.iter().enumerate() {
        match step {
            Step::Index { at, of } => {
                uneven |= blocks.len() != *of;
                if blocks.len() == *of && !is_set(kind, path, position) {
                    blocks = blocks.get(*at).copied().into_iter().collect();
                }
            }
            Step::Name(name) => {
                let inner: Vec<&Value> = blocks.iter().filter_map(|block| block.get(name)).collect();
                blocks = Vec::new();
                for value in inner {
                    match &value.state {
                        _ if is_expression(value) => found.push(value),
                        State::List(items) => blocks.extend(items.iter()),
                        _ => blocks.push(value),
                    }
                }
                if blocks.is_empty() {
                    return ended(found, uneven, kind, path, position);
                }
            }
        }
    }
    // The path names a block whose content is written: what is unknown of it is what its expressions refer to.
    for block in blocks {
        leaves(block, &mut found);
    }
    if found.is_empty() { Candidates::Omitted } else { Candidates::Expressions(found) }
}

fn ended<'v>(found: Vec<&'v Value>, uneven: bool, kind: &str, path: &Path, position: usize) -> Candidates<'v> {
    if !found.is_empty() {
        return Candidates::Expressions(found);
    }
    if position + 1 == path.0.len() {
        return if uneven { Candidates::Dynamic } else { Candidates::Omitted };
    }
    // The value has this block, the configuration has not: the provider computes it, or a dynamic block makes it.
    let above = Path(path.0.get(..=position).unwrap_or_default().to_vec());
    match schema::find(kind, &above.lookup()) {
        Lookup::Found(attribute) if attribute.computed() => Candidates::Omitted,
        _ => Candidates::Dynamic,
    }
}

fn is_set(kind: &str, path: &Path, position: usize) -> bool {
    let above = Path(path.0.get(..position).unwrap_or_default().to_vec());
    matches!(schema::find(kind, &above.lookup()), Lookup::Found(attribute) if attribute.kind.is_set())
}

fn leaves<'v>(block: &'v Value, found: &mut Vec<&'v Value>) {
    for (_, member) in block.members() {
        match &member.state {
            _ if is_expression(member) => found.push(member),
            State::List(items) => items.iter().for_each(|item| leaves(item, found)),
            _ => leaves(member, found),
        }
    }
}

/// The references of an expression, each run of prefixes as its longest member (plan-json.md 3.2).
pub(super) fn references(expression: &Value) -> Vec<&str> {
    let texts = match &expression.state {
        State::Text(one) => return vec![one],
        State::List(items) => items,
        _ => expression.get("references").map(Value::items).unwrap_or_default(),
    };
    let mut groups: Vec<&str> = Vec::new();
    let mut previous = "";
    for text in texts.iter().filter_map(Value::as_text) {
        let continues = previous.strip_prefix(text).is_some_and(|rest| rest.starts_with(['.', '[']));
        if !continues && !groups.contains(&text) {
            groups.push(text);
        }
        previous = text;
    }
    groups
}

/// The value of a constant expression; none where there are references, or template text as JSON syntax writes it.
pub(super) fn constant(expression: &Value) -> Option<&Value> {
    match &expression.state {
        State::Bool(true) => return Some(expression),
        State::Map(_) => {}
        _ => return None,
    }
    let value = expression.get("constant_value")?;
    (expression.get("references").is_none_or(Value::is_empty) && !holds_template(value)).then_some(value)
}

fn holds_template(value: &Value) -> bool {
    match &value.state {
        State::Text(text) => text.contains("${") || text.contains("%{"),
        State::List(items) => items.iter().any(holds_template),
        State::Map(members) => members.iter().any(|(_, member)| holds_template(member)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expression(references: &[&str]) -> Value {
        Value::map(vec![("references".into(), Value::list(references.iter().map(|text| Value::text(text)).collect()))])
    }

    #[test]
    fn runs_of_prefixes_are_one_reference() {
        let value = expression(&[
            "terraform_data.k[\"k1\"].id",
            "terraform_data.k[\"k1\"]",
            "terraform_data.k",
            "var.which",
            "terraform_data.k",
            "each.key",
        ]);
        assert_eq!(references(&value), ["terraform_data.k[\"k1\"].id", "var.which", "terraform_data.k", "each.key"]);
    }

    #[test]
    fn template_text_is_no_constant() {
        let template = Value::map(vec![("constant_value".into(), Value::text("${terraform_data.a.id}"))]);
        assert!(constant(&template).is_none());
        let literal = Value::map(vec![("constant_value".into(), Value::text("x"))]);
        assert_eq!(constant(&literal).and_then(Value::as_text), Some("x"));
    }
}
