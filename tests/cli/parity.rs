//! The fixture projects, step by step, compared with what dbt-core did with them (`tests/oracle/record.py`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use karat_adapters::duckdb::{DuckDb, Settings};
use karat_adapters::{Adapter, Connection};
use serde_json::{Map, Value as Json, json};

use crate::artifacts::Artifacts;
use crate::harness::Project;
use crate::postgres::recorded::Server;

/// Where karat differs from dbt, and why.
const KNOWN: &[(&str, &str)] = &[
    // dbt keeps a tag that a test gets from its column and from its own settings twice.
    ("checks/nodes/test.checks.relationships_points_id__v__ref_points_.68aebeb13a", "config"),
    ("checked/nodes/test.checks.relationships_points_id__v__ref_points_.68aebeb13a", "config"),
    // A decimal prints as the number it is, not with the zeros of its scale.
    ("lang/nodes/model.lang.asks", "compiled"),
    ("lang/0/relations", "lang.main.asks"),
    // The order in which independent nodes end is what this hook writes.
    ("shop/nodes/operation.shop.shop-on-run-end-1", "compiled"),
];

#[test]
fn fixture_projects_go_as_with_dbt() {
    all_go_as_with_dbt("tests/cli/projects");
}

#[test]
fn fixture_projects_go_as_with_dbt_on_postgres() {
    all_go_as_with_dbt("tests/cli/postgres/projects");
}

fn all_go_as_with_dbt(folder: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut projects: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    projects.sort();
    assert!(!projects.is_empty());
    let mut found = Vec::new();
    std::thread::scope(|scope| {
        let runs: Vec<_> = projects.iter().map(|p| scope.spawn(|| compare(p))).collect();
        found.extend(runs.into_iter().flat_map(|run| run.join().unwrap()));
    });
    let known: Vec<(String, String)> = KNOWN.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let new: Vec<String> = found
        .iter()
        .filter(|d| !known.contains(&(d.place.clone(), d.key.clone())))
        .map(|d| format!("{} {}\n    dbt   {}\n    karat {}", d.place, d.key, d.dbt, d.karat))
        .collect();
    assert!(new.is_empty(), "{} differences\n{}", new.len(), new.join("\n"));
}

/// One thing that is not as dbt has it.
pub struct Difference {
    pub place: String,
    pub key: String,
    pub dbt: Json,
    pub karat: Json,
}

fn compare(folder: &Path) -> Vec<Difference> {
    let read = |name: &str| serde_json::from_str::<Json>(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap();
    let (expected, steps) = (read("expected.json"), read("steps.json"));
    let name = folder.file_name().unwrap().to_string_lossy().into_owned();
    let project = Project::copy(folder);
    let server = Server::of(folder);
    let mut found = Vec::new();
    let (mut artifacts, mut is_first) = (Artifacts::default(), true);
    for (index, step) in steps.as_array().unwrap().iter().enumerate() {
        let args: Vec<&str> = step.as_array().unwrap().iter().map(|a| a.as_str().unwrap()).collect();
        if let ["@apply", version] = args[..] {
            project.apply(&folder.join(version));
            continue;
        }
        let done = run(&project, server.as_ref(), &args);
        artifacts.collect(&project, index, std::mem::take(&mut is_first));
        if index == 0 {
            nodes(&name, &project, &expected["nodes"], &mut found);
        }
        let wanted = &expected["steps"][index];
        let place = format!("{name}/{index}");
        for key in ["exit", "stdout", "statuses", "freshness", "catalog"] {
            differ(&mut found, &place, key, &lines(&wanted[key], !args.contains(&"run-operation")), &done[key]);
        }
        match &server {
            Some(server) => server.compare(&place, wanted, &mut found),
            None => relations(&place, &project, wanted, &mut found),
        }
    }
    if server.is_none() {
        artifacts.compare(&name, folder, &mut found);
    }
    found
}

/// Notes a difference where there is one.
pub fn differ(found: &mut Vec<Difference>, place: &str, key: &str, dbt: &Json, karat: &Json) {
    if dbt != karat {
        found.push(Difference { place: place.to_owned(), key: key.to_owned(), dbt: dbt.clone(), karat: karat.clone() });
    }
}

/// Runs one command and says of it what was recorded of dbt.
fn run(project: &Project, server: Option<&Server>, args: &[&str]) -> Json {
    let results = project.path().join("target/run_results.json");
    let sources = project.path().join("target/sources.json");
    if !args.contains(&"retry") {
        let _ = std::fs::remove_file(&results);
    }
    let _ = std::fs::remove_file(&sources);
    let mut command = project.karat(args.iter().copied());
    command.envs(server.map(Server::variables).unwrap_or_default()).env("KARAT_FIXTURE", "from the environment");
    let output = command.output().unwrap();
    let mut done = json!({"exit": output.status.code()});
    if args.iter().any(|a| matches!(*a, "ls" | "list" | "run-operation")) {
        let text = String::from_utf8(output.stdout).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::trim_end).filter(|l| !l.is_empty()).map(plain).collect();
        if !args.contains(&"run-operation") {
            lines.sort();
        }
        if !lines.is_empty() {
            done["stdout"] = json!(lines);
        }
    } else if let Ok(text) = std::fs::read_to_string(&results) {
        let results: Json = serde_json::from_str(&text).unwrap();
        let statuses = results["results"].as_array().unwrap().iter().map(|r| {
            let status =
                if r["failures"].is_null() { json!([r["status"]]) } else { json!([r["status"], r["failures"]]) };
            (r["unique_id"].as_str().unwrap().to_owned(), status)
        });
        let statuses: Map<String, Json> = statuses.collect();
        if !statuses.is_empty() {
            done["statuses"] = Json::Object(statuses);
        }
    }
    if args.contains(&"docs") {
        done["catalog"] = catalog(project);
        if let Some(server) = server {
            server.name_owner(&mut done["catalog"]);
        }
    }
    if let Ok(text) = std::fs::read_to_string(&sources) {
        let sources: Json = serde_json::from_str(&text).unwrap();
        let results = sources["results"].as_array().unwrap().iter();
        let results: BTreeMap<&str, Json> = results.map(|r| (r["unique_id"].as_str().unwrap(), freshness(r))).collect();
        if !results.is_empty() {
            done["freshness"] = json!(results);
        }
    }
    done
}

