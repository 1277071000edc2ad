//! What a resource type is to reachability: takes the type, gives its entry in the tables of workloads, IAM resources
//! or the things between. It refuses the rest: a type that is in none of them has no part in an answer.

use super::iam::{self, Iam};
use super::resources::{self, Resource};
use super::workloads::{self, Workload};

/// A resource type's part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// It serves, calls, or both.
    Workload(&'static Workload),
    /// It grants.
    Iam(Iam),
    /// It lies between.
    Resource(&'static Resource),
}

/// The part that a type plays.
pub fn part(resource: &str) -> Option<Part> {
    workloads::workload(resource)
        .map(Part::Workload)
        .or_else(|| iam::iam(resource).map(Part::Iam))
        .or_else(|| resources::resource(resource).map(Part::Resource))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_table_answers_for_its_types() {
        assert!(matches!(part("google_cloud_run_v2_service"), Some(Part::Workload(_))));
        assert!(matches!(part("google_project_iam_member"), Some(Part::Iam(_))));
        assert!(matches!(part("google_vpc_access_connector"), Some(Part::Resource(_))));
        assert!(part("google_storage_bucket").is_none());
    }
}
