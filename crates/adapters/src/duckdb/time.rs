//! Dates, times and intervals as DuckDB prints them.
//!
//! Written here because the engine's range goes far beyond the years 1 to 9999 that date libraries cover.

use jiff::Timestamp;
use jiff::tz::TimeZone;

const MICROS_PER_SECOND: i64 = 1_000_000;
const SECONDS_PER_DAY: i64 = 86_400;

/// Days since 1970-01-01.
pub(super) fn date(days: i32) -> String {
    match days {
        i32::MAX => "infinity".to_owned(),
        days if days == -i32::MAX => "-infinity".to_owned(),
        days => with_era(i64::from(days), ""),
    }
}

/// Microseconds since midnight. 24:00:00 exists.
pub(super) fn time(micros: i64) -> String {
    clock(micros.div_euclid(MICROS_PER_SECOND), micros.rem_euclid(MICROS_PER_SECOND), 6)
}

/// Units since 1970-01-01 00:00:00, each 10^-`digits` seconds.
pub(super) fn timestamp(value: i64, digits: u32) -> String {
    if let Some(infinity) = infinity(value) {
        return infinity.to_owned();
    }
    let unit = 10_i64.pow(digits);
    civil(value.div_euclid(unit), value.rem_euclid(unit), digits, "")
}

/// Microseconds since 1970-01-01 00:00:00 UTC, printed in `zone` with its offset.
pub(super) fn timestamp_tz(micros: i64, zone: &TimeZone) -> String {
    if let Some(infinity) = infinity(micros) {
        return infinity.to_owned();
    }
    let seconds = micros.div_euclid(MICROS_PER_SECOND);
    // Beyond the years that the zones' rules cover, the nearest rule holds.
    let covered = seconds.clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    let offset = Timestamp::from_second(covered).map_or(0, |instant| i64::from(zone.to_offset(instant).seconds()));
    civil(seconds + offset, micros.rem_euclid(MICROS_PER_SECOND), 6, &offset_text(offset))
}

/// Months, days and microseconds, which DuckDB never folds into each other.
pub(super) fn interval(months: i32, days: i32, micros: i64) -> String {
    let mut parts = Vec::new();
    for (count, unit) in [(months / 12, "year"), (months % 12, "month"), (days, "day")] {
        match count {
            0 => {}
            1 | -1 => parts.push(format!("{count} {unit}")),
            count => parts.push(format!("{count} {unit}s")),
        }
    }
    if micros != 0 || parts.is_empty() {
        let sign = if micros < 0 { "-" } else { "" };
        let size = micros.unsigned_abs();
        let unit = MICROS_PER_SECOND.unsigned_abs();
        let (seconds, fraction) = (size / unit, size % unit);
        parts.push(format!("{sign}{}", clock(seconds.cast_signed(), fraction.cast_signed(), 6)));
    }
    parts.join(" ")
}

fn infinity(value: i64) -> Option<&'static str> {
    match value {
        i64::MAX => Some("infinity"),
        value if value == -i64::MAX => Some("-infinity"),
        _ => None,
    }
}

fn civil(seconds: i64, fraction: i64, digits: u32, zone: &str) -> String {
    let clock = clock(seconds.rem_euclid(SECONDS_PER_DAY), fraction, digits);
    let (date, era) = year_month_day(seconds.div_euclid(SECONDS_PER_DAY));
    format!("{date}{era} {clock}{zone}")
}

fn with_era(days: i64, rest: &str) -> String {
    let (date, era) = year_month_day(days);
    format!("{date}{rest}{era}")
}

/// `HH:MM:SS[.f]`, the fraction without zeros at its end.
fn clock(seconds: i64, fraction: i64, digits: u32) -> String {
    let text = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if fraction == 0 {
        return text;
    }
    let fraction = format!("{fraction:0width$}", width = digits as usize);
    format!("{text}.{}", fraction.trim_end_matches('0'))
}

/// `+HH` or `+HH:MM`. Seconds, which only historical offsets have, are not printed.
fn offset_text(seconds: i64) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    match (minutes / 60, minutes % 60) {
        (hours, 0) => format!("{sign}{hours:02}"),
        (hours, minutes) => format!("{sign}{hours:02}:{minutes:02}"),
    }
}

/// The Gregorian date of a day since 1970-01-01, and ` (BC)` if it lies before the year 1.
///
/// Counts in cycles of 400 years that start on March 1st, so that the leap day is a year's last.
fn year_month_day(days: i64) -> (String, &'static str) {
    let shifted = days + 719_468;
    let cycle = shifted.div_euclid(146_097);
    let day_of_cycle = shifted.rem_euclid(146_097);
    let year_of_cycle = (day_of_cycle - day_of_cycle / 1_460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
    let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_cycle + cycle * 400 + i64::from(month <= 2);
    let (year, era) = if year > 0 { (year, "") } else { (1 - year, " (BC)") };
    (format!("{year:04}-{month:02}-{day:02}"), era)
}
