//! Views, and tables that are built anew.

use karat_adapters::RelationKind;
use karat_sql::dialect::{Create, Dialect, TEMP_SUFFIX};
use karat_sql::names::{Kind, Name};

use super::contract::Contract;
use super::replace::{Replace, With};
use super::settings;
use super::{Job, Plan, Purpose, Step, indexes};
use crate::diagnostic::Diagnostic;

/// A view.
pub(super) fn view(job: &Job<'_>, dialect: &dyn Dialect) -> Result<Plan, Diagnostic> {
    let contract = Contract::of(job, dialect)?;
    let mut plan = Plan::open(job, RelationKind::View, dialect);
    if let Some(contract) = contract {
        contract.check(&mut plan);
    }
    put_view(&mut plan, job, dialect, job.sql);
    Ok(plan.close(job, dialect))
}

/// A table.
pub(super) fn table(job: &Job<'_>, dialect: &dyn Dialect) -> Result<Plan, Diagnostic> {
    let wanted = settings::indexes(job.node)?;
    let contract = Contract::of(job, dialect)?;
    let mut plan = Plan::open(job, RelationKind::Table, dialect);
    put_model(&mut plan, job, dialect, contract.as_ref());
    for sql in indexes::create(&job.name(), &wanted, dialect) {
        plan.send(Purpose::Index, sql);
    }
    Ok(plan.close(job, dialect))
}

/// The steps that put a model's table in the place of whatever is there, with what its contract says.
pub(super) fn put_model(plan: &mut Plan, job: &Job<'_>, dialect: &dyn Dialect, contract: Option<&Contract>) {
    match contract {
        Some(contract) => contract.put_table(plan, job, dialect),
        None => put_table(plan, job, dialect, job.sql),
    }
}

/// The steps that put a view in the place of whatever is there.
pub(super) fn put_view(plan: &mut Plan, job: &Job<'_>, dialect: &dyn Dialect, query: &str) {
    let target = job.name();
    let create = job.headed(dialect.create_view_as(&target, query));
    match job.kind() {
        Some(old) if dialect.dependants(&target).is_some() => {
            let with = With::View { query: query.to_owned(), create };
            plan.steps.push(Step::Replace(Box::new(Replace { target, old, with })));
        }
        Some(other) if other != Kind::View => {
            plan.send(Purpose::Drop, dialect.drop_relation(&target, other));
            plan.send(Purpose::Build, create);
        }
        _ => plan.send(Purpose::Build, create),
    }
}

/// The steps that put a table in the place of whatever is there. The query may read what it replaces.
pub(super) fn put_table(plan: &mut Plan, job: &Job<'_>, dialect: &dyn Dialect, query: &str) {
    let target = job.name();
    match job.kind() {
        None | Some(Kind::Table) if dialect.replaces_tables() => {
            plan.send(Purpose::Build, job.headed(dialect.create_table_as(&target, query, Create::Replace)));
        }
        None => plan.send(Purpose::Build, job.headed(dialect.create_table_as(&target, query, job.new_table()))),
        Some(old) => swap(plan, job, dialect, (&target, old), query),
    }
}

fn swap(plan: &mut Plan, job: &Job<'_>, dialect: &dyn Dialect, (target, old): (&Name, Kind), query: &str) {
    let staged = stage(plan, target, dialect);
    plan.send(Purpose::Build, job.headed(dialect.create_table_as(&staged, query, job.new_table())));
    replace(plan, target, old, staged);
}

/// The name of the table that takes the place of another when it is complete. There is none of that name.
pub(super) fn stage(plan: &mut Plan, target: &Name, dialect: &dyn Dialect) -> Name {
    let staged = dialect.suffixed(target, TEMP_SUFFIX);
    let drop = dialect.drop_relation(&staged, Kind::Table);
    if !dialect.supports_transactional_ddl() {
        plan.cleanup.push(drop.clone());
    }
    plan.send(Purpose::Drop, drop);
    staged
}

/// The step that puts a complete table in the place of another relation.
pub(super) fn replace(plan: &mut Plan, target: &Name, old: Kind, staged: Name) {
    let target = target.clone();
    plan.steps.push(Step::Replace(Box::new(Replace { target, old, with: With::Table { staged } })));
}
