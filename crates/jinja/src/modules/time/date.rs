//! `date`

use std::cmp::Ordering;

use jiff::civil::{Date as CivilDate, Time};
use minijinja::Value;

use super::delta::Timedelta;
use super::strftime;
use crate::args::{Args, arguments, need_int, need_str};
use crate::error::{Eval, value_error};
use crate::interp::Interp;
use crate::syntax::ast::BinOp;
use crate::value::{Native, instance, native_ref, py_repr, tuple};

/// A day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Date(pub CivilDate);

pub(super) fn civil_date(year: i128, month: i128, day: i128) -> Eval<CivilDate> {
    if !(1..=9999).contains(&year) {
        return Err(value_error(format!("year {year} is out of range")));
    }
    if !(1..=12).contains(&month) {
        return Err(value_error("month must be in 1..12"));
    }
    let day = i8::try_from(day).unwrap_or(0);
    CivilDate::new(year as i16, month as i8, day).map_err(|_| value_error("day is out of range for month"))
}

/// The day a number of days away.
pub(super) fn shift(date: CivilDate, days: i128) -> Eval<CivilDate> {
    let moved = i64::try_from(days).ok().and_then(|days| {
        let span = jiff::Span::new().try_days(days).ok()?;
        date.checked_add(span).ok()
    });
    moved.filter(|date| date.year() >= 1).ok_or_else(|| value_error("date value out of range"))
}

/// Days since the first of January of year 1, which is day 1.
pub(super) fn ordinal(date: CivilDate) -> i64 {
    date.duration_since(CivilDate::constant(1, 1, 1)).as_hours() / 24 + 1
}

impl Date {
    pub fn parse(text: &str) -> Option<Date> {
        let digits: String = text.chars().filter(|c| *c != '-').collect();
        let dashes = text.matches('-').count();
        if digits.len() != 8 || !(dashes == 0 || (dashes == 2 && text.len() == 10)) {
            return None;
        }
        let number = |range: std::ops::Range<usize>| digits.get(range)?.parse::<i128>().ok();
        civil_date(number(0..4)?, number(4..6)?, number(6..8)?).ok().map(Date)
    }

    pub fn strftime(self, format: &str) -> String {
        strftime::format(self.0.to_datetime(Time::midnight()), None, format)
    }

    fn isoformat(self) -> String {
        format!("{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

/// The attributes and methods that dates and datetimes share.
pub(super) fn date_attr(date: CivilDate, name: &str) -> Option<Value> {
    Some(match name {
        "year" => Value::from(date.year()),
        "month" => Value::from(date.month()),
        "day" => Value::from(date.day()),
        _ => return None,
    })
}

pub(super) fn date_method(date: CivilDate, name: &str, args: &Args) -> Option<Eval<Value>> {
    let weekday = i64::from(date.weekday().to_monday_zero_offset());
    let value = match name {
        "weekday" => Value::from(weekday),
        "isoweekday" => Value::from(weekday + 1),
        "toordinal" => Value::from(ordinal(date)),
        "isocalendar" => {
            let week = date.iso_week_date();
            tuple(vec![Value::from(week.year()), Value::from(week.week()), Value::from(weekday + 1)])
        }
        _ => return None,
    };
    Some(args.nothing(name).map(|()| value))
}

/// The class `date`.
#[derive(Debug)]
pub(super) struct DateClass;

impl Native for DateClass {
    fn type_name(&self) -> &'static str {
        "type"
    }

    fn repr(&self) -> String {
        "<class 'datetime.date'>".into()
    }

    fn callable(&self) -> bool {
        true
    }

    fn attr(&self, name: &str) -> Option<Value> {
        match name {
            "min" => Some(instance(Date(CivilDate::constant(1, 1, 1)))),
            "max" => Some(instance(Date(CivilDate::constant(9999, 12, 31)))),
            _ => None,
        }
    }

    fn call(&self, _: &mut Interp<'_, '_, '_>, args: &Args) -> Option<Eval<Value>> {
        Some(args.bind("date", ["year", "month", "day"], 3).and_then(|parts| {
            let [year, month, day] = parts.map(|part| need_int(&part.unwrap_or_default()));
            civil_date(year?, month?, day?).map(|date| instance(Date(date)))
        }))
    }

    fn methods(&self) -> &'static [&'static str] {
        &["today", "fromisoformat", "fromordinal"]
    }

    fn method(&self, _: &mut Interp<'_, '_, '_>, name: &str, args: &Args) -> Option<Eval<Value>> {
        Some(match name {
            "today" => args.nothing("date.today").map(|()| instance(Date(jiff::Zoned::now().date()))),
            "fromisoformat" => args.exactly_one("date.fromisoformat").and_then(|text| {
                let text = need_str(&text, "fromisoformat: argument")?;
                Date::parse(text)
                    .map(instance)
                    .ok_or_else(|| value_error(format!("Invalid isoformat string: {}", py_repr(&Value::from(text)))))
            }),
            "fromordinal" => args.exactly_one("date.fromordinal").and_then(|days| {
                shift(CivilDate::constant(1, 1, 1), need_int(&days)? - 1).map(|date| instance(Date(date)))
            }),
            _ => return None,
        })
    }
}

impl Native for Date {
    fn type_name(&self) -> &'static str {
        "datetime.date"
    }

