//! The tests that run the `karat` program and that look at the repository as a whole. One file for each topic.

mod artifacts;
mod cases;
mod deps;
mod docs;
mod execkpi;
mod harness;
mod locked;
mod mangled;
mod options;
mod parity;
mod postgres;
mod runs;
mod secrets;
mod tidy;
