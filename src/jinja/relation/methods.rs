//! What templates can read of a relation and do with it.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use karat_adapters::RelationKind;
use minijinja::value::{DynObject, Enumerator, Object};
use minijinja::{Error, ErrorKind, State, Value};

use super::class::{common_method, common_value};
use super::parts::Parts;
use super::{PARTS, Relation, Special};
use crate::diagnostic::Diagnostic;
use crate::jinja::args;
use crate::jinja::error::problem;

impl Relation {
    /// `quote(…)`, `include(…)`: the flags of parts, by position or name.
    fn with_flags(&self, args: &[Value], quote: bool) -> Self {
        let mut copy = self.clone();
        let flags = if quote { &mut copy.quote } else { &mut copy.include };
        for (index, key) in PARTS.into_iter().enumerate() {
            if let Some(flag) = args::option(args, index, key).filter(|v| !v.is_none()) {
                flags[index] = flag.is_true();
            }
        }
        copy
    }

    /// `incorporate(path={…}, type=…)`, `replace(…)`: what is named is set, and a part that is given as none is taken
    /// away.
    fn incorporate(&self, args: &[Value]) -> Self {
        let mut copy = self.clone();
        if let Some(path) = args::option(args, usize::MAX, "path") {
            copy.set_path(|key| path.get_attr(key).ok());
        }
        if let Some(kind) = args::option(args, usize::MAX, "type") {
            copy.set_type(kind.as_str());
        }
        copy.set_policies(args);
        copy
    }

    fn set_path(&mut self, given: impl Fn(&str) -> Option<Value>) {
        for (index, key) in PARTS.into_iter().enumerate() {
            if let Some(value) = given(key).filter(|v| !v.is_undefined()) {
                self.set_part(index, value.as_str().map(str::to_owned));
            }
        }
    }

    fn without_identifier(&self) -> Self {
        let mut copy = self.clone();
        copy.include[2] = false;
        copy.set_part(2, None);
        copy
    }

    /// `information_schema('columns')`: that schema of the relation's database, and a view in it.
    pub fn information_schema(&self, view: Option<&str>) -> Self {
        let mut copy = self.clone();
        copy.set_part(1, None);
        copy.set_part(2, Some("INFORMATION_SCHEMA".to_owned()));
        copy.include = [self.name.database.is_some(), false, true];
        copy.quote[2] = false;
        copy.set_type(Some("view"));
        copy.information = Some(view.map(Into::into));
        copy.rendered = None;
        copy
    }

    /// `matches(database, schema, identifier)`: whether the parts that are given are those of the relation.
    fn matches(&self, args: &[Value]) -> Result<bool, Error> {
        let given: Vec<(usize, Value)> = PARTS
            .into_iter()
            .enumerate()
            .filter_map(|(index, key)| Some((index, args::option(args, index, key).filter(|v| !v.is_none())?)))
            .collect();
        if given.is_empty() {
            return Err(problem(Diagnostic::error(
                "wrong-arguments",
                "matches takes a database, a schema or an identifier",
            )));
        }
        let all = |same: fn(&str, &str) -> bool| {
            given.iter().all(|(i, v)| same(v.as_str().unwrap_or_default(), self.part(*i).unwrap_or_default()))
        };
        if all(|a, b| a == b) {
            return Ok(true);
        }
        match all(|a, b| a.eq_ignore_ascii_case(b)) {
            true => Err(problem(
                Diagnostic::error("wrong-arguments", format!("this names {} in another case", self.sql()))
                    .hint("write the names as the warehouse has them"),
            )),
            false => Ok(false),
        }
    }

    fn attribute(&self, key: &str) -> Option<Value> {
        let kind_is = |kind| Value::from(self.kind == Some(kind));
        let special_is = |special| Value::from(self.special == Some(special));
        Some(match key {
            "database" => Value::from(self.part(0)),
            "schema" => Value::from(self.part(1)),
            "identifier" | "name" | "table" => Value::from(self.part(2)),
            "type" => Value::from(self.type_name()),
            "is_table" => kind_is(RelationKind::Table),
            "is_view" => kind_is(RelationKind::View),
            "is_materialized_view" => kind_is(RelationKind::MaterializedView),
            "is_cte" => special_is(Special::Cte),
            "is_pointer" => special_is(Special::PointerTable),
            "is_function" => special_is(Special::Function),
            "can_be_renamed" => Value::from(self.kind.is_some() && self.dialect.renames(self.sql_kind())),
            "can_be_replaced" => Value::from(self.kind.is_some() && self.dialect.replaces(self.sql_kind())),
            "path" => Parts::path([0, 1, 2].map(|index| self.part(index))),
            "quote_policy" => Parts::policy(self.quote),
            "include_policy" => Parts::policy(self.include),
            "quote_character" => Value::from(self.dialect.quote("").chars().take(1).collect::<String>()),
            "limit" if self.part_read.nothing => Value::from(0),
            "limit" | "event_time_filter" | "catalog" => Value::from(()),
            "external" => Value::from(self.rendered.as_deref().filter(|_| self.special.is_none())),
            "dbt_created" => Value::from(false),
            "require_alias" => Value::from(self.information.is_some() || self.dialect.needs_subquery_alias()),
            _ => return common_value(key),
        })
    }
}

impl Object for Relation {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.attribute(key.as_str()?)
    }

    /// It is a mapping for Python, and none whose keys can be listed.
    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        other.downcast_ref::<Self>().map(|other| self.compare(other))
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        Ok(match method {
            "render" => Value::from(self.sql()),
            "render_limited" => {
                let mut copy = (**self).clone();
                copy.part_read.time = None;
                Value::from(copy.text())
            }
            "include" | "quote" => self.with_flags(args, method == "quote").value(),
            "incorporate" | "replace" => self.incorporate(args).value(),
            "replace_path" => {
                let mut copy = (**self).clone();
                copy.set_path(|key| args::option(args, usize::MAX, key));
                copy.value()
            }
            "without_identifier" => self.without_identifier().value(),
            "information_schema" => {
                let view = args::option(args, 0, "view_name");
                self.information_schema(view.as_ref().and_then(Value::as_str)).value()
            }
            "information_schema_only" => self.information_schema(None).value(),
            "matches" => Value::from(self.matches(args)?),
            "relation_max_name_length" => self.dialect.longest_name().map_or(Value::UNDEFINED, Value::from),
            "quoted" => {
                let quote = self.dialect.quote("");
                let mark = quote.chars().next().unwrap_or('"');
                let (name, _) = args::first_text(args, "the name")?;
                Value::from(format!("{mark}{name}{mark}"))
            }
            "get" => {
                let (key, rest) = args::first_text(args, "the name of the attribute")?;
                if key == "metadata" {
                    return Ok(karat_jinja::dict([("type", Value::from(self.class_name()))]));
                }
                self.attribute(&key).or(args::option(rest, 0, "default")).unwrap_or(Value::from(()))
            }
            _ => {
                return common_method(method, args).unwrap_or_else(|| {
                    Err(Error::new(ErrorKind::UnknownMethod, format!("a relation has no method `{method}`")))
                });
            }
        })
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}
