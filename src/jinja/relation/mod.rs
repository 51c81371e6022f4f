//! Relations as templates see them: what `ref`, `source`, `this` and `api.Relation.create` give.

mod class;
mod methods;
mod parts;

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use karat_adapters::{RelationKind, RelationName};
use karat_sql::dialect::Dialect;
use karat_sql::names::{Kind, Name};
use minijinja::Value;
use serde_json::{Map, Value as Json};

pub use self::class::RelationClass;
use crate::inputs::{Window, shown};

/// Kinds of relations that no catalog holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Special {
    /// A CTE: an ephemeral model where it is read.
    Cte,
    /// An ephemeral model.
    Ephemeral,
    /// A table that points at the data of another.
    PointerTable,
    /// A function.
    Function,
}

impl Special {
    const ALL: [Self; 4] = [Self::Cte, Self::Ephemeral, Self::PointerTable, Self::Function];

    fn as_str(self) -> &'static str {
        match self {
            Self::Cte => "cte",
            Self::Ephemeral => "ephemeral",
            Self::PointerTable => "pointer_table",
            Self::Function => "function",
        }
    }
}

/// A relation. Printed, it is the name that SQL knows it by.
#[derive(Clone)]
pub struct Relation {
    /// Its parts, unquoted. An identifier that is empty is none.
    pub name: RelationName,
    /// What it is, where that is known.
    pub kind: Option<RelationKind>,
    /// What it is when no catalog holds it.
    pub special: Option<Special>,
    /// What stands for it in SQL instead of its name: a CTE, `read_csv(…)`.
    pub rendered: Option<Arc<str>>,
    /// Which parts are printed: database, schema, identifier.
    pub include: [bool; 3],
    /// Which parts are quoted.
    pub quote: [bool; 3],
    /// For a view of the information schema, its name: `Some(None)` is the schema itself.
    pub information: Option<Option<Arc<str>>>,
    /// What is read of it where it stands in SQL.
    pub part_read: PartRead,
    /// How the engine quotes.
    pub dialect: &'static dyn Dialect,
}

/// What is read of a relation that `ref` or `source` gave: all of it, or less.
#[derive(Debug, Clone, Default)]
pub struct PartRead {
    /// No rows (`--empty`).
    pub nothing: bool,
    /// The rows of a time: the column that tells it, as SQL has it, and which.
    pub time: Option<(Arc<str>, Window)>,
}

/// As Python shows it inside of a list: `<DuckDBRelation "a"."b"."c">`.
impl fmt::Debug for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} {}>", self.class_name(), self.sql())
    }
}

impl Relation {
    /// The relation of this name.
    pub fn new(name: RelationName, kind: Option<RelationKind>, dialect: &'static dyn Dialect) -> Self {
        Self {
            name,
            kind,
            special: None,
            rendered: None,
            include: [true; 3],
            quote: [true; 3],
            information: None,
            part_read: PartRead::default(),
            dialect,
        }
    }

    /// The relation as it stands in SQL: its name, or a query of the part of it that is read.
    pub fn text(&self) -> String {
        let mut text = self.sql();
        let alias = |sort: &str| match self.dialect.needs_subquery_alias() {
            true => format!(" _dbt_{sort}_subq_{}", self.name.identifier),
            false => String::new(),
        };
        if self.part_read.nothing {
            text = format!("(select * from {text} where false limit 0){}", alias("limit"));
        }
        if let Some((column, Window { start, end })) = &self.part_read.time {
            let (start, end) = (shown(*start), shown(*end));
            let rows = format!("{column} >= '{start}' and {column} < '{end}'");
            text = format!("(select * from {text} where {rows}){}", alias("et_filter"));
        }
        text
    }

    /// The CTE that stands for an ephemeral model.
    pub fn cte(name: &str, dialect: &'static dyn Dialect) -> Self {
        let name = RelationName { database: None, schema: None, identifier: format!("__dbt__cte__{name}") };
        let mut relation = Self::new(name, None, dialect);
        relation.special = Some(Special::Cte);
        relation.quote[2] = false;
        relation
    }

