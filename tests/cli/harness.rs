//! Runs the program in a copy of a project and makes what it prints the same on every machine.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// The folder that holds the cases.
pub fn cases_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/cases")
}

/// How a case's output is kept: beside the case, without what differs from run to run.
pub fn settings(case: &Path) -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(case);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

/// A copy of a project in a folder of its own.
pub struct Project {
    folder: TempDir,
    home: TempDir,
}

impl Project {
    /// Copies a case.
    pub fn copy(case: &Path) -> Self {
        let project = Self::empty();
        copy_folder(case, project.path());
        project
    }

    /// Copies these files and folders of a folder.
    pub fn folders(from: &Path, names: &[&str]) -> Self {
        let project = Self::empty();
        for name in names {
            let (from, to) = (from.join(name), project.path().join(name));
            if from.is_dir() {
                std::fs::create_dir(&to).unwrap();
                copy_folder(&from, &to);
            } else {
                std::fs::copy(from, to).unwrap();
            }
        }
        project
    }

    /// A project that holds these files.
    pub fn files(files: &[(&str, &str)]) -> Self {
        let project = Self::empty();
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    /// Copies the files of a folder over those of the project.
    pub fn apply(&self, folder: &Path) {
        copy_folder(folder, self.path());
    }

    fn empty() -> Self {
        let folder = tempfile::Builder::new().prefix("karat-case-").tempdir().unwrap();
        Self { folder, home: tempfile::Builder::new().prefix("karat-home-").tempdir().unwrap() }
    }

    /// Writes a file of the project.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Where the copy is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The program with these arguments, in the project's folder, with none of the caller's settings.
    pub fn karat<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_karat"));
        for (name, _) in std::env::vars_os() {
            if is_setting(&name) {
                command.env_remove(name);
            }
        }
        command.args(args).current_dir(self.folder.path());
        command.env("HOME", self.home.path()).env("NO_COLOR", "1").env("COLUMNS", "100").env("TZ", "UTC");
        command
    }

    /// Runs a command line such as `NAME=value karat build --select 'tag:x'` and tells what it did.
    pub fn run(&self, line: &str) -> String {
        let words = words(line);
        let start = words.iter().position(|w| w == "karat").unwrap_or_else(|| panic!("no karat in `{line}`"));
        let mut command = self.karat(words[start + 1..].iter().map(String::as_str));
        for setting in &words[..start] {
            let (name, value) = setting.split_once('=').unwrap_or_else(|| panic!("`{setting}` in `{line}`"));
            command.env(name, value);
        }
        let output = command.output().unwrap();
        self.shown(line, &output)
    }

    /// Runs every line of a file; empty lines and those that start with `#` say nothing.
    pub fn run_file(&self, path: &Path) -> String {
        let text = std::fs::read_to_string(path).unwrap();
        let lines = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
        lines.map(|line| self.run(line)).collect::<Vec<_>>().join("\n")
    }

    /// A command line with what it printed and how it ended.
    pub fn shown(&self, line: &str, output: &Output) -> String {
        let text = |bytes: &[u8]| self.stable(&String::from_utf8_lossy(bytes));
        let mut shown = format!("$ {line}\n");
        for (name, said) in [("stdout", text(&output.stdout)), ("stderr", text(&output.stderr))] {
            if !said.trim().is_empty() {
                shown += &format!("--- {name}\n{}\n", said.trim_end());
            }
        }
        let code = output.status.code().map_or_else(|| "none".to_owned(), |c| c.to_string());
        shown + &format!("--- exit code {code}\n")
    }

    /// The text without paths of this machine, times, durations, versions and the like.
    fn stable(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (folder, shown) in [(&self.folder, "[project]"), (&self.home, "[home]")] {
            let real = folder.path().canonicalize().unwrap();
            for path in [real.as_path(), folder.path()] {
                text = text.replace(&path.display().to_string(), shown);
            }
        }
        text = text.replace(env!("CARGO_BIN_EXE_karat"), "[karat]");
        let filters = [
            (r"(?m)^\d\d:\d\d:\d\d(  |$)", "00:00:00$1"),
            (r"\b\d+\.\d\ds\b", "0.00s"),
            (r"\b\d+ hours \d+ minutes and \d+\.\d+ seconds", "0 hours 0 minutes and 0.00 seconds"),
            (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "[uuid]"),
            (r"\bThread-\d+\b", "Thread-N"),
            (r"\(PID \d+\)", "(PID N)"),
            (r"(Found .*)\b\d+ macros", "${1}N macros"),
            (r"(?m)[ \t]+$", ""),
        ];
        for (pattern, shown) in filters {
            text = regex::Regex::new(pattern).unwrap().replace_all(&text, shown).into_owned();
        }
        text.replace(env!("CARGO_PKG_VERSION"), "[version]")
    }
}

/// Whether a variable of the environment changes what the program does.
fn is_setting(name: &OsString) -> bool {
    let name = name.to_string_lossy();
    ["KARAT_", "DBT_", "PG", "CLICOLOR", "RUST_BACKTRACE"].iter().any(|prefix| name.starts_with(prefix))
}

/// Splits a command line as a shell does, as far as cases need it: blanks, `'…'` and `"…"`.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(q), _) if c == q => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Copies all but the command and its expected output. Symbolic links stay what they are.
fn copy_folder(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        let target = to.join(&name);
        let kind = entry.file_type().unwrap();
        if name == "cmd" || name.to_string_lossy().starts_with("output.snap") {
            continue;
        }
        if kind.is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy_folder(&entry.path(), &target);
        } else if kind.is_symlink() {
            link(&std::fs::read_link(entry.path()).unwrap(), &target);
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) {
    std::os::unix::fs::symlink(to, at).unwrap();
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) {}
