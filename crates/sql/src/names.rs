//! Names of relations, and what sort of relation they name.

/// A relation's name. The parts are unquoted text, exactly as the engine stores them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    /// The database; `None` for the connection's default.
    pub database: Option<String>,
    /// The schema; `None` for the connection's default.
    pub schema: Option<String>,
    /// The relation's own name.
    pub identifier: String,
}

impl Name {
    /// `schema.identifier` of the default database.
    pub fn new(schema: impl Into<String>, identifier: impl Into<String>) -> Self {
        Self { database: None, schema: Some(schema.into()), identifier: identifier.into() }
    }

    /// The same name in the given database.
    #[must_use]
    pub fn in_database(mut self, database: impl Into<String>) -> Self {
        self.database = Some(database.into());
        self
    }

    /// Another relation of the same schema: this one's identifier with `suffix` after it.
    #[must_use]
    pub fn suffixed(&self, suffix: &str) -> Self {
        Self { identifier: format!("{}{suffix}", self.identifier), ..self.clone() }
    }

    /// The parts which are set, outermost first.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        [self.database.as_deref(), self.schema.as_deref(), Some(self.identifier.as_str())].into_iter().flatten()
    }
}

/// What sort of relation the warehouse holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A stored table.
    Table,
    /// A view.
    View,
    /// A stored view which the engine refreshes.
    MaterializedView,
    /// A table whose data lies outside the warehouse.
    External,
}

impl Kind {
    /// The words that follow `drop` and `alter`.
    pub fn sql(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::External => "external table",
        }
    }
}
