//! `karat deps`.

use serde_json::{Map, Value as Json};

use crate::cli::Exit;
use crate::cli::global::GlobalArgs;
use crate::cli::project;
use crate::config::project::RawProject;
use crate::deps::{Deps, Problem, Task};
use crate::diagnostic::Diagnostic;
use crate::files::Disk;
use crate::jinja::yaml_context::YamlContext;
use crate::report::{Event, Level, Reporter};
use crate::session::{Options, plain_engine, project_root};
use crate::source::SourceMap;

/// Install the packages that packages.yml or dependencies.yml lists
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only write package-lock.yml
    #[arg(long)]
    lock: bool,
    /// Choose the newest versions although package-lock.yml is up to date
    #[arg(long)]
    upgrade: bool,
    /// Add a package to packages.yml first: owner/name@version
    #[arg(long, value_name = "NAME[@VERSION]")]
    add_package: Option<String>,
    /// Where the added package is: hub, git or local
    #[arg(long, default_value = "hub", value_parser = ["hub", "git", "local"])]
    source: String,
}

/// Runs the command.
pub fn run(global: &GlobalArgs, args: &Args) -> Exit {
    let (options, reporter) = match project::options(global, "deps", Map::new()) {
        Ok(options) => options,
        Err(exit) => return exit,
    };
    let mut sources = SourceMap::default();
    match attempt(global, args, &options, reporter.as_ref(), &mut sources) {
        Ok(mut found) => {
            project::warnings(&options.warn_errors, reporter.as_ref(), &mut found, &sources).err().unwrap_or_default()
        }
        Err(problem) => {
            project::tell(reporter.as_ref(), &[*problem], &sources);
            1
        }
    }
}

fn attempt(
    global: &GlobalArgs,
    args: &Args,
    options: &Options,
    reporter: &dyn Reporter,
    sources: &mut SourceMap,
) -> Result<Vec<Diagnostic>, Problem> {
    let root = project_root(&Disk, options.project_dir.as_deref());
    let raw = RawProject::read(&Disk, sources, &root, &root)?;
    let engine = plain_engine();
    let context = YamlContext { vars: options.vars.clone(), secrets: true, ..YamlContext::default() };
    let render = |text: &str| context.render(&engine, text);
    let say = |text: &str| reporter.event(&Event::Message(Level::Info, text));
    let packages_path = match raw.packages_path() {
        Some(text) => render(&text)?.as_str().map(str::to_owned),
        None => None,
    };
    let deps = Deps {
        files: &Disk,
        root: &root,
        name: &raw.name().unwrap_or_default(),
        install_path: root.join(packages_path.as_deref().unwrap_or(crate::config::project::PACKAGES)),
        render: &render,
        checks_version: global.checks_version(),
        say: &say,
    };
    if let Some(package) = &args.add_package {
        deps.add(sources, &entry(package, &args.source))?;
    }
    deps.install(sources, Task { lock_only: args.lock, upgrade: args.upgrade })
}

/// The entry for `owner/name@version`.
fn entry(package: &str, source: &str) -> Vec<(String, Json)> {
    // An address may hold an `@` of its own.
    let (name, version) = match package.rsplit_once('@') {
        Some((name, version)) if !name.is_empty() && !version.contains(['/', ':']) => (name, Some(version)),
        _ => (package, None),
    };
    let (key, version_key) = match source {
        "git" => ("git", "revision"),
        "local" => ("local", "version"),
        _ => ("package", "version"),
    };
    let mut entry = vec![(key.to_owned(), Json::from(name))];
    if let Some(version) = version.filter(|_| source != "local") {
        let version = match version.split_once(',') {
            Some(_) => version.split(',').map(|v| Json::from(v.trim())).collect(),
            None => Json::from(version),
        };
        entry.push((version_key.to_owned(), version));
    }
    entry
}
