//! Equality and order of values. Takes two values, gives Kleene's answer: known parts decide where they differ, unknown
//! parts leave it open; refuses any conversion. That a text equals the number it writes is for operators, not here.

use super::truth::Truth;
use crate::plan::{State, Value};
use std::cmp::Ordering;

/// Deep equality.
pub fn equal(left: &Value, right: &Value) -> Truth {
    equal_by(left, right, &|left, right| left == right)
}

/// Deep equality in which `true` and `"true"`, `1` and `"1"` are the same (design.md 4.3).
pub fn equal_loosely(left: &Value, right: &Value) -> Truth {
    equal_by(left, right, &|left, right| left == right || spelled(left, right) || spelled(right, left))
}

/// The text is the scalar as JSON writes it.
fn spelled(text: &Value, scalar: &Value) -> bool {
    match (&text.state, &scalar.state) {
        (State::Text(text), State::Bool(value)) => &**text == if *value { "true" } else { "false" },
        (State::Text(text), State::Number(number)) => crate::plan::Number::parse(text).is_some_and(|written| written == *number),
        _ => false,
    }
}

fn equal_by(left: &Value, right: &Value, scalars: &impl Fn(&Value, &Value) -> bool) -> Truth {
    match (&left.state, &right.state) {
        (State::Unknown(_), _) | (_, State::Unknown(_)) => Truth::Unknown,
        (State::List(left), State::List(right)) => {
            let lengths = Truth::from(left.len() == right.len());
            left.iter().zip(right).fold(lengths, |truth, (left, right)| truth.and(equal_by(left, right, scalars)))
        }
        (State::Map(left_members), State::Map(right_members)) => {
            let keys = Truth::from(left_members.len() == right_members.len());
            left_members
                .iter()
                .fold(keys, |truth, (key, member)| truth.and(right.get(key).map_or(Truth::False, |other| equal_by(member, other, scalars))))
        }
        _ => Truth::from(scalars(left, right)),
    }
}

/// The order of two numbers or two texts; `None` for anything else.
pub fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (&left.state, &right.state) {
        (State::Number(left), State::Number(right)) => Some(left.cmp(right)),
        (State::Text(left), State::Text(right)) => Some(left.cmp(right)),
        _ => None,
    }
}
