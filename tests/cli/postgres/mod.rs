//! Projects on a Postgres server.

mod dependants;
mod execkpi;
mod faults;
mod kinds;
mod server;
