//! Query results as templates see them: the few things of Python's `agate` that dbt projects use.

use std::fmt;
use std::sync::Arc;

use karat_adapters::{Cell, Table};
use minijinja::value::{Enumerator, Object, ObjectRepr, from_args};
use minijinja::{Error, ErrorKind, State, Value};

/// A cell as a template's value.
pub fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::from(()),
        Cell::Bool(b) => Value::from(*b),
        Cell::Int(i) => i64::try_from(*i).map_or_else(|_| Value::from(*i), Value::from),
        Cell::Float(f) => Value::from(*f),
        Cell::Decimal(text) => decimal(text),
        Cell::List(items) => karat_jinja::list(items.iter().map(value).collect()),
        Cell::Struct(fields) => karat_jinja::dict(fields.iter().map(|(k, v)| (Value::from(k.as_str()), value(v)))),
        Cell::Map(entries) => karat_jinja::dict(entries.iter().map(|(k, v)| (value(k), value(v)))),
        other => Value::from(other.to_string()),
    }
}

/// Whole decimals are integers, as agate prints them; others numbers.
fn decimal(text: &str) -> Value {
    match text.split_once('.') {
        None => text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from),
        Some(_) => text.parse::<f64>().map_or_else(|_| Value::from(text), Value::from),
    }
}

/// A result.
#[derive(Debug)]
pub struct AgateTable(pub Arc<Table>);

impl AgateTable {
    fn rows(&self) -> Value {
        let rows = (0..self.0.rows.len()).map(|row| Value::from_object(Row { table: self.0.clone(), row }));
        karat_jinja::tuple(rows.collect())
    }

    fn names(&self) -> Value {
        karat_jinja::tuple(self.0.columns.iter().map(|c| Value::from(c.name.as_str())).collect())
    }
}

impl Object for AgateTable {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        Some(match key.as_str()? {
            "rows" => self.rows(),
            "columns" => Value::from_object(Columns(self.0.clone())),
            "column_names" => self.names(),
            "column_types" => {
                karat_jinja::tuple(self.0.columns.iter().map(|c| Value::from(c.data_type.as_str())).collect())
            }
            _ => return None,
        })
    }

    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Iterable
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        match self.rows().try_iter() {
            Ok(rows) => Enumerator::Values(rows.collect()),
            Err(_) => Enumerator::Empty,
        }
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        match method {
            "print_table" | "print_csv" | "print_json" => Ok(Value::from(())),
            "select" | "exclude" => {
                let (wanted,): (Value,) = from_args(args)?;
                let wanted: Vec<String> = wanted.try_iter()?.map(|v| v.to_string()).collect();
                let keep: Vec<usize> = (0..self.0.columns.len())
                    .filter(|i| wanted.contains(&self.0.columns[*i].name) == (method == "select"))
                    .collect();
                let columns = keep.iter().map(|i| self.0.columns[*i].clone()).collect();
                let rows = self.0.rows.iter().map(|r| keep.iter().map(|i| r[*i].clone()).collect()).collect();
                Ok(Value::from_object(AgateTable(Arc::new(Table { columns, rows }))))
            }
            _ => Err(Error::new(ErrorKind::UnknownMethod, format!("a query result has no method `{method}`"))),
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<agate.Table: {} columns, {} rows>", self.0.columns.len(), self.0.rows.len())
    }
}

/// The columns of a result, by position or name.
#[derive(Debug)]
struct Columns(Arc<Table>);

impl Columns {
    fn column(&self, index: usize) -> Value {
        Value::from_object(AgateColumn { table: self.0.clone(), index })
    }

    fn find(&self, key: &Value) -> Option<usize> {
        match key.as_str() {
            Some(name) => self.0.column_index(name),
            None => position(key, self.0.columns.len()),
        }
    }
}

fn position(key: &Value, length: usize) -> Option<usize> {
    let index = i64::try_from(key.clone()).ok()?;
    let index = if index < 0 { index + i64::try_from(length).ok()? } else { index };
    usize::try_from(index).ok().filter(|i| *i < length)
}

impl Object for Columns {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.find(key).map(|i| self.column(i))
    }

    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values((0..self.0.columns.len()).map(|i| self.column(i)).collect())
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        match method {
            "keys" => Ok(karat_jinja::tuple(self.0.columns.iter().map(|c| Value::from(c.name.as_str())).collect())),
            "values" => Ok(karat_jinja::tuple((0..self.0.columns.len()).map(|i| self.column(i)).collect())),
            "get" => {
                let (key, default): (Value, Option<Value>) = from_args(args)?;
                Ok(self.find(&key).map(|i| self.column(i)).or(default).unwrap_or(Value::from(())))
            }
            _ => Err(Error::new(ErrorKind::UnknownMethod, format!("columns have no method `{method}`"))),
        }
    }
}

/// One column: its name and its values.
#[derive(Debug)]
struct AgateColumn {
    table: Arc<Table>,
    index: usize,
}

impl AgateColumn {
    fn values(&self) -> Vec<Value> {
        self.table.rows.iter().map(|row| value(&row[self.index])).collect()
    }
}

impl Object for AgateColumn {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str() {
            Some("name") => Some(Value::from(self.table.columns[self.index].name.as_str())),
            Some(_) => None,
            None => position(key, self.table.rows.len()).map(|row| value(&self.table.rows[row][self.index])),
        }
    }

    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.values())
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, _: &[Value]) -> Result<Value, Error> {
        match method {
            "values" => Ok(karat_jinja::tuple(self.values())),
            "values_distinct" => {
                let mut distinct: Vec<Value> = Vec::new();
                for item in self.values() {
                    if !distinct.contains(&item) {
                        distinct.push(item);
                    }
                }
                Ok(karat_jinja::tuple(distinct))
            }
            _ => Err(Error::new(ErrorKind::UnknownMethod, format!("a column of a result has no method `{method}`"))),
        }
    }
}

/// One row: its values by position or column name.
#[derive(Debug)]
struct Row {
    table: Arc<Table>,
    row: usize,
}

impl Row {
    fn cells(&self) -> impl Iterator<Item = Value> + '_ {
        self.table.rows[self.row].iter().map(value)
    }
}

impl Object for Row {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let index = match key.as_str() {
            Some(name) => self.table.column_index(name),
            None => position(key, self.table.columns.len()),
        };
        index.map(|i| value(&self.table.rows[self.row][i]))
    }

    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.cells().collect())
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        let names = || self.table.columns.iter().map(|c| Value::from(c.name.as_str()));
        match method {
            "values" => Ok(karat_jinja::tuple(self.cells().collect())),
            "keys" => Ok(karat_jinja::tuple(names().collect())),
            "items" => {
                Ok(karat_jinja::list(names().zip(self.cells()).map(|(k, v)| karat_jinja::tuple(vec![k, v])).collect()))
            }
            "dict" => Ok(karat_jinja::dict(names().zip(self.cells()))),
            "get" => {
                let (key, default): (Value, Option<Value>) = from_args(args)?;
                Ok(self.get_value(&key).or(default).unwrap_or(Value::from(())))
            }
            _ => Err(Error::new(ErrorKind::UnknownMethod, format!("a row has no method `{method}`"))),
        }
    }
}
