//! CSV files that become tables.

use std::path::PathBuf;
use std::sync::Arc;

use karat_adapters::{Column, LoadMode, RelationKind, RelationName, SeedColumn, SeedSource, SeedType, infer_csv};
use karat_sql::dialect::Dialect;
use karat_sql::names::Kind;

use super::{Job, Plan, Purpose, Step, indexes, relation, settings};
use crate::diagnostic::Diagnostic;
use crate::node::Node;

/// A seed's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Csv {
    /// On disk.
    File(PathBuf),
    /// In memory.
    Bytes(Arc<[u8]>),
}

/// What a seed has besides its node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seed {
    /// The file.
    pub csv: Csv,
    /// Its columns: see [`seed_columns`].
    pub columns: Vec<SeedColumn>,
}

/// Loads a seed.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadSeed {
    /// The table to fill.
    pub relation: RelationName,
    /// What with.
    pub seed: Seed,
    /// What separates cells.
    pub delimiter: char,
    /// Whether a table that has the file's columns is kept and only its rows are replaced.
    pub keeps_table: bool,
    /// Whether everything is rebuilt from nothing; only the outcome's words depend on it.
    pub full_refresh: bool,
    /// What to send after the table was created anew.
    pub indexes: Vec<String>,
}

impl LoadSeed {
    pub(super) fn describe(&self, dialect: &dyn Dialect) -> String {
        format!(
            "-- load {} columns of a CSV file into {}",
            self.seed.columns.len(),
            dialect.relation(&super::name(&self.relation))
        )
    }

    /// How to load it into a table with these columns.
    pub(super) fn mode(&self, table: &[Column], dialect: &dyn Dialect) -> LoadMode {
        let columns = &self.seed.columns;
        let fits = columns.len() == table.len()
            && columns.iter().zip(table).all(|(column, known)| dialect.same_name(&column.name, &known.name));
        if self.keeps_table && fits { LoadMode::Truncate } else { LoadMode::Create }
    }

    pub(super) fn source(&self) -> SeedSource<'_> {
        match &self.seed.csv {
            Csv::File(path) => SeedSource::File(path),
            Csv::Bytes(bytes) => SeedSource::Bytes(bytes),
        }
    }
}

/// The columns of a seed's file: the types of `column_types` where there are any, else what fits the cells.
///
/// # Errors
/// The file is broken (`bad-seed`, the message tells the line), or a setting is (`bad-seed-config`).
pub fn seed_columns(
    node: &Node,
    csv: &[u8],
    type_name: impl Fn(SeedType) -> &'static str,
) -> Result<Vec<SeedColumn>, Diagnostic> {
    let types = settings::text_map(node, "column_types", "bad-seed-config")?;
    let names: Vec<&str> = types.iter().map(|(name, _)| name.as_str()).collect();
    let inferred = infer_csv(csv, delimiter(node)?, &names).map_err(|error| {
        let line = error.line.map(|line| format!("line {line}: ")).unwrap_or_default();
        Diagnostic::error("bad-seed", format!("{}: {line}{error}", node.label())).maybe_hint(error.hint)
    })?;
    Ok(karat_adapters::seed_columns(&inferred, &types, type_name))
}

pub(super) fn plan(job: &Job<'_>, dialect: &dyn Dialect) -> Result<Plan, Diagnostic> {
    let Some(seed) = job.seed.clone() else {
        return Err(Diagnostic::error("bad-seed", format!("{} has no file", job.node.label())));
    };
    let full_refresh = settings::full_refresh(job.node, job.full_refresh);
    let indexes = indexes::create(&job.name(), &settings::indexes(job.node)?, dialect);
    let mut load = LoadSeed {
        relation: job.target.clone(),
        seed,
        delimiter: delimiter(job.node)?,
        keeps_table: job.kind() == Some(Kind::Table) && !full_refresh,
        full_refresh,
        indexes,
    };
    let hooks = job.pre_hooks.iter().chain(&job.post_hooks);
    let can_meet = dialect.lock(&job.name()).is_some();
    let mut is_alone = load.indexes.is_empty()
        && !can_meet
        && job.node.config.get("grants").is_none()
        && job.node.config.get("persist_docs").is_none()
        && !hooks.into_iter().any(|hook| hook.transaction);
    let mut plan = Plan::open(job, RelationKind::Table, dialect);
    if let Some(old) = job.kind().filter(|_| dialect.dependants(&job.name()).is_some()) {
        let staged = relation::stage(&mut plan, &job.name(), dialect);
        load.relation.identifier.clone_from(&staged.identifier);
        load.keeps_table = false;
        let indexes = std::mem::take(&mut load.indexes);
        plan.steps.push(Step::Load(Box::new(load)));
        relation::replace(&mut plan, &job.name(), old, staged);
        for sql in indexes {
            plan.send(Purpose::Index, sql);
        }
        return Ok(plan.close(job, dialect));
    }
    if let Some(other) = job.kind().filter(|kind| *kind != Kind::Table) {
        plan.send(Purpose::Drop, dialect.drop_relation(&job.name(), other));
        is_alone = false;
    }
    plan.steps.push(Step::Load(Box::new(load)));
    let mut plan = plan.close(job, dialect);
    if is_alone {
        // A load is a transaction by itself.
        plan.steps.retain(|step| !matches!(step, Step::Begin | Step::Commit));
    }
    Ok(plan)
}

/// What separates the cells of a seed's file.
///
/// # Errors
/// The setting is no single character.
pub fn delimiter(node: &Node) -> Result<char, Diagnostic> {
    let Some(value) = node.config.get("delimiter") else { return Ok(',') };
    let mut letters = value.as_str().unwrap_or_default().chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) if letter.is_ascii() => Ok(letter),
        _ => {
            let message = format!("{}: `delimiter` is {value}", node.label());
            Err(Diagnostic::error("bad-seed-config", message).hint("a delimiter is one ASCII character"))
        }
    }
}
