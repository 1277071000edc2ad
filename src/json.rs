//! A chunked JSON cursor. Takes a byte stream of any length, gives its values one by one, each handed to `serde_json`
//! from one reused buffer, and refuses what is not JSON: every byte is checked, a cut stream is an error, never a
//! shorter document. It holds its buffer and nothing else, so that a plan of any size is read in the memory of its
//! largest kept value; it works on a pipe and needs no `unsafe` (performance.md, "What the figures say").

use serde::de::IgnoredAny;
use serde_json::de::SliceRead;
use std::io::Read;

/// The buffer's first size. Smaller ones cost refills, larger ones memory (performance.md 2).
const BUFFER: usize = 1 << 18;
/// A container of which this much is here already, and which still does not end, is stepped into.
const STEP_INSIDE: usize = 32 << 10;
/// Deepest nesting that is stepped into; Terraform itself writes some 200 levels for the deepest known values.
pub const MAX_DEPTH: usize = 512;

/// What went wrong while reading, with the offset in bytes of the decoded stream.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// The stream ended within a value.
    #[error("the input ends at byte {0}, in the middle of a value")]
    Truncated(u64),
    /// The bytes are not JSON, or not what the reader asked for.
    #[error("{reason} at byte {offset}")]
    Invalid {
        /// Offset of what is wrong.
        offset: u64,
        /// Its line, from 1.
        line: usize,
        /// Its column in bytes, from 1.
        column: usize,
        /// What `serde_json` says.
        reason: String,
    },
    /// A key that may stand once stands twice: parsers differ in what they make of it.
    #[error("the key `{key}` stands twice, the second time before byte {offset}")]
    DuplicateKey {
        /// The key.
        key: String,
        /// Offset just behind it.
        offset: u64,
    },
    /// Containers nested beyond [`MAX_DEPTH`].
    #[error("nested more than {MAX_DEPTH} levels deep at byte {0}")]
    TooDeep(u64),
    /// The stream itself failed.
    #[error("cannot read: {0}")]
    Io(#[from] std::io::Error),
}

/// The deserializer a value is handed to.
pub type SliceDeserializer<'de> = serde_json::Deserializer<SliceRead<'de>>;

/// See the module's documentation.
pub struct Cursor<R> {
    source: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Bytes of the stream in front of the buffer.
    before: u64,
    ended: bool,
    depth: usize,
    /// The stream is indented, so that lines are worth counting: a plan as Terraform writes it is one line.
    indented: bool,
    /// Line breaks in front of the buffer, and the offset behind the last of them.
    lines: (usize, u64),
}

impl<R: Read> Cursor<R> {
    /// A cursor at the first byte of the stream.
    pub fn new(source: R) -> Self {
        Self { source, buffer: vec![0; BUFFER], start: 0, end: 0, before: 0, ended: false, depth: 0, indented: false, lines: (0, 0) }
    }

    /// Bytes consumed so far.
    pub fn offset(&self) -> u64 {
        self.before + self.start as u64
    }

    /// What is left, the buffered bytes first.
    pub fn into_rest(self) -> impl Read {
        let held = self.buffer.get(self.start..self.end).unwrap_or_default().to_vec();
        std::io::Cursor::new(held).chain(self.source)
    }

