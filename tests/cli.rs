//! `check` and `query` as a whole: what is read, what counts, what is shown, and what must never be.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails, and not every test needs every helper"
)]

#[path = "support/run.rs"]
mod support;

use serde_json::{Value, json};
use std::io::Write;
use std::process::Stdio;
use support::{Folder, Ran, plangate, run, run_piped};

const PAYMENTS: &str = "testdata/plans/payments/plan.json";
const CLEAN: &str = "testdata/plans/payments-internal/plan.json";
const QUOTE: &str = "testdata/plans/quote/plan.json";
const LEDGER: &str = "testdata/plans/ledger/plan.json";
const ERRORED: &str = "testdata/plans/errored/plan.json";
const TARGET: &str = "testdata/plans/target/plan.json";
const ALL: [&str; 6] = [PAYMENTS, CLEAN, QUOTE, LEDGER, ERRORED, TARGET];

fn bytes(path: &str) -> Vec<u8> {
    std::fs::read(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn plan(path: &str) -> Value {
    serde_json::from_slice(&bytes(path)).unwrap()
}

/// The change of one resource.
fn change<'p>(plan: &'p mut Value, address: &str) -> &'p mut Value {
    let changes = plan["resource_changes"].as_array_mut().unwrap();
    &mut changes.iter_mut().find(|change| change["address"] == address).unwrap()["change"]
}

fn report(arguments: &[&str]) -> Value {
    let ran = run(&[&["check", "--format", "json"], arguments].concat());
    assert!(ran.code < 2, "{}", ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

/// Policy, address, verdict and change class of each finding.
fn found(report: &Value) -> Vec<(&str, &str, &str, &str)> {
    let findings = report["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| {
            let get = |key: &str| finding[key].as_str().unwrap();
            assert!(!get("message").is_empty());
            (get("policy"), get("address"), get("verdict"), get("change"))
        })
        .collect()
}

fn refused(arguments: &[&str], said: &str) {
    let ran = run(arguments);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}: {}", ran.err);
    assert!(ran.err.contains(said), "{arguments:?}: {}", ran.err);
}

fn code(arguments: &[&str]) -> i32 {
    let ran = run(&[&["check"], arguments].concat());
    assert_eq!(ran.out.is_empty(), ran.code == 2, "{arguments:?}: {}", ran.err);
    ran.code
}

#[test]
fn findings_of_the_plans_that_ship() {
    assert_eq!(found(&report(&[PAYMENTS])), [("run-ingress-unset", "google_cloud_run_v2_service.payments_api", "fail", "introduced")]);
    assert_eq!(found(&report(&[CLEAN])), []);
    assert_eq!(
        found(&report(&[QUOTE])),
        [
            ("run-default-account", "google_cloud_run_v2_service.tariffs", "fail", "pre-existing"),
            ("function-direct-egress", "google_cloudfunctions2_function.quote", "fail", "introduced"),
            ("run-ingress-all", "google_cloudfunctions2_function.quote", "fail", "pre-existing"),
        ]
    );
    let ledger = report(&[LEDGER]);
    assert!(!found(&ledger).is_empty() && found(&ledger).iter().all(|finding| finding.2 == "undecided"));
    assert!(ledger["findings"].as_array().unwrap().iter().all(|finding| finding["reason"].is_string()));
    assert_eq!(ledger["outcome"], "undecided");
}

#[test]
fn two_readings_and_a_pipe_print_the_same_bytes() {
    for path in ALL {
        for format in ["text", "json"] {
            let file = ["check", "--allow-errored", "--all", "--format", format, &format!("p={path}")];
            let first = run(&file);
            assert!(first.code < 2, "{path}: {}", first.err);
            assert_eq!(first, run(&file));
            assert_eq!(first, run_piped(&["check", "--allow-errored", "--all", "--format", format, "p=-"], &bytes(path)));
        }
    }
}

#[test]
fn standard_input_is_read_when_no_plan_is_named() {
    let piped = run_piped(&["check"], &bytes(PAYMENTS));
    assert_eq!(piped, run_piped(&["check", "-"], &bytes(PAYMENTS)));
    assert_eq!((piped.code, piped.err.as_str()), (1, ""));
}

