//! What the row of a data test means.

use karat_adapters::{Cell, Column, Table};
use serde_json::{Value as Json, json};

use super::a_node;
use crate::diagnostic::Diagnostic;
use crate::node::ResourceType;
use crate::plan::{TestOutcome, TestStatus, test_outcome};

fn row(failures: Cell, should_warn: Cell, should_error: Cell) -> Table {
    let names = ["failures", "should_warn", "should_error"];
    Table {
        columns: names.into_iter().map(|name| Column::new(name, "ANY")).collect(),
        rows: vec![vec![failures, should_warn, should_error]],
    }
}

fn outcome(config: &Json, row: &Table) -> Result<TestOutcome, Diagnostic> {
    test_outcome(row, &a_node(ResourceType::Test, config), false)
}

fn found(count: i128) -> Table {
    row(Cell::Int(count), Cell::Bool(count != 0), Cell::Bool(count != 0))
}

#[test]
fn nothing_found_is_a_pass_without_words() {
    let outcome = outcome(&json!({}), &found(0)).unwrap();
    assert_eq!(outcome, TestOutcome { failures: 0, status: TestStatus::Pass, message: None });
}

#[test]
fn errors_and_warnings_are_told_as_dbt_does() {
    let outcome_of = |config: Json, row: &Table| {
        let outcome = outcome(&config, row).unwrap();
        (outcome.status, outcome.failures, outcome.message.unwrap())
    };
    let fail = outcome_of(json!({}), &found(3));
    assert_eq!(fail, (TestStatus::Fail, 3, "Got 3 results, configured to fail if != 0".to_owned()));
    let warn = outcome_of(json!({"severity": "warn"}), &found(1));
    assert_eq!(warn, (TestStatus::Warn, 1, "Got 1 result, configured to warn if != 0".to_owned()));
    let few = row(Cell::Int(3), Cell::Bool(true), Cell::Bool(false));
    let warn = outcome_of(json!({"severity": "ERROR", "error_if": ">10", "warn_if": ">1"}), &few);
    assert_eq!(warn, (TestStatus::Warn, 3, "Got 3 results, configured to warn if >1".to_owned()));
}

#[test]
fn what_is_below_both_limits_does_not_count() {
    let few = row(Cell::Int(3), Cell::Bool(false), Cell::Bool(false));
    assert_eq!(outcome(&json!({"error_if": ">10", "warn_if": ">5"}), &few).unwrap().failures, 0);
}

#[test]
fn an_error_limit_alone_does_not_fail_a_warning() {
    let many = row(Cell::Int(3), Cell::Bool(false), Cell::Bool(true));
    assert_eq!(outcome(&json!({"severity": "warn"}), &many).unwrap().status, TestStatus::Pass);
}

#[test]
fn warnings_can_be_made_errors() {
    let node = a_node(ResourceType::Test, &json!({"severity": "warn"}));
    let outcome = test_outcome(&found(2), &node, true).unwrap();
    assert_eq!(outcome.status, TestStatus::Fail);
    assert_eq!(outcome.message.as_deref(), Some("Got 2 results, configured to fail if != 0"));
}

#[test]
fn whole_numbers_of_any_type_count() {
    let whole = |cell: Cell| outcome(&json!({}), &row(cell, Cell::Bool(true), Cell::Bool(true))).unwrap().failures;
    assert_eq!(whole(Cell::Decimal("12.00".to_owned())), 12);
    assert_eq!(whole(Cell::Float(4.0)), 4);
    assert_eq!(outcome(&json!({}), &row(Cell::Int(1), Cell::Null, Cell::Null)).unwrap().status, TestStatus::Pass);
}

#[test]
fn anything_else_is_an_error() {
    let wrong =
        [row(Cell::Null, Cell::Null, Cell::Null), row(Cell::Float(0.5), Cell::Null, Cell::Null), Table::default()];
    for row in wrong {
        assert_eq!(outcome(&json!({"fail_calc": "sum(n)"}), &row).unwrap_err().code, "bad-test-result");
    }
}
