//! The specification after the colon of a replacement field: `{:>10.2f}`.

use minijinja::Value;

use super::float_body;
use crate::error::{Eval, type_error, value_error};
use crate::value::number::float_repr;
use crate::value::{Decimal, Py, as_int, instance, native_ref, py_str, type_name, view};

#[derive(Default)]
struct Spec {
    fill: Option<char>,
    align: Option<char>,
    sign: Option<char>,
    alternate: bool,
    zero: bool,
    width: usize,
    grouping: Option<char>,
    precision: Option<usize>,
    kind: Option<char>,
}

fn parse(text: &str) -> Option<Spec> {
    let mut spec = Spec::default();
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    let is_align = |c: Option<&char>| c.is_some_and(|c| matches!(c, '<' | '>' | '=' | '^'));
    if is_align(chars.get(1)) {
        spec.fill = Some(chars[0]);
        spec.align = Some(chars[1]);
        at = 2;
    } else if is_align(chars.first()) {
        spec.align = Some(chars[0]);
        at = 1;
    }
    if let Some(sign) = chars.get(at).filter(|c| matches!(c, '+' | '-' | ' ')) {
        spec.sign = Some(*sign);
        at += 1;
    }
    if chars.get(at) == Some(&'#') {
        spec.alternate = true;
        at += 1;
    }
    if chars.get(at) == Some(&'0') {
        spec.zero = true;
        at += 1;
    }
    spec.width = digits(&chars, &mut at).unwrap_or(0);
    if let Some(grouping) = chars.get(at).filter(|c| matches!(c, ',' | '_')) {
        spec.grouping = Some(*grouping);
        at += 1;
    }
    if chars.get(at) == Some(&'.') {
        at += 1;
        spec.precision = Some(digits(&chars, &mut at)?);
    }
    spec.kind = chars.get(at).copied();
    (chars.len() <= at + 1).then_some(spec)
}

fn digits(chars: &[char], at: &mut usize) -> Option<usize> {
    let text: String = chars[*at..].iter().take_while(|c| c.is_ascii_digit()).collect();
    *at += text.len();
    text.parse::<u16>().ok().map(usize::from)
}

/// Python's `format(value, spec)`.
pub(crate) fn format(value: &Value, text: &str) -> Eval<String> {
    if text.is_empty() {
        return Ok(py_str(value));
    }
    if let Py::Native(native) = view(value)
        && let Some(result) = crate::modules::format_date(native, text)
    {
        return result;
    }
    let Some(spec) = parse(text) else { return Err(value_error("Invalid format specifier")) };
    match view(value) {
        Py::Str(text) => string(text, &spec),
        Py::Float(number) => float(number, &spec),
        Py::Bool(_) if spec.kind.is_none() || spec.kind == Some('s') => string(&py_str(value), &spec),
        Py::Native(native) if native.downcast::<Decimal>().is_some() => decimal(value, &spec),
        _ => match as_int(value) {
            Some(number) => integer(number, &spec),
            None => Err(type_error(format!("unsupported format string passed to {}.__format__", type_name(value)))),
        },
    }
}

fn unknown(kind: char, name: &str) -> Box<crate::error::Signal> {
    value_error(format!("Unknown format code '{kind}' for object of type '{name}'"))
}

fn string(text: &str, spec: &Spec) -> Eval<String> {
    match spec.kind {
        None | Some('s') => {}
        Some(kind) => return Err(unknown(kind, "str")),
    }
    if spec.align == Some('=') {
        return Err(value_error("'=' alignment not allowed in string format specifier"));
    }
    let text: String = text.chars().take(spec.precision.unwrap_or(usize::MAX)).collect();
    let spec = Spec {
        fill: spec.fill.or(spec.zero.then_some('0')),
        align: spec.align.or(Some('<')),
        width: spec.width,
        ..Spec::default()
    };
    Ok(pad(&spec, "", &text))
}

fn sign(negative: bool, spec: &Spec) -> String {
    match spec.sign {
        _ if negative => "-".into(),
        Some('+') => "+".into(),
        Some(' ') => " ".into(),
        _ => String::new(),
    }
}

