//! Tables made of a table: fewer columns, fewer rows, another order.

use std::cmp::Ordering;
use std::sync::Arc;

use minijinja::{Error, ErrorKind, State, Value};

use super::groups::Groups;
use super::sequence::{Sequence, compare};
use super::{Agate, unique};
use crate::jinja::args;

impl Agate {
    /// The method of this name.
    ///
    /// # Errors
    /// There is none of this name, or its arguments are not what it takes.
    pub(super) fn derive(&self, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        Ok(match method {
            "select" | "exclude" => self.keep_columns(args, method == "select")?,
            "rename" => self.rename(args)?,
            "limit" => self.limit(args)?,
            "order_by" => self.order_by(state, args)?,
            "distinct" => self.distinct(state, args)?,
            "where" => self.filter(state, args)?,
            "find" => {
                let (test, _) = args::first(args, "the test")?;
                for row in self.row_values() {
                    if test.call(state, std::slice::from_ref(&row))?.is_true() {
                        return Ok(row);
                    }
                }
                Value::from(())
            }
            "group_by" => self.group_by(args)?,
            "join" => self.join(args)?,
            _ => {
                return Err(Error::new(ErrorKind::UnknownMethod, format!("a query result has no method `{method}`")));
            }
        })
    }

    fn row_values(&self) -> impl Iterator<Item = Value> + '_ {
        self.rows.iter().map(|row| Sequence::row(row.clone(), self.names.clone()))
    }

    fn with_rows(&self, rows: Vec<Arc<[Value]>>) -> Value {
        Value::from_object(Self { rows, ..self.clone() })
    }

    pub(super) fn places(&self, wanted: &Value) -> Result<Vec<usize>, Error> {
        let names = match wanted.as_str() {
            Some(name) => vec![name.to_owned()],
            None => wanted.try_iter()?.map(|name| karat_jinja::py_str(&name)).collect(),
        };
        let place = |name: &String| {
            self.position(name)
                .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("the result has no column `{name}`")))
        };
        names.iter().map(place).collect()
    }

    fn keep_columns(&self, args: &[Value], keep: bool) -> Result<Value, Error> {
        let wanted = args::option(args, 0, "key").unwrap_or_default();
        let places = match self.places(&wanted) {
            Ok(places) if keep => places,
            Err(error) if keep => return Err(error),
            found => {
                let gone = found.unwrap_or_default();
                (0..self.names.len()).filter(|at| !gone.contains(at)).collect()
            }
        };
        Ok(Value::from_object(Self {
            names: places.iter().map(|at| self.names[*at].clone()).collect(),
            types: places.iter().map(|at| self.types[*at]).collect(),
            rows: self.rows.iter().map(|row| places.iter().map(|at| row[*at].clone()).collect()).collect(),
            shared: self.shared.clone(),
        }))
    }

    fn rename(&self, args: &[Value]) -> Result<Value, Error> {
        let Some(given) = args::option(args, 0, "column_names").filter(|v| !v.is_none()) else {
            return Ok(Value::from_object(self.clone()));
        };
        let names: Vec<String> = match karat_jinja::to_json(&given) {
            Ok(serde_json::Value::Object(map)) => {
                let renamed = |name: &String| map.get(name).and_then(|n| n.as_str()).unwrap_or(name).to_owned();
                self.names.iter().map(renamed).collect()
            }
            _ => given.try_iter()?.map(|name| karat_jinja::py_str(&name)).collect(),
        };
        if names.len() != self.names.len() {
            return Err(Error::new(ErrorKind::InvalidOperation, "rename takes as many names as there are columns"));
        }
        Ok(Value::from_object(Self { names: unique(names.iter().map(String::as_str)), ..self.clone() }))
    }

    fn limit(&self, args: &[Value]) -> Result<Value, Error> {
        let number = |index, key| args::option(args, index, key).and_then(|v| usize::try_from(v).ok());
        let (first, stop, step) = (number(0, "start_or_stop"), number(1, "stop"), number(2, "step"));
        let (start, stop) = if stop.is_some() || step.is_some() { (first, stop) } else { (None, first) };
        let rows = self.rows.iter().take(stop.unwrap_or(usize::MAX)).skip(start.unwrap_or(0));
        Ok(self.with_rows(rows.step_by(step.unwrap_or(1).max(1)).cloned().collect()))
    }

    /// What tells rows apart or orders them: columns, or what a function makes of a row.
    fn keys(&self, state: &mut State<'_, '_>, key: Option<Value>) -> Result<Vec<Vec<Value>>, Error> {
        let Some(key) = key.filter(|key| !key.is_none()) else {
            return Ok(self.rows.iter().map(|row| row.to_vec()).collect());
        };
        if key.as_str().is_none() && key.try_iter().is_err() {
            return self.row_values().map(|row| Ok(vec![key.call(state, &[row])?])).collect();
        }
        let places = self.places(&key)?;
        Ok(self.rows.iter().map(|row| places.iter().map(|at| row[*at].clone()).collect()).collect())
    }

    fn order_by(&self, state: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let keys = self.keys(state, args::option(args, 0, "key"))?;
        let reverse = args::option(args, 1, "reverse").is_some_and(|v| v.is_true());
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_by(|a, b| {
            let found = keys[*a].iter().zip(&keys[*b]).map(|(a, b)| compare(a, b));
            let order = found.into_iter().find(|o| o.is_ne()).unwrap_or(Ordering::Equal);
            if reverse { order.reverse() } else { order }
        });
        Ok(self.with_rows(order.into_iter().map(|at| self.rows[at].clone()).collect()))
    }

    fn distinct(&self, state: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let keys = self.keys(state, args::option(args, 0, "key"))?;
        let seen = karat_jinja::Dict::default();
        let mut rows = Vec::new();
        for (key, row) in keys.into_iter().zip(&self.rows) {
            let key = karat_jinja::tuple(key);
            if seen.get(&key).is_none() {
                seen.insert(key, Value::from(true));
                rows.push(row.clone());
            }
        }
        Ok(self.with_rows(rows))
    }

    fn filter(&self, state: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let (test, _) = args::first(args, "the test")?;
        let mut rows = Vec::new();
        for (value, row) in self.row_values().zip(&self.rows) {
            if test.call(state, &[value])?.is_true() {
                rows.push(row.clone());
            }
        }
        Ok(self.with_rows(rows))
    }

    /// `group_by(column)`: a table for each value of the column.
    fn group_by(&self, args: &[Value]) -> Result<Value, Error> {
        let key = args::option(args, 0, "key").unwrap_or_default();
        let Some(place) = self.places(&key)?.first().copied() else { return Ok(Value::from(())) };
        let mut groups: Vec<(Value, Vec<Arc<[Value]>>)> = Vec::new();
        for row in &self.rows {
            match groups.iter_mut().find(|(known, _)| karat_jinja::equals(known, &row[place])) {
                Some((_, rows)) => rows.push(row.clone()),
                None => groups.push((row[place].clone(), vec![row.clone()])),
            }
        }
        let name = args::option(args, 1, "key_name").filter(|name| !name.is_none());
        let key_name = name.map_or_else(|| self.names[place].clone(), |name| karat_jinja::py_str(&name));
        let groups = groups.into_iter().map(|(key, rows)| (key, Self { rows, ..self.clone() })).collect();
        Ok(Value::from_object(Groups { key_name, key_type: self.types[place], groups }))
    }
}
