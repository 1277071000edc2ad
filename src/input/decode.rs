//! Takes a compressed or UTF-16 byte stream; gives the bytes in it as UTF-8, bit by bit.
//! Refuses damaged data: the `io::Error` of a read holds a [`Wrong`].

use std::io::{self, ErrorKind, Read};

use flate2::read::MultiGzDecoder;

use super::wrong::{Kind, Wrong};

/// Decompresses gzip, also several members one after another.
pub(super) struct Gunzip<'a>(MultiGzDecoder<Box<dyn Read + 'a>>);

impl<'a> Gunzip<'a> {
    pub(super) fn new(reader: Box<dyn Read + 'a>) -> Self {
        Self(MultiGzDecoder::new(reader))
    }
}

impl Read for Gunzip<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.0.read(out).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => Wrong::from(Kind::GzipCut).into(),
            ErrorKind::InvalidInput | ErrorKind::InvalidData => Wrong::with(Kind::GzipDamaged, &error.to_string()).into(),
            _ => error,
        })
    }
}

/// Order of the two bytes of a UTF-16 unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

/// The order, if `head` starts like UTF-16: with a byte order mark, or with two ASCII characters.
pub(super) fn utf16_order(head: &[u8]) -> Option<Order> {
    match *head {
        [0xFF, 0xFE, ..] | [1..=0x7F, 0, 1..=0x7F, 0, ..] => Some(Order::Little),
        [0xFE, 0xFF, ..] | [0, 1..=0x7F, 0, 1..=0x7F, ..] => Some(Order::Big),
        _ => None,
    }
}

/// Transcodes UTF-16 to UTF-8 and drops a byte order mark.
pub(super) struct Utf16<'a> {
    reader: Box<dyn Read + 'a>,
    order: Order,
    /// Bytes taken so far, for messages.
    taken: u64,
    half: Option<u8>,
    high: Option<u16>,
    ready: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<'a> Utf16<'a> {
    pub(super) fn new(reader: Box<dyn Read + 'a>, order: Order) -> Self {
        Self { reader, order, taken: 0, half: None, high: None, ready: Vec::new(), given: 0, ended: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.given = 0;
        let mut chunk = [0_u8; 8192];
        while self.ready.is_empty() && !self.ended {
            let count = self.reader.read(&mut chunk)?;
            if count == 0 {
                self.ended = true;
                return self.finish();
            }
            for &byte in chunk.get(..count).unwrap_or_default() {
                self.take(byte)?;
            }
        }
        Ok(())
    }

    fn finish(&self) -> io::Result<()> {
        if self.half.is_some() || self.high.is_some() {
            return Err(self.damaged("it ends in the middle of a character"));
        }
        Ok(())
    }

    fn take(&mut self, byte: u8) -> io::Result<()> {
        self.taken = self.taken.saturating_add(1);
        let Some(first) = self.half.take() else {
            self.half = Some(byte);
            return Ok(());
        };
        let unit = match self.order {
            Order::Little => u16::from_le_bytes([first, byte]),
            Order::Big => u16::from_be_bytes([first, byte]),
        };
        let units = match (self.high.take(), unit) {
            (None, 0xFEFF) if self.taken == 2 => return Ok(()),
            (None, 0xD800..=0xDBFF) => {
                self.high = Some(unit);
                return Ok(());
            }
            (None, _) => [unit, 0],
            (Some(high), _) => [high, unit],
        };
        let Some(Ok(c)) = char::decode_utf16(units).next() else {
            self.ended = true;
            return Err(self.damaged("it has half a surrogate pair"));
        };
        self.ready.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        Ok(())
    }

    fn damaged(&self, how: &str) -> io::Error {
        Wrong::with(Kind::Utf16Damaged, &format!("{how} at byte {}", self.taken)).into()
    }
}

impl Read for Utf16<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.given >= self.ready.len() {
            self.refill()?;
        }
        let mut rest = self.ready.get(self.given..).unwrap_or_default();
        let count = rest.read(out)?;
        self.given = self.given.saturating_add(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8], order: Order) -> io::Result<String> {
        let mut text = String::new();
        Utf16::new(Box::new(bytes), order).read_to_string(&mut text).map(|_| text)
    }

    #[test]
    fn surrogate_pairs_become_one_character() {
        // é, U+1F600 as D83D DE00, with a byte order mark.
        let bytes = [0xFF, 0xFE, 0xE9, 0x00, 0x3D, 0xD8, 0x00, 0xDE];
        assert_eq!(decoded(&bytes, Order::Little).unwrap(), "é\u{1F600}");
        let bytes = [0x00, 0xE9, 0xD8, 0x3D, 0xDE, 0x00];
        assert_eq!(decoded(&bytes, Order::Big).unwrap(), "é\u{1F600}");
    }

    #[test]
    fn half_a_pair_is_damage() {
        for bytes in [&[0x3D, 0xD8, 0x41, 0x00][..], &[0x00, 0xDE], &[0x3D, 0xD8], &[0x41, 0x00, 0x42]] {
            let wrong = Wrong::from(decoded(bytes, Order::Little).unwrap_err());
            assert_eq!(wrong.kind(), Kind::Utf16Damaged);
        }
    }

    #[test]
    fn order_is_seen_without_a_mark() {
        assert_eq!(utf16_order(b"{\0\r\0"), Some(Order::Little));
        assert_eq!(utf16_order(b"\0{\0\""), Some(Order::Big));
        assert_eq!(utf16_order(b"{\"f\""), None);
        assert_eq!(utf16_order(b"{"), None);
    }
}
