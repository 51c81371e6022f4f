//! Seeds give the tables that dbt gives.
//!
//! `seeds.json` holds CSV texts with what dbt-duckdb 1.11 made of them: the columns it created and, where it could
//! load the file, the rows as text.
#![cfg(feature = "duckdb")]

use karat_adapters::duckdb::{DuckDb, Settings};
use karat_adapters::{
    Adapter, Cell, Connection, LoadMode, RelationName, SeedLoad, SeedSource, infer_csv, seed_columns,
};
use serde_json::Value;

/// dbt reads an open quote as text; here it is an error.
const REFUSED: &str = "unclosed";

/// dbt picks a type which the file then does not load with.
const OTHER_TYPES: [(&str, &str); 3] = [("bigints", "BIGINT"), ("nans", "DOUBLE"), ("infs", "DOUBLE")];

fn cases() -> Vec<Value> {
    serde_json::from_str(include_str!("seeds.json")).unwrap()
}

fn text<'a>(case: &'a Value, key: &str) -> &'a str {
    case[key].as_str().unwrap_or_default()
}

fn load(connection: &mut dyn Connection, case: &Value) -> Result<Vec<(String, String)>, String> {
    let csv = text(case, "csv").as_bytes();
    let delimiter = text(case, "delimiter").chars().next().unwrap_or(',');
    let given = case["column_types"].as_object().into_iter().flatten();
    let given: Vec<(String, String)> =
        given.map(|(name, data_type)| (name.clone(), data_type.as_str().unwrap().to_owned())).collect();
    let as_text: Vec<&str> = given.iter().map(|(name, _)| name.as_str()).collect();
    let inferred = infer_csv(csv, delimiter, &as_text).map_err(|error| error.message)?;
    let adapter = DuckDb::new(Settings::default());
    let columns = seed_columns(&inferred, &given, |kind| adapter.seed_type(kind));
    let relation = RelationName::new("main", text(case, "name"));
    let source = SeedSource::Bytes(csv);
    let load = SeedLoad { relation: &relation, columns: &columns, source, delimiter, mode: LoadMode::Create };
    let loaded = connection.load_csv(&load).map(drop).map_err(|error| error.message);
    let upper = |data_type: &str| data_type.to_uppercase();
    let columns = columns.iter().map(|column| (column.name.clone(), upper(&column.data_type))).collect();
    loaded.map(|()| columns)
}

fn expected_columns(case: &Value) -> Vec<(String, String)> {
    let pair = |pair: &Value| (pair[0].as_str().unwrap().to_owned(), pair[1].as_str().unwrap().to_owned());
    case["columns"].as_array().unwrap().iter().map(pair).collect()
}

fn rows(connection: &mut dyn Connection, name: &str) -> Value {
    let table = connection.query(&format!("select columns(*)::varchar from main.\"{name}\"")).unwrap();
    let cell = |cell: &Cell| cell.as_str().map_or(Value::Null, Value::from);
    table.rows.iter().map(|row| row.iter().map(cell).collect::<Value>()).collect()
}

#[test]
fn what_dbt_loads_is_the_same_here() {
    let mut connection = DuckDb::new(Settings::default()).connect().unwrap();
    let mut failures = Vec::new();
    for case in cases() {
        let name = text(&case, "name").to_owned();
        if case.get("rows").is_none() || name == REFUSED {
            continue;
        }
        if let Err(message) = load(&mut *connection, &case) {
            failures.push(format!("{name}: {message}"));
            continue;
        }
        let columns: Vec<(String, String)> = connection
            .columns(&RelationName::new("main", &name))
            .unwrap()
            .into_iter()
            .map(|column| (column.name, column.data_type))
            .collect();
        if columns != expected_columns(&case) || rows(&mut *connection, &name) != case["rows"] {
            failures.push(format!("{name}: {columns:?}\n{}", rows(&mut *connection, &name)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn what_dbt_cannot_load_gets_the_types_it_chose() {
    let adapter = DuckDb::new(Settings::default());
    for case in cases().iter().filter(|case| case.get("rows").is_none() && case.get("columns").is_some()) {
        let name = text(case, "name");
        let Ok(inferred) = infer_csv(text(case, "csv").as_bytes(), ',', &[]) else {
            assert_eq!(name, "short_row");
            continue;
        };
        let columns = seed_columns(&inferred, &[], |kind| adapter.seed_type(kind));
        let mut expected = expected_columns(case);
        if let Some((_, data_type)) = OTHER_TYPES.iter().find(|(other, _)| *other == name) {
            expected[0].1 = (*data_type).to_owned();
        } else if name == "exps" {
            expected[2].1 = "DOUBLE".to_owned();
        }
        let columns: Vec<(String, String)> =
            columns.into_iter().map(|column| (column.name, column.data_type)).collect();
        assert_eq!(columns, expected, "{name}");
    }
}

#[test]
fn broken_files_are_refused() {
    let mut connection = DuckDb::new(Settings::default()).connect().unwrap();
    for (name, reason) in [
        ("empty", "the file has no header line"),
        ("short_row", "the row has 1 cell, the header has 2"),
        ("long_row", "the row has 3 cells, the header has 2"),
        ("unclosed", "Value with unterminated quote found."),
        ("thousands", "Could not convert string \"1,000\" to 'INTEGER'"),
    ] {
        let case = cases().into_iter().find(|case| text(case, "name") == name).unwrap();
        let message = load(&mut *connection, &case).unwrap_err();
        assert!(message.contains(reason), "{name}: {message}");
    }
}