    fn repr(&self) -> String {
        format!("datetime.date({}, {}, {})", self.0.year(), self.0.month(), self.0.day())
    }

    fn text(&self) -> String {
        self.isoformat()
    }

    fn attr(&self, name: &str) -> Option<Value> {
        date_attr(self.0, name)
    }

    fn methods(&self) -> &'static [&'static str] {
        &["strftime", "isoformat", "ctime", "replace", "weekday", "isoweekday", "toordinal", "isocalendar"]
    }

    fn method(&self, _: &mut Interp<'_, '_, '_>, name: &str, args: &Args) -> Option<Eval<Value>> {
        Some(match name {
            "strftime" => args
                .exactly_one("date.strftime")
                .and_then(|format| Ok(Value::from(self.strftime(need_str(&format, "strftime() argument 1")?)))),
            "isoformat" => args.nothing("date.isoformat").map(|()| Value::from(self.isoformat())),
            "ctime" => args.nothing("date.ctime").map(|()| Value::from(self.strftime("%a %b %e %H:%M:%S %Y"))),
            "replace" => self.replace(args),
            _ => return date_method(self.0, name, args),
        })
    }

    fn equals(&self, other: &dyn Native) -> Option<bool> {
        other.downcast::<Date>().map(|other| self == other)
    }

    fn compare(&self, other: &dyn Native) -> Option<Ordering> {
        other.downcast::<Date>().map(|other| self.0.cmp(&other.0))
    }

    fn binary(&self, op: BinOp, other: &Value, reflected: bool) -> Option<Eval<Value>> {
        if let Some(delta) = native_ref::<Timedelta>(other) {
            let days = match op {
                BinOp::Add => delta.days(),
                BinOp::Sub if !reflected => -delta.days(),
                _ => return None,
            };
            return Some(shift(self.0, days).map(|date| instance(Date(date))));
        }
        let other = native_ref::<Date>(other).filter(|_| op == BinOp::Sub && !reflected)?;
        let days = ordinal(self.0) - ordinal(other.0);
        Some(Ok(instance(Timedelta::from_seconds(days * 86_400))))
    }
}

impl Date {
    fn replace(self, args: &Args) -> Eval<Value> {
        let [year, month, day] = args.bind("replace", ["year", "month", "day"], 0)?;
        let or = |value: Option<Value>, old: i128| value.map_or(Ok(old), |value| need_int(&value));
        let date = civil_date(
            or(year, self.0.year().into())?,
            or(month, self.0.month().into())?,
            or(day, self.0.day().into())?,
        )?;
        Ok(instance(Date(date)))
    }
}

/// The complaint about a method that takes a date.
pub(super) fn need_date(value: &Value, function: &str) -> Eval<CivilDate> {
    native_ref::<Date>(value)
        .map(|date| date.0)
        .ok_or_else(|| arguments(format!("{function}() argument 1 must be datetime.date")))
}
