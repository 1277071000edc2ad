//! Conditions: their tree, and its decoding from YAML. Takes nodes and the types that paths lead through, gives a tree
//! in which nothing is malformed; refuses names, literals and combinations that can never be meant (design.md 4.3).

use super::literal::{self, literal_value};
use super::operator::{OPERATORS, Operand, Operator, operator};
use super::selector::{Root, Selector, Use};
use super::typing::{Scope, Typing};
use crate::decode::{Decoder, Fields};
use crate::plan::Value;
use crate::source::Span;
use crate::yaml::{Key, Node};
use std::collections::{BTreeMap, BTreeSet};

/// A condition.
#[derive(Debug)]
pub struct Condition {
    /// What it says.
    pub kind: ConditionKind,
    /// What it says is not verified: it may help to pass, never to fail.
    pub unverified: Option<String>,
    /// Added to a finding where it is not true.
    pub labels: BTreeMap<String, String>,
    /// Where it stands.
    pub span: Span,
}

/// The forms of a condition.
#[derive(Debug)]
pub enum ConditionKind {
    /// A value judged by an operator.
    Test {
        /// What is judged.
        path: Selector,
        /// By what.
        operator: &'static Operator,
        /// Against what.
        operand: OperandSource,
    },
    /// All hold.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// None holds.
    None(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// At least one element, or every one, that `when` keeps.
    Quantified {
        /// Every element, and not just one.
        every: bool,
        /// The elements.
        elements: Selector,
        /// Which are looked at.
        filter: Vec<Condition>,
        /// What has to hold of them.
        require: Vec<Condition>,
    },
    /// How many elements `filter` keeps.
    Count {
        /// The elements.
        elements: Selector,
        /// Which are counted.
        filter: Vec<Condition>,
        /// At least.
        at_least: usize,
        /// At most.
        at_most: Option<usize>,
    },
}

/// Where an operand comes from.
#[derive(Debug)]
pub enum OperandSource {
    /// Written in the policy, or a parameter's value once settings are known.
    Literal(Operand),
    /// Another path of the subject.
    Path(Selector),
    /// A parameter that is not bound yet.
    Param(String),
}

impl std::fmt::Debug for Operator {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
}

/// What decoding needs to know and collects.
pub(super) struct Context<'c, 'd> {
    /// Where errors go.
    pub(super) decoder: &'c mut Decoder<'d>,
    /// What paths are checked against.
    pub(super) typing: &'c Typing,
    /// Declared parameters.
    pub(super) params: &'c BTreeSet<String>,
    /// Parameters that were used.
    pub(super) used: BTreeSet<String>,
    /// Paths from the subject that were read, for what the reader keeps.
    pub(super) read: Vec<Vec<String>>,
}

const FORMS: [&str; 8] = ["path", "all", "any", "none", "not", "some", "every", "count"];

/// Decodes a list of conditions that is not empty.
pub(super) fn list(node: &Node, name: &str, scope: &Scope<'_>, context: &mut Context<'_, '_>) -> Vec<Condition> {
    let Some(items) = context.decoder.list(node, name, false) else { return Vec::new() };
    items.iter().filter_map(|item| condition(item, scope, context)).collect()
}

fn condition(node: &Node, scope: &Scope<'_>, context: &mut Context<'_, '_>) -> Option<Condition> {
    let mut fields = Fields::new(node, "a condition", context.decoder)?;
    let unverified =
        fields.optional("unverified").and_then(|node| context.decoder.nonblank_text(node, "unverified")).map(|text| text.text.clone());
    let labels = fields.optional("labels").map(|node| literal::texts(node, "labels", context.decoder)).unwrap_or_default();
    let forms: Vec<&'static str> = FORMS.into_iter().filter(|form| fields.entry(form).is_some()).collect();
    let form = match forms.as_slice() {
        [one] => *one,
        [] => {
            let mut diagnostic = context.decoder.diagnostic(fields.span(), "a condition has neither a path nor one of the combining forms");
            diagnostic = diagnostic.expected(format!("one of {}", FORMS.join(", ")));
            context.decoder.push(diagnostic);
            fields.allow(&FORMS);
            let names: Vec<&'static str> = OPERATORS.iter().map(|operator| operator.name).collect();
            fields.allow(&names);
            fields.finish(context.decoder);
            return None;
        }
        [_, second, ..] => {
            let span = fields.entry(second).map_or(node.span, |(key, _)| key.span);
            let diagnostic = context
                .decoder
                .diagnostic(span, format!("a condition has both `{}` and `{second}`", forms.first().unwrap_or(second)))
                .help("write two conditions, or combine them under `all` or `any`");
            context.decoder.push(diagnostic);
            return None;
        }
    };
    let kind = match form {
        "path" => return test(node, fields, (unverified, labels), scope, context),
        "some" | "every" | "count" => fields.optional(form).and_then(|inner| quantifier(inner, form, scope, context)),
        "not" => fields.optional("not").and_then(|inner| condition(inner, scope, context)).map(|inner| ConditionKind::Not(Box::new(inner))),
        _ => fields.optional(form).map(|inner| {
            let parts = list(inner, form, scope, context);
            match form {
                "all" => ConditionKind::All(parts),
                "any" => ConditionKind::Any(parts),
                _ => ConditionKind::None(parts),
            }
        }),
    };
    fields.finish(context.decoder);
    Some(Condition { kind: kind?, unverified, labels, span: node.span })
}

type Beside = (Option<String>, BTreeMap<String, String>);

fn test(
    node: &Node,
    mut fields: Fields<'_>,
    (unverified, labels): Beside,
    scope: &Scope<'_>,
    context: &mut Context<'_, '_>,
) -> Option<Condition> {
    let path_node = fields.optional("path");
    let written: Vec<&'static Operator> = OPERATORS.iter().filter(|operator| fields.entry(operator.name).is_some()).collect();
    let names: Vec<&'static str> = OPERATORS.iter().map(|operator| operator.name).collect();
    let unknown = node
        .mapping()
        .unwrap_or_default()
        .iter()
        .any(|(key, _)| operator(&key.text).is_none() && !matches!(key.text.as_str(), "path" | "unverified" | "labels"));
    fields.allow(&names);
    let pair = match written.as_slice() {
        [one] => fields.entry(one.name).map(|(key, value)| (*one, key, value)),
        [] if unknown => None,
        [] => {
            let diagnostic = context
                .decoder
                .diagnostic(fields.span(), "a condition on a path has no operator")
                .expected("one operator")
                .help(format!("operators are {}", names.join(", ")));
            context.decoder.push(diagnostic);
            None
        }
        [first, second, ..] => {
            let span = fields.entry(second.name).map_or(node.span, |(key, _)| key.span);
            let diagnostic = context
                .decoder
                .diagnostic(span, format!("a condition has both `{}` and `{}`", first.name, second.name))
                .help("a condition has one operator: write two conditions");
            context.decoder.push(diagnostic);
            None
        }
    };
    fields.finish(context.decoder);
    let scalar = context.decoder.nonblank_text(path_node?, "path")?;
    let takes_many = pair.is_some_and(|(operator, ..)| operator.takes_elements());
    let place = if takes_many { Use::Quantifier } else { Use::Condition };
    let path = super::typing::selector(scalar, place, scope, context.typing, context.decoder)?;
    remember(&path, scope, context);
    let (operator, key, value) = pair?;
    if !path.is_singular() && !takes_many {
        let diagnostic = context
            .decoder
            .diagnostic(scalar.span, "the path selects several values")
            .help(format!("say `every` or `some`, with `in: {}`", path.text));
        context.decoder.push(diagnostic);
        return None;
    }
    let field = context.typing.leaf(&path, scope);
    super::typing::check_operator(&field, &path, operator, key.span, context.decoder);
    let operand = operand(operator, (key, value), &field, scope, context)?;
    Some(Condition { kind: ConditionKind::Test { path, operator, operand }, unverified, labels, span: node.span })
}

fn operand(
    operator: &'static Operator,
    (key, node): (&Key, &Node),
    field: &super::typing::Leaf,
    scope: &Scope<'_>,
    context: &mut Context<'_, '_>,
) -> Option<OperandSource> {
    if let Some([(name, inner)]) = node.mapping() {
        match name.text.as_str() {
            "path" => {
                let scalar = context.decoder.nonblank_text(inner, "path")?;
                let path = super::typing::selector(scalar, Use::Condition, scope, context.typing, context.decoder)?;
                remember(&path, scope, context);
                return Some(OperandSource::Path(path));
            }
            "param" => {
                let scalar = context.decoder.nonblank_text(inner, "param")?;
                context.used.insert(scalar.text.clone());
                if !context.params.contains(&scalar.text) {
                    let near = crate::suggest::nearest(&scalar.text, context.params.iter().map(String::as_str));
                    let help = near.map_or_else(
                        || format!("declare it under `params`: `{}: {{type: string}}`", scalar.text),
                        |near| format!("did you mean `{near}`?"),
                    );
                    let diagnostic =
                        context.decoder.diagnostic(scalar.span, format!("the parameter `{}` is not declared", scalar.text)).help(help);
                    context.decoder.push(diagnostic);
                    return None;
                }
                return Some(OperandSource::Param(scalar.text.clone()));
            }
            _ => {}
        }
    }
    let value = literal_value(node, context.decoder)?;
    literal::check_operand(operator, &value, (key.span, node.span), context.decoder)?;
    super::typing::check_literals(field, context.typing, operator, node, context.decoder);
    bind(operator, value, node.span, context.decoder).map(OperandSource::Literal)
}

/// An operand of this value, its expression compiled.
pub(super) fn bind(operator: &Operator, value: Value, span: Span, decoder: &mut Decoder<'_>) -> Option<Operand> {
    let regex = match (operator.operand, value.as_text()) {
        (super::operator::OperandKind::Regex, Some(text)) => match regex::Regex::new(text) {
            Ok(regex) => Some(regex),
            Err(error) => {
                let reason = error.to_string();
                let last = reason.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                let diagnostic = decoder
                    .diagnostic(span, format!("not a regular expression: {last}"))
                    .help("the syntax is that of the crate regex: no look-around, no back-references");
                decoder.push(diagnostic);
                return None;
            }
        },
        _ => None,
    };
    Some(Operand { value, regex })
}

fn quantifier(node: &Node, form: &str, scope: &Scope<'_>, context: &mut Context<'_, '_>) -> Option<ConditionKind> {
    let mut fields = Fields::new(node, form, context.decoder)?;
    let source = fields.required(context.decoder, "in", "the elements").and_then(|node| context.decoder.nonblank_text(node, "in"));
    let elements = source.and_then(|scalar| {
        super::typing::selector(scalar, Use::Quantifier, scope, context.typing, context.decoder).map(|path| (scalar, path))
    });
    let elements = elements.and_then(|(scalar, path)| {
        remember(&path, scope, context);
        super::typing::check_elements(&path, scalar, scope, context.typing, context.decoder).then_some(path)
    });
    let inner = elements.as_ref().map_or_else(|| scope.anything(), |path| context.typing.inside(path, scope));
    let filter = fields.optional("where").map(|node| list(node, "where", &inner, context));
    if form == "count" {
        let number = |fields: &mut Fields<'_>, name: &'static str, decoder: &mut Decoder<'_>| {
            fields.optional(name).and_then(|node| decoder.integer(node, name)).and_then(|value| usize::try_from(value).ok())
        };
        let (equals, at_least, at_most) = (
            number(&mut fields, "equals", context.decoder),
            number(&mut fields, "at-least", context.decoder),
            number(&mut fields, "at-most", context.decoder),
        );
        let boundless = fields.entry("equals").is_none() && fields.entry("at-least").is_none() && fields.entry("at-most").is_none();
        if boundless {
            let diagnostic =
                context.decoder.diagnostic(fields.span(), "`count` has no number").expected("`at-least`, `at-most` or `equals`");
            context.decoder.push(diagnostic);
        }
        fields.finish(context.decoder);
        return Some(ConditionKind::Count {
            elements: elements?,
            filter: filter.unwrap_or_default(),
            at_least: equals.or(at_least).unwrap_or(0),
            at_most: equals.or(at_most),
        })
        .filter(|_| !boundless);
    }
    let require = fields.optional("require").map(|node| list(node, "require", &inner, context));
    let lacks = if form == "every" { require.is_none() } else { require.is_none() && filter.is_none() };
    if lacks {
        let expected = if form == "every" { "`require`" } else { "`where` or `require`" };
        let diagnostic = context.decoder.diagnostic(fields.span(), format!("`{form}` says nothing of its elements")).expected(expected);
        context.decoder.push(diagnostic);
    }
    fields.finish(context.decoder);
    Some(ConditionKind::Quantified {
        every: form == "every",
        elements: elements?,
        filter: filter.unwrap_or_default(),
        require: require.unwrap_or_default(),
    })
    .filter(|_| !lacks)
}

fn remember(path: &Selector, scope: &Scope<'_>, context: &mut Context<'_, '_>) {
    let own = path.names().into_iter().map(str::to_owned);
    let names: Vec<String> = if path.root == Root::Element { scope.names.iter().cloned().chain(own).collect() } else { own.collect() };
    context.read.push(names);
}
