//! The syntax tree. Names are interned per template: [`Sym`] indexes [`Template::names`].

use std::sync::Arc;

use minijinja::Value;

use crate::error::Location;
use crate::filters::FilterFn;
use crate::filters::tests::TestFn;

/// An interned name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sym(pub u32);

/// A range of bytes in the source of the template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn to(self, end: Span) -> Span {
        Span { start: self.start, end: end.end }
    }
}

/// A parsed template with all that is needed to say where something is in it.
#[derive(Debug)]
pub(crate) struct Template {
    pub name: Arc<str>,
    pub source: Arc<str>,
    pub origin: Origin,
    pub names: Vec<Arc<str>>,
    pub body: Vec<Stmt>,
    /// The symbol of `loop` when the template mentions it.
    pub loop_sym: Option<Sym>,
}

/// The place in a file that a template was cut out of.
#[derive(Debug, Clone, Default)]
pub(crate) struct Origin {
    pub file: Option<Arc<str>>,
    pub offset: usize,
    pub line: usize,
    pub column: usize,
}

impl Template {
    pub fn name_of(&self, sym: Sym) -> &Arc<str> {
        &self.names[sym.0 as usize]
    }

    pub fn locate(&self, span: Span) -> Location {
        locate(&self.name, &self.source, &self.origin, span)
    }
}

/// Computes the public location of a span.
pub(crate) fn locate(name: &Arc<str>, source: &str, origin: &Origin, span: Span) -> Location {
    let start = floor_boundary(source, span.start as usize);
    let end = floor_boundary(source, (span.end as usize).max(start));
    let before = &source[..start];
    let line = before.matches('\n').count();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before[line_start..].chars().count() + 1;
    Location {
        template: name.clone(),
        file: origin.file.clone(),
        line: origin.line + line + 1,
        column: if line == 0 { origin.column + column } else { column },
        span: origin.offset + start..origin.offset + end,
    }
}

fn floor_boundary(source: &str, at: usize) -> usize {
    let mut at = at.min(source.len());
    while !source.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[derive(Debug)]
pub(crate) struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

#[derive(Debug)]
pub(crate) enum ExprKind {
    Name(Sym),
    Const(Value),
    List(Vec<Expr>),
    Tuple(Vec<Expr>),
    Dict(Vec<(Expr, Expr)>),
    /// The attribute is a string value, ready for item look-up.
    Attr(Box<Expr>, Value),
    Item(Box<Expr>, Box<Expr>),
    Slice(Box<Slice>),
    Call(Box<Call>),
    Filter(Box<FilterCall>),
    Test(Box<TestCall>),
    Not(Box<Expr>),
    Neg(Box<Expr>),
    Pos(Box<Expr>),
    Binary(BinOp, Box<(Expr, Expr)>),
    And(Box<(Expr, Expr)>),
    Or(Box<(Expr, Expr)>),
    Compare(Box<Expr>, Vec<(CmpOp, Expr)>),
    Concat(Vec<Expr>),
    Cond(Box<Cond>),
}

#[derive(Debug)]
pub(crate) struct Slice {
    pub target: Expr,
    pub start: Option<Expr>,
    pub stop: Option<Expr>,
    pub step: Option<Expr>,
}

#[derive(Debug)]
pub(crate) struct Cond {
    pub test: Expr,
    pub yes: Expr,
    pub no: Option<Expr>,
}

#[derive(Debug, Default)]
pub(crate) struct CallArgs {
    pub args: Vec<Expr>,
    pub kwargs: Vec<(Arc<str>, Expr)>,
    pub star: Option<Expr>,
    pub double_star: Option<Expr>,
}

#[derive(Debug)]
pub(crate) struct Call {
    pub callee: Expr,
    pub args: CallArgs,
}

#[derive(Debug)]
pub(crate) struct FilterCall {
    pub name: Arc<str>,
    pub function: Option<FilterFn>,
    /// Absent at the head of a `{% filter %}` chain.
    pub target: Option<Expr>,
    pub args: CallArgs,
}

#[derive(Debug)]
pub(crate) struct TestCall {
    pub name: Arc<str>,
    pub function: Option<TestFn>,
    pub target: Expr,
    pub args: CallArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BinOp {
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Pow,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CmpOp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    In,
    NotIn,
}

#[derive(Debug)]
pub(crate) enum Target {
    Name(Sym),
    Namespace(Sym, Value),
    Tuple(Vec<Target>),
}

#[derive(Debug)]
pub(crate) enum Stmt {
    Text(Box<str>),
    Output(Expr),
    For(Arc<For>),
    If(Vec<(Expr, Vec<Stmt>)>, Vec<Stmt>),
    Set(Target, Expr),
    SetBlock(Target, Option<Expr>, Vec<Stmt>),
    With(Vec<(Target, Expr)>, Vec<Stmt>),
    Macro(Arc<Macro>),
    Call(Expr, Arc<Macro>),
    Filter(Expr, Vec<Stmt>),
    /// `{% autoescape %}`, `{% block %}`: a scope and nothing else here.
    Scope(Vec<Stmt>),
    Do(Expr),
    Break,
    Continue,
    /// A tag that needs other templates (`extends`, `include`, `import`).
    Unsupported(Span),
}

#[derive(Debug)]
pub(crate) struct For {
    pub target: Target,
    pub iter: Expr,
    pub test: Option<Expr>,
    pub recursive: bool,
    pub body: Vec<Stmt>,
    pub otherwise: Vec<Stmt>,
    pub span: Span,
}

#[derive(Debug)]
pub(crate) struct Param {
    pub sym: Sym,
    pub name: Arc<str>,
    pub default: Option<Expr>,
}

#[derive(Debug)]
pub(crate) struct Macro {
    pub sym: Sym,
    pub name: Arc<str>,
    pub params: Vec<Param>,
    pub body: Vec<Stmt>,
    pub uses: Specials,
}

/// Which of the special variables of macros a body mentions.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Specials {
    pub caller: Option<Sym>,
    pub varargs: Option<Sym>,
    pub kwargs: Option<Sym>,
}
