//! The engine: macros are added once, then anything is rendered from many threads.

use std::collections::HashMap;
use std::sync::Arc;

use minijinja::{Environment, State, Value};

use crate::args::Args;
use crate::builtins::globals;
use crate::error::{ErrorKind, Eval, JinjaError, finish};
use crate::interp::{DbtMacro, Interp, Limits, MacroDef, MethodNames, Out, Runtime, no_methods};
use crate::modules::Patterns;
use crate::native;
use crate::syntax::ast::{Origin, Stmt, Template};
use crate::syntax::blocks::BlockKind;
use crate::syntax::lexer::{content_end, find_tag, normalize_newlines};
use crate::syntax::parser::{parse, parse_expression};
use crate::value::instance;

/// The template every render starts from: it only carries the root context.
const EMPTY: &str = "";

/// A macro, test or materialization as it stands in a file.
#[derive(Debug, Clone)]
pub struct MacroSource<'a> {
    /// A unique id, such as `macro.package.name`.
    pub id: &'a str,
    /// What kind of block it is.
    pub kind: BlockKind,
    /// The whole block, from `{%` to the end of its end tag.
    pub source: &'a str,
    /// The file that holds it.
    pub file: Arc<str>,
    /// Where the block starts in the file, in bytes.
    pub offset: usize,
    /// The line it starts on, counted from 1.
    pub line: usize,
    /// The column it starts at, counted from 1.
    pub column: usize,
}

/// How a template is rendered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RenderOptions {
    /// Attributes, elements and calls of an undefined value of the template itself (not of the macros that it
    /// calls) are undefined too, instead of an error. It is how dbt renders while it parses a project.
    pub lenient_undefined: bool,
}

/// A parsed template, to be rendered as often as needed.
#[derive(Debug, Clone)]
pub struct Compiled(Arc<Template>);

impl Compiled {
    /// The name it was compiled under.
    pub fn name(&self) -> &str {
        &self.0.name
    }
}

/// Renders templates and calls macros. It is shared freely between threads once all macros are added.
#[derive(Debug)]
pub struct Engine {
    environment: Environment<'static>,
    macros: HashMap<Arc<str>, Value>,
    limits: Limits,
    methods: MethodNames,
    patterns: Arc<Patterns>,
}

impl Default for Engine {
    fn default() -> Self {
        Engine::new()
    }
}

impl Engine {
    /// An engine without macros, with Jinja2's own globals (`range`, `dict`, `namespace`, `cycler`, `joiner`).
    pub fn new() -> Self {
        let mut environment = Environment::empty();
        // An empty source always compiles.
        let _ = environment.add_template(EMPTY, "");
        for (name, value) in globals() {
            environment.add_global(name, value);
        }
        Engine {
            environment,
            macros: HashMap::new(),
            limits: Limits::default(),
            methods: no_methods,
            patterns: Arc::default(),
        }
    }

    /// Replaces the limits on one render.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// Says which methods objects of the context have, so that templates can ask for them and hand them around.
    pub fn set_method_names(&mut self, methods: MethodNames) {
        self.methods = methods;
    }

    /// Adds a global: a name that every template sees unless its context has it too.
    pub fn add_global(&mut self, name: impl Into<String>, value: Value) {
        self.environment.add_global(name.into(), value);
    }

    /// Parses a macro, test or materialization and registers it under its id.
    ///
    /// A test `t` is the macro `test_t`; a materialization `m` is `materialization_m_<adapter>`. The returned name
    /// is the one the macro is called by.
    ///
    /// # Errors
    /// When the block does not parse, or holds no macro.
    pub fn add_macro(&mut self, source: &MacroSource<'_>) -> Result<Arc<str>, JinjaError> {
        let def = compile_macro(source)?;
        let name = def.name.clone();
        self.macros.insert(def.id.clone(), instance(DbtMacro(Arc::new(def))));
        Ok(name)
    }

    /// The macro of an id as a callable value, good in every render of any engine.
    pub fn macro_value(&self, id: &str) -> Option<Value> {
        self.macros.get(id).cloned()
    }

    /// Parses a template.
    ///
    /// # Errors
    /// When it does not parse.
    pub fn compile(&self, name: &str, source: &str) -> Result<Compiled, JinjaError> {
        parse(name.into(), source.into(), Origin::default()).map(|template| Compiled(Arc::new(template)))
    }

    /// Parses and renders a template with a root context.
    ///
    /// # Errors
    /// When it does not parse or its evaluation fails.
    pub fn render(&self, name: &str, source: &str, context: Value) -> Result<String, JinjaError> {
        if let Some(text) = plain(source) {
            return Ok(text);
        }
        self.render_compiled(&self.compile(name, source)?, context, RenderOptions::default())
    }

