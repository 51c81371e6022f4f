//! What is wrong with a text that is no YAML, in words and with places.

use crate::diagnostic::Diagnostic;
use crate::source::{SourceFile, SourceId, Span};

/// The diagnostic for a text that stops being YAML somewhere.
pub(super) fn error(id: SourceId, file: &SourceFile, error: &dbt_yaml::Error) -> Diagnostic {
    let text = error.display_no_mark().to_string();
    let (problem, context) = match text.split_once(", while ") {
        Some((problem, context)) => (problem, Some(context)),
        None => (text.as_str(), None),
    };
    let (problem, place) = split_place(problem);
    let place = place.or_else(|| error.location().map(|mark| (mark.line, mark.column)));
    let context = context.map(split_place);
    let is_key = context.is_some_and(|(what, _)| what.contains("simple key"));
    let span = |(line, column)| span(id, file, line, column);
    let name = file.path.display();
    let tab = place.is_some_and(|(line, _)| {
        let (start, end) = file.line_range(line);
        file.text[start..end].trim_start_matches(' ').starts_with('\t')
    });
    let context = context.filter(|_| !tab);
    let mut diagnostic = Diagnostic::error("yaml-syntax", format!("{name} is not valid YAML: {}", words(problem)));
    match (is_key, context) {
        (true, Some((_, at))) => diagnostic = diagnostic.at(at.map(span), "this is read as a key"),
        (_, context) => {
            diagnostic = diagnostic.at(place.map(span), "");
            if let Some((what, Some(start))) = context.filter(|(_, start)| start.map(|s| s.0) != place.map(|p| p.0)) {
                let first = span(start);
                diagnostic =
                    diagnostic.at(Span { end: first.start, ..first }, format!("in {} that starts here", noun(what)));
            }
        }
    }
    diagnostic.hint(hint(problem, context.map_or("", |(what, _)| what), tab))
}

/// `found character … at line 3 column 4` → the words and the place.
fn split_place(text: &str) -> (&str, Option<(usize, usize)>) {
    let place = text.rsplit_once(" at line ").and_then(|(words, place)| {
        let (line, column) = place.split_once(" column ")?;
        Some((words, (line.parse().ok()?, column.parse().ok()?)))
    });
    match place {
        Some((words, place)) => (words, Some(place)),
        None => (text, None),
    }
}

/// From a line and column (from 1, in characters) to the end of the line.
fn span(id: SourceId, file: &SourceFile, line: usize, column: usize) -> Span {
    let (start, end) = file.line_range(line);
    let skipped: usize = file.text[start..end].chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
    Span::new(id, start + skipped, end)
}

fn words(problem: &str) -> &str {
    match problem {
        "could not find expected ':'" => "a key has no `:` after it",
        "mapping values are not allowed in this context" => "there is a `:` where no key can be",
        "did not find expected key" => "here should be a key, or the end of what was begun",
        "found unexpected end of stream" => "the text ends too early",
        other => other,
    }
}

/// `parsing a flow sequence` → `a list`.
fn noun(context: &str) -> &str {
    match context {
        "parsing a flow sequence" | "parsing a block collection" => "a list",
        "parsing a flow mapping" | "parsing a block mapping" => "a mapping",
        "scanning a quoted scalar" => "a quoted text",
        "scanning a plain scalar" => "a text",
        other => other.split_once(' ').map_or(other, |(_, what)| what),
    }
}

fn hint(problem: &str, context: &str, tab: bool) -> &'static str {
    if tab || problem.contains("tab character") {
        "YAML is indented with spaces, not tabs"
    } else if problem.contains("cannot start any token") {
        "quote a text that starts with `@`, `%` or a backtick"
    } else if problem.contains("mapping values are not allowed") {
        "quote a text that holds `: `, or correct the indentation"
    } else if context.contains("quoted scalar") {
        "close the text with the quote that it starts with"
    } else if context.contains("flow sequence") {
        "close the list with `]`; quote a text that starts with `[`"
    } else if context.contains("flow mapping") {
        "close the mapping with `}`; quote a template: \"{{ … }}\""
    } else if context.contains("simple key") {
        "write `key: value`; the lines of a longer text are indented below its key"
    } else if context.contains("block") {
        "what belongs together starts in the same column: check the indentation"
    } else {
        "check the indentation, and quote a text that starts with `{`, `[`, `*` or `&`, or holds `: `"
    }
}
