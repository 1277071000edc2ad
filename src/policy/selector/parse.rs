//! From the text of a path to its steps. Takes what `jsonpath-rust` parses, gives a [`Selector`]; refuses with the place
//! in the text and with what to write instead.

use super::{Choice, Comparable, Comparison, Filter, Query, Root, Segment, Selector, SelectorError, Use};
use crate::plan::{Key, Number, State, Value};
use jsonpath_rust::parser::errors::JsonPathError;
use jsonpath_rust::parser::model as parsed;
use jsonpath_rust::parser::parse_json_path;

/// Functions that `jsonpath-rust` knows beyond RFC 9535, with what says the same here.
const EXTENSIONS: [(&str, &str); 5] = [
    ("in", "compare with each: `@.a == 'x' || @.a == 'y'`, or use the operator `in`"),
    ("nin", "compare with each: `@.a != 'x' && @.a != 'y'`, or use the operator `not-in`"),
    ("none_of", "use the operator `contains-any` under `not`"),
    ("any_of", "use the operator `contains-any`"),
    ("subset_of", "use the operator `contains-only`"),
];

impl Selector {
    /// Parses and checks a path.
    pub fn parse(text: &str, place: Use) -> Result<Self, SelectorError> {
        let whole = |message: &str, help: Option<String>| SelectorError {
            at: 0,
            length: text.chars().count().max(1),
            message: message.to_owned(),
            help,
        };
        let root = match text.chars().next() {
            Some('$') => Root::Subject,
            Some('@') => Root::Element,
            _ => return Err(whole("a path starts with `$`", Some(format!("write `$.{}`", text.trim_start_matches('.'))))),
        };
        check_blanks(text)?;
        let absolute = if root == Root::Element { format!("${}", text.get(1..).unwrap_or_default()) } else { text.to_owned() };
        let query = parse_json_path(&absolute).map_err(|error| syntax(text, &error))?;
        let converter = Converter { text, place };
        let segments = converter.segments(&query.segments, 0)?;
        Ok(Self { text: text.to_owned(), root, segments })
    }
}

/// Outside quotes and filters no blank belongs into a path; `jsonpath-rust` would make it part of a name.
fn check_blanks(text: &str) -> Result<(), SelectorError> {
    let mut quote = None;
    let mut escaped = false;
    let mut brackets = 0_usize;
    for (at, character) in text.chars().enumerate() {
        if quote.is_some() && (escaped || character == '\\') {
            escaped = !escaped;
            continue;
        }
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (None, '\'' | '"') => quote = Some(character),
            (None, '[') => brackets += 1,
            (None, ']') => brackets = brackets.saturating_sub(1),
            (None, _) if character.is_whitespace() && brackets == 0 => {
                let help = Some("a name with blanks is quoted: `$['a name']`".to_owned());
                return Err(SelectorError { at, length: 1, message: "a blank in a path".to_owned(), help });
            }
            _ => {}
        }
    }
    Ok(())
}

fn syntax(text: &str, error: &JsonPathError) -> SelectorError {
    let shown = error.to_string();
    // The parser's position stands in its message as `--> 1:COLUMN`.
    let column = shown
        .split("--> 1:")
        .nth(1)
        .and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next())
        .and_then(|digits| digits.parse::<usize>().ok());
    let count = text.chars().count();
    let at = column.map_or(0, |column| column.saturating_sub(1)).min(count.saturating_sub(1));
    let tail: String = text.chars().skip(at).collect();
    let digits = tail.trim_start_matches('-').chars().take_while(char::is_ascii_digit).count();
    let (message, help) = if digits > 15 {
        (
            "a number past 2^53 cannot stand in a path (RFC 9535 2.1)".to_owned(),
            Some("compare it with an operator: `equals` keeps every digit".to_owned()),
        )
    } else if tail.starts_with('-') && !tail.get(1..).unwrap_or_default().starts_with(|c: char| c.is_ascii_digit()) {
        ("`-` cannot stand in an unquoted name".to_owned(), quoted_name(text, at))
    } else {
        (
            "not a path of RFC 9535".to_owned(),
            EXTENSIONS
                .iter()
                .find(|(name, _)| text.contains(&format!(" {name} ")) || text.contains(&format!("{name}(")))
                .map(|(_, help)| (*help).to_owned()),
        )
    };
    SelectorError { at, length: if column.is_some() { 1 } else { count.max(1) }, message, help }
}

/// `$.labels.cost-center` is `$.labels['cost-center']`.
fn quoted_name(text: &str, at: usize) -> Option<String> {
    let before: String = text.chars().take(at).collect();
    let after: String = text.chars().skip(at).collect();
    let dot = before.rfind('.')?;
    let end = after.find(['.', '[']).unwrap_or(after.len());
    let name = format!("{}{}", before.get(dot + 1..)?, after.get(..end)?);
    Some(format!("write `{}['{name}']{}`", before.get(..dot)?, after.get(end..)?))
}

struct Converter<'t> {
    text: &'t str,
    place: Use,
}

