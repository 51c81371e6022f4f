//! Which of karat's macros a project or package puts its own in the place of.

use std::collections::HashSet;
use std::sync::PoisonError;

use crate::jinja::builtin::{self, BUILTIN_PACKAGE};
use crate::jinja::macros::{MacroInfo, Macros};
use crate::jinja::shared::Shared;

/// Functions of the context that are macros in dbt.
const FUNCTIONS: [&str; 5] =
    ["is_incremental", "load_cached_relation", "load_relation", "should_full_refresh", "should_store_failures"];

impl Shared {
    /// The packages in which `adapter.dispatch(…, namespace)` looks, in order.
    pub fn dispatch_order<'a>(&'a self, namespace: &'a str) -> Vec<&'a str> {
        match self.settings.dispatch.get(namespace) {
            Some(order) => order.iter().map(String::as_str).collect(),
            None => vec![&self.settings.name, namespace],
        }
    }

    /// Whether a namespace of `adapter.dispatch` means anything: a package, or a search order of the project.
    pub fn is_namespace(&self, name: &str) -> bool {
        self.settings.dispatch.contains_key(name)
            || self.settings.name == name
            || self.packages.contains_key(name)
            || self.macros.has_package(name)
    }

    /// The macro that stands in the place of karat's macro `name` for a node of `package`, if there is one: one of the
    /// same name, or one that dispatching finds first.
    pub fn overriding(&self, package: &str, name: &str) -> Option<&MacroInfo> {
        let macros = &self.macros;
        if !macros.foreign(name) {
            return None;
        }
        let own = |info: &&MacroInfo| !macros.is_builtin(info);
        if let Some(info) = macros.find(package, name).filter(own) {
            return Some(info);
        }
        let kind = self.target.kind.as_str();
        let dispatched = self.dispatch_order(BUILTIN_PACKAGE).into_iter().find_map(|package| {
            let named = |prefix| macros.in_package(package, &format!("{prefix}__{name}"));
            named(kind).or_else(|| named("default"))
        });
        dispatched.filter(own)
    }

    /// Whether a macro of karat's, or anything that it calls, is overridden for a node of `package`: `strategy` is
    /// how an incremental model adds rows.
    pub fn is_changed(&self, package: &str, info: &MacroInfo, strategy: &str) -> bool {
        if !self.macros.overrides_anything() {
            return false;
        }
        let key = (package.to_owned(), info.unique_id.clone(), strategy.to_owned());
        let known = || self.changed.read().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
        known().unwrap_or_else(|| {
            let mut walk = Walk { shared: self, package, seen: HashSet::new() };
            let changed = walk.text(builtin::text(info)) || walk.word(&strategy_macro(strategy));
            self.changed.write().unwrap_or_else(PoisonError::into_inner).insert(key, changed);
            changed
        })
    }

    /// Whether the warehouse has this strategy of incremental models.
    pub fn has_strategy(&self, name: &str) -> bool {
        let same = |known: &str| known == name || known.replace('+', "_") == name;
        matches!(name, "" | "default" | "microbatch") || self.dialect.strategies().iter().any(|s| same(s.as_str()))
    }
}

/// The macro that writes the SQL of a strategy.
pub fn strategy_macro(strategy: &str) -> String {
    format!("get_incremental_{}_sql", strategy.replace('+', "_"))
}

/// A walk through the names that karat's macros mention.
struct Walk<'a> {
    shared: &'a Shared,
    package: &'a str,
    seen: HashSet<String>,
}

impl Walk<'_> {
    fn text(&mut self, text: &'static str) -> bool {
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| self.word(word))
    }

    fn word(&mut self, word: &str) -> bool {
        let macros = &self.shared.macros;
        if !macros.may_be_overridden(word) && !FUNCTIONS.contains(&word) || !self.seen.insert(word.to_owned()) {
            return false;
        }
        if self.shared.overriding(self.package, word).is_some() {
            return true;
        }
        let kind = self.shared.target.kind.as_str();
        let names = [word.to_owned(), format!("{kind}__{word}"), format!("default__{word}")];
        let texts: Vec<&str> =
            names.iter().filter_map(|name| macros.in_package(BUILTIN_PACKAGE, name)).map(builtin::text).collect();
        texts.into_iter().any(|text| self.text(text))
    }
}

impl Macros {
    /// Whether karat has a macro, or a function in the place of one, that a project may write itself.
    fn may_be_overridden(&self, name: &str) -> bool {
        self.in_package(BUILTIN_PACKAGE, name).is_some() || FUNCTIONS.contains(&name)
    }

    /// Whether any macro of the project or its packages has the name of one of karat's.
    fn overrides_anything(&self) -> bool {
        self.foreign_names().any(|name| self.may_be_overridden(name))
    }
}
