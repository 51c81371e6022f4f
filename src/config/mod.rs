//! From YAML files to settings: the project, the profile, the properties of nodes.

mod freshness;
pub mod profile;
pub mod project;
pub mod properties;
pub mod tree;
pub mod yaml;
