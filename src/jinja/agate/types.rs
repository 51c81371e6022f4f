//! The types of columns, found from their values as dbt finds them, and the values that templates get.

use std::fmt;
use std::sync::Arc;

use karat_adapters::{Cell, Table};
use minijinja::value::{Enumerator, Object, ValueKind};
use minijinja::{Error, ErrorKind, State, Value};

use crate::jinja::args;

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DataType {
    Integer,
    Number,
    Date,
    DateTime,
    Boolean,
    Text,
}

/// The columns of a result: their types, and rows of values of these types.
pub(super) fn typed(table: &Table) -> (Vec<DataType>, Vec<Arc<[Value]>>) {
    let column = |at: usize| table.rows.iter().map(move |row| &row[at]);
    let types: Vec<DataType> = (0..table.columns.len()).map(|at| infer(column(at))).collect();
    let single: Vec<bool> = table.columns.iter().map(|c| c.data_type == "FLOAT").collect();
    let value = |at: usize, cell: &Cell| match cell {
        Cell::Float(number) if single[at] => cast(&Cell::Float(widened(*number)), types[at]),
        cell => cast(cell, types[at]),
    };
    let row = |row: &Vec<Cell>| row.iter().enumerate().map(|(at, cell)| value(at, cell)).collect();
    let rows = table.rows.iter().map(row).collect();
    (types, rows)
}

/// A number of single precision as Python has it: with all the digits of the double that it is.
#[allow(clippy::cast_possible_truncation)]
fn widened(number: f64) -> f64 {
    f64::from(number as f32)
}

/// The first type that all values fit. A column without values holds integers.
fn infer<'a>(cells: impl Iterator<Item = &'a Cell>) -> DataType {
    let mut found = None;
    for own in cells.filter_map(of) {
        found = match (found, own) {
            (None, own) => Some(own),
            (Some(known), own) if known == own => Some(known),
            (Some(DataType::Integer | DataType::Number), DataType::Integer | DataType::Number) => {
                Some(DataType::Number)
            }
            (Some(DataType::Date | DataType::DateTime), DataType::Date | DataType::DateTime) => {
                Some(DataType::DateTime)
            }
            _ => return DataType::Text,
        };
    }
    found.unwrap_or(DataType::Integer)
}

fn of(cell: &Cell) -> Option<DataType> {
    Some(match cell {
        Cell::Null => return None,
        Cell::Bool(_) => DataType::Boolean,
        Cell::Int(_) => DataType::Integer,
        Cell::Float(_) | Cell::Decimal(_) => DataType::Number,
        Cell::Date(text) if karat_jinja::moment(text).is_some() => DataType::Date,
        Cell::Timestamp(text) | Cell::TimestampTz(text) if karat_jinja::moment(text).is_some() => DataType::DateTime,
        _ => DataType::Text,
    })
}

fn cast(cell: &Cell, data_type: DataType) -> Value {
    match (cell, data_type) {
        (Cell::Null, _) => Value::from(()),
        (Cell::Int(number), DataType::Number) => karat_jinja::decimal(&number.to_string()).unwrap_or_default(),
        (Cell::Date(text), DataType::DateTime) => karat_jinja::moment(&format!("{text} 00:00:00")).unwrap_or_default(),
        (cell, DataType::Text) => Value::from(text(cell)),
        (cell, _) => plain(cell),
    }
}

/// A cell alone.
fn plain(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::from(()),
        Cell::Bool(flag) => Value::from(*flag),
        Cell::Int(number) => i64::try_from(*number).map_or_else(|_| Value::from(*number), Value::from),
        Cell::Float(_) | Cell::Decimal(_) => karat_jinja::decimal(&cell.to_string()).unwrap_or_default(),
        Cell::Date(text) | Cell::Timestamp(text) | Cell::TimestampTz(text) => {
            karat_jinja::moment(text).unwrap_or_else(|| Value::from(text.as_str()))
        }
        other => Value::from(text(other)),
    }
}

/// Python's `str` of a cell. Lists and structs are JSON.
/// A value of a template as a cell.
pub(super) fn cell(value: &Value) -> Cell {
    match value.kind() {
        ValueKind::None | ValueKind::Undefined => Cell::Null,
        ValueKind::Bool => Cell::Bool(value.is_true()),
        ValueKind::Number => i128::try_from(value.clone()).map_or_else(|_| Cell::Decimal(value.to_string()), Cell::Int),
        _ => match karat_jinja::decimal_text(value, karat_jinja::decimal_places(value)) {
            Some(digits) => Cell::Decimal(digits),
            None => Cell::Text(karat_jinja::py_str(value)),
        },
    }
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) | Cell::Json(text) | Cell::Uuid(text) => text.clone(),
        Cell::Bytes(bytes) => karat_jinja::py_repr(&Value::from_bytes(bytes.clone())),
        Cell::Time(text) => clock(text),
        Cell::Interval(text) => karat_jinja::span_text(span(text)),
        Cell::List(_) | Cell::Struct(_) | Cell::Map(_) => karat_jinja::json_text(&inner(cell)).unwrap_or_default(),
        other => karat_jinja::py_str(&plain(other)),
    }
}

