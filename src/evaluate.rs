//! Judging. Takes policies and a plan, gives for each policy and subject a verdict before and after, and for what is to
//! be shown the witness it rests on; refuses to call anything undecided a pass (design.md 3, 4).

pub mod compare;
mod condition;
pub mod truth;
pub mod walk;

use crate::plan::{Evidence, Moment, Plan, Resource, Unknown, Value};
use crate::policy::selector::Selector;
use crate::policy::{Policy, PolicySet};
use crate::subject::{self, Options, SubjectKind};
use condition::{Judge, Trail};
use std::collections::BTreeMap;
use std::sync::Arc;
use truth::Truth;
use walk::{Node, select};

/// What a policy says of a subject, the mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// `when` does not keep it.
    NotApplicable,
    /// It holds, whatever is unknown.
    Pass,
    /// It depends on what is unknown.
    Undecided,
    /// It does not hold.
    Fail,
}

impl Verdict {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotApplicable => "not-applicable",
            Self::Pass => "pass",
            Self::Undecided => "undecided",
            Self::Fail => "fail",
        }
    }
}

/// What is wrong with one address by one policy, in both moments.
#[derive(Debug)]
pub struct Outcome<'p> {
    /// The policy.
    pub policy: &'p Policy,
    /// The resource.
    pub resource: &'p Resource,
    /// The address where it stands.
    pub address: Arc<str>,
    /// The service concerned.
    pub service: Option<Arc<str>>,
    /// Before; `None` where it was not judged.
    pub before: Option<Verdict>,
    /// After; `None` where it is gone.
    pub after: Option<Verdict>,
    /// The policy looks at the change itself: there is no verdict before.
    pub on_change: bool,
    /// What to show of it; only for what becomes a finding.
    pub shown: Option<Shown>,
}

/// The face of a finding.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// The policy's message, filled in.
    pub message: String,
    /// Labels of the policy and of the requirements that failed.
    pub labels: BTreeMap<String, String>,
    /// What the verdict rests on.
    pub witness: Vec<Evidence>,
    /// Other addresses.
    pub about: Vec<String>,
    /// Why it is undecided, and what would decide it.
    pub unknown: Option<Arc<Unknown>>,
}

/// Everything that was judged.
#[derive(Debug, Default)]
pub struct Outcomes<'p> {
    /// One per policy, address and service that is not plainly passed in both moments.
    pub items: Vec<Outcome<'p>>,
    /// Verdicts after, by policy.
    pub verdicts: BTreeMap<&'p str, BTreeMap<&'static str, usize>>,
    /// Subjects after, by kind.
    pub subjects: BTreeMap<&'static str, usize>,
    /// `every` over nothing: the policies that passed so somewhere.
    pub vacuous: BTreeMap<&'p str, usize>,
    /// Undecided verdicts that nobody is told of, by policy.
    pub ignored: BTreeMap<&'p str, usize>,
}

/// Judges every subject of a plan by every policy.
pub fn evaluate<'p>(plan: &'p Plan, policies: &'p PolicySet) -> Outcomes<'p> {
    let mut outcomes = Outcomes::default();
    let mut by_kind: BTreeMap<SubjectKind, Vec<&'p Policy>> = BTreeMap::new();
    for policy in &policies.policies {
        by_kind.entry(policy.subject.kind).or_default().push(policy);
        outcomes.verdicts.insert(&policy.id, BTreeMap::new());
    }
    for resource in plan.resources.iter().filter(|resource| resource.deposed.is_none()) {
        for (kind, candidates) in &by_kind {
            if !kind.subject().is_made_of(resource) {
                continue;
            }
            let wanted: Vec<&Policy> = candidates
                .iter()
                .copied()
                .filter(|policy| *kind != SubjectKind::Resource || policy.types.matches(&resource.kind))
                .collect();
            if !wanted.is_empty() {
                ResourceRun { plan, resource, kind: *kind, outcomes: &mut outcomes }.run(&wanted);
            }
        }
    }
    outcomes
}

/// One resource as subjects of one kind.
struct ResourceRun<'p, 'o> {
    plan: &'p Plan,
    resource: &'p Resource,
    kind: SubjectKind,
    outcomes: &'o mut Outcomes<'p>,
}

