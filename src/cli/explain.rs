//! `karat explain`.

use crate::cli::Exit;
use crate::cli::global::GlobalArgs;
use crate::cli::project::print_line;
use crate::codes;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::report::Event;
use crate::source::SourceMap;

/// Tell more about the code of an error or a warning
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The code, as it stands in the message: unknown-ref. All codes are listed where none is given
    code: Option<String>,
}

/// Runs the command.
pub fn run(global: &GlobalArgs, args: &Args) -> Exit {
    let Some(code) = &args.code else {
        let width = codes::all().map(|e| e.code.len()).max().unwrap_or(0);
        for entry in codes::all() {
            print_line(&format!("{:width$}  {}", entry.code, entry.summary.replace('\n', " ")));
        }
        return 0;
    };
    match codes::find(code) {
        Some(entry) => {
            print_line(&format!("{}\n\n{}", entry.code, entry.text));
            0
        }
        None => {
            let names = codes::all().map(|e| e.code);
            let diagnostic = Diagnostic::error("unknown-code", format!("there is no code `{code}`"))
                .hint("`karat explain` lists all codes")
                .maybe_hint(did_you_mean(code, names));
            global.reporter("").event(&Event::Diagnostic(&diagnostic, &SourceMap::default()));
            1
        }
    }
}
