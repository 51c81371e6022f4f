//! The settings of a Postgres target, by the names that dbt-postgres gives them.

use std::path::PathBuf;

use karat_adapters::postgres::Settings;
use serde_json::Value as Json;

use crate::config::profile::Target;
use crate::diagnostic::Diagnostic;

/// What the adapter needs to know of a target.
pub(super) fn settings(target: &Target) -> Result<Settings, Box<Diagnostic>> {
    let text = |keys: &[&str]| {
        let found = keys.iter().find_map(|key| target.values.get(*key))?;
        match found {
            Json::Null => None,
            Json::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    };
    let file = |key: &str| text(&[key]).map(PathBuf::from);
    Ok(Settings {
        host: text(&["host"]),
        port: number(target, "port")?,
        user: text(&["user"]),
        password: text(&["password", "pass"]),
        dbname: text(&["dbname", "database"]),
        sslmode: text(&["sslmode"]),
        sslcert: file("sslcert"),
        sslkey: file("sslkey"),
        sslrootcert: file("sslrootcert"),
        connect_timeout: number(target, "connect_timeout")?,
        keepalives_idle: number(target, "keepalives_idle")?,
        retries: number(target, "retries")?.unwrap_or(1),
        search_path: text(&["search_path"]),
        role: text(&["role"]),
        application_name: text(&["application_name"]),
    })
}

/// A whole number, or a text that is one.
fn number<T: std::str::FromStr>(target: &Target, key: &str) -> Result<Option<T>, Box<Diagnostic>> {
    let text = match target.values.get(key) {
        None | Some(Json::Null) => return Ok(None),
        Some(Json::String(text)) => text.trim().to_owned(),
        Some(other) => other.to_string(),
    };
    text.parse().map(Some).map_err(|_| {
        Box::new(
            Diagnostic::error("wrong-type", format!("`{key}` of target `{}` is no whole number", target.name))
                .at(target.kind_span, "")
                .hint(format!("it is `{text}`")),
        )
    })
}
