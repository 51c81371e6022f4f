//! Results in an engine-neutral form.

use std::fmt;

/// A column's name and its type as the engine spells it, for example `DECIMAL(12,2)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The name, unquoted.
    pub name: String,
    /// The engine's name of the type.
    pub data_type: String,
}

impl Column {
    /// A column.
    pub fn new(name: impl Into<String>, data_type: impl Into<String>) -> Column {
        Column { name: name.into(), data_type: data_type.into() }
    }
}

/// The result of a query. Every row has as many cells as there are columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// The columns, in order. Names may repeat.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// The place of the first column of this name, compared without regard to ASCII case.
    pub fn column_index(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// The cell in the first row and column, if there is one.
    pub fn single(&self) -> Option<&Cell> {
        self.rows.first()?.first()
    }
}

/// One value. Displays as a person would print it; `Null` displays as `NULL`.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// No value.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer of any width up to 128 bits.
    Int(i128),
    /// A floating-point number of either width.
    Float(f64),
    /// An exact number in decimal digits, with all digits of its scale: `12.30`.
    Decimal(String),
    /// Text, and any type with no variant of its own, as the engine prints it.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// `YYYY-MM-DD`, with ` (BC)` after it for years before the common era, or `infinity`, `-infinity`.
    Date(String),
    /// `HH:MM:SS[.ffffff]`, with the offset `+HH[:MM]` after it where the type has one.
    Time(String),
    /// `YYYY-MM-DD HH:MM:SS[.ffffff]`, without a zone; as for dates outside of the common era.
    Timestamp(String),
    /// The same in the session's time zone, with the offset `+HH[:MM]` after it.
    TimestampTz(String),
    /// A span of time as the engine prints it, for example `1 year 2 months 3 days 04:05:06`.
    Interval(String),
    /// A UUID, in lower case with hyphens.
    Uuid(String),
    /// JSON text.
    Json(String),
    /// A list or array.
    List(Vec<Cell>),
    /// A struct's fields in order.
    Struct(Vec<(String, Cell)>),
    /// A map's entries in order.
    Map(Vec<(Cell, Cell)>),
}

impl Cell {
    /// Whether this is `Null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Cell::Null)
    }

    /// The text of any cell that is kept as text, else `None`.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Cell::Decimal(text)
            | Cell::Text(text)
            | Cell::Date(text)
            | Cell::Time(text)
            | Cell::Timestamp(text)
            | Cell::TimestampTz(text)
            | Cell::Interval(text)
            | Cell::Uuid(text)
            | Cell::Json(text) => Some(text),
            _ => None,
        }
    }

    /// The number of an integer cell, else `None`.
    pub fn as_int(&self) -> Option<i128> {
        match self {
            Cell::Int(number) => Some(*number),
            _ => None,
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cell::Null => f.write_str("NULL"),
            Cell::Bool(value) => write!(f, "{value}"),
            Cell::Int(value) => write!(f, "{value}"),
            Cell::Float(value) => write_float(f, *value),
            Cell::Bytes(bytes) => write_bytes(f, bytes),
            Cell::List(items) => write_items(f, "[", items, "]", |f, item| write!(f, "{item}")),
            Cell::Struct(fields) => write_items(f, "{", fields, "}", |f, (name, cell)| write!(f, "'{name}': {cell}")),
            Cell::Map(entries) => write_items(f, "{", entries, "}", |f, (key, cell)| write!(f, "{key}={cell}")),
            Cell::Decimal(text)
            | Cell::Text(text)
            | Cell::Date(text)
            | Cell::Time(text)
            | Cell::Timestamp(text)
            | Cell::TimestampTz(text)
            | Cell::Interval(text)
            | Cell::Uuid(text)
            | Cell::Json(text) => f.write_str(text),
        }
    }
}

/// Whole numbers keep one decimal (`2.0`), very large and small ones have an exponent (`1e+16`).
fn write_float(f: &mut fmt::Formatter<'_>, value: f64) -> fmt::Result {
    let size = value.abs();
    if value.is_nan() {
        f.write_str("nan")
    } else if value.is_infinite() {
        f.write_str(if value > 0.0 { "inf" } else { "-inf" })
    } else if size != 0.0 && !(1e-4..1e16).contains(&size) {
        let text = format!("{value:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
        write!(f, "{mantissa}e{sign}{digits:0>2}")
    } else {
        write!(f, "{value:?}")
    }
}

/// Printable ASCII as it is, everything else as `\xHH`.
fn write_bytes(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    for byte in bytes {
        match byte {
            b' '..=b'~' if !matches!(byte, b'\\' | b'\'' | b'"') => write!(f, "{}", char::from(*byte))?,
            _ => write!(f, "\\x{byte:02X}")?,
        }
    }
    Ok(())
}

fn write_items<T>(
    f: &mut fmt::Formatter<'_>,
    open: &str,
    items: &[T],
    close: &str,
    write_item: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    f.write_str(open)?;
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        write_item(f, item)?;
    }
    f.write_str(close)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_print_for_people() {
        let list = Cell::List(vec![Cell::Int(1), Cell::Null, Cell::Text("x".to_owned())]);
        let fields = Cell::Struct(vec![("a".to_owned(), list), ("b".to_owned(), Cell::Bool(true))]);
        assert_eq!(fields.to_string(), "{'a': [1, NULL, x], 'b': true}");
        assert_eq!(Cell::Map(vec![(Cell::Int(1), Cell::Float(2.0))]).to_string(), "{1=2.0}");
        assert_eq!(Cell::Bytes(b"a\x00\xFF".to_vec()).to_string(), "a\\x00\\xFF");
    }

    #[test]
    fn floats_print_shortest() {
        for (value, text) in [(1e16, "1e+16"), (1.5e-5, "1.5e-05"), (0.1, "0.1"), (-3.0, "-3.0"), (0.0, "0.0")] {
            assert_eq!(Cell::Float(value).to_string(), text);
        }
        assert_eq!(Cell::Float(f64::NEG_INFINITY).to_string(), "-inf");
    }
}
