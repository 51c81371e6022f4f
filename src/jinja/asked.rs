//! Questions to the warehouse that a project answers with macros of its own, in the place of karat's.

use std::sync::Arc;

use karat_adapters::{RelationInfo, RelationKind, RelationName, SchemaName};
use minijinja::Value;

use crate::diagnostic::Diagnostic;
use crate::jinja::macros::MacroInfo;
use crate::jinja::relation::{Relation, kind_from};
use crate::jinja::report::diagnose;
use crate::jinja::scope::{Owner, Scope};
use crate::jinja::shared::{Shared, SharedConnection};

const LIST: &str = "list_relations_without_caching";

/// What the project's own macro `name` answers; `None` where it has none.
pub fn answer(
    shared: &Arc<Shared>,
    connection: &SharedConnection,
    name: &str,
    args: &[Value],
) -> Option<Result<Value, Diagnostic>> {
    let info = shared.overriding(&shared.settings.name, name)?;
    Some(call(shared, connection, info, args))
}

fn call(
    shared: &Arc<Shared>,
    connection: &SharedConnection,
    info: &MacroInfo,
    args: &[Value],
) -> Result<Value, Diagnostic> {
    let scope = Scope::execute(shared.clone(), info.package.clone(), Owner::None, Some(connection.clone()));
    let context = Value::from_dyn_object(Arc::new(scope));
    let answer = shared.macros.engine().call_macro(&info.unique_id, context, args, &[]);
    answer.map_err(|error| diagnose(&error, Some(info.span), &shared.macros))
}

/// What is in these schemas, as the project's own macro `list_relations_without_caching` says; `None` where it has none.
pub fn relations(
    shared: &Arc<Shared>,
    connection: &SharedConnection,
    schemas: &[SchemaName],
) -> Option<Result<Vec<RelationInfo>, Diagnostic>> {
    let info = shared.overriding(&shared.settings.name, LIST)?;
    let of_schema = |schema: &SchemaName| {
        let (database, schema) = (schema.database.clone(), Some(schema.schema.clone()));
        let name = RelationName { database, schema, identifier: String::new() };
        let answer = call(shared, connection, info, &[shared.relation(name, None).value()])?;
        listed(&answer).ok_or_else(|| {
            Diagnostic::error("bad-catalog", format!("the macro `{LIST}` did not return relations"))
                .at(info.span, "")
                .hint("it returns the result of a query: database, name, schema and kind of each")
        })
    };
    let found: Result<Vec<Vec<RelationInfo>>, Diagnostic> = schemas.iter().map(of_schema).collect();
    Some(found.map(|found| found.into_iter().flatten().collect()))
}

/// Rows of database, name, schema and kind.
fn listed(answer: &Value) -> Option<Vec<RelationInfo>> {
    let one = |row: Value| {
        if let Some(relation) = Relation::from_value(&row) {
            return Some(RelationInfo {
                name: relation.name.clone(),
                kind: relation.kind.unwrap_or(RelationKind::Table),
            });
        }
        let row = Some(row).filter(|row| row.as_str().is_none())?;
        let cells: Vec<String> = row.try_iter().ok()?.map(|cell| karat_jinja::py_str(&cell)).collect();
        let [database, identifier, schema, kind] = <[String; 4]>::try_from(cells).ok()?;
        let name = RelationName { database: Some(database), schema: Some(schema), identifier };
        Some(RelationInfo { name, kind: kind_from(&kind).unwrap_or(RelationKind::External) })
    };
    answer.try_iter().ok()?.map(one).collect()
}
