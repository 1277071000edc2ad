//! Takes the first bytes of an input, or the top-level keys of a JSON object; gives what it is if it is not a plan.
//! Refuses to guess: what matches nothing known is named as other text, other binary data or another object.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::around::{WRAPPERS, is_ci_noise};
use super::text::{after_first_key, keys as keys_in, unblank, without_ansi};
use super::wrong::{Kind, Wrong};

/// Whether the top-level keys are those of a plan. `resource_changes` says nothing: an empty plan has none.
pub fn is_plan(keys: &BTreeSet<String>) -> bool {
    PLAN_KEYS.iter().all(|key| keys.contains(*key))
}

const PLAN_KEYS: [&str; 3] = ["format_version", "planned_values", "configuration"];

/// Whether this starts the zip archive that `terraform plan -out` writes: its first entry is named `tfplan`.
pub(super) fn is_binary_plan(head: &[u8]) -> bool {
    let name_length = head.get(26..28) == Some(&[6, 0]);
    head.starts_with(b"PK\x03\x04") && name_length && head.get(30..36) == Some(b"tfplan")
}

/// What the first bytes of an input show it to be; `None` for a JSON object, which its keys must show.
pub fn diagnose_bytes(prefix: &[u8]) -> Option<Wrong> {
    let json = unblank(prefix);
    match json {
        [] if prefix.is_empty() => Some(Kind::Empty.into()),
        [] => Some(Kind::Blank.into()),
        [b'P', b'K', 3, 4, ..] if is_binary_plan(json) => Some(Kind::BinaryPlan.into()),
        [b'P', b'K', 3, 4, ..] => Some(Kind::OtherZip.into()),
        [b'{', ..] => log_in_json(json).map(Wrong::from),
        [b'[', rest @ ..] if unblank(rest).first().is_none_or(|b| b"{[\"]-0123456789".contains(b)) => Some(array(json).into()),
        _ => Some(scalar(json).map_or_else(|| text(json), Wrong::from)),
    }
}

fn log_in_json(json: &[u8]) -> Option<Kind> {
    let plan_log = ["@level", "@message", "@module", "@timestamp"];
    if plan_log.iter().any(|key| after_first_key(json, key).is_some()) {
        return Some(Kind::PlanLog);
    }
    let log = ["level", "time", "msg"];
    let is_log = log.iter().any(|key| after_first_key(json, key).is_some());
    let line = json.split(|b| *b == b'\n').next().unwrap_or_default();
    let keys = keys_in(line, 1);
    (is_log && log.iter().all(|key| keys.iter().any(|(_, k)| k == key))).then_some(Kind::TerragruntJsonLog)
}

fn array(json: &[u8]) -> Kind {
    let keys = keys_in(json, 2);
    let has = |key: &str| keys.iter().any(|(depth, k)| *depth == 2 && k == key);
    if has("format_version") {
        Kind::Slurped
    } else if has("address") && (has("change") || has("provider_name")) {
        Kind::ChangesOnly
    } else {
        Kind::OtherArray
    }
}

fn scalar(json: &[u8]) -> Option<Kind> {
    let word = json.trim_ascii_end();
    match word {
        b"null" => Some(Kind::Null),
        b"true" | b"false" => Some(Kind::Scalar),
        [b'"', b'{' | b'[' | b'\\', ..] | [b'"', .., b'"'] => Some(Kind::EncodedString),
        [b'-' | b'0'..=b'9', ..] if serde_json::from_slice::<serde_json::Number>(word).is_ok() => Some(Kind::Scalar),
        _ => None,
    }
}

/// A line without the frame Terraform draws around its diagnostics.
pub(super) fn bare(line: &str) -> &str {
    line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '╷' | '│' | '╵'))
}

/// The first line that reports an error.
pub(super) fn error_line(text: &str) -> Option<&str> {
    let starts = ["Error:", "error:", "fatal:", "There are some problems with the configuration"];
    text.lines().map(bare).find(|line| {
        starts.iter().any(|start| line.starts_with(start))
            || line.ends_with(": command not found")
            || line.ends_with(": No such file or directory")
    })
}

