//! Which texts dbt takes for numbers, dates, timestamps and booleans.

use std::borrow::Cow;

/// A cell that dbt takes for a number.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Number {
    /// `nan`, infinite, or beyond the range of a double.
    NonFinite,
    /// `digits` decimal digits × 10^`exponent`, without zeros at their end (zero: 1 digit, exponent 0).
    Finite {
        /// How many digits there are, at most 28.
        digits: i64,
        /// The power of ten.
        exponent: i64,
        /// The value, if it is whole and fits.
        value: Option<i64>,
    },
}

const ZERO: Number = Number::Finite { digits: 1, exponent: 0, value: Some(0) };

/// The signs dbt strips from both ends of a number.
const CURRENCIES: [char; 19] =
    ['؋', '$', 'ƒ', '៛', '¥', '₡', '₱', '£', '€', '¢', '﷼', '₪', '₩', '₭', '₮', '₦', '฿', '₤', '₫'];

/// Whether a trimmed cell counts as missing.
pub(super) fn is_null(trimmed: &str) -> bool {
    trimmed.is_empty() || trimmed.eq_ignore_ascii_case("null")
}

/// `true` or `false` in any case; commas in it do not count.
pub(super) fn is_boolean(cell: &str) -> bool {
    let text = cell.replace(',', "");
    let text = text.trim();
    is_null(text) || text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
}

/// Reads a number, with percent and currency signs around it, thousands separators and underscores within.
pub(super) fn number(trimmed: &str) -> Option<Number> {
    short_number(trimmed).or_else(|| any_number(trimmed))
}

/// Nearly all numbers: an optional minus, up to 18 digits, and at most one point among them.
fn short_number(text: &str) -> Option<Number> {
    let (body, sign) = text.strip_prefix('-').map_or((text, 1), |body| (body, -1));
    if body.len() > 18 || body.is_empty() || body == "." {
        return None;
    }
    let (mut value, mut exponent, mut has_point) = (0_i64, 0_i64, false);
    for byte in body.bytes() {
        match byte {
            b'0'..=b'9' => {
                value = value * 10 + i64::from(byte - b'0');
                exponent -= i64::from(has_point);
            }
            b'.' if !has_point => has_point = true,
            _ => return None,
        }
    }
    while value != 0 && value % 10 == 0 {
        value /= 10;
        exponent += 1;
    }
    let Some(power) = value.checked_ilog10() else { return Some(ZERO) };
    let whole = u32::try_from(exponent).ok().map(|exponent| sign * value * 10_i64.pow(exponent));
    Some(Number::Finite { digits: i64::from(power) + 1, exponent, value: whole })
}

fn any_number(trimmed: &str) -> Option<Number> {
    let (body, is_negative) = bare(trimmed);
    if is_non_finite(&body) {
        return Some(Number::NonFinite);
    }
    finite(&body, is_negative)
}

/// The number without its signs, separators and currencies, and whether it is negative.
fn bare(trimmed: &str) -> (String, bool) {
    let text = trimmed.trim_matches('%');
    let (text, is_negative) = text.strip_prefix('-').map_or((text, false), |rest| (rest, true));
    let text = CURRENCIES.iter().fold(text, |text, currency| text.trim_matches(*currency));
    let text: String = text.trim().chars().filter(|letter| !matches!(letter, ',' | '_')).collect();
    match text.strip_prefix(['+', '-']) {
        Some(body) => (body.to_owned(), is_negative != text.starts_with('-')),
        None => (text, is_negative),
    }
}

/// The number as SQL reads it; whole ones without a point where `is_whole` asks for that. `None`: it is none.
pub(super) fn plain_number(trimmed: &str, is_whole: bool) -> Option<Cow<'_, str>> {
    if let Some(Number::Finite { exponent, .. }) = short_number(trimmed)
        && (!is_whole || (exponent >= 0 && !trimmed.contains('.')))
    {
        return Some(Cow::Borrowed(trimmed));
    }
    match number(trimmed)? {
        Number::Finite { value: Some(value), .. } if is_whole => Some(value.to_string().into()),
        _ if short_number(trimmed).is_some() => Some(trimmed.into()),
        _ => {
            let (body, is_negative) = bare(trimmed);
            let body = if body.to_ascii_lowercase().contains("nan") { "NaN".to_owned() } else { body };
            Some(if is_negative { format!("-{body}") } else { body }.into())
        }
    }
}

fn is_non_finite(body: &str) -> bool {
    let lower = body.to_ascii_lowercase();
    let payload = lower.strip_prefix("snan").or_else(|| lower.strip_prefix("nan"));
    matches!(lower.as_str(), "inf" | "infinity")
        || payload.is_some_and(|payload| payload.bytes().all(|byte| byte.is_ascii_digit()))
}

