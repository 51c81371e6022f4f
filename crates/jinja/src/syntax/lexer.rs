//! Jinja2's tokens, with byte positions in the original source.

use super::ast::Span;
use super::escape::unescape;
use crate::error::{ErrorKind, JinjaError};

/// A token without its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tok<'s> {
    Data(std::borrow::Cow<'s, str>),
    VariableBegin,
    VariableEnd,
    BlockBegin,
    BlockEnd,
    Name(&'s str),
    Str(String),
    Int(i128),
    Float(f64),
    Op(&'static str),
    Eof,
}

impl Tok<'_> {
    /// How Jinja2 names the token in messages.
    pub fn describe(&self) -> String {
        match self {
            Tok::Data(_) => "template data / text".into(),
            Tok::VariableBegin => "begin of print statement".into(),
            Tok::VariableEnd => "end of print statement".into(),
            Tok::BlockBegin => "begin of statement block".into(),
            Tok::BlockEnd => "end of statement block".into(),
            Tok::Name(name) => (*name).into(),
            Tok::Str(_) => "string".into(),
            Tok::Int(_) => "integer".into(),
            Tok::Float(_) => "float".into(),
            Tok::Op(op) => (*op).into(),
            Tok::Eof => "end of template".into(),
        }
    }
}

/// A syntax error and its place.
pub(crate) type LexError = (JinjaError, Span);

const OPERATORS: [&str; 26] = [
    "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".",
    ":", "|", ",", ";",
];

pub(crate) struct Lexer<'s> {
    source: &'s str,
    end: usize,
    pos: usize,
    mode: Mode,
    balance: Vec<u8>,
    strip_next: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Root,
    Block,
    Variable,
}

pub(crate) fn syntax(message: impl Into<String>, start: usize, end: usize) -> LexError {
    (JinjaError::new(ErrorKind::Syntax, message), span(start, end))
}

pub(crate) fn span(start: usize, end: usize) -> Span {
    Span { start: start as u32, end: end as u32 }
}

/// Replaces `\r\n` and `\r` by `\n`.
pub(crate) fn normalize_newlines(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text.into() }
}

/// The length of the source without the one newline that Jinja2 drops from its end.
pub(crate) fn content_end(source: &str) -> usize {
    let trimmed = source.strip_suffix('\n').map(|rest| rest.strip_suffix('\r').unwrap_or(rest));
    trimmed.or_else(|| source.strip_suffix('\r')).unwrap_or(source).len()
}

impl<'s> Lexer<'s> {
    pub fn new(source: &'s str) -> Self {
        Lexer { source, end: content_end(source), pos: 0, mode: Mode::Root, balance: Vec::new(), strip_next: false }
    }

    /// A lexer for a lone expression, as if inside `{{ }}`.
    pub fn expression(source: &'s str) -> Self {
        let mut lexer = Lexer::new(source);
        lexer.mode = Mode::Variable;
        lexer
    }

    pub fn next(&mut self) -> Result<(Tok<'s>, Span), LexError> {
        loop {
            if self.pos >= self.end {
                return Ok((Tok::Eof, span(self.end, self.end)));
            }
            let token = match self.mode {
                Mode::Root => self.root()?,
                Mode::Block | Mode::Variable => Some(self.tag()?),
            };
            if let Some(token) = token {
                return Ok(token);
            }
        }
    }

