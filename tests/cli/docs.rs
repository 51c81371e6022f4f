//! Runs the user documentation: what `README.md` and `docs/*.md` show is what happens.
//!
//! Each page has a folder of its own to work in. `<!-- project: PATH -->` fills it with a copy of a project of this
//! repository; a block opened as ```` ```sql file=models/a.sql ```` (in any language) writes a file into it. In a
//! ```` ```console ```` block each line after `$ ` is run by the shell, and the lines below are all that it prints,
//! on stdout and stderr. `...` stands for any text; alone on a line, for any number of lines. Durations and the
//! clock before a line are not compared. A command has to succeed, except for the last one of a block with
//! `exit=CODE`. `$ cd FOLDER` holds for the rest of the page.
//!
//! Blocks of `sh` and `text` are not run. Every other block without `file=` is a fault: nobody would notice it going
//! stale. `codes.md` is left out: it is what `karat explain` prints, and each code has a case of its own.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const KARAT: &str = env!("CARGO_BIN_EXE_karat");

/// Parts of this repository that no project needs.
const NOT_COPIED: [&str; 6] = ["target", "src", "crates", "cli", "docs", "bench"];
/// Languages of blocks that are only read.
const NOT_RUN: [&str; 2] = ["sh", "text"];

#[test]
fn docs() {
    let mut pages: Vec<PathBuf> = fs::read_dir(Path::new(ROOT).join("docs"))
        .expect("docs/ can be read")
        .map(|entry| entry.expect("docs/ can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md") && !path.ends_with("codes.md"))
        .collect();
    pages.push(Path::new(ROOT).join("README.md"));
    pages.sort();
    let failures: Vec<String> = thread::scope(|scope| {
        let running: Vec<_> = pages.iter().map(|path| scope.spawn(|| run_page(path))).collect();
        running.into_iter().flat_map(|page| page.join().expect("a page is run without panic")).collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// A fenced block of a page.
struct Block {
    /// Line of the opening fence, counted from 1.
    line: usize,
    language: String,
    /// `file=`: where its text goes.
    file: Option<String>,
    /// `exit=`: how its last command ends.
    exit: i32,
    lines: Vec<String>,
}

/// A command of a console block, and the output it is said to have.
struct Example<'a> {
    line: usize,
    command: &'a str,
    expected: Vec<&'a str>,
}

/// Runs a page; returns what is wrong with it, stopping at the first example that is.
fn run_page(path: &Path) -> Vec<String> {
    let name = path.strip_prefix(ROOT).unwrap_or(path).display().to_string();
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut place = Place::new();
    if let Some(project) = project_of(&text) {
        copy_project(&Path::new(ROOT).join(project), &place.folder);
    }
    for block in blocks(&text) {
        let done = match (&block.file, block.language.as_str()) {
            (Some(file), _) => place.write(file, &block.lines).map_err(|error| error.to_string()),
            (None, "console") => run_console(&mut place, &name, &block),
            (None, language) if NOT_RUN.contains(&language) => Ok(()),
            (None, language) => Err(format!("{name}:{}: a `{language}` block without file= is not tested", block.line)),
        };
        if let Err(failure) = done {
            return vec![failure];
        }
    }
    Vec::new()
}

fn run_console(place: &mut Place, name: &str, block: &Block) -> Result<(), String> {
    let examples = examples(block);
    for (index, example) in examples.iter().enumerate() {
        let (code, output) = place.run(example.command).map_err(|error| format!("{name}:{}: {error}", example.line))?;
        let wanted = if index + 1 == examples.len() { block.exit } else { 0 };
        let actual: Vec<&str> = output.trim_end().lines().collect();
        if code != Some(wanted) || !matches_lines(&example.expected, &actual) {
            let mut failure = format!("{name}:{}: `{}`", example.line, example.command);
            let _ = writeln!(failure, " ended with {code:?}, expected {wanted}; the page says");
            example.expected.iter().for_each(|line| failure.extend(["    ", line, "\n"]));
            failure += "but it printed\n";
            actual.iter().for_each(|line| failure.extend(["    ", line, "\n"]));
            return Err(failure);
        }
    }
    Ok(())
}

/// Where a page's commands run: an empty home with a folder for the project.
struct Place {
    root: TempDir,
    /// Where the page is; `cd` changes it.
    folder: PathBuf,
}

impl Place {
    fn new() -> Self {
        let root = TempDir::new().expect("a temporary folder can be made");
        let folder = root.path().join("work");
        fs::create_dir_all(&folder).expect("a temporary folder can be written to");
        Self { root, folder }
    }

    fn write(&self, file: &str, lines: &[String]) -> io::Result<()> {
        let path = self.folder.join(file);
        fs::create_dir_all(path.parent().unwrap_or(&path))?;
        fs::write(path, lines.join("\n") + "\n")
    }

    /// Runs a command line; stdout and stderr come back as one text, in the order of a terminal.
    fn run(&mut self, command: &str) -> io::Result<(Option<i32>, String)> {
        if let Some(folder) = command.strip_prefix("cd ") {
            self.folder = self.folder.join(folder).canonicalize()?;
            return Ok((Some(0), String::new()));
        }
        let output = self.root.path().join("output");
        let stdout = File::create(&output)?;
        let stderr = stdout.try_clone()?;
        let programs = Path::new(KARAT).parent().map(Path::to_owned);
        let path = std::env::var_os("PATH").unwrap_or_default();
        let search =
            std::env::join_paths(programs.into_iter().chain(std::env::split_paths(&path))).map_err(io::Error::other)?;
        let mut shell = Command::new("sh");
        for (name, _) in std::env::vars_os() {
            if ["DBT_", "KARAT_"].iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
                shell.env_remove(name);
            }
        }
        let status = shell
            .args(["-c", command])
            .current_dir(&self.folder)
            .env("PATH", search)
            .env("HOME", self.root.path())
            .env("TZ", "UTC")
            .stdin(Stdio::null())
            .stdout(stdout)
            .stderr(stderr)
            .status()?;
        Ok((status.code(), String::from_utf8_lossy(&fs::read(output)?).into_owned()))
    }
}

fn project_of(text: &str) -> Option<&str> {
    text.lines().find_map(|line| line.strip_prefix("<!-- project: ")?.strip_suffix(" -->"))
}

fn copy_project(from: &Path, to: &Path) {
    let entries = fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    fs::create_dir_all(to).expect("a temporary folder can be written to");
    for entry in entries.flatten() {
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || NOT_COPIED.contains(&name.as_str()) {
            continue;
        }
        if source.is_dir() {
            copy_project(&source, &target);
        } else {
            fs::copy(&source, &target).unwrap_or_else(|error| panic!("{}: {error}", source.display()));
        }
    }
}

/// The fenced blocks of a page, without the indentation they have in a list.
fn blocks(text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<(Block, usize)> = None;
    for (index, line) in text.lines().enumerate() {
        let bare = line.trim_start();
        match (&mut open, bare.strip_prefix("```")) {
            (None, Some(info)) => open = Some((block(index + 1, info), line.len() - bare.len())),
            (None, None) => {}
            (Some(_), Some("")) => found.extend(open.take().map(|(block, _)| block)),
            (Some((block, indent)), _) => block.lines.push(line.get(*indent..).unwrap_or_default().to_owned()),
        }
    }
    found
}

fn block(line: usize, info: &str) -> Block {
    let mut words = info.split_whitespace();
    let mut block =
        Block { line, language: words.next().unwrap_or_default().to_owned(), file: None, exit: 0, lines: Vec::new() };
    for word in words {
        match word.split_once('=') {
            Some(("file", path)) => block.file = Some(path.to_owned()),
            Some(("exit", code)) => block.exit = code.parse().expect("exit= takes a number"),
            _ => panic!("line {line}: `{word}` says nothing to the tests"),
        }
    }
    block
}

fn examples(block: &Block) -> Vec<Example<'_>> {
    let mut found: Vec<Example<'_>> = Vec::new();
    for (index, line) in block.lines.iter().enumerate() {
        match (line.strip_prefix("$ "), found.last_mut()) {
            (Some(command), _) => {
                found.push(Example { line: block.line + 1 + index, command, expected: Vec::new() });
            }
            (None, Some(example)) => example.expected.push(line),
            (None, None) => panic!("line {}: a console block begins with `$ `", block.line),
        }
    }
    for example in &mut found {
        while example.expected.last().is_some_and(|line| line.trim().is_empty()) {
            example.expected.pop();
        }
    }
    found
}

