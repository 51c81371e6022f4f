//! `{% for %}` and its `loop` variable.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::Value;

use super::Interp;
use super::output::Out;
use super::scope::Scope;
use super::stmt::Flow;
use crate::args::Args;
use crate::error::{Eval, type_error};
use crate::syntax::ast::{For, Template};
use crate::value::{Native, collect, instance, iterate, ops, truthy, undefined_hint};

/// The `loop` variable.
pub(crate) struct Loop {
    node: Arc<For>,
    scope: Arc<Scope>,
    template: Arc<Template>,
    lenient: bool,
    items: Vec<Value>,
    depth: usize,
    progress: Mutex<Progress>,
}

#[derive(Default)]
struct Progress {
    index: usize,
    changed: Option<Vec<Value>>,
}

impl fmt::Debug for Loop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.repr())
    }
}

impl Loop {
    fn index(&self) -> usize {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).index
    }

    fn neighbour(&self, at: Option<usize>, hint: &str) -> Value {
        match at.and_then(|at| self.items.get(at)) {
            Some(item) => item.clone(),
            None => undefined_hint(hint, self.lenient),
        }
    }

    fn cycle(&self, args: &Args) -> Eval<Value> {
        match args.pos.len() {
            0 => Err(type_error("no items for cycling given")),
            count => Ok(args.pos[self.index() % count].clone()),
        }
    }

    fn changed(&self, args: &Args) -> bool {
        let previous = self.progress.lock().unwrap_or_else(PoisonError::into_inner).changed.take();
        let same = previous.is_some_and(|previous| {
            previous.len() == args.pos.len() && previous.iter().zip(&args.pos).all(|(a, b)| ops::equals(a, b))
        });
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).changed = Some(args.pos.clone());
        !same
    }
}

impl Native for Loop {
    fn type_name(&self) -> &'static str {
        "LoopContext"
    }

    fn repr(&self) -> String {
        format!("<LoopContext {}/{}>", self.index() + 1, self.items.len())
    }

    fn attr(&self, name: &str) -> Option<Value> {
        let (index, length) = (self.index(), self.items.len());
        Some(match name {
            "index" => Value::from(index + 1),
            "index0" => Value::from(index),
            "revindex" => Value::from(length - index),
            "revindex0" => Value::from(length - index - 1),
            "first" => Value::from(index == 0),
            "last" => Value::from(index + 1 == length),
            "length" => Value::from(length),
            "depth" => Value::from(self.depth + 1),
            "depth0" => Value::from(self.depth),
            "previtem" => self.neighbour(index.checked_sub(1), "there is no previous item"),
            "nextitem" => self.neighbour(Some(index + 1), "there is no next item"),
            _ => return None,
        })
    }

    fn methods(&self) -> &'static [&'static str] {
        &["cycle", "changed"]
    }

    fn method(&self, _: &mut Interp<'_, '_, '_>, name: &str, args: &Args) -> Option<Eval<Value>> {
        match name {
            "cycle" => Some(self.cycle(args)),
            "changed" => Some(Ok(Value::from(self.changed(args)))),
            _ => None,
        }
    }

    fn len(&self) -> Option<usize> {
        Some(self.items.len())
    }

    fn call(&self, interp: &mut Interp<'_, '_, '_>, args: &Args) -> Option<Eval<Value>> {
        if !self.node.recursive {
            let message = "The loop must have the 'recursive' marker to be called recursively.";
            return Some(Err(type_error(message)));
        }
        Some(args.one("loop", "iterable").and_then(|iterable| {
            interp.within(&self.template, self.lenient, |interp| {
                let mut out = Out::text();
                interp.run_loop(&self.node, iterable, self.depth + 1, &self.scope, &mut out)?;
                Ok(Value::from(out.into_string()))
            })
        }))
    }
}

impl Interp<'_, '_, '_> {
    pub(super) fn for_loop(&mut self, node: &Arc<For>, scope: &Arc<Scope>, out: &mut Out) -> Eval<Flow> {
        let iterable = self.eval(&node.iter, scope)?;
        self.run_loop(node, iterable, 0, scope, out)?;
        Ok(Flow::Next)
    }

    fn run_loop(
        &mut self,
        node: &Arc<For>,
        iterable: Value,
        depth: usize,
        scope: &Arc<Scope>,
        out: &mut Out,
    ) -> Eval<()> {
        let any = match self.template.loop_sym {
            Some(sym) => {
                let items = collect(&iterable).map_err(|error| self.locate(error, node.iter.span))?;
                let items = self.filtered(node, items, scope)?;
                let looped = Loop {
                    node: node.clone(),
                    scope: scope.clone(),
                    template: self.template.clone(),
                    lenient: self.lenient,
                    items,
                    depth,
                    progress: Mutex::default(),
                };
                self.counted_loop(instance(looped), sym, out)?
            }
            None => self.plain_loop(node, &iterable, scope, out)?,
        };
        if !any {
            self.exec(&node.otherwise, &Scope::child(scope), out)?;
        }
        Ok(())
    }

    fn passes(&mut self, node: &For, item: &Value, scope: &Arc<Scope>) -> Eval<bool> {
        let Some(test) = &node.test else { return Ok(true) };
        let inner = Scope::child(scope);
        self.assign(&node.target, item.clone(), &inner)?;
        Ok(truthy(&self.eval(test, &inner)?))
    }

    fn filtered(&mut self, node: &For, items: Vec<Value>, scope: &Arc<Scope>) -> Eval<Vec<Value>> {
        if node.test.is_none() {
            return Ok(items);
        }
        let mut passed = Vec::new();
        for item in items {
            if self.passes(node, &item, scope)? {
                passed.push(item);
            }
        }
        Ok(passed)
    }

    fn counted_loop(&mut self, value: Value, sym: crate::syntax::ast::Sym, out: &mut Out) -> Eval<bool> {
        let Some(looped) = crate::value::native_ref::<Loop>(&value) else { return Ok(false) };
        for (index, item) in looped.items.iter().enumerate() {
            looped.progress.lock().unwrap_or_else(PoisonError::into_inner).index = index;
            let inner = Scope::child(&looped.scope);
            inner.set(sym, value.clone());
            if self.iteration(&looped.node, item.clone(), &inner, out)? == Flow::Break {
                break;
            }
        }
        Ok(!looped.items.is_empty())
    }

    fn plain_loop(&mut self, node: &For, iterable: &Value, scope: &Arc<Scope>, out: &mut Out) -> Eval<bool> {
        let mut any = false;
        for item in iterate(iterable).map_err(|error| self.locate(error, node.iter.span))? {
            if !self.passes(node, &item, scope)? {
                continue;
            }
            any = true;
            if self.iteration(node, item, &Scope::child(scope), out)? == Flow::Break {
                break;
            }
        }
        Ok(any)
    }

    fn iteration(&mut self, node: &For, item: Value, scope: &Arc<Scope>, out: &mut Out) -> Eval<Flow> {
        self.tick().map_err(|error| self.locate(error, node.span))?;
        self.assign(&node.target, item, scope).map_err(|error| self.locate(error, node.span))?;
        self.exec(&node.body, scope, out)
    }
}
