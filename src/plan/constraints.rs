//! Constraints of columns and tables as SQL.

use karat_sql::dialect::{Dialect, Support};
use serde_json::Value as Json;

use super::Job;
use super::settings::texts;
use crate::diagnostic::Diagnostic;

const KINDS: [&str; 6] = ["check", "not_null", "unique", "primary_key", "foreign_key", "custom"];

/// One constraint.
pub(super) struct Constraint {
    kind: &'static str,
    name: Option<String>,
    expression: String,
    /// The columns of a constraint of the table.
    columns: Vec<String>,
    /// The relation that a foreign key points to, as written.
    to: Option<String>,
    to_columns: Vec<String>,
    warns_unsupported: bool,
    warns_unenforced: bool,
}

/// Constraints as written; those of unknown types are left out.
pub(super) fn read<'a>(written: impl IntoIterator<Item = &'a Json>) -> Vec<Constraint> {
    written.into_iter().filter_map(read_one).collect()
}

fn read_one(written: &Json) -> Option<Constraint> {
    let text = |key: &str| written.get(key).and_then(Json::as_str).map(str::to_owned);
    let flag = |key: &str| written.get(key).and_then(Json::as_bool).unwrap_or(true);
    let list = |key: &str| written.get(key).and_then(texts).unwrap_or_default();
    let kind = text("type").unwrap_or_default();
    Some(Constraint {
        kind: KINDS.into_iter().find(|known| *known == kind)?,
        name: text("name"),
        expression: text("expression").unwrap_or_default(),
        columns: list("columns"),
        to: text("to"),
        to_columns: list("to_columns"),
        warns_unsupported: flag("warn_unsupported"),
        warns_unenforced: flag("warn_unenforced"),
    })
}

impl Constraint {
    /// Whether foreign keys can refer to its columns.
    pub(super) fn is_key(&self) -> bool {
        matches!(self.kind, "unique" | "primary_key")
    }

    /// As part of a column's definition.
    pub(super) fn of_column(
        &self,
        job: &Job<'_>,
        dialect: &dyn Dialect,
        warnings: &mut Vec<Diagnostic>,
    ) -> Option<String> {
        if !self.is_written(job, dialect, warnings) {
            return None;
        }
        let with = |words: &str| Some(format!("{words} {}", self.expression).trim().to_owned());
        match self.kind {
            "not_null" => with("not null"),
            "unique" => with("unique"),
            "primary_key" => with("primary key"),
            "foreign_key" => self.references(job, dialect),
            "check" if !self.expression.is_empty() => Some(format!("check ({})", self.expression)),
            "custom" if !self.expression.is_empty() => Some(self.expression.clone()),
            _ => None,
        }
    }

    /// As part of a table's definition.
    pub(super) fn of_table(
        &self,
        job: &Job<'_>,
        dialect: &dyn Dialect,
        warnings: &mut Vec<Diagnostic>,
    ) -> Option<String> {
        if !self.is_written(job, dialect, warnings) {
            return None;
        }
        let columns = self.columns.join(", ");
        let expression = if self.expression.is_empty() { String::new() } else { format!(" {}", self.expression) };
        let sql = match self.kind {
            "check" if !self.expression.is_empty() => format!("check ({})", self.expression),
            "unique" => format!("unique{expression} ({columns})"),
            "primary_key" => format!("primary key{expression} ({columns})"),
            "foreign_key" => format!("foreign key ({columns}) {}", self.references(job, dialect)?),
            "custom" if !self.expression.is_empty() => self.expression.clone(),
            _ => return None,
        };
        let name = self.name.as_ref().map(|name| format!("constraint {name} ")).unwrap_or_default();
        Some(format!("{name}{sql}"))
    }

    fn references(&self, job: &Job<'_>, dialect: &dyn Dialect) -> Option<String> {
        match &self.to {
            Some(to) if !self.to_columns.is_empty() => {
                let to = job.foreign.get(to).unwrap_or(to);
                Some(format!("references {} ({})", dialect.constraint_target(to), self.to_columns.join(", ")))
            }
            _ if !self.expression.is_empty() => Some(format!("references {}", self.expression)),
            _ => None,
        }
    }

    /// Whether the engine takes it; a warning where it does not, or does not enforce it.
    fn is_written(&self, job: &Job<'_>, dialect: &dyn Dialect, warnings: &mut Vec<Diagnostic>) -> bool {
        let support = if self.kind == "custom" { Support::Enforced } else { dialect.constraint_support(self.kind) };
        let problem = match support {
            Support::None if self.warns_unsupported => "has no constraints of the type",
            Support::NotEnforced if self.warns_unenforced => "does not enforce constraints of the type",
            _ => return support != Support::None,
        };
        let message = format!("{}: {} {problem} `{}`", job.node.label(), dialect.title(), self.kind);
        warnings.push(Diagnostic::warning("weak-constraint", message).at(job.node.patch_span, "").hint(
            "a data test finds what breaks it; `warn_unsupported: false` or `warn_unenforced: false` silences this",
        ));
        support != Support::None
    }
}
