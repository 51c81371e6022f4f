//! Runs that go wrong: models that fail, runs that are killed or interrupted, tests that stand in the way.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use crate::harness::Project;

const PROJECT: &str = "name: shop\nprofile: shop\n";
const PROFILE: &str = "shop:\n  outputs:\n    default: {type: duckdb, path: shop.duckdb, threads: 2}\n";

fn project(files: &[(&str, &str)]) -> Project {
    let project = Project::files(&[("project.yml", PROJECT), ("profiles.yml", PROFILE)]);
    for (path, text) in files {
        project.write(path, text);
    }
    project
}

fn run(project: &Project, args: &[&str]) -> Output {
    project.karat(args.iter().copied()).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The rows of a query, each as one text.
fn rows(project: &Project, query: &str) -> Vec<String> {
    let output = run(project, &["--quiet", "show", "--inline", query, "--limit", "-1", "--output", "csv"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    String::from_utf8(output.stdout).unwrap().lines().skip(1).map(str::to_owned).collect()
}

/// The statuses of the last run, by name of the node.
fn statuses(project: &Project) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(project.path().join("target/run_results.json")).unwrap();
    let results: Json = serde_json::from_str(&text).unwrap();
    let mut found: Vec<(String, String)> = results["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| {
            let name = r["unique_id"].as_str().unwrap().split('.').nth(2).unwrap().to_owned();
            (name, r["status"].as_str().unwrap().to_owned())
        })
        .collect();
    found.sort();
    found
}

fn expect(found: &[(String, String)], expected: &[(&str, &str)]) {
    let found: Vec<(&str, &str)> = found.iter().map(|(n, s)| (n.as_str(), s.as_str())).collect();
    assert_eq!(found, expected);
}

/// Relations of the database that are not the project's own.
fn litter(project: &Project) -> Vec<String> {
    rows(
        project,
        "select table_name from information_schema.tables where table_name like '%tmp%' or table_name like '%backup%'",
    )
}

#[test]
fn a_failing_model_keeps_its_old_rows_and_skips_what_is_below() {
    let project = project(&[
        ("models/first.sql", "select 1 as id"),
        (
            "models/daily.sql",
            "{{ config(materialized='table') }} select 1 / {{ var('by', 1) }} as n, id from {{ ref('first') }}",
        ),
        ("models/below.sql", "select * from {{ ref('daily') }}"),
        ("models/further.sql", "select * from {{ ref('below') }}"),
        ("models/other.sql", "{{ config(materialized='table') }} select 2 as id from {{ ref('first') }}"),
    ]);
    assert_eq!(code(&run(&project, &["build"])), 0);
    project.write(
        "models/daily.sql",
        "{{ config(materialized='table') }} select cast('x' || id as integer) as n, id from {{ ref('first') }}",
    );
    let failed = run(&project, &["build"]);
    assert_eq!(code(&failed), 1);
    expect(
        &statuses(&project),
        &[("below", "skipped"), ("daily", "error"), ("first", "success"), ("further", "skipped"), ("other", "success")],
    );
    assert!(stderr(&failed).contains("model daily failed"), "{}", stderr(&failed));
    assert_eq!(rows(&project, "select n, id from {{ ref('daily') }}"), ["1.0,1"]);
    assert_eq!(litter(&project), Vec::<String>::new());
}

#[test]
fn a_failing_test_stands_in_the_way_and_a_warning_does_not() {
    let project = project(&[
        ("models/a.sql", "select * from (values (1), (1), (null)) as t(id)"),
        ("models/b.sql", "select * from {{ ref('a') }}"),
        (
            "models/schema.yml",
            "models:\n  - name: a\n    columns:\n      - name: id\n        data_tests:\n          - unique: {config: {store_failures: true}}\n          - not_null: {config: {severity: warn}}\n",
        ),
    ]);
    let failed = run(&project, &["build"]);
    assert_eq!(code(&failed), 1);
    expect(
        &statuses(&project),
        &[("a", "success"), ("b", "skipped"), ("not_null_a_id", "warn"), ("unique_a_id", "fail")],
    );
    assert!(stderr(&failed).contains("dbt_test__audit"), "how to see the rows:\n{}", stderr(&failed));
    assert_eq!(rows(&project, "select * from main_dbt_test__audit.unique_a_id"), ["1,2"]);
    let warned = run(&project, &["build", "--exclude", "unique_a_id"]);
    assert_eq!(code(&warned), 0, "{}", stderr(&warned));
    expect(&statuses(&project), &[("a", "success"), ("b", "success"), ("not_null_a_id", "warn")]);
}

#[test]
fn the_first_failure_ends_a_run_that_fails_fast() {
    let mut files = vec![("models/a.sql".to_owned(), "select nothing".to_owned())];
    for n in 0..5 {
        let above = if n == 0 { "(select 1 as id)".to_owned() } else { format!("{{{{ ref('m{}') }}}}", n - 1) };
        files.push((format!("models/m{n}.sql"), format!("select * from {above}")));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    let project = project(&files);
    let output = run(&project, &["run", "--fail-fast", "--threads", "1"]);
    assert_eq!(code(&output), 1);
    let found = statuses(&project);
    assert_eq!(found.len(), 6);
    assert_eq!(found.iter().filter(|(_, s)| s == "error").count(), 1);
    let whole = run(&project, &["run", "--threads", "1"]);
    assert_eq!(code(&whole), 1);
    assert_eq!(statuses(&project).iter().filter(|(_, s)| s == "success").count(), 5);
}

#[test]
fn many_workers_do_what_one_does() {
    let files: Vec<(String, String)> = (0..120)
        .map(|n| {
            let kind = ["view", "table", "incremental"][n % 3];
            let above = if n < 20 { "(select 1 as id)".to_owned() } else { format!("{{{{ ref('m{}') }}}}", n - 20) };
            (
                format!("models/m{n}.sql"),
                format!("{{{{ config(materialized='{kind}') }}}} select id + 1 as id from {above}"),
            )
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    let project = project(&files);
    for threads in ["8", "1", "8"] {
        let output = run(&project, &["build", "--threads", threads]);
        assert_eq!(code(&output), 0, "{threads} threads\n{}", stderr(&output));
        assert!(statuses(&project).iter().all(|(_, s)| s == "success"));
    }
    assert_eq!(rows(&project, "select id from {{ ref('m119') }}")[0], "7");
}

/// A project whose one table takes far longer to build than any test waits.
fn endless() -> Project {
    let project = project(&[
        ("models/large.sql", "{{ config(materialized='table') }} select 1 as id"),
        ("models/after.sql", "select * from {{ ref('large') }}"),
    ]);
    assert_eq!(code(&run(&project, &["build"])), 0);
    let query = "{{ config(materialized='table') }} select sum(a.i * b.i) as id from range(100000000) a(i), range(100000000) b(i)";
    project.write("models/large.sql", query);
    project
}

/// Starts a build and waits until the large table is being built.
fn started(project: &Project) -> Child {
    let mut command = project.karat(["--log-level", "debug", "build"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let is_start = |line: &str| line.contains("START") && line.contains("large");
    assert!(lines.by_ref().map_while(Result::ok).any(|line| is_start(&line)), "the build never started");
    std::thread::sleep(Duration::from_millis(300));
    // What else it says is read away, so that it can go on.
    std::thread::spawn(move || lines.for_each(drop));
    child
}

#[test]
fn a_killed_run_leaves_the_old_rows_and_nothing_else() {
    let project = endless();
    let mut child = started(&project);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(rows(&project, "select * from {{ ref('large') }}"), ["1"]);
    assert_eq!(litter(&project), Vec::<String>::new());
    project.write("models/large.sql", "{{ config(materialized='table') }} select 2 as id");
    let next = run(&project, &["build"]);
    assert_eq!(code(&next), 0, "{}", stderr(&next));
    assert_eq!(rows(&project, "select * from {{ ref('after') }}"), ["2"]);
    let left: Vec<String> =
        files_below(project.path()).into_iter().filter(|f| f.ends_with(".tmp") || f.ends_with(".wal")).collect();
    assert_eq!(left, Vec::<String>::new());
}

fn files_below(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files_below(&path)) } else { found.push(path.display().to_string()) }
    }
    found
}

#[cfg(unix)]
#[test]
fn signals_cancel_what_runs_and_the_results_are_written() {
    for (signal, exit) in [("INT", 130), ("TERM", 143)] {
        let project = endless();
        let mut child = started(&project);
        let sent = Instant::now();
        let killed = Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        let status = child.wait().unwrap();
        assert!(sent.elapsed() < Duration::from_secs(5), "{signal} took {:?}", sent.elapsed());
        assert_eq!(status.code(), Some(exit));
        expect(&statuses(&project), &[("after", "skipped"), ("large", "error")]);
        assert_eq!(rows(&project, "select * from {{ ref('large') }}"), ["1"]);
    }
}

#[test]
fn a_database_that_another_process_holds_is_told_of() {
    let project = endless();
    let mut child = started(&project);
    let second = run(&project, &["run", "--select", "after"]);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(code(&second), 1);
    let said = stderr(&second);
    assert!(said.contains("is in use by") && said.contains(&child.id().to_string()), "{said}");
}

#[test]
fn a_target_folder_that_cannot_be_made_is_told_of() {
    let project = project(&[("models/a.sql", "select 1 as id"), ("target", "this is a file")]);
    let output = run(&project, &["build"]);
    let said = stderr(&output);
    assert!(said.contains("can't write") && !said.contains("panicked"), "{said}");
}

#[test]
fn batches_are_built_side_by_side_and_conflicts_are_overcome() {
    let project = project(&[
        (
            "models/daily.sql",
            "{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='happened', \
             batch_size='day', begin='2024-01-01', persist_docs={'relation': true, 'columns': true}) }}\n\
             select i as id, timestamp '2024-01-01' + to_hours(i::int) as happened from range(720) as r(i)",
        ),
        ("models/daily.yml", "models: [{name: daily, description: a, columns: [{name: id, description: b}]}]"),
    ]);
    let line = ["run", "--threads", "4", "--event-time-start", "2024-01-01", "--event-time-end", "2024-01-31"];
    for again in [false, true] {
        let output = run(&project, &[&line[..], &["--log-format", "json"]].concat());
        let said = String::from_utf8_lossy(&[output.stdout.clone(), output.stderr.clone()].concat()).into_owned();
        assert_eq!(code(&output), 0, "{said}");
        let lines = said.lines().filter_map(|line| serde_json::from_str::<Json>(line).ok());
        let batches: Vec<Json> = lines.filter(|line| line["info"]["name"] == "LogBatchResult").collect();
        let threads: std::collections::HashSet<String> =
            batches.iter().map(|line| line["info"]["thread"].to_string()).collect();
        assert!(batches.len() == 30 && threads.len() > 1, "{again}: {} batches by {threads:?}", batches.len());
        assert_eq!(rows(&project, "select count(*), count(distinct id) from {{ ref('daily') }}"), ["720,720"]);
    }
}

#[cfg(unix)]
#[test]
fn a_signal_ends_a_program_that_has_not_begun_to_run() {
    use std::os::unix::process::ExitStatusExt;
    let endless = "{% for a in range(9999) %}{% for b in range(9999) %}{% set c = a * b %}{% endfor %}{% endfor %}";
    let project = project(&[("models/a.sql", &format!("{endless}select 1 as id"))]);
    let mut child = project.karat(["run"]).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let killed = Command::new("kill").args(["-TERM".to_owned(), child.id().to_string()]).status().unwrap();
    let status = child.wait().unwrap();
    assert!(killed.success());
    // Before the program listens for signals they end it anyway.
    assert!(status.code() == Some(143) || status.signal() == Some(15), "{status:?}");
    assert!(!project.path().join("target").exists());
}
