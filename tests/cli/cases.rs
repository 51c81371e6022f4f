//! Every folder below `cases/` is a project with the commands to run in it and what they print.
//!
//! `KARAT_CASE=unknown-ref cargo test --test cli every_case` runs those whose name holds the text. A new or changed
//! output is written to `output.snap.new` beside the expected one; read it, then rename it, or run again with
//! `INSTA_UPDATE=always`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::harness::{Project, cases_folder, settings};

#[test]
fn every_case() {
    let wanted = std::env::var("KARAT_CASE").unwrap_or_default();
    let cases: Vec<PathBuf> = case_folders().into_iter().filter(|c| name(c).contains(&wanted)).collect();
    assert!(!cases.is_empty(), "no case has `{wanted}` in its name");
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if catch_unwind(AssertUnwindSafe(|| check(case))).is_err() {
                        failed.lock().unwrap().push(name(case));
                    }
                }
            });
        }
    });
    let mut failed = failed.into_inner().unwrap();
    failed.sort();
    assert!(failed.is_empty(), "{} of {} cases differ: {}", failed.len(), cases.len(), failed.join(", "));
}

fn check(case: &Path) {
    let said = Project::copy(case).run_file(&case.join("cmd"));
    for unwanted in ["panicked at", "RUST_BACKTRACE", "stack backtrace"] {
        assert!(!said.contains(unwanted), "{}: `{unwanted}` in\n{said}", name(case));
    }
    settings(case).bind(|| insta::assert_snapshot!("output", said));
}

fn case_folders() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(cases_folder()).unwrap();
    let mut found: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).filter(|p| p.join("cmd").is_file()).collect();
    found.sort();
    found
}

fn name(case: &Path) -> String {
    case.file_name().unwrap().to_string_lossy().into_owned()
}
