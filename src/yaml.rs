//! A YAML (or JSON) text as a tree in which everything knows its place.
//!
//! Takes a source file and gives a tree of scalars, sequences and mappings. A
//! value means what it looks like: unquoted, only `true` and `false` are
//! booleans, only `null`, `~` and nothing are null, only what JSON calls a
//! number is one, with all its digits; the rest is text, and so is everything
//! quoted. Refuses what lets a text mean something else than it shows or grow
//! without bound: anchors, aliases, merge keys, tags, directives, second
//! documents, repeated keys, keys that are no scalars, tabs as indentation, more
//! than [`MAX_LEVELS`] levels and more than [`MAX_BYTES`] bytes. What is no YAML
//! is explained, with what to write instead where the mistake is a known one.

mod build;
mod offsets;
mod scan;
mod traps;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{SourceFile, Span};
use offsets::Offsets;
use std::sync::Arc;

/// Most bytes of a text.
pub const MAX_BYTES: usize = 1_000_000;

/// Most collections that may lie inside each other.
pub const MAX_LEVELS: usize = 64;

/// A value and its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it is; a block collection ends where its last entry ends.
    pub span: Span,
    /// What it is.
    pub kind: NodeKind,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// A single value.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys with values, in the order of the text; no key appears twice.
    Mapping(Vec<(Key, Node)>),
}

/// A key of a mapping.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key, without quotes.
    pub text: String,
    /// Where it is, with quotes.
    pub span: Span,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// In `'`.
    SingleQuoted,
    /// In `"`.
    DoubleQuoted,
    /// As a block after `|` or `>`.
    Block,
}

/// What a scalar means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, digit by digit as it was written.
    Number(String),
    /// Anything else.
    Text(String),
}

/// A single value.
#[derive(Clone, Debug)]
pub struct Scalar {
    /// The decoded text, whatever it means.
    pub text: String,
    /// How it is written.
    pub style: Style,
    /// What it means.
    pub value: Literal,
    /// Where it is, with quotes; a block's text without the `|` line.
    pub span: Span,
    offsets: Offsets,
}

impl Node {
    /// The scalar, if it is one.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            NodeKind::Scalar(scalar) => Some(scalar),
            NodeKind::Sequence(_) | NodeKind::Mapping(_) => None,
        }
    }

    /// The items, if it is a list.
    pub fn sequence(&self) -> Option<&[Self]> {
        match &self.kind {
            NodeKind::Sequence(items) => Some(items),
            NodeKind::Scalar(_) | NodeKind::Mapping(_) => None,
        }
    }

    /// The entries, if it is a mapping.
    pub fn mapping(&self) -> Option<&[(Key, Self)]> {
        match &self.kind {
            NodeKind::Mapping(entries) => Some(entries),
            NodeKind::Scalar(_) | NodeKind::Sequence(_) => None,
        }
    }

    /// The value under a key, if it is a mapping with that key.
    pub fn get(&self, name: &str) -> Option<&Self> {
        let mut entries = self.mapping()?.iter();
        entries.find(|(key, _)| key.text == name).map(|(_, value)| value)
    }
}

impl Scalar {
    /// Whether it is written in quotes or as a block.
    pub fn quoted(&self) -> bool {
        self.style != Style::Plain
    }

    /// The byte offset in the file of a character of [`Self::text`], counted from
    /// 0. Exact for values on one line, also past escapes; the start of the value
    /// for others. Past the last character it is the offset after it.
    pub fn offset_in_file(&self, character: usize) -> usize {
        self.offsets.locate(&self.text, character)
    }

    /// Where the characters from `start` to before `end` of [`Self::text`] are;
    /// the whole value where [`Self::offset_in_file`] is not exact.
    pub fn span_in_file(&self, start: usize, end: usize) -> Span {
        if matches!(self.offsets, Offsets::Start(_)) {
            return self.span;
        }
        Span::new(self.offset_in_file(start), self.offset_in_file(end))
    }
}

/// Reads the text of a file. `None` when there is no tree to look at; whenever
/// something was refused, `diagnostics` has an error, also beside a tree.
pub fn parse(file: &Arc<SourceFile>, diagnostics: &mut Diagnostics) -> Option<Node> {
    if file.text().len() > MAX_BYTES {
        let message = format!("the file is larger than {MAX_BYTES} bytes");
        diagnostics.push(Diagnostic::error(file, Span::at(0), message).help("split it into several files"));
        return None;
    }
    build::build(file, diagnostics)
}

#[cfg(test)]
mod tests;
