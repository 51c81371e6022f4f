//! The rows of a query, as `karat show` prints them: for people, as JSON, as CSV.

use std::fmt::Write;

use karat_adapters::{Cell, Table};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::width::columns;

/// A table for people: columns aligned, numbers to the right. `NULL` is not quoted; a text that says NULL is.
pub fn text(table: &Table, color: bool) -> String {
    let cells: Vec<Vec<String>> = table.rows.iter().map(|row| row.iter().map(shown).collect()).collect();
    let layout: Vec<Layout> = (0..table.columns.len()).map(|at| Layout::of(table, &cells, at)).collect();
    let mut out = String::new();
    let names: Vec<String> = table.columns.iter().map(|column| one_line(&column.name)).collect();
    write_row(&mut out, &layout, |at| names[at].clone(), |_| false);
    write_row(&mut out, &layout, |at| "-".repeat(layout[at].width), |_| false);
    for (row, cells) in table.rows.iter().zip(&cells) {
        write_row(&mut out, &layout, |at| cells[at].clone(), |at| color && row[at].is_null());
    }
    out
}

/// How a column is set.
struct Layout {
    width: usize,
    right: bool,
}

impl Layout {
    fn of(table: &Table, cells: &[Vec<String>], at: usize) -> Self {
        let name = columns(&one_line(&table.columns[at].name));
        let width = cells.iter().map(|row| columns(&row[at])).fold(name.max(1), usize::max);
        let mut values = table.rows.iter().map(|row| &row[at]).filter(|cell| !cell.is_null()).peekable();
        let right = values.peek().is_some()
            && values.all(|cell| matches!(cell, Cell::Int(_) | Cell::Float(_) | Cell::Decimal(_)));
        Self { width, right }
    }
}

fn write_row(out: &mut String, layout: &[Layout], cell: impl Fn(usize) -> String, dim: impl Fn(usize) -> bool) {
    out.push('|');
    for (at, column) in layout.iter().enumerate() {
        let text = cell(at);
        let padding = " ".repeat(column.width.saturating_sub(columns(&text)));
        let text = if dim(at) { format!("\x1b[2m{text}\x1b[0m") } else { text };
        *out += &if column.right { format!(" {padding}{text} |") } else { format!(" {text}{padding} |") };
    }
    out.push('\n');
}

/// A cell on one line.
fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) if text == "NULL" => "'NULL'".to_owned(),
        other => one_line(&other.to_string()),
    }
}

/// Line breaks and other control characters as escapes.
fn one_line(text: &str) -> String {
    if !text.contains(char::is_control) {
        return text.to_owned();
    }
    text.chars().map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() }).collect()
}

/// dbt's JSON: `{"node": …, "show": [{…}, …]}`; without `node` for a query given on the command line.
pub fn json(table: &Table, node: Option<&str>) -> String {
    #[derive(Serialize)]
    struct Show<'a> {
        #[serde(skip_serializing_if = "Option::is_none")]
        node: Option<&'a str>,
        show: Vec<Row<'a>>,
    }
    let names = unique_names(table);
    let show = table.rows.iter().map(|cells| Row { names: &names, cells }).collect();
    let text = serde_json::to_string_pretty(&Show { node, show });
    text.map_or_else(|error| format!("{{\"error\": \"{error}\"}}\n"), |text| text + "\n")
}

/// The columns' names; one that was there before gets a number, so that no cell is lost: `id`, `id_2`.
fn unique_names(table: &Table) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(table.columns.len());
    for column in &table.columns {
        let mut name = column.name.clone();
        let mut number = 2;
        while names.contains(&name) {
            name = format!("{}_{number}", column.name);
            number += 1;
        }
        names.push(name);
    }
    names
}

struct Row<'a> {
    names: &'a [String],
    cells: &'a [Cell],
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.cells.len()))?;
        for (name, cell) in self.names.iter().zip(self.cells) {
            map.serialize_entry(name, &JsonCell(cell))?;
        }
        map.end()
    }
}

/// A cell as dbt puts it into JSON: numbers are numbers, what has parts is text.
struct JsonCell<'a>(&'a Cell);

impl Serialize for JsonCell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Cell::Null => serializer.serialize_none(),
            Cell::Bool(value) => serializer.serialize_bool(*value),
            Cell::Int(value) => serializer.serialize_i128(*value),
            Cell::Float(value) if value.is_finite() => serializer.serialize_f64(*value),
            Cell::Decimal(digits) => match exact(digits) {
                Some(value) => serializer.serialize_f64(value),
                None => serializer.serialize_str(digits),
            },
            Cell::Timestamp(text) | Cell::TimestampTz(text) => serializer.serialize_str(&text.replacen(' ', "T", 1)),
            other => serializer.serialize_str(&plain(other)),
        }
    }
}

/// The number that these digits are, if a JSON reader will see all of them.
fn exact(digits: &str) -> Option<f64> {
    let significant = digits.trim_start_matches(['-', '0', '.']).bytes().filter(u8::is_ascii_digit).count();
    digits.parse().ok().filter(|_| significant <= 15)
}

/// RFC 4180: a header, commas, quotes where they are needed. NULL is an empty cell, an empty text a quoted one.
/// Lines end in `\n`, as other programs on a command line expect.
pub fn csv(table: &Table) -> String {
    let mut out = String::new();
    let names = table.columns.iter().map(|column| quoted(&column.name));
    out += &names.collect::<Vec<_>>().join(",");
    out.push('\n');
    for row in &table.rows {
        let cells = row.iter().map(|cell| if cell.is_null() { String::new() } else { quoted(&plain(cell)) });
        out += &cells.collect::<Vec<_>>().join(",");
        out.push('\n');
    }
    out
}

