//! Colours and columns.

use crate::report::event::Position;
use crate::report::width::columns;

/// The colour of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Tone {
    Plain,
    Green,
    Yellow,
    Red,
}

/// How lines are written.
#[derive(Debug, Clone, Copy)]
pub(in crate::report) struct Style {
    /// Whether status words are coloured.
    pub color: bool,
    /// Columns there are, without those of the time.
    pub width: usize,
}

/// Up to this column status lines are filled with dots, as dbt does.
const FILL: usize = 80;

impl Style {
    /// As the JSON log writes: no colours, dbt's width.
    pub const PLAIN: Self = Self { color: false, width: 110 };

    /// `text` in the colour of `tone`.
    pub fn paint(&self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Green => "32",
            Tone::Yellow => "33",
            Tone::Red => "31",
            Tone::Plain => return text.to_owned(),
        };
        if self.color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// `3 of 41 OK created view model main.x ....... [OK in 0.03s]`. Dots give way to long names.
    pub fn status_line(&self, at: Position, text: &str, status: (Tone, &str), seconds: Option<f64>) -> String {
        let mut line = format!("{} of {} {text} ", at.index, at.total);
        let time = seconds.map(|s| format!(" in {s:.2}s")).unwrap_or_default();
        let tail = columns(status.1) + time.len() + 3;
        let fill = self.width.saturating_sub(tail).min(FILL);
        let missing = fill.saturating_sub(columns(&line));
        if missing > 0 {
            line.extend(std::iter::repeat_n('.', missing));
            line.push(' ');
        }
        format!("{line}[{}{time}]", self.paint(status.0, status.1))
    }
}