/// What `catalog.json` says of each table.
fn catalog(project: &Project) -> Json {
    let text = std::fs::read_to_string(project.path().join("target/catalog.json")).unwrap();
    let catalog: Json = serde_json::from_str(&text).unwrap();
    let part = |key: &str| -> Json {
        let entries = catalog[key].as_object().unwrap().iter();
        let entry = |e: &Json| json!({"metadata": e["metadata"], "columns": e["columns"], "stats": e["stats"]});
        Json::Object(entries.map(|(id, e)| (id.clone(), entry(e))).collect())
    };
    json!({"nodes": part("nodes"), "sources": part("sources")})
}

/// What was found out about a source; moments of the run itself are left out.
fn freshness(result: &Json) -> Json {
    let at = result["max_loaded_at"].as_str().filter(|at| *at < "2022");
    json!({"status": result["status"], "criteria": result["criteria"], "max_loaded_at": at})
}

/// The lines of a recorded output in the form and order of ours; anything else as it is.
fn lines(recorded: &Json, sorted: bool) -> Json {
    let Some(lines) = recorded.as_array() else { return recorded.clone() };
    let mut lines: Vec<String> = lines.iter().map(|l| plain(l.as_str().unwrap())).collect();
    if sorted {
        lines.sort();
    }
    json!(lines)
}

/// A line of JSON without the order and spaces that writers are free in.
fn plain(line: &str) -> String {
    match serde_json::from_str::<BTreeMap<String, Json>>(line) {
        Ok(map) => serde_json::to_string(&map).unwrap(),
        Err(_) => line.to_owned(),
    }
}

const SECTIONS: [&str; 8] =
    ["nodes", "sources", "exposures", "unit_tests", "metrics", "semantic_models", "saved_queries", "groups"];

/// What the manifest says about every node. SQL that dbt did not compile, of nodes that it skipped, says nothing.
fn nodes(name: &str, project: &Project, expected: &Json, found: &mut Vec<Difference>) {
    let text = std::fs::read_to_string(project.path().join("target/manifest.json")).unwrap();
    let manifest: Json = serde_json::from_str(&text).unwrap();
    let entries = SECTIONS.iter().flat_map(|k| manifest[*k].as_object().unwrap());
    let ours: BTreeMap<&String, &Json> = entries.collect();
    for (id, wanted) in expected.as_object().unwrap() {
        let place = format!("{name}/nodes/{id}");
        if wanted["disabled"] == json!(true) {
            differ(found, &place, "disabled", &json!(true), &json!(manifest["disabled"].get(id).is_some()));
            continue;
        }
        let Some(node) = ours.get(id) else {
            differ(found, &place, "node", &json!("there"), &Json::Null);
            continue;
        };
        for (key, value) in wanted.as_object().unwrap() {
            differ(found, &place, key, value, &said(node, key, value));
        }
    }
    for id in ours.keys().filter(|id| expected.get(id.as_str()).is_none()) {
        differ(found, &format!("{name}/nodes/{id}"), "node", &Json::Null, &json!("there"));
    }
}

