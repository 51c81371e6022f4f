//! Query results as templates see them: tables of Python's `agate`, with the values that dbt puts into them.

mod groups;
mod join;
mod methods;
mod print;
mod sequence;
mod types;

use std::fmt;
use std::sync::Arc;

use karat_adapters::{Column, Table};
use minijinja::value::{Enumerator, Object, ObjectRepr};
use minijinja::{Error, State, Value};

pub use self::sequence::Sequence;
use self::types::DataType;
use crate::jinja::shared::Shared;

/// Names of columns.
type Names = Arc<[String]>;

/// A result.
#[derive(Clone)]
pub struct Agate {
    names: Names,
    types: Arc<[DataType]>,
    rows: Vec<Arc<[Value]>>,
    /// Where `print_table` prints.
    shared: Arc<Shared>,
}

impl Agate {
    /// The result of a query, as a value of a template.
    pub fn of(table: &Table, shared: &Arc<Shared>) -> Value {
        let names = unique(table.columns.iter().map(|c| c.name.as_str()));
        let (types, rows) = types::typed(table);
        Value::from_object(Self { names, types: types.into(), rows, shared: shared.clone() })
    }

    /// The result with plain values: flags, whole numbers, and texts.
    pub fn cells(&self) -> Table {
        let column = |name: &String| Column { name: name.clone(), data_type: String::new() };
        let rows = self.rows.iter().map(|row| row.iter().map(types::cell).collect());
        Table { columns: self.names.iter().map(column).collect(), rows: rows.collect() }
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    fn sequence(&self) -> Value {
        Sequence::rows(self)
    }
}

/// Names made unique: `a`, `a_2`, and letters for those that are empty.
fn unique<'a>(names: impl Iterator<Item = &'a str>) -> Names {
    let mut known: Vec<String> = Vec::new();
    for (at, name) in names.enumerate() {
        let name = if name.is_empty() { letter(at) } else { name.to_owned() };
        let mut candidates = std::iter::once(name.clone()).chain((2..).map(|n| format!("{name}_{n}")));
        known.extend(candidates.find(|candidate| !known.contains(candidate)));
    }
    known.into()
}

/// `a` … `z`, `aa`, `bb` …
fn letter(at: usize) -> String {
    let letter = char::from(b'a' + u8::try_from(at % 26).unwrap_or(0));
    letter.to_string().repeat(at / 26 + 1)
}

impl fmt::Debug for Agate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<agate.table.Table object>")
    }
}

impl Object for Agate {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let Some(name) = key.as_str() else { return self.sequence().get_item(key).ok() };
        Some(match name {
            "rows" => self.sequence(),
            "columns" => Sequence::columns(self),
            "column_names" => karat_jinja::tuple(self.names.iter().map(|n| Value::from(n.as_str())).collect()),
            "column_types" => karat_jinja::tuple(self.types.iter().map(|t| Value::from_object(*t)).collect()),
            "row_names" => Value::from(()),
            _ => return None,
        })
    }

    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Iterable
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let rows = self.rows.iter().map(|row| Sequence::row(row.clone(), self.names.clone()));
        Enumerator::Values(rows.collect())
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.rows.len())
    }

    fn is_true(self: &Arc<Self>) -> bool {
        !self.rows.is_empty()
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        match method {
            "print_table" | "print_csv" | "print_json" | "print_structure" => self.print(method, args),
            _ => self.derive(state, method, args),
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.structure())
    }
}
