//! Tables that grow.

use karat_adapters::{Column, RelationKind};
use karat_sql::dialect::{Create, Dialect, Key, Strategy};
use karat_sql::names::{Kind, Name};

use super::contract::Contract;
use super::merge::{self, MergeSettings};
use super::sync::{SyncColumns, WidenColumns};
use super::{Job, Plan, Purpose, Step, indexes, relation, settings};
use crate::batches::Batch;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::node::Node;

/// What to do when a query's columns are no longer those of its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnSchemaChange {
    /// Nothing: the table keeps its columns.
    Ignore,
    /// Add what is new.
    AppendNewColumns,
    /// Add what is new, drop what is gone, and change types.
    SyncAllColumns,
    /// Fail.
    Fail,
}

impl OnSchemaChange {
    const ALL: [Self; 4] = [Self::Ignore, Self::AppendNewColumns, Self::SyncAllColumns, Self::Fail];

    /// Its name in a model's configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ignore => "ignore",
            Self::AppendNewColumns => "append_new_columns",
            Self::SyncAllColumns => "sync_all_columns",
            Self::Fail => "fail",
        }
    }

    fn of(node: &Node) -> Result<Self, Diagnostic> {
        let Some(value) = node.config.get("on_schema_change") else { return Ok(Self::Ignore) };
        let name = value.as_str().unwrap_or_default();
        Self::ALL.into_iter().find(|one| one.as_str() == name).ok_or_else(|| {
            let names = Self::ALL.map(Self::as_str);
            Diagnostic::error("bad-on-schema-change", format!("{}: `on_schema_change` is {value}", node.label()))
                .hint(did_you_mean(name, names).unwrap_or_else(|| format!("it is one of {}", names.join(", "))))
        })
    }
}

/// Adds the rows of `source` to `target`.
#[derive(Debug, Clone, PartialEq)]
pub struct WriteRows {
    pub(super) target: Name,
    pub(super) source: Name,
    strategy: Strategy,
    key: Option<Key>,
    predicates: Vec<String>,
    merge: MergeSettings,
    /// Which rows a batch replaces: those for which this holds, in both.
    batch: Option<String>,
    /// Whether the table's columns are filled rather than the query's.
    keeps_columns: bool,
}

impl WriteRows {
    pub(super) fn describe(&self, dialect: &dyn Dialect) -> String {
        let by = match &self.key {
            Some(key) if self.strategy != Strategy::Append => format!(" by {}", key.columns().join(", ")),
            _ => String::new(),
        };
        let (target, source) = (dialect.relation(&self.target), dialect.relation(&self.source));
        format!("-- {} the rows of {source} into {target}{by}", self.strategy.as_str())
    }

    /// The statements, once the columns of both relations are known.
    pub(super) fn statements(&self, dialect: &dyn Dialect, source: &[Column], target: &[Column]) -> Vec<String> {
        let filled = if self.keeps_columns { target } else { source };
        let columns: Vec<String> = filled.iter().map(|column| column.name.clone()).collect();
        if self.strategy == Strategy::Merge {
            let has = |name: &String| source.iter().any(|column| dialect.same_name(&column.name, name));
            let columns: Vec<String> = columns.into_iter().filter(has).collect();
            return vec![self.merge.statement(dialect, self, &columns)];
        }
        if let Some(rows) = &self.batch {
            let replaced: Vec<String> =
                std::iter::once(rows).chain(&self.predicates).map(|p| format!("({p})")).collect();
            return vec![
                dialect.delete_where(&self.target, &replaced.join("\n  and ")),
                format!("{}\nwhere {rows}", dialect.insert_select(&self.target, &self.source, &columns)),
            ];
        }
        let delete = match (&self.key, self.strategy) {
            (Some(key), Strategy::DeleteInsert) => {
                Some(dialect.delete_matching(&self.target, &self.source, key, &self.predicates))
            }
            _ => None,
        };
        delete.into_iter().chain([dialect.insert_select(&self.target, &self.source, &columns)]).collect()
    }

