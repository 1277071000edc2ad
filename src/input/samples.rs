//! Takes every sample of `testdata/wrong-inputs` through [`open`] and the reader's part in small.

use std::collections::BTreeSet;
use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use serde_json::Value;

use super::*;

/// The reader's part: one JSON value, its top-level keys in order, then what follows it.
pub(super) fn read(bytes: &[u8]) -> Result<(Vec<Note>, Value), Wrong> {
    let opened = match open(Box::new(bytes))? {
        Recognised::Json(opened) => opened,
        Recognised::BinaryPlan => return Err(Kind::BinaryPlan.into()),
    };
    let mut counted = Counted { inner: opened.bytes, taken: 0 };
    let mut parser = serde_json::Deserializer::from_reader(&mut counted);
    parser.disable_recursion_limit();
    let value = serde::de::Deserializer::deserialize_map(&mut parser, Members);
    let members = value.map_err(|error| Wrong::from_json(error, counted.taken, opened.lines_before))?;
    let mut keys = BTreeSet::new();
    for (key, _) in &members {
        if !keys.insert(key.clone()) {
            return Err(Wrong::duplicate_key(key, "the plan"));
        }
    }
    if let Some(wrong) = diagnose_keys(&keys, &opened.peek) {
        return Err(wrong);
    }
    let plan: Value = Value::Object(members.into_iter().collect());
    let version = plan["format_version"].as_str().unwrap_or_default();
    if !version.starts_with("1.") {
        return Err(Wrong::unsupported_major(version));
    }
    let mut notes = opened.notes;
    notes.extend(trailing(&mut counted, opened.ending)?);
    Ok((notes, plan))
}

struct Counted<R> {
    inner: R,
    taken: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(out)?;
        self.taken += count as u64;
        Ok(count)
    }
}

struct Members;

impl<'de> serde::de::Visitor<'de> for Members {
    type Value = Vec<(String, Value)>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/testdata/wrong-inputs/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn kind(bytes: &[u8]) -> Kind {
    read(bytes).expect_err("an input that is not a plan").kind()
}

const REFUSED: &[(&str, Kind)] = &[
    ("binary.tfplan", Kind::BinaryPlan),
    ("cloud-plan-bookmark.json", Kind::CloudBookmark),
    ("concatenated-two-plans.jsonl", Kind::SeveralPlans),
    ("config.tf.json", Kind::ConfigurationJson),
    ("duplicate-key.json", Kind::DuplicateKey),
    ("empty.json", Kind::Empty),
    ("gitlab-report.json", Kind::GitLabReport),
    ("hcp-error.json", Kind::HcpError),
    ("hcp-plan-resource.json", Kind::HcpPlan),
    ("only-newline.json", Kind::Blank),
    ("plan-json-stream.ndjson", Kind::PlanLog),
    ("plan-text-ansi.txt", Kind::PlanText),
    ("providers-schema.json", Kind::ProvidersSchema),
    ("redacted-shape.json", Kind::Redacted),
    ("resource-changes-only.json", Kind::ChangesOnly),
    ("show-json-of-empty-state.json", Kind::EmptyState),
    ("show-json-of-state.json", Kind::State),
    ("show-text.txt", Kind::ShowText),
    ("slurped-array.json", Kind::Slurped),
    ("terraform-output.json", Kind::Output),
    ("terraform-validate.json", Kind::Validate),
    ("terraform-version.json", Kind::Version),
    ("terraform.tfstate", Kind::StateFile),
    ("tofu-encrypted-plan.json", Kind::Encrypted),
    ("tofu-show-config.json", Kind::TofuConfiguration),
    ("truncated-last-byte.json", Kind::Truncated),
    ("truncated.json", Kind::Truncated),
    ("unsupported-major.json", Kind::UnsupportedMajor),
];

fn read_through() -> Vec<(&'static str, Vec<Note>)> {
    let first = "Warning: Unable to open CLI configuration file".to_owned();
    let prefix = |text: &str| Note::LinePrefix { prefix: text.to_owned() };
    vec![
        ("gzip.json.gz", vec![Note::Gzip]),
        ("opa-wrapped.json", vec![Note::Wrapped { key: "plan" }]),
        ("terragrunt-module-prefix.txt", vec![prefix("[live/unit-a]")]),
        ("terragrunt-prefix.txt", vec![prefix("09:32:46.963 STDOUT [unit-a] terraform:")]),
        ("utf16be-bom.json", vec![Note::Utf16]),
        ("utf16le-bom.json", vec![Note::Utf16]),
        ("utf16le-nobom.json", vec![Note::Utf16]),
        ("utf8-bom.json", vec![]),
        ("warning-before.txt", vec![Note::TextBefore { lines: 3, first }]),
        ("wrapper-v2.txt", vec![Note::WrapperBefore { lines: 1 }, Note::WrapperAfter { lines: 4 }]),
        ("wrapper-v3-no-github-output.txt", vec![Note::WrapperAfter { lines: 3 }]),
    ]
}

#[test]
fn every_sample_is_in_one_table() {
    let folder = format!("{}/testdata/wrong-inputs", env!("CARGO_MANIFEST_DIR"));
    let names = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap());
    let files: BTreeSet<String> = names.filter(|name| name != "README.md").collect();
    let refused = REFUSED.iter().map(|(name, _)| (*name).to_owned());
    let tabled: BTreeSet<String> = refused.chain(read_through().into_iter().map(|(name, _)| name.to_owned())).collect();
    assert_eq!(files, tabled);
}

