//! From what the engine rejected to the line of the template that it came from.

use karat_adapters::{AdapterError, AdapterErrorKind};

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::node::Node;
use crate::source::Span;

/// The diagnostic for a statement that the engine rejected. `sent` is the statement, `compiled` where the node's SQL
/// can be read.
pub fn engine_error(node: &Node, error: &AdapterError, sent: &str, compiled: &str) -> Diagnostic {
    let (code, message) = match &error.kind {
        AdapterErrorKind::UnknownColumn { name } if is_test_column(node, name) => (
            "unknown-test-column",
            format!("the data test `{}` tests the column `{name}`, which is not there", node.name),
        ),
        _ => ("engine-error", error.message.clone()),
    };
    let mut diagnostic = Diagnostic::error(code, message);
    let line = error.line.map(|l| l as usize).filter(|l| *l > 0);
    let text = line.and_then(|l| sent.lines().nth(l - 1));
    match (node.generic_test(), text.and_then(|t| find_line(node, t, error.column))) {
        (Some(test), _) => diagnostic = diagnostic.at(test.span, "declared here"),
        (None, Some(span)) => diagnostic = diagnostic.at(span, "here"),
        (None, None) => {
            let whole = node.span.map(|s| Span { end: s.start, ..s });
            diagnostic = diagnostic.at(whole, "in this file");
            if let Some(text) = text.filter(|t| !t.trim().is_empty()) {
                diagnostic = diagnostic.note(format!("in the compiled SQL: {}", text.trim()));
            }
        }
    }
    if !compiled.is_empty() {
        diagnostic = diagnostic.note(format!("compiled SQL: {compiled}"));
    }
    let wanted = match &error.kind {
        AdapterErrorKind::UnknownColumn { name } | AdapterErrorKind::UnknownRelation { name } => name.as_str(),
        _ => "",
    };
    let near = did_you_mean(wanted, error.candidates.iter().map(String::as_str)).or_else(|| candidates(error));
    diagnostic.maybe_hint(error.hint.clone()).maybe_hint(near)
}

fn candidates(error: &AdapterError) -> Option<String> {
    (!error.candidates.is_empty()).then(|| format!("there are: {}", error.candidates.join(", ")))
}

fn is_test_column(node: &Node, name: &str) -> bool {
    let column = node.generic_test().and_then(|t| t.column.as_deref());
    column.is_some_and(|c| c.eq_ignore_ascii_case(name.trim_matches('"')))
}

/// Where a line of the compiled SQL stands in the template, if exactly one line of it reads the same.
fn find_line(node: &Node, text: &str, column: Option<u32>) -> Option<Span> {
    let span = node.span?;
    let wanted = text.trim();
    if wanted.is_empty() {
        return None;
    }
    let mut offset = 0;
    let mut found = None;
    for line in node.raw_code.split_inclusive('\n') {
        if line.trim() == wanted {
            if found.is_some() {
                return None;
            }
            found = Some((offset, line));
        }
        offset += line.len();
    }
    let (start, line) = found?;
    let indent = line.len() - line.trim_start().len();
    let sent_indent = text.len() - text.trim_start().len();
    // The column counts characters of the line as it was sent, from 1.
    let skip = column.map_or(0, |c| (c as usize).saturating_sub(1).saturating_sub(sent_indent));
    let inner: usize = wanted.chars().take(skip).map(char::len_utf8).sum();
    let at = start + indent + inner.min(wanted.len().saturating_sub(1));
    let word: usize =
        node.raw_code[at..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').map(char::len_utf8).sum();
    let base = span.start as usize;
    Some(Span::new(span.source, base + at, base + at + word.max(1)))
}