    fn held(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Reads more behind what is held, moving it to the buffer's front and growing the buffer where it is full.
    fn refill(&mut self) -> Result<(), JsonError> {
        if self.ended {
            return Err(JsonError::Truncated(self.before + self.end as u64));
        }
        if self.indented {
            self.lines = self.lines_until(self.start);
        }
        self.buffer.copy_within(self.start..self.end, 0);
        self.before += self.start as u64;
        self.end -= self.start;
        self.start = 0;
        if self.end * 2 > self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        // Fill up: a pipe gives little at a time, and each cut value is scanned again.
        let mut got = false;
        while self.end < self.buffer.len() {
            let space = self.buffer.get_mut(self.end..).unwrap_or_default();
            match self.source.read(space) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(count) => {
                    self.end += count;
                    got = true;
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        if self.before == 0 {
            self.indented = self.held().iter().take(STEP_INSIDE).rev().skip(1).any(|byte| *byte == b'\n');
        }
        if got { Ok(()) } else { Err(JsonError::Truncated(self.before + self.end as u64)) }
    }

    /// The next byte that is not blank, not consumed.
    pub fn peek(&mut self) -> Result<u8, JsonError> {
        loop {
            let blank = self.held().iter().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')).count();
            self.start += blank;
            match self.held().first() {
                Some(byte) => return Ok(*byte),
                None => self.refill()?,
            }
        }
    }

    /// Line breaks up to this place in the buffer, and the offset behind the last of them.
    fn lines_until(&self, end: usize) -> (usize, u64) {
        let passed = self.buffer.get(..end).unwrap_or_default();
        let count = memchr::memchr_iter(b'\n', passed).count();
        let last = passed.iter().rposition(|byte| *byte == b'\n').map(|at| self.before + at as u64 + 1);
        (self.lines.0 + count, last.unwrap_or(self.lines.1))
    }

    /// An error so many bytes behind the place that was reached.
    fn invalid_at(&self, ahead: usize, reason: String) -> JsonError {
        let offset = self.offset() + ahead as u64;
        let (lines, start) = self.lines_until(self.start + ahead);
        JsonError::Invalid {
            offset,
            line: lines + 1,
            column: usize::try_from(offset - start).unwrap_or(usize::MAX).saturating_add(1),
            reason,
        }
    }

    fn invalid<T>(&self, reason: &str) -> Result<T, JsonError> {
        Err(self.invalid_at(0, reason.to_owned()))
    }

    /// `serde_json` counts lines and columns from the value that it was handed.
    fn invalid_value(&self, error: &serde_json::Error) -> JsonError {
        let breaks = self.held().iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        let line = std::iter::once(0).chain(breaks).nth(error.line().saturating_sub(1)).unwrap_or(0);
        self.invalid_at((line + error.column().saturating_sub(1)).min(self.held().len()), reason_of(error))
    }

    /// Consumes one byte that must be `wanted`.
    fn expect(&mut self, wanted: u8, what: &str) -> Result<(), JsonError> {
        if self.peek()? != wanted {
            return self.invalid(what);
        }
        self.start += 1;
        Ok(())
    }

    /// Hands the next value to `read`, again from its start whenever more bytes were needed: `read` must not keep
    /// anything of a try that fails.
    pub fn value<T>(&mut self, mut read: impl FnMut(&mut SliceDeserializer<'_>) -> Result<T, serde_json::Error>) -> Result<T, JsonError> {
        loop {
            self.peek()?;
            let (outcome, used) = Self::attempt(self.held(), &mut read);
            let cut = used == self.held().len() && !self.ended && !self.ends_closed();
            match outcome {
                Ok(value) if !cut => {
                    self.start += used;
                    return Ok(value);
                }
                Ok(_) => match self.refill() {
                    // Nothing followed: the number or word at the very end was whole.
                    Err(JsonError::Truncated(_)) if self.ended => {}
                    other => other?,
                },
                Err(error) if error.is_eof() || self.ends_in_number() => self.refill()?,
                Err(error) => return Err(self.invalid_value(&error)),
            }
        }
    }

    /// Hands the bytes of the next value to `read`, once, when all of them are here and are found to be JSON.
    pub fn raw<T>(&mut self, read: impl FnOnce(&[u8]) -> Result<T, serde_json::Error>) -> Result<T, JsonError> {
        let length = loop {
            self.peek()?;
            let (outcome, used) = Self::attempt(self.held(), &mut |de| serde::Deserialize::deserialize(de).map(|_: IgnoredAny| ()));
            match outcome {
                Ok(()) if used < self.held().len() || self.ended || self.ends_closed() => break used,
                Err(error) if !error.is_eof() && !self.ends_in_number() => {
                    return Err(self.invalid_value(&error));
                }
                outcome => match self.refill() {
                    Err(JsonError::Truncated(_)) if outcome.is_ok() && self.ended => {}
                    other => other?,
                },
            }
        };
        let value = read(self.held().get(..length).unwrap_or_default());
        let value = value.map_err(|error| self.invalid_value(&error))?;
        self.start += length;
        Ok(value)
    }

    /// Only a number or a word may go on behind the bytes that are here; what is closed is whole.
    fn ends_closed(&self) -> bool {
        matches!(self.held().last(), Some(b'}' | b']' | b'"'))
    }

    /// `serde_json` calls a number that is cut behind its dot or exponent invalid, and not cut.
    fn ends_in_number(&self) -> bool {
        matches!(self.held(), [.., b'0'..=b'9', b'.' | b'e' | b'E'] | [.., b'e' | b'E', b'+' | b'-'] | [.., b'-'])
    }

    fn attempt<T>(
        held: &[u8],
        read: &mut impl FnMut(&mut SliceDeserializer<'_>) -> Result<T, serde_json::Error>,
    ) -> (Result<T, serde_json::Error>, usize) {
        let mut deserializer = serde_json::Deserializer::from_slice(held);
        deserializer.disable_recursion_limit();
        let outcome = read(&mut deserializer);
        let used = if outcome.is_ok() { deserializer.into_iter::<IgnoredAny>().byte_offset() } else { 0 };
        (outcome, used)
    }

    /// Steps over the next value, into it where it is large.
    pub fn skip(&mut self) -> Result<(), JsonError> {
        loop {
            let opener = self.peek()?;
            let (outcome, used) = Self::attempt(self.held(), &mut |de| serde::Deserialize::deserialize(de).map(|_: IgnoredAny| ()));
            match outcome {
                Ok(()) if used < self.held().len() || self.ended => {
                    self.start += used;
                    return Ok(());
                }
                Err(error) if !error.is_eof() && !self.ends_in_number() => {
                    return Err(self.invalid_value(&error));
                }
                _ if matches!(opener, b'{' | b'[') && self.held().len() >= STEP_INSIDE => return self.skip_inside(),
                _ => match self.refill() {
                    Err(JsonError::Truncated(_)) if matches!(outcome, Ok(())) && self.ended => {}
                    other => other?,
                },
            }
        }
    }

    /// Steps over the next container member by member: for one that is known to be large.
    pub fn skip_inside(&mut self) -> Result<(), JsonError> {
        match self.peek()? {
            b'{' => self.members(|cursor, _| cursor.skip()),
            b'[' => self.elements(Self::skip),
            _ => self.skip(),
        }
    }

    fn deeper(&mut self) -> Result<(), JsonError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(JsonError::TooDeep(self.offset())) } else { Ok(()) }
    }

    /// Walks an object: `each` gets every key and must consume its value.
    pub fn members(&mut self, mut each: impl FnMut(&mut Self, &str) -> Result<(), JsonError>) -> Result<(), JsonError> {
        self.deeper()?;
        self.expect(b'{', "expected an object")?;
        let mut first = true;
        loop {
            match self.peek()? {
                b'}' if first => break,
                b'}' => break,
                b',' if !first => self.start += 1,
                _ if !first => return self.invalid("expected `,` or `}`"),
                _ => {}
            }
            if self.peek()? != b'"' {
                return self.invalid("expected a key");
            }
            let key: String = self.value(|de| serde::Deserialize::deserialize(de))?;
            self.expect(b':', "expected `:`")?;
            each(self, &key)?;
            first = false;
        }
        self.start += 1;
        self.depth -= 1;
        Ok(())
    }

    /// Walks an array: `each` must consume one element.
    pub fn elements(&mut self, mut each: impl FnMut(&mut Self) -> Result<(), JsonError>) -> Result<(), JsonError> {
        self.deeper()?;
        self.expect(b'[', "expected an array")?;
        let mut first = true;
        loop {
            match self.peek()? {
                b']' => break,
                b',' if !first => self.start += 1,
                _ if !first => return self.invalid("expected `,` or `]`"),
                _ => {}
            }
            if self.peek()? == b']' {
                return self.invalid("expected a value");
            }
            each(self)?;
            first = false;
        }
        self.start += 1;
        self.depth -= 1;
        Ok(())
    }
}

/// `serde_json`'s sentence without its line and column, which count from the buffer's value and not from the file.
fn reason_of(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(at) => text.get(..at).unwrap_or_default().to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests;
