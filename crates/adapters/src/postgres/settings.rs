//! How a server is reached: the profile's settings, and what libpq's environment fills in.

use std::path::PathBuf;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::SslMode as Negotiation;

use super::passwords;
use crate::{AdapterError, AdapterErrorKind};

/// How a Postgres server is reached. What is `None` is taken from libpq's environment (`PGHOST`, `PGPORT`, …), then
/// from libpq's defaults.
#[derive(Clone, Default)]
pub struct Settings {
    /// A name, an address, or the folder of a Unix socket; several separated by commas are tried in order.
    pub host: Option<String>,
    /// The port, for all hosts.
    pub port: Option<u16>,
    /// Who connects.
    pub user: Option<String>,
    /// Without one, the password file is asked.
    pub password: Option<String>,
    /// The database.
    pub dbname: Option<String>,
    /// `disable`, `allow`, `prefer`, `require`, `verify-ca` or `verify-full`.
    pub sslmode: Option<String>,
    /// The certificate that tells the server who connects, and its key: files of PEM.
    pub sslcert: Option<PathBuf>,
    /// The key of `sslcert`.
    pub sslkey: Option<PathBuf>,
    /// The certificates that the server's has to be signed by: a file of PEM, or `system`.
    pub sslrootcert: Option<PathBuf>,
    /// How many seconds reaching one host may take; 0 for as long as it takes.
    pub connect_timeout: Option<u64>,
    /// After how many seconds of silence the connection is probed; 0 for what the system says.
    pub keepalives_idle: Option<u64>,
    /// How often connecting is tried again after a failure that may pass.
    pub retries: u32,
    /// Where names without a schema are looked for.
    pub search_path: Option<String>,
    /// The role that statements are run as.
    pub role: Option<String>,
    /// What the server calls the connection.
    pub application_name: Option<String>,
}

/// What of TLS is asked for, as libpq's `sslmode` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SslMode {
    Disable,
    Allow,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

impl SslMode {
    const NAMES: [(&str, SslMode); 6] = [
        ("disable", SslMode::Disable),
        ("allow", SslMode::Allow),
        ("prefer", SslMode::Prefer),
        ("require", SslMode::Require),
        ("verify-ca", SslMode::VerifyCa),
        ("verify-full", SslMode::VerifyFull),
    ];

    fn read(text: &str) -> Result<SslMode, AdapterError> {
        let found = SslMode::NAMES.iter().find(|(name, _)| *name == text);
        found.map(|(_, mode)| *mode).ok_or_else(|| {
            let known: Vec<&str> = SslMode::NAMES.iter().map(|(name, _)| *name).collect();
            config_error(format!("there is no sslmode `{text}`")).with_hint(format!("one of {}", known.join(", ")))
        })
    }

    /// What is said to the server when it is asked for TLS, and what next if it won't have that.
    pub(super) fn negotiations(self) -> (Negotiation, Option<Negotiation>) {
        match self {
            SslMode::Disable => (Negotiation::Disable, None),
            SslMode::Allow => (Negotiation::Disable, Some(Negotiation::Require)),
            SslMode::Prefer => (Negotiation::Prefer, Some(Negotiation::Disable)),
            SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => (Negotiation::Require, None),
        }
    }
}

/// The settings with nothing left open.
pub(super) struct Resolved {
    /// Host, port, user, password, database, time limits. TLS is negotiated as `sslmode` says.
    pub(super) config: Config,
    pub(super) sslmode: SslMode,
    pub(super) sslcert: Option<PathBuf>,
    pub(super) sslkey: Option<PathBuf>,
    pub(super) sslrootcert: Option<PathBuf>,
    /// The hosts and the port, for messages.
    pub(super) place: String,
    pub(super) user: String,
    pub(super) dbname: String,
}