    fn rest(&self) -> &'s str {
        &self.source[self.pos..self.end]
    }

    /// Text up to the next tag, or that tag's beginning.
    fn root(&mut self) -> Result<Option<(Tok<'s>, Span)>, LexError> {
        if std::mem::take(&mut self.strip_next) {
            self.skip_space();
            return Ok(None);
        }
        let start = self.pos;
        let rest = self.rest();
        let Some(at) = find_tag(rest) else {
            self.pos = self.end;
            return Ok(data(rest, start));
        };
        let sign = rest.as_bytes().get(at + 2).copied();
        if at > 0 {
            let text = if sign == Some(b'-') { trim_end(&rest[..at]) } else { &rest[..at] };
            self.pos = start + at;
            return Ok(data(text, start));
        }
        self.open(sign)
    }

    /// At `{{`, `{%` or `{#`.
    fn open(&mut self, sign: Option<u8>) -> Result<Option<(Tok<'s>, Span)>, LexError> {
        let start = self.pos;
        let width = if matches!(sign, Some(b'-' | b'+')) { 3 } else { 2 };
        let kind = self.source.as_bytes()[start + 1];
        if kind == b'#' {
            return self.comment(start, width);
        }
        if kind == b'%'
            && let Some(body) = self.raw_begin(start + width)
        {
            return self.raw(start, body);
        }
        self.pos = start + width;
        let (mode, token) =
            if kind == b'{' { (Mode::Variable, Tok::VariableBegin) } else { (Mode::Block, Tok::BlockBegin) };
        self.mode = mode;
        self.balance.clear();
        Ok(Some((token, span(start, start + width))))
    }

    fn comment(&mut self, start: usize, width: usize) -> Result<Option<(Tok<'s>, Span)>, LexError> {
        let from = (start + width).min(self.end);
        let Some(at) = self.source[from..self.end].find("#}") else {
            return Err(syntax("Missing end of comment tag", start, self.end));
        };
        let close = from + at;
        self.strip_next = close > from && self.source.as_bytes()[close - 1] == b'-';
        self.pos = close + 2;
        Ok(None)
    }

    /// The end of a `{% raw %}` tag whose name may start at `at`.
    fn raw_begin(&self, at: usize) -> Option<usize> {
        let rest = self.source.get(at..self.end)?.trim_start().strip_prefix("raw")?.trim_start();
        let after = rest.strip_prefix("-%}").map(trim_start).or_else(|| rest.strip_prefix("%}"))?;
        Some(self.end - after.len())
    }

    fn raw(&mut self, start: usize, body: usize) -> Result<Option<(Tok<'s>, Span)>, LexError> {
        let mut from = body;
        while let Some(at) = self.source[from..self.end].find("{%") {
            let open = from + at;
            let sign = self.source.as_bytes().get(open + 2).copied();
            let width = if matches!(sign, Some(b'-' | b'+')) { 3 } else { 2 };
            if let Some((after, strip)) = self.raw_end(open + width) {
                let text = &self.source[body..open];
                let text = if sign == Some(b'-') { trim_end(text) } else { text };
                self.pos = after;
                self.strip_next = strip;
                return Ok(data(text, body));
            }
            from = open + 2;
        }
        Err(syntax("Missing end of raw directive", start, self.end))
    }

    fn raw_end(&self, at: usize) -> Option<(usize, bool)> {
        let rest = self.source.get(at..self.end)?.trim_start().strip_prefix("endraw")?.trim_start();
        let (after, strip) = match rest.strip_prefix("-%}") {
            Some(after) => (after, true),
            None => (rest.strip_prefix("%}").or_else(|| rest.strip_prefix("+%}"))?, false),
        };
        Some((self.end - after.len(), strip))
    }

    fn skip_space(&mut self) {
        self.pos = self.end - trim_start(self.rest()).len();
    }

    /// A token inside a tag.
    fn tag(&mut self) -> Result<(Tok<'s>, Span), LexError> {
        self.skip_space();
        let start = self.pos;
        let Some(first) = self.rest().bytes().next() else {
            return Ok((Tok::Eof, span(self.end, self.end)));
        };
        if self.balance.is_empty()
            && let Some(token) = self.close(start)
        {
            return Ok(token);
        }
        match first {
            b'0'..=b'9' => self.number(start),
            b'"' | b'\'' => self.string(start, first),
            _ => match self.name() {
                Some(name) => Ok((Tok::Name(name), span(start, self.pos))),
                None => self.operator(start),
            },
        }
    }

    fn close(&mut self, start: usize) -> Option<(Tok<'s>, Span)> {
        let (closer, token) = if self.mode == Mode::Block { ("%}", Tok::BlockEnd) } else { ("}}", Tok::VariableEnd) };
        let rest = self.rest();
        let width = if rest.starts_with(closer) {
            2
        } else {
            let signed = rest.strip_prefix('-').is_some_and(|rest| rest.starts_with(closer));
            let plus = self.mode == Mode::Block && rest.starts_with("+%}");
            if !signed && !plus {
                return None;
            }
            self.strip_next = signed;
            3
        };
        self.pos = start + width;
        self.mode = Mode::Root;
        Some((token, span(start, self.pos)))
    }

    fn name(&mut self) -> Option<&'s str> {
        let rest = self.rest();
        let is_start = |c: char| c == '_' || c.is_alphabetic();
        if !rest.chars().next().is_some_and(is_start) {
            return None;
        }
        let len = rest.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(rest.len());
        self.pos += len;
        Some(&rest[..len])
    }

    fn string(&mut self, start: usize, quote: u8) -> Result<(Tok<'s>, Span), LexError> {
        let bytes = self.rest().as_bytes();
        let mut at = 1;
        while at < bytes.len() && bytes[at] != quote {
            at += if bytes[at] == b'\\' { 2 } else { 1 };
        }
        if at >= bytes.len() {
            return Err(syntax(format!("unexpected char {:?} at {start}", quote as char), start, start + 1));
        }
        self.pos = start + at + 1;
        let place = span(start, self.pos);
        match unescape(&normalize_newlines(&self.source[start + 1..start + at])) {
            Ok(text) => Ok((Tok::Str(text), place)),
            Err(message) => Err((JinjaError::new(ErrorKind::Syntax, message), place)),
        }
    }

    fn number(&mut self, start: usize) -> Result<(Tok<'s>, Span), LexError> {
        let rest = self.rest();
        let after_dot = start > 0 && self.source.as_bytes()[start - 1] == b'.';
        let float = if after_dot { None } else { float_len(rest) };
        let len = float.unwrap_or_else(|| integer_len(rest));
        let digits: String = rest[..len].chars().filter(|c| *c != '_').collect();
        self.pos += len;
        let place = span(start, self.pos);
        let token =
            if float.is_some() { digits.parse().ok().map(Tok::Float) } else { parse_integer(&digits).map(Tok::Int) };
        token.map(|token| (token, place)).ok_or_else(|| syntax("number is too large", start, start + len))
    }

    fn operator(&mut self, start: usize) -> Result<(Tok<'s>, Span), LexError> {
        let rest = self.rest();
        let Some(op) = OPERATORS.iter().find(|op| rest.starts_with(**op)) else {
            let c = rest.chars().next().unwrap_or(' ');
            let shown = if c == '\'' { "\"'\"".to_owned() } else { format!("'{c}'") };
            return Err(syntax(format!("unexpected char {shown} at {start}"), start, start + c.len_utf8()));
        };
        self.pos += op.len();
        match *op {
            "{" => self.balance.push(b'}'),
            "(" => self.balance.push(b')'),
            "[" => self.balance.push(b']'),
            "}" | ")" | "]" => match self.balance.pop() {
                None => return Err(syntax(format!("unexpected '{op}'"), start, self.pos)),
                Some(expected) if expected != op.as_bytes()[0] => {
                    let message = format!("unexpected '{op}', expected '{}'", expected as char);
                    return Err(syntax(message, start, self.pos));
                }
                Some(_) => {}
            },
            _ => {}
        }
        Ok((Tok::Op(op), span(start, self.pos)))
    }
}

