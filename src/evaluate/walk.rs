//! The walk of a path over values that may be unknown. Takes a parsed path and a document, gives the nodes it selects,
//! each *sure* or *perhaps*, and whether more may come from an unknown list; refuses to decide what a filter over an
//! unknown would say. On wholly known documents it is RFC 9535's selection.

use super::compare::{equal, order};
use super::truth::Truth;
use crate::plan::{Evidence, State, Unknown, Value};
use crate::policy::selector::{Choice, Comparable, Comparison, Filter, Query, Root, Segment};
use crate::refs::path::write_member;
use std::cmp::Ordering;
use std::sync::Arc;

/// A value at its place.
#[derive(Clone, Debug)]
pub struct Node<'v> {
    /// The value.
    pub value: &'v Value,
    /// It, or something it lies in, is sensitive.
    pub sensitive: bool,
    /// The filter that selects it is decided.
    pub sure: bool,
    /// It lies below this unknown value, and may be absent though that exists.
    pub hidden: bool,
    /// The last value on the way that has evidence of its own, and the path from there.
    origin: Option<(&'v Evidence, String)>,
}

/// What a path selects.
#[derive(Clone, Debug, Default)]
pub struct Nodes<'v> {
    /// The nodes, in the order of RFC 9535.
    pub items: Vec<Node<'v>>,
    /// More may be there: the unknown that hides it.
    pub open: Option<Arc<Unknown>>,
}

impl<'v> Node<'v> {
    /// The root of a document.
    pub fn root(value: &'v Value) -> Self {
        Self { value, sensitive: value.sensitive, sure: true, hidden: false, origin: own_origin(value) }
    }

    /// The same node as an element that is surely there.
    #[must_use]
    pub fn certain(&self) -> Self {
        Self { sure: true, ..self.clone() }
    }

    fn below(&self, value: &'v Value, step: &Step<'_>) -> Self {
        let origin = own_origin(value).or_else(|| {
            self.origin.as_ref().map(|(evidence, path)| {
                let mut path = path.clone();
                step.write(evidence.path.is_empty() && path.is_empty(), &mut path);
                (*evidence, path)
            })
        });
        Self { value, sensitive: self.sensitive || value.sensitive, sure: self.sure, hidden: self.hidden, origin }
    }

    /// The links of the witness that this node is.
    pub fn evidence(&self) -> Vec<Evidence> {
        let mask = |mut evidence: Evidence| {
            if self.sensitive {
                "\"(sensitive)\"".clone_into(&mut evidence.value);
            }
            evidence
        };
        if let Some(own) = self.value.evidence.as_deref() {
            return own.iter().cloned().map(mask).collect();
        }
        self.origin
            .iter()
            .map(|(evidence, path)| {
                mask(Evidence {
                    address: Arc::clone(&evidence.address),
                    path: format!("{}{path}", evidence.path),
                    value: self.value.shown(),
                    note: None,
                })
            })
            .collect()
    }

    /// What an absent member of this node would be shown as.
    fn absent(&self, step: &Step<'_>) -> Option<Evidence> {
        let (evidence, path) = self.origin.as_ref()?;
        let mut path = format!("{}{path}", evidence.path);
        step.write(path.is_empty(), &mut path);
        Some(Evidence { address: Arc::clone(&evidence.address), path, value: "null".to_owned(), note: None })
    }
}

fn own_origin(value: &Value) -> Option<(&Evidence, String)> {
    value.evidence.as_deref().and_then(|evidence| evidence.first()).map(|first| (first, String::new()))
}

enum Step<'s> {
    Name(&'s str),
    Index(usize),
}

impl Step<'_> {
    fn write(&self, first: bool, out: &mut String) {
        // Writing into a string does not fail.
        let _ = match self {
            Step::Name(name) => write_member(out, first, name),
            Step::Index(at) => std::fmt::Write::write_fmt(out, format_args!("[{at}]")),
        };
    }
}

