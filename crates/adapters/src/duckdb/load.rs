//! Seeds: DuckDB's own CSV reader fills a table whose columns are given.

use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::connection::DuckConnection;
use super::names::{literal, quote, relation};
use crate::{AdapterError, AdapterErrorKind, Connection, LoadMode, RelationName, SeedLoad, SeedSource, Stats};

/// Loads all of it, or changes nothing.
pub(super) fn run(
    connection: &mut DuckConnection,
    name: &RelationName,
    load: &SeedLoad<'_>,
) -> Result<Stats, AdapterError> {
    let file = CsvFile::new(&load.source)?;
    let quotes = quotes(connection, load, file.path())?;
    let copy = copy_sql(name, load, file.path(), quotes)?;
    // Within a transaction of the caller's, that one decides what becomes of the load.
    let is_own_transaction = !in_transaction(connection)?;
    if is_own_transaction {
        connection.execute("BEGIN")?;
    }
    let loaded = prepare_table(connection, name, load)
        .and_then(|()| connection.execute(&copy).map_err(csv_error))
        .and_then(|stats| if is_own_transaction { connection.execute("COMMIT").map(|_| stats) } else { Ok(stats) });
    if loaded.is_err() && is_own_transaction {
        // The load's own error is the one to report.
        let _ = connection.execute("ROLLBACK");
    }
    loaded
}

/// Outside of a transaction each statement is one of its own, so that the same question has two answers.
fn in_transaction(connection: &mut DuckConnection) -> Result<bool, AdapterError> {
    let mut id = || connection.query("SELECT txid_current()");
    Ok(id()?.rows == id()?.rows)
}

fn prepare_table(
    connection: &mut DuckConnection,
    name: &RelationName,
    load: &SeedLoad<'_>,
) -> Result<(), AdapterError> {
    let sql = match load.mode {
        LoadMode::Create => create_sql(name, load),
        LoadMode::Truncate => format!("TRUNCATE {}", relation(name)),
    };
    connection.execute(&sql).map(drop)
}

fn create_sql(name: &RelationName, load: &SeedLoad<'_>) -> String {
    let columns: Vec<String> =
        load.columns.iter().map(|column| format!("{} {}", quote(&column.name), column.data_type)).collect();
    format!("CREATE OR REPLACE TABLE {} ({})", relation(name), columns.join(", "))
}

/// How values are quoted, and how a quote within them is escaped: `"`, unless DuckDB finds out that it is `'` or `\`,
/// as it does for dbt-duckdb. Without either of them in the file there is nothing to find out.
fn quotes(
    connection: &mut DuckConnection,
    load: &SeedLoad<'_>,
    path: &Path,
) -> Result<(&'static str, &'static str), AdapterError> {
    let bytes = std::fs::read(path).map_err(|error| io_error(path, &error))?;
    if !bytes.iter().any(|byte| matches!(byte, b'\'' | b'\\')) {
        return Ok(("\"", "\""));
    }
    let found = connection.query(&format!(
        "SELECT \"Quote\", \"Escape\" FROM sniff_csv({}, delim = {}, header = true)",
        literal(path_text(path)?),
        literal(&load.delimiter.to_string()),
    ))?;
    let cell = |at: usize| found.rows.first().and_then(|row| row[at].as_str());
    let quote = if cell(0) == Some("'") { "'" } else { "\"" };
    Ok((quote, if cell(1) == Some("\\") { "\\" } else { quote }))
}

fn path_text(path: &Path) -> Result<&str, AdapterError> {
    path.to_str()
        .ok_or_else(|| AdapterError::new(AdapterErrorKind::Io, format!("the path {} is not UTF-8", path.display())))
}

fn copy_sql(
    name: &RelationName,
    load: &SeedLoad<'_>,
    path: &Path,
    (quotes, escape): (&str, &str),
) -> Result<String, AdapterError> {
    let columns: Vec<String> = load.columns.iter().map(|column| quote(&column.name)).collect();
    Ok(format!(
        "COPY {} ({}) FROM {} (FORMAT csv, AUTO_DETECT false, HEADER true, DELIMITER {}, QUOTE {}, ESCAPE {}, NULLSTR '')",
        relation(name),
        columns.join(", "),
        literal(path_text(path)?),
        literal(&load.delimiter.to_string()),
        literal(quotes),
        literal(escape),
    ))
}

/// A file that DuckDB can be pointed to.
enum CsvFile {
    Given(PathBuf),
    Temporary(NamedTempFile),
}

impl CsvFile {
    fn new(source: &SeedSource<'_>) -> Result<CsvFile, AdapterError> {
        match source {
            SeedSource::File(path) if has_wildcard(path) => {
                let bytes = std::fs::read(path).map_err(|error| io_error(path, &error))?;
                CsvFile::temporary(&bytes)
            }
            SeedSource::File(path) => {
                std::fs::metadata(path).map_err(|error| io_error(path, &error))?;
                Ok(CsvFile::Given(path.to_path_buf()))
            }
            SeedSource::Bytes(bytes) => CsvFile::temporary(bytes),
        }
    }

    fn temporary(bytes: &[u8]) -> Result<CsvFile, AdapterError> {
        let written = tempfile::Builder::new().suffix(".csv").tempfile().and_then(|mut file| {
            file.write_all(bytes)?;
            file.flush()?;
            Ok(file)
        });
        written.map(CsvFile::Temporary).map_err(|error| io_error(&std::env::temp_dir(), &error))
    }

    fn path(&self) -> &Path {
        match self {
            CsvFile::Given(path) => path,
            CsvFile::Temporary(file) => file.path(),
        }
    }
}

/// Whether DuckDB would take the path for a pattern.
fn has_wildcard(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '['])
}

fn io_error(path: &Path, error: &std::io::Error) -> AdapterError {
    AdapterError::new(AdapterErrorKind::Io, format!("{}: {error}", path.display()))
}

/// Reads the long text of DuckDB's CSV reader: the line in the file, and the one sentence that says why.
fn csv_error(mut error: AdapterError) -> AdapterError {
    const REASONS: [&str; 6] = [
        "Value with unterminated quote",
        "Expected Number of Columns",
        "Error when converting column",
        "Error when adding line",
        "Invalid unicode",
        "Maximum line size",
    ];
    let Some(line) = error.message.strip_prefix("CSV Error on Line: ").and_then(|rest| rest.lines().next()) else {
        return error;
    };
    let line = line.trim().parse().ok();
    let reason = error.message.lines().find(|line| REASONS.iter().any(|reason| line.contains(reason)));
    if let Some(reason) = reason.map(|reason| reason.trim().to_owned()) {
        error.message = reason;
    }
    if error.kind != AdapterErrorKind::Conversion {
        error.kind = AdapterErrorKind::Csv;
    }
    (error.line, error.column) = (line, None);
    error
}
