//! Batches of microbatch models: stretches of time that are built one by one.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::graph::Graph;
use crate::inputs::{Inputs, Window, moment, shown};
use crate::node::{Node, ResourceType};

/// How long a batch is: `batch_size`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// A month of the calendar.
    Month,
    /// A year of the calendar.
    Year,
}

impl Size {
    const ALL: [Self; 4] = [Self::Hour, Self::Day, Self::Month, Self::Year];

    fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// The start of the batch that a moment is in.
    fn floor(self, at: Timestamp) -> Timestamp {
        let civil = at.to_zoned(TimeZone::UTC).datetime();
        let (month, day, hour) = match self {
            Self::Hour => (civil.month(), civil.day(), civil.hour()),
            Self::Day => (civil.month(), civil.day(), 0),
            Self::Month => (civil.month(), 1, 0),
            Self::Year => (1, 1, 0),
        };
        utc(DateTime::constant(civil.year(), month, day, hour, 0, 0, 0)).unwrap_or(at)
    }

    /// The start of the batch that is so many after the one that a moment is in.
    fn step(self, at: Timestamp, count: i64) -> Timestamp {
        let start = self.floor(at).to_zoned(TimeZone::UTC).datetime();
        let span = match self {
            Self::Hour => count.hours(),
            Self::Day => count.days(),
            Self::Month => count.months(),
            Self::Year => count.years(),
        };
        start.checked_add(span).ok().and_then(utc).unwrap_or(at)
    }

    /// The start of the first batch that begins at a moment or after it.
    fn ceiling(self, at: Timestamp) -> Timestamp {
        let start = self.floor(at);
        if start == at { at } else { self.step(start, 1) }
    }

    /// The start of a batch as its name has it: `2024-09-17`.
    fn name(self, start: Timestamp) -> String {
        let format = match self {
            Self::Hour => "%Y-%m-%dT%H",
            Self::Day => "%Y-%m-%d",
            Self::Month => "%Y-%m",
            Self::Year => "%Y",
        };
        start.strftime(format).to_string()
    }
}

fn utc(civil: DateTime) -> Option<Timestamp> {
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// One batch of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// What it covers.
    pub window: Window,
    /// Its start, as files and messages name it.
    pub name: String,
}

impl Batch {
    fn new(window: Window, size: Size) -> Self {
        Self { window, name: size.name(window.start) }
    }

    /// The rows of the batch, by the column that tells when they happened.
    pub fn predicate(&self, column: &str) -> String {
        let (start, end) = (shown(self.window.start), shown(self.window.end));
        format!("{column} >= '{start}' and {column} < '{end}'")
    }
}

/// Whether a model is built in batches.
pub fn is_microbatch(node: &Node) -> bool {
    node.materialized() == "incremental" && node.config.str("incremental_strategy") == Some("microbatch")
}

/// What a microbatch model says of its batches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Settings {
    size: Size,
    begin: Timestamp,
    lookback: i64,
    concurrent: Option<bool>,
}

impl Settings {
    fn of(node: &Node) -> Result<Self, Diagnostic> {
        let fail = |message: &str| Diagnostic::error("bad-microbatch", format!("{}: {message}", node.label()));
        node.config.str("event_time").filter(|column| !column.is_empty()).ok_or_else(|| {
            fail("a microbatch model needs `event_time`").hint("name the column that tells when a row happened")
        })?;
        let size = node
            .config
            .get("batch_size")
            .ok_or_else(|| fail("a microbatch model needs `batch_size`").hint("it is hour, day, month or year"))?;
        let name = size.as_str().unwrap_or_default();
        let size = Size::ALL.into_iter().find(|one| one.as_str() == name).ok_or_else(|| {
            let hint = did_you_mean(name, Size::ALL.map(Size::as_str));
            fail(&format!("`batch_size` is {size}")).hint(hint.unwrap_or("it is hour, day, month or year".to_owned()))
        })?;
        let begin = node.config.get("begin").ok_or_else(|| {
            fail("a microbatch model needs `begin`").hint("give the date at which its first batch starts: 2024-01-01")
        })?;
        let begin = begin
            .as_str()
            .and_then(moment)
            .ok_or_else(|| fail(&format!("`begin` is {begin}, which is no moment")).hint("write a date: 2024-01-01"))?;
        let lookback = match node.config.get("lookback") {
            None => 1,
            Some(count) => count
                .as_i64()
                .filter(|count| *count >= 0)
                .ok_or_else(|| fail(&format!("`lookback` is {count}")).hint("it is a number of batches, 0 or more"))?,
        };
        let concurrent = match node.config.get("concurrent_batches").filter(|value| !value.is_null()) {
            None => None,
            Some(value) => Some(value.as_bool().ok_or_else(|| {
                fail(&format!("`concurrent_batches` is {value}")).hint("it is true or false; without it karat decides")
            })?),
        };
        Ok(Self { size, begin, lookback, concurrent })
    }
}

