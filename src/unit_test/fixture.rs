//! Rows of a fixture as SQL.

use karat_adapters::{Column, SeedType, infer_csv};
use karat_sql::dialect::Dialect;
use serde_json::Value as Json;

use super::{Format, Row};

/// A column of a fixture's query: its type is empty where nothing tells it.
pub type Typed = Column;

/// The query that gives these rows. Its columns are `columns`; what a row does not name is null.
pub fn select(rows: &[Row], columns: &[Typed], dialect: &dyn Dialect) -> String {
    let one = |row: Option<&Row>| {
        let cells: Vec<String> = columns.iter().map(|column| cell(row, column, dialect)).collect();
        format!("select {}", cells.join(", "))
    };
    match rows {
        [] => dialect.limit(&one(None), 0),
        rows => rows.iter().map(|row| one(Some(row))).collect::<Vec<_>>().join("\nunion all\n"),
    }
}

fn cell(row: Option<&Row>, column: &Typed, dialect: &dyn Dialect) -> String {
    let found = row.and_then(|row| row.iter().find(|(name, _)| dialect.same_name(name, &column.name)));
    let text = found.map_or_else(|| "null".to_owned(), |(_, value)| literal(value, dialect));
    let typed = match column.data_type.as_str() {
        "" => text,
        // A text that is longer than the column allows is not to be cut.
        kind if found.is_some_and(|(_, v)| v.is_string()) && kind.to_lowercase().contains("varying") => {
            format!("cast({text} as {})", kind.split('(').next().unwrap_or(kind))
        }
        kind => format!("cast({text} as {kind})"),
    };
    format!("{typed} as {}", dialect.quote(&column.name))
}

/// A value as SQL: lists and mappings are written as Python writes them, which is what the engines read.
fn literal(value: &Json, dialect: &dyn Dialect) -> String {
    match value {
        Json::Null => "null".to_owned(),
        Json::String(text) => dialect.literal(text),
        Json::Bool(value) => value.to_string(),
        Json::Number(number) => number.to_string(),
        other => karat_jinja::py_str(&karat_jinja::from_json(other.clone())),
    }
}

/// The names of all columns of the rows, in the order in which they come first.
pub fn names(rows: &[Row], dialect: &dyn Dialect) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in rows.iter().flat_map(|row| row.keys()) {
        if !found.iter().any(|f| dialect.same_name(f, name)) {
            found.push(name.clone());
        }
    }
    found
}

/// What the values of a column look like, for what has no relation that tells: `None` where they look like anything.
pub fn inferred(rows: &[Row], name: &str, format: Format) -> Option<SeedType> {
    let values: Vec<&Json> = rows.iter().filter_map(|row| row.get(name)).filter(|v| !v.is_null()).collect();
    if values.iter().any(|v| v.is_array() || v.is_object()) {
        return None;
    }
    let quoted = format == Format::Dict && values.iter().any(|v| v.is_string());
    let mut csv = String::from("c\n");
    for value in &values {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        csv += &format!("\"{}\"\n", text.replace('"', "\"\""));
    }
    let kind = infer_csv(csv.as_bytes(), ',', &[]).ok()?.first()?.kind;
    match kind {
        _ if values.is_empty() => None,
        // What is written in quotes is a text, unless it can only be a date.
        SeedType::Date | SeedType::Timestamp => Some(kind),
        _ if quoted => Some(SeedType::Text),
        kind => Some(kind),
    }
}

/// The columns and the rows of CSV text. A cell without anything is null, as are cells that a row lacks.
///
/// # Errors
/// It is no CSV, or a row has more cells than there are columns; in words.
pub fn csv_rows(text: &str) -> Result<(Vec<String>, Vec<Row>), String> {
    let mut table = karat_adapters::seed::rows(text).map_err(|e| e.to_string())?.into_iter();
    let Some(names) = table.next() else { return Ok((Vec::new(), Vec::new())) };
    let mut rows = Vec::new();
    for (index, cells) in table.enumerate() {
        if cells.len() > names.len() {
            return Err(format!("row {} has {} cells, and there are {} columns", index + 1, cells.len(), names.len()));
        }
        let mut cells = cells.into_iter().map(|cell| if cell.is_empty() { Json::Null } else { Json::String(cell) });
        rows.push(names.iter().map(|name| (name.clone(), cells.next().unwrap_or_default())).collect());
    }
    Ok((names, rows))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rows(value: &Json) -> Vec<Row> {
        value.as_array().unwrap().iter().map(|r| r.as_object().unwrap().clone()).collect()
    }

    #[test]
    fn a_row_names_some_columns_and_the_others_are_null() {
        let dialect = &karat_sql::dialect::DuckDb;
        let columns = [Column::new("id", "INTEGER"), Column::new("Name", ""), Column::new("tags", "VARCHAR[]")];
        let given = rows(&json!([{"ID": 1, "name": "o'neil"}, {"tags": ["a", "b"]}]));
        assert_eq!(
            select(&given, &columns, dialect),
            "select cast(1 as INTEGER) as \"id\", 'o''neil' as \"Name\", cast(null as VARCHAR[]) as \"tags\"\n\
             union all\n\
             select cast(null as INTEGER) as \"id\", null as \"Name\", cast(['a', 'b'] as VARCHAR[]) as \"tags\""
        );
    }

    #[test]
    fn types_are_guessed_from_values() {
        let given = rows(&json!([{"a": 1, "b": "1", "c": "2024-01-01", "d": 1.5, "e": true}, {"a": null}]));
        let kinds = ["a", "b", "c", "d", "e", "f"].map(|name| inferred(&given, name, Format::Dict));
        use SeedType::{Boolean, Date, Float, Integer, Text};
        assert_eq!(kinds, [Some(Integer), Some(Text), Some(Date), Some(Float), Some(Boolean), None]);
        assert_eq!(inferred(&given, "b", Format::Csv), Some(Integer));
    }
}
