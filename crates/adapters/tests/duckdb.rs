//! What only DuckDB has: files, locks, extensions, attached databases.
#![cfg(feature = "duckdb")]

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use karat_adapters::duckdb::{Attach, DuckDb, Extension, Settings};
use karat_adapters::recording::Recording;
use karat_adapters::{
    Adapter, AdapterError, AdapterErrorKind, Cell, Connection, LoadMode, RelationName, SchemaName, SeedLoad,
    SeedSource, infer_csv, seed_columns,
};

fn fails(settings: Settings) -> AdapterError {
    DuckDb::new(settings).connect().err().unwrap()
}

fn cell(connection: &mut dyn Connection, sql: &str) -> Cell {
    connection.query(sql).unwrap().single().unwrap().clone()
}

const HELD_FILE: &str = "KARAT_TEST_HELD_FILE";

/// Not a test by itself: another process, started below, that holds a database until its input ends.
#[test]
fn hold_a_file() {
    let Some(path) = std::env::var_os(HELD_FILE) else { return };
    let _connection = DuckDb::new(Settings::file(path)).connect().unwrap();
    println!("held");
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

#[test]
fn a_file_held_by_another_process_is_locked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("held.duckdb");
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "hold_a_file", "--nocapture"])
        .env(HELD_FILE, &path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    assert!(lines.any(|line| line.unwrap().contains("held")));
    let error = fails(Settings::file(&path));
    assert_eq!(error.kind, AdapterErrorKind::Locked);
    assert!(error.message.contains(&format!("PID {}", child.id())), "{}", error.message);
    assert!(error.hint.is_some());
    drop(child.stdin.take());
    child.wait().unwrap();
    DuckDb::new(Settings::file(&path)).connect().unwrap();
}

#[test]
fn files_that_cannot_be_opened_say_why() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "not a database, but long enough to be looked at\n".repeat(200)).unwrap();
    let error = fails(Settings::file(&text));
    assert_eq!(error.kind, AdapterErrorKind::Connect);
    assert!(error.message.ends_with("notes.txt is not a DuckDB database"), "{}", error.message);
    let error = fails(Settings::file(folder.path()));
    assert!(error.message.ends_with("is a folder, not a database file"), "{}", error.message);
    let error = fails(Settings::file(text.join("x.duckdb")));
    assert!(error.message.starts_with("cannot create the folder"), "{}", error.message);
    let error = fails(Settings { read_only: true, ..Settings::file(folder.path().join("none.duckdb")) });
    assert!(error.message.contains("does not exist"), "{}", error.message);
}

#[test]
fn wrong_settings_name_the_setting() {
    let mut settings = Settings::default();
    settings.settings.insert("thraeds".to_owned(), "1".to_owned());
    let error = fails(settings);
    assert_eq!(error.kind, AdapterErrorKind::Config);
    assert!(error.message.contains("'thraeds'"), "{}", error.message);
    let mut settings = Settings::default();
    settings.config_options.insert("nonsense".to_owned(), "1".to_owned());
    let error = fails(settings);
    assert_eq!(error.kind, AdapterErrorKind::Config, "{}", error.message);
    let error = fails(Settings { database: Some("other".to_owned()), ..Settings::default() });
    assert_eq!(error.kind, AdapterErrorKind::Config);
}

#[test]
fn extensions_inside_of_the_library_need_no_network() {
    let folder = tempfile::tempdir().unwrap();
    let extension = |name: &str| Extension { name: name.to_owned(), repository: None };
    let extensions = ["json", "parquet", "icu"].map(extension).to_vec();
    let mut settings = Settings { extensions, ..Settings::default() };
    settings.settings.insert("TimeZone".to_owned(), "UTC".to_owned());
    settings.config_options.insert("extension_directory".to_owned(), folder.path().display().to_string());
    DuckDb::new(settings.clone()).connect().unwrap();
    settings.config_options.insert("custom_extension_repository".to_owned(), folder.path().display().to_string());
    settings.extensions = vec![extension("no_such_extension")];
    let error = fails(settings);
    assert_eq!(error.kind, AdapterErrorKind::Extension);
    assert!(error.message.contains("'no_such_extension'"), "{}", error.message);
}

