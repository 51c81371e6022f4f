//! Columns as templates see them: what `adapter.get_columns_in_relation` and `api.Column` give.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use karat_sql::dialect::Dialect;
use minijinja::value::{DynObject, Enumerator, Object, ObjectRepr};
use minijinja::{Error, ErrorKind, State, Value};

use crate::diagnostic::Diagnostic;
use crate::jinja::args;
use crate::jinja::error::problem;
use crate::jinja::scope::Scope;

/// A column as templates see it.
#[derive(Clone)]
pub struct ColumnObject {
    /// Its name.
    pub name: String,
    /// Its type, as the engine spells it.
    pub dtype: String,
    /// How many characters it may have.
    pub char_size: Value,
    /// How many digits a number has.
    pub precision: Value,
    /// How many of them are behind the point.
    pub scale: Value,
    /// How the engine quotes.
    pub dialect: &'static dyn Dialect,
}

impl ColumnObject {
    /// A column of this type and no known size.
    pub fn new(name: impl Into<String>, dtype: impl Into<String>, dialect: &'static dyn Dialect) -> Self {
        let none = || Value::from(());
        Self { name: name.into(), dtype: dtype.into(), char_size: none(), precision: none(), scale: none(), dialect }
    }

    /// The column as a value of a template.
    pub fn value(self) -> Value {
        Value::from_object(self)
    }

    fn is(&self, names: &[&str]) -> bool {
        names.iter().any(|n| self.dtype.eq_ignore_ascii_case(n))
    }

    fn is_string(&self) -> bool {
        self.is(&["text", "character varying", "character", "varchar"])
    }

    fn is_numeric(&self) -> bool {
        self.is(&["numeric", "decimal"])
    }

    fn is_struct(&self) -> bool {
        self.dtype.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("struct"))
    }

    /// The type as dbt spells it for `create table`: texts get a length, decimals their digits.
    fn data_type(&self) -> String {
        if self.is_string() {
            return self.dialect.text_type(&self.dtype, self.known_size());
        }
        if self.is_numeric() {
            return numeric_type(self.dialect, &self.dtype, &self.precision, &self.scale);
        }
        self.dtype.clone()
    }

    fn string_size(&self) -> i64 {
        self.known_size().unwrap_or(256)
    }

    fn known_size(&self) -> Option<i64> {
        self.char_size.as_i64().filter(|_| self.dtype != "text")
    }

    /// The columns inside of one that is a struct.
    fn fields(&self) -> Vec<Self> {
        let inner = self.dtype.get(6..).and_then(|rest| rest.trim().strip_prefix('(')?.strip_suffix(')'));
        let Some(inner) = inner.filter(|_| self.is_struct()) else { return Vec::new() };
        let mut depth = 0;
        let split = inner.split(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            c == ',' && depth == 0
        });
        split
            .filter_map(|field| field.trim().split_once(' '))
            .map(|(name, dtype)| Self::new(name, dtype, self.dialect))
            .collect()
    }

    /// The columns of a struct, those of structs inside of it in their place, by dotted names.
    fn flatten(&self) -> Vec<Self> {
        if !self.is_struct() {
            return vec![self.clone()];
        }
        let named = |field: Self| Self { name: format!("{}.{}", self.name, field.name), ..field };
        self.fields().iter().flat_map(Self::flatten).map(named).collect()
    }

    fn test(&self, method: &str) -> Option<bool> {
        Some(match method {
            "is_string" => self.is_string(),
            "is_numeric" => self.is_numeric(),
            "is_integer" => self.is(self.dialect.integer_types()),
            "is_float" => self.is(self.dialect.float_types()),
            "is_number" => {
                self.is_numeric() || self.is(self.dialect.integer_types()) || self.is(self.dialect.float_types())
            }
            "is_struct" => self.is_struct(),
            _ => return None,
        })
    }

    fn facts(&self) -> [String; 5] {
        let text = |value: &Value| karat_jinja::py_repr(value);
        [self.name.clone(), self.dtype.clone(), text(&self.char_size), text(&self.precision), text(&self.scale)]
    }
}

fn numeric_type(dialect: &dyn Dialect, name: &str, precision: &Value, scale: &Value) -> String {
    let known = ![precision, scale].iter().any(|v| v.is_none() || v.is_undefined());
    let (precision, scale) = (precision.to_string(), scale.to_string());
    dialect.numeric_type(name, known.then_some((&precision, &scale)))
}

/// As Python shows it.
impl fmt::Debug for ColumnObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [name, dtype] = [&self.name, &self.dtype].map(|text| karat_jinja::py_repr(&Value::from(text.as_str())));
        let [size, precision, scale] = [&self.char_size, &self.precision, &self.scale].map(karat_jinja::py_repr);
        write!(
            f,
            "{}Column(column={name}, dtype={dtype}, char_size={size}, numeric_precision={precision}, \
             numeric_scale={scale}, fields={:?})",
            self.dialect.title(),
            self.fields()
        )
    }
}

