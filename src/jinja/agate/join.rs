//! `join`: two tables beside each other.

use std::collections::HashSet;
use std::sync::Arc;

use minijinja::{Error, ErrorKind, Value};

use super::{Agate, unique};
use crate::jinja::args;

impl Agate {
    /// `join(right, left_key, right_key, inner, full_outer)`: each row with those of the other table that have the same
    /// key. The key is there once, but in a full outer join.
    pub(super) fn join(&self, given: &[Value]) -> Result<Value, Error> {
        let missing = |what: &str| Error::new(ErrorKind::InvalidOperation, format!("join takes {what}"));
        let option = |index: usize, key: &str| args::option(given, index, key).filter(|value| !value.is_none());
        let right = option(0, "right_table").ok_or_else(|| missing("another result"))?;
        let right = right.downcast_object_ref::<Self>().ok_or_else(|| missing("another result"))?;
        let left_key = option(1, "left_key").ok_or_else(|| missing("the name of a column"))?;
        let right_key = option(2, "right_key").unwrap_or_else(|| left_key.clone());
        let is_set = |index: usize, key: &str| option(index, key).is_some_and(|value| value.is_true());
        let (inner, outer) = (is_set(3, "inner"), is_set(4, "full_outer"));
        let (left_keys, right_keys) = (self.places(&left_key)?, right.places(&right_key)?);
        let kept: Vec<usize> = (0..right.names.len()).filter(|at| outer || !right_keys.contains(at)).collect();

        let key =
            |row: &[Value], places: &[usize]| karat_jinja::tuple(places.iter().map(|at| row[*at].clone()).collect());
        let by_key = karat_jinja::Dict::default();
        let mut found: Vec<Vec<usize>> = Vec::new();
        for (at, row) in right.rows.iter().enumerate() {
            let key = key(row, &right_keys);
            match by_key.get(&key).and_then(|group| usize::try_from(group).ok()) {
                Some(group) => found[group].push(at),
                None => {
                    by_key.insert(key, Value::from(found.len()));
                    found.push(vec![at]);
                }
            }
        }
        let beside = |left: Option<&[Value]>, other: Option<usize>| -> Arc<[Value]> {
            let nothing = || std::iter::repeat_n(Value::from(()), self.names.len());
            let left: Vec<Value> = left.map_or_else(|| nothing().collect(), <[Value]>::to_vec);
            let cell = |at: &usize| other.map_or(Value::from(()), |row| right.rows[row][*at].clone());
            left.into_iter().chain(kept.iter().map(cell)).collect()
        };
        let (mut rows, mut used) = (Vec::new(), HashSet::new());
        for row in &self.rows {
            let group = by_key.get(&key(row, &left_keys)).and_then(|group| usize::try_from(group).ok());
            match group {
                Some(group) => {
                    used.insert(group);
                    rows.extend(found[group].iter().map(|at| beside(Some(row), Some(*at))));
                }
                None if inner => {}
                None => rows.push(beside(Some(row), None)),
            }
        }
        if outer {
            let rest = found.iter().enumerate().filter(|(group, _)| !used.contains(group));
            let mut rest: Vec<usize> = rest.flat_map(|(_, rows)| rows.iter().copied()).collect();
            rest.sort_unstable();
            rows.extend(rest.into_iter().map(|at| beside(None, Some(at))));
        }
        let named = |name: &String| match self.names.contains(name) {
            true => format!("{name}2"),
            false => name.clone(),
        };
        let names: Vec<String> =
            self.names.iter().cloned().chain(kept.iter().map(|at| named(&right.names[*at]))).collect();
        Ok(Value::from_object(Self {
            names: unique(names.iter().map(String::as_str)),
            types: self.types.iter().copied().chain(kept.iter().map(|at| right.types[*at])).collect(),
            rows,
            shared: self.shared.clone(),
        }))
    }
}
