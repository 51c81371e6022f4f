//! The evaluation of templates.
//!
//! A render owns a `minijinja::State`, so that functions of the context see what they expect; its root context and
//! its globals are where names that a template does not define are looked up.

mod call;
mod expr;
mod lookup;
mod loops;
pub(crate) mod output;
mod scope;
mod stmt;

pub(crate) use call::{BoundMethod, DbtMacro, LocalMacro, MacroDef, NativeFn, Returner};
pub(crate) use output::Out;
pub(crate) use scope::Scope;

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use minijinja::State;
use minijinja::value::DynObject;

use crate::error::{ErrorKind, Eval, Frame, Signal, raise};
use crate::modules::Patterns;
use crate::syntax::ast::{Span, Template};

/// How much one render may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Statements, loop iterations and calls.
    pub fuel: u64,
    /// Macros and recursive loops inside each other.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { fuel: 50_000_000, depth: 500 }
    }
}

/// What one render has used up, shared by everything that takes part in it.
#[derive(Debug)]
pub(crate) struct Runtime {
    fuel: AtomicU64,
    depth: AtomicUsize,
    limits: Limits,
    methods: MethodNames,
    patterns: Arc<Patterns>,
}

impl Runtime {
    pub fn new(limits: Limits, methods: MethodNames, patterns: Arc<Patterns>) -> Arc<Self> {
        Arc::new(Runtime { fuel: AtomicU64::new(limits.fuel), depth: AtomicUsize::new(0), limits, methods, patterns })
    }
}

/// The names of the methods of an object of the context: attributes of it that can be called.
pub type MethodNames = fn(&DynObject) -> &'static [&'static str];

/// Objects of which nothing is known.
pub(crate) fn no_methods(_: &DynObject) -> &'static [&'static str] {
    &[]
}

/// Stands in for the template while foreign code calls in.
static NOWHERE: LazyLock<Arc<Template>> = LazyLock::new(|| {
    Arc::new(Template {
        name: "".into(),
        source: "".into(),
        origin: Default::default(),
        names: Vec::new(),
        body: Vec::new(),
        loop_sym: None,
    })
});

/// Evaluates one template, or one macro called by it, at a time.
pub(crate) struct Interp<'a, 't, 'e> {
    pub(crate) state: &'a mut State<'t, 'e>,
    runtime: Arc<Runtime>,
    template: Arc<Template>,
    /// Undefined values of the template are lenient.
    pub(crate) lenient: bool,
    /// The template makes a value rather than text.
    pub(crate) native: bool,
}

impl<'a, 't, 'e> Interp<'a, 't, 'e> {
    /// An evaluation that foreign code starts.
    pub fn enter(state: &'a mut State<'t, 'e>) -> Self {
        let runtime =
            state.get_or_insert_extension_with(|| Runtime::new(Limits::default(), no_methods, Arc::default())).clone();
        Interp { state, runtime, template: NOWHERE.clone(), lenient: false, native: false }
    }

    /// The regular expressions compiled so far.
    pub(crate) fn patterns(&self) -> &Patterns {
        &self.runtime.patterns
    }

    /// Runs `f` as part of another template.
    fn within<T>(&mut self, template: &Arc<Template>, lenient: bool, f: impl FnOnce(&mut Self) -> Eval<T>) -> Eval<T> {
        let outer = std::mem::replace(&mut self.template, template.clone());
        let outer_lenient = std::mem::replace(&mut self.lenient, lenient);
        let result = self.deeper(f);
        self.template = outer;
        self.lenient = outer_lenient;
        result
    }

    /// Runs `f` one level deeper.
    fn deeper<T>(&mut self, f: impl FnOnce(&mut Self) -> Eval<T>) -> Eval<T> {
        if self.runtime.depth.fetch_add(1, Ordering::Relaxed) >= self.runtime.limits.depth {
            self.runtime.depth.fetch_sub(1, Ordering::Relaxed);
            return Err(raise(ErrorKind::Limit, "maximum recursion depth exceeded"));
        }
        let result = stacker::maybe_grow(128 * 1024, 2 * 1024 * 1024, || f(self));
        self.runtime.depth.fetch_sub(1, Ordering::Relaxed);
        result
    }

    /// Uses up one unit of fuel.
    pub(crate) fn tick(&mut self) -> Eval<()> {
        let left = self.runtime.fuel.load(Ordering::Relaxed);
        if left == 0 {
            return Err(raise(ErrorKind::Limit, "the template ran for too long (is there an endless loop?)"));
        }
        self.runtime.fuel.store(left - 1, Ordering::Relaxed);
        Ok(())
    }

    /// Binds an error to a place in the current template unless it has one.
    fn locate(&self, mut signal: Box<Signal>, span: Span) -> Box<Signal> {
        if let Signal::Error(error) = &mut *signal
            && !Arc::ptr_eq(&self.template, &NOWHERE)
        {
            error.locate(|| self.template.locate(span));
        }
        signal
    }

    /// Notes on an error that it came out of a call made at `span`.
    fn add_frame(&self, mut signal: Box<Signal>, callee: &Arc<str>, span: Span) -> Box<Signal> {
        if let Signal::Error(error) = &mut *signal {
            error.push_frame(Frame { callee: callee.clone(), place: self.template.locate(span) });
        }
        signal
    }

    /// Evaluates a whole template.
    pub fn run(&mut self, template: &Arc<Template>, lenient: bool, out: &mut Out) -> Eval<()> {
        self.within(template, lenient, |interp| {
            interp.exec(&template.body, &Scope::root(), out)?;
            Ok(())
        })
    }
}
