//! Mutable sets, in the order of insertion.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use minijinja::Value;
use minijinja::value::{Enumerator, Object, ObjectRepr};

use super::dict::{Key, Map};
use super::iter::iterate;
use super::repr::py_repr;
use crate::error::Eval;

/// A Python set: mutable, shared by reference.
#[derive(Default)]
pub struct Set(Mutex<Map>);

impl Set {
    /// Collects a set, refusing what Python cannot hash.
    pub(crate) fn collect(items: impl IntoIterator<Item = Value>) -> Eval<Set> {
        let mut map = Map::default();
        for item in items {
            map.insert(Key::new(item)?, Value::UNDEFINED);
        }
        Ok(Set(Mutex::new(map)))
    }

    pub(crate) fn from_iterable(value: &Value) -> Eval<Set> {
        Set::collect(iterate(value)?)
    }

    /// A copy of the items as they are now.
    pub fn items(&self) -> Vec<Value> {
        self.lock().keys().map(|key| key.0.clone()).collect()
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether an item is in the set.
    pub fn contains(&self, item: &Value) -> bool {
        self.lock().contains_key(&Key(item.clone()))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Map> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.items()).finish()
    }
}

impl Object for Set {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Iterable
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.items())
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.len())
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&py_repr(&Value::from_dyn_object(self.clone())))
    }
}
