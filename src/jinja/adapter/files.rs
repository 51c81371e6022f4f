//! `adapter.…` for data in files: where they are, and how `copy … to` writes them.

use std::path::Path;
use std::sync::Arc;

use karat_jinja::Dict;
use minijinja::{Error, Value};
use serde_json::Value as Json;

use super::ask::with;
use crate::jinja::args;
use crate::jinja::scope::Scope;

/// The method of this name, if it is one of these.
pub(super) fn call(scope: &Arc<Scope>, method: &str, args: &[Value]) -> Option<Result<Value, Error>> {
    let setting = |key: &str| scope.shared.target.values.get(key);
    Some(match method {
        "is_motherduck" => Ok(Value::from(setting("path").and_then(Json::as_str).is_some_and(is_motherduck))),
        "is_ducklake" | "use_ducklake_table_workarounds" => Ok(Value::from(false)),
        "disable_transactions" => {
            Ok(Value::from(setting("disable_transactions").and_then(Json::as_bool).unwrap_or(false)))
        }
        "external_root" => Ok(Value::from(setting("external_root").and_then(Json::as_str).unwrap_or("."))),
        "get_binding_char" => Ok(Value::from("?")),
        "get_seed_file_path" => seed_path(args),
        "external_write_options" => write_options(args),
        "external_read_location" => read_location(args),
        _ => return None,
    })
}

fn is_motherduck(path: &str) -> bool {
    path.starts_with("md:") || path.starts_with("motherduck:")
}

/// Whether the engine can read a file there.
pub(super) fn location_exists(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (location, _) = args::first_text(args, "the location")?;
    if scope.connection.is_none() {
        return Err(crate::jinja::error::needs_connection());
    }
    let sql = format!("select 1 from '{location}' where 1=0");
    Ok(Value::from(with(scope, |c| c.execute(&sql), Some(&sql)).is_ok()))
}

fn seed_path(args: &[Value]) -> Result<Value, Error> {
    let (model, _) = args::first(args, "the model")?;
    let (root, file) = (model.get_attr("root_path")?, model.get_attr("original_file_path")?);
    Ok(Value::from(Path::new(&karat_jinja::py_str(&root)).join(karat_jinja::py_str(&file)).display().to_string()))
}

/// A location, and options as texts.
fn location_and_options(args: &[Value]) -> Result<(String, Vec<(String, String)>), Error> {
    let (location, rest) = args::first_text(args, "the location")?;
    let options = args::option(rest, 0, "rendered_options").unwrap_or_default();
    let mut found = Vec::new();
    for key in options.try_iter()? {
        let value = options.get_item(&key)?;
        found.push((karat_jinja::py_str(&key), karat_jinja::py_str(&value)));
    }
    Ok((location, found))
}

fn option<'a>(options: &'a [(String, String)], key: &str) -> Option<&'a str> {
    options.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
}

/// The options of `copy … to`: those given, and what the location's name tells.
fn write_options(args: &[Value]) -> Result<Value, Error> {
    let (location, mut options) = location_and_options(args)?;
    let given = args.get(1).and_then(|v| v.downcast_object::<Dict>());
    if option(&options, "format").is_none() {
        let (format, compression) = format_of(&location, option(&options, "delimiter").is_some());
        options.push(("format".to_owned(), format));
        if let Some(compression) = compression.filter(|_| option(&options, "compression").is_none()) {
            options.push(("compression".to_owned(), compression.to_owned()));
        }
    }
    if option(&options, "format") == Some("csv") && option(&options, "header").is_none() {
        options.push(("header".to_owned(), "1".to_owned()));
    }
    // What is found out is put into the dictionary that was given: templates read it there.
    for (key, value) in &options {
        if let Some(given) = given.as_ref().filter(|given| given.get_str(key).is_none()) {
            given.insert(key.as_str(), Value::from(value.as_str()));
        }
    }
    let written = options.iter().map(|(key, value)| match key.to_lowercase().as_str() {
        "delimiter" | "quote" | "escape" | "null" if !value.starts_with('\'') => format!("{key} '{value}'"),
        _ if key == "partition_by" && value.contains(',') && !value.starts_with('(') => format!("{key} ({value})"),
        _ => format!("{key} {value}"),
    });
    Ok(Value::from(written.collect::<Vec<_>>().join(", ")))
}

/// Format and compression by the extensions of a file's name.
fn format_of(location: &str, delimited: bool) -> (String, Option<&'static str>) {
    let extension = |path: &Path| path.extension().map(|e| e.to_string_lossy().to_lowercase());
    let path = Path::new(location);
    let compression = match extension(path).as_deref() {
        Some("gz") => Some("gzip"),
        Some("zst") => Some("zstd"),
        _ => None,
    };
    let named =
        if compression.is_some() { path.file_stem().map(Path::new).and_then(extension) } else { extension(path) };
    match named {
        Some(format) => (format, compression),
        None => (if delimited { "csv" } else { "parquet" }.to_owned(), None),
    }
}

/// Where to read what was written: every file below a location that was partitioned.
fn read_location(args: &[Value]) -> Result<Value, Error> {
    let (location, options) = location_and_options(args)?;
    let partitions = option(&options, "partition_by").filter(|v| !v.is_empty());
    let spread = option(&options, "per_thread_output").is_some_and(|v| !matches!(v, "" | "False" | "0"));
    if partitions.is_none() && !spread {
        return Ok(Value::from(location));
    }
    let depth = 1 + partitions.map_or(0, |columns| columns.split(',').count());
    let format = option(&options, "format").unwrap_or("parquet");
    Ok(Value::from(format!("{location}{}.{format}", "/*".repeat(depth))))
}
