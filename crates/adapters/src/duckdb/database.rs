//! The one open database behind an adapter, and what is done to it before anyone may use it.

use std::path::Path;
use std::thread;
use std::time::Duration;

use duckdb::{AccessMode, Config};

use super::names::{literal, quote};
use super::settings::Settings;
use super::{errors, setup};
use crate::{AdapterError, AdapterErrorKind};

/// An open database, kept open by the connection in it.
pub(super) struct Database {
    root: duckdb::Connection,
    /// The name DuckDB gave to the file.
    primary: String,
}

impl Database {
    /// Opens the database, loads its extensions, creates its secrets and attaches what is to be attached.
    pub(super) fn open(settings: &Settings) -> Result<Database, AdapterError> {
        create_parent_folder(settings)?;
        let root = open_patiently(settings)?;
        let primary = run(&root, "select current_database()", |root| {
            root.query_row("select current_database()", [], |row| row.get(0))
        })?;
        let database = Database { root, primary };
        setup::extensions(&database, &settings.extensions)?;
        setup::secrets(&database, &settings.secrets)?;
        setup::attachments(&database, &settings.attach)?;
        database.check_default(settings)?;
        Ok(database)
    }

    /// Another connection to the same database, with the settings that are kept for each connection.
    pub(super) fn connect(&self, settings: &Settings) -> Result<duckdb::Connection, AdapterError> {
        let connection = self.root.try_clone().map_err(|error| errors::from_driver(&error, ""))?;
        for (key, value) in &settings.settings {
            let sql = format!("SET {} = {}", quote(key), literal(value));
            connection.execute_batch(&sql).map_err(|error| bad_setting(key, &errors::from_driver(&error, &sql)))?;
        }
        self.set_search_path(&connection, settings)?;
        Ok(connection)
    }

    /// Runs one statement for the set-up.
    pub(super) fn execute(&self, sql: &str) -> Result<(), AdapterError> {
        run(&self.root, sql, |root| root.execute_batch(sql))
    }

    /// Whether a query for the set-up has any row.
    pub(super) fn exists(&self, sql: &str) -> Result<bool, AdapterError> {
        run(&self.root, sql, |root| root.prepare(sql)?.exists([]))
    }

    fn check_default(&self, settings: &Settings) -> Result<(), AdapterError> {
        let Some(name) = &settings.database else { return Ok(()) };
        let sql = format!("select 1 from duckdb_databases() where lower(database_name) = lower({})", literal(name));
        if self.exists(&sql)? {
            return Ok(());
        }
        let message = format!("the profile's database '{name}' is neither the opened file nor attached");
        let hint = format!("the opened file is the database '{}'; leave `database` out to use it", self.primary);
        Err(AdapterError::new(AdapterErrorKind::Config, message).with_hint(hint))
    }

    /// Names without a schema are looked up in `main` first, as DuckDB does by itself, and then in the default
    /// schema. What is created without a schema goes to `main`.
    fn set_search_path(&self, connection: &duckdb::Connection, settings: &Settings) -> Result<(), AdapterError> {
        let database = settings.database.as_deref().unwrap_or(&self.primary);
        let schema = &settings.schema;
        let is_usual = database.eq_ignore_ascii_case(&self.primary) && schema.eq_ignore_ascii_case("main");
        let exists = format!(
            "select 1 from duckdb_schemas() where lower(database_name) = lower({}) and lower(schema_name) = lower({})",
            literal(database),
            literal(schema)
        );
        if is_usual || !self.exists(&exists)? {
            return Ok(());
        }
        let path = format!("{}.main,{}.{}", quote(&self.primary), quote(database), quote(schema));
        let sql = format!("SET search_path = {}", literal(&path));
        run(connection, &sql, |connection| connection.execute_batch(&sql))
    }
}

fn run<T>(
    connection: &duckdb::Connection,
    sql: &str,
    action: impl FnOnce(&duckdb::Connection) -> duckdb::Result<T>,
) -> Result<T, AdapterError> {
    action(connection).map_err(|error| errors::from_driver(&error, sql))
}

