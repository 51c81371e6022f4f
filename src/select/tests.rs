//! What dbt selects, row by row (`testdata/expected.json`, made by `testdata/generate.py`).

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::*;
use crate::node::{Exposure, GenericTest, NodeConfig, SourceTable};
use crate::source::SourceMap;

fn data() -> Json {
    serde_json::from_str(include_str!("testdata/expected.json")).unwrap()
}

fn text(json: &Json, key: &str) -> String {
    match json.get(key) {
        Some(Json::String(s)) => s.clone(),
        None | Some(Json::Null) => String::new(),
        Some(other) => other.to_string(),
    }
}

fn texts(json: &Json, pointer: &str) -> Vec<String> {
    let items = json.pointer(pointer).and_then(Json::as_array).cloned().unwrap_or_default();
    items.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect()
}

fn kind(name: &str) -> ResourceType {
    ResourceType::ALL.into_iter().find(|k| k.as_str() == name).unwrap()
}

fn object(json: &Json, key: &str) -> Map<String, Json> {
    json.get(key).and_then(Json::as_object).cloned().unwrap_or_default()
}

fn detail(json: &Json) -> crate::node::Detail {
    use crate::node::Detail;
    if let Some(meta) = json.get("test_metadata") {
        return Detail::Test(Box::new(GenericTest {
            name: text(meta, "name"),
            namespace: None,
            kwargs: Map::new(),
            column: None,
            attached: None,
            file_key: String::new(),
            macro_id: String::new(),
            span: None,
            column_span: None,
        }));
    }
    match text(json, "resource_type").as_str() {
        "source" => Detail::Source(Box::new(SourceTable {
            source_name: text(json, "source_name"),
            identifier: text(json, "identifier"),
            ..Default::default()
        })),
        "exposure" => Detail::Exposure(Box::new(Exposure {
            kind: text(json, "type"),
            owner: object(json, "owner"),
            ..Default::default()
        })),
        _ if json.get("version").is_some() => {
            Detail::Version { version: text(json, "version"), latest: text(json, "latest_version") }
        }
        _ => Detail::None,
    }
}

fn node(json: &Json) -> Node {
    Node {
        unique_id: text(json, "unique_id"),
        resource_type: kind(&text(json, "resource_type")),
        name: text(json, "name"),
        package: text(json, "package_name").into(),
        fqn: texts(json, "/fqn"),
        path: text(json, "path"),
        file: text(json, "original_file_path"),
        patch_file: json.get("patch_path").and_then(Json::as_str).and_then(|p| Some(p.split_once("://")?.1.to_owned())),
        patch_package: None,
        span: None,
        patch_span: None,
        raw_code: text(json, "raw_code").into(),
        database: json.get("database").and_then(Json::as_str).map(str::to_owned),
        schema: text(json, "schema"),
        alias: String::new(),
        relation_name: None,
        config: NodeConfig { values: object(json, "config") },
        description: text(json, "description"),
        doc_blocks: Vec::new(),
        columns: Default::default(),
        meta: object(json, "meta"),
        tags: texts(json, "/tags"),
        refs: Vec::new(),
        sources: Vec::new(),
        metrics: Vec::new(),
        functions: Vec::new(),
        time_spine: None,
        depends_on: texts(json, "/depends_on/nodes"),
        macros: Vec::new(),
        unrendered: object(json, "unrendered_config"),
        checksum: json.pointer("/checksum/checksum").and_then(Json::as_str).unwrap_or_default().to_owned(),
        constraints: Vec::new(),
        deprecation_date: None,
        detail: detail(json),
    }
}

fn graph(json: &Json) -> Graph {
    let groups = ["nodes", "sources", "exposures"].into_iter().flat_map(|g| object(json, g).into_values());
    Graph::new(groups.map(|n| node(&n)).collect())
}

fn selectors(text: &str) -> Checked<Selectors> {
    let mut sources = SourceMap::default();
    let id = sources.add("selectors.yml", text);
    Selectors::parse(id, sources.get(id))
}

fn request(row: &Json) -> Request {
    let asked = texts(row, "/types");
    let named = |name: &str| match name {
        "all" => [LIST, &[ResourceType::Analysis]].concat(),
        "default" => LIST.to_vec(),
        _ => vec![kind(name)],
    };
    Request {
        select: texts(row, "/select"),
        exclude: texts(row, "/exclude"),
        selector: row.get("selector").and_then(Json::as_str).map(str::to_owned),
        works_on: LIST.to_vec(),
        works_on_if_asked: vec![ResourceType::Analysis],
        resource_types: asked.iter().flat_map(|n| named(n)).collect(),
        exclude_resource_types: texts(row, "/not").iter().map(|n| kind(n)).collect(),
        indirect: row.get("indirect").and_then(Json::as_str).map_or(Indirect::Eager, |m| m.parse().unwrap()),
        project: "shop".to_owned(),
        include_blank: true,
    }
}

fn ids(graph: &Graph, selection: &Selection) -> BTreeSet<String> {
    selection.nodes.iter().map(|i| graph.node(*i).unique_id.clone()).collect()
}

