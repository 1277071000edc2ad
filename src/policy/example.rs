//! Examples of policies: documentation and test at once. Takes an example's YAML, gives the small plan that it stands
//! for, with references, unknown and sensitive values as a real plan would have them (design.md 4.5).

use super::Policy;
use super::literal::literal_value;
use crate::decode::{Decoder, Fields};
use crate::diagnostic::Diagnostics;
use crate::plan::{Action, Address, ConfiguredResource, Mode, Plan, Resource, State, Value};
use crate::yaml::{self, Key, Node};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An example.
#[derive(Debug)]
pub struct Example {
    /// Its name.
    pub name: String,
    /// The verdict that is expected: of all, or by address.
    pub expect: Expect,
    /// What it is judged on.
    pub plan: Plan,
    /// A resource gives its state before, so that changes are judged too.
    pub has_before: bool,
}

/// What an example expects.
#[derive(Debug, PartialEq, Eq)]
pub enum Expect {
    /// The worst verdict over all subjects.
    All(String),
    /// Verdicts by address; what is not named must neither fail nor be undecided.
    Each(BTreeMap<String, String>),
}

const VERDICTS: [&str; 4] = ["pass", "fail", "undecided", "not-applicable"];

/// The examples of a policy; errors in them go to the decoder.
pub fn examples(policy: &Policy, decoder: &mut Decoder<'_>) -> Vec<Example> {
    // The tree is not kept: a check never looks at examples. That it parses was found when the policy was loaded.
    let Some(tree) = yaml::parse(&policy.file, &mut Diagnostics::new()) else { return Vec::new() };
    let Some(node) = tree.get("examples") else { return Vec::new() };
    decoder.list(node, "examples", false).unwrap_or_default().iter().filter_map(|node| example(node, decoder)).collect()
}

fn example(node: &Node, decoder: &mut Decoder<'_>) -> Option<Example> {
    let mut fields = Fields::new(node, "an example", decoder)?;
    let name = fields
        .required(decoder, "name", "what it shows")
        .and_then(|node| decoder.nonblank_text(node, "name"))
        .map(|text| text.text.clone());
    let expect = fields.required(decoder, "expect", "the verdict").and_then(|node| expect(node, decoder));
    fields.allow(&["context"]);
    let resources = fields
        .required(decoder, "resources", "what it is judged on")
        .and_then(|node| decoder.list(node, "resources", true))
        .unwrap_or_default();
    let mut builder = Builder { plan: Plan::labelled("example"), has_before: false };
    for resource in resources {
        builder.resource(resource, decoder);
    }
    fields.finish(decoder);
    let has_before = builder.has_before;
    builder.plan.roster.sort();
    Some(Example { name: name?, expect: expect?, plan: builder.plan.assemble(), has_before })
}

fn expect(node: &Node, decoder: &mut Decoder<'_>) -> Option<Expect> {
    match node.mapping() {
        None => decoder.one_of(node, "expect", &VERDICTS).map(|verdict| Expect::All(verdict.to_owned())),
        Some(members) => {
            let verdicts = members.iter().filter_map(|(key, value)| {
                decoder.one_of(value, &key.text, &VERDICTS).map(|verdict| (key.text.clone(), verdict.to_owned()))
            });
            Some(Expect::Each(verdicts.collect()))
        }
    }
}

struct Builder {
    plan: Plan,
    has_before: bool,
}

impl Builder {
    fn resource(&mut self, node: &Node, decoder: &mut Decoder<'_>) -> Option<()> {
        let mut fields = Fields::new(node, "a resource", decoder)?;
        let address_node = fields.required(decoder, "address", "its type is read from it")?;
        let text = decoder.nonblank_text(address_node, "address")?.text.clone();
        let values = fields.optional("values").and_then(|node| literal_value(node, decoder));
        let before = fields.optional("before").and_then(|node| literal_value(node, decoder));
        let word = fields.optional("actions").and_then(|node| decoder.one_of(node, "actions", &Action::WORDS));
        let unknown = fields.optional("unknown").and_then(Node::mapping).unwrap_or_default();
        let sensitive = fields.optional("sensitive").and_then(Node::mapping).unwrap_or_default();
        fields.finish(decoder);
        let Some(address) = Address::parse(&text) else {
            decoder.error(address_node.span, format!("`{text}` is not an address"));
            return None;
        };
        self.has_before |= before.is_some();
        let actions = actions(word, before.is_some());
        let action = Action::of(&actions);
        let mut after = values.filter(|_| action.exists_after() || action == Action::Read);
        let mut expressions = after.as_ref().map_or_else(|| Value::map(Vec::new()), written);
        for (Key { text: path, .. }, kind) in unknown {
            let expression = unknown_expression(kind, decoder);
            if let Some(after) = &mut after {
                put(after, path, crate::plan::unresolved());
            }
            match expression {
                Some(expression) => put(&mut expressions, path, expression),
                None => remove(&mut expressions, path),
            }
        }
        for (path, _) in sensitive {
            if let Some(after) = &mut after {
                mark_sensitive(after, &path.text);
            }
        }
        self.add((&text, &address), actions, (before, after), expressions);
        Some(())
    }

