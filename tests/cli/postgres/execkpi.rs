//! The project at the repository's root gives the same rows on Postgres as on DuckDB.

use std::path::Path;

use karat_adapters::duckdb::{DuckDb, Settings};
use karat_adapters::{Adapter, Connection};

use super::server::Database;
use crate::harness::Project;

const GOLD: [&str; 6] =
    ["revenue_daily", "funnel_users", "retention_weekly", "ab_group", "ab_metrics", "features_conversion"];

#[test]
fn the_gold_layer_is_the_same_on_both_engines() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project =
        Project::folders(root, &[".dbtignore", "project.yml", "profiles.yml", "models", "macros", "seeds", "tests"]);
    let database = Database::new();
    database.succeed(&project, &["build", "--target", "pg"]);
    database.succeed(&project, &["run", "--target", "pg", "--select", "gold"]);
    database.succeed(&project, &["build", "--target", "dev", "--exclude-resource-type", "test"]);

    let file = Settings { read_only: true, ..Settings::file(project.path().join("target/execkpi.duckdb")) };
    let (mut duckdb, mut postgres) = (DuckDb::new(file).connect().unwrap(), database.connect());
    for table in GOLD {
        let (here, there) = (rows(&mut *duckdb, table), rows(&mut *postgres, table));
        assert!(here.len() > 1, "{table}");
        assert_eq!(here, there, "{table}");
    }
}

/// The names of the columns, and all rows in the order of their texts.
fn rows(connection: &mut dyn Connection, table: &str) -> Vec<String> {
    let found = connection.query(&format!("select * from execkpi_execkpi.{table}")).unwrap();
    let mut rows: Vec<String> =
        found.rows.iter().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join("|")).collect();
    rows.sort();
    let names: Vec<&str> = found.columns.iter().map(|column| column.name.as_str()).collect();
    std::iter::once(names.join("|")).chain(rows).collect()
}