fn bad_setting(key: &str, error: &AdapterError) -> AdapterError {
    let mut wrapped =
        AdapterError::new(AdapterErrorKind::Config, format!("cannot apply the setting '{key}': {}", error.message));
    wrapped.candidates.clone_from(&error.candidates);
    wrapped
}

fn create_parent_folder(settings: &Settings) -> Result<(), AdapterError> {
    let parent = settings.file_path().filter(|path| !is_remote(path)).and_then(Path::parent);
    let Some(parent) = parent.filter(|parent| !settings.read_only && !parent.as_os_str().is_empty()) else {
        return Ok(());
    };
    std::fs::create_dir_all(parent).map_err(|error| {
        let message = format!("cannot create the folder {} for the database: {error}", parent.display());
        AdapterError::new(AdapterErrorKind::Connect, message)
    })
}

/// Whether the path is an address which an extension resolves, such as `s3://…` or `md:…`.
fn is_remote(path: &Path) -> bool {
    let path = path.to_string_lossy();
    path.split_once(':')
        .is_some_and(|(scheme, _)| scheme.len() > 1 && scheme.chars().all(|c| c.is_ascii_alphanumeric()))
}

fn open_patiently(settings: &Settings) -> Result<duckdb::Connection, AdapterError> {
    let mut pause = Duration::from_secs(1);
    for _ in 1..settings.connect_attempts {
        match open_once(settings) {
            Err(error) if error.kind == AdapterErrorKind::Locked => thread::sleep(pause),
            other => return other,
        }
        pause *= 2;
    }
    open_once(settings)
}

fn open_once(settings: &Settings) -> Result<duckdb::Connection, AdapterError> {
    let config = config(settings).map_err(|error| {
        let error = errors::from_driver(&error, "");
        AdapterError { kind: AdapterErrorKind::Config, ..error }
    })?;
    match settings.file_path() {
        None => duckdb::Connection::open_in_memory_with_flags(config),
        Some(path) => duckdb::Connection::open_with_flags(path, config),
    }
    .map_err(|error| open_error(settings, errors::from_driver(&error, "")))
}

fn config(settings: &Settings) -> duckdb::Result<Config> {
    let mut config = Config::default().with("errors_as_json", "true")?;
    if settings.read_only && settings.file_path().is_some() {
        config = config.access_mode(AccessMode::ReadOnly)?;
    }
    for (key, value) in &settings.config_options {
        config = config.with(key, value)?;
    }
    Ok(config)
}

fn open_error(settings: &Settings, error: AdapterError) -> AdapterError {
    let Some(path) = settings.file_path() else { return AdapterError { kind: AdapterErrorKind::Config, ..error } };
    let shown = path.display();
    if error.kind == AdapterErrorKind::Locked {
        return locked_error(path, &error);
    }
    if error.message.starts_with("The following options were not recognized") {
        return AdapterError { kind: AdapterErrorKind::Config, ..error };
    }
    let (message, hint) = if path.is_dir() {
        (format!("{shown} is a folder, not a database file"), "point `path` to a file in it")
    } else if error.message.contains("not a valid DuckDB database file") {
        (format!("{shown} is not a DuckDB database"), "point `path` to another file, or move this one away")
    } else if settings.read_only && !path.exists() {
        (format!("{shown} does not exist, and a read-only profile cannot create it"), "open it for writing once")
    } else {
        (
            format!("cannot open the database {shown}: {}", error.message),
            "check the file's rights and its DuckDB version",
        )
    };
    AdapterError::new(AdapterErrorKind::Connect, message).with_hint(hint)
}

/// DuckDB says `… Conflicting lock is held in <program> (PID <n>) by user <name>. See also …`.
fn locked_error(path: &Path, error: &AdapterError) -> AdapterError {
    let holder = error.message.split_once("Conflicting lock is held in ").map(|(_, rest)| rest);
    let holder = holder.and_then(|rest| rest.split(". See also").next()).map(|holder| holder.trim_end_matches('.'));
    let message = match holder {
        Some(holder) => format!("the database {} is in use by {holder}", path.display()),
        None => format!("the database {} is in use by another process", path.display()),
    };
    let hint = "close the other program, or have both open it read-only; DuckDB lets only one process write";
    AdapterError::new(AdapterErrorKind::Locked, message).with_hint(hint)
}
