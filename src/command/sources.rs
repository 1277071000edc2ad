//! Policies and configuration from the disk.

use super::Streams;
use crate::config::{self, Config};
use crate::diagnostic::{Diagnostics, render};
use crate::failure::Failure;
use crate::policy::{PolicySet, Source, builtin, load};
use crate::source::SourceFile;
use globset::Glob;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where policies are looked for.
pub(super) struct Wanted<'w> {
    pub(super) config: Option<&'w Path>,
    pub(super) policy: &'w [PathBuf],
    pub(super) no_builtin: bool,
    pub(super) only: &'w [String],
    pub(super) skip: &'w [String],
}

/// Everything that was loaded.
pub(super) struct Loaded {
    pub(super) config: Config,
    pub(super) policies: PolicySet,
    /// Some warning was said.
    pub(super) warned: bool,
}

/// Loads configuration and policies; all that is wrong with them is one error.
pub(super) fn load_all(wanted: &Wanted<'_>, streams: &mut Streams<'_>) -> Result<Loaded, Failure> {
    let mut diagnostics = Diagnostics::new();
    let (config, folder) = configuration(wanted.config, &mut diagnostics)?;
    let mut sources = Vec::new();
    let named = config.policies.clone().unwrap_or_else(|| vec!["builtin".to_owned()]);
    for source in &named {
        match source.as_str() {
            "builtin" if wanted.no_builtin => {}
            "builtin" => sources.extend(builtin::sources()),
            path => collect(&folder.join(path), &mut sources)?,
        }
    }
    for path in wanted.policy {
        collect(path, &mut sources)?;
    }
    let mut policies = load(sources, &mut diagnostics);
    let absent: Vec<String> = if wanted.no_builtin {
        load(builtin::sources(), &mut Diagnostics::new()).policies.into_iter().map(|policy| policy.id).collect()
    } else {
        Vec::new()
    };
    config.apply(&mut policies, &absent, &mut diagnostics);
    let warned = !diagnostics.is_empty();
    let text = render(&diagnostics, streams.color_err);
    if diagnostics.has_errors() {
        return Err(Failure::Diagnostics(text));
    }
    streams.err.write_all(text.as_bytes())?;
    if !config.waiting.is_empty() {
        writeln!(streams.err, "warning: this version reads and does not use yet: {}", config.waiting.join(", "))?;
    }
    filter(&mut policies, wanted)?;
    if policies.policies.is_empty() {
        return Err(Failure::Usage(
            "no policy is left to judge by\n  try: --policy PATH, or without --no-builtin, --only and --skip".to_owned(),
        ));
    }
    Ok(Loaded { config, policies, warned })
}

fn configuration(named: Option<&Path>, diagnostics: &mut Diagnostics) -> Result<(Config, PathBuf), Failure> {
    let Some(path) = named.map(Path::to_owned).or_else(find_configuration) else { return Ok((Config::default(), PathBuf::new())) };
    let text = text_of(&path)?;
    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
    let file = Arc::new(SourceFile::new(path.display().to_string(), text));
    Ok((config::parse(&file, diagnostics), folder))
}

/// `plangate.yaml`, from the working directory up to the folder with `.git`.
fn find_configuration() -> Option<PathBuf> {
    #[allow(clippy::disallowed_methods, reason = "commands look at the working directory")]
    let here = std::env::current_dir().ok()?;
    for folder in here.ancestors() {
        let path = folder.join("plangate.yaml");
        if path.is_file() {
            return Some(path.strip_prefix(&here).map(Path::to_owned).unwrap_or(path));
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}

fn text_of(path: &Path) -> Result<String, Failure> {
    let failed = |reason: String| Failure::File { path: path.display().to_string(), reason };
    let bytes = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| failed(format!("it is not UTF-8 from byte {} on", error.utf8_error().valid_up_to())))
}

/// A file, or the policies in a folder and below, sorted; hidden ones and test files are left out.
fn collect(path: &Path, sources: &mut Vec<Source>) -> Result<(), Failure> {
    if path.is_file() {
        sources.push(Source { name: path.display().to_string(), text: text_of(path)?, builtin: false });
        return Ok(());
    }
    let entries = std::fs::read_dir(path).map_err(|error| Failure::File { path: path.display().to_string(), reason: error.to_string() })?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let policy = [".yaml", ".yml", ".json"].iter().any(|ending| name.ends_with(ending)) && !name.ends_with(".test.yaml");
        if name.starts_with('.') || !(path.is_dir() || policy) {
            continue;
        }
        collect(&path, sources)?;
    }
    Ok(())
}

fn filter(policies: &mut PolicySet, wanted: &Wanted<'_>) -> Result<(), Failure> {
    let globs = |texts: &[String]| -> Result<Vec<globset::GlobMatcher>, Failure> {
        texts
            .iter()
            .map(|text| {
                Glob::new(text)
                    .map(|glob| glob.compile_matcher())
                    .map_err(|error| Failure::Usage(format!("`{text}` is not a glob: {}", error.kind())))
            })
            .collect()
    };
    let (only, skip) = (globs(wanted.only)?, globs(wanted.skip)?);
    for (glob, text) in only.iter().chain(&skip).zip(wanted.only.iter().chain(wanted.skip)) {
        if !policies.policies.iter().any(|policy| glob.is_match(&policy.id)) {
            let near = crate::suggest::nearest(text, policies.policies.iter().map(|policy| policy.id.as_str()))
                .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            return Err(Failure::Usage(format!("no policy has an id like `{text}`{near}")));
        }
    }
    policies.policies.retain(|policy| {
        policy.locked
            || ((only.is_empty() || only.iter().any(|glob| glob.is_match(&policy.id)))
                && !skip.iter().any(|glob| glob.is_match(&policy.id)))
    });
    Ok(())
}
