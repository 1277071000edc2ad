//! Addresses of resource instances as Terraform writes them. Takes text like
//! `module.a["k.1"].data.google_x.y["z"]`, gives its parts with the escapes undone, and refuses to split on dots or
//! brackets, which keys may hold (plan-json.md 2.1).

use super::{Number, State, Value};
use std::fmt::Write as _;

/// One step of a module path: the call's name and its instance key.
#[derive(Clone, Debug, PartialEq)]
pub struct ModuleStep {
    /// Name of the module call.
    pub name: String,
    /// Key of the instance: text for `for_each`, number for `count`.
    pub key: Option<Value>,
}

/// A parsed address, or a reference that starts like one.
#[derive(Clone, Debug, PartialEq)]
pub struct Address {
    /// The modules it lies in, outermost first.
    pub modules: Vec<ModuleStep>,
    /// `data.` stands before the type.
    pub data: bool,
    /// The resource type.
    pub kind: String,
    /// The resource's name.
    pub name: String,
    /// Key of the instance.
    pub key: Option<Value>,
}

impl Address {
    /// Parses a whole address; `None` if it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let steps = steps(text)?;
        let mut rest = steps.as_slice();
        let mut modules = Vec::new();
        while let [Step::Name("module"), Step::Name(name), tail @ ..] = rest {
            let (key, tail) = take_key(tail);
            modules.push(ModuleStep { name: (*name).to_owned(), key });
            rest = tail;
        }
        // A resource may be called `data`, so three names are needed.
        let data = matches!(rest, [Step::Name("data"), Step::Name(_), Step::Name(_), ..]);
        let rest = if data { rest.get(1..).unwrap_or_default() } else { rest };
        let [Step::Name(kind), Step::Name(name), tail @ ..] = rest else { return None };
        let (key, tail) = take_key(tail);
        tail.is_empty().then(|| Self { modules, data, kind: (*kind).to_owned(), name: (*name).to_owned(), key })
    }

    /// The module instance as Terraform writes it, empty in the root.
    pub fn module_prefix(text: &str) -> &str {
        let mut end = 0;
        let mut at = 0;
        loop {
            let rest = text.get(at..).unwrap_or_default();
            let Some(inside) = rest.strip_prefix("module.") else { return text.get(..end).unwrap_or_default() };
            let mut stop = rest.len() - inside.len() + name_length(inside);
            if rest.get(stop..).is_some_and(|tail| tail.starts_with('[')) {
                stop += key_length(rest.get(stop..).unwrap_or_default());
            }
            end = at + stop;
            at = end + 1;
        }
    }
}

/// A step of a reference.
#[derive(Clone, Debug, PartialEq)]
pub enum Step<'a> {
    /// `.name`, or the first one.
    Name(&'a str),
    /// `["key"]` or `[0]`.
    Key(Value),
}

/// The steps of an address or reference; `None` where it is malformed.
pub fn steps(text: &str) -> Option<Vec<Step<'_>>> {
    let mut steps = Vec::new();
    let mut rest = text;
    loop {
        let length = name_length(rest);
        if length == 0 {
            return None;
        }
        let (name, tail) = rest.split_at_checked(length)?;
        steps.push(Step::Name(name));
        rest = tail;
        while rest.starts_with('[') {
            let (key, tail) = rest.split_at_checked(key_length(rest))?;
            steps.push(Step::Key(key_value(key)?));
            rest = tail;
        }
        match rest.strip_prefix('.') {
            Some(tail) => rest = tail,
            None => return rest.is_empty().then_some(steps),
        }
    }
}

/// Names hold anything but the separators: letters of any script, digits, `-`, `_`.
fn name_length(text: &str) -> usize {
    text.find(['.', '[', ']', '"', ' ']).unwrap_or(text.len())
}