fn text(prefix: &[u8]) -> Wrong {
    let text = without_ansi(&String::from_utf8_lossy(prefix));
    let first = text.lines().map(bare).find(|line| !line.is_empty()).unwrap_or_default();
    if let Some(kind) = marked(first, &text) {
        return kind.into();
    }
    if let Some(error) = error_line(&text) {
        return Wrong::with(Kind::ErrorText, error);
    }
    if text.lines().any(is_ci_noise) {
        return Kind::CiLog.into();
    }
    if is_terragrunt(first) {
        return Kind::TerragruntLog.into();
    }
    if text.contains('\0') || prefix.get(..4.min(prefix.len())).is_some_and(|b| b.iter().all(|b| *b >= 0x80)) {
        return Kind::OtherBinary.into();
    }
    let start: String = first.chars().take(40).collect();
    Wrong::with(Kind::OtherText, &start)
}

/// What words that only one producer writes show.
fn marked(first: &str, text: &str) -> Option<Kind> {
    let lower = first.to_ascii_lowercase();
    let any = |marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return Some(Kind::Html);
    }
    if lower.starts_with("<?xml") {
        return Some(Kind::Xml);
    }
    if first.starts_with("version https://git-lfs.github.com/") {
        return Some(Kind::GitLfs);
    }
    if lower.starts_with("usage:") {
        return Some(Kind::Usage);
    }
    if any(&["used the selected providers to generate", "will perform the following actions", "No changes. ", "Plan: "]) {
        let planning = [": Refreshing state...", ": Reading...", "Acquiring state lock", "Saved the plan to:", "use the -out option"];
        return Some(if any(&planning) { Kind::PlanText } else { Kind::ShowText });
    }
    if any(&[": Refreshing state... ["]) {
        return Some(Kind::PlanText);
    }
    if first.starts_with("# ") && first.ends_with(':') && any(&["resource \"", "data \""]) {
        return Some(Kind::StateText);
    }
    let blocks = ["resource \"", "data \"", "module \"", "provider \"", "variable \"", "output \"", "terraform {", "locals {"];
    blocks.iter().any(|block| text.lines().any(|line| line.starts_with(block))).then_some(Kind::Configuration)
}

fn is_terragrunt(first: &str) -> bool {
    let clock = first
        .get(..8)
        .is_some_and(|clock| clock.bytes().enumerate().all(|(i, b)| if i == 2 || i == 5 { b == b':' } else { b.is_ascii_digit() }));
    let level = ["STDOUT", "STDERR", "INFO", "WARN", "ERROR", "DEBUG"];
    let logged = level.iter().any(|level| first.contains(&format!(" {level} ")));
    (clock && logged) || (first.starts_with("time=") && first.contains(" level="))
}

/// What an object with these top-level keys is; `None` for a plan. `peek` is its beginning.
pub fn diagnose_keys(keys: &BTreeSet<String>, peek: &[u8]) -> Option<Wrong> {
    if is_plan(keys) {
        return None;
    }
    let has = |wanted: &[&str]| wanted.iter().all(|key| keys.contains(*key));
    if let Some((_, kind)) = SHAPES.iter().find(|(wanted, _)| has(wanted)) {
        return Some((*kind).into());
    }
    let only = |allowed: &[&str]| !keys.is_empty() && keys.iter().all(|key| allowed.contains(&key.as_str()));
    if has(&["format_version"]) && only(&["format_version", "terraform_version", "checks"]) {
        return Some(Kind::EmptyState.into());
    }
    if has(&["create", "update", "delete"]) && only(&["create", "update", "delete"]) {
        return Some(Kind::GitLabReport.into());
    }
    Some(by_value(keys, peek).unwrap_or_else(|| unknown(keys)))
}

/// The first row of which all keys are there.
const SHAPES: [(&[&str], Kind); 13] = [
    (&["@level", "@message"], Kind::PlanLog),
    (&["remote_plan_format", "run_id"], Kind::CloudBookmark),
    (&["encrypted_data", "encryption_version"], Kind::Encrypted),
    (&["plan_format_version"], Kind::Redacted),
    (&["version", "serial", "lineage"], Kind::StateFile),
    (&["format_version", "provider_schemas"], Kind::ProvidersSchema),
    (&["format_version", "function_signatures"], Kind::Functions),
    (&["format_version", "valid", "diagnostics"], Kind::Validate),
    (&["terraform_version", "platform"], Kind::Version),
    (&["format_version", "resource", "diagnostics"], Kind::StateShow),
    (&["format_version", "values"], Kind::State),
    (&["provider_config", "root_module"], Kind::TofuConfiguration),
    (&["root_module", "provider_configs"], Kind::TofuConfiguration),
];

