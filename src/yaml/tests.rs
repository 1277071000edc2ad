mod hostile;
mod refusals;
mod values;

use super::*;
use crate::diagnostic::render;

/// The tree of a text without errors.
fn tree(text: &str) -> Node {
    let file = Arc::new(SourceFile::new("p.yaml", text));
    let mut diagnostics = Diagnostics::new();
    let node = parse(&file, &mut diagnostics);
    assert!(diagnostics.is_empty(), "{}", render(&diagnostics, false));
    node.expect("no tree and no error")
}

/// `line:column message` of each error, in order, and whether there is a tree.
fn refused(text: &str) -> (Vec<String>, bool) {
    let (diagnostics, node) = read(text);
    let lines = diagnostics.sorted().into_iter().map(|diagnostic| {
        let at = diagnostic.file.position(diagnostic.span.start);
        format!("{}:{} {}", at.line, at.column, diagnostic.message)
    });
    (lines.collect(), node.is_some())
}

fn read(text: &str) -> (Diagnostics, Option<Node>) {
    let file = Arc::new(SourceFile::new("p.yaml", text));
    let mut diagnostics = Diagnostics::new();
    let node = parse(&file, &mut diagnostics);
    assert!(node.is_some() || diagnostics.has_errors(), "{text:?}");
    (diagnostics, node)
}
