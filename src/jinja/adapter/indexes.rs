//! `adapter.parse_index`: what a model says about one of its indexes.

use std::sync::Arc;

use jiff::Timestamp;
use minijinja::value::Object;
use minijinja::{Error, ErrorKind, State, Value};
use sha2::{Digest, Sha256};

use crate::diagnostic::Diagnostic;
use crate::jinja::args;
use crate::jinja::error::problem;
use crate::jinja::relation::Relation;
use crate::load::hex;

/// An index as macros see it.
#[derive(Debug)]
struct Index {
    columns: Vec<String>,
    unique: bool,
    method: Option<String>,
}

/// `adapter.parse_index({'columns': […], 'unique': true, 'type': 'hash'})`; none for none.
///
/// # Errors
/// It has no list of columns.
pub(super) fn parse_index(args: &[Value]) -> Result<Value, Error> {
    let (index, _) = args::first(args, "the index")?;
    if index.is_none() {
        return Ok(Value::from(()));
    }
    let field = |key: &str| index.get_attr(key).ok().filter(|v| !v.is_undefined() && !v.is_none());
    let columns = field("columns").filter(|v| v.as_str().is_none()).and_then(|v| v.try_iter().ok());
    let Some(columns) = columns else {
        let message = format!("an index has no list of `columns`: {}", karat_jinja::py_repr(index));
        return Err(problem(Diagnostic::error("bad-index", message).hint("write `indexes: [{columns: [id]}]`")));
    };
    Ok(Value::from_object(Index {
        columns: columns.map(|column| column.to_string()).collect(),
        unique: field("unique").is_some_and(|v| v.is_true()),
        method: field("type").map(|v| v.to_string()),
    }))
}

impl Object for Index {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        Some(match key.as_str()? {
            "columns" => karat_jinja::list(self.columns.iter().map(|c| Value::from(c.as_str())).collect()),
            "unique" => Value::from(self.unique),
            "type" => self.method.as_deref().map_or(Value::from(()), Value::from),
            _ => return None,
        })
    }

    /// `render(relation)`: a name that no other index has, not even the one of the relation that is replaced.
    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        if method != "render" {
            return Err(Error::new(ErrorKind::UnknownMethod, format!("an index has no method `{method}`")));
        }
        let relation = args.first().and_then(Relation::from_value).map(|r| r.sql()).unwrap_or_default();
        let parts = [self.columns.join("_"), relation, self.unique.to_string(), Timestamp::now().to_string()];
        Ok(Value::from(&hex(&Sha256::digest(parts.join("_").as_bytes()))[..32]))
    }
}