    pub(super) fn key(&self) -> Option<&Key> {
        self.key.as_ref()
    }

    pub(super) fn predicates(&self) -> &[String] {
        &self.predicates
    }
}

pub(super) fn plan(job: &Job<'_>, dialect: &dyn Dialect) -> Result<Plan, Diagnostic> {
    let on_change = OnSchemaChange::of(job.node)?;
    let write = write(job, dialect, on_change)?;
    let wanted = settings::indexes(job.node)?;
    let warning = warning(job.node, &write);
    let contract = Contract::of(job, dialect)?;
    let mut plan = Plan::open(job, RelationKind::Table, dialect);
    let rebuild = match job.batch {
        Some((_, rebuilds)) => rebuilds,
        None => settings::full_refresh(job.node, job.full_refresh),
    };
    if job.kind() == Some(Kind::Table) && !rebuild {
        if let Some(contract) = &contract {
            contract.check(&mut plan);
        }
        let widens = contract.is_none() && dialect.limits_texts();
        grow(&mut plan, job, dialect, write, on_change, widens);
    } else {
        relation::put_model(&mut plan, job, dialect, contract.as_ref());
        for sql in indexes::create(&job.name(), &wanted, dialect) {
            plan.send(Purpose::Index, sql);
        }
    }
    plan.warnings.extend(warning);
    Ok(plan.close(job, dialect))
}

fn write(job: &Job<'_>, dialect: &dyn Dialect, on_change: OnSchemaChange) -> Result<WriteRows, Diagnostic> {
    let target = job.name();
    let key = settings::unique_key(job.node)?;
    let merges = key.is_some() && dialect.merges_batches();
    let replaced = |(batch, _): (&Batch, bool)| Some(batch.predicate(job.node.config.str("event_time")?));
    Ok(WriteRows {
        batch: job.batch.filter(|_| !merges).and_then(replaced),
        source: dialect.temp_relation(&target),
        target,
        strategy: match job.batch {
            Some(_) if merges => Strategy::Merge,
            Some(_) => Strategy::DeleteInsert,
            None => settings::strategy(job.node, dialect)?,
        },
        key,
        predicates: settings::predicates(job.node)?,
        merge: merge::settings(job.node)?,
        keeps_columns: on_change == OnSchemaChange::Ignore,
    })
}

fn warning(node: &Node, write: &WriteRows) -> Option<Diagnostic> {
    let merges = write.strategy == Strategy::Merge;
    if !merges || write.key.is_some() || write.merge.has_own_matching() {
        return None;
    }
    let message = format!("{} merges without a `unique_key`, so every row is added", node.label());
    let hint = "set `unique_key`, or say `incremental_strategy: append` if this is meant";
    Some(Diagnostic::warning("missing-unique-key", message).hint(hint))
}

/// The steps that add the query's rows to the table which is there.
fn grow(
    plan: &mut Plan,
    job: &Job<'_>,
    dialect: &dyn Dialect,
    write: WriteRows,
    on_change: OnSchemaChange,
    widens: bool,
) {
    let (source, target) = (write.source.clone(), write.target.clone());
    let create = if dialect.supports_temp_tables() { Create::Temporary } else { Create::Replace };
    plan.send(Purpose::Stage, job.headed(dialect.create_table_as(&source, job.sql, create)));
    if widens {
        plan.steps.push(Step::Widen(Box::new(WidenColumns { source: source.clone(), target: target.clone() })));
    }
    if on_change != OnSchemaChange::Ignore {
        let node = job.node.label();
        plan.steps.push(Step::Sync(Box::new(SyncColumns { node, source: source.clone(), target, on_change })));
    }
    plan.steps.push(Step::Write(Box::new(write)));
    let drop = dialect.drop_relation(&source, Kind::Table);
    plan.send(Purpose::Drop, drop.clone());
    if !dialect.supports_transactional_ddl() {
        plan.cleanup.push(drop);
    }
}
