//! Python's regular expressions in the syntax of `fancy_regex`.

/// Rewrites a pattern; `multiline` and `verbose` are the flags that matter for it.
pub(super) fn translate(pattern: &str, multiline: bool) -> String {
    let chars: Vec<char> = pattern.chars().collect();
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut at = 0;
    let mut class: Option<usize> = None;
    while at < chars.len() {
        let c = chars[at];
        match (c, class) {
            ('\\', _) => {
                at += 1;
                escape(chars.get(at).copied(), class.is_some(), &mut out);
            }
            ('[', None) => {
                out.push('[');
                let negated = chars.get(at + 1) == Some(&'^');
                if negated {
                    out.push('^');
                    at += 1;
                }
                class = Some(at + 1);
                if chars.get(at + 1) == Some(&']') {
                    out.push_str("\\]");
                    at += 1;
                }
            }
            (']', Some(_)) => {
                class = None;
                out.push(']');
            }
            ('[' | '&' | '~', Some(_)) => out.extend(['\\', c]),
            ('-', Some(start)) if at > start && chars.get(at + 1) == Some(&'-') => out.push_str("\\-"),
            ('$', None) if !multiline => out.push_str("(?=\\n?\\z)"),
            ('{', None) if !is_quantifier(&chars[at + 1..]) => out.push_str("\\{"),
            ('}', None) if !closes_quantifier(&chars[..at]) => out.push_str("\\}"),
            _ => out.push(c),
        }
        at += 1;
    }
    out
}

fn escape(c: Option<char>, in_class: bool, out: &mut String) {
    match c {
        None => out.push_str("\\\\"),
        Some('Z') if !in_class => out.push_str("\\z"),
        Some(c @ ('<' | '>' | '/' | '"' | '\'' | '`' | ',' | ';' | ':' | '=' | '!' | '@' | '%' | '_' | ' ')) => {
            out.push_str(&fancy_regex::escape(&c.to_string()));
        }
        Some('b') if in_class => out.push_str("\\x08"),
        Some(c) => out.extend(['\\', c]),
    }
}

/// Whether `{` is followed by the rest of `{n}`, `{n,}`, `{,m}` or `{n,m}`.
fn is_quantifier(rest: &[char]) -> bool {
    let Some(end) = rest.iter().position(|c| *c == '}') else { return false };
    let inside: String = rest[..end].iter().collect();
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match inside.split_once(',') {
        Some((low, high)) => digits(low) && digits(high) && !(low.is_empty() && high.is_empty()),
        None => !inside.is_empty() && digits(&inside),
    }
}

fn closes_quantifier(before: &[char]) -> bool {
    let Some(start) = before.iter().rposition(|c| *c == '{') else { return false };
    let rest: Vec<char> = before[start + 1..].iter().copied().chain(['}']).collect();
    is_quantifier(&rest)
}
