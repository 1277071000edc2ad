//! Every sample of `testdata/wrong-inputs`, through the program: what it is, and the command that mends it.

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

use std::collections::BTreeSet;
use support::{Folder, run};

const SHOW: &str = "terraform show -json tfplan > plan.json";
const PLAN_AND_SHOW: &str = "terraform plan -out=tfplan && terraform show -json tfplan > plan.json";
const HCP: &str = "https://app.terraform.io/api/v2/plans/PLAN_ID/json-output > plan.json";

/// Sample, part of the sentence, part of the command. `{}` is the path that was given.
const REFUSED: &[(&str, &str, &str)] = &[
    ("binary.tfplan", "the binary plan that `terraform plan -out` writes", "terraform show -json {} > plan.json"),
    ("cloud-plan-bookmark.json", "a bookmark to a plan saved in HCP Terraform", "terraform show -json {} > plan.json"),
    ("concatenated-two-plans.jsonl", "several plans in one stream", "plangate check a.json b.json"),
    ("config.tf.json", "Terraform configuration in JSON syntax", PLAN_AND_SHOW),
    ("duplicate-key.json", "the key `resource_changes` stands twice in the plan", SHOW),
    ("empty.json", "the input is empty", SHOW),
    ("gitlab-report.json", "the count of changes for GitLab's Terraform report", SHOW),
    ("hcp-error.json", "an error answer of the HCP Terraform API: `404 not found`", HCP),
    ("hcp-plan-resource.json", "what the HCP Terraform API says about a plan", "/plans/plan-8F5JFydVYAmtTjET/json-output > plan.json"),
    ("only-newline.json", "only white space", SHOW),
    ("plan-json-stream.ndjson", "the message log of `terraform plan -json`", PLAN_AND_SHOW),
    ("plan-text-ansi.txt", "what `terraform plan` prints for people", PLAN_AND_SHOW),
    ("providers-schema.json", "the output of `terraform providers schema -json`", SHOW),
    ("redacted-shape.json", "the redacted plan of HCP Terraform", HCP),
    ("resource-changes-only.json", "the array `resource_changes` cut out of a plan", "pass the whole file that `jq` read"),
    ("show-json-of-empty-state.json", "the JSON of an empty state", SHOW),
    ("show-json-of-state.json", "the JSON of a state", SHOW),
    ("show-text.txt", "`terraform show` was run without `-json`", SHOW),
    ("slurped-array.json", "an array of plans, as `jq -s` writes it", "jq '.[0]' {} > a.json && jq '.[1]' {} > b.json"),
    ("terraform-output.json", "the output of `terraform output -json`", PLAN_AND_SHOW),
    ("terraform-validate.json", "the output of `terraform validate -json`", PLAN_AND_SHOW),
    ("terraform-version.json", "the output of `terraform version -json`", SHOW),
    ("terraform.tfstate", "a state file", SHOW),
    ("tofu-encrypted-plan.json", "encrypted by OpenTofu", "tofu show -json -plan={} > plan.json"),
    ("tofu-show-config.json", "the configuration that `tofu show -json -config` prints", "tofu show -json -plan=tfplan > plan.json"),
    ("truncated-last-byte.json", "cut off: the input ends inside the JSON, after 3726 bytes", SHOW),
    ("truncated.json", "cut off: the input ends inside the JSON, after 1864 bytes", SHOW),
    ("unsupported-major.json", "`format_version` is `2.0`, but only major version 1", "plangate --version"),
];

/// Sample and what is said of it; `""` is nothing, as for a mark that every reader skips.
const READ_THROUGH: &[(&str, &str)] = &[
    ("gzip.json.gz", "the plan was compressed with gzip"),
    ("opa-wrapped.json", "taken from the key `plan` of the object around it"),
    ("terragrunt-module-prefix.txt", "skipped the prefix `[live/unit-a]` before the plan"),
    ("terragrunt-prefix.txt", "skipped the prefix `09:32:46.963 STDOUT [unit-a] terraform:` before the plan"),
    ("utf16be-bom.json", "the plan was UTF-16, as PowerShell 5.1 writes it"),
    ("utf16le-bom.json", "the plan was UTF-16, as PowerShell 5.1 writes it"),
    ("utf16le-nobom.json", "the plan was UTF-16, as PowerShell 5.1 writes it"),
    ("utf8-bom.json", ""),
    ("warning-before.txt", "skipped 3 lines of text before the plan, from `Warning: Unable to open CLI configuration file` on"),
    ("wrapper-v2.txt", "skipped 4 lines of a CI wrapper after the plan; set `terraform_wrapper: false`"),
    ("wrapper-v3-no-github-output.txt", "skipped 3 lines of a CI wrapper after the plan; set `terraform_wrapper: false`"),
];

fn path(name: &str) -> String {
    format!("testdata/wrong-inputs/{name}")
}

