//! Literals of policies: from YAML to values, and what each operator accepts.

use super::operator::{EXPOSURES, OperandKind, Operator, range};
use crate::decode::Decoder;
use crate::plan::{Key, Number, State, Value};
use crate::source::Span;
use crate::yaml::{Literal, Node, NodeKind};
use std::collections::BTreeMap;

/// Renderings of unknown: no literal, since undecided is a state and not a text (design.md 4.3).
const RENDERINGS: [&str; 3] = ["undecided", "unknown", "(known after apply)"];

/// The value that a node writes.
pub(crate) fn literal_value(node: &Node, decoder: &mut Decoder<'_>) -> Option<Value> {
    match &node.kind {
        NodeKind::Scalar(scalar) => Some(match &scalar.value {
            Literal::Null => Value::null(),
            Literal::Bool(value) => Value::bool(*value),
            Literal::Number(text) => Value::new(State::Number(Number::parse(text)?)),
            Literal::Text(text) if RENDERINGS.contains(&text.as_str()) => {
                let diagnostic = decoder
                    .diagnostic(scalar.span, format!("`{text}` is how an unknown value is shown, and not a value"))
                    .help("an unknown value makes a condition undecided by itself: leave it out");
                decoder.push(diagnostic);
                return None;
            }
            Literal::Text(text) => Value::text(text),
        }),
        NodeKind::Sequence(items) => {
            let values: Vec<Option<Value>> = items.iter().map(|item| literal_value(item, decoder)).collect();
            values.into_iter().collect::<Option<Vec<_>>>().map(Value::list)
        }
        NodeKind::Mapping(members) => {
            let values: Vec<Option<(Key, Value)>> =
                members.iter().map(|(key, value)| literal_value(value, decoder).map(|value| (key.text.as_str().into(), value))).collect();
            values.into_iter().collect::<Option<Vec<_>>>().map(Value::map)
        }
    }
}

/// A map from text to text.
pub(super) fn texts(node: &Node, name: &str, decoder: &mut Decoder<'_>) -> BTreeMap<String, String> {
    let Some(members) = node.mapping() else {
        decoder.mismatch::<()>(node, name, "a mapping of texts", None);
        return BTreeMap::new();
    };
    members
        .iter()
        .filter_map(|(key, value)| decoder.nonblank_text(value, &key.text).map(|text| (key.text.clone(), text.text.clone())))
        .collect()
}

/// Whether an operator takes this operand; the error says what it takes.
pub(super) fn check_operand(operator: &Operator, value: &Value, (key, span): (Span, Span), decoder: &mut Decoder<'_>) -> Option<()> {
    let expected = expected(operator, value);
    if expected.is_empty() {
        return Some(());
    }
    let help = (matches!(operator.operand, OperandKind::True) && value.as_bool() == Some(false)).then(|| opposite(operator.name));
    let at = if span.is_empty() { key } else { span };
    let diagnostic = decoder.diagnostic(at, format!("`{}` does not take this operand", operator.name)).expected(expected).maybe_help(help);
    decoder.push(diagnostic);
    None
}

fn opposite(name: &str) -> String {
    match name {
        "exists" => "write `absent: true`".to_owned(),
        "absent" => "write `exists: true`".to_owned(),
        other => format!("put `{other}: true` under `not`"),
    }
}

/// What was expected where the operand is wrong; empty where it is right.
fn expected(operator: &Operator, value: &Value) -> String {
    let is_list = |value: &Value| matches!(&value.state, State::List(items) if !items.is_empty());
    let is_number = matches!(value.state, State::Number(_));
    let whole = |value: &Value| if let State::Number(number) = &value.state { number.as_i128() } else { None };
    let text = value.as_text().filter(|text| !text.is_empty());
    let (right, words) = match operator.operand {
        OperandKind::Literal => (
            !value.is_unset() && !matches!(&value.state, State::List(items) if items.is_empty()),
            "a value that is neither null nor empty; `absent: true` asks for those",
        ),
        OperandKind::List => (is_list(value), "a list that is not empty"),
        OperandKind::Regex | OperandKind::Text => (text.is_some(), "a text that is not empty"),
        OperandKind::True => (value.as_bool() == Some(true) && value.as_text().is_none(), "`true`"),
        OperandKind::Element => {
            (!value.is_unset() && !matches!(value.state, State::List(_)), "one element: a scalar or a map; `contains-any` takes a list")
        }
        OperandKind::Number => (is_number, "a number"),
        OperandKind::PositiveInteger => (whole(value).is_some_and(|value| value > 0), "a positive integer"),
        OperandKind::Range => (
            text.is_some_and(|text| range(text).is_some())
                || (is_list(value) && value.items().iter().all(|item| item.as_text().is_some_and(|text| range(text).is_some()))),
            "an address range like `10.0.0.0/8`, or a list of them",
        ),
        OperandKind::Prefix => {
            let bounds = value.members().iter().all(|(key, bound)| matches!(&**key, "at-least" | "at-most") && whole(bound).is_some())
                && !value.members().is_empty();
            (whole(value).is_some() || bounds, "an integer, or `{at-least: N, at-most: M}`")
        }
        OperandKind::Exposure => (text.is_some_and(|text| EXPOSURES.contains(&text)), ""),
    };
    if right {
        String::new()
    } else if operator.operand == OperandKind::Exposure {
        format!("one of {}", EXPOSURES.join(", "))
    } else {
        words.to_owned()
    }
}
