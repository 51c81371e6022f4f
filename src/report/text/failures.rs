//! The end of a run: what went wrong and where, how to look into it, and the totals.

use super::{About, Line, Style, Tone, kind, stats};
use crate::diagnostic::Diagnostic;
use crate::node::{Node, ResourceType};
use crate::report::artifacts::compiled_path;
use crate::report::event::{Context, Level};
use crate::report::result::{NodeResult, RunReport, Status};
use crate::source::SourceMap;

/// All that is said at the end.
pub(super) fn run_finished<'a>(
    report: &'a RunReport,
    context: Context<'a>,
    style: &Style,
    cancelled: bool,
) -> Vec<Line<'a>> {
    let mut lines = vec![
        Line::blank(Level::Info),
        Line::new(kind::FINISHED, Level::Info, stats::finished(report, context.graph), About::Report { report }),
        Line::blank(Level::Info),
        summary(report, style, cancelled),
    ];
    for result in report.results.iter().filter(|result| result.status.is_failure()) {
        lines.extend(problem(result, context, style));
    }
    for result in report.results.iter().filter(|result| result.status == Status::Warn) {
        lines.extend(problem(result, context, style));
    }
    for result in &report.results {
        lines.extend(remarks(result, context, style));
    }
    lines.push(Line::blank(Level::Info));
    lines.push(totals(report));
    lines
}

/// A diagnostic, with excerpts of the files it points into.
pub(super) fn excerpt<'a>(diagnostic: &'a Diagnostic, sources: &'a SourceMap, style: &Style) -> Line<'a> {
    let level = if diagnostic.is_error() { Level::Error } else { Level::Warn };
    let text = diagnostic.render(sources, style.color, style.width);
    Line::new(kind::DIAGNOSTIC, level, text.trim_end_matches('\n'), About::Diagnostic(diagnostic, sources))
}

/// `Completed with 1 error, 0 partial successes, and 0 warnings:`.
fn summary<'a>(report: &'a RunReport, style: &Style, cancelled: bool) -> Line<'a> {
    let counts = report.counts();
    let errors = counts.error - counts.partial;
    let warnings = counts.warn + report.results.iter().map(|result| result.warnings.len()).sum::<usize>();
    let partly = match counts.partial {
        1 => "1 partial success".to_owned(),
        n => format!("{n} partial successes"),
    };
    let warned = stats::plural(warnings, "warning");
    let (tone, text) = if cancelled {
        (Tone::Yellow, "Exited because of keyboard interrupt".to_owned())
    } else if errors > 0 {
        (Tone::Red, format!("Completed with {}, {partly}, and {warned}:", stats::plural(errors, "error")))
    } else if counts.partial > 0 {
        (Tone::Yellow, format!("Completed with {partly} and {warned}"))
    } else if warnings > 0 {
        (Tone::Yellow, format!("Completed with {warned}:"))
    } else {
        (Tone::Green, "Completed successfully".to_owned())
    };
    Line::new(kind::SUMMARY, Level::Info, style.paint(tone, &text), About::Report { report })
}

/// `Done. PASS=5 WARN=0 ERROR=1 SKIP=2 NO-OP=0 TOTAL=8`.
fn totals(report: &RunReport) -> Line<'static> {
    let counts = report.counts();
    let text = format!(
        "Done. PASS={} WARN={} ERROR={} SKIP={} NO-OP={} TOTAL={}",
        counts.pass, counts.warn, counts.error, counts.skip, counts.noop, counts.total
    );
    Line::new(kind::STATS, Level::Info, text, About::Counts(counts))
}

/// One failed or warning node: what, where, and how to look into it.
fn problem<'a>(result: &'a NodeResult, context: Context<'a>, style: &Style) -> Vec<Line<'a>> {
    let node = context.graph.get(&result.unique_id);
    let warns = result.status == Status::Warn;
    let (level, tone, word) =
        if warns { (Level::Warn, Tone::Yellow, "Warning") } else { (Level::Error, Tone::Red, "Failure") };
    let about = node.map_or(About::Nothing, |node| about(node, result));
    let title = format!("{word} in {}", place(node, result, context.sources));
    let title_kind = if warns { kind::WARNING } else { kind::FAILURE };
    let mut lines = vec![Line::blank(level), Line::new(title_kind, level, style.paint(tone, &title), about)];
    if let Some(message) = message(result).map(|text| marked(&text, node, style)) {
        let kind = if warns { kind::WARNING_TEXT } else { kind::ERROR_TEXT };
        lines.push(Line::new(kind, level, message, about));
    }
    if let Some(diagnostic) = &result.diagnostic {
        lines.push(Line { level, ..excerpt(diagnostic, context.sources, style) });
    }
    if let Some(node) = node {
        lines.extend(ways_on(node, result, context.target, level));
    }
    lines
}

