//! From the tree to what it says: fields by name and values by type.
//!
//! Takes a node and what is wanted of it, and gives the value or `None` with an
//! error that names the field, what was expected and what is there. Never stops
//! at the first problem: a caller decodes every field and gives up at the end.
//! Refuses fields that nobody asked for, so that a typing error in a name cannot
//! switch a rule off, and to take a number or boolean for text or the reverse.

use crate::diagnostic::{Diagnostic, Diagnostics, quote, quote_all};
use crate::source::{SourceFile, Span};
use crate::suggest::nearest;
use crate::yaml::{Key, Literal, Node, NodeKind, Scalar};
use std::sync::Arc;

/// Most valid names that an error lists.
const LONGEST_LIST: usize = 30;

/// Decodes nodes of one file; the `name` that its methods take is the field's.
#[derive(Debug)]
pub struct Decoder<'d> {
    file: Arc<SourceFile>,
    diagnostics: &'d mut Diagnostics,
}

impl<'d> Decoder<'d> {
    /// A decoder of nodes of `file`.
    pub fn new(file: &Arc<SourceFile>, diagnostics: &'d mut Diagnostics) -> Self {
        Self { file: Arc::clone(file), diagnostics }
    }

    /// The file.
    pub fn file(&self) -> &Arc<SourceFile> {
        &self.file
    }

    /// An error of this file that has not been reported, to add to.
    pub fn diagnostic(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(&self.file, span, message)
    }

    /// Reports an error or warning.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports an error with only a message.
    pub fn error(&mut self, span: Span, message: impl Into<String>) {
        self.diagnostics.error(&self.file, span, message);
    }

    /// Reports a warning with only a message.
    pub fn warning(&mut self, span: Span, message: impl Into<String>) {
        self.diagnostics.warning(&self.file, span, message);
    }

    /// Text, possibly empty.
    pub fn text<'n>(&mut self, node: &'n Node, name: &str) -> Option<&'n Scalar> {
        match node.scalar() {
            Some(scalar) if matches!(scalar.value, Literal::Text(_)) => Some(scalar),
            _ => self.mismatch(node, name, "text", text_help(node)),
        }
    }

    /// Text that is more than blanks.
    pub fn nonblank_text<'n>(&mut self, node: &'n Node, name: &str) -> Option<&'n Scalar> {
        let scalar = self.text(node, name)?;
        if !scalar.text.trim().is_empty() {
            return Some(scalar);
        }
        let empty = self.diagnostic(node.span, format!("{} is empty", quote(name)));
        self.push(empty.expected("expected some text"));
        None
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, node: &Node, name: &str) -> Option<bool> {
        if let Some(Literal::Bool(value)) = literal_of(node) {
            return Some(*value);
        }
        let help = node.scalar().and_then(boolean_help);
        self.mismatch(node, name, "`true` or `false`", help)
    }

    /// A whole number, written without fraction or exponent.
    pub fn integer(&mut self, node: &Node, name: &str) -> Option<i64> {
        let Some(Literal::Number(digits)) = literal_of(node) else {
            let help = node.scalar().and_then(number_help);
            return self.mismatch(node, name, "a whole number", help);
        };
        match digits.parse() {
            Ok(value) => Some(value),
            Err(_) => self.mismatch(node, name, "a whole number of up to 18 digits", None),
        }
    }

    /// One of the given words.
    pub fn one_of<'c>(&mut self, node: &Node, name: &str, choices: &[&'c str]) -> Option<&'c str> {
        // Not `text`: that a number is none of the words says more than that it
        // would have to be quoted.
        let scalar = node.scalar();
        let word = scalar.filter(|s| matches!(s.value, Literal::Text(_)));
        let word = word.map(|scalar| scalar.text.as_str());
        let found = choices.iter().find(|choice| Some(**choice) == word);
        if found.is_some() {
            return found.copied();
        }
        let near = word.and_then(|word| nearest(word, choices.iter().copied()));
        let wanted = match choices {
            [only] => quote(only),
            _ => format!("one of {}", quote_all(choices.iter().copied())),
        };
        self.mismatch(node, name, &wanted, near.map(did_you_mean))
    }

    /// A list.
    pub fn list<'n>(&mut self, node: &'n Node, name: &str, allow_empty: bool) -> Option<&'n [Node]> {
        match node.sequence() {
            Some([]) if !allow_empty => {
                let message = format!("{} is an empty list", quote(name));
                let empty = self.diagnostic(node.span, message);
                self.push(empty.expected("expected at least one item"));
                None
            }
            Some(items) => Some(items),
            None => {
                let help = node.scalar().filter(|s| s.value != Literal::Null);
                let help = help.filter(|s| s.text.len() <= 40 && !s.text.contains('\n'));
                let help = help.map(|s| format!("write a list also for one item: `[{}]`", self.file.slice(s.span)));
                self.mismatch(node, name, "a list", help)
            }
        }
    }

    /// A single value of any type.
    pub fn literal<'n>(&mut self, node: &'n Node, name: &str) -> Option<&'n Scalar> {
        let scalar = node.scalar();
        if scalar.is_none() {
            return self.mismatch(node, name, "a single value", None);
        }
        scalar
    }

    /// Reports that a field is not what it has to be; gives `None` for the caller to return.
    pub fn mismatch<T>(&mut self, node: &Node, name: &str, wanted: &str, help: Option<String>) -> Option<T> {
        let message = format!("{} has to be {wanted}, not {}", quote(name), describe(node));
        let mismatch = self.diagnostic(node.span, message);
        self.push(mismatch.expected(format!("expected {wanted}")).maybe_help(help));
        None
    }
}