fn finite(body: &str, is_negative: bool) -> Option<Number> {
    let (mantissa, power) = match body.find(['e', 'E']) {
        Some(at) => (&body[..at], exponent(&body[at + 1..])?),
        None => (body, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return Some(ZERO);
    }
    Some(normalised(significant, power.saturating_sub(fraction.len() as i64), is_negative))
}

fn exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    // A power of a million is as good as any larger one.
    let size = digits.parse::<i64>().unwrap_or(i64::MAX).min(1_000_000);
    is_number.then_some(if text.starts_with('-') { -size } else { size })
}

/// Rounds to 28 digits (half to even) and drops zeros at the end.
fn normalised(significant: &str, exponent: i64, is_negative: bool) -> Number {
    const PRECISION: usize = 28;
    let mut exponent = exponent;
    let mut number: u128 =
        significant.get(..PRECISION.min(significant.len())).map_or(0, |kept| kept.parse().unwrap_or(0));
    if significant.len() > PRECISION {
        let dropped = &significant[PRECISION..];
        exponent += dropped.len() as i64;
        let is_above_half = dropped.starts_with(['6', '7', '8', '9'])
            || (dropped.starts_with('5') && dropped[1..].contains(|digit| digit != '0'));
        let is_half = dropped.starts_with('5') && !is_above_half;
        number += u128::from(is_above_half || (is_half && number % 2 == 1));
    }
    while number.is_multiple_of(10) && number != 0 {
        number /= 10;
        exponent += 1;
    }
    let digits = i64::from(number.checked_ilog10().unwrap_or(0)) + 1;
    if digits + exponent > 309 || (digits + exponent == 309 && overflows_double(number, exponent)) {
        return Number::NonFinite;
    }
    Number::Finite { digits, exponent, value: whole_value(number, exponent, is_negative) }
}

fn overflows_double(number: u128, exponent: i64) -> bool {
    format!("{number}e{exponent}").parse::<f64>().is_ok_and(f64::is_infinite)
}

fn whole_value(number: u128, exponent: i64, is_negative: bool) -> Option<i64> {
    let power = u32::try_from(exponent).ok().and_then(|exponent| 10_u128.checked_pow(exponent))?;
    let size = i128::try_from(number.checked_mul(power)?).ok()?;
    i64::try_from(if is_negative { -size } else { size }).ok()
}

/// `YYYY-MM-DD`, where month and day may have one digit.
pub(super) fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let parse = || Some((fixed(year, 4)?, short(month)?, short(day)?));
    parse().is_some_and(|(year, month, day)| is_day(year, month, day))
}

/// A date as above, blanks, and `HH:MM:SS`, where each part may have one digit.
pub(super) fn is_timestamp(text: &str) -> bool {
    let Some((date, clock)) = text.split_once(char::is_whitespace) else { return false };
    let parts: Option<Vec<u32>> = clock.trim_start().split(':').map(short).collect();
    is_date(date)
        && matches!(parts.as_deref(), Some([hour, minute, second]) if *hour < 24 && *minute < 60 && *second < 60)
}

/// An ISO 8601 date and time around one `T`: any of the calendar, week and ordinal dates, in basic or extended
/// form, also shortened; any time, also shortened, with or without a zone.
pub(super) fn is_iso_timestamp(text: &str) -> bool {
    text.split_once('T').is_some_and(|(date, time)| is_iso_date(date) && is_iso_time(time))
}

fn is_iso_date(text: &str) -> bool {
    let (Some(year), Some(rest)) = (text.get(..4), text.get(4..)) else {
        return fixed(text, 2).is_some();
    };
    let Some(year) = fixed(year, 4).filter(|year| *year > 0) else { return false };
    let extended = rest.strip_prefix('-');
    let body = extended.unwrap_or(rest);
    if let Some(week) = body.strip_prefix('W') {
        return is_iso_week(week, extended.is_some());
    }
    match (body.len(), extended.is_some()) {
        (0, is_extended) => !is_extended,
        (2, _) => fixed(body, 2).is_some_and(|month| month <= 12),
        (3, _) => fixed(body, 3).is_some(),
        (4, false) => is_month_and_day(year, &body[..2], body.get(2..)),
        (5, true) => body.split_once('-').is_some_and(|(month, day)| is_month_and_day(year, month, Some(day))),
        _ => false,
    }
}

fn is_iso_week(text: &str, is_extended: bool) -> bool {
    let day_at = if is_extended { 3 } else { 2 };
    match text.len() {
        2 => fixed(text, 2).is_some(),
        length if length == day_at + 1 && (!is_extended || text.as_bytes()[2] == b'-') => {
            text.get(..2).and_then(|week| fixed(week, 2)).is_some()
                && text.get(day_at..).and_then(|day| fixed(day, 1)).is_some()
        }
        _ => false,
    }
}

