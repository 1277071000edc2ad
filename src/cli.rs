//! The command line: what was typed, without a look at the environment.

use crate::config::FAIL_ON;
use crate::finding::Change;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Who will be able to reach and invoke each Cloud Run service after a Terraform plan, and which policies does that
/// break?
#[derive(Debug, Parser)]
#[command(name = "plangate", version, arg_required_else_help = true, propagate_version = true)]
pub struct Cli {
    /// When to use colour
    #[arg(long, value_enum, default_value_t = ColorChoice::Auto, global = true)]
    pub color: ColorChoice,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the names say it")]
pub enum ColorChoice {
    Auto,
    Always,
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge plans by policies. Exit 0: nothing counts; 1: a finding counts; 2: could not do it
    Check(Check),
    /// Show what a policy sees: the values that a path selects, as JSON
    Query(Query),
    /// Print the JSON Schema of a document
    Schema {
        /// Which document
        #[arg(value_parser = ["report"])]
        document: String,
    },
}

/// Where plans come from.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// Files with the output of `terraform show -json`, or binary plans; `-` is standard input; `LABEL=FILE` names one
    #[arg(value_name = "PLAN")]
    pub plans: Vec<String>,
    /// The program that shows a binary plan
    #[arg(long, value_name = "PATH")]
    pub terraform: Option<PathBuf>,
    /// Run no program: a binary plan is refused
    #[arg(long)]
    pub no_exec: bool,
    /// Judge a plan whose planning ended with an error, as far as it goes
    #[arg(long)]
    pub allow_errored: bool,
}

/// Output formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Format {
    Text,
    Json,
}

/// `plangate check`.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own on the command line")]
pub struct Check {
    #[command(flatten)]
    #[allow(missing_docs, reason = "described by its type")]
    pub plans: PlanArgs,
    /// Policies beside those of the configuration: a file or a folder
    #[arg(long, value_name = "PATH")]
    pub policy: Vec<PathBuf>,
    /// Leave the built-in policies out
    #[arg(long)]
    pub no_builtin: bool,
    /// Only policies with such an id
    #[arg(long, value_name = "ID-OR-GLOB", value_delimiter = ',')]
    pub only: Vec<String>,
    /// No policies with such an id
    #[arg(long, value_name = "ID-OR-GLOB", value_delimiter = ',')]
    pub skip: Vec<String>,
    /// The configuration, instead of the `plangate.yaml` that is found
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Severity from which a finding counts
    #[arg(long, value_name = "SEVERITY", value_parser = FAIL_ON)]
    pub fail_on: Option<String>,
    /// Classes of findings that count
    #[arg(long, value_name = "CLASS", value_delimiter = ',', value_parser = Change::WORDS)]
    pub fail_on_change: Vec<String>,
    /// Undecided and warnings count
    #[arg(long)]
    pub strict: bool,
    /// Exit 0 whatever is found
    #[arg(long)]
    pub exit_zero: bool,
    /// List every verdict, passes too
    #[arg(long)]
    pub all: bool,
    /// The day that `deny-from` is compared with
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Only the last line
    #[arg(long, short, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Whole witnesses, reasons, and every policy that matched nothing
    #[arg(long, short)]
    pub verbose: bool,
}

/// `plangate query`.
#[derive(Debug, Args)]
pub struct Query {
    /// A path of RFC 9535 into the subject's document, like `$.ingress`
    #[arg(value_name = "PATH", required_unless_present = "fields")]
    pub path: Option<String>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "described by its type")]
    pub plans: PlanArgs,
    /// Which subjects
    #[arg(long, default_value = "service")]
    pub subject: String,
    /// Only the subject at this address
    #[arg(long)]
    pub address: Option<String>,
    /// List the fields that the subject has
    #[arg(long)]
    pub fields: bool,
}
