//! The head of an entry, read from its text without building anything. Takes the raw text of an entry that is valid
//! JSON already, gives address, mode, type, name and action where the keys come in Terraform's order; refuses any other
//! order, so that the caller reads the entry properly. Nineteen entries of twenty end here.

use super::{Action, Mode};
use std::borrow::Cow;

/// What an entry starts with.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head<'r> {
    pub(super) address: Cow<'r, str>,
    pub(super) mode: Mode,
    pub(super) kind: Cow<'r, str>,
    pub(super) name: Cow<'r, str>,
    /// `None` in a state.
    pub(super) action: Option<Action>,
}

/// Reads the head of an entry of `resource_changes` or of a state.
pub(super) fn head(raw: &[u8]) -> Option<Head<'_>> {
    let mut text = Text(raw);
    text.byte(b'{')?;
    let (mut address, mut mode, mut kind, mut name) = (None, None, None, None);
    loop {
        let key = text.string()?;
        text.byte(b':')?;
        match &*key {
            "address" => address = Some(text.string()?),
            "type" => kind = Some(text.string()?),
            "name" => name = Some(text.string()?),
            "mode" => {
                mode = Some(match &*text.string()? {
                    "managed" => Mode::Managed,
                    "data" => Mode::Data,
                    _ => Mode::Other,
                });
            }
            // Of another object than the resource itself: the entry is read properly.
            "deposed" | "deposed_key" => return None,
            "change" => return Some(Head { address: address?, mode: mode?, kind: kind?, name: name?, action: Some(text.action()?) }),
            "values" => return Some(Head { address: address?, mode: mode?, kind: kind?, name: name?, action: None }),
            _ => text.scalar()?,
        }
        text.byte(b',')?;
    }
}

/// The address that an entry of the configuration starts with.
pub(super) fn address(raw: &[u8]) -> Option<Cow<'_, str>> {
    let mut text = Text(raw);
    text.byte(b'{')?;
    let key = text.string()?;
    text.byte(b':')?;
    (key == "address").then(|| text.string())?
}

/// All texts that stand under the key `role`; `None` where something else does, or nothing.
pub(super) fn roles(raw: &[u8]) -> Option<Vec<Cow<'_, str>>> {
    const KEY: &[u8] = b"\"role\"";
    let mut roles = Vec::new();
    let mut rest = raw;
    // A quote inside a string is escaped, so this is a whole string; as a value it is followed by no colon.
    while let Some(at) = memchr::memmem::find(rest, KEY) {
        rest = rest.get(at + KEY.len()..)?;
        let mut text = Text(rest);
        if text.byte(b':').is_some() {
            roles.push(text.string()?);
        }
    }
    (!roles.is_empty()).then_some(roles)
}

struct Text<'r>(&'r [u8]);

impl<'r> Text<'r> {
    fn blanks(&mut self) {
        while let [b' ' | b'\n' | b'\r' | b'\t', rest @ ..] = self.0 {
            self.0 = rest;
        }
    }

    fn byte(&mut self, wanted: u8) -> Option<()> {
        self.blanks();
        let (first, rest) = self.0.split_first()?;
        if *first != wanted {
            return None;
        }
        self.0 = rest;
        Some(())
    }

    fn string(&mut self) -> Option<Cow<'r, str>> {
        self.byte(b'"')?;
        let mut end = 0;
        let mut any = false;
        loop {
            let rest = self.0.get(end..)?;
            let at = memchr::memchr2(b'"', b'\\', rest)?;
            if rest.get(at) == Some(&b'"') {
                end += at;
                break;
            }
            any = true;
            end += at + 2;
        }
        let (inner, rest) = self.0.split_at_checked(end)?;
        let inner = std::str::from_utf8(inner).ok()?;
        self.0 = rest.get(1..)?;
        if any { serde_json::from_str(&format!("\"{inner}\"")).ok().map(Cow::Owned) } else { Some(Cow::Borrowed(inner)) }
    }

    /// Steps over a string, number or word.
    fn scalar(&mut self) -> Option<()> {
        self.blanks();
        match self.0.first()? {
            b'"' => self.string().map(|_| ()),
            b'{' | b'[' => None,
            _ => {
                while let [b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'+' | b'.', rest @ ..] = self.0 {
                    self.0 = rest;
                }
                Some(())
            }
        }
    }

    /// The action of a change that starts with its `actions`.
    fn action(&mut self) -> Option<Action> {
        self.byte(b'{')?;
        if self.string()? != "actions" {
            return None;
        }
        self.byte(b':')?;
        self.byte(b'[')?;
        let mut words = vec![self.string()?];
        while self.byte(b',').is_some() {
            words.push(self.string()?);
        }
        self.byte(b']')?;
        Some(Action::of(&words))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_is_read_in_terraforms_order_and_blanks() {
        let raw = r#"{ "address" : "module.a[\"k\"].t.n[0]", "module_address":"module.a[\"k\"]","mode":"managed","type":"t","name":"n","index":0,"provider_name":"p","change":{"actions":["delete","create"],"before":{}}}"#;
        let head = head(raw.as_bytes()).unwrap();
        assert_eq!(
            (&*head.address, head.mode, &*head.kind, &*head.name, head.action),
            (r#"module.a["k"].t.n[0]"#, Mode::Managed, "t", "n", Some(Action::Replace))
        );
    }

    #[test]
    fn any_other_order_is_left_to_the_reader() {
        assert_eq!(head(br#"{"address":"t.n","change":{"actions":["create"]},"mode":"managed","type":"t","name":"n"}"#), None);
        assert_eq!(
            head(br#"{"address":"t.n","mode":"managed","type":"t","name":"n","deposed":"x","change":{"actions":["delete"]}}"#),
            None
        );
        assert_eq!(
            head(br#"{"address":"t.n","mode":"managed","type":"t","name":"n","change":{"before":null,"actions":["create"]}}"#),
            None
        );
    }

    #[test]
    fn roles_are_all_found_or_none() {
        assert_eq!(
            roles(br#"{"before":{"role":"roles/viewer"},"after":{"role": "roles/run.invoker","x":"a \"role\" b"}}"#),
            Some(vec!["roles/viewer".into(), "roles/run.invoker".into()])
        );
        assert_eq!(roles(br#"{"after":{},"after_unknown":{"role":true}}"#), None);
        assert_eq!(roles(br#"{"after":{"member":"x"}}"#), None);
    }
}
