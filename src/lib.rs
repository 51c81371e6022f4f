//! karat builds and tests SQL models: dbt's language, compiled and run by one program.
//!
//! An invocation is a pipeline of stages, each a function from plain data to plain data. [`session`] reads the project
//! file and the profile ([`config`]), [`load`]s every other file, and [`discover`]s the [`node`]s, which become a
//! [`graph`]. A command of [`cli`] [`select`]s nodes of it, [`render`]s their templates to SQL ([`jinja`] is what
//! templates see), [`plan`]s the statements that make each relation, [`execute`]s them on the [`warehouse`], and
//! [`report`]s how it went.
//!
//! What is wrong with a project is never an `Err` but a [`diagnostic`], which points into the texts of [`source`].
//! Files are reached through [`files`] alone.

/// The version of dbt whose language and artifacts karat speaks.
pub const DBT_VERSION: &str = report::artifacts::DBT_VERSION;

pub mod batches;
pub mod cli;
pub mod codes;
pub mod config;
pub mod deps;
pub mod diagnostic;
pub mod discover;
pub mod execute;
pub mod files;
pub mod freshness;
pub mod graph;
pub mod inputs;
pub mod jinja;
pub mod load;
pub mod node;
pub mod packages;
pub mod plan;
pub mod render;
pub mod report;
pub mod resolve;
pub mod secrets;
pub mod select;
pub mod session;
pub mod source;
pub mod unit_test;
pub mod warehouse;
pub mod warn_errors;
