//! Expressions, in the order of Jinja2's precedence: the loosest first.

use std::sync::Arc;

use minijinja::Value;

use super::ast::{BinOp, Call, CallArgs, CmpOp, Cond, Expr, ExprKind, FilterCall, Slice, Span, TestCall};
use super::lexer::Tok;
use super::parser::{Parse, Parser};
use crate::filters;
use crate::value::int;

fn expr(kind: ExprKind, span: Span) -> Expr {
    Expr { kind, span }
}

impl<'s> Parser<'s> {
    pub(super) fn expression(&mut self) -> Parse<Expr> {
        self.nested(Self::conditional_expression)
    }

    fn conditional_expression(&mut self) -> Parse<Expr> {
        let start = self.span;
        let mut result = self.or()?;
        while self.skip_name("if")? {
            let test = self.or()?;
            let no = if self.skip_name("else")? { Some(self.expression()?) } else { None };
            let cond = Cond { test, yes: result, no };
            result = expr(ExprKind::Cond(Box::new(cond)), start.to(self.last));
        }
        Ok(result)
    }

    pub(super) fn or(&mut self) -> Parse<Expr> {
        let start = self.span;
        let mut left = self.and()?;
        while self.skip_name("or")? {
            let right = self.and()?;
            left = expr(ExprKind::Or(Box::new((left, right))), start.to(self.last));
        }
        Ok(left)
    }

    fn and(&mut self) -> Parse<Expr> {
        let start = self.span;
        let mut left = self.not()?;
        while self.skip_name("and")? {
            let right = self.not()?;
            left = expr(ExprKind::And(Box::new((left, right))), start.to(self.last));
        }
        Ok(left)
    }

    fn not(&mut self) -> Parse<Expr> {
        let start = self.span;
        if self.skip_name("not")? {
            let inner = self.nested(Self::not)?;
            return Ok(expr(ExprKind::Not(Box::new(inner)), start.to(self.last)));
        }
        self.compare()
    }

    fn compare(&mut self) -> Parse<Expr> {
        let start = self.span;
        let first = self.sum()?;
        let mut ops = Vec::new();
        while let Some(op) = self.comparison()? {
            ops.push((op, self.sum()?));
        }
        if ops.is_empty() {
            return Ok(first);
        }
        Ok(expr(ExprKind::Compare(Box::new(first), ops), start.to(self.last)))
    }

    fn comparison(&mut self) -> Parse<Option<CmpOp>> {
        let op = match &self.tok {
            Tok::Op("==") => CmpOp::Eq,
            Tok::Op("!=") => CmpOp::Ne,
            Tok::Op("<") => CmpOp::Lt,
            Tok::Op("<=") => CmpOp::Le,
            Tok::Op(">") => CmpOp::Gt,
            Tok::Op(">=") => CmpOp::Ge,
            Tok::Name("in") => CmpOp::In,
            Tok::Name("not") => {
                if *self.peek()? != Tok::Name("in") {
                    return Ok(None);
                }
                self.advance()?;
                CmpOp::NotIn
            }
            _ => return Ok(None),
        };
        self.advance()?;
        Ok(Some(op))
    }

    fn sum(&mut self) -> Parse<Expr> {
        self.binary(&[("+", BinOp::Add), ("-", BinOp::Sub)], Self::concat)
    }

