//! The `config` of a manifest entry: everything that can be set, with dbt's default where nothing was.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json, json};

use super::lazy::{EMPTY_LIST, EmptyDict, List};
use crate::node::{Node, NodeConfig, ResourceType};

/// What stands where a key is not set.
#[derive(Clone, Copy)]
enum Default {
    Null,
    True,
    One,
    Text(&'static str),
    List,
    Dict,
    Tags,
    Meta,
    Hooks,
    Docs,
    Contract,
    Materialized,
    SnapshotColumns,
    StoreFailures,
    StoreFailuresAs,
    Freshness,
    Begin,
    BuildAfter,
}

type Key = (&'static str, Default);

/// Keys that all nodes begin with.
const COMMON: &[Key] = &[
    ("enabled", Default::True),
    ("alias", Default::Null),
    ("schema", Default::Null),
    ("database", Default::Null),
    ("tags", Default::Tags),
    ("meta", Default::Meta),
    ("group", Default::Null),
    ("static_analysis", Default::Null),
    ("materialized", Default::Materialized),
];

/// Further keys of everything but tests.
const NODE: &[Key] = &[
    ("incremental_strategy", Default::Null),
    ("batch_size", Default::Null),
    ("lookback", Default::One),
    ("begin", Default::Begin),
    ("persist_docs", Default::Dict),
    ("post-hook", Default::Hooks),
    ("pre-hook", Default::Hooks),
    ("quoting", Default::Dict),
    ("column_types", Default::Dict),
    ("full_refresh", Default::Null),
    ("unique_key", Default::Null),
    ("on_schema_change", Default::Text("ignore")),
    ("on_configuration_change", Default::Text("apply")),
    ("grants", Default::Dict),
    ("packages", Default::List),
    ("docs", Default::Docs),
    ("contract", Default::Contract),
    ("event_time", Default::Null),
    ("concurrent_batches", Default::Null),
];

const MODEL: &[Key] = &[("access", Default::Text("protected")), ("freshness", Default::BuildAfter)];

const SEED: &[Key] = &[("delimiter", Default::Text(",")), ("quote_columns", Default::Null)];

const SNAPSHOT: &[Key] = &[
    ("strategy", Default::Null),
    ("target_schema", Default::Null),
    ("target_database", Default::Null),
    ("updated_at", Default::Null),
    ("check_cols", Default::Null),
    ("snapshot_meta_column_names", Default::SnapshotColumns),
    ("dbt_valid_to_current", Default::Null),
];

const FUNCTION: &[Key] = &[
    ("type", Default::Text("scalar")),
    ("volatility", Default::Null),
    ("runtime_version", Default::Null),
    ("entry_point", Default::Null),
];

/// Keys of a test; those it shares with other nodes are among them, since one default differs.
const TEST: &[Key] = &[
    ("enabled", Default::True),
    ("alias", Default::Null),
    ("schema", Default::Text("dbt_test__audit")),
    ("database", Default::Null),
    ("tags", Default::Tags),
    ("meta", Default::Meta),
    ("group", Default::Null),
    ("static_analysis", Default::Null),
    ("materialized", Default::Materialized),
    ("severity", Default::Text("ERROR")),
    ("store_failures", Default::StoreFailures),
    ("store_failures_as", Default::StoreFailuresAs),
    ("where", Default::Null),
    ("limit", Default::Null),
    ("fail_calc", Default::Text("count(*)")),
    ("warn_if", Default::Text("!= 0")),
    ("error_if", Default::Text("!= 0")),
];

const SOURCE: &[Key] = &[
    ("enabled", Default::True),
    ("event_time", Default::Null),
    ("freshness", Default::Freshness),
    ("loaded_at_field", Default::Null),
    ("loaded_at_query", Default::Null),
    ("meta", Default::Meta),
    ("tags", Default::Tags),
    ("static_analysis", Default::Null),
];

const EXPOSURE: &[Key] = &[("enabled", Default::True), ("tags", Default::Tags), ("meta", Default::Meta)];

const UNIT_TEST: &[Key] =
    &[("tags", Default::Tags), ("meta", Default::Meta), ("enabled", Default::True), ("static_analysis", Default::Null)];

fn keys(kind: ResourceType) -> [&'static [Key]; 3] {
    match kind {
        ResourceType::Model => [COMMON, NODE, MODEL],
        ResourceType::Seed => [COMMON, NODE, SEED],
        ResourceType::Snapshot => [COMMON, NODE, SNAPSHOT],
        ResourceType::Function => [COMMON, NODE, FUNCTION],
        ResourceType::Analysis | ResourceType::Operation => [COMMON, NODE, &[]],
        ResourceType::Test => [TEST, &[], &[]],
        ResourceType::Source => [SOURCE, &[], &[]],
        ResourceType::UnitTest => [UNIT_TEST, &[], &[]],
        _ => [EXPOSURE, &[], &[]],
    }
}

/// The config of a node: dbt's keys first, then whatever else was set.
pub(super) struct ConfigEntry<'a>(pub &'a Node);

impl Serialize for ConfigEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let node = self.0;
        let tables = keys(node.resource_type);
        let mut map = serializer.serialize_map(None)?;
        for (key, default) in tables.into_iter().flatten() {
            map.serialize_key(key)?;
            map.serialize_value(&Setting { node, key, default: *default })?;
        }
        let known = |key: &str| tables.into_iter().flatten().any(|(name, _)| *name == key);
        for (key, value) in &node.config.values {
            if !known(key) && key != "pre_hook" && key != "post_hook" {
                map.serialize_entry(key, value)?;
            }
        }
        map.end()
    }
}

