//! The log as JSON: one object a line, shaped as dbt's.

use std::io::Write;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::artifacts::moment;
use super::event::{Event, Level, Position, Reporter};
use super::result::NodeResult;
use super::text::{About, Line, Style, lines};
use crate::diagnostic::Diagnostic;
use crate::node::Node;
use crate::secrets::Secrets;
use crate::source::SourceMap;

/// Writes every event as a JSON object.
pub struct JsonLog {
    level: Level,
    invocation_id: String,
    secrets: Secrets,
    now: fn() -> Timestamp,
    state: Mutex<State>,
}

struct State {
    out: Box<dyn Write + Send>,
    cancelled: bool,
}

impl JsonLog {
    /// Writes what is at least as important as `level` to `out`.
    pub fn new(out: Box<dyn Write + Send>, level: Level, invocation_id: impl Into<String>) -> Self {
        let state = Mutex::new(State { out, cancelled: false });
        let secrets = Secrets::of_environment();
        Self { level, invocation_id: invocation_id.into(), secrets, now: Timestamp::now, state }
    }

    /// Takes the time from another clock.
    #[must_use]
    pub fn with_clock(mut self, now: fn() -> Timestamp) -> Self {
        self.now = now;
        self
    }

    fn entry(&self, line: &Line<'_>) -> Json {
        let (name, code) = line.kind;
        let thread = match line.about {
            About::Node { thread, .. } if thread > 0 => format!("Thread-{thread} (worker)"),
            _ => "MainThread".to_owned(),
        };
        json!({
            "info": {
                "category": "",
                "code": code,
                "extra": {},
                "invocation_id": self.invocation_id,
                "level": line.level.as_str(),
                "msg": message(line),
                "name": name,
                "pid": std::process::id(),
                "thread": thread,
                "ts": moment((self.now)()),
            },
            "data": data(line),
        })
    }
}

impl Reporter for JsonLog {
    fn event(&self, event: &Event<'_>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.cancelled |= matches!(event, Event::Cancelled);
        let mut text = String::new();
        for line in lines(event, &Style::PLAIN, state.cancelled) {
            if line.level >= self.level && !line.text.is_empty() {
                let mut entry = self.entry(&line);
                self.secrets.scrub_json(&mut entry);
                text += &entry.to_string();
                text.push('\n');
            }
        }
        drop(state.out.write_all(text.as_bytes()).and_then(|()| state.out.flush()));
    }
}

/// In a log a diagnostic is plain text, without drawings.
fn message(line: &Line<'_>) -> String {
    match line.about {
        About::Diagnostic(diagnostic, sources) => diagnostic.plain(sources),
        _ => line.text.clone(),
    }
}

fn data(line: &Line<'_>) -> Json {
    match line.about {
        About::Nothing => json!({"msg": line.text}),
        About::Run { threads, target, total } => {
            json!({"msg": line.text, "num_threads": threads, "target_name": target, "node_count": total})
        }
        About::Node { position, node, result, .. } => node_data(position, node, result),
        About::Report { report } => {
            let counts = report.counts();
            json!({
                "execution_time": report.elapsed,
                "num_errors": counts.error - counts.partial,
                "num_partial_success": counts.partial,
                "num_warnings": counts.warn,
            })
        }
        About::Counts(c) => json!({"stats": {
            "pass": c.pass, "warn": c.warn, "error": c.error, "skip": c.skip, "noop": c.noop, "total": c.total,
        }}),
        About::Diagnostic(diagnostic, sources) => diagnostic_data(diagnostic, sources),
    }
}

fn node_data(position: Option<Position>, node: &Node, result: Option<&NodeResult>) -> Json {
    let mut data = Map::new();
    if let Some(Position { index, total }) = position {
        data.insert("index".to_owned(), index.into());
        data.insert("total".to_owned(), total.into());
    }
    if let Some(result) = result {
        data.insert("status".to_owned(), result.status.as_str().into());
        data.insert("execution_time".to_owned(), result.execution_seconds.into());
        data.insert("msg".to_owned(), result.message.as_deref().into());
        data.insert("num_failures".to_owned(), result.failures.into());
        data.insert("rows".to_owned(), result.rows.into());
        data.insert("skipped_because".to_owned(), result.skipped_because.as_deref().into());
    }
    data.insert("node_info".to_owned(), node_info(node, result));
    Json::Object(data)
}

/// dbt's `node_info`: what it is, where it is, how far it got.
fn node_info(node: &Node, result: Option<&NodeResult>) -> Json {
    let has_relation = !node.resource_type.is_reader();
    let at = |time: Option<Timestamp>| time.map(moment).unwrap_or_default();
    let started = result.and_then(|r| r.compile_started.or(r.execute_started));
    let finished = result.and_then(|r| r.execute_completed.or(r.compile_completed));
    json!({
        "unique_id": node.unique_id,
        "resource_type": node.resource_type.as_str(),
        "node_name": node.name,
        "node_path": node.path,
        "materialized": if has_relation { node.materialized() } else { "" },
        "node_status": result.map_or("started", |r| r.status.as_str()),
        "node_started_at": at(started),
        "node_finished_at": at(finished),
        "node_checksum": node.checksum,
        "meta": node.meta,
        "node_relation": {
            "database": node.database,
            "schema": node.schema,
            "alias": node.alias,
            "relation_name": node.relation_name,
        },
    })
}

fn diagnostic_data(diagnostic: &Diagnostic, sources: &SourceMap) -> Json {
    let place = |label: &crate::diagnostic::Label| {
        let (line, column) = sources.position(label.span.source, label.span.start);
        let path = sources.get(label.span.source).path.display().to_string();
        json!({"path": path, "line": line, "column": column, "text": label.text})
    };
    json!({
        "code": diagnostic.code,
        "message": diagnostic.message,
        "labels": diagnostic.labels.iter().map(place).collect::<Vec<_>>(),
        "hint": diagnostic.hint,
        "notes": diagnostic.all_notes(sources),
    })
}
