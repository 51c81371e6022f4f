//! The schemas of a run: made where they are missing, and read.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};

use karat_adapters::{AdapterError, RelationName, SchemaName};
use minijinja::Value;

use crate::diagnostic::Diagnostic;
use crate::execute::{Run, connect_error};
use crate::jinja::asked;
use crate::jinja::macros::MacroInfo;
use crate::jinja::report::diagnose;
use crate::jinja::scope::{Owner, Scope};
use crate::jinja::shared::SharedConnection;
use crate::node::{Node, ResourceType};

impl Run<'_> {
    /// Makes the schemas that are missing and reads what is in all of them, in two questions.
    pub(super) fn prepare(&self, connection: &SharedConnection, selected: &[usize]) -> Result<(), Box<Diagnostic>> {
        let shared = &self.session.shared;
        let graph = &self.session.graph;
        let builds = |node: &&Node| {
            (node.relation_name.is_some() || node.resource_type == ResourceType::Function)
                && !node.resource_type.is_declared()
        };
        let built: BTreeSet<SchemaName> =
            selected.iter().map(|i| graph.node(*i)).filter(builds).map(schema_of).collect();
        match shared.overriding(&shared.settings.name, "create_schema") {
            Some(info) => self.create_by_macro(connection, info, &built)?,
            None => self.create(connection, &built).map_err(|e| Box::new(connect_error(&e)))?,
        }
        let refable = graph.nodes().iter().filter(|n| n.resource_type.is_refable()).map(schema_of);
        let cloned = shared.deferred.get().filter(|_| self.options.clones);
        let cloned = cloned
            .into_iter()
            .flat_map(|earlier| earlier.relations.values())
            .filter_map(|name| Some(SchemaName { database: name.database.clone(), schema: name.schema.clone()? }));
        let wanted: BTreeSet<SchemaName> = built.into_iter().chain(refable).chain(cloned).collect();
        let wanted: Vec<SchemaName> = wanted.into_iter().collect();
        let relations = match asked::relations(shared, connection, &wanted) {
            Some(relations) => relations?,
            None => {
                let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
                connection.relations(&wanted).map_err(|e| Box::new(connect_error(&e)))?
            }
        };
        shared.catalog.write().unwrap_or_else(PoisonError::into_inner).add(&wanted, relations);
        Ok(())
    }

    fn create(&self, connection: &SharedConnection, built: &BTreeSet<SchemaName>) -> Result<(), AdapterError> {
        let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
        let databases: BTreeSet<Option<String>> = built.iter().map(|s| s.database.clone()).collect();
        for database in databases {
            let there = connection.schemas(database.as_deref())?;
            for schema in built.iter().filter(|s| s.database == database) {
                if !there.iter().any(|t| t.eq_ignore_ascii_case(&schema.schema)) {
                    let dialect = self.session.shared.dialect;
                    connection.execute(&dialect.create_schema(schema.database.as_deref(), &schema.schema))?;
                }
            }
        }
        Ok(())
    }

    /// Calls the project's macro for each schema, also for those that are there: it may do more than make them.
    fn create_by_macro(
        &self,
        connection: &SharedConnection,
        info: &MacroInfo,
        built: &BTreeSet<SchemaName>,
    ) -> Result<(), Box<Diagnostic>> {
        let shared = &self.session.shared;
        for schema in built {
            let scope = Scope::execute(shared.clone(), info.package.clone(), Owner::None, Some(connection.clone()));
            let context = Value::from_dyn_object(Arc::new(scope));
            let name = RelationName {
                database: schema.database.clone(),
                schema: Some(schema.schema.clone()),
                identifier: String::new(),
            };
            let relation = shared.relation(name, None).value();
            let called = shared.macros.engine().call_macro(&info.unique_id, context, &[relation], &[]);
            called.map_err(|e| Box::new(diagnose(&e, Some(info.span), &shared.macros)))?;
        }
        Ok(())
    }
}

fn schema_of(node: &Node) -> SchemaName {
    SchemaName { database: node.database.clone(), schema: node.schema.clone() }
}
