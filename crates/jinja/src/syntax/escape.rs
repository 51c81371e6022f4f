//! Backslash escapes of Python string literals.

/// Resolves the escapes of a string literal's content; unknown ones stay as they are.
pub(crate) fn unescape(text: &str) -> Result<String, String> {
    if !text.contains('\\') {
        return Ok(text.to_owned());
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = escape(&rest[at + 1..], &mut out)?;
    }
    out.push_str(rest);
    Ok(out)
}

/// Handles one escape, given what follows the backslash, and returns what follows the escape.
fn escape<'s>(rest: &'s str, out: &mut String) -> Result<&'s str, String> {
    let Some(c) = rest.chars().next() else {
        return Err("\\ at end of string".into());
    };
    let after = &rest[c.len_utf8()..];
    let plain = match c {
        '\n' => return Ok(after),
        '\\' | '\'' | '"' => c,
        'a' => '\x07',
        'b' => '\x08',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        'x' => return hex(after, 2, "truncated \\xXX escape", out),
        'u' => return hex(after, 4, "truncated \\uXXXX escape", out),
        'U' => return hex(after, 8, "truncated \\UXXXXXXXX escape", out),
        '0'..='7' => return Ok(octal(rest, out)),
        _ => {
            out.push('\\');
            c
        }
    };
    out.push(plain);
    Ok(after)
}

fn hex<'s>(rest: &'s str, width: usize, message: &str, out: &mut String) -> Result<&'s str, String> {
    let digits = rest.get(..width).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
    let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).ok_or(message)?;
    out.push(char::from_u32(code).ok_or("illegal Unicode character")?);
    Ok(&rest[width..])
}

fn octal<'s>(rest: &'s str, out: &mut String) -> &'s str {
    let len = rest.bytes().take(3).take_while(|b| matches!(b, b'0'..=b'7')).count();
    let code = u32::from_str_radix(&rest[..len], 8).unwrap_or(0);
    out.extend(char::from_u32(code));
    &rest[len..]
}
