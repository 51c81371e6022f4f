//! `karat docs generate`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use crate::cli::compile::{Link, render_all, write_compiled};
use crate::cli::docs::PAGE;
use crate::cli::global::GlobalArgs;
use crate::cli::project::{self, Opened};
use crate::cli::selection::SelectionArgs;
use crate::cli::tasks::Task;
use crate::cli::{Exit, manifest};
use crate::diagnostic::Diagnostic;
use crate::files::{Disk, Files};
use crate::jinja::catalog::{CatalogRow, collect};
use crate::jinja::functions::metadata_envs;
use crate::node::{Node, ResourceType};
use crate::render::Renderer;
use crate::report::artifacts::Catalog;
use crate::report::{Event, Level};
use crate::select;

/// Write catalog.json (what the database says of tables and columns), manifest.json and a page that shows them
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    selection: SelectionArgs,
    /// Do not render the nodes: leave their SQL out
    #[arg(long, overrides_with = "compile")]
    no_compile: bool,
    #[arg(long, hide = true)]
    compile: bool,
    /// Ask the database nothing: a catalog without tables
    #[arg(long)]
    empty_catalog: bool,
    /// Write static_index.html too: the page with all that it shows in one file
    #[arg(long = "static")]
    in_one_file: bool,
}

/// Runs the command.
pub fn run(global: &GlobalArgs, args: &Args) -> Exit {
    match attempt(global, args) {
        Ok(()) => 0,
        Err(exit) => exit,
    }
}

fn attempt(global: &GlobalArgs, args: &Args) -> Result<(), Exit> {
    let clock = Instant::now();
    let task = Task::new("generate", select::DOCS, &args.selection);
    let opened = project::open(global, "generate", args.selection.flags())?;
    let session = &opened.session;
    let tell = |problems: &[Diagnostic]| {
        project::tell(opened.reporter.as_ref(), problems, &session.sources);
        1
    };
    let selected = args.selection.nodes(global, &opened, task.scope)?;
    let mut link = Link::new(session, true);
    let renderer = Renderer::new(session.shared.clone(), session.graph.clone());
    if !args.no_compile {
        let kind = |i: &usize| session.graph.node(*i).resource_type;
        let rendered = |i: &usize| !matches!(kind(i), ResourceType::Seed | ResourceType::Source);
        let nodes: Vec<usize> = selected.iter().copied().filter(rendered).collect();
        link.load_catalog(&nodes).map_err(|problem| tell(&[*problem]))?;
        let problems = render_all(&opened, &renderer, &mut link, &nodes);
        if !problems.is_empty() {
            return Err(tell(&problems));
        }
        write_compiled(global, &task, &opened, &renderer, &selected, clock);
    }
    let with_sql = Some(&renderer).filter(|_| !args.no_compile);
    manifest::write(session, with_sql, &[], opened.reporter.as_ref());
    let nodes: Vec<&Node> = selected.iter().map(|i| session.graph.node(*i)).filter(|n| is_table(n)).collect();
    let rows = match args.empty_catalog {
        true => Vec::new(),
        false => rows(&opened, &mut link, &nodes).map_err(|problem| tell(&[problem]))?,
    };
    let catalog = Catalog::new(nodes.into_iter(), &rows);
    write(&opened, args, &catalog).map_err(|problem| tell(&[problem]))?;
    let message = format!("Wrote {}/catalog.json: {} tables", manifest::shown_target(session), catalog.len());
    opened.reporter.event(&Event::Message(Level::Info, &message));
    Ok(())
}

fn is_table(node: &Node) -> bool {
    node.resource_type == ResourceType::Source || node.resource_type.is_refable() && !node.is_ephemeral()
}

/// What the warehouse says, schema by schema.
fn rows(opened: &Opened, link: &mut Link<'_>, nodes: &[&Node]) -> Result<Vec<CatalogRow>, Diagnostic> {
    let mut schemas: BTreeMap<Option<&str>, Vec<String>> = BTreeMap::new();
    for node in nodes {
        let of_database = schemas.entry(node.database.as_deref()).or_default();
        if !of_database.contains(&node.schema) {
            of_database.push(node.schema.clone());
        }
    }
    let mut found = Vec::new();
    for (database, schemas) in schemas {
        let connection = link.connection()?;
        found.extend(collect(&opened.session.shared, &connection, database, &schemas)?);
    }
    Ok(found)
}

fn write(opened: &Opened, args: &Args, catalog: &Catalog) -> Result<(), Diagnostic> {
    let session = &opened.session;
    let target = &session.target_path;
    let fail = |error: std::io::Error| {
        Diagnostic::error("unwritable-file", format!("can't write into {}: {error}", target.display()))
            .hint("check who may write there")
    };
    let env = metadata_envs();
    catalog.write(&Disk, target, &manifest::metadata(session, &env)).map_err(fail)?;
    Disk.write(&target.join("index.html"), PAGE.as_bytes()).map_err(fail)?;
    for folder in &session.shared.settings.paths.assets {
        copy(&session.shared.settings.root.join(folder), &target.join(folder)).map_err(fail)?;
    }
    if args.in_one_file {
        let read = |name: &str| Disk.read(&target.join(name)).map_err(fail);
        let page = in_one_file(&read("manifest.json")?, &read("catalog.json")?);
        Disk.write(&target.join("static_index.html"), page.as_bytes()).map_err(fail)?;
    }
    Ok(())
}

/// The page with what it shows. `</` would end the script that holds it.
fn in_one_file(manifest: &[u8], catalog: &[u8]) -> String {
    let text = |json: &[u8]| String::from_utf8_lossy(json).replace("</", "<\\/");
    let data = format!("const DATA = {{manifest: {}, catalog: {}}};", text(manifest), text(catalog));
    PAGE.replacen("const DATA = null;", &data, 1)
}

/// Copies a folder of assets, in place of what was copied before.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    if !Disk.exists(from) {
        return Ok(());
    }
    Disk.remove_folder(to)?;
    for file in Disk.walk(from, &|_| false)? {
        let below = file.strip_prefix(from).unwrap_or(&file);
        Disk.write(&to.join(below), &Disk.read(&file)?)?;
    }
    Ok(())
}
