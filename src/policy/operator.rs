//! The operators of the language, in one table from which parser, errors, schema and documentation derive. Takes a
//! value (or its absence) and an operand, gives Kleene's answer with a reason where the value is not one that the
//! operator judges; refuses to convert (design.md 4.3).

use crate::evaluate::compare::{equal_loosely, order};
use crate::evaluate::truth::Truth;
use crate::plan::{State, Value};
use ipnet::IpNet;
use std::cmp::Ordering;
use std::net::IpAddr;

/// What an operator takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperandKind {
    /// Any literal but null.
    Literal,
    /// A list that is not empty.
    List,
    /// A regular expression.
    Regex,
    /// A text.
    Text,
    /// Just `true`.
    True,
    /// A scalar or a map.
    Element,
    /// A number.
    Number,
    /// A positive integer.
    PositiveInteger,
    /// An address range, or a list of them.
    Range,
    /// An integer, or `{at-least: N, at-most: M}`.
    Prefix,
    /// An exposure.
    Exposure,
}

/// What an operator judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judges {
    /// Any value.
    Anything,
    /// Text, numbers and booleans.
    Scalars,
    /// Text.
    Text,
    /// Lists; unset is the empty one.
    Lists,
    /// Numbers.
    Numbers,
    /// Addresses or ranges as text.
    Ranges,
    /// Exposures.
    Exposures,
}

impl Judges {
    /// For messages.
    pub fn words(self) -> &'static str {
        match self {
            Self::Anything => "any value",
            Self::Scalars => "scalars",
            Self::Text => "text",
            Self::Lists => "lists",
            Self::Numbers => "numbers",
            Self::Ranges => "addresses and ranges",
            Self::Exposures => "an exposure",
        }
    }
}

/// An operator.
pub struct Operator {
    /// Its key in a condition.
    pub name: &'static str,
    /// What it judges.
    pub judges: Judges,
    /// What it takes.
    pub operand: OperandKind,
    /// Its answer on unset.
    pub on_unset: bool,
    /// One sentence for documentation.
    pub about: &'static str,
    judge: Judge,
}

