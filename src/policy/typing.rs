//! Paths and literals against what there is. Takes a subject's field table and the provider's schema, gives the type
//! that a path leads to; refuses a path that cannot exist, with the nearest valid name (design.md 4.3).

use super::operator::{Judges, Operator};
use super::selector::{Choice, Comparable, Filter, Query, Root, Segment, Selector, Use};
use crate::decode::Decoder;
use crate::google::schema::{self, Lookup};
use crate::source::Span;
use crate::subject::{Field, FieldType};
use crate::suggest::nearest;
use crate::yaml::{Node, Scalar};

/// What the paths of a policy are checked against.
pub(super) struct Typing {
    /// The subject's fields.
    pub fields: &'static [Field],
    /// The types of the table that `types` matches; empty where raw attributes are not checked.
    pub types: Vec<&'static str>,
}

/// What `@` means, and what it is an element of.
#[derive(Clone)]
pub(super) struct Scope<'s> {
    element: Option<Place>,
    /// The names of the path to the elements.
    pub(super) names: Vec<String>,
    marker: std::marker::PhantomData<&'s ()>,
}

impl Scope<'_> {
    /// Outside every quantifier.
    pub(super) fn outside() -> Self {
        Self { element: None, names: Vec::new(), marker: std::marker::PhantomData }
    }

    /// Inside a quantifier whose path is wrong: nothing more is checked.
    pub(super) fn anything(&self) -> Self {
        Self { element: Some(Place::Anything), ..self.clone() }
    }
}

/// Where a path has got to.
#[derive(Clone)]
enum Place {
    Fields(&'static [Field]),
    Type(FieldType),
    Raw(Vec<RawStep>),
    Written(Vec<RawStep>),
    Anything,
}

#[derive(Clone, PartialEq)]
enum RawStep {
    Name(String),
    Index,
}

/// What a whole path leads to.
pub(super) struct Leaf(Place);

/// Why a step cannot be.
struct Problem {
    name: String,
    message: String,
    help: Option<String>,
    warning: bool,
}

impl Typing {
    fn start(&self, root: Root, scope: &Scope<'_>) -> Option<Place> {
        match root {
            Root::Subject => Some(Place::Fields(self.fields)),
            Root::Element => scope.element.clone(),
        }
    }

    fn walk(&self, path: &Selector, scope: &Scope<'_>) -> Result<Place, Problem> {
        let start = self.start(path.root, scope).unwrap_or(Place::Anything);
        path.segments.iter().try_fold(start, |place, segment| self.segment(&place, segment))
    }

    /// What a path that was checked leads to.
    pub(super) fn leaf(&self, path: &Selector, scope: &Scope<'_>) -> Leaf {
        Leaf(self.walk(path, scope).unwrap_or(Place::Anything))
    }

    /// Inside the quantifier over these elements.
    pub(super) fn inside<'s>(&self, path: &Selector, scope: &Scope<'s>) -> Scope<'s> {
        let own = path.names().into_iter().map(str::to_owned);
        let names = if path.root == Root::Element { scope.names.iter().cloned().chain(own).collect() } else { own.collect() };
        Scope { element: Some(self.walk(path, scope).unwrap_or(Place::Anything)), names, marker: std::marker::PhantomData }
    }

    fn segment(&self, place: &Place, segment: &Segment) -> Result<Place, Problem> {
        if segment.descend {
            return Ok(Place::Anything);
        }
        let mut places = Vec::new();
        for choice in &segment.choices {
            places.push(self.choice(place, choice)?);
        }
        match places.len() {
            1 => Ok(places.pop().unwrap_or(Place::Anything)),
            _ => Ok(Place::Anything),
        }
    }

    fn choice(&self, place: &Place, choice: &Choice) -> Result<Place, Problem> {
        if let Choice::Filter(filter) = choice {
            let element = step_into(self, place, None)?;
            self.filter(filter, &element)?;
            return Ok(element);
        }
        match choice {
            Choice::Name(name) => step_into(self, place, Some(name)),
            _ => step_into(self, place, None),
        }
    }

    fn filter(&self, filter: &Filter, element: &Place) -> Result<(), Problem> {
        match filter {
            Filter::Or(parts) | Filter::And(parts) => parts.iter().try_for_each(|part| self.filter(part, element)),
            Filter::Not(inner) => self.filter(inner, element),
            Filter::Exists(query) => self.query(query, element).map(|_| ()),
            Filter::Compare(_, left, right) => {
                self.side(left, right, element)?;
                self.side(right, left, element)
            }
        }
    }

    /// A query of a comparison leads somewhere, and the literal it is compared with may be there.
    fn side(&self, side: &Comparable, other: &Comparable, element: &Place) -> Result<(), Problem> {
        let Comparable::Query(query) = side else { return Ok(()) };
        let place = self.query(query, element)?;
        let Comparable::Literal(literal) = other else { return Ok(()) };
        literal.as_text().and_then(|text| unknown_literal(&Leaf(place), text)).map_or(Ok(()), Err)
    }

    fn query(&self, query: &Query, element: &Place) -> Result<Place, Problem> {
        let start = if query.root == Root::Element { element.clone() } else { Place::Fields(self.fields) };
        query.segments.iter().try_fold(start, |place, segment| self.segment(&place, segment))
    }
}