fn integer(number: i128, spec: &Spec) -> Eval<String> {
    let size = number.unsigned_abs();
    let (prefix, body, group) = match spec.kind {
        None | Some('d' | 'n') => ("", size.to_string(), 3),
        Some('x') => ("0x", format!("{size:x}"), 4),
        Some('X') => ("0X", format!("{size:X}"), 4),
        Some('o') => ("0o", format!("{size:o}"), 4),
        Some('b') => ("0b", format!("{size:b}"), 4),
        Some('c') => {
            let c = u32::try_from(number).ok().and_then(char::from_u32);
            let c = c.ok_or_else(|| value_error("%c arg not in range(0x110000)"))?;
            return Ok(pad(spec, "", &c.to_string()));
        }
        Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => return float(number as f64, spec),
        Some(kind) => return Err(unknown(kind, "int")),
    };
    if spec.precision.is_some() {
        return Err(value_error("Precision not allowed in integer format specifier"));
    }
    let prefix = if spec.alternate { prefix } else { "" };
    Ok(pad_number(spec, sign(number < 0, spec) + prefix, &body, group))
}

fn float(number: f64, spec: &Spec) -> Eval<String> {
    let body = match spec.kind {
        None => match spec.precision {
            None => float_repr(number.abs()),
            Some(precision) => shortest(number, precision),
        },
        Some('%') => float_body(number * 100.0, 'f', spec.precision.unwrap_or(6), false) + "%",
        Some(kind @ ('e' | 'E' | 'f' | 'F' | 'g' | 'G')) => {
            float_body(number, kind, spec.precision.unwrap_or(6), spec.alternate)
        }
        Some('n') => float_body(number, 'g', spec.precision.unwrap_or(6), spec.alternate),
        Some(kind) => return Err(unknown(kind, "float")),
    };
    Ok(pad_number(spec, sign(number.is_sign_negative() && !number.is_nan(), spec), &body, 3))
}

/// A decimal without a type or precision keeps its own digits.
fn decimal(value: &Value, spec: &Spec) -> Eval<String> {
    let Some(number) = native_ref::<Decimal>(value) else { return Ok(String::new()) };
    if matches!(spec.kind, None | Some('f' | 'F')) && spec.precision.is_none() {
        let text = py_str(&instance(number.abs()));
        return Ok(pad_number(spec, sign(number.to_f64().is_sign_negative(), spec), &text, 3));
    }
    if let (Some('f' | 'F'), Some(precision)) = (spec.kind, spec.precision) {
        let text = py_str(&instance(number.abs().round(i32::try_from(precision).unwrap_or(i32::MAX))));
        return Ok(pad_number(spec, sign(number.to_f64().is_sign_negative(), spec), &text, 3));
    }
    float(number.to_f64(), spec)
}

/// The form without a type: like `g`, but a whole number keeps its `.0`.
fn shortest(number: f64, precision: usize) -> String {
    let text = float_body(number, 'g', precision, false);
    if text.contains(['.', 'e', 'n', 'i']) { text } else { text + ".0" }
}

fn pad_number(spec: &Spec, sign: String, body: &str, group: usize) -> String {
    let split = body.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(body.len());
    let (whole, rest) = body.split_at(split);
    let zeros = spec.zero && spec.align.is_none();
    let whole = match spec.grouping {
        Some(separator) => {
            let room = if zeros { spec.width.saturating_sub(sign.len() + rest.len()) } else { 0 };
            grouped(whole, separator, group, room)
        }
        None => whole.to_owned(),
    };
    let align = spec.align.or(Some(if spec.zero { '=' } else { '>' }));
    let fill = spec.fill.or(spec.zero.then_some('0'));
    let spec = Spec { fill, align, width: spec.width, ..Spec::default() };
    pad(&spec, &sign, &(whole + rest))
}

/// Inserts separators; leading zeros fill the room.
fn grouped(digits: &str, separator: char, size: usize, room: usize) -> String {
    let mut digits = digits.to_owned();
    loop {
        let text = separate(&digits, separator, size);
        let wider = separate(&format!("0{digits}"), separator, size);
        if wider.len() > room {
            return text;
        }
        digits.insert(0, '0');
    }
}

fn separate(digits: &str, separator: char, size: usize) -> String {
    let mut out = String::new();
    for (at, c) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(size) {
            out.push(separator);
        }
        out.push(c);
    }
    out
}

fn pad(spec: &Spec, sign: &str, body: &str) -> String {
    let room = spec.width.saturating_sub(sign.chars().count() + body.chars().count());
    let fill = spec.fill.unwrap_or(' ').to_string();
    match spec.align {
        Some('<') => format!("{sign}{body}{}", fill.repeat(room)),
        Some('^') => format!("{}{sign}{body}{}", fill.repeat(room / 2), fill.repeat(room - room / 2)),
        Some('=') => format!("{sign}{}{body}", fill.repeat(room)),
        _ => format!("{}{sign}{body}", fill.repeat(room)),
    }
}
