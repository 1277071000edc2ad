//! Any bytes as a plan: first straight to the reader, then through what undoes compression, UTF-16 and wrappers.
//! Nothing may panic, and where the reader's pieces end must not change what it reads.

#![no_main]

use libfuzzer_sys::fuzz_target;
use plangate::input::{self, Recognised};
use plangate::json::Cursor;
use plangate::plan::{self, Keep};
use std::io::{self, Read};

/// Hands out a few bytes at a time, as a slow pipe does.
struct Drip<'a>(&'a [u8]);

impl Read for Drip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(7);
        self.0.read(&mut buffer[..most])
    }
}

fuzz_target!(|bytes: &[u8]| {
    let keep = Keep::everything();
    let whole = plan::read(&mut Cursor::new(bytes), &keep);
    let dripped = plan::read(&mut Cursor::new(Drip(bytes)), &keep);
    match (whole, dripped) {
        (Ok(whole), Ok(dripped)) => assert_eq!(format!("{:?}", whole.resources), format!("{:?}", dripped.resources)),
        (Err(whole), Err(dripped)) => assert_eq!(whole.to_string(), dripped.to_string()),
        (whole, dripped) => panic!("whole: {:?}, in pieces: {:?}", whole.map(|_| ()), dripped.map(|_| ())),
    }

    if let Ok(Recognised::Json(opened)) = input::open(Box::new(bytes)) {
        let mut cursor = Cursor::new(opened.bytes);
        if plan::read(&mut cursor, &keep).is_ok() {
            _ = input::trailing(&mut cursor.into_rest(), opened.ending);
        }
    }
    _ = input::diagnose_bytes(bytes);
});
