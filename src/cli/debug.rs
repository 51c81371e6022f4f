//! `karat debug`.

use crate::cli::global::GlobalArgs;
use crate::cli::project::print_line;
use crate::cli::{Exit, project};
use crate::execute::connect_error;
use crate::warehouse;

/// Show what karat found: project, profile, target, and whether the warehouse answers
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print the folder of profiles.yml and nothing else
    #[arg(long)]
    config_dir: bool,
    /// Only ask the warehouse
    #[arg(long)]
    connection: bool,
}

/// Runs the command.
pub fn run(global: &GlobalArgs, args: &Args) -> Exit {
    let (base, reporter) = match project::open_base(global, "debug") {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let folder = base.profiles_file.parent().unwrap_or(&base.profiles_file);
    if args.config_dir {
        print_line(&folder.display().to_string());
        return 0;
    }
    if !args.connection {
        print_line(&format!("karat     {}", env!("CARGO_PKG_VERSION")));
        print_line(&format!("project   {} in {}", base.settings.name, base.settings.root.display()));
        print_line(&format!("profile   {} of {}", base.target.profile, base.profiles_file.display()));
    }
    let target = &base.target;
    print_line(&format!("target    {} ({}, {} threads)", target.name, target.kind, target.threads));
    print_line(&format!("database  {}", target.database));
    print_line(&format!("schema    {}", target.schema));
    let asked = warehouse::adapter(target, &base.settings.root).and_then(|adapter| {
        let mut connection = adapter.connect().map_err(|e| Box::new(connect_error(&e)))?;
        connection.query("select 1").map_err(|e| Box::new(connect_error(&e)))
    });
    match asked {
        Ok(_) => {
            print_line("answers   yes");
            0
        }
        Err(diagnostic) => {
            print_line("answers   no");
            project::tell(reporter.as_ref(), &[*diagnostic], &base.sources);
            1
        }
    }
}
