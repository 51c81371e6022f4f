//! Lines for people, and a bar that shows what is running.

use std::io::{IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::event::{Event, Level, Reporter};
use super::text::{Line, Style, lines};
use crate::secrets::Secrets;

/// How the terminal reporter writes.
#[derive(Debug, Clone)]
pub struct HumanOptions {
    /// What is less important than this is not written.
    pub level: Level,
    /// Whether status words are coloured.
    pub color: bool,
    /// Columns of the terminal; long status lines lose their dots to fit.
    pub width: usize,
    /// Whether a bar shows what is running.
    pub progress: bool,
    /// Where the clock before each line is.
    pub time_zone: TimeZone,
    /// The clock.
    pub now: fn() -> Timestamp,
}

impl HumanOptions {
    /// What suits the terminal that standard error goes to. `use_colors` is what the user asked for, if anything;
    /// otherwise there are colours on a terminal unless `NO_COLOR` is set.
    pub fn detect(level: Level, use_colors: Option<bool>) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        Self {
            level,
            color: use_colors.unwrap_or(terminal && wanted),
            width: columns.unwrap_or(120),
            progress: terminal && level <= Level::Info,
            time_zone: TimeZone::system(),
            now: Timestamp::now,
        }
    }
}

/// Writes lines for people, as dbt does.
pub struct Human {
    options: HumanOptions,
    bar: ProgressBar,
    secrets: Secrets,
    state: Mutex<State>,
}

struct State {
    out: Box<dyn Write + Send>,
    /// Names of the nodes that are running, in the order of starting.
    running: Vec<String>,
    cancelled: bool,
}

/// `12:03:04` and two blanks.
const CLOCK: usize = 10;

impl Human {
    /// Writes to `out`, which should be standard error: the bar is drawn there.
    pub fn new(out: Box<dyn Write + Send>, options: HumanOptions) -> Self {
        let target = if options.progress { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {pos}/{len} {wide_msg}") {
            bar.set_style(style);
        }
        Self {
            options,
            bar,
            secrets: Secrets::of_environment(),
            state: Mutex::new(State { out, running: Vec::new(), cancelled: false }),
        }
    }

    /// Standard error, as the terminal and the user's choice suggest.
    pub fn stderr(level: Level, use_colors: Option<bool>) -> Self {
        Self::new(Box::new(std::io::stderr()), HumanOptions::detect(level, use_colors))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn style(&self) -> Style {
        Style { color: self.options.color, width: self.options.width.saturating_sub(CLOCK) }
    }

    /// Moves the bar.
    fn progress(&self, event: &Event<'_>, state: &mut State) {
        match event {
            Event::RunStarted { total, .. } => {
                self.bar.set_length(*total as u64);
                if !self.bar.is_hidden() {
                    self.bar.enable_steady_tick(Duration::from_millis(100));
                }
            }
            Event::NodeStarted { node, .. } => state.running.push(node.display_name()),
            Event::NodeFinished { node, .. } => {
                let name = node.display_name();
                state.running.iter().position(|running| *running == name).map(|at| state.running.remove(at));
                self.bar.inc(1);
            }
            Event::Cancelled => state.cancelled = true,
            Event::RunFinished { .. } => self.bar.finish_and_clear(),
            _ => return,
        }
        if !self.bar.is_hidden() {
            self.bar.set_message(state.running.join(", "));
        }
    }

    fn is_shown(&self, event: &Event<'_>, line: &Line<'_>) -> bool {
        let level = match event {
            Event::NodeStarted { .. } => Level::Debug,
            _ => line.level,
        };
        level >= self.options.level
    }

    fn write(&self, line: &Line<'_>, out: &mut dyn Write) {
        let text = self.secrets.scrub(&line.text);
        let written = if line.is_excerpt() {
            writeln!(out, "{text}")
        } else {
            let clock = (self.options.now)().to_zoned(self.options.time_zone.clone()).strftime("%H:%M:%S");
            writeln!(out, "{}", format!("{clock}  {text}").trim_end())
        };
        drop(written);
    }
}

impl Reporter for Human {
    fn event(&self, event: &Event<'_>) {
        let mut state = self.state();
        self.progress(event, &mut state);
        if matches!(event, Event::NodeStarted { .. }) && self.options.level > Level::Debug {
            return;
        }
        let said = lines(event, &self.style(), state.cancelled);
        let said: Vec<&Line<'_>> = said.iter().filter(|line| self.is_shown(event, line)).collect();
        if said.is_empty() {
            return;
        }
        self.bar.suspend(|| {
            said.into_iter().for_each(|line| self.write(line, &mut *state.out));
            if matches!(event, Event::Diagnostic(..)) {
                drop(writeln!(state.out));
            }
            drop(state.out.flush());
        });
    }
}