/// The value of a singular path, or the evidence of its absence.
pub enum Single<'v> {
    /// It is there.
    Node(Node<'v>),
    /// It is not.
    Absent(Option<Evidence>),
}

/// Follows a path of names and indexes.
pub fn single<'v>(root: Node<'v>, segments: &[Segment]) -> Single<'v> {
    let mut node = root;
    for segment in segments {
        if node.value.as_unknown().is_some() {
            return Single::Node(Node { hidden: true, ..node });
        }
        let Some(choice) = segment.choices.first() else { break };
        let (found, step) = match choice {
            Choice::Name(name) => (node.value.get(name), Step::Name(name)),
            Choice::Index(index) => {
                let at = position(*index, node.value.items().len());
                (at.and_then(|at| node.value.at(at)), Step::Index(at.unwrap_or_else(|| usize::try_from(*index).unwrap_or_default())))
            }
            _ => break,
        };
        match found {
            Some(value) => node = node.below(value, &step),
            None => return Single::Absent(node.absent(&step)),
        }
    }
    Single::Node(node)
}

fn position(index: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    let at = if index < 0 { index + length } else { index };
    usize::try_from(at).ok().filter(|_| at < length)
}

/// Follows any path. `subject` is what `$` means within filters.
pub fn select<'v>(root: Node<'v>, segments: &[Segment], subject: &'v Value) -> Nodes<'v> {
    segments.iter().fold(Nodes { items: vec![root], open: None }, |nodes, segment| one_segment(nodes, segment, subject))
}

fn one_segment<'v>(nodes: Nodes<'v>, segment: &Segment, subject: &'v Value) -> Nodes<'v> {
    let mut next = Nodes { items: Vec::new(), open: nodes.open };
    for node in nodes.items {
        if segment.descend {
            descend(&node, &segment.choices, subject, &mut next);
        } else {
            choose_each(&node, &segment.choices, subject, &mut next);
        }
    }
    next
}

fn descend<'v>(node: &Node<'v>, choices: &[Choice], subject: &'v Value, out: &mut Nodes<'v>) {
    choose_each(node, choices, subject, out);
    for child in children(node) {
        descend(&child, choices, subject, out);
    }
}

fn choose_each<'v>(node: &Node<'v>, choices: &[Choice], subject: &'v Value, out: &mut Nodes<'v>) {
    for choice in choices {
        choose(node, choice, subject, out);
    }
}

fn children<'v>(node: &Node<'v>) -> Vec<Node<'v>> {
    match &node.value.state {
        State::List(items) => items.iter().enumerate().map(|(at, item)| node.below(item, &Step::Index(at))).collect(),
        State::Map(members) => members.iter().map(|(key, member)| node.below(member, &Step::Name(key))).collect(),
        _ => Vec::new(),
    }
}

fn choose<'v>(node: &Node<'v>, choice: &Choice, subject: &'v Value, out: &mut Nodes<'v>) {
    if let Some(unknown) = node.value.as_unknown() {
        match choice {
            // Something may be there, and it is as unknown as what it lies in.
            Choice::Name(_) | Choice::Index(_) => out.items.push(Node { sure: false, hidden: true, ..node.clone() }),
            _ => out.open = Some(Arc::clone(unknown)),
        }
        return;
    }
    match choice {
        Choice::Name(name) => out.items.extend(node.value.get(name).map(|value| node.below(value, &Step::Name(name)))),
        Choice::Index(index) => {
            let at = position(*index, node.value.items().len());
            out.items.extend(at.and_then(|at| node.value.at(at).map(|value| node.below(value, &Step::Index(at)))));
        }
        Choice::Slice(start, end, step) => slice(node, (*start, *end, step.unwrap_or(1)), out),
        Choice::Wildcard => out.items.extend(children(node)),
        Choice::Filter(filter) => {
            for child in children(node) {
                match filtered(filter, &child, subject) {
                    Truth::True => out.items.push(child),
                    Truth::Unknown => out.items.push(Node { sure: false, ..child }),
                    Truth::False => {}
                }
            }
        }
    }
}

