//! The databases of fixture projects that were recorded on Postgres, and what is in them (`tests/oracle/pg.py`).

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value as Json, json};

use super::server::Database;
use crate::parity::{Difference, differ};

/// The database of a fixture project.
pub struct Server {
    database: Database,
}

impl Server {
    /// An empty one, named as when the project was recorded; nothing for a project that is not for Postgres.
    pub fn of(project: &Path) -> Option<Self> {
        let profile = std::fs::read_to_string(project.join("profiles.yml")).unwrap_or_default();
        let name = format!("fixture_{}", project.file_name().unwrap().to_string_lossy());
        profile.contains("type: postgres").then(|| Self { database: Database::named(&name) })
    }

    /// The variables by which programs find it.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        self.database.variables()
    }

    /// Names whoever runs the tests as the recording does.
    pub fn name_owner(&self, catalog: &mut Json) {
        let variables = self.variables();
        let (_, user) = variables.iter().find(|(name, _)| *name == "PGUSER").unwrap();
        for key in ["nodes", "sources"] {
            for (_, entry) in catalog[key].as_object_mut().unwrap() {
                let owner = &mut entry["metadata"]["owner"];
                if owner.as_str() == Some(user) {
                    *owner = json!("who runs it");
                }
            }
        }
    }

    /// Compares the relations that a step changed, and those that went with it.
    pub fn compare(&self, place: &str, wanted: &Json, found: &mut Vec<Difference>) {
        let ours = self.relations();
        let empty = Map::new();
        for (name, expected) in wanted["relations"].as_object().unwrap_or(&empty) {
            let relation = ours.get(name).cloned().unwrap_or_default();
            differ(found, &format!("{place}/relations"), name, expected, &relation);
        }
        for name in wanted["gone"].as_array().into_iter().flatten().filter_map(Json::as_str) {
            differ(found, &format!("{place}/gone"), name, &Json::Null, &ours.get(name).cloned().unwrap_or_default());
        }
    }

    /// Every relation: its kind, columns, rows, and what else is known of it.
    fn relations(&self) -> BTreeMap<String, Json> {
        let mut connection = self.database.connect();
        connection.execute("set search_path = ''").unwrap();
        let relations = connection.query(include_str!("../../oracle/relations.pgsql")).unwrap();
        let parsed = |text: String| serde_json::from_str::<Json>(&text).unwrap_or_else(|_| json!([]));
        let mut out = BTreeMap::new();
        for row in &relations.rows {
            let [schema, name, kind, columns, about] = [0, 1, 2, 3, 4].map(|i| row[i].to_string());
            let quoted = [&schema, &name].map(|part| format!("\"{}\"", part.replace('"', "\"\""))).join(".");
            let rows = connection.query(&format!(
                "select line from (select to_jsonb(t)::text as line from {quoted} t) x order by line collate \"C\""
            ));
            // A view may be one that can't be read.
            let rows: Vec<String> = rows.map(|t| t.rows.iter().map(|r| r[0].to_string()).collect()).unwrap_or_default();
            let relation = json!({"kind": kind, "columns": parsed(columns), "about": parsed(about), "rows": rows});
            out.insert(format!("{schema}.{name}"), relation);
        }
        out
    }
}
