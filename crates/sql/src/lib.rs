//! SQL as text and as meaning, without any I/O.
//!
//! [`dialect`] writes the statements that materialise models, a file for each warehouse. [`ctes`] puts ephemeral
//! models into the queries that read them. [`names`] are the names both work with.

pub mod ctes;
pub mod dialect;
pub mod names;