/// One step: into a member, or (`None`) into the elements of a list.
fn step_into(typing: &Typing, place: &Place, name: Option<&str>) -> Result<Place, Problem> {
    match (place, name) {
        (Place::Fields(fields), Some(name)) => field_step(typing, fields, name),
        (Place::Anything, _) | (Place::Fields(_), None) => Ok(Place::Anything),
        (Place::Type(kind), step) => type_step(typing, *kind, step),
        (Place::Raw(steps), step) => raw_step(typing, steps, step).map(Place::Raw),
        (Place::Written(steps), step) => raw_step(typing, steps, step).map(Place::Written),
    }
}

fn field_step(typing: &Typing, fields: &'static [Field], name: &str) -> Result<Place, Problem> {
    let Some(field) = fields.iter().find(|field| field.name == name) else {
        let names = fields.iter().map(|field| field.name);
        return Err(missing(name, names, "field"));
    };
    Ok(match field.kind {
        FieldType::Before => Place::Fields(typing.fields),
        FieldType::Attributes => Place::Raw(Vec::new()),
        FieldType::Written => Place::Written(Vec::new()),
        FieldType::Object(fields) => Place::Fields(fields),
        FieldType::Any => Place::Anything,
        kind => Place::Type(kind),
    })
}

fn type_step(typing: &Typing, kind: FieldType, step: Option<&str>) -> Result<Place, Problem> {
    let place = |kind: FieldType| match kind {
        FieldType::Object(fields) => Place::Fields(fields),
        FieldType::Any => Place::Anything,
        FieldType::Before => Place::Fields(typing.fields),
        kind => Place::Type(kind),
    };
    match (kind, step) {
        (FieldType::List(inner) | FieldType::Map(inner), None) | (FieldType::Map(inner), Some(_)) => Ok(place(*inner)),
        (FieldType::List(_), Some(name)) => Err(Problem {
            name: name.to_owned(),
            message: format!("`{name}` is read from a list"),
            help: Some("write an index or `[*]` before it".to_owned()),
            warning: false,
        }),
        (_, Some(name)) => {
            Err(Problem { name: name.to_owned(), message: format!("nothing lies below a {}", kind.words()), help: None, warning: false })
        }
        (_, None) => {
            Err(Problem { name: "[".to_owned(), message: format!("a {} has no elements", kind.words()), help: None, warning: false })
        }
    }
}

fn missing<'n>(name: &str, names: impl Iterator<Item = &'n str> + Clone, what: &str) -> Problem {
    let help = match nearest(name, names.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", names.take(40).collect::<Vec<_>>().join(", ")),
    };
    Problem { name: name.to_owned(), message: format!("there is no {what} `{name}`"), help: Some(help), warning: false }
}

/// Right if one of the types has it.
fn raw_step(typing: &Typing, steps: &[RawStep], step: Option<&str>) -> Result<Vec<RawStep>, Problem> {
    let mut next = steps.to_vec();
    next.push(step.map_or(RawStep::Index, |name| RawStep::Name(name.to_owned())));
    let mut problem = None;
    for kind in &typing.types {
        match look(kind, &next) {
            Lookup::Missing { candidates, .. } => {
                let name = step.unwrap_or_default();
                problem.get_or_insert_with(|| missing(name, candidates.into_iter(), &format!("attribute of `{kind}` called")));
            }
            Lookup::Unindexed(block) => {
                let name = step.unwrap_or_default();
                let message = format!("`{}` is a list", block.name());
                problem.get_or_insert_with(|| Problem {
                    name: name.to_owned(),
                    message,
                    help: Some(format!("write `{}[0].{name}`, or `[*]` for each", block.name())),
                    warning: false,
                });
            }
            Lookup::TooDeep(_) => {
                let name = step.unwrap_or("[").to_owned();
                problem.get_or_insert_with(|| Problem {
                    message: format!("nothing lies at `{name}` of `{kind}`"),
                    name,
                    help: None,
                    warning: false,
                });
            }
            _ => return Ok(next),
        }
    }
    problem.map_or(Ok(next), Err)
}

