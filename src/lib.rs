//! karat builds and tests SQL models.

pub mod diagnostic;
pub mod files;
pub mod graph;
pub mod node;
pub mod source;
