//! Tables as text: `print_table` and its siblings.

use minijinja::{Error, ErrorKind, Value};

use super::Agate;
use super::types::DataType;
use crate::jinja::args;

/// How much of a table is shown.
struct Limits {
    rows: usize,
    columns: usize,
    width: usize,
    places: usize,
}

impl Limits {
    fn new(args: &[Value]) -> Self {
        let number = |index, key, default| match args::option(args, index, key) {
            Some(value) if value.is_none() => usize::MAX,
            Some(value) => usize::try_from(value).unwrap_or(default),
            None => default,
        };
        Self {
            rows: number(0, "max_rows", 20),
            columns: number(1, "max_columns", 6),
            width: number(3, "max_column_width", 20),
            places: number(5, "max_precision", 3),
        }
    }

    fn cut(&self, text: &str) -> String {
        if text.chars().count() <= self.width {
            return text.to_owned();
        }
        text.chars().take(self.width.saturating_sub(3)).chain("...".chars()).collect()
    }
}

impl Agate {
    /// The method of this name: prints to stdout.
    pub(super) fn print(&self, method: &str, args: &[Value]) -> Result<Value, Error> {
        let text = match method {
            "print_table" => self.table(&Limits::new(args)),
            "print_csv" => self.csv(),
            "print_json" => self.json()?,
            _ => self.structure(),
        };
        self.shared.talk.print(text.trim_end_matches('\n'));
        Ok(Value::from(()))
    }

    fn table(&self, limits: &Limits) -> String {
        let columns = self.names.len().min(limits.columns);
        let cut = columns < self.names.len();
        let shown = |cells: Vec<String>| cells.into_iter().chain(cut.then(|| "...".to_owned())).collect::<Vec<_>>();
        let places: Vec<usize> = (0..columns).map(|at| self.places_shown(at, limits)).collect();
        let cell = |row: &[Value], at: usize| limits.cut(&self.cell(&row[at], at, places[at], limits));
        let mut lines = vec![shown(self.names[..columns].iter().map(|name| limits.cut(name)).collect())];
        let rows = self.rows.iter().take(limits.rows);
        lines.extend(rows.map(|row| shown((0..columns).map(|at| cell(row, at)).collect())));
        let width = |at: usize| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..lines[0].len()).map(width).collect();
        let mut text = self.line(&lines[0], &widths);
        let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
        text.push_str(&format!("| {} |\n", rule.join(" | ")));
        lines[1..].iter().for_each(|line| text.push_str(&self.line(line, &widths)));
        if self.rows.len() > limits.rows {
            text.push_str(&self.line(&vec!["...".to_owned(); widths.len()], &widths));
        }
        text
    }

    /// Texts stand at the left, everything else at the right.
    fn line(&self, cells: &[String], widths: &[usize]) -> String {
        let padded = cells.iter().zip(widths).enumerate().map(|(at, (cell, width))| match self.types.get(at) {
            Some(DataType::Text) => format!(" {cell:<width$} "),
            _ => format!(" {cell:>width$} "),
        });
        format!("|{}|\n", padded.collect::<Vec<_>>().join("|"))
    }

    fn places_shown(&self, column: usize, limits: &Limits) -> usize {
        let places = self.rows.iter().take(limits.rows).map(|row| karat_jinja::decimal_places(&row[column]));
        places.max().unwrap_or(0)
    }

    fn cell(&self, value: &Value, column: usize, places: usize, limits: &Limits) -> String {
        if value.is_none() {
            return String::new();
        }
        if self.types[column] != DataType::Number {
            return karat_jinja::py_str(value);
        }
        let Some(text) = karat_jinja::decimal_text(value, places.min(limits.places)) else {
            return karat_jinja::py_str(value);
        };
        let more = if places > limits.places { "…" } else { "" };
        thousands(&text) + more
    }

    /// The names and types of the columns.
    pub(super) fn structure(&self) -> String {
        let text = |text: &str| Value::from(text);
        let rows = self.names.iter().zip(self.types.iter());
        let table = Self {
            names: ["column".to_owned(), "data_type".to_owned()].into(),
            types: [DataType::Text, DataType::Text].into(),
            rows: rows.map(|(name, kind)| [text(name), text(kind.name())].into()).collect(),
            shared: self.shared.clone(),
        };
        table.table(&Limits { rows: usize::MAX, columns: 6, width: usize::MAX, places: 3 })
    }

    fn csv(&self) -> String {
        let quoted = |text: String| match text.contains([',', '"', '\n', '\r']) {
            true => format!("\"{}\"", text.replace('"', "\"\"")),
            false => text,
        };
        let cell = |(value, kind): (&Value, &DataType)| match kind {
            _ if value.is_none() => String::new(),
            DataType::DateTime => quoted(karat_jinja::py_str(&kind.json(value))),
            _ => quoted(karat_jinja::py_str(value)),
        };
        let header: Vec<String> = self.names.iter().cloned().map(quoted).collect();
        let mut lines = vec![header.join(",")];
        for row in &self.rows {
            lines.push(row.iter().zip(self.types.iter()).map(cell).collect::<Vec<_>>().join(","));
        }
        lines.join("\n")
    }

    fn json(&self) -> Result<String, Error> {
        let row = |row: &std::sync::Arc<[Value]>| {
            let values = row.iter().zip(self.types.iter()).map(|(value, kind)| kind.json(value));
            karat_jinja::dict(self.names.iter().map(|name| Value::from(name.as_str())).zip(values))
        };
        let rows = karat_jinja::list(self.rows.iter().map(row).collect());
        karat_jinja::json_text(&rows).map_err(|e| Error::new(ErrorKind::InvalidOperation, e.to_string()))
    }
}

/// `1234.5` as `1,234.5`.
fn thousands(text: &str) -> String {
    let (sign, text) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, fraction) = text.split_once('.').map_or((text, String::new()), |(w, f)| (w, format!(".{f}")));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{fraction}")
}