/// What is wrong with a row, if something is.
fn difference(row: &Json, graph: &Graph, selected: &Checked<Selection>) -> Option<String> {
    let failed = selected.diagnostics.iter().any(Diagnostic::is_error);
    let got = ids(graph, &selected.value);
    let mut asked = row.clone();
    let expected = asked.as_object_mut().unwrap().remove("expect");
    match expected {
        Some(_) if failed => Some(format!("{asked}: {:?}", selected.diagnostics)),
        Some(_) => {
            let want: BTreeSet<String> = texts(row, "/expect").into_iter().collect();
            let (missing, extra): (Vec<_>, Vec<_>) = (want.difference(&got).collect(), got.difference(&want).collect());
            (want != got).then(|| format!("{asked}: missing {missing:?}, extra {extra:?}"))
        }
        None => (!failed).then(|| format!("{asked}: no error")),
    }
}

#[test]
fn selects_what_dbt_selects() {
    let data = data();
    let graph = graph(&data["graph"]);
    let selectors = selectors(&text(&data, "selectors")).value;
    let previous = PreviousState::from_manifest(&data["previous"]);
    let rows = data["rows"].as_array().unwrap();
    let check = |row: &Json| difference(row, &graph, &select(&graph, &selectors, &request(row), Some(&previous)));
    let wrong: Vec<String> = rows.iter().filter_map(check).collect();
    assert!(wrong.is_empty(), "{} of {} rows differ:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn selectors_of_the_project_are_read() {
    let checked = selectors(&text(&data(), "selectors"));
    assert!(checked.diagnostics.iter().all(|d| !d.is_error()), "{:?}", checked.diagnostics);
    assert_eq!(checked.diagnostics.len(), 2, "the one with a space, the one with a dropped method");
}

#[test]
fn mistakes_in_selectors_are_shown_where_they_are() {
    let table = [
        ("{name: a, definition: {tags: x}}", "did you mean `tag`?"),
        ("{name: a, definition: {method: selector, value: b}}", "further up"),
        ("{name: a, definition: [x]}", "`union:`"),
        ("{name: a, definition: {union: [x], exclude: [y]}}", "an item with `exclude:`"),
        ("{name: a, definition: {exclude: [y]}}", "may have an `exclude`"),
        ("{name: a}", "say what it selects"),
        (
            "{name: a, definition: {method: fqn, value: x, children: true, childrens_parents: true}}",
            "leave the `+` out",
        ),
        ("{name: a, definition: {method: fqn, value: x, indirect_selection: lazy}}", "eager, cautious"),
        ("{name: a, definition: x, default: true}, {name: b, definition: x, default: true}", "only one"),
    ];
    for (item, hint) in table {
        let checked = selectors(&format!("selectors: [{item}]"));
        let found = checked.diagnostics.iter().find(|d| d.is_error()).unwrap_or_else(|| panic!("{item}: no error"));
        assert!(found.hint.as_deref().is_some_and(|h| h.contains(hint)), "{item}: {found:?}");
        assert!(!found.labels.is_empty(), "{item}: has no place");
    }
}

#[test]
fn default_selector_counts_where_nothing_is_asked() {
    let graph = graph(&data()["graph"]);
    let selectors = selectors("selectors: [{name: a, definition: 'orders_snapshot', default: true}]").value;
    let mut request = Request { works_on: LIST.to_vec(), ..Request::default() };
    let nodes = |request: &Request| select(&graph, &selectors, request, None).value.nodes.len();
    assert_eq!(nodes(&request), 1);
    request.exclude = vec!["orders".to_owned()];
    assert!(nodes(&request) > 20);
}

#[test]
fn nothing_matched_is_a_warning_with_a_hint() {
    let graph = graph(&data()["graph"]);
    let table = [
        ("ordrs", "did you mean `orders`?"),
        ("tag:nightyl", "did you mean `nightly`?"),
        ("raw", "did you mean `source:raw`?"),
        ("nightly", "did you mean `tag:nightly`?"),
        ("schema.yml", "did you mean `path:models/schema.yml`?"),
        ("path:models/stagin", "did you mean `models/staging`?"),
        ("source:raw.user", "`raw.users`"),
        ("orders,customers", "nothing"),
        ("orders,", "comma"),
        ("package:shp", "did you mean `shop`?"),
    ];
    for (select_text, hint) in table {
        let request = Request {
            select: vec![select_text.to_owned()],
            works_on: LIST.to_vec(),
            indirect: Indirect::Empty,
            ..Request::default()
        };
        let checked = select(&graph, &Selectors::default(), &request, None);
        let [warning] = checked.diagnostics.as_slice() else { panic!("{select_text}: {:?}", checked.diagnostics) };
        assert_eq!((warning.code, warning.is_error()), ("selector-matches-nothing", false));
        let said = warning.hint.clone().unwrap_or_default();
        let hint = if hint == "nothing" { "no node matches all" } else { hint };
        assert!(said.contains(hint), "{select_text}: {said}");
    }
}

#[test]
fn reasons_and_order() {
    let graph = graph(&data()["graph"]);
    let mut request = Request {
        select: vec!["1+revenue".to_owned(), "orders".to_owned()],
        works_on: LIST.to_vec(),
        ..Request::default()
    };
    let selected = select(&graph, &Selectors::default(), &request, None).value;
    let of = |selection: &Selection, id: &str| selection.reason(graph.index(id).unwrap()).map(|r| r.text(&graph));
    assert_eq!(of(&selected, "model.shop.revenue").unwrap(), "matches `1+revenue`");
    assert_eq!(of(&selected, "model.shop.orders").unwrap(), "matches `orders`");
    assert_eq!(
        of(&selected, "test.shop.assert_orders_positive").unwrap(),
        "tests model orders, which `1+revenue` selects"
    );
    assert_eq!(of(&selected, "model.shop.customers"), None);
    let at = |id: &str| selected.nodes.iter().position(|n| graph.node(*n).unique_id == id);
    assert!(at("model.shop.orders") < at("model.shop.revenue"));
    request.select.clear();
    let all = select(&graph, &Selectors::default(), &request, None).value;
    assert_eq!(of(&all, "model.shop.orders").unwrap(), "everything is selected");
}

#[test]
fn blank_models_are_for_ls_only() {
    let graph = graph(&data()["graph"]);
    let request = Request { select: vec!["blank".to_owned()], works_on: RUN.to_vec(), ..Request::default() };
    assert!(select(&graph, &Selectors::default(), &request, None).value.nodes.is_empty());
}

#[test]
fn state_is_needed_for_state() {
    let graph = graph(&data()["graph"]);
    for criterion in ["state:modified", "result:error", "source_status:fresher"] {
        let request = Request { select: vec![criterion.to_owned()], works_on: LIST.to_vec(), ..Request::default() };
        let checked = select(&graph, &Selectors::default(), &request, None);
        assert_eq!(checked.diagnostics[0].code, "no-state", "{criterion}");
        assert!(checked.diagnostics[0].hint.is_some(), "{criterion}");
    }
}

#[test]
fn results_and_macros_of_the_last_run() {
    let graph = graph(&data()["graph"]);
    let mut state = PreviousState::default();
    state.add_results(&serde_json::json!({"results": [{"unique_id": "model.shop.orders", "status": "error"}]}));
    let request = Request { select: vec!["result:error+1".to_owned()], works_on: RUN.to_vec(), ..Request::default() };
    let selected = select(&graph, &Selectors::default(), &request, Some(&state)).value;
    assert!(ids(&graph, &selected).contains("model.shop.customers"));

    let call =
        |sql: &str, calls: &[&str]| MacroText { sql: sql.into(), calls: calls.iter().map(|c| c.to_string()).collect() };
    state.macros = [("a".to_owned(), call("1", &[])), ("b".to_owned(), call("a()", &["a"]))].into();
    let today = [("a".to_owned(), call("2", &[])), ("b".to_owned(), call("a()", &["a"]))].into();
    state.compare_macros(&today);
    assert_eq!(state.changed_macros.len(), 2);
}

/// Ten thousand models in chains of ten, three tests each.
fn large() -> Graph {
    let json = |id: &str, kind: &str, reads: &[String]| {
        let name = id.rsplit('.').next().unwrap_or(id);
        serde_json::json!({"unique_id": id, "resource_type": kind, "name": name, "package_name": "shop",
            "fqn": ["shop", "big", name], "original_file_path": format!("models/big/{name}.sql"), "raw_code": "s",
            "depends_on": {"nodes": reads}})
    };
    let mut nodes = Vec::new();
    for i in 0..10_000 {
        let id = format!("model.shop.m{i}");
        let reads = if i % 10 == 0 { vec![] } else { vec![format!("model.shop.m{}", i - 1)] };
        nodes.push(node(&json(&id, "model", &reads)));
        nodes.extend((0..3).map(|t| node(&json(&format!("test.shop.t{t}_{i}"), "test", std::slice::from_ref(&id)))));
    }
    Graph::new(nodes)
}

#[test]
fn large_projects_are_quick() {
    let graph = large();
    let start = std::time::Instant::now();
    let table: [(&[&str], usize); 5] =
        [(&[], 40_000), (&["+m*,m1*+"], 0), (&["@path:models/big"], 40_000), (&["m5+"], 20), (&["m9 m19 m29"], 12)];
    for (criteria, expected) in table {
        for indirect in [Indirect::Eager, Indirect::Buildable] {
            let select_texts = criteria.iter().map(|c| c.to_string()).collect();
            let request = Request { select: select_texts, works_on: BUILD.to_vec(), indirect, ..Request::default() };
            let count = select(&graph, &Selectors::default(), &request, None).value.nodes.len();
            assert!(expected == 0 || count == expected, "{criteria:?}: {count}");
        }
    }
    let many: Vec<String> = (0..500).map(|i| format!("m{}", i * 10)).collect();
    let request = Request { select: many, works_on: BUILD.to_vec(), ..Request::default() };
    assert_eq!(select(&graph, &Selectors::default(), &request, None).value.nodes.len(), 2000);
    let took = start.elapsed();
    println!("{took:?}");
    assert!(took.as_secs() < 60, "{took:?}");
}
