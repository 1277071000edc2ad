//! The `plangate` program: streams, colour and exit code around the library.

use clap::Parser;
use plangate::cli::Cli;
use plangate::command::{self, Streams, wants_color};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    colored::control::set_override(wants_color(cli.color, &io::stdout()));
    let color_err = wants_color(cli.color, &io::stderr());
    let mut out = BufWriter::new(io::stdout().lock());
    let mut err = io::stderr().lock();
    let mut streams = Streams {
        input: &mut io::stdin().lock(),
        input_is_terminal: io::stdin().is_terminal(),
        out: &mut out,
        err: &mut err,
        color_err,
        progress: io::stderr().is_terminal(),
    };
    let outcome = command::run(cli, &mut streams);
    let flushed = out.flush();
    match outcome {
        Ok(code) => match flushed {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::from(2),
            _ => ExitCode::from(code),
        },
        Err(error) if error.is_broken_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell where standard error is gone too.
            let _ = writeln!(err, "{}", error.to_string().trim_end());
            ExitCode::from(2)
        }
    }
}
