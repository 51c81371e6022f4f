//! Where the SQL of a node is kept below the target folder, in dbt's layout.

use crate::node::{Node, ResourceType};

/// `target/compiled/shop/models/staging/stg_users.sql`: the SQL that its template gave.
pub fn compiled_path(node: &Node, target: &str) -> String {
    below(node, target, "compiled")
}

/// `target/run/shop/models/staging/stg_users.sql`: the statements that were sent.
pub fn run_path(node: &Node, target: &str) -> String {
    below(node, target, "run")
}

/// A node that has its file to itself keeps its name. Of several in one file, each is below that file's name.
fn below(node: &Node, target: &str, kind: &str) -> String {
    let file = &node.file;
    let folder = format!("{}/{kind}/{}/{file}", target.trim_end_matches('/'), node.package);
    if node.resource_type == ResourceType::UnitTest {
        let inner = file.rsplit_once('/').map_or_else(String::new, |(inner, _)| format!("{inner}/"));
        return format!("{folder}/{inner}{}.sql", node.versioned_name());
    }
    if last(&node.path) == last(file) { folder } else { format!("{folder}/{}", node.path) }
}

fn last(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
