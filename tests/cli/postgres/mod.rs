//! Projects on a Postgres server.

mod connections;
mod dependants;
mod execkpi;
mod experiments;
mod faults;
mod inputs;
mod kinds;
pub mod recorded;
mod server;
