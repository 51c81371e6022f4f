//! Tests of what is written for people, for logs and for other programs.

mod artifacts;
mod logs;

use std::io::Write;
use std::sync::{Arc, Mutex};

use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::{NodeResult, RunReport, Status};
use crate::node::{Detail, GenericTest, Node, NodeConfig, ResourceType};

/// What was written, to look at afterwards.
#[derive(Clone, Default)]
pub(super) struct Output(Arc<Mutex<Vec<u8>>>);

impl Output {
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// 2026-01-01T10:00:00.5Z, at all times.
pub(super) fn now() -> Timestamp {
    Timestamp::from_millisecond(1_767_261_600_500).unwrap()
}

pub(super) fn node(kind: ResourceType, name: &str) -> Node {
    let folder = match kind {
        ResourceType::Seed => "seeds",
        ResourceType::Test => "tests",
        ResourceType::Analysis => "analyses",
        _ => "models",
    };
    let extension = if kind == ResourceType::Seed { "csv" } else { "sql" };
    Node {
        unique_id: format!("{kind}.shop.{name}"),
        resource_type: kind,
        name: name.into(),
        package: "shop".into(),
        fqn: vec!["shop".into(), name.into()],
        path: format!("{name}.{extension}"),
        file: format!("{folder}/{name}.{extension}"),
        patch_file: None,
        patch_package: None,
        span: None,
        patch_span: None,
        raw_code: "select 1 as id".into(),
        database: Some("shop".into()),
        schema: "main".into(),
        alias: name.into(),
        relation_name: Some(format!("\"shop\".\"main\".\"{name}\"")),
        config: NodeConfig::default(),
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
        checksum: "abc".into(),
        constraints: Vec::new(),
        deprecation_date: None,
        detail: Detail::None,
    }
}

/// A generic test of a column of a model, declared in `models/schema.yml`.
pub(super) fn column_test(test: &str, model: &str, column: &str) -> Node {
    let name = format!("{test}_{model}_{column}");
    let mut node = node(ResourceType::Test, &name);
    node.unique_id += ".b3a174283a";
    node.file = "models/schema.yml".into();
    node.relation_name = None;
    node.raw_code = "".into();
    node.depends_on = vec![format!("model.shop.{model}")];
    node.detail = Detail::Test(Box::new(GenericTest {
        name: test.into(),
        namespace: None,
        kwargs: dict(json!({"column_name": column, "model": format!("{{{{ get_where_subquery(ref('{model}')) }}}}")})),
        column: Some(column.into()),
        attached: Some(format!("model.shop.{model}")),
        file_key: format!("models.{model}"),
        macro_id: format!("macro.dbt.test_{test}"),
        span: None,
        column_span: None,
    }));
    node
}

pub(super) fn dict(value: Json) -> Map<String, Json> {
    match value {
        Json::Object(map) => map,
        _ => Map::new(),
    }
}

/// A result that took this long.
pub(super) fn took(node: &Node, status: Status, seconds: f64) -> NodeResult {
    NodeResult { execution_seconds: seconds, thread: 1, ..NodeResult::new(&node.unique_id, status) }
}

pub(super) fn report(results: Vec<NodeResult>) -> RunReport {
    RunReport {
        results,
        elapsed: 1.234,
        started_at: now(),
        generated_at: now(),
        invocation_id: "a15774fb".into(),
        args: dict(json!({"which": "build"})),
        command: "build".into(),
    }
}
