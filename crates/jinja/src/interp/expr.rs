//! Expressions.

use std::sync::Arc;

use minijinja::Value;

use super::Interp;
use super::scope::Scope;
use crate::args::Args;
use crate::error::{ErrorKind, Eval, raise, type_error};
use crate::syntax::ast::{Call, CallArgs, Cond, Expr, ExprKind, FilterCall, Slice, Span, TestCall};
use crate::value::ops;
use crate::value::{Dict, Key, Map, collect, list, pairs, slice, truthy, tuple, type_name, undefined_hint, write_str};

impl Interp<'_, '_, '_> {
    pub(super) fn eval(&mut self, expr: &Expr, scope: &Arc<Scope>) -> Eval<Value> {
        match &expr.kind {
            ExprKind::Name(sym) => Ok(self.lookup(*sym, scope)),
            ExprKind::Const(value) => Ok(value.clone()),
            ExprKind::Call(call) => self.eval_call(call, None, expr.span, scope),
            _ => self.eval_composite(expr, scope).map_err(|error| self.locate(error, expr.span)),
        }
    }

    fn eval_all(&mut self, exprs: &[Expr], scope: &Arc<Scope>) -> Eval<Vec<Value>> {
        exprs.iter().map(|expr| self.eval(expr, scope)).collect()
    }

    fn eval_composite(&mut self, expr: &Expr, scope: &Arc<Scope>) -> Eval<Value> {
        match &expr.kind {
            ExprKind::Name(_) | ExprKind::Const(_) | ExprKind::Call(_) => self.eval(expr, scope),
            ExprKind::List(items) => Ok(list(self.eval_all(items, scope)?)),
            ExprKind::Tuple(items) => Ok(tuple(self.eval_all(items, scope)?)),
            ExprKind::Dict(items) => self.eval_dict(items, scope),
            ExprKind::Attr(object, name) => {
                let object = self.eval(object, scope)?;
                self.get_attr(&object, name)
            }
            ExprKind::Item(object, key) => {
                let object = self.eval(object, scope)?;
                let key = self.eval(key, scope)?;
                self.get_item(&object, &key)
            }
            ExprKind::Slice(node) => self.eval_slice(node, scope),
            ExprKind::Filter(call) => {
                let Some(target) = &call.target else { return Ok(Value::UNDEFINED) };
                let target = self.eval(target, scope)?;
                self.apply_filter(call, &target, scope)
            }
            ExprKind::Test(call) => self.eval_test(call, scope),
            ExprKind::Not(inner) => Ok(Value::from(!truthy(&self.eval(inner, scope)?))),
            ExprKind::Neg(inner) => ops::negate(&self.eval(inner, scope)?),
            ExprKind::Pos(inner) => ops::positive(&self.eval(inner, scope)?),
            ExprKind::Binary(op, operands) => {
                let left = self.eval(&operands.0, scope)?;
                let right = self.eval(&operands.1, scope)?;
                ops::binary(*op, &left, &right)
            }
            ExprKind::And(operands) => {
                let left = self.eval(&operands.0, scope)?;
                if truthy(&left) { self.eval(&operands.1, scope) } else { Ok(left) }
            }
            ExprKind::Or(operands) => {
                let left = self.eval(&operands.0, scope)?;
                if truthy(&left) { Ok(left) } else { self.eval(&operands.1, scope) }
            }
            ExprKind::Compare(first, rest) => {
                let mut left = self.eval(first, scope)?;
                for (op, right) in rest {
                    let right = self.eval(right, scope)?;
                    if !ops::comparison(*op, &left, &right)? {
                        return Ok(Value::from(false));
                    }
                    left = right;
                }
                Ok(Value::from(true))
            }
            ExprKind::Concat(parts) => {
                let mut text = String::new();
                for part in parts {
                    write_str(&mut text, &self.eval(part, scope)?);
                }
                Ok(Value::from(text))
            }
            ExprKind::Cond(cond) => self.eval_cond(cond, expr.span, scope),
        }
    }

    fn eval_cond(&mut self, cond: &Cond, span: Span, scope: &Arc<Scope>) -> Eval<Value> {
        if truthy(&self.eval(&cond.test, scope)?) {
            return self.eval(&cond.yes, scope);
        }
        match &cond.no {
            Some(no) => self.eval(no, scope),
            None => {
                let line = self.template.locate(span).line;
                let message = format!(
                    "the inline if-expression on line {line} evaluated to false and no else section was defined."
                );
                Ok(undefined_hint(message, self.lenient))
            }
        }
    }

    fn eval_dict(&mut self, items: &[(Expr, Expr)], scope: &Arc<Scope>) -> Eval<Value> {
        let mut map = Map::with_capacity_and_hasher(items.len(), Default::default());
        for (key, value) in items {
            let key = Key::new(self.eval(key, scope)?)?;
            map.insert(key, self.eval(value, scope)?);
        }
        Ok(Value::from_object(Dict::from_map(map)))
    }

    fn eval_slice(&mut self, node: &Slice, scope: &Arc<Scope>) -> Eval<Value> {
        let target = self.eval(&node.target, scope)?;
        let mut bound = |expr: &Option<Expr>| match expr {
            Some(expr) => self.eval(expr, scope).map(Some),
            None => Ok(None),
        };
        let bounds = [bound(&node.start)?, bound(&node.stop)?, bound(&node.step)?];
        slice(&target, bounds)
    }

    pub(super) fn apply_filter(&mut self, call: &FilterCall, target: &Value, scope: &Arc<Scope>) -> Eval<Value> {
        self.tick()?;
        let Some(function) = call.function else {
            return Err(raise(ErrorKind::Syntax, format!("No filter named '{}' found.", call.name)));
        };
        let args = Args { implicit: 1, ..self.eval_args(&call.args, scope)? };
        function(self, target, &args)
    }

    fn eval_test(&mut self, call: &TestCall, scope: &Arc<Scope>) -> Eval<Value> {
        self.tick()?;
        let Some(function) = call.function else {
            return Err(raise(ErrorKind::Syntax, format!("No test named '{}' found.", call.name)));
        };
        let target = self.eval(&call.target, scope)?;
        let args = Args { implicit: 1, ..self.eval_args(&call.args, scope)? };
        function(self, &target, &args).map(Value::from)
    }

    pub(super) fn eval_args(&mut self, node: &CallArgs, scope: &Arc<Scope>) -> Eval<Args> {
        let mut args = Args::new(self.eval_all(&node.args, scope)?);
        if let Some(star) = &node.star {
            let value = self.eval(star, scope)?;
            args.pos.extend(collect(&value)?);
        }
        for (name, expr) in &node.kwargs {
            args.kw.push((name.clone(), self.eval(expr, scope)?));
        }
        if let Some(double_star) = &node.double_star {
            let value = self.eval(double_star, scope)?;
            let Some(items) = pairs(&value) else {
                return Err(type_error(format!("argument after ** must be a mapping, not {}", type_name(&value))));
            };
            for (key, value) in items {
                let Some(name) = key.as_str() else { return Err(type_error("keywords must be strings")) };
                if args.keyword(name).is_some() {
                    return Err(type_error(format!("got multiple values for keyword argument '{name}'")));
                }
                args.kw.push((name.into(), value));
            }
        }
        Ok(args)
    }

    /// Evaluates the call of a `{% call %}` block.
    pub(super) fn eval_call_block(&mut self, expr: &Expr, caller: Value, scope: &Arc<Scope>) -> Eval<Value> {
        match &expr.kind {
            ExprKind::Call(call) => self.eval_call(call, Some(caller), expr.span, scope),
            _ => self.eval(expr, scope),
        }
    }

    fn eval_call(&mut self, call: &Call, caller: Option<Value>, span: Span, scope: &Arc<Scope>) -> Eval<Value> {
        let result = self.eval_call_inner(call, caller, span, scope);
        result.map_err(|error| self.locate(error, span))
    }

    fn eval_call_inner(&mut self, call: &Call, caller: Option<Value>, span: Span, scope: &Arc<Scope>) -> Eval<Value> {
        self.tick()?;
        if let ExprKind::Attr(object, name) = &call.callee.kind {
            let object = self.eval(object, scope)?;
            let args = self.call_args(&call.args, caller, scope)?;
            return self.call_attr(&object, name, args, span);
        }
        let callee = self.eval(&call.callee, scope)?;
        let args = self.call_args(&call.args, caller, scope)?;
        self.call_at(&callee, args, span)
    }

    fn call_args(&mut self, node: &CallArgs, caller: Option<Value>, scope: &Arc<Scope>) -> Eval<Args> {
        let mut args = self.eval_args(node, scope)?;
        if let Some(caller) = caller {
            args.kw.push(("caller".into(), caller));
        }
        Ok(args)
    }
}
