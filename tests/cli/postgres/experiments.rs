//! `examples/experiments`: built on a real server, its figures compared with those that SciPy and NumPy gave
//! (tests/experiments), its alerts made to fire.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use super::server::{Database, ended};
use crate::harness::Project;

/// The generator's incidents, and the test that each makes fail, or warn.
const ALERTS: [(&str, &str, bool); 4] = [
    ("constraint_violations", "FAIL 1 constraint_violations", true),
    ("latency", "FAIL 1 p99_latency", true),
    ("acceptance", "WARN 1 acceptance_below_baseline", false),
    ("silence", "FAIL 1 no_events", true),
];
/// What members of a group may read, and what not.
const GRANTS: [(&str, &str, bool); 10] = [
    ("exp_admins", "exp_staging.stg_events", true),
    ("exp_admins", "exp_dashboards.latency_by_variant", true),
    ("exp_ml", "exp_dashboards.offline_online_metrics", true),
    ("exp_engineering", "exp_dashboards.latency_by_variant", true),
    ("exp_engineering", "exp_dashboards.conversation_completion", false),
    ("exp_product", "exp.v_active_experiments", true),
    ("exp_product", "exp_staging.stg_events", false),
    ("exp_conversational_ai", "exp_metabase.conversation_sessions", true),
    ("exp_conversational_ai", "exp_dashboards.conversation_drop_off", true),
    ("exp_conversational_ai", "exp_dashboards.quality_by_policy", false),
];
const EXPOSURES: [&str; 6] = [
    "conversation_analytics",
    "experiment_overview",
    "latency_and_cost",
    "model_quality",
    "offline_vs_online",
    "variant_performance",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn example() -> Project {
    let parts = ["project.yml", "profiles.yml", "models", "macros", "tests"];
    Project::folders(&root().join("examples/experiments"), &parts)
}

/// A file that tests/experiments keeps.
fn expected(file: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(root().join("tests/experiments").join(file)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Fills the database anew.
fn generate(database: &Database, arguments: &[&str]) {
    let generator = root().join("examples/experiments/generate.py");
    let sql = Command::new("python3")
        .arg(generator)
        .args(arguments)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("python3 is needed to generate the warehouse");
    assert!(sql.status.success(), "{}", String::from_utf8_lossy(&sql.stderr));
    database.execute(&String::from_utf8(sql.stdout).unwrap());
}

/// The rows of what `karat show` is given.
fn shown(database: &Database, project: &Project, args: &[&str]) -> Vec<Value> {
    let show = ["show", "--quiet", "--limit", "-1", "--output", "json"];
    let output = database.karat(project, show.iter().chain(args).copied()).output().unwrap();
    assert!(output.status.success(), "{}", ended(&output).1);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    found["show"].as_array().unwrap().clone()
}

/// Compares each expected figure, to one part in a million, with that of the row of the same key.
fn compare(what: &str, key: &[&str], expected: &[Value], found: &[Value]) {
    let key_of = |row: &Value| key.iter().map(|column| row[column].to_string()).collect::<Vec<_>>();
    let found: BTreeMap<_, _> = found.iter().map(|row| (key_of(row), row)).collect();
    let mut wrong = Vec::new();
    if found.len() != expected.len() {
        wrong.push(format!("{} rows instead of {}", found.len(), expected.len()));
    }
    for row in expected {
        let Some(other) = found.get(&key_of(row)) else {
            wrong.push(format!("no row for {row}"));
            continue;
        };
        for (column, value) in row.as_object().unwrap() {
            if !agree(value, &other[column]) {
                wrong.push(format!("{column} is {} instead of {value}: {row}", other[column]));
            }
        }
    }
    assert!(wrong.is_empty(), "{what}:\n{}", wrong.join("\n"));
}

fn agree(expected: &Value, found: &Value) -> bool {
    // Postgres has exact decimals, which are shown as texts.
    let number = |value: &Value| value.as_f64().or_else(|| value.as_str()?.parse().ok());
    match (expected.as_f64(), number(found)) {
        (Some(expected), Some(found)) => (expected - found).abs() <= 1e-6 * expected.abs(),
        (Some(_), None) => false,
        (None, _) => expected == found,
    }
}

#[test]
fn the_example_is_built_its_figures_are_right_and_its_alerts_fire() {
    let database = Database::new();
    let project = example();
    generate(&database, &[]);
    let said = database.succeed(&project, &["build"]);
    let done = regex::Regex::new(r"Done\. PASS=(\d+) WARN=0 ERROR=0 SKIP=0 NO-OP=6 TOTAL=\d+").unwrap();
    let counts = done.captures(&said).unwrap_or_else(|| panic!("{said}"));
    assert!(counts[1].parse::<u32>().unwrap() >= 120, "{said}");

    for card in expected("figures.json") {
        let model = card["model"].as_str().unwrap();
        let key: Vec<&str> = card["key"].as_array().unwrap().iter().map(|column| column.as_str().unwrap()).collect();
        let found = shown(&database, &project, &["--select", model]);
        compare(model, &key, card["rows"].as_array().unwrap(), &found);
    }
    check_groups_and_dashboards(&database, &project);

    for (incident, alert, fails) in ALERTS {
        generate(&database, &["--incident", incident]);
        let (code, said) = database.run(&project, &["build"]);
        assert_eq!(code, i32::from(fails), "{incident}\n{said}");
        let alerts: Vec<&str> = said.lines().filter(|l| l.contains(" FAIL ") || l.contains(" WARN ")).collect();
        assert!(alerts.len() == 1 && alerts[0].contains(alert), "{incident}: {alerts:?}");
        // It holds nothing back.
        assert!(said.contains(" SKIP=0 "), "{said}");
    }

    // By the clock, this data ended long ago.
    generate(&database, &["--end", "2020-01-01"]);
    let (code, said) = database.run(&project, &["build", "--vars", "{now: current_timestamp}"]);
    assert!(code == 1 && said.contains("FAIL 1 no_events") && said.contains("ERROR=1"), "{said}");
}

fn check_groups_and_dashboards(database: &Database, project: &Project) {
    for (group, relation, may) in GRANTS {
        let mut connection = database.connect();
        connection.execute(&format!("set role {group}")).unwrap();
        let read = connection.query(&format!("select * from {relation} limit 1"));
        assert_eq!(read.is_ok(), may, "{group} {relation}");
    }
    let keys = ["--output-keys", "name", "owner", "depends_on"];
    let list = ["ls", "--resource-type", "exposure", "--output", "json", "--quiet"];
    let output = database.karat(project, list.into_iter().chain(keys)).output().unwrap();
    assert!(output.status.success(), "{}", ended(&output).1);
    let listed: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut names: Vec<&str> = listed.iter().map(|exposure| exposure["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, EXPOSURES);
    for exposure in &listed {
        assert!(exposure["owner"]["email"].as_str().is_some_and(|email| email.contains('@')), "{exposure}");
        assert!(exposure["depends_on"]["nodes"].as_array().unwrap().len() >= 3, "{exposure}");
    }
}

/// A project that has nothing of the example but its macros, with a target on each engine.
fn significance() -> Project {
    let samples = std::fs::read_to_string(root().join("tests/experiments/significance.csv")).unwrap();
    let profile = super::server::PROFILE.to_owned() + "    file: {type: duckdb, path: samples.duckdb}\n";
    let project = Project::files(&[
        ("project.yml", "name: samples\nprofile: shop\n"),
        ("profiles.yml", &profile),
        ("seeds/samples.csv", &samples),
        (
            "models/comparisons.sql",
            "{% set groups = {'variant': 'variant', 'control': \"variant = 'control'\", 'by': ['sample']} %}
             {{ two_proportion_z(ref('samples'), 'success', **groups) }} union all
             {{ chi_square(ref('samples'), 'category', **groups) }} union all
             {{ welch_t(ref('samples'), 'value', **groups) }} union all
             {{ mann_whitney_u(ref('samples'), 'value', **groups) }}",
        ),
        (
            "models/one.sql",
            "{{ welch_t('(select * from ' ~ ref('samples') ~ \" where sample = 'shifted') as s\", 'value', 'variant',
                        \"variant = 'control'\", metric='speed', alpha=1e-9) }}",
        ),
    ]);
    let macros = root().join("examples/experiments/macros/significance");
    for file in ["distributions.sql", "tests.sql"] {
        project.write(&format!("macros/{file}"), &std::fs::read_to_string(macros.join(file)).unwrap());
    }
    project
}

#[test]
fn tests_of_significance_agree_with_scipy_on_both_engines() {
    let (database, project) = (Database::new(), significance());
    let tests = expected("significance.json");
    let significant = |row: &Value| match row["p_value"].as_f64() {
        Some(p) => Value::Bool(p < 0.05),
        None => Value::Null,
    };
    for target in ["pg", "file"] {
        database.succeed(&project, &["build", "--target", target]);
        let found = shown(&database, &project, &["--select", "comparisons", "--target", target]);
        compare(target, &["sample", "test", "variant"], &tests, &found);
        for row in &found {
            assert_eq!(row["significant"], significant(row), "{target}: {row}");
        }
        // Without `by`, and with an alpha of its own.
        let one = shown(&database, &project, &["--select", "one", "--target", target]);
        let alone: Vec<Value> =
            tests.iter().filter(|row| row["sample"] == "shifted" && row["test"] == "welch_t").cloned().collect();
        let alone: Vec<Value> = alone.into_iter().map(|row| without(row, "sample")).collect();
        compare(target, &["test", "variant"], &alone, &one);
        assert!(one.iter().all(|row| row["metric"] == "speed" && row["significant"] == false), "{one:?}");
    }
}

fn without(mut row: Value, column: &str) -> Value {
    row.as_object_mut().unwrap().shift_remove(column);
    row
}

#[test]
fn distributions_agree_with_scipy_on_both_engines() {
    let (database, project) = (Database::new(), significance());
    let mut functions: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for row in expected("distributions.json") {
        functions.entry(row["function"].as_str().unwrap().to_owned()).or_default().push(row);
    }
    for target in ["pg", "file"] {
        for (function, points) in &functions {
            let arguments = if points[0]["df"].is_null() { "'x'" } else { "'x', 'df'" };
            let values: Vec<String> = points
                .iter()
                .map(|row| format!("(cast({} as double precision), cast({} as double precision))", row["x"], row["df"]))
                .collect();
            let sql = format!(
                "select x, df, {{{{ {function}({arguments}) }}}} as value from (values {}) as points(x, df)",
                values.join(", ")
            );
            let found = shown(&database, &project, &["--inline", &sql, "--target", target]);
            assert_eq!(found.len(), points.len());
            for (row, other) in points.iter().zip(&found) {
                assert!(agree(&row["x"], &other["x"]) && agree(&row["value"], &other["value"]), "{row} {other}");
            }
            // Null gives null.
            let sql = format!(
                "select {{{{ {function}({arguments}) }}}} as value from (select cast(null as double precision) as x, 3 as df) as p"
            );
            let found = shown(&database, &project, &["--inline", &sql, "--target", target]);
            assert!(found[0]["value"].is_null(), "{function} on {target}: {found:?}");
        }
    }
}
