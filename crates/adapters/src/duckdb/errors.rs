//! DuckDB's errors, read into [`AdapterError`]s.
//!
//! Connections are opened with `errors_as_json`, so an error arrives as its class followed by a JSON object with
//! the message, the byte position in the sent SQL, the missing name and the candidates. Errors which arise
//! before that setting holds, and those of sessions which turned it off, are plain text with a source excerpt.

use serde_json::Value;

use crate::{AdapterError, AdapterErrorKind};

/// Reads an error of the driver. `sql` is what was sent, for the line of the position.
pub(super) fn from_driver(error: &duckdb::Error, sql: &str) -> AdapterError {
    match error {
        duckdb::Error::DuckDBFailure(_, Some(text)) => from_text(text, sql),
        duckdb::Error::NulError(_) => AdapterError::new(AdapterErrorKind::Syntax, "the SQL contains a NUL character"),
        duckdb::Error::FromSqlConversionFailure(_, _, reason) => {
            AdapterError::new(AdapterErrorKind::Unsupported, reason.to_string())
        }
        other => AdapterError::new(AdapterErrorKind::Internal, other.to_string()),
    }
}

/// Reads an error's text.
pub(super) fn from_text(text: &str, sql: &str) -> AdapterError {
    let (class, rest) = split_class(text);
    let json = rest.find('{').and_then(|start| serde_json::from_str::<Value>(&rest[start..]).ok());
    let mut error = match json {
        Some(json) if json.get("exception_message").is_some() => from_json(class, &json, sql),
        _ => from_plain(class, rest),
    };
    move_suggestions(&mut error);
    error.kind = refine_kind(error.kind, &error.message);
    if error.message.is_empty() {
        error.message = "the engine gave no reason".to_owned();
    }
    error
}

/// Splits `Binder Error: …` into its class and the rest. The class has at most a few words of letters.
fn split_class(text: &str) -> (Option<&str>, &str) {
    match text.split_once(": ") {
        Some((class, rest))
            if class.len() < 40
                && class.ends_with("rror")
                && class.chars().all(|letter| letter.is_ascii_alphabetic() || letter == ' ') =>
        {
            (Some(class), rest)
        }
        _ => (None, text),
    }
}

fn from_json(class: Option<&str>, json: &Value, sql: &str) -> AdapterError {
    let text = |key: &str| json.get(key).and_then(Value::as_str).unwrap_or_default();
    let class_name = match class {
        Some(class) => class.to_owned(),
        None => format!("{} Error", text("exception_type")),
    };
    let kind = kind_of(&class_name, text("error_subtype"), text("type"), text("name"));
    let mut error = AdapterError::new(kind, text("exception_message").trim());
    if let Some((line, column)) = text("position").parse().ok().and_then(|byte| line_and_column(sql, byte)) {
        error.line = Some(line);
        error.column = Some(column);
    }
    if error.message.lines().count() > 1 && text("candidates").len() < 200 {
        error.candidates = split_candidates(text("candidates"));
    }
    error
}

fn from_plain(class: Option<&str>, rest: &str) -> AdapterError {
    let kind = kind_of(class.unwrap_or_default(), "", "", "");
    let (message, excerpt) = match rest.find("\nLINE ") {
        Some(start) => (&rest[..start], Some(&rest[start + "\nLINE ".len()..])),
        None => (rest, None),
    };
    let mut error = AdapterError::new(kind, message.trim());
    error.line = excerpt.and_then(|excerpt| excerpt.split(':').next()?.parse().ok());
    error
}

/// The 1-based line and column (in characters) of a byte position.
fn line_and_column(sql: &str, byte: usize) -> Option<(u32, u32)> {
    let before = sql.get(..byte)?;
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.matches('\n').count() + 1;
    let column = before[line_start..].chars().count() + 1;
    Some((u32::try_from(line).ok()?, u32::try_from(column).ok()?))
}

fn kind_of(class: &str, subtype: &str, missing_type: &str, name: &str) -> AdapterErrorKind {
    let name = || name.to_owned();
    match (class, subtype) {
        (_, "COLUMN_NOT_FOUND") => AdapterErrorKind::UnknownColumn { name: name() },
        (_, "ENTRY_ALREADY_EXISTS") => AdapterErrorKind::AlreadyExists,
        (_, "MISSING_ENTRY") if missing_type.ends_with("Function") || missing_type.contains("Macro") => {
            AdapterErrorKind::UnknownFunction { name: name() }
        }
        (_, "MISSING_ENTRY") if matches!(missing_type, "Table" | "View" | "Schema" | "Database") => {
            AdapterErrorKind::UnknownRelation { name: name() }
        }
        ("Parser Error" | "Syntax Error", _) => AdapterErrorKind::Syntax,
        ("Binder Error" | "Parameter Not Resolved Error" | "Parameter Not Allowed Error", _) => AdapterErrorKind::Bind,
        ("Conversion Error" | "Out of Range Error" | "Mismatch Type Error" | "Cardinality Error", _) => {
            AdapterErrorKind::Conversion
        }
        ("Constraint Error", _) => AdapterErrorKind::Constraint,
        ("TransactionContext Error" | "Transaction Error", _) => AdapterErrorKind::Conflict,
        ("Interrupt Error" | "INTERRUPT Error", _) => AdapterErrorKind::Cancelled,
        ("Permission Error", _) => AdapterErrorKind::Permission,
        ("Out of Memory Error", _) => AdapterErrorKind::OutOfMemory,
        ("IO Error" | "HTTP Error", _) => AdapterErrorKind::Io,
        ("Not implemented Error", _) => AdapterErrorKind::Unsupported,
        ("INTERNAL Error" | "FATAL Error", _) => AdapterErrorKind::Internal,
        ("Missing Extension Error" | "Extension Autoloading Error", _) => AdapterErrorKind::Extension,
        ("Invalid Configuration Error", _) => AdapterErrorKind::Config,
        _ => AdapterErrorKind::Sql,
    }
}

