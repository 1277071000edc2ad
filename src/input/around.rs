//! Takes the start of a decoded input, or what is left after the plan; gives where the plan starts and notes on the noise.
//! Refuses text that is not known noise after the plan, errors before it, and a second plan.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Cursor, Read};

use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};

use super::diagnose::{bare, diagnose_bytes, error_line};
use super::note::Note;
use super::text::{after_first_key, blank, unblank, visible, without_ansi};
use super::wrong::{Kind, Wrong};

/// Keys under which policy engines hand a plan over: HCP and OPA, Scalr, Spacelift.
pub(super) const WRAPPERS: [&str; 3] = ["plan", "tfplan", "terraform"];

/// A line is judged by its start; the wrapper's copy of the plan may make it hundreds of megabytes long.
const LINE_START: usize = 1024;

/// What may follow the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// White space and known CI noise.
    Plain,
    /// First the rest of the object around the plan.
    Wrapped,
}

/// Where the plan starts.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) skip: usize,
    pub(super) notes: Vec<Note>,
    pub(super) ending: Ending,
}

/// Finds the plan's `{` in `head`, which is not blank.
pub(super) fn find(head: &[u8]) -> Result<Start, Wrong> {
    let mut start = Start { skip: 0, notes: Vec::new(), ending: Ending::Plain };
    if !head.starts_with(b"{") {
        if head.starts_with(b"<") {
            return Err(no_plan(head));
        }
        start.skip = object_line(head).ok_or_else(|| no_plan(head))?;
        start.notes = before(head.get(..start.skip).unwrap_or_default())?;
    }
    let object = head.get(start.skip..).unwrap_or_default();
    if let Some(wrong) = diagnose_bytes(object) {
        return Err(wrong);
    }
    for key in WRAPPERS {
        let inner = after_first_key(object, key).filter(|inner| after_first_key(inner, "format_version").is_some());
        if let Some(inner) = inner {
            start.skip = head.len().saturating_sub(inner.len());
            start.ending = Ending::Wrapped;
            start.notes.push(Note::Wrapped { key });
            break;
        }
    }
    Ok(start)
}

fn no_plan(head: &[u8]) -> Wrong {
    diagnose_bytes(head).unwrap_or_else(|| Kind::OtherBinary.into())
}

/// Where the first line that is a JSON object has its `{`. A later one is never taken: skipping an object could skip a plan.
fn object_line(head: &[u8]) -> Option<usize> {
    let mut line_start = 0_usize;
    for line in head.split_inclusive(|b| *b == b'\n') {
        let at = brace(line).map(|at| at.saturating_add(line_start));
        line_start = line_start.saturating_add(line.len());
        // HCL and code have lines that start with a brace; JSON has a quote next.
        let after = at.and_then(|at| head.get(at.saturating_add(1)..)).unwrap_or_default();
        if unblank(after).starts_with(b"\"") {
            return at;
        }
    }
    None
}

/// Where `line` has its `{`, if nothing or only a known prefix stands before it.
fn brace(line: &[u8]) -> Option<usize> {
    let at = line.iter().take(LINE_START).position(|b| *b == b'{')?;
    let prefix = shown(line.get(..at)?);
    (prefix.is_empty() || is_prefix(&prefix)).then_some(at)
}

/// Whether this is what Terragrunt writes before each line: `[unit] ` or `HH:MM:SS.mmm STDOUT [unit] terraform: `.
fn is_prefix(text: &str) -> bool {
    let module = text.starts_with('[') && text.ends_with(']') && !text.contains('"');
    let tool = text.ends_with(" terraform:") || text.ends_with(" tofu:");
    let clock = text.split(':').next().is_some_and(|hours| hours.len() == 2 && hours.bytes().all(|b| b.is_ascii_digit()));
    module || (tool && (clock || text.starts_with("STDOUT")))
}

/// `bytes` as trimmed text without colours.
fn shown(bytes: &[u8]) -> String {
    without_ansi(&String::from_utf8_lossy(bytes)).trim().to_owned()
}

