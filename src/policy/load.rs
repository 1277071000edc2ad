//! Many policies at once. Takes named texts, gives the set; refuses duplicate ids, ids that nobody has, and cycles of
//! `implied-by`, with the errors of all files together.

use super::{Policy, decode};
use crate::decode::Decoder;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::plan::Keep;
use crate::plan::keep::Paths;
use crate::source::SourceFile;
use crate::subject::SubjectKind;
use crate::suggest::nearest;
use crate::yaml;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A policy file.
#[derive(Debug)]
pub struct Source {
    /// Its name in messages.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Comes with the program.
    pub builtin: bool,
}

/// Policies, by id.
#[derive(Debug, Default)]
pub struct PolicySet {
    /// Sorted by id.
    pub policies: Vec<Policy>,
}

/// Loads policies; what is wrong with them goes to `diagnostics`.
pub fn load(sources: Vec<Source>, diagnostics: &mut Diagnostics) -> PolicySet {
    let mut policies: Vec<Policy> = Vec::new();
    for Source { name, text, builtin } in sources {
        let file = Arc::new(SourceFile::new(name, text));
        let mut own = Diagnostics::new();
        if let Some(tree) = yaml::parse(&file, &mut own) {
            let policy = decode::policy(&tree, &file, builtin, &mut Decoder::new(&file, &mut own));
            policies.extend(policy);
        }
        diagnostics.append(own);
    }
    refuse_duplicates(&mut policies, diagnostics);
    policies.sort_by(|left, right| left.id.cmp(&right.id));
    check_implications(&policies, diagnostics);
    PolicySet { policies }
}

fn refuse_duplicates(policies: &mut Vec<Policy>, diagnostics: &mut Diagnostics) {
    let mut first: BTreeMap<String, (Arc<SourceFile>, crate::source::Span)> = BTreeMap::new();
    policies.retain(|policy| {
        if let Some((file, span)) = first.get(&policy.id) {
            let diagnostic = Diagnostic::error(&policy.file, policy.id_span, format!("the id `{}` is taken", policy.id));
            diagnostics.push(diagnostic.related_in(file, *span, "here first"));
            false
        } else {
            first.insert(policy.id.clone(), (Arc::clone(&policy.file), policy.id_span));
            true
        }
    });
}

fn check_implications(policies: &[Policy], diagnostics: &mut Diagnostics) {
    let ids: Vec<&str> = policies.iter().map(|policy| policy.id.as_str()).collect();
    for policy in policies {
        for (id, span) in policy.implied_by.iter().zip(&policy.implied_by_spans) {
            let known = id == "any-on-service" || ids.contains(&id.as_str());
            if !known {
                let near = nearest(id, ids.iter().copied()).map(|near| format!("did you mean `{near}`?"));
                diagnostics.push(Diagnostic::warning(&policy.file, *span, format!("no policy has the id `{id}`")).maybe_help(near));
            } else if id == &policy.id || reaches(policies, id, &policy.id) {
                diagnostics.error(&policy.file, *span, format!("`{id}` is implied by `{}` in turn", policy.id));
            }
        }
    }
}

/// `from` is implied, over any number of steps, by `to`.
fn reaches(policies: &[Policy], from: &str, to: &str) -> bool {
    let mut seen: Vec<&str> = Vec::new();
    let mut open = vec![from];
    while let Some(id) = open.pop() {
        if id == to {
            return true;
        }
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        open.extend(
            policies.iter().find(|policy| policy.id == id).into_iter().flat_map(|policy| policy.implied_by.iter().map(String::as_str)),
        );
    }
    false
}

impl PolicySet {
    /// What the reader has to keep for these policies.
    pub fn keep(&self) -> Keep {
        let mut keep = Keep::default();
        for policy in &self.policies {
            if policy.subject.kind == SubjectKind::Resource {
                keep_resource(policy, &mut keep);
            } else {
                policy.subject.keep(&mut keep);
            }
        }
        keep
    }
}

/// Of resources, just the attributes that the policy names; where it names none below `after`, all of them.
fn keep_resource(policy: &Policy, keep: &mut Keep) {
    let mut paths = Paths::default();
    for path in ["project", "location", "region", "zone"] {
        paths.add(path);
    }
    for read in &policy.reads {
        if let [root, below @ ..] = read.as_slice()
            && matches!(root.as_str(), "after" | "before" | "written")
        {
            paths.add_names(below);
        }
    }
    for kind in crate::google::schema::types().filter(|kind| policy.types.matches(kind)) {
        for hidden in crate::google::defaults::hidden_unknowns(kind) {
            keep.managed_mut(kind).paths.add(&format!("{}.{}", hidden.parent, hidden.sibling));
        }
    }
    let globs = policy.types.patterns.iter().map(|(_, glob, _)| glob.clone()).collect();
    keep.add_pattern(globs, paths, policy.applies_to.contains(&crate::plan::Action::Read));
}
