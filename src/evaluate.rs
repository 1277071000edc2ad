//! Judging. Takes policies and subjects' documents, gives verdicts with what they rest on.

pub mod compare;
pub mod truth;
pub mod walk;