/// A way to look at the environment.
pub(super) type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Settings {
    pub(super) fn resolve(&self, environment: Environment<'_>) -> Result<Resolved, AdapterError> {
        let given = |value: &Option<String>, name: &str| {
            value.clone().or_else(|| environment(name)).filter(|value| !value.is_empty())
        };
        let file = |value: &Option<PathBuf>, name: &str| {
            value.clone().or_else(|| environment(name).map(PathBuf::from)).filter(|path| !path.as_os_str().is_empty())
        };
        let host = given(&self.host, "PGHOST").unwrap_or_else(|| "localhost".to_owned());
        let port = match self.port {
            Some(port) => port,
            None => number(environment("PGPORT"), "PGPORT")?.unwrap_or(5432),
        };
        let user = given(&self.user, "PGUSER").or_else(|| environment("USER")).unwrap_or_else(|| "postgres".to_owned());
        let dbname = given(&self.dbname, "PGDATABASE").unwrap_or_else(|| user.clone());
        let mut config = Config::new();
        for one in host.split(',') {
            config.host(one.trim());
        }
        config.port(port).user(&user).dbname(&dbname);
        let password = given(&self.password, "PGPASSWORD");
        if let Some(password) = password.or_else(|| passwords::find(environment, &host, port, &dbname, &user)) {
            config.password(password);
        }
        self.set_times(&mut config, environment)?;
        config.application_name(self.application_name(environment)).options(self.options(environment));
        let sslmode = SslMode::read(&given(&self.sslmode, "PGSSLMODE").unwrap_or_else(|| "prefer".to_owned()))?;
        // A socket of this machine has no TLS, as with libpq.
        let sslmode = if host.starts_with('/') { SslMode::Disable } else { sslmode };
        Ok(Resolved {
            config,
            sslmode,
            sslcert: file(&self.sslcert, "PGSSLCERT"),
            sslkey: file(&self.sslkey, "PGSSLKEY"),
            sslrootcert: file(&self.sslrootcert, "PGSSLROOTCERT"),
            place: if host.starts_with('/') { host } else { format!("{host}:{port}") },
            user,
            dbname,
        })
    }

    /// What the server calls connections that are for nothing in particular.
    pub(super) fn application_name(&self, environment: Environment<'_>) -> String {
        let name = self.application_name.clone().or_else(|| environment("PGAPPNAME")).filter(|name| !name.is_empty());
        name.unwrap_or_else(|| "karat".to_owned())
    }

    fn set_times(&self, config: &mut Config, environment: Environment<'_>) -> Result<(), AdapterError> {
        let timeout = match self.connect_timeout {
            Some(seconds) => seconds,
            None => number(environment("PGCONNECT_TIMEOUT"), "PGCONNECT_TIMEOUT")?.unwrap_or(10),
        };
        if timeout > 0 {
            config.connect_timeout(Duration::from_secs(timeout));
        }
        if let Some(idle) = self.keepalives_idle.filter(|seconds| *seconds > 0) {
            config.keepalives(true).keepalives_idle(Duration::from_secs(idle));
        }
        Ok(())
    }

    /// Options of the session. Dates and intervals are written in the one way that is read here.
    fn options(&self, environment: Environment<'_>) -> String {
        let mut options = vec!["-c DateStyle=ISO -c IntervalStyle=postgres -c client_encoding=UTF8".to_owned()];
        options.extend(environment("PGOPTIONS"));
        options.extend(self.search_path.as_ref().map(|path| option("search_path", path)));
        options.join(" ")
    }
}

/// One option of a session; blanks and backslashes are escaped as the server's command line has it.
fn option(name: &str, value: &str) -> String {
    let escaped: String =
        value.chars().flat_map(|c| (matches!(c, ' ' | '\\')).then_some('\\').into_iter().chain([c])).collect();
    format!("-c {name}={escaped}")
}

fn number<T: std::str::FromStr>(text: Option<String>, name: &str) -> Result<Option<T>, AdapterError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    text.trim().parse().map(Some).map_err(|_| config_error(format!("the environment variable {name} is no number")))
}

pub(super) fn config_error(message: impl Into<String>) -> AdapterError {
    AdapterError::new(AdapterErrorKind::Config, message)
}

#[cfg(test)]
mod tests {
    use tokio_postgres::config::Host;

    use super::*;

    fn environment(name: &str) -> Option<String> {
        let known = [("PGHOST", "db.example"), ("PGPORT", "6543"), ("PGUSER", "ana"), ("PGSSLMODE", "require")];
        known.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn the_environment_fills_what_the_profile_leaves_open() {
        let resolved = Settings { user: Some("ben".to_owned()), ..Settings::default() }.resolve(&environment).unwrap();
        assert_eq!(resolved.config.get_hosts(), [Host::Tcp("db.example".to_owned())]);
        assert_eq!(resolved.config.get_ports(), [6543]);
        assert_eq!((resolved.user.as_str(), resolved.dbname.as_str()), ("ben", "ben"));
        assert_eq!((resolved.place.as_str(), resolved.sslmode), ("db.example:6543", SslMode::Require));
    }

    #[test]
    fn sockets_have_no_tls() {
        let settings = Settings { host: Some("/tmp/pg".to_owned()), ..Settings::default() };
        let resolved = settings.resolve(&environment).unwrap();
        assert_eq!(resolved.sslmode, SslMode::Disable);
        assert_eq!(resolved.place, "/tmp/pg");
    }

    #[test]
    fn options_are_escaped() {
        assert_eq!(option("search_path", r#""a b", c\d"#), r#"-c search_path="a\ b",\ c\\d"#);
    }

    #[test]
    fn unknown_modes_are_told() {
        let settings = Settings { sslmode: Some("maybe".to_owned()), ..Settings::default() };
        let error = settings.resolve(&|_| None).err().unwrap();
        assert_eq!(error.message, "there is no sslmode `maybe`");
    }
}
