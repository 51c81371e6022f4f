//! Data tests on the engine.

use karat_adapters::RelationKind;
use serde_json::{Value as Json, json};

use super::warehouse::Warehouse;
use super::{a_node, target};
use crate::node::ResourceType;
use crate::plan::{Job, TestOutcome, TestStatus, stored_as, test_outcome};

fn run(warehouse: &mut Warehouse, config: &Json, sql: &str, flag: bool) -> TestOutcome {
    let node = a_node(ResourceType::Test, config);
    let mut job = Job::new(&node, sql, target());
    job.store_failures = flag;
    let outcome = warehouse.run(job).unwrap();
    test_outcome(&outcome.table.unwrap(), &node, false).unwrap()
}

#[test]
fn failures_are_counted() {
    let mut warehouse = Warehouse::new();
    assert_eq!(run(&mut warehouse, &json!({}), "select 1 where false -- none", false).status, TestStatus::Pass);
    let found = run(&mut warehouse, &json!({}), "select * from range(3)", false);
    assert_eq!(found.message.as_deref(), Some("Got 3 results, configured to fail if != 0"));
    let limited = run(&mut warehouse, &json!({"limit": 2}), "select * from range(3) -- all", false);
    assert_eq!(limited.failures, 2);
    let summed = json!({"fail_calc": "sum(range)", "error_if": "> 10", "warn_if": ">= 3"});
    let found = run(&mut warehouse, &summed, "select * from range(3)", false);
    assert_eq!((found.status, found.failures), (TestStatus::Warn, 3));
    assert!(warehouse.relations().is_empty());
}

#[test]
fn failures_are_stored_when_asked() {
    let mut warehouse = Warehouse::new();
    let steps = [
        (json!({}), Some(RelationKind::Table)),
        (json!({"store_failures_as": "view"}), Some(RelationKind::View)),
        (json!({"store_failures_as": "table"}), Some(RelationKind::Table)),
        (json!({"store_failures_as": "view", "limit": 1}), Some(RelationKind::View)),
    ];
    for (config, kind) in steps {
        let found = run(&mut warehouse, &config, "select 1 as id from range(2)", true);
        assert_eq!(found.failures, if config["limit"].is_null() { 2 } else { 1 });
        assert_eq!((warehouse.existing(), warehouse.rows().len() as i64), (kind, found.failures));
    }
}

#[test]
fn the_tests_own_setting_goes_before_the_flag() {
    let stored = |config: Json, flag| stored_as(&a_node(ResourceType::Test, &config), flag).unwrap();
    assert_eq!(stored(json!({"store_failures": false}), true), None);
    assert_eq!(stored(json!({"store_failures_as": "ephemeral"}), true), None);
    assert_eq!(stored(json!({"store_failures_as": "view"}), false), Some(RelationKind::View));
    assert_eq!(stored(json!({"store_failures": false, "store_failures_as": "view"}), false), Some(RelationKind::View));
    assert_eq!(stored(json!({"store_failures": true}), false), Some(RelationKind::Table));
    assert_eq!(stored(json!({}), false), None);
}
