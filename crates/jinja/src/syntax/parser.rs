//! The state shared by the parsing of statements and expressions.

use std::collections::HashMap;
use std::sync::Arc;

use super::ast::{Expr, Origin, Span, Specials, Stmt, Sym, Template, locate};
use super::lexer::{LexError, Lexer, Tok, syntax};
use crate::error::{ErrorKind, JinjaError};

pub(crate) type Parse<T> = Result<T, LexError>;

/// How deep expressions and blocks may nest in the source.
const MAX_DEPTH: usize = 400;

pub(crate) struct Parser<'s> {
    lexer: Lexer<'s>,
    pub(super) tok: Tok<'s>,
    pub(super) span: Span,
    /// Where the token before the current one ended.
    pub(super) last: Span,
    ahead: Option<(Tok<'s>, Span)>,
    names: HashMap<Arc<str>, Sym>,
    order: Vec<Arc<str>>,
    pub(super) specials: Specials,
    pub(super) loop_sym: Option<Sym>,
    /// Open tags, for messages about what is missing.
    pub(super) tags: Vec<&'s str>,
    pub(super) ends: Vec<&'static [&'static str]>,
    /// Above 0 in code that may never run: unknown filters are then errors of the evaluation.
    pub(super) conditional: usize,
    pub(super) loops: usize,
    depth: usize,
}

/// Parses a template.
pub(crate) fn parse(name: Arc<str>, source: Arc<str>, origin: Origin) -> Result<Template, JinjaError> {
    let parsed = Parser::new(Lexer::new(&source)).and_then(Parser::template);
    finish(parsed, name, source, origin)
}

/// Parses a lone expression to a template that prints it.
pub(crate) fn parse_expression(name: Arc<str>, source: Arc<str>) -> Result<Template, JinjaError> {
    let parsed = Parser::new(Lexer::expression(&source)).and_then(Parser::lone_expression);
    finish(parsed, name, source, Origin::default())
}

struct Parsed {
    body: Vec<Stmt>,
    names: Vec<Arc<str>>,
    loop_sym: Option<Sym>,
}

fn finish(parsed: Parse<Parsed>, name: Arc<str>, source: Arc<str>, origin: Origin) -> Result<Template, JinjaError> {
    match parsed {
        Ok(Parsed { body, names, loop_sym }) => Ok(Template { name, source, origin, names, body, loop_sym }),
        Err((mut error, span)) => {
            error.locate(|| locate(&name, &source, &origin, span));
            Err(error)
        }
    }
}

impl<'s> Parser<'s> {
    fn new(mut lexer: Lexer<'s>) -> Parse<Self> {
        let (tok, span) = lexer.next()?;
        Ok(Parser {
            lexer,
            tok,
            span,
            last: Span::default(),
            ahead: None,
            names: HashMap::new(),
            order: Vec::new(),
            specials: Specials::default(),
            loop_sym: None,
            tags: Vec::new(),
            ends: Vec::new(),
            conditional: 0,
            loops: 0,
            depth: 0,
        })
    }

    fn template(mut self) -> Parse<Parsed> {
        let body = self.statements_until(&[])?;
        Ok(Parsed { body, names: self.order, loop_sym: self.loop_sym })
    }

    fn lone_expression(mut self) -> Parse<Parsed> {
        let expr: Expr = self.expression()?;
        if self.tok != Tok::Eof {
            return self.fail(format!("expected token 'end of template', got '{}'", self.tok.describe()));
        }
        Ok(Parsed { body: vec![Stmt::Output(expr)], names: self.order, loop_sym: self.loop_sym })
    }

    /// Moves to the next token and returns the one left.
    pub(super) fn advance(&mut self) -> Parse<Tok<'s>> {
        let (tok, span) = match self.ahead.take() {
            Some(next) => next,
            None => self.lexer.next()?,
        };
        self.last = std::mem::replace(&mut self.span, span);
        Ok(std::mem::replace(&mut self.tok, tok))
    }

    pub(super) fn peek(&mut self) -> Parse<&Tok<'s>> {
        if self.ahead.is_none() {
            self.ahead = Some(self.lexer.next()?);
        }
        Ok(self.ahead.as_ref().map_or(&Tok::Eof, |(tok, _)| tok))
    }

    pub(super) fn fail<T>(&self, message: impl Into<String>) -> Parse<T> {
        Err((JinjaError::new(ErrorKind::Syntax, message), self.span))
    }

    pub(super) fn is_op(&self, op: &str) -> bool {
        matches!(self.tok, Tok::Op(current) if current == op)
    }

    pub(super) fn is_name(&self, name: &str) -> bool {
        matches!(self.tok, Tok::Name(current) if current == name)
    }

    pub(super) fn skip_op(&mut self, op: &str) -> Parse<bool> {
        let found = self.is_op(op);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    pub(super) fn skip_name(&mut self, name: &str) -> Parse<bool> {
        let found = self.is_name(name);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    pub(super) fn expect_op(&mut self, op: &'static str) -> Parse<()> {
        if self.skip_op(op)? { Ok(()) } else { self.expected(op) }
    }

    pub(super) fn expect_tok(&mut self, tok: Tok<'s>) -> Parse<()> {
        if self.tok == tok {
            self.advance()?;
            Ok(())
        } else {
            self.expected(&tok.describe())
        }
    }

    pub(super) fn expect_keyword(&mut self, name: &str) -> Parse<()> {
        if self.skip_name(name)? { Ok(()) } else { self.expected(name) }
    }

    pub(super) fn expect_name(&mut self) -> Parse<(&'s str, Span)> {
        let Tok::Name(name) = self.tok else { return self.expected("name") };
        let span = self.span;
        self.advance()?;
        Ok((name, span))
    }

    fn expected<T>(&self, what: &str) -> Parse<T> {
        if self.tok == Tok::Eof {
            self.fail(format!("unexpected end of template, expected '{what}'."))
        } else {
            self.fail(format!("expected token '{what}', got '{}'", self.tok.describe()))
        }
    }

    pub(super) fn intern(&mut self, name: &str) -> Sym {
        if let Some(sym) = self.names.get(name) {
            return *sym;
        }
        let sym = Sym(self.order.len() as u32);
        let name: Arc<str> = name.into();
        self.order.push(name.clone());
        self.names.insert(name, sym);
        sym
    }

    pub(super) fn name_of(&self, sym: Sym) -> Arc<str> {
        self.order[sym.0 as usize].clone()
    }

    /// Interns a name that is read, and notes the special ones.
    pub(super) fn read(&mut self, name: &'s str) -> Sym {
        let sym = self.intern(name);
        match name {
            "loop" => self.loop_sym = Some(sym),
            "caller" => self.specials.caller = Some(sym),
            "varargs" => self.specials.varargs = Some(sym),
            "kwargs" => self.specials.kwargs = Some(sym),
            _ => {}
        }
        sym
    }

    /// Runs `f` one level deeper, on a stack that is large enough.
    pub(super) fn nested<T>(&mut self, f: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.depth >= MAX_DEPTH {
            return Err(syntax(
                "too many nested blocks or parentheses",
                self.span.start as usize,
                self.span.end as usize,
            ));
        }
        self.depth += 1;
        let result = stacker::maybe_grow(64 * 1024, 1024 * 1024, || f(self));
        self.depth -= 1;
        result
    }
}
