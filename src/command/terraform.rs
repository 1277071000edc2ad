//! Showing a binary plan through `terraform` or `tofu`, streaming from its pipe.

use super::Streams;
use crate::failure::Failure;
use std::io::Read;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

/// The programs that are tried, in order.
const PROGRAMS: [&str; 2] = ["terraform", "tofu"];

/// A running `show -json`.
pub(super) struct Shown {
    /// Its output.
    pub(super) output: ChildStdout,
    child: Child,
    path: String,
    program: String,
}

/// Starts it in the plan file's folder, where the working directory of the configuration is.
pub(super) fn show(path: &Path, program: Option<&Path>, streams: &mut Streams<'_>) -> Result<Shown, Failure> {
    let shown = path.display().to_string();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = path.file_name().unwrap_or_default();
    let programs: Vec<String> = program.map_or_else(|| PROGRAMS.map(str::to_owned).to_vec(), |program| vec![program.display().to_string()]);
    for program in &programs {
        let started = Command::new(program)
            .current_dir(folder)
            .args(["show", "-json", "-no-color"])
            .arg(file)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = match started {
            Ok(child) => child,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(failed(&shown, format!("`{program}` cannot be run: {error}"))),
        };
        if streams.progress {
            // Progress that cannot be written is not missed.
            let _ = writeln!(streams.err, "{shown}: a binary plan, shown with `{program} show -json`");
        }
        let Some(output) = child.stdout.take() else { return Err(failed(&shown, format!("`{program}` gave no output"))) };
        return Ok(Shown { output, child, path: shown, program: program.clone() });
    }
    Err(failed(
        &shown,
        format!("{} cannot be found to show it", programs.iter().map(|program| format!("`{program}`")).collect::<Vec<_>>().join(" or ")),
    ))
}

fn failed(path: &str, reason: String) -> Failure {
    Failure::Terraform { path: path.to_owned(), reason, help: format!("terraform show -json {path} > plan.json && plangate check plan.json") }
}

impl Shown {
    /// Waits for its end; what it printed to standard error is the reason where it failed.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        // Unread output would keep it waiting.
        let _ = std::io::copy(&mut self.output, &mut std::io::sink());
        let mut said = String::new();
        if let Some(mut stderr) = self.child.stderr.take() {
            let _ = stderr.read_to_string(&mut said);
        }
        match self.child.wait() {
            Ok(status) if status.success() => Ok(()),
            _ => {
                let first = said
                    .lines()
                    .map(|line| line.trim_matches(['│', '╷', '╵', ' ']))
                    .find(|line| !line.is_empty())
                    .unwrap_or("it gave no reason");
                Err(failed(&self.path, format!("`{} show -json` did not show it: {}", self.program, crate::diagnostic::printable(first))))
            }
        }
    }
}
