//! Materializations and data tests become steps.
//!
//! [`node`] turns one node and its compiled SQL into a [`Plan`]. It reads nothing but its arguments: what is in the
//! warehouse is told by [`Job::existing`]. Steps carry their SQL where it is known in advance; [`run`] resolves the
//! others against the connection that it sends them to.
//!
//! A plan changes the warehouse in one transaction, apart from the hooks that ask to be outside of it. Schemas are
//! not its business: they have to be there.

mod constraints;
mod contract;
mod data_test;
mod docs;
mod grants;
mod incremental;
mod indexes;
mod materialized_view;
mod merge;
mod relation;
mod replace;
mod run;
mod seed;
mod settings;
mod sync;

pub use contract::CheckColumns;
pub use data_test::{Severity, TestOutcome, TestStatus, stored_as, test_outcome};
pub use docs::CommentColumns;
pub use grants::ApplyGrants;
pub use incremental::{OnSchemaChange, WriteRows};
pub use indexes::SyncIndexes;
pub use replace::{Replace, With};
pub use run::{Failure, Outcome, StepError, roll_back, run};
pub use seed::{Csv, LoadSeed, Seed, delimiter, seed_columns};
pub use sync::{Changes, SyncColumns, WidenColumns};

use std::collections::HashMap;

use karat_adapters::{RelationKind, RelationName};
use karat_sql::dialect::{Create, Dialect};
use karat_sql::names::{Kind, Name};

use crate::batches::Batch;
use crate::diagnostic::Diagnostic;
use crate::node::{Node, ResourceType};

/// SQL to run before or after a node is built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// Its SQL, rendered. Blank ones are left out.
    pub sql: String,
    /// Whether it runs within the transaction that builds the node.
    pub transaction: bool,
}

/// One node to build.
#[derive(Debug, Clone)]
pub struct Job<'a> {
    /// The node.
    pub node: &'a Node,
    /// Its compiled query, without a `;` at the end. Seeds have none.
    pub sql: &'a str,
    /// Its relation; for a data test the one that failures are stored in.
    pub target: RelationName,
    /// What is there under that name now.
    pub existing: Option<RelationKind>,
    /// `--full-refresh`. The node's own setting goes before it.
    pub full_refresh: bool,
    /// `--store-failures`. The node's own setting goes before it.
    pub store_failures: bool,
    /// What to run before.
    pub pre_hooks: Vec<Hook>,
    /// What to run after.
    pub post_hooks: Vec<Hook>,
    /// SQL to put before the statement that runs the query.
    pub sql_header: Option<&'a str>,
    /// What a seed has besides.
    pub seed: Option<Seed>,
    /// The batch of a microbatch model, and whether the table is made anew with it.
    pub batch: Option<(&'a Batch, bool)>,
    /// The relations that foreign keys refer to, as SQL names them, by how they are written: `ref('orders')`.
    pub foreign: HashMap<String, String>,
}

impl<'a> Job<'a> {
    /// A node whose relation is not there yet.
    pub fn new(node: &'a Node, sql: &'a str, target: RelationName) -> Self {
        Self {
            node,
            sql,
            target,
            existing: None,
            full_refresh: false,
            store_failures: false,
            pre_hooks: Vec::new(),
            post_hooks: Vec::new(),
            sql_header: None,
            seed: None,
            batch: None,
            foreign: HashMap::new(),
        }
    }

    fn name(&self) -> Name {
        name(&self.target)
    }

    fn kind(&self) -> Option<Kind> {
        self.existing.map(kind)
    }

    /// How its table is made where there is none.
    fn new_table(&self) -> Create {
        if self.node.config.bool("unlogged") == Some(true) { Create::Unlogged } else { Create::New }
    }

    /// A statement with the header before it.
    fn headed(&self, statement: String) -> String {
        match self.sql_header.map(str::trim).filter(|header| !header.is_empty()) {
            Some(header) if header.ends_with(';') => format!("{header}\n{statement}"),
            Some(header) => format!("{header}\n;\n{statement}"),
            None => statement,
        }
    }
}