/// One key's value: as set, or its default.
struct Setting<'a> {
    node: &'a Node,
    key: &'a str,
    default: Default,
}

impl Serialize for Setting<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let set = self.node.config.get(self.key);
        match (self.default, set) {
            (Default::Tags, _) => tags(self.node).serialize(serializer),
            (Default::Meta, _) => self.node.meta.serialize(serializer),
            (Default::Hooks, _) => hooks(&self.node.config, self.key).serialize(serializer),
            (Default::Docs, _) => docs(as_dict(set)).serialize(serializer),
            (Default::Contract, _) => contract(as_dict(set)).serialize(serializer),
            (Default::Materialized, _) => self.node.materialized().serialize(serializer),
            (Default::SnapshotColumns, _) => snapshot_columns(as_dict(set)).serialize(serializer),
            (Default::StoreFailures, _) => store_failures(&self.node.config).0.serialize(serializer),
            (Default::StoreFailuresAs, _) => store_failures(&self.node.config).1.serialize(serializer),
            (Default::Freshness, _) => {
                self.node.source_table().and_then(|source| source.freshness.as_ref()).serialize(serializer)
            }
            (Default::Begin, set) => begin(set).serialize(serializer),
            (Default::BuildAfter, set) => build_after(set).serialize(serializer),
            (_, Some(value)) => value.serialize(serializer),
            (Default::Null, None) => serializer.serialize_none(),
            (Default::True, None) => serializer.serialize_bool(true),
            (Default::One, None) => serializer.serialize_u8(1),
            (Default::Text(text), None) => serializer.serialize_str(text),
            (Default::List, None) => EMPTY_LIST.serialize(serializer),
            (Default::Dict, None) => EmptyDict.serialize(serializer),
        }
    }
}

/// The map that a value is, if it is one.
pub(super) fn as_dict(value: Option<&Json>) -> Option<&Map<String, Json>> {
    value.and_then(Json::as_object)
}

/// A map with every key of `defaults`, as set or else as there; what else was set comes after.
#[derive(Clone, Copy)]
pub(super) struct Complete<'a> {
    defaults: &'static [(&'static str, Option<bool>)],
    set: Option<&'a Map<String, Json>>,
}

impl<'a> Complete<'a> {
    /// `set` with `defaults` (null or a boolean) for what is missing.
    pub fn new(defaults: &'static [(&'static str, Option<bool>)], set: Option<&'a Map<String, Json>>) -> Self {
        Self { defaults, set }
    }
}

