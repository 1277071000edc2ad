//! The policies that come with the program.

use super::Source;

include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

/// The files of the built-in pack, as a check reads them: it never looks at examples.
pub fn sources() -> Vec<Source> {
    FILES.iter().map(|(name, text, examples)| source(name, text.get(..*examples).unwrap_or(text))).collect()
}

/// The same with their examples, for tests and documentation.
pub fn sources_with_examples() -> Vec<Source> {
    FILES.iter().map(|(name, text, _)| source(name, text)).collect()
}

fn source(name: &str, text: &str) -> Source {
    Source { name: name.to_owned(), text: text.to_owned(), builtin: true }
}
