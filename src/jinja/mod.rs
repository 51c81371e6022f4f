//! dbt's Jinja context: what templates may call, and what becomes of it.
//!
//! [`karat_jinja`] evaluates templates; this module gives them names: [`scope::Scope`] is the root context of one
//! render, [`shared::Shared`] what all renders of an invocation have in common, [`macros::Macros`] the macros.

pub mod adapter;
pub mod agate;
mod args;
pub mod asked;
pub mod builtin;
pub mod calls;
pub mod catalog;
pub mod column;
pub mod error;
pub mod freshness;
pub mod functions;
pub mod macros;
pub mod materializations;
pub mod materialize;
pub mod methods;
pub mod model;
pub mod overrides;
pub mod record;
pub mod relation;
pub mod report;
pub mod results;
pub mod scope;
pub mod shared;
pub mod transaction;
pub mod unit;
pub mod yaml_context;
