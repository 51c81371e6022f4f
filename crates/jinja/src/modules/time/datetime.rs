//! `datetime`

use std::cmp::Ordering;

use jiff::civil::{Date as CivilDate, DateTime as Civil, Time as CivilTime};
use jiff::{SignedDuration, Timestamp};
use minijinja::Value;

use super::clock::{Time, civil_time, iso_time, repr_time, time_attr};
use super::date::{Date, civil_date, date_attr, date_method, need_date};
use super::delta::Timedelta;
use super::zone::Zone;
use super::{strftime, strptime};
use crate::args::{Args, arguments, int_or, need_int, need_str};
use crate::error::{Eval, type_error, value_error};
use crate::interp::Interp;
use crate::syntax::ast::BinOp;
use crate::value::{Native, Py, as_int, instance, native_ref, py_repr, type_name, view};

/// A point in time, with or without a zone.
#[derive(Debug, Clone)]
pub(super) struct DateTime {
    pub civil: Civil,
    pub zone: Option<Zone>,
}

fn out_of_range() -> Box<crate::error::Signal> {
    value_error("date value out of range")
}

fn micros_of(civil: Civil) -> i128 {
    civil.duration_since(Civil::constant(1970, 1, 1, 0, 0, 0, 0)).as_micros()
}

impl DateTime {
    fn naive(civil: Civil) -> DateTime {
        DateTime { civil, zone: None }
    }

    /// The time that clocks show at an instant, in a zone or in UTC.
    pub fn from_timestamp(timestamp: Timestamp, zone: Option<Zone>) -> DateTime {
        let zone = zone.map(|zone| zone.at(timestamp));
        let offset = zone.as_ref().map_or(0, |zone| i64::from(zone.offset));
        let utc = jiff::tz::Offset::UTC.to_datetime(timestamp);
        let civil = utc.checked_add(SignedDuration::from_secs(offset)).unwrap_or(utc);
        let micros = civil.subsec_nanosecond() / 1000 * 1000;
        DateTime { civil: civil.with().subsec_nanosecond(micros).build().unwrap_or(civil), zone }
    }

    /// Microseconds since 1970 in UTC, were the zone UTC if there is none.
    fn micros(&self) -> i128 {
        micros_of(self.civil) - i128::from(self.zone.as_ref().map_or(0, |zone| zone.offset)) * 1_000_000
    }