impl Converter<'_> {
    fn refuse<T>(&self, part: &str, message: impl Into<String>, help: Option<&str>) -> Result<T, SelectorError> {
        let at = self.text.find(part).filter(|_| !part.is_empty());
        let chars = at.map_or(0, |at| self.text.get(..at).unwrap_or_default().chars().count());
        let length = at.map_or(self.text.chars().count(), |_| part.chars().count());
        Err(SelectorError { at: chars, length, message: message.into(), help: help.map(str::to_owned) })
    }

    fn segments(&self, segments: &[parsed::Segment], depth: usize) -> Result<Vec<Segment>, SelectorError> {
        segments.iter().map(|segment| self.segment(segment, depth)).collect()
    }

    fn segment(&self, segment: &parsed::Segment, depth: usize) -> Result<Segment, SelectorError> {
        match segment {
            parsed::Segment::Descendant(inner) if self.place == Use::Query => Ok(Segment { descend: true, ..self.segment(inner, depth)? }),
            parsed::Segment::Descendant(_) => self.refuse("..", "`..` is for `plangate query` only", Some("say the path")),
            parsed::Segment::Selector(selector) => Ok(Segment { descend: false, choices: vec![self.choice(selector, depth)?] }),
            parsed::Segment::Selectors(selectors) => Ok(Segment {
                descend: false,
                choices: selectors.iter().map(|selector| self.choice(selector, depth)).collect::<Result<_, _>>()?,
            }),
        }
    }

    fn choice(&self, selector: &parsed::Selector, depth: usize) -> Result<Choice, SelectorError> {
        Ok(match selector {
            parsed::Selector::Name(name) => Choice::Name(self.name(name)?),
            parsed::Selector::Wildcard => Choice::Wildcard,
            parsed::Selector::Index(index) => Choice::Index(*index),
            parsed::Selector::Slice(start, end, step) => Choice::Slice(*start, *end, *step),
            parsed::Selector::Filter(_) if self.place == Use::Condition => {
                return self.refuse("[?", "a filter selects many", Some("put the path into `in` of `some`, `every` or `count`"));
            }
            parsed::Selector::Filter(_) if depth > 0 && self.place == Use::Quantifier => {
                return self.refuse("[?", "a filter within a filter", Some("use `some` within `where`"));
            }
            parsed::Selector::Filter(filter) => Choice::Filter(self.filter(filter, depth + 1)?),
        })
    }

    /// A name that holds blanks must have been quoted; else the parser has swallowed an operator it does not know.
    fn name(&self, name: &str) -> Result<Key, SelectorError> {
        let quoted = self.text.contains(&format!("'{name}'")) || self.text.contains(&format!("\"{name}\""));
        if name.chars().any(char::is_whitespace) && !quoted && !self.text.contains('\\') {
            let word = name.split_whitespace().nth(1).unwrap_or_default();
            let help =
                EXTENSIONS.iter().find(|(known, _)| *known == word).map_or("a name with blanks is quoted: `['a name']`", |(_, help)| help);
            return self.refuse(name, format!("`{name}` is read as one name, with its blanks"), Some(help));
        }
        Ok(name.into())
    }

    fn filter(&self, filter: &parsed::Filter, depth: usize) -> Result<Filter, SelectorError> {
        Ok(match filter {
            parsed::Filter::Or(parts) => Filter::Or(parts.iter().map(|part| self.filter(part, depth)).collect::<Result<_, _>>()?),
            parsed::Filter::And(parts) => Filter::And(parts.iter().map(|part| self.filter(part, depth)).collect::<Result<_, _>>()?),
            parsed::Filter::Atom(parsed::FilterAtom::Filter { expr, not }) => negated(*not, self.filter(expr, depth)?),
            parsed::Filter::Atom(parsed::FilterAtom::Test { expr, not }) => negated(*not, self.test(expr, depth)?),
            parsed::Filter::Atom(parsed::FilterAtom::Comparison(comparison)) => self.comparison(comparison)?,
        })
    }

    fn test(&self, test: &parsed::Test, depth: usize) -> Result<Filter, SelectorError> {
        Ok(Filter::Exists(match test {
            parsed::Test::RelQuery(segments) => Query { root: Root::Element, segments: self.segments(segments, depth)? },
            parsed::Test::AbsQuery(query) => Query { root: Root::Subject, segments: self.segments(&query.segments, depth)? },
            parsed::Test::Function(function) => return self.function(function),
        }))
    }

    fn function<T>(&self, function: &parsed::TestFunction) -> Result<T, SelectorError> {
        let name = match function {
            parsed::TestFunction::Custom(name, _) => name.as_str(),
            parsed::TestFunction::Length(_) => "length",
            parsed::TestFunction::Value(_) => "value",
            parsed::TestFunction::Count(_) => "count",
            parsed::TestFunction::Search(..) => "search",
            parsed::TestFunction::Match(..) => "match",
        };
        let help = match name {
            "search" | "match" => "use the operator `matches`",
            "count" | "length" => "use the quantifier `count`",
            _ => EXTENSIONS.iter().find(|(known, _)| *known == name).map_or("say the path", |(_, help)| help),
        };
        self.refuse(&format!("{name}("), format!("the function `{name}` is not part of this language"), Some(help))
    }

    fn comparison(&self, comparison: &parsed::Comparison) -> Result<Filter, SelectorError> {
        let kind = match comparison {
            parsed::Comparison::Eq(..) => Comparison::Equal,
            parsed::Comparison::Ne(..) => Comparison::NotEqual,
            parsed::Comparison::Lt(..) => Comparison::Less,
            parsed::Comparison::Lte(..) => Comparison::LessOrEqual,
            parsed::Comparison::Gt(..) => Comparison::Greater,
            parsed::Comparison::Gte(..) => Comparison::GreaterOrEqual,
        };
        let (left, right) = comparison.vals();
        Ok(Filter::Compare(kind, self.comparable(left)?, self.comparable(right)?))
    }

    fn comparable(&self, comparable: &parsed::Comparable) -> Result<Comparable, SelectorError> {
        let (root, segments) = match comparable {
            parsed::Comparable::Literal(literal) => return Ok(Comparable::Literal(literal_value(literal))),
            parsed::Comparable::Function(function) => return self.function(function),
            parsed::Comparable::SingularQuery(parsed::SingularQuery::Current(segments)) => (Root::Element, segments),
            parsed::Comparable::SingularQuery(parsed::SingularQuery::Root(segments)) => (Root::Subject, segments),
        };
        let choice = |segment: &parsed::SingularQuerySegment| {
            Ok(match segment {
                parsed::SingularQuerySegment::Index(index) => Choice::Index(*index),
                parsed::SingularQuerySegment::Name(name) => Choice::Name(self.name(name)?),
            })
        };
        let segments = segments
            .iter()
            .map(|segment| Ok(Segment { descend: false, choices: vec![choice(segment)?] }))
            .collect::<Result<_, SelectorError>>()?;
        Ok(Comparable::Query(Query { root, segments }))
    }
}