/// RFC 9535 2.3.4.2.2.
fn slice<'v>(node: &Node<'v>, (start, end, step): (Option<i64>, Option<i64>, i64), out: &mut Nodes<'v>) {
    let items = node.value.items();
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let normal = |index: i64| if index < 0 { length.saturating_add(index) } else { index };
    let mut push = |at: i64| {
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        out.items.extend(items.get(at).map(|value| node.below(value, &Step::Index(at))));
    };
    if step > 0 {
        let (mut at, upper) = (normal(start.unwrap_or(0)).clamp(0, length), normal(end.unwrap_or(length)).clamp(0, length));
        while at < upper {
            push(at);
            at = at.saturating_add(step);
        }
    } else if step < 0 {
        let (mut at, lower) =
            (normal(start.unwrap_or(length - 1)).clamp(-1, length - 1), normal(end.unwrap_or(-length - 1)).clamp(-1, length - 1));
        while at > lower {
            push(at);
            at = at.saturating_add(step);
        }
    }
}

fn filtered<'v>(filter: &Filter, element: &Node<'v>, subject: &'v Value) -> Truth {
    match filter {
        Filter::Or(parts) => parts.iter().fold(Truth::False, |truth, part| truth.or(filtered(part, element, subject))),
        Filter::And(parts) => parts.iter().fold(Truth::True, |truth, part| truth.and(filtered(part, element, subject))),
        Filter::Not(inner) => !filtered(inner, element, subject),
        Filter::Exists(query) => exists(query, element, subject),
        Filter::Compare(comparison, left, right) => compare(*comparison, &side(left, element, subject), &side(right, element, subject)),
    }
}

fn start<'v>(query: &Query, element: &Node<'v>, subject: &'v Value) -> Node<'v> {
    match query.root {
        Root::Element => element.clone(),
        Root::Subject => Node::root(subject),
    }
}

fn exists<'v>(query: &Query, element: &Node<'v>, subject: &'v Value) -> Truth {
    let nodes = select(Node { sure: true, ..start(query, element, subject) }, &query.segments, subject);
    if nodes.items.iter().any(|node| node.sure) {
        Truth::True
    } else if nodes.open.is_some() || !nodes.items.is_empty() {
        Truth::Unknown
    } else {
        Truth::False
    }
}

/// One side of a comparison: a value, nothing, or not known which.
enum Side<'v> {
    Value(std::borrow::Cow<'v, Value>),
    Nothing,
    Unknown,
}

fn side<'v>(comparable: &Comparable, element: &Node<'v>, subject: &'v Value) -> Side<'v> {
    match comparable {
        Comparable::Literal(value) => Side::Value(std::borrow::Cow::Owned(value.clone())),
        Comparable::Query(query) => match single(start(query, element, subject), &query.segments) {
            Single::Absent(_) => Side::Nothing,
            Single::Node(node) if node.value.as_unknown().is_some() => Side::Unknown,
            Single::Node(node) => Side::Value(std::borrow::Cow::Borrowed(node.value)),
        },
    }
}

/// RFC 9535 2.3.5.2.2, with Kleene's unknown.
fn compare(comparison: Comparison, left: &Side<'_>, right: &Side<'_>) -> Truth {
    let same = match (left, right) {
        (Side::Unknown, _) | (_, Side::Unknown) => return Truth::Unknown,
        (Side::Nothing, Side::Nothing) => Truth::True,
        (Side::Value(left), Side::Value(right)) => equal(left, right),
        _ => Truth::False,
    };
    let less = |left: &Side<'_>, right: &Side<'_>| match (left, right) {
        (Side::Value(left), Side::Value(right)) => Truth::from(order(left, right) == Some(Ordering::Less)),
        _ => Truth::False,
    };
    match comparison {
        Comparison::Equal => same,
        Comparison::NotEqual => !same,
        Comparison::Less => less(left, right),
        Comparison::LessOrEqual => less(left, right).or(same),
        Comparison::Greater => less(right, left),
        Comparison::GreaterOrEqual => less(right, left).or(same),
    }
}
