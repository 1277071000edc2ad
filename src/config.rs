//! The configuration `plangate.yaml`. Takes its text, gives sources, settings and the gate; refuses unknown keys,
//! settings for policies that nobody has, and values of the wrong type, all at once (design.md 5).

use crate::decode::{Decoder, Fields};
use crate::diagnostic::Diagnostics;
use crate::finding::Change;
use crate::plan::Value;
use crate::policy::{OnUndecided, PolicySet, Severity};
use crate::source::{SourceFile, Span};
use crate::suggest::nearest;
use crate::yaml::{self, Node};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The words of `fail-on`.
pub const FAIL_ON: [&str; 5] = ["critical", "high", "medium", "low", "none"];

/// A decoded configuration.
#[derive(Debug, Default)]
pub struct Config {
    /// Sources of policies; `None` where the file does not say.
    pub policies: Option<Vec<String>>,
    /// Settings by policy.
    pub settings: Vec<Setting>,
    /// Severity from which a finding counts.
    pub fail_on: Option<Option<Severity>>,
    /// Classes that count.
    pub fail_on_change: Option<BTreeSet<Change>>,
    /// Keys of the language that this version reads and does not act on yet.
    pub waiting: Vec<&'static str>,
    file: Option<Arc<SourceFile>>,
}

/// The settings of one policy.
#[derive(Debug)]
pub struct Setting {
    id: String,
    span: Span,
    off: bool,
    severity: Option<(Severity, Span)>,
    on_undecided: Option<OnUndecided>,
    params: BTreeMap<String, (Value, Span)>,
}

/// Decodes a configuration; what is wrong with it goes to `diagnostics`.
pub fn parse(file: &Arc<SourceFile>, diagnostics: &mut Diagnostics) -> Config {
    let Some(tree) = yaml::parse(file, diagnostics) else { return Config::default() };
    let mut decoder = Decoder::new(file, diagnostics);
    let Some(mut fields) = Fields::new(&tree, "a configuration", &mut decoder) else { return Config::default() };
    let policies = fields.optional("policies").map(|node| texts(node, "policies", &mut decoder));
    let fail_on = fields.optional("fail-on").and_then(|node| decoder.one_of(node, "fail-on", &FAIL_ON)).map(Severity::named);
    let fail_on_change = fields.optional("fail-on-change").map(|node| changes(node, &mut decoder));
    let settings = fields.optional("settings").map(|node| settings(node, &mut decoder)).unwrap_or_default();
    let waiting = ["waivers", "exposure", "context", "pack"]
        .into_iter()
        .filter(|name| fields.optional(name).is_some_and(|node| !node.mapping().is_some_and(<[_]>::is_empty)))
        .collect();
    fields.finish(&mut decoder);
    Config { policies, settings, fail_on, fail_on_change, waiting, file: Some(Arc::clone(file)) }
}

fn texts(node: &Node, name: &str, decoder: &mut Decoder<'_>) -> Vec<String> {
    decoder
        .list(node, name, true)
        .unwrap_or_default()
        .iter()
        .filter_map(|node| decoder.nonblank_text(node, name).map(|text| text.text.clone()))
        .collect()
}

fn changes(node: &Node, decoder: &mut Decoder<'_>) -> BTreeSet<Change> {
    decoder
        .list(node, "fail-on-change", false)
        .unwrap_or_default()
        .iter()
        .filter_map(|node| decoder.one_of(node, "fail-on-change", &Change::WORDS))
        .filter_map(Change::named)
        .collect()
}

fn settings(node: &Node, decoder: &mut Decoder<'_>) -> Vec<Setting> {
    let Some(members) = node.mapping() else {
        decoder.mismatch::<()>(node, "settings", "a mapping from policy ids to settings", None);
        return Vec::new();
    };
    members.iter().filter_map(|(key, node)| setting(&key.text, key.span, node, decoder)).collect()
}

fn setting(id: &str, span: Span, node: &Node, decoder: &mut Decoder<'_>) -> Option<Setting> {
    let mut setting = Setting { id: id.to_owned(), span, off: false, severity: None, on_undecided: None, params: BTreeMap::new() };
    if let Some(scalar) = node.scalar() {
        if scalar.text != "off" {
            return decoder.mismatch(node, id, "`off`, or a mapping with severity, on-undecided, params", None);
        }
        setting.off = true;
        return Some(setting);
    }
    let mut fields = Fields::new(node, "a setting", decoder)?;
    let words = Severity::ALL.map(Severity::word);
    setting.severity = fields
        .optional("severity")
        .and_then(|node| decoder.one_of(node, "severity", &words).and_then(Severity::named).map(|severity| (severity, node.span)));
    setting.on_undecided = fields
        .optional("on-undecided")
        .and_then(|node| decoder.one_of(node, "on-undecided", &OnUndecided::WORDS))
        .and_then(OnUndecided::named);
    for (key, node) in fields.optional("params").and_then(Node::mapping).unwrap_or_default() {
        setting.params.extend(crate::policy::literal_of(node, decoder).map(|value| (key.text.clone(), (value, node.span))));
    }
    fields.finish(decoder);
    Some(setting)
}

impl Config {
    /// Applies the settings to the policies; `absent` are ids that exist and were left out.
    pub fn apply(&self, set: &mut PolicySet, absent: &[String], diagnostics: &mut Diagnostics) {
        let Some(file) = &self.file else { return };
        let mut decoder = Decoder::new(file, diagnostics);
        for setting in &self.settings {
            setting.apply(set, absent, &mut decoder);
        }
    }
}

impl Setting {
    fn apply(&self, set: &mut PolicySet, absent: &[String], decoder: &mut Decoder<'_>) {
        let Some(policy) = set.policies.iter_mut().find(|policy| policy.id == self.id) else {
            if !absent.contains(&self.id) {
                let near =
                    nearest(&self.id, set.policies.iter().map(|policy| policy.id.as_str())).map(|near| format!("did you mean `{near}`?"));
                let diagnostic = decoder.diagnostic(self.span, format!("no policy has the id `{}`", self.id)).maybe_help(near);
                decoder.push(diagnostic);
            }
            return;
        };
        if policy.locked {
            decoder.error(self.span, format!("`{}` is locked: no setting touches it", self.id));
            return;
        }
        if let Some((severity, _)) = self.severity {
            policy.severity = severity;
        }
        if let Some(on_undecided) = self.on_undecided {
            policy.on_undecided = on_undecided;
        }
        for (name, (value, span)) in &self.params {
            match policy.params.get_mut(name) {
                None => {
                    let near = nearest(name, policy.params.keys().map(String::as_str)).map(|near| format!("did you mean `{near}`?"));
                    let diagnostic = decoder.diagnostic(*span, format!("`{}` has no parameter `{name}`", self.id)).maybe_help(near);
                    decoder.push(diagnostic);
                }
                Some(param) if !param.kind.takes(value) => decoder.error(*span, format!("the parameter `{name}` is of another type")),
                Some(param) => param.value = Some(value.clone()),
            }
        }
        if self.off {
            set.policies.retain(|policy| policy.id != self.id);
        }
    }
}
