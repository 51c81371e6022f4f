//! Extensions, secrets and attached databases.

use super::database::Database;
use super::names::{literal, quote};
use super::settings::{Attach, AttachOption, Extension, Secret, SecretValue};
use crate::{AdapterError, AdapterErrorKind};

/// Installs and loads extensions. Those inside of the library are loaded already and need no network.
pub(super) fn extensions(database: &Database, extensions: &[Extension]) -> Result<(), AdapterError> {
    for extension in extensions {
        let name = literal(&extension.name);
        let is_loaded = format!(
            "select 1 from duckdb_extensions() where loaded and (extension_name = {name} or list_contains(aliases, {name}))"
        );
        if !database.exists(&is_loaded)? {
            load_extension(database, extension).map_err(|error| extension_error(extension, &error))?;
        }
    }
    Ok(())
}

fn load_extension(database: &Database, extension: &Extension) -> Result<(), AdapterError> {
    let name = quote(&extension.name);
    let install = match &extension.repository {
        Some(repository) if is_word(repository) => format!("INSTALL {name} FROM {repository}"),
        Some(address) => format!("INSTALL {name} FROM {}", literal(address)),
        None => format!("INSTALL {name}"),
    };
    database.execute(&install)?;
    database.execute(&format!("LOAD {name}"))
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

fn extension_error(extension: &Extension, error: &AdapterError) -> AdapterError {
    let message = format!("cannot load the DuckDB extension '{}': {}", extension.name, error.message);
    let mut wrapped = AdapterError::new(AdapterErrorKind::Extension, message)
        .with_hint("an extension which is not installed yet is downloaded, which needs the network");
    wrapped.candidates.clone_from(&error.candidates);
    wrapped
}

/// Creates the secrets.
pub(super) fn secrets(database: &Database, secrets: &[Secret]) -> Result<(), AdapterError> {
    for (index, secret) in secrets.iter().enumerate() {
        let name = secret.name.clone().unwrap_or_else(|| format!("_dbt_secret_{}", index + 1));
        database.execute(&secret_sql(&name, secret)).map_err(|error| {
            let message = format!("cannot create the secret '{name}': {}", error.message);
            AdapterError::new(AdapterErrorKind::Config, message)
        })?;
    }
    Ok(())
}

fn secret_sql(name: &str, secret: &Secret) -> String {
    let mut parameters = vec![format!("type {}", secret.r#type)];
    parameters.extend(secret.provider.iter().map(|provider| format!("provider {provider}")));
    parameters.extend(secret.parameters.iter().map(|(key, value)| format!("{key} {}", secret_value(value))));
    parameters.extend(secret.scope.iter().map(|scope| format!("scope {}", literal(scope))));
    let persistent = if secret.persistent { "PERSISTENT " } else { "" };
    format!("CREATE OR REPLACE {persistent}SECRET {} ({})", quote(name), parameters.join(", "))
}

fn secret_value(value: &SecretValue) -> String {
    match value {
        SecretValue::Text(text) => literal(text),
        SecretValue::List(items) => {
            format!("array [{}]", items.iter().map(|item| literal(item)).collect::<Vec<_>>().join(", "))
        }
        SecretValue::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{}: {}", literal(key), literal(value)));
            format!("map {{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

/// Attaches databases.
pub(super) fn attachments(database: &Database, attachments: &[Attach]) -> Result<(), AdapterError> {
    for attach in attachments {
        database.execute(&attach_sql(attach)).map_err(|error| {
            let message = format!("cannot attach '{}': {}", attach.path, error.message);
            let kind = match error.kind {
                AdapterErrorKind::Locked | AdapterErrorKind::Extension => error.kind,
                _ => AdapterErrorKind::Connect,
            };
            AdapterError::new(kind, message)
        })?;
    }
    Ok(())
}

fn attach_sql(attach: &Attach) -> String {
    let mut options = Vec::new();
    options.extend(attach.r#type.iter().map(|kind| format!("TYPE {kind}")));
    options.extend(attach.secret.iter().map(|secret| format!("SECRET {}", quote(secret))));
    options.extend(attach.read_only.then(|| "READ_ONLY".to_owned()));
    options.extend(attach.options.iter().filter_map(|(key, value)| attach_option(key, value)));
    let alias = attach.alias.as_ref().map(|alias| format!(" AS {}", quote(alias))).unwrap_or_default();
    let options = if options.is_empty() { String::new() } else { format!(" ({})", options.join(", ")) };
    format!("ATTACH IF NOT EXISTS {}{alias}{options}", literal(&attach.path))
}

fn attach_option(key: &str, value: &AttachOption) -> Option<String> {
    let key = key.to_uppercase();
    match value {
        AttachOption::Bool(true) => Some(key),
        AttachOption::Bool(false) => None,
        AttachOption::Number(number) => Some(format!("{key} {number}")),
        AttachOption::Text(text) if is_quoted(text.trim()) || key == "TYPE" || key == "SECRET" => {
            Some(format!("{key} {text}"))
        }
        AttachOption::Text(text) => Some(format!("{key} {}", literal(text))),
    }
}

fn is_quoted(text: &str) -> bool {
    text.len() >= 2 && ['\'', '"'].iter().any(|quote| text.starts_with(*quote) && text.ends_with(*quote))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attach_statements() {
        let attach = Attach {
            path: "it's.db".to_owned(),
            alias: Some("other".to_owned()),
            r#type: Some("sqlite".to_owned()),
            read_only: true,
            options: vec![
                ("block_size".to_owned(), AttachOption::Number("16384".to_owned())),
                ("data_path".to_owned(), AttachOption::Text("s3://x".to_owned())),
                ("off".to_owned(), AttachOption::Bool(false)),
            ],
            secret: None,
        };
        assert_eq!(
            attach_sql(&attach),
            "ATTACH IF NOT EXISTS 'it''s.db' AS \"other\" (TYPE sqlite, READ_ONLY, BLOCK_SIZE 16384, DATA_PATH 's3://x')"
        );
    }

    #[test]
    fn secret_statements() {
        let secret = Secret {
            r#type: "s3".to_owned(),
            provider: Some("config".to_owned()),
            scope: vec!["s3://a".to_owned()],
            parameters: vec![("key_id".to_owned(), SecretValue::Text("k'".to_owned()))],
            ..Secret::default()
        };
        assert_eq!(
            secret_sql("n", &secret),
            "CREATE OR REPLACE SECRET \"n\" (type s3, provider config, key_id 'k''', scope 's3://a')"
        );
    }
}
