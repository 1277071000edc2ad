//! From parser events to the tree.
//!
//! Takes the events one by one, with a stack of its own, so that the depth of a
//! text never becomes depth of the call stack, and gives the tree. Refuses what
//! [`super`] says; goes on after whatever leaves the rest readable.

use super::offsets::resolve;
use super::traps::{self, Context};
use super::{Key, MAX_LEVELS, Node, NodeKind, Style};
use crate::diagnostic::{Diagnostic, Diagnostics, quote};
use crate::source::{SourceFile, Span};
use saphyr_parser::{Event, Parser, ScalarStyle};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Reads the whole text.
pub(super) fn build(file: &Arc<SourceFile>, diagnostics: &mut Diagnostics) -> Option<Node> {
    let mut builder = Builder { file, diagnostics, stack: Vec::new(), root: None, documents: 0, last: Span::default(), broken: false };
    for event in Parser::new_from_str(file.text()) {
        let (event, span) = match event {
            Ok((event, span)) => (event, span),
            Err(error) => {
                let offset = file.byte_offset(error.marker().index());
                builder.syntax_error(offset, error.info());
                return None;
            }
        };
        let start = file.byte_offset(span.start.index());
        let end = file.byte_offset(span.end.index());
        if builder.event(event, Span::new(start, end)).is_break() {
            break;
        }
    }
    builder.finish()
}

struct Builder<'a> {
    file: &'a Arc<SourceFile>,
    diagnostics: &'a mut Diagnostics,
    stack: Vec<Open>,
    root: Option<Node>,
    documents: usize,
    /// The last scalar, for the explanation of a syntax error after it.
    last: Span,
    /// There is no tree worth looking at.
    broken: bool,
}

/// A collection that has not ended yet.
struct Open {
    start: usize,
    /// Whether it is written with brackets.
    flow: bool,
    content: Content,
}

enum Content {
    Sequence(Vec<Node>),
    Mapping(Entries),
}

#[derive(Default)]
struct Entries {
    done: Vec<(Key, Node)>,
    seen: BTreeMap<String, Span>,
    pending: Pending,
}

