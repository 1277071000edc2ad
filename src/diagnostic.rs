//! Errors and warnings about a file's text, collected and shown together.
//!
//! Takes diagnostics as they are found and gives them in the order of file and
//! place, each once, and as text with the offending line underlined. Refuses to
//! pass control characters on: whatever a file holds, the terminal gets visible
//! stand-ins, so no policy text can move the cursor or change colours.

use crate::source::{SourceFile, Span};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::fmt::Write as _;
use std::sync::Arc;

/// Most characters of a quoted text that a message repeats.
const LONGEST_QUOTE: usize = 60;

/// Most diagnostics that are shown with their lines.
const MOST_SHOWN: usize = 100;

/// Whether a diagnostic stops the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// The file can be used, but probably does not say what was meant.
    Warning,
}

/// A second place that explains the first.
#[derive(Clone, Debug)]
pub struct Related {
    /// The file of the place; may be another one.
    pub file: Arc<SourceFile>,
    /// The place.
    pub span: Span,
    /// What is there.
    pub label: String,
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// A stable name for the kind of problem.
    pub code: Option<&'static str>,
    /// The file with the problem.
    pub file: Arc<SourceFile>,
    /// The offending text.
    pub span: Span,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What was expected there; shown under the underline.
    pub expected: Option<String>,
    /// A second place, underlined too.
    pub related: Option<Related>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error with only a message; add to it with the methods below.
    pub fn error(file: &Arc<SourceFile>, span: Span, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code: None,
            file: Arc::clone(file),
            span,
            message: message.into(),
            expected: None,
            related: None,
            help: None,
        }
    }

    /// A warning with only a message.
    pub fn warning(file: &Arc<SourceFile>, span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(file, span, message) }
    }

    /// With a stable name for the kind of problem.
    #[must_use]
    pub fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// With the text under the underline.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// With advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With advice where there is some.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// With a second place in the same file.
    #[must_use]
    pub fn related(self, span: Span, label: impl Into<String>) -> Self {
        let file = Arc::clone(&self.file);
        self.related_in(&file, span, label)
    }

    /// With a second place in a file that may be another one.
    #[must_use]
    pub fn related_in(mut self, file: &Arc<SourceFile>, span: Span, label: impl Into<String>) -> Self {
        self.related = Some(Related { file: Arc::clone(file), span, label: label.into() });
        self
    }

    fn order(&self) -> (&str, Span, Severity, &str) {
        (self.file.name(), self.span, self.severity, &self.message)
    }
}

/// Everything found so far, in whatever order it was found.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Nothing found.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Adds an error with only a message.
    pub fn error(&mut self, file: &Arc<SourceFile>, span: Span, message: impl Into<String>) {
        self.push(Diagnostic::error(file, span, message));
    }

    /// Adds a warning with only a message.
    pub fn warning(&mut self, file: &Arc<SourceFile>, span: Span, message: impl Into<String>) {
        self.push(Diagnostic::warning(file, span, message));
    }

    /// Moves everything of `other` here.
    pub fn append(&mut self, mut other: Self) {
        self.found.append(&mut other.found);
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Whether an error was found.
    pub fn has_errors(&self) -> bool {
        let mut found = self.found.iter();
        found.any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// By file name and place; the same message at the same place only once.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut sorted: Vec<_> = self.found.iter().collect();
        sorted.sort_by(|a, b| a.order().cmp(&b.order()));
        sorted.dedup_by(|a, b| a.order() == b.order());
        sorted
    }
}

/// All of them as text, with a blank line between two and a line break at the
/// end. Past a hundred the rest is only counted: nobody reads on, and a hostile
/// file could have hundreds of thousands.
pub fn render(diagnostics: &Diagnostics, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    let sorted = diagnostics.sorted();
    for diagnostic in sorted.iter().take(MOST_SHOWN) {
        let separator = if out.is_empty() { "" } else { "\n" };
        let shown = render_one(diagnostic, &renderer);
        // Writing to a `String` cannot fail.
        let _ = writeln!(out, "{separator}{shown}");
    }
    let hidden = sorted.len().saturating_sub(MOST_SHOWN);
    if hidden > 0 {
        let _ = writeln!(out, "\n{hidden} more are not shown");
    }
    out
}

fn render_one(diagnostic: &Diagnostic, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut title = level.primary_title(printable(&diagnostic.message));
    if let Some(code) = diagnostic.code {
        title = title.id(code);
    }
    let file = &diagnostic.file;
    let same_file = |related: &&Related| Arc::ptr_eq(&related.file, file);
    let here = diagnostic.related.as_ref().filter(same_file);
    let elsewhere = diagnostic.related.as_ref().filter(|r| !same_file(r));
    let mut marks = vec![(AnnotationKind::Primary, diagnostic.span, diagnostic.expected.as_deref())];
    marks.extend(here.map(|r| (AnnotationKind::Context, r.span, Some(r.label.as_str()))));
    let mut group = Group::with_title(title).element(snippet(file, &marks));
    if let Some(related) = elsewhere {
        let mark = (AnnotationKind::Context, related.span, Some(related.label.as_str()));
        group = group.element(snippet(&related.file, &[mark]));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(printable(help)));
    }
    renderer.render(&[group])
}

type Mark<'a> = (AnnotationKind, Span, Option<&'a str>);

/// The lines that the marks are on. Only those lines are handed to the
/// renderer, which otherwise would walk the whole file for each diagnostic.
fn snippet<'a>(file: &SourceFile, marks: &[Mark<'_>]) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let lines = marks.iter().map(|(_, span, _)| file.line_span(span.start));
    let window = lines.reduce(|a, b| Span::new(a.start.min(b.start), a.end.max(b.end))).unwrap_or_default();
    let annotations = marks.iter().map(|(kind, span, label)| {
        let span = first_line(file, *span);
        let range = span.start.saturating_sub(window.start)..span.end.saturating_sub(window.start);
        kind.span(range).label(label.map(printable))
    });
    Snippet::source(same_length(file.slice(window)))
        .path(printable(file.name()))
        .line_start(file.position(window.start).line)
        .annotations(annotations)
}

/// The part of a span on its first line: a whole mapping underlined says less
/// than its beginning.
fn first_line(file: &SourceFile, span: Span) -> Span {
    let line = file.line_span(span.start);
    let start = span.start.clamp(line.start, line.end);
    let clipped = Span::new(start, span.end.clamp(start, line.end));
    Span::new(start, start + file.slice(clipped).trim_end().len())
}

/// Source text in which every character that a terminal may obey is replaced
/// by one as long in UTF-8, so that spans stay right. The renderer does the
/// ASCII ones itself.
fn same_length(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let stand_in = match c {
            // Part of a line break of Windows, not of the text.
            '\r' if rest.peek() == Some(&'\n') => ' ',
            c if !is_unsafe(c) => c,
            c => match c.len_utf8() {
                2 => '·',
                3 => '\u{fffd}',
                _ => c,
            },
        };
        shown.push(stand_in);
    }
    shown
}

/// Control characters, and those that reorder text or break lines.
fn is_unsafe(c: char) -> bool {
    let reorders = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || reorders || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// The text on one line with control characters written as escapes.
pub fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unsafe(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// The text in backticks for a message, cut when it is long.
pub fn quote(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST_QUOTE).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// The names in backticks with commas between them.
pub fn quote_all<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<_> = names.into_iter().map(quote).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests;
