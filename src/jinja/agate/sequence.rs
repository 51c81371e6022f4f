//! Rows and columns: sequences whose items have names too.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr};
use minijinja::{Error, ErrorKind, State, Value};

use super::types::DataType;
use super::{Agate, Names};
use crate::jinja::args;

/// What a sequence is of.
#[derive(Debug, Clone)]
pub(super) enum Of {
    /// The rows of a table.
    Rows,
    /// Its columns.
    Columns,
    /// The values of a row.
    Row,
    /// The values of a column: its place, name and type.
    Column(usize, Arc<str>, DataType),
}

/// A sequence of values. Rows and columns of a result are found by position or, where they have names, by name.
pub struct Sequence {
    of: Of,
    items: Arc<[Value]>,
    names: Option<Names>,
}

impl Sequence {
    /// The rows of a result.
    pub fn rows(table: &Agate) -> Value {
        let items = table.rows.iter().map(|row| Self::row(row.clone(), table.names.clone())).collect();
        Value::from_object(Self { of: Of::Rows, items, names: None })
    }

    /// A row of a result.
    pub fn row(items: Arc<[Value]>, names: Names) -> Value {
        Value::from_object(Self { of: Of::Row, items, names: Some(names) })
    }

    /// The columns of a result.
    pub fn columns(table: &Agate) -> Value {
        let column = |at: usize| {
            let items = table.rows.iter().map(|row| row[at].clone()).collect();
            let of = Of::Column(at, table.names[at].as_str().into(), table.types[at]);
            Value::from_object(Self { of, items, names: None })
        };
        let items = (0..table.names.len()).map(column).collect();
        Value::from_object(Self { of: Of::Columns, items, names: Some(table.names.clone()) })
    }

    fn find(&self, name: &str) -> Option<Value> {
        let at = self.names.as_ref()?.iter().position(|known| known == name)?;
        self.items.get(at).cloned()
    }

    fn named(&self) -> Result<impl Iterator<Item = (Value, Value)> + '_, Error> {
        let names =
            self.names.as_ref().ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "these have no names"))?;
        Ok(names.iter().map(|name| Value::from(name.as_str())).zip(self.items.iter().cloned()))
    }

    fn without_nulls(&self) -> Vec<Value> {
        self.items.iter().filter(|item| !item.is_none()).cloned().collect()
    }

    fn distinct(&self) -> Vec<Value> {
        self.items.iter().map(|item| (item.clone(), Value::from(()))).collect::<karat_jinja::Dict>().keys()
    }

    fn title(&self) -> &'static str {
        match self.of {
            Of::Rows | Of::Columns => "MappedSequence",
            Of::Row => "Row",
            Of::Column(..) => "Column",
        }
    }
}

/// Sorted as Python sorts, with nulls at the end.
pub(super) fn sorted(mut items: Vec<Value>) -> Vec<Value> {
    items.sort_by(compare);
    items
}

/// The order of two values, nulls last.
pub(super) fn compare(a: &Value, b: &Value) -> std::cmp::Ordering {
    match (a.is_none(), b.is_none()) {
        (false, false) => karat_jinja::compare(a, b).unwrap_or(std::cmp::Ordering::Equal),
        (a, b) => a.cmp(&b),
    }
}

impl fmt::Debug for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: Vec<String> = self.items.iter().take(5).map(karat_jinja::py_repr).collect();
        let more = if self.items.len() > 5 { ", ..." } else { "" };
        write!(f, "<agate.{}: ({}{more})>", self.title(), shown.join(", "))
    }
}

impl Object for Sequence {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let Some(name) = key.as_str() else {
            return usize::try_from(key.clone()).ok().and_then(|at| self.items.get(at).cloned());
        };
        match (&self.of, name) {
            (Of::Column(_, own, _), "name") => Some(Value::from(&**own)),
            (Of::Column(at, ..), "index") => Some(Value::from(*at)),
            (Of::Column(.., data_type), "data_type") => Some(Value::from_object(*data_type)),
            _ => self.find(name),
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.items.to_vec())
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.items.len())
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        Ok(match method {
            "values" => karat_jinja::tuple(self.items.to_vec()),
            "keys" => match &self.names {
                Some(names) => karat_jinja::tuple(names.iter().map(|name| Value::from(name.as_str())).collect()),
                None => Value::from(()),
            },
            "items" => {
                karat_jinja::tuple(self.named()?.map(|(name, item)| karat_jinja::tuple(vec![name, item])).collect())
            }
            "dict" => karat_jinja::dict(self.named()?),
            "get" => {
                let (key, rest) = args::first(args, "the name")?;
                let found = key.as_str().and_then(|name| self.find(name));
                found.or(args::option(rest, 0, "default").filter(Value::is_true)).unwrap_or(Value::from(()))
            }
            "values_distinct" => karat_jinja::tuple(self.distinct()),
            "values_without_nulls" => karat_jinja::tuple(self.without_nulls()),
            "values_sorted" => karat_jinja::list(sorted(self.items.to_vec())),
            "values_without_nulls_sorted" => karat_jinja::list(sorted(self.without_nulls())),
            _ => {
                let message = format!("a {} of a result has no method `{method}`", self.title().to_lowercase());
                return Err(Error::new(ErrorKind::UnknownMethod, message));
            }
        })
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}