fn matches_lines(expected: &[&str], actual: &[&str]) -> bool {
    match expected.split_first() {
        None => actual.is_empty(),
        Some((&"...", rest)) => (0..=actual.len()).any(|skipped| matches_lines(rest, &actual[skipped..])),
        Some((line, rest)) => {
            actual.first().is_some_and(|found| matches_line(line, found)) && matches_lines(rest, &actual[1..])
        }
    }
}

fn matches_line(expected: &str, actual: &str) -> bool {
    let (expected, actual) = (without_times(expected.trim_end()), without_times(actual.trim_end()));
    let mut parts = expected.split("...");
    let Some(mut rest) = actual.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(start) = rest.find(part) else { return false };
        rest = &rest[start + part.len()..];
    }
    rest.ends_with(last)
}

/// The line with every duration (`0.12s`, `3 ms`) and the clock that it begins with made the same.
fn without_times(line: &str) -> String {
    let mut clean = String::with_capacity(line.len());
    let mut rest = without_clock(line);
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
        let (before, number) = rest.split_at(start);
        let end = number.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(number.len());
        let (digits, after) = number.split_at(end);
        clean += before;
        match unit(after) {
            Some(after) if !before.ends_with(|letter: char| letter.is_alphanumeric() || letter == '_') => {
                clean += "<time>";
                rest = after;
            }
            _ => {
                clean += digits;
                rest = after;
            }
        }
    }
    clean + rest
}

