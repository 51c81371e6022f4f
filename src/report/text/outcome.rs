//! One node, in one line.

use super::{About, Kind, Line, Style, Tone, kind};
use crate::batches::is_microbatch;
use crate::node::{Detail, Node, ResourceType};
use crate::report::event::{BatchLine, Level, Position};
use crate::report::result::{NodeResult, Status};

/// `1 of 8 START view model main.x ..... [RUN]`.
pub(super) fn started(position: Position, node: &Node, style: &Style) -> String {
    style.status_line(position, &format!("START {}", description(node)), (Tone::Plain, "RUN"), None)
}

/// What a finished node's line says.
struct Outcome {
    kind: Kind,
    text: String,
    word: String,
    tone: Tone,
}

/// The line of a finished node.
pub(super) fn finished<'a>(position: Position, node: &'a Node, result: &'a NodeResult, style: &Style) -> Line<'a> {
    let outcome = match result.status {
        Status::Skipped => skipped(node, result),
        Status::NoOp => {
            let text = format!("NO-OP {}", description(node));
            Outcome { kind: kind::NO_OP, text, word: "NO-OP".into(), tone: Tone::Yellow }
        }
        _ => match node.resource_type {
            ResourceType::Test | ResourceType::UnitTest => tested(node, result),
            ResourceType::Source => checked(node, result),
            _ => built(node, result),
        },
    };
    let seconds = (result.status != Status::Skipped).then_some(result.execution_seconds);
    let text = style.status_line(position, &outcome.text, (outcome.tone, &outcome.word), seconds);
    Line::new(outcome.kind, level(result.status), text, about(position, node, result))
}

/// `Batch 1 of 3 START batch 2024-01-01 of main.x ..... [RUN]`.
pub(super) fn batch_started<'a>(line: BatchLine<'a>, style: &Style) -> Line<'a> {
    let text = format!("START batch {} of {}", line.batch, relation(line.node));
    let text = style.status_line(line.position, &text, (Tone::Plain, "RUN"), None);
    Line::new(kind::BATCH_START, Level::Info, format!("Batch {text}"), about_batch(line))
}

/// The line of a finished batch.
pub(super) fn batch<'a>(line: BatchLine<'a>, status: Status, seconds: f64, style: &Style) -> Line<'a> {
    let (verb, word, tone) = match status {
        Status::Success => ("OK created", "OK", Tone::Green),
        Status::Skipped => ("SKIP", "SKIP", Tone::Yellow),
        _ => ("ERROR creating", "ERROR", Tone::Red),
    };
    let text = format!("{verb} batch {} of {}", line.batch, relation(line.node));
    let seconds = (status != Status::Skipped).then_some(seconds);
    let text = style.status_line(line.position, &text, (tone, word), seconds);
    Line::new(kind::BATCH, level(status), format!("Batch {text}"), about_batch(line))
}

