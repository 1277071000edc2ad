//! README.md tells the truth: its commands run, its transcripts are what the program prints, its files are read, and
//! its tables name every option and every built-in policy.
#![cfg(unix)]
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
use std::path::Path;
use std::process::Command;
use support::{Folder, Ran, run, script};

/// Commands that a test must not run: they build and install what is being tested.
const CARGO: [&str; 2] = ["cargo install --path . --locked", "cargo test"];

fn readme() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// A fenced block: its language and its lines.
struct Block {
    language: String,
    lines: Vec<String>,
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in text.lines() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(language), None) => open = Some(Block { language: language.to_owned(), lines: Vec::new() }),
            (Some(_), Some(block)) => blocks.push(block),
            (None, Some(mut block)) => {
                block.lines.push(line.to_owned());
                open = Some(block);
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

/// Where the README's reader would be: a folder with the shipped plans, `tfplan` and a terraform that can show it.
struct Reader {
    folder: Folder,
    last: i32,
}

impl Reader {
    fn new() -> Self {
        let folder = Folder::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        std::os::unix::fs::symlink(root.join("testdata"), folder.path().join("testdata")).unwrap();
        folder.file(".git/HEAD", "");
        let terraform = format!(
            "case \"$1\" in\n\
             plan) [ \"$2\" = -out=tfplan ] && cp '{0}/testdata/wrong-inputs/binary.tfplan' tfplan ;;\n\
             show) [ \"$2\" = -json ] && [ -e tfplan ] && cat '{0}/testdata/plans/payments/plan.json' ;;\n\
             *) exit 9 ;;\nesac",
            root.display()
        );
        script(&folder, "bin/terraform", &terraform);
        Self { folder, last: 0 }
    }

    /// Runs a line; standard error stands where it would on a terminal.
    fn run(&mut self, line: &str) -> String {
        let program = Path::new(env!("CARGO_BIN_EXE_plangate")).parent().unwrap();
        let path = format!("{}:{}:/usr/bin:/bin", self.folder.path().join("bin").display(), program.display());
        let text = format!("exec 2>&1\n(exit {})\n{line}", self.last);
        let output = Command::new("sh").args(["-c", &text]).current_dir(self.folder.path()).env_clear().env("PATH", path).output().unwrap();
        let ran = Ran::from(output);
        self.last = ran.code;
        ran.out
    }
}

/// What is left of a line to run once the known cargo commands are taken off.
fn without_cargo(line: &str) -> Option<&str> {
    let (first, rest) = line.split_once(" && ").map_or((line, None), |(first, rest)| (first, Some(rest)));
    if first.starts_with("cargo") {
        assert!(CARGO.contains(&first), "`{first}` is not one of {CARGO:?}");
        return rest;
    }
    Some(line)
}

/// A command that does its job: plangate judges something, and nothing else goes wrong.
fn check_command(line: &str, reader: &mut Reader) {
    let Some(line) = without_cargo(line) else { return };
    let said = reader.run(line);
    assert!(reader.last < 2, "$ {line}: {said}");
    assert!(!line.contains("plangate check") || said.contains(" subjects of "), "$ {line}: {said}");
}

fn check_transcript(block: &Block, reader: &mut Reader) {
    let mut lines = block.lines.iter().peekable();
    while let Some(line) = lines.next() {
        let command = line.strip_prefix("$ ").unwrap_or_else(|| panic!("a transcript starts with `$ `, not {line}"));
        let mut shown = String::new();
        while let Some(line) = lines.next_if(|line| !line.starts_with("$ ")) {
            shown.push_str(line);
            shown.push('\n');
        }
        assert_eq!(reader.run(command), shown, "$ {command}");
    }
}

#[test]
fn every_command_runs_and_every_transcript_is_true() {
    let mut reader = Reader::new();
    let mut cargo: BTreeSet<&str> = BTreeSet::new();
    for block in blocks(&readme()) {
        match block.language.as_str() {
            "sh" => {
                for line in &block.lines {
                    cargo.extend(CARGO.into_iter().filter(|known| line.starts_with(known)));
                    check_command(line, &mut reader);
                }
            }
            "console" => check_transcript(&block, &mut reader),
            "yaml" => {
                let name = block.lines[0].strip_prefix("# ").expect("a file's name in its first line");
                reader.folder.file(name, block.lines.join("\n") + "\n");
            }
            other => panic!("nobody checks blocks of `{other}`"),
        }
    }
    assert_eq!(cargo.into_iter().collect::<Vec<_>>(), CARGO, "the two commands of the README");
}

#[test]
fn the_first_command_judges_a_plan_that_ships() {
    let text = readme();
    let first = blocks(&text).into_iter().find(|block| block.language == "sh").unwrap();
    let (_, check) = first.lines[0].split_once(" && ").unwrap();
    let plan = check.strip_prefix("plangate check ").unwrap();
    let ran = run(&["check", plan]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("run-ingress-unset"), "{}", ran.out);
}

/// The words of a table's first column that look like long options.
fn options(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    words.filter(|word| word.starts_with("--") && word.len() > 2).map(str::to_owned).collect()
}

#[test]
fn the_table_has_the_options_that_there_are() {
    let text = readme();
    let (_, section) = text.split_once("## Options of `plangate check`").unwrap();
    let table = section.lines().filter(|line| line.starts_with("| `--")).map(|line| line.split(" | ").next().unwrap());
    let named: BTreeSet<String> = table.flat_map(options).collect();
    let help = run(&["check", "--help"]).out;
    let real = help.lines().filter(|line| line.trim_start().starts_with('-'));
    let mut real: BTreeSet<String> = real.map(|line| line.trim().split("  ").next().unwrap()).flat_map(options).collect();
    for common in ["--help", "--version"] {
        assert!(real.remove(common), "{help}");
    }
    assert_eq!(named, real);
}

#[test]
fn the_table_has_the_policies_that_there_are() {
    let text = readme();
    let (_, section) = text.split_once("## Built-in policies").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `")).map(|line| line.split('|').nth(2).unwrap());
    let named: BTreeSet<String> = rows.flat_map(|row| row.split(',')).map(|id| id.trim().trim_matches('`').to_owned()).collect();
    let sources = plangate::policy::builtin::sources_with_examples();
    let real = plangate::policy::load(sources, &mut plangate::diagnostic::Diagnostics::new()).policies;
    assert_eq!(named, real.into_iter().map(|policy| policy.id).collect());
}

#[test]
fn it_is_short_names_no_machine_and_its_links_lead_somewhere() {
    let text = readme();
    assert!(text.lines().count() <= 250, "{} lines", text.lines().count());
    for path in ["/home/", "/work", "/root", "/tmp", "/Users/"] {
        assert!(!text.contains(path), "{path}");
    }
    for link in text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()).filter(|link| !link.starts_with("https://")) {
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(link).exists(), "{link}");
    }
}

#[test]
fn the_architecture_names_files_that_there_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
    let named: Vec<&str> =
        text.split('`').skip(1).step_by(2).filter(|word| word.starts_with("src/") || word.starts_with("tests/")).collect();
    assert!(named.len() > 20);
    for path in named.into_iter().filter(|path| !path.contains("NAME")) {
        assert!(root.join(path).exists(), "{path}");
    }
}