#[test]
fn other_databases_are_attached() {
    let folder = tempfile::tempdir().unwrap();
    let attach = Attach {
        path: folder.path().join("other.db").display().to_string(),
        alias: Some("Other".to_owned()),
        ..Attach::default()
    };
    let settings = Settings {
        attach: vec![attach],
        database: Some("Other".to_owned()),
        ..Settings::file(folder.path().join("main file.x.duckdb"))
    };
    assert_eq!(settings.primary_database(), "main file");
    let adapter = DuckDb::new(settings);
    let mut connection = adapter.connect().unwrap();
    connection.execute("create schema \"Other\".s; create table \"Other\".s.t as select 1 as x").unwrap();
    let found = connection.relations(&[SchemaName::new("S"), SchemaName::in_database("main file", "main")]).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].name, RelationName::new("s", "t").in_database("Other"));
    assert_eq!(connection.columns(&RelationName::new("s", "t")).unwrap().len(), 1);
}

#[test]
fn names_without_a_schema_are_found_in_main_and_then_in_the_default_schema() {
    let adapter = DuckDb::new(Settings { schema: "Gold".to_owned(), ..Settings::default() });
    let mut connection = adapter.connect().unwrap();
    connection.execute("create schema \"Gold\"; create table \"Gold\".t as select 1 as x").unwrap();
    let mut later = adapter.connect().unwrap();
    assert_eq!(cell(&mut *later, "select x from t"), Cell::Int(1));
    assert_eq!(cell(&mut *later, "select current_schema()"), Cell::Text("main".to_owned()));
}

#[test]
fn database_names_come_from_the_file() {
    for (path, name) in [("target/shop.duckdb", "shop"), (":memory:", "memory"), ("a.b.duckdb", "a"), (".x.db", "x")] {
        assert_eq!(Settings::file(path).database_name(), name);
    }
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::file(folder.path().join("my.shop.duckdb"));
    let mut connection = DuckDb::new(settings.clone()).connect().unwrap();
    assert_eq!(cell(&mut *connection, "select current_database()"), Cell::Text(settings.database_name()));
}

#[test]
fn a_closed_database_keeps_its_data() {
    let folder = tempfile::tempdir().unwrap();
    let adapter = DuckDb::new(Settings::file(folder.path().join("x.duckdb")));
    adapter.connect().unwrap().execute("create table t as select 7 as x").unwrap();
    adapter.close();
    assert!(!Path::new(&folder.path().join("x.duckdb.wal")).exists());
    assert_eq!(cell(&mut *adapter.connect().unwrap(), "select x from t"), Cell::Int(7));
}

#[test]
fn statements_that_return_rows_they_cannot_hand_out_run_once() {
    let adapter = DuckDb::new(Settings::default());
    let mut connection = adapter.connect().unwrap();
    connection.execute("create table t (x bit)").unwrap();
    let error = connection.query("insert into t values ('1') returning x").unwrap_err();
    assert_eq!(error.kind, AdapterErrorKind::Unsupported);
    assert_eq!(cell(&mut *connection, "select count(*) from t"), Cell::Int(1));
}

#[test]
fn a_large_seed_loads_quickly() {
    let mut csv = String::from("id,name,amount,day\n");
    for row in 0..24_000 {
        writeln!(csv, "{row},name {row},{row}.25,2024-01-{:02}", row % 28 + 1).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large [1].csv");
    std::fs::write(&path, &csv).unwrap();
    let adapter = Recording::new(DuckDb::new(Settings::default()));
    let mut connection = adapter.connect().unwrap();
    let started = Instant::now();
    let columns = seed_columns(&infer_csv(csv.as_bytes(), ',', &[]).unwrap(), &[], |kind| adapter.seed_type(kind));
    let inferred = started.elapsed();
    let relation = RelationName::new("main", "large");
    for source in [SeedSource::Bytes(csv.as_bytes()), SeedSource::File(&path)] {
        let started = Instant::now();
        let load = SeedLoad { relation: &relation, columns: &columns, source, delimiter: ',', mode: LoadMode::Create };
        assert_eq!(connection.load_csv(&load).unwrap().rows_affected, Some(24_000));
        println!("inferred in {inferred:?}, loaded in {:?}", started.elapsed());
        assert!(started.elapsed() < Duration::from_millis(500));
    }
    assert_eq!(
        columns.iter().map(|column| column.data_type.as_str()).collect::<Vec<_>>(),
        ["INTEGER", "VARCHAR", "DOUBLE", "DATE"]
    );
    assert_eq!(adapter.log().entries(), ["-- load_csv main.large", "-- load_csv main.large"]);
}
