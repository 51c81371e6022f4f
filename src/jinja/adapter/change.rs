//! What changes schemas and relations.

use std::sync::{Arc, PoisonError};

use minijinja::{Error, Value};

use super::ask::{relation_arg, with};
use super::transaction::begin;
use crate::jinja::relation::Relation;
use crate::jinja::scope::Scope;

pub(super) fn change(scope: &Arc<Scope>, method: &str, args: &[Value]) -> Result<Value, Error> {
    let relation = relation_arg(args)?;
    let dialect = scope.shared.dialect;
    let database = relation.name.database.as_deref();
    let schema = relation.name.schema.as_deref().unwrap_or_default();
    let sql = match method {
        "create_schema" => dialect.create_schema(database, schema),
        "drop_schema" => dialect.drop_schema(database, schema),
        "drop_relation" => dialect.drop_relation(&relation.to_name(), relation.sql_kind()),
        "truncate_relation" => format!("truncate table {}", relation.sql()),
        _ => {
            let to = args.get(1).and_then(Relation::from_value).map(|r| r.name.identifier.clone()).unwrap_or_default();
            dialect.rename(&relation.to_name(), relation.sql_kind(), &to)
        }
    };
    if matches!(method, "rename_relation" | "truncate_relation") {
        begin(scope)?;
    }
    scope.said().statements.push(sql.clone());
    with(scope, |c| c.execute(&sql), Some(&sql))?;
    let mut catalog = scope.shared.catalog.write().unwrap_or_else(PoisonError::into_inner);
    match (method, args.get(1).and_then(Relation::from_value)) {
        ("drop_relation", _) => catalog.set(&relation.name, None),
        ("rename_relation", Some(to)) => {
            catalog.set(&relation.name, None);
            catalog.set(&to.name, to.kind.or(relation.kind));
        }
        _ => {}
    }
    Ok(Value::from(()))
}