/// What a mapping waits for.
#[derive(Default)]
enum Pending {
    #[default]
    Key,
    /// The value of this key.
    Value(Key),
    /// A value that is read and dropped: something is wrong with its key.
    Dropped,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) -> ControlFlow<()> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            Event::DocumentStart(_) => return self.document(span),
            Event::Alias(_) => {
                self.diagnostics.push(traps::alias(self.file, span.start, self.in_flow()));
                self.broken = true;
                return self.scalar(span, String::new(), Style::Plain);
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.properties(span, anchor != 0, tag.is_some());
                return self.scalar(span, text.into_owned(), style_of(style));
            }
            Event::SequenceStart(anchor, tag) => {
                self.properties(span, anchor != 0, tag.is_some());
                return self.open(span, '[', Content::Sequence(Vec::new()));
            }
            Event::MappingStart(anchor, tag) => {
                self.properties(span, anchor != 0, tag.is_some());
                return self.open(span, '{', Content::Mapping(Entries::default()));
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
        }
        ControlFlow::Continue(())
    }

    fn document(&mut self, span: Span) -> ControlFlow<()> {
        self.documents += 1;
        if self.documents == 1 {
            self.directives(span.start);
            return ControlFlow::Continue(());
        }
        let second = Diagnostic::error(self.file, span, "a second document starts here")
            .expected("expected the end of the file")
            .help("put each document into a file of its own");
        self.diagnostics.push(second);
        ControlFlow::Break(())
    }

    /// The parser gives no events for directives, so they are looked for in
    /// what precedes the document.
    fn directives(&mut self, document: usize) -> bool {
        let mut found = false;
        let head = self.file.slice(Span::new(0, document));
        let mut start = 0;
        for line in head.split_inclusive('\n') {
            if line.starts_with('%') {
                found = true;
                let span = Span::new(start, start + line.trim_end().len());
                self.diagnostics.push(traps::directive(self.file, span));
            }
            start += line.len();
        }
        found
    }

    /// Anchors and tags: the span starts with them.
    fn properties(&mut self, span: Span, anchor: bool, tag: bool) {
        let found = [(anchor, '&'), (tag, '!')];
        for (_, sigil) in found.into_iter().filter(|(present, _)| *present) {
            let diagnostic = traps::property(self.file, span, sigil);
            self.diagnostics.push(diagnostic);
        }
    }

    fn scalar(&mut self, rough: Span, text: String, style: Style) -> ControlFlow<()> {
        self.last = rough;
        self.tab_before(rough.start);
        let scalar = resolve(self.file, rough, text, style);
        if self.awaits_key() {
            let span = Span::new(rough.start, scalar.span.end);
            self.key(scalar.text, span, style);
            return ControlFlow::Continue(());
        }
        if scalar.text.is_empty() && style == Style::Plain {
            self.value_is_marked();
        }
        self.place(Node { span: scalar.span, kind: NodeKind::Scalar(scalar) });
        ControlFlow::Continue(())
    }

    fn open(&mut self, span: Span, bracket: char, content: Content) -> ControlFlow<()> {
        let from = self.file.text().get(span.start..).unwrap_or_default();
        if from.starts_with("{{") && bracket == '{' {
            self.broken = true;
            let template = traps::template(self.file, span.start, self.in_flow());
            self.diagnostics.push(template);
            return ControlFlow::Break(());
        }
        if self.stack.len() >= MAX_LEVELS {
            self.broken = true;
            self.diagnostics.push(traps::too_deep(self.file, span.start));
            return ControlFlow::Break(());
        }
        // A collection in a key's place is read like any other, then dropped.
        let flow = !span.is_empty() && from.starts_with(bracket);
        if !(self.stack.is_empty() && flow) {
            self.tab_before(span.start);
        }
        self.stack.push(Open { start: span.start, flow, content });
        ControlFlow::Continue(())
    }

    fn close(&mut self, span: Span) {
        let Some(open) = self.stack.pop() else { return };
        let (kind, last) = match open.content {
            Content::Sequence(items) => {
                let last = items.last().map(|item| item.span.end);
                (NodeKind::Sequence(items), last)
            }
            Content::Mapping(entries) => {
                let last = entries.done.last().map(|(_, value)| value.span.end);
                (NodeKind::Mapping(entries.done), last)
            }
        };
        // The event's own end is behind blanks after the bracket.
        let end = if open.flow { Some(span.start + 1) } else { last };
        let span = Span::new(open.start, end.unwrap_or(open.start));
        self.place(Node { span, kind });
    }

    /// Puts a finished node where it belongs.
    fn place(&mut self, node: Node) {
        let Some(parent) = self.stack.last_mut() else {
            self.root = Some(node);
            return;
        };
        match &mut parent.content {
            Content::Sequence(items) => items.push(node),
            Content::Mapping(entries) => match std::mem::take(&mut entries.pending) {
                Pending::Value(key) => entries.done.push((key, node)),
                Pending::Dropped => {}
                Pending::Key => {
                    entries.pending = Pending::Dropped;
                    let message = "a key cannot be a list or a mapping";
                    let diagnostic =
                        Diagnostic::error(self.file, node.span, message).expected("expected a name").help("quote it if it is text");
                    self.diagnostics.push(diagnostic);
                }
            },
        }
    }

    fn entries(&mut self) -> Option<&mut Entries> {
        match &mut self.stack.last_mut()?.content {
            Content::Mapping(entries) => Some(entries),
            Content::Sequence(_) => None,
        }
    }

    fn awaits_key(&mut self) -> bool {
        let entries = self.entries();
        entries.is_some_and(|entries| matches!(entries.pending, Pending::Key))
    }

    fn key(&mut self, text: String, span: Span, style: Style) {
        let error = |message: String| Diagnostic::error(self.file, span, message);
        let refused = if style == Style::Plain && text == "<<" {
            let merge = error("`<<` merges mappings, which is not accepted".to_owned());
            Some(merge.help("write the entries out"))
        } else if style == Style::Plain && text.is_empty() {
            Some(error("there is no key before the `:`".to_owned()).expected("expected a key"))
        } else {
            None
        };
        let Some(entries) = self.entries() else {
            return;
        };
        let first = entries.seen.get(&text).copied();
        entries.pending = Pending::Dropped;
        if refused.is_none() && first.is_none() {
            entries.seen.insert(text.clone(), span);
            entries.pending = Pending::Value(Key { text, span });
            return;
        }
        let repeated = first.map(|first| {
            let message = format!("the key {} appears twice", quote(&text));
            Diagnostic::error(self.file, span, message).expected("expected another key").related(first, "it is here first")
        });
        if let Some(diagnostic) = refused.or(repeated) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// An absent value is fine after a `:`; without one the key is no key, as
    /// the second half of a text that was split at a comma.
    fn value_is_marked(&mut self) {
        let flow = self.stack.last().is_some_and(|open| open.flow);
        let Some(entries) = self.entries() else {
            return;
        };
        let Pending::Value(key) = &entries.pending else {
            return;
        };
        let (text, span) = (quote(&key.text), key.span);
        let after = self.file.text().get(span.end..).unwrap_or_default();
        if after.trim_start().starts_with(':') {
            return;
        }
        if let Some(entries) = self.entries() {
            entries.pending = Pending::Dropped;
        }
        let help = flow.then_some("inside `{}` a comma ends a value; quote a text that has one");
        let diagnostic = Diagnostic::error(self.file, span, format!("{text} has no value"))
            .expected("expected `: ` and a value after it")
            .maybe_help(help.map(str::to_owned));
        self.diagnostics.push(diagnostic);
    }

    /// Tabs are refused as indentation also where the parser lets them pass.
    fn tab_before(&mut self, start: usize) {
        if self.in_flow() {
            return;
        }
        let line = self.file.line_span(start);
        let before = self.file.slice(Span::new(line.start, start));
        let indent = before.len() - before.trim_start().len();
        let tab = before.get(..indent).and_then(|indent| indent.find('\t'));
        if let Some(tab) = tab {
            let diagnostic = traps::tab(self.file, line.start + tab);
            self.diagnostics.push(diagnostic);
        }
    }

    fn in_flow(&self) -> bool {
        self.stack.iter().any(|open| open.flow)
    }

    fn context(&self, offset: usize) -> Context {
        let line = self.file.line_span(offset).start;
        let open = self.stack.iter().filter(|open| open.flow);
        Context { flow: open.filter(|open| open.start < line).count(), last: self.last }
    }

    fn syntax_error(&mut self, offset: usize, info: &str) {
        // An error before the document is most likely about a directive.
        let line = self.file.line_span(offset);
        if self.documents == 0 && self.directives(line.end) {
            return;
        }
        let diagnostic = traps::explain(self.file, offset, info, self.context(offset));
        self.diagnostics.push(diagnostic);
    }

    fn finish(self) -> Option<Node> {
        if self.broken {
            return None;
        }
        let is_absent = |node: &Node| {
            let scalar = node.scalar();
            scalar.is_some_and(|s| s.text.is_empty() && !s.quoted())
        };
        let root = self.root.filter(|root| !is_absent(root));
        if root.is_none() {
            self.diagnostics.error(self.file, Span::at(0), "the file is empty");
        }
        root
    }
}

fn style_of(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::SingleQuoted,
        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
        ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
    }
}
