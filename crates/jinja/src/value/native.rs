//! Objects that behave like instances of Python's classes.

use std::any::Any;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr};
use minijinja::{Error, State, Value};

use super::iter::Iter;
use crate::args::Args;
use crate::error::{Eval, into_foreign};
use crate::interp::Interp;
use crate::syntax::ast::BinOp;

/// What an instance can do. Everything but its name and its text has a default: "cannot".
pub(crate) trait Native: Any + fmt::Debug + Send + Sync {
    fn type_name(&self) -> &'static str;

    fn repr(&self) -> String;

    /// The text of `str(self)`.
    fn text(&self) -> String {
        self.repr()
    }

    fn truthy(&self) -> bool {
        true
    }

    fn attr(&self, _name: &str) -> Option<Value> {
        None
    }

    fn item(&self, _key: &Value) -> Option<Value> {
        None
    }

    /// The names that `method` knows.
    fn methods(&self) -> &'static [&'static str] {
        &[]
    }

    /// Calls a method, or returns `None` when there is none of that name.
    fn method(&self, _interp: &mut Interp<'_, '_, '_>, _name: &str, _args: &Args) -> Option<Eval<Value>> {
        None
    }

    fn call(&self, _interp: &mut Interp<'_, '_, '_>, _args: &Args) -> Option<Eval<Value>> {
        None
    }

    /// Whether the instance is a class of its own, for the test `callable`.
    fn callable(&self) -> bool {
        false
    }

    /// Whether `iter` gives something; unlike that, asking uses nothing up and locks nothing.
    fn iterable(&self) -> bool {
        false
    }

    /// Whether the instance may be a key.
    fn hashable(&self) -> bool {
        true
    }

    fn iter(&self) -> Option<Iter> {
        None
    }

    fn len(&self) -> Option<usize> {
        None
    }

    fn contains(&self, _item: &Value) -> Option<bool> {
        None
    }

    fn equals(&self, _other: &dyn Native) -> Option<bool> {
        None
    }

    fn compare(&self, _other: &dyn Native) -> Option<Ordering> {
        None
    }

    /// `self op other`, or `other op self` when reflected.
    fn binary(&self, _op: BinOp, _other: &Value, _reflected: bool) -> Option<Eval<Value>> {
        None
    }

    fn negate(&self) -> Option<Value> {
        None
    }
}

impl dyn Native {
    pub fn downcast<T: Native>(&self) -> Option<&T> {
        (self as &dyn Any).downcast_ref()
    }
}

/// The minijinja object around a [`Native`].
#[derive(Debug)]
pub(crate) struct Instance(pub Box<dyn Native>);

/// Wraps an instance as a value.
pub(crate) fn instance(native: impl Native) -> Value {
    Value::from_object(Instance(Box::new(native)))
}

/// The instance of a known class inside a value.
pub(crate) fn native_ref<T: Native>(value: &Value) -> Option<&T> {
    value.downcast_object_ref::<Instance>()?.0.downcast()
}

impl Object for Instance {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        // This is asked whenever a value is looked at, so it must not look into other values.
        if self.0.iterable() { ObjectRepr::Iterable } else { ObjectRepr::Plain }
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str() {
            Some(name) => self.0.attr(name).or_else(|| self.0.item(key)),
            None => self.0.item(key),
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        match self.0.iter() {
            Some(iter) => Enumerator::Values(iter.collect()),
            None => Enumerator::NonEnumerable,
        }
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        self.0.len()
    }

    fn is_true(self: &Arc<Self>) -> bool {
        self.0.truthy()
    }

    fn call(self: &Arc<Self>, state: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let value = Value::from_dyn_object(self.clone());
        Interp::enter(state).call(&value, Args::from_foreign(args)).map_err(|signal| into_foreign(*signal))
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, name: &str, args: &[Value]) -> Result<Value, Error> {
        let value = Value::from_dyn_object(self.clone());
        Interp::enter(state).call_method(&value, name, Args::from_foreign(args)).map_err(|signal| into_foreign(*signal))
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text())
    }
}
