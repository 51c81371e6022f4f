//! What `group_by` makes of a table: a table for each value of a column.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr};
use minijinja::{Error, ErrorKind, State, Value};

use super::types::DataType;
use super::{Agate, unique};
use crate::jinja::args;

/// Tables by a value. As a sequence it is its tables; they are found by position or by value.
pub(super) struct Groups {
    pub key_name: String,
    pub key_type: DataType,
    pub groups: Vec<(Value, Agate)>,
}

impl Groups {
    fn find(&self, key: &Value) -> Option<Value> {
        let named = self.groups.iter().find(|(known, _)| karat_jinja::equals(known, key));
        let found = named.or_else(|| self.groups.get(usize::try_from(key.clone()).ok()?));
        found.map(|(_, table)| Value::from_object(table.clone()))
    }

    fn tables(&self) -> Vec<Value> {
        self.groups.iter().map(|(_, table)| Value::from_object(table.clone())).collect()
    }

    /// One table of all, the value of each before its rows.
    fn merge(&self) -> Value {
        let Some((_, first)) = self.groups.first() else { return Value::from(()) };
        let names = std::iter::once(self.key_name.as_str()).chain(first.names.iter().map(String::as_str));
        let row =
            |(key, row): (&Value, &Arc<[Value]>)| std::iter::once(key.clone()).chain(row.iter().cloned()).collect();
        let rows = self.groups.iter().flat_map(|(key, table)| table.rows.iter().map(move |row| (key, row)));
        Value::from_object(Agate {
            names: unique(names),
            types: std::iter::once(self.key_type).chain(first.types.iter().copied()).collect(),
            rows: rows.map(row).collect(),
            shared: first.shared.clone(),
        })
    }
}

impl fmt::Debug for Groups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<agate.tableset.TableSet object>")
    }
}

impl Object for Groups {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Iterable
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let first = self.groups.first().map(|(_, table)| table);
        match key.as_str() {
            Some("key_name") => Some(Value::from(self.key_name.as_str())),
            Some("column_names") => Value::from_object(first?.clone()).get_attr("column_names").ok(),
            Some("column_types") => Value::from_object(first?.clone()).get_attr("column_types").ok(),
            _ => self.find(key),
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.tables())
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.groups.len())
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        let keys = || self.groups.iter().map(|(key, _)| key.clone());
        Ok(match method {
            "keys" => karat_jinja::tuple(keys().collect()),
            "values" => karat_jinja::tuple(self.tables()),
            "items" => {
                let pairs = keys().zip(self.tables()).map(|(key, table)| karat_jinja::tuple(vec![key, table]));
                karat_jinja::tuple(pairs.collect())
            }
            "dict" => karat_jinja::dict(keys().zip(self.tables())),
            "get" => {
                let (key, rest) = args::first(args, "the value")?;
                self.find(key).or_else(|| args::option(rest, 0, "default")).unwrap_or_default()
            }
            "merge" => self.merge(),
            _ => {
                let message = format!("the groups of a result have no method `{method}`");
                return Err(Error::new(ErrorKind::UnknownMethod, message));
            }
        })
    }
}