impl Serialize for Complete<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, default) in self.defaults {
            match self.set.and_then(|set| set.get(*key)) {
                Some(value) => map.serialize_entry(key, value)?,
                None => map.serialize_entry(key, default)?,
            }
        }
        for (key, value) in self.set.into_iter().flatten() {
            if !self.defaults.iter().any(|(name, _)| name == key) {
                map.serialize_entry(key, value)?;
            }
        }
        map.end()
    }
}

/// `docs`, complete.
pub(super) fn docs(set: Option<&Map<String, Json>>) -> Complete<'_> {
    Complete::new(&[("show", Some(true)), ("node_color", None)], set)
}

/// `contract` as a setting, complete.
fn contract(set: Option<&Map<String, Json>>) -> Complete<'_> {
    Complete::new(&[("enforced", Some(false)), ("alias_types", Some(true))], set)
}

/// `snapshot_meta_column_names`, complete.
fn snapshot_columns(set: Option<&Map<String, Json>>) -> Complete<'_> {
    const NAMES: &[(&str, Option<bool>)] = &[
        ("dbt_valid_to", None),
        ("dbt_valid_from", None),
        ("dbt_scd_id", None),
        ("dbt_updated_at", None),
        ("dbt_is_deleted", None),
    ];
    Complete::new(NAMES, set)
}

/// Hooks before or after a node, spelt with a hyphen or an underscore, as one text, one map or a list.
fn hooks<'a>(config: &'a NodeConfig, key: &str) -> impl Serialize + use<'a> {
    let spelt = config.get(key).or_else(|| config.get(&key.replace('-', "_")));
    List(move || {
        let several = spelt.and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
        let single = spelt.filter(|value| !value.is_array());
        several.iter().chain(single).map(hook)
    })
}

/// One hook: a text, or a map that says more.
fn hook(value: &Json) -> Hook<'_> {
    match value {
        Json::Object(set) => {
            Hook::Map(Complete::new(&[("sql", None), ("transaction", Some(true)), ("index", None)], Some(set)))
        }
        other => match after_commit(other) {
            Some(said) => Hook::Said(said),
            None => Hook::Text { sql: other.as_str().unwrap_or_default(), transaction: true, index: () },
        },
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Hook<'a> {
    Map(Complete<'a>),
    Text { sql: &'a str, transaction: bool, index: () },
    Said(Json),
}

/// A hook that a macro such as `after_commit` made: a text that holds a map.
fn after_commit(value: &Json) -> Option<Json> {
    let said: Json = serde_json::from_str(value.as_str()?).ok()?;
    let (sql, transaction) = (said.get("sql")?, said.get("transaction").cloned().unwrap_or(Json::Bool(true)));
    Some(json!({"sql": sql, "transaction": transaction, "index": null}))
}

/// A moment as dbt writes it: with its time, which is midnight where only a date was written.
fn begin(set: Option<&Json>) -> Option<Json> {
    let set = set?;
    let at = set.as_str().and_then(|text| text.parse::<jiff::civil::DateTime>().ok());
    Some(at.map_or_else(|| set.clone(), |at| Json::from(at.strftime("%Y-%m-%dT%H:%M:%S").to_string())))
}

/// `freshness` of a model: `updates_on` is `any` where nothing else is said.
fn build_after(set: Option<&Json>) -> Option<Json> {
    let mut set = set?.clone();
    if let Some(Json::Object(after)) = set.get_mut("build_after") {
        after.entry("updates_on").or_insert(Json::from("any"));
    }
    Some(set)
}

/// The tags that the settings give; data tests and hooks have more than those. Sources and exposures say theirs
/// outside of the settings.
fn tags(node: &Node) -> Vec<String> {
    match node.resource_type {
        ResourceType::Source | ResourceType::Exposure => node.tags.clone(),
        _ => node.config.strings("tags"),
    }
}

/// `store_failures` and `store_failures_as`: either says what the other is.
fn store_failures(config: &NodeConfig) -> (Option<bool>, Option<&str>) {
    match (config.str("store_failures_as"), config.bool("store_failures")) {
        (Some(kind), _) => (Some(kind != "ephemeral"), Some(kind)),
        (None, Some(true)) => (Some(true), Some("table")),
        (None, Some(false)) => (Some(false), Some("ephemeral")),
        (None, None) => (None, None),
    }
}
