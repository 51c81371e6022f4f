//! The macros of a project and the ones that come with karat, and which of them a name means.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use karat_jinja::{Block, BlockKind, Engine, JinjaError, MacroSource, Parameter, blocks};
use minijinja::Value;

use crate::diagnostic::Diagnostic;
use crate::jinja::builtin::{self, BUILTIN_PACKAGE};
use crate::jinja::report;
use crate::source::{SourceId, SourceMap, Span};

/// One macro, test or materialization.
#[derive(Debug, Clone)]
pub struct MacroInfo {
    /// `macro.shop.cents_to_dollars`.
    pub unique_id: String,
    /// The name it is called by; that of a test starts with `test_`.
    pub name: Arc<str>,
    /// Its package.
    pub package: Arc<str>,
    /// Its file, relative to the package's root.
    pub file: Arc<str>,
    /// The whole block.
    pub span: Span,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// What kind of block it is.
    pub kind: BlockKind,
}

/// All macros, ready to be called.
#[derive(Debug, Default)]
pub struct Macros {
    engine: Engine,
    infos: Vec<MacroInfo>,
    by_package: HashMap<Arc<str>, HashMap<Arc<str>, usize>>,
    /// Those packages, in the order in which they came.
    packages: Vec<Arc<str>>,
    root: Arc<str>,
    /// The packages that come with karat, the one of the warehouse before the one for all.
    builtin: Vec<Arc<str>>,
    /// The names of all other macros, with and without `duckdb__` and the like.
    foreign: HashSet<Arc<str>>,
}

impl Macros {
    /// The macros that come with karat for a kind of warehouse; those of the project `root` are added after.
    pub fn new(root: &str, warehouse: &str, sources: &mut SourceMap) -> (Self, Vec<Diagnostic>) {
        let mut macros = Self { root: root.into(), ..Self::default() };
        macros.engine.set_method_names(super::methods::names);
        for (name, value) in karat_jinja::builtins() {
            macros.engine.add_global(name, value);
        }
        let mut diagnostics = Vec::new();
        for (package, files) in builtin::packages(warehouse) {
            for (path, text) in files {
                let id = sources.add(format!("<karat>/{path}"), *text);
                diagnostics.extend(macros.add_file(&package, path, id, sources));
            }
            macros.builtin.insert(0, package.into());
        }
        let (path, text) = ("macros/dispatch.sql", builtin::dispatchers(&macros));
        let id = sources.add(format!("<karat>/{path}"), text.as_str());
        diagnostics.extend(macros.add_file(BUILTIN_PACKAGE, path, id, sources));
        macros.foreign.clear();
        (macros, diagnostics)
    }

    /// Adds the macros of one file.
    pub fn add_file(&mut self, package: &str, path: &str, id: SourceId, sources: &SourceMap) -> Vec<Diagnostic> {
        let text = sources.text(id);
        let found = match blocks(&text) {
            Ok(found) => found,
            Err(error) => {
                let span = Span::new(id, error.span.start, error.span.end);
                return vec![report::syntax(&error.message).at(span, "")];
            }
        };
        let file: Arc<str> = path.into();
        let mut diagnostics = Vec::new();
        for block in found {
            if matches!(block.kind, BlockKind::Docs | BlockKind::Snapshot) {
                continue;
            }
            if let Err(d) = self.add_block(package, &file, id, &text, &block) {
                diagnostics.push(*d);
            }
        }
        diagnostics
    }

    fn add_block(
        &mut self,
        package: &str,
        file: &Arc<str>,
        id: SourceId,
        text: &str,
        block: &Block,
    ) -> Result<(), Box<Diagnostic>> {
        let span = Span::new(id, block.span.start, block.span.end);
        let name = macro_name(block, text);
        let unique_id = format!("macro.{package}.{name}");
        let source = MacroSource {
            id: &unique_id,
            kind: block.kind,
            source: &text[block.span.clone()],
            file: file.clone(),
            offset: block.span.start,
            line: block.line,
            column: block.column,
        };
        self.engine.add_macro(&source).map_err(|e| Box::new(syntax_error(&e, id)))?;
        let package: Arc<str> = package.into();
        let name: Arc<str> = name.into();
        if let Some(other) = self.by_package.get(&package).and_then(|m| m.get(&name)) {
            let first = self.infos[*other].span;
            return Err(Box::new(
                Diagnostic::error("duplicate-macro", format!("there are two macros `{name}` in `{package}`"))
                    .at(span, "again here")
                    .at(first, "first here")
                    .hint("rename one of them"),
            ));
        }
        let info = MacroInfo {
            unique_id,
            name: name.clone(),
            package: package.clone(),
            file: file.clone(),
            span,
            parameters: block.parameters(text),
            kind: block.kind,
        };
        if let Some((_, plain)) = name.split_once("__") {
            self.foreign.insert(plain.into());
        }
        self.foreign.insert(name.clone());
        let infos = self.by_package.entry(package.clone()).or_insert_with(|| {
            self.packages.push(package);
            HashMap::new()
        });
        infos.insert(name, self.infos.len());
        self.infos.push(info);
        Ok(())
    }

