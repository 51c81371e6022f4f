//! Events in words, for people and for the JSON log alike.

mod failures;
mod outcome;
mod stats;
mod style;

pub use stats::{Inventory, found};

pub(super) use style::{Style, Tone};

use super::event::{Event, Level, Position};
use super::result::{Counts, NodeResult, RunReport};
use crate::diagnostic::Diagnostic;
use crate::node::Node;
use crate::source::SourceMap;

/// What sort of line it is: dbt's name and code of the event.
pub(super) type Kind = (&'static str, &'static str);

/// The kinds of lines, in dbt's words.
pub(super) mod kind {
    use super::Kind;

    pub const FOUND: Kind = ("FoundStats", "W006");
    pub const CONCURRENCY: Kind = ("ConcurrencyLine", "Q027");
    pub const START: Kind = ("LogStartLine", "Q011");
    pub const TEST: Kind = ("LogTestResult", "Q007");
    pub const NODE: Kind = ("LogNodeResult", "Q008");
    pub const MODEL: Kind = ("LogModelResult", "Q012");
    pub const SNAPSHOT: Kind = ("LogSnapshotResult", "Q015");
    pub const SEED: Kind = ("LogSeedResult", "Q016");
    pub const FRESHNESS: Kind = ("LogFreshnessResult", "Q018");
    pub const NO_OP: Kind = ("LogNodeNoOpResult", "Q019");
    pub const BATCH_START: Kind = ("LogStartBatch", "Q045");
    pub const BATCH: Kind = ("LogBatchResult", "Q046");
    pub const FUNCTION: Kind = ("LogFunctionResult", "Q047");
    pub const CANCEL: Kind = ("LogCancelLine", "Q022");
    pub const HOOK: Kind = ("LogHookEndLine", "Q033");
    pub const SKIP: Kind = ("SkippingDetails", "Q034");
    pub const FINISHED: Kind = ("FinishedRunningStats", "E047");
    pub const FORMATTING: Kind = ("Formatting", "Z017");
    pub const WARNING: Kind = ("RunResultWarning", "Z021");
    pub const FAILURE: Kind = ("RunResultFailure", "Z022");
    pub const STATS: Kind = ("StatsLine", "Z023");
    pub const ERROR_TEXT: Kind = ("RunResultError", "Z024");
    pub const WARNING_TEXT: Kind = ("RunResultWarningMessage", "Z046");
    pub const COMPILED_PATH: Kind = ("SQLCompiledPath", "Z026");
    pub const SEE_ROWS: Kind = ("CheckNodeTestFailure", "Z027");
    pub const SUMMARY: Kind = ("EndOfRunSummary", "Z030");
    pub const NOTE: Kind = ("Note", "Z050");
    pub const DIAGNOSTIC: Kind = ("Diagnostic", "");
}

/// What a line is about; the JSON log's `data` is made from it.
#[derive(Clone, Copy)]
pub(super) enum About<'a> {
    Nothing,
    Run { threads: usize, target: &'a str, total: usize },
    Node { position: Option<Position>, node: &'a Node, result: Option<&'a NodeResult>, thread: usize },
    Report { report: &'a RunReport },
    Counts(Counts),
    Diagnostic(&'a Diagnostic, &'a SourceMap),
}

/// One thing said.
pub(super) struct Line<'a> {
    pub kind: Kind,
    pub level: Level,
    /// May hold line breaks, and colours where the style asks for them.
    pub text: String,
    pub about: About<'a>,
}

impl<'a> Line<'a> {
    fn new(kind: Kind, level: Level, text: impl Into<String>, about: About<'a>) -> Self {
        Self { kind, level, text: text.into(), about }
    }

    /// An empty line before something of this level.
    fn blank(level: Level) -> Self {
        Self::new(kind::FORMATTING, level, "", About::Nothing)
    }

    /// Whether it is an excerpt that stands without the time before it.
    pub fn is_excerpt(&self) -> bool {
        matches!(self.about, About::Diagnostic(..))
    }
}

/// What there is to say about an event. `cancelled` is whether the user asked to stop before.
pub(super) fn lines<'a>(event: &Event<'a>, style: &Style, cancelled: bool) -> Vec<Line<'a>> {
    match *event {
        Event::RunStarted { found, threads, target, total } => run_started(found, threads, target, total),
        Event::NodeStarted { position, node, thread } => {
            let about = About::Node { position: Some(position), node, result: None, thread };
            vec![Line::new(kind::START, Level::Info, outcome::started(position, node, style), about)]
        }
        Event::NodeFinished { position, node, result } => {
            let notes = result.notes.iter().map(|note| Line::new(kind::NOTE, Level::Info, note, About::Nothing));
            [outcome::finished(position, node, result, style)].into_iter().chain(notes).collect()
        }
        Event::BatchStarted { line } => vec![outcome::batch_started(line, style)],
        Event::BatchFinished { line, status, seconds } => vec![outcome::batch(line, status, seconds, style)],
        Event::HookFinished { position, node, result } => vec![outcome::hook(position, node, result, style)],
        Event::Message(level, text) => vec![Line::new(kind::NOTE, level, text, About::Nothing)],
        Event::Diagnostic(diagnostic, sources) => vec![failures::excerpt(diagnostic, sources, style)],
        Event::Cancelled => {
            let text = style.paint(Tone::Yellow, "Stopping: running queries are being cancelled");
            vec![Line::new(kind::CANCEL, Level::Error, text, About::Nothing)]
        }
        Event::RunFinished { report, context } => failures::run_finished(report, context, style, cancelled),
    }
}

fn run_started<'a>(found: &str, threads: usize, target: &'a str, total: usize) -> Vec<Line<'a>> {
    let about = About::Run { threads, target, total };
    let concurrency = format!("Concurrency: {} (target='{target}')", stats::plural(threads, "thread"));
    vec![
        Line::new(kind::FOUND, Level::Info, format!("Found {found}"), about),
        Line::blank(Level::Info),
        Line::new(kind::CONCURRENCY, Level::Info, concurrency, about),
        Line::blank(Level::Info),
    ]
}