    /// The instant; only with a zone.
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.zone.as_ref()?;
        i64::try_from(self.micros()).ok().and_then(|micros| Timestamp::from_microsecond(micros).ok())
    }

    pub fn strftime(&self, format: &str) -> String {
        strftime::format(self.civil, self.zone.as_ref(), format)
    }

    fn isoformat(&self, separator: &str, timespec: &str) -> Eval<String> {
        let date = self.civil.date();
        let zone = self.zone.as_ref().map(|zone| zone.offset_text(":")).unwrap_or_default();
        let time = iso_time(self.civil.time(), timespec)?;
        Ok(format!("{:04}-{:02}-{:02}{separator}{time}{zone}", date.year(), date.month(), date.day()))
    }

    /// Reads what `isoformat` writes.
    pub fn parse(text: &str) -> Option<DateTime> {
        let date = Date::parse(text.get(..10)?)?;
        let Some(rest) = text.get(10..).filter(|rest| !rest.is_empty()) else {
            return Some(DateTime::naive(date.0.to_datetime(CivilTime::midnight())));
        };
        let rest = rest.get(1..)?;
        let (clock, zone) = match rest.find(['Z', 'z', '+', '-']) {
            Some(at) => {
                (rest[..at].trim_end(), Some(Zone::parse_offset(&rest[at..]).filter(|(_, rest)| rest.is_empty())?.0))
            }
            None => (rest, None),
        };
        let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
        let mut parts = [0; 4];
        for (part, text) in parts.iter_mut().zip(clock.split(':')) {
            *part = text.parse().ok()?;
        }
        parts[3] = if fraction.is_empty() { 0 } else { format!("{fraction:0<6}").get(..6)?.parse().ok()? };
        Some(DateTime { civil: date.0.to_datetime(civil_time(parts).ok()?), zone })
    }

    fn shift(&self, micros: i128) -> Eval<DateTime> {
        let micros = i64::try_from(micros).map_err(|_| out_of_range())?;
        let civil = self.civil.checked_add(SignedDuration::from_micros(micros)).map_err(|_| out_of_range())?;
        if civil.year() < 1 {
            return Err(out_of_range());
        }
        Ok(DateTime { civil, zone: self.zone.clone() })
    }

    fn replace(&self, args: &Args) -> Eval<Value> {
        let names = ["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "fold"];
        let [year, month, day, hour, minute, second, micros, tz, _] = args.bind("replace", names, 0)?;
        let (date, time) = (self.civil.date(), self.civil.time());
        let date = civil_date(
            int_or(year, date.year().into())?,
            int_or(month, date.month().into())?,
            int_or(day, date.day().into())?,
        )?;
        let time = civil_time([
            int_or(hour, time.hour().into())?,
            int_or(minute, time.minute().into())?,
            int_or(second, time.second().into())?,
            int_or(micros, (time.subsec_nanosecond() / 1000).into())?,
        ])?;
        let zone = match tz {
            Some(tz) => zone_of(Some(&tz))?,
            None => self.zone.clone(),
        };
        Ok(instance(DateTime { civil: date.to_datetime(time), zone }))
    }

    fn astimezone(&self, args: &Args) -> Eval<Value> {
        let [tz] = args.bind("astimezone", ["tz"], 0)?;
        let zone = zone_of(tz.as_ref())?;
        let timestamp = match self.timestamp() {
            Some(timestamp) => timestamp,
            None => local(self.civil)?,
        };
        Ok(instance(DateTime::from_timestamp(timestamp, Some(zone.unwrap_or_else(|| system_zone(timestamp))))))
    }

    fn call(&self, name: &str, args: &Args) -> Option<Eval<Value>> {
        let none = || Value::from(());
        Some(match name {
            "strftime" => args
                .exactly_one("datetime.strftime")
                .and_then(|format| Ok(Value::from(self.strftime(need_str(&format, "strftime() argument 1")?)))),
            "isoformat" => args.bind(name, ["sep", "timespec"], 0).and_then(|[separator, timespec]| {
                let separator = separator.as_ref().and_then(Value::as_str).unwrap_or("T");
                let timespec = timespec.as_ref().and_then(Value::as_str).unwrap_or("auto");
                self.isoformat(separator, timespec).map(Value::from)
            }),
            "date" => args.nothing("datetime.date").map(|()| instance(Date(self.civil.date()))),
            "time" => args.nothing("datetime.time").map(|()| instance(Time { civil: self.civil.time(), zone: None })),
            "timetz" => args
                .nothing("datetime.timetz")
                .map(|()| instance(Time { civil: self.civil.time(), zone: self.zone.clone() })),
            "ctime" => args.nothing("datetime.ctime").map(|()| Value::from(self.strftime("%a %b %e %H:%M:%S %Y"))),
            "replace" => self.replace(args),
            "astimezone" => self.astimezone(args),
            "timestamp" => args.nothing("datetime.timestamp").and_then(|()| {
                let micros = match &self.zone {
                    Some(_) => self.micros(),
                    None => local(self.civil)?.as_microsecond().into(),
                };
                Ok(Value::from(micros as f64 / 1e6))
            }),
            "utcoffset" | "dst" => args.nothing(name).map(|()| match &self.zone {
                Some(zone) if name == "dst" => instance(Timedelta::from_seconds(if zone.dst { 3600 } else { 0 })),
                Some(zone) => instance(Timedelta::from_seconds(zone.offset.into())),
                None => none(),
            }),
            "tzname" => args
                .nothing(name)
                .map(|()| self.zone.as_ref().map_or_else(none, |zone| Value::from(zone.abbreviation.as_str()))),
            _ => return date_method(self.civil.date(), name, args),
        })
    }
}

fn zone_of(value: Option<&Value>) -> Eval<Option<Zone>> {
    match value {
        None => Ok(None),
        Some(value) if value.is_none() => Ok(None),
        Some(value) => match native_ref::<Zone>(value) {
            Some(zone) => Ok(Some(zone.clone())),
            None => Err(type_error(format!(
                "tzinfo argument must be None or of a tzinfo subclass, not type '{}'",
                type_name(value)
            ))),
        },
    }
}

fn system_zone(timestamp: Timestamp) -> Zone {
    Zone::standard(jiff::tz::TimeZone::system().to_offset(timestamp).seconds())
}

/// The instant at which the clocks of this machine show a time.
fn local(civil: Civil) -> Eval<Timestamp> {
    let zoned = civil.to_zoned(jiff::tz::TimeZone::system()).map_err(|_| out_of_range())?;
    Ok(zoned.timestamp())
}

