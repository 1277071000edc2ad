//! plangate: who will be able to reach and invoke each Cloud Run service after a Terraform plan?

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on fails")
)]

pub mod cli;
pub mod command;
pub mod config;
pub mod decode;
pub mod diagnostic;
pub mod evaluate;
pub mod failure;
pub mod finding;
pub mod google;
pub mod input;
pub mod json;
pub mod plan;
pub mod policy;
pub mod refs;
pub mod report;
pub mod source;
pub mod subject;
pub mod suggest;
pub mod yaml;
