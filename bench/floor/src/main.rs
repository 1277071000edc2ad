//! `floor FILE`: the yardstick. Maps the file and lets `serde_json` step over it, checked as JSON and nothing kept.
//!
//! Why this and not a number of seconds: on a shared machine the same work moved up to twofold between calls, while the ratio of two programs
//! that run in turn held. This one is as fast as validating on one thread gets, about 1.1 GB/s: SIMD crates that check as much did not beat it
//! (sonic-rs 0.91 to 0.99 of its time, simd-json 4 to 5 times), and only reading without validation did (2.4 GB/s).
//!
//! Why mapped: `fs::read` zeroes and fills a fresh buffer, which costs as much again as the parsing (1.6 of this), and a `BufReader` makes
//! `serde_json` go byte by byte (5 to 6). Mapping is not for plangate itself: it needs `unsafe`, dies when the file shrinks meanwhile, and does
//! nothing for a pipe.

use serde::de::{Deserialize, IgnoredAny};
use std::error::Error;
use std::fs::File;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("usage: floor FILE")?;
    let file = File::open(path)?;
    // SAFETY: the bytes must not change while they are borrowed. The file is one that bench/run.py wrote and has closed; nobody else writes it.
    let bytes = unsafe { memmap2::Mmap::map(&file)? };
    let mut json = serde_json::Deserializer::from_slice(&bytes);
    IgnoredAny::deserialize(&mut json)?;
    json.end()?;
    Ok(())
}
