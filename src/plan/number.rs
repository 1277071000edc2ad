//! Exact decimal numbers. Takes the text of a JSON number, gives comparison by value over all its digits, and never
//! rounds: a 12-digit project number or a 30-digit integer stays what Terraform wrote (plan-json.md 6.1).

use std::cmp::Ordering;
use std::fmt;

/// A number as JSON text. Two numbers are equal if their values are: `1`, `1.0` and `1e0` are one number.
#[derive(Clone, Debug)]
pub struct Number(Box<str>);

/// Sign, significant digits without zeros at either end, and the power of ten of the first digit; zero has no digits.
#[derive(PartialEq, Eq)]
struct Decimal<'a> {
    negative: bool,
    digits: Vec<&'a u8>,
    exponent: i64,
}

impl Number {
    /// Reads JSON's number grammar; `None` for anything else (`01`, `+1`, `.5`, `0x1f`).
    pub fn parse(text: &str) -> Option<Self> {
        is_json_number(text.as_bytes()).then(|| Self(text.into()))
    }

    /// The text as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value as a whole number, if it is one that fits.
    pub fn as_i128(&self) -> Option<i128> {
        if let Ok(value) = self.0.parse() {
            return Some(value);
        }
        let decimal = self.decimal();
        let length = i64::try_from(decimal.digits.len()).ok()?;
        if decimal.digits.is_empty() {
            return Some(0);
        }
        if decimal.exponent < length - 1 || decimal.exponent > 38 {
            return None;
        }
        let mut value: i128 = 0;
        for position in 0..=decimal.exponent {
            let digit = usize::try_from(position).ok().and_then(|at| decimal.digits.get(at)).map_or(0, |byte| **byte - b'0');
            value = value.checked_mul(10)?.checked_add(i128::from(digit))?;
        }
        Some(if decimal.negative { -value } else { value })
    }

    fn decimal(&self) -> Decimal<'_> {
        let (mantissa, power) = match self.0.find(['e', 'E']) {
            Some(at) => (self.0.get(..at).unwrap_or_default(), self.0.get(at + 1..).unwrap_or_default()),
            None => (&*self.0, "0"),
        };
        let negative = mantissa.starts_with('-');
        let mantissa = mantissa.trim_start_matches('-');
        let whole = mantissa.find('.').unwrap_or(mantissa.len());
        let all: Vec<&u8> = mantissa.as_bytes().iter().filter(|byte| byte.is_ascii_digit()).collect();
        let zeros = all.iter().take_while(|byte| ***byte == b'0').count();
        let mut digits: Vec<&u8> = all.into_iter().skip(zeros).collect();
        while digits.last() == Some(&&b'0') {
            digits.pop();
        }
        if digits.is_empty() {
            return Decimal { negative: false, digits, exponent: 0 };
        }
        // An exponent that does not fit is far beyond any digit string that memory holds; saturation keeps the order.
        let power: i64 = power.parse().unwrap_or(if power.starts_with('-') { i64::MIN / 4 } else { i64::MAX / 4 });
        let lead = i64::try_from(whole).unwrap_or(i64::MAX / 4) - i64::try_from(zeros).unwrap_or(0) - 1;
        Decimal { negative, digits, exponent: lead.saturating_add(power) }
    }
}

fn is_json_number(bytes: &[u8]) -> bool {
    let rest = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let (whole, rest) = rest.split_at(rest.iter().take_while(|byte| byte.is_ascii_digit()).count());
    if whole.is_empty() || (whole.len() > 1 && whole.starts_with(b"0")) {
        return false;
    }
    let rest = match rest.strip_prefix(b".") {
        Some(fraction) => {
            let length = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if length == 0 {
                return false;
            }
            fraction.split_at(length).1
        }
        None => rest,
    };
    match rest.strip_prefix(b"e").or_else(|| rest.strip_prefix(b"E")) {
        Some(power) => {
            let power = power.strip_prefix(b"-").or_else(|| power.strip_prefix(b"+")).unwrap_or(power);
            !power.is_empty() && power.iter().all(u8::is_ascii_digit)
        }
        None => rest.is_empty(),
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 || self.decimal() == other.decimal()
    }
}

impl Eq for Number {}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let (left, right) = (self.decimal(), other.decimal());
        match (left.digits.is_empty(), right.digits.is_empty()) {
            (true, true) => return Ordering::Equal,
            (true, false) => return if right.negative { Ordering::Greater } else { Ordering::Less },
            (false, true) => return if left.negative { Ordering::Less } else { Ordering::Greater },
            (false, false) => {}
        }
        if left.negative != right.negative {
            return if left.negative { Ordering::Less } else { Ordering::Greater };
        }
        let size = left.exponent.cmp(&right.exponent).then_with(|| left.digits.cmp(&right.digits));
        if left.negative { size.reverse() } else { size }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(value.to_string().into())
    }
}

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn every_digit_counts() {
        assert_ne!(number("9007199254740993"), number("9007199254740992"));
        assert_ne!(number("123456789012345678901234567890"), number("123456789012345678901234567891"));
        assert_eq!(number("123456789012").to_string(), "123456789012");
    }

    #[test]
    fn equal_by_value_however_it_is_written() {
        for (left, right) in [("1", "1.0"), ("100", "1e2"), ("0", "-0"), ("0.5", "5E-1"), ("1500", "1.5e+3")] {
            assert_eq!(number(left), number(right), "{left} and {right}");
        }
    }

    #[test]
    fn ordered_by_value() {
        let sorted = ["-1e400", "-2", "-1.5", "0", "0.001", "0.1", "1", "9", "10", "9007199254740993", "1e400"];
        for pair in sorted.windows(2) {
            assert!(number(pair[0]) < number(pair[1]), "{} < {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn only_json_grammar_is_a_number() {
        for text in ["010", "+1", ".5", "1.", "0x1f", "1_000", "", "-", "1e", "NaN"] {
            assert!(Number::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn whole_numbers_are_found_in_any_spelling() {
        assert_eq!(number("28").as_i128(), Some(28));
        assert_eq!(number("2.8e1").as_i128(), Some(28));
        assert_eq!(number("-300.0").as_i128(), Some(-300));
        assert_eq!(number("2.85e1").as_i128(), None);
    }
}
