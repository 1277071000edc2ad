//! The policy language.

pub mod operator;
pub mod selector;
