//! A text file held in memory, with places in it.
//!
//! Takes a name and the text and gives positions for byte offsets: lines and
//! columns count from 1 and a column counts characters, not bytes. Only `\n`
//! ends a line. A leading byte order mark is dropped, so that offset 0 is the
//! first character anybody sees. Refuses nothing: an offset past the end or
//! inside a character is moved back to the nearest character boundary.

use std::ops::Range;

/// How many characters lie between two entries of [`SourceFile::checkpoints`].
const STRIDE: usize = 128;

/// A range of bytes in a file's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` to before `end`; empty when `end` is before `start`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }

    /// The empty span at `offset`.
    pub fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// The span from the start of this one to the end of `other`.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self::new(self.start, other.end)
    }

    /// The number of bytes.
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether it covers no byte.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The same range for slicing.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// A place in a file for people: both numbers count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

/// A named text; shared through `Arc` between the nodes and messages about it.
#[derive(Debug)]
pub struct SourceFile {
    name: String,
    text: String,
    /// Byte offset of each line's first character; never empty.
    line_starts: Vec<usize>,
    /// Byte offset of every [`STRIDE`]th character; empty when the text is ASCII.
    checkpoints: Vec<usize>,
}

impl SourceFile {
    /// A file with this name (as it is shown to people) and text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let mut text = text.into();
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let line_starts = std::iter::once(0).chain(newlines.map(|(offset, _)| offset + 1)).collect();
        let checkpoints = if text.is_ascii() {
            Vec::new()
        } else {
            let offsets = text.char_indices().map(|(offset, _)| offset);
            offsets.step_by(STRIDE).collect()
        };
        Self { name: name.into(), text, line_starts, checkpoints }
    }

    /// The name, as it is shown to people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text, without a byte order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of `span`; empty when it is no range of whole characters.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// The span of everything.
    pub fn whole(&self) -> Span {
        Span::new(0, self.text.len())
    }

    /// Line and column of a byte offset.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.boundary(offset);
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start = self.line_start(line);
        Position { line, column: self.slice(Span::new(start, offset)).chars().count() + 1 }
    }

    /// The byte offset of the character with this index; the text's length past the last.
    pub fn byte_offset(&self, char_index: usize) -> usize {
        if self.checkpoints.is_empty() {
            return char_index.min(self.text.len());
        }
        let Some(base) = self.checkpoints.get(char_index / STRIDE) else {
            return self.text.len();
        };
        let rest = self.text.get(*base..).unwrap_or_default();
        let inside = rest.char_indices().nth(char_index % STRIDE);
        inside.map_or(self.text.len(), |(offset, _)| base + offset)
    }

    /// The line that holds `offset`, without its line break.
    pub fn line_span(&self, offset: usize) -> Span {
        let offset = self.boundary(offset);
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start = self.line_start(line);
        let end = match self.line_starts.get(line) {
            Some(next) => next.saturating_sub(1),
            None => self.text.len(),
        };
        let text = self.slice(Span::new(start, end));
        Span::new(start, start + text.strip_suffix('\r').unwrap_or(text).len())
    }

    /// The offset itself, or the start of the character it falls into.
    fn boundary(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    fn line_start(&self, line: usize) -> usize {
        let start = self.line_starts.get(line.saturating_sub(1));
        start.copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(file: &SourceFile, offset: usize) -> (usize, usize) {
        let position = file.position(offset);
        (position.line, position.column)
    }

    #[test]
    fn columns_count_characters() {
        let file = SourceFile::new("p", "é: ü\nab\n");
        assert_eq!(at(&file, 0), (1, 1));
        assert_eq!(at(&file, 2), (1, 2));
        assert_eq!(at(&file, 4), (1, 4));
        assert_eq!(at(&file, 7), (2, 1));
        assert_eq!(at(&file, 10), (3, 1));
    }

    #[test]
    fn offsets_outside_are_moved_to_a_boundary() {
        let file = SourceFile::new("p", "é");
        assert_eq!(at(&file, 1), (1, 1));
        assert_eq!(at(&file, 99), (1, 2));
        assert_eq!(at(&SourceFile::new("p", ""), 5), (1, 1));
    }

    #[test]
    fn byte_order_mark_is_dropped() {
        assert_eq!(SourceFile::new("p", "\u{feff}a").text(), "a");
    }

    #[test]
    fn character_index_is_the_offset_in_ascii() {
        let file = SourceFile::new("p", "abc");
        assert_eq!(file.byte_offset(2), 2);
        assert_eq!(file.byte_offset(9), 3);
    }

    #[test]
    fn character_index_is_converted_past_a_checkpoint() {
        let file = SourceFile::new("p", "é".repeat(300));
        assert_eq!(file.byte_offset(0), 0);
        assert_eq!(file.byte_offset(127), 254);
        assert_eq!(file.byte_offset(128), 256);
        assert_eq!(file.byte_offset(299), 598);
        assert_eq!(file.byte_offset(300), 600);
        assert_eq!(file.byte_offset(999), 600);
    }

    #[test]
    fn line_span_leaves_out_the_line_break() {
        let file = SourceFile::new("p", "ab\r\ncd");
        assert_eq!(file.line_span(1), Span::new(0, 2));
        assert_eq!(file.line_span(5), Span::new(4, 6));
    }
}
