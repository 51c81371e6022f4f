//! Jinja2's filters, and those that dbt adds.

mod html;
mod numeric;
mod pprint;
mod select;
mod sequence;
pub(crate) mod tests;
mod text;
mod wrap;

use minijinja::Value;

use crate::args::Args;
use crate::error::Eval;
use crate::interp::Interp;
use crate::native::{MarkerKind, mark};
use crate::value::{Py, is_undefined, view};

pub(crate) type Context<'a, 't, 'e> = Interp<'a, 't, 'e>;
pub(crate) type FilterFn = fn(&mut Context<'_, '_, '_>, &Value, &Args) -> Eval<Value>;

/// The filter of a name.
pub(crate) fn find(name: &str) -> Option<FilterFn> {
    let filter: FilterFn = match name {
        "abs" => numeric::abs,
        "attr" => select::attr,
        "batch" => sequence::batch,
        "capitalize" => text::capitalize,
        "center" => text::center,
        "count" | "length" => sequence::length,
        "d" | "default" => default,
        "dictsort" => sequence::dictsort,
        "e" | "escape" | "forceescape" => html::escape,
        "filesizeformat" => numeric::filesizeformat,
        "first" => sequence::first,
        "float" => numeric::float,
        "format" => text::format,
        "groupby" => select::groupby,
        "indent" => text::indent,
        "int" => numeric::int,
        "items" => sequence::items,
        "join" => text::join,
        "last" => sequence::last,
        "list" => sequence::list,
        "lower" => text::lower,
        "map" => select::map,
        "max" => sequence::max,
        "min" => sequence::min,
        "pprint" => pprint::pprint,
        "random" => sequence::random,
        "reject" => select::reject,
        "rejectattr" => select::rejectattr,
        "replace" => text::replace,
        "reverse" => sequence::reverse,
        "round" => numeric::round,
        "safe" | "string" => text::string,
        "select" => select::select,
        "selectattr" => select::selectattr,
        "slice" => sequence::slice,
        "sort" => sequence::sort,
        "striptags" => html::striptags,
        "sum" => numeric::sum,
        "title" => text::title,
        "tojson" => html::tojson,
        "trim" => text::trim,
        "truncate" => text::truncate,
        "unique" => sequence::unique,
        "upper" => text::upper,
        "urlencode" => html::urlencode,
        "wordcount" => text::wordcount,
        "wordwrap" => wrap::wordwrap,
        "xmlattr" => html::xmlattr,
        "as_text" => as_text,
        "as_bool" => as_bool,
        "as_number" => as_number,
        "as_native" => as_native,
        "is_list" => is_list,
        _ => return None,
    };
    Some(filter)
}

fn default(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    let [fallback, boolean] = args.bind("do_default", ["default_value", "boolean"], 0)?;
    let replace = is_undefined(value) || (crate::args::bool_or(boolean, false) && !crate::value::truthy(value));
    Ok(if replace { fallback.unwrap_or_else(|| Value::from("")) } else { value.clone() })
}

/// The conversions do nothing but in native templates.
fn convert(interp: &Context<'_, '_, '_>, value: &Value, kind: MarkerKind) -> Eval<Value> {
    Ok(if interp.native { mark(value, kind) } else { value.clone() })
}

fn as_text(interp: &mut Context<'_, '_, '_>, value: &Value, _: &Args) -> Eval<Value> {
    convert(interp, value, MarkerKind::Text)
}

fn as_bool(interp: &mut Context<'_, '_, '_>, value: &Value, _: &Args) -> Eval<Value> {
    convert(interp, value, MarkerKind::Bool)
}

fn as_number(interp: &mut Context<'_, '_, '_>, value: &Value, _: &Args) -> Eval<Value> {
    convert(interp, value, MarkerKind::Number)
}

fn as_native(interp: &mut Context<'_, '_, '_>, value: &Value, _: &Args) -> Eval<Value> {
    convert(interp, value, MarkerKind::Native)
}

fn is_list(_: &mut Context<'_, '_, '_>, value: &Value, _: &Args) -> Eval<Value> {
    Ok(Value::from(matches!(view(value), Py::List(_) | Py::Seq(_))))
}

/// A path such as `a.b.0` that is looked up in each item of a sequence.
pub(crate) struct Path(Vec<Value>);

impl Path {
    pub fn new(attribute: Option<&Value>) -> Path {
        Path(match attribute {
            None => Vec::new(),
            Some(value) if value.is_none() => Vec::new(),
            Some(value) => match value.as_str() {
                Some(text) => text.split('.').map(part).collect(),
                None => vec![value.clone()],
            },
        })
    }

    pub fn get(&self, interp: &mut Context<'_, '_, '_>, item: &Value) -> Eval<Value> {
        self.0.iter().try_fold(item.clone(), |item, part| interp.get_item(&item, part))
    }

    /// As `get`, with a default for what is missing on the way.
    pub fn get_or(&self, interp: &mut Context<'_, '_, '_>, item: &Value, default: Option<&Value>) -> Eval<Value> {
        self.0.iter().try_fold(item.clone(), |item, part| {
            let found = interp.get_item(&item, part)?;
            Ok(match default {
                Some(default) if is_undefined(&found) => default.clone(),
                _ => found,
            })
        })
    }
}

fn part(text: &str) -> Value {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from);
    }
    Value::from(text)
}

/// A key that ignores case when it is a string.
pub(crate) fn ignore_case(value: Value, case_sensitive: bool) -> Value {
    match value.as_str() {
        Some(text) if !case_sensitive => Value::from(text.to_lowercase()),
        _ => value,
    }
}
