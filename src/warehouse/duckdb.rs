//! The settings of a DuckDB target.

use std::path::{Path, PathBuf};

use karat_adapters::duckdb::{Attach, AttachOption, Extension, Secret, SecretValue, Settings};
use serde_json::Value as Json;

use crate::config::profile::{Target, texts};
use crate::diagnostic::Diagnostic;

/// What the adapter needs to know of a target.
pub(super) fn settings(target: &Target, root: &Path) -> Result<Settings, Box<Diagnostic>> {
    let values = &target.values;
    let text = |key: &str| values.get(key).and_then(Json::as_str).map(str::to_owned);
    let path = text("path").filter(|p| p != ":memory:" && !p.is_empty()).map(|p| absolute(&p, root));
    let extensions = values.get("extensions").and_then(Json::as_array).into_iter().flatten();
    let extensions = extensions.filter_map(|e| match e {
        Json::String(name) => Some(Extension { name: name.clone(), repository: None }),
        other => Some(Extension {
            name: other["name"].as_str()?.to_owned(),
            repository: other["repo"].as_str().or(other["repository"].as_str()).map(str::to_owned),
        }),
    });
    let attach = values.get("attach").and_then(Json::as_array).into_iter().flatten();
    Ok(Settings {
        path,
        database: text("database"),
        schema: target.schema.clone(),
        extensions: extensions.collect(),
        settings: texts(values.get("settings")),
        config_options: texts(values.get("config_options")),
        attach: attach.filter_map(|a| attached(a, root)).collect(),
        read_only: values.get("read_only").and_then(Json::as_bool).unwrap_or(false),
        secrets: secrets(values.get("secrets"))?,
        ..Settings::default()
    })
}

fn absolute(path: &str, root: &Path) -> PathBuf {
    if path.contains("://") || path.starts_with("md:") { PathBuf::from(path) } else { root.join(path) }
}

fn attached(value: &serde_json::Value, root: &Path) -> Option<Attach> {
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    let options = value["options"].as_object().into_iter().flatten().map(|(k, v)| {
        let option = match v {
            Json::Bool(b) => AttachOption::Bool(*b),
            Json::Number(n) => AttachOption::Number(n.to_string()),
            Json::String(s) => AttachOption::Text(s.clone()),
            other => AttachOption::Text(other.to_string()),
        };
        (k.clone(), option)
    });
    let path = text("path")?;
    let kind = text("type");
    // Only files of DuckDB and SQLite are paths; others are connection strings.
    let is_file = kind.as_deref().is_none_or(|k| matches!(k, "duckdb" | "sqlite")) && path != ":memory:";
    Some(Attach {
        path: if is_file { absolute(&path, root).display().to_string() } else { path },
        alias: text("alias"),
        r#type: kind,
        secret: text("secret"),
        read_only: value["read_only"].as_bool().unwrap_or(false),
        options: options.collect(),
    })
}

fn secrets(value: Option<&serde_json::Value>) -> Result<Vec<Secret>, Box<Diagnostic>> {
    let mut found = Vec::new();
    for secret in value.and_then(Json::as_array).into_iter().flatten() {
        let Some(map) = secret.as_object() else { continue };
        let text = |key: &str| map.get(key).and_then(Json::as_str).map(str::to_owned);
        let Some(kind) = text("type") else {
            return Err(Box::new(
                Diagnostic::error("missing-key", "a secret of the profile has no `type`").hint("such as `type: s3`"),
            ));
        };
        let known = ["type", "name", "persistent", "provider", "scope"];
        let parameters = map.iter().filter(|(k, _)| !known.contains(&k.as_str())).map(|(k, v)| {
            let value = match v {
                Json::Array(items) => SecretValue::List(items.iter().map(plain).collect()),
                Json::Object(pairs) => SecretValue::Map(pairs.iter().map(|(k, v)| (k.clone(), plain(v))).collect()),
                one => SecretValue::Text(plain(one)),
            };
            (k.clone(), value)
        });
        found.push(Secret {
            r#type: kind,
            name: text("name"),
            persistent: map.get("persistent").and_then(Json::as_bool).unwrap_or(false),
            provider: text("provider"),
            scope: match map.get("scope") {
                Some(Json::Array(items)) => items.iter().map(plain).collect(),
                Some(one) => vec![plain(one)],
                None => Vec::new(),
            },
            parameters: parameters.collect(),
        });
    }
    Ok(found)
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
