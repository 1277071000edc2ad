//! The commands: the only place, with `main`, that touches files, environment, clock and terminal.

mod check;
mod plans;
mod query;
mod schema;
mod sources;
mod terraform;

use crate::cli::{Cli, Command};
use crate::failure::Failure;
use std::io::{IsTerminal, Read, Write};

/// The streams of a run; colour is decided.
pub struct Streams<'s> {
    /// Standard input.
    pub input: &'s mut dyn Read,
    /// Standard input is a terminal, and no pipe.
    pub input_is_terminal: bool,
    /// Standard output.
    pub out: &'s mut dyn Write,
    /// Standard error.
    pub err: &'s mut dyn Write,
    /// Standard error is a terminal in colour.
    pub color_err: bool,
    /// Progress may be told on standard error.
    pub progress: bool,
}

/// Runs a command.
///
/// # Errors
/// [`Failure`] for everything that ends in exit code 2.
pub fn run(cli: Cli, streams: &mut Streams<'_>) -> Result<u8, Failure> {
    match cli.command {
        Command::Check(arguments) => check::run(&arguments, streams),
        Command::Query(arguments) => query::run(&arguments, streams),
        Command::Schema { document } => schema::run(&document, streams),
    }
}

/// Whether to use colour on a stream (no-color.org; `CLICOLOR_FORCE` as bixense.com/clicolors has it).
#[allow(clippy::disallowed_methods, reason = "commands look at the environment")]
pub fn wants_color(choice: crate::cli::ColorChoice, stream: &impl IsTerminal) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match choice {
        crate::cli::ColorChoice::Always => true,
        crate::cli::ColorChoice::Never => false,
        crate::cli::ColorChoice::Auto if set("NO_COLOR") => false,
        crate::cli::ColorChoice::Auto => set("CLICOLOR_FORCE") || stream.is_terminal(),
    }
}
