//! `strptime`

use super::strftime::{DAYS, MONTHS};
use super::zone::Zone;
use crate::error::{Eval, value_error};
use crate::value::py_repr;

/// What has been read so far.
#[derive(Debug)]
pub(super) struct Fields {
    pub year: i64,
    pub month: i64,
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
    pub micros: i64,
    pub zone: Option<Zone>,
    ordinal: Option<i64>,
    afternoon: Option<bool>,
}

/// Reads a time by a format.
pub(super) fn parse(text: &str, format: &str) -> Eval<Fields> {
    let mut fields = Fields {
        year: 1900,
        month: 1,
        day: 1,
        hour: 0,
        minute: 0,
        second: 0,
        micros: 0,
        zone: None,
        ordinal: None,
        afternoon: None,
    };
    let quoted = |text: &str| py_repr(&minijinja::Value::from(text));
    let Some(rest) = read(text, format, &mut fields) else {
        return Err(value_error(format!("time data {} does not match format {}", quoted(text), quoted(format))));
    };
    if !rest.is_empty() {
        return Err(value_error(format!("unconverted data remains: {rest}")));
    }
    fields.finish();
    Ok(fields)
}

impl Fields {
    fn finish(&mut self) {
        match self.afternoon {
            Some(true) if self.hour < 12 => self.hour += 12,
            Some(false) if self.hour == 12 => self.hour = 0,
            _ => {}
        }
        let first = i16::try_from(self.year).ok().and_then(|year| jiff::civil::Date::new(year, 1, 1).ok());
        if let (Some(ordinal), Some(first)) = (self.ordinal, first)
            && let Ok(date) = first.checked_add(jiff::Span::new().days(ordinal - 1))
        {
            self.month = date.month().into();
            self.day = date.day().into();
        }
    }
}

fn read<'s>(text: &'s str, format: &str, fields: &mut Fields) -> Option<&'s str> {
    let mut rest = text;
    let mut directives = format.chars().peekable();
    while let Some(c) = directives.next() {
        if c.is_whitespace() {
            let trimmed = rest.trim_start();
            if trimmed.len() == rest.len() {
                return None;
            }
            while directives.next_if(|c| c.is_whitespace()).is_some() {}
            rest = trimmed;
        } else if c == '%' {
            rest = directive(directives.next()?, rest, fields)?;
        } else {
            let next = rest.chars().next()?;
            if !next.eq_ignore_ascii_case(&c) {
                return None;
            }
            rest = &rest[next.len_utf8()..];
        }
    }
    Some(rest)
}

fn digits(text: &str, most: usize) -> Option<(i64, &str)> {
    let len = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    Some((text[..len].parse().ok()?, &text[len..]))
}

/// As `digits`, but shorter when the number would be out of range, as Python's expressions backtrack.
fn bounded(text: &str, most: usize, low: i64, high: i64) -> Option<(i64, &str)> {
    (1..=most).rev().filter_map(|width| digits(text, width)).find(|(number, _)| (low..=high).contains(number))
}

fn name<'s>(text: &'s str, names: &[&str], short: bool) -> Option<(usize, &'s str)> {
    names.iter().enumerate().find_map(|(at, name)| {
        let name = if short { &name[..3] } else { name };
        let head = text.get(..name.len())?;
        head.eq_ignore_ascii_case(name).then(|| (at, &text[name.len()..]))
    })
}

fn directive<'s>(directive: char, text: &'s str, fields: &mut Fields) -> Option<&'s str> {
    let rest;
    match directive {
        'Y' => {
            (fields.year, rest) = digits(text, 4)?;
            if text.len() - rest.len() != 4 {
                return None;
            }
        }
        'y' => {
            (fields.year, rest) = digits(text, 2)?;
            fields.year += if fields.year < 69 { 2000 } else { 1900 };
        }
        'm' => (fields.month, rest) = bounded(text, 2, 1, 12)?,
        'd' => (fields.day, rest) = bounded(text, 2, 1, 31)?,
        'H' => (fields.hour, rest) = bounded(text, 2, 0, 23)?,
        'I' => (fields.hour, rest) = bounded(text, 2, 1, 12)?,
        'M' => (fields.minute, rest) = bounded(text, 2, 0, 59)?,
        'S' => (fields.second, rest) = bounded(text, 2, 0, 61)?,
        'f' => {
            let (number, after) = digits(text, 6)?;
            fields.micros = number * 10i64.pow(6 - (text.len() - after.len()) as u32);
            rest = after;
        }
        'j' => {
            let (ordinal, after) = bounded(text, 3, 1, 366)?;
            fields.ordinal = Some(ordinal);
            rest = after;
        }
        'b' | 'h' | 'B' => {
            let (at, after) = name(text, &MONTHS, directive != 'B')?;
            fields.month = at as i64 + 1;
            rest = after;
        }
        'a' | 'A' => (_, rest) = name(text, &DAYS, directive == 'a')?,
        'p' => {
            let head = text.get(..2)?.to_ascii_uppercase();
            fields.afternoon = Some(head == "PM");
            rest = if matches!(&head[..], "AM" | "PM") { &text[2..] } else { return None };
        }
        'z' => {
            let (zone, after) = Zone::parse_offset(text)?;
            fields.zone = Some(zone);
            rest = after;
        }
        'Z' => {
            rest = ["UTC", "GMT"].iter().find_map(|name| text.strip_prefix(name))?;
        }
        'T' => rest = read(text, "%H:%M:%S", fields)?,
        'D' | 'x' => rest = read(text, "%m/%d/%y", fields)?,
        'X' => rest = read(text, "%H:%M:%S", fields)?,
        'c' => rest = read(text, "%a %b %d %H:%M:%S %Y", fields)?,
        '%' => rest = text.strip_prefix('%')?,
        _ => return None,
    }
    Some(rest)
}
