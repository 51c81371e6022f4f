//! Every option of dbt's commands is known here, before and after the command.

use std::collections::BTreeMap;
use std::path::Path;

use crate::harness::Project;

/// The options of a command, each with a value that it takes.
type Options = BTreeMap<String, Option<String>>;

#[test]
fn every_option_of_dbt_is_known() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/options.json");
    let commands: BTreeMap<String, Options> = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let project = Project::files(&[]);
    let (mut unknown, mut tried) = (Vec::new(), 0);
    for (command, options) in &commands {
        let words: Vec<&str> = command.split(' ').filter(|word| !word.is_empty()).collect();
        let groups = command.is_empty() || commands.keys().any(|other| other.starts_with(&format!("{command} ")));
        // Commands that karat has not got yet have a row in docs/dbt-compatibility.md.
        if groups && !command.is_empty() || !accepts(&project, &words, &[]) {
            continue;
        }
        tried += 1;
        let refused = |given: &[&str]| match command.is_empty() {
            true => !accepts(&project, given, &["build"]),
            false => !accepts(&project, &words, given),
        };
        let one = |(name, value): (&'_ String, &'_ Option<String>)| [Some(name.clone()), value.clone()];
        let all: Vec<String> = options.iter().flat_map(one).flatten().collect();
        if refused(&all.iter().map(String::as_str).collect::<Vec<_>>()) {
            let alone = |name: &str, value: Option<&str>| refused(&[name].into_iter().chain(value).collect::<Vec<_>>());
            let names = options.iter().filter(|(name, value)| alone(name, value.as_deref()));
            unknown.extend(names.map(|(name, _)| format!("{command} {name}")));
        }
    }
    assert!(tried > 12, "only {tried} commands have help");
    assert!(unknown.is_empty(), "not known: {unknown:#?}");
}

/// Whether a command line can be read: its help is shown, which comes after everything before it was understood.
fn accepts(project: &Project, before: &[&str], after: &[&str]) -> bool {
    let args = before.iter().chain(after).chain(&["--help"]);
    project.karat(args.copied()).output().unwrap().status.success()
}
