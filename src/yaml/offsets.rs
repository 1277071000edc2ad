//! What a scalar means and where each of its characters is in the file.
//!
//! Takes a scalar event's style, decoded text and rough span, and gives the
//! literal, the exact span and the way back from characters to bytes. Refuses
//! to guess: where the text cannot be followed character by character, as over
//! line breaks, every character is said to be at the scalar's start.

use super::{Literal, Scalar, Style};
use crate::source::{SourceFile, Span};

/// The way from a character of the decoded text to a byte of the file.
#[derive(Clone, Debug)]
pub(super) enum Offsets {
    /// The file has the very same text from this offset on.
    Same(usize),
    /// The offset of each character, and of the end.
    Each(Vec<usize>),
    /// Unknown beyond the start.
    Start(usize),
}

impl Offsets {
    pub(super) fn locate(&self, text: &str, character: usize) -> usize {
        match self {
            Self::Same(start) => start + text.chars().take(character).map(char::len_utf8).sum::<usize>(),
            Self::Each(offsets) => {
                let found = offsets.get(character).or(offsets.last());
                found.copied().unwrap_or_default()
            }
            Self::Start(start) => *start,
        }
    }
}

/// The scalar with its meaning and its exact place.
pub(super) fn resolve(file: &SourceFile, rough: Span, text: String, style: Style) -> Scalar {
    let absent = style == Style::Plain && text.is_empty();
    let span = if absent { absent_place(file, rough.start) } else { exact(file, rough, style) };
    let value = match style {
        Style::Plain => plain_literal(&text),
        Style::SingleQuoted | Style::DoubleQuoted | Style::Block => Literal::Text(text.clone()),
    };
    let offsets = offsets(file, span, &text, style);
    Scalar { text, style, value, span, offsets }
}

fn plain_literal(text: &str) -> Literal {
    match text {
        "" | "~" | "null" => Literal::Null,
        "true" => Literal::Bool(true),
        "false" => Literal::Bool(false),
        _ if is_json_number(text) => Literal::Number(text.to_owned()),
        _ => Literal::Text(text.to_owned()),
    }
}

/// Whether the text is a number by JSON's grammar, to the letter.
fn is_json_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let exponent = exponent.map(|e| e.strip_prefix(['+', '-']).unwrap_or(e));
    digits(whole) && (whole == "0" || !whole.starts_with('0')) && fraction.is_none_or(digits) && exponent.is_none_or(digits)
}

/// The parser puts an absent value at the `:` before it or at whatever follows.
fn absent_place(file: &SourceFile, start: usize) -> Span {
    let colon = file.slice(Span::new(start, start + 1)) == ":";
    Span::at(start + usize::from(colon))
}

/// The parser's spans of quoted scalars and blocks go on over following blanks
/// and comments.
fn exact(file: &SourceFile, rough: Span, style: Style) -> Span {
    let text = file.slice(rough);
    let len = match style {
        Style::SingleQuoted | Style::DoubleQuoted => quoted_len(text).unwrap_or(text.len()),
        Style::Plain | Style::Block => text.trim_end().len(),
    };
    Span::new(rough.start, rough.start + len)
}

/// Length of the quoted text that `text` starts with, with both quotes.
pub(super) fn quoted_len(text: &str) -> Option<usize> {
    let mut rest = text.char_indices();
    let (_, quote) = rest.next()?;
    let mut rest = rest.peekable();
    while let Some((offset, c)) = rest.next() {
        let skips = match quote {
            '"' => c == '\\',
            _ => c == '\'' && rest.peek().is_some_and(|(_, next)| *next == '\''),
        };
        if skips {
            rest.next();
        } else if c == quote {
            return Some(offset + c.len_utf8());
        }
    }
    None
}

fn offsets(file: &SourceFile, span: Span, text: &str, style: Style) -> Offsets {
    let unknown = Offsets::Start(span.start);
    let inner = match style {
        Style::Plain => span,
        Style::Block => return unknown,
        Style::SingleQuoted | Style::DoubleQuoted => Span::new(span.start + 1, span.end.saturating_sub(1)),
    };
    let raw = file.slice(inner);
    if raw == text {
        return Offsets::Same(inner.start);
    }
    let each = match style {
        Style::SingleQuoted => single_quoted(raw),
        Style::DoubleQuoted => double_quoted(raw),
        Style::Plain | Style::Block => return unknown,
    };
    // A decoded text of another length means that this reading of the escapes is
    // not the parser's, so nothing is said about single characters.
    if raw.contains(['\n', '\r']) || each.len() != text.chars().count() {
        return unknown;
    }
    let ends = each.into_iter().chain([raw.len()]);
    Offsets::Each(ends.map(|offset| inner.start + offset).collect())
}

/// Offset of each decoded character of the inside of single quotes.
fn single_quoted(raw: &str) -> Vec<usize> {
    let mut offsets = Vec::new();
    let mut rest = raw.char_indices();
    while let Some((offset, c)) = rest.next() {
        offsets.push(offset);
        if c == '\'' {
            rest.next();
        }
    }
    offsets
}

/// Offset of each decoded character of the inside of double quotes.
fn double_quoted(raw: &str) -> Vec<usize> {
    let mut offsets = Vec::new();
    let mut rest = raw.char_indices();
    while let Some((offset, c)) = rest.next() {
        offsets.push(offset);
        if c != '\\' {
            continue;
        }
        let digits = rest.next().map_or(0, |(_, kind)| hex_digits(kind));
        for _ in 0..digits {
            rest.next();
        }
    }
    offsets
}

/// How many hexadecimal digits follow the letter of an escape.
pub(super) fn hex_digits(kind: char) -> usize {
    match kind {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => 0,
    }
}
