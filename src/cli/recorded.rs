//! The settings of an invocation, as `run_results.json` tells them: every flag that dbt knows, with dbt's names.

use serde_json::{Map, Value as Json, json};

use crate::cli::global::GlobalArgs;
use crate::cli::tasks::Task;
use crate::secrets::Secrets;
use crate::session::Session;

/// Switches that are told only where they are on.
const ONLY_IF_TRUE: [&str; 4] = ["full_refresh", "fail_fast", "warn_error", "store_failures"];

/// The settings of a task.
pub fn of_task(global: &GlobalArgs, task: &Task<'_>, session: &Session) -> Map<String, Json> {
    let mut map = of_all(global, session);
    let mut put = |key: &str, value: Json| drop(map.insert(key.to_owned(), value));
    put("which", Json::from(task.command));
    put("select", Json::from(split(&task.selection.select)));
    put("exclude", Json::from(split(&task.selection.exclude)));
    put("full_refresh", Json::from(task.full_refresh));
    put("store_failures", Json::from(task.store_failures));
    put("selector", Json::from(task.selection.selector.clone()));
    let (kinds, others) = (&task.selection.resource_type, &task.selection.exclude_resource_type);
    if matches!(task.command, "build" | "clone" | "test") || !(kinds.is_empty() && others.is_empty()) {
        put("resource_types", Json::from(kinds.clone()));
        put("exclude_resource_types", Json::from(others.clone()));
    }
    for (key, value) in task.inputs.recorded() {
        if key != "empty" || matches!(task.command, "build" | "run" | "compile" | "snapshot") {
            put(key, value);
        }
    }
    for (key, value) in of_command(task.command) {
        put(&key, value);
    }
    said(map, session)
}

/// Each of several texts in one.
fn split(texts: &[String]) -> Vec<&str> {
    texts.iter().flat_map(|text| text.split(' ')).filter(|text| !text.is_empty()).collect()
}

/// The settings of `run-operation`.
pub fn of_operation(global: &GlobalArgs, session: &Session, name: &str, args: &Map<String, Json>) -> Map<String, Json> {
    let mut map = of_all(global, session);
    map.insert("which".to_owned(), Json::from("run-operation"));
    map.insert("macro".to_owned(), Json::from(name));
    if !args.is_empty() {
        map.insert("args".to_owned(), Json::Object(args.clone()));
    }
    for key in ["debug", "log_cache_events", "single_threaded", "use_experimental_parser"].iter().chain(&ONLY_IF_TRUE) {
        map.entry(*key).or_insert(Json::Bool(false));
    }
    map.retain(|key, value| {
        let is_off = key == "warn_error" && value == &Json::Bool(false);
        !value.is_null() && !is_off && key != "warn_error_options" && key != "sqlparse"
    });
    without_secrets(map, session)
}

/// Without the secrets among `--vars`.
fn without_secrets(mut map: Map<String, Json>, session: &Session) -> Map<String, Json> {
    let secrets = Secrets::of_vars(&session.shared.cli_vars);
    map.values_mut().for_each(|value| secrets.scrub_json(value));
    map
}

/// Without what was not set.
fn said(mut map: Map<String, Json>, session: &Session) -> Map<String, Json> {
    map.retain(|key, value| !value.is_null() && (value != &Json::Bool(false) || !ONLY_IF_TRUE.contains(&key.as_str())));
    without_secrets(map, session)
}

/// What every command has.
fn of_all(global: &GlobalArgs, session: &Session) -> Map<String, Json> {
    let mut map: Map<String, Json> = defaults().collect();
    let shared = &session.shared;
    let flags = &shared.settings.flags;
    let of_project: Vec<(String, Json)> = flags
        .iter()
        .filter(|(key, _)| map.contains_key(*key))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    map.extend(of_project);
    for key in ["introspect", "print", "use_colors", "write_json", "log_level", "log_format"] {
        if let Some(value) = shared.flags.get(&key.to_uppercase()) {
            map.insert(key.to_owned(), value.clone());
        }
    }
    if global.sets_log_level()
        && let Some(level) = map.get("log_level").cloned()
    {
        map.insert("log_level_file".to_owned(), level);
    }
    if global.is_quiet() {
        map.insert("log_level".to_owned(), Json::from("info"));
    }
    if let Some(colors) = map.get("use_colors").cloned() {
        map.insert("use_colors_file".to_owned(), colors);
    }
    map.insert("version_check".to_owned(), Json::Bool(global.checks_version()));
    map.insert("vars".to_owned(), Json::Object(shared.cli_vars.clone()));
    map.insert("project_dir".to_owned(), Json::from(shared.settings.root.display().to_string()));
    map.extend(global.recorded());
    map
}

/// What only some commands have.
fn of_command(command: &str) -> Map<String, Json> {
    entries(match command {
        "build" => json!({"show": false, "include_saved_query": false, "export_saved_queries": false}),
        "seed" => json!({"show": false}),
        "compile" => json!({"inject_ephemeral_ctes": true, "output": "text"}),
        "generate" => json!({"static": false, "empty_catalog": false, "compile": true}),
        _ => json!({}),
    })
}

/// The flags of dbt as they are where nothing is said.
fn defaults() -> impl Iterator<Item = (String, Json)> {
    let invocation = json!({
        "cache_selected_only": false, "indirect_selection": "eager", "introspect": true,
        "log_file_max_bytes": 10_485_760, "log_format": "default", "log_format_file": "debug", "log_level": "info",
        "log_level_file": "debug", "macro_debugging": false, "partial_parse": true, "partial_parse_file_diff": true,
        "populate_cache": true, "print": true, "printer_width": 80, "quiet": false,
        "send_anonymous_usage_stats": false, "show_all_deprecations": false, "show_resource_report": false,
        "sqlparse": {"MAX_GROUPING_DEPTH": null, "MAX_GROUPING_TOKENS": null}, "static_parser": true,
        "strict_mode": false, "upload_to_artifacts_ingest_api": false, "use_colors": true, "use_colors_file": true,
        "use_fast_test_edges": false, "version_check": true,
        "write_json": true,
    });
    let behaviour = json!({
        "require_all_warnings_handled_by_warn_error": false,
        "require_batched_execution_for_custom_microbatch_strategy": false,
        "require_explicit_package_overrides_for_builtin_materializations": true,
        "require_generic_test_arguments_property": true, "require_nested_cumulative_type_params": false,
        "require_ref_searches_node_package_before_root": false, "require_resource_names_without_spaces": true,
        "require_unique_project_resource_names": false, "require_yaml_configuration_for_mf_time_spines": false,
        "skip_nodes_if_on_run_start_fails": false, "source_freshness_run_project_hooks": true,
        "state_modified_compare_more_unrendered_values": false, "state_modified_compare_vars": false,
        "validate_macro_args": false,
    });
    [invocation, behaviour].into_iter().flat_map(entries)
}

fn entries(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(map) => map,
        _ => Map::new(),
    }
}