#[test]
fn each_of_the_39_samples_stands_in_one_table() {
    let folder = std::fs::read_dir(format!("{}/testdata/wrong-inputs", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let files: BTreeSet<String> =
        folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).filter(|name| name != "README.md").collect();
    let named: Vec<&str> = REFUSED.iter().map(|row| row.0).chain(READ_THROUGH.iter().map(|row| row.0)).collect();
    assert_eq!(named.len(), 39);
    assert_eq!(files, named.into_iter().map(str::to_owned).collect());
}

#[test]
fn what_is_no_plan_is_named_with_the_command_that_mends_it() {
    for (name, cause, help) in REFUSED {
        let path = path(name);
        for command in
            [&["check", "--no-exec", &path][..], &["check", "--format", "json", "--no-exec", &path], &["query", "$", "--no-exec", &path]]
        {
            let ran = run(command);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{command:?}: {}", ran.err);
            let (said, mending) = ran.err.split_once("\n  try: ").unwrap_or_else(|| panic!("{name}: {}", ran.err));
            assert!(said.starts_with(&format!("{path}: ")) && said.contains(cause), "{name}: {said}");
            assert!(mending.contains(&help.replace("{}", &path)), "{name}: {mending}");
            assert_eq!(mending.matches('\n').count(), 1, "{name}: {mending}");
        }
    }
}

#[test]
fn what_holds_a_plan_is_read_through_and_said() {
    let plain = run(&["check", "p=testdata/wrong-inputs/utf8-bom.json"]);
    assert_eq!((plain.code, plain.err.as_str()), (0, ""));
    for (name, note) in READ_THROUGH {
        let ran = run(&["check", "--no-exec", &format!("p={}", path(name))]);
        assert_eq!((ran.code, &ran.out), (0, &plain.out), "{name}: {}", ran.err);
        assert!(ran.err.contains(note) && (note.is_empty() == ran.err.is_empty()), "{name}: {}", ran.err);
        assert!(ran.err.lines().all(|line| line.starts_with("p: ")), "{name}: {}", ran.err);
    }
}

#[test]
fn a_sample_through_a_pipe_is_diagnosed_alike() {
    for (name, cause, _) in REFUSED {
        let bytes = std::fs::read(format!("{}/{}", env!("CARGO_MANIFEST_DIR"), path(name))).unwrap();
        let ran = support::run_piped(&["check"], &bytes);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{name}");
        assert!(ran.err.starts_with("-: ") && ran.err.contains(cause), "{name}: {}", ran.err);
    }
}

#[test]
#[cfg(unix)]
fn a_binary_plan_is_shown_through_the_program_given() {
    let folder = Folder::new();
    let plan = format!("{}/testdata/plans/payments/plan.json", env!("CARGO_MANIFEST_DIR"));
    let told = folder.path().join("arguments");
    let shows = support::script(&folder, "shows", &format!("echo \"$@\" > '{}'; cat '{plan}'", told.display()));
    let ran = run(&["check", "--terraform", &shows, &format!("p={}", path("binary.tfplan"))]);
    assert_eq!(ran, run(&["check", "p=testdata/plans/payments/plan.json"]));
    assert_eq!(std::fs::read_to_string(told).unwrap(), "show -json -no-color binary.tfplan\n");
}

#[test]
#[cfg(unix)]
fn a_binary_plan_that_cannot_be_shown_says_why_and_what_to_run() {
    let folder = Folder::new();
    let binary = path("binary.tfplan");
    let plan = format!("{}/testdata/plans/payments/plan.json", env!("CARGO_MANIFEST_DIR"));
    let refuses = support::script(&folder, "refuses", "printf '╷\\n│ Error: Failed to load plugin schemas\\n╵\\n' >&2; exit 1");
    let breaks_off = support::script(&folder, "breaks-off", &format!("cat '{plan}'; echo 'Error: lost the state' >&2; exit 3"));
    let cuts = support::script(&folder, "cuts", &format!("head -c 4000 '{plan}'"));
    let missing = folder.path().join("missing").display().to_string();
    let table = [
        (&refuses, "Error: Failed to load plugin schemas"),
        (&breaks_off, "Error: lost the state"),
        (&cuts, "cut off: the input ends inside the JSON, after 4000 bytes"),
        (&missing, "cannot be found to show it"),
    ];
    for (program, reason) in table {
        let ran = run(&["check", "--terraform", program, &binary]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{program}: {}", ran.err);
        assert!(ran.err.contains(reason), "{program}: {}", ran.err);
        assert!(ran.err.contains("try: terraform show -json "), "{program}: {}", ran.err);
    }
}

#[test]
#[cfg(unix)]
fn a_program_named_by_a_relative_path_is_found_from_here_and_not_from_the_plan() {
    let folder = Folder::new();
    folder.file("plans/tfplan", std::fs::read(format!("{}/{}", env!("CARGO_MANIFEST_DIR"), path("binary.tfplan"))).unwrap());
    let plan = format!("{}/testdata/plans/payments/plan.json", env!("CARGO_MANIFEST_DIR"));
    support::script(&folder, "bin/shows", &format!("cat '{plan}'"));
    let ran = support::plangate(&["check", "--terraform", "bin/shows", "plans/tfplan"]).current_dir(folder.path()).output().unwrap();
    let ran = support::Ran::from(ran);
    assert_eq!(ran.code, 1, "{}", ran.err);
}

#[test]
#[cfg(unix)]
fn a_program_that_warns_at_length_before_the_plan_does_not_stall() {
    let folder = Folder::new();
    let plan = format!("{}/testdata/plans/payments/plan.json", env!("CARGO_MANIFEST_DIR"));
    // More than a pipe holds.
    let warns = support::script(&folder, "warns", &format!("head -c 300000 /dev/zero | tr '\\0' w >&2; cat '{plan}'"));
    let mut child = support::plangate(&["check", "--terraform", &warns, &path("binary.tfplan")])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    for _ in 0..100 {
        if let Some(status) = child.try_wait().unwrap() {
            assert_eq!(status.code(), Some(1));
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    panic!("it still waits after 10 s");
}
