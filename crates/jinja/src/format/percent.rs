//! `'%s' % value`

use minijinja::Value;

use super::float_body;
use crate::error::{Eval, type_error, value_error};
use crate::value::{Py, as_int, as_real, pairs, py_repr, py_str, type_name, undefined, view};

/// One `%…` conversion.
#[derive(Default)]
struct Conversion {
    left: bool,
    sign: Option<char>,
    zero: bool,
    alternate: bool,
    width: usize,
    precision: Option<usize>,
}

/// Where the values come from.
struct Source<'a> {
    items: Vec<Value>,
    next: usize,
    whole: &'a Value,
    /// The characters of the whole format.
    len: usize,
}

impl Source<'_> {
    fn take(&mut self) -> Eval<Value> {
        let item = self.items.get(self.next).cloned();
        self.next += 1;
        item.ok_or_else(|| type_error("not enough arguments for format string"))
    }

    fn key(&self, name: &str) -> Eval<Value> {
        let Some(items) = pairs(self.whole) else { return Err(type_error("format requires a mapping")) };
        let found = items.into_iter().find(|(key, _)| key.as_str() == Some(name));
        found.map(|(_, value)| value).ok_or_else(|| value_error(py_repr(&Value::from(name))))
    }
}

/// `text % values`
pub(crate) fn format(text: &str, values: &Value) -> Eval<String> {
    // What has elements counts as a mapping, which may hold more than is used.
    let is_mapping = match view(values) {
        Py::Dict(_) | Py::Map(_) | Py::List(_) | Py::Seq(_) | Py::Undefined | Py::Bytes(_) => true,
        Py::Native(native) => native.type_name() == "range",
        _ => false,
    };
    let items = match view(values) {
        Py::Tuple(items) => items.to_vec(),
        _ => vec![values.clone()],
    };
    let mut source = Source { items, next: 0, whole: values, len: text.chars().count() };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut named = false;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = conversion(&rest[at + 1..], &mut source, &mut out, &mut named)?;
    }
    out.push_str(rest);
    if source.next < source.items.len() && !is_mapping && !named {
        return Err(type_error("not all arguments converted during string formatting"));
    }
    Ok(out)
}

/// Handles what follows a `%` and returns what follows the conversion.
fn conversion<'s>(mut rest: &'s str, source: &mut Source<'_>, out: &mut String, named: &mut bool) -> Eval<&'s str> {
    let mut options = Conversion::default();
    let mut value = None;
    if let Some(after) = rest.strip_prefix('(') {
        let end = after.find(')').ok_or_else(|| value_error("incomplete format key"))?;
        value = Some(source.key(&after[..end])?);
        *named = true;
        rest = &after[end + 1..];
    }
    rest = flags(rest, &mut options);
    let width;
    (width, rest) = number(rest, source)?;
    match width {
        Some(width) if width < 0 => {
            options.left = true;
            options.width = width.unsigned_abs() as usize;
        }
        width => options.width = width.unwrap_or(0) as usize,
    }
    if let Some(after) = rest.strip_prefix('.') {
        let precision;
        (precision, rest) = number(after, source)?;
        options.precision = Some(precision.unwrap_or(0).max(0) as usize);
    }
    rest = rest.trim_start_matches(['h', 'l', 'L']);
    let Some(kind) = rest.chars().next() else { return Err(value_error("incomplete format")) };
    if kind == '%' {
        out.push('%');
    } else {
        let value = match value {
            Some(value) => value,
            None => source.take()?,
        };
        let at = source.len - rest.chars().count();
        let (sign, body) = convert(kind, &value, &options, at)?;
        pad(out, sign, &body, &options, !matches!(kind, 's' | 'r' | 'a' | 'c'));
    }
    Ok(&rest[kind.len_utf8()..])
}

fn flags<'s>(mut rest: &'s str, options: &mut Conversion) -> &'s str {
    while let Some(flag) = rest.chars().next() {
        match flag {
            '-' => options.left = true,
            '+' => options.sign = Some('+'),
            ' ' => options.sign = options.sign.or(Some(' ')),
            '0' => options.zero = true,
            '#' => options.alternate = true,
            _ => break,
        }
        rest = &rest[1..];
    }
    rest
}