    /// Quotes parts as a `quoting` of YAML says: `{database: false}`.
    pub fn quote_as(&mut self, quoting: &Map<String, Json>) {
        for (index, key) in PARTS.into_iter().enumerate() {
            if let Some(flag) = quoting.get(key).and_then(Json::as_bool) {
                self.quote[index] = flag;
            }
        }
    }

    /// A relation that is written as this text.
    #[must_use]
    pub fn rendered(mut self, text: impl Into<Arc<str>>) -> Self {
        self.rendered = Some(text.into());
        self
    }

    /// The relation as a template gets it from `ref` and `this`: what it is, is not known there.
    #[must_use]
    pub fn of_unknown_kind(mut self) -> Self {
        self.kind = None;
        self
    }

    /// Its parts that are set.
    fn part(&self, index: usize) -> Option<&str> {
        match index {
            0 => self.name.database.as_deref(),
            1 => self.name.schema.as_deref(),
            _ => Some(self.name.identifier.as_str()).filter(|text| !text.is_empty()),
        }
    }

    fn set_part(&mut self, index: usize, text: Option<String>) {
        match index {
            0 => self.name.database = text,
            1 => self.name.schema = text,
            _ => self.name.identifier = text.unwrap_or_default(),
        }
    }

    /// The relation as SQL names it.
    pub fn sql(&self) -> String {
        if let Some(text) = &self.rendered {
            return text.to_string();
        }
        let mut shown: Vec<String> = (0..3)
            .filter(|index| self.include[*index])
            .filter_map(|index| Some(self.quoted_part(index, self.part(index)?)))
            .collect();
        shown.extend(self.information.iter().flatten().map(|view| view.to_string()));
        shown.join(".")
    }

    fn quoted_part(&self, index: usize, text: &str) -> String {
        if self.quote[index] { self.dialect.quote(text) } else { text.to_owned() }
    }

    /// The name as the dialect takes it.
    pub fn to_name(&self) -> Name {
        Name {
            database: self.name.database.clone(),
            schema: self.name.schema.clone(),
            identifier: self.name.identifier.clone(),
        }
    }

    /// The kind as the dialect takes it; a relation of unknown kind counts as a table.
    pub fn sql_kind(&self) -> Kind {
        match self.kind {
            Some(RelationKind::View) => Kind::View,
            Some(RelationKind::MaterializedView) => Kind::MaterializedView,
            Some(RelationKind::External) => Kind::External,
            Some(RelationKind::Table) | None => Kind::Table,
        }
    }

    /// The relation as a value of a template.
    pub fn value(self) -> Value {
        Value::from_object(self)
    }

    /// The relation that a value holds.
    pub fn from_value(value: &Value) -> Option<Arc<Self>> {
        value.downcast_object::<Self>()
    }

    /// The word for what it is.
    fn type_name(&self) -> Option<&'static str> {
        self.special.map(Special::as_str).or(self.kind.map(RelationKind::as_str))
    }

    /// The same name as that of a function.
    pub fn of_function(self) -> Self {
        Self { kind: None, special: Some(Special::Function), ..self }
    }

    fn set_type(&mut self, word: Option<&str>) {
        self.kind = word.and_then(kind_from);
        self.special = word.and_then(|word| Special::ALL.into_iter().find(|s| s.as_str() == word));
    }

    /// The name that dbt's class for it has.
    fn class_name(&self) -> String {
        match self.information {
            Some(_) => "InformationSchema".to_owned(),
            None => format!("{}Relation", self.dialect.title()),
        }
    }

    /// Python's `==`: all of it is the same, what it is too.
    fn compare(&self, other: &Self) -> Ordering {
        let facts = |r: &Self| {
            let flags = (r.include, r.quote);
            (r.sql(), r.name.clone(), r.type_name(), flags, r.information.is_some())
        };
        facts(self).cmp(&facts(other))
    }
}

/// The parts of a name, by the names that templates use.
const PARTS: [&str; 3] = ["database", "schema", "identifier"];

/// `table`, `view` … as a kind.
pub fn kind_from(text: &str) -> Option<RelationKind> {
    [RelationKind::Table, RelationKind::View, RelationKind::MaterializedView, RelationKind::External]
        .into_iter()
        .find(|k| k.as_str() == text)
}
