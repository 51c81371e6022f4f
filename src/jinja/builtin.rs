//! The macros that come with karat: `dbt` for all warehouses, `dbt_duckdb` and its like for one.
//!
//! A macro that each warehouse writes in its own way is defined as `default__name`, `duckdb__name` … alone. The macro
//! `name`, which projects call, is made of that: it dispatches to the one that fits, the project's own first.

use std::fmt::Write;

use karat_jinja::BlockKind;

use crate::jinja::macros::{MacroInfo, Macros};

/// The package of the macros that come with karat.
pub const BUILTIN_PACKAGE: &str = "dbt";

/// Paths and texts.
type Files = &'static [(&'static str, &'static str)];

macro_rules! files {
    ($folder:literal: $($name:literal)*) => {
        &[$((concat!("macros/", $folder, "/", $name, ".sql"), include_str!(concat!("builtin/", $folder, "/", $name, ".sql")))),*]
    };
}

const ALL: Files = files!(
    "dbt":
    "clone" "columns" "comments" "dates" "expressions" "functions" "grants" "hooks" "incremental" "materializations"
    "metadata" "names"
    "now" "ranges" "relations" "seeds" "series" "snapshot" "snapshot_strategies" "snapshots" "statements" "swaps" "tests"
    "text" "types" "unit_tests"
);
const DUCKDB: Files = files!("duckdb": "expressions" "external" "functions" "hooks" "incremental" "materializations" "metadata" "relations" "seeds" "snapshots");
const POSTGRES: Files =
    files!("postgres": "expressions" "functions" "materializations" "metadata" "relations" "snapshots");
const BIGQUERY: Files = files!("bigquery": "expressions" "functions" "relations");

/// The packages for a kind of warehouse, the one for all first.
pub(super) fn packages(warehouse: &str) -> Vec<(String, Files)> {
    let own = match warehouse {
        "duckdb" => DUCKDB,
        "postgres" => POSTGRES,
        "bigquery" => BIGQUERY,
        _ => &[],
    };
    vec![(BUILTIN_PACKAGE.to_owned(), ALL), (format!("{BUILTIN_PACKAGE}_{warehouse}"), own)]
}

/// The text of one of these macros; that of the ones which only dispatch is empty.
pub(super) fn text(info: &MacroInfo) -> &'static str {
    let files = [ALL, DUCKDB, POSTGRES, BIGQUERY].into_iter().flatten();
    let file = files.copied().find(|(path, _)| *path == &*info.file);
    file.and_then(|(_, text)| text.get(info.span.start as usize..info.span.end as usize)).unwrap_or_default()
}

/// The text of a dispatching macro `name` for every `default__name` that has none.
pub(super) fn dispatchers(macros: &Macros) -> String {
    let mut text = String::new();
    for info in macros.all().iter().filter(|m| m.kind == BlockKind::Macro) {
        let Some(name) = info.name.strip_prefix("default__") else { continue };
        if macros.in_package(BUILTIN_PACKAGE, name).is_none() {
            let _ = writeln!(text, "{}", dispatcher(name, info));
        }
    }
    text
}

fn dispatcher(name: &str, info: &MacroInfo) -> String {
    let parameter = |(name, default): (&str, Option<&str>)| match default {
        Some(default) => format!("{name}={default}"),
        None => name.to_owned(),
    };
    let parameters = info.parameters.iter().map(|p| parameter((&p.name, p.default.as_deref())));
    let parameters = parameters.collect::<Vec<_>>().join(", ");
    let arguments = info.parameters.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(", ");
    format!(
        "{{% macro {name}({parameters}) %}}\
         {{{{ return(adapter.dispatch('{name}', 'dbt')({arguments})) }}}}\
         {{% endmacro %}}"
    )
}

#[cfg(test)]
#[path = "builtin_tests.rs"]
mod tests;
