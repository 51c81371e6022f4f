//! `karat docs serve`: the files of the target folder over HTTP, for a browser on this machine.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use crate::cli::docs::PAGE;
use crate::cli::global::GlobalArgs;
use crate::cli::{Exit, project};
use crate::diagnostic::Diagnostic;
use crate::files::{Disk, Files};
use crate::report::{Event, Level};

/// Show the documentation that `docs generate` wrote to a browser
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The address to listen at
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// The port to listen at; 0 for any that is free
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Accepted for dbt's sake: no browser is opened
    #[arg(long, hide = true)]
    browser: bool,
    #[arg(long, hide = true)]
    no_browser: bool,
}

/// Runs the command.
pub fn run(global: &GlobalArgs, args: &Args) -> Exit {
    let (base, reporter) = match project::open_base(global, "serve") {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let folder = base.settings.root.join(global.target_folder(&base.settings));
    let listener = TcpListener::bind((args.host.as_str(), args.port)).and_then(|l| Ok((l.local_addr()?, l)));
    let (address, listener) = match listener {
        Ok(listening) => listening,
        Err(error) => {
            let message = format!("can't listen at {}:{}: {error}", args.host, args.port);
            let problem = Diagnostic::error("connection", message).hint("name another port: --port 8081");
            project::tell(reporter.as_ref(), &[problem], &base.sources);
            return 1;
        }
    };
    let message = format!("Serving {} at http://{address}, until Ctrl-C", folder.display());
    reporter.event(&Event::Message(Level::Info, &message));
    for stream in listener.incoming().flatten() {
        let folder = folder.clone();
        // A reader that went away is no error.
        std::thread::spawn(move || drop(answer(&stream, &folder)));
    }
    0
}

/// Answers one request.
fn answer(stream: &TcpStream, folder: &Path) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut lines = BufReader::new(stream).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let mut words = request.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (status, kind, body) = match (method, file(target)) {
        ("GET" | "HEAD", Some(path)) => match content(folder, &path) {
            Some(body) => ("200 OK", kind(&path), body),
            None => ("404 Not Found", "text/plain", b"not there\n".to_vec()),
        },
        ("GET" | "HEAD", None) => ("404 Not Found", "text/plain", b"not there\n".to_vec()),
        _ => ("405 Method Not Allowed", "text/plain", b"GET only\n".to_vec()),
    };
    let mut out = stream;
    let length = body.len();
    write!(out, "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")?;
    if method != "HEAD" {
        out.write_all(&body)?;
    }
    out.flush()
}

/// The file that a request is for, below the folder; `None` for one that leads out of it.
fn file(target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?.trim_start_matches('/');
    let path = Path::new(if path.is_empty() { "index.html" } else { path });
    path.components().all(|part| matches!(part, Component::Normal(_))).then(|| path.to_owned())
}

fn content(folder: &Path, path: &Path) -> Option<Vec<u8>> {
    if path == Path::new("index.html") {
        return Some(PAGE.as_bytes().to_vec());
    }
    Disk.read(&folder.join(path)).ok()
}

fn kind(path: &Path) -> &'static str {
    match path.extension().and_then(|e| e.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "json" => "application/json",
        "css" => "text/css",
        "js" => "text/javascript",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::file;

    #[test]
    fn requests_stay_in_the_folder() {
        assert_eq!(file("/").unwrap().to_str(), Some("index.html"));
        assert_eq!(file("/assets/a.png?x=1").unwrap().to_str(), Some("assets/a.png"));
        assert_eq!(file("/../profiles.yml"), None);
        assert_eq!(file("//etc/passwd").unwrap().to_str(), Some("etc/passwd"));
    }
}
