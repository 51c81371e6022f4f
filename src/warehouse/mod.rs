//! From a target to its warehouse: the one place that knows which engines there are.

#[cfg(feature = "duckdb")]
mod duckdb;
#[cfg(feature = "postgres")]
mod postgres;

use std::path::Path;

use karat_adapters::Adapter;
use karat_sql::dialect::{BigQuery, Dialect, DuckDb, Postgres};

use crate::config::profile::Target;
use crate::diagnostic::{Diagnostic, did_you_mean};

const KINDS: [&str; 2] = ["duckdb", "postgres"];

/// How the warehouse of a target writes SQL.
///
/// # Errors
/// There is no such engine.
pub fn dialect(target: &Target) -> Result<&'static dyn Dialect, Box<Diagnostic>> {
    match target.kind.as_str() {
        "duckdb" => Ok(&DuckDb),
        "postgres" => Ok(&Postgres),
        other => without_adapter(other).ok_or_else(|| {
            Box::new(
                Diagnostic::error(
                    "unsupported-engine",
                    format!("target `{}` is of type `{other}`, which karat does not speak", target.name),
                )
                .at(target.kind_span, "")
                .hint(format!("choose a target of type {}", KINDS.join(", ")))
                .maybe_hint(did_you_mean(other, KINDS)),
            )
        }),
    }
}

/// The engines whose macros can be tried in tests although there is no adapter yet.
fn without_adapter(kind: &str) -> Option<&'static dyn Dialect> {
    match kind {
        "bigquery" if cfg!(test) => Some(&BigQuery),
        _ => None,
    }
}

/// The adapter of a target. Nothing is opened yet.
///
/// # Errors
/// The target's settings are wrong, or the engine is not part of this build.
pub fn adapter(target: &Target, root: &Path) -> Result<Box<dyn Adapter>, Box<Diagnostic>> {
    match target.kind.as_str() {
        #[cfg(feature = "duckdb")]
        "duckdb" => Ok(Box::new(karat_adapters::duckdb::DuckDb::new(duckdb::settings(target, root)?))),
        #[cfg(feature = "postgres")]
        "postgres" => Ok(Box::new(karat_adapters::postgres::Postgres::new(postgres::settings(target)?))),
        _ => {
            dialect(target)?;
            let _ = root;
            Err(Box::new(
                Diagnostic::error("unsupported-engine", format!("this build of karat has no `{}`", target.kind))
                    .hint("build it with the default features"),
            ))
        }
    }
}