/// Notes on what stands before the plan.
fn before(noise: &[u8]) -> Result<Vec<Note>, Wrong> {
    let text = without_ansi(&String::from_utf8_lossy(noise));
    if let Some(error) = error_line(&text) {
        return Err(Wrong::with(Kind::ErrorBeforePlan, error));
    }
    let (above, prefix) = text.rsplit_once('\n').unwrap_or(("", &text));
    let mut notes = Vec::new();
    let lines: Vec<&str> = above.lines().collect();
    if let Some(first) = lines.iter().map(|line| bare(line)).find(|line| !line.is_empty()) {
        notes.push(if lines.iter().all(|line| line.is_empty() || is_ci_noise(line)) {
            Note::WrapperBefore { lines: lines.len() }
        } else {
            Note::TextBefore { lines: lines.len(), first: visible(first, 80) }
        });
    }
    if !prefix.trim().is_empty() {
        notes.push(Note::LinePrefix { prefix: visible(prefix.trim(), 80) });
    }
    Ok(notes)
}

/// Whether the setup-terraform wrapper or a CI runner wrote this line.
pub(super) fn is_ci_noise(line: &str) -> bool {
    let known = ["[command]", "::debug::", "::set-output ", "##["];
    known.iter().any(|start| line.starts_with(start))
}

/// Number of line ends in `bytes`.
pub(super) fn line_ends(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |count, byte| count.saturating_add(usize::from(*byte == b'\n')))
}

/// Reads what follows the plan to its end and accepts white space and known CI noise only.
pub fn trailing(rest: &mut dyn Read, ending: Ending) -> Result<Vec<Note>, Wrong> {
    let mut rest = BufReader::new(rest);
    if ending == Ending::Wrapped {
        close_wrapper(&mut rest)?;
    }
    let mut lines = 0_usize;
    while let Some(line) = next_line(&mut rest)? {
        let text = shown(&line);
        if is_ci_noise(&text) {
            lines = lines.saturating_add(1);
        } else if brace(&line).is_some() {
            return Err(Kind::SeveralPlans.into());
        } else if blank(&line) < line.len() {
            return Err(Wrong::with(Kind::TextAfter, &text));
        }
    }
    Ok(if lines == 0 { Vec::new() } else { vec![Note::WrapperAfter { lines }] })
}

/// The start of the next line; the rest of it is read and dropped.
fn next_line(reader: &mut impl BufRead) -> Result<Option<Vec<u8>>, Wrong> {
    let mut line = Vec::new();
    let mut some = false;
    loop {
        let chunk = match reader.fill_buf() {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            chunk => chunk?,
        };
        if chunk.is_empty() {
            return Ok(some.then_some(line));
        }
        some = true;
        let end = chunk.iter().position(|b| *b == b'\n');
        let used = end.map_or(chunk.len(), |at| at.saturating_add(1));
        let room = LINE_START.saturating_sub(line.len());
        line.extend(chunk.iter().take(used.min(room)));
        reader.consume(used);
        if end.is_some() {
            return Ok(Some(line));
        }
    }
}

/// Reads the rest of the object around the plan.
fn close_wrapper(rest: &mut impl Read) -> Result<(), Wrong> {
    // An opening with one finished member makes the rest a whole object, so that a parser can judge it.
    let object = Cursor::new(b"{\"\":[]").chain(rest);
    let mut parser = serde_json::Deserializer::from_reader(object);
    let second = parser.deserialize_map(SecondPlan).map_err(|error| match error.classify() {
        serde_json::error::Category::Io => std::io::Error::from(error).into(),
        serde_json::error::Category::Eof => Wrong::with(Kind::WrapperOpen, "the input ends before its `}`"),
        _ => Wrong::with(Kind::WrapperOpen, "something other than `,` or `}` follows the plan, or its other keys are not JSON"),
    })?;
    second.map_or(Ok(()), |key| Err(Wrong::duplicate_key(&key, "the object around the plan")))
}

/// Finds a second key that may hold a plan: engines would differ on which one they judge.
struct SecondPlan;

