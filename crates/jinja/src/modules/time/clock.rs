//! `time`

use std::cmp::Ordering;

use jiff::civil::{Date as CivilDate, Time as CivilTime};
use minijinja::Value;

use super::strftime;
use super::zone::Zone;
use crate::args::{Args, int_or, need_str};
use crate::error::{Eval, value_error};
use crate::interp::Interp;
use crate::value::{Native, instance, native_ref};

/// A time of day.
#[derive(Debug, Clone)]
pub(super) struct Time {
    pub civil: CivilTime,
    pub zone: Option<Zone>,
}

/// The four numbers of a time of day.
pub(super) fn civil_time(parts: [i128; 4]) -> Eval<CivilTime> {
    let limits = [("hour", 23), ("minute", 59), ("second", 59), ("microsecond", 999_999)];
    for ((name, limit), part) in limits.iter().zip(parts) {
        if !(0..=*limit).contains(&part) {
            return Err(value_error(format!("{name} must be in 0..{limit}")));
        }
    }
    let [hour, minute, second, micros] = parts;
    CivilTime::new(hour as i8, minute as i8, second as i8, micros as i32 * 1000)
        .map_err(|error| value_error(error.to_string()))
}

/// `12:30:00.000001`
pub(super) fn iso_time(time: CivilTime, timespec: &str) -> Eval<String> {
    let micros = time.subsec_nanosecond() / 1000;
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    Ok(match timespec {
        "auto" if micros == 0 => format!("{hour:02}:{minute:02}:{second:02}"),
        "auto" | "microseconds" => format!("{hour:02}:{minute:02}:{second:02}.{micros:06}"),
        "milliseconds" => format!("{hour:02}:{minute:02}:{second:02}.{:03}", micros / 1000),
        "seconds" => format!("{hour:02}:{minute:02}:{second:02}"),
        "minutes" => format!("{hour:02}:{minute:02}"),
        "hours" => format!("{hour:02}"),
        _ => return Err(value_error("Unknown timespec value")),
    })
}

pub(super) fn time_attr(time: CivilTime, zone: Option<&Zone>, name: &str) -> Option<Value> {
    Some(match name {
        "hour" => Value::from(time.hour()),
        "minute" => Value::from(time.minute()),
        "second" => Value::from(time.second()),
        "microsecond" => Value::from(time.subsec_nanosecond() / 1000),
        "tzinfo" => zone.map_or_else(|| Value::from(()), |zone| instance(zone.clone())),
        "fold" => Value::from(0),
        _ => return None,
    })
}

/// The numbers after the date in the `repr` of a datetime, or all of those of a time.
pub(super) fn repr_time(time: CivilTime) -> String {
    let micros = time.subsec_nanosecond() / 1000;
    let mut text = format!("{}, {}", time.hour(), time.minute());
    if time.second() != 0 || micros != 0 {
        text += &format!(", {}", time.second());
    }
    if micros != 0 {
        text += &format!(", {micros}");
    }
    text
}

/// The class `time`.
#[derive(Debug)]
pub(super) struct TimeClass;

impl Native for TimeClass {
    fn type_name(&self) -> &'static str {
        "type"
    }

    fn repr(&self) -> String {
        "<class 'datetime.time'>".into()
    }

    fn callable(&self) -> bool {
        true
    }

    fn attr(&self, name: &str) -> Option<Value> {
        let civil = match name {
            "min" => CivilTime::midnight(),
            "max" => CivilTime::constant(23, 59, 59, 999_999_000),
            _ => return None,
        };
        Some(instance(Time { civil, zone: None }))
    }

    fn call(&self, _: &mut Interp<'_, '_, '_>, args: &Args) -> Option<Eval<Value>> {
        let names = ["hour", "minute", "second", "microsecond", "tzinfo"];
        Some(args.bind("time", names, 0).and_then(|[hour, minute, second, micros, tz]| {
            let civil = civil_time([int_or(hour, 0)?, int_or(minute, 0)?, int_or(second, 0)?, int_or(micros, 0)?])?;
            Ok(instance(Time { civil, zone: tz.as_ref().and_then(native_ref::<Zone>).cloned() }))
        }))
    }
}

impl Native for Time {
    fn type_name(&self) -> &'static str {
        "datetime.time"
    }

    fn repr(&self) -> String {
        format!("datetime.time({})", repr_time(self.civil))
    }

    fn text(&self) -> String {
        let zone = self.zone.as_ref().map(|zone| zone.offset_text(":")).unwrap_or_default();
        iso_time(self.civil, "auto").unwrap_or_default() + &zone
    }

    fn attr(&self, name: &str) -> Option<Value> {
        time_attr(self.civil, self.zone.as_ref(), name)
    }

    fn methods(&self) -> &'static [&'static str] {
        &["isoformat", "strftime"]
    }

    fn method(&self, _: &mut Interp<'_, '_, '_>, name: &str, args: &Args) -> Option<Eval<Value>> {
        Some(match name {
            "isoformat" => args.bind(name, ["timespec"], 0).and_then(|[timespec]| {
                iso_time(self.civil, timespec.as_ref().and_then(Value::as_str).unwrap_or("auto")).map(Value::from)
            }),
            "strftime" => args.exactly_one("time.strftime").and_then(|format| {
                let time = CivilDate::constant(1900, 1, 1).to_datetime(self.civil);
                let format = need_str(&format, "strftime() argument 1")?;
                Ok(Value::from(strftime::format(time, self.zone.as_ref(), format)))
            }),
            _ => return None,
        })
    }

    fn equals(&self, other: &dyn Native) -> Option<bool> {
        other.downcast::<Time>().map(|other| self.civil == other.civil)
    }

    fn compare(&self, other: &dyn Native) -> Option<Ordering> {
        other.downcast::<Time>().map(|other| self.civil.cmp(&other.civil))
    }
}
