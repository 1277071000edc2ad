//! Conditions on a document. Takes a condition and what `$` and `@` mean, gives Kleene's answer, and on request what
//! it rests on: the evidence touched, the unknown in the way, the labels of what failed.

use super::Verdict;
use super::truth::Truth;
use super::walk::{Node, Nodes, Single, select, single};
use crate::plan::{Evidence, Provenance, Unknown, Value};
use crate::policy::operator::{Elements, Operand, Operator};
use crate::policy::selector::{Root, Selector};
use crate::policy::{Condition, ConditionKind, OperandSource, Policy};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a verdict rests on.
#[derive(Debug, Default)]
pub(super) struct Trail {
    recording: bool,
    pub(super) evidence: Vec<Evidence>,
    pub(super) unknown: Vec<Arc<Unknown>>,
    pub(super) labels: BTreeMap<String, String>,
    /// `every` held over nothing.
    pub(super) vacuous: bool,
}

impl Trail {
    pub(super) fn recording() -> Self {
        Self { recording: true, ..Self::default() }
    }

    pub(super) fn like(other: &Self) -> Self {
        Self { recording: other.recording, ..Self::default() }
    }

    /// Adds another; of a failing verdict no unknown is of interest.
    pub(super) fn take(&mut self, other: Self, verdict: Verdict) {
        self.evidence.extend(other.evidence);
        if verdict == Verdict::Undecided {
            self.unknown.extend(other.unknown);
        }
        for (name, value) in other.labels {
            self.labels.entry(name).and_modify(|all| *all = format!("{all} {value}")).or_insert(value);
        }
        self.vacuous |= other.vacuous;
    }

    fn merge(&mut self, other: Self) {
        self.take(other, Verdict::Undecided);
    }

    fn touch(&mut self, node: &Node<'_>) {
        if self.recording {
            self.evidence.extend(node.evidence());
            self.unknown.extend(node.value.as_unknown().cloned());
        }
    }

    fn cannot(&mut self, reason: String) {
        if self.recording {
            self.unknown.push(Arc::new(Unknown { from: Provenance::Opaque, to: Vec::new(), reason, would_decide: None, exists: false }));
        }
    }

    pub(super) fn note_unverified(&mut self, id: Option<&str>) {
        if let Some(id) = id {
            self.cannot(format!("what the policy says is not verified ({id})"));
        }
    }

    /// Each link once, in order.
    pub(super) fn tidy(&mut self) {
        let mut seen: Vec<Evidence> = Vec::new();
        for evidence in self.evidence.drain(..) {
            if !seen.iter().any(|other| other.address == evidence.address && other.path == evidence.path) {
                seen.push(evidence);
            }
        }
        self.evidence = seen;
    }
}

/// Judges conditions on one document.
pub(super) struct Judge<'d> {
    subject: &'d Value,
    params: BTreeMap<&'d str, &'d Value>,
}

type Answer = (Truth, Trail);

impl<'d> Judge<'d> {
    pub(super) fn new(subject: &'d Value, policy: &'d Policy) -> Self {
        let params = policy.params.iter().filter_map(|(name, param)| param.value.as_ref().map(|value| (name.as_str(), value))).collect();
        Self { subject, params }
    }

    /// All conditions; `helps` says that truth of them helps the subject to pass.
    pub(super) fn all(&self, conditions: &'d [Condition], helps: bool, like: &Trail) -> Answer {
        self.conjunction(conditions, &Scope { element: None, helps, recording: like.recording })
    }

    fn conjunction(&self, conditions: &'d [Condition], scope: &Scope<'d>) -> Answer {
        combine(conditions.iter().map(|condition| self.condition(condition, scope)), Truth::True, scope.recording)
    }

    fn condition(&self, condition: &'d Condition, scope: &Scope<'d>) -> Answer {
        let (mut truth, mut trail) = self.kind(&condition.kind, scope);
        let against = if scope.helps { Truth::False } else { Truth::True };
        if let Some(id) = condition.unverified.as_ref().filter(|_| truth == against) {
            truth = Truth::Unknown;
            trail.cannot(format!("what the policy says is not verified ({id})"));
        }
        if truth != Truth::True && scope.recording {
            trail.labels.extend(condition.labels.clone());
        }
        (truth, trail)
    }

