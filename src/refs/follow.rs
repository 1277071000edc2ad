//! Following a reference through variables, outputs, modules and `for_each` keys to what it ends in. Takes an
//! expression and where it stands, gives the ends; refuses to look into locals and functions, which the plan does not
//! hold (plan-json.md 3.6).

use super::expression::{constant, references};
use crate::google;
use crate::plan::address::{Step, key_suffix, steps};
use crate::plan::{Address, Module, Plan, Resource, Value};

/// A chain longer than this goes in circles.
const MAX_HOPS: usize = 64;

/// What a reference ends in.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Known before apply: the value if it could be read.
    #[allow(dead_code, reason = "the access model joins by it")]
    Known(Option<Value>),
    /// An attribute of a resource of this plan.
    Object(Object),
    /// A data source that is read during apply, by address.
    Data(String),
    /// Not in the file.
    Opaque { name: String, reason: String },
}

/// An attribute of a resource.
#[derive(Debug)]
pub(super) struct Object {
    /// Address of the instance, without key where it could not be paired, with the attribute behind.
    pub(super) name: String,
    /// Exists after apply.
    pub(super) exists: bool,
    /// The attribute identifies the object, so it is never null.
    pub(super) id_like: bool,
}

impl Outcome {
    /// How `to` speaks of it; nothing for what is known.
    pub(super) fn name(&self) -> Option<String> {
        match self {
            Self::Known(_) => None,
            Self::Object(object) => Some(object.name.clone()),
            Self::Data(name) | Self::Opaque { name, .. } => Some(name.clone()),
        }
    }
}

/// Where an expression stands.
#[derive(Clone)]
pub(super) struct Context<'p> {
    plan: &'p Plan,
    /// The module instance, outermost module first, with the call of each.
    instance: String,
    module: &'p Module,
    /// Key of the block's own instance, and its `for_each` or `count`.
    key: Option<Value>,
    repetition: Option<&'p Value>,
    hops: usize,
}

impl<'p> Context<'p> {
    /// The expressions of this resource.
    pub(super) fn of(plan: &'p Plan, resource: &'p Resource) -> Self {
        let module = plan.configuration.descend(&resource.module);
        let block = module.and_then(|module| module.resource(resource.mode == crate::plan::Mode::Data, &resource.kind, &resource.name));
        Self {
            plan,
            instance: resource.module.to_string(),
            module: module.unwrap_or(&plan.configuration),
            key: resource.index.clone(),
            repetition: block.and_then(|block| block.repetition.as_ref()),
            hops: 0,
        }
    }

    fn deeper(&self) -> Option<Self> {
        (self.hops < MAX_HOPS).then(|| Self { hops: self.hops + 1, ..self.clone() })
    }

    /// The caller of the module that this stands in, and the module's name there.
    fn caller(&self) -> Option<(Self, &'p crate::plan::Call)> {
        let address = Address::parse(&format!("{}.x.x", self.instance))?;
        let (last, above) = address.modules.split_last()?;
        let mut instance = String::new();
        let mut module = &self.plan.configuration;
        for step in above {
            push_module(&mut instance, &step.name, step.key.as_ref());
            module = &module.calls.get(step.name.as_str())?.module;
        }
        let call = module.calls.get(last.name.as_str())?;
        let here =
            Self { plan: self.plan, instance, module, key: last.key.clone(), repetition: call.repetition.as_ref(), hops: self.hops + 1 };
        (self.hops < MAX_HOPS).then_some((here, call))
    }
}

fn push_module(instance: &mut String, name: &str, key: Option<&Value>) {
    if !instance.is_empty() {
        instance.push('.');
    }
    instance.push_str("module.");
    instance.push_str(name);
    instance.extend(key.map(key_suffix));
}

/// Where an expression ends, `rest` being the path below it that is meant.
pub(super) fn follow(context: &Context<'_>, expression: &Value, rest: &[Step<'_>]) -> Vec<Outcome> {
    let groups = references(expression);
    if groups.is_empty() {
        return vec![match constant(expression) {
            Some(value) => Outcome::Known(descend(value, rest).cloned()),
            None => Outcome::Opaque {
                name: "a function".to_owned(),
                reason: "it is the result of a function, which is not in the plan".to_owned(),
            },
        }];
    }
    groups.into_iter().flat_map(|reference| follow_reference(context, reference, rest)).collect()
}

fn descend<'v>(value: &'v Value, rest: &[Step<'_>]) -> Option<&'v Value> {
    rest.iter().try_fold(value, |value, step| match step {
        Step::Name(name) => value.get(name),
        Step::Key(key) => match key.as_text() {
            Some(text) => value.get(text),
            None => key.shown().parse().ok().and_then(|at: usize| value.at(at)),
        },
    })
}

fn opaque(name: &str, what: &str) -> Vec<Outcome> {
    vec![Outcome::Opaque { name: name.to_owned(), reason: format!("it comes from `{name}`, {what}") }]
}

fn follow_reference(context: &Context<'_>, reference: &str, rest: &[Step<'_>]) -> Vec<Outcome> {
    let Some(context) = context.deeper() else { return opaque(reference, "which refers to itself") };
    let Some(parsed) = steps(reference) else { return opaque(reference, "which cannot be read") };
    match parsed.as_slice() {
        [Step::Name("local"), ..] => opaque(reference, "a local, whose body is not in the plan"),
        [Step::Name("path" | "terraform" | "self"), ..] => vec![Outcome::Known(None)],
        [Step::Name("count"), ..] | [Step::Name("each"), Step::Name("key"), ..] => vec![Outcome::Known(context.key)],
        [Step::Name("each"), Step::Name("value"), below @ ..] => each_value(&context, reference, &joined(below, rest)),
        [Step::Name("var"), Step::Name(name), below @ ..] => variable(&context, name, &joined(below, rest)),
        [Step::Name("module"), Step::Name(name), below @ ..] => output(&context, reference, name, &joined(below, rest)),
        [Step::Name("data"), Step::Name(kind), Step::Name(name), ..] => data(&context, kind, name),
        [Step::Name(kind), Step::Name(name), below @ ..] => object(&context, (kind, name), below, rest),
        _ => opaque(reference, "which cannot be read"),
    }
}

