//! Data tests: queries for what should not be there.

use karat_adapters::{Cell, RelationKind, Table};
use karat_sql::dialect::{Dialect, TestQuery};
use serde_json::Value as Json;

use super::{Job, Plan, Step, relation};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::node::Node;

/// Whether failures of a test are errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// They can be.
    Error,
    /// They are worth a warning at most.
    Warn,
}

/// How a data test went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestStatus {
    /// It found nothing, or little enough.
    Pass,
    /// It found something worth a warning.
    Warn,
    /// It found an error.
    Fail,
}

impl TestStatus {
    /// dbt's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// What a data test found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestOutcome {
    /// How many failures count: none if it passed.
    pub failures: i64,
    /// How it went.
    pub status: TestStatus,
    /// What to say about it, unless it passed.
    pub message: Option<String>,
}

/// The settings of a data test.
struct Settings {
    fail_calc: String,
    warn_if: String,
    error_if: String,
    severity: Severity,
    limit: Option<u64>,
}

impl Settings {
    fn of(node: &Node) -> Result<Self, Diagnostic> {
        Ok(Self {
            fail_calc: text(node, "fail_calc", "count(*)")?,
            warn_if: text(node, "warn_if", "!= 0")?,
            error_if: text(node, "error_if", "!= 0")?,
            severity: severity(node)?,
            limit: limit(node)?,
        })
    }
}

/// What a data test's failures are stored in, if they are. `flag` is `--store-failures`.
///
/// # Errors
/// `store_failures_as` is no kind of relation.
pub fn stored_as(node: &Node, flag: bool) -> Result<Option<RelationKind>, Diagnostic> {
    const KINDS: [&str; 3] = ["table", "view", "ephemeral"];
    let stores = node.config.bool("store_failures").unwrap_or(flag);
    let Some(value) = node.config.get("store_failures_as") else { return Ok(stores.then_some(RelationKind::Table)) };
    match value.as_str().unwrap_or_default() {
        "table" => Ok(Some(RelationKind::Table)),
        "view" => Ok(Some(RelationKind::View)),
        "ephemeral" => Ok(None),
        other => {
            let message = format!("{}: `store_failures_as` is {value}", node.label());
            let all = format!("it is one of {}", KINDS.join(", "));
            Err(Diagnostic::error("bad-store-failures", message).hint(did_you_mean(other, KINDS).unwrap_or(all)))
        }
    }
}

pub(super) fn plan(job: &Job<'_>, dialect: &dyn Dialect) -> Result<Plan, Diagnostic> {
    let settings = Settings::of(job.node)?;
    let sql = match settings.limit {
        Some(count) => dialect.limit(job.sql, count),
        None => job.sql.to_owned(),
    };
    let stored = stored_as(job.node, job.store_failures)?;
    let mut plan = Plan::default();
    let query = match stored {
        None => sql,
        Some(kind) => {
            plan = Plan::open(job, kind, dialect);
            if kind == RelationKind::View {
                relation::put_view(&mut plan, job, dialect, &sql);
            } else {
                relation::put_table(&mut plan, job, dialect, &sql);
            }
            plan = plan.close(job, dialect);
            format!("select *\nfrom {}", dialect.relation(&job.name()))
        }
    };
    let test = dialect.test_query(TestQuery {
        sql: &query,
        fail_calc: &settings.fail_calc,
        warn_if: &settings.warn_if,
        error_if: &settings.error_if,
    });
    plan.steps.push(Step::Ask(job.headed(test)));
    Ok(plan)
}

/// What the row says that a data test's plan asked for. With `warn_error` a warning is a failure.
///
/// # Errors
/// The row is not what a test's query returns: `fail_calc` gave no whole number.
pub fn test_outcome(row: &Table, node: &Node, warn_error: bool) -> Result<TestOutcome, Diagnostic> {
    let settings = Settings::of(node)?;
    let failures = failures(row, node, &settings)?;
    let is_set = |column: &str| cell(row, column).is_some_and(truth);
    let results = if failures == 1 { "1 result".to_owned() } else { format!("{failures} results") };
    let (status, message) = if settings.severity == Severity::Error && is_set("should_error") {
        (TestStatus::Fail, format!("Got {results}, configured to fail if {}", settings.error_if))
    } else if !is_set("should_warn") {
        return Ok(TestOutcome { failures: 0, status: TestStatus::Pass, message: None });
    } else if warn_error {
        (TestStatus::Fail, format!("Got {results}, configured to fail if {}", settings.warn_if))
    } else {
        (TestStatus::Warn, format!("Got {results}, configured to warn if {}", settings.warn_if))
    };
    Ok(TestOutcome { failures, status, message: Some(message) })
}

fn failures(row: &Table, node: &Node, settings: &Settings) -> Result<i64, Diagnostic> {
    let found = cell(row, "failures");
    let number = match found {
        Some(Cell::Int(number)) => i64::try_from(*number).ok(),
        Some(Cell::Decimal(text)) => whole(text),
        Some(Cell::Float(number)) => whole(&number.to_string()),
        _ => None,
    };
    number.ok_or_else(|| {
        let found = found.map_or_else(|| format!("{} rows", row.rows.len()), |cell| format!("`{cell}`"));
        let message = format!("{}: `{}` gave {found}, not a whole number", node.label(), settings.fail_calc);
        Diagnostic::error("bad-test-result", message)
            .hint("`fail_calc` has to give a number also when there are no rows: `coalesce(sum(n), 0)`")
    })
}

/// A number in digits without a fraction other than zeros.
fn whole(text: &str) -> Option<i64> {
    let (number, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.chars().all(|digit| digit == '0') { number.parse().ok() } else { None }
}

fn cell<'a>(row: &'a Table, column: &str) -> Option<&'a Cell> {
    let [cells] = row.rows.as_slice() else { return None };
    cells.get(row.column_index(column)?)
}

fn truth(cell: &Cell) -> bool {
    match cell {
        Cell::Bool(value) => *value,
        Cell::Int(number) => *number != 0,
        Cell::Text(text) => ["true", "t", "yes", "y", "on", "1"].contains(&text.to_lowercase().as_str()),
        _ => false,
    }
}

fn text(node: &Node, key: &str, default: &str) -> Result<String, Diagnostic> {
    match node.config.get(key) {
        None => Ok(default.to_owned()),
        Some(Json::String(text)) => Ok(text.clone()),
        Some(other) => {
            let message = format!("{}: `{key}` is {other}", node.label());
            Err(Diagnostic::error("bad-test-config", message).hint(format!("write SQL as a text, like `{default}`")))
        }
    }
}

fn severity(node: &Node) -> Result<Severity, Diagnostic> {
    let Some(value) = node.config.get("severity") else { return Ok(Severity::Error) };
    match value.as_str().unwrap_or_default().to_lowercase().as_str() {
        "error" => Ok(Severity::Error),
        "warn" => Ok(Severity::Warn),
        other => {
            let message = format!("{}: `severity` is {value}", node.label());
            let hint = did_you_mean(other, ["error", "warn"]).unwrap_or_else(|| "it is error or warn".to_owned());
            Err(Diagnostic::error("bad-severity", message).hint(hint))
        }
    }
}

fn limit(node: &Node) -> Result<Option<u64>, Diagnostic> {
    let Some(value) = node.config.get("limit") else { return Ok(None) };
    let number = value.as_u64().or_else(|| value.as_str()?.trim().parse().ok());
    number.map(Some).ok_or_else(|| {
        let message = format!("{}: `limit` is {value}", node.label());
        Diagnostic::error("bad-test-config", message).hint("a limit is a whole number")
    })
}