#[test]
fn order_of_keys_and_indentation_do_not_matter() {
    let folder = Folder::new();
    for path in ALL {
        // `serde_json` sorts the keys, as `jq -S` does.
        let sorted = plan(path);
        let compact = folder.file("sorted.json", serde_json::to_vec(&sorted).unwrap());
        let indented = folder.file("indented.json", serde_json::to_vec_pretty(&sorted).unwrap());
        let crlf = folder.file("crlf.json", serde_json::to_string_pretty(&sorted).unwrap().replace('\n', "\r\n"));
        let reversed = folder.file("reversed.json", reversed(&sorted));
        let expected = run(&["check", "--allow-errored", "--format", "json", &format!("p={path}")]);
        assert!(expected.code < 2, "{path}");
        for form in [compact, indented, crlf, reversed] {
            assert_eq!(run(&["check", "--allow-errored", "--format", "json", &format!("p={form}")]), expected, "{path} as {form}");
        }
    }
}

/// JSON with the keys of each object in falling order.
fn reversed(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<String> = members.iter().rev().map(|(key, value)| format!("{}:{}", json!(key), reversed(value))).collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(reversed).collect::<Vec<_>>().join(",")),
        scalar => scalar.to_string(),
    }
}

#[test]
fn compressed_and_utf16_forms_give_the_same_findings() {
    let folder = Folder::new();
    let text = String::from_utf8(bytes(QUOTE)).unwrap();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    let utf16 = |order: fn(u16) -> [u8; 2]| {
        "\u{feff}".chars().chain(text.chars()).collect::<String>().encode_utf16().flat_map(order).collect::<Vec<u8>>()
    };
    let forms = [
        encoder.finish().unwrap(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
        text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        [b"\xef\xbb\xbf", text.as_bytes()].concat(),
    ];
    let expected = run(&["check", &format!("p={QUOTE}")]);
    for (at, form) in forms.iter().enumerate() {
        let path = folder.file(&format!("form-{at}"), form);
        let ran = run(&["check", &format!("p={path}")]);
        assert_eq!((ran.code, &ran.out), (expected.code, &expected.out), "form {at}: {}", ran.err);
        assert_eq!(run_piped(&["check", "p=-"], form).out, expected.out, "form {at} through a pipe");
    }
}

#[test]
fn a_plan_cut_anywhere_is_an_error_and_never_a_shorter_plan() {
    let whole = bytes(PAYMENTS);
    let end = whole.iter().rposition(|byte| *byte == b'}').unwrap();
    let cuts = (0..40).map(|step| step * end / 40).chain([1, 2, 3, end - 2, end - 1, end]);
    for cut in cuts {
        let ran = run_piped(&["check"], &whole[..cut]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{cut} of {end} bytes: {}", ran.err);
        assert!(ran.err.contains(if cut == 0 { "empty" } else { "cut off" }), "{cut} of {end} bytes: {}", ran.err);
    }
}

#[test]
fn a_key_that_stands_twice_is_an_error_in_the_plan_and_in_a_change() {
    let text = String::from_utf8(bytes(PAYMENTS)).unwrap();
    let (before, changes) = text.split_at(text.find("\"resource_changes\"").unwrap());
    for (key, twice) in [
        ("\"address\":", "\"address\":\"google_cloud_run_v2_service.other\",\"address\":"),
        ("\"change\":{", "\"change\":{\"actions\":[\"no-op\"]},\"change\":{"),
        ("\"actions\":[\"create\"]", "\"actions\":[\"no-op\"],\"actions\":[\"create\"]"),
        ("\"after\":{", "\"after\":{},\"after\":{"),
    ] {
        assert!(changes.contains(key), "{key}");
        let edited = format!("{before}{}", changes.replacen(key, twice, 1));
        let ran = run_piped(&["check"], edited.as_bytes());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{key}: {}", ran.err);
        assert!(ran.err.contains("stands twice"), "{key}: {}", ran.err);
    }
    let twice = text.replacen("\"format_version\":", "\"format_version\":\"1.2\",\"format_version\":", 1);
    assert!(run_piped(&["check"], twice.as_bytes()).err.contains("`format_version` stands twice in the plan"));
}

#[test]
fn the_gate_decides_the_exit_code_and_formats_do_not() {
    let table: [(&[&str], i32); 14] = [
        (&[PAYMENTS], 1),
        (&[CLEAN], 0),
        (&[LEDGER], 0),
        (&["--strict", LEDGER], 1),
        (&["--strict", "--exit-zero", LEDGER], 0),
        (&["--exit-zero", PAYMENTS], 0),
        (&["--fail-on", "critical", PAYMENTS], 0),
        (&["--fail-on", "none", PAYMENTS], 0),
        (&["--fail-on", "low", "--only", "run-default-account", QUOTE], 1),
        (&["--fail-on", "low", "--fail-on-change", "introduced", "--only", "run-default-account", QUOTE], 0),
        (&["--fail-on", "low", "--fail-on-change", "introduced,pre-existing", "--only", "run-default-account", QUOTE], 1),
        (&["--only", "run-default-account", QUOTE], 0),
        (&["--fail-on-change", "introduced", QUOTE], 1),
        (&[CLEAN, PAYMENTS], 1),
    ];
    for (arguments, expected) in table {
        for more in [&[][..], &["--quiet"], &["--all", "--verbose"], &["--format", "json"], &["--color", "always"]] {
            assert_eq!(code(&[more, arguments].concat()), expected, "{more:?} {arguments:?}");
        }
    }
}

#[test]
fn a_plan_that_mends_or_breaks_is_told_by_its_change_class() {
    let folder = Folder::new();
    let address = "google_cloudfunctions2_function.quote";
    let policy = folder
        .file("closed.yaml", "id: closed\ntitle: open\nseverity: low\nsubject: service\nrequire: [{path: $.ingress, not-equals: all}]\n");
    // Ingress of the function: before, after, and what the plan does to the finding.
    for (before, after, class) in [
        ("ALLOW_ALL", "ALLOW_ALL", Some("pre-existing")),
        ("ALLOW_INTERNAL_ONLY", "ALLOW_ALL", Some("introduced")),
        ("ALLOW_ALL", "ALLOW_INTERNAL_ONLY", Some("fixed")),
        ("ALLOW_INTERNAL_ONLY", "ALLOW_INTERNAL_ONLY", None),
    ] {
        let mut edited = plan(QUOTE);
        let change = change(&mut edited, address);
        change["before"]["service_config"][0]["ingress_settings"] = json!(before);
        change["after"]["service_config"][0]["ingress_settings"] = json!(after);
        let path = folder.file("plan.json", edited.to_string());
        let report = report(&["--no-builtin", "--policy", &policy, &path]);
        assert_eq!(found(&report).iter().map(|finding| finding.3).next(), class, "{before} to {after}");
        let text = run(&["check", "--no-builtin", "--policy", &policy, "--fail-on", "low", &path]);
        assert_eq!(text.code, i32::from(matches!(class, Some("pre-existing" | "introduced"))), "{before} to {after}");
        assert_eq!(text.out.contains("Fixed by this plan"), class == Some("fixed"), "{}", text.out);
    }
}

#[test]
fn what_is_deleted_is_no_finding() {
    let folder = Folder::new();
    let mut edited = plan(QUOTE);
    let change = change(&mut edited, "google_cloudfunctions2_function.quote");
    change["actions"] = json!(["delete"]);
    change["after"] = Value::Null;
    let report = report(&[&folder.file("plan.json", edited.to_string())]);
    assert!(found(&report).iter().all(|finding| finding.1 != "google_cloudfunctions2_function.quote" || finding.3 == "fixed"), "{report}");
}

#[test]
fn policies_are_chosen_by_id_and_glob_and_a_wrong_id_is_an_error() {
    assert_eq!(code(&["--skip", "run-ingress-unset", PAYMENTS]), 0);
    assert_eq!(code(&["--only", "run-ingress-*", PAYMENTS]), 1);
    assert_eq!(code(&["--only", "run-*", "--skip", "run-ingress-*", PAYMENTS]), 0);
    for option in ["--only", "--skip"] {
        refused(&["check", option, "run-ingress-unsett", PAYMENTS], "did you mean `run-ingress-unset`?");
        refused(&["check", option, "nothing-like-it", PAYMENTS], "no policy has an id like `nothing-like-it`");
    }
}

#[test]
fn what_cannot_be_done_is_exit_2_with_nothing_on_standard_output() {
    let folder = Folder::new();
    let empty = folder.path().display().to_string();
    refused(&["check", "no-such-plan.json"], "cannot read no-such-plan.json");
    refused(&["check", "testdata/plans"], "it is a folder");
    refused(&["check", "--config", "no-such.yaml", PAYMENTS], "cannot read no-such.yaml");
    refused(&["check", "--policy", "no-such.yaml", PAYMENTS], "cannot read no-such.yaml");
    refused(&["check", "--no-builtin", PAYMENTS], "no policy is left to judge by");
    refused(&["check", "--no-builtin", "--policy", &empty, PAYMENTS], "no policy is left to judge by");
    refused(&["check", "--skip", "*", PAYMENTS], "no policy is left to judge by");
    refused(&["check", PAYMENTS, PAYMENTS], &format!("two plans have the label `{PAYMENTS}`"));
    refused(&["check", &format!("a={PAYMENTS}"), &format!("a={CLEAN}")], "two plans have the label `a`");
    refused(&["check", "--today", "tomorrow", PAYMENTS], "`tomorrow` is not a date");
    refused(&["check", "--fail-on", "hihg", PAYMENTS], "high");
    refused(&["check", "--fail-on-change", "introducd", PAYMENTS], "introduced");
    refused(&["check", "--quiet", "--verbose", PAYMENTS], "cannot be used with");
    refused(&["query", "$.ingress", "--subject", "servce", PAYMENTS], "did you mean `service`?");
    refused(&["query", "ingress", PAYMENTS], "$.ingress");
    refused(&["schema", "reprot"], "report");
}

#[test]
fn one_plan_that_cannot_be_read_leaves_no_report_of_the_others() {
    for format in ["text", "json"] {
        refused(&["check", "--format", format, PAYMENTS, "testdata/wrong-inputs/truncated.json"], "cut off");
    }
}

#[test]
fn a_plan_whose_planning_failed_is_judged_only_on_request() {
    refused(&["check", ERRORED], "marked `errored`");
    let ran = run(&["check", "--allow-errored", ERRORED]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("planning ended with an error, so the changes are partial"), "{}", ran.out);
    assert_eq!(report(&["--allow-errored", ERRORED])["plans"][0]["errored"], true);
}

#[test]
fn a_plan_of_a_part_says_so() {
    let ran = run(&["check", TARGET]);
    assert!(ran.out.contains("the plan is not complete"), "{}", ran.out);
    assert_eq!(report(&[TARGET])["plans"][0]["complete"], false);
}

/// The plan with these attributes of the service marked, as a sensitive variable would.
fn with_secret(folder: &Folder) -> String {
    let mut edited = plan(PAYMENTS);
    let change = change(&mut edited, "google_cloud_run_v2_service.payments_api");
    change["after"]["name"] = json!("s3cr3t-name");
    change["after"]["labels"] = json!({"team": "s3cr3t-label"});
    change["after"]["description"] = json!("internal s3cr3t-text");
    change["after_sensitive"]["name"] = json!(true);
    change["after_sensitive"]["labels"] = json!({"team": true});
    change["after_sensitive"]["description"] = json!(true);
    folder.file("secret.json", edited.to_string())
}

#[test]
fn sensitive_values_are_shown_nowhere() {
    let folder = Folder::new();
    let path = with_secret(&folder);
    let policy = folder.file(
        "names.yaml",
        "id: names\ntitle: a name\nseverity: low\nsubject: service\nrequire:\n  - {path: $.name, equals: other}\n  - {path: $.labels.team, equals: other}\n\
         message: \"{{ $.name }} of {{ $.labels }}, {{ $.labels.team }}: {{ $.description }}\"\n",
    );
    let raw = folder.file(
        "raw.yaml",
        "id: raw\ntitle: a name\nseverity: low\nsubject: resource\ntypes: [google_cloud_run_v2_service]\nrequire:\n  - {path: $.after.name, equals: other}\n\
         message: \"{{ $.after.name }} {{ $.after.labels }}\"\n",
    );
    let checked: [&[&str]; 4] = [
        &["check", "--verbose", "--all", "--policy", &policy, "--policy", &raw, &path],
        &["check", "--format", "json", "--policy", &policy, "--policy", &raw, &path],
        &["query", "$", &path],
        &["query", "--subject", "resource", "$", &path],
    ];
    for arguments in checked {
        let ran = run(arguments);
        assert!(ran.code < 2, "{arguments:?}: {}", ran.err);
        assert!(ran.out.contains("payments_api"), "{arguments:?}: {}", ran.out);
        assert!(!ran.out.contains("s3cr3t") && !ran.err.contains("s3cr3t"), "{arguments:?}: {}{}", ran.out, ran.err);
    }
    for path_of in ["$.name", "$.labels", "$.labels.team", "$..team", "$.labels[*]", "$[?@ == 's3cr3t-name']"] {
        let ran = run(&["query", path_of, &path]);
        assert!(ran.code < 2 && !ran.out.contains("s3cr3t"), "{path_of}: {}{}", ran.out, ran.err);
    }
}

#[test]
fn clean_output_has_no_word_that_sounds_like_failing() {
    for arguments in [&["check", CLEAN][..], &["check", "--verbose", "--all", CLEAN], &["check", "--format", "json", CLEAN]] {
        let ran = run(arguments);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        let text = ran.out.to_lowercase();
        // The document's keys are promises, its values are what was found.
        let text = text.replace("\"failed\": false", "").replace("\"fail_on\"", "").replace("\"fail_on_change\"", "");
        assert!(!text.contains("fail"), "{arguments:?}: {}", ran.out);
    }
}

fn coloured(arguments: &[&str], environment: &[(&str, &str)]) -> bool {
    let output = plangate(arguments).envs(environment.iter().copied()).output().unwrap();
    Ran::from(output).out.contains('\u{1b}')
}

#[test]
fn colour_is_asked_for_or_not() {
    let check = ["check", PAYMENTS];
    assert!(!coloured(&check, &[]), "standard output is no terminal");
    assert!(coloured(&check, &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&check, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(coloured(&["check", "--color", "always", PAYMENTS], &[("NO_COLOR", "1")]));
    assert!(!coloured(&["check", "--color", "never", PAYMENTS], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&["check", "--color", "always", "--format", "json", PAYMENTS], &[]));
}

#[test]
fn nothing_is_told_by_colour_alone() {
    let plain = run(&["check", QUOTE]).out;
    let colour = run(&["check", "--color", "always", QUOTE]).out;
    let mut stripped = String::new();
    let mut inside = false;
    for c in colour.chars() {
        match c {
            '\u{1b}' => inside = true,
            'm' if inside => inside = false,
            c if !inside => stripped.push(c),
            _ => {}
        }
    }
    assert_eq!(stripped, plain);
}

#[test]
fn text_fits_80_columns_where_words_do() {
    for path in [PAYMENTS, QUOTE, LEDGER] {
        let ran = run(&["check", path]);
        for line in ran.out.lines().filter(|line| line.starts_with("    ")) {
            assert!(line.chars().count() <= 80 || line.split_whitespace().count() == 1, "{path}: {line}");
        }
    }
}

#[test]
fn a_reader_that_leaves_early_is_not_worth_a_word() {
    let folder = Folder::new();
    // More than a pipe holds, so that writing meets the closed end.
    let mut large = plan(LEDGER);
    let changes = large["resource_changes"].as_array_mut().unwrap();
    let service = changes.iter().find(|change| change["address"] == "google_cloud_run_service.ledger").unwrap().clone();
    for number in 0..300 {
        let mut copy = service.clone();
        copy["address"] = json!(format!("google_cloud_run_service.ledger[{number}]"));
        copy["index"] = json!(number);
        changes.push(copy);
    }
    let path = folder.file("plan.json", large.to_string());
    for format in ["text", "json"] {
        let mut child = plangate(&["check", "--format", format, &path]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{format}");
        assert_eq!(output.status.code(), Some(0), "{format}");
    }
}

#[test]
fn labels_name_plans_and_hold_no_path_of_the_machine() {
    let here = env!("CARGO_MANIFEST_DIR");
    let absolute = run(&["check", "--format", "json", &format!("{here}/{PAYMENTS}")]);
    assert_eq!(absolute, run(&["check", "--format", "json", PAYMENTS]));
    assert!(!absolute.out.contains(here));
    let folder = Folder::new();
    let elsewhere = folder.file("plan.json", bytes(PAYMENTS));
    let output = plangate(&["check", "--format", "json", &elsewhere]).current_dir(here.to_owned() + "/src").output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["plans"][0]["label"], "plan.json");
    assert!(!Ran::from(output).out.contains(here));
}

#[test]
fn several_plans_make_one_report_in_whatever_order_they_come() {
    let one = run(&["check", "--format", "json", &format!("a={QUOTE}"), &format!("b={PAYMENTS}")]);
    assert_eq!(one, run(&["check", "--format", "json", &format!("b={PAYMENTS}"), &format!("a={QUOTE}")]));
    let report: Value = serde_json::from_str(&one.out).unwrap();
    assert_eq!(report["plans"].as_array().unwrap().len(), 2);
    assert_eq!(found(&report).len(), 4);
}

#[test]
fn the_configuration_is_found_above_and_obeyed() {
    let folder = Folder::new();
    folder.file(".git/HEAD", "");
    folder.file("deep/er/plan.json", bytes(PAYMENTS));
    let check = |config: &str| {
        folder.file("plangate.yaml", config);
        Ran::from(plangate(&["check", "plan.json"]).current_dir(folder.path().join("deep/er")).output().unwrap())
    };
    assert_eq!(check("{}\n").code, 1);
    assert_eq!(check("settings: {run-ingress-unset: off}\n").code, 0);
    assert_eq!(check("settings: {run-ingress-unset: {severity: medium}}\n").code, 0);
    assert_eq!(check("fail-on: critical\n").code, 0);
    assert_eq!(check("fail-on-change: [pre-existing]\n").code, 0);
    let unknown = check("settings: {run-ingress-unsett: off}\n");
    assert_eq!((unknown.code, unknown.out.as_str()), (2, ""));
    assert!(unknown.err.contains("did you mean `run-ingress-unset`?"), "{}", unknown.err);
}

#[test]
fn a_gate_that_is_not_due_yet_reports_without_counting() {
    let folder = Folder::new();
    let text = std::fs::read_to_string(format!("{}/policies/ingress/run-ingress-unset.yaml", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let policy = folder.file("later.yaml", text.replace("id: run-ingress-unset", "id: later\ndeny-from: 2026-12-01"));
    let on = |day: &str| code(&["--no-builtin", "--policy", &policy, "--today", day, PAYMENTS]);
    assert_eq!((on("2026-11-30"), on("2026-12-01")), (0, 1));
}

#[test]
fn the_report_holds_to_the_keys_of_its_schema() {
    let schema: Value = serde_json::from_str(&run(&["schema", "report"]).out).unwrap();
    let known = |schema: &Value| schema["properties"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let report = report(&[QUOTE]);
    assert_eq!(report["schema"], "plangate/report/v1");
    assert!(report.as_object().unwrap().keys().all(|key| known(&schema).contains(key)), "{report}");
    for required in schema["required"].as_array().unwrap() {
        assert!(report.get(required.as_str().unwrap()).is_some(), "{required}");
    }
}

#[test]
fn one_s_own_policy_that_matches_nothing_is_named() {
    let folder = Folder::new();
    let policy = folder
        .file("jobs.yaml", "id: our-negs\ntitle: none\nseverity: low\nsubject: neg\nwhen: [{path: $.name, exists: true}]\nforbid: true\n");
    let ran = run(&["check", "--policy", &policy, CLEAN]);
    assert!(ran.out.contains("matched nothing: our-negs\n"), "{}", ran.out);
}
