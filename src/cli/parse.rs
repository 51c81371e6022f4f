//! `karat parse`.

use serde_json::Map;

use crate::cli::global::GlobalArgs;
use crate::cli::{Exit, manifest, project};
use crate::report::{Event, Inventory, Level, found};

/// Read the project, check it and write manifest.json; asks no warehouse
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(global: &GlobalArgs, _: &Args) -> Exit {
    let opened = match project::open(global, "parse", Map::new()) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let session = &opened.session;
    manifest::write(session, None, &[], opened.reporter.as_ref());
    let inventory = Inventory { macros: session.shared.macros.all().len(), groups: session.groups.len() };
    let message = format!("Found {}", found(&session.graph, inventory));
    opened.reporter.event(&Event::Message(Level::Info, &message));
    0
}
