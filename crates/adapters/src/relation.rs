//! Names of schemas and relations, and what the catalog says about them.

use std::fmt;

/// A schema, in the default database when `database` is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SchemaName {
    /// The database (catalog); `None` for the connection's default.
    pub database: Option<String>,
    /// The schema's own name, unquoted.
    pub schema: String,
}

impl SchemaName {
    /// A schema of the default database.
    pub fn new(schema: impl Into<String>) -> SchemaName {
        SchemaName { database: None, schema: schema.into() }
    }

    /// A schema of a named database.
    pub fn in_database(database: impl Into<String>, schema: impl Into<String>) -> SchemaName {
        SchemaName { database: Some(database.into()), schema: schema.into() }
    }
}

/// A table's or view's name. The parts are unquoted text, exactly as the engine stores them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RelationName {
    /// The database (catalog); `None` for the connection's default.
    pub database: Option<String>,
    /// The schema; `None` for the connection's default.
    pub schema: Option<String>,
    /// The relation's own name.
    pub identifier: String,
}

impl RelationName {
    /// `schema.identifier` of the default database.
    pub fn new(schema: impl Into<String>, identifier: impl Into<String>) -> RelationName {
        RelationName { database: None, schema: Some(schema.into()), identifier: identifier.into() }
    }

    /// The same name in the given database.
    #[must_use]
    pub fn in_database(mut self, database: impl Into<String>) -> RelationName {
        self.database = Some(database.into());
        self
    }

    /// The parts which are set, outermost first.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        [self.database.as_deref(), self.schema.as_deref(), Some(self.identifier.as_str())].into_iter().flatten()
    }
}

/// The parts joined by dots without quotes, for messages.
impl fmt::Display for RelationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for part in self.parts() {
            write!(f, "{separator}{part}")?;
            separator = ".";
        }
        Ok(())
    }
}

/// What sort of relation the catalog holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RelationKind {
    /// A stored table.
    Table,
    /// A view.
    View,
    /// A stored view which the engine refreshes.
    MaterializedView,
    /// A table whose data lies outside the warehouse.
    External,
}

impl RelationKind {
    /// The word that dbt's artifacts use: `table`, `view`, `materialized_view`, `external`.
    pub fn as_str(self) -> &'static str {
        match self {
            RelationKind::Table => "table",
            RelationKind::View => "view",
            RelationKind::MaterializedView => "materialized_view",
            RelationKind::External => "external",
        }
    }
}

impl fmt::Display for RelationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One relation of the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelationInfo {
    /// The full name: database and schema are always set.
    pub name: RelationName,
    /// What it is.
    pub kind: RelationKind,
}
