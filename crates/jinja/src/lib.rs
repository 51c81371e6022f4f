//! Jinja2 with the semantics of Python, as dbt configures it.
//!
//! A file is split by [`blocks`] into macros, tests, materializations, snapshots and docs. The macros are added to an
//! [`Engine`], which then renders templates ([`Engine::render`]), evaluates the strings of YAML files natively
//! ([`Engine::eval_native`]) and calls macros ([`Engine::call_macro`]), from any number of threads.
//!
//! The values are `minijinja::Value`s and a context is any value with attributes, so functions and objects of a
//! context are written against minijinja alone. Lists and dicts that templates may change are made by [`list`],
//! [`dict`] and [`from_json`]; [`builtins`] lists the functions that do not depend on what is rendered.
//!
//! Templates are parsed and evaluated here and not by minijinja, whose language differs from Jinja2 where dbt
//! projects notice: mutable literals, scopes of macros, numbers, text of values, messages.

mod args;
mod builtins;
mod engine;
mod error;
mod filters;
mod format;
mod interp;
mod json;
mod literal;
mod methods;
mod modules;
mod namespace;
mod native;
mod syntax;
mod value;

pub use builtins::builtins;
pub use engine::{Compiled, Engine, MacroSource, RenderOptions};
pub use error::{ErrorKind, Frame, JinjaError, Location};
pub use interp::{Limits, MethodNames};
pub use json::dump as json_text;
pub use modules::{moment, span_text, utc_datetime};
pub use syntax::blocks::{Block, BlockKind, Parameter, SyntaxError, blocks};
pub use syntax::names::mentions;
pub use value::{
    Dict, List, Set, compare, decimal, decimal_places, decimal_text, dict, equals, from_json, from_yaml, list, py_repr,
    py_str, to_json, tuple,
};
