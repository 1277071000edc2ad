//! Any text as a path, in each place where one may stand. What parses is walked over a document that has a value of
//! every kind, unknown and sensitive ones too.

#![no_main]

use libfuzzer_sys::fuzz_target;
use plangate::evaluate::walk::{self, Node};
use plangate::plan::{Provenance, Value};
use plangate::policy::selector::{Selector, Use};

/// A path multiplies nodes by what it names twice (`[*,*][*,*]`): in a long one that is slow, and nothing new.
const LONGEST: usize = 256;

fn member(name: &str, value: Value) -> (plangate::plan::Key, Value) {
    (name.into(), value)
}

fn document() -> Value {
    let mut secret = Value::text("s3cret");
    secret.sensitive = true;
    let container = Value::map(vec![
        member("image", Value::text("a/b:1")),
        member("env", Value::list(vec![Value::null(), secret, Value::bool(true)])),
        member("port", Value::unknown(Provenance::Computed, "assigned by Google")),
    ]);
    Value::map(vec![
        member("a", Value::text("x")),
        member("labels", Value::map(vec![member("a.b", Value::text("1")), member("é", Value::null())])),
        member("template", Value::list(vec![container, Value::unknown(Provenance::Reference, "known after apply")])),
        member("ingress", Value::unknown(Provenance::Computed, "known after apply")),
        member("empty", Value::list(Vec::new())),
    ])
}

fuzz_target!(|text: &str| {
    if text.len() > LONGEST {
        return;
    }
    _ = Selector::parse(text, Use::Condition);
    _ = Selector::parse(text, Use::Quantifier);
    if let Ok(selector) = Selector::parse(text, Use::Query) {
        let document = document();
        for node in walk::select(Node::root(&document), &selector.segments, &document).items {
            _ = node.evidence();
            _ = node.value.shown();
        }
        if selector.is_singular() {
            _ = walk::single(Node::root(&document), &selector.segments);
        }
        _ = selector.names();
    }
});