/// What a step with known SQL is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A hook.
    Hook,
    /// Makes the relation: its outcome is the plan's.
    Build,
    /// Holds rows until they are complete.
    Stage,
    /// Removes what is in the way or no longer needed.
    Drop,
    /// Moves a complete relation to its place.
    Rename,
    /// Makes an index.
    Index,
    /// Says something about a relation.
    Comment,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Opens the transaction.
    Begin,
    /// Closes it.
    Commit,
    /// Sends SQL.
    Send(Purpose, String),
    /// Sends a query; its rows are the plan's outcome.
    Ask(String),
    /// Loads a CSV file.
    Load(Box<LoadSeed>),
    /// Compares the columns of a query with those that are declared.
    Check(Box<CheckColumns>),
    /// Comments on the columns of a relation. Resolved when it runs.
    Comment(Box<CommentColumns>),
    /// Gives and takes rights. Resolved when it runs.
    Grant(Box<ApplyGrants>),
    /// Makes the indexes of a relation those that are asked for. Resolved when it runs.
    Indexes(Box<SyncIndexes>),
    /// Waits until nobody else builds this relation. Resolved when it runs.
    Lock(Name),
    /// Puts a relation in the place of another one. Resolved when it runs.
    Replace(Box<Replace>),
    /// Takes from a table the foreign keys that refer to it. Resolved when it runs.
    Unlink(Name),
    /// Makes a table's columns those of another relation. Resolved when it runs.
    Sync(Box<SyncColumns>),
    /// Makes a table's columns of text as long as another relation's. Resolved when it runs.
    Widen(Box<WidenColumns>),
    /// Adds another relation's rows to a table. Resolved when it runs.
    Write(Box<WriteRows>),
}

impl Step {
    /// Its SQL; for a step that is resolved when it runs, a comment that says what it will do.
    pub fn text(&self, dialect: &dyn Dialect) -> String {
        match self {
            Self::Begin => dialect.begin().unwrap_or_default().to_owned(),
            Self::Commit => dialect.commit().unwrap_or_default().to_owned(),
            Self::Send(_, sql) | Self::Ask(sql) => sql.clone(),
            Self::Load(load) => load.describe(dialect),
            Self::Comment(comments) => comments.describe(dialect),
            Self::Check(check) => check.describe(),
            Self::Grant(grants) => grants.describe(dialect),
            Self::Indexes(indexes) => indexes.describe(dialect),
            Self::Lock(name) => format!("-- wait until nobody else builds {}", dialect.relation(name)),
            Self::Replace(replace) => replace.describe(dialect),
            Self::Unlink(table) => format!("-- free {} of foreign keys", dialect.relation(table)),
            Self::Sync(sync) => sync.describe(dialect),
            Self::Widen(widen) => widen.describe(dialect),
            Self::Write(write) => write.describe(dialect),
        }
    }
}

/// What to do for one node, in order.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The steps.
    pub steps: Vec<Step>,
    /// What to send after a failure, besides the rollback. Their own failures mean nothing.
    pub cleanup: Vec<String>,
    /// The relation that is there afterwards.
    pub relation: Option<(RelationName, RelationKind)>,
    /// Whether there was no such relation before.
    pub makes: bool,
    /// What is odd about the node's settings but can be done.
    pub warnings: Vec<Diagnostic>,
}

impl Plan {
    /// Whether all of it may be sent again after this failure: it may pass, and nothing of it lasted. That is not known
    /// when the end of the transaction was lost; what replaces a relation can be repeated even so.
    pub fn can_repeat(&self, error: &StepError, dialect: &dyn Dialect) -> bool {
        let begins = self.steps.first() == Some(&Step::Begin) && self.steps.last() == Some(&Step::Commit);
        let reads = self.steps.iter().all(|step| matches!(step, Step::Ask(_)));
        let adds = self.steps.iter().any(|step| matches!(step, Step::Write(_)));
        let at_end = Some(error.sql.as_str()) == dialect.commit();
        error.may_pass() && (begins || reads) && !(adds && at_end)
    }

