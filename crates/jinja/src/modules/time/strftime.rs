//! `strftime` in the C locale, with glibc's flags.

use jiff::civil::DateTime as Civil;

use super::zone::Zone;

pub(super) const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Formats a time.
pub(super) fn format(time: Civil, zone: Option<&Zone>, format: &str) -> String {
    let mut out = String::with_capacity(format.len() + 8);
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let Some(mut directive) = chars.next() else {
            out.push('%');
            break;
        };
        let mut flag = None;
        if matches!(directive, '-' | '_' | '0' | '^')
            && let Some(next) = chars.clone().next()
        {
            flag = Some(directive);
            directive = next;
            chars.next();
        }
        directive_text(time, zone, directive, flag, &mut out);
    }
    out
}

fn weekday(time: Civil) -> usize {
    time.weekday().to_monday_zero_offset() as usize
}

/// The week of the year, where weeks start on the day that is `weekday` days after the week's first.
fn week(time: Civil, weekday: usize) -> i64 {
    (i64::from(time.day_of_year()) + 6 - weekday as i64) / 7
}

fn directive_text(time: Civil, zone: Option<&Zone>, directive: char, flag: Option<char>, out: &mut String) {
    let number = |value: i64, width: usize, fill: char, out: &mut String| {
        let text = value.to_string();
        let fill = match flag {
            Some('-') => None,
            Some('_') => Some(' '),
            Some('0') => Some('0'),
            _ => Some(fill),
        };
        if let Some(fill) = fill {
            out.extend(std::iter::repeat_n(fill, width.saturating_sub(text.len())));
        }
        out.push_str(&text);
    };
    let nested = |pattern: &str| format(time, zone, pattern);
    let hour12 = |hour: i8| i64::from(if hour % 12 == 0 { 12 } else { hour % 12 });
    let day = DAYS[weekday(time)];
    let month = MONTHS[(time.month() - 1) as usize];
    let name = |text: &str, out: &mut String| match flag {
        Some('^') => out.push_str(&text.to_uppercase()),
        _ => out.push_str(text),
    };
    match directive {
        'Y' => number(time.year().into(), 1, '0', out),
        'G' => number(time.date().iso_week_date().year().into(), 1, '0', out),
        'C' => number((time.year() / 100).into(), 2, '0', out),
        'y' => number((time.year() % 100).into(), 2, '0', out),
        'm' => number(time.month().into(), 2, '0', out),
        'd' => number(time.day().into(), 2, '0', out),
        'e' => number(time.day().into(), 2, ' ', out),
        'H' => number(time.hour().into(), 2, '0', out),
        'k' => number(time.hour().into(), 2, ' ', out),
        'I' => number(hour12(time.hour()), 2, '0', out),
        'l' => number(hour12(time.hour()), 2, ' ', out),
        'M' => number(time.minute().into(), 2, '0', out),
        'S' => number(time.second().into(), 2, '0', out),
        'f' => out.push_str(&format!("{:06}", time.subsec_nanosecond() / 1000)),
        'j' => number(time.day_of_year().into(), 3, '0', out),
        'U' => number(week(time, (weekday(time) + 1) % 7), 2, '0', out),
        'W' => number(week(time, weekday(time)), 2, '0', out),
        'V' => number(time.date().iso_week_date().week().into(), 2, '0', out),
        'u' => number(weekday(time) as i64 + 1, 1, '0', out),
        'w' => number((weekday(time) as i64 + 1) % 7, 1, '0', out),
        'a' => name(&day[..3], out),
        'A' => name(day, out),
        'b' | 'h' => name(&month[..3], out),
        'B' => name(month, out),
        'p' => out.push_str(if time.hour() < 12 { "AM" } else { "PM" }),
        'P' => out.push_str(if time.hour() < 12 { "am" } else { "pm" }),
        'z' => out.push_str(&zone.map(|zone| zone.offset_text("")).unwrap_or_default()),
        'Z' => out.push_str(zone.map_or("", |zone| &zone.abbreviation)),
        's' => number(epoch(time, zone), 1, '0', out),
        'c' => out.push_str(&nested("%a %b %e %H:%M:%S %Y")),
        'x' | 'D' => out.push_str(&nested("%m/%d/%y")),
        'X' | 'T' => out.push_str(&nested("%H:%M:%S")),
        'F' => out.push_str(&nested("%Y-%m-%d")),
        'R' => out.push_str(&nested("%H:%M")),
        'r' => out.push_str(&nested("%I:%M:%S %p")),
        'n' => out.push('\n'),
        't' => out.push('\t'),
        '%' => out.push('%'),
        other => out.extend(['%', other]),
    }
}

/// Seconds since 1970; a time without a zone is taken for UTC.
pub(super) fn epoch(time: Civil, zone: Option<&Zone>) -> i64 {
    let since = time.duration_since(Civil::constant(1970, 1, 1, 0, 0, 0, 0)).as_secs();
    since - zone.map_or(0, |zone| i64::from(zone.offset))
}
