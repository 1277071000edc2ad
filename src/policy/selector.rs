//! JSONPath (RFC 9535) as policies use it. Takes the text of a path, parses it once through `jsonpath-rust`, gives
//! steps for our own walk over unknown values; refuses what that parser accepts and RFC 9535 does not, and what only
//! looks like a filter (`@.a in ['x']`), saying what to write instead (style.md 0.7, 6.8; performance.md 3).

mod parse;

use crate::plan::{Key, Value};

/// Where a path starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// `$`: the subject.
    Subject,
    /// `@`: the element of the innermost quantifier, or of the filter.
    Element,
}

/// A path, parsed and checked.
#[derive(Clone, Debug)]
pub struct Selector {
    /// As it was written.
    pub text: String,
    /// Where it starts.
    pub root: Root,
    /// Its segments.
    pub segments: Vec<Segment>,
}

/// One segment: what is selected of each node so far.
#[derive(Clone, Debug)]
pub struct Segment {
    /// `..`: of the node and of everything below it.
    pub descend: bool,
    /// One, or several in `[a, b]`.
    pub choices: Vec<Choice>,
}

/// A selector of RFC 9535.
#[derive(Clone, Debug)]
pub enum Choice {
    /// `.name`
    Name(Key),
    /// `[0]`, `[-1]`
    Index(i64),
    /// `[start:end:step]`
    Slice(Option<i64>, Option<i64>, Option<i64>),
    /// `[*]`
    Wildcard,
    /// `[?…]`
    Filter(Filter),
}

/// A filter's expression.
#[derive(Clone, Debug)]
pub enum Filter {
    /// `||`
    Or(Vec<Self>),
    /// `&&`
    And(Vec<Self>),
    /// `!`
    Not(Box<Self>),
    /// A query that selects something.
    Exists(Query),
    /// A comparison.
    Compare(Comparison, Comparable, Comparable),
}

/// The six comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the operators")]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// One side of a comparison.
#[derive(Clone, Debug)]
pub enum Comparable {
    /// A literal.
    Literal(Value),
    /// A singular query.
    Query(Query),
}

/// A query within a filter.
#[derive(Clone, Debug)]
pub struct Query {
    /// Where it starts.
    pub root: Root,
    /// Its segments.
    pub segments: Vec<Segment>,
}

/// Where a path may stand, and so what it may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// `path` of a condition: no filter.
    Condition,
    /// `in` of a quantifier: filters too.
    Quantifier,
    /// `plangate query` and messages: `$..` too.
    Query,
}

/// Why a path is refused: where in its text (characters from 0), and what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectorError {
    /// First character that is wrong.
    pub at: usize,
    /// How many are.
    pub length: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl Selector {
    /// It selects one node at most: names and indexes only.
    pub fn is_singular(&self) -> bool {
        is_singular(&self.segments)
    }

    /// The names on the way, indexes and wildcards left out, as far as they are fixed.
    pub fn names(&self) -> Vec<&str> {
        names(&self.segments)
    }
}

/// Whether these segments select one node at most.
pub fn is_singular(segments: &[Segment]) -> bool {
    segments.iter().all(|segment| !segment.descend && matches!(segment.choices.as_slice(), [Choice::Name(_) | Choice::Index(_)]))
}

/// See [`Selector::names`].
pub fn names(segments: &[Segment]) -> Vec<&str> {
    let mut names = Vec::new();
    for segment in segments {
        match segment.choices.as_slice() {
            _ if segment.descend => break,
            [Choice::Name(name)] => names.push(&**name),
            [Choice::Index(_) | Choice::Slice(..) | Choice::Wildcard | Choice::Filter(_)] => {}
            _ => break,
        }
    }
    names
}
