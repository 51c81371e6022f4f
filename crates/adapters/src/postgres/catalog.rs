//! The catalog queries and how their rows are read.

use crate::{Cell, Column, RelationInfo, RelationKind, RelationName, SchemaName};

/// A name in quotes.
pub(super) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text in quotes, whatever the server takes a backslash for.
pub(super) fn literal(text: &str) -> String {
    if text.contains('\\') {
        format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// A relation's name. The database is left out: the server knows only the one of the connection.
pub(super) fn relation(name: &RelationName) -> String {
    let parts = [name.schema.as_deref(), Some(name.identifier.as_str())];
    parts.into_iter().flatten().map(quote).collect::<Vec<_>>().join(".")
}

/// One query for the relations of all `schemas`: database, schema, name, kind.
pub(super) fn relations_sql(schemas: &[SchemaName]) -> String {
    let names: Vec<String> = schemas
        .iter()
        .map(|name| {
            let database = name.database.as_deref().map_or_else(|| "current_database()".to_owned(), literal);
            format!("({database}::name, {}::name)", literal(&name.schema))
        })
        .collect();
    format!(
        "select current_database()::text, n.nspname::text, c.relname::text, c.relkind::text \
         from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
         where c.relkind in ('r', 'p', 'v', 'm', 'f') and (current_database(), n.nspname) in ({}) \
         order by 2, 3",
        names.join(", ")
    )
}

/// Reads a row of [`relations_sql`].
pub(super) fn relation_info(row: &[Cell]) -> Option<RelationInfo> {
    let [database, schema, identifier, kind] = row else { return None };
    let kind = match kind.as_str()? {
        "v" => RelationKind::View,
        "m" => RelationKind::MaterializedView,
        "f" => RelationKind::External,
        _ => RelationKind::Table,
    };
    let name = RelationName {
        database: Some(database.as_str()?.to_owned()),
        schema: Some(schema.as_str()?.to_owned()),
        identifier: identifier.as_str()?.to_owned(),
    };
    Some(RelationInfo { name, kind })
}

/// The columns of a relation, with their types; no row if there is no such relation.
pub(super) fn columns_sql(name: &RelationName) -> String {
    let here = name
        .database
        .as_deref()
        .map_or_else(String::new, |database| format!(" and current_database() = {}::name", literal(database)));
    format!(
        "select a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod) \
         from pg_catalog.pg_attribute a \
         where a.attrelid = pg_catalog.to_regclass({}) and a.attnum > 0 and not a.attisdropped{here} \
         order by a.attnum",
        literal(&relation(name))
    )
}

/// Reads a row of [`columns_sql`].
pub(super) fn column(row: &[Cell]) -> Option<Column> {
    Some(Column::new(row.first()?.as_str()?, row.get(1)?.as_str()?))
}

/// The names of the schemas in a database.
pub(super) fn schemas_sql(database: Option<&str>) -> String {
    let here = database
        .map_or_else(String::new, |database| format!(" where current_database() = {}::name", literal(database)));
    format!("select nspname::text from pg_catalog.pg_namespace{here} order by 1")
}
