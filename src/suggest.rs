//! "Did you mean": which of some names is close to a mistyped one.
//!
//! Takes the name and the candidates and gives the nearest. Two names are near
//! when they are equal without case, `-` and `_`, or at most two edits apart,
//! one when the shorter has up to four letters; a swap of neighbours is one
//! edit. Refuses to compare names longer than 64 characters letter by letter.

/// Longest name, in characters, whose edits are counted.
const LONGEST: usize = 64;

/// Whether one name may be a typing error of the other.
pub fn is_near(a: &str, b: &str) -> bool {
    distance(a, b).is_some()
}

/// The nearest of the candidates that are near: the first of those with fewest edits.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = candidates.into_iter().filter_map(|candidate| Some((distance(name, candidate)?, candidate)));
    // `min_by_key` keeps the first of equals, so the order of candidates decides.
    near.min_by_key(|(edits, _)| *edits).map(|(_, candidate)| candidate)
}

/// Number of edits between near names; `None` when they are not near.
fn distance(a: &str, b: &str) -> Option<usize> {
    if folded(a).eq(folded(b)) {
        return Some(0);
    }
    let short = |text: &str| text.chars().nth(LONGEST).is_none();
    if !short(a) || !short(b) {
        return None;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let allowed = if a.len().min(b.len()) <= 4 { 1 } else { 2 };
    if a.len().abs_diff(b.len()) > allowed {
        return None;
    }
    Some(edits(&a, &b)).filter(|edits| *edits <= allowed)
}

fn folded(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase)
}

/// Optimal string alignment distance.
fn edits(a: &[char], b: &[char]) -> usize {
    let cell = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
    let mut two_above: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let replaced = cell(&above, j) + usize::from(from != to);
            let mut best = replaced.min(cell(&above, j + 1) + 1).min(cell(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i.wrapping_sub(1)) == Some(to) && b.get(j.wrapping_sub(1)) == Some(from);
            if swapped {
                best = best.min(cell(&two_above, j.wrapping_sub(1)) + 1);
            }
            row.push(best);
        }
        two_above = std::mem::replace(&mut above, row);
    }
    cell(&above, b.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(a: &str, b: &str) -> usize {
        let letters = |text: &str| text.chars().collect::<Vec<_>>();
        edits(&letters(a), &letters(b))
    }

    #[test]
    fn edits_are_counted() {
        assert_eq!(count("", "abc"), 3);
        assert_eq!(count("kitten", "sitting"), 3);
        assert_eq!(count("title", "titel"), 1);
        assert_eq!(count("ca", "abc"), 3);
        assert_eq!(count("same", "same"), 0);
    }

    #[test]
    fn case_dashes_and_underscores_do_not_count() {
        assert!(is_near("Deny-From", "deny_from"));
        assert!(is_near("allowEmpty", "allow_empty"));
    }

    #[test]
    fn two_edits_are_near_only_in_longer_names() {
        assert!(is_near("messge", "message"));
        assert!(is_near("mesage_", "messages"));
        assert!(!is_near("msgs", "message"));
        assert!(is_near("dent", "deny"));
        assert!(!is_near("dint", "deny"));
        assert!(is_near("dney", "deny"));
        assert!(!is_near("x", "id"));
    }

    #[test]
    fn nearest_takes_fewest_edits_then_first() {
        assert_eq!(nearest("tilte", ["tiles", "title"]), Some("title"));
        assert_eq!(nearest("cat", ["bat", "hat"]), Some("bat"));
        assert_eq!(nearest("zebra", ["bat", "hat"]), None);
        assert_eq!(nearest("DENY", ["dent", "deny"]), Some("deny"));
    }

    #[test]
    fn long_names_are_only_compared_for_equality() {
        let long = "a".repeat(100_000);
        assert!(is_near(&long, &long.to_uppercase()));
        assert!(!is_near(&long, &format!("{long}b")));
    }
}
