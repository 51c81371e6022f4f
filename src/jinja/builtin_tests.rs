//! Calls of the built-in macros, compared with what dbt makes of them (`testdata/macros.py`).

use std::collections::BTreeMap;

use crate::files::Memory;
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
    let outputs = "{type: KIND, path: db.duckdb, host: localhost, port: 1, user: u, pass: p, dbname: db, project: db, \
                   dataset: main, schema: main}";
    let profiles = format!("shop: {{target: t, outputs: {{t: {}}}}}", outputs.replace("KIND", kind));
    let paths: Vec<String> = (0..models.len()).map(|i| format!("/shop/models/c{i:03}.sql")).collect();
    let mut files = vec![("/shop/project.yml", "name: shop\nprofile: shop\n"), ("/shop/profiles.yml", &*profiles)];
    files.extend(paths.iter().map(String::as_str).zip(models.iter().map(String::as_str)));
    let options = Options { project_dir: Some("/shop".into()), ..Options::default() };
    Session::open(&Memory::new(files), &options, Box::new(Silent)).unwrap_or_else(|failure| {
        panic!("{kind}: {:#?}", failure.diagnostics.iter().map(|d| d.plain(&failure.sources)).collect::<Vec<_>>())
    })
}

fn rendered(session: &Session, renderer: &Renderer, index: usize) -> String {
    let id = format!("model.shop.c{index:03}");
    let at = session.graph.nodes().iter().position(|n| n.unique_id == id).unwrap();
    match renderer.render(at, None) {
        Ok(rendered) => rendered.sql.split_whitespace().collect::<Vec<_>>().join(" "),
        Err(Failure::Problem(problem)) => format!("error: {}", problem.plain(&session.sources)),
        Err(Failure::Introspective) => "error: asks the warehouse".to_owned(),
    }
}

/// Without the one comment that dbt's macros leave in the SQL.
fn without_comment(text: &str) -> String {
    let comment = |kind: &str| format!("-- {kind} dateadd does not support quarter interval. ");
    text.replace(&comment("duckdb"), "").replace(&comment("postgres"), "")
}

#[test]
fn calls_come_to_what_dbt_makes_of_them() {
    let recorded: BTreeMap<String, BTreeMap<String, String>> =
        serde_json::from_str(include_str!("testdata/macros.json")).unwrap();
    let mut wrong = Vec::new();
    for (kind, calls) in recorded {
        let models: Vec<String> = calls.keys().map(|call| format!("[{{{{ {call} }}}}]")).collect();
        let session = session(&kind, &models);
        let renderer = Renderer::new(session.shared.clone(), session.graph.clone());
        for (index, (call, expected)) in calls.iter().enumerate() {
            let found = rendered(&session, &renderer, index);
            if found != without_comment(expected) {
                wrong.push(format!("{kind}: {call}\n    dbt   {expected}\n    karat {found}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of them differ\n{}", wrong.len(), wrong.join("\n"));
}