/// What the manifest has for a key, in the form in which it was recorded.
fn said(node: &Json, key: &str, wanted: &Json) -> Json {
    let sorted = |value: &Json| {
        let mut items: Vec<String> =
            value.as_array().into_iter().flatten().map(|v| v.as_str().unwrap().to_owned()).collect();
        items.sort();
        json!(items)
    };
    match key {
        "depends_on" => sorted(&node["depends_on"]["nodes"]),
        "tags" => sorted(&node["tags"]),
        "all" => {
            let all = node.as_object().unwrap().iter().filter(|(key, _)| *key != "created_at");
            Json::Object(all.map(|(key, value)| (key.clone(), value.clone())).collect())
        }
        "compiled" => json!(fold(node["compiled_code"].as_str().unwrap_or_default())),
        "columns" => {
            let columns = node["columns"].as_object().unwrap();
            Json::Object(
                columns.values().map(|c| (c["name"].as_str().unwrap().to_owned(), c["description"].clone())).collect(),
            )
        }
        "config" => {
            let keys = wanted.as_object().unwrap().keys();
            Json::Object(keys.map(|k| (k.clone(), node["config"][k].clone())).collect())
        }
        _ => node[key].clone(),
    }
}

/// SQL without comments and white space.
fn fold(sql: &str) -> String {
    let comment = regex::Regex::new(r"--[^\n]*").unwrap();
    let text: String = comment.replace_all(sql, " ").split_whitespace().collect();
    text.trim_end_matches(';').to_owned()
}

/// The relations that the step changed, with their columns and rows, and those that are gone.
fn relations(place: &str, project: &Project, wanted: &Json, found: &mut Vec<Difference>) {
    let mut databases: BTreeMap<String, Box<dyn Connection>> = BTreeMap::new();
    let empty = Map::new();
    let mut ask = |name: &str| {
        let (database, rest) = name.split_once('.').unwrap();
        let (schema, table) = rest.split_once('.').unwrap();
        let connection = databases.entry(database.to_owned()).or_insert_with(|| open(project, database));
        relation(connection.as_mut(), schema, table)
    };
    for (name, expected) in wanted["relations"].as_object().unwrap_or(&empty) {
        differ(found, &format!("{place}/relations"), name, expected, &ask(name));
    }
    for name in wanted["gone"].as_array().into_iter().flatten() {
        differ(found, &format!("{place}/gone"), name.as_str().unwrap(), &Json::Null, &ask(name.as_str().unwrap()));
    }
}

fn open(project: &Project, database: &str) -> Box<dyn Connection> {
    let path = project.path().join(format!("{database}.duckdb"));
    DuckDb::new(Settings { read_only: true, ..Settings::file(path) }).connect().unwrap()
}

fn relation(connection: &mut dyn Connection, schema: &str, table: &str) -> Json {
    let literal = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let (s, t) = (literal(schema), literal(table));
    let kind = connection
        .query(&format!(
            "select 'table' from duckdb_tables() where schema_name = {s} and table_name = {t} \
             and database_name = current_database() union all \
             select 'view' from duckdb_views() where schema_name = {s} and view_name = {t} \
             and database_name = current_database()"
        ))
        .unwrap();
    let Some(kind) = kind.single() else { return Json::Null };
    let quoted = format!("\"{}\".\"{}\"", schema.replace('"', "\"\""), table.replace('"', "\"\""));
    let columns = connection
        .describe(&format!("from {quoted}"))
        .map(|found| found.into_iter().map(|c| format!("{} {}", c.name, c.data_type)).collect::<Vec<_>>());
    let rows = connection
        .query(&format!("select to_json(t)::varchar from {quoted} t order by all"))
        .map(|found| found.rows.iter().map(|r| r[0].to_string()).collect::<Vec<_>>());
    match (columns, rows) {
        (Ok(columns), Ok(rows)) => json!({"kind": kind.to_string(), "columns": columns, "rows": rows}),
        // A view of something that another database holds.
        _ => json!({"kind": kind.to_string(), "columns": [], "rows": []}),
    }
}
