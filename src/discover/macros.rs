//! What properties files say about macros.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use crate::config::properties::Patch;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::discover::{Inputs, PropertiesFile, describe};
use crate::report::artifacts::{MacroArgument, MacroInfo};

/// What is said about each macro, by its unique id.
pub(super) fn described(
    inputs: &Inputs<'_>,
    properties: &[PropertiesFile],
    diagnostics: &mut Vec<Diagnostic>,
) -> HashMap<String, MacroInfo> {
    let mut found: HashMap<String, (MacroInfo, &Patch)> = HashMap::new();
    for file in properties {
        for patch in file.properties.patches.iter().filter(|patch| patch.kind.is_none()) {
            let unique_id = format!("macro.{}.{}", inputs.package, patch.name);
            if inputs.shared.macros.in_package(&inputs.package, &patch.name).is_none() {
                diagnostics.push(unknown(inputs, patch));
                continue;
            }
            let info = info(inputs, &file.file.file, patch, diagnostics);
            if let Some((_, first)) = found.insert(unique_id, (info, patch)) {
                diagnostics.push(
                    Diagnostic::error("duplicate-properties", format!("macro `{}` is described twice", patch.name))
                        .at(patch.span, "again here")
                        .at(first.span, "first here")
                        .hint("put everything about it in one place"),
                );
            }
        }
    }
    found.into_iter().map(|(id, (info, _))| (id, info)).collect()
}

fn unknown(inputs: &Inputs<'_>, patch: &Patch) -> Diagnostic {
    let names = inputs.shared.macros.all().iter().filter(|info| info.package == inputs.package);
    Diagnostic::warning("unknown-node", format!("there is no macro `{}`", patch.name))
        .at(patch.span, "described here")
        .hint("remove the entry, or correct the name")
        .maybe_hint(did_you_mean(&patch.name, names.map(|info| &*info.name)))
}

fn info(inputs: &Inputs<'_>, file: &str, patch: &Patch, diagnostics: &mut Vec<Diagnostic>) -> MacroInfo {
    let object = |key: &str| patch.config.get(key).and_then(Json::as_object).cloned().unwrap_or_default();
    let written = patch.arguments.as_ref().and_then(Json::as_array).into_iter().flatten();
    let arguments: Vec<&Map<String, Json>> = written.filter_map(Json::as_object).collect();
    let mut text = |raw: &str, span| describe::text(inputs, raw, span, diagnostics);
    let argument = |argument: &Map<String, Json>, text: &mut dyn FnMut(&str) -> String| {
        let get = |key: &str| argument.get(key).and_then(Json::as_str);
        Some(MacroArgument {
            name: get("name")?.to_owned(),
            data_type: get("type").map(str::to_owned),
            description: text(get("description").unwrap_or_default()),
        })
    };
    MacroInfo {
        description: text(&patch.description, patch.description_span),
        arguments: arguments.iter().filter_map(|a| argument(a, &mut |raw| text(raw, Some(patch.span)))).collect(),
        meta: object("meta"),
        docs: object("docs"),
        patch_path: Some(file.to_owned()),
        ..MacroInfo::default()
    }
}
