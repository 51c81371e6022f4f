use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value as Json, json};

use super::*;
use crate::files::{Files, Memory};
use crate::graph::Graph;
use crate::node::{ColumnDoc, Exposure, Ref, SourceTable};
use crate::report::artifacts::{
    Compiled, DocBlock, GroupInfo, MacroArgument, MacroInfo, ManifestInput, Metadata, compiled_path, run_path,
    write_manifest, write_run_results,
};

/// The manifest as a reader finds it.
fn manifest(input: &ManifestInput<'_>) -> Json {
    let files = Memory::default();
    write_manifest(&files, Path::new("target"), input).unwrap();
    serde_json::from_slice(&files.read(Path::new("target/manifest.json")).unwrap()).unwrap()
}

/// What dbt itself writes, by kind of entry (`testdata/record_keys.py`).
fn recorded() -> BTreeMap<String, Vec<String>> {
    serde_json::from_str(include_str!("../testdata/manifest_keys.json")).unwrap()
}

fn orders() -> Node {
    let mut orders = node(ResourceType::Model, "orders");
    orders.patch_file = Some("models/schema.yml".into());
    orders.config.values = dict(json!({
        "materialized": "table",
        "group": "sales",
        "contract": {"enforced": true},
        "post_hook": ["select 7", {"sql": "vacuum", "transaction": false}],
        "our_own": {"key": 1},
    }));
    orders.constraints = vec![json!({"type": "primary_key", "columns": ["id"]})];
    let not_null = vec![json!({"type": "not_null"})];
    let id =
        ColumnDoc { name: "id".into(), data_type: Some("integer".into()), constraints: not_null, ..Default::default() };
    orders.columns.insert("id".into(), id);
    orders.depends_on = vec!["source.shop.ext.tab".into(), "seed.shop.users".into()];
    orders.refs = vec![Ref { package: None, name: "users".into(), version: None }];
    orders.sources = vec![("ext".into(), "tab".into())];
    orders
}

fn nodes() -> Vec<Node> {
    let mut source = node(ResourceType::Source, "tab");
    source.unique_id = "source.shop.ext.tab".into();
    source.detail = Detail::Source(Box::new(SourceTable { source_name: "ext".into(), ..SourceTable::default() }));
    let mut exposure = node(ResourceType::Exposure, "dash");
    exposure.depends_on = vec!["model.shop.orders".into()];
    exposure.detail = Detail::Exposure(Box::new(Exposure { kind: "dashboard".into(), ..Exposure::default() }));
    let mut hook = node(ResourceType::Operation, "shop-on-run-start-0");
    hook.detail = Detail::Hook { index: 0, start: true };
    hook.tags = vec!["on-run-start".into()];
    let mut snapshot = node(ResourceType::Snapshot, "snap");
    snapshot.config.values = dict(json!({"unique_key": "id", "strategy": "check", "check_cols": "all"}));
    let mut versioned = node(ResourceType::Model, "versioned");
    versioned.detail = Detail::Version { version: "1".into(), latest: "2.5".into() };
    vec![
        orders(),
        versioned,
        node(ResourceType::Seed, "users"),
        snapshot,
        column_test("unique", "orders", "id"),
        node(ResourceType::Test, "singular"),
        node(ResourceType::Analysis, "look"),
        hook,
        source,
        exposure,
    ]
}

/// The manifest of the sample, compiled or not.
fn sample(is_compiled: bool) -> Json {
    let graph = Graph::new(nodes());
    let mut off = node(ResourceType::Model, "off");
    off.config.values = dict(json!({"enabled": false}));
    let arguments = vec![MacroArgument { name: "a".into(), ..MacroArgument::default() }];
    let compiled = |index: usize| {
        is_compiled.then(|| Compiled {
            code: "select 1".into(),
            macros: Vec::new(),
            path: Some(compiled_path(graph.node(index), "target")),
            extra_ctes: vec![("model.shop.base".into(), " __dbt__cte__base as (select 1)".into())],
        })
    };
    let input = ManifestInput {
        graph: &graph,
        disabled: &[off.clone(), off],
        left_out: &[],
        macros: &[MacroInfo { unique_id: "macro.shop.hello".into(), arguments, ..MacroInfo::default() }],
        docs: &[DocBlock { unique_id: "doc.shop.orders".into(), ..DocBlock::default() }],
        groups: &[GroupInfo { name: "sales".into(), package: "shop".into(), ..GroupInfo::default() }],
        metadata: Metadata {
            project_name: "shop",
            project_root: Path::new("/home/ann/shop"),
            quoting: &Map::new(),
            adapter_type: "duckdb",
            invocation_id: "a15774fb",
            started_at: now(),
            generated_at: now(),
            env: &Map::new(),
        },
        selectors: &Map::new(),
        compiled: &compiled,
        build_path: &|_| None,
    };
    manifest(&input)
}