fn look(kind: &str, steps: &[RawStep]) -> Lookup {
    let steps: Vec<schema::Step<'_>> =
        steps.iter().map(|step| if let RawStep::Name(name) = step { schema::Step::Name(name) } else { schema::Step::Index }).collect();
    schema::find(kind, &steps)
}

/// Parses a path and checks where it leads.
pub(super) fn selector(scalar: &Scalar, place: Use, scope: &Scope<'_>, typing: &Typing, decoder: &mut Decoder<'_>) -> Option<Selector> {
    let path = match Selector::parse(&scalar.text, place) {
        Ok(path) => path,
        Err(error) => {
            let span = scalar.span_in_file(error.at, error.at + error.length);
            let diagnostic = decoder.diagnostic(span, error.message).maybe_help(error.help);
            decoder.push(diagnostic);
            return None;
        }
    };
    if path.root == Root::Element && scope.element.is_none() {
        let span = scalar.span_in_file(0, 1);
        let diagnostic = decoder
            .diagnostic(span, "`@` stands for the element of a quantifier, and there is none around it")
            .help(format!("write `${}`", path.text.get(1..).unwrap_or_default()));
        decoder.push(diagnostic);
        return None;
    }
    match typing.walk(&path, scope) {
        Ok(_) => {
            warn_of_set_index(&path, scalar, typing, decoder);
            Some(path)
        }
        Err(problem) => {
            report(&problem, scalar, decoder);
            problem.warning.then_some(path)
        }
    }
}

/// Checks where a path inside a longer text leads; `at` is where it starts there, in characters.
pub(super) fn check_path(path: &Selector, at: usize, scalar: &Scalar, typing: &Typing, decoder: &mut Decoder<'_>) {
    if let Err(problem) = typing.walk(path, &Scope::outside()) {
        let inside = path.text.rfind(&problem.name).map_or(0, |found| path.text.get(..found).unwrap_or_default().chars().count());
        let span = scalar.span_in_file(at + inside, at + inside + problem.name.chars().count().max(1));
        let diagnostic = decoder.diagnostic(span, problem.message).maybe_help(problem.help);
        decoder.push(diagnostic);
    }
}

fn report(problem: &Problem, scalar: &Scalar, decoder: &mut Decoder<'_>) {
    let at = scalar.text.rfind(&problem.name).map_or(0, |at| scalar.text.get(..at).unwrap_or_default().chars().count());
    let span = scalar.span_in_file(at, at + problem.name.chars().count().max(1));
    let diagnostic = decoder.diagnostic(span, problem.message.clone()).maybe_help(problem.help.clone());
    decoder.push(diagnostic);
}

/// Elements of a set have no order: an index says nothing (design.md 4.3).
fn warn_of_set_index(path: &Selector, scalar: &Scalar, typing: &Typing, decoder: &mut Decoder<'_>) {
    let mut place = Place::Fields(typing.fields);
    for segment in &path.segments {
        let is_index = matches!(segment.choices.as_slice(), [Choice::Index(_)]);
        if let (true, Place::Raw(steps)) = (is_index, &place) {
            let set = typing.types.iter().any(|kind| matches!(look(kind, steps), Lookup::Found(attribute) if attribute.kind.is_set()));
            if set {
                decoder.warning(scalar.span, "an index into a set: its elements have no order of their own; write `[*]` with a quantifier");
            }
        }
        let Ok(next) = typing.segment(&place, segment) else { return };
        place = next;
    }
}

