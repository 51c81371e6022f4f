//! Database, schema and alias of a node: dbt's rules, or the project's macros in their place.

use std::sync::Arc;

use minijinja::Value;

use crate::diagnostic::Diagnostic;
use crate::discover::Inputs;
use crate::jinja::report::diagnose;
use crate::jinja::scope::{Owner, Scope};
use crate::node::{Detail, Node, ResourceType};

/// Names the relation of a node by its settings.
pub(crate) fn name(inputs: &Inputs<'_>, node: &mut Node) -> Result<(), Box<Diagnostic>> {
    let setting = |key: &str| node.config.str(key).map(str::to_owned);
    let (database, schema, alias) = (setting("database"), setting("schema"), setting("alias"));
    let schema = match node.resource_type {
        ResourceType::Test => Some(schema.unwrap_or_else(|| "dbt_test__audit".to_owned())),
        _ => schema,
    };
    let target = &inputs.shared.target;
    node.database = Some(match generate(inputs, node, "generate_database_name", database.as_deref())? {
        Some(name) => name,
        None => database.map_or_else(|| target.database.clone(), |d| d.trim().to_owned()),
    });
    node.schema = match generate(inputs, node, "generate_schema_name", schema.as_deref())? {
        Some(name) => name,
        None => schema.map_or_else(|| target.schema.clone(), |s| format!("{}_{}", target.schema, s.trim())),
    };
    node.alias = match generate(inputs, node, "generate_alias_name", alias.as_deref())? {
        Some(name) => name,
        None => alias.map_or_else(|| default_alias(node), |a| a.trim().to_owned()),
    };
    if node.resource_type == ResourceType::Snapshot {
        let own = |key: &str| node.config.str(key).filter(|name| !name.is_empty()).map(str::to_owned);
        node.database = own("target_database").or(node.database.take());
        node.schema = own("target_schema").unwrap_or_else(|| node.schema.clone());
    }
    node.relation_name = has_relation(inputs, node).then(|| relation_name(inputs, node));
    Ok(())
}

fn default_alias(node: &Node) -> String {
    match &node.detail {
        Detail::Version { version, .. } => format!("{}_v{}", node.name, version.replace('.', "_")),
        _ => node.name.clone(),
    }
}

/// Whether building the node leaves a relation behind.
fn has_relation(inputs: &Inputs<'_>, node: &Node) -> bool {
    match node.resource_type {
        ResourceType::Model => !node.is_ephemeral(),
        ResourceType::Seed | ResourceType::Snapshot => true,
        ResourceType::Test => {
            crate::jinja::functions::stores_failures(&node.config, inputs.shared.flag("STORE_FAILURES"))
        }
        _ => false,
    }
}

/// The relation as SQL names it.
pub(crate) fn relation_name(inputs: &Inputs<'_>, node: &Node) -> String {
    inputs.shared.relation_of(node).sql()
}

/// Calls the project's own macro of this name; `None` where it has none and dbt's rule holds.
fn generate(
    inputs: &Inputs<'_>,
    node: &Node,
    name: &str,
    custom: Option<&str>,
) -> Result<Option<String>, Box<Diagnostic>> {
    let macros = &inputs.shared.macros;
    let Some(info) = inputs.shared.overriding(&inputs.package, name) else { return Ok(None) };
    let owner = Owner::Draft(Arc::new(node.clone()));
    let scope = Scope::parse(inputs.shared.clone(), info.package.clone(), owner);
    let custom = custom.map_or(Value::from(()), Value::from);
    let node_value = karat_jinja::from_json(inputs.shared.entry(node));
    let result = macros.engine().call_macro(&info.unique_id, Value::from_object(scope), &[custom, node_value], &[]);
    match result {
        Ok(value) => Ok(Some(karat_jinja::py_str(&value).trim().to_owned())),
        Err(error) => Err(Box::new(diagnose(&error, node.span, macros).note(format!("while naming {}", node.label())))),
    }
}
