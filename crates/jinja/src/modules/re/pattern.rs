//! The compiled pattern.

use std::sync::{Arc, OnceLock};

use fancy_regex::{Captures, Regex};
use minijinja::Value;

use super::FLAGS;
use super::matched::Match;
use super::replacement::{Part, parse};
use super::translate::translate;
use crate::args::{Args, int_or};
use crate::error::{ErrorKind, Eval, raise, value_error};
use crate::interp::Interp;
use crate::value::{Native, generator, instance, list, py_repr, py_str, tuple};

#[derive(Debug)]
pub(super) struct Pattern {
    source: String,
    flags: i128,
    regex: Regex,
    /// The same for a whole text, compiled when it is asked for.
    full: OnceLock<Regex>,
    body: String,
    names: Arc<[Option<String>]>,
}

fn build(text: &str) -> Eval<Regex> {
    Regex::new(text).map_err(|error| value_error(error.to_string()))
}

fn failed(error: fancy_regex::Error) -> Box<crate::error::Signal> {
    raise(ErrorKind::Limit, error.to_string())
}

impl Pattern {
    pub fn new(source: &str, flags: i128) -> Eval<Pattern> {
        let on = |flag: i64| flags & i128::from(flag) != 0;
        let letters: String =
            [(2, 'i'), (8, 'm'), (16, 's'), (64, 'x')].iter().filter(|(flag, _)| on(*flag)).map(|(_, c)| *c).collect();
        let prefix = if letters.is_empty() { String::new() } else { format!("(?{letters})") };
        let body = translate(source, on(8) || source.starts_with("(?m)"));
        let regex = build(&format!("{prefix}{body}"))?;
        let body = format!("{prefix}\\A(?:{body})\\z");
        let names = regex.capture_names().map(|name| name.map(str::to_owned)).collect();
        Ok(Pattern { source: source.to_owned(), flags, regex, full: OnceLock::new(), body, names })
    }

    fn full(&self) -> Eval<&Regex> {
        match self.full.get() {
            Some(regex) => Ok(regex),
            None => {
                let regex = build(&self.body)?;
                Ok(self.full.get_or_init(|| regex))
            }
        }
    }

    fn matched(&self, text: &Arc<str>, captures: &Captures<'_>) -> Match {
        let groups = (0..captures.len()).map(|at| captures.get(at).map(|found| (found.start(), found.end()))).collect();
        Match { text: text.clone(), groups, names: self.names.clone() }
    }

    fn first(&self, name: &str, text: &Arc<str>) -> Eval<Value> {
        let regex = if name == "fullmatch" { self.full()? } else { &self.regex };
        let captures = regex.captures(text).map_err(failed)?;
        let found = captures.map(|captures| self.matched(text, &captures));
        let found = found.filter(|found| name != "match" || found.groups[0].is_some_and(|(start, _)| start == 0));
        Ok(found.map_or_else(|| Value::from(()), instance))
    }

    /// All matches; an empty one may follow another match directly, as in Python.
    fn all(&self, text: &Arc<str>, limit: usize) -> Eval<Vec<Match>> {
        let mut out: Vec<Match> = Vec::new();
        let mut from = 0;
        while out.len() < limit && from <= text.len() {
            let Some(captures) = self.regex.captures_from_pos(text, from).map_err(failed)? else { break };
            let found = self.matched(text, &captures);
            let (start, end) = found.groups[0].unwrap_or((from, from));
            let step = text[end..].chars().next().map_or(1, char::len_utf8);
            let repeated = out.last().is_some_and(|last| start == end && last.groups[0] == Some((start, end)));
            if !repeated {
                out.push(found);
            }
            from = if start == end { end + step } else { end };
        }
        Ok(out)
    }

    fn findall(&self, text: &Arc<str>) -> Eval<Value> {
        let value = |found: &Match, at: usize| Value::from(found.group(at).unwrap_or_default());
        let found = self.all(text, usize::MAX)?;
        Ok(list(
            found
                .iter()
                .map(|found| match found.groups.len() {
                    1 => value(found, 0),
                    2 => value(found, 1),
                    count => tuple((1..count).map(|at| value(found, at)).collect()),
                })
                .collect(),
        ))
    }

    fn split(&self, text: &Arc<str>, limit: usize) -> Eval<Value> {
        let mut parts = Vec::new();
        let mut from = 0;
        for found in self.all(text, limit)? {
            let (start, end) = found.groups[0].unwrap_or_default();
            parts.push(Value::from(&text[from..start]));
            parts
                .extend((1..found.groups.len()).map(|at| found.group(at).map_or_else(|| Value::from(()), Value::from)));
            from = end;
        }
        parts.push(Value::from(&text[from..]));
        Ok(list(parts))
    }