/// What a node is, for a message: "the number `10`", "a list".
pub fn describe(node: &Node) -> String {
    let scalar = match &node.kind {
        NodeKind::Scalar(scalar) => scalar,
        NodeKind::Sequence(_) => return "a list".to_owned(),
        NodeKind::Mapping(_) => return "a mapping".to_owned(),
    };
    match &scalar.value {
        Literal::Null if scalar.text.is_empty() => "empty".to_owned(),
        Literal::Null => quote(&scalar.text),
        Literal::Bool(_) => format!("the boolean {}", quote(&scalar.text)),
        Literal::Number(digits) => format!("the number {}", quote(digits)),
        Literal::Text(text) if text.is_empty() => "the empty text".to_owned(),
        Literal::Text(text) => format!("the text {}", quote(text)),
    }
}

fn did_you_mean(name: &str) -> String {
    format!("did you mean {}?", quote(name))
}

fn literal_of(node: &Node) -> Option<&Literal> {
    node.scalar().map(|scalar| &scalar.value)
}

/// Advice for a scalar where text is wanted.
fn text_help(node: &Node) -> Option<String> {
    let scalar = node.scalar().filter(|scalar| !scalar.text.is_empty())?;
    Some(format!("write it in quotes: `\"{}\"`", scalar.text))
}

/// Advice for a scalar where a boolean is wanted.
fn boolean_help(scalar: &Scalar) -> Option<String> {
    let word = match scalar.text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "y" | "1" => "true",
        "false" | "no" | "off" | "n" | "0" => "false",
        _ => return None,
    };
    let how = if scalar.quoted() { " without quotes" } else { "" };
    Some(format!("write `{word}`{how}"))
}

/// Advice for text where a number is wanted.
fn number_help(scalar: &Scalar) -> Option<String> {
    if !scalar.text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let advice = if scalar.quoted() { "write it without quotes" } else { "write digits only, the first not `0`" };
    Some(advice.to_owned())
}

/// The fields of one mapping. Ask for each with [`Self::required`] or
/// [`Self::optional`], then let [`Self::finish`] report what nobody asked for.
#[must_use = "`finish` reports unknown fields"]
#[derive(Debug)]
pub struct Fields<'n> {
    what: String,
    span: Span,
    entries: &'n [(Key, Node)],
    known: Vec<&'static str>,
}

impl<'n> Fields<'n> {
    /// The fields of `node`, which is to be `what` ("a policy"). An error and
    /// `None` when it is no mapping.
    pub fn new(node: &'n Node, what: &str, decoder: &mut Decoder<'_>) -> Option<Self> {
        let Some(entries) = node.mapping() else {
            let message = format!("expected a mapping for {what}, found {}", describe(node));
            let mismatch = decoder.diagnostic(node.span, message);
            decoder.push(mismatch.expected("expected `field: value`"));
            return None;
        };
        Some(Self { what: what.to_owned(), span: entries.first().map_or(node.span, |(key, _)| key.span), entries, known: Vec::new() })
    }

    /// The value of a field; an error when it is not there. `purpose` completes
    /// "expected `id`: …".
    pub fn required(&mut self, decoder: &mut Decoder<'_>, name: &'static str, purpose: &str) -> Option<&'n Node> {
        let node = self.optional(name);
        if node.is_none() {
            let message = format!("{} is missing in {}", quote(name), self.what);
            let missing = decoder.diagnostic(self.span, message);
            decoder.push(missing.expected(format!("expected {}: {purpose}", quote(name))));
        }
        node
    }

    /// The value of a field, if it is there.
    pub fn optional(&mut self, name: &'static str) -> Option<&'n Node> {
        self.allow(&[name]);
        self.entry(name).map(|(_, value)| value)
    }

    /// Declares fields that are valid without asking for them; the order of
    /// declaration is that of the list in an error.
    pub fn allow(&mut self, names: &[&'static str]) {
        for name in names {
            if !self.known.contains(name) {
                self.known.push(name);
            }
        }
    }

    /// Key and value of a field; it does not become valid by this.
    pub fn entry(&self, name: &str) -> Option<&'n (Key, Node)> {
        self.entries.iter().find(|(key, _)| key.text == name)
    }

    /// The place for messages about the mapping as a whole: its first key.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Reports the fields that were neither asked for nor declared.
    pub fn finish(self, decoder: &mut Decoder<'_>) {
        for (key, _) in self.entries {
            if self.known.contains(&key.text.as_str()) {
                continue;
            }
            let message = format!("unknown field {} in {}", quote(&key.text), self.what);
            let unknown = decoder.diagnostic(key.span, message);
            let near = nearest(&key.text, self.unused());
            let near = near.or_else(|| nearest(&key.text, self.known.iter().copied()));
            let help = near.map_or_else(|| self.valid(), did_you_mean);
            decoder.push(unknown.expected("expected the name of a field").help(help));
        }
    }

    /// The known fields that are not there: the likelier ones to be meant.
    fn unused(&self) -> impl Iterator<Item = &'static str> {
        let known = self.known.iter().copied();
        known.filter(|name| self.entry(name).is_none())
    }

    fn valid(&self) -> String {
        if self.known.is_empty() {
            return "no field is valid here".to_owned();
        }
        let listed = quote_all(self.known.iter().copied().take(LONGEST_LIST));
        let more = if self.known.len() > LONGEST_LIST { ", …" } else { "" };
        format!("valid fields are {listed}{more}")
    }
}

#[cfg(test)]
mod tests;
