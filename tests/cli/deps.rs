//! `karat deps` against git repositories, a hub and archives that are made here. The expected lock files were written by
//! dbt for the same entries.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::harness::Project;

/// Paths and what is there.
type Pages = Mutex<Vec<(String, Vec<u8>)>>;

/// Answers requests for a few paths; every other one is not found.
struct Web {
    address: String,
    pages: Arc<Pages>,
}

impl Web {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        let pages: Arc<Pages> = Arc::default();
        let served = pages.clone();
        thread::spawn(move || listener.incoming().flatten().for_each(|stream| answer(stream, &served)));
        Self { address, pages }
    }

    fn page(&self, path: &str, body: impl Into<Vec<u8>>) {
        self.pages.lock().unwrap().push((format!("/{path}"), body.into()));
    }

    /// A hub with one package, which uses the packages of `uses`.
    fn hub(&self, name: &str, versions: &[&str], uses: &str) {
        let versions: Vec<String> = versions
            .iter()
            .map(|version| {
                let short = name.rsplit('/').next().unwrap();
                let file = format!("{short}-{version}.tar.gz");
                let project = format!("name: {short}\nversion: '{version}'\n");
                self.page(&file, archive(&[(&format!("{short}-{version}/dbt_project.yml"), &project)]));
                let tarball = format!("{}{file}", self.address);
                format!(r#""{version}": {{"name": "{short}", "packages": [{uses}], "downloads": {{"tarball": "{tarball}"}}}}"#)
            })
            .collect();
        self.page(
            &format!("api/v1/{name}.json"),
            format!(r#"{{"name": "x", "versions": {{{}}}}}"#, versions.join(", ")),
        );
    }
}

fn answer(mut stream: TcpStream, pages: &Pages) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut request = String::new();
    let _ = reader.read_line(&mut request);
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|n| n > 2) {
        line.clear();
    }
    let path = request.split(' ').nth(1).unwrap_or_default();
    let body = pages.lock().unwrap().iter().find(|(p, _)| p == path).map(|(_, body)| body.clone());
    let (status, body) = body.map_or(("404 Not Found", Vec::new()), |body| ("200 OK", body));
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(&body);
}

/// A `.tar.gz` of these files, made by the program tar.
fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    packed(folder.path())
}

