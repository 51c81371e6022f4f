//! DuckDB, embedded.

mod settings;

pub use settings::{Attach, AttachOption, Extension, Secret, SecretValue, Settings};