/// The line without `12:03:04` before it.
fn without_clock(line: &str) -> &str {
    let is_clock = |text: &str| {
        text.char_indices().all(|(index, letter)| if index % 3 == 2 { letter == ':' } else { letter.is_ascii_digit() })
    };
    line.get(..8).filter(|clock| is_clock(clock)).map_or(line, |_| &line[8..])
}

/// What follows a unit of time, if one is next.
fn unit(text: &str) -> Option<&str> {
    let text = text.strip_prefix(' ').unwrap_or(text);
    let rest = ["ms", "µs", "seconds", "s"].iter().find_map(|unit| text.strip_prefix(unit))?;
    (!rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_')).then_some(rest)
}

#[test]
fn examples_match_with_wildcards() {
    for (expected, actual) in [
        ("Done. PASS=...", "Done. PASS=3 WARN=0"),
        ("a ... b ... c", "a 1 b 2 c"),
        ("built in 0.12s", "built in 3s"),
        ("[0.1 s]", "[20 ms]"),
        ("0.07 seconds (0.07s)", "0.4 seconds (0.4s)"),
        ("12:00:00  Done.", "03:04:05  Done."),
        ("...", ""),
    ] {
        assert!(matches_line(expected, actual), "{expected} | {actual}");
    }
    for (expected, actual) in [("a", "ab"), ("a...a", "a"), ("3 rows", "4 rows"), ("v1s", "v2s"), ("... b", "a b c")] {
        assert!(!matches_line(expected, actual), "{expected} | {actual}");
    }
    assert!(matches_lines(&["a", "...", "z"], &["a", "z"]));
    assert!(matches_lines(&["a", "...", "z"], &["a", "b", "c", "z"]));
    assert!(!matches_lines(&["a", "...", "z"], &["a", "b"]));
    assert!(!matches_lines(&[], &["a"]));
}