fn packed(folder: &Path) -> Vec<u8> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let output = Command::new("tar").arg("-C").arg(folder).arg("-czf-").args(names).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn git(folder: &Path, args: &[&str]) -> String {
    let user = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"];
    let output = Command::new("git").args(user).args(args).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A repository in a folder of the project: commit after commit, each with a tag.
fn repository(project: &Project, name: &str, commits: &[(&str, &[(&str, &str)])]) -> Vec<String> {
    let folder = project.path().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    git(&folder, &["init", "-q", "-b", "main"]);
    let mut made = Vec::new();
    for (tag, files) in commits {
        for (path, text) in *files {
            project.write(&format!("{name}/{path}"), text);
        }
        git(&folder, &["add", "-A"]);
        git(&folder, &["commit", "-q", "-m", tag]);
        git(&folder, &["tag", tag]);
        made.push(git(&folder, &["rev-parse", "HEAD"]));
    }
    made
}

fn project(packages: &str) -> Project {
    Project::files(&[("project.yml", "name: shop\nprofile: shop\n"), ("packages.yml", packages)])
}

fn deps(project: &Project, web: Option<&Web>, args: &[&str]) -> Output {
    let mut command = project.karat(std::iter::once("deps").chain(args.iter().copied()));
    // Nothing outside of this machine is ever asked.
    command.env("DBT_PACKAGE_HUB_URL", web.map_or("http://127.0.0.1:1/", |web| &web.address));
    command.output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn ok(output: &Output) -> String {
    assert!(output.status.success(), "{}", stderr(output));
    stderr(output)
}

fn fails(output: &Output, code: &str) -> String {
    let said = stderr(output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.lines().any(|line| line == code), "{code}: {said}");
    said
}

fn read(project: &Project, path: &str) -> String {
    std::fs::read_to_string(project.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn installed(project: &Project) -> Vec<String> {
    let entries = std::fs::read_dir(project.path().join("dbt_packages")).unwrap();
    let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_folder_is_linked() {
    let project = project("packages:\n  - local: ours/tools\n");
    project.write("ours/tools/dbt_project.yml", "name: tools\n");
    ok(&deps(&project, None, &[]));
    assert_eq!(installed(&project), ["tools"]);
    assert_eq!(
        read(&project, "package-lock.yml"),
        "packages:\n  - local: ours/tools\n    name: tools\nsha1_hash: ce1b46c237398ad52bdc4043e995afcbe630a161\n"
    );
    project.write("ours/tools/macros/later.sql", "{% macro later() %}{% endmacro %}");
    assert!(project.path().join("dbt_packages/tools/macros/later.sql").exists());
}

#[test]
fn a_repository_is_taken_at_its_revision_with_what_it_uses() {
    let project = project("");
    let first: &[(&str, &str)] = &[("dbt_project.yml", "name: one\n"), ("packages.yml", "packages: [{local: two}]\n")];
    let commits = repository(&project, "repo", &[("v1", first), ("v2", &[("new.txt", "x")])]);
    project.write("two/dbt_project.yml", "name: two\n");
    let url = format!("file://{}/repo", project.path().display());
    for (revision, commit, new) in
        [("v1", &commits[0], false), (&commits[0], &commits[0], false), ("main", &commits[1], true)]
    {
        project.write("packages.yml", &format!("packages:\n  - git: {url}\n    revision: {revision}\n"));
        let said = ok(&deps(&project, None, &[]));
        assert_eq!(installed(&project), ["one", "two"]);
        assert_eq!(project.path().join("dbt_packages/one/new.txt").exists(), new, "{revision}");
        assert!(read(&project, "package-lock.yml").contains(&format!("    name: one\n    revision: {commit}\n")));
        assert_eq!(said.contains("unpinned-package"), revision == "main", "{said}");
    }
    // What the lock file says stays, although the branch has moved on.
    project.write("repo/newer.txt", "x");
    git(&project.path().join("repo"), &["add", "-A"]);
    git(&project.path().join("repo"), &["commit", "-q", "-m", "more"]);
    ok(&deps(&project, None, &[]));
    assert!(!project.path().join("dbt_packages/one/newer.txt").exists());
    ok(&deps(&project, None, &["--upgrade"]));
    assert!(project.path().join("dbt_packages/one/newer.txt").exists());
}

#[test]
fn a_folder_of_a_repository_is_a_package() {
    let project = project("");
    let files: &[(&str, &str)] = &[("packs/inner/dbt_project.yml", "name: inner\n"), ("other/x", "x")];
    repository(&project, "repo", &[("1.0", files)]);
    let url = format!("file://{}/repo", project.path().display());
    let entry = |rest: &str| format!("packages:\n  - git: {url}\n    revision: 1.0\n{rest}");
    project.write("packages.yml", &entry("    subdirectory: packs/inner\n"));
    ok(&deps(&project, None, &[]));
    assert_eq!(installed(&project), ["inner"]);
    assert!(project.path().join("dbt_packages/inner/dbt_project.yml").exists());
    assert!(read(&project, "package-lock.yml").contains("    subdirectory: packs/inner\n"));
    for (rest, code) in [
        ("    subdirectory: ../other\n", "bad-package"),
        ("    subdirectory: nowhere\n", "git-failed"),
        ("", "no-project"),
        (
            &format!(
                "    subdirectory: packs/inner\n  - git: {url}.git\n    subdirectory: packs/inner\n    revision: main\n"
            ),
            "package-conflict",
        ),
    ] {
        project.write("packages.yml", &entry(rest));
        fails(&deps(&project, None, &[]), code);
        assert_eq!(installed(&project), ["inner"], "what was there stays");
    }
}

#[test]
fn the_hub_is_asked_for_the_newest_version_that_all_can_use() {
    let web = Web::new();
    web.page("api/v1/index.json", r#"["own/one", "own/two"]"#);
    web.hub(
        "own/one",
        &["1.0.0", "1.10.0", "1.9.0", "2.0.0-rc1", "2.0.0"],
        r#"{"package": "own/two", "version": "<2.0.0"}"#,
    );
    web.hub("own/two", &["1.0.0", "1.5.0", "2.5.0"], "");
    let project = project("packages:\n  - package: own/one\n    version: [\">=1.0.0\", \"<2.0.0\"]\n");
    let said = ok(&deps(&project, Some(&web), &[]));
    assert!(said.contains("Installed one from version 1.10.0 (the newest is 2.0.0)"), "{said}");
    assert_eq!(installed(&project), ["one", "two"]);
    assert_eq!(read(&project, "dbt_packages/one/dbt_project.yml"), "name: one\nversion: '1.10.0'\n");
    assert_eq!(
        read(&project, "package-lock.yml"),
        "packages:\n  - name: one\n    package: own/one\n    version: 1.10.0\n  - name: two\n    package: own/two\n    \
         version: 1.5.0\nsha1_hash: 4c89200b7df23df6a1c4eb1fdb9fcbac0a392a56\n"
    );
    project.write("packages.yml", "packages:\n  - package: own/one\n    version: '>1.10.0'\n    install_prerelease: true\n  - {package: own/two, version: 1.0.0}\n");
    ok(&deps(&project, Some(&web), &["--lock"]));
    assert!(
        read(&project, "package-lock.yml")
            .contains("version: 2.0.0\n  - name: two\n    package: own/two\n    version: 1.0.0\n")
    );
    assert!(read(&project, "dbt_packages/one/dbt_project.yml").contains("1.10.0"), "only the lock file is written");
}

#[test]
fn what_the_hub_does_not_have_is_an_error() {
    let web = Web::new();
    web.page("api/v1/index.json", r#"["own/one", "own/gone"]"#);
    web.hub("own/one", &["1.0.0"], "");
    for (entry, code) in [
        ("{package: own/oen, version: 1.0.0}", "unknown-package"),
        ("{package: own/one, version: '>1.0.0'}", "no-package-version"),
        ("{package: own/gone, version: 1.0.0}", "download-failed"),
        ("{package: own/one, version: 1.0}", "bad-package"),
        ("{package: own/one}", "bad-package"),
        ("{package: one, version: 1.0.0}", "bad-package"),
        ("{package: own/one, version: 1.0.0, revision: x}", "bad-package"),
        ("{private: own/one}", "bad-package"),
        ("own/one", "bad-package"),
        ("{git: '--upload-pack=x'}", "bad-package"),
    ] {
        let project = project(&format!("packages:\n  - {entry}\n"));
        fails(&deps(&project, Some(&web), &[]), code);
        assert!(!project.path().join("dbt_packages").exists() && !project.path().join("package-lock.yml").exists());
    }
}

#[test]
fn archives_are_unpacked_below_the_packages_only() {
    let web = Web::new();
    web.page("good.tar.gz", archive(&[("tools-1.0/dbt_project.yml", "name: tools\n"), ("tools-1.0/a/b.sql", "x")]));
    web.page("two.tar.gz", archive(&[("a/dbt_project.yml", "name: a\n"), ("b/dbt_project.yml", "name: b\n")]));
    web.page("no.tar.gz", "this is no archive");
    let entry = |file: &str, name: &str| format!("packages:\n  - tarball: {}{file}\n    name: {name}\n", web.address);
    let project = project(&entry("good.tar.gz", "tools"));
    ok(&deps(&project, None, &[]));
    assert_eq!(read(&project, "dbt_packages/tools/a/b.sql"), "x");
    for (file, name, code) in [
        ("good.tar.gz", "../x", "bad-package"),
        ("good.tar.gz", "shop", "duplicate-package"),
        ("two.tar.gz", "two", "bad-archive"),
        ("no.tar.gz", "none", "bad-archive"),
        ("none.tar.gz", "none", "download-failed"),
    ] {
        project.write("packages.yml", &entry(file, name));
        fails(&deps(&project, None, &[]), code);
        assert_eq!(installed(&project), ["tools"]);
        assert!(!project.path().join(".dbt_packages.karat").exists(), "nothing is left behind");
    }
}

#[test]
fn secrets_are_not_shown() {
    let project =
        project("packages:\n  - git: \"http://{{ env_var('DBT_ENV_SECRET_TOKEN') }}@127.0.0.1:1/repo.git\"\n");
    let output = project.karat(["deps"]).env("DBT_ENV_SECRET_TOKEN", "hush").output().unwrap();
    let said = fails(&output, "git-failed");
    assert!(said.contains("http://*****@127.0.0.1:1/repo.git") && !said.contains("hush"), "{said}");
}

#[test]
fn packages_that_were_moved_aside_come_back() {
    let project = project("packages:\n  - local: gone\n");
    project.write(".dbt_packages.karat/old/tools/dbt_project.yml", "name: tools\n");
    fails(&deps(&project, None, &[]), "no-project");
    assert_eq!(installed(&project), ["tools"]);
}

#[test]
fn packages_belong_where_the_project_says_and_nowhere_above_it() {
    let project = project("packages:\n  - local: ours\n");
    project.write("ours/dbt_project.yml", "name: ours\n");
    project.write("project.yml", "name: shop\npackages-install-path: \"{{ env_var('WHERE') }}\"\n");
    let run = |place: &str| project.karat(["deps"]).env("WHERE", place).output().unwrap();
    ok(&run("lib/packs"));
    assert!(project.path().join("lib/packs/ours/dbt_project.yml").exists());
    for place in [".", "..", "lib/.."] {
        fails(&run(place), "bad-packages-path");
    }
    assert!(project.path().join("project.yml").exists());
}

#[test]
fn a_package_is_added_and_what_was_written_stays() {
    let web = Web::new();
    web.page("api/v1/index.json", r#"["own/one"]"#);
    web.hub("own/one", &["1.0.0", "1.5.0"], "");
    let project = project("# ours\npackages:\n  - local: ours # near\n");
    project.write("ours/dbt_project.yml", "name: ours\n");
    ok(&deps(&project, Some(&web), &["--add-package", "own/one@1.0.0"]));
    let text = "# ours\npackages:\n  - local: ours # near\n  - package: own/one\n    version: 1.0.0\n";
    assert_eq!(read(&project, "packages.yml"), text);
    assert_eq!(installed(&project), ["one", "ours"]);
    ok(&deps(&project, Some(&web), &["--add-package", "own/one@>1.0.0,<2.0.0"]));
    let text = "packages:\n  - local: ours\n  - package: own/one\n    version:\n      - '>1.0.0'\n      - <2.0.0\n";
    assert_eq!(read(&project, "packages.yml"), text);
    assert!(read(&project, "dbt_packages/one/dbt_project.yml").contains("1.5.0"));
}
