//! What the macros of seeds ask: the types of a file's columns, and statements with values apart from them.

use std::sync::Arc;

use karat_adapters::Table;
use minijinja::value::{Rest, ValueOrKwargs};
use minijinja::{Error, Value};

use super::ask::execute;
use crate::jinja::agate::Agate;
use crate::jinja::args;
use crate::jinja::scope::Scope;

/// The name under which a render of a seed knows the types of its columns.
const TYPES: &str = "__seed_types";

impl Scope {
    /// Makes `load_agate_table()` give these rows of a file.
    pub fn give_rows(&mut self, rows: &Table) {
        let types = rows.columns.iter().map(|column| Value::from(column.data_type.as_str())).collect();
        let table = Agate::of(rows, &self.shared);
        let load = Value::from_function(move |_: Rest<ValueOrKwargs>| table.clone());
        self.extra.insert("load_agate_table".to_owned(), load);
        self.extra.insert(TYPES.to_owned(), karat_jinja::list(types));
    }
}

/// `adapter.convert_type(table, index)`: what the engine calls the type of a column.
pub(super) fn convert_type(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (table, rest) = args::first(args, "the table")?;
    let (index, _) = args::first(rest, "the number of the column")?;
    if let Some(types) = scope.extra.get(TYPES) {
        return types.get_item(index);
    }
    let kind = karat_jinja::py_str(&table.get_attr("column_types")?.get_item(index)?);
    let names = [
        ("Integer", "integer"),
        ("Number", "float8"),
        ("Boolean", "boolean"),
        ("DateTime", "timestamp without time zone"),
        ("Date", "date"),
    ];
    Ok(Value::from(names.iter().find(|(class, _)| kind.contains(class)).map_or("text", |(_, name)| name)))
}

/// `adapter.add_query(sql, bindings=[…])`: sends a statement, its values in the places of what stands for them.
pub(super) fn add_query(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (sql, rest) = args::first_text(args, "the SQL")?;
    let sql = match args::option(rest, 1, "bindings").filter(|v| !v.is_none()) {
        Some(values) => bound(&sql, scope.shared.dialect.placeholder(), values.try_iter()?),
        None => sql,
    };
    execute(scope, &[Value::from(sql), Value::from(true)])
}

fn bound(sql: &str, placeholder: &str, mut values: impl Iterator<Item = Value>) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut quote = None;
    let mut rest = sql;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix(placeholder).filter(|_| quote.is_none()) {
            out.push_str(&literal(&values.next().unwrap_or_default()));
            rest = after;
            continue;
        }
        match quote {
            Some(open) if c == open => quote = None,
            None if matches!(c, '\'' | '"') => quote = Some(c),
            _ => {}
        }
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out
}

fn literal(value: &Value) -> String {
    let text = karat_jinja::py_str(value);
    match text.as_str() {
        _ if value.as_str().is_some() => format!("'{}'", text.replace('\'', "''")),
        "None" => "null".to_owned(),
        "True" | "False" => text.to_lowercase(),
        number if number.parse::<f64>().is_ok() => text,
        _ => format!("'{text}'"),
    }
}

#[cfg(test)]
mod tests {
    use super::bound;
    use minijinja::Value;

    #[test]
    fn values_take_their_places_outside_of_quotes() {
        let values = [Value::from("it's"), Value::from(1), Value::from(()), Value::from(true), Value::from("2")];
        for placeholder in ["?", "%s"] {
            let sql = "insert into \"a?\" values (?, ?, ?, ?, '?', ?)".replace('?', placeholder);
            let expected = "insert into \"a?\" values ('it''s', 1, null, true, '?', '2')".replace('?', placeholder);
            assert_eq!(bound(&sql, placeholder, values.clone().into_iter()), expected);
        }
    }
}
