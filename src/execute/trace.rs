//! From what the engine rejected to the line of the template that it came from.

use karat_adapters::{AdapterError, AdapterErrorKind};

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::node::{Node, ResourceType};
use crate::source::Span;

/// The diagnostic for a statement that the engine rejected. `sent` is the statement, `compiled` where the node's SQL
/// can be read, `inlined` the ephemeral models that are part of it.
pub fn engine_error(node: &Node, error: &AdapterError, sent: &str, compiled: &str, inlined: &[&Node]) -> Diagnostic {
    let mut diagnostic = message(node, error);
    let line = error.line.map(|line| line as usize).filter(|line| *line > 0);
    let text = line.and_then(|line| sent.lines().nth(line - 1)).map(str::trim).filter(|text| !text.is_empty());
    let found = line.and_then(|line| origin(node, sent, line - 1, error.column));
    let in_inlined = || {
        let line = line? - 1;
        inlined.iter().find_map(|inner| Some((*inner, exact(inner, sent, line, error.column)?)))
    };
    match (node.generic_test(), found) {
        (Some(test), _) if diagnostic.code == "unknown-test-column" => {
            diagnostic = diagnostic.at(test.column_span.or(test.span), "");
        }
        (Some(test), _) => diagnostic = with_line(diagnostic.at(test.span, "declared here"), text),
        (None, Some((span, label))) => diagnostic = diagnostic.at(span, label),
        (None, None) => match in_inlined() {
            Some((inner, span)) => {
                diagnostic = diagnostic.at(span, format!("`{}` is a part of `{}`", inner.name, node.name))
            }
            None if node.span.is_some() => {
                diagnostic = with_line(diagnostic.at(node.start(), "in the SQL of this file"), text);
            }
            None => {}
        },
    }
    if !compiled.is_empty() {
        diagnostic = diagnostic.note(format!("compiled SQL: {compiled}"));
    }
    diagnostic.maybe_hint(error.hint.clone()).maybe_hint(near(error))
}

fn message(node: &Node, error: &AdapterError) -> Diagnostic {
    match &error.kind {
        AdapterErrorKind::UnknownColumn { name } if is_test_column(node, name) => Diagnostic::error(
            "unknown-test-column",
            format!("the data test `{}` tests the column `{name}`, which is not there", node.name),
        ),
        AdapterErrorKind::Conversion | AdapterErrorKind::Csv if node.resource_type == ResourceType::Seed => {
            let line = error.line.map(|line| format!("line {line}: ")).unwrap_or_default();
            Diagnostic::error("bad-seed", format!("{}: {line}{}", node.label(), error.message))
        }
        _ => Diagnostic::error("engine-error", error.message.clone()),
    }
}

fn with_line(diagnostic: Diagnostic, text: Option<&str>) -> Diagnostic {
    match text {
        Some(text) => diagnostic.note(format!("in this line of its SQL: {text}")),
        None => diagnostic,
    }
}

fn near(error: &AdapterError) -> Option<String> {
    let wanted = match &error.kind {
        AdapterErrorKind::UnknownColumn { name }
        | AdapterErrorKind::UnknownRelation { name }
        | AdapterErrorKind::UnknownFunction { name } => name.as_str(),
        _ => "",
    };
    let names = &error.candidates;
    did_you_mean(wanted, names.iter().map(String::as_str))
        .or_else(|| (!names.is_empty()).then(|| format!("the nearest: {}", names.join(", "))))
}

fn is_test_column(node: &Node, name: &str) -> bool {
    let column = node.generic_test().and_then(|t| t.column.as_deref());
    column.is_some_and(|c| c.eq_ignore_ascii_case(name.trim_matches('"')))
}

