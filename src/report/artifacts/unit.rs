//! The entries of `unit_tests`.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::config::ConfigEntry;
use super::input::ManifestInput;
use super::node::depends_on;
use crate::node::Node;
use crate::unit_test::{Fixture, Given, Overrides, Rows, UnitTest};

/// A unit test.
pub(super) struct UnitTestEntry<'a>(pub &'a ManifestInput<'a>, pub &'a Node);

impl Serialize for UnitTestEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (input, node) = (self.0, self.1);
        let test = node.unit_test();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("model", &test.map(|t| &t.model))?;
        map.serialize_entry("given", &test.map(|t| t.given.iter().map(input_entry).collect::<Vec<_>>()))?;
        map.serialize_entry("expect", &test.map(|t| fixture_entry(&t.expect)))?;
        map.serialize_entry("name", &node.name)?;
        map.serialize_entry("resource_type", "unit_test")?;
        map.serialize_entry("package_name", &*node.package)?;
        map.serialize_entry("path", &node.path)?;
        map.serialize_entry("original_file_path", &node.file)?;
        map.serialize_entry("unique_id", &node.unique_id)?;
        map.serialize_entry("fqn", &node.fqn)?;
        map.serialize_entry("description", &node.description)?;
        map.serialize_entry("overrides", &test.and_then(|t| t.overrides.as_ref()).map(overrides_entry))?;
        map.serialize_entry("depends_on", &depends_on(node))?;
        map.serialize_entry("config", &ConfigEntry(node))?;
        map.serialize_entry("checksum", &test.map(checksum))?;
        map.serialize_entry("schema", &node.schema)?;
        map.serialize_entry("created_at", &input.created_at())?;
        map.serialize_entry("versions", &test.and_then(|t| t.versions.as_ref()))?;
        map.serialize_entry("version", &test.and_then(|t| t.version.as_ref()))?;
        map.end()
    }
}

fn input_entry(given: &Given) -> Json {
    let mut entry = json!({"input": given.input});
    if let (Json::Object(entry), Json::Object(rows)) = (&mut entry, fixture_entry(&given.fixture)) {
        entry.extend(rows);
    }
    entry
}

fn fixture_entry(fixture: &Fixture) -> Json {
    let rows = match &fixture.rows {
        Rows::Table(rows) => json!(rows),
        Rows::Sql(query) => json!(query),
        Rows::Seed => Json::Null,
    };
    json!({"rows": rows, "format": fixture.format.as_str(), "fixture": fixture.file})
}

fn overrides_entry(overrides: &Overrides) -> Json {
    json!({"macros": overrides.macros, "vars": overrides.vars, "env_vars": overrides.env_vars})
}

/// Tells whether the test was changed: over all but its description.
fn checksum(test: &UnitTest) -> String {
    let given: Vec<Json> = test.given.iter().map(input_entry).collect();
    let overrides = test.overrides.as_ref().map(overrides_entry);
    let text = json!([test.model, test.versions, given, fixture_entry(&test.expect), overrides]).to_string();
    crate::load::hex(&Sha256::digest(text))
}