fn joined<'s>(below: &[Step<'s>], rest: &[Step<'s>]) -> Vec<Step<'s>> {
    below.iter().chain(rest).cloned().collect()
}

fn variable(context: &Context<'_>, name: &str, rest: &[Step<'_>]) -> Vec<Outcome> {
    if context.instance.is_empty() {
        let value = context.plan.variables.get(name).or_else(|| context.module.defaults.get(name));
        return match value {
            Some(value) => vec![Outcome::Known(descend(value, rest).cloned())],
            None => opaque(&format!("var.{name}"), "a variable that the plan does not show"),
        };
    }
    let Some((caller, call)) = context.caller() else {
        return opaque(&format!("var.{name}"), "a variable of a module that the configuration lacks");
    };
    match call.expressions.as_ref().and_then(|expressions| expressions.get(name)) {
        Some(expression) => follow(&caller, expression, rest),
        // Not set by the call: the module's own default, which is null if it is not written.
        None => vec![Outcome::Known(context.module.defaults.get(name).and_then(|value| descend(value, rest)).cloned())],
    }
}

fn each_value(context: &Context<'_>, reference: &str, rest: &[Step<'_>]) -> Vec<Outcome> {
    let Some(key) = context.key.clone() else { return opaque(reference, "whose `for_each` is not in the plan") };
    // `toset([…])` leaves no expression; its elements are their own keys (plan-json.md 3.3).
    let Some(repetition) = context.repetition else { return vec![Outcome::Known(Some(key))] };
    if let Some(value) = constant(repetition) {
        let element = key.as_text().and_then(|key| value.get(key));
        return vec![Outcome::Known(element.and_then(|element| descend(element, rest)).cloned())];
    }
    let mut below = vec![Step::Key(key)];
    below.extend(rest.iter().cloned());
    references(repetition).into_iter().flat_map(|source| follow_reference(context, source, &below)).collect()
}

fn output(context: &Context<'_>, reference: &str, name: &str, rest: &[Step<'_>]) -> Vec<Outcome> {
    let Some(call) = context.module.calls.get(name) else { return opaque(reference, "a module that the configuration lacks") };
    let (key, rest) = match rest {
        [Step::Key(key), rest @ ..] => (Some(key.clone()), rest),
        // The instance's key got lost; instances that share their keys pair by them.
        _ => (context.key.clone().filter(|_| call.repetition.is_some()), rest),
    };
    let [Step::Name(output), rest @ ..] = rest else { return opaque(reference, "a module without the output's name") };
    let Some(expression) = call.module.outputs.get(output) else { return opaque(reference, "an output that the configuration lacks") };
    let mut instance = context.instance.clone();
    push_module(&mut instance, name, key.as_ref());
    let inside = Context { plan: context.plan, instance, module: &call.module, key: None, repetition: None, hops: context.hops };
    follow(&inside, expression, rest)
}

fn data(context: &Context<'_>, kind: &str, name: &str) -> Vec<Outcome> {
    let prefix = prefixed(&context.instance, &format!("data.{kind}.{name}"));
    vec![Outcome::Data(prefix)]
}

fn prefixed(instance: &str, tail: &str) -> String {
    if instance.is_empty() { tail.to_owned() } else { format!("{instance}.{tail}") }
}

fn object(context: &Context<'_>, (kind, name): (&str, &str), below: &[Step<'_>], rest: &[Step<'_>]) -> Vec<Outcome> {
    let instances = context.plan.roster.instances(&context.instance, kind, name);
    if instances.count == 0 && context.plan.is_whole() {
        // `count = 0` or an empty `for_each`: nothing there that could be unknown.
        return vec![Outcome::Known(None)];
    }
    let (key, below) = match below {
        [Step::Key(key), below @ ..] => (Some(key.clone()), below),
        _ => (None, below),
    };
    let path = joined(below, rest);
    let (key, attribute) = match path.as_slice() {
        // `for_each = google_x.y`, then `each.value.id`: the instance of the same key.
        [Step::Key(own), Step::Name(attribute), ..] if key.is_none() => (Some(own.clone()), Some(*attribute)),
        [Step::Name(attribute), ..] => (key, Some(*attribute)),
        _ => (key.or_else(|| context.key.clone().filter(|_| instances.count > 1)), None),
    };
    let mut address = prefixed(&context.instance, &format!("{kind}.{name}"));
    address.extend(key.as_ref().map(key_suffix));
    let id_like = attribute.is_some_and(google::is_id_like);
    let name = match attribute {
        Some(attribute) => format!("{address}.{attribute}"),
        None => address,
    };
    vec![Outcome::Object(Object { name, exists: instances.all_exist, id_like })]
}
