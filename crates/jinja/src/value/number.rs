//! Numbers as Python prints, parses and rounds them.

/// Python's `repr` of a float.
pub(crate) fn float_repr(number: f64) -> String {
    if number.is_nan() {
        return "nan".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.into();
    }
    let scientific = format!("{number:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let plain = format!("{number}");
        return if plain.contains('.') { plain } else { plain + ".0" };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

/// Python's `float(text)`.
pub(crate) fn parse_float(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = remove_underscores(text)?;
    let lower = digits.to_ascii_lowercase();
    let unsigned = lower.trim_start_matches(['+', '-']);
    if unsigned.starts_with(|c: char| c.is_alphabetic()) && !matches!(unsigned, "inf" | "infinity" | "nan") {
        return None;
    }
    lower.parse().ok()
}

/// Python's `int(text, base)`.
pub(crate) fn parse_int(text: &str, base: u32) -> Option<i128> {
    let text = remove_underscores(text.trim())?.to_ascii_lowercase();
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let (base, digits) = split_prefix(rest, base);
    if digits.starts_with(['+', '-']) || !(2..=36).contains(&base) {
        return None;
    }
    let number = i128::from_str_radix(digits, base).ok()?;
    Some(if negative { -number } else { number })
}

fn split_prefix(text: &str, base: u32) -> (u32, &str) {
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if (base == radix || base == 0)
            && let Some(digits) = text.strip_prefix(prefix)
        {
            return (radix, digits);
        }
    }
    (if base == 0 { 10 } else { base }, text)
}

fn remove_underscores(text: &str) -> Option<String> {
    let bad = text.starts_with('_') || text.ends_with('_') || text.contains("__");
    (!bad).then(|| text.replace('_', ""))
}

/// Python's `round(number, digits)`: half to even, on the exact decimal value.
pub(crate) fn round_half_even(number: f64, digits: i32) -> f64 {
    if !number.is_finite() {
        return number;
    }
    if digits >= 0 {
        return format!("{number:.*}", digits.min(320) as usize).parse().unwrap_or(number);
    }
    let scale = 10f64.powi(-digits);
    (number / scale).round_ties_even() * scale
}
