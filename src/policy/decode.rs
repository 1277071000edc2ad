//! From a YAML tree to a policy, field by field; every error of the file is found in one go.

use super::condition::{self, Context};
use super::literal::{literal_value, texts};
use super::selector::{Selector, SelectorError, Use};
use super::typing::{self, Scope, Typing};
use super::{OnUndecided, Param, ParamKind, Policy, Severity, Template, Types};
use crate::decode::{Decoder, Fields};
use crate::google::schema;
use crate::plan::Action;
use crate::source::{SourceFile, Span};
use crate::subject::{SUBJECTS, Subject, SubjectKind};
use crate::suggest::nearest;
use crate::yaml::{Node, Scalar};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Fields that the decoder reads elsewhere or not at all while checking a plan.
const LATER: [&str; 2] = ["examples", "edit"];

/// Decodes one policy.
pub(super) fn policy(tree: &Node, file: &Arc<SourceFile>, builtin: bool, decoder: &mut Decoder<'_>) -> Option<Policy> {
    let mut fields = Fields::new(tree, "a policy", decoder)?;
    fields.allow(&LATER);
    let head = head(&mut fields, decoder);
    let types = types(&mut fields, head.subject, decoder);
    let (params, names) = params(&mut fields, decoder);
    let body = body(&mut fields, &head, &types, &names, decoder);
    let prose = prose(&mut fields, decoder);
    let gate = gate(&mut fields, decoder);
    warn_of_unused(&fields, &names, &body.used, decoder);
    fields.finish(decoder);
    Some(Policy {
        id: head.id?,
        title: head.title?,
        severity: head.severity?,
        labels: prose.labels,
        subject: head.subject?,
        types,
        applies_to: gate.applies_to,
        when: body.when,
        require: body.require,
        on_undecided: gate.on_undecided,
        message: body.message?,
        why: prose.why,
        fix: prose.fix,
        references: prose.references,
        since: prose.since,
        at: body.at,
        about: body.about,
        params,
        unverified: prose.unverified,
        implied_by: gate.implied_by.iter().map(|(id, _)| id.clone()).collect(),
        implied_by_spans: gate.implied_by.iter().map(|(_, span)| *span).collect(),
        deny_from: gate.deny_from,
        locked: gate.locked,
        builtin,
        file: Arc::clone(file),
        id_span: head.id_span,
        reads: body.reads,
    })
}

/// What a policy is.
struct Head {
    id: Option<String>,
    id_span: Span,
    title: Option<String>,
    severity: Option<Severity>,
    subject: Option<&'static Subject>,
}

fn head(fields: &mut Fields<'_>, decoder: &mut Decoder<'_>) -> Head {
    let id_node = fields.required(decoder, "id", "the name under which outputs, settings and waivers speak of it");
    let id = id_node.and_then(|node| id(node, decoder));
    let title = fields.required(decoder, "title", "one line that says what is wrong");
    let title = title.and_then(|node| decoder.nonblank_text(node, "title")).map(|text| text.text.clone());
    let words = Severity::ALL.map(Severity::word);
    let severity = fields.required(decoder, "severity", "how bad a finding is");
    let severity = severity.and_then(|node| decoder.one_of(node, "severity", &words)).and_then(Severity::named);
    let subject = subject(fields, decoder);
    let language = fields.optional("language").and_then(|node| decoder.integer(node, "language").map(|version| (version, node.span)));
    if let Some((version, span)) = language.filter(|(version, _)| *version != 1) {
        let diagnostic = decoder.diagnostic(span, format!("version {version} of the language is not known")).expected("1");
        decoder.push(diagnostic);
    }
    Head { id, id_span: id_node.map_or(Span::at(0), |node| node.span), title, severity, subject }
}

/// What a policy looks at.
struct Body {
    when: Vec<super::Condition>,
    require: Vec<super::Condition>,
    message: Option<Template>,
    at: Option<Selector>,
    about: Vec<Selector>,
    reads: Vec<Vec<String>>,
    /// Parameters that were used.
    used: BTreeSet<String>,
}