fn number<'s>(rest: &'s str, source: &mut Source<'_>) -> Eval<(Option<i64>, &'s str)> {
    if let Some(after) = rest.strip_prefix('*') {
        let value = source.take()?;
        let number = as_int(&value).map(|number| number.clamp(-10_000_000, 10_000_000) as i64);
        return Ok((Some(number.ok_or_else(|| type_error("* wants int"))?), after));
    }
    let len = rest.bytes().take_while(u8::is_ascii_digit).count();
    Ok((rest[..len].parse::<u16>().ok().map(i64::from), &rest[len..]))
}

fn convert(kind: char, value: &Value, options: &Conversion, at: usize) -> Eval<(String, String)> {
    let cut = |text: String| match options.precision {
        Some(precision) => text.chars().take(precision).collect(),
        None => text,
    };
    let plain = |text| Ok((String::new(), text));
    match kind {
        's' => plain(cut(py_str(value))),
        'r' | 'a' => plain(cut(py_repr(value))),
        'c' => plain(character(value)?),
        'd' | 'i' | 'u' | 'x' | 'X' | 'o' => integer(kind, value, options),
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
            let number = float(value)?;
            let body = float_body(number, kind, options.precision.unwrap_or(6), options.alternate);
            Ok((sign(number.is_sign_negative(), options), body))
        }
        other => {
            Err(value_error(format!("unsupported format character '{other}' (0x{:x}) at index {at}", other as u32)))
        }
    }
}

fn sign(negative: bool, options: &Conversion) -> String {
    if negative { "-".into() } else { options.sign.map(String::from).unwrap_or_default() }
}

fn character(value: &Value) -> Eval<String> {
    if let Some(text) = value.as_str().filter(|text| text.chars().count() == 1) {
        return Ok(text.to_owned());
    }
    let code = as_int(value).and_then(|code| u32::try_from(code).ok()).and_then(char::from_u32);
    code.map(String::from).ok_or_else(|| type_error("%c requires int or char"))
}

fn float(value: &Value) -> Eval<f64> {
    match view(value) {
        Py::Undefined => Err(undefined(value).into()),
        _ => as_int(value)
            .map(|number| number as f64)
            .or_else(|| as_real(value))
            .ok_or_else(|| type_error(format!("must be real number, not {}", type_name(value)))),
    }
}

fn integer(kind: char, value: &Value, options: &Conversion) -> Eval<(String, String)> {
    let number = match view(value) {
        Py::Undefined => return Err(undefined(value).into()),
        _ if matches!(kind, 'd' | 'i' | 'u') => as_int(value).or_else(|| Some(as_real(value)?.trunc() as i128)),
        _ => as_int(value),
    };
    let Some(number) = number else {
        let wanted = if matches!(kind, 'd' | 'i' | 'u') { "a real number" } else { "an integer" };
        return Err(type_error(format!("%{kind} format: {wanted} is required, not {}", type_name(value))));
    };
    let size = number.unsigned_abs();
    let (prefix, digits) = match kind {
        'x' => ("0x", format!("{size:x}")),
        'X' => ("0X", format!("{size:X}")),
        'o' => ("0o", format!("{size:o}")),
        _ => ("", size.to_string()),
    };
    let digits = format!("{digits:0>width$}", width = options.precision.unwrap_or(0));
    let prefix = if options.alternate { prefix } else { "" };
    Ok((sign(number < 0, options) + prefix, digits))
}

fn pad(out: &mut String, sign: String, body: &str, options: &Conversion, numeric: bool) {
    let fill = options.width.saturating_sub(sign.chars().count() + body.chars().count());
    let zeros = options.zero && numeric && !options.left;
    if !options.left && !zeros {
        out.push_str(&" ".repeat(fill));
    }
    out.push_str(&sign);
    if zeros {
        out.push_str(&"0".repeat(fill));
    }
    out.push_str(body);
    if options.left {
        out.push_str(&" ".repeat(fill));
    }
}
