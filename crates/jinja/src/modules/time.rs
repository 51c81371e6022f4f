//! `modules.datetime` and `modules.pytz`

mod clock;
mod date;
mod datetime;
mod delta;
mod strftime;
mod strptime;
mod zone;

use minijinja::Value;

use self::clock::TimeClass;
use self::date::{Date, DateClass};
use self::datetime::{DateTime, DateTimeClass};
use self::delta::TimedeltaClass;
use self::zone::{TimezoneClass, Zone};
use crate::error::Eval;
use crate::value::{Native, instance, list};

/// The module `datetime`.
pub(super) fn datetime() -> Value {
    super::module(
        &[],
        vec![
            ("date", instance(DateClass)),
            ("datetime", instance(DateTimeClass)),
            ("time", instance(TimeClass)),
            ("timedelta", instance(TimedeltaClass)),
            ("timezone", instance(TimezoneClass)),
        ],
    )
}

/// The module `pytz`.
pub(super) fn pytz() -> Value {
    let names: Vec<Value> = jiff::tz::db().available().map(|name| Value::from(name.as_str())).collect();
    super::module(
        &[("timezone", zone::pytz_timezone), ("FixedOffset", zone::fixed_offset)],
        vec![
            ("utc", instance(Zone::pytz_utc())),
            ("UTC", instance(Zone::pytz_utc())),
            ("all_timezones", list(names.clone())),
            ("common_timezones", list(names)),
        ],
    )
}

/// The time of a timestamp as a `datetime` in UTC, such as dbt's `run_started_at`.
pub fn utc_datetime(timestamp: jiff::Timestamp) -> Value {
    instance(DateTime::from_timestamp(timestamp, Some(Zone::pytz_utc())))
}

/// A `date` or a `datetime` from its text: `2024-01-31`, `2024-01-31 12:00:00.5`, `2024-01-31 12:00:00+02`.
pub fn moment(text: &str) -> Option<Value> {
    let (clock, offset) = match text.get(11..).and_then(|clock| clock.find(['+', '-'])) {
        Some(at) => text.split_at(at + 11),
        None => (text, ""),
    };
    if offset.is_empty() || clock.len() < 19 {
        return from_timestamp(text);
    }
    let minutes = if offset.len() == 3 { format!("{offset}:00") } else { offset.to_owned() };
    let mut moment = DateTime::parse(&format!("{clock}{minutes}"))?;
    if moment.zone.as_ref().is_some_and(|zone| zone.offset == 0) {
        moment.zone = Some(Zone::pytz_utc());
    }
    Some(instance(moment))
}

/// The text of a `timedelta` of so many microseconds.
pub fn span_text(micros: i128) -> String {
    delta::Timedelta(micros).text()
}

/// A date or a time of a YAML file.
pub(crate) fn from_timestamp(text: &str) -> Option<Value> {
    if text.len() == 10 {
        return Date::parse(text).map(instance);
    }
    DateTime::parse(text).map(instance)
}

/// The format of a date or a time in a replacement field.
pub(crate) fn format_date(value: &dyn Native, format: &str) -> Option<Eval<String>> {
    if let Some(datetime) = value.downcast::<DateTime>() {
        return Some(Ok(datetime.strftime(format)));
    }
    value.downcast::<Date>().map(|date| Ok(date.strftime(format)))
}
