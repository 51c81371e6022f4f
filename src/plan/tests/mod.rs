//! Plans, looked at and sent to a DuckDB of their own.

mod diagnostics;
mod outcomes;
#[cfg(feature = "duckdb")]
mod recorded;
#[cfg(feature = "duckdb")]
mod relations;
#[cfg(feature = "duckdb")]
mod seeds;
#[cfg(feature = "duckdb")]
mod stored;
#[cfg(feature = "duckdb")]
mod warehouse;

use indexmap::IndexMap;
use karat_adapters::RelationName;
use karat_sql::dialect::DuckDb;
use serde_json::{Map, Value as Json, json};

use super::{Job, Plan, node};
use crate::diagnostic::Diagnostic;
use crate::node::{Detail, Node, NodeConfig, ResourceType};

/// A node named `orders` with these settings.
fn a_node(resource_type: ResourceType, config: &Json) -> Node {
    Node {
        unique_id: format!("{resource_type}.shop.orders"),
        resource_type,
        name: "orders".to_owned(),
        package: "shop".into(),
        fqn: vec!["shop".to_owned(), "orders".to_owned()],
        path: "orders.sql".to_owned(),
        file: "models/orders.sql".to_owned(),
        patch_file: None,
        patch_package: None,
        span: None,
        patch_span: None,
        raw_code: "".into(),
        database: None,
        schema: "main".to_owned(),
        alias: "orders".to_owned(),
        relation_name: None,
        config: NodeConfig { values: config.as_object().cloned().unwrap_or_default() },
        description: String::new(),
        doc_blocks: Vec::new(),
        columns: IndexMap::new(),
        meta: Map::new(),
        tags: Vec::new(),
        refs: Vec::new(),
        sources: Vec::new(),
        metrics: Vec::new(),
        functions: Vec::new(),
        time_spine: None,
        depends_on: Vec::new(),
        macros: Vec::new(),
        unrendered: Map::new(),
        checksum: String::new(),
        constraints: Vec::new(),
        deprecation_date: None,
        detail: Detail::None,
    }
}

fn a_model(config: &Json) -> Node {
    a_node(ResourceType::Model, config)
}

fn target() -> RelationName {
    RelationName::new("main", "orders")
}

/// Plans a node that reads `select 1 as id`.
fn plan(resource_type: ResourceType, config: &Json) -> Result<Plan, Diagnostic> {
    let node = a_node(resource_type, config);
    super::node(&Job::new(&node, "select 1 as id", target()), &DuckDb)
}

#[test]
fn ephemeral_models_need_no_steps() {
    let plan = plan(ResourceType::Model, &json!({"materialized": "ephemeral"})).unwrap();
    assert!(plan.steps.is_empty() && plan.relation.is_none());
}

#[test]
fn sources_and_analyses_need_no_steps() {
    for resource_type in [ResourceType::Source, ResourceType::Analysis, ResourceType::Exposure] {
        assert!(plan(resource_type, &json!({})).unwrap().steps.is_empty());
    }
}

#[test]
fn steps_that_are_resolved_later_say_what_they_will_do() {
    let model =
        a_model(&json!({"materialized": "incremental", "unique_key": "id", "on_schema_change": "append_new_columns"}));
    let mut job = Job::new(&model, "select 1 as id", target());
    job.existing = Some(karat_adapters::RelationKind::Table);
    let texts: Vec<String> = node(&job, &DuckDb).unwrap().steps.iter().map(|step| step.text(&DuckDb)).collect();
    assert_eq!(
        texts,
        [
            "begin",
            "create or replace temporary table \"temp\".\"main\".\"orders__dbt_tmp\" as (\nselect 1 as id\n)",
            "-- append_new_columns: compare the columns of \"main\".\"orders\" with those of \
             \"temp\".\"main\".\"orders__dbt_tmp\"",
            "-- delete+insert the rows of \"temp\".\"main\".\"orders__dbt_tmp\" into \"main\".\"orders\" by id",
            "drop table if exists \"temp\".\"main\".\"orders__dbt_tmp\" cascade",
            "commit",
        ]
    );
}
