//! Postgres, 13 and later.
//!
//! [`Postgres`] opens a connection of its own for each worker; all of them share one thread that talks to the network.
//! Statements are sent by the simple protocol, as they are written; what comes back is text, read by the types that
//! the server describes the statement with.

mod catalog;
mod connection;
mod errors;
mod load;
mod passwords;
mod settings;
mod tls;
mod types;
mod values;

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;
use tokio_postgres_rustls::MakeRustlsConnect;

use self::connection::PgConnection;
use self::settings::Resolved;
pub use self::settings::Settings;
use crate::{Adapter, AdapterError, AdapterErrorKind, Connection, SeedType};

/// A Postgres server.
pub struct Postgres {
    server: Arc<Server>,
}

/// What all connections share.
struct Server {
    settings: Settings,
    runtime: Mutex<Option<Arc<Runtime>>>,
}

/// How often a connection that was lost is asked for again: for about eight seconds.
const RETRIES: u32 = 5;

impl Postgres {
    /// An adapter that connects when it is asked to.
    pub fn new(settings: Settings) -> Postgres {
        Postgres { server: Arc::new(Server { settings, runtime: Mutex::new(None) }) }
    }
}

impl Server {
    fn runtime(&self) -> Result<Arc<Runtime>, AdapterError> {
        let mut known = self.runtime.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(runtime) = &*known {
            return Ok(Arc::clone(runtime));
        }
        let built = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = built.map_err(|error| AdapterError::new(AdapterErrorKind::Io, error.to_string()))?;
        Ok(Arc::clone(known.insert(Arc::new(runtime))))
    }

    /// A connection that is tried for so often, with the role of the settings.
    fn connect(&self, retries: u32) -> Result<(Client, Arc<Runtime>, MakeRustlsConnect), AdapterError> {
        let environment = |name: &str| std::env::var(name).ok();
        let resolved = self.settings.resolve(&environment)?;
        let runtime = self.runtime()?;
        let tls = tls::connector(&resolved, environment("HOME"))?;
        let client = reach(&runtime, &resolved, &tls, retries)?;
        if let Some(role) = &self.settings.role {
            let sql = format!("set role {}", catalog::quote(role));
            runtime.block_on(client.batch_execute(&sql)).map_err(|error| errors::from_driver(&error, &sql))?;
        }
        Ok((client, runtime, tls))
    }
}

impl Adapter for Postgres {
    fn connect(&self) -> Result<Box<dyn Connection>, AdapterError> {
        let (client, runtime, tls) = self.server.connect(self.server.settings.retries)?;
        Ok(Box::new(PgConnection::new(client, runtime, tls, Arc::clone(&self.server))))
    }

    fn name(&self) -> &'static str {
        "postgres"
    }

    fn retries(&self) -> u32 {
        if self.server.settings.retries == 0 { 0 } else { RETRIES.max(self.server.settings.retries) }
    }

    fn seed_type(&self, kind: SeedType) -> &'static str {
        match kind {
            SeedType::Text => "text",
            SeedType::Integer => "integer",
            SeedType::BigInteger => "bigint",
            SeedType::Float => "float8",
            SeedType::Boolean => "boolean",
            SeedType::Date => "date",
            SeedType::Timestamp => "timestamp without time zone",
        }
    }
}

/// Connects, again after a failure that may pass: the server starts or stops, has no room, or can't be reached.
fn reach(
    runtime: &Arc<Runtime>,
    resolved: &Resolved,
    tls: &MakeRustlsConnect,
    retries: u32,
) -> Result<Client, AdapterError> {
    let mut attempt = 0;
    loop {
        match negotiate(runtime, resolved, tls) {
            Err(error) if attempt < retries && may_pass(&error) => {
                attempt += 1;
                thread::sleep(Duration::from_millis(250 << attempt.min(5)));
            }
            Err(error) => return Err(refused(&error, resolved)),
            Ok(client) => return Ok(client),
        }
    }
}

fn negotiate(
    runtime: &Arc<Runtime>,
    resolved: &Resolved,
    tls: &MakeRustlsConnect,
) -> Result<Client, tokio_postgres::Error> {
    let mut config = resolved.config.clone();
    let (first, second) = resolved.sslmode.negotiations();
    let mut connect = |mode| runtime.block_on(config.ssl_mode(mode).connect(tls.clone()));
    let (client, talk) = match (connect(first), second) {
        (Err(error), Some(second)) if error.code().is_none_or(is_refusal_of_tls) => connect(second)?,
        (first, _) => first?,
    };
    // It ends when the client is dropped; what fails is told to whoever waits for an answer.
    runtime.spawn(async { drop(talk.await) });
    Ok(client)
}

/// The server has no line in pg_hba.conf for connections with (or without) TLS.
fn is_refusal_of_tls(code: &SqlState) -> bool {
    *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION
}

fn may_pass(error: &tokio_postgres::Error) -> bool {
    error.code().is_none_or(|code| code.code().starts_with("57P") || code.code() == "53300")
}

fn refused(error: &tokio_postgres::Error, resolved: &Resolved) -> AdapterError {
    let Resolved { place, user, dbname, .. } = resolved;
    let reason = match error.as_db_error() {
        Some(_) => errors::from_driver(error, ""),
        None => AdapterError::new(AdapterErrorKind::Connect, errors::with_causes(error))
            .with_hint("check `host`, `port` and `sslmode` of the target, and that the server runs"),
    };
    let message = format!("can't connect to `{dbname}` at {place} as `{user}`: {}", reason.message);
    AdapterError { message, kind: AdapterErrorKind::Connect, ..reason }
}
