//! What is known about Google's side: takes a resource type, a path, a literal, a role or a member, and gives what the
//! tables say of it, with the fact behind it. It refuses nothing: what no table has is `None`, and the caller decides
//! what a thing that nobody knows means. It reads no plan and judges no policy.
//!
//! Every table is a file beside this one with one fact a line: value, fact id, grade, source, date. Adding a fact is
//! adding a line; the shapes of resource types, which no line of text can hold, are Rust tables of the same kind.

mod kind;
mod lookup;
mod table;

pub mod annotations;
pub mod defaults;
pub mod evidence;
pub mod iam;
pub mod identities;
pub mod ingress;
pub mod members;
pub mod ranges;
pub mod regions;
pub mod resources;
pub mod roles;
pub mod schema;
pub mod types;
pub mod workloads;

pub use identities::is_id_like;
