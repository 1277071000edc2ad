//! Showing a binary plan through `terraform` or `tofu`, streaming from its pipe.

use super::Streams;
use crate::failure::Failure;
use std::io::Read;
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;

/// The programs that are tried, in order.
const PROGRAMS: [&str; 2] = ["terraform", "tofu"];

/// How much of what it says is kept.
const MOST_SAID: u64 = 16 << 10;

/// A running `show -json`.
pub(super) struct Shown {
    /// Its output.
    pub(super) output: ChildStdout,
    child: Child,
    /// The beginning of what it says on standard error; read beside its output, or a talkative program would stall.
    said: JoinHandle<String>,
    path: String,
    program: String,
}

/// Starts it in the plan file's folder, where the working directory of the configuration is.
pub(super) fn show(path: &Path, program: Option<&Path>, streams: &mut Streams<'_>) -> Result<Shown, Failure> {
    let shown = path.display().to_string();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = path.file_name().unwrap_or_default();
    let programs: Vec<String> = program.map_or_else(|| PROGRAMS.map(str::to_owned).to_vec(), |program| vec![from_here(program)]);
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
        let (Some(output), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(failed(&shown, format!("`{program}` gave no output")));
        };
        let said = std::thread::spawn(move || head_of(stderr));
        return Ok(Shown { output, child, said, path: shown, program: program.clone() });
    }
    Err(failed(
        &shown,
        format!("{} cannot be found to show it", programs.iter().map(|program| format!("`{program}`")).collect::<Vec<_>>().join(" or ")),
    ))
}

fn failed(path: &str, reason: String) -> Failure {
    Failure::Terraform {
        path: path.to_owned(),
        reason,
        help: format!("terraform show -json {path} > plan.json && plangate check plan.json"),
    }
}

/// The first of what a program says; the rest is read too, so that it can go on.
fn head_of(mut stderr: ChildStderr) -> String {
    let mut head = Vec::new();
    // What cannot be read was not said.
    let _ = stderr.by_ref().take(MOST_SAID).read_to_end(&mut head);
    let _ = std::io::copy(&mut stderr, &mut std::io::sink());
    String::from_utf8_lossy(&head).into_owned()
}

/// A path is meant from here, though the program runs in the plan's folder; a bare name is looked up as usual.
fn from_here(program: &Path) -> String {
    let path = if program.components().count() > 1 {
        std::path::absolute(program).unwrap_or_else(|_| program.to_owned())
    } else {
        program.to_owned()
    };
    path.display().to_string()
}

impl Shown {
    /// Waits for its end; what it printed to standard error is the reason where it failed.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        // Unread output would keep it waiting.
        let _ = std::io::copy(&mut self.output, &mut std::io::sink());
        let said = self.said.join().unwrap_or_default();
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
