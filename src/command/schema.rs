//! `plangate schema`: the JSON Schemas of the documents.

use super::Streams;
use crate::failure::Failure;

/// Schema of the report document, draft 2020-12.
const REPORT: &str = include_str!("schema/report.json");

pub(super) fn run(document: &str, streams: &mut Streams<'_>) -> Result<u8, Failure> {
    match document {
        "report" => streams.out.write_all(REPORT.as_bytes())?,
        other => return Err(Failure::Usage(format!("there is no schema of `{other}`"))),
    }
    Ok(0)
}
