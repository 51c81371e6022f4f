//! karat builds and tests SQL models.

/// The version of dbt whose language and artifacts karat speaks.
pub const DBT_VERSION: &str = report::artifacts::DBT_VERSION;

pub mod cli;
pub mod codes;
pub mod config;
pub mod diagnostic;
pub mod discover;
pub mod execute;
pub mod files;
pub mod graph;
pub mod jinja;
pub mod load;
pub mod node;
pub mod plan;
pub mod render;
pub mod report;
pub mod resolve;
pub mod select;
pub mod session;
pub mod source;
pub mod warehouse;
