//! The ExecKPI project at the repository's root: built as its users build it, its figures computed a second time.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::harness::Project;

const GOLD: [&str; 6] =
    ["revenue_daily", "funnel_users", "retention_weekly", "ab_group", "ab_metrics", "features_conversion"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What the program printed; fails with all of it where the program failed.
fn stdout_of(project: &Project, args: &[&str]) -> String {
    let output = project.karat(args.iter().copied()).output().unwrap();
    assert!(output.status.success(), "karat {args:?}\n{}", said(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Runs the independent computation over the CSV files of the seeds.
fn check_gold(gold: &Path) -> Output {
    Command::new("python3")
        .arg(root().join("tests/execkpi/check_gold.py"))
        .arg(root().join("seeds/thelook"))
        .arg(gold)
        .output()
        .expect("python3 is needed to compute the gold figures a second time")
}

#[test]
fn the_project_is_built_and_its_gold_figures_are_right() {
    let project =
        Project::folders(&root(), &[".dbtignore", "project.yml", "profiles.yml", "models", "macros", "seeds", "tests"]);
    let build = project.karat(["build"]).output().unwrap();
    let last = said(&build).trim_end().lines().last().unwrap_or_default().to_owned();
    let done = regex::Regex::new(r"Done\. PASS=(\d+) WARN=0 ERROR=0 SKIP=0 .*TOTAL=(\d+)$").unwrap();
    let counts = done.captures(&last).unwrap_or_else(|| panic!("{}", said(&build)));
    assert!(build.status.success() && counts[1].parse::<u32>().unwrap() >= 150, "{last}");

    stdout_of(&project, &["test", "--select", "gold"]);
    stdout_of(&project, &["build", "--select", "+revenue_daily"]);

    let listed = stdout_of(&project, &["ls", "--select", "tag:gold", "--resource-type", "model", "--output", "json"]);
    let names: Vec<String> = listed
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["name"].as_str().unwrap().to_owned())
        .collect();
    let mut expected = GOLD.map(str::to_owned);
    expected.sort();
    assert_eq!(names, expected);

    let shown = stdout_of(&project, &["show", "--inline", "select * from {{ ref('ab_metrics') }}", "--output", "json"]);
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["show"].as_array().unwrap().len(), 2);

    let gold = project.path().join("gold");
    std::fs::create_dir(&gold).unwrap();
    for model in GOLD {
        let csv = stdout_of(&project, &["show", "--select", model, "--limit", "-1", "--output", "csv"]);
        std::fs::write(gold.join(format!("{model}.csv")), csv).unwrap();
    }
    let checked = check_gold(&gold);
    assert!(checked.status.success(), "{}", said(&checked));

    // The check can fail: one figure of one row is changed.
    let path = gold.join("revenue_daily.csv");
    let csv = std::fs::read_to_string(&path).unwrap();
    let row = csv.lines().nth(1).unwrap();
    std::fs::write(&path, csv.replacen(row, &row.replacen(',', ",9", 1), 1)).unwrap();
    assert!(!check_gold(&gold).status.success());
}
