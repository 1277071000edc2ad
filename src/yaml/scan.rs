//! A rough reading of one line, for explanations of errors on it.
//!
//! Takes the text, the line's start, the offset of the error and the number of
//! brackets open before the line, and gives the first thing up to the error
//! that YAML reads differently than people do. Refuses to go past the line.

use super::offsets::quoted_len;
use crate::source::Span;

/// Something that YAML reads differently than people do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A value that starts with `{{`, at this offset.
    Template(usize),
    /// An unquoted value with brackets in it, inside brackets; its start.
    Bracket(usize),
}

/// What a line is up to an offset.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scanned {
    /// The first thing found.
    pub found: Option<Found>,
    /// How many brackets are open there.
    pub depth: usize,
}

/// Reads the line from `start` up to and including `stop`.
pub(super) fn scan(text: &str, start: usize, stop: usize, depth: usize) -> Scanned {
    let line = text.get(start..).unwrap_or_default();
    let line = line.split(['\n', '\r']).next().unwrap_or_default();
    let mut scanner = Scanner { line, at: 0, depth, plain: None, blank: true };
    let stop = stop.saturating_sub(start);
    let mut found = None;
    while scanner.at <= stop && found.is_none() {
        let Some(c) = scanner.peek(0) else { break };
        if c == '#' && scanner.blank {
            break;
        }
        found = scanner.step(c);
    }
    let found = found.map(|found| match found {
        Found::Template(at) => Found::Template(start + at),
        Found::Bracket(at) => Found::Bracket(start + at),
    });
    Scanned { found, depth: scanner.depth }
}

struct Scanner<'a> {
    line: &'a str,
    at: usize,
    depth: usize,
    /// Start of the unquoted value that is being read.
    plain: Option<usize>,
    /// Whether the last character was a blank, or there was none.
    blank: bool,
}

impl Scanner<'_> {
    fn rest(&self) -> &str {
        self.line.get(self.at..).unwrap_or_default()
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.rest().chars().nth(ahead)
    }

    fn step(&mut self, c: char) -> Option<Found> {
        if let Some(start) = self.plain {
            if self.depth > 0 && matches!(c, '[' | '{') {
                return Some(Found::Bracket(start));
            }
            let ends_in_flow = self.depth > 0 && matches!(c, ',' | ']' | '}');
            let ends = ends_in_flow || c == ':' && self.ends_word(1);
            if !ends {
                self.advance(c.len_utf8());
                return None;
            }
            self.plain = None;
        }
        self.outside(c)
    }

    /// Whether what follows `ahead` characters ends a key or an indicator.
    fn ends_word(&self, ahead: usize) -> bool {
        let next = self.peek(ahead);
        let in_flow = self.depth > 0;
        next.is_none_or(|c| c.is_whitespace() || in_flow && matches!(c, ',' | '[' | ']' | '{' | '}'))
    }

    /// A character that is not inside an unquoted value.
    fn outside(&mut self, c: char) -> Option<Found> {
        let mut len = c.len_utf8();
        match c {
            '{' if self.peek(1) == Some('{') => return Some(Found::Template(self.at)),
            '{' | '[' => self.depth += 1,
            '}' | ']' => self.depth = self.depth.saturating_sub(1),
            '"' | '\'' => len = quoted_len(self.rest()).unwrap_or(self.rest().len()),
            ',' | ':' => {}
            '-' | '?' if self.ends_word(1) => {}
            _ if c.is_whitespace() => {}
            _ => self.plain = Some(self.at),
        }
        self.advance(len);
        None
    }

    fn advance(&mut self, len: usize) {
        let passed = self.rest().get(..len).unwrap_or_default();
        self.blank = passed.ends_with(char::is_whitespace);
        self.at += len;
    }
}

/// The value that starts at `start`, as it was meant: to the end of the line or
/// a comment, inside brackets also to the comma or bracket that ends it, with
/// the brackets of the value itself taken as part of it.
pub(super) fn value_span(text: &str, start: usize, in_flow: bool) -> Span {
    // Only read as far as the value goes: a long line may have thousands.
    let rest = text.get(start..).unwrap_or_default();
    let mut depth = 0_usize;
    let mut quote = None;
    let mut previous = ' ';
    let mut end = rest.len();
    for (at, c) in rest.char_indices() {
        let closes = matches!(c, ']' | '}');
        let comment = c == '#' && previous.is_whitespace() && at > 0;
        let ends = comment || in_flow && depth == 0 && (closes || c == ',');
        if matches!(c, '\n' | '\r') || ends && quote.is_none() {
            end = at;
            break;
        }
        match (quote, c) {
            (Some(open), _) => quote = quote.filter(|_| open != c),
            (None, '"' | '\'') if depth > 0 => quote = Some(c),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth = depth.saturating_sub(1),
            (None, _) => {}
        }
        previous = c;
    }
    let value = rest.get(..end).unwrap_or_default().trim_end();
    Span::new(start, start + value.len())
}
