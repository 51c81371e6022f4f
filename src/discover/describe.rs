//! What properties files say about a node: descriptions, columns.

use std::sync::Arc;

use indexmap::IndexMap;
use minijinja::Value;

use crate::config::properties::{ColumnDecl, Patch};
use crate::config::yaml::is_template;
use crate::diagnostic::Diagnostic;
use crate::discover::{Inputs, Patched, deprecation};
use crate::jinja::report::diagnose;
use crate::jinja::scope::{Owner, Scope};
use crate::node::{ColumnDoc, Node};
use crate::source::Span;

/// Adds description and columns to a node.
pub(crate) fn apply(inputs: &Inputs<'_>, node: &mut Node, patched: Patched<'_>, diagnostics: &mut Vec<Diagnostic>) {
    node.patch_file = Some(patched.file.file.clone());
    node.patch_package = Some(patched.package.into());
    node.patch_span = Some(patched.patch.span);
    let (raw, span) = (&patched.patch.description, patched.patch.description_span);
    (node.description, node.doc_blocks) = with_docs(inputs, raw, span, diagnostics);
    node.columns = columns(inputs, patched.patch, diagnostics);
    node.constraints = patched.patch.constraints.clone();
    node.deprecation_date = deprecation::date(patched.patch, diagnostics);
    node.time_spine.clone_from(&patched.patch.time_spine);
}

/// The columns as documented.
pub(crate) fn columns(
    inputs: &Inputs<'_>,
    patch: &Patch,
    diagnostics: &mut Vec<Diagnostic>,
) -> IndexMap<String, ColumnDoc> {
    let mut found = IndexMap::with_capacity(patch.columns.len());
    for column in &patch.columns {
        let doc = column_doc(inputs, column, diagnostics);
        if found.insert(column.name.clone(), doc).is_some() {
            diagnostics.push(
                Diagnostic::warning(
                    "duplicate-column",
                    format!("column `{}` of `{}` is described twice", column.name, patch.name),
                )
                .at(column.span, "again here")
                .hint("keep one of the two"),
            );
        }
    }
    found
}

fn column_doc(inputs: &Inputs<'_>, column: &ColumnDecl, diagnostics: &mut Vec<Diagnostic>) -> ColumnDoc {
    let (description, doc_blocks) = with_docs(inputs, &column.description, column.description_span, diagnostics);
    ColumnDoc {
        name: column.name.clone(),
        description,
        doc_blocks,
        data_type: column.data_type.clone(),
        quote: column.quote,
        meta: column.meta.clone(),
        tags: column.tags.clone(),
        granularity: column.granularity.clone(),
        constraints: column.constraints.clone(),
    }
}

/// A description with its `{{ doc(…) }}` replaced.
pub(crate) fn text(inputs: &Inputs<'_>, raw: &str, span: Option<Span>, diagnostics: &mut Vec<Diagnostic>) -> String {
    with_docs(inputs, raw, span, diagnostics).0
}

/// The same, and the unique ids of the blocks that it names.
pub(crate) fn with_docs(
    inputs: &Inputs<'_>,
    raw: &str,
    span: Option<Span>,
    diagnostics: &mut Vec<Diagnostic>,
) -> (String, Vec<String>) {
    if !is_template(raw) {
        return (raw.to_owned(), Vec::new());
    }
    let scope = Arc::new(Scope::parse(inputs.shared.clone(), inputs.package.clone(), Owner::None));
    let engine = inputs.shared.macros.engine();
    match engine.render_str(raw, Value::from_dyn_object(scope.clone())) {
        Ok(text) => (text, std::mem::take(&mut scope.said().docs)),
        Err(error) => {
            let diagnostic = diagnose(&error, None, &inputs.shared.macros);
            diagnostics.push(diagnostic.at(span, "in this description"));
            (raw.to_owned(), Vec::new())
        }
    }
}
