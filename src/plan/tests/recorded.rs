//! Incremental models against what dbt-duckdb makes of them: `testdata/incremental.json`, see the script beside it.

use karat_adapters::duckdb::Settings;
use serde_json::{Value as Json, json};

use super::warehouse::{Warehouse, message};

/// Where dbt fails on purpose or by accident and karat goes on, with the columns and rows that it makes.
fn decided(name: &str) -> Option<(Json, Json)> {
    let columns = |amount: &str| json!([["id", "INTEGER"], ["name", "VARCHAR"], ["amount", amount]]);
    let replaced =
        |two: &str, four: &str| json!([["1", "a", "10"], ["2", "B", two], ["3", "c", "30"], ["4", "D", four]]);
    match name {
        "ignore_new_column_merge" => Some((columns("INTEGER"), replaced("21", "40"))),
        "sync_type" => Some((columns("BIGINT"), replaced("21000000000000", "40000000000000"))),
        "sync_type_to_text" | "sync_type_to_text_merge" => Some((columns("VARCHAR"), replaced("n21", "n40"))),
        _ => None,
    }
}

fn check(case: &Json) -> Result<(), String> {
    let text = |key: &str| case[key].as_str().unwrap_or_default();
    let mut config = case["config"].clone();
    config["materialized"] = json!("incremental");
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let settings = Settings::file(folder.path().join("shop.duckdb"));
    let mut first = Warehouse::with(settings.clone());
    first.build(&config, text("first")).map_err(|error| format!("first build: {}", message(&error)))?;
    // As dbt does: some limits of indexes only show once the file was opened anew.
    drop(first);
    let mut warehouse = Warehouse::with(settings);
    let second = warehouse.build(&config, text("second"));
    let decided = decided(text("name"));
    let fails = case["error"].is_string() && decided.is_none();
    if second.is_err() != fails {
        let said = second.err().map(|error| format!("{}\n{}", message(&error), error.sql));
        return Err(format!("dbt: {}, karat: {said:?}", case["error"]));
    }
    let (columns, rows) = decided.unwrap_or_else(|| (case["columns"].clone(), case["rows"].clone()));
    let null_as_text = |cell: &Json| cell.as_str().unwrap_or("NULL").to_owned();
    let mut wanted: Vec<Vec<String>> = rows
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| row.as_array().into_iter().flatten().map(null_as_text).collect())
        .collect();
    let mut found = warehouse.rows();
    wanted.sort();
    found.sort();
    if json!(warehouse.columns()) != columns {
        return Err(format!("columns {:?} instead of {columns}", warehouse.columns()));
    }
    if found != wanted {
        return Err(format!("rows {found:?} instead of {wanted:?}"));
    }
    match warehouse.relations() {
        litter if litter != ["orders"] => Err(format!("relations {litter:?}")),
        _ => Ok(()),
    }
}

#[test]
fn incremental_models_end_as_they_do_with_dbt() {
    let recorded: Vec<Json> = serde_json::from_str(include_str!("../testdata/incremental.json")).unwrap();
    assert!(recorded.len() > 50);
    let failures: Vec<String> = recorded
        .iter()
        .filter_map(|case| check(case).err().map(|error| format!("{}: {error}", case["name"])))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
