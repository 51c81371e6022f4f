//! Calls: macros, native functions, methods, and whatever the context offers.

use std::fmt;
use std::sync::Arc;

use minijinja::{ErrorKind as MiniKind, Value};

use super::Interp;
use super::scope::Scope;
use crate::args::{Args, arguments};
use crate::error::{Eval, Signal, from_foreign, type_error};
use crate::methods;
use crate::syntax::ast::{Macro, Span, Template};
use crate::value::{
    Native, Py, dict, native_ref, py_repr, tuple, type_name, undefined, undefined_attribute, undefined_hint, view,
};

/// A macro of dbt: callable from everywhere, and the boundary of `return`.
#[derive(Debug)]
pub(crate) struct MacroDef {
    pub id: Arc<str>,
    pub name: Arc<str>,
    pub node: Arc<Macro>,
    pub template: Arc<Template>,
}

/// A [`MacroDef`] as a value.
#[derive(Debug)]
pub(crate) struct DbtMacro(pub Arc<MacroDef>);

impl Native for DbtMacro {
    fn type_name(&self) -> &'static str {
        "MacroGenerator"
    }

    fn repr(&self) -> String {
        format!("<macro {}>", self.0.id)
    }

    fn attr(&self, name: &str) -> Option<Value> {
        (name == "name").then(|| Value::from(&*self.0.name))
    }

    fn call(&self, interp: &mut Interp<'_, '_, '_>, args: &Args) -> Option<Eval<Value>> {
        let def = &self.0;
        let result = interp.invoke(&def.node, &def.template, &Scope::root(), false, args);
        Some(match result {
            Err(signal) => match *signal {
                Signal::Return(value) => Ok(value),
                error => Err(Box::new(error)),
            },
            ok => ok,
        })
    }
}

/// A macro defined inside a template, or the body of a `{% call %}` block.
pub(crate) struct LocalMacro {
    node: Arc<Macro>,
    scope: Arc<Scope>,
    template: Arc<Template>,
    lenient: bool,
}

impl LocalMacro {
    pub fn new(node: &Arc<Macro>, scope: &Arc<Scope>, template: &Arc<Template>, lenient: bool) -> Self {
        LocalMacro { node: node.clone(), scope: scope.clone(), template: template.clone(), lenient }
    }
}

impl fmt::Debug for LocalMacro {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.repr())
    }
}

impl Native for LocalMacro {
    fn type_name(&self) -> &'static str {
        "Macro"
    }

    fn repr(&self) -> String {
        format!("<Macro {}>", py_repr(&Value::from(&*self.node.name)))
    }

    fn attr(&self, name: &str) -> Option<Value> {
        match name {
            "name" => Some(Value::from(&*self.node.name)),
            "arguments" => Some(tuple(self.node.params.iter().map(|param| Value::from(&*param.name)).collect())),
            "caller" => Some(Value::from(self.node.uses.caller.is_some())),
            "catch_kwargs" => Some(Value::from(self.node.uses.kwargs.is_some())),
            "catch_varargs" => Some(Value::from(self.node.uses.varargs.is_some())),
            _ => None,
        }
    }

    fn call(&self, interp: &mut Interp<'_, '_, '_>, args: &Args) -> Option<Eval<Value>> {
        Some(interp.invoke(&self.node, &self.template, &self.scope, self.lenient, args))
    }
}

/// A function written in Rust.
#[derive(Clone, Copy)]
pub(crate) struct NativeFn {
    pub name: &'static str,
    pub function: fn(&mut Interp<'_, '_, '_>, &Args) -> Eval<Value>,
}

impl fmt::Debug for NativeFn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.repr())
    }
}

impl Native for NativeFn {
    fn type_name(&self) -> &'static str {
        "function"
    }

    fn repr(&self) -> String {
        format!("<function {}>", self.name)
    }

    fn call(&self, interp: &mut Interp<'_, '_, '_>, args: &Args) -> Option<Eval<Value>> {
        Some((self.function)(interp, args))
    }
}

/// The function `return`.
#[derive(Debug)]
pub(crate) struct Returner;