/// The length of `[…]` at the start, quotes and escapes respected; the whole text where it is not closed.
fn key_length(text: &str) -> usize {
    let mut quoted = false;
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ']' if !quoted => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn take_key<'s>(steps: &'s [Step<'s>]) -> (Option<Value>, &'s [Step<'s>]) {
    match steps {
        [Step::Key(key), tail @ ..] => (Some(key.clone()), tail),
        other => (None, other),
    }
}

fn key_value(bracketed: &str) -> Option<Value> {
    let inner = bracketed.strip_prefix('[')?.strip_suffix(']')?;
    if let Some(quoted) = inner.strip_prefix('"') {
        return Some(Value::text(&unescape(quoted.strip_suffix('"')?)?));
    }
    Number::parse(inner).map(|number| Value::new(State::Number(number)))
}

/// Undoes the escapes of `internal/addrs/instance_key.go` and of Go's `%q`.
fn unescape(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match character {
            '$' | '%' => {
                out.push(character);
                // `$${` and `%%{` stand for `${` and `%{`.
                let mut ahead = rest.clone();
                if ahead.next() == Some(character) && ahead.next() == Some('{') {
                    rest.next();
                }
            }
            '\\' => out.push(match rest.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'a' => '\u{7}',
                'b' => '\u{8}',
                'f' => '\u{c}',
                'v' => '\u{b}',
                'x' => code_point(&mut rest, 2)?,
                'u' => code_point(&mut rest, 4)?,
                'U' => code_point(&mut rest, 8)?,
                other => other,
            }),
            other => out.push(other),
        }
    }
    Some(out)
}

fn code_point(rest: &mut std::str::Chars<'_>, digits: usize) -> Option<char> {
    let text: String = rest.by_ref().take(digits).collect();
    u32::from_str_radix(&text, 16).ok().and_then(char::from_u32)
}

/// `[0]` or `["key"]` as Terraform writes it behind an address.
pub fn key_suffix(key: &Value) -> String {
    match &key.state {
        State::Text(text) => format!("[\"{}\"]", escape(text)),
        _ => format!("[{}]", key.shown()),
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '$' | '%' if rest.peek() == Some(&'{') => out.extend([character, character]),
            other if other.is_control() => {
                // Writing into a string does not fail.
                let _ = write!(out, "\\u{:04x}", other as u32);
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_with_anything_in_them_survive() {
        for (text, key) in [
            (r#"terraform_data.a["with.dot"]"#, "with.dot"),
            (r#"terraform_data.a["br[ack]et"]"#, "br[ack]et"),
            (r#"terraform_data.a["with \"quote\""]"#, "with \"quote\""),
            (r#"terraform_data.a["dollar-$${x}-%%{y}"]"#, "dollar-${x}-%{y}"),
            (r#"terraform_data.a["back\\slash\nnl"]"#, "back\\slash\nnl"),
            (r#"terraform_data.a["uni-é-日本"]"#, "uni-é-日本"),
            (r#"terraform_data.a[""]"#, ""),
            (r#"terraform_data.a["0"]"#, "0"),
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!(address.key, Some(Value::text(key)), "{text}");
            assert_eq!(key_suffix(&address.key.unwrap()), text["terraform_data.a".len()..]);
        }
    }

    #[test]
    fn modules_and_data_are_told_apart_from_names() {
        let address = Address::parse(r#"module.m["a.b"].module.grand[0].data.google_x.data["k"]"#).unwrap();
        assert_eq!(address.modules.len(), 2);
        assert_eq!(address.modules[0].key, Some(Value::text("a.b")));
        assert!(address.data);
        assert_eq!((address.kind.as_str(), address.name.as_str()), ("google_x", "data"));
        assert!(!Address::parse("terraform_data.data").unwrap().data);
    }

    #[test]
    fn the_module_instance_is_the_prefix() {
        assert_eq!(Address::module_prefix(r#"module.m["a.b"].module.g[0].t.n["x"]"#), r#"module.m["a.b"].module.g[0]"#);
        assert_eq!(Address::module_prefix("t.n"), "");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "a", "module.x", "a.b.c", "a..b", "a.b[", "a.b[\"x]", "a.b[x]"] {
            assert_eq!(Address::parse(text), None, "{text}");
        }
    }
}