/// What the values under the keys show.
fn by_value(keys: &BTreeSet<String>, peek: &[u8]) -> Option<Wrong> {
    let nested = keys_in(peek, 2);
    let under = |parent: &str| -> BTreeSet<&str> {
        let below = nested.iter().skip_while(|(depth, key)| *depth != 1 || key != parent).skip(1);
        below.take_while(|(depth, _)| *depth > 1).map(|(_, key)| key.as_str()).collect()
    };
    let inner = WRAPPERS.iter().find(|key| keys.contains(**key) && under(key).contains("format_version"));
    if let Some(key) = inner {
        return Some(Wrong::with(Kind::Wrapped, key));
    }
    // The plan may lie past the peek; the keys beside it are then what shows the wrapper.
    let beside = [("plan", "run"), ("tfplan", "tfrun")];
    if let Some((key, _)) = beside.iter().find(|(key, other)| keys.contains(*key) && keys.contains(*other)) {
        return Some(Wrong::with(Kind::Wrapped, key));
    }
    if keys.contains("errors") && within(keys, &["errors", "jsonapi", "meta"]) {
        return Some(Wrong::with(Kind::HcpError, &hcp_error(peek)));
    }
    let data = under("data");
    if within(keys, &["data", "included", "links", "meta", "jsonapi"]) && (data.contains("id") || data.contains("type")) {
        return Some(hcp_object(peek));
    }
    if within(keys, &CONFIGURATION) {
        return Some(Kind::ConfigurationJson.into());
    }
    let output = |key: &String| {
        let fields = under(key);
        fields.contains("sensitive") && fields.contains("value")
    };
    // Outputs past the peek cannot be seen; one that can is enough if every one that can fits.
    let mut seen = keys.iter().filter(|key| !under(key).is_empty()).peekable();
    (seen.peek().is_some() && seen.all(output) && !keys.contains("format_version")).then(|| Kind::Output.into())
}

/// The block types of `.tf.json`.
const CONFIGURATION: [&str; 14] = [
    "//",
    "check",
    "data",
    "ephemeral",
    "import",
    "locals",
    "module",
    "moved",
    "output",
    "provider",
    "removed",
    "resource",
    "terraform",
    "variable",
];

fn within(keys: &BTreeSet<String>, allowed: &[&str]) -> bool {
    !keys.is_empty() && keys.iter().all(|key| allowed.contains(&key.as_str()))
}

fn hcp_error(peek: &[u8]) -> String {
    let body: BTreeMap<String, Value> = serde_json::from_slice(peek).unwrap_or_default();
    let error = body.get("errors").and_then(|errors| errors.get(0));
    let field = |name: &str| error.and_then(|e| e.get(name)).and_then(Value::as_str).unwrap_or_default();
    let text = format!("{} {}", field("status"), field("title"));
    if text.trim().is_empty() { "no reason given".to_owned() } else { text.trim().to_owned() }
}

fn hcp_object(peek: &[u8]) -> Wrong {
    let body: BTreeMap<String, Value> = serde_json::from_slice(peek).unwrap_or_default();
    let field = |name: &str| body.get("data").and_then(|data| data.get(name)).and_then(Value::as_str).unwrap_or_default();
    if field("type") != "plans" {
        return Kind::HcpObject.into();
    }
    let id = field("id");
    // The id goes into a command, so only what an id can hold goes in.
    let safe = !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    Wrong::with(Kind::HcpPlan, if safe { id } else { "PLAN_ID" })
}

/// Names what is missing.
fn unknown(keys: &BTreeSet<String>) -> Wrong {
    if keys.is_empty() {
        return Kind::EmptyObject.into();
    }
    let missing: Vec<String> = PLAN_KEYS.iter().filter(|key| !keys.contains(**key)).map(|key| format!("`{key}`")).collect();
    let parts = ["planned_values", "configuration", "resource_changes", "output_changes", "prior_state"];
    let kind = if parts.iter().any(|part| keys.contains(*part)) { Kind::Stripped } else { Kind::OtherObject };
    Wrong::with(kind, &missing.join(", "))
}
