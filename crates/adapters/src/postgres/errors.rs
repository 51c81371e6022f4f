//! The server's errors, read into [`AdapterError`]s. SQLSTATE tells the kind:
//! <https://www.postgresql.org/docs/current/errcodes-appendix.html>.

use std::error::Error as _;

use tokio_postgres::Error;
use tokio_postgres::error::{DbError, ErrorPosition};

use crate::{AdapterError, AdapterErrorKind};

/// Reads an error of the driver. `sql` is what was sent, for the line of the position.
pub(super) fn from_driver(error: &Error, sql: &str) -> AdapterError {
    match error.as_db_error() {
        Some(server) => from_server(server, sql),
        None if sql.contains('\0') => AdapterError::new(AdapterErrorKind::Syntax, "the SQL contains a NUL character"),
        None => AdapterError::new(AdapterErrorKind::Connect, with_causes(error))
            .with_hint("the server may have been stopped, or the network failed"),
    }
}

/// The error and what it comes from, outermost first.
pub(super) fn with_causes(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

fn from_server(server: &DbError, sql: &str) -> AdapterError {
    let message = server.message();
    let mut error = AdapterError::new(kind(server.code().code(), message), message);
    if let Some(detail) = server.detail() {
        error.message = format!("{message}\n{detail}");
    }
    if let Some(ErrorPosition::Original(position)) = server.position() {
        let (line, column) = line_and_column(sql, *position as usize);
        (error.line, error.column) = (Some(line), Some(column));
    }
    match server.hint() {
        Some(hint) if hint.starts_with("Perhaps you meant to reference the") => error.candidates = meant(hint),
        Some(hint) => error.hint = Some(hint.to_owned()),
        None => error.hint = hint(server.code().code()).map(str::to_owned),
    }
    error
}

/// The columns that the server thinks were meant, without the table that it puts before them.
fn meant(hint: &str) -> Vec<String> {
    let names = hint.split('"').skip(1).step_by(2);
    names.map(|name| name.rsplit('.').next().unwrap_or(name).to_owned()).collect()
}

/// What to try where the server itself has no advice.
fn hint(code: &str) -> Option<&'static str> {
    Some(match code {
        "28P01" | "28000" => "check `user` and `password` of the target, and pg_hba.conf of the server",
        "3D000" => "check `dbname` of the target, or create the database",
        "3F000" => "create the schema, or check its name",
        "42501" => "somebody who owns it has to `grant` the right to this user",
        "53100" => "make room on the server's disk, then run this again",
        "53400" | "54000" => "raise the limit that the message names, or make the query smaller",
        "53300" => "lower `--threads`, or raise `max_connections` of the server",
        "55P03" => "somebody else holds a lock on it: `select * from pg_locks` of the server tells who",
        "57014" => "raise `statement_timeout`, or make the query cheaper",
        "40001" | "40P01" => "another transaction was in the way; run this again",
        _ => return None,
    })
}

/// The 1-based line and column of a 1-based position in characters.
fn line_and_column(sql: &str, position: usize) -> (u32, u32) {
    let (mut line, mut column) = (1, 1);
    for letter in sql.chars().take(position.saturating_sub(1)) {
        if letter == '\n' {
            (line, column) = (line + 1, 1);
        } else {
            column += 1;
        }
    }
    (line, column)
}

fn kind(code: &str, message: &str) -> AdapterErrorKind {
    let name = || named(message);
    match code {
        "42601" | "42602" | "42622" => AdapterErrorKind::Syntax,
        "42703" => AdapterErrorKind::UnknownColumn { name: name() },
        "42P01" | "3F000" => AdapterErrorKind::UnknownRelation { name: name() },
        "42883" => AdapterErrorKind::UnknownFunction { name: name() },
        "42P03" | "42P04" | "42P05" | "42P06" | "42P07" | "42710" | "42723" => AdapterErrorKind::AlreadyExists,
        "42501" | "25006" => AdapterErrorKind::Permission,
        "57014" if message.contains("due to user request") => AdapterErrorKind::Cancelled,
        "40001" | "40P01" => AdapterErrorKind::Conflict,
        "55P03" | "55006" => AdapterErrorKind::Locked,
        "42P02" | "42804" | "42702" | "42725" | "42803" | "42P08" | "42P10" | "42P18" | "42846" | "42701" | "42704"
        | "42809" => AdapterErrorKind::Bind,
        "57P01" | "57P02" | "57P03" | "57P05" | "53300" | "3D000" => AdapterErrorKind::Connect,
        "53100" | "53200" | "53400" | "54000" => AdapterErrorKind::OutOfMemory,
        "0A000" => AdapterErrorKind::Unsupported,
        _ => match code.get(..2).unwrap_or_default() {
            "08" | "28" => AdapterErrorKind::Connect,
            "22" => AdapterErrorKind::Conversion,
            "23" => AdapterErrorKind::Constraint,
            "58" => AdapterErrorKind::Io,
            "XX" => AdapterErrorKind::Internal,
            _ => AdapterErrorKind::Sql,
        },
    }
}

/// What the message names: in quotes, or after the word that says what it is.
fn named(message: &str) -> String {
    if let Some(quoted) = message.split('"').nth(1) {
        return quoted.to_owned();
    }
    let after = ["column ", "function "].iter().find_map(|word| message.strip_prefix(word));
    let name = after.and_then(|rest| rest.split(" does not exist").next()).unwrap_or_default();
    let name = name.split('(').next().unwrap_or_default();
    name.rsplit('.').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters() {
        assert_eq!(line_and_column("é,\nab", 5), (2, 2));
        assert_eq!(line_and_column("", 1), (1, 1));
    }

    #[test]
    fn names_are_found() {
        assert_eq!(named("column t.amuont does not exist"), "amuont");
        assert_eq!(named("column \"amuont\" does not exist"), "amuont");
        assert_eq!(named("function f(integer) does not exist"), "f");
        assert_eq!(named("relation \"a.b\" does not exist"), "a.b");
    }
}
