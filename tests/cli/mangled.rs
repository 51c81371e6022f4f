//! Whatever the files of a project hold, karat says what is wrong with them and does not panic.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use karat::files::{Files, Memory};
use karat::jinja::shared::Talk;
use karat::render::{Failure, Renderer};
use karat::session::{Options, Session};

const ROOT: &str = "/shop";

const FILES: [(&str, &str); 11] = [
    ("project.yml", include_str!("cases/mangled/project.yml")),
    ("profiles.yml", include_str!("cases/mangled/profiles.yml")),
    ("selectors.yml", include_str!("cases/mangled/selectors.yml")),
    ("models/orders.sql", include_str!("cases/mangled/models/orders.sql")),
    ("models/daily.sql", include_str!("cases/mangled/models/daily.sql")),
    ("models/schema.yml", include_str!("cases/mangled/models/schema.yml")),
    ("models/docs.md", include_str!("cases/mangled/models/docs.md")),
    ("macros/money.sql", include_str!("cases/mangled/macros/money.sql")),
    ("tests/generic/at_least.sql", include_str!("cases/mangled/tests/generic/at_least.sql")),
    ("tests/no_gaps.sql", include_str!("cases/mangled/tests/no_gaps.sql")),
    ("seeds/countries.csv", include_str!("cases/mangled/seeds/countries.csv")),
];

/// What is put in: pieces that mean something to YAML, Jinja or SQL, and bytes that mean nothing.
const PIECES: [&[u8]; 40] = [
    b"{{",
    b"}}",
    b"{%",
    b"%}",
    b"{#",
    b"#}",
    b"'",
    b"\"",
    b"(",
    b")",
    b"[",
    b"]",
    b"{",
    b"}",
    b":",
    b": ",
    b"- ",
    b"\t",
    b"\n",
    b"\n\n",
    b"&a",
    b"*a",
    b"<<: ",
    b"|",
    b"!!x ",
    b"\xff",
    b"\0",
    b"\xc3",
    "\u{e9}\u{1f600}".as_bytes(),
    b"%",
    b"{% endmacro %}",
    b"{% raw %}",
    b"{% macro ",
    b"{% endif %}",
    b"{{ ref('orders') }}",
    b"{% set x = ",
    b"\r\n",
    b"9999999999999999999999",
    b"~",
    b"\\",
];

struct Silent;

impl Talk for Silent {
    fn log(&self, _: &str, _: bool) {}
    fn print(&self, _: &str) {}
    fn warn(&self, _: &str) {}
}

/// Numbers that look random and are the same on every run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

fn project() -> Memory {
    let files = Memory::default();
    for (path, text) in FILES {
        files.write(&Path::new(ROOT).join(path), text.as_bytes()).unwrap();
    }
    files
}

/// Reads the project, renders every node, and words every diagnostic. True where nothing is wrong.
fn read_all(files: &dyn Files) -> bool {
    let options = Options {
        project_dir: Some(PathBuf::from(ROOT)),
        profiles_dir: Some(PathBuf::from(ROOT)),
        invocation_id: "mangled".into(),
        ..Options::default()
    };
    let (diagnostics, sources) = match Session::open(files, &options, Box::new(Silent)) {
        Err(failure) => (failure.diagnostics, failure.sources),
        Ok(session) => {
            let renderer = Renderer::new(session.shared.clone(), Arc::clone(&session.graph));
            let rendered = (0..session.graph.len()).map(|index| renderer.render(index, None));
            let problems = rendered.filter_map(|result| match result {
                Err(Failure::Problem(problem)) => Some(*problem),
                _ => None,
            });
            (session.warnings.iter().cloned().chain(problems).collect(), session.sources)
        }
    };
    for diagnostic in &diagnostics {
        assert!(!diagnostic.render(&sources, false, 80).is_empty());
        assert!(!diagnostic.plain(&sources).is_empty());
    }
    diagnostics.is_empty()
}

/// Puts in, takes out, doubles or cuts off a few bytes.
fn mangle(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    for _ in 0..=numbers.below(3) {
        let at = numbers.below(bytes.len() + 1);
        let end = (at + 1 + numbers.below(12)).min(bytes.len());
        match numbers.below(6) {
            0 => drop(bytes.drain(at..end)),
            1 => bytes.truncate(at),
            2 => {
                let copy = bytes[at..end].to_vec();
                bytes.splice(at..at, copy);
            }
            _ => drop(bytes.splice(at..at, PIECES[numbers.below(PIECES.len())].iter().copied())),
        }
    }
}

#[test]
fn the_project_that_is_mangled_is_a_good_one() {
    assert!(read_all(&project()));
}

#[test]
fn no_bytes_make_it_panic() {
    const RUNS: usize = 600;
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let mut understood = 0;
    for run in 0..RUNS {
        let files = project();
        let (name, text) = FILES[numbers.below(FILES.len())];
        let mut bytes = text.as_bytes().to_vec();
        mangle(&mut bytes, &mut numbers);
        files.write(&Path::new(ROOT).join(name), &bytes).unwrap();
        match catch_unwind(AssertUnwindSafe(|| read_all(&files))) {
            Ok(fine) => understood += usize::from(fine),
            Err(_) => panic!("run {run} panics over {name}:\n{}", String::from_utf8_lossy(&bytes)),
        }
    }
    // Most changes hurt and some do not: otherwise this would test nothing.
    assert!(understood > RUNS / 20 && understood < RUNS * 3 / 4, "{understood} of {RUNS} are fine");
}
