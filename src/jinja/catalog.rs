//! What the warehouse says of tables and their columns: what the macro `get_catalog` answers.

use std::sync::Arc;

use karat_adapters::RelationName;
use minijinja::Value;
use serde_json::{Map, Value as Json};

use crate::diagnostic::Diagnostic;
use crate::jinja::relation::Relation;
use crate::jinja::report::diagnose;
use crate::jinja::scope::{Owner, Scope};
use crate::jinja::shared::{Shared, SharedConnection};

/// One column of one table: `table_name`, `column_name`, `column_type` …
pub type CatalogRow = Map<String, Json>;

/// Every column of every table of these schemas.
///
/// # Errors
/// The warehouse says no, or a macro of the project's own is wrong.
pub fn collect(
    shared: &Arc<Shared>,
    connection: &SharedConnection,
    database: Option<&str>,
    schemas: &[String],
) -> Result<Vec<CatalogRow>, Diagnostic> {
    let Some(info) = shared.macros.find(&shared.settings.name, "get_catalog") else {
        return Err(Diagnostic::error("unknown-macro", "there is no macro `get_catalog`"));
    };
    let name = RelationName { database: database.map(str::to_owned), schema: None, identifier: String::new() };
    let information = Relation::new(name, None, shared.dialect).information_schema(None).value();
    let schemas = karat_jinja::list(schemas.iter().map(|schema| Value::from(schema.as_str())).collect());
    let scope = Scope::execute(shared.clone(), info.package.clone(), Owner::None, Some(connection.clone()));
    let context = Value::from_dyn_object(Arc::new(scope));
    let answer = shared.macros.engine().call_macro(&info.unique_id, context, &[information, schemas], &[]);
    let answer = answer.map_err(|error| diagnose(&error, Some(info.span), &shared.macros))?;
    read(&answer).ok_or_else(|| {
        Diagnostic::error("bad-catalog", "the macro `get_catalog` did not return the result of a query")
            .at(info.span, "")
            .hint("end it with `{{ return(run_query(sql)) }}`")
    })
}

fn read(answer: &Value) -> Option<Vec<CatalogRow>> {
    let part = |key: &str| answer.get_attr(key).ok().filter(|part| !part.is_undefined());
    let names: Vec<String> =
        part("column_names")?.try_iter().ok()?.map(|name| karat_jinja::py_str(&name).to_lowercase()).collect();
    let rows = part("rows")?;
    let row = |row: Value| -> Option<CatalogRow> {
        let cells = row.try_iter().ok()?;
        let cell = |value: Value| match value.is_none() {
            true => Json::Null,
            false => karat_jinja::to_json(&value).unwrap_or_else(|_| Json::from(karat_jinja::py_str(&value))),
        };
        Some(names.iter().cloned().zip(cells.map(cell)).collect())
    };
    rows.try_iter().ok()?.map(row).collect()
}