impl Object for ColumnObject {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        Some(match key.as_str()? {
            "name" | "column" => Value::from(self.name.as_str()),
            "quoted" => Value::from(self.dialect.quote(&self.name)),
            "dtype" => Value::from(self.dtype.as_str()),
            "data_type" | "expanded_data_type" => Value::from(self.data_type()),
            "char_size" => self.char_size.clone(),
            "numeric_precision" => self.precision.clone(),
            "numeric_scale" => self.scale.clone(),
            "fields" => karat_jinja::list(self.fields().into_iter().map(Self::value).collect()),
            _ => return None,
        })
    }

    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        other.downcast_ref::<Self>().map(|other| self.facts().cmp(&other.facts()))
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        if let Some(answer) = self.test(method) {
            return Ok(Value::from(answer));
        }
        match method {
            "string_size" if self.is_string() => Ok(Value::from(self.string_size())),
            "string_size" => Err(problem(Diagnostic::error(
                "wrong-arguments",
                format!("the column `{}` is of type {}: only texts have a string_size", self.name, self.dtype),
            ))),
            "can_expand_to" => {
                let other = args::option(args, 0, "other_column").and_then(|o| o.downcast_object::<Self>());
                let wider =
                    other.is_some_and(|o| self.is_string() && o.is_string() && o.string_size() > self.string_size());
                Ok(Value::from(wider))
            }
            "literal" => {
                let (value, _) = args::first(args, "the value")?;
                Ok(Value::from(format!("{}::{}", karat_jinja::py_str(value), self.data_type())))
            }
            "flatten" => Ok(karat_jinja::list(self.flatten().into_iter().map(Self::value).collect())),
            _ => class_method(self.dialect, method, args),
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

/// `api.Column`
#[derive(Debug)]
pub struct ColumnClass(pub Arc<Scope>);

impl Object for ColumnClass {
    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let (name, _) = args::first_text(&named_first(args, "column"), "the name of the column")
            .map(|(name, rest)| (name, rest.len()))?;
        let dtype = args::option(args, 1, "dtype").map(|v| karat_jinja::py_str(&v)).unwrap_or_default();
        let size = |index, key| args::option(args, index, key).unwrap_or(Value::from(()));
        let column = ColumnObject::new(name, dtype, self.0.shared.dialect);
        Ok(ColumnObject {
            char_size: size(2, "char_size"),
            precision: size(3, "numeric_precision"),
            scale: size(4, "numeric_scale"),
            ..column
        }
        .value())
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        class_method(self.0.shared.dialect, method, args)
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<class '{}Column'>", self.0.shared.dialect.title())
    }
}

/// The first argument, given by position or by name, alone.
fn named_first(args: &[Value], name: &str) -> Vec<Value> {
    args::option(args, 0, name).into_iter().collect()
}

/// What can be called on columns and on their class.
fn class_method(dialect: &'static dyn Dialect, method: &str, args: &[Value]) -> Result<Value, Error> {
    let text = |index: usize, key: &str, what: &str| {
        let given: Vec<Value> = args::option(args, index, key).into_iter().collect();
        args::first_text(&given, what).map(|(text, _)| text)
    };
    match method {
        "translate_type" => Ok(Value::from(dialect.translate_type(&text(0, "dtype", "the type")?))),
        "string_type" => {
            let size = args::option(args, 0, "size").unwrap_or_default();
            Ok(Value::from(format!("character varying({})", karat_jinja::py_str(&size))))
        }
        "numeric_type" => {
            let part = |index, key| args::option(args, index, key).unwrap_or(Value::from(()));
            let name = text(0, "dtype", "the type")?;
            Ok(Value::from(numeric_type(dialect, &name, &part(1, "precision"), &part(2, "scale"))))
        }
        "create" => {
            let dtype = dialect.translate_type(&text(1, "label_or_dtype", "the type")?);
            Ok(ColumnObject::new(text(0, "name", "the name of the column")?, dtype, dialect).value())
        }
        "from_description" => {
            let (name, described) = (text(0, "name", "the name of the column")?, text(1, "raw_data_type", "the type")?);
            from_description(&name, &described, dialect).map(ColumnObject::value)
        }
        _ => Err(Error::new(ErrorKind::UnknownMethod, format!("a column has no method `{method}`"))),
    }
}

/// `decimal(10,2)` as a type and its sizes.
fn from_description(name: &str, described: &str, dialect: &'static dyn Dialect) -> Result<ColumnObject, Error> {
    let (dtype, sizes) = described.split_once('(').map_or((described, ""), |(d, rest)| (d, rest.trim_end_matches(')')));
    let number = |text: &str| {
        text.trim().parse::<i64>().map(Value::from).map_err(|_| {
            problem(Diagnostic::error(
                "wrong-arguments",
                format!("`{text}` in the type `{described}` is no whole number"),
            ))
        })
    };
    let column = ColumnObject::new(name, dtype, dialect);
    let sizes: Vec<&str> = sizes.split(',').filter(|text| !text.is_empty()).collect();
    Ok(match sizes[..] {
        [size] => ColumnObject { char_size: number(size)?, ..column },
        [precision, scale] => ColumnObject { precision: number(precision)?, scale: number(scale)?, ..column },
        _ => column,
    })
}
