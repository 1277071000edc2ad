//! Opening plans: files, standard input, binary plans, and their labels.

use super::{Streams, terraform};
use crate::cli::PlanArgs;
use crate::failure::Failure;
use crate::input::{self, Kind, Opened, Recognised, Wrong};
use crate::json::{Cursor, JsonError};
use crate::plan::{Keep, Plan, ReadError, read};
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A plan to be read.
struct Input {
    label: String,
    /// `None` is standard input.
    path: Option<PathBuf>,
}

/// Reads every plan in turn and hands it on; a plan is dropped before the next is read.
pub(super) fn each(
    arguments: &PlanArgs,
    keep: &Keep,
    streams: &mut Streams<'_>,
    mut judge: impl FnMut(Plan, &mut Streams<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    for input in inputs(arguments, streams)? {
        let mut plan = open(&input, arguments, keep, streams)?;
        plan.label = Arc::from(input.label.as_str());
        if plan.errored && !arguments.allow_errored {
            return Err(wrong(&input, Wrong::errored_plan()));
        }
        judge(plan, streams)?;
    }
    Ok(())
}

fn inputs(arguments: &PlanArgs, streams: &Streams<'_>) -> Result<Vec<Input>, Failure> {
    if arguments.plans.is_empty() {
        if streams.input_is_terminal {
            return Err(Failure::Usage(
                "no plan given\n  try: terraform show -json tfplan | plangate check, or plangate check plan.json".to_owned(),
            ));
        }
        return Ok(vec![Input { label: "-".to_owned(), path: None }]);
    }
    let inputs: Vec<Input> = arguments.plans.iter().map(|text| named(text)).collect();
    for (at, input) in inputs.iter().enumerate() {
        if inputs.iter().take(at).any(|other| other.label == input.label) {
            return Err(Failure::Usage(format!(
                "two plans have the label `{}`\n  try: name them, as in app={}",
                input.label,
                arguments.plans.get(at).map_or("FILE", String::as_str)
            )));
        }
    }
    Ok(inputs)
}

/// `LABEL=FILE`, unless a file has the whole name.
fn named(text: &str) -> Input {
    if text == "-" {
        return Input { label: "-".to_owned(), path: None };
    }
    let whole = Path::new(text);
    if let Some((label, path)) = text.split_once('=')
        && !whole.exists()
        && !label.is_empty()
        && label.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/'))
    {
        let path = (path != "-").then(|| PathBuf::from(path));
        return Input { label: label.to_owned(), path };
    }
    Input { label: label_of(whole), path: Some(whole.to_owned()) }
}

/// The path relative to the working directory, or outside it the file's name: no machine's path goes into a document.
fn label_of(path: &Path) -> String {
    let relative = if path.is_absolute() {
        #[allow(clippy::disallowed_methods, reason = "commands look at the working directory")]
        let here = std::env::current_dir().ok();
        here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned))
    } else {
        Some(path.components().filter(|part| !matches!(part, std::path::Component::CurDir)).collect())
    };
    let inside = relative.filter(|path: &PathBuf| !path.components().any(|part| matches!(part, std::path::Component::ParentDir)));
    let shown = inside.unwrap_or_else(|| path.file_name().map(PathBuf::from).unwrap_or_default());
    shown.display().to_string().replace('\\', "/")
}

fn name(input: &Input) -> String {
    input.path.as_ref().map_or_else(|| "-".to_owned(), |path| path.display().to_string())
}

fn wrong(input: &Input, wrong: Wrong) -> Failure {
    let help = wrong.help(&name(input));
    Failure::Input { label: input.label.clone(), wrong, help }
}

fn open(input: &Input, arguments: &PlanArgs, keep: &Keep, streams: &mut Streams<'_>) -> Result<Plan, Failure> {
    let Some(path) = &input.path else {
        let recognised = input::open(Box::new(&mut *streams.input)).map_err(|error| wrong(input, error))?;
        return match recognised {
            Recognised::Json(opened) => read_json(input, opened, keep, streams.err),
            Recognised::BinaryPlan => Err(wrong(input, Kind::BinaryPlan.into())),
        };
    };
    let file = File::open(path).map_err(|error| Failure::File { path: path.display().to_string(), reason: error.to_string() })?;
    if file.metadata().is_ok_and(|data| data.is_dir()) {
        return Err(Failure::File { path: path.display().to_string(), reason: "it is a folder; name the plan file in it".to_owned() });
    }
    match input::open(Box::new(file)).map_err(|error| wrong(input, error))? {
        Recognised::Json(opened) => read_json(input, opened, keep, streams.err),
        Recognised::BinaryPlan if arguments.no_exec => Err(wrong(input, Kind::BinaryPlan.into())),
        Recognised::BinaryPlan => {
            let mut shown = terraform::show(path, arguments.terraform.as_deref(), streams)?;
            let outcome = match input::open(Box::new(&mut shown.output)) {
                Ok(Recognised::Json(opened)) => read_json(input, opened, keep, streams.err),
                Ok(Recognised::BinaryPlan) => Err(wrong(input, Kind::BinaryPlan.into())),
                Err(error) => Err(wrong(input, error)),
            };
            shown.finish()?;
            outcome
        }
    }
}

fn read_json(input: &Input, opened: Opened<'_>, keep: &Keep, err: &mut dyn Write) -> Result<Plan, Failure> {
    let Opened { bytes, peek, notes, ending, .. } = opened;
    let mut cursor = Cursor::new(bytes);
    let plan = read(&mut cursor, keep).map_err(|error| diagnosed(input, error, &peek))?;
    let mut rest: Box<dyn Read + '_> = Box::new(cursor.into_rest());
    let after = input::trailing(&mut rest, ending).map_err(|error| wrong(input, error))?;
    for note in notes.iter().chain(&after) {
        // A note that cannot be written changes nothing.
        let _ = writeln!(err, "{}: {note}", input.label);
    }
    Ok(plan)
}

/// What is not a plan gets its own name where its keys tell it; else what is wrong with the JSON.
fn diagnosed(input: &Input, error: ReadError, peek: &[u8]) -> Failure {
    let found = match error {
        ReadError::NotAPlan(keys) => input::diagnose_keys(&keys, peek).unwrap_or_else(|| Kind::OtherObject.into()),
        ReadError::UnsupportedMajor(version) => Wrong::unsupported_major(&version),
        ReadError::Json(JsonError::Truncated(offset)) => Wrong::truncated(offset),
        ReadError::Json(JsonError::DuplicateKey { key, .. }) => Wrong::duplicate_key(&key, "the plan"),
        ReadError::Json(JsonError::TooDeep(_)) => Wrong::too_deep(crate::json::MAX_DEPTH),
        ReadError::Json(JsonError::Io(error)) => error.into(),
        ReadError::Json(JsonError::Invalid { offset, line, column, reason }) => Wrong::invalid_json(line, column, offset, &reason),
    };
    wrong(input, found)
}