impl<'de> Visitor<'de> for SecondPlan {
    type Value = Option<String>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut second = None;
        while let Some((key, IgnoredAny)) = map.next_entry::<Cow<'de, str>, IgnoredAny>()? {
            if WRAPPERS.contains(&key.as_ref()) {
                second = Some(key.into_owned());
            }
        }
        Ok(second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(mut rest: &[u8], ending: Ending) -> Result<Vec<Note>, Kind> {
        trailing(&mut rest, ending).map_err(|wrong| wrong.kind())
    }

    #[test]
    fn white_space_and_ci_noise_may_follow() {
        assert_eq!(after(b" \r\n\n", Ending::Plain), Ok(vec![]));
        let noise = b"\n::debug::exit\n::set-output name=stdout::{}\n##[endgroup]";
        assert_eq!(after(noise, Ending::Plain), Ok(vec![Note::WrapperAfter { lines: 3 }]));
    }

    #[test]
    fn text_and_a_second_plan_may_not_follow() {
        assert_eq!(after(b"\nDone.\n", Ending::Plain), Err(Kind::TextAfter));
        assert_eq!(after(b"\0\0", Ending::Plain), Err(Kind::TextAfter));
        assert_eq!(after(b"{\"format_version\"", Ending::Plain), Err(Kind::SeveralPlans));
        assert_eq!(after(b"\n[unit-b] {\"format_version\"", Ending::Plain), Err(Kind::SeveralPlans));
        let terragrunt = b"\n09:32:47.001 STDOUT [b] tofu: {\"format_version\"";
        assert_eq!(after(terragrunt, Ending::Plain), Err(Kind::SeveralPlans));
    }

    #[test]
    fn the_object_around_the_plan_must_close_once() {
        assert_eq!(after(b"}\n", Ending::Wrapped), Ok(vec![]));
        assert_eq!(after(b", \"run\": {\"id\": [1]}} \n", Ending::Wrapped), Ok(vec![]));
        for open in ["", "]", "1}", ".5}", ",}", ",\"run\":{}", "}}", "x"] {
            assert!(after(open.as_bytes(), Ending::Wrapped).is_err(), "{open}");
        }
        assert_eq!(after(b",\"plan\":{}}", Ending::Wrapped), Err(Kind::DuplicateKey));
        assert_eq!(after(b",\"pl\\u0061n\":{}}", Ending::Wrapped), Err(Kind::DuplicateKey));
    }

    #[test]
    fn a_long_line_of_noise_is_one_line() {
        let line = format!("::debug::stdout: {}\n", "{".repeat(100_000));
        assert_eq!(after(line.as_bytes(), Ending::Plain), Ok(vec![Note::WrapperAfter { lines: 1 }]));
    }

    #[test]
    fn an_error_before_the_plan_is_not_skipped() {
        let head = "\u{1b}[31m╷\u{1b}[0m\n│ Error: Invalid \u{7}value\n╵\n{\"format_version\":\"1.2\"";
        let wrong = find(head.as_bytes()).unwrap_err();
        assert_eq!(wrong.kind(), Kind::ErrorBeforePlan);
        assert!(wrong.to_string().ends_with("`Error: Invalid \\u{7}value`"), "{wrong}");
    }

    #[test]
    fn an_object_before_the_plan_is_not_skipped() {
        let head = b"Warning: x\n{\"terraform_version\":\"1.11.4\"}\n{\"format_version\":\"1.2\"";
        assert_eq!(find(head).unwrap().skip, 11);
        let log = b"Warning: x\n{\"@level\":\"info\"}\n{\"format_version\":\"1.2\"";
        assert_eq!(find(log).unwrap_err().kind(), Kind::PlanLog);
    }

    #[test]
    fn a_pretty_printed_plan_after_text_is_found() {
        let start = find(b"Switched to workspace \"a\".\n{\n  \"format_version\": \"1.2\"").unwrap();
        assert_eq!(start.skip, 27);
        let first = "Switched to workspace \"a\".".to_owned();
        assert_eq!(start.notes, [Note::TextBefore { lines: 1, first }]);
    }
}