/// Month 00 counts as January.
fn is_month_and_day(year: u32, month: &str, day: Option<&str>) -> bool {
    let month = fixed(month, 2).map(|month| month.max(1));
    let day = day.and_then(|day| fixed(day, 2));
    month.zip(day).is_some_and(|(month, day)| is_day(year, month, day))
}

fn is_iso_time(text: &str) -> bool {
    let clock = match text.find(['Z', '+', '-']) {
        Some(at) if is_zone(&text[at..]) => &text[..at],
        Some(_) => return false,
        None => text,
    };
    let (whole, fraction) = match clock.find(['.', ',']) {
        Some(at) => (&clock[..at], Some(&clock[at + 1..])),
        None => (clock, None),
    };
    let is_fraction =
        fraction.is_none_or(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
    let parts: Option<Vec<u32>> = if whole.contains(':') {
        whole.split(':').map(|part| fixed(part, 2)).collect()
    } else if whole.len() <= 6 && whole.is_ascii() {
        whole.as_bytes().chunks(2).map(|part| std::str::from_utf8(part).ok().and_then(|part| fixed(part, 2))).collect()
    } else {
        None
    };
    is_fraction
        && parts.is_some_and(|parts| {
            (1..=3).contains(&parts.len()) && parts[0] < 24 && parts[1..].iter().all(|part| *part < 60)
        })
}

/// `Z`, `+HH`, `+HHMM` or `+HH:MM`.
fn is_zone(text: &str) -> bool {
    let Some(offset) = text.strip_prefix(['+', '-']) else { return text == "Z" };
    match offset.len() {
        2 => fixed(offset, 2).is_some(),
        4 => fixed(offset, 4).is_some(),
        5 => {
            offset.split_once(':').is_some_and(|(hour, minute)| fixed(hour, 2).is_some() && fixed(minute, 2).is_some())
        }
        _ => false,
    }
}

/// A number of exactly `width` digits.
fn fixed(text: &str, width: usize) -> Option<u32> {
    let is_number = text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// A number of one or two digits.
fn short(text: &str) -> Option<u32> {
    fixed(text, 1).or_else(|| fixed(text, 2))
}

fn is_day(year: u32, month: u32, day: u32) -> bool {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let length = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    year > 0 && (1..=length).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for text in ["1", "-1", "+1", "1,000", "$5", "5%", "1_000", ".5", "5.", "1e3", "-$5", "nan", "-inf", "1E-2"] {
            assert!(number(text).is_some(), "{text}");
        }
        for text in ["", "x", ".", "1.2.3", "(5)", "e3", "1e", "0x1", "1 2", "na"] {
            assert!(number(text).is_none(), "{text}");
        }
        assert_eq!(number("-1.50"), Some(Number::Finite { digits: 2, exponent: -1, value: None }));
        assert_eq!(number("1200"), Some(Number::Finite { digits: 2, exponent: 2, value: Some(1200) }));
        assert_eq!(number("1e400"), Some(Number::NonFinite));
        for text in ["0", "-0.00", "5.", ".5", "-120", "999999999999999999", "0.10", "00012.50"] {
            assert_eq!(short_number(text), any_number(text), "{text}");
            assert!(short_number(text).is_some(), "{text}");
        }
    }

    #[test]
    fn dates_and_timestamps() {
        assert!(is_date("2024-2-29") && !is_date("2023-02-29") && !is_date("24-01-01") && !is_date("2024-01"));
        assert!(is_timestamp("2024-01-02 3:4:5") && !is_timestamp("2024-01-02 03:04") && !is_timestamp("2024-01-02"));
        assert!(!is_timestamp("2024-01-02 24:00:00") && !is_timestamp("2024-01-02 03:04:05.5"));
        for text in ["2024-01-02T03:04:05", "20240102T030405Z", "2024-W01-2T03", "2024-002T03:04.5", "2024T03:04:05+02"]
        {
            assert!(is_iso_timestamp(text), "{text}");
        }
        for text in [
            "2024-01-02 03:04:05",
            "2024-01-02T24:00:00",
            "2024-13-02T00:00",
            "2024-01-02T",
            "T00:00",
            "2024-01-02T1:2",
        ] {
            assert!(!is_iso_timestamp(text), "{text}");
        }
    }

    #[test]
    fn numbers_are_written_as_sql_reads_them() {
        for (text, is_whole, expected) in [
            ("1", true, "1"),
            ("1.00", false, "1.00"),
            ("1.00", true, "1"),
            ("-$1,000.50", false, "-1000.50"),
            ("+1e3", true, "1000"),
            ("12%", false, "12"),
            ("snan", false, "NaN"),
            ("-inf", false, "-inf"),
        ] {
            assert_eq!(plain_number(text, is_whole).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(plain_number("x", true), None);
    }
}
