//! Where a line of a table comes from: takes the last columns of the line, gives the fact, how far to trust it, its
//! source and date. A grade that nobody defined reads as unverified.

/// How a fact was established.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// D: Google's own documentation, text or code.
    Documented,
    /// V: read in the provider's source, the role dataset or a scanner's source.
    Verified,
    /// E: seen by a third party, or in real plans.
    Empirical,
    /// Q: documentation quoted by a third party.
    Quoted,
    /// Recollection: nothing may fail on it alone.
    Memory,
    /// Looked for and not found.
    Unverified,
}

impl Grade {
    /// The grade a table writes.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "D" => Self::Documented,
            "V" => Self::Verified,
            "E" => Self::Empirical,
            "Q" => Self::Quoted,
            "memory" => Self::Memory,
            "unverified" => Self::Unverified,
            _ => return None,
        })
    }

    /// The grade as tables and reports write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Documented => "D",
            Self::Verified => "V",
            Self::Empirical => "E",
            Self::Quoted => "Q",
            Self::Memory => "memory",
            Self::Unverified => "unverified",
        }
    }

    /// Whether a verdict may rest on it.
    pub const fn is_firm(self) -> bool {
        !matches!(self, Self::Memory | Self::Unverified)
    }
}

/// What stands behind one line of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The fact's id: `F-28`, `M-48`, or a section: `PS-1.3` of provider-schema.md, `GP-2` of google-plans.md.
    pub fact: &'static str,
    /// How far to trust it.
    pub grade: Grade,
    /// The document or the revision of the code.
    pub source: &'static str,
    /// The source's date, `YYYY-MM` or `YYYY-MM-DD`.
    pub date: &'static str,
}

impl Evidence {
    /// The columns fact, grade, source and date of a line.
    pub(super) fn of([fact, grade, source, date]: [&'static str; 4]) -> Self {
        let grade = Grade::parse(grade).unwrap_or(Grade::Unverified);
        Self { fact, grade, source, date }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// What holds for the evidence of every table.
    pub(in crate::google) fn assert_complete(evidence: &Evidence) {
        let known = ["F-", "M-", "U-", "PS-", "GP-"];
        let fact = evidence.fact;
        let digits = fact.split_once('-').unwrap().1;
        assert!(known.iter().any(|start| fact.starts_with(start)), "{fact}");
        assert!(digits.starts_with(|first: char| first.is_ascii_digit()), "{fact}");
        assert!(!evidence.source.is_empty(), "{fact} without a source");
        assert!(matches!(evidence.date.len(), 7 | 10), "{fact}: {}", evidence.date);
        assert!(evidence.date.starts_with("202"), "{fact}: {}", evidence.date);
    }

    #[test]
    fn every_grade_reads_back_as_itself() {
        for text in ["D", "V", "E", "Q", "memory", "unverified"] {
            assert_eq!(Grade::parse(text).unwrap().as_str(), text);
        }
        assert_eq!(Grade::parse("X"), None);
    }

    #[test]
    fn a_recollection_is_not_firm() {
        assert!(Grade::Documented.is_firm());
        assert!(!Grade::Memory.is_firm());
    }
}