fn quoted(text: &str) -> String {
    if text.is_empty() || text.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text.to_owned()
}

/// A cell as text: what has parts is JSON, so that a program can take it apart.
fn plain(cell: &Cell) -> String {
    let mut out = String::new();
    match cell {
        Cell::List(_) | Cell::Struct(_) | Cell::Map(_) => write_nested(&mut out, cell),
        other => out = other.to_string(),
    }
    out
}

fn write_nested(out: &mut String, cell: &Cell) {
    match cell {
        Cell::Null => out.push_str("null"),
        Cell::Bool(_) | Cell::Int(_) | Cell::Decimal(_) => drop(write!(out, "{cell}")),
        Cell::Float(value) if value.is_finite() => drop(write!(out, "{cell}")),
        Cell::List(items) => write_parts(out, ['[', ']'], items, write_nested),
        Cell::Struct(fields) => write_parts(out, ['{', '}'], fields, |out, (name, cell)| {
            *out += &string(name);
            *out += ": ";
            write_nested(out, cell);
        }),
        Cell::Map(entries) => write_parts(out, ['{', '}'], entries, |out, (key, cell)| {
            *out += &string(&plain(key));
            *out += ": ";
            write_nested(out, cell);
        }),
        other => *out += &string(&other.to_string()),
    }
}

fn write_parts<T>(out: &mut String, around: [char; 2], parts: &[T], write_part: impl Fn(&mut String, &T)) {
    out.push(around[0]);
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        write_part(out, part);
    }
    out.push(around[1]);
}

/// A JSON string.
fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use karat_adapters::Column;

    use super::*;

    fn table() -> Table {
        let columns = ["id", "name", "price", "ok"].map(|name| Column::new(name, "ANY")).to_vec();
        let row = |id, name: &str, price: &str| {
            vec![Cell::Int(id), Cell::Text(name.into()), Cell::Decimal(price.into()), Cell::Bool(true)]
        };
        let mut rows = vec![row(1, "日本", "1.50"), row(20, "a,\"b\"\nc", "100.00"), row(3, "NULL", "0.25")];
        rows.push(vec![Cell::Int(4), Cell::Null, Cell::Null, Cell::Bool(false)]);
        Table { columns, rows }
    }

    #[test]
    fn text_aligns_columns_and_shows_null_distinctly() {
        let expected = r#"| id | name     |  price | ok    |
| -- | -------- | ------ | ----- |
|  1 | 日本     |   1.50 | true  |
| 20 | a,"b"\nc | 100.00 | true  |
|  3 | 'NULL'   |   0.25 | true  |
|  4 | NULL     |   NULL | false |
"#;
        assert_eq!(text(&table(), false), expected);
        assert!(text(&table(), true).contains("\x1b[2mNULL\x1b[0m     |"));
    }

    #[test]
    fn an_empty_table_has_a_header() {
        let table = Table { columns: vec![Column::new("a", "INTEGER")], rows: Vec::new() };
        assert_eq!(text(&table, false), "| a |\n| - |\n");
        assert_eq!(csv(&table), "a\n");
        assert_eq!(json(&table, None), "{\n  \"show\": []\n}\n");
    }

    #[test]
    fn csv_quotes_what_needs_it() {
        let expected =
            "id,name,price,ok\n1,日本,1.50,true\n20,\"a,\"\"b\"\"\nc\",100.00,true\n3,NULL,0.25,true\n4,,,false\n";
        assert_eq!(csv(&table()), expected);
    }

    #[test]
    fn csv_keeps_all_digits_and_tells_empty_from_null() {
        let columns = ["f", "t", "n", "l"].map(|name| Column::new(name, "ANY")).to_vec();
        let list = Cell::List(vec![Cell::Int(1), Cell::Text("x".into()), Cell::Null]);
        let rows = vec![vec![Cell::Float(0.1 + 0.2), Cell::Text(String::new()), Cell::Null, list]];
        let expected = "f,t,n,l\n0.30000000000000004,\"\",,\"[1, \"\"x\"\", null]\"\n";
        assert_eq!(csv(&Table { columns, rows }), expected);
    }

    #[test]
    fn json_has_the_shape_of_dbt() {
        let columns = ["a", "a", "d", "big", "t", "s"].map(|name| Column::new(name, "ANY")).to_vec();
        let rows = vec![vec![
            Cell::Int(170_141_183_460_469_231_731_687_303_715_884_105_727),
            Cell::Null,
            Cell::Decimal("1.250".into()),
            Cell::Decimal("12345678901234567.25".into()),
            Cell::Timestamp("2020-01-01 10:00:00".into()),
            Cell::Struct(vec![("a".into(), Cell::Int(1))]),
        ]];
        let expected = r#"{
  "node": "orders",
  "show": [
    {
      "a": 170141183460469231731687303715884105727,
      "a_2": null,
      "d": 1.25,
      "big": "12345678901234567.25",
      "t": "2020-01-01T10:00:00",
      "s": "{\"a\": 1}"
    }
  ]
}
"#;
        assert_eq!(json(&Table { columns, rows }, Some("orders")), expected);
    }
}
