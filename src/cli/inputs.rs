//! `--empty`, `--sample`, `--event-time-start`, `--event-time-end`: what a run takes of its inputs.

use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use crate::cli::global::{env, flag};
use crate::config::yaml;
use crate::diagnostic::Diagnostic;
use crate::inputs::{Inputs, Window, back_from, moment, shown};
use crate::source::SourceMap;

/// Whether inputs are read at all.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct EmptyArgs {
    /// Read no rows of `ref` and `source`: builds every relation empty
    #[arg(long, overrides_with = "no_empty")]
    empty: bool,
    #[arg(long, hide = true)]
    no_empty: bool,
}

impl EmptyArgs {
    /// Whether they are not.
    pub fn is_empty(&self) -> bool {
        flag(self.empty, self.no_empty, "EMPTY")
    }
}

/// Which part of time is read and built.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct TimeArgs {
    /// Build the batches of microbatch models from here on, instead of the latest ones
    #[arg(long, value_name = "TIME")]
    event_time_start: Option<String>,
    /// … and up to here, instead of now
    #[arg(long, value_name = "TIME")]
    event_time_end: Option<String>,
    /// Read only what is this young of inputs with an `event_time`: '3 days', or '{start: 2024-01-01, end: 2024-02-01}'
    #[arg(long, value_name = "WINDOW")]
    sample: Option<String>,
}

impl TimeArgs {
    /// What they say.
    ///
    /// # Errors
    /// One is no moment or window.
    pub fn read(&self, empty: bool) -> Result<Inputs, Box<Diagnostic>> {
        let now = Timestamp::now();
        let start = time("--event-time-start", self.event_time_start.as_ref(), "EVENT_TIME_START")?;
        let end = time("--event-time-end", self.event_time_end.as_ref(), "EVENT_TIME_END")?;
        check(start, end)?;
        let sample = self.sample.clone().or_else(|| env("SAMPLE"));
        let sample = sample.map(|text| window(&text, now)).transpose().map_err(|why| {
            let hint = "write --sample '3 days', or --sample '{start: 2024-01-01, end: 2024-02-01}'";
            Box::new(Diagnostic::error("bad-event-time", format!("--sample: {why}")).hint(hint))
        })?;
        Ok(Inputs { empty, sample, start, end, now: None })
    }
}

impl Inputs {
    /// The settings as artifacts tell them, in the form of the options.
    pub fn recorded(&self) -> [(&'static str, Json); 4] {
        let form =
            |at: Timestamp| if at.subsec_nanosecond() == 0 { "%Y-%m-%dT%H:%M:%S" } else { "%Y-%m-%dT%H:%M:%S%.6f" };
        let at = |at: Timestamp| at.strftime(form(at)).to_string();
        let sample = |w: Window| json!({"start": at(w.start) + "+00:00", "end": at(w.end) + "+00:00"});
        [
            ("empty", Json::Bool(self.empty)),
            ("event_time_start", self.start.map(at).into()),
            ("event_time_end", self.end.map(at).into()),
            ("sample", self.sample.map(sample).into()),
        ]
    }

    /// The flags as templates see them.
    pub fn flags(&self) -> Map<String, Json> {
        let moment = |at: Option<Timestamp>| at.map(shown).into();
        Map::from_iter([
            ("EMPTY".to_owned(), Json::Bool(self.empty)),
            ("EVENT_TIME_START".to_owned(), moment(self.start)),
            ("EVENT_TIME_END".to_owned(), moment(self.end)),
            ("SAMPLE".to_owned(), self.sample.map(|w| format!("{} to {}", shown(w.start), shown(w.end))).into()),
        ])
    }
}

fn time(option: &str, own: Option<&String>, name: &str) -> Result<Option<Timestamp>, Box<Diagnostic>> {
    let Some(text) = own.cloned().or_else(|| env(name)) else { return Ok(None) };
    moment(&text).map(Some).ok_or_else(|| {
        Box::new(
            Diagnostic::error("bad-event-time", format!("{option} is `{text}`, which is no moment"))
                .hint("write a date or a date and a time, in UTC: 2024-09-01 or 2024-09-01T12:30:00"),
        )
    })
}

/// A start needs an end, which is later.
fn check(start: Option<Timestamp>, end: Option<Timestamp>) -> Result<(), Box<Diagnostic>> {
    let fail = |message: &str| Err(Box::new(Diagnostic::error("bad-event-time", message)));
    match (start, end) {
        (Some(start), Some(end)) if start >= end => fail("--event-time-start has to lie before --event-time-end"),
        (None, Some(_)) => fail("--event-time-end needs an --event-time-start"),
        (Some(_), None) => fail("--event-time-start needs an --event-time-end"),
        _ => Ok(()),
    }
}

fn window(text: &str, now: Timestamp) -> Result<Window, String> {
    if !text.trim_start().starts_with('{') {
        return back_from(now, text);
    }
    let mut sources = SourceMap::default();
    let id = sources.add("--sample", text);
    let value = yaml::parse(id, sources.get(id)).map_err(|problem| problem.message)?;
    let map = value.as_ref().and_then(|value| value.as_mapping()).map(yaml::map_to_json).unwrap_or_default();
    let part = |key: &str| {
        let text = map.get(key).and_then(Json::as_str).ok_or_else(|| format!("`{key}` is missing"))?;
        moment(text).ok_or_else(|| format!("`{text}` is no moment"))
    };
    Ok(Window { start: part("start")?, end: part("end")? })
}
