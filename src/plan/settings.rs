//! Reading a node's settings, strictly.

use serde_json::{Map, Value as Json};

use karat_sql::dialect::{Dialect, Key, Strategy};

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::node::Node;

/// One entry of `indexes`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexSetting {
    pub columns: Vec<String>,
    pub unique: bool,
    pub method: Option<String>,
}

/// Whether to rebuild from nothing: the node's own setting, else the flag.
pub(super) fn full_refresh(node: &Node, flag: bool) -> bool {
    node.config.bool("full_refresh").unwrap_or(flag)
}

/// `indexes`.
pub(super) fn indexes(node: &Node) -> Result<Vec<IndexSetting>, Diagnostic> {
    let wrong = |found: &Json| {
        Diagnostic::error("bad-index", format!("{}: `indexes` has the entry {found}", node.label()))
            .hint("an index is written `{columns: [a, b], unique: true}`")
    };
    let entries = match node.config.get("indexes") {
        None => return Ok(Vec::new()),
        Some(Json::Array(entries)) => entries,
        Some(other) => return Err(wrong(other)),
    };
    let method = |fields: &Map<String, Json>| match fields.get("type") {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(method)) if method.chars().all(|c| c.is_alphanumeric() || c == '_') => {
            Ok(Some(method.clone()))
        }
        Some(other) => Err(wrong(other)),
    };
    let read = |entry: &Json| {
        let fields = entry.as_object().ok_or_else(|| wrong(entry))?;
        let columns = fields.get("columns").and_then(texts).filter(|columns| !columns.is_empty());
        let unique = match fields.get("unique") {
            None | Some(Json::Null) => Some(false),
            Some(value) => value.as_bool(),
        };
        match (columns, unique) {
            (Some(columns), Some(unique)) => Ok(IndexSetting { columns, unique, method: method(fields)? }),
            _ => Err(wrong(entry)),
        }
    };
    entries.iter().map(read).collect()
}

/// `incremental_strategy`, or the dialect's own.
pub(super) fn strategy(node: &Node, dialect: &dyn Dialect) -> Result<Strategy, Diagnostic> {
    let names: Vec<&str> = dialect.strategies().iter().map(|strategy| strategy.as_str()).collect();
    let wrong = |found: &str| {
        let message = format!(
            "{}: `incremental_strategy` is {found}, which is not supported on {}",
            node.label(),
            dialect.name()
        );
        Diagnostic::error("bad-incremental-strategy", message)
    };
    let name = match node.config.get("incremental_strategy") {
        None => return Ok(dialect.default_strategy()),
        Some(Json::String(name)) if name.is_empty() || name == "default" => return Ok(dialect.default_strategy()),
        Some(Json::String(name)) => name.as_str(),
        Some(other) => return Err(wrong(&other.to_string())),
    };
    let same = |strategy: &&Strategy| strategy.as_str() == name || strategy.as_str().replace('+', "_") == name;
    dialect.strategies().iter().find(same).copied().ok_or_else(|| {
        let all = format!("strategies are {}", names.join(", "));
        wrong(&format!("`{name}`")).hint(did_you_mean(name, names.iter().copied()).unwrap_or(all))
    })
}

/// `unique_key`: a text or a list of texts; empty ones count as none.
pub(super) fn unique_key(node: &Node) -> Result<Option<Key>, Diagnostic> {
    match node.config.get("unique_key") {
        None => Ok(None),
        Some(Json::String(key)) if key.trim().is_empty() => Ok(None),
        Some(Json::String(key)) => Ok(Some(Key::One(key.clone()))),
        Some(list) => match texts(list) {
            Some(keys) if keys.is_empty() => Ok(None),
            Some(keys) if keys.iter().all(|key| !key.trim().is_empty()) => Ok(Some(Key::Many(keys))),
            _ => {
                let message = format!("{}: `unique_key` is {list}", node.label());
                Err(Diagnostic::error("bad-unique-key", message)
                    .hint("a key is the name of a column, or a list of names: `unique_key: [order_id, line]`"))
            }
        },
    }
}

/// `incremental_predicates`, by its old name `predicates` too.
pub(super) fn predicates(node: &Node) -> Result<Vec<String>, Diagnostic> {
    let set = |key: &&str| node.config.get(key).is_some_and(|value| value != "" && value != &Json::Array(Vec::new()));
    let Some(key) = ["predicates", "incremental_predicates"].into_iter().find(set) else { return Ok(Vec::new()) };
    text_list(node, key, "bad-incremental-predicates", true)
}

/// A list of texts; where `single`, also one text.
pub(super) fn text_list(node: &Node, key: &str, code: &'static str, single: bool) -> Result<Vec<String>, Diagnostic> {
    match node.config.get(key) {
        None => Ok(Vec::new()),
        Some(Json::String(one)) if single => Ok(vec![one.clone()]),
        Some(list) => texts(list).ok_or_else(|| {
            Diagnostic::error(code, format!("{}: `{key}` is {list}", node.label())).hint("write a list of texts")
        }),
    }
}

/// The texts of a list that has nothing else.
pub(super) fn texts(value: &Json) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}

/// A mapping of texts to texts.
pub(super) fn text_map(node: &Node, key: &str, code: &'static str) -> Result<Vec<(String, String)>, Diagnostic> {
    let wrong = |found: &Json| {
        Diagnostic::error(code, format!("{}: `{key}` is {found}", node.label()))
            .hint("write a mapping of column names to texts")
    };
    let Some(value) = node.config.get(key) else { return Ok(Vec::new()) };
    let fields: &Map<String, Json> = value.as_object().ok_or_else(|| wrong(value))?;
    let pair = |(name, text): (&String, &Json)| text.as_str().map(|text| (name.clone(), text.to_owned()));
    fields.iter().map(pair).collect::<Option<Vec<_>>>().ok_or_else(|| wrong(value))
}