fn keys(value: &Json) -> Vec<String> {
    let mut keys: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
    keys.sort();
    keys
}

#[test]
fn entries_have_the_keys_of_dbt() {
    let (manifest, recorded) = (sample(true), recorded());
    let entries = [
        ("model", &manifest["nodes"]["model.shop.versioned"]),
        ("seed", &manifest["nodes"]["seed.shop.users"]),
        ("snapshot", &manifest["nodes"]["snapshot.shop.snap"]),
        ("generic_test", &manifest["nodes"]["test.shop.unique_orders_id.b3a174283a"]),
        ("singular_test", &manifest["nodes"]["test.shop.singular"]),
        ("analysis", &manifest["nodes"]["analysis.shop.look"]),
        ("operation", &manifest["nodes"]["operation.shop.shop-on-run-start-0"]),
        ("source", &manifest["sources"]["source.shop.ext.tab"]),
        ("exposure", &manifest["exposures"]["exposure.shop.dash"]),
        ("macro", &manifest["macros"]["macro.shop.hello"]),
        ("group", &manifest["groups"]["group.shop.sales"]),
    ];
    for (kind, entry) in entries {
        assert_eq!(keys(entry), recorded[kind], "{kind}");
        assert_eq!(keys(&entry["config"]), recorded[&format!("{kind}.config")], "config of {kind}");
    }
    let orders = &manifest["nodes"]["model.shop.orders"];
    let column = &orders["columns"]["id"];
    let parts = [
        ("manifest", &manifest),
        ("metadata", &manifest["metadata"]),
        ("doc", &manifest["docs"]["doc.shop.orders"]),
        ("column", column),
        ("column.constraint", &column["constraints"][0]),
        ("model.constraint", &orders["constraints"][0]),
        ("macro.argument", &manifest["macros"]["macro.shop.hello"]["arguments"][0]),
    ];
    for (kind, part) in parts {
        assert_eq!(keys(part), recorded[kind], "{kind}");
    }
}

#[test]
fn what_was_not_compiled_says_nothing_of_it() {
    let (manifest, recorded) = (sample(false), recorded());
    let gone = ["compiled", "compiled_code", "extra_ctes", "extra_ctes_injected"];
    let expected: Vec<&String> = recorded["model"].iter().filter(|key| !gone.contains(&key.as_str())).collect();
    let written = keys(&manifest["nodes"]["model.shop.orders"]);
    assert_eq!(written.iter().collect::<Vec<_>>(), expected);
}

#[test]
fn settings_are_complete() {
    let manifest = sample(true);
    let orders = &manifest["nodes"]["model.shop.orders"];
    let config = &orders["config"];
    assert_eq!(config["materialized"], "table");
    assert_eq!(config["contract"], json!({"enforced": true, "alias_types": true}));
    assert_eq!(config["on_schema_change"], "ignore");
    assert_eq!(config["our_own"], json!({"key": 1}));
    assert_eq!(config.get("post_hook"), None);
    let hooks = json!([
        {"sql": "select 7", "transaction": true, "index": null},
        {"sql": "vacuum", "transaction": false, "index": null},
    ]);
    assert_eq!(config["post-hook"], hooks);
    assert_eq!(orders["primary_key"], json!(["id"]));
    assert_eq!(orders["patch_path"], "shop://models/schema.yml");
    assert_eq!(orders["extra_ctes"][0]["id"], "model.shop.base");
    assert_eq!(orders["checksum"], json!({"name": "sha256", "checksum": "abc"}));
    let test = &manifest["nodes"]["test.shop.unique_orders_id.b3a174283a"];
    assert_eq!(test["raw_code"], "{{ test_unique(**_dbt_generic_test_kwargs) }}");
    assert_eq!(test["checksum"], json!({"name": "none", "checksum": ""}));
    assert_eq!(test["config"]["severity"], "ERROR");
    let versioned = &manifest["nodes"]["model.shop.versioned"];
    assert_eq!((&versioned["version"], &versioned["latest_version"]), (&json!(1), &json!(2.5)));
    assert_eq!(manifest["nodes"]["operation.shop.shop-on-run-start-0"]["index"], 1);
    assert_eq!(manifest["nodes"]["seed.shop.users"]["root_path"], "/home/ann/shop");
}

