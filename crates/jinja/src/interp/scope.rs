//! Variables of a template.

use std::sync::{Arc, Mutex, PoisonError};

use minijinja::Value;

use crate::syntax::ast::Sym;

/// The variables of one block, with those of the blocks around it behind them.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    vars: Mutex<Vec<(Sym, Value)>>,
    parent: Option<Arc<Scope>>,
}

impl Scope {
    pub fn root() -> Arc<Scope> {
        Arc::default()
    }

    pub fn child(parent: &Arc<Scope>) -> Arc<Scope> {
        Arc::new(Scope { vars: Mutex::default(), parent: Some(parent.clone()) })
    }

    pub fn get(&self, sym: Sym) -> Option<Value> {
        let mut scope = self;
        loop {
            let vars = scope.vars.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, value)) = vars.iter().find(|(name, _)| *name == sym) {
                return Some(value.clone());
            }
            drop(vars);
            scope = scope.parent.as_deref()?;
        }
    }

    pub fn set(&self, sym: Sym, value: Value) {
        let mut vars = self.vars.lock().unwrap_or_else(PoisonError::into_inner);
        match vars.iter_mut().find(|(name, _)| *name == sym) {
            Some(slot) => slot.1 = value,
            None => vars.push((sym, value)),
        }
    }
}
