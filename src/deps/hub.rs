//! The hub: which packages there are, in which versions, and where to get them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use serde_json::Value as Json;

use crate::deps::http;
use crate::deps::version::{Requirement, Version};
use crate::diagnostic::{Diagnostic, did_you_mean};

const DEFAULT: &str = "https://hub.getdbt.com/";

/// What the hub said so far.
#[derive(Debug)]
pub struct Hub {
    base: String,
    /// Whether versions that ask for another dbt are passed over.
    checks_version: bool,
    answers: RefCell<HashMap<String, Rc<Json>>>,
}

/// One version of a package.
#[derive(Debug, Clone)]
pub struct Release {
    /// Its version, as the hub writes it.
    pub version: String,
    /// The newest version that could be installed.
    pub latest: String,
    /// The name of its project.
    pub name: String,
    /// The packages that it uses, as entries of `packages.yml`.
    pub packages: Vec<Json>,
    /// Where its archive is.
    pub tarball: String,
}

impl Hub {
    /// The hub at the address that the environment names, or dbt's.
    pub fn new(checks_version: bool) -> Self {
        let named = ["KARAT_PACKAGE_HUB_URL", "DBT_PACKAGE_HUB_URL"].iter().find_map(|name| std::env::var(name).ok());
        let mut base = named.filter(|url| !url.is_empty()).unwrap_or_else(|| DEFAULT.to_owned());
        if !base.ends_with('/') {
            base.push('/');
        }
        Self { base, checks_version, answers: RefCell::default() }
    }

    /// The newest version of a package that meets all requirements.
    ///
    /// # Errors
    /// There is no such package, or no such version of it, or the hub does not answer.
    pub fn pick(
        &self,
        package: &str,
        requirements: &[Requirement],
        prerelease: bool,
    ) -> Result<Release, Box<Diagnostic>> {
        let index = self.ask("index")?;
        let names: Vec<&str> = index.as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        if !names.contains(&package) {
            return Err(Box::new(
                Diagnostic::error("unknown-package", format!("the hub has no package `{package}`"))
                    .note(format!("asked {}", self.base))
                    .hint("packages of the hub are named owner/name")
                    .maybe_hint(did_you_mean(package, names)),
            ));
        }
        let answer = self.ask(package)?;
        let versions = answer.get("versions").and_then(Json::as_object);
        let Some(versions) = versions else { return Err(self.unexpected(package, "it names no versions")) };
        let prerelease = prerelease || requirements.iter().any(Requirement::is_prerelease);
        let mut installable: Vec<(Version, &String, &Json)> = versions
            .iter()
            .filter(|(_, info)| !self.checks_version || suits(info))
            .filter_map(|(text, info)| Some((Version::parse(text)?, text, info)))
            .filter(|(version, ..)| prerelease || !version.is_prerelease())
            .collect();
        installable.sort_by(|a, b| a.0.cmp(&b.0));
        let fits = |version: &Version| requirements.iter().all(|r| r.accepts(version));
        let Some((_, version, info)) = installable.iter().rev().find(|(version, ..)| fits(version)) else {
            let known: Vec<&str> = installable.iter().map(|(_, text, _)| text.as_str()).collect();
            return Err(no_version(package, requirements, &known));
        };
        let text = |value: Option<&Json>| value.and_then(Json::as_str).map(str::to_owned);
        let (Some(name), Some(tarball)) = (text(info.get("name")), text(info.pointer("/downloads/tarball"))) else {
            return Err(self.unexpected(package, &format!("it says not where version {version} is")));
        };
        Ok(Release {
            version: (*version).clone(),
            latest: installable.last().map_or_else(String::new, |(_, text, _)| (*text).clone()),
            name,
            packages: info.get("packages").and_then(Json::as_array).cloned().unwrap_or_default(),
            tarball,
        })
    }

    fn ask(&self, what: &str) -> Result<Rc<Json>, Box<Diagnostic>> {
        if let Some(answer) = self.answers.borrow().get(what) {
            return Ok(answer.clone());
        }
        let bytes = http::get(&format!("{}api/v1/{what}.json", self.base))?;
        let answer = serde_json::from_slice(&bytes).map_err(|_| self.unexpected(what, "it is no JSON"))?;
        let answer: Rc<Json> = Rc::new(answer);
        self.answers.borrow_mut().insert(what.to_owned(), answer.clone());
        Ok(answer)
    }

    fn unexpected(&self, what: &str, why: &str) -> Box<Diagnostic> {
        Box::new(
            Diagnostic::error("download-failed", format!("the hub's answer about {what} can't be used: {why}"))
                .note(format!("asked {}api/v1/{what}.json", self.base))
                .hint("KARAT_PACKAGE_HUB_URL names another hub"),
        )
    }
}

/// Whether a version is for the dbt whose language karat speaks.
fn suits(info: &Json) -> bool {
    let own = Version::parse(crate::DBT_VERSION);
    let texts: Vec<&str> = match info.get("require_dbt_version") {
        Some(Json::Array(items)) => items.iter().filter_map(Json::as_str).collect(),
        Some(Json::String(text)) => vec![text],
        _ => Vec::new(),
    };
    let mut requirements = texts.iter().flat_map(|text| text.split(',')).filter_map(|t| Requirement::parse(t.trim()));
    own.is_none_or(|own| requirements.all(|r| r.accepts(&own)))
}

fn no_version(package: &str, requirements: &[Requirement], known: &[&str]) -> Box<Diagnostic> {
    let wanted: Vec<String> = requirements.iter().map(|r| format!("`{r}`")).collect();
    let newest: Vec<&str> = known.iter().rev().take(8).copied().collect();
    Box::new(
        Diagnostic::error("no-package-version", format!("no version of `{package}` is {}", wanted.join(" and ")))
            .note(match newest.is_empty() {
                true => "none can be installed".to_owned(),
                false => format!("there are {}", newest.join(", ")),
            })
            .hint("the requirements of all packages that use it have to be met; `install_prerelease: true` takes release candidates too"),
    )
}
