//! Calls of the built-in macros, compared with what dbt makes of them (`testdata/macros.py`).

use std::collections::BTreeMap;
use std::sync::Arc;

use karat_jinja::BlockKind;
use minijinja::Value;

use crate::files::Memory;
use crate::jinja::scope::{Owner, Scope};
use crate::jinja::shared::Talk;
use crate::render::{Failure, Renderer};
use crate::session::{Options, Session};

struct Silent;

impl Talk for Silent {
    fn log(&self, _: &str, _: bool) {}
    fn print(&self, _: &str) {}
    fn warn(&self, _: &str) {}
}

/// A session of a project with these models.
fn session(kind: &str, models: &[String]) -> Session {
    let paths: Vec<String> = (0..models.len()).map(|i| format!("/shop/models/c{i:03}.sql")).collect();
    session_with(kind, paths.iter().map(String::as_str).zip(models.iter().map(String::as_str)))
}

/// A session of a project with these files.
fn session_with<'a>(kind: &str, more: impl Iterator<Item = (&'a str, &'a str)>) -> Session {
    let outputs = "{type: KIND, path: db.duckdb, host: localhost, port: 1, user: u, pass: p, dbname: db, project: db, \
                   dataset: main, schema: main}";
    let profiles = format!("shop: {{target: t, outputs: {{t: {}}}}}", outputs.replace("KIND", kind));
    let mut files: Vec<(&str, &str)> = Vec::from_iter(more);
    files.extend([("/shop/project.yml", "name: shop\nprofile: shop\n"), ("/shop/profiles.yml", &*profiles)]);
    let options = Options { project_dir: Some("/shop".into()), ..Options::default() };
    Session::open(&Memory::new(files), &options, Box::new(Silent)).unwrap_or_else(|failure| {
        panic!("{kind}: {:#?}", failure.diagnostics.iter().map(|d| d.plain(&failure.sources)).collect::<Vec<_>>())
    })
}

fn rendered(session: &Session, renderer: &Renderer, index: usize) -> String {
    let id = format!("model.shop.c{index:03}");
    let at = session.graph.nodes().iter().position(|n| n.unique_id == id).unwrap();
    match renderer.render(at, None) {
        Ok(rendered) => fold(&rendered.sql),
        Err(Failure::Problem(problem)) => format!("error: {}", problem.plain(&session.sources)),
        Err(Failure::Introspective) => "error: asks the warehouse".to_owned(),
    }
}

/// A text without comments; runs of white space made one, and none beside brackets, commas and semicolons.
fn fold(text: &str) -> String {
    const TIGHT: [char; 8] = ['[', ']', '(', ')', '{', '}', ',', ';'];
    let plain: Vec<&str> =
        text.lines().flat_map(|l| l.split("--").next().unwrap_or_default().split_whitespace()).collect();
    let mut out = String::new();
    for word in plain {
        if !out.is_empty() && !out.ends_with(TIGHT) && !word.starts_with(TIGHT) {
            out.push(' ');
        }
        out.push_str(word);
    }
    for tight in TIGHT {
        out = out.replace(&format!(" {tight}"), &tight.to_string()).replace(&format!("{tight} "), &tight.to_string());
    }
    out
}

fn model(call: &str) -> String {
    format!("{}{{% if execute %}}[{{{{ {call} }}}}]{{% endif %}}", include_str!("testdata/preface.txt"))
}

