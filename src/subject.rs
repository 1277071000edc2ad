//! What a policy sees. Takes a plan's resources, gives one document per subject, with the fields of its table; refuses
//! to leave out what it cannot read: such a field is unknown, with the reason (design.md 4.2).

mod backend;
mod connector;
mod egress;
pub mod field;
mod invoker;
mod mapping;
mod neg;
mod resource;
mod service;
mod subnet;
mod view;
mod workload;

pub use field::{Field, FieldType};
pub use view::{View, find};

use crate::google::iam::{self, Level};
use crate::google::resources::{self, Family};
use crate::google::workloads;
use crate::plan::keep::{Drop, Keep};
use crate::plan::{Mode, Moment, Plan, Resource, Value};

/// A kind of subject: one entry here and one module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "design.md 4.2 says what each is")]
pub enum SubjectKind {
    Service,
    Workload,
    Invoker,
    Neg,
    Backend,
    DomainMapping,
    Connector,
    Subnet,
    Resource,
}

/// A subject's name, its field table, the types it is made of and how.
pub struct Subject {
    /// Which.
    pub kind: SubjectKind,
    /// Its name in policies and on the command line.
    pub name: &'static str,
    /// One for each of these.
    pub about: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
    is_made_of: fn(&str) -> bool,
    documents: fn(&View<'_>) -> Vec<Value>,
    keep: fn(&mut Keep),
}

/// All subjects, in the order of design.md 4.2.
pub static SUBJECTS: &[Subject] = &[
    Subject {
        kind: SubjectKind::Service,
        name: "service",
        about: "service",
        fields: service::FIELDS,
        is_made_of: |kind| workloads::service(kind).is_some(),
        documents: service::documents,
        keep: service::keep,
    },
    Subject {
        kind: SubjectKind::Workload,
        name: "workload",
        about: "whatever runs: service, job, worker pool",
        fields: workload::FIELDS,
        is_made_of: |kind| workloads::workload(kind).is_some(),
        documents: workload::documents,
        keep: workload::keep,
    },
    Subject {
        kind: SubjectKind::Invoker,
        name: "invoker",
        about: "member of a grant that carries invoke",
        fields: invoker::FIELDS,
        is_made_of: invoker::is_made_of,
        documents: invoker::documents,
        keep: invoker::keep,
    },
    Subject {
        kind: SubjectKind::Neg,
        name: "neg",
        about: "serverless network endpoint group",
        fields: neg::FIELDS,
        is_made_of: |kind| is_family(kind, Family::Neg),
        documents: neg::documents,
        keep: neg::keep,
    },
    Subject {
        kind: SubjectKind::Backend,
        name: "backend",
        about: "backend service",
        fields: backend::FIELDS,
        is_made_of: |kind| is_family(kind, Family::BackendService),
        documents: backend::documents,
        keep: backend::keep,
    },
    Subject {
        kind: SubjectKind::DomainMapping,
        name: "domain-mapping",
        about: "domain mapping",
        fields: mapping::FIELDS,
        is_made_of: |kind| is_family(kind, Family::DomainMapping),
        documents: mapping::documents,
        keep: mapping::keep,
    },
    Subject {
        kind: SubjectKind::Connector,
        name: "connector",
        about: "VPC connector",
        fields: connector::FIELDS,
        is_made_of: |kind| is_family(kind, Family::Connector),
        documents: connector::documents,
        keep: connector::keep,
    },
    Subject {
        kind: SubjectKind::Subnet,
        name: "subnet",
        about: "subnetwork",
        fields: subnet::FIELDS,
        is_made_of: |kind| is_family(kind, Family::Subnetwork),
        documents: subnet::documents,
        keep: subnet::keep,
    },
    Subject {
        kind: SubjectKind::Resource,
        name: "resource",
        about: "managed resource of any provider",
        fields: resource::FIELDS,
        is_made_of: |_| true,
        documents: resource::documents,
        keep: |_| {},
    },
];

fn is_family(kind: &str, family: Family) -> bool {
    resources::resource(kind).is_some_and(|known| known.family == family)
}

impl std::fmt::Debug for Subject {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
}

impl SubjectKind {
    /// Its entry.
    pub fn subject(self) -> &'static Subject {
        SUBJECTS.iter().find(|subject| subject.kind == self).unwrap_or(&NOBODY)
    }
}

/// Never looked at: every kind has an entry, as a test says.
static NOBODY: Subject = Subject {
    kind: SubjectKind::Resource,
    name: "resource",
    about: "",
    fields: &[],
    is_made_of: |_| false,
    documents: |_| Vec::new(),
    keep: |_| {},
};

impl Subject {
    /// The subject of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        SUBJECTS.iter().find(|subject| subject.name == name)
    }

    /// Whether such a resource gives subjects of this kind.
    pub fn is_made_of(&self, resource: &Resource) -> bool {
        (resource.mode == Mode::Managed || self.kind == SubjectKind::Resource) && (self.is_made_of)(&resource.kind)
    }

    /// The documents of a resource at a moment; none where it does not exist then.
    pub fn documents(&self, view: &View<'_>) -> Vec<Value> {
        (self.documents)(view)
    }

    /// Adds what its documents are made of to what the reader keeps.
    pub fn keep(&self, keep: &mut Keep) {
        keep.goes = Some(invoker::goes);
        (self.keep)(keep);
    }
}

/// Adds the grants that may carry invoke; those above the service only if they do.
fn keep_grants(keep: &mut Keep) {
    for family in iam::families().filter(|family| invoker::gates(family.level)) {
        for suffix in ["_member", "_binding", "_policy"] {
            let kept = keep.managed_mut(&format!("{}{suffix}", family.stem));
            for path in [Some(family.target), family.location, family.project].into_iter().flatten() {
                kept.paths.add(path);
            }
            for path in ["role", "member", "members", "policy_data", "condition"] {
                kept.paths.add(path);
            }
            if matches!(family.level, Level::Project | Level::Folder | Level::Organization) && suffix != "_policy" {
                kept.drop = Some(Drop::OtherGrants);
            }
        }
    }
}

/// The documents of one resource for before and after, `$.before` inside where asked for.
pub fn documents(subject: &Subject, plan: &Plan, resource: &Resource, options: Options) -> Vec<Value> {
    let view = |moment| View { plan, resource, moment, explain: options.explain };
    let mut documents = subject.documents(&view(options.moment));
    if options.with_before && subject.kind != SubjectKind::Resource {
        let before = subject.documents(&view(Moment::Before));
        for document in &mut documents {
            let own =
                before.iter().find(|other| other.get("member").and_then(Value::as_text) == document.get("member").and_then(Value::as_text));
            document.insert("before", own.cloned().unwrap_or_else(Value::null));
        }
    }
    documents
}

/// How documents are built.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// When.
    pub moment: Moment,
    /// With evidence on every value: for witnesses.
    pub explain: bool,
    /// With the state before under `before`.
    pub with_before: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_entry_under_its_own_name() {
        for subject in SUBJECTS {
            assert!(std::ptr::eq(subject.kind.subject(), subject), "{}", subject.name);
            assert!(std::ptr::eq(Subject::named(subject.name).unwrap(), subject));
        }
    }

    #[test]
    fn every_subject_has_the_common_fields() {
        for subject in SUBJECTS {
            for name in ["address", "plan", "change", "project", "location"] {
                assert!(subject.fields.iter().any(|field| field.name == name), "{} lacks {name}", subject.name);
            }
        }
    }
}
