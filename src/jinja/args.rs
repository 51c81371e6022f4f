//! The arguments of what templates call. Keyword arguments are one value, the last.

use minijinja::value::{Rest, ValueOrKwargs};
use minijinja::{Error, ErrorKind, Value};

/// All arguments of a function of the context, keyword arguments among them.
pub fn all(args: Rest<ValueOrKwargs>) -> Vec<Value> {
    args.0.into_iter().map(ValueOrKwargs::into_value).collect()
}

/// The first argument and what comes after it.
///
/// # Errors
/// There is none.
pub fn first<'a>(args: &'a [Value], what: &str) -> Result<(&'a Value, &'a [Value]), Error> {
    match args.split_first() {
        Some((value, rest)) if !value.is_kwargs() => Ok((value, rest)),
        _ => Err(Error::new(ErrorKind::MissingArgument, format!("{what} is missing"))),
    }
}

/// The first argument, a text, and what comes after it.
///
/// # Errors
/// There is none, or it is no text.
pub fn first_text<'a>(args: &'a [Value], what: &str) -> Result<(String, &'a [Value]), Error> {
    let (value, rest) = first(args, what)?;
    match value.as_str() {
        Some(text) => Ok((text.to_owned(), rest)),
        None => Err(Error::new(ErrorKind::InvalidOperation, format!("{what} must be a text, not {}", value.kind()))),
    }
}

/// The argument at `index` of these, or the one that is given by name. One that is none counts as missing.
pub fn option(args: &[Value], index: usize, name: &str) -> Option<Value> {
    let positional = args.get(index).filter(|v| !v.is_kwargs()).cloned();
    let named = || args.last().filter(|v| v.is_kwargs()).and_then(|v| v.get_attr(name).ok());
    positional.or_else(named).filter(|v| !v.is_undefined())
}
