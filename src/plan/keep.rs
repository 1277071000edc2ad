//! What the reader keeps. Takes the resource types and attribute paths that field tables, facts and loaded policies
//! name; gives the reader one question, "keep this?", per member; refuses nothing. Paths are kept and not whole
//! attributes, since the containers of a service are most of it (performance.md 2, "What keeping costs").

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// Which members of a value are kept. List indexes are transparent: a path holds names only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paths {
    /// Everything below.
    All,
    /// Only these members.
    Some(BTreeMap<Box<str>, Self>),
}

impl Default for Paths {
    fn default() -> Self {
        Self::Some(BTreeMap::new())
    }
}

impl Paths {
    /// Adds a path of names; `[0]`, `[*]` and quoted names (`['a.b']`) are read as JSONPath writes them.
    pub fn add(&mut self, path: &str) {
        self.add_names(&names(path));
    }

    /// Adds a path given as names.
    pub fn add_names<S: AsRef<str>>(&mut self, path: &[S]) {
        let mut here = self;
        for name in path {
            match here {
                Self::All => return,
                Self::Some(members) => here = members.entry(name.as_ref().into()).or_default(),
            }
        }
        *here = Self::All;
    }

    /// Keeps what the other keeps as well.
    pub fn merge(&mut self, other: &Self) {
        match (&mut *self, other) {
            (Self::All, _) => {}
            (_, Self::All) => *self = Self::All,
            (Self::Some(members), Self::Some(others)) => {
                for (name, other) in others {
                    members.entry(name.clone()).or_default().merge(other);
                }
            }
        }
    }

    /// What is kept below this member; `None` if nothing.
    pub fn below(&self, name: &str) -> Option<&Self> {
        match self {
            Self::All => Some(self),
            Self::Some(members) => members.get(name),
        }
    }
}

/// The names of a path like `template[0].metadata[0].annotations['a.b/c']`.
pub fn names(path: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(tail) = rest.strip_prefix("['") {
            let (name, tail) = tail.split_once("']").unwrap_or((tail, ""));
            names.push(name.to_owned());
            rest = tail;
        } else if rest.starts_with('[') {
            rest = rest.split_once(']').map_or("", |(_, tail)| tail);
        } else {
            let rest_of = rest.strip_prefix('.').unwrap_or(rest);
            let end = rest_of.find(['.', '[']).unwrap_or(rest_of.len());
            let (name, tail) = rest_of.split_at(end);
            if !name.is_empty() {
                names.push(name.to_owned());
            }
            rest = tail;
        }
    }
    names
}

/// A filter on entries that cannot matter, applied while reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drop {
    /// Grants above the service of roles that are known not to carry invoke (F-110).
    OtherGrants,
}

/// What is kept of one resource type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Attributes.
    pub paths: Paths,
    /// Entries that are dropped again once they are read.
    pub drop: Option<Drop>,
}

/// What a policy on resources keeps: of the types that its globs match, or of all.
#[derive(Clone, Debug)]
struct Pattern {
    globs: Vec<globset::GlobMatcher>,
    paths: Paths,
    /// Data sources too.
    data: bool,
}

impl Pattern {
    fn matches(&self, kind: &str) -> bool {
        self.globs.is_empty() || self.globs.iter().any(|glob| glob.is_match(kind))
    }
}

/// What is kept of a plan.
#[derive(Clone, Debug, Default)]
pub struct Keep {
    managed: BTreeMap<String, Kept>,
    data: BTreeMap<String, Kept>,
    patterns: Vec<Pattern>,
    /// Says of a role that grants of it can be dropped.
    pub goes: Option<fn(&str) -> bool>,
    /// Answers so far: every entry of a plan asks.
    known: RefCell<[HashMap<String, Option<Rc<Kept>>>; 2]>,
}

impl Keep {
    /// Everything of every type.
    pub fn everything() -> Self {
        let mut keep = Self::default();
        keep.add_pattern(Vec::new(), Paths::All, true);
        keep
    }

    /// What is kept of a type; `None` if nothing.
    pub fn of(&self, data: bool, kind: &str) -> Option<Rc<Kept>> {
        if let Some(known) = self.known.borrow().get(usize::from(data)).and_then(|known| known.get(kind)) {
            return known.clone();
        }
        let found = self.find(data, kind).map(Rc::new);
        if let Some(known) = self.known.borrow_mut().get_mut(usize::from(data)) {
            known.insert(kind.to_owned(), found.clone());
        }
        found
    }

    fn find(&self, data: bool, kind: &str) -> Option<Kept> {
        let mut kept = if data { self.data.get(kind) } else { self.managed.get(kind) }.cloned();
        for pattern in self.patterns.iter().filter(|pattern| (!data || pattern.data) && pattern.matches(kind)) {
            let kept = kept.get_or_insert_with(Kept::default);
            kept.paths.merge(&pattern.paths);
            // Whoever asks for the resources themselves gets all of them.
            kept.drop = None;
        }
        kept
    }

    /// Keeps these paths of all types that one of the globs matches; of every type if there are none.
    pub fn add_pattern(&mut self, globs: Vec<globset::GlobMatcher>, paths: Paths, data: bool) {
        self.patterns.push(Pattern { globs, paths, data });
    }

    /// The entry of a managed type, made if it is missing.
    pub fn managed_mut(&mut self, kind: &str) -> &mut Kept {
        self.managed.entry(kind.to_owned()).or_default()
    }

    /// The entry of a data source's type, made if it is missing.
    pub fn data_mut(&mut self, kind: &str) -> &mut Kept {
        self.data.entry(kind.to_owned()).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_keeps_what_lies_below_it_and_nothing_beside() {
        let mut paths = Paths::default();
        paths.add("template[0].vpc_access[0].egress");
        paths.add("template[0].metadata[0].annotations['run.googleapis.com/ingress']");
        let template = paths.below("template").unwrap();
        assert_eq!(template.below("vpc_access").and_then(|below| below.below("egress")), Some(&Paths::All));
        assert!(template.below("containers").is_none());
        assert!(template.below("metadata").unwrap().below("annotations").unwrap().below("run.googleapis.com/ingress").is_some());
    }

    #[test]
    fn the_shorter_path_wins() {
        let mut paths = Paths::default();
        paths.add("a.b");
        paths.add("a");
        paths.add("a.c");
        assert_eq!(paths.below("a"), Some(&Paths::All));
    }
}
