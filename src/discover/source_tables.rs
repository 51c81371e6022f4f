//! Source tables: relations that are there already.

use serde_json::{Map, Value as Json, json};

use crate::config::properties::SourceDecl;
use crate::config::tree;
use crate::diagnostic::{Checked, Diagnostic};
use crate::discover::{Inputs, Patched, PropertiesFile, blank, describe, external, lift_config, naming};
use crate::freshness::{Declared, Freshness};
use crate::load::ProjectFile;
use crate::node::{Detail, Node, NodeConfig, ResourceType, SourceTable};

/// The nodes of all source tables.
pub(crate) fn nodes(inputs: &Inputs<'_>, properties: &[PropertiesFile]) -> Checked<Vec<Node>> {
    let mut diagnostics = Vec::new();
    let mut found: Vec<Node> = Vec::new();
    let mut seen = std::collections::HashMap::new();
    for file in properties {
        for decl in &file.properties.sources {
            let node = one(inputs, &file.file, decl, &mut diagnostics);
            match seen.insert(node.unique_id.clone(), decl.table.span) {
                Some(first) => diagnostics.push(
                    Diagnostic::error(
                        "duplicate-source",
                        format!("the source table `{}` is declared twice", node.display_name()),
                    )
                    .at(decl.table.span, "again here")
                    .at(first, "first here")
                    .hint("remove one of the two"),
                ),
                None => found.push(node),
            }
        }
    }
    Checked { value: found, diagnostics }
}

fn one(inputs: &Inputs<'_>, file: &ProjectFile, decl: &SourceDecl, diagnostics: &mut Vec<Diagnostic>) -> Node {
    let table = &decl.table;
    let mut node = blank(inputs, ResourceType::Source, &table.name, file);
    node.unique_id = format!("source.{}.{}.{}", node.package, decl.source_name, table.name);
    let folder = crate::discover::fqn(&node.package, &file.path, &decl.source_name);
    node.fqn = folder.into_iter().chain([table.name.clone()]).collect();
    node.path = file.file.clone();
    node.span = None;
    node.checksum = String::new();
    node.unrendered = inputs.unrendered(&node, [&decl.source_config, &table.config], &[]);
    declare(&mut node.unrendered, decl);
    describe::apply(inputs, &mut node, Patched { patch: table, file, package: &inputs.package }, diagnostics);
    (node.patch_file, node.patch_package) = (None, None);
    let mut config = inputs.tree_config(ResourceType::Source, &node.fqn);
    let mut meta = config.get("meta").and_then(Json::as_object).cloned().unwrap_or_default();
    tree::merge(&mut config, decl.source_config.clone());
    tree::merge(&mut config, table.config.clone());
    declare(&mut config, decl);
    meta.extend(decl.meta.clone());
    config.insert("meta".into(), Json::Object(meta));
    node.config = NodeConfig { values: config };
    inputs.overrule(&mut node);
    let freshness = match node.config.values.get("freshness") {
        None => Some(Freshness::default()),
        Some(set) => Some(set).filter(|set| !set.is_null()).map(Freshness::from_json),
    };
    let complete = freshness.as_ref().map_or(Json::Null, Freshness::to_json);
    node.config.values.insert("freshness".into(), complete);
    lift_config(&mut node);
    node.database = Some(decl.database.clone().unwrap_or_else(|| inputs.shared.target.database.clone()));
    node.schema = decl.schema.clone().unwrap_or_else(|| decl.source_name.clone());
    let identifier = decl.identifier.clone().unwrap_or_else(|| table.name.clone());
    node.alias = identifier.clone();
    let reads_files = inputs.shared.dialect.reads_files();
    let location = if reads_files { external::location(&node, &identifier) } else { None };
    node.relation_name = Some(location.clone().unwrap_or_else(|| naming::relation_name(inputs, &node)));
    node.alias = table.name.clone();
    node.detail = Detail::Source(Box::new(SourceTable {
        source_name: decl.source_name.clone(),
        source_description: describe::text(inputs, &decl.source_description, Some(table.span), diagnostics),
        loader: decl.loader.clone(),
        identifier,
        source_meta: decl.source_meta.clone(),
        loaded_at_field: decl.loaded_at_field.clone(),
        loaded_at_query: decl.loaded_at_query.clone(),
        freshness,
        external: decl.external.clone(),
        external_location: location,
        quoting: decl.quoting.clone(),
        unrendered: (
            decl.unrendered.0.clone().or_else(|| decl.database.clone()),
            decl.unrendered.1.clone().or_else(|| decl.schema.clone()),
        ),
    }));
    node
}

/// What the properties file says, which replaces whatever the project file has for it.
fn declare(config: &mut Map<String, Json>, decl: &SourceDecl) {
    match &decl.freshness {
        Declared::Unset => {}
        Declared::Null => drop(config.insert("freshness".into(), Json::Null)),
        Declared::Set(set) => drop(config.insert("freshness".into(), set.to_json())),
    }
    config.insert("loaded_at_field".into(), json!(decl.loaded_at_field));
    config.insert("loaded_at_query".into(), json!(decl.loaded_at_query));
    config.insert("meta".into(), json!(decl.meta));
    config.insert("tags".into(), json!(decl.tags));
}
