//! Embeds the built-in policies: every YAML file below `policies/`, by name and text, in order of name.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=policies");
    let folder = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo sets CARGO_MANIFEST_DIR")?);
    let mut files = Vec::new();
    collect(Path::new("policies"), &mut files);
    files.sort();
    let mut out =
        String::from("/// Name and text of each file, and where its examples start.\npub static FILES: &[(&str, &str, usize)] = &[\n");
    for file in files {
        let name = file.display().to_string().replace('\\', "/");
        let path = folder.join(&file);
        println!("cargo::rerun-if-changed={}", file.display());
        let examples = examples_at(&std::fs::read_to_string(&path)?);
        writeln!(out, "    ({name:?}, include_str!({:?}), {examples}),", path.display().to_string())?;
    }
    out.push_str("];\n");
    let target = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?).join("builtin.rs");
    std::fs::write(target, out)?;
    Ok(())
}

/// Where the examples start, if they are the last field; else the whole length.
fn examples_at(text: &str) -> usize {
    let start = if text.starts_with("examples:") { Some(0) } else { text.find("\nexamples:").map(|at| at + 1) };
    let is_last = |at: &usize| {
        text.get(*at..).is_some_and(|tail| tail.lines().skip(1).all(|line| line.is_empty() || line.starts_with([' ', '#', '-'])))
    };
    start.filter(is_last).unwrap_or(text.len())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            files.push(path);
        }
    }
}