/// The class `datetime`.
#[derive(Debug)]
pub(super) struct DateTimeClass;

/// The methods that templates hand on without calling them: `try_or_compiler_error(message, datetime.strptime, …)`.
const CLASS_METHODS: [&str; 2] = ["strptime", "fromisoformat"];

/// A method of the class `datetime` that is not called yet.
#[derive(Debug)]
struct ClassMethod(&'static str);

impl Native for ClassMethod {
    fn type_name(&self) -> &'static str {
        "builtin_function_or_method"
    }

    fn repr(&self) -> String {
        format!("<built-in method {} of type object>", self.0)
    }

    fn callable(&self) -> bool {
        true
    }

    fn call(&self, interp: &mut Interp<'_, '_, '_>, args: &Args) -> Option<Eval<Value>> {
        DateTimeClass.method(interp, self.0, args)
    }
}

impl Native for DateTimeClass {
    fn type_name(&self) -> &'static str {
        "type"
    }

    fn repr(&self) -> String {
        "<class 'datetime.datetime'>".into()
    }

    fn callable(&self) -> bool {
        true
    }

    fn attr(&self, name: &str) -> Option<Value> {
        let civil = match name {
            "min" => Civil::constant(1, 1, 1, 0, 0, 0, 0),
            "max" => Civil::constant(9999, 12, 31, 23, 59, 59, 999_999_000),
            _ => {
                return CLASS_METHODS
                    .into_iter()
                    .find(|known| *known == name)
                    .map(|known| instance(ClassMethod(known)));
            }
        };
        Some(instance(DateTime::naive(civil)))
    }

    fn call(&self, _: &mut Interp<'_, '_, '_>, args: &Args) -> Option<Eval<Value>> {
        Some(construct(args).map(instance))
    }

    fn methods(&self) -> &'static [&'static str] {
        &["now", "utcnow", "today", "strptime", "fromisoformat", "fromtimestamp", "utcfromtimestamp", "combine"]
    }

    fn method(&self, _: &mut Interp<'_, '_, '_>, name: &str, args: &Args) -> Option<Eval<Value>> {
        let result = match name {
            "now" => now(args),
            "utcnow" => args.nothing("datetime.utcnow").map(|()| DateTime::from_timestamp(Timestamp::now(), None)),
            "today" => args.nothing("datetime.today").map(|()| now_local()),
            "strptime" => parse(args),
            "fromisoformat" => args.exactly_one("datetime.fromisoformat").and_then(|text| {
                let text = need_str(&text, "fromisoformat: argument")?;
                DateTime::parse(text)
                    .ok_or_else(|| value_error(format!("Invalid isoformat string: {}", py_repr(&Value::from(text)))))
            }),
            "fromtimestamp" | "utcfromtimestamp" => from_number(name, args),
            "combine" => combine(args),
            _ => return None,
        };
        Some(result.map(instance))
    }
}

