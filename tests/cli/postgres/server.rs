//! The server that tests talk to, and databases of their own on it.

use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use karat_adapters::postgres::{Postgres, Settings};
use karat_adapters::{Adapter, Connection};

use crate::harness::Project;

/// A profile named `shop` for the database of a test.
pub const PROFILE: &str = r#"shop:
  target: pg
  outputs:
    pg:
      type: postgres
      host: "{{ env_var('PGHOST') }}"
      port: "{{ env_var('PGPORT') | as_number }}"
      user: "{{ env_var('PGUSER') }}"
      password: "{{ env_var('PGPASSWORD') }}"
      dbname: "{{ env_var('PGDATABASE') }}"
      schema: main
      threads: 2
"#;

/// A database of a test's own, gone with it.
pub struct Database {
    settings: Settings,
    name: String,
}

impl Database {
    /// An empty one on the server of `KARAT_TEST_POSTGRES_URL`: `postgres://USER:PASSWORD@HOST:PORT/DATABASE`.
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        Self::named(&format!("karat_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)))
    }

    /// An empty one of this name.
    pub fn named(name: &str) -> Self {
        let url = std::env::var("KARAT_TEST_POSTGRES_URL").expect(
            "KARAT_TEST_POSTGRES_URL is not set: run this by scripts/with-postgres (scripts/test does), or set it",
        );
        Self::on(&url, name)
    }

    fn on(url: &str, name: &str) -> Self {
        let form = regex::Regex::new(r"^postgres://([^:]+):([^@]*)@([^:/]+):(\d+)/(.+)$").unwrap();
        let parts = form.captures(url).expect("the URL is not postgres://USER:PASSWORD@HOST:PORT/DATABASE");
        let settings = Settings {
            user: Some(decoded(&parts[1])),
            password: Some(decoded(&parts[2])),
            host: Some(decoded(&parts[3])),
            port: parts[4].parse().ok(),
            dbname: Some(decoded(&parts[5])),
            retries: 5,
            ..Settings::default()
        };
        let mut server = open(&settings);
        server.execute(&format!("drop database if exists {name} with (force)")).unwrap();
        server.execute(&format!("create database {name}")).unwrap();
        Self { settings: Settings { dbname: Some(name.to_owned()), ..settings }, name: name.to_owned() }
    }

    /// A connection to it.
    pub fn connect(&self) -> Box<dyn Connection> {
        open(&self.settings)
    }

    /// The rows of a query, each as one text.
    pub fn rows(&self, sql: &str) -> Vec<String> {
        let table = self.connect().query(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        let text = |row: &Vec<_>| row.iter().map(ToString::to_string).collect::<Vec<_>>().join("|");
        table.rows.iter().map(text).collect()
    }

    /// Runs statements.
    pub fn execute(&self, sql: &str) {
        self.connect().execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// The variables by which programs find it.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let Settings { host, port, user, password, dbname, .. } = self.settings.clone();
        let text = |part: Option<String>| part.unwrap_or_default();
        vec![
            ("PGHOST", text(host)),
            ("PGPORT", port.unwrap_or_default().to_string()),
            ("PGUSER", text(user)),
            ("PGPASSWORD", text(password)),
            ("PGDATABASE", text(dbname)),
        ]
    }

    /// The program with these arguments in a project, finding this database.
    pub fn karat<'a>(&self, project: &Project, args: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = project.karat(args);
        command.envs(self.variables()).env("COLUMNS", "1000");
        command
    }

    /// Runs the program and tells how it ended and all that it said.
    pub fn run(&self, project: &Project, args: &[&str]) -> (i32, String) {
        ended(&self.karat(project, args.iter().copied()).output().unwrap())
    }

    /// Runs the program; fails where it fails.
    pub fn succeed(&self, project: &Project, args: &[&str]) -> String {
        let (code, said) = self.run(project, args);
        assert_eq!(code, 0, "karat {args:?}\n{said}");
        said
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let settings = Settings { dbname: Some("postgres".to_owned()), ..self.settings.clone() };
        let sql = format!("drop database if exists {} with (force)", self.name);
        let _ = Postgres::new(settings).connect().map(|mut connection| connection.execute(&sql));
    }
}

/// How the program ended and all that it said.
pub fn ended(output: &Output) -> (i32, String) {
    let said = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    (output.status.code().unwrap_or(-1), said.concat())
}

/// A project of these files, with the profile above.
pub fn project(files: &[(&str, &str)]) -> Project {
    let project = Project::files(&[("project.yml", "name: shop\nprofile: shop\n"), ("profiles.yml", PROFILE)]);
    for (path, text) in files {
        project.write(path, text);
    }
    project
}

fn open(settings: &Settings) -> Box<dyn Connection> {
    Postgres::new(settings.clone()).connect().unwrap()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16));
        bytes.push(match byte {
            b'%' => digit().zip(digit()).map_or(b'%', |(high, low)| (high * 16 + low) as u8),
            other => other,
        });
    }
    String::from_utf8(bytes).unwrap()
}
