//! What a DuckDB profile says, free of any file format.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Everything needed to open a DuckDB database. The field names are those of a `profiles.yml` output.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The database file; `None` or `:memory:` keep everything in memory. Parent folders are created.
    pub path: Option<PathBuf>,
    /// The default database. `None` derives it from `path`, see [`Settings::database_name`]. May name an
    /// attached database.
    pub database: Option<String>,
    /// The default schema. It need not exist.
    pub schema: String,
    /// Extensions to install and load.
    pub extensions: Vec<Extension>,
    /// Set on every connection with `SET key = 'value'`.
    pub settings: BTreeMap<String, String>,
    /// Given to the engine when the database is opened, for options that cannot be changed later.
    pub config_options: BTreeMap<String, String>,
    /// Secrets to create, in order.
    pub secrets: Vec<Secret>,
    /// Databases to attach, in order.
    pub attach: Vec<Attach>,
    /// Open the database file without the right to change it, so that other readers may hold it too.
    pub read_only: bool,
    /// How often to try to open a file that another process holds, with pauses of 1, 2, 4, … seconds. At
    /// least 1.
    pub connect_attempts: u32,
}

/// In memory, schema `main`.
impl Default for Settings {
    fn default() -> Settings {
        Settings {
            path: None,
            database: None,
            schema: "main".to_owned(),
            extensions: Vec::new(),
            settings: BTreeMap::new(),
            config_options: BTreeMap::new(),
            secrets: Vec::new(),
            attach: Vec::new(),
            read_only: false,
            connect_attempts: 1,
        }
    }
}

impl Settings {
    /// Defaults, on this file.
    pub fn file(path: impl Into<PathBuf>) -> Settings {
        Settings { path: Some(path.into()), ..Settings::default() }
    }

    /// The file, or `None` for a database in memory.
    pub fn file_path(&self) -> Option<&Path> {
        self.path.as_deref().filter(|path| !path.as_os_str().is_empty() && path.as_os_str() != ":memory:")
    }

    /// The default database's name: `database` if given, else [`Settings::primary_database`].
    pub fn database_name(&self) -> String {
        self.database.clone().unwrap_or_else(|| self.primary_database())
    }

    /// The name DuckDB gives to the opened file: its name up to the first dot, leading dots left out.
    /// `target/shop.duckdb` is `shop`, `my.db.duckdb` is `my`; a database in memory is `memory`.
    pub fn primary_database(&self) -> String {
        let Some(name) = self.file_path().and_then(Path::file_name) else { return "memory".to_owned() };
        let name = name.to_string_lossy();
        let stem = name.trim_start_matches('.').split('.').next().unwrap_or_default();
        stem.split('?').next().unwrap_or_default().to_owned()
    }
}

/// An extension to install and load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// Its name, for example `httpfs`.
    pub name: String,
    /// Where to install it from: a repository's name (`community`, `core_nightly`) or address.
    pub repository: Option<String>,
}

/// A database to attach.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attach {
    /// A file, or whatever the extension for `type` takes.
    pub path: String,
    /// The name to attach it under; DuckDB derives one from the path otherwise.
    pub alias: Option<String>,
    /// The kind of database, for example `sqlite`, `postgres`, `ducklake`.
    pub r#type: Option<String>,
    /// The name of the secret to use.
    pub secret: Option<String>,
    /// Attach without the right to change it.
    pub read_only: bool,
    /// Further options of the `ATTACH` statement, in order.
    pub options: Vec<(String, AttachOption)>,
}

/// The value of an option of `ATTACH`.
#[derive(Debug, Clone, PartialEq)]
pub enum AttachOption {
    /// Only `true` is sent, as the bare option name.
    Bool(bool),
    /// A number, sent as it is written.
    Number(String),
    /// Text, sent quoted unless it brings its own quotes.
    Text(String),
}

/// A secret to create.
#[derive(Clone, PartialEq, Default)]
pub struct Secret {
    /// The kind of service, for example `s3`.
    pub r#type: String,
    /// The secret's name; `_dbt_secret_1` and so on by position otherwise.
    pub name: Option<String>,
    /// Keep it across sessions, in the user's home folder.
    pub persistent: bool,
    /// How to find the credentials, for example `config` or `credential_chain`.
    pub provider: Option<String>,
    /// The addresses which it is for. Empty: all.
    pub scope: Vec<String>,
    /// The parameters of its type, in order.
    pub parameters: Vec<(String, SecretValue)>,
}

/// The value of a secret's parameter.
#[derive(Clone, PartialEq)]
pub enum SecretValue {
    /// Text.
    Text(String),
    /// A list of texts.
    List(Vec<String>),
    /// Named texts.
    Map(Vec<(String, String)>),
}

/// Parameter values are left out: they are secret.
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.parameters.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Secret")
            .field("type", &self.r#type)
            .field("name", &self.name)
            .field("scope", &self.scope)
            .field("parameters", &names)
            .finish_non_exhaustive()
    }
}