#[test]
fn maps_tell_who_reads_whom() {
    let manifest = sample(true);
    assert_eq!(manifest["parent_map"]["model.shop.orders"], json!(["seed.shop.users", "source.shop.ext.tab"]));
    let children = json!(["exposure.shop.dash", "test.shop.unique_orders_id.b3a174283a"]);
    assert_eq!(manifest["child_map"]["model.shop.orders"], children);
    assert_eq!(manifest["group_map"], json!({"sales": ["model.shop.orders"]}));
    assert_eq!(manifest["disabled"]["model.shop.off"].as_array().unwrap().len(), 2);
    assert_eq!(manifest["metadata"]["project_id"], "fb54f3c5992b96d001bb16e8e92d968d");
}

/// The checksum is the one that dbt gave a model with this contract.
#[test]
fn contracts_have_the_checksum_of_dbt() {
    let mut con = orders();
    con.constraints.clear();
    let graph = Graph::new(vec![con]);
    let input = ManifestInput { graph: &graph, ..bare(&graph) };
    let manifest: Json = manifest(&input);
    let contract = &manifest["nodes"]["model.shop.orders"]["contract"];
    assert_eq!(contract["checksum"], "42db8bac8ff5eccbb2ccccf7a9a4ceb142612b2910729f18147e0e2daa5d7968");
}

/// A manifest of nothing but the graph.
pub(super) fn bare(graph: &Graph) -> ManifestInput<'_> {
    static NOTHING: std::sync::LazyLock<Map<String, Json>> = std::sync::LazyLock::new(Map::new);
    ManifestInput {
        graph,
        disabled: &[],
        left_out: &[],
        macros: &[],
        docs: &[],
        groups: &[],
        metadata: Metadata {
            project_name: "shop",
            project_root: Path::new("/home/ann/shop"),
            quoting: &NOTHING,
            adapter_type: "duckdb",
            invocation_id: "a15774fb",
            started_at: now(),
            generated_at: now(),
            env: &NOTHING,
        },
        selectors: &NOTHING,
        compiled: &|_| None,
        build_path: &|_| None,
    }
}

#[test]
fn sql_is_kept_where_dbt_keeps_it() {
    let model = node(ResourceType::Model, "orders");
    assert_eq!(compiled_path(&model, "target"), "target/compiled/shop/models/orders.sql");
    let test = column_test("unique", "orders", "id");
    assert_eq!(run_path(&test, "out/"), "out/run/shop/models/schema.yml/unique_orders_id.sql");
    let mut hook = node(ResourceType::Operation, "h");
    hook.file = "./dbt_project.yml".into();
    hook.path = "hooks/shop-on-run-start-0.sql".into();
    let expected = "target/compiled/shop/./dbt_project.yml/hooks/shop-on-run-start-0.sql";
    assert_eq!(compiled_path(&hook, "target"), expected);
}

#[test]
fn results_are_written_as_dbt_writes_them() {
    let model = node(ResourceType::Model, "orders");
    let mut done = took(&model, Status::Success, 0.5);
    done.compile_started = Some(now());
    done.compile_completed = Some(now());
    done.compiled = true;
    done.compiled_code = Some("select 1".into());
    let seed = took(&node(ResourceType::Seed, "users"), Status::Success, 0.1);
    let skipped = NodeResult { thread: 0, ..NodeResult::skipped("model.shop.below", "upstream model orders failed") };
    let report = report(vec![done, seed, skipped]);
    let files = Memory::default();
    write_run_results(&files, Path::new("target"), &report, &Map::new()).unwrap();
    let results: Json = serde_json::from_slice(&files.read(Path::new("target/run_results.json")).unwrap()).unwrap();
    let recorded = recorded();
    assert_eq!(keys(&results), recorded["run_results"]);
    assert_eq!(keys(&results["metadata"]), recorded["run_results.metadata"]);
    let first = &results["results"][0];
    assert_eq!(keys(first), recorded["run_results.result"]);
    let moment = "2026-01-01T10:00:00.500000Z";
    assert_eq!(first["timing"], json!([{"name": "compile", "started_at": moment, "completed_at": moment}]));
    assert_eq!(first["thread_id"], "Thread-1 (worker)");
    assert_eq!((&first["compiled"], &results["results"][1]["compiled"]), (&json!(true), &Json::Null));
    assert_eq!(results["results"][2]["status"], "skipped");
    assert_eq!(results["results"][2]["timing"], json!([]));
    assert_eq!(results["args"]["which"], "build");
}

#[test]
fn results_are_written_through_files() {
    let files = Memory::default();
    write_run_results(&files, Path::new("target"), &report(Vec::new()), &Map::new()).unwrap();
    assert!(files.read(Path::new("target/run_results.json")).unwrap().starts_with(b"{\"metadata\""));
}