/// What a node's result says in plain words; what its diagnostic says anyway is left to that.
fn message(result: &NodeResult) -> Option<String> {
    match (&result.message, &result.diagnostic) {
        (Some(_), Some(_)) if !matches!(result.status, Status::Fail | Status::Warn) => None,
        (Some(message), _) => Some(format!("  {message}")),
        (None, Some(_)) => None,
        (None, None) => Some(format!("  Status: {}", result.status.as_str())),
    }
}

/// The rows of a unit test in the colours of what they are, all lines below the first at its depth.
fn marked(text: &str, node: Option<&Node>, style: &Style) -> String {
    if node.and_then(Node::unit_test).is_none() {
        return text.to_owned();
    }
    let line = |line: &str| {
        let tone = match line.split(' ').next() {
            Some("+++") => Tone::Green,
            Some("---") => Tone::Red,
            Some("→") => Tone::Yellow,
            _ => Tone::Plain,
        };
        if line.is_empty() { String::new() } else { format!("  {}", style.paint(tone, line)) }
    };
    text.trim_start().lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Where its SQL is, and where the rows are that a test found.
fn ways_on<'a>(node: &'a Node, result: &'a NodeResult, target: &str, level: Level) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    if result.compiled {
        let text = format!("  compiled code at {}", compiled_path(node, target));
        lines.push(Line::blank(level));
        lines.push(Line::new(kind::COMPILED_PATH, level, text, about(node, result)));
    }
    if node.resource_type == ResourceType::Test && matches!(result.status, Status::Fail | Status::Warn) {
        let text = format!("  see the rows: {}", rows_of(node, result));
        lines.push(Line::new(kind::SEE_ROWS, level, text, about(node, result)));
    }
    lines
}

/// A data test has a relation only where its failures are stored.
fn rows_of(node: &Node, result: &NodeResult) -> String {
    match result.relation_name.as_deref().or(node.relation_name.as_deref()) {
        Some(relation) => format!("select * from {relation}"),
        None => format!("karat show --select {}", node.name),
    }
}

/// What is to be said about a node that went well.
fn remarks<'a>(result: &'a NodeResult, context: Context<'a>, style: &Style) -> Vec<Line<'a>> {
    let node = context.graph.get(&result.unique_id);
    let about = node.map_or(About::Nothing, |node| about(node, result));
    let mut lines = Vec::new();
    for warning in &result.warnings {
        let title = format!("Warning in {}", place(node, result, context.sources));
        lines.push(Line::blank(Level::Warn));
        lines.push(Line::new(kind::WARNING, Level::Warn, style.paint(Tone::Yellow, &title), about));
        lines.push(excerpt(warning, context.sources, style));
    }
    lines
}

fn about<'a>(node: &'a Node, result: &'a NodeResult) -> About<'a> {
    About::Node { position: None, node, result: Some(result), thread: 0 }
}

/// `test unique_orders_id (models/schema.yml:12)`.
fn place(node: Option<&Node>, result: &NodeResult, sources: &SourceMap) -> String {
    let Some(node) = node else { return result.unique_id.clone() };
    let line = line_of(node, sources).map(|line| format!(":{line}")).unwrap_or_default();
    format!("{} ({}{line})", node.label(), node.file)
}

/// The line on which a node is declared, where a file declares several.
fn line_of(node: &Node, sources: &SourceMap) -> Option<usize> {
    let declared = node.generic_test().and_then(|test| test.span);
    let own = || (node.source_table().is_some() || node.unit_test().is_some()).then_some(node.patch_span).flatten();
    let span = declared.or_else(own)?;
    Some(sources.position(span.source, span.start).0)
}