fn body(fields: &mut Fields<'_>, head: &Head, types: &Types, params: &BTreeSet<String>, decoder: &mut Decoder<'_>) -> Body {
    let typing = Typing { fields: head.subject.map_or(&[], |subject| subject.fields), types: matched_types(types) };
    let mut context = Context { decoder, typing: &typing, params, used: BTreeSet::new(), read: Vec::new() };
    // Without a subject no path can be judged: one error is enough.
    let (when, require) = if head.subject.is_some() {
        conditions(fields, &mut context)
    } else {
        fields.allow(&["when", "require", "forbid"]);
        (Vec::new(), Vec::new())
    };
    let message = message(fields, head.title.as_deref(), &mut context);
    let at = fields.optional("at").and_then(|node| path(node, "at", &mut context));
    let about = fields.optional("about").map(|node| list(node, "about", context.decoder)).unwrap_or_default();
    let about = about.into_iter().filter_map(|node| path(node, "about", &mut context)).collect();
    Body { when, require, message, at, about, reads: context.read, used: context.used }
}

fn id(node: &Node, decoder: &mut Decoder<'_>) -> Option<String> {
    let text = &decoder.nonblank_text(node, "id")?.text;
    let parts = text.split('-').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
    if !parts || text.len() > 64 {
        let diagnostic = decoder
            .diagnostic(node.span, format!("`{text}` is not an id"))
            .expected("lower-case words and digits joined by `-`, 64 characters at most");
        decoder.push(diagnostic);
        return None;
    }
    Some(text.clone())
}

fn subject(fields: &mut Fields<'_>, decoder: &mut Decoder<'_>) -> Option<&'static Subject> {
    let names: Vec<&str> = SUBJECTS.iter().map(|subject| subject.name).collect();
    let node = fields.required(decoder, "subject", "what it judges, one by one")?;
    decoder.one_of(node, "subject", &names).and_then(Subject::named)
}

fn list<'n>(node: &'n Node, name: &str, decoder: &mut Decoder<'_>) -> Vec<&'n Node> {
    decoder.list(node, name, false).unwrap_or_default().iter().collect()
}

fn types(fields: &mut Fields<'_>, subject: Option<&Subject>, decoder: &mut Decoder<'_>) -> Types {
    let Some(node) = fields.optional("types") else { return Types::default() };
    if subject.is_some_and(|subject| subject.kind != SubjectKind::Resource) {
        let span = fields.entry("types").map_or(node.span, |(key, _)| key.span);
        let diagnostic =
            decoder.diagnostic(span, "`types` goes with the subject `resource` only").help("say it with a condition on `$.kind`");
        decoder.push(diagnostic);
        return Types::default();
    }
    let mut patterns = Vec::new();
    for node in list(node, "types", decoder) {
        let Some(scalar) = decoder.nonblank_text(node, "types") else { continue };
        let text = scalar.text.clone();
        match globset::GlobBuilder::new(&text).literal_separator(false).build() {
            Ok(glob) => {
                check_type(&text, scalar, decoder);
                patterns.push((text, glob.compile_matcher(), scalar.span));
            }
            Err(error) => {
                let diagnostic = decoder.diagnostic(scalar.span, format!("not a glob: {}", error.kind()));
                decoder.push(diagnostic);
            }
        }
    }
    Types { patterns }
}

/// A name near one of the table is a mistake; a name far from all of them is another provider's.
fn check_type(text: &str, scalar: &Scalar, decoder: &mut Decoder<'_>) {
    if text.contains(['*', '?', '[', '{']) || schema::has_type(text) {
        return;
    }
    if let Some(near) = nearest(text, schema::types()) {
        let diagnostic =
            decoder.diagnostic(scalar.span, format!("there is no resource type `{text}`")).help(format!("did you mean `{near}`?"));
        decoder.push(diagnostic);
    }
}

fn matched_types(types: &Types) -> Vec<&'static str> {
    // Without `types` a path may be any type's: nothing to check against. Nor where one of them is not in the table.
    let listed = types.patterns.iter().all(|(_, glob, _)| schema::types().any(|kind| glob.is_match(kind)));
    if types.patterns.is_empty() || !listed {
        return Vec::new();
    }
    schema::types().filter(|kind| types.matches(kind)).collect()
}

fn params(fields: &mut Fields<'_>, decoder: &mut Decoder<'_>) -> (BTreeMap<String, Param>, BTreeSet<String>) {
    let mut params = BTreeMap::new();
    let mut names = BTreeSet::new();
    let Some(node) = fields.optional("params") else { return (params, names) };
    let Some(members) = node.mapping() else {
        decoder.mismatch::<()>(node, "params", "a mapping from names to parameters", None);
        return (params, names);
    };
    for (key, node) in members {
        names.insert(key.text.clone());
        params.extend(param(node, decoder).map(|param| (key.text.clone(), param)));
    }
    (params, names)
}

