//! A database file that another process has open.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::harness::{Project, cases_folder, settings};

/// The macro `hold` of the case runs a statement that does not end by itself, after it said so.
#[test]
fn another_process_holds_the_database() {
    let folder = cases_folder().join("locked-by-another");
    let project = Project::copy(&folder);
    let mut holder =
        project.karat(["run-operation", "hold"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(holder.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let said = ["run", "debug", "show --inline 'select 1'"]
        .map(|args| project.run(&format!("COLUMNS=300 karat {args}")))
        .join("\n");
    holder.kill().unwrap();
    holder.wait().unwrap();
    assert_eq!(line.trim(), "holding");
    settings(&folder).bind(|| insta::assert_snapshot!("output", said));
}
