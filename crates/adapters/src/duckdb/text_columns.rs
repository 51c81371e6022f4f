//! Results with types that the driver cannot hand out: the query runs again with those columns cast to text.

use super::catalog;
use super::connection::DuckConnection;
use crate::split;
use crate::{AdapterError, AdapterErrorKind, Cell, Column, Table};

/// Names within a type which make it unreadable. A match within a quoted name only costs a cast.
const UNREADABLE: [&str; 6] = ["TIME WITH TIME ZONE", "TIME_NS", "BIT", "BIGNUM", "GEOMETRY", "VARIANT"];

/// Runs the last statement of `sql` (the others have run) with its unreadable columns as text.
pub(super) fn query(connection: &mut DuckConnection, sql: &str, limit: Option<usize>) -> Result<Table, AdapterError> {
    let last = split::statements(sql).pop().map_or(sql, |range| &sql[range]);
    let described = connection.fetch(&format!("DESCRIBE {last}"), None);
    let Ok(Some(described)) = described else { return Err(unreadable(None)) };
    let columns = catalog::described(&described);
    let Some(mut table) = connection.fetch(&with_casts(last, &columns), limit)? else {
        return Err(unreadable(Some(&columns)));
    };
    for row in &mut table.rows {
        for (cell, column) in row.iter_mut().zip(&columns) {
            let read = std::mem::replace(cell, Cell::Null);
            *cell = from_text(&column.data_type, read);
        }
    }
    table.columns = columns;
    Ok(table)
}

fn is_unreadable(data_type: &str) -> bool {
    // A timestamp with a time zone is readable although its name ends like that of a time with one.
    let data_type = data_type.replace("TIMESTAMP WITH TIME ZONE", "");
    UNREADABLE.iter().any(|name| data_type.contains(name))
}

fn with_casts(query: &str, columns: &[Column]) -> String {
    let names: Vec<String> = (0..columns.len()).map(|index| format!("c{index}")).collect();
    let selected: Vec<String> = columns
        .iter()
        .zip(&names)
        .map(
            |(column, name)| {
                if is_unreadable(&column.data_type) { format!("cast({name} as varchar)") } else { name.clone() }
            },
        )
        .collect();
    format!("select {} from ({query}\n) as t({})", selected.join(", "), names.join(", "))
}

fn from_text(data_type: &str, cell: Cell) -> Cell {
    match (data_type, cell) {
        ("TIME WITH TIME ZONE" | "TIME_NS", Cell::Text(text)) => Cell::Time(text),
        ("BIGNUM", Cell::Text(text)) => match text.parse() {
            Ok(number) => Cell::Int(number),
            Err(_) => Cell::Decimal(text),
        },
        (_, cell) => cell,
    }
}

fn unreadable(columns: Option<&[Column]>) -> AdapterError {
    let types = columns.unwrap_or_default().iter().map(|column| column.data_type.as_str());
    let types = types.collect::<Vec<_>>().join(", ");
    let message = if types.is_empty() {
        "the statement returns a type that cannot be read".to_owned()
    } else {
        format!("the statement returns a type that cannot be read: {types}")
    };
    AdapterError::new(AdapterErrorKind::Unsupported, message).with_hint("cast the column to text")
}
