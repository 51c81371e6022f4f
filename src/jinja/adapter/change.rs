//! What changes schemas and relations.

use std::sync::{Arc, PoisonError};

use minijinja::{Error, Value};

use super::ask::{relation_arg, with};
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
    with(scope, |c| c.execute(&sql), Some(&sql))?;
    if method == "drop_relation" {
        scope.shared.catalog.write().unwrap_or_else(PoisonError::into_inner).set(&relation.name, None);
    }
    Ok(Value::from(()))
}
