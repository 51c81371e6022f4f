//! Columns as templates see them: what `adapter.get_columns_in_relation` and `api.Column` give.

use std::fmt;
use std::sync::Arc;

use minijinja::value::Object;
use minijinja::{Error, ErrorKind, State, Value};

/// A column as templates see it.
#[derive(Debug, Clone)]
pub struct ColumnObject {
    /// Its name.
    pub name: String,
    /// Its type, as the engine spells it.
    pub data_type: String,
    /// How the engine quotes.
    pub quoted: String,
}

impl ColumnObject {
    fn base(&self) -> &str {
        self.data_type.split('(').next().unwrap_or(&self.data_type).trim()
    }

    fn is(&self, names: &[&str]) -> bool {
        names.iter().any(|n| self.base().eq_ignore_ascii_case(n))
    }
}

impl Object for ColumnObject {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let numbers: Vec<i64> = self
            .data_type
            .split_once('(')
            .map(|(_, rest)| rest.trim_end_matches(')').split(',').filter_map(|n| n.trim().parse().ok()).collect())
            .unwrap_or_default();
        let number = |n: Option<&i64>| n.map_or(Value::from(()), |n| Value::from(*n));
        Some(match key.as_str()? {
            "name" | "column" => Value::from(self.name.clone()),
            "quoted" => Value::from(self.quoted.clone()),
            "dtype" => Value::from(self.base()),
            "data_type" => Value::from(self.spelled()),
            "char_size" if self.is_string_type() => number(numbers.first()),
            "numeric_precision" if !self.is_string_type() => number(numbers.first()),
            "numeric_scale" if !self.is_string_type() => number(numbers.get(1)),
            "char_size" | "numeric_precision" | "numeric_scale" => Value::from(()),
            _ => return None,
        })
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, _: &[Value]) -> Result<Value, Error> {
        Ok(Value::from(match method {
            "is_string" => self.is_string_type(),
            "is_integer" => self.is(&["tinyint", "smallint", "integer", "int", "bigint", "hugeint", "int64"]),
            "is_float" => self.is(&["real", "float", "double", "double precision", "float64"]),
            "is_numeric" => self.is(&["numeric", "decimal", "bignumeric"]),
            "is_number" => self.is(&[
                "tinyint",
                "smallint",
                "integer",
                "int",
                "bigint",
                "hugeint",
                "int64",
                "real",
                "float",
                "double",
                "double precision",
                "float64",
                "numeric",
                "decimal",
                "bignumeric",
            ]),
            _ => return Err(Error::new(ErrorKind::UnknownMethod, format!("a column has no method `{method}`"))),
        }))
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Column {} ({})>", self.name, self.data_type)
    }
}

impl ColumnObject {
    /// The type as dbt spells it for `create table`: texts get a length.
    fn spelled(&self) -> String {
        match (self.is_string_type(), self.data_type.split_once('(')) {
            (true, Some((_, size))) => format!("character varying({size}"),
            (true, None) => "character varying(256)".to_owned(),
            (false, _) => self.data_type.clone(),
        }
    }

    fn is_string_type(&self) -> bool {
        self.is(&["varchar", "text", "string", "char", "character varying", "character", "bpchar"])
    }
}