fn param(node: &Node, decoder: &mut Decoder<'_>) -> Option<Param> {
    let mut fields = Fields::new(node, "a parameter", decoder)?;
    let kind = fields
        .required(decoder, "type", "what values it takes")
        .and_then(|node| decoder.one_of(node, "type", &ParamKind::WORDS))
        .and_then(ParamKind::named);
    let about = fields.optional("about").and_then(|node| decoder.nonblank_text(node, "about")).map(|text| text.text.clone());
    let default = fields.optional("default").and_then(|node| literal_value(node, decoder).map(|value| (value, node.span)));
    fields.finish(decoder);
    let kind = kind?;
    if let Some((value, span)) = &default
        && !kind.takes(value)
    {
        let words = ParamKind::WORDS.into_iter().find(|word| ParamKind::named(word) == Some(kind)).unwrap_or_default();
        let diagnostic = decoder.diagnostic(*span, "the default is not of the parameter's type").expected(words);
        decoder.push(diagnostic);
        return None;
    }
    Some(Param { kind, value: default.map(|(value, _)| value), about })
}

fn conditions(fields: &mut Fields<'_>, context: &mut Context<'_, '_>) -> (Vec<super::Condition>, Vec<super::Condition>) {
    let outside = Scope::outside();
    let when = fields.optional("when").map(|node| condition::list(node, "when", &outside, context)).unwrap_or_default();
    let require = fields.optional("require").map(|node| condition::list(node, "require", &outside, context)).unwrap_or_default();
    let forbid = fields.optional("forbid").and_then(|node| {
        let value = context.decoder.boolean(node, "forbid")?;
        if !value {
            let diagnostic =
                context.decoder.diagnostic(node.span, "`forbid: false` says nothing").help("leave it out, and write `require`");
            context.decoder.push(diagnostic);
        }
        Some(value)
    });
    match (fields.entry("require"), fields.entry("forbid"), forbid) {
        (Some(_), Some((key, _)), _) => {
            let diagnostic = context
                .decoder
                .diagnostic(key.span, "`require` and `forbid` exclude each other")
                .help("with `forbid: true` any subject that `when` keeps is a violation");
            context.decoder.push(diagnostic);
        }
        (None, None, _) => {
            let diagnostic = context
                .decoder
                .diagnostic(fields.span(), "the policy says nothing that must hold")
                .expected("`require`, or `forbid: true` with `when`");
            context.decoder.push(diagnostic);
        }
        (None, Some(_), Some(true)) if fields.entry("when").is_none() => {
            let span = fields.entry("forbid").map_or(fields.span(), |(key, _)| key.span);
            let diagnostic =
                context.decoder.diagnostic(span, "`forbid: true` without `when` forbids every subject").help("say with `when` which ones");
            context.decoder.push(diagnostic);
        }
        _ => {}
    }
    (when, require)
}

struct Prose {
    labels: BTreeMap<String, String>,
    why: Option<String>,
    fix: Option<String>,
    references: Vec<String>,
    since: Option<String>,
    unverified: Option<String>,
}

fn prose(fields: &mut Fields<'_>, decoder: &mut Decoder<'_>) -> Prose {
    let labels = fields.optional("labels").map(|node| texts(node, "labels", decoder)).unwrap_or_default();
    let mut text = |fields: &mut Fields<'_>, name: &'static str| {
        fields.optional(name).and_then(|node| decoder.nonblank_text(node, name)).map(|text| text.text.clone())
    };
    let (why, fix, since, unverified) = (text(fields, "why"), text(fields, "fix"), text(fields, "since"), text(fields, "unverified"));
    let references = fields.optional("references").map(|node| list(node, "references", decoder)).unwrap_or_default();
    let references =
        references.into_iter().filter_map(|node| decoder.nonblank_text(node, "references").map(|text| text.text.clone())).collect();
    Prose { labels, why, fix, references, since, unverified }
}