/// Where a line (from 0) of the statement came from in the template of a node, and what to say there.
fn origin(node: &Node, sent: &str, line: usize, column: Option<u32>) -> Option<(Span, &'static str)> {
    if let Some(span) = exact(node, sent, line, column) {
        return Some((span, "here"));
    }
    let span = node.span?;
    let text = sent.lines().nth(line)?.trim();
    let template: Vec<&str> = node.raw_code.lines().collect();
    let mapped = |at: &usize| line_of(&template, sent, *at);
    let count = sent.lines().count();
    let before = (0..line).rev().find_map(|at| mapped(&at));
    let after = (line + 1..count).find_map(|at| mapped(&at));
    if after.is_none() && text.starts_with(')') {
        return Some((Span { start: span.end, ..span }, "the query ends here"));
    }
    if before.is_none() && after.is_none() && template.len() > 1 {
        return substring(node, text, sent.lines().nth(line)?, column).map(|span| (span, "here"));
    }
    let from = before.map_or(0, |at| at + 1);
    let to = after.unwrap_or(template.len());
    let makes = |at: &usize| template[*at].contains("{{") && !template[*at].contains("{{ config(");
    let mut makers = (from..to.max(from)).filter(makes);
    match (makers.next(), makers.next()) {
        (Some(at), None) => Some((whole_line(node, span, at), "in the SQL that this makes")),
        _ => None,
    }
}

/// The line of the template that reads the same as a line of the statement, if that is certain: it stands as often
/// in the one as in the other.
fn line_of(template: &[&str], sent: &str, line: usize) -> Option<usize> {
    let wanted = sent.lines().nth(line)?.trim();
    if wanted.is_empty() {
        return None;
    }
    let same = |text: &&str| text.trim() == wanted;
    let earlier = sent.lines().take(line).filter(same).count();
    let all = sent.lines().filter(same).count();
    let mut places = template.iter().enumerate().filter(|(_, text)| same(text)).map(|(at, _)| at);
    (places.clone().count() == all).then(|| places.nth(earlier))?
}

/// The word that the engine means, where the line stands in the template as it was sent.
fn exact(node: &Node, sent: &str, line: usize, column: Option<u32>) -> Option<Span> {
    let template: Vec<&str> = node.raw_code.lines().collect();
    let at = line_of(&template, sent, line)?;
    let start = line_start(node, at);
    let indent = template[at].len() - template[at].trim_start().len();
    word(node, start + indent, template[at].trim(), sent.lines().nth(line)?, column)
}

/// The word that the engine means, where a text (a hook, say) stands once somewhere in the template.
fn substring(node: &Node, text: &str, sent: &str, column: Option<u32>) -> Option<Span> {
    let mut found = node.raw_code.match_indices(text);
    match (found.next(), found.next()) {
        (Some((at, _)), None) if text.len() > 3 => word(node, at, text, sent, column),
        _ => None,
    }
}

/// The word at a column (in characters of the line as it was sent, from 1) of a text that starts at byte `start`.
fn word(node: &Node, start: usize, text: &str, sent: &str, column: Option<u32>) -> Option<Span> {
    let span = node.span?;
    let sent_indent = sent.chars().take_while(|c| c.is_whitespace()).count();
    let skip = column.map_or(0, |c| (c as usize).saturating_sub(1).saturating_sub(sent_indent));
    let inner: usize = text.chars().take(skip).map(char::len_utf8).sum();
    let rest = &text[inner..];
    let length: usize = match column {
        Some(_) => rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').map(char::len_utf8).sum(),
        None => rest.len(),
    };
    let first = span.start as usize + start + inner;
    Some(Span::new(span.source, first, first + length.max(1)))
}

fn line_start(node: &Node, line: usize) -> usize {
    node.raw_code.split_inclusive('\n').take(line).map(str::len).sum()
}

fn whole_line(node: &Node, span: Span, line: usize) -> Span {
    let text = node.raw_code.lines().nth(line).unwrap_or_default();
    let start = span.start as usize + line_start(node, line) + text.len() - text.trim_start().len();
    Span::new(span.source, start, start + text.trim().len())
}
