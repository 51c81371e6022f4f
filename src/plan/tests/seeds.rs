//! Seeds.

use karat_adapters::{Adapter, LoadMode, RelationKind};
use serde_json::{Value as Json, json};

use super::warehouse::{Warehouse, message};
use super::{a_node, target};
use crate::node::ResourceType;
use crate::plan::{Csv, Hook, Job, Outcome, Seed, StepError, seed_columns};

fn load(
    warehouse: &mut Warehouse,
    config: &Json,
    csv: &str,
    change: impl FnOnce(&mut Job<'_>),
) -> Result<Outcome, StepError> {
    let node = a_node(ResourceType::Seed, config);
    let columns = seed_columns(&node, csv.as_bytes(), |kind| warehouse.engine.seed_type(kind))?;
    let mut job = Job::new(&node, "", target());
    job.seed = Some(Seed { csv: Csv::Bytes(csv.as_bytes().into()), columns });
    change(&mut job);
    warehouse.run(job)
}

fn simple(warehouse: &mut Warehouse, csv: &str) -> Result<Outcome, StepError> {
    load(warehouse, &json!({}), csv, |_| {})
}

#[test]
fn a_seed_is_loaded_and_told_as_dbt_does() {
    let mut warehouse = Warehouse::new();
    let outcome = simple(&mut warehouse, "id,name\n1,a\n2,\n").unwrap();
    assert_eq!(warehouse.rows(), [["1", "a"], ["2", "NULL"]]);
    assert_eq!((outcome.message.as_str(), outcome.rows_affected), ("INSERT 2", Some(2)));
    let response = json!({"_message": "INSERT 2", "code": "INSERT", "rows_affected": 2});
    assert_eq!(Json::from(outcome.adapter_response), response);
    let refreshed = load(&mut warehouse, &json!({}), "id\n1\n", |job| job.full_refresh = true).unwrap();
    assert_eq!(refreshed.message, "CREATE 1");
    assert_eq!(warehouse.columns(), [["id", "INTEGER"]]);
}

#[test]
fn the_table_is_kept_while_its_columns_fit() {
    let mut warehouse = Warehouse::new();
    let typed = json!({"column_types": {"id": "bigint"}});
    load(&mut warehouse, &typed, "id,name\n1,a\n", |_| {}).unwrap();
    simple(&mut warehouse, "ID,name\n3,c\n").unwrap();
    assert_eq!(warehouse.columns(), [["id", "BIGINT"], ["name", "VARCHAR"]]);
    assert_eq!(warehouse.rows(), [["3", "c"]]);
    simple(&mut warehouse, "name,id\nd,4\n").unwrap();
    assert_eq!(warehouse.columns(), [["name", "VARCHAR"], ["id", "INTEGER"]]);
    assert_eq!(warehouse.rows(), [["d", "4"]]);
}

#[test]
fn a_seed_takes_the_place_of_a_view() {
    let mut warehouse = Warehouse::new();
    warehouse.build(&json!({"materialized": "view"}), "select 1 as id").unwrap();
    simple(&mut warehouse, "id\n5\n").unwrap();
    assert_eq!((warehouse.existing(), warehouse.rows()), (Some(RelationKind::Table), vec![vec!["5".to_owned()]]));
}

#[test]
fn a_cell_that_does_not_fit_leaves_the_old_rows() {
    for config in [json!({}), json!({"column_types": {"id": "integer"}})] {
        let mut warehouse = Warehouse::new();
        load(&mut warehouse, &config, "id\n1\n", |_| {}).unwrap();
        let error = load(&mut warehouse, &json!({"column_types": {"id": "integer"}}), "id\nx\n", |_| {}).unwrap_err();
        assert!(!message(&error).is_empty());
        assert_eq!(warehouse.rows(), [["1"]]);
    }
}

#[test]
fn hooks_and_indexes_share_the_loads_transaction() {
    let mut warehouse = Warehouse::new();
    let config = json!({"indexes": [{"columns": ["id"], "unique": true}]});
    let hook = |sql: &str| Hook { sql: sql.to_owned(), transaction: true };
    let hooked = |job: &mut Job<'_>| {
        job.pre_hooks = vec![hook("create or replace table log(word varchar)")];
        job.post_hooks = vec![hook("insert into log select count(*) from main.orders")];
    };
    for _ in 0..2 {
        load(&mut warehouse, &config, "id\n1\n2\n", hooked).unwrap();
        assert_eq!(warehouse.texts("select * from log"), [["2"]]);
        assert_eq!(warehouse.texts("select index_name from duckdb_indexes()"), [["orders__dbt_index_edf13a98"]]);
    }
    let failing = |job: &mut Job<'_>| job.post_hooks = vec![hook("select error('too late')")];
    load(&mut warehouse, &config, "id\n9\n", failing).unwrap_err();
    assert_eq!(warehouse.rows(), [["1"], ["2"]]);
}

#[test]
fn an_empty_file_makes_an_empty_table() {
    let mut warehouse = Warehouse::new();
    let outcome = load(&mut warehouse, &json!({"delimiter": ";"}), "id;name\n", |_| {}).unwrap();
    assert_eq!((outcome.message.as_str(), warehouse.rows().len()), ("INSERT 0", 0));
}

#[test]
fn columns_in_another_order_do_not_fit() {
    let load = crate::plan::LoadSeed {
        relation: target(),
        seed: Seed {
            csv: Csv::Bytes((*b"").into()),
            columns: vec![karat_adapters::SeedColumn { name: "a".to_owned(), data_type: "INTEGER".to_owned() }],
        },
        delimiter: ',',
        keeps_table: true,
        full_refresh: false,
        indexes: Vec::new(),
    };
    let column = |name: &str| karat_adapters::Column::new(name, "INTEGER");
    let mode = |table: &[karat_adapters::Column]| load.mode(table, &karat_sql::dialect::DuckDb);
    assert_eq!(mode(&[column("A")]), LoadMode::Truncate);
    assert_eq!(mode(&[column("a"), column("b")]), LoadMode::Create);
    assert_eq!(mode(&[column("b")]), LoadMode::Create);
    assert_eq!(mode(&[]), LoadMode::Create);
}
