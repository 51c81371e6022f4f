//! `api.Relation` and `api.Column`: the classes.

use std::sync::Arc;

use minijinja::Value;

use crate::jinja::column::ColumnClass;
use crate::jinja::relation::RelationClass;
use crate::jinja::scope::Scope;

/// `api`: the classes by name.
pub fn api(scope: &Arc<Scope>) -> Value {
    karat_jinja::dict([
        ("Relation", Value::from_object(RelationClass(scope.clone()))),
        ("Column", Value::from_object(ColumnClass(scope.clone()))),
    ])
}
