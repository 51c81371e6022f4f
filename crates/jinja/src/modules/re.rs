//! `modules.re`

mod matched;
mod pattern;
mod replacement;
mod translate;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use minijinja::Value;

use self::pattern::Pattern;
use crate::args::{Args, int_or, need_str};
use crate::error::Eval;
use crate::interp::Interp;
use crate::value::{instance, native_ref};

/// The flags, with Python's numbers.
pub(super) const FLAGS: [(&str, &str, i64); 7] = [
    ("A", "ASCII", 256),
    ("I", "IGNORECASE", 2),
    ("L", "LOCALE", 4),
    ("M", "MULTILINE", 8),
    ("S", "DOTALL", 16),
    ("U", "UNICODE", 32),
    ("X", "VERBOSE", 64),
];

pub(super) fn module() -> Value {
    let mut flags = Vec::new();
    for (short, long, number) in FLAGS {
        flags.push((short, Value::from(number)));
        flags.push((long, Value::from(number)));
    }
    super::module(
        &[
            ("compile", compile),
            ("escape", escape),
            ("findall", |interp, args| method(interp, args, "findall", &["string"])),
            ("finditer", |interp, args| method(interp, args, "finditer", &["string"])),
            ("fullmatch", |interp, args| method(interp, args, "fullmatch", &["string"])),
            ("match", |interp, args| method(interp, args, "match", &["string"])),
            ("search", |interp, args| method(interp, args, "search", &["string"])),
            ("split", |interp, args| method(interp, args, "split", &["string", "maxsplit"])),
            ("sub", |interp, args| method(interp, args, "sub", &["repl", "string", "count"])),
            ("subn", |interp, args| method(interp, args, "subn", &["repl", "string", "count"])),
            ("purge", |_, _| Ok(Value::from(()))),
        ],
        flags,
    )
}

/// The patterns that an engine has compiled, by their text and flags: templates write them as text, again and again.
#[derive(Debug, Default)]
pub(crate) struct Patterns(Mutex<HashMap<(String, i128), Value>>);

impl Patterns {
    /// How many are kept.
    const MOST: usize = 512;

    fn get(&self, text: &str, flags: i128) -> Eval<Value> {
        let key = (text.to_owned(), flags);
        if let Some(known) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(known.clone());
        }
        let made = instance(Pattern::new(text, flags)?);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= Self::MOST {
            known.clear();
        }
        known.insert(key, made.clone());
        Ok(made)
    }
}

/// A pattern, compiled unless it is already.
fn pattern_of(interp: &Interp<'_, '_, '_>, value: &Value, flags: i128) -> Eval<Value> {
    match native_ref::<Pattern>(value) {
        Some(_) => Ok(value.clone()),
        None => interp.patterns().get(need_str(value, "first argument")?, flags),
    }
}

fn compile(interp: &mut Interp<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let [pattern, flags] = args.bind("compile", ["pattern", "flags"], 1)?;
    pattern_of(interp, &pattern.unwrap_or_default(), int_or(flags, 0)?)
}

/// A function of the module: the method of a compiled pattern, with the flags at the end.
fn method(interp: &mut Interp<'_, '_, '_>, args: &Args, name: &str, params: &[&str]) -> Eval<Value> {
    let mut names = vec!["pattern"];
    names.extend(params);
    names.push("flags");
    let mut bound: Vec<Option<Value>> = (0..names.len()).map(|at| args.pos.get(at).cloned()).collect();
    for (key, value) in &args.kw {
        match names.iter().position(|name| *name == &**key) {
            Some(at) => bound[at] = Some(value.clone()),
            None => {
                let message = format!("{name}() got an unexpected keyword argument '{key}'");
                return Err(crate::args::arguments(message));
            }
        }
    }
    if let Some(at) =
        (0..names.len() - 1).find(|at| bound[*at].is_none() && !matches!(names[*at], "maxsplit" | "count"))
    {
        let message = format!("{name}() missing 1 required positional argument: '{}'", names[at]);
        return Err(crate::args::arguments(message));
    }
    let flags = int_or(bound.pop().flatten(), 0)?;
    let pattern = pattern_of(interp, &bound.remove(0).unwrap_or_default(), flags)?;
    let rest: Vec<Value> = bound.into_iter().map_while(|value| value).collect();
    interp.call_method(&pattern, name, Args::new(rest))
}

fn escape(_: &mut Interp<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let text = args.one("escape", "pattern")?;
    let mut out = String::new();
    for c in need_str(&text, "first argument")?.chars() {
        if "()[]{}?*+-|^$\\.&~# \t\n\r\x0b\x0c".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    Ok(Value::from(out))
}
