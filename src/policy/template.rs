//! Messages with values in them. Takes text with `{{ PATH }}` and `{{ param.NAME }}`, gives it filled in; refuses to
//! show what is sensitive, and says of what is unknown that it is (design.md 4.4).

use super::selector::{Selector, SelectorError, Use};
use crate::evaluate::walk::{Node, select};
use crate::plan::{State, Value};
use std::collections::BTreeMap;

/// Longest text that is shown whole.
const TEXT: usize = 120;
/// Longest map that is shown whole.
const MAP: usize = 80;
/// Most elements of a list that are shown.
const LIST: usize = 5;

/// A message.
#[derive(Debug, Default)]
pub struct Template(Vec<Part>);

#[derive(Debug)]
enum Part {
    Text(String),
    Path(Selector),
    Param(String),
}

impl Template {
    /// Parses a message; an error points into its text, in characters.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find("{{") {
            let (before, inside) = rest.split_at(at);
            plain.push_str(before);
            if let Some(tail) = inside.strip_prefix("{{{{") {
                plain.push_str("{{");
                rest = tail;
                continue;
            }
            let opened = text.chars().count() - inside.chars().count();
            let Some((expression, tail)) = inside.get(2..).unwrap_or_default().split_once("}}") else {
                return Err(SelectorError {
                    at: opened,
                    length: 2,
                    message: "`{{` without `}}`".to_owned(),
                    help: Some("write `{{{{` for two braces".to_owned()),
                });
            };
            if !plain.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut plain)));
            }
            let path = expression.trim();
            let offset = opened + 2 + expression.chars().count() - expression.trim_start().chars().count();
            parts.push(match path.strip_prefix("param.") {
                Some(name) => Part::Param(name.to_owned()),
                None => Part::Path(Selector::parse(path, Use::Query).map_err(|error| SelectorError { at: error.at + offset, ..error })?),
            });
            rest = tail;
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(Self(parts))
    }

    /// The paths in it.
    pub fn paths(&self) -> impl Iterator<Item = &Selector> {
        self.0.iter().filter_map(|part| if let Part::Path(path) = part { Some(path) } else { None })
    }

    /// The parameters in it.
    pub fn params(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| if let Part::Param(name) = part { Some(name.as_str()) } else { None })
    }

    /// The message for a document.
    pub fn fill(&self, document: &Value, params: &BTreeMap<String, Value>) -> String {
        let mut out = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Param(name) => out.push_str(&params.get(name).map_or_else(|| "(not set)".to_owned(), |value| shown(value, false))),
                Part::Path(path) => {
                    let nodes = select(Node::root(document), &path.segments, document);
                    let open = nodes.open.is_some();
                    match nodes.items.as_slice() {
                        [] if open => out.push_str("(known after apply)"),
                        [] => out.push_str("(not set)"),
                        [one] if path.is_singular() => out.push_str(&shown(one.value, one.sensitive)),
                        many => out.push_str(&listed(many.iter().map(|node| (node.value, node.sensitive)))),
                    }
                }
            }
        }
        out
    }
}

fn shown(value: &Value, sensitive: bool) -> String {
    if sensitive || value.sensitive {
        return "(sensitive)".to_owned();
    }
    match &value.state {
        State::Unknown(_) => "(known after apply)".to_owned(),
        State::Text(text) if text.is_empty() => "(not set)".to_owned(),
        State::Null => "(not set)".to_owned(),
        State::Text(text) => cut(text, TEXT),
        State::List(items) if items.is_empty() => "(not set)".to_owned(),
        State::List(items) => listed(items.iter().map(|item| (item, false))),
        State::Map(_) => cut(&value.shown(), MAP),
        State::Bool(_) | State::Number(_) => value.shown(),
    }
}

fn listed<'v>(items: impl ExactSizeIterator<Item = (&'v Value, bool)>) -> String {
    let count = items.len();
    let first: Vec<String> = items.take(LIST).map(|(item, sensitive)| shown(item, sensitive)).collect();
    match count.checked_sub(LIST) {
        Some(more) if more > 0 => format!("{} and {more} more", first.join(", ")),
        _ => first.join(", "),
    }
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most { text.to_owned() } else { text.chars().take(most - 1).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Provenance;

    fn filled(template: &str, document: &Value) -> String {
        Template::parse(template).unwrap().fill(document, &BTreeMap::new())
    }

    #[test]
    fn every_state_has_its_words() {
        let mut secret = Value::text("hunter2");
        secret.sensitive = true;
        let list = Value::list((1..=7).map(|number| Value::new(State::Number(number.into()))).collect());
        let document = Value::map(vec![
            ("secret".into(), secret),
            ("later".into(), Value::unknown(Provenance::Opaque, "x")),
            ("empty".into(), Value::text("")),
            ("list".into(), list),
            ("long".into(), Value::text(&"ä".repeat(200))),
            ("map".into(), Value::map(vec![("a".into(), Value::bool(true))])),
        ]);
        assert_eq!(
            filled("{{ $.secret }} {{$.later}} {{ $.empty }} {{ $.nothing }}", &document),
            "(sensitive) (known after apply) (not set) (not set)"
        );
        assert_eq!(filled("{{ $.list }}; {{ $.list[*] }}", &document), "1, 2, 3, 4, 5 and 2 more; 1, 2, 3, 4, 5 and 2 more");
        assert_eq!(filled("{{ $.map }} {{{{ }}", &document), "{\"a\":true} {{ }}");
        assert_eq!(filled("{{ $.long }}", &document).chars().count(), 120);
    }

    #[test]
    fn an_error_points_at_its_place() {
        assert_eq!(Template::parse("a {{ $.x").unwrap_err().at, 2);
        assert_eq!(Template::parse("ä {{ x }}").unwrap_err().at, 5);
    }
}