impl Native for Returner {
    fn type_name(&self) -> &'static str {
        "function"
    }

    fn repr(&self) -> String {
        "<function return>".into()
    }

    fn call(&self, _: &mut Interp<'_, '_, '_>, args: &Args) -> Option<Eval<Value>> {
        Some(args.one("return", "data").and_then(|value| Err(Box::new(Signal::Return(value)))))
    }
}

/// A method that was looked up without being called.
#[derive(Debug)]
pub(crate) struct BoundMethod {
    pub target: Value,
    pub name: Box<str>,
}

impl Native for BoundMethod {
    fn type_name(&self) -> &'static str {
        "builtin_function_or_method"
    }

    fn repr(&self) -> String {
        format!("<built-in method {} of {} object>", self.name, type_name(&self.target))
    }

    fn call(&self, interp: &mut Interp<'_, '_, '_>, args: &Args) -> Option<Eval<Value>> {
        Some(interp.call_method(&self.target, &self.name, args.clone()))
    }
}

impl Interp<'_, '_, '_> {
    /// Calls a value from the given place of the current template.
    pub(super) fn call_at(&mut self, callee: &Value, args: Args, span: Span) -> Eval<Value> {
        let name = match native_ref::<DbtMacro>(callee) {
            Some(found) => &found.0.name,
            None => match native_ref::<LocalMacro>(callee) {
                Some(found) => &found.node.name,
                None => return self.call(callee, args),
            },
        };
        self.call(callee, args).map_err(|error| {
            let error = self.locate(error, span);
            self.add_frame(error, name, span)
        })
    }

    /// Calls a value.
    pub(crate) fn call(&mut self, callee: &Value, args: Args) -> Eval<Value> {
        match view(callee) {
            Py::Undefined => self.use_undefined(callee),
            Py::Native(native) => match native.call(self, &args) {
                Some(result) => result,
                None => not_callable(callee),
            },
            Py::Map(_) | Py::Object(_) | Py::Seq(_) => {
                callee.call(self.state, &args.into_foreign()).map_err(from_foreign)
            }
            _ => not_callable(callee),
        }
    }

    /// `object.name(args)` from the given place of the current template.
    pub(super) fn call_attr(&mut self, object: &Value, name: &Value, args: Args, span: Span) -> Eval<Value> {
        let text = name.as_str().unwrap_or_default();
        let own = match view(object) {
            Py::Dict(dict) if !methods::exists(object, text) => dict.get_str(text),
            Py::Native(native) => native.attr(text).or_else(|| native.item(name)),
            Py::Map(foreign) if is_macro_namespace(foreign, text) => foreign.get_value_by_str(text),
            _ => None,
        };
        match own.filter(|value| !value.is_undefined()) {
            Some(callee) => self.call_at(&callee, args, span),
            None => self.call_method(object, text, args),
        }
    }

    /// `object.name(args)`
    pub(crate) fn call_method(&mut self, object: &Value, name: &str, args: Args) -> Eval<Value> {
        let result = match view(object) {
            Py::Undefined => return self.use_undefined(object),
            Py::Native(native) => match native.method(self, name, &args) {
                Some(result) => Some(result),
                None => match native.attr(name) {
                    Some(callee) => return self.call(&callee, args),
                    None => None,
                },
            },
            Py::Map(_) | Py::Seq(_) | Py::Object(_) => return self.call_foreign_method(object, name, args),
            _ => methods::call(self, object, name, &args),
        };
        match result {
            Some(result) => result,
            None => self.missing_method(object, name, args),
        }
    }

    fn missing_method(&mut self, object: &Value, name: &str, args: Args) -> Eval<Value> {
        if let Py::Dict(dict) = view(object)
            && let Some(callee) = dict.get_str(name)
        {
            return self.call(&callee, args);
        }
        Err(undefined(&undefined_attribute(object, &Value::from(name), false)).into())
    }

    fn call_foreign_method(&mut self, object: &Value, name: &str, args: Args) -> Eval<Value> {
        match object.call_method(self.state, name, &args.clone().into_foreign()) {
            Ok(value) => Ok(value),
            Err(error) if error.kind() == MiniKind::UnknownMethod && std::error::Error::source(&error).is_none() => {
                match methods::call(self, object, name, &args) {
                    Some(result) => result,
                    None => self.missing_method(object, name, args),
                }
            }
            Err(error) => Err(from_foreign(error)),
        }
    }

    /// Calls a macro: binds its arguments as Jinja2 does, then collects what its body writes.
    pub(super) fn invoke(
        &mut self,
        node: &Arc<Macro>,
        template: &Arc<Template>,
        outer: &Arc<Scope>,
        lenient: bool,
        args: &Args,
    ) -> Eval<Value> {
        let scope = Scope::child(outer);
        let missing = bind(node, args, &scope, lenient)?;
        self.within(template, lenient, |interp| {
            for (at, param) in node.params.iter().enumerate() {
                if !missing.contains(&at) {
                    continue;
                }
                let value = match &param.default {
                    Some(default) => interp.eval(default, &scope)?,
                    None => undefined_hint(format!("parameter '{}' was not provided", param.name), lenient),
                };
                scope.set(param.sym, value);
            }
            interp.capture(&node.body, &scope)
        })
    }
}