enum Judge {
    /// Of one known value.
    One(fn(&Value, &Operand) -> Option<Truth>),
    /// Of a list, element by element.
    Many(fn(&Elements<'_>, &Operand) -> Truth),
    /// The answer of another operator, turned round.
    Not(&'static str),
}

/// The values a list operator looks at.
pub struct Elements<'v> {
    /// Each with whether it is surely there.
    pub items: Vec<(&'v Value, bool)>,
    /// There may be more.
    pub open: bool,
}

/// An operand, ready to judge with.
#[derive(Clone, Debug)]
pub struct Operand {
    /// Its value.
    pub value: Value,
    /// The compiled expression of `matches`.
    pub regex: Option<regex::Regex>,
}

impl From<Value> for Operand {
    fn from(value: Value) -> Self {
        Self { value, regex: None }
    }
}

/// Exposures, widest first (design.md 6).
pub const EXPOSURES: [&str; 7] =
    ["public", "internet-authenticated", "internet-iap", "internal-anonymous", "internal-authenticated", "internal-iap", "isolated"];

macro_rules! operators {
    ($($name:literal, $judges:ident, $operand:ident, $unset:literal, $judge:expr, $about:literal;)*) => {
        /// All operators.
        pub static OPERATORS: &[Operator] = &[$(Operator { name: $name, judges: Judges::$judges, operand: OperandKind::$operand, on_unset: $unset, about: $about, judge: $judge }),*];
    };
}

operators! {
    "equals", Anything, Literal, false, Judge::One(|value, operand| Some(equal_loosely(value, &operand.value))), "is this value; lists in order, maps by key";
    "not-equals", Anything, Literal, true, Judge::Not("equals"), "is not this value";
    "in", Scalars, List, false, Judge::One(|value, operand| scalar(value).then(|| any(operand.value.items(), value))), "is one of these";
    "not-in", Scalars, List, true, Judge::Not("in"), "is none of these";
    "matches", Text, Regex, false, Judge::One(|value, operand| Some(operand.regex.as_ref()?.is_match(value.as_text()?).into())), "a part of the text matches; anchor with `^` and `$`";
    "not-matches", Text, Regex, true, Judge::Not("matches"), "no part of the text matches";
    "starts-with", Text, Text, false, Judge::One(|value, operand| Some(value.as_text()?.starts_with(operand.value.as_text()?).into())), "the text starts so";
    "ends-with", Text, Text, false, Judge::One(|value, operand| Some(value.as_text()?.ends_with(operand.value.as_text()?).into())), "the text ends so";
    "exists", Anything, True, false, Judge::One(|value, _| Some((!value.is_empty()).into())), "is there and neither null, \"\", [] nor {}";
    "absent", Anything, True, true, Judge::Not("exists"), "is not there, or null, \"\", [] or {}";
    "distinct", Lists, True, true, Judge::Many(distinct), "no two elements are equal";
    "contains", Lists, Element, false, Judge::Many(|elements, operand| contains(elements, std::slice::from_ref(&operand.value))), "has this element";
    "contains-any", Lists, List, false, Judge::Many(|elements, operand| contains(elements, operand.value.items())), "has at least one of these elements";
    "contains-only", Lists, List, true, Judge::Many(contains_only), "has no element but these";
    "less-than", Numbers, Number, false, Judge::One(|value, operand| ordered(value, operand, &[Ordering::Less])), "is smaller";
    "at-most", Numbers, Number, false, Judge::One(|value, operand| ordered(value, operand, &[Ordering::Less, Ordering::Equal])), "is not larger";
    "at-least", Numbers, Number, false, Judge::One(|value, operand| ordered(value, operand, &[Ordering::Greater, Ordering::Equal])), "is not smaller";
    "greater-than", Numbers, Number, false, Judge::One(|value, operand| ordered(value, operand, &[Ordering::Greater])), "is larger";
    "multiple-of", Numbers, PositiveInteger, false, Judge::One(multiple_of), "is a multiple of it";
    "within-cidr", Ranges, Range, false, Judge::One(within), "the address or range lies within it, or within one of them";
    "prefix-length", Ranges, Prefix, false, Judge::One(prefix_length), "the range has this prefix length";
    "at-least-as-wide-as", Exposures, Exposure, false, Judge::One(as_wide), "the exposure is this one or wider";
}

/// The operator of that name.
pub fn operator(name: &str) -> Option<&'static Operator> {
    OPERATORS.iter().find(|operator| operator.name == name)
}

impl Operator {
    /// Judges a list's elements, and not one value.
    pub fn takes_elements(&self) -> bool {
        matches!(self.judge, Judge::Many(_))
    }

    /// Its answer on one value that is there; `None` where it does not judge such a value.
    pub fn judge(&self, value: &Value, operand: &Operand) -> Option<Truth> {
        if let Some(unknown) = value.as_unknown() {
            let exists = Truth::from(true);
            return Some(match self.name {
                "exists" if unknown.exists => exists,
                "absent" if unknown.exists => !exists,
                _ => Truth::Unknown,
            });
        }
        if value.is_unset() && !matches!(self.judge, Judge::Many(_)) {
            return Some(self.on_unset.into());
        }
        match &self.judge {
            Judge::One(judge) => judge(value, operand),
            Judge::Not(other) => operator(other).and_then(|other| other.judge(value, operand)).map(|truth| !truth),
            Judge::Many(_) => match &value.state {
                State::List(items) => {
                    Some(self.judge_elements(&Elements { items: items.iter().map(|item| (item, true)).collect(), open: false }, operand))
                }
                _ if value.is_unset() => Some(self.on_unset.into()),
                _ => None,
            },
        }
    }

    /// Its answer on the elements of a list.
    pub fn judge_elements(&self, elements: &Elements<'_>, operand: &Operand) -> Truth {
        match &self.judge {
            Judge::Many(judge) => judge(elements, operand),
            _ => Truth::Unknown,
        }
    }
}

fn scalar(value: &Value) -> bool {
    !matches!(value.state, State::List(_) | State::Map(_))
}

fn any(candidates: &[Value], value: &Value) -> Truth {
    candidates.iter().fold(Truth::False, |truth, candidate| truth.or(equal_loosely(value, candidate)))
}

fn sure(truth: Truth, surely: bool) -> Truth {
    if surely || truth == Truth::False { truth } else { Truth::Unknown }
}

fn open(elements: &Elements<'_>) -> Truth {
    if elements.open { Truth::Unknown } else { Truth::False }
}

fn contains(elements: &Elements<'_>, wanted: &[Value]) -> Truth {
    elements.items.iter().fold(open(elements), |truth, (item, surely)| truth.or(sure(any(wanted, item), *surely)))
}

fn contains_only(elements: &Elements<'_>, operand: &Operand) -> Truth {
    let stranger =
        elements.items.iter().fold(open(elements), |truth, (item, surely)| truth.or(sure(!any(operand.value.items(), item), *surely)));
    !stranger
}

fn distinct(elements: &Elements<'_>, _: &Operand) -> Truth {
    let mut twins = open(elements);
    for (at, (left, left_sure)) in elements.items.iter().enumerate() {
        for (right, right_sure) in elements.items.iter().skip(at + 1) {
            twins = twins.or(sure(equal_loosely(left, right), *left_sure && *right_sure));
        }
    }
    !twins
}

fn ordered(value: &Value, operand: &Operand, wanted: &[Ordering]) -> Option<Truth> {
    match (number(value), number(&operand.value)) {
        (Some(left), Some(right)) => order(&left, &right).map(|order| wanted.contains(&order).into()),
        _ => None,
    }
}

/// A number, also where it is text as an untyped variable makes it (plan-json.md 1.9).
fn number(value: &Value) -> Option<Value> {
    match &value.state {
        State::Number(_) => Some(value.clone()),
        State::Text(text) => crate::plan::Number::parse(text).map(|number| Value::new(State::Number(number))),
        _ => None,
    }
}

fn whole(value: &Value) -> Option<i128> {
    match number(value)?.state {
        State::Number(number) => number.as_i128(),
        _ => None,
    }
}

fn multiple_of(value: &Value, operand: &Operand) -> Option<Truth> {
    let divisor = whole(&operand.value)?;
    whole(value)?.checked_rem(divisor).map(|rest| (rest == 0).into())
}

/// An address or a range; leading zeros are refused, since readers disagree on them.
pub fn range(text: &str) -> Option<IpNet> {
    let address = text.split('/').next().unwrap_or_default();
    if address.split('.').any(|part| part.len() > 1 && part.starts_with('0')) {
        return None;
    }
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

fn within(value: &Value, operand: &Operand) -> Option<Truth> {
    let inner = range(value.as_text()?)?;
    let outer = if operand.value.as_text().is_some() { std::slice::from_ref(&operand.value) } else { operand.value.items() };
    Some(outer.iter().filter_map(|outer| range(outer.as_text()?)).any(|outer| outer.contains(&inner)).into())
}

fn prefix_length(value: &Value, operand: &Operand) -> Option<Truth> {
    let text = value.as_text()?;
    if !text.contains('/') {
        return None;
    }
    let length = i128::from(range(text)?.prefix_len());
    if let Some(wanted) = whole(&operand.value) {
        return Some((length == wanted).into());
    }
    let at_least = operand.value.get("at-least").and_then(whole).is_none_or(|least| length >= least);
    let at_most = operand.value.get("at-most").and_then(whole).is_none_or(|most| length <= most);
    Some((at_least && at_most).into())
}

fn as_wide(value: &Value, operand: &Operand) -> Option<Truth> {
    let rank = |value: &Value| EXPOSURES.iter().position(|known| Some(*known) == value.as_text());
    Some((rank(value)? <= rank(&operand.value)?).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Provenance;

    fn number_of(text: &str) -> Value {
        Value::new(State::Number(crate::plan::Number::parse(text).unwrap()))
    }

    fn truth(name: &str, value: &Value, operand: Value) -> Option<Truth> {
        let regex = operand.as_text().and_then(|text| regex::Regex::new(text).ok());
        operator(name).unwrap().judge(value, &Operand { value: operand, regex })
    }

    #[test]
    fn text_equals_the_number_it_writes_and_nothing_else_converts() {
        assert_eq!(truth("equals", &Value::text("443"), number_of("443")), Some(Truth::True));
        assert_eq!(truth("equals", &number_of("443.0"), Value::text("443")), Some(Truth::True));
        assert_eq!(truth("equals", &Value::text("true"), Value::bool(true)), Some(Truth::True));
        assert_eq!(truth("equals", &Value::text("TRUE"), Value::bool(true)), Some(Truth::False));
        assert_eq!(truth("equals", &Value::text("010"), number_of("10")), Some(Truth::False));
    }

    #[test]
    fn unset_has_the_answer_of_the_table() {
        for (name, answer) in [
            ("equals", Truth::False),
            ("not-equals", Truth::True),
            ("absent", Truth::True),
            ("exists", Truth::False),
            ("contains-only", Truth::True),
            ("contains", Truth::False),
            ("matches", Truth::False),
        ] {
            assert_eq!(truth(name, &Value::null(), Value::text("x")), Some(answer), "{name}");
            assert_eq!(truth(name, &Value::text(""), Value::text("x")), Some(answer), "{name}");
        }
    }

    #[test]
    fn an_unknown_is_unknown_unless_it_is_known_to_exist() {
        let unknown = Value::unknown(Provenance::Reference, "x");
        assert_eq!(truth("equals", &unknown, Value::text("x")), Some(Truth::Unknown));
        assert_eq!(truth("exists", &unknown, Value::bool(true)), Some(Truth::Unknown));
        let mut existing = unknown;
        if let State::Unknown(reason) = &mut existing.state {
            std::sync::Arc::make_mut(reason).exists = true;
        }
        assert_eq!(truth("exists", &existing, Value::bool(true)), Some(Truth::True));
        assert_eq!(truth("absent", &existing, Value::bool(true)), Some(Truth::False));
    }

    #[test]
    fn a_known_element_decides_a_list_with_unknown_ones() {
        let unknown = Value::unknown(Provenance::Opaque, "x");
        let list = Value::list(vec![unknown.clone(), Value::text("allUsers")]);
        assert_eq!(truth("contains", &list, Value::text("allUsers")), Some(Truth::True));
        assert_eq!(truth("contains", &list, Value::text("other")), Some(Truth::Unknown));
        assert_eq!(truth("contains-only", &list, Value::list(vec![Value::text("x")])), Some(Truth::False));
        assert_eq!(
            truth("distinct", &Value::list(vec![unknown, Value::text("a"), Value::text("a")]), Value::bool(true)),
            Some(Truth::False)
        );
    }

    #[test]
    fn ranges_and_prefixes() {
        let range = Value::text("10.8.0.0/28");
        assert_eq!(truth("prefix-length", &range, number_of("28")), Some(Truth::True));
        assert_eq!(
            truth("within-cidr", &range, Value::list(vec![Value::text("192.168.0.0/16"), Value::text("10.0.0.0/8")])),
            Some(Truth::True)
        );
        assert_eq!(truth("within-cidr", &Value::text("11.0.0.1"), Value::text("10.0.0.0/8")), Some(Truth::False));
        assert_eq!(truth("prefix-length", &Value::text("10.8.0.0"), number_of("28")), None);
        assert_eq!(truth("prefix-length", &Value::text("010.8.0.0/28"), number_of("28")), None);
    }

    #[test]
    fn an_operator_does_not_judge_what_it_is_not_for() {
        assert_eq!(truth("matches", &number_of("1"), Value::text("1")), None);
        assert_eq!(truth("at-most", &Value::text("ten"), number_of("10")), None);
        assert_eq!(truth("in", &Value::list(vec![]), Value::list(vec![Value::text("a")])), None);
    }

    #[test]
    fn exposures_are_ordered_widest_first() {
        assert_eq!(truth("at-least-as-wide-as", &Value::text("public"), Value::text("internet-iap")), Some(Truth::True));
        assert_eq!(truth("at-least-as-wide-as", &Value::text("isolated"), Value::text("internal-iap")), Some(Truth::False));
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<&str> = OPERATORS.iter().map(|operator| operator.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 22);
    }
}
