//! Packages in archives (`.tar.gz`): unpacked so that nothing is ever written outside of the package's own folder.

use std::collections::HashSet;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use flate2::read::GzDecoder;
use tar::{Archive, EntryType};

use crate::diagnostic::Diagnostic;
use crate::files::Files;

/// The most that an archive may hold.
const MOST_BYTES: u64 = 4 << 30;

type Unpacked<T> = Result<T, String>;

/// Unpacks an archive that holds one folder: what is in that folder is written below `into`.
///
/// # Errors
/// It is no such archive, or one that would write elsewhere.
pub fn unpack(files: &dyn Files, bytes: &[u8], into: &Path, from: &str) -> Result<(), Box<Diagnostic>> {
    write_all(files, bytes, into).map_err(|why| {
        Box::new(
            Diagnostic::error("bad-archive", format!("the archive {from} can't be used: {why}"))
                .hint("a package is a .tar.gz that holds one folder with a dbt_project.yml"),
        )
    })
}

fn write_all(files: &dyn Files, bytes: &[u8], into: &Path) -> Unpacked<()> {
    let mut archive = Archive::new(GzDecoder::new(bytes));
    let no_archive = |error: std::io::Error| format!("it is no gzipped tar archive ({error})");
    let mut top: Option<PathBuf> = None;
    let mut links: HashSet<PathBuf> = HashSet::new();
    let mut total = 0;
    for entry in archive.entries().map_err(no_archive)? {
        let mut entry = entry.map_err(no_archive)?;
        let kind = entry.header().entry_type();
        if matches!(kind, EntryType::XGlobalHeader | EntryType::XHeader) {
            continue;
        }
        let path = entry.path().map_err(no_archive)?.into_owned();
        let inside = below(&path, &mut top)?;
        if links.iter().any(|link| inside.starts_with(link)) {
            return Err(format!("`{}` leads through a link", path.display()));
        }
        total += entry.size();
        if total > MOST_BYTES {
            return Err("it holds too much".to_owned());
        }
        let target = into.join(&inside);
        let cant_write = |error: std::io::Error| format!("can't write {}: {error}", target.display());
        match kind {
            EntryType::Directory => {}
            EntryType::Symlink => {
                let to = entry.link_name().map_err(no_archive)?.unwrap_or_default().into_owned();
                if !stays_inside(&inside, &to) {
                    return Err(format!(
                        "`{}` is a link to `{}`, outside of the package",
                        path.display(),
                        to.display()
                    ));
                }
                files.link(&to, &target).map_err(cant_write)?;
                links.insert(inside);
            }
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
                let mut content = Vec::new();
                entry.by_ref().take(MOST_BYTES).read_to_end(&mut content).map_err(no_archive)?;
                files.write(&target, &content).map_err(cant_write)?;
            }
            _ => return Err(format!("`{}` is neither a file nor a folder nor a link", path.display())),
        }
    }
    if top.is_none() { Err("it is empty".to_owned()) } else { Ok(()) }
}

/// The path below the one folder that the archive holds.
fn below(path: &Path, top: &mut Option<PathBuf>) -> Unpacked<PathBuf> {
    let parts = path.components().filter(|part| !matches!(part, Component::CurDir));
    let parts: Option<Vec<&std::ffi::OsStr>> =
        parts.map(|part| if let Component::Normal(name) = part { Some(name) } else { None }).collect();
    let Some(parts) = parts else {
        return Err(format!("`{}` would be written outside of the package", path.display()));
    };
    let Some((first, rest)) = parts.split_first() else { return Ok(PathBuf::new()) };
    let folder = top.get_or_insert_with(|| PathBuf::from(first));
    if folder.as_os_str() != *first {
        return Err(format!("it holds more than one folder: {} and {}", folder.display(), Path::new(first).display()));
    }
    Ok(rest.iter().collect())
}

/// Whether a link at `at` leads to something in the package. `..` may only stand at the front, where it means what it says.
fn stays_inside(at: &Path, to: &Path) -> bool {
    let up = to.components().take_while(|part| matches!(part, Component::ParentDir)).count();
    let down = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    to.components().skip(up).all(down) && up < at.components().count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Memory;

    fn archive(entries: &[(&str, EntryType, &str)]) -> Vec<u8> {
        let mut builder = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
        for (path, kind, text) in entries {
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(*kind);
            let content = if *kind == EntryType::Symlink { "" } else { text };
            header.set_size(content.len() as u64);
            // Written byte by byte: the builder itself would refuse `..`.
            header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
            if *kind == EntryType::Symlink {
                header.as_old_mut().linkname[..text.len()].copy_from_slice(text.as_bytes());
            }
            header.set_cksum();
            builder.append(&header, content.as_bytes()).unwrap();
        }
        builder.into_inner().unwrap().finish().unwrap()
    }

    fn unpacked(entries: &[(&str, EntryType, &str)]) -> Result<Vec<String>, String> {
        let files = Memory::default();
        write_all(&files, &archive(entries), Path::new("/into"))?;
        Ok(files.walk(Path::new("/"), &|_| false).unwrap().iter().map(|p| p.display().to_string()).collect())
    }

    const FILE: EntryType = EntryType::Regular;
    const LINK: EntryType = EntryType::Symlink;

    #[test]
    fn the_one_folder_of_an_archive_becomes_the_package() {
        let entries = [("p-1.0/", EntryType::Directory, ""), ("p-1.0/a/b.sql", FILE, "x"), ("./p-1.0/c", FILE, "y")];
        assert_eq!(unpacked(&entries).unwrap(), ["/into/a/b.sql", "/into/c"]);
    }

    #[test]
    fn nothing_is_written_elsewhere() {
        for entries in [
            &[("p/../../x", FILE, "x")][..],
            &[("/etc/x", FILE, "x")],
            &[("../x", FILE, "x")],
            &[("p/l", LINK, "/etc")],
            &[("p/l", LINK, "../x")],
            &[("p/a/l", LINK, "../../x")],
            &[("p/a/l", LINK, "b/../../x")],
            &[("p/l", LINK, "a"), ("p/l/x", FILE, "x")],
            &[("p/x", FILE, "x"), ("q/x", FILE, "x")],
            &[("p/x", EntryType::Fifo, "")],
            &[],
        ] {
            assert!(unpacked(entries).is_err(), "{entries:?}");
        }
        assert!(unpacked(&[("p/a/l", LINK, "../x")]).is_ok());
    }
}
