use std::time::Instant;

use serde_json::json;

use super::artifacts::bare;
use super::*;
use crate::graph::Graph;
use crate::node::ColumnDoc;
use crate::report::artifacts::{Compiled, ManifestInput, manifest};

/// Ten thousand models with 28,000 tests; run with `--release -- --ignored --nocapture` to see the time.
#[test]
#[ignore = "a measurement"]
fn large_manifest() {
    let mut nodes = Vec::new();
    for at in 0..10_000 {
        let mut model = node(ResourceType::Model, &format!("model_{at}"));
        model.raw_code = "select * from {{ ref('x') }} where something = 'something else'\n".repeat(12).into();
        model.config.values = dict(json!({"materialized": "table", "schema": "marts"}));
        model.depends_on = (at.max(2) - 2..at).map(|parent| format!("model.shop.model_{parent}")).collect();
        for column in ["id", "name", "amount"] {
            let doc = ColumnDoc { name: column.into(), ..ColumnDoc::default() };
            model.columns.insert(column.into(), doc);
        }
        nodes.push(model);
    }
    for at in 0..28_000 {
        nodes.push(column_test("not_null", &format!("model_{}", at % 10_000), &format!("column_{}", at / 10_000)));
    }
    let graph = Graph::new(nodes);
    let compiled = |at: usize| Some(Compiled { code: graph.node(at).raw_code.clone(), ..Compiled::default() });
    let input = ManifestInput { compiled: &compiled, ..bare(&graph) };
    let start = Instant::now();
    let bytes = manifest(&input).unwrap();
    println!("{} bytes in {:?}", bytes.len(), start.elapsed());
}