fn construct(args: &Args) -> Eval<DateTime> {
    let names = ["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "fold"];
    let [year, month, day, hour, minute, second, micros, tz, _] = args.bind("datetime", names, 3)?;
    let need = |value: Option<Value>| need_int(&value.unwrap_or_default());
    let date = civil_date(need(year)?, need(month)?, need(day)?)?;
    let time = civil_time([int_or(hour, 0)?, int_or(minute, 0)?, int_or(second, 0)?, int_or(micros, 0)?])?;
    Ok(DateTime { civil: date.to_datetime(time), zone: zone_of(tz.as_ref())? })
}

fn now_local() -> DateTime {
    let timestamp = Timestamp::now();
    let shown = DateTime::from_timestamp(timestamp, Some(system_zone(timestamp)));
    DateTime::naive(shown.civil)
}

fn now(args: &Args) -> Eval<DateTime> {
    let [tz] = args.bind("now", ["tz"], 0)?;
    Ok(match zone_of(tz.as_ref())? {
        Some(zone) => DateTime::from_timestamp(Timestamp::now(), Some(zone)),
        None => now_local(),
    })
}

fn parse(args: &Args) -> Eval<DateTime> {
    let [text, format] = args.bind("strptime", ["date_string", "format"], 2)?;
    let (text, format) = (text.unwrap_or_default(), format.unwrap_or_default());
    let text = need_str(&text, "strptime() argument 1")?;
    let fields = strptime::parse(text, need_str(&format, "strptime() argument 2")?)?;
    let date = civil_date(fields.year.into(), fields.month.into(), fields.day.into())?;
    let time = civil_time([fields.hour.into(), fields.minute.into(), fields.second.into(), fields.micros.into()])?;
    Ok(DateTime { civil: date.to_datetime(time), zone: fields.zone })
}

fn from_number(name: &str, args: &Args) -> Eval<DateTime> {
    let [number, tz] = args.bind(name, ["timestamp", "tz"], 1)?;
    let number = number.unwrap_or_default();
    let seconds = match (as_int(&number), view(&number)) {
        (Some(number), _) => number as f64,
        (None, Py::Float(number)) => number,
        _ => return Err(type_error(format!("'{}' object cannot be interpreted as an integer", type_name(&number)))),
    };
    let timestamp = Timestamp::from_microsecond((seconds * 1e6).round_ties_even() as i64)
        .map_err(|_| value_error("year is out of range"))?;
    Ok(match zone_of(tz.as_ref())? {
        Some(zone) => DateTime::from_timestamp(timestamp, Some(zone)),
        None if name == "fromtimestamp" => {
            DateTime::naive(DateTime::from_timestamp(timestamp, Some(system_zone(timestamp))).civil)
        }
        None => DateTime::from_timestamp(timestamp, None),
    })
}

fn combine(args: &Args) -> Eval<DateTime> {
    let [date, time] = args.bind("combine", ["date", "time"], 2)?;
    let (date, time) = (date.unwrap_or_default(), time.unwrap_or_default());
    let date: CivilDate = match native_ref::<DateTime>(&date) {
        Some(datetime) => datetime.civil.date(),
        None => need_date(&date, "combine")?,
    };
    let Some(time) = native_ref::<Time>(&time) else {
        return Err(arguments("combine() argument 2 must be datetime.time"));
    };
    Ok(DateTime { civil: date.to_datetime(time.civil), zone: time.zone.clone() })
}

impl Native for DateTime {
    fn type_name(&self) -> &'static str {
        "datetime.datetime"
    }

    fn repr(&self) -> String {
        let date = self.civil.date();
        let zone = self.zone.as_ref().map(|zone| format!(", tzinfo={}", zone.repr())).unwrap_or_default();
        format!(
            "datetime.datetime({}, {}, {}, {}{zone})",
            date.year(),
            date.month(),
            date.day(),
            repr_time(self.civil.time())
        )
    }

    fn text(&self) -> String {
        self.isoformat(" ", "auto").unwrap_or_default()
    }

    fn attr(&self, name: &str) -> Option<Value> {
        date_attr(self.civil.date(), name).or_else(|| time_attr(self.civil.time(), self.zone.as_ref(), name))
    }

    fn methods(&self) -> &'static [&'static str] {
        &[
            "strftime",
            "isoformat",
            "date",
            "time",
            "timetz",
            "ctime",
            "replace",
            "astimezone",
            "timestamp",
            "utcoffset",
            "dst",
            "tzname",
            "weekday",
            "isoweekday",
            "toordinal",
            "isocalendar",
        ]
    }

    fn method(&self, _: &mut Interp<'_, '_, '_>, name: &str, args: &Args) -> Option<Eval<Value>> {
        self.call(name, args)
    }

    fn equals(&self, other: &dyn Native) -> Option<bool> {
        let other = other.downcast::<DateTime>()?;
        Some(self.zone.is_some() == other.zone.is_some() && self.micros() == other.micros())
    }

    fn compare(&self, other: &dyn Native) -> Option<Ordering> {
        let other = other.downcast::<DateTime>()?;
        (self.zone.is_some() == other.zone.is_some()).then(|| self.micros().cmp(&other.micros()))
    }

    fn binary(&self, op: BinOp, other: &Value, reflected: bool) -> Option<Eval<Value>> {
        if let Some(delta) = native_ref::<Timedelta>(other) {
            let micros = match op {
                BinOp::Add => delta.0,
                BinOp::Sub if !reflected => -delta.0,
                _ => return None,
            };
            return Some(self.shift(micros).map(instance));
        }
        let other = native_ref::<DateTime>(other).filter(|_| op == BinOp::Sub && !reflected)?;
        if self.zone.is_some() != other.zone.is_some() {
            return Some(Err(type_error("can't subtract offset-naive and offset-aware datetimes")));
        }
        Some(Ok(instance(Timedelta(self.micros() - other.micros()))))
    }
}