/// Checks what a microbatch model says of its batches.
///
/// # Errors
/// Something is missing or wrong.
pub fn check(node: &Node) -> Result<(), Diagnostic> {
    Settings::of(node).map(drop).map_err(|problem| located(node, problem))
}

/// Checks that a microbatch model has no key. dbt says so only when the model is built, as other warehouses take one.
///
/// # Errors
/// It has one.
pub fn check_key(node: &Node) -> Result<(), Diagnostic> {
    if node.config.get("unique_key").is_none() {
        return Ok(());
    }
    let message = format!("{}: a microbatch model has no `unique_key`", node.label());
    let problem = Diagnostic::error("bad-microbatch", message)
        .hint("rows are replaced by their `event_time`, batch by batch: remove the key");
    Err(located(node, problem))
}

/// Adds where the setting is that a problem names.
fn located(node: &Node, problem: Diagnostic) -> Diagnostic {
    let key = problem.message.split('`').nth(1).unwrap_or_default().to_owned();
    problem.at(node.setting_span(&key), "")
}

/// The batches to build: from `begin` when the table is made, else the latest ones.
///
/// # Errors
/// A setting of the model is missing or wrong.
pub fn batches(node: &Node, inputs: &Inputs, grows: bool, now: Timestamp) -> Result<Vec<Batch>, Diagnostic> {
    let Settings { size, begin, lookback, .. } = Settings::of(node)?;
    let (from, to) = match inputs.sample {
        Some(sample) => (Some(sample.start), Some(sample.end)),
        None => (inputs.start, inputs.end),
    };
    let end = size.ceiling(to.unwrap_or(inputs.now.unwrap_or(now)));
    let start = match from {
        Some(from) => size.floor(from),
        None if !grows => size.floor(begin),
        // The end is the start of the batch after the last one.
        None => size.step(end, -(lookback + 1)),
    };
    let mut found = Vec::new();
    let mut at = start;
    loop {
        let next = size.step(at, 1);
        found.push(Batch::new(Window { start: at, end: next.min(end).max(at) }, size));
        if next >= end {
            break;
        }
        at = next;
    }
    if let Some(last) = found.last_mut() {
        last.window.end = end;
    }
    Ok(found)
}

/// Whether batches of a model may be built side by side: where it does not say, those of a model that does not read
/// its own table.
pub fn is_concurrent(node: &Node) -> bool {
    let said = Settings::of(node).ok().and_then(|settings| settings.concurrent);
    said.unwrap_or_else(|| !karat_jinja::mentions(&node.raw_code, "this"))
}

/// A warning for each microbatch model of which no input has an `event_time`: every batch reads all rows.
pub fn unfiltered(graph: &Graph) -> Vec<Diagnostic> {
    let has_time = |index: usize| graph.node(index).config.str("event_time").is_some_and(|column| !column.is_empty());
    let is_built = |node: &Node| is_microbatch(node) && node.resource_type == ResourceType::Model;
    let models = (0..graph.len()).filter(|index| is_built(graph.node(*index)));
    let found = models.filter(|index| !graph.parents(*index).any(has_time));
    found
        .map(|index| {
            let node = graph.node(index);
            let message = format!("{}: no input of this microbatch model has an `event_time`", node.label());
            Diagnostic::warning("unfiltered-microbatch", message)
                .at(node.start(), "")
                .note("every batch reads all rows, so that rows may be there twice")
                .hint("set `event_time` of the models, seeds or sources that it reads")
        })
        .collect()
}

/// The batches of these windows, which an earlier run did not build.
///
/// # Errors
/// A setting of the model is missing or wrong.
pub fn again(node: &Node, windows: &[Window]) -> Result<Vec<Batch>, Diagnostic> {
    let size = Settings::of(node)?.size;
    Ok(windows.iter().map(|window| Batch::new(*window, size)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        moment(text).unwrap()
    }

    #[test]
    fn batches_begin_with_the_calendar() {
        let moment = at("2024-09-17T16:06:00");
        let names = Size::ALL.map(|size| (size.name(size.step(moment, -1)), size.name(size.ceiling(moment))));
        let names = names.each_ref().map(|(before, after)| (before.as_str(), after.as_str()));
        assert_eq!(names[0], ("2024-09-17T15", "2024-09-17T17"));
        assert_eq!(names[1], ("2024-09-16", "2024-09-18"));
        assert_eq!(names[2], ("2024-08", "2024-10"));
        assert_eq!(names[3], ("2023", "2025"));
        assert_eq!(Size::Month.ceiling(at("2024-09-01")), at("2024-09-01"));
    }
}