fn data(text: &str, start: usize) -> Option<(Tok<'_>, Span)> {
    (!text.is_empty()).then(|| (Tok::Data(normalize_newlines(text)), span(start, start + text.len())))
}

fn trim_start(text: &str) -> &str {
    text.trim_start_matches(is_space)
}

fn trim_end(text: &str) -> &str {
    text.trim_end_matches(is_space)
}

/// What Python's `\s` and `str.strip` regard as white space.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\x1c'..='\x1f')
}

/// The offset of the next `{{`, `{%` or `{#`.
pub(crate) fn find_tag(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(at) = text[from..].find('{') {
        let at = from + at;
        if matches!(bytes.get(at + 1), Some(b'{' | b'%' | b'#')) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

fn digits_len(bytes: &[u8], accept: fn(&u8) -> bool) -> usize {
    let mut at = 0;
    while at < bytes.len() {
        if accept(&bytes[at]) {
            at += 1;
        } else if bytes[at] == b'_' && at > 0 && bytes.get(at + 1).is_some_and(accept) {
            at += 2;
        } else {
            break;
        }
    }
    at
}

fn float_len(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut len = digits_len(bytes, u8::is_ascii_digit);
    let mut is_float = false;
    if bytes.get(len) == Some(&b'.') {
        let fraction = digits_len(&bytes[len + 1..], u8::is_ascii_digit);
        if fraction > 0 {
            len += 1 + fraction;
            is_float = true;
        }
    }
    if matches!(bytes.get(len), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(len + 1), Some(b'+' | b'-')));
        let exponent = digits_len(bytes.get(len + 1 + sign..)?, u8::is_ascii_digit);
        if exponent > 0 {
            len += 1 + sign + exponent;
            is_float = true;
        }
    }
    is_float.then_some(len)
}

fn integer_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let accept: fn(&u8) -> bool = match bytes.get(..2) {
        Some(b"0b" | b"0B") => |b| matches!(b, b'0' | b'1'),
        Some(b"0o" | b"0O") => |b| matches!(b, b'0'..=b'7'),
        Some(b"0x" | b"0X") => u8::is_ascii_hexdigit,
        _ if bytes[0] == b'0' => return digits_len(bytes, |b| *b == b'0'),
        _ => return digits_len(bytes, u8::is_ascii_digit),
    };
    2 + digits_len(&bytes[2..], accept)
}

fn parse_integer(digits: &str) -> Option<i128> {
    let radix = match digits.get(..2) {
        Some("0b" | "0B") => 2,
        Some("0o" | "0O") => 8,
        Some("0x" | "0X") => 16,
        _ => return digits.parse().ok(),
    };
    i128::from_str_radix(&digits[2..], radix).ok()
}
