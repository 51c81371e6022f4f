//! Time zones: those of `pytz` and `datetime.timezone`.

use jiff::civil::DateTime as Civil;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use minijinja::Value;

use super::datetime::DateTime;
use super::delta::Timedelta;
use crate::args::{Args, need_int, need_str};
use crate::error::{Eval, type_error, value_error};
use crate::interp::Interp;
use crate::value::{Native, instance, native_ref, py_repr, truthy};

/// A zone at an instant: one offset from UTC, and where it came from.
#[derive(Debug, Clone)]
pub(super) struct Zone {
    /// East of UTC, in seconds.
    pub offset: i32,
    pub abbreviation: String,
    pub dst: bool,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    /// `pytz.utc`
    PytzUtc,
    /// `pytz.FixedOffset`
    PytzFixed,
    /// `pytz.timezone(name)`
    Pytz(String, TimeZone),
    /// `datetime.timezone`
    Standard,
}

impl Zone {
    pub fn pytz_utc() -> Zone {
        Zone { offset: 0, abbreviation: "UTC".into(), dst: false, kind: Kind::PytzUtc }
    }

    pub fn standard(offset: i32) -> Zone {
        let mut zone = Zone { offset, abbreviation: "UTC".into(), dst: false, kind: Kind::Standard };
        if offset != 0 {
            zone.abbreviation = format!("UTC{}", zone.offset_text(":"));
        }
        zone
    }

    /// `+0130`, with something between hours and minutes.
    pub fn offset_text(&self, separator: &str) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let size = self.offset.abs();
        let seconds = if size % 60 == 0 { String::new() } else { format!("{separator}{:02}", size % 60) };
        format!("{sign}{:02}{separator}{:02}{seconds}", size / 3600, size / 60 % 60)
    }

    /// Reads `Z`, `+01:30` or `-0500` at the start of a text.
    pub fn parse_offset(text: &str) -> Option<(Zone, &str)> {
        if let Some(rest) = text.strip_prefix(['Z', 'z']) {
            return Some((Zone::standard(0), rest));
        }
        let sign = match text.chars().next()? {
            '+' => 1,
            '-' => -1,
            _ => return None,
        };
        let hours: i32 = text.get(1..3)?.parse().ok()?;
        let rest = text.get(3..)?;
        let minutes = rest.strip_prefix(':').unwrap_or(rest);
        let number: i32 = minutes.get(..2)?.parse().ok()?;
        Some((Zone::standard(sign * (hours * 3600 + number * 60)), &minutes[2..]))
    }

    /// The zone as it is at an instant.
    pub fn at(&self, timestamp: jiff::Timestamp) -> Zone {
        let Kind::Pytz(_, tz) = &self.kind else { return self.clone() };
        let info = tz.to_offset_info(timestamp);
        Zone {
            offset: info.offset().seconds(),
            abbreviation: info.abbreviation().to_owned(),
            dst: info.dst().is_dst(),
            kind: self.kind.clone(),
        }
    }

    /// The zone as it is when its clocks show a time.
    fn at_civil(&self, civil: Civil, is_dst: bool) -> Zone {
        let Kind::Pytz(_, tz) = &self.kind else { return self.clone() };
        let instant = |offset: Offset| offset.to_timestamp(civil).ok();
        let choose = |a: Offset, b: Offset| {
            let zones = [a, b].map(|offset| instant(offset).map(|instant| self.at(instant)));
            zones.into_iter().flatten().find(|zone| zone.dst == is_dst)
        };
        let chosen = match tz.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => instant(offset).map(|instant| self.at(instant)),
            AmbiguousOffset::Gap { before, after } => choose(after, before),
            AmbiguousOffset::Fold { before, after } => choose(before, after),
        };
        chosen.unwrap_or_else(|| self.clone())
    }

    fn localize(&self, args: &Args) -> Eval<Value> {
        let [dt, is_dst] = args.bind("localize", ["dt", "is_dst"], 1)?;
        let dt = dt.unwrap_or_default();
        let Some(naive) = native_ref::<DateTime>(&dt) else { return Err(type_error("localize() takes a datetime")) };
        if naive.zone.is_some() {
            return Err(value_error("Not naive datetime (tzinfo is already set)"));
        }
        let zone = self.at_civil(naive.civil, is_dst.is_some_and(|is_dst| truthy(&is_dst)));
        Ok(instance(DateTime { civil: naive.civil, zone: Some(zone) }))
    }

    fn normalize(&self, args: &Args) -> Eval<Value> {
        let dt = args.one("normalize", "dt")?;
        match native_ref::<DateTime>(&dt).and_then(DateTime::timestamp) {
            Some(timestamp) => Ok(instance(DateTime::from_timestamp(timestamp, Some(self.clone())))),
            None => Err(value_error("Naive time - no tzinfo set")),
        }
    }
}

