//! Statements.

use std::sync::Arc;

use minijinja::Value;

use super::Interp;
use super::call::LocalMacro;
use super::output::Out;
use super::scope::Scope;
use crate::error::{ErrorKind, Eval, raise, type_error, value_error};
use crate::namespace::Namespace;
use crate::native::is_constant;
use crate::syntax::ast::{Expr, ExprKind, Stmt, Target};
use crate::value::{collect, instance, is_undefined, native_ref, py_str, truthy, undefined};

/// How a body ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    Next,
    Break,
    Continue,
}

impl Interp<'_, '_, '_> {
    pub(super) fn exec(&mut self, body: &[Stmt], scope: &Arc<Scope>, out: &mut Out) -> Eval<Flow> {
        for statement in body {
            let flow = self.statement(statement, scope, out)?;
            if flow != Flow::Next {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    fn statement(&mut self, statement: &Stmt, scope: &Arc<Scope>, out: &mut Out) -> Eval<Flow> {
        self.tick()?;
        match statement {
            Stmt::Text(text) => out.push_str(text),
            Stmt::Output(expr) => self.output(expr, scope, out)?,
            Stmt::If(branches, otherwise) => return self.if_chain(branches, otherwise, scope, out),
            Stmt::For(node) => return self.for_loop(node, scope, out),
            Stmt::Set(target, expr) => {
                let value = self.eval(expr, scope)?;
                self.assign(target, value, scope).map_err(|error| self.locate(error, expr.span))?;
            }
            Stmt::SetBlock(target, filter, body) => {
                let text = self.capture(body, &Scope::child(scope))?;
                let value = match filter {
                    Some(filter) => self.eval_filter_chain(filter, text, scope)?,
                    None => text,
                };
                self.assign(target, value, scope)?;
            }
            Stmt::With(assignments, body) => {
                let inner = Scope::child(scope);
                for (target, expr) in assignments {
                    let value = self.eval(expr, scope)?;
                    self.assign(target, value, &inner)?;
                }
                return self.exec(body, &inner, out);
            }
            Stmt::Macro(node) => {
                scope.set(node.sym, instance(LocalMacro::new(node, scope, &self.template, self.lenient)));
            }
            Stmt::Call(call, body) => {
                let caller = LocalMacro::new(body, scope, &self.template, self.lenient);
                let value = self.eval_call_block(call, instance(caller), scope)?;
                out.push_value(value);
            }
            Stmt::Filter(filter, body) => {
                let inner = Scope::child(scope);
                let text = self.capture(body, &inner)?;
                let value = self.eval_filter_chain(filter, text, &inner)?;
                out.push_value(value);
            }
            Stmt::Scope(body) => return self.exec(body, &Scope::child(scope), out),
            Stmt::Do(expr) => {
                self.eval(expr, scope)?;
            }
            Stmt::Break => return Ok(Flow::Break),
            Stmt::Continue => return Ok(Flow::Continue),
            Stmt::Unsupported(span) => {
                let error = raise(ErrorKind::Syntax, "no loader for this environment specified");
                return Err(self.locate(error, *span));
            }
        }
        Ok(Flow::Next)
    }

    fn output(&mut self, expr: &Expr, scope: &Arc<Scope>, out: &mut Out) -> Eval<()> {
        let value = self.eval(expr, scope)?;
        if self.native && is_constant(expr) {
            out.push_str(&py_str(&value));
        } else {
            out.push_value(value);
        }
        Ok(())
    }

    fn if_chain(
        &mut self,
        branches: &[(Expr, Vec<Stmt>)],
        otherwise: &[Stmt],
        scope: &Arc<Scope>,
        out: &mut Out,
    ) -> Eval<Flow> {
        for (test, body) in branches {
            if truthy(&self.eval(test, scope)?) {
                return self.exec(body, scope, out);
            }
        }
        self.exec(otherwise, scope, out)
    }

    /// The text a body writes.
    pub(super) fn capture(&mut self, body: &[Stmt], scope: &Arc<Scope>) -> Eval<Value> {
        let mut out = Out::text();
        let native = std::mem::replace(&mut self.native, false);
        let result = self.exec(body, scope, &mut out);
        self.native = native;
        result?;
        Ok(Value::from(out.into_string()))
    }

    pub(super) fn assign(&mut self, target: &Target, value: Value, scope: &Arc<Scope>) -> Eval<()> {
        match target {
            Target::Name(sym) => scope.set(*sym, value),
            Target::Namespace(sym, attribute) => {
                let namespace = self.lookup(*sym, scope);
                if is_undefined(&namespace) {
                    return Err(undefined(&namespace).into());
                }
                match native_ref::<Namespace>(&namespace) {
                    Some(namespace) => namespace.set(attribute, value),
                    None => return Err(type_error("cannot assign attribute on non-namespace object")),
                }
            }
            Target::Tuple(targets) => {
                let items = collect(&value).map_err(|_| {
                    type_error(format!("cannot unpack non-iterable {} object", crate::value::type_name(&value)))
                })?;
                if items.len() > targets.len() {
                    return Err(value_error(format!("too many values to unpack (expected {})", targets.len())));
                }
                if items.len() < targets.len() {
                    return Err(value_error(format!(
                        "not enough values to unpack (expected {}, got {})",
                        targets.len(),
                        items.len()
                    )));
                }
                for (target, item) in targets.iter().zip(items) {
                    self.assign(target, item, scope)?;
                }
            }
        }
        Ok(())
    }

    /// Applies the filters of `{% filter %}` and `{% set x | … %}`, whose innermost one has no operand.
    fn eval_filter_chain(&mut self, expr: &Expr, text: Value, scope: &Arc<Scope>) -> Eval<Value> {
        let ExprKind::Filter(call) = &expr.kind else { return Ok(text) };
        let target = match &call.target {
            Some(inner) => self.eval_filter_chain(inner, text, scope)?,
            None => text,
        };
        self.apply_filter(call, &target, scope).map_err(|error| self.locate(error, expr.span))
    }
}
