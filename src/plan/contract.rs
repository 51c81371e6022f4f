//! What a model promises of its columns (`contract: {enforced: true}`) is checked before anything is written, and its
//! constraints become part of the table.

use karat_adapters::Column;
use karat_sql::dialect::{Create, Dialect};
use karat_sql::names::Kind;

use super::constraints::{self, Constraint};
use super::replace::{Replace, With};
use super::{Job, Plan, Purpose, Step};
use crate::diagnostic::Diagnostic;
use crate::node::ColumnDoc;

/// An enforced contract.
pub(super) struct Contract {
    /// Names of the columns as SQL has them, in order.
    names: Vec<String>,
    /// What makes up the table: columns and constraints.
    parts: Vec<String>,
    check: CheckColumns,
    /// Whether foreign keys of other tables can refer to it.
    is_referable: bool,
    warnings: Vec<Diagnostic>,
}

/// Compares the columns of a query with those that are declared.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckColumns {
    pub(super) node: String,
    /// The query.
    pub(super) query: String,
    /// A query without rows, with the columns that are declared.
    pub(super) declared: String,
    place: Option<crate::source::Span>,
}

impl Contract {
    /// The contract of a node, if it is enforced.
    pub(super) fn of(job: &Job<'_>, dialect: &dyn Dialect) -> Result<Option<Self>, Diagnostic> {
        let node = job.node;
        if !node.has_contract() {
            return Ok(None);
        }
        let untyped: Vec<&str> =
            node.columns.values().filter(|c| c.data_type.is_none()).map(|c| c.name.as_str()).collect();
        if !untyped.is_empty() {
            let message = format!("the contract of {} lacks the types of {}", node.label(), untyped.join(", "));
            return Err(Diagnostic::error("incomplete-contract", message)
                .at(node.patch_span, "")
                .hint("give each column a `data_type`"));
        }
        let aliases =
            node.config.get("contract").and_then(|c| c.get("alias_types")).and_then(serde_json::Value::as_bool);
        let data_type = |column: &ColumnDoc| {
            let written = column.data_type.as_deref().unwrap_or_default();
            if aliases.unwrap_or(true) { dialect.translate_type(written) } else { written.to_owned() }
        };
        let mut warnings = Vec::new();
        let name = |column: &ColumnDoc| match column.quote {
            Some(true) => dialect.quote(&column.name),
            _ => column.name.clone(),
        };
        let names: Vec<String> = node.columns.values().map(name).collect();
        let mut parts = Vec::with_capacity(names.len());
        for (name, column) in names.iter().zip(node.columns.values()) {
            let mut part = format!("{name} {}", data_type(column));
            for constraint in constraints::read(&column.constraints) {
                part.extend(constraint.of_column(job, dialect, &mut warnings).map(|sql| format!(" {sql}")));
            }
            parts.push(part);
        }
        for constraint in constraints::read(&node.constraints) {
            parts.extend(constraint.of_table(job, dialect, &mut warnings));
        }
        let empty = names.iter().zip(node.columns.values());
        let empty: Vec<String> = empty.map(|(name, c)| format!("cast(null as {}) as {name}", data_type(c))).collect();
        let check = CheckColumns {
            node: node.label(),
            query: job.sql.to_owned(),
            declared: format!("select {}", empty.join(", ")),
            place: node.patch_span,
        };
        let all = node.columns.values().flat_map(|column| &column.constraints).chain(&node.constraints);
        let is_referable = constraints::read(all).iter().any(Constraint::is_key);
        Ok(Some(Self { names, parts, check, is_referable, warnings }))
    }

    /// The steps that check the query.
    pub(super) fn check(&self, plan: &mut Plan) {
        plan.steps.push(Step::Check(Box::new(self.check.clone())));
        plan.warnings.extend(self.warnings.iter().cloned());
    }

    /// The steps that put a table with the promised columns and constraints in the place of whatever is there.
    pub(super) fn put_table(&self, plan: &mut Plan, job: &Job<'_>, dialect: &dyn Dialect) {
        self.check(plan);
        let target = job.name();
        let names = self.names.join(", ");
        // The rows are held elsewhere where the query may read what is replaced, or others wait to read it.
        let hangs = dialect.dependants(&target).is_some();
        let is_read = job.kind().is_some() && (hangs || job.sql.contains(&dialect.relation(&target)));
        let staged = is_read.then(|| dialect.temp_relation(&target));
        let mut rows = format!("select {names}\nfrom (\n{}\n) as model_subq", job.sql);
        if let Some(staged) = &staged {
            let create = if dialect.supports_temp_tables() { Create::Temporary } else { Create::Replace };
            plan.send(Purpose::Stage, job.headed(dialect.create_table_as(staged, &rows, create)));
            rows = format!("select {names}\nfrom {}", dialect.relation(staged));
        }
        let create = dialect.create_table(&target, &self.parts, job.new_table());
        let insert = format!("insert into {} ({names})\n{rows}", dialect.relation(&target));
        let insert = if staged.is_some() { insert } else { job.headed(insert) };
        if let Some(old) = job.kind().filter(|_| hangs) {
            let with = With::Statements { create, insert };
            plan.steps.push(Step::Replace(Box::new(Replace { target: target.clone(), old, with })));
        } else {
            if job.kind() == Some(Kind::Table) && self.is_referable {
                plan.steps.push(Step::Unlink(target.clone()));
            }
            if let Some(old) = job.kind() {
                plan.send(Purpose::Drop, dialect.drop_relation(&target, old));
            }
            plan.send(Purpose::Build, create);
            plan.send(Purpose::Build, insert);
        }
        if let Some(staged) = &staged {
            plan.send(Purpose::Drop, dialect.drop_relation(staged, Kind::Table));
        }
    }
}

impl CheckColumns {
    pub(super) fn describe(&self) -> String {
        format!("-- compare the columns of {} with its contract", self.node)
    }

    /// The error for columns that are not those declared. Their order does not matter.
    pub(super) fn compare(
        &self,
        dialect: &dyn Dialect,
        found: &[Column],
        declared: &[Column],
    ) -> Result<(), Diagnostic> {
        let mut rows: Vec<(&str, String)> = Vec::new();
        for Column { name, data_type, .. } in found {
            let wanted = declared.iter().find(|other| other.name == *name).map(|other| &other.data_type);
            match wanted {
                Some(wanted) if dialect.same_in_contract(data_type, wanted) => {}
                Some(wanted) => {
                    rows.push((name, format!("{name}: {data_type} in the query, {wanted} in the contract")))
                }
                None => rows.push((name, format!("{name}: {data_type} in the query, missing in the contract"))),
            }
        }
        for Column { name, data_type, .. } in declared {
            if found.iter().all(|other| other.name != *name) {
                rows.push((name, format!("{name}: missing in the query, {data_type} in the contract")));
            }
        }
        if rows.is_empty() {
            return Ok(());
        }
        rows.sort();
        let message = format!("the columns of {} are not those of its contract", self.node);
        let broken = Diagnostic::error("broken-contract", message).at(self.place, "the contract");
        let broken = rows.into_iter().fold(broken, |broken, (_, row)| broken.note(row));
        Err(broken.hint("change the query, or the columns in the properties file"))
    }
}
