//! Python's ways of formatting: `%`, and `str.format` with its specifications.

pub(crate) mod fields;
pub(crate) mod percent;
pub(crate) mod spec;

/// The exponent form of a float as C prints it: at least two digits of exponent.
pub(crate) fn exponent(number: f64, precision: usize) -> String {
    let text = format!("{number:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, digits) = match exponent.strip_prefix('-') {
        Some(digits) => ('-', digits),
        None => ('+', exponent),
    };
    format!("{mantissa}e{sign}{digits:0>2}")
}

/// The general form of a float (`%g`); with `alternate`, trailing zeros stay.
pub(crate) fn general(number: f64, precision: usize, alternate: bool) -> String {
    let precision = precision.max(1);
    if number == 0.0 {
        return if number.is_sign_negative() { "-0".into() } else { "0".into() };
    }
    let scientific = format!("{number:.*e}", precision - 1);
    let power: i32 = scientific.split_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0);
    let fixed = (-4..precision as i32).contains(&power);
    let text = if fixed {
        format!("{number:.*}", (precision as i32 - 1 - power).max(0) as usize)
    } else {
        exponent(number, precision - 1)
    };
    if alternate { text } else { trim_zeros(&text) }
}

fn trim_zeros(text: &str) -> String {
    let (mantissa, rest) = match text.find('e') {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    if !mantissa.contains('.') {
        return text.to_owned();
    }
    format!("{}{rest}", mantissa.trim_end_matches('0').trim_end_matches('.'))
}

/// A float in one of the types `e`, `f`, `g` (or their upper-case forms), without its sign.
pub(crate) fn float_body(number: f64, kind: char, precision: usize, alternate: bool) -> String {
    let number = number.abs();
    let text = if number.is_nan() {
        "nan".into()
    } else if number.is_infinite() {
        "inf".into()
    } else {
        match kind.to_ascii_lowercase() {
            'e' => exponent(number, precision),
            'g' => general(number, precision, alternate),
            _ => format!("{number:.precision$}"),
        }
    };
    if kind.is_ascii_uppercase() { text.to_uppercase() } else { text }
}
