//! What an invocation tells the world: the terminal, the JSON log, the artifacts, the rows of a query.
//!
//! While it runs, the session hands each [`Event`] to a [`Reporter`]: [`Human`] writes lines for people and
//! [`JsonLog`] an object a line for programs. Both say the same, because both take their words from `text`.
//! At the end a [`RunReport`] becomes `run_results.json` and the graph `manifest.json` ([`artifacts`]).
//! What `karat show` prints comes from [`table`].
//!
//! This is the only stage that prints, and it computes nothing that another stage needs.

pub mod artifacts;
mod event;
mod human;
mod json;
mod result;
pub mod table;
mod text;
mod width;

pub use artifacts::{GroupInfo, ResultEntry, entry, group};
pub use event::{BatchLine, Context, Event, Level, Position, Reporter};
pub use human::{Human, HumanOptions};
pub use json::JsonLog;
pub use result::{Batches, Counts, NodeResult, RunReport, Status};
pub use text::{Inventory, found};

#[cfg(test)]
mod tests;