/// Kinds which only the wording tells apart.
fn refine_kind(kind: AdapterErrorKind, message: &str) -> AdapterErrorKind {
    let first = message.lines().next().unwrap_or_default();
    match kind {
        AdapterErrorKind::Bind => refine_bind(first),
        AdapterErrorKind::Sql if first.starts_with("Table with name ") && first.contains(" does not exist") => {
            let name = first.trim_start_matches("Table with name ").split(" does not exist").next();
            AdapterErrorKind::UnknownRelation { name: name.unwrap_or_default().trim_matches('"').to_owned() }
        }
        AdapterErrorKind::Sql if first.starts_with("SET schema: No catalog + schema named") => {
            AdapterErrorKind::UnknownRelation { name: quoted(first) }
        }
        AdapterErrorKind::Sql if first.starts_with("Existing object ") => AdapterErrorKind::AlreadyExists,
        AdapterErrorKind::Sql if first.starts_with("Could not parse ") || first.starts_with("Could not convert ") => {
            AdapterErrorKind::Conversion
        }
        AdapterErrorKind::Sql if first.contains("write-write conflict") => AdapterErrorKind::Conflict,
        AdapterErrorKind::Sql if first.contains("read-only mode") => AdapterErrorKind::Permission,
        AdapterErrorKind::Sql if first.starts_with("unrecognized configuration parameter") => AdapterErrorKind::Config,
        AdapterErrorKind::Io if first.starts_with("Could not set lock on file") => AdapterErrorKind::Locked,
        AdapterErrorKind::Io if first.starts_with("Extension ") || first.contains("ownload extension") => {
            AdapterErrorKind::Extension
        }
        other => other,
    }
}

/// The binder names what is missing only in its sentences.
fn refine_bind(first: &str) -> AdapterErrorKind {
    let starts = |start: &str| first.starts_with(start);
    if first.contains("does not have a column") {
        AdapterErrorKind::UnknownColumn { name: last_quoted(first) }
    } else if starts("Referenced column ") || (starts("Column \"") && first.contains("not ")) {
        AdapterErrorKind::UnknownColumn { name: quoted(first) }
    } else if starts("Referenced table ") || (starts("Catalog ") && first.contains("does not exist")) {
        AdapterErrorKind::UnknownRelation { name: quoted(first) }
    } else {
        AdapterErrorKind::Bind
    }
}

/// The first text between double quotes.
fn quoted(text: &str) -> String {
    text.split('"').nth(1).unwrap_or_default().to_owned()
}

/// The last text between double quotes.
fn last_quoted(text: &str) -> String {
    text.rsplit('"').nth(1).unwrap_or_default().to_owned()
}

/// Takes the lines with suggestions out of the message and keeps the names in them.
fn move_suggestions(error: &mut AdapterError) {
    const PREFIXES: [&str; 5] =
        ["Candidate bindings:", "Candidate tables:", "Candidate Entries:", "Did you mean", "Candidate extensions:"];
    let mut kept = Vec::new();
    let mut lines = error.message.lines();
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if trimmed == "Candidate functions:" || trimmed == "Candidate macros:" {
            let signatures = lines.by_ref().take_while(|line| line.starts_with('\t'));
            error.candidates.extend(signatures.map(|line| line.trim().to_owned()).take(MOST_SIGNATURES));
            break;
        } else if PREFIXES.iter().any(|prefix| trimmed.starts_with(prefix)) {
            for name in line.split('"').skip(1).step_by(2) {
                push_new(&mut error.candidates, name);
            }
        } else {
            kept.push(line);
        }
    }
    error.message = kept.join("\n").trim().to_owned();
}

/// An operator can have dozens of signatures; nobody reads that many.
const MOST_SIGNATURES: usize = 8;

fn split_candidates(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for name in text.split(", ").flat_map(|part| part.split(',')).filter(|name| !name.is_empty()) {
        push_new(&mut names, name);
    }
    names
}

fn push_new(names: &mut Vec<String>, name: &str) {
    if !names.iter().any(|known| known == name) {
        names.push(name.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_errors_keep_position_and_candidates() {
        let text = r#"Binder Error: {"exception_type":"Binder","exception_message":"Referenced column \"b\" not found in FROM clause!\nCandidate bindings: \"a\"","candidates":"a","position":"17","error_subtype":"COLUMN_NOT_FOUND","name":"b"}"#;
        let error = from_text(text, "select 1;\nselect b from t");
        assert_eq!(error.kind, AdapterErrorKind::UnknownColumn { name: "b".to_owned() });
        assert_eq!(error.message, "Referenced column \"b\" not found in FROM clause!");
        assert_eq!((error.line, error.column), (Some(2), Some(8)));
        assert_eq!(error.candidates, ["a"]);
    }

    #[test]
    fn plain_errors_keep_line_and_candidates() {
        let text =
            "Catalog Error: Table with name tt does not exist!\nDid you mean \"t\"?\n\nLINE 3: from tt\n             ^";
        let error = from_text(text, "");
        assert_eq!(error.kind, AdapterErrorKind::UnknownRelation { name: "tt".to_owned() });
        assert_eq!(error.message, "Table with name tt does not exist!");
        assert_eq!(error.line, Some(3));
        assert_eq!(error.candidates, ["t"]);
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(line_and_column("é = x", 5), Some((1, 5)));
        assert_eq!(line_and_column("a", 9), None);
    }
}