/// `04:05:06.5` with all six digits of its fraction.
fn clock(text: &str) -> String {
    let end = text.get(1..).and_then(|rest| rest.find(['+', '-'])).map_or(text.len(), |at| at + 1);
    let (clock, zone) = text.split_at(end);
    let clock = match clock.split_once('.') {
        Some((clock, fraction)) => format!("{clock}.{fraction:0<6}"),
        None => clock.to_owned(),
    };
    let zone = if zone.len() == 3 { format!("{zone}:00") } else { zone.to_owned() };
    clock + &zone
}

/// `1 year 2 months 3 days 04:05:06.5` in microseconds; a month has 30 days.
fn span(text: &str) -> i128 {
    const SECOND: i128 = 1_000_000;
    let mut total = 0;
    let words: Vec<&str> = text.split_whitespace().collect();
    for (at, word) in words.iter().enumerate() {
        let number = || words.get(at.wrapping_sub(1)).and_then(|n| n.parse::<i128>().ok()).unwrap_or(0);
        let days = match word.trim_end_matches('s') {
            "year" => 360,
            "month" => 30,
            "day" => 1,
            _ => 0,
        };
        total += if days > 0 { number() * days * 86_400 * SECOND } else { 0 };
        if word.contains(':') {
            total += clock_span(word);
        }
    }
    total
}

fn clock_span(text: &str) -> i128 {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (clock, fraction) = text.split_once('.').unwrap_or((text, ""));
    let seconds = clock.split(':').fold(0i128, |total, part| total * 60 + part.parse::<i128>().unwrap_or(0));
    sign * (seconds * 1_000_000 + format!("{fraction:0<6}").parse::<i128>().unwrap_or(0))
}

/// A cell inside of a list or struct, as JSON can write it.
fn inner(cell: &Cell) -> Value {
    match cell {
        Cell::Decimal(text) => text.parse::<f64>().map_or_else(|_| Value::from(text.as_str()), Value::from),
        Cell::Float(number) => Value::from(*number),
        Cell::Date(text) => Value::from(text.as_str()),
        Cell::Timestamp(text) | Cell::TimestampTz(text) => {
            let printed = karat_jinja::moment(text).map_or_else(|| text.clone(), |v| karat_jinja::py_str(&v));
            Value::from(printed.replacen(' ', "T", 1))
        }
        Cell::List(items) => karat_jinja::list(items.iter().map(inner).collect()),
        Cell::Struct(fields) => {
            karat_jinja::dict(fields.iter().map(|(key, cell)| (Value::from(key.as_str()), inner(cell))))
        }
        Cell::Map(entries) => karat_jinja::dict(entries.iter().map(|(key, cell)| (inner(key), inner(cell)))),
        other => plain(other),
    }
}

impl DataType {
    /// The name of agate's class.
    pub fn name(self) -> &'static str {
        match self {
            Self::Integer => "Integer",
            Self::Number => "Number",
            Self::Date => "Date",
            Self::DateTime => "DateTime",
            Self::Boolean => "Boolean",
            Self::Text => "Text",
        }
    }

    /// A value as JSON and CSV can write it.
    pub fn json(self, value: &Value) -> Value {
        match self {
            _ if value.is_none() => value.clone(),
            Self::Number => Value::from(karat_jinja::py_str(value).parse::<f64>().unwrap_or(f64::NAN)),
            Self::Integer | Self::Boolean => value.clone(),
            Self::DateTime => Value::from(karat_jinja::py_str(value).replacen(' ', "T", 1)),
            Self::Date | Self::Text => Value::from(karat_jinja::py_str(value)),
        }
    }
}

/// A type as a template sees it.
impl Object for DataType {
    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        let value = || args::first(args, "the value").map(|(value, _)| value.clone());
        match method {
            "jsonify" => value().map(|value| self.json(&value)),
            "csvify" => value().map(|value| match self.as_ref() {
                _ if value.is_none() => value,
                Self::DateTime => self.json(&value),
                _ => Value::from(karat_jinja::py_str(&value)),
            }),
            "cast" => value(),
            _ => Err(Error::new(ErrorKind::UnknownMethod, format!("a data type has no method `{method}`"))),
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<agate.data_types.{}>", self.name())
    }
}
