//! What keeps a run from doing its job. Every variant ends in exit code 2 and says what mends it.

use crate::input::Wrong;

/// See the module's documentation.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// An input is not a plan that can be judged.
    #[error("{label}: {wrong}\n  try: {help}")]
    Input {
        /// The input's name.
        label: String,
        /// What it is instead.
        wrong: Wrong,
        /// The command or edit that mends it.
        help: String,
    },
    /// A file cannot be read.
    #[error("cannot read {path}: {reason}")]
    File {
        /// The file.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// `terraform show -json` did not do it.
    #[error("{path} is a binary plan, and {reason}\n  try: {help}")]
    Terraform {
        /// The plan file.
        path: String,
        /// What went wrong.
        reason: String,
        /// The command to run by hand.
        help: String,
    },
    /// Policies or configuration are broken: the rendered diagnostics.
    #[error("{0}")]
    Diagnostics(String),
    /// The arguments do not go together.
    #[error("{0}")]
    Usage(String),
    /// The output could not be written.
    #[error("cannot write the output: {0}")]
    Output(#[from] std::io::Error),
}

impl Failure {
    /// The reader of our output has gone: that is not worth a word.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe)
    }
}
