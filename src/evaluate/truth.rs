//! Kleene's three values. Takes truths, gives their conjunction, disjunction and negation; refuses nothing.

use std::ops::Not;

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// It does not, whatever the unknown values turn out to be.
    False,
    /// It depends on values that are not known.
    Unknown,
    /// It does, whatever the unknown values turn out to be.
    True,
}

impl Truth {
    /// The conjunction.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// The disjunction.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Truth::{False, True, Unknown};

    const ALL: [Truth; 3] = [False, Unknown, True];

    #[test]
    fn the_tables_are_kleenes() {
        assert_eq!([False.and(Unknown), Unknown.and(True), True.and(True)], [False, Unknown, True]);
        assert_eq!([True.or(Unknown), Unknown.or(False), False.or(False)], [True, Unknown, False]);
        assert_eq!([!False, !Unknown, !True], [True, Unknown, False]);
    }

    #[test]
    fn the_laws_hold_for_all_values() {
        for a in ALL {
            assert_eq!(!!a, a);
            for b in ALL {
                assert_eq!(!(a.and(b)), (!a).or(!b));
                assert_eq!((a.and(b), a.or(b)), (b.and(a), b.or(a)));
                assert_eq!(a.and(a.or(b)), a);
            }
        }
    }

    #[test]
    fn three_values_associate_and_distribute() {
        let triples = ALL.iter().flat_map(|a| ALL.iter().flat_map(move |b| ALL.iter().map(move |c| (*a, *b, *c))));
        for (a, b, c) in triples {
            assert_eq!(a.and(b.and(c)), a.and(b).and(c));
            assert_eq!(a.and(b.or(c)), a.and(b).or(a.and(c)));
        }
    }
}
