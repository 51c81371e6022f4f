//! Mutable dicts and the keys of dicts and sets.

use std::fmt;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use indexmap::{Equivalent, IndexMap};
use minijinja::Value;
use minijinja::value::{Enumerator, Object, ObjectRepr};

use super::ops::equals;
use super::repr::py_repr;
use super::{Decimal, Py, view};

/// A hashable value, compared as Python compares keys (`1 == 1.0 == True`).
#[derive(Clone)]
pub(crate) struct Key(pub Value);

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        match (self.0.as_str(), other.0.as_str()) {
            (Some(a), Some(b)) => a == b,
            (None, None) => equals(&self.0, &other.0),
            _ => false,
        }
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash(&self.0, state);
    }
}

impl Equivalent<Key> for str {
    fn equivalent(&self, key: &Key) -> bool {
        key.0.as_str() == Some(self)
    }
}

fn hash<H: Hasher>(value: &Value, state: &mut H) {
    match view(value) {
        Py::Str(text) => text.hash(state),
        Py::Int(number) => number.hash(state),
        Py::Bool(flag) => i128::from(flag).hash(state),
        Py::Float(number) if number.fract() == 0.0 && number.abs() < 1e30 => (number as i128).hash(state),
        Py::Float(number) => number.to_bits().hash(state),
        Py::Tuple(tuple) => tuple.iter().for_each(|item| hash(item, state)),
        Py::Bytes(bytes) => bytes.hash(state),
        Py::Native(native) if native.downcast::<Decimal>().is_some() => {
            native.downcast::<Decimal>().into_iter().for_each(|number| hash(&number.hash_key(), state));
        }
        // Everything else is told apart by comparison alone.
        _ => 0_u8.hash(state),
    }
}

/// Whether a value may be a key, or the name of the type that may not.
pub(crate) fn hashable(value: &Value) -> Result<(), &'static str> {
    match view(value) {
        Py::List(_) | Py::Seq(_) => Err("list"),
        // A map whose keys cannot be listed is an object with attributes.
        Py::Map(object) if object.try_iter_pairs().is_none() => Ok(()),
        Py::Dict(_) | Py::Map(_) => Err("dict"),
        Py::Set(_) => Err("set"),
        Py::Tuple(tuple) => tuple.iter().try_for_each(hashable),
        Py::Native(native) if !native.hashable() => Err(native.type_name()),
        _ => Ok(()),
    }
}

impl Key {
    /// The value as a key, or Python's complaint.
    pub fn new(value: Value) -> crate::error::Eval<Key> {
        match hashable(&value) {
            Ok(()) => Ok(Key(value)),
            Err(name) => Err(crate::error::type_error(format!("unhashable type: '{name}'"))),
        }
    }
}

/// A small fast hash; the keys come from the project's own files.
#[derive(Clone)]
pub(crate) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

pub(crate) type Map = IndexMap<Key, Value, BuildHasherDefault<Fnv>>;

/// A Python dict: mutable, ordered by insertion, shared by reference.
#[derive(Default)]
pub struct Dict(Mutex<Map>);

impl Dict {
    pub(crate) fn from_map(map: Map) -> Self {
        Dict(Mutex::new(map))
    }

    /// A copy of the items as they are now.
    pub fn pairs(&self) -> Vec<(Value, Value)> {
        self.lock().iter().map(|(key, value)| (key.0.clone(), value.clone())).collect()
    }

    /// A copy of the keys as they are now.
    pub fn keys(&self) -> Vec<Value> {
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

    /// The value of a key.
    pub fn get(&self, key: &Value) -> Option<Value> {
        match key.as_str() {
            Some(text) => self.get_str(text),
            None => self.lock().get(&Key(key.clone())).cloned(),
        }
    }

    /// The value of a string key.
    pub fn get_str(&self, key: &str) -> Option<Value> {
        self.lock().get(key).cloned()
    }

    /// Sets the value of a key; a key that Python could not hash is ignored.
    pub fn insert(&self, key: impl Into<Value>, value: Value) {
        let key = key.into();
        if hashable(&key).is_ok() {
            self.lock().insert(Key(key), value);
        }
    }

    /// The items, locked. Nothing that may look at a value of a template may run while the guard lives.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Map> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FromIterator<(Value, Value)> for Dict {
    fn from_iter<I: IntoIterator<Item = (Value, Value)>>(items: I) -> Self {
        Dict::from_map(items.into_iter().map(|(key, value)| (Key(key), value)).collect())
    }
}

impl fmt::Debug for Dict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.pairs()).finish()
    }
}

impl Object for Dict {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get(key)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.get_str(key)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.keys())
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.len())
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&py_repr(&Value::from_dyn_object(self.clone())))
    }
}