impl<'p> ResourceRun<'p, '_> {
    fn documents(&self, moment: Moment, with_before: bool, explain: bool) -> Vec<Value> {
        subject::documents(self.kind.subject(), self.plan, self.resource, Options { moment, explain, with_before })
    }

    fn run(&mut self, policies: &[&'p Policy]) {
        let with_before = policies.iter().any(|policy| policy.reads_change());
        let after = self.documents(Moment::After, with_before, false);
        let unchanged = self.resource.is_unchanged();
        let before = if unchanged { Vec::new() } else { self.documents(Moment::Before, false, false) };
        if !after.is_empty() {
            *self.outcomes.subjects.entry(self.kind.subject().name).or_default() += after.len();
        }
        for policy in policies {
            // Subjects that the model builds see what is forgotten, as it was; deleted ones are gone.
            let applies = policy.applies_to.contains(&self.resource.action)
                || (self.kind != SubjectKind::Resource && self.resource.action == crate::plan::Action::Forget)
                || self.resource.prior_only;
            self.judge(policy, if applies { &after } else { &[] }, &before, unchanged);
        }
    }

    fn judge(&mut self, policy: &'p Policy, after: &[Value], before: &[Value], unchanged: bool) {
        let verdicts: Vec<Verdict> = after.iter().map(|document| self.count(policy, document)).collect();
        let worst = verdicts.iter().copied().max();
        let on_change = policy.reads_change();
        let earlier = match () {
            () if on_change => None,
            () if unchanged => worst,
            () => before.iter().map(|document| verdict(policy, document)).max(),
        };
        let telling = |verdict: Option<Verdict>| verdict.is_some_and(|verdict| verdict >= Verdict::Undecided);
        if !telling(worst) && !telling(earlier) {
            return;
        }
        let shown = if telling(worst) { self.explain(policy, &verdicts, Moment::After) } else { self.explain_fixed(policy) };
        let (address, shown) = shown.unwrap_or_else(|| (Arc::clone(&self.resource.address), Shown::default()));
        let service = (self.kind == SubjectKind::Service).then(|| Arc::clone(&self.resource.address));
        self.outcomes.items.push(Outcome {
            policy,
            resource: self.resource,
            address,
            service,
            before: earlier,
            after: worst,
            on_change,
            shown: Some(shown),
        });
    }

    fn count(&mut self, policy: &'p Policy, document: &Value) -> Verdict {
        let mut trail = Trail::default();
        let verdict = verdict_of(policy, document, &mut trail);
        *self.outcomes.verdicts.entry(&policy.id).or_default().entry(verdict.word()).or_default() += 1;
        if verdict == Verdict::Pass && trail.vacuous {
            *self.outcomes.vacuous.entry(&policy.id).or_default() += 1;
        }
        if verdict == Verdict::Undecided && policy.on_undecided == crate::policy::OnUndecided::Ignore {
            *self.outcomes.ignored.entry(&policy.id).or_default() += 1;
        }
        verdict
    }

    /// The face of the worst verdict: the documents are built once more, with evidence.
    fn explain(&self, policy: &Policy, verdicts: &[Verdict], moment: Moment) -> Option<(Arc<str>, Shown)> {
        let documents = self.documents(moment, policy.reads_change(), true);
        let worst = verdicts.iter().copied().max()?;
        let at = verdicts.iter().position(|verdict| *verdict == worst)?;
        Some(self.shown(policy, documents.get(at)?))
    }

    fn explain_fixed(&self, policy: &Policy) -> Option<(Arc<str>, Shown)> {
        let documents = self.documents(Moment::Before, false, true);
        let worst = documents.iter().max_by_key(|document| verdict(policy, document))?;
        Some(self.shown(policy, worst))
    }

    fn shown(&self, policy: &Policy, document: &Value) -> (Arc<str>, Shown) {
        let mut trail = Trail::recording();
        verdict_of(policy, document, &mut trail);
        let address = policy
            .at
            .as_ref()
            .and_then(|path| addresses(path, document).into_iter().next())
            .map_or_else(|| Arc::clone(&self.resource.address), Arc::from);
        let mut about: Vec<String> = if policy.about.is_empty() {
            trail.evidence.iter().map(|evidence| evidence.address.to_string()).collect()
        } else {
            policy.about.iter().flat_map(|path| addresses(path, document)).collect()
        };
        about.retain(|other| **other != *address);
        about.sort();
        about.dedup();
        about.truncate(3);
        let mut labels = policy.labels.clone();
        for (name, value) in trail.labels {
            labels.entry(name).and_modify(|all| *all = format!("{all} {value}")).or_insert(value);
        }
        let shown = Shown {
            message: policy.message.fill(document, &policy.param_values()),
            labels,
            witness: trail.evidence,
            about,
            unknown: trail.unknown.into_iter().next(),
        };
        (address, shown)
    }
}

fn addresses(path: &Selector, document: &Value) -> Vec<String> {
    let nodes = select(Node::root(document), &path.segments, document);
    nodes
        .items
        .iter()
        .flat_map(|node| node.value.as_text().into_iter().chain(node.value.items().iter().filter_map(Value::as_text)))
        .map(str::to_owned)
        .collect()
}

/// What a policy says of a document.
pub fn verdict(policy: &Policy, document: &Value) -> Verdict {
    verdict_of(policy, document, &mut Trail::default())
}

/// `not when or require`, in Kleene's logic (design.md 4.3).
fn verdict_of(policy: &Policy, document: &Value, trail: &mut Trail) -> Verdict {
    let judge = Judge::new(document, policy);
    let (when, when_trail) = judge.all(&policy.when, false, trail);
    if when == Truth::False {
        return Verdict::NotApplicable;
    }
    let (require, require_trail) =
        if policy.require.is_empty() { (Truth::False, Trail::like(trail)) } else { judge.all(&policy.require, true, trail) };
    let verdict = match (when, require) {
        (_, Truth::True) => Verdict::Pass,
        (Truth::True, Truth::False) if policy.unverified.is_some() => Verdict::Undecided,
        (Truth::True, Truth::False) => Verdict::Fail,
        _ => Verdict::Undecided,
    };
    trail.vacuous |= require_trail.vacuous;
    if verdict == Verdict::Fail || when == Truth::Unknown || require == Truth::Unknown {
        trail.take(require_trail, verdict);
        trail.take(when_trail, verdict);
    }
    trail.note_unverified(policy.unverified.as_deref().filter(|_| verdict == Verdict::Undecided));
    trail.tidy();
    verdict
}
