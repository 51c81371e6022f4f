//! Opening the project for a command, and saying what is wrong with it.

use std::io::{IsTerminal, Write};
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::cli::Exit;
use crate::cli::global::GlobalArgs;
use crate::diagnostic::{Diagnostic, Severity};
use crate::files::Disk;
use crate::inputs::Inputs;
use crate::jinja::shared::Talk;
use crate::report::{Event, Level, Reporter};
use crate::secrets::scrub;
use crate::session::{Base, Options, Session};
use crate::source::SourceMap;
use crate::warn_errors::{Fate, WarnErrors};

/// A project that a command works on.
pub struct Opened {
    /// The project.
    pub session: Session,
    /// Who tells the person.
    pub reporter: Arc<dyn Reporter>,
}

/// Hands what templates say to the reporter; `print` goes to stdout.
struct Voice {
    reporter: Arc<dyn Reporter>,
    prints: bool,
}

impl Talk for Voice {
    fn log(&self, message: &str, info: bool) {
        self.reporter.event(&Event::Message(if info { Level::Info } else { Level::Debug }, message));
    }

    fn print(&self, message: &str) {
        if self.prints {
            print_line(message);
        }
    }

    fn warn(&self, message: &str) {
        self.reporter.event(&Event::Message(Level::Warn, message));
    }
}

/// Writes a line to stdout, without secrets. A reader that went away is no error.
pub fn print_line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{}", scrub(text));
}

/// Whether stdout is a terminal that takes colours.
pub fn colored_stdout(global: &GlobalArgs) -> bool {
    global.colors().unwrap_or_else(|| std::io::stdout().is_terminal())
}

/// Reads the options of the invocation.
///
/// # Errors
/// They are wrong; that was said, and the exit code is given.
pub fn options(
    global: &GlobalArgs,
    which: &str,
    flags: Map<String, Json>,
) -> Result<(Options, Arc<dyn Reporter>), Exit> {
    match global.options(which, flags) {
        Ok(options) => {
            let reporter = global.reporter(&options.invocation_id);
            Ok((options, reporter))
        }
        Err(failure) => {
            tell(global.reporter("").as_ref(), &failure.diagnostics, &failure.sources);
            Err(2)
        }
    }
}

/// Reads the project.
///
/// # Errors
/// Something is wrong with it; that was said, and the exit code is given.
pub fn open(global: &GlobalArgs, which: &str, flags: Map<String, Json>) -> Result<Opened, Exit> {
    open_with(global, which, flags, Inputs::default())
}

/// Reads the project for a command that takes only a part of its inputs.
///
/// # Errors
/// As [`open`].
pub fn open_with(
    global: &GlobalArgs,
    which: &str,
    mut flags: Map<String, Json>,
    inputs: Inputs,
) -> Result<Opened, Exit> {
    flags.extend(inputs.flags());
    let (mut options, reporter) = options(global, which, flags)?;
    options.inputs = inputs;
    match Session::open(&Disk, &options, Box::new(Voice { reporter: reporter.clone(), prints: global.prints() })) {
        Ok(mut session) => {
            warnings(&options.warn_errors, reporter.as_ref(), &mut session.warnings, &session.sources)?;
            Ok(Opened { session, reporter })
        }
        Err(failure) => {
            tell(reporter.as_ref(), &failure.diagnostics, &failure.sources);
            Err(1)
        }
    }
}

/// Says that the command line is wrong.
pub fn refuse(global: &GlobalArgs, problem: &Diagnostic) -> Exit {
    global.reporter("").event(&Event::Diagnostic(problem, &SourceMap::default()));
    2
}

/// Reads the project file and the profile only.
///
/// # Errors
/// Something is wrong with them; that was said, and the exit code is given.
pub fn open_base(global: &GlobalArgs, which: &str) -> Result<(Base, Arc<dyn Reporter>), Exit> {
    let (options, reporter) = options(global, which, Map::new())?;
    Base::open(&Disk, &options).map(|base| (base, reporter.clone())).map_err(|failure| {
        tell(reporter.as_ref(), &failure.diagnostics, &failure.sources);
        1
    })
}

/// Says what is to be said although nothing stands in the way.
///
/// # Errors
/// Warnings are errors, and there are some.
pub fn warnings(
    fates: &WarnErrors,
    reporter: &dyn Reporter,
    found: &mut Vec<Diagnostic>,
    sources: &SourceMap,
) -> Result<(), Exit> {
    let mut raised = false;
    found.retain_mut(|diagnostic| match fates.fate(diagnostic.code) {
        Fate::Silent => diagnostic.is_error(),
        Fate::Warning => true,
        Fate::Error => {
            raised |= !diagnostic.is_error();
            diagnostic.severity = Severity::Error;
            true
        }
    });
    tell(reporter, found, sources);
    if raised { Err(1) } else { Ok(()) }
}

/// Says that there is nothing to do, by the name that dbt has for this warning.
///
/// # Errors
/// This warning is an error.
pub fn warn(session: &Session, reporter: &dyn Reporter, name: &str, message: &str) -> Result<(), Exit> {
    let (level, done) = match session.shared.warn_errors.fate(name) {
        Fate::Silent => return Ok(()),
        Fate::Warning => (Level::Warn, Ok(())),
        Fate::Error => (Level::Error, Err(1)),
    };
    reporter.event(&Event::Message(level, message));
    done
}

/// Says what is wrong, warnings first. At most fifty are shown in full.
pub fn tell(reporter: &dyn Reporter, diagnostics: &[Diagnostic], sources: &SourceMap) {
    const MOST: usize = 50;
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    let place = |d: &Diagnostic| d.labels.first().map(|l| (l.span.source, l.span.start));
    sorted.sort_by_key(|d| (d.severity, place(d)));
    let hidden = sorted.len().saturating_sub(MOST);
    for diagnostic in sorted.iter().skip(hidden) {
        reporter.event(&Event::Diagnostic(diagnostic, sources));
    }
    let errors = diagnostics.iter().filter(|d| d.is_error()).count();
    if hidden > 0 || errors > 1 {
        let more = if hidden > 0 { format!(" ({hidden} problems are not shown)") } else { String::new() };
        let level = if errors > 0 { Level::Error } else { Level::Warn };
        let counts = format!("{}, {}", plural(errors, "error"), plural(diagnostics.len() - errors, "warning"));
        reporter.event(&Event::Message(level, &(counts + &more)));
    }
}

fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
