//! What changes schemas and relations: the macro of the same name does it, and the catalog is told.

use std::sync::{Arc, PoisonError};

use minijinja::{Error, State, Value};

use super::ask::relation_arg;
use super::transaction::commit;
use crate::jinja::relation::{Relation, kind_from};
use crate::jinja::scope::Scope;

pub(super) fn change(
    scope: &Arc<Scope>,
    state: &mut State<'_, '_>,
    method: &str,
    args: &[Value],
) -> Result<Value, Error> {
    let relation = relation_arg(args)?;
    let mut args = args.to_vec();
    if method == "drop_relation" && relation.kind.is_none() {
        let mut table = (*relation).clone();
        table.kind = kind_from("table");
        args[0] = table.value();
    }
    let macros = &scope.shared.macros;
    if let Some(info) = macros.for_adapter(method) {
        scope.said().macros.insert(info.unique_id.clone());
        macros.value(info).call(state, &args)?;
    }
    if matches!(method, "create_schema" | "drop_schema") {
        commit(scope)?;
    }
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
