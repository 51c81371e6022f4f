//! Statements: everything between `{%` and `%}`.

use std::sync::Arc;

use minijinja::Value;

use super::ast::{Expr, ExprKind, For, Macro, Param, Span, Specials, Stmt, Target};
use super::lexer::Tok;
use super::parser::{Parse, Parser};

impl<'s> Parser<'s> {
    /// Statements up to one of the end tags (whose name is then the current token), or to the end.
    pub(super) fn statements_until(&mut self, ends: &'static [&'static str]) -> Parse<Vec<Stmt>> {
        let mut body = Vec::new();
        if !ends.is_empty() {
            self.ends.push(ends);
        }
        loop {
            match &mut self.tok {
                Tok::Eof => break,
                Tok::Data(text) => {
                    let text = std::mem::take(text).into_owned().into_boxed_str();
                    body.push(Stmt::Text(text));
                    self.advance()?;
                }
                Tok::VariableBegin => {
                    self.advance()?;
                    body.push(Stmt::Output(self.tuple(true, false, &[])?));
                    self.expect_tok(Tok::VariableEnd)?;
                }
                Tok::BlockBegin => {
                    self.advance()?;
                    if let Tok::Name(name) = self.tok
                        && ends.contains(&name)
                    {
                        break;
                    }
                    let statement = self.nested(Self::statement)?;
                    body.extend(statement);
                    self.expect_tok(Tok::BlockEnd)?;
                }
                _ => return self.fail(format!("unexpected '{}'", self.tok.describe())),
            }
        }
        if !ends.is_empty() {
            if self.tok == Tok::Eof {
                return self.fail_missing(None);
            }
            self.ends.pop();
        }
        Ok(body)
    }

    /// The body of a tag: `%}`, statements, and the end tag, whose name is consumed and returned.
    fn body(&mut self, ends: &'static [&'static str]) -> Parse<(Vec<Stmt>, &'s str)> {
        self.skip_op(":")?;
        self.expect_tok(Tok::BlockEnd)?;
        let body = self.statements_until(ends)?;
        let (end, _) = self.expect_name()?;
        Ok((body, end))
    }

    fn fail_missing<T>(&self, unknown: Option<&str>) -> Parse<T> {
        let quote = |tags: &[&str]| tags.iter().map(|tag| format!("'{tag}'")).collect::<Vec<_>>().join(" or ");
        let mut message = match unknown {
            None => "Unexpected end of template.".to_owned(),
            Some(name) => format!("Encountered unknown tag '{name}'."),
        };
        if let Some(looking) = self.ends.last() {
            let known = unknown.is_some_and(|name| self.ends.iter().any(|ends| ends.contains(&name)));
            message += &if known {
                format!(
                    " You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for {}.",
                    quote(looking)
                )
            } else {
                format!(" Jinja was looking for the following tags: {}.", quote(looking))
            };
        }
        if let Some(tag) = self.tags.last() {
            message += &format!(" The innermost block that needs to be closed is '{tag}'.");
        }
        self.fail(message)
    }

    fn statement(&mut self) -> Parse<Option<Stmt>> {
        let Tok::Name(name) = self.tok else { return self.fail("tag name expected") };
        let start = self.span;
        self.tags.push(name);
        let statement = match name {
            "for" => self.for_loop(start)?,
            "if" => self.if_chain()?,
            "set" => self.set()?,
            "with" => self.with()?,
            "macro" => self.macro_like(&["endmacro"], "")?,
            "test" => self.macro_like(&["endtest"], "test_")?,
            "data_test" => self.macro_like(&["enddata_test"], "test_")?,
            "materialization" => self.materialization(start)?,
            "docs" => self.docs()?,
            "call" => self.call_block()?,
            "filter" => self.filter_block()?,
            "autoescape" => self.autoescape()?,
            "block" => self.block()?,
            "print" => return self.print(),
            "do" => {
                self.advance()?;
                Stmt::Do(self.tuple(true, false, &[])?)
            }
            "break" | "continue" => self.loop_control(name)?,
            "extends" | "include" | "import" | "from" => self.unsupported(start)?,
            _ => {
                self.tags.pop();
                return self.fail_missing(Some(name));
            }
        };
        self.tags.pop();
        Ok(Some(statement))
    }

    fn loop_control(&mut self, name: &str) -> Parse<Stmt> {
        if self.loops == 0 {
            return self.fail(format!("'{name}' outside loop"));
        }
        self.advance()?;
        Ok(if name == "break" { Stmt::Break } else { Stmt::Continue })
    }

    fn unsupported(&mut self, start: Span) -> Parse<Stmt> {
        while self.tok != Tok::BlockEnd && self.tok != Tok::Eof {
            self.advance()?;
        }
        Ok(Stmt::Unsupported(start.to(self.last)))
    }

    fn for_loop(&mut self, start: Span) -> Parse<Stmt> {
        self.advance()?;
        let target = self.assign_target(&["in"], false)?;
        self.expect_keyword("in")?;
        let iter = self.tuple(false, false, &["recursive"])?;
        let test = if self.skip_name("if")? { Some(self.expression()?) } else { None };
        let recursive = self.skip_name("recursive")?;
        let span = start.to(self.last);
        self.loops += 1;
        let (body, end) = self.body(&["endfor", "else"])?;
        self.loops -= 1;
        let otherwise = if end == "else" { self.body(&["endfor"])?.0 } else { Vec::new() };
        Ok(Stmt::For(Arc::new(For { target, iter, test, recursive, body, otherwise, span })))
    }

    fn if_chain(&mut self) -> Parse<Stmt> {
        self.conditional += 1;
        let mut branches = Vec::new();
        let mut otherwise = Vec::new();
        self.advance()?;
        loop {
            let test = self.tuple(false, false, &[])?;
            let (body, end) = self.body(&["elif", "else", "endif"])?;
            branches.push((test, body));
            match end {
                "elif" => continue,
                "else" => otherwise = self.body(&["endif"])?.0,
                _ => {}
            }
            break;
        }
        self.conditional -= 1;
        Ok(Stmt::If(branches, otherwise))
    }

    fn set(&mut self) -> Parse<Stmt> {
        self.advance()?;
        let target = self.assign_target(&[], true)?;
        if self.skip_op("=")? {
            return Ok(Stmt::Set(target, self.tuple(true, false, &[])?));
        }
        let filter = if self.skip_op("|")? { Some(self.filter_chain()?) } else { None };
        let (body, _) = self.body(&["endset"])?;
        Ok(Stmt::SetBlock(target, filter, body))
    }

    fn with(&mut self) -> Parse<Stmt> {
        self.advance()?;
        let mut assignments = Vec::new();
        while self.tok != Tok::BlockEnd {
            if !assignments.is_empty() {
                self.expect_op(",")?;
            }
            let target = self.assign_target(&[], false)?;
            self.expect_op("=")?;
            assignments.push((target, self.expression()?));
        }
        let (body, _) = self.body(&["endwith"])?;
        Ok(Stmt::With(assignments, body))
    }

    fn autoescape(&mut self) -> Parse<Stmt> {
        self.advance()?;
        self.expression()?;
        Ok(Stmt::Scope(self.body(&["endautoescape"])?.0))
    }

    fn block(&mut self) -> Parse<Stmt> {
        self.advance()?;
        let (name, _) = self.expect_name()?;
        self.skip_name("scoped")?;
        self.skip_name("required")?;
        let (body, _) = self.body(&["endblock"])?;
        self.skip_name(name)?;
        Ok(Stmt::Scope(body))
    }

    fn print(&mut self) -> Parse<Option<Stmt>> {
        self.advance()?;
        let mut outputs = Vec::new();
        while self.tok != Tok::BlockEnd {
            if !outputs.is_empty() {
                self.expect_op(",")?;
            }
            outputs.push(Stmt::Output(self.expression()?));
        }
        self.tags.pop();
        Ok(Some(Stmt::If(Vec::new(), outputs)))
    }

    fn filter_block(&mut self) -> Parse<Stmt> {
        self.advance()?;
        let filter = self.filter_chain()?;
        Ok(Stmt::Filter(filter, self.body(&["endfilter"])?.0))
    }

    fn call_block(&mut self) -> Parse<Stmt> {
        self.advance()?;
        let outer = std::mem::take(&mut self.specials);
        let params = if self.is_op("(") { self.signature()? } else { Vec::new() };
        self.merge_specials(outer);
        let call = self.expression()?;
        if !matches!(call.kind, ExprKind::Call(_)) {
            return self.fail("expected call");
        }
        let sym = self.intern("caller");
        let (body, uses) = self.macro_body(&["endcall"])?;
        let name = self.name_of(sym);
        Ok(Stmt::Call(call, Arc::new(Macro { sym, name, params, body, uses })))
    }

    /// A body with its own record of the special variables it mentions.
    fn macro_body(&mut self, ends: &'static [&'static str]) -> Parse<(Vec<Stmt>, Specials)> {
        let outer = std::mem::take(&mut self.specials);
        let loops = std::mem::take(&mut self.loops);
        let (body, _) = self.body(ends)?;
        self.loops = loops;
        let uses = self.specials;
        self.merge_specials(outer);
        Ok((body, uses))
    }

    fn merge_specials(&mut self, outer: Specials) {
        let inner = &mut self.specials;
        inner.caller = inner.caller.or(outer.caller);
        inner.varargs = inner.varargs.or(outer.varargs);
        inner.kwargs = inner.kwargs.or(outer.kwargs);
    }

    fn macro_like(&mut self, ends: &'static [&'static str], prefix: &str) -> Parse<Stmt> {
        self.advance()?;
        let (name, name_span) = self.expect_name()?;
        let params = self.signature()?;
        let (body, uses) = self.macro_body(ends)?;
        if uses.caller.is_some() && params.iter().any(|p| &*p.name == "caller" && p.default.is_none()) {
            self.span = name_span;
            return self.fail(
                "When defining macros or call blocks the special \"caller\" argument must be omitted or be given a default.",
            );
        }
        Ok(self.named_macro(&format!("{prefix}{name}"), params, body, uses))
    }

    fn signature(&mut self) -> Parse<Vec<Param>> {
        self.expect_op("(")?;
        let mut params: Vec<Param> = Vec::new();
        while !self.is_op(")") {
            if !params.is_empty() {
                self.expect_op(",")?;
            }
            let (name, span) = self.expect_name()?;
            self.check_assignable(name, span)?;
            let sym = self.intern(name);
            if self.skip_op(":")? {
                self.type_name()?;
            }
            let default = if self.skip_op("=")? { Some(self.expression()?) } else { None };
            if default.is_none() && params.iter().any(|param| param.default.is_some()) {
                return self.fail("non-default argument follows default argument");
            }
            params.push(Param { sym, name: self.name_of(sym), default });
        }
        self.expect_op(")")?;
        Ok(params)
    }

    fn type_name(&mut self) -> Parse<()> {
        self.expect_name()?;
        if self.skip_op("[")? {
            let mut first = true;
            while !self.is_op("]") {
                if !std::mem::take(&mut first) {
                    self.expect_op(",")?;
                }
                self.nested(Self::type_name)?;
            }
            self.expect_op("]")?;
        }
        Ok(())
    }

    fn materialization(&mut self, start: Span) -> Parse<Stmt> {
        self.advance()?;
        let (name, _) = self.expect_name()?;
        let mut adapter = "default".to_owned();
        let mut languages = None;
        while self.skip_op(",")? {
            let (option, _) = self.expect_name()?;
            match option {
                "default" => {}
                "adapter" => {
                    self.expect_op("=")?;
                    let Tok::Str(value) = &self.tok else {
                        return self.fail(format!("expected token 'string', got '{}'", self.tok.describe()));
                    };
                    adapter.clone_from(value);
                    self.advance()?;
                }
                "supported_languages" => {
                    self.expect_op("=")?;
                    languages = Some(self.expression()?);
                }
                other => {
                    return self.fail(format!("materialization '{name}' received unknown argument '{other}'."));
                }
            }
        }
        let default = languages.unwrap_or_else(|| sql_only(start));
        let sym = self.intern("supported_languages");
        let params = vec![Param { sym, name: self.name_of(sym), default: Some(default) }];
        let (body, uses) = self.macro_body(&["endmaterialization"])?;
        Ok(self.named_macro(&format!("materialization_{name}_{adapter}"), params, body, uses))
    }

    /// dbt renames every macro, so that a call of its plain name always goes through the context.
    fn named_macro(&mut self, name: &str, params: Vec<Param>, body: Vec<Stmt>, uses: Specials) -> Stmt {
        let sym = self.intern(&format!("dbt_macro__{name}"));
        let name = self.name_of(sym);
        Stmt::Macro(Arc::new(Macro { sym, name, params, body, uses }))
    }

    fn docs(&mut self) -> Parse<Stmt> {
        self.advance()?;
        let (name, _) = self.expect_name()?;
        let (body, uses) = self.macro_body(&["enddocs"])?;
        Ok(self.named_macro(&format!("dbt_docs__{name}"), Vec::new(), body, uses))
    }

    fn check_assignable(&self, name: &str, span: Span) -> Parse<()> {
        if matches!(name, "true" | "false" | "none" | "True" | "False" | "None") {
            let mut parser_error = self.fail::<()>("can't assign to 'const'");
            if let Err((_, place)) = &mut parser_error {
                *place = span;
            }
            return parser_error;
        }
        Ok(())
    }

    fn assign_target(&mut self, ends: &[&str], with_namespace: bool) -> Parse<Target> {
        let mut targets = Vec::new();
        let mut is_tuple = false;
        loop {
            if !targets.is_empty() {
                self.expect_op(",")?;
            }
            if self.at_tuple_end(ends) {
                break;
            }
            targets.push(self.single_target(with_namespace)?);
            if !self.is_op(",") {
                break;
            }
            is_tuple = true;
        }
        match targets.pop() {
            Some(only) if !is_tuple => Ok(only),
            Some(last) => {
                targets.push(last);
                Ok(Target::Tuple(targets))
            }
            None => self.fail(format!("Expected an expression, got '{}'", self.tok.describe())),
        }
    }

    fn single_target(&mut self, with_namespace: bool) -> Parse<Target> {
        let span = self.span;
        match self.tok.clone() {
            Tok::Name(name) => {
                self.advance()?;
                self.check_assignable(name, span)?;
                if with_namespace && self.skip_op(".")? {
                    let (attribute, _) = self.expect_name()?;
                    return Ok(Target::Namespace(self.intern(name), Value::from(attribute)));
                }
                Ok(Target::Name(self.intern(name)))
            }
            Tok::Op("(") => {
                self.advance()?;
                let inner = self.nested(|parser| parser.assign_target(&[], with_namespace))?;
                self.expect_op(")")?;
                Ok(inner)
            }
            Tok::Op("[") => self.fail("can't assign to 'list'"),
            Tok::Op("{") => self.fail("can't assign to 'dict'"),
            Tok::Str(_) | Tok::Int(_) | Tok::Float(_) => self.fail("can't assign to 'const'"),
            other => self.fail(format!("unexpected '{}'", other.describe())),
        }
    }
}

fn sql_only(span: Span) -> Expr {
    let sql = Expr { kind: ExprKind::Const(Value::from("sql")), span };
    Expr { kind: ExprKind::List(vec![sql]), span }
}