    fn kind(&self, kind: &'d ConditionKind, scope: &Scope<'d>) -> Answer {
        match kind {
            ConditionKind::Test { path, operator, operand } => self.test(path, operator, operand, scope),
            ConditionKind::All(parts) => self.conjunction(parts, scope),
            ConditionKind::Any(parts) => combine(parts.iter().map(|part| self.condition(part, scope)), Truth::False, scope.recording),
            ConditionKind::None(parts) => {
                let turned = scope.turned();
                let (truth, trail) = combine(parts.iter().map(|part| self.condition(part, &turned)), Truth::False, scope.recording);
                (!truth, trail)
            }
            ConditionKind::Not(inner) => {
                let (truth, trail) = self.condition(inner, &scope.turned());
                (!truth, trail)
            }
            ConditionKind::Quantified { every, elements, filter, require } => self.quantified(*every, elements, (filter, require), scope),
            ConditionKind::Count { elements, filter, at_least, at_most } => self.count(elements, filter, (*at_least, *at_most), scope),
        }
    }

    fn start(&self, root: Root, scope: &Scope<'d>) -> Node<'d> {
        match (root, &scope.element) {
            (Root::Element, Some(element)) => element.certain(),
            _ => Node::root(self.subject),
        }
    }

    fn nodes(&self, path: &Selector, scope: &Scope<'d>) -> Nodes<'d> {
        select(self.start(path.root, scope), &path.segments, self.subject)
    }

    fn test(&self, path: &Selector, operator: &Operator, operand: &'d OperandSource, scope: &Scope<'d>) -> Answer {
        let mut trail = Trail { recording: scope.recording, ..Trail::default() };
        let Some(operand) = self.operand(operand, operator, scope, &mut trail) else { return (Truth::Unknown, trail) };
        let operand = match operand {
            Against::Operand(operand) => operand,
            Against::Unset => {
                // An unset operand equals nothing (design.md 4.3).
                let truth = Truth::from(matches!(operator.name, "not-equals" | "not-in"));
                return (truth, trail);
            }
        };
        if operator.takes_elements() && !path.is_singular() {
            let nodes = self.nodes(path, scope);
            nodes.items.iter().for_each(|node| trail.touch(node));
            trail.unknown.extend(nodes.open.clone().filter(|_| scope.recording));
            let elements = Elements { items: nodes.items.iter().map(|node| (node.value, node.sure)).collect(), open: nodes.open.is_some() };
            return (operator.judge_elements(&elements, &operand), trail);
        }
        match single(self.start(path.root, scope), &path.segments) {
            Single::Absent(evidence) => {
                trail.evidence.extend(evidence.filter(|_| scope.recording));
                (operator.on_unset.into(), trail)
            }
            Single::Node(node) => {
                trail.touch(&node);
                if node.hidden {
                    return (Truth::Unknown, trail);
                }
                let truth = operator.judge(node.value, &operand).unwrap_or_else(|| {
                    trail.cannot(format!("`{}` judges {}, and `{}` is none", operator.name, operator.judges.words(), path.text));
                    Truth::Unknown
                });
                (truth, trail)
            }
        }
    }

    fn operand(&self, source: &'d OperandSource, operator: &Operator, scope: &Scope<'d>, trail: &mut Trail) -> Option<Against<'d>> {
        let bound = |value: &Value| {
            let regex = value.as_text().filter(|_| operator.name.ends_with("matches")).and_then(|text| regex::Regex::new(text).ok());
            Against::Operand(Cow::Owned(Operand { value: value.clone(), regex }))
        };
        match source {
            OperandSource::Literal(operand) => Some(Against::Operand(Cow::Borrowed(operand))),
            OperandSource::Param(name) => self.params.get(name.as_str()).map(|value| bound(value)),
            OperandSource::Path(path) => match single(self.start(path.root, scope), &path.segments) {
                Single::Absent(evidence) => {
                    trail.evidence.extend(evidence.filter(|_| trail.recording));
                    Some(Against::Unset)
                }
                Single::Node(node) => {
                    trail.touch(&node);
                    match node.value.as_unknown() {
                        Some(_) => None,
                        None if node.value.is_unset() => Some(Against::Unset),
                        None => Some(bound(node.value)),
                    }
                }
            },
        }
    }

    fn quantified(
        &self,
        every: bool,
        elements: &Selector,
        (filter, require): (&'d [Condition], &'d [Condition]),
        scope: &Scope<'d>,
    ) -> Answer {
        let nodes = self.nodes(elements, scope);
        let open = nodes.open.clone();
        let vacuous = every && nodes.items.is_empty() && open.is_none();
        let answers = nodes.items.into_iter().map(|node| {
            let sure = node.sure;
            let inside = Scope { element: Some(node.clone()), ..scope.clone() };
            let (kept, kept_trail) = self.conjunction(filter, &if every { inside.turned() } else { inside.clone() });
            let (holds, mut trail) = self.conjunction(require, &inside);
            trail.merge(kept_trail);
            trail.touch(&node);
            let truth = if every { (!kept).or(holds) } else { kept.and(holds) };
            let weak = if every { Truth::False } else { Truth::True };
            (if !sure && truth == weak { Truth::Unknown } else { truth }, trail)
        });
        let more = open.into_iter().map(|unknown| {
            let mut trail = Trail { recording: scope.recording, ..Trail::default() };
            trail.unknown.extend(Some(unknown).filter(|_| scope.recording));
            (Truth::Unknown, trail)
        });
        let (truth, mut trail) = combine(answers.chain(more), if every { Truth::True } else { Truth::False }, scope.recording);
        trail.vacuous |= vacuous;
        (truth, trail)
    }

    fn count(
        &self,
        elements: &Selector,
        filter: &'d [Condition],
        (at_least, at_most): (usize, Option<usize>),
        scope: &Scope<'d>,
    ) -> Answer {
        let nodes = self.nodes(elements, scope);
        let mut trail = Trail { recording: scope.recording, ..Trail::default() };
        trail.unknown.extend(nodes.open.clone().filter(|_| scope.recording));
        let (mut least, mut most) = (0, nodes.open.is_none().then_some(0));
        for node in nodes.items {
            let sure = node.sure;
            let inside = Scope { element: Some(node), ..scope.clone() };
            let (kept, kept_trail) = self.conjunction(filter, &inside);
            trail.merge(kept_trail);
            if kept == Truth::True && sure {
                least += 1;
            }
            if kept != Truth::False {
                most = most.map(|most| most + 1);
            }
        }
        let enough = if least >= at_least {
            Truth::True
        } else if most.is_some_and(|most| most < at_least) {
            Truth::False
        } else {
            Truth::Unknown
        };
        let few = match at_most {
            None => Truth::True,
            Some(limit) if least > limit => Truth::False,
            Some(limit) if most.is_some_and(|most| most <= limit) => Truth::True,
            Some(_) => Truth::Unknown,
        };
        (enough.and(few), trail)
    }
}

/// What a value is judged against.
enum Against<'d> {
    Operand(Cow<'d, Operand>),
    Unset,
}

/// What `@` means, and which way truth points.
#[derive(Clone)]
struct Scope<'d> {
    element: Option<Node<'d>>,
    helps: bool,
    recording: bool,
}

impl Scope<'_> {
    fn turned(&self) -> Self {
        Self { helps: !self.helps, ..self.clone() }
    }
}

/// Folds answers: from `True` as a conjunction, from `False` as a disjunction. The trail is that of the parts which
/// decide the answer.
fn combine(answers: impl Iterator<Item = Answer>, from: Truth, recording: bool) -> Answer {
    let mut truth = from;
    let mut parts: Vec<Answer> = Vec::new();
    let mut vacuous = false;
    for (part, trail) in answers {
        truth = if from == Truth::True { truth.and(part) } else { truth.or(part) };
        vacuous |= trail.vacuous;
        if recording {
            parts.push((part, trail));
        } else if truth == !from {
            break;
        }
    }
    let mut whole = Trail { recording, ..Trail::default() };
    whole.vacuous = vacuous;
    for (_, trail) in parts.into_iter().filter(|(part, _)| *part == truth) {
        whole.merge(trail);
    }
    (truth, whole)
}
