//! Unit tests: given these rows, a model has to give those.
//!
//! Plain data and pure functions. [`fixture`] writes rows as SQL, [`diff`] compares what came with what was expected;
//! what they are sent to is `execute`'s business.

pub mod diff;
pub mod fixture;

use serde_json::{Map, Value as Json};

use crate::source::Span;

/// What a unit test has besides other nodes.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitTest {
    /// The model as it was written.
    pub model: String,
    /// The version of the model that is tested, if it has versions.
    pub version: Option<String>,
    /// What the model reads.
    pub given: Vec<Given>,
    /// What it has to give.
    pub expect: Fixture,
    /// What else is other than in a run.
    pub overrides: Option<Overrides>,
    /// `versions`, as written.
    pub versions: Option<Json>,
}

/// Rows that stand for something that the model reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// The expression: `ref('orders')`, `source('raw', 'orders')`, `this`.
    pub input: String,
    /// Where it stands.
    pub span: Span,
    /// The unique id of what it names.
    pub node: String,
    /// The rows.
    pub fixture: Fixture,
}

/// How the rows of a fixture are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Mappings of column to value.
    #[default]
    Dict,
    /// CSV text.
    Csv,
    /// A query.
    Sql,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Dict, Self::Csv, Self::Sql];

    /// dbt's name for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dict => "dict",
            Self::Csv => "csv",
            Self::Sql => "sql",
        }
    }
}

/// One row: values by column.
pub type Row = Map<String, Json>;

/// What a fixture holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Rows {
    /// Values.
    Table(Vec<Row>),
    /// A query.
    Sql(String),
    /// Those of the seed that they stand for.
    Seed,
}

/// Rows of a unit test.
#[derive(Debug, Clone, PartialEq)]
pub struct Fixture {
    /// How they are written.
    pub format: Format,
    /// The rows.
    pub rows: Rows,
    /// The name of the file that they are from.
    pub file: Option<String>,
    /// Where they stand.
    pub span: Span,
    /// The columns, and where each is first named.
    pub columns: Vec<(String, Span)>,
}

/// What is other in a unit test than in a run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Overrides {
    /// What macros return, by name or `package.name`.
    pub macros: Map<String, Json>,
    /// Variables of the project.
    pub vars: Map<String, Json>,
    /// Variables of the environment.
    pub env_vars: Map<String, Json>,
}
