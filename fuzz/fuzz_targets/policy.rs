//! Any text as a policy file, from YAML to the checked policy, and the report of what is wrong with it, whose places
//! must lie in the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use plangate::diagnostic::{self, Diagnostics};
use plangate::policy::{self, Source};

fuzz_target!(|text: &str| {
    let mut diagnostics = Diagnostics::new();
    let source = Source { name: "policy.yaml".to_owned(), text: text.to_owned(), builtin: false };
    let set = policy::load(vec![source], &mut diagnostics);
    _ = set.keep();
    _ = diagnostic::render(&diagnostics, false);
});