/// Whether a foreign map holds a macro under this name.
fn is_macro_namespace(object: &minijinja::value::DynObject, name: &str) -> bool {
    object.get_value_by_str(name).is_some_and(|value| native_ref::<DbtMacro>(&value).is_some())
}

fn not_callable(value: &Value) -> Eval<Value> {
    Err(type_error(format!("'{}' object is not callable", type_name(value))))
}

/// Sets the parameters that were given and returns the positions of those that were not.
fn bind(node: &Macro, args: &Args, scope: &Scope, lenient: bool) -> Eval<Vec<usize>> {
    let mut kwargs = args.kw.clone();
    let mut take = |name: &str| kwargs.iter().position(|(key, _)| &**key == name).map(|at| kwargs.remove(at).1);
    let mut missing = Vec::new();
    let given = args.pos.len().min(node.params.len());
    for (at, param) in node.params.iter().enumerate() {
        let value = if at < given { args.pos.get(at).cloned() } else { take(&param.name) };
        match value {
            Some(value) => scope.set(param.sym, value),
            None => missing.push(at),
        }
    }
    let explicit_caller = node.params.iter().any(|param| &*param.name == "caller");
    if let Some(sym) = node.uses.caller.filter(|_| !explicit_caller) {
        let caller = take("caller").filter(|value| !value.is_none());
        scope.set(sym, caller.unwrap_or_else(|| undefined_hint("No caller defined", lenient)));
    }
    let is_param = |name: &str| node.params.iter().any(|param| &*param.name == name);
    match node.uses.kwargs.filter(|_| !is_param("kwargs")) {
        Some(sym) => scope.set(sym, dict(kwargs.into_iter().map(|(key, value)| (Value::from(&*key), value)))),
        None => refuse_kwargs(node, &kwargs)?,
    }
    match node.uses.varargs.filter(|_| !is_param("varargs")) {
        Some(sym) => scope.set(sym, tuple(args.pos[given..].to_vec())),
        None if args.pos.len() > node.params.len() => {
            return Err(arguments(format!(
                "macro {} takes not more than {} argument(s)",
                shown_name(node),
                node.params.len()
            )));
        }
        None => {}
    }
    Ok(missing)
}

fn shown_name(node: &Macro) -> String {
    match &*node.name {
        "caller" => "None".into(),
        name => py_repr(&Value::from(name)),
    }
}

fn refuse_kwargs(node: &Macro, kwargs: &[(Arc<str>, Value)]) -> Eval<()> {
    let Some((first, _)) = kwargs.first() else { return Ok(()) };
    let name = shown_name(node);
    if kwargs.iter().any(|(key, _)| &**key == "caller") {
        return Err(arguments(format!(
            "macro {name} was invoked with two values for the special caller argument. This is most likely a bug."
        )));
    }
    Err(arguments(format!("macro {name} takes no keyword argument {}", py_repr(&Value::from(&**first)))))
}