fn message(fields: &mut Fields<'_>, title: Option<&str>, context: &mut Context<'_, '_>) -> Option<Template> {
    let Some(node) = fields.optional("message") else { return Template::parse(title?).ok() };
    let scalar = context.decoder.nonblank_text(node, "message")?;
    let template = match Template::parse(&scalar.text) {
        Ok(template) => template,
        Err(SelectorError { at, length, message, help }) => {
            let diagnostic = context.decoder.diagnostic(scalar.span_in_file(at, at + length), message).maybe_help(help);
            context.decoder.push(diagnostic);
            return None;
        }
    };
    for path in template.paths() {
        let at = scalar.text.find(&path.text).map_or(0, |at| scalar.text.get(..at).unwrap_or_default().chars().count());
        typing::check_path(path, at, scalar, context.typing, context.decoder);
        context.read.push(path.names().into_iter().map(str::to_owned).collect());
    }
    for name in template.params() {
        context.used.insert(name.to_owned());
        if !context.params.contains(name) {
            context.decoder.error(scalar.span, format!("the parameter `{name}` is not declared"));
        }
    }
    Some(template)
}

fn path(node: &Node, name: &str, context: &mut Context<'_, '_>) -> Option<Selector> {
    let scalar = context.decoder.nonblank_text(node, name)?;
    let path = typing::selector(scalar, Use::Quantifier, &Scope::outside(), context.typing, context.decoder)?;
    context.read.push(path.names().into_iter().map(str::to_owned).collect());
    Some(path)
}

struct Gate {
    applies_to: Vec<Action>,
    on_undecided: OnUndecided,
    implied_by: Vec<(String, Span)>,
    deny_from: Option<Date>,
    locked: bool,
}

fn gate(fields: &mut Fields<'_>, decoder: &mut Decoder<'_>) -> Gate {
    let applies_to = fields.optional("applies-to").map(|node| applies_to(node, decoder));
    let on_undecided = fields
        .optional("on-undecided")
        .and_then(|node| decoder.one_of(node, "on-undecided", &OnUndecided::WORDS))
        .and_then(OnUndecided::named);
    let implied_by = fields.optional("implied-by").map(|node| match node.scalar() {
        Some(scalar) => vec![(scalar.text.clone(), scalar.span)],
        None => list(node, "implied-by", decoder)
            .into_iter()
            .filter_map(|node| decoder.nonblank_text(node, "implied-by").map(|text| (text.text.clone(), text.span)))
            .collect(),
    });
    let deny_from = fields.optional("deny-from").and_then(|node| date(node, "deny-from", decoder));
    let locked = fields.optional("locked").and_then(|node| decoder.boolean(node, "locked"));
    Gate {
        applies_to: applies_to.unwrap_or_else(|| vec![Action::Create, Action::Update, Action::Replace, Action::NoOp]),
        on_undecided: on_undecided.unwrap_or(OnUndecided::Report),
        implied_by: implied_by.unwrap_or_default(),
        deny_from,
        locked: locked.unwrap_or(false),
    }
}

fn applies_to(node: &Node, decoder: &mut Decoder<'_>) -> Vec<Action> {
    let Some(mut fields) = Fields::new(node, "`applies-to`", decoder) else { return Vec::new() };
    let nodes = fields
        .required(decoder, "actions", "the actions of the resources it judges")
        .map(|node| list(node, "actions", decoder))
        .unwrap_or_default();
    fields.finish(decoder);
    let all = [Action::Create, Action::Update, Action::Replace, Action::Delete, Action::NoOp, Action::Read, Action::Forget];
    nodes
        .into_iter()
        .filter_map(|node| decoder.one_of(node, "actions", &Action::WORDS))
        .filter_map(|word| all.into_iter().find(|action| action.word() == word))
        .collect()
}

/// A date `YYYY-MM-DD`.
pub(crate) fn date(node: &Node, name: &str, decoder: &mut Decoder<'_>) -> Option<Date> {
    let scalar = decoder.nonblank_text(node, name)?;
    match scalar.text.parse::<Date>() {
        Ok(date) if scalar.text.len() == 10 => Some(date),
        outcome => {
            let reason = outcome.err().map(|error| error.to_string());
            let diagnostic =
                decoder.diagnostic(scalar.span, format!("`{}` is not a date", scalar.text)).expected("YYYY-MM-DD").maybe_help(reason);
            decoder.push(diagnostic);
            None
        }
    }
}

fn warn_of_unused(fields: &Fields<'_>, declared: &BTreeSet<String>, used: &BTreeSet<String>, decoder: &mut Decoder<'_>) {
    let Some((_, params)) = fields.entry("params") else { return };
    for (key, _) in params.mapping().unwrap_or_default() {
        if declared.contains(&key.text) && !used.contains(&key.text) {
            decoder.warning(key.span, format!("the parameter `{}` is declared and never used", key.text));
        }
    }
}