    fn add(
        &mut self,
        (text, address): (&str, &Address),
        actions: Vec<Box<str>>,
        (before, after): (Option<Value>, Option<Value>),
        expressions: Value,
    ) {
        let action = Action::of(&actions);
        let module = Address::module_prefix(text);
        let block = ConfiguredResource { expressions: Some(Arc::new(expressions)), ..ConfiguredResource::default() };
        self.plan.configuration.module_for(address).add((address.data, &address.kind, &address.name), block);
        self.plan.roster.add(text, (module, &address.kind, &address.name), action.exists_after());
        let (before, after) = crate::plan::sides(before, after);
        self.plan.resources.push(Resource {
            address: text.into(),
            previous_address: None,
            mode: if address.data { Mode::Data } else { Mode::Managed },
            kind: address.kind.as_str().into(),
            name: address.name.as_str().into(),
            index: address.key.clone(),
            module: module.into(),
            provider: "".into(),
            actions,
            action,
            deposed: None,
            before: if action == Action::NoOp && before.is_none() { after.clone() } else { before },
            after,
            expressions: None,
            prior_only: false,
        });
    }
}

fn actions(word: Option<&str>, has_before: bool) -> Vec<Box<str>> {
    match word {
        Some("replace") => vec!["delete".into(), "create".into()],
        Some(word) => vec![word.into()],
        None => vec![if has_before { "update" } else { "create" }.into()],
    }
}

/// The configuration that would have given these values: every attribute a constant, every block a list.
fn written(values: &Value) -> Value {
    let members = values.members().iter().filter(|(_, value)| !matches!(value.state, State::Null)).map(|(key, value)| {
        let is_block =
            matches!(&value.state, State::List(items) if !items.is_empty() && items.iter().all(|item| matches!(item.state, State::Map(_))));
        let expression = if is_block {
            Value::list(value.items().iter().map(written).collect())
        } else {
            Value::map(vec![("constant_value".into(), value.clone())])
        };
        (Arc::clone(key), expression)
    });
    Value::map(members.collect())
}

/// The expression behind an unknown; `None` where there is no key.
fn unknown_expression(node: &Node, decoder: &mut Decoder<'_>) -> Option<Value> {
    if let Some(mut fields) = node.mapping().and_then(|_| Fields::new(node, "an unknown value", decoder)) {
        let references = fields
            .required(decoder, "references", "what it refers to")
            .and_then(|node| decoder.list(node, "references", false))
            .unwrap_or_default();
        let texts = references
            .iter()
            .filter_map(|node| decoder.nonblank_text(node, "references"))
            .flat_map(|text| prefixes(&text.text))
            .map(|text| Value::text(&text))
            .collect();
        fields.finish(decoder);
        return Some(Value::map(vec![("references".into(), Value::list(texts))]));
    }
    match decoder.one_of(node, "unknown", &["omitted", "computed", "opaque"])? {
        "opaque" => Some(Value::map(Vec::new())),
        _ => None,
    }
}

/// A reference as Terraform writes it, with its prefixes behind (plan-json.md 3.2).
fn prefixes(reference: &str) -> Vec<String> {
    let mut texts = vec![reference.to_owned()];
    let mut rest = reference;
    while let Some(at) = rest.rfind('.').filter(|_| rest.matches('.').count() > 1) {
        rest = rest.get(..at).unwrap_or_default();
        texts.push(rest.to_owned());
    }
    texts
}

/// Puts a value at a path, making what is missing on the way.
fn put(root: &mut Value, path: &str, value: Value) {
    let steps: Vec<Step> = steps(path);
    put_at(root, &steps, value);
}

enum Step {
    Name(Arc<str>),
    Index(usize),
}

fn steps(path: &str) -> Vec<Step> {
    let mut rest = path;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix("['") {
            let (name, tail) = quoted.split_once("']").unwrap_or((quoted, ""));
            steps.push(Step::Name(name.into()));
            rest = tail;
        } else if let Some(index) = rest.strip_prefix('[') {
            let (digits, tail) = index.split_once(']').unwrap_or((index, ""));
            steps.push(Step::Index(digits.parse().unwrap_or(0)));
            rest = tail;
        } else {
            let name = rest.strip_prefix('.').unwrap_or(rest);
            let (name, tail) = name.split_at(name.find(['.', '[']).unwrap_or(name.len()));
            steps.push(Step::Name(name.into()));
            rest = tail;
        }
    }
    steps
}

fn put_at(here: &mut Value, steps: &[Step], value: Value) {
    let Some((step, rest)) = steps.split_first() else {
        *here = value;
        return;
    };
    match step {
        Step::Name(name) => {
            if !matches!(here.state, State::Map(_)) {
                *here = Value::map(Vec::new());
            }
            let mut below = here.get(name).cloned().unwrap_or_else(Value::null);
            put_at(&mut below, rest, value);
            here.insert(name, below);
        }
        Step::Index(at) => {
            let mut items = here.items().to_vec();
            while items.len() <= *at {
                items.push(Value::map(Vec::new()));
            }
            if let Some(item) = items.get_mut(*at) {
                put_at(item, rest, value);
            }
            *here = Value::list(items);
        }
    }
}

fn remove(root: &mut Value, path: &str) {
    let steps = steps(path);
    if let [Step::Name(name)] = steps.as_slice() {
        let members = root.members().iter().filter(|(key, _)| key != name).cloned().collect();
        *root = Value::map(members);
    }
}

fn mark_sensitive(root: &mut Value, path: &str) {
    let found = crate::subject::find(root, path).cloned();
    if let Some(mut value) = found {
        value.sensitive = true;
        put(root, path, value);
    }
}
