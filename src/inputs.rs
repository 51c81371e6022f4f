//! What a run takes of its inputs: nothing (`--empty`), a part of time (`--sample`), batches (`--event-time-start`).

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Unit};

/// A stretch of time: the start is part of it, the end is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    /// Its first moment.
    pub start: Timestamp,
    /// The moment after its last.
    pub end: Timestamp,
}

impl Window {
    /// The part that two have in common.
    #[must_use]
    pub fn within(self, other: Self) -> Self {
        Self { start: self.start.max(other.start), end: self.end.min(other.end) }
    }
}

/// What a run takes of its inputs.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// No rows at all.
    pub empty: bool,
    /// Only what happened then.
    pub sample: Option<Window>,
    /// Where the batches of microbatch models begin, instead of where they would.
    pub start: Option<Timestamp>,
    /// Where they end, instead of now.
    pub end: Option<Timestamp>,
    /// What counts as now.
    pub now: Option<Timestamp>,
}

/// A moment as Python shows it: `2024-01-01 00:00:00+00:00`.
pub fn shown(at: Timestamp) -> String {
    let micros = if at.subsec_nanosecond() / 1000 == 0 { "" } else { "%.6f" };
    at.strftime(&format!("%Y-%m-%d %H:%M:%S{micros}+00:00")).to_string()
}

/// A moment as one writes it: a date, or a date and a time, in UTC where no zone is given.
pub fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let zoned = || text.parse::<Timestamp>().ok();
    let civil = text.parse::<DateTime>().ok().and_then(|at| Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp()));
    match text.ends_with('Z') || text.contains('+') {
        true => zoned(),
        false => civil.or_else(zoned),
    }
}

/// The window that ends now and is this long: `3 days`, `1 hour`.
pub fn back_from(now: Timestamp, text: &str) -> Result<Window, String> {
    let words: Vec<&str> = text.split(' ').collect();
    let [count, unit] = words[..] else { return Err(format!("`{text}` is not a number and a unit")) };
    let count: i64 = count.parse().map_err(|_| format!("`{count}` is no whole number"))?;
    let unit = unit.to_lowercase();
    let span = match unit.trim_end_matches('s') {
        "hour" => count.hours(),
        "day" => count.days(),
        "month" => count.months(),
        "year" => count.years(),
        _ => return Err(format!("`{unit}` is no unit: hour, day, month or year")),
    };
    let end = now.round(Unit::Microsecond).unwrap_or(now);
    let start = end.to_zoned(TimeZone::UTC).checked_sub(span).map_err(|_| format!("`{text}` is too long"))?;
    Ok(Window { start: start.timestamp(), end })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_and_shown() {
        let shown_of = |text: &str| moment(text).map(shown);
        assert_eq!(shown_of("2024-02-29").as_deref(), Some("2024-02-29 00:00:00+00:00"));
        assert_eq!(shown_of("2024-02-29T10:11:12").as_deref(), Some("2024-02-29 10:11:12+00:00"));
        assert_eq!(shown_of("2024-02-29 10:11:12.5").as_deref(), Some("2024-02-29 10:11:12.500000+00:00"));
        assert_eq!(shown_of("2024-02-29T10:11:12+02:00").as_deref(), Some("2024-02-29 08:11:12+00:00"));
        assert_eq!(shown_of("yesterday"), None);
    }

    #[test]
    fn windows_end_now() {
        let now = moment("2024-03-31T12:00:00").unwrap();
        let start = |text: &str| back_from(now, text).map(|window| shown(window.start));
        assert_eq!(start("1 month").as_deref(), Ok("2024-02-29 12:00:00+00:00"));
        assert_eq!(start("2 days").as_deref(), Ok("2024-03-29 12:00:00+00:00"));
        assert_eq!(start("1 YEARS").as_deref(), Ok("2023-03-31 12:00:00+00:00"));
        assert!(start("a day").is_err());
        assert!(start("3 weeks").is_err());
    }
}
