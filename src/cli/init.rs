//! `karat init`.

use std::path::Path;

use crate::cli::Exit;
use crate::cli::global::GlobalArgs;
use crate::diagnostic::Diagnostic;
use crate::files::{Disk, Files};
use crate::report::{Event, Level};
use crate::source::SourceMap;

/// Make a new project in a folder of its own, ready to `karat build`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The project's name: letters, digits and `_`
    #[arg(value_name = "NAME")]
    name: String,
    /// Accepted for dbt's sake: karat always writes a profile into the project
    #[arg(long, short = 's', hide = true)]
    skip_profile_setup: bool,
}

const FILES: [(&str, &str); 7] = [
    ("project.yml", include_str!("init/project.yml")),
    ("profiles.yml", include_str!("init/profiles.yml")),
    (".gitignore", include_str!("init/gitignore")),
    ("seeds/raw_orders.csv", include_str!("init/raw_orders.csv")),
    ("models/staging/stg_orders.sql", include_str!("init/stg_orders.sql")),
    ("models/marts/orders_daily.sql", include_str!("init/orders_daily.sql")),
    ("models/models.yml", include_str!("init/models.yml")),
];

/// Runs the command.
pub fn run(global: &GlobalArgs, args: &Args) -> Exit {
    let reporter = global.reporter("");
    match make(global, &args.name) {
        Ok(message) => {
            reporter.event(&Event::Message(Level::Info, &message));
            0
        }
        Err(diagnostic) => {
            reporter.event(&Event::Diagnostic(&diagnostic, &SourceMap::default()));
            1
        }
    }
}

fn make(global: &GlobalArgs, name: &str) -> Result<String, Box<Diagnostic>> {
    let valid =
        name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !name.starts_with(|c: char| c.is_ascii_digit());
    if !valid || name.is_empty() {
        return Err(Box::new(
            Diagnostic::error("bad-project-name", format!("`{name}` can't be the name of a project"))
                .hint("letters, digits and `_` only, not starting with a digit"),
        ));
    }
    let folder = global.project_dir.clone().unwrap_or_default().join(name);
    if Disk.exists(&folder) {
        return Err(Box::new(
            Diagnostic::error("folder-exists", format!("{} is there already", folder.display()))
                .hint("choose another name, or remove it first"),
        ));
    }
    for (path, text) in FILES {
        write(&folder.join(path), &text.replace("NAME", name))?;
    }
    Ok(format!("Made the project {name}. Go on with:\n\n    cd {}\n    karat build", folder.display()))
}

fn write(path: &Path, text: &str) -> Result<(), Box<Diagnostic>> {
    Disk.write(path, text.as_bytes()).map_err(|error| {
        Box::new(
            Diagnostic::error("unwritable-file", format!("can't write {}: {error}", path.display()))
                .hint("check who may write there"),
        )
    })
}
