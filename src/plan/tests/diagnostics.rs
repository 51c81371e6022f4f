//! Settings that are wrong.

use serde_json::{Value as Json, json};

use super::plan;
use crate::diagnostic::Diagnostic;
use crate::node::ResourceType::{Model, Seed, Test};

fn incremental(mut config: Json) -> Result<super::Plan, Diagnostic> {
    config["materialized"] = json!("incremental");
    plan(Model, &config)
}

#[track_caller]
fn assert_says(result: Result<super::Plan, Diagnostic>, code: &str, hint: &str) {
    let found = result.expect_err("this is wrong");
    assert_eq!(found.code, code, "{}", found.message);
    let said = found.hint.clone().unwrap_or_default();
    assert!(said.contains(hint), "{said:?} does not have {hint:?}");
    assert!(found.message.contains("orders"), "{:?} does not name the node", found.message);
}

#[test]
fn strategies() {
    let code = "bad-incremental-strategy";
    assert_says(incremental(json!({"incremental_strategy": "marge"})), code, "did you mean `merge`?");
    assert_says(incremental(json!({"incremental_strategy": "insert_overwrite"})), code, "append, delete+insert, merge");
    assert_says(incremental(json!({"incremental_strategy": 3})), code, "");
    for name in ["append", "delete+insert", "delete_insert", "merge", "default"] {
        assert!(incremental(json!({"incremental_strategy": name, "unique_key": "id"})).is_ok(), "{name}");
    }
}

#[test]
fn keys_and_predicates() {
    assert_says(incremental(json!({"unique_key": 3})), "bad-unique-key", "name of a column");
    assert_says(incremental(json!({"unique_key": ["id", 3]})), "bad-unique-key", "list of names");
    assert_says(incremental(json!({"unique_key": {"a": "b"}})), "bad-unique-key", "");
    assert_says(incremental(json!({"incremental_predicates": [1]})), "bad-incremental-predicates", "list of texts");
}

#[test]
fn a_merge_without_a_key_is_only_worth_a_warning() {
    let plan = incremental(json!({"incremental_strategy": "merge"})).unwrap();
    assert_eq!(plan.warnings.iter().map(|warning| warning.code).collect::<Vec<_>>(), ["missing-unique-key"]);
    assert!(!plan.warnings[0].is_error());
    let plan = incremental(json!({"incremental_strategy": "merge", "merge_on_using_columns": ["id"]})).unwrap();
    assert!(plan.warnings.is_empty());
}

#[test]
fn schema_changes() {
    let code = "bad-on-schema-change";
    assert_says(
        incremental(json!({"on_schema_change": "append_new_column"})),
        code,
        "did you mean `append_new_columns`?",
    );
    assert_says(incremental(json!({"on_schema_change": true})), code, "ignore");
}

#[test]
fn merges() {
    let merge =
        |key: &str, value: Json| incremental(json!({"incremental_strategy": "merge", "unique_key": "id", key: value}));
    let code = "bad-merge-config";
    assert_says(merge("merge_update_columns", json!("id")), code, "list of texts");
    assert_says(merge("merge_update_condition", json!(["id"])), code, "one text");
    assert_says(merge("merge_update_set_expressions", json!({"a": 1})), code, "mapping");
    assert_says(merge("merge_clauses", json!([])), code, "");
    assert_says(merge("merge_clauses", json!({})), code, "");
    assert_says(merge("merge_clauses", json!({"when_matched": []})), code, "list of clauses");
    let action = json!({"when_matched": [{"action": "updat"}]});
    assert_says(merge("merge_clauses", action), code, "did you mean `update`?");
    let mode = json!({"when_not_matched": [{"action": "insert", "mode": "byname"}]});
    assert_says(merge("merge_clauses", mode), code, "did you mean `by_name`?");
    let by = json!({"when_matched": [{"action": "delete", "by": "source"}]});
    assert_says(merge("merge_clauses", by), code, "when_not_matched");
    let both = json!({
        "incremental_strategy": "merge",
        "unique_key": "id",
        "merge_update_columns": ["a"],
        "merge_exclude_columns": ["b"],
    });
    assert_says(incremental(both), code, "keep one");
    let twice = json!({
        "incremental_strategy": "merge",
        "merge_update_columns": ["a"],
        "merge_clauses": {"when_matched": [{"action": "delete"}]},
    });
    assert_says(incremental(twice), code, "merge_clauses");
}

#[test]
fn indexes() {
    for wrong in [json!("id"), json!(["id"]), json!([{"unique": true}]), json!([{"columns": ["a"], "unique": "yes"}])] {
        let config = json!({"materialized": "table", "indexes": wrong});
        assert_says(plan(Model, &config), "bad-index", "columns");
    }
}

#[test]
fn data_tests() {
    assert_says(plan(Test, &json!({"severity": "eror"})), "bad-severity", "did you mean `error`?");
    assert_says(plan(Test, &json!({"severity": 1})), "bad-severity", "error or warn");
    assert_says(plan(Test, &json!({"limit": "many"})), "bad-test-config", "whole number");
    assert_says(plan(Test, &json!({"fail_calc": 1})), "bad-test-config", "count(*)");
    let wrong = json!({"store_failures_as": "tabel"});
    assert_says(plan(Test, &wrong), "bad-store-failures", "did you mean `table`?");
}

#[test]
fn seeds() {
    assert_says(plan(Seed, &json!({})), "bad-seed", "");
    let node = super::a_node(Seed, &json!({"delimiter": "::"}));
    let found = crate::plan::seed_columns(&node, b"a\n1\n", |_| "text").unwrap_err();
    assert_eq!(found.code, "bad-seed-config");
    let node = super::a_node(Seed, &json!({}));
    let found = crate::plan::seed_columns(&node, b"a,b\n1\n", |_| "text").unwrap_err();
    assert_eq!(found.code, "bad-seed");
    assert!(found.message.contains("line 2"), "{}", found.message);
}
