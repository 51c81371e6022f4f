//! The catalog queries and how their rows are read.

use super::names::{self, literal};
use crate::{
    AdapterError, AdapterErrorKind, Cell, Column, RelationInfo, RelationKind, RelationName, SchemaName, Table,
};

/// One query for the relations of all `schemas`: database, schema, name, type.
pub(super) fn relations_sql(schemas: &[SchemaName], default_database: &str) -> String {
    let pairs: Vec<String> = schemas
        .iter()
        .map(|name| {
            let database = name.database.as_deref().unwrap_or(default_database);
            format!("({}, {})", literal(&database.to_lowercase()), literal(&name.schema.to_lowercase()))
        })
        .collect();
    format!(
        "select table_catalog, table_schema, table_name, table_type from system.information_schema.tables \
         where (lower(table_catalog), lower(table_schema)) in ({}) order by all",
        pairs.join(", ")
    )
}

/// Reads a row of [`relations_sql`].
pub(super) fn relation(row: &[Cell]) -> Option<RelationInfo> {
    let [database, schema, identifier, kind] = row else { return None };
    let kind = if kind.as_str()?.contains("VIEW") { RelationKind::View } else { RelationKind::Table };
    let name = RelationName {
        database: Some(database.as_str()?.to_owned()),
        schema: Some(schema.as_str()?.to_owned()),
        identifier: identifier.as_str()?.to_owned(),
    };
    Some(RelationInfo { name, kind })
}

/// A query which [`described`] reads.
pub(super) fn columns_sql(name: &RelationName) -> String {
    format!("DESCRIBE {}", names::relation(name))
}

/// Reads the result of a `DESCRIBE`.
pub(super) fn described(table: &Table) -> Vec<Column> {
    let column = |row: &Vec<Cell>| Some(Column::new(row.first()?.as_str()?, row.get(1)?.as_str()?));
    table.rows.iter().filter_map(column).collect()
}

/// Whether the error says that the relation itself, its schema or its database is missing, rather than something
/// which its definition refers to.
pub(super) fn is_missing(error: &AdapterError, name: &RelationName) -> bool {
    match &error.kind {
        AdapterErrorKind::UnknownRelation { name: missing } => {
            let missing = missing.rsplit('.').next().unwrap_or_default();
            name.parts().any(|part| part.eq_ignore_ascii_case(missing))
        }
        _ => false,
    }
}

/// The names of the schemas in a database.
pub(super) fn schemas_sql(database: &str) -> String {
    format!(
        "select distinct schema_name from system.information_schema.schemata \
         where lower(catalog_name) = {} order by 1",
        literal(&database.to_lowercase())
    )
}