#[test]
fn calls_come_to_what_dbt_makes_of_them() {
    let recorded: BTreeMap<String, BTreeMap<String, String>> =
        serde_json::from_str(include_str!("testdata/macros.json")).unwrap();
    let mut wrong = Vec::new();
    for (kind, calls) in recorded {
        let models: Vec<String> = calls.keys().map(|call| model(call)).collect();
        let session = session(&kind, &models);
        let renderer = Renderer::new(session.shared.clone(), session.graph.clone());
        for (index, (call, expected)) in calls.iter().enumerate() {
            let found = rendered(&session, &renderer, index);
            if found != *expected {
                wrong.push(format!("{kind}: {call}\n    dbt   {expected}\n    karat {found}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of them differ\n{}", wrong.len(), wrong.join("\n"));
}

/// Whether a name is one of those that are left out on purpose: `*` stands for any text.
fn is_left_out(name: &str) -> bool {
    fn matches(pattern: &str, name: &str) -> bool {
        match pattern.split_once('*') {
            None => pattern == name,
            Some((start, rest)) => name.strip_prefix(start).is_some_and(|end| {
                (0..=end.len()).filter(|at| end.is_char_boundary(*at)).any(|at| matches(rest, &end[at..]))
            }),
        }
    }
    let lines = include_str!("testdata/left_out.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).any(|pattern| matches(pattern, name))
}

#[test]
fn every_macro_of_dbt_is_there_with_its_parameters() {
    let recorded: BTreeMap<String, String> = serde_json::from_str(include_str!("testdata/names.json")).unwrap();
    let sessions = ["duckdb", "postgres", "bigquery"].map(|kind| session(kind, &[]));
    let mut wrong = Vec::new();
    for (name, parameters) in recorded {
        let id = format!("macro.{name}");
        let found = sessions.iter().find_map(|s| s.shared.macros.all().iter().find(|m| m.unique_id == id));
        let Some(found) = found else {
            if !is_left_out(&name) {
                wrong.push(format!("{name}({parameters}) is not there"));
            }
            continue;
        };
        if found.kind == BlockKind::Materialization {
            continue;
        }
        let own = &found.parameters;
        let same = |(wanted, own): (&str, &karat_jinja::Parameter)| match wanted.strip_suffix('=') {
            Some(wanted) => own.name == wanted && own.default.is_some(),
            None => own.name == wanted,
        };
        let wanted: Vec<&str> = parameters.split_whitespace().collect();
        if wanted.len() != own.len() || !wanted.iter().copied().zip(own).all(same) {
            let own: Vec<String> = own.iter().map(|p| format!("{}{:?}", p.name, p.default)).collect();
            wrong.push(format!("{name}({parameters}) has the parameters {}", own.join(" ")));
        }
    }
    assert!(wrong.is_empty(), "{} of them\n{}", wrong.len(), wrong.join("\n"));
}

/// What makes a function on a kind of warehouse.
fn function_sql(kind: &str, writes: &str) -> String {
    let told = "functions: [{name: plus, config: {volatility: deterministic}, arguments: [{name: x, data_type: int}, \
                {name: y, data_type: int, default_value: 2}], returns: {data_type: bigint}}]";
    let files = [("/shop/functions/plus.sql", "x + y"), ("/shop/functions/f.yml", told)];
    let session = session_with(kind, files.into_iter());
    let index = session.graph.index("function.shop.plus").unwrap();
    let owner = Owner::Node(session.graph.clone(), index);
    let mut scope = Scope::execute(session.shared.clone(), "shop".into(), owner, None);
    scope.extra.insert("compiled_code".to_owned(), Value::from("x + y"));
    let scope = Arc::new(scope);
    let target = session.shared.relation_of(session.graph.node(index)).value();
    let macros = &session.shared.macros;
    let id = &macros.find("shop", writes).unwrap().unique_id;
    let sql = macros.engine().call_macro(id, Value::from_dyn_object(scope), &[target], &[]).unwrap();
    fold(&karat_jinja::py_str(&sql))
}

#[test]
fn functions_are_written_as_each_warehouse_has_them() {
    let cases = [
        (
            "postgres",
            "scalar_function_sql",
            r#"CREATE OR REPLACE FUNCTION "db"."main"."plus"(x int,y int DEFAULT 2)RETURNS bigint IMMUTABLE AS $$ x + y $$ LANGUAGE SQL;"#,
        ),
        (
            "bigquery",
            "scalar_function_sql",
            "CREATE OR REPLACE FUNCTION `db`.`main`.`plus`(x int,y int)RETURNS bigint AS(x + y);",
        ),
        (
            "bigquery",
            "bigquery__aggregate_function_sql",
            "CREATE OR REPLACE AGGREGATE FUNCTION `db`.`main`.`plus`(x int,y int)RETURNS bigint AS(x + y)",
        ),
        (
            "duckdb",
            "scalar_function_sql",
            r#"create or replace macro "db"."main"."plus"(x,y := 2)as(cast((x + y)as bigint))"#,
        ),
        (
            "duckdb",
            "duckdb__table_function_sql",
            r#"create or replace macro "db"."main"."plus"(x,y := 2)as table(x + y)"#,
        ),
    ];
    for (kind, writes, expected) in cases {
        assert_eq!(function_sql(kind, writes), expected, "{kind} {writes}");
    }
}
