//! The policies that come with the program.

use super::Source;

include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

/// The files of the built-in pack.
pub fn sources() -> Vec<Source> {
    FILES.iter().map(|(name, text)| Source { name: (*name).to_owned(), text: (*text).to_owned(), builtin: true }).collect()
}