fn negated(not: bool, filter: Filter) -> Filter {
    if not { Filter::Not(Box::new(filter)) } else { filter }
}

fn literal_value(literal: &parsed::Literal) -> Value {
    match literal {
        parsed::Literal::Int(value) => Value::new(State::Number((*value).into())),
        parsed::Literal::Float(value) => {
            Number::parse(&value.to_string()).map_or_else(Value::null, |number| Value::new(State::Number(number)))
        }
        parsed::Literal::String(text) => Value::text(text),
        parsed::Literal::Bool(value) => Value::bool(*value),
        parsed::Literal::Null => Value::null(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str, place: Use) -> SelectorError {
        Selector::parse(text, place).unwrap_err()
    }

    #[test]
    fn what_only_looks_like_a_filter_is_refused_with_what_to_write() {
        let error = refused("$.routes[?@.kind in ['x','y']]", Use::Quantifier);
        assert!(error.help.unwrap().contains("@.a == 'x' || @.a == 'y'"));
        assert!(refused("$.routes[?in(@.kind, ['x'])]", Use::Quantifier).help.is_some());
        assert!(refused("$.routes[?subset_of(@.kind, $.x)]", Use::Quantifier).help.unwrap().contains("contains-only"));
    }

    // The six ill-typed forms of performance.md 3 that `jsonpath-rust` accepts.
    #[test]
    fn ill_typed_functions_are_refused() {
        for text in [
            "$[?count(@..*)]",
            "$[?length(@.a)]",
            "$[?value(@.a)]",
            "$[?length(@.*)<3]",
            "$[?length(@[1, 2])<3]",
            "$[?length(@['a', 'b'])<3]",
        ] {
            assert!(Selector::parse(text, Use::Quantifier).is_err(), "{text}");
        }
    }

    #[test]
    fn a_dash_in_a_name_is_quoted_for_the_author() {
        let error = refused("$.labels.cost-center", Use::Condition);
        assert_eq!((error.at, error.help.as_deref()), (13, Some("write `$.labels['cost-center']`")));
    }

    #[test]
    fn blanks_are_refused_outside_filters() {
        for text in ["$.a b", "$ .a", "$.a ", "$. a"] {
            assert_eq!(refused(text, Use::Condition).message, "a blank in a path", "{text}");
        }
        assert!(Selector::parse("$['a b']", Use::Condition).is_ok());
        assert!(Selector::parse("$.a[? @.b == 'c d' && @.e ]", Use::Quantifier).is_ok());
    }

    #[test]
    fn each_place_has_its_own_reach() {
        assert!(Selector::parse("$..a", Use::Condition).is_err());
        assert!(Selector::parse("$..a", Use::Query).is_ok());
        assert!(Selector::parse("$.a[?@.b]", Use::Condition).is_err());
        assert!(Selector::parse("$.a[?@.b]", Use::Quantifier).is_ok());
        assert_eq!(Selector::parse("@.a", Use::Condition).unwrap().root, Root::Element);
    }

    #[test]
    fn a_number_past_what_json_agrees_on_is_refused() {
        assert!(refused("$.a[?@.b == 9007199254740993]", Use::Quantifier).message.contains("2^53"));
    }
}