#[test]
fn wrong_samples_are_named_for_what_they_are() {
    for (name, expected) in REFUSED {
        let wrong = read(&sample(name)).expect_err(name);
        assert_eq!(wrong.kind(), *expected, "{name}: {wrong}");
        assert!(!wrong.to_string().contains("{}") && !wrong.help(name).contains('{'), "{name}");
    }
}

#[test]
fn samples_with_a_plan_inside_are_read_through_with_notes() {
    for (name, expected) in read_through() {
        let (notes, plan) = read(&sample(name)).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
        assert_eq!(notes, expected, "{name}");
        assert_eq!(plan["terraform_version"], "1.11.4", "{name}");
        assert_eq!(plan["errored"], false, "{name}");
    }
}

#[test]
fn a_cut_off_plan_is_named_with_its_size() {
    let wrong = read(&sample("truncated.json")).unwrap_err();
    assert_eq!(wrong.offset(), Some(1864));
    assert_eq!(wrong.to_string(), "the plan is cut off: the input ends inside the JSON, after 1864 bytes");
}

#[test]
fn commands_carry_the_name_of_the_input() {
    assert_eq!(Wrong::from(Kind::BinaryPlan).help("my plan"), "terraform show -json 'my plan' > plan.json");
    let hcp = read(&sample("hcp-plan-resource.json")).unwrap_err();
    assert!(hcp.help("x").contains("/plans/plan-8F5JFydVYAmtTjET/json-output"));
    let wrapped = kind_and_help(br#"{"run":{}, "plan":{"format_version":"1.2"}}"#);
    assert_eq!(wrapped, (Kind::Wrapped, "jq .plan in.json > plan.json".to_owned()));
}

fn kind_and_help(bytes: &[u8]) -> (Kind, String) {
    let wrong = read(bytes).unwrap_err();
    (wrong.kind(), wrong.help("in.json"))
}

#[test]
fn texts_and_fragments_without_a_sample_are_named_too() {
    let table: &[(&[u8], Kind)] = &[
        (b"<!DOCTYPE html><title>Sign in</title>\n{\"a\":1}", Kind::Html),
        (b"<?xml version=\"1.0\"?><Error/>", Kind::Xml),
        (b"Error: Failed to load \"tfplan\"\n", Kind::ErrorText),
        ("╷\n│ Error: no plan\n╵\n".as_bytes(), Kind::ErrorText),
        (b"bash: terraform: command not found\n", Kind::ErrorText),
        (b"Usage: terraform [global options]", Kind::Usage),
        (b"[command]/bin/terraform-bin show -json x\n::debug::exit\n", Kind::CiLog),
        (b"##[group]Run terraform\n", Kind::CiLog),
        (b"09:32:46.963 INFO   Executing hook\n", Kind::TerragruntLog),
        (b"time=2024-01-01 level=info msg=x\n", Kind::TerragruntLog),
        (br#"{"level":"info","msg":"x","time":"t"}"#, Kind::TerragruntJsonLog),
        (b"# terraform_data.a:\nresource \"terraform_data\" \"a\" {\n}\n", Kind::StateText),
        (b"terraform {\n}\n", Kind::Configuration),
        (b"version https://git-lfs.github.com/spec/v1\n", Kind::GitLfs),
        (b"No changes. Your infrastructure matches the configuration.", Kind::ShowText),
        (b"hello\n", Kind::OtherText),
        (b"[]", Kind::OtherArray),
        (b"null\n", Kind::Null),
        (b"\"{\\\"format_version\\\":1}\"", Kind::EncodedString),
        (b"42", Kind::Scalar),
        (b"\x7fELF\0\0\0", Kind::OtherBinary),
        (b"PK\x03\x04 other zip archive", Kind::OtherZip),
        (b"\xFF\xFE", Kind::Empty),
        (b"{}", Kind::EmptyObject),
        (br#"{"resource_changes":[]}"#, Kind::Stripped),
        (br#"{"a":1}"#, Kind::OtherObject),
        (br#"{"format_version":"1.0","function_signatures":{}}"#, Kind::Functions),
        (br#"{"format_version":"1.0","resource":{},"diagnostics":[]}"#, Kind::StateShow),
        (br#"{"data":{"id":"run-1","type":"runs"}}"#, Kind::HcpObject),
        (br#"{"data":{"aws_ami":{"a":{}}}}"#, Kind::ConfigurationJson),
        (br#"{"a": nope}"#, Kind::InvalidJson),
    ];
    for (bytes, expected) in table {
        assert_eq!(kind(bytes), *expected, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn a_zip_entry_that_only_starts_with_the_name_is_another_zip() {
    let mut zip = sample("binary.tfplan");
    zip[26] = 9;
    assert_eq!(kind(&zip), Kind::OtherZip);
}

#[test]
fn an_id_that_could_leave_the_command_is_not_put_into_it() {
    let body = br#"{"data":{"id":"x; rm -r ~","type":"plans"}}"#;
    let (kind, help) = kind_and_help(body);
    assert_eq!(kind, Kind::HcpPlan);
    assert!(help.contains("/plans/PLAN_ID/json-output"), "{help}");
}

#[test]
fn layers_come_off_together() {
    let plan = gzip(&sample("utf16le-bom.json"));
    assert_eq!(read(&plan).unwrap().0, [Note::Gzip, Note::Utf16]);
    assert_eq!(kind(&gzip(&sample("binary.tfplan"))), Kind::GzippedBinaryPlan);
    assert_eq!(kind(&gzip(&plan)), Kind::GzipTwice);
    assert_eq!(kind(&plan[..plan.len() - 9]), Kind::GzipCut);
    let two_members = [gzip(&sample("truncated.json")), gzip(&sample("utf8-bom.json")[3 + 1864..])].concat();
    assert_eq!(read(&two_members).unwrap().0, [Note::Gzip]);
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn damage_behind_the_peek_surfaces_while_reading() {
    let head = format!("{{\"format_version\":\"1.2\",\"a\":\"{}", "x".repeat(90_000));
    let mut utf16: Vec<u8> = head.encode_utf16().flat_map(u16::to_le_bytes).collect();
    utf16.extend([0x00, 0xDC]);
    assert_eq!(kind(&utf16), Kind::Utf16Damaged);
}

#[test]
fn blank_lines_before_the_plan_take_nothing_of_the_peek() {
    let mut bytes = b"\n".repeat(200_000);
    bytes.extend(b"{\"format_version\":1,\n!");
    let wrong = read(&bytes).unwrap_err();
    assert_eq!((wrong.kind(), wrong.line()), (Kind::InvalidJson, Some(200_002)));
}

#[test]
fn text_of_the_input_is_escaped_in_messages() {
    let wrong = kind_and_text(b"\x1b]0;title\x07 hi");
    assert_eq!(wrong, "this is text, not JSON; it starts with `]0;title\\u{7} hi`");
    for bytes in [&b"{\"a\":1,\"a\x1b\":1} \x1b"[..], b"{\"errors\":[{\"title\":\"\\u001b[2J\"}]}", b"Error: \x1b\x08"] {
        let text = kind_and_text(bytes);
        assert!(!text.chars().any(char::is_control), "{text:?}");
    }
}

fn kind_and_text(bytes: &[u8]) -> String {
    read(bytes).unwrap_err().to_string()
}

#[test]
fn every_kind_has_a_sentence_and_a_command() {
    for kind in Kind::ALL {
        let wrong = Wrong::with(*kind, "detail");
        let (text, help) = (wrong.to_string(), wrong.help("in.json"));
        assert!(!text.ends_with('.') && !text.contains('{'), "{text}");
        assert!(!help.is_empty() && !help.contains("{name}"), "{help}");
    }
}