impl Native for Zone {
    fn type_name(&self) -> &'static str {
        match self.kind {
            Kind::Standard => "datetime.timezone",
            _ => "pytz.tzinfo",
        }
    }

    fn repr(&self) -> String {
        match &self.kind {
            Kind::PytzUtc => "<UTC>".into(),
            Kind::PytzFixed => format!("pytz.FixedOffset({})", self.offset / 60),
            Kind::Pytz(name, _) => {
                let offset = Timedelta::from_seconds(self.offset.into()).text();
                let season = if self.dst { "DST" } else { "STD" };
                let sign = if self.offset < 0 { "" } else { "+" };
                format!(
                    "<DstTzInfo {} {}{sign}{offset} {season}>",
                    py_repr(&Value::from(name.as_str())),
                    self.abbreviation
                )
            }
            Kind::Standard if self.offset == 0 => "datetime.timezone.utc".into(),
            Kind::Standard => format!("datetime.timezone({})", Timedelta::from_seconds(self.offset.into()).repr()),
        }
    }

    fn text(&self) -> String {
        match &self.kind {
            Kind::PytzUtc => "UTC".into(),
            Kind::Pytz(name, _) => name.clone(),
            Kind::PytzFixed => self.repr(),
            Kind::Standard => self.abbreviation.clone(),
        }
    }

    fn attr(&self, name: &str) -> Option<Value> {
        match (name, &self.kind) {
            ("zone", Kind::PytzUtc) => Some(Value::from("UTC")),
            ("zone", Kind::Pytz(name, _)) => Some(Value::from(name.as_str())),
            _ => None,
        }
    }

    fn methods(&self) -> &'static [&'static str] {
        &["localize", "normalize", "utcoffset", "tzname"]
    }

    fn method(&self, _: &mut Interp<'_, '_, '_>, name: &str, args: &Args) -> Option<Eval<Value>> {
        let instant = || -> Eval<Zone> {
            let [dt] = args.bind(name, ["dt"], 0)?;
            let civil = dt.as_ref().and_then(native_ref::<DateTime>).map(|dt| dt.civil);
            Ok(civil.map_or_else(|| self.clone(), |civil| self.at_civil(civil, false)))
        };
        Some(match name {
            "localize" => self.localize(args),
            "normalize" => self.normalize(args),
            "utcoffset" => instant().map(|zone| instance(Timedelta::from_seconds(zone.offset.into()))),
            "tzname" => instant().map(|zone| Value::from(zone.abbreviation)),
            _ => return None,
        })
    }

    fn equals(&self, other: &dyn Native) -> Option<bool> {
        other.downcast::<Zone>().map(|other| self.offset == other.offset && self.repr() == other.repr())
    }
}

/// `pytz.timezone(name)`
pub(super) fn pytz_timezone(_: &mut Interp<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let name = args.one("timezone", "zone")?;
    let name = need_str(&name, "zone")?;
    if name.eq_ignore_ascii_case("utc") {
        return Ok(instance(Zone::pytz_utc()));
    }
    let tz = TimeZone::get(name).map_err(|_| value_error(py_repr(&Value::from(name))))?;
    let name = tz.iana_name().unwrap_or(name).to_owned();
    // pytz starts a zone at its first offset, before standard time.
    let earliest = jiff::Timestamp::from_second(-7_000_000_000).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let zone = Zone { offset: 0, abbreviation: String::new(), dst: false, kind: Kind::Pytz(name, tz) }.at(earliest);
    let minutes = (f64::from(zone.offset) / 60.0).round() as i32;
    Ok(instance(Zone { offset: minutes * 60, ..zone }))
}

/// `pytz.FixedOffset(minutes)`
pub(super) fn fixed_offset(_: &mut Interp<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let minutes = need_int(&args.one("FixedOffset", "offset")?)?;
    if minutes == 0 {
        return Ok(instance(Zone::pytz_utc()));
    }
    if minutes.abs() >= 1440 {
        return Err(value_error(format!("('absolute offset is too large', {minutes})")));
    }
    let offset = minutes as i32 * 60;
    Ok(instance(Zone { offset, abbreviation: String::new(), dst: false, kind: Kind::PytzFixed }))
}

/// The class `datetime.timezone`.
#[derive(Debug)]
pub(super) struct TimezoneClass;

impl Native for TimezoneClass {
    fn type_name(&self) -> &'static str {
        "type"
    }

    fn repr(&self) -> String {
        "<class 'datetime.timezone'>".into()
    }

    fn callable(&self) -> bool {
        true
    }

    fn attr(&self, name: &str) -> Option<Value> {
        (name == "utc").then(|| instance(Zone::standard(0)))
    }

    fn call(&self, _: &mut Interp<'_, '_, '_>, args: &Args) -> Option<Eval<Value>> {
        Some(args.bind("timezone", ["offset", "name"], 1).and_then(|[offset, name]| {
            let offset = offset.unwrap_or_default();
            let Some(delta) = native_ref::<Timedelta>(&offset) else {
                return Err(type_error("timezone() argument 1 must be datetime.timedelta"));
            };
            let mut zone = Zone::standard((delta.0 / 1_000_000) as i32);
            if let Some(name) = name.as_ref().and_then(Value::as_str) {
                zone.abbreviation = name.to_owned();
            }
            Ok(instance(zone))
        }))
    }
}