    fn send(&mut self, purpose: Purpose, sql: String) {
        self.steps.push(Step::Send(purpose, sql));
    }

    /// Opens a plan that builds a relation: hooks up to and into the transaction.
    fn open(job: &Job<'_>, kind: RelationKind, dialect: &dyn Dialect) -> Self {
        let mut plan =
            Self { relation: Some((job.target.clone(), kind)), makes: job.existing.is_none(), ..Self::default() };
        plan.hooks(&job.pre_hooks, false);
        plan.steps.push(Step::Begin);
        if dialect.lock(&job.name()).is_some() {
            plan.steps.push(Step::Lock(job.name()));
        }
        plan.hooks(&job.pre_hooks, true);
        plan
    }

    /// The counterpart of [`Plan::open`].
    fn close(mut self, job: &Job<'_>, dialect: &dyn Dialect) -> Self {
        self.hooks(&job.post_hooks, true);
        if let Some((_, built)) = self.relation.as_ref().filter(|_| job.node.resource_type != ResourceType::Test) {
            let grants = ApplyGrants::of(job.node, &job.name()).filter(|_| dialect.rights(&job.name()).is_some());
            self.steps.extend(grants.map(|grants| Step::Grant(Box::new(grants))));
            let comment = docs::relation_comment(job.node, &job.name(), *built, dialect);
            self.steps.extend(comment.map(|sql| Step::Send(Purpose::Comment, sql)));
            let comments = docs::column_comments(job.node, &job.name());
            self.steps.extend(comments.map(|comments| Step::Comment(Box::new(comments))));
        }
        self.steps.push(Step::Commit);
        self.hooks(&job.post_hooks, false);
        self
    }

    fn hooks(&mut self, hooks: &[Hook], transaction: bool) {
        for hook in hooks.iter().filter(|hook| hook.transaction == transaction) {
            let sql = hook.sql.trim();
            if !sql.is_empty() {
                self.send(Purpose::Hook, sql.to_owned());
            }
        }
    }
}

/// What to do to build a node.
///
/// # Errors
/// A setting of the node is wrong. The diagnostic has no place; the caller knows where the node is.
pub fn node(job: &Job<'_>, dialect: &dyn Dialect) -> Result<Plan, Diagnostic> {
    match job.node.resource_type {
        ResourceType::Model => model(job, dialect),
        ResourceType::Seed => seed::plan(job, dialect),
        ResourceType::Test => data_test::plan(job, dialect),
        ResourceType::Operation => {
            Ok(Plan { steps: vec![Step::Send(Purpose::Build, job.sql.to_owned())], ..Plan::default() })
        }
        _ => Ok(Plan::default()),
    }
}

fn model(job: &Job<'_>, dialect: &dyn Dialect) -> Result<Plan, Diagnostic> {
    match job.node.materialized() {
        "view" => relation::view(job, dialect),
        "table" => relation::table(job, dialect),
        "incremental" => incremental::plan(job, dialect),
        "materialized_view" => materialized_view::plan(job, dialect),
        _ => Ok(Plan::default()),
    }
}

fn name(relation: &RelationName) -> Name {
    Name {
        database: relation.database.clone(),
        schema: relation.schema.clone(),
        identifier: relation.identifier.clone(),
    }
}

fn kind(kind: RelationKind) -> Kind {
    match kind {
        RelationKind::Table => Kind::Table,
        RelationKind::View => Kind::View,
        RelationKind::MaterializedView => Kind::MaterializedView,
        RelationKind::External => Kind::External,
    }
}

#[cfg(test)]
mod tests;
