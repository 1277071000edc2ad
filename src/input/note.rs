//! Takes what was undone to reach the plan; gives one line that names it and how to get rid of it. Refuses nothing.

use std::fmt;

/// Something that stood around the plan or changed its bytes, and was read through.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// The input is compressed with gzip.
    Gzip,
    /// The input is UTF-16.
    Utf16,
    /// Lines of the setup-terraform wrapper or a CI log stand before the plan.
    WrapperBefore {
        /// How many lines.
        lines: usize,
    },
    /// Lines of the setup-terraform wrapper or a CI log stand after the plan.
    WrapperAfter {
        /// How many lines.
        lines: usize,
    },
    /// Other text stands before the plan, such as a warning.
    TextBefore {
        /// How many lines.
        lines: usize,
        /// The first of them, safe to show.
        first: String,
    },
    /// Terragrunt's log prefix stands before the plan, on its line.
    LinePrefix {
        /// The prefix, safe to show.
        prefix: String,
    },
    /// The plan is the value of this key of another object.
    Wrapped {
        /// `plan`, `tfplan` or `terraform`.
        key: &'static str,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gzip => f.write_str("the plan was compressed with gzip"),
            Self::Utf16 => f.write_str(
                "the plan was UTF-16, as PowerShell 5.1 writes it with `>`; letters outside ASCII may have been lost before: \
                 `cmd /c \"terraform show -json tfplan > plan.json\"` keeps them",
            ),
            Self::WrapperBefore { lines } => {
                write!(f, "skipped {} of a CI wrapper before the plan; set `terraform_wrapper: false`", Lines(*lines))
            }
            Self::WrapperAfter { lines } => {
                write!(f, "skipped {} of a CI wrapper after the plan; set `terraform_wrapper: false`", Lines(*lines))
            }
            Self::TextBefore { lines, first } => {
                let lines = Lines(*lines);
                write!(f, "skipped {lines} of text before the plan, from `{first}` on; do not merge it in with `2>&1`")
            }
            Self::LinePrefix { prefix } => {
                write!(f, "skipped the prefix `{prefix}` before the plan; Terragrunt leaves it out with `--tf-forward-stdout`")
            }
            Self::Wrapped { key } => write!(f, "the plan was taken from the key `{key}` of the object around it"),
        }
    }
}

/// A count of lines in words.
struct Lines(usize);

impl fmt::Display for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0 == 1 { "" } else { "s" };
        write!(f, "{} line{plural}", self.0)
    }
}