fn about_batch(line: BatchLine<'_>) -> About<'_> {
    About::Node { position: Some(line.position), node: line.node, result: None, thread: line.thread }
}

/// The line of a finished hook.
pub(super) fn hook<'a>(position: Position, node: &'a Node, result: &'a NodeResult, style: &Style) -> Line<'a> {
    let (word, tone) = match result.status {
        Status::Success | Status::Pass => ("OK", Tone::Green),
        Status::Skipped => ("SKIP", Tone::Yellow),
        _ => ("ERROR", Tone::Red),
    };
    let text = format!("{word} hook: {}", hook_name(node));
    let seconds = (result.status != Status::Skipped).then_some(result.execution_seconds);
    let text = style.status_line(position, &text, (tone, word), seconds);
    Line::new(kind::HOOK, level(result.status), text, about(position, node, result))
}

/// `shop.on-run-start.0`.
pub(in crate::report) fn hook_name(node: &Node) -> String {
    match node.detail {
        Detail::Hook { index, start } => {
            format!("{}.on-run-{}.{index}", node.package, if start { "start" } else { "end" })
        }
        _ => node.name.clone(),
    }
}

/// `view model main.x`, `seed file main.x`, `test x`.
pub(in crate::report) fn description(node: &Node) -> String {
    match node.resource_type {
        ResourceType::Model if is_microbatch(node) => format!("microbatch model {}", relation(node)),
        ResourceType::Model => format!("{} model {}", node.materialized(), relation(node)),
        ResourceType::Seed => format!("seed file {}", relation(node)),
        ResourceType::Snapshot => format!("snapshot {}", relation(node)),
        ResourceType::Function => format!("function {}", relation(node)),
        ResourceType::UnitTest => format!("unit_test {}", tested_name(node)),
        ResourceType::Source => format!("freshness of {}", node.display_name()),
        _ => node.label(),
    }
}

fn about<'a>(position: Position, node: &'a Node, result: &'a NodeResult) -> About<'a> {
    About::Node { position: Some(position), node, result: Some(result), thread: result.thread }
}

fn level(status: Status) -> Level {
    match status {
        Status::Warn | Status::PartialSuccess => Level::Warn,
        status if status.is_failure() => Level::Error,
        _ => Level::Info,
    }
}

fn relation(node: &Node) -> String {
    format!("{}.{}", node.schema, node.alias)
}

fn skipped(node: &Node, result: &NodeResult) -> Outcome {
    let mut text = match node.resource_type {
        kind if kind.is_refable() => format!("SKIP relation {}", relation(node)),
        _ => format!("SKIP {}", node.label()),
    };
    if let Some(because) = &result.skipped_because {
        text += &format!(" ({because})");
    }
    Outcome { kind: kind::SKIP, text, word: "SKIP".into(), tone: Tone::Yellow }
}

fn tested(node: &Node, result: &NodeResult) -> Outcome {
    let (word, tone) = match result.status {
        Status::Pass | Status::Success => ("PASS".to_owned(), Tone::Green),
        Status::Warn => (counted("WARN", result), Tone::Yellow),
        Status::Fail => (counted("FAIL", result), Tone::Red),
        _ => ("ERROR".to_owned(), Tone::Red),
    };
    Outcome { kind: kind::TEST, text: format!("{word} {}", tested_name(node)), word, tone }
}

/// The name of a data test; of a unit test, after that of its model.
fn tested_name(node: &Node) -> String {
    match node.unit_test() {
        Some(test) => format!("{}::{}", test.model, node.versioned_name()),
        None => node.name.clone(),
    }
}

/// `FAIL 3`.
fn counted(word: &str, result: &NodeResult) -> String {
    result.failures.map_or_else(|| word.to_owned(), |rows| format!("{word} {rows}"))
}

fn checked(node: &Node, result: &NodeResult) -> Outcome {
    let (word, tone) = match result.status {
        Status::Pass | Status::Success => ("PASS", Tone::Green),
        Status::Warn => ("WARN", Tone::Yellow),
        Status::RuntimeError => ("ERROR", Tone::Red),
        _ => ("ERROR STALE", Tone::Red),
    };
    Outcome { kind: kind::FRESHNESS, text: format!("{word} {}", description(node)), word: word.into(), tone }
}

fn built(node: &Node, result: &NodeResult) -> Outcome {
    let (kind, done, doing) = match node.resource_type {
        _ if result.cloned => (kind::NODE, " cloned", " cloning"),
        ResourceType::Model => (kind::MODEL, " created", " creating"),
        ResourceType::Seed => (kind::SEED, " loaded", " loading"),
        ResourceType::Snapshot => (kind::SNAPSHOT, " snapshotted", " snapshotting"),
        ResourceType::Function => (kind::FUNCTION, " created", " creating"),
        _ => (kind::NODE, "", ""),
    };
    let (verb, word, tone) = match result.status {
        Status::PartialSuccess => (format!("PARTIALLY{done}"), "PARTIAL SUCCESS".to_owned(), Tone::Yellow),
        status if status.is_failure() => (format!("ERROR{doing}"), "ERROR".to_owned(), Tone::Red),
        _ if node.resource_type == ResourceType::Operation => (format!("OK{done}"), "OK".to_owned(), Tone::Green),
        _ => (format!("OK{done}"), engine_word(result), Tone::Green),
    };
    let what = match node.resource_type {
        ResourceType::Snapshot => relation(node),
        _ if result.cloned => relation(node),
        _ => description(node),
    };
    Outcome { kind, text: format!("{verb} {what}"), word, tone }
}

/// The engine's word for what it did (`INSERT 3`), with the number of rows when only we know it.
fn engine_word(result: &NodeResult) -> String {
    let word = result.message.as_deref().filter(|m| !m.is_empty() && !m.contains('\n')).unwrap_or("OK");
    match result.rows {
        Some(rows) if !word.contains(|c: char| c.is_ascii_digit()) => {
            format!("{word}, {rows} {}", if rows == 1 { "row" } else { "rows" })
        }
        _ => word.to_owned(),
    }
}
