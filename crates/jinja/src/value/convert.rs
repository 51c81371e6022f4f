//! Values from and to JSON and YAML.

use dbt_yaml::{Span, Value as Yaml};
use minijinja::Value;
use serde_json::{Number, Value as Json};

use super::dict::{Dict, Key, Map};
use super::iter::iterate;
use super::number::float_repr;
use super::{Decimal, Py, list, pairs, py_str, type_name, view};
use crate::error::{ErrorKind, Eval, JinjaError, finish, type_error};

/// JSON as Python's `json.loads` reads it: lists and dicts are mutable.
pub fn from_json(json: Json) -> Value {
    match json {
        Json::Null => Value::from(()),
        Json::Bool(flag) => Value::from(flag),
        Json::Number(number) => from_number(&number),
        Json::String(text) => Value::from(text),
        Json::Array(items) => list(items.into_iter().map(from_json).collect()),
        Json::Object(items) => {
            let map: Map = items.into_iter().map(|(key, value)| (Key(Value::from(key)), from_json(value))).collect();
            Value::from_object(Dict::from_map(map))
        }
    }
}

fn from_number(number: &Number) -> Value {
    if let Some(small) = number.as_i64() {
        return Value::from(small);
    }
    number.as_u64().map(Value::from).or_else(|| number.as_f64().map(Value::from)).unwrap_or_default()
}

/// YAML as dbt reads it: lists and dicts are mutable, tags are dropped.
pub fn from_yaml(yaml: Yaml) -> Value {
    match yaml {
        Yaml::Null(..) => Value::from(()),
        Yaml::Bool(flag, ..) => Value::from(flag),
        Yaml::Number(number, ..) => number
            .as_i64()
            .map(Value::from)
            .or_else(|| number.as_u64().map(Value::from))
            .or_else(|| number.as_f64().map(Value::from))
            .unwrap_or_default(),
        Yaml::String(text, ..) => Value::from(text),
        Yaml::Sequence(items, ..) => list(items.into_iter().map(from_yaml).collect()),
        Yaml::Mapping(items, ..) => Value::from_object(
            items.into_iter().map(|(key, value)| (from_yaml(key), from_yaml(value))).collect::<Dict>(),
        ),
        Yaml::Timestamp(stamp, ..) => {
            let text = stamp.to_string();
            crate::modules::from_timestamp(&text).unwrap_or_else(|| Value::from(text))
        }
        Yaml::Tagged(tagged, ..) => from_yaml(tagged.value),
    }
}

/// What Python's `json.dumps` would write, as a tree.
///
/// # Errors
/// When a value has no form in JSON.
pub fn to_json(value: &Value) -> Result<Json, JinjaError> {
    json(value, 0).map_err(|signal| finish(*signal))
}

const MAX_DEPTH: usize = 200;

fn json(value: &Value, depth: usize) -> Eval<Json> {
    if depth > MAX_DEPTH {
        return Err(JinjaError::new(ErrorKind::Value, "Circular reference detected").into());
    }
    Ok(match view(value) {
        Py::None => Json::Null,
        Py::Bool(flag) => Json::Bool(flag),
        Py::Int(number) => match i64::try_from(number) {
            Ok(small) => Json::from(small),
            Err(_) => u64::try_from(number).map_or_else(|_| Json::from(number as f64), Json::from),
        },
        Py::Float(number) => Number::from_f64(number).map_or(Json::Null, Json::Number),
        Py::Str(text) => Json::from(text),
        Py::List(_) | Py::Tuple(_) | Py::Seq(_) => {
            let items: Eval<Vec<Json>> = iterate(value)?.map(|item| json(&item, depth + 1)).collect();
            Json::Array(items?)
        }
        Py::Dict(_) | Py::Map(_) => {
            let items = pairs(value).unwrap_or_default();
            let object: Eval<serde_json::Map<String, Json>> =
                items.iter().map(|(key, value)| Ok((json_key(key)?, json(value, depth + 1)?))).collect();
            Json::Object(object?)
        }
        Py::Native(native) if native.downcast::<Decimal>().is_some() => {
            Json::from(native.downcast::<Decimal>().map(|number| number.to_f64()))
        }
        _ => return Err(type_error(format!("Object of type {} is not JSON serializable", type_name(value)))),
    })
}

/// The text of a key, as `json.dumps` converts it.
pub(crate) fn json_key(key: &Value) -> Eval<String> {
    Ok(match view(key) {
        Py::Str(text) => text.to_owned(),
        Py::None => "null".into(),
        Py::Bool(flag) => flag.to_string(),
        Py::Int(number) => number.to_string(),
        Py::Float(number) => float_repr(number),
        _ => {
            return Err(type_error(format!("keys must be str, int, float, bool or None, not {}", type_name(key))));
        }
    })
}

/// Parses YAML text; `None` when it is no YAML.
pub(crate) fn from_yaml_text(text: &str) -> Option<Value> {
    if text.trim().is_empty() {
        return Some(Value::from(()));
    }
    dbt_yaml::from_str::<Yaml>(text).ok().map(from_yaml)
}

/// Writes YAML text in the block style of Python's `yaml.safe_dump`.
pub(crate) fn to_yaml_text(value: &Value, sort_keys: bool) -> Eval<String> {
    let yaml = yaml(value, sort_keys, 0)?;
    let text = dbt_yaml::to_string(&yaml).map_err(|error| type_error(error.to_string()))?;
    let is_scalar = !matches!(yaml, Yaml::Sequence(..) | Yaml::Mapping(..));
    Ok(if is_scalar { text + "...\n" } else { text })
}

fn yaml(value: &Value, sort_keys: bool, depth: usize) -> Eval<Yaml> {
    if depth > MAX_DEPTH {
        return Err(JinjaError::new(ErrorKind::Value, "Circular reference detected").into());
    }
    Ok(match view(value) {
        Py::None => Yaml::Null(Span::zero()),
        Py::Bool(flag) => Yaml::Bool(flag, Span::zero()),
        Py::Int(number) => Yaml::Number(i64::try_from(number).unwrap_or(i64::MAX).into(), Span::zero()),
        Py::Float(number) => Yaml::Number(number.into(), Span::zero()),
        Py::Str(text) => Yaml::String(text.to_owned(), Span::zero()),
        Py::List(_) | Py::Tuple(_) | Py::Seq(_) => {
            let items: Eval<Vec<Yaml>> = iterate(value)?.map(|item| yaml(&item, sort_keys, depth + 1)).collect();
            Yaml::sequence(items?)
        }
        Py::Dict(_) | Py::Map(_) => {
            let mut items = pairs(value).unwrap_or_default();
            if sort_keys {
                items.sort_by_key(|(key, _)| py_str(key));
            }
            let mut mapping = dbt_yaml::Mapping::new();
            for (key, value) in items {
                mapping.insert(yaml(&key, sort_keys, depth + 1)?, yaml(&value, sort_keys, depth + 1)?);
            }
            Yaml::mapping(mapping)
        }
        _ => return Err(type_error(format!("cannot represent an object: {}", type_name(value)))),
    })
}
