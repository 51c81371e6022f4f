//! Views, and tables that are built anew.

use karat_adapters::RelationKind;
use karat_sql::dialect::{Create, Dialect, Index, TEMP_SUFFIX};
use karat_sql::names::{Kind, Name};

use super::contract::Contract;
use super::settings::{self, IndexSetting};
use super::{Job, Plan, Purpose};
use crate::diagnostic::Diagnostic;

/// A view.
pub(super) fn view(job: &Job<'_>, dialect: &dyn Dialect) -> Result<Plan, Diagnostic> {
    let contract = Contract::of(job, dialect)?;
    let mut plan = Plan::open(job, RelationKind::View);
    if let Some(contract) = contract {
        contract.check(&mut plan);
    }
    put_view(&mut plan, job, dialect, job.sql);
    Ok(plan.close(job, dialect))
}

/// A table.
pub(super) fn table(job: &Job<'_>, dialect: &dyn Dialect) -> Result<Plan, Diagnostic> {
    let indexes = settings::indexes(job.node)?;
    let contract = Contract::of(job, dialect)?;
    let mut plan = Plan::open(job, RelationKind::Table);
    put_model(&mut plan, job, dialect, contract.as_ref());
    for sql in create_indexes(&job.name(), &indexes, dialect) {
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
    if let Some(other) = job.kind().filter(|kind| *kind != Kind::View) {
        plan.send(Purpose::Drop, dialect.drop_relation(&target, other));
    }
    plan.send(Purpose::Build, job.headed(dialect.create_view_as(&target, query)));
}

/// The steps that put a table in the place of whatever is there. The query may read what it replaces.
pub(super) fn put_table(plan: &mut Plan, job: &Job<'_>, dialect: &dyn Dialect, query: &str) {
    let target = job.name();
    match job.kind() {
        None | Some(Kind::Table) if dialect.replaces_tables() => {
            plan.send(Purpose::Build, job.headed(dialect.create_table_as(&target, query, Create::Replace)));
        }
        None => plan.send(Purpose::Build, job.headed(dialect.create_table_as(&target, query, Create::New))),
        Some(old) => swap(plan, job, dialect, (&target, old), query),
    }
}

fn swap(plan: &mut Plan, job: &Job<'_>, dialect: &dyn Dialect, (target, old): (&Name, Kind), query: &str) {
    let staged = target.suffixed(TEMP_SUFFIX);
    if !dialect.supports_transactional_ddl() {
        plan.cleanup.push(dialect.drop_relation(&staged, Kind::Table));
    }
    plan.send(Purpose::Drop, dialect.drop_relation(&staged, Kind::Table));
    plan.send(Purpose::Build, job.headed(dialect.create_table_as(&staged, query, Create::New)));
    plan.send(Purpose::Drop, dialect.drop_relation(target, old));
    plan.send(Purpose::Rename, dialect.rename(&staged, Kind::Table, &target.identifier));
}

/// The statements that make a table's indexes. Their names tell the table and count from 1.
pub(super) fn create_indexes(table: &Name, indexes: &[IndexSetting], dialect: &dyn Dialect) -> Vec<String> {
    let create = |(at, index): (usize, &IndexSetting)| {
        let name = format!("{}__dbt_index_{}", table.identifier, at + 1);
        dialect.create_index(Index { name: &name, table, columns: &index.columns, unique: index.unique })
    };
    indexes.iter().enumerate().filter_map(create).collect()
}