    /// The engine that holds them.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Every macro.
    pub fn all(&self) -> &[MacroInfo] {
        &self.infos
    }

    /// The macro that a name means in a file of `package`: the package's own, the project's, karat's.
    pub fn find(&self, package: &str, name: &str) -> Option<&MacroInfo> {
        let own = [package, &self.root].into_iter().find_map(|p| self.exactly(p, name));
        own.or_else(|| self.in_package(BUILTIN_PACKAGE, name))
    }

    /// The same for a data test, which may be one of any package.
    pub fn find_test(&self, package: &str, name: &str) -> Option<&MacroInfo> {
        let own = [package, &self.root].into_iter().find_map(|p| self.exactly(p, name));
        let of_packages = || {
            let others = self.packages.iter().rev().filter(|p| !self.builtin.contains(p));
            others.into_iter().find_map(|p| self.exactly(p, name))
        };
        own.or_else(of_packages).or_else(|| self.in_package(BUILTIN_PACKAGE, name))
    }

    /// The macro of this name in this package and no other. The warehouse's own belong to `dbt` too.
    pub fn in_package(&self, package: &str, name: &str) -> Option<&MacroInfo> {
        match package {
            BUILTIN_PACKAGE => self.builtin.iter().find_map(|p| self.exactly(p, name)),
            _ => self.exactly(package, name),
        }
    }

    fn exactly(&self, package: &str, name: &str) -> Option<&MacroInfo> {
        self.by_package.get(package)?.get(name).map(|i| &self.infos[*i])
    }

    /// The macro of this name in the project.
    pub fn in_root(&self, name: &str) -> Option<&MacroInfo> {
        self.in_package(&self.root, name)
    }

    /// The macro that `adapter.name(…)` runs: the project's, a package's, karat's.
    pub fn for_adapter(&self, name: &str) -> Option<&MacroInfo> {
        self.in_root(name).or_else(|| self.in_packages(name)).or_else(|| self.in_package(BUILTIN_PACKAGE, name))
    }

    /// The macro of this name in one of the packages that the project uses.
    pub fn in_packages(&self, name: &str) -> Option<&MacroInfo> {
        let mut packages: Vec<&Arc<str>> = self.by_package.keys().collect();
        packages.retain(|package| **package != self.root && !self.builtin.contains(package));
        packages.sort_unstable();
        packages.into_iter().find_map(|package| self.in_package(package, name))
    }

    /// The macro of this unique id.
    pub fn by_id(&self, unique_id: &str) -> Option<&MacroInfo> {
        self.infos.iter().find(|m| m.unique_id == unique_id)
    }

    /// Whether the project or a package has a macro of this name, or one that dispatching to it may find.
    pub fn foreign(&self, name: &str) -> bool {
        self.foreign.contains(name)
    }

    /// The names for which [`Macros::foreign`] is true.
    pub fn foreign_names(&self) -> impl Iterator<Item = &str> {
        self.foreign.iter().map(|name| &**name)
    }

    /// Whether a macro came with karat.
    pub fn is_builtin(&self, info: &MacroInfo) -> bool {
        self.builtin.contains(&info.package)
    }

    /// Whether there is a package of this name that has macros.
    pub fn has_package(&self, package: &str) -> bool {
        self.by_package.contains_key(package)
    }

    /// The macro as something to call.
    pub fn value(&self, info: &MacroInfo) -> Value {
        self.engine.macro_value(&info.unique_id).unwrap_or_default()
    }

    /// All names that can be called without naming a package, for "did you mean".
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.infos.iter().map(|m| &*m.name).filter(|name| !name.starts_with('_'))
    }
}

fn macro_name(block: &Block, text: &str) -> String {
    match block.kind {
        BlockKind::Test | BlockKind::DataTest => format!("test_{}", block.name),
        BlockKind::Materialization => {
            let args = &text[block.args.clone()];
            let adapter = args.split_once("adapter").and_then(|(_, rest)| {
                let rest = rest.trim_start().strip_prefix('=')?.trim_start();
                rest.strip_prefix(['\'', '"'])?.split(['\'', '"']).next()
            });
            format!("materialization_{}_{}", block.name, adapter.unwrap_or("default"))
        }
        _ => block.name.clone(),
    }
}

/// A diagnostic for a file that is no Jinja.
fn syntax_error(error: &JinjaError, id: SourceId) -> Diagnostic {
    let span = error.location().map(|l| Span::new(id, l.span.start, l.span.end));
    report::syntax(error.message()).at(span, "").maybe_hint(error.hint().map(str::to_owned))
}