    fn replace(
        &self,
        interp: &mut Interp<'_, '_, '_>,
        replacement: &Value,
        text: &Arc<str>,
        limit: usize,
    ) -> Eval<(String, usize)> {
        let template = match replacement.as_str() {
            Some(template) => Some(parse(template)?),
            None => None,
        };
        let found = self.all(text, limit)?;
        let count = found.len();
        let (mut out, mut from) = (String::with_capacity(text.len()), 0);
        for found in found {
            let (start, end) = found.groups[0].unwrap_or_default();
            out.push_str(&text[from..start]);
            match &template {
                Some(parts) => expand(parts, &found, &mut out)?,
                None => {
                    let value = interp.call(replacement, Args::new(vec![instance(found)]))?;
                    out.push_str(&py_str(&value));
                }
            }
            from = end;
        }
        out.push_str(&text[from..]);
        Ok((out, count))
    }

    fn call(&self, interp: &mut Interp<'_, '_, '_>, name: &str, args: &Args) -> Eval<Value> {
        let limit = |value: Option<Value>| -> Eval<usize> {
            let limit = int_or(value, 0)?;
            Ok(usize::try_from(limit).ok().filter(|limit| *limit > 0).unwrap_or(usize::MAX))
        };
        let subject = |value: Option<Value>| -> Eval<Arc<str>> {
            let value = value.unwrap_or_default();
            crate::value::defined(&value)?;
            match value.as_str() {
                Some(text) => Ok(text.into()),
                None => Err(crate::error::type_error(format!(
                    "expected string or bytes-like object, got '{}'",
                    crate::value::type_name(&value)
                ))),
            }
        };
        match name {
            "sub" | "subn" => {
                let [replacement, text, count] = args.bind(name, ["repl", "string", "count"], 2)?;
                let (text, count) =
                    self.replace(interp, &replacement.unwrap_or_default(), &subject(text)?, limit(count)?)?;
                let text = Value::from(text);
                Ok(if name == "sub" { text } else { tuple(vec![text, Value::from(count)]) })
            }
            "split" => {
                let [text, maxsplit] = args.bind(name, ["string", "maxsplit"], 1)?;
                self.split(&subject(text)?, limit(maxsplit)?)
            }
            "findall" => self.findall(&subject(Some(args.one(name, "string")?))?),
            "finditer" => {
                let found = self.all(&subject(Some(args.one(name, "string")?))?, usize::MAX)?;
                Ok(generator("callable_iterator", found.into_iter().map(instance)))
            }
            _ => self.first(name, &subject(Some(args.one(name, "string")?))?),
        }
    }
}

fn expand(parts: &[Part], found: &Match, out: &mut String) -> Eval<()> {
    for part in parts {
        let at = match part {
            Part::Text(text) => {
                out.push_str(text);
                continue;
            }
            Part::Group(at) if *at < found.groups.len() => *at,
            Part::Group(at) => return Err(value_error(format!("invalid group reference {at}"))),
            Part::Named(name) => found
                .index(&Value::from(name.as_str()))
                .map_err(|_| value_error(format!("unknown group name {}", py_repr(&Value::from(name.as_str())))))?,
        };
        out.push_str(found.group(at).unwrap_or_default());
    }
    Ok(())
}

impl Native for Pattern {
    fn type_name(&self) -> &'static str {
        "re.Pattern"
    }

    fn repr(&self) -> String {
        let flags: Vec<String> = FLAGS
            .iter()
            .filter(|(_, _, flag)| *flag != 32 && self.flags & i128::from(*flag) != 0)
            .map(|(_, long, _)| format!("re.{long}"))
            .collect();
        let flags = if flags.is_empty() { String::new() } else { format!(", {}", flags.join("|")) };
        format!("re.compile({}{flags})", py_repr(&Value::from(self.source.as_str())))
    }

    fn attr(&self, name: &str) -> Option<Value> {
        match name {
            "pattern" => Some(Value::from(self.source.as_str())),
            "flags" => Some(crate::value::int(self.flags | 32)),
            "groups" => Some(Value::from(self.names.len() - 1)),
            _ => None,
        }
    }

    fn methods(&self) -> &'static [&'static str] {
        &["match", "fullmatch", "search", "findall", "finditer", "split", "sub", "subn"]
    }

    fn method(&self, interp: &mut Interp<'_, '_, '_>, name: &str, args: &Args) -> Option<Eval<Value>> {
        self.methods().contains(&name).then(|| self.call(interp, name, args))
    }
}