    /// Renders a parsed template with a root context.
    ///
    /// # Errors
    /// When its evaluation fails.
    pub fn render_compiled(
        &self,
        template: &Compiled,
        context: Value,
        options: RenderOptions,
    ) -> Result<String, JinjaError> {
        if let [Stmt::Text(text)] = &template.0.body[..] {
            return Ok(text.to_string());
        }
        let mut out = Out::Text(String::with_capacity(template.0.source.len()));
        self.with_interp(context, |interp| interp.run(&template.0, options.lenient_undefined, &mut out))?;
        Ok(out.into_string())
    }

    /// Renders a text template of a YAML file; unlike [`Engine::render`] text without Jinja keeps its last newline,
    /// as in dbt.
    ///
    /// # Errors
    /// When it does not parse or its evaluation fails.
    pub fn render_str(&self, source: &str, context: Value) -> Result<String, JinjaError> {
        if !has_render_chars(source) {
            return Ok(source.to_owned());
        }
        self.render("<string>", source, context)
    }

    /// Renders a string of a YAML file natively: a lone `{{ expression }}` gives its value, everything else text.
    ///
    /// # Errors
    /// When it does not parse, its evaluation fails, or `as_bool` or `as_number` meet something else.
    pub fn eval_native(&self, source: &str, context: Value) -> Result<Value, JinjaError> {
        if let Some(text) = plain(source) {
            return Ok(Value::from(text));
        }
        let template = self.compile("<string>", source)?.0;
        let mut out = Out::Native(Vec::new());
        self.with_interp(context, |interp| {
            interp.native = true;
            interp.run(&template, false, &mut out)
        })?;
        native::concat(out).map_err(|signal| finish(*signal))
    }

    /// Evaluates a bare expression (no braces) to its value.
    ///
    /// # Errors
    /// When it does not parse or its evaluation fails.
    pub fn eval_expression(&self, source: &str, context: Value) -> Result<Value, JinjaError> {
        let template = Arc::new(parse_expression("<expression>".into(), source.into())?);
        let mut out = Out::Native(Vec::new());
        self.with_interp(context, |interp| interp.run(&template, false, &mut out))?;
        Ok(match out {
            Out::Native(mut pieces) => pieces.pop().unwrap_or_default(),
            Out::Text(text) => Value::from(text),
        })
    }

    /// Calls a macro from outside of any template.
    ///
    /// # Errors
    /// When there is no macro of that id, or its evaluation fails.
    pub fn call_macro(
        &self,
        id: &str,
        context: Value,
        args: &[Value],
        kwargs: &[(&str, Value)],
    ) -> Result<Value, JinjaError> {
        let Some(callee) = self.macros.get(id) else {
            return Err(JinjaError::new(ErrorKind::UndefinedName, format!("macro '{id}' is not defined")));
        };
        let mut call = Args::new(args.to_vec());
        call.kw = kwargs.iter().map(|(name, value)| ((*name).into(), value.clone())).collect();
        self.with_interp(context, |interp| interp.call(callee, call))
    }

    fn with_interp<T>(
        &self,
        context: Value,
        f: impl FnOnce(&mut Interp<'_, '_, '_>) -> Eval<T>,
    ) -> Result<T, JinjaError> {
        let failed = |error: minijinja::Error| JinjaError::new(ErrorKind::Raised, error.to_string());
        let template = self.environment.get_template(EMPTY).map_err(failed)?;
        let mut captured = template.render_captured(context).map_err(failed)?;
        captured.with_state_mut(|state: &mut State<'_, '_>| {
            state.get_or_insert_extension_with(|| Runtime::new(self.limits, self.methods, self.patterns.clone()));
            f(&mut Interp::enter(state)).map_err(|signal| finish(*signal))
        })
    }
}

/// The output of a source without any tags.
fn plain(source: &str) -> Option<String> {
    find_tag(source).is_none().then(|| normalize_newlines(&source[..content_end(source)]).into_owned())
}

/// Whether dbt would render the string at all.
fn has_render_chars(source: &str) -> bool {
    source.as_bytes().windows(2).any(|pair| matches!(pair, [b'{', b'{' | b'%' | b'#'] | [b'#' | b'}' | b'%', b'}']))
}

fn compile_macro(source: &MacroSource<'_>) -> Result<MacroDef, JinjaError> {
    let origin = Origin {
        file: Some(source.file.clone()),
        offset: source.offset,
        line: source.line.saturating_sub(1),
        column: source.column.saturating_sub(1),
    };
    let id: Arc<str> = source.id.into();
    let template = Arc::new(parse(id.clone(), source.source.into(), origin)?);
    let found = template.body.iter().find_map(|statement| match statement {
        Stmt::Macro(node) => Some(node.clone()),
        _ => None,
    });
    let Some(node) = found else {
        return Err(JinjaError::new(ErrorKind::Syntax, format!("'{id}' holds no macro")));
    };
    let name = node.name.strip_prefix("dbt_macro__").unwrap_or(&node.name).into();
    Ok(MacroDef { id, name, node, template })
}
