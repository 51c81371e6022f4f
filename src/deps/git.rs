//! Packages in git repositories, fetched with the program `git`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::diagnostic::Diagnostic;
use crate::secrets::scrub;

/// A checked out repository.
#[derive(Debug, Clone)]
pub struct Checkout {
    /// The commit.
    pub commit: String,
    /// The folder that was asked for.
    pub folder: PathBuf,
}

/// Checks out a revision (`None`: the default branch) of a repository into a folder that is not there yet.
///
/// # Errors
/// There is no git, no such repository, no such revision, no such folder in it.
pub fn checkout(
    url: &str,
    revision: Option<&str>,
    subdirectory: Option<&str>,
    folder: &Path,
) -> Result<Checkout, Box<Diagnostic>> {
    let place = folder.display().to_string();
    let mut clone = vec!["clone", "--quiet", "--depth", "1"];
    if subdirectory.is_some() {
        clone.extend(["--filter=blob:none", "--sparse"]);
    }
    clone.extend(["--", url, &place]);
    git(Path::new("."), &clone).map_err(|said| {
        failed(format!("can't clone {}", scrub(url)), &said, "check the address, and that you may read the repository")
    })?;
    if let Some(subdirectory) = subdirectory {
        git(folder, &["sparse-checkout", "set", "--", subdirectory])
            .or_else(|_| git(folder, &["sparse-checkout", "set", subdirectory]))
            .map_err(|said| {
                failed(format!("can't check out {subdirectory} of {}", scrub(url)), &said, "git 2.25 can")
            })?;
    }
    if let Some(revision) = revision.filter(|r| *r != "HEAD") {
        fetch(folder, revision).map_err(|said| {
            let problem = format!("{} has no revision `{revision}`", scrub(url));
            failed(problem, &said, "`revision` is a tag, a branch, or a commit in full (40 digits)")
        })?;
    }
    let commit = git(folder, &["rev-parse", "HEAD"]).map_err(|said| failed(place.clone(), &said, ""))?;
    let inside = folder.join(subdirectory.unwrap_or_default());
    let is_below = inside.canonicalize().ok().zip(folder.canonicalize().ok()).is_some_and(|(a, b)| a.starts_with(b));
    if !is_below {
        let problem = format!("{} has no folder `{}`", scrub(url), subdirectory.unwrap_or_default());
        return Err(failed(problem, "", "`subdirectory` is a folder of the repository that holds a project"));
    }
    Ok(Checkout { commit: commit.trim().to_owned(), folder: inside })
}

/// A commit, else a tag, else a branch.
fn fetch(folder: &Path, revision: &str) -> Result<(), String> {
    let is_commit = revision.len() == 40 && revision.bytes().all(|b| b.is_ascii_hexdigit());
    let shallow = |what: &str| git(folder, &["fetch", "--quiet", "--depth", "1", "origin", what]);
    if is_commit {
        // Not every server hands out single commits.
        shallow(revision).or_else(|_| git(folder, &["fetch", "--quiet", "--unshallow", "--tags", "origin"]))?;
        return git(folder, &["reset", "--quiet", "--hard", revision]).map(drop);
    }
    shallow(&format!("refs/tags/{revision}")).or_else(|_| shallow(&format!("refs/heads/{revision}")))?;
    git(folder, &["reset", "--quiet", "--hard", "FETCH_HEAD"]).map(drop)
}

/// Runs git in a folder: what it printed, or what it said was wrong.
fn git(folder: &Path, args: &[&str]) -> Result<String, String> {
    let run = Command::new("git").args(args).current_dir(folder).env("LC_ALL", "C").output();
    match run {
        Ok(output) if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        Err(error) => Err(format!("the program git can't be run: {error}")),
    }
}

fn failed(problem: String, said: &str, hint: &str) -> Box<Diagnostic> {
    let said: Vec<String> = said.lines().take(5).map(scrub).collect();
    let problem = Diagnostic::error("git-failed", problem).hint(hint.to_owned());
    Box::new(if said.is_empty() { problem } else { problem.note(said.join("\n")) })
}
