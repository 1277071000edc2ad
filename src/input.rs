//! Takes the bytes a user hands over as a plan; gives a UTF-8 JSON stream that starts at the plan's `{`, with notes on
//! what had to be undone, or says that it is a binary plan. Refuses what is not a plan, with what it is and what to run.
//!
//! The order of use: [`open`], then parse one JSON value from [`Opened::bytes`], then [`trailing`] on what is left.

#[cfg(test)]
mod arbitrary;
mod around;
mod decode;
mod diagnose;
mod note;
#[cfg(test)]
mod samples;
mod text;
mod wrong;

use std::io::{self, Cursor, Read};

pub use around::{Ending, trailing};
pub use diagnose::{diagnose_bytes, diagnose_keys, is_plan};
pub use note::Note;
pub use wrong::{Kind, Wrong};

use around::Start;
use decode::{Gunzip, Utf16, utf16_order};

/// How far ahead the input is looked at. Noise before the plan must end within it.
const PEEK: u64 = 64 * 1024;

/// What the first bytes turned out to be.
#[derive(Debug)]
pub enum Recognised<'a> {
    /// A JSON object; whether it is a plan shows when it is parsed.
    Json(Opened<'a>),
    /// The file that `terraform plan -out` writes; `terraform show -json` turns it into JSON.
    BinaryPlan,
}

/// A decoded input, ready to be parsed.
pub struct Opened<'a> {
    /// UTF-8 bytes, starting with the `{` of the plan.
    pub bytes: Box<dyn Read + 'a>,
    /// The start of `bytes`, for [`diagnose_keys`].
    pub peek: Vec<u8>,
    /// What had to be undone, in order.
    pub notes: Vec<Note>,
    /// What may follow the plan, for [`trailing`].
    pub ending: Ending,
    /// Lines before the plan, to be added to a parser's line numbers.
    pub lines_before: usize,
}

impl std::fmt::Debug for Opened<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened").field("notes", &self.notes).field("ending", &self.ending).finish_non_exhaustive()
    }
}

/// Looks at the first bytes of `reader` and undoes compression, UTF-16 and the noise of wrappers.
///
/// Damage further on surfaces when the bytes are read: [`Wrong`] is then inside the `io::Error`
/// (`Wrong::from(error)` or [`Wrong::from_json`] takes it out).
pub fn open<'a>(reader: Box<dyn Read + 'a>) -> Result<Recognised<'a>, Wrong> {
    let mut input = Input { reader, head: Vec::new(), notes: Vec::new() };
    input.look()?;
    let packed = input.head.starts_with(&[0x1F, 0x8B]);
    if packed {
        input.unpack()?;
    }
    if diagnose::is_binary_plan(&input.head) {
        return if packed { Err(Kind::GzippedBinaryPlan.into()) } else { Ok(Recognised::BinaryPlan) };
    }
    input.transcode()?;
    let lines = input.skip_blank()?;
    let start = around::find(&input.head)?;
    Ok(Recognised::Json(input.opened(start, lines)))
}

/// An input while its layers come off: `head` was read ahead and precedes `reader`.
struct Input<'a> {
    reader: Box<dyn Read + 'a>,
    head: Vec<u8>,
    notes: Vec<Note>,
}

impl<'a> Input<'a> {
    /// Fills `head` up to the limit.
    fn look(&mut self) -> io::Result<()> {
        let room = PEEK.saturating_sub(u64::try_from(self.head.len()).unwrap_or(PEEK));
        (&mut *self.reader).take(room).read_to_end(&mut self.head).map(drop)
    }

    /// Puts `layer` between the bytes so far and what is read from now on.
    fn decode<R: Read + 'a>(&mut self, layer: impl FnOnce(Box<dyn Read + 'a>) -> R) -> io::Result<()> {
        let reader = std::mem::replace(&mut self.reader, Box::new(io::empty()));
        let whole = Cursor::new(std::mem::take(&mut self.head)).chain(reader);
        self.reader = Box::new(layer(Box::new(whole)));
        self.look()
    }

    fn unpack(&mut self) -> Result<(), Wrong> {
        self.decode(Gunzip::new)?;
        self.notes.push(Note::Gzip);
        if self.head.starts_with(&[0x1F, 0x8B]) {
            return Err(Kind::GzipTwice.into());
        }
        Ok(())
    }

    fn transcode(&mut self) -> Result<(), Wrong> {
        if self.head.starts_with(b"\xEF\xBB\xBF") {
            self.head.drain(..3);
        } else if let Some(order) = utf16_order(&self.head) {
            self.decode(|whole| Utf16::new(whole, order))?;
            self.notes.push(Note::Utf16);
        }
        Ok(())
    }

    /// Drops white space at the start and counts its lines, so that it takes nothing of the peek.
    fn skip_blank(&mut self) -> Result<usize, Wrong> {
        let mut lines = 0_usize;
        let was_empty = self.head.is_empty();
        loop {
            let blank = text::blank(&self.head);
            if blank == 0 {
                break;
            }
            lines = lines.saturating_add(around::line_ends(self.head.drain(..blank).as_slice()));
            self.look()?;
        }
        match self.head.is_empty() {
            true if was_empty => Err(Kind::Empty.into()),
            true => Err(Kind::Blank.into()),
            false => Ok(lines),
        }
    }

    fn opened(mut self, start: Start, lines: usize) -> Opened<'a> {
        let before = self.head.drain(..start.skip);
        let lines_before = around::line_ends(before.as_slice()).saturating_add(lines);
        drop(before);
        self.notes.extend(start.notes);
        let peek = self.head.clone();
        let bytes = Box::new(Cursor::new(self.head).chain(self.reader));
        Opened { bytes, peek, notes: self.notes, ending: start.ending, lines_before }
    }
}
