//! Relations as templates see them: what `ref`, `source`, `this` and `api.Relation.create` give.

use std::fmt;
use std::sync::Arc;

use karat_adapters::{RelationKind, RelationName};
use karat_sql::dialect::Dialect;
use karat_sql::names::{Kind, Name};
use minijinja::value::{Kwargs, Object, from_args};
use minijinja::{Error, ErrorKind, State, Value};
use serde_json::{Map, Value as Json};

/// A relation. Printed, it is the name that SQL knows it by.
#[derive(Clone)]
pub struct Relation {
    /// Its parts, unquoted.
    pub name: RelationName,
    /// What it is, where that is known.
    pub kind: Option<RelationKind>,
    /// What stands for it in SQL instead of its name: a CTE, `read_csv(…)`.
    pub rendered: Option<Arc<str>>,
    /// Which parts are printed: database, schema, identifier.
    pub include: [bool; 3],
    /// Which parts are quoted.
    pub quote: [bool; 3],
    /// How the engine quotes.
    pub dialect: &'static dyn Dialect,
}

impl fmt::Debug for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sql())
    }
}

impl Relation {
    /// The relation of this name.
    pub fn new(name: RelationName, kind: Option<RelationKind>, dialect: &'static dyn Dialect) -> Self {
        Self { name, kind, rendered: None, include: [true; 3], quote: [true; 3], dialect }
    }

    /// Quotes parts as a `quoting` of YAML says: `{database: false}`.
    pub fn quote_as(&mut self, quoting: &Map<String, Json>) {
        for (index, key) in ["database", "schema", "identifier"].into_iter().enumerate() {
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

    /// The relation as SQL names it.
    pub fn sql(&self) -> String {
        if let Some(text) = &self.rendered {
            return text.to_string();
        }
        let parts = [self.name.database.as_deref(), self.name.schema.as_deref(), Some(self.name.identifier.as_str())];
        let mut shown = Vec::with_capacity(3);
        for (index, part) in parts.into_iter().enumerate() {
            match part {
                Some(text) if !text.is_empty() && self.include[index] => {
                    shown.push(if self.quote[index] { self.dialect.quote(text) } else { text.to_owned() });
                }
                _ => {}
            }
        }
        shown.join(".")
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

    fn with_flags(&self, kwargs: &Kwargs, quote: bool) -> Result<Self, Error> {
        let mut copy = self.clone();
        let flags = if quote { &mut copy.quote } else { &mut copy.include };
        for (index, key) in ["database", "schema", "identifier"].into_iter().enumerate() {
            if let Some(flag) = kwargs.get::<Option<bool>>(key)? {
                flags[index] = flag;
            }
        }
        Ok(copy)
    }

    /// `incorporate(path={…}, type=…)`.
    fn incorporate(&self, kwargs: &Kwargs) -> Result<Self, Error> {
        let mut copy = self.clone();
        if let Some(path) = kwargs.get::<Option<Value>>("path")? {
            let part = |key: &str| path.get_attr(key).ok().and_then(|v| v.as_str().map(str::to_owned));
            copy.name.database = part("database").or(copy.name.database);
            copy.name.schema = part("schema").or(copy.name.schema);
            copy.name.identifier = part("identifier").unwrap_or(copy.name.identifier);
        }
        if let Some(kind) = kwargs.get::<Option<String>>("type")? {
            copy.kind = kind_from(&kind);
        }
        Ok(copy)
    }
}

/// `table`, `view` … as a kind.
pub fn kind_from(text: &str) -> Option<RelationKind> {
    [RelationKind::Table, RelationKind::View, RelationKind::MaterializedView, RelationKind::External]
        .into_iter()
        .find(|k| k.as_str() == text)
}

impl Object for Relation {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let kind_is = |kind| Value::from(self.kind == Some(kind));
        Some(match key.as_str()? {
            "database" => Value::from(self.name.database.clone()),
            "schema" => Value::from(self.name.schema.clone()),
            "identifier" | "name" | "table" => Value::from(self.name.identifier.clone()),
            "type" => self.kind.map_or(Value::from(()), |k| Value::from(k.as_str())),
            "is_table" => kind_is(RelationKind::Table),
            "is_view" => kind_is(RelationKind::View),
            "is_materialized_view" => kind_is(RelationKind::MaterializedView),
            "is_cte" => Value::from(self.rendered.as_deref().is_some_and(|r| r.starts_with("__dbt__cte__"))),
            "is_dynamic_table" | "is_pointer" => Value::from(false),
            _ => return None,
        })
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        match method {
            "render" => Ok(Value::from(self.sql())),
            "include" | "quote" => {
                let (kwargs,): (Kwargs,) = from_args(args)?;
                Ok(self.with_flags(&kwargs, method == "quote")?.value())
            }
            "incorporate" => {
                let (kwargs,): (Kwargs,) = from_args(args)?;
                Ok(self.incorporate(&kwargs)?.value())
            }
            "without_identifier" => {
                let mut copy = (**self).clone();
                copy.include[2] = false;
                Ok(copy.value())
            }
            "information_schema" => Ok(Value::from("information_schema")),
            "get" => {
                let (key, default): (String, Option<Value>) = from_args(args)?;
                Ok(self.get_value(&Value::from(key)).or(default).unwrap_or_default())
            }
            _ => Err(Error::new(ErrorKind::UnknownMethod, format!("a relation has no method `{method}`"))),
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sql())
    }
}