    fn concat(&mut self) -> Parse<Expr> {
        let start = self.span;
        let first = self.product()?;
        if !self.is_op("~") {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.skip_op("~")? {
            parts.push(self.product()?);
        }
        Ok(expr(ExprKind::Concat(parts), start.to(self.last)))
    }

    fn product(&mut self) -> Parse<Expr> {
        let ops = [("*", BinOp::Mul), ("/", BinOp::Div), ("//", BinOp::FloorDiv), ("%", BinOp::Mod)];
        self.binary(&ops, |parser| parser.binary(&[("**", BinOp::Pow)], |parser| parser.unary(true)))
    }

    /// A chain of left-associative operators.
    fn binary(&mut self, ops: &[(&'static str, BinOp)], operand: impl Fn(&mut Self) -> Parse<Expr>) -> Parse<Expr> {
        let start = self.span;
        let mut left = operand(self)?;
        while let Some((_, op)) = ops.iter().find(|(symbol, _)| self.is_op(symbol)) {
            self.advance()?;
            let right = operand(self)?;
            left = expr(ExprKind::Binary(*op, Box::new((left, right))), start.to(self.last));
        }
        Ok(left)
    }

    fn unary(&mut self, with_filter: bool) -> Parse<Expr> {
        let start = self.span;
        let node = if self.skip_op("-")? {
            let inner = self.nested(|parser| parser.unary(false))?;
            expr(ExprKind::Neg(Box::new(inner)), start.to(self.last))
        } else if self.skip_op("+")? {
            let inner = self.nested(|parser| parser.unary(false))?;
            expr(ExprKind::Pos(Box::new(inner)), start.to(self.last))
        } else {
            self.primary()?
        };
        let node = self.postfix(node)?;
        if with_filter { self.filters_and_tests(node) } else { Ok(node) }
    }

    pub(super) fn primary(&mut self) -> Parse<Expr> {
        let start = self.span;
        let kind = match &self.tok {
            Tok::Name(name) => {
                let name = *name;
                self.advance()?;
                self.name_or_const(name)
            }
            Tok::Str(_) => self.strings()?,
            Tok::Int(number) => {
                let number = *number;
                self.advance()?;
                ExprKind::Const(int(number))
            }
            Tok::Float(number) => {
                let number = *number;
                self.advance()?;
                ExprKind::Const(Value::from(number))
            }
            Tok::Op("(") => {
                self.advance()?;
                let mut inner = self.tuple(true, true, &[])?;
                self.expect_op(")")?;
                inner.span = start.to(self.last);
                return Ok(inner);
            }
            Tok::Op("[") => self.list()?,
            Tok::Op("{") => self.dict()?,
            other => return self.fail(format!("unexpected '{}'", other.describe())),
        };
        Ok(expr(kind, start.to(self.last)))
    }

    fn name_or_const(&mut self, name: &'s str) -> ExprKind {
        match name {
            "true" | "True" => ExprKind::Const(Value::from(true)),
            "false" | "False" => ExprKind::Const(Value::from(false)),
            "none" | "None" => ExprKind::Const(Value::from(())),
            _ => ExprKind::Name(self.read(name)),
        }
    }

    fn strings(&mut self) -> Parse<ExprKind> {
        let mut text = String::new();
        while let Tok::Str(part) = &self.tok {
            text.push_str(part);
            self.advance()?;
        }
        Ok(ExprKind::Const(Value::from(text)))
    }

    fn list(&mut self) -> Parse<ExprKind> {
        self.expect_op("[")?;
        let mut items = Vec::new();
        while !self.is_op("]") {
            if !items.is_empty() {
                self.expect_op(",")?;
                if self.is_op("]") {
                    break;
                }
            }
            items.push(self.expression()?);
        }
        self.expect_op("]")?;
        Ok(ExprKind::List(items))
    }

    fn dict(&mut self) -> Parse<ExprKind> {
        self.expect_op("{")?;
        let mut items = Vec::new();
        while !self.is_op("}") {
            if !items.is_empty() {
                self.expect_op(",")?;
                if self.is_op("}") {
                    break;
                }
            }
            let key = self.expression()?;
            self.expect_op(":")?;
            items.push((key, self.expression()?));
        }
        self.expect_op("}")?;
        Ok(ExprKind::Dict(items))
    }

    /// One expression, or a tuple when commas follow.
    pub(super) fn tuple(&mut self, with_cond: bool, parens: bool, ends: &[&str]) -> Parse<Expr> {
        let start = self.span;
        let mut items = Vec::new();
        let mut is_tuple = false;
        loop {
            if !items.is_empty() {
                self.expect_op(",")?;
            }
            if self.at_tuple_end(ends) {
                break;
            }
            items.push(if with_cond { self.expression()? } else { self.nested(Self::or)? });
            if !self.is_op(",") {
                break;
            }
            is_tuple = true;
        }
        if !is_tuple {
            if let Some(only) = items.pop() {
                return Ok(only);
            }
            if !parens {
                return self.fail(format!("Expected an expression, got '{}'", self.tok.describe()));
            }
        }
        Ok(expr(ExprKind::Tuple(items), start.to(self.last)))
    }

    pub(super) fn at_tuple_end(&self, ends: &[&str]) -> bool {
        match &self.tok {
            Tok::VariableEnd | Tok::BlockEnd | Tok::Op(")") => true,
            Tok::Name(name) => ends.contains(name),
            _ => false,
        }
    }

    fn postfix(&mut self, mut node: Expr) -> Parse<Expr> {
        loop {
            node = match self.tok {
                Tok::Op(".") => self.attribute(node)?,
                Tok::Op("[") => self.subscript(node)?,
                Tok::Op("(") => self.call(node)?,
                _ => return Ok(node),
            };
        }
    }

    fn attribute(&mut self, node: Expr) -> Parse<Expr> {
        let start = node.span;
        self.advance()?;
        let kind = match &self.tok {
            Tok::Name(name) => ExprKind::Attr(Box::new(node), Value::from(*name)),
            Tok::Int(index) => {
                let index = expr(ExprKind::Const(int(*index)), self.span);
                ExprKind::Item(Box::new(node), Box::new(index))
            }
            _ => return self.fail("expected name or number"),
        };
        self.advance()?;
        Ok(expr(kind, start.to(self.last)))
    }

    fn subscript(&mut self, node: Expr) -> Parse<Expr> {
        let start = node.span;
        self.advance()?;
        let first = if self.is_op(":") { None } else { Some(self.expression()?) };
        let kind = match first {
            Some(index) if !self.is_op(":") => {
                let index = self.index_tuple(index)?;
                ExprKind::Item(Box::new(node), Box::new(index))
            }
            start => self.slice(node, start)?,
        };
        self.expect_op("]")?;
        Ok(expr(kind, start.to(self.last)))
    }

    fn index_tuple(&mut self, first: Expr) -> Parse<Expr> {
        if !self.is_op(",") {
            return Ok(first);
        }
        let start = first.span;
        let mut items = vec![first];
        while !self.is_op("]") {
            self.expect_op(",")?;
            items.push(self.expression()?);
        }
        Ok(expr(ExprKind::Tuple(items), start.to(self.last)))
    }

    fn slice(&mut self, target: Expr, start: Option<Expr>) -> Parse<ExprKind> {
        self.expect_op(":")?;
        let stop = if self.is_op(":") || self.is_op("]") { None } else { Some(self.expression()?) };
        let step = if self.skip_op(":")? && !self.is_op("]") { Some(self.expression()?) } else { None };
        Ok(ExprKind::Slice(Box::new(Slice { target, start, stop, step })))
    }

    fn call(&mut self, callee: Expr) -> Parse<Expr> {
        let start = callee.span;
        let args = self.call_args()?;
        Ok(expr(ExprKind::Call(Box::new(Call { callee, args })), start.to(self.last)))
    }

    fn call_args(&mut self) -> Parse<CallArgs> {
        self.expect_op("(")?;
        let mut args = CallArgs::default();
        let mut first = true;
        while !self.is_op(")") {
            if !std::mem::take(&mut first) {
                self.expect_op(",")?;
                if self.is_op(")") {
                    break;
                }
            }
            self.argument(&mut args)?;
        }
        self.expect_op(")")?;
        Ok(args)
    }

    fn argument(&mut self, args: &mut CallArgs) -> Parse<()> {
        const INVALID: &str = "invalid syntax for function call expression";
        let splat = args.star.is_some() || args.double_star.is_some();
        if self.is_op("*") {
            if splat {
                return self.fail(INVALID);
            }
            self.advance()?;
            args.star = Some(self.expression()?);
        } else if self.is_op("**") {
            if args.double_star.is_some() {
                return self.fail(INVALID);
            }
            self.advance()?;
            args.double_star = Some(self.expression()?);
        } else if let Tok::Name(name) = self.tok
            && *self.peek()? == Tok::Op("=")
        {
            if args.double_star.is_some() {
                return self.fail(INVALID);
            }
            self.advance()?;
            self.advance()?;
            args.kwargs.push((name.into(), self.expression()?));
        } else {
            if splat || !args.kwargs.is_empty() {
                return self.fail(INVALID);
            }
            args.args.push(self.expression()?);
        }
        Ok(())
    }

    fn filters_and_tests(&mut self, mut node: Expr) -> Parse<Expr> {
        loop {
            node = match self.tok {
                Tok::Op("|") => {
                    self.advance()?;
                    self.filter(Some(node))?
                }
                Tok::Name("is") => self.test(node)?,
                // A filter or a test may be called in turn.
                Tok::Op("(") => self.call(node)?,
                _ => return Ok(node),
            };
        }
    }

    fn dotted_name(&mut self) -> Parse<Arc<str>> {
        let (first, _) = self.expect_name()?;
        if !self.is_op(".") {
            return Ok(first.into());
        }
        let mut name = first.to_owned();
        while self.skip_op(".")? {
            name.push('.');
            name.push_str(self.expect_name()?.0);
        }
        Ok(name.into())
    }

    /// One filter; the `|` before it is consumed already.
    pub(super) fn filter(&mut self, target: Option<Expr>) -> Parse<Expr> {
        let start = target.as_ref().map_or(self.span, |target| target.span);
        let name_span = self.span;
        let name = self.dotted_name()?;
        let function = filters::find(&name);
        if function.is_none() && self.conditional == 0 {
            let message = format!("No filter named '{name}'.");
            return Err((crate::error::JinjaError::new(crate::error::ErrorKind::Syntax, message), name_span));
        }
        let args = if self.is_op("(") { self.call_args()? } else { CallArgs::default() };
        let call = FilterCall { name, function, target, args };
        Ok(expr(ExprKind::Filter(Box::new(call)), start.to(self.last)))
    }

    /// The filters after `{% set x |` and `{% filter`.
    pub(super) fn filter_chain(&mut self) -> Parse<Expr> {
        let mut node = self.filter(None)?;
        while self.skip_op("|")? {
            node = self.filter(Some(node))?;
        }
        Ok(node)
    }

    fn test(&mut self, target: Expr) -> Parse<Expr> {
        let start = target.span;
        self.advance()?;
        let negated = self.skip_name("not")?;
        let name_span = self.span;
        let name = self.dotted_name()?;
        let args = self.test_args()?;
        let function = filters::tests::find(&name);
        if function.is_none() && self.conditional == 0 {
            let message = format!("No test named '{name}'.");
            return Err((crate::error::JinjaError::new(crate::error::ErrorKind::Syntax, message), name_span));
        }
        let span = start.to(self.last);
        let test = expr(ExprKind::Test(Box::new(TestCall { name, function, target, args })), span);
        Ok(if negated { expr(ExprKind::Not(Box::new(test)), span) } else { test })
    }

    fn test_args(&mut self) -> Parse<CallArgs> {
        let takes_operand = match &self.tok {
            Tok::Op("(") => return self.call_args(),
            Tok::Name("is") => return self.fail("You cannot chain multiple tests with is"),
            Tok::Name(name) => !matches!(*name, "else" | "or" | "and"),
            Tok::Str(_) | Tok::Int(_) | Tok::Float(_) | Tok::Op("[" | "{") => true,
            _ => false,
        };
        let mut args = CallArgs::default();
        if takes_operand {
            let operand = self.primary()?;
            args.args.push(self.postfix(operand)?);
        }
        Ok(args)
    }
}
