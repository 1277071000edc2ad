//! The policy language. Takes YAML text, gives policies in which nothing is malformed; refuses everything else, all
//! errors of all files at once, each with its place and the nearest valid name (design.md 4).

pub mod builtin;
pub mod condition;
mod decode;
pub mod example;
mod literal;
mod load;
pub mod operator;
pub mod selector;
mod template;
mod typing;

pub use condition::{Condition, ConditionKind, OperandSource};
pub(crate) use literal::literal_value as literal_of;
pub use load::{PolicySet, Source, load};
pub use template::Template;

use crate::plan::{Action, Value};
use crate::source::{SourceFile, Span};
use crate::subject::Subject;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    /// All of them, the worst first.
    pub const ALL: [Self; 4] = [Self::Critical, Self::High, Self::Medium, Self::Low];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }

    /// The severity of that name.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.word() == word)
    }
}

/// What becomes of an undecided verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnUndecided {
    /// A finding that no gate counts.
    Report,
    /// A finding that gates count like a failing one.
    Fail,
    /// Only counted.
    Ignore,
}

impl OnUndecided {
    /// The words of `on-undecided`.
    pub const WORDS: [&str; 3] = ["report", "fail", "ignore"];

    /// The one of that name.
    pub fn named(word: &str) -> Option<Self> {
        match word {
            "report" => Some(Self::Report),
            "fail" => Some(Self::Fail),
            "ignore" => Some(Self::Ignore),
            _ => None,
        }
    }
}

/// The types a policy on resources looks at.
#[derive(Debug, Default)]
pub struct Types {
    /// Names and globs as written; none is all.
    pub patterns: Vec<(String, globset::GlobMatcher, Span)>,
}

impl Types {
    /// Whether this type is meant.
    pub fn matches(&self, kind: &str) -> bool {
        self.patterns.is_empty() || self.patterns.iter().any(|(_, glob, _)| glob.is_match(kind))
    }
}

/// A parameter: its type and its value.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its type.
    pub kind: ParamKind,
    /// Default or setting; none where a setting has to give it.
    pub value: Option<Value>,
    /// What it is for.
    pub about: Option<String>,
}

/// The types of parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum ParamKind {
    String,
    Number,
    Boolean,
    List,
    Exposure,
}

impl ParamKind {
    /// The words of `type`.
    pub const WORDS: [&str; 5] = ["string", "number", "boolean", "list", "exposure"];

    /// The one of that name.
    pub fn named(word: &str) -> Option<Self> {
        [Self::String, Self::Number, Self::Boolean, Self::List, Self::Exposure]
            .into_iter()
            .zip(Self::WORDS)
            .find(|(_, name)| *name == word)
            .map(|(kind, _)| kind)
    }

    /// Whether a value is of this type.
    pub fn takes(self, value: &Value) -> bool {
        use crate::plan::State;
        match self {
            Self::String => value.as_text().is_some(),
            Self::Number => matches!(value.state, State::Number(_)),
            Self::Boolean => matches!(value.state, State::Bool(_)),
            Self::List => matches!(value.state, State::List(_)),
            Self::Exposure => value.as_text().is_some_and(|text| operator::EXPOSURES.contains(&text)),
        }
    }
}

/// A policy.
#[derive(Debug)]
pub struct Policy {
    /// Its id.
    pub id: String,
    /// One line.
    pub title: String,
    /// How bad a finding is, settings applied.
    pub severity: Severity,
    /// Copied to findings.
    pub labels: BTreeMap<String, String>,
    /// What it judges.
    pub subject: &'static Subject,
    /// Of which types, for subject `resource`.
    pub types: Types,
    /// Resources of which actions.
    pub applies_to: Vec<Action>,
    /// Which subjects.
    pub when: Vec<Condition>,
    /// What must hold; empty with `forbid: true`.
    pub require: Vec<Condition>,
    /// What becomes of undecided.
    pub on_undecided: OnUndecided,
    /// Text of a finding.
    pub message: Template,
    /// Why it matters.
    pub why: Option<String>,
    /// What to do.
    pub fix: Option<String>,
    /// Where to read on.
    pub references: Vec<String>,
    /// The first version that had it, of built-ins.
    pub since: Option<String>,
    /// The address where a finding stands.
    pub at: Option<selector::Selector>,
    /// The other addresses of a finding.
    pub about: Vec<selector::Selector>,
    /// Its parameters.
    pub params: BTreeMap<String, Param>,
    /// What it says is not verified: never a fail.
    pub unverified: Option<String>,
    /// Policies under whose findings its own are folded.
    pub implied_by: Vec<String>,
    /// Before this day no gate counts it.
    pub deny_from: Option<Date>,
    /// No setting, filter or waiver touches it.
    pub locked: bool,
    /// Comes with the program.
    pub builtin: bool,
    /// Where it stands.
    pub file: Arc<SourceFile>,
    /// Where its id stands.
    pub id_span: Span,
    /// Where `implied-by` stands, for what it names.
    pub implied_by_spans: Vec<Span>,
    /// Paths from the subject that it reads, as names.
    pub reads: Vec<Vec<String>>,
}

impl Policy {
    /// It asks for what was before, so that a model of before cannot judge it (design.md 4.2).
    pub fn reads_change(&self) -> bool {
        self.reads.iter().any(|path| path.first().is_some_and(|first| first == "before" || first == "actions"))
    }

    /// Values of its parameters.
    pub fn param_values(&self) -> BTreeMap<String, Value> {
        self.params.iter().filter_map(|(name, param)| param.value.clone().map(|value| (name.clone(), value))).collect()
    }
}
