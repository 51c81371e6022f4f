//! The values of variables whose names begin with `DBT_ENV_SECRET` are seen nowhere.

use serde_json::Value as Json;

use crate::harness::Project;

const SECRET: &str = "hunter2";

const FILES: [(&str, &str); 5] = [
    ("dbt_project.yml", "name: shop\nprofile: shop\n"),
    (
        "profiles.yml",
        "shop:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: shop.duckdb
      schema: \"s_{{ env_var('DBT_ENV_SECRET_WORD') | upper }}\"
",
    ),
    (
        "models/good.sql",
        "{{ log('said ' ~ target.schema, info=true) }}{{ print('printed ' ~ target.schema) }} select 1 as x",
    ),
    ("models/bad.sql", "select missing from {{ ref('good') }}"),
    ("models/cast.sql", "{{ config(materialized='table') }} select cast('hunter2' as integer) as x"),
];

/// What a command prints, both ways; it must hold what stands for the secret.
fn said(project: &Project, args: &[&str]) -> String {
    let output = project.karat(args.iter().copied()).env("DBT_ENV_SECRET_WORD", SECRET).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(!text.to_lowercase().contains(SECRET), "{args:?}: {text}");
    assert!(text.contains("*****"), "{args:?}: {text}");
    text
}

#[test]
fn secrets_are_hidden_in_what_is_printed() {
    let project = Project::files(&FILES);
    let built = said(&project, &["build"]);
    for line in ["said s_*****", "printed s_*****", "model s_*****.good", "cast('*****' as integer)"] {
        assert!(built.contains(line), "no `{line}` in\n{built}");
    }
    said(&project, &["build", "--log-format", "json"]);
    said(&project, &["debug"]);
    said(&project, &["compile", "--select", "bad"]);
    said(&project, &["show", "--inline", "select '{{ target.schema }}' as x"]);
    said(&project, &["ls", "--output", "json", "--output-keys", "schema"]);
    project.write("models/wrong.sql", "select {{ nothing( }} 'hunter2'");
    assert!(said(&project, &["parse"]).contains("'*****'"));
}

#[test]
fn a_filter_does_not_change_a_secret() {
    let project = Project::files(&FILES);
    said(&project, &["build"]);
    let manifest = std::fs::read_to_string(project.path().join("target/manifest.json")).unwrap();
    let manifest: Json = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["nodes"]["model.shop.good"]["schema"], format!("s_{SECRET}"));
}

#[test]
fn secrets_are_hidden_in_what_results_tell() {
    let project = Project::files(&FILES);
    said(&project, &["build", "--vars", "{DBT_ENV_SECRET_VAR: swordfish, other: a swordfish}"]);
    let results = std::fs::read_to_string(project.path().join("target/run_results.json")).unwrap();
    assert!(!results.contains("swordfish"), "{results}");
    let results: Json = serde_json::from_str(&results).unwrap();
    assert_eq!(results["args"]["vars"]["other"], "a *****");
    let command = results["args"]["invocation_command"].as_str().unwrap();
    assert!(command.ends_with("--vars {DBT_ENV_SECRET_VAR: *****, other: a *****}"), "{command}");
    let messages: Vec<&str> =
        results["results"].as_array().unwrap().iter().filter_map(|result| result["message"].as_str()).collect();
    assert!(messages.iter().any(|message| message.contains("*****")), "{messages:?}");
    assert!(messages.iter().all(|message| !message.contains(SECRET)), "{messages:?}");
}
