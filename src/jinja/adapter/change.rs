//! What changes schemas and relations: the macro of the same name does it, and the catalog is told.

use std::sync::{Arc, PoisonError};

use minijinja::{Error, ErrorKind, State, Value};

use super::ask::{described, relation_arg};
use super::transaction::commit;
use crate::jinja::args;
use crate::jinja::relation::{Relation, kind_from};
use crate::jinja::scope::Scope;
use crate::plan::WidenColumns;

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

/// `expand_target_column_types(from_relation, to_relation)`: the columns of text of one relation become as long as those
/// of the other.
pub(super) fn widen(scope: &Arc<Scope>, state: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
    let dialect = scope.shared.dialect;
    if !dialect.limits_texts() {
        return Ok(Value::from(()));
    }
    let relation = |index, name| args::option(args, index, name).and_then(|value| Relation::from_value(&value));
    let (Some(from), Some(to)) = (relation(0, "from_relation"), relation(1, "to_relation")) else {
        return Err(Error::new(ErrorKind::InvalidOperation, "expand_target_column_types takes two relations"));
    };
    let [source, target] = [&from, &to].map(|relation| described(scope, relation));
    for column in WidenColumns::changes(dialect, &source?, &target?) {
        if let Some(info) = scope.shared.macros.for_adapter("alter_column_type") {
            let args = [(*to).clone().value(), Value::from(column.name), Value::from(column.data_type)];
            scope.shared.macros.value(info).call(state, &args)?;
        }
    }
    Ok(Value::from(()))
}