/// The elements of a quantifier must be elements, and not a list.
pub(super) fn check_elements(path: &Selector, scalar: &Scalar, scope: &Scope<'_>, typing: &Typing, decoder: &mut Decoder<'_>) -> bool {
    let list = match typing.leaf(path, scope).0 {
        Place::Type(FieldType::List(_) | FieldType::Map(_)) => true,
        Place::Raw(steps) => typing.types.iter().any(|kind| matches!(look(kind, &steps), Lookup::Found(attribute) if attribute.kind.is_block() || attribute.kind.is_list() || attribute.kind.is_set())),
        _ => false,
    };
    if list && path.is_singular() {
        let diagnostic =
            decoder.diagnostic(scalar.span, "the path leads to a list, not to its elements").help(format!("write `{}[*]`", path.text));
        decoder.push(diagnostic);
        return false;
    }
    true
}

/// What an operator judges has to be what the path leads to, where that is known.
pub(super) fn check_operator(leaf: &Leaf, path: &Selector, operator: &Operator, span: Span, decoder: &mut Decoder<'_>) {
    let (kind, judged) = match &leaf.0 {
        Place::Type(kind) => (*kind, operator.judges),
        _ => return,
    };
    let right = match judged {
        Judges::Anything => true,
        Judges::Lists => matches!(kind, FieldType::List(_)) || !path.is_singular(),
        Judges::Scalars => !matches!(kind, FieldType::List(_) | FieldType::Map(_)),
        Judges::Text | Judges::Ranges => matches!(kind, FieldType::Text | FieldType::Enum(_)),
        Judges::Numbers => matches!(kind, FieldType::Number | FieldType::Text),
        Judges::Exposures => matches!(kind, FieldType::Enum(values) if values == super::operator::EXPOSURES),
    };
    if !right {
        let diagnostic =
            decoder.diagnostic(span, format!("`{}` judges {}, and the path leads to a {}", operator.name, judged.words(), kind.words()));
        decoder.push(diagnostic);
    }
}

/// Literals are checked like names.
pub(super) fn check_literals(leaf: &Leaf, typing: &Typing, operator: &Operator, node: &Node, decoder: &mut Decoder<'_>) {
    if !matches!(operator.name, "equals" | "not-equals" | "in" | "not-in" | "contains" | "contains-any" | "contains-only") {
        return;
    }
    let nodes: Vec<&Node> = node.sequence().map_or_else(|| vec![node], |items| items.iter().collect());
    for node in nodes {
        let Some(scalar) = node.scalar() else { continue };
        let problem = match (&leaf.0, &scalar.value) {
            (Place::Raw(_), crate::yaml::Literal::Text(text)) => near_literal(&raw_enum(leaf, typing), text),
            (_, crate::yaml::Literal::Text(text)) => unknown_literal(leaf, text),
            (Place::Type(FieldType::Enum(_)), _) => unknown_literal(leaf, &scalar.text),
            _ => None,
        };
        if let Some(problem) = problem {
            let diagnostic = decoder.diagnostic(scalar.span, problem.message).maybe_help(problem.help);
            decoder.push(diagnostic);
        }
    }
}

fn unknown_literal(leaf: &Leaf, text: &str) -> Option<Problem> {
    let values: Vec<&'static str> = match &leaf.0 {
        Place::Type(FieldType::Enum(values) | FieldType::List(FieldType::Enum(values))) => values.to_vec(),
        Place::Type(FieldType::Boolean) if !matches!(text, "true" | "false") => vec!["true", "false"],
        _ => return None,
    };
    near_literal(&values, text)
}

fn near_literal(values: &[&'static str], text: &str) -> Option<Problem> {
    if values.is_empty() || values.contains(&text) {
        return None;
    }
    let help = nearest(text, values.iter().copied())
        .map_or_else(|| format!("there are {}", values.join(", ")), |near| format!("did you mean `{near}`?"));
    Some(Problem { name: text.to_owned(), message: format!("`{text}` is never the value there"), help: Some(help), warning: false })
}

/// The literals that the provider accepts at a raw path, of all types that have it; empty: any.
fn raw_enum(leaf: &Leaf, typing: &Typing) -> Vec<&'static str> {
    let Place::Raw(steps) = &leaf.0 else { return Vec::new() };
    let mut values = Vec::new();
    for kind in &typing.types {
        match look(kind, steps) {
            Lookup::Found(attribute) | Lookup::Element(attribute) if !attribute.enum_values.is_empty() => {
                values.extend(attribute.enum_values.iter().copied());
            }
            Lookup::Missing { .. } => {}
            _ => return Vec::new(),
        }
    }
    values
}
