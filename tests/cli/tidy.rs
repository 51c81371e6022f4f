//! What the repository promises about itself and the compiler can't see.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use karat::codes;

/// A name of a dependency, and the only places below `src/` that may mention it (paths or the start of one).
///
/// Templates are evaluated in more places than `jinja/`: each stage that renders makes its own context.
const HOMES: [(&str, &[&str]); 20] = [
    ("clap::", &["cli/"]),
    ("flate2::", &["deps/archive.rs"]),
    ("sha1::", &["deps/lock.rs"]),
    ("tar::", &["deps/archive.rs"]),
    ("ureq::", &["deps/http.rs"]),
    ("dbt_yaml::", &["config/", "load.rs", "select/yaml_selectors.rs"]),
    ("indicatif::", &["report/"]),
    ("miette::", &["diagnostic/"]),
    (
        "minijinja::",
        &[
            "jinja/",
            "discover/",
            "render.rs",
            "execute/hooks.rs",
            "execute/schemas.rs",
            "cli/compile.rs",
            "cli/run_operation.rs",
        ],
    ),
    ("petgraph::", &["graph.rs"]),
    ("rayon::", &["load.rs", "discover/", "render.rs", "session.rs"]),
    ("signal_hook::", &["cli/signals.rs"]),
    ("sqlparser", &[]),
    ("std::fs", &["files.rs"]),
    ("strsim::", &["diagnostic.rs"]),
    ("uuid::", &["cli/global.rs"]),
    ("walkdir::", &["files.rs"]),
    ("duckdb::", &["warehouse/", "plan/tests"]),
    (
        "\"duckdb\"",
        &["jinja/builtin", "warehouse/", "config/profile.rs", "plan/tests", "report/tests", "select/tests.rs"],
    ),
    ("impl miette::Diagnostic", &["diagnostic/excerpt.rs"]),
];

fn source_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            source_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Every file below `src/` with its path relative to it and its code, comments left out.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    source_files(&root, &mut files);
    files.sort();
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        let code: Vec<&str> = text.lines().filter(|l| !l.trim_start().starts_with("//")).collect();
        (path.strip_prefix(&root).unwrap().display().to_string(), code.join("\n"))
    };
    files.iter().map(read).collect()
}

#[test]
fn every_dependency_has_one_home() {
    let mut strays = Vec::new();
    for (file, code) in sources() {
        for (name, homes) in HOMES {
            if code.contains(name) && !homes.iter().any(|home| file.starts_with(home)) {
                strays.push(format!("{name} in src/{file}"));
            }
        }
    }
    assert!(strays.is_empty(), "{strays:#?}");
}

#[test]
fn every_code_is_explained_and_every_explanation_is_of_a_code() {
    let raised = regex::Regex::new(r#"(?:Diagnostic::(?:error|warning)\(\s*|code: )"([a-z0-9-]+)""#).unwrap();
    let literal = regex::Regex::new(r#""([a-z]+(?:-[a-z0-9]+)+|connection)""#).unwrap();
    let explained: BTreeSet<String> = codes::all().map(|e| e.code.to_owned()).collect();
    let mut used = BTreeSet::new();
    let mut mentioned = BTreeSet::new();
    for (file, code) in sources() {
        let code = code.split("#[cfg(test)]").next().unwrap();
        if file.contains("tests") && file != "discover/tests.rs" {
            continue;
        }
        used.extend(raised.captures_iter(code).map(|c| c[1].to_owned()));
        mentioned.extend(literal.captures_iter(code).map(|c| c[1].to_owned()));
    }
    let unexplained: Vec<_> = used.difference(&explained).collect();
    assert!(unexplained.is_empty(), "docs/codes.md has no section for {unexplained:?}");
    let stale: Vec<_> = explained.difference(&mentioned).collect();
    assert!(stale.is_empty(), "docs/codes.md explains what nothing raises: {stale:?}");
    let sorted: Vec<String> = codes::all().map(|e| e.code.to_owned()).collect();
    assert!(sorted.is_sorted(), "docs/codes.md is not in alphabetical order");
}

/// Every row of `docs/dbt-compatibility.md` says yes, different or no, and links to what shows it unless it is a no.
#[test]
fn what_is_said_of_dbt_is_shown_by_a_test() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let page = std::fs::read_to_string(docs.join("dbt-compatibility.md")).unwrap();
    let link = regex::Regex::new(r"\]\((\.\./[^)]+)\)").unwrap();
    let mut wrong = Vec::new();
    let mut rows = 0;
    let mut features = BTreeSet::new();
    for row in page.lines().filter(|l| l.starts_with("| ") && !l.starts_with("| feature ")) {
        rows += 1;
        let cells: Vec<&str> = row.trim_matches('|').split(" |").map(str::trim).collect();
        if !features.insert(cells[0]) {
            wrong.push(format!("twice: {row}"));
        }
        let shown: Vec<&str> = link.captures_iter(cells.get(3).unwrap_or(&"")).map(|c| c.extract::<1>().1[0]).collect();
        let known = ["yes", "different", "no"].contains(cells.get(1).unwrap_or(&""));
        if cells.len() != 4 || !known || (cells[1] != "no" && shown.is_empty()) {
            wrong.push(row.to_owned());
        }
        wrong.extend(shown.iter().filter(|l| !docs.join(l).exists()).map(|l| format!("there is no {l}: {row}")));
    }
    assert!(rows > 40, "only {rows} rows found");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
