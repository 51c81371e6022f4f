//! Models that are not to be read any more, or not for long: `deprecation_date`.

use std::collections::HashMap;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::config::properties::Patch;
use crate::diagnostic::Diagnostic;
use crate::node::{Node, ResourceType};

/// The date of a patch as dbt writes it; one without a time zone is of the local one.
pub(super) fn date(patch: &Patch, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let (text, span) = patch.deprecation_date.as_ref()?;
    let Some(moment) = moment(text.trim()) else {
        diagnostics.push(
            Diagnostic::error("bad-date", format!("`{text}` is no date"))
                .at(*span, format!("when `{}` is given up", patch.name))
                .hint("write it as year, month and day: `deprecation_date: 2026-12-31`"),
        );
        return None;
    };
    Some(moment.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
}

fn moment(text: &str) -> Option<Zoned> {
    let text = text.replacen(' ', "T", 1);
    if let Ok(at) = text.parse::<Timestamp>() {
        let offset = jiff::fmt::temporal::Pieces::parse(&text).ok()?.to_numeric_offset()?;
        return Some(at.to_zoned(TimeZone::fixed(offset)));
    }
    text.parse::<DateTime>().ok()?.to_zoned(TimeZone::system()).ok()
}

/// Warnings about models that are past their date, and about models that read one that has a date.
pub(super) fn warnings(nodes: &[Node], now: Timestamp) -> Vec<Diagnostic> {
    let mut dated: HashMap<&str, (&Node, &str, bool)> = HashMap::new();
    for node in nodes {
        let Some(date) = node.deprecation_date.as_deref() else { continue };
        let over = date.parse::<Timestamp>().is_ok_and(|at| at < now);
        dated.insert(&node.unique_id, (node, date, over));
    }
    if dated.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<Diagnostic> = Vec::new();
    for node in nodes.iter().filter(|node| node.resource_type == ResourceType::Model) {
        if let Some((_, date, true)) = dated.get(node.unique_id.as_str()) {
            let message = format!("{} was given up on {}", node.label(), day(date));
            let gone = Diagnostic::warning("deprecated-model", message).at(node.patch_span, "said here");
            found.push(gone.hint("disable or remove it, or give it another date"));
        }
        let read = node.depends_on.iter().filter_map(|id| dated.get(id.as_str()));
        found.extend(read.map(|(model, date, over)| reads(node, model, date, *over)));
    }
    found
}

fn day(date: &str) -> &str {
    date.split('T').next().unwrap_or(date)
}

fn reads(node: &Node, model: &Node, date: &str, over: bool) -> Diagnostic {
    let when = if over { "was given up" } else { "is given up" };
    let message = format!("{} reads {}, which {when} on {}", node.label(), model.label(), day(date));
    let read = Diagnostic::warning("deprecated-model", message).at(node.reference_span(&model.name), "read here");
    let newer = model.version().filter(|(version, latest)| version != latest);
    match newer {
        Some((_, latest)) => read.hint(format!("read the latest version: `ref('{}', v={latest})`", model.name)),
        None => read.hint("read another model"),
    }
}
