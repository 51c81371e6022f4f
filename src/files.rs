//! The file system, behind one narrow trait. No other module touches `std::fs`.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Writes the content of a file.
pub type Fill<'a> = &'a mut dyn FnMut(&mut dyn Write) -> io::Result<()>;

/// What karat needs of a file system. Paths are absolute or relative to the process's folder.
pub trait Files: Send + Sync {
    /// The bytes of a file.
    ///
    /// # Errors
    /// Whatever the system says: missing, unreadable, a folder.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// All files below a folder, sorted, not entering a folder for which `skip` is true. A missing folder is empty.
    ///
    /// # Errors
    /// A folder that can't be read.
    fn walk(&self, folder: &Path, skip: &dyn Fn(&Path) -> bool) -> io::Result<Vec<PathBuf>>;

    /// The folders right below a folder, sorted; links are followed. A missing folder has none.
    ///
    /// # Errors
    /// A folder that can't be read.
    fn folders(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;

    /// Replaces a file in one step, making its folder when it is missing: a reader sees the old bytes or the new.
    ///
    /// # Errors
    /// Whatever the system says: no permission, no space.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.write_with(path, &mut |out| out.write_all(bytes))
    }

    /// The same for a file that is written piece by piece, so that it need not fit into memory.
    ///
    /// # Errors
    /// Whatever the system says, and what `fill` returns; the old file is kept then.
    fn write_with(&self, path: &Path, fill: Fill<'_>) -> io::Result<()>;

    /// Makes a folder and those above it.
    ///
    /// # Errors
    /// Whatever the system says.
    fn make_folder(&self, path: &Path) -> io::Result<()>;

    /// Gives a file or folder another path. The folder that it goes to is made.
    ///
    /// # Errors
    /// Whatever the system says.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Makes a symbolic link at `path` that leads to `target`; a copy where the system has no such links.
    ///
    /// # Errors
    /// Whatever the system says.
    fn link(&self, target: &Path, path: &Path) -> io::Result<()>;

    /// Removes a folder and all below it; a missing one is no error.
    ///
    /// # Errors
    /// Whatever the system says.
    fn remove_folder(&self, path: &Path) -> io::Result<()>;

    /// Whether a file or folder is there.
    fn exists(&self, path: &Path) -> bool;
}

/// The path without `.` and `..`.
pub fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => drop(out.pop()),
            std::path::Component::CurDir => {}
            other => out.push(other),
        }
    }
    out
}

/// The real file system.
#[derive(Debug, Default, Clone, Copy)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn walk(&self, folder: &Path, skip: &dyn Fn(&Path) -> bool) -> io::Result<Vec<PathBuf>> {
        if !folder.exists() {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        let entries = walkdir::WalkDir::new(folder)
            .follow_links(true)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(|e| e.depth() == 0 || !e.file_type().is_dir() || !skip(e.path()));
        for entry in entries {
            match entry {
                Ok(entry) if entry.file_type().is_file() => found.push(entry.into_path()),
                Ok(_) => {}
                Err(error) => found.push(link_to_nothing(error)?),
            }
        }
        Ok(found)
    }

    fn folders(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        if !folder.exists() {
            return Ok(Vec::new());
        }
        let entries = std::fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
        let mut found: Vec<PathBuf> = entries.into_iter().map(|e| e.path()).filter(|p| p.is_dir()).collect();
        found.sort();
        Ok(found)
    }

    fn write_with(&self, path: &Path, fill: Fill<'_>) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut draft = path.as_os_str().to_owned();
        // Two nodes may have one path, and two workers write it at the same time.
        draft.push(format!(".{}-{:?}.tmp", std::process::id(), std::thread::current().id()));
        let draft = PathBuf::from(draft);
        let written = std::fs::File::create(&draft).and_then(|file| {
            let mut out = BufWriter::with_capacity(1 << 18, file);
            fill(&mut out)?;
            out.flush()
        });
        written.and_then(|()| std::fs::rename(&draft, path)).inspect_err(|_| drop(std::fs::remove_file(&draft)))
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        std::fs::create_dir_all(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        if let Some(folder) = to.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::rename(from, to)
    }

    fn link(&self, target: &Path, path: &Path) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        #[cfg(unix)]
        return std::os::unix::fs::symlink(target, path);
        #[cfg(not(unix))]
        copy_folder(target, path)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        match std::fs::remove_dir_all(path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }
}

#[cfg(not(unix))]
fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry?;
        let place = to.join(entry.path().strip_prefix(from).unwrap_or(entry.path()));
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(&place)?;
        } else {
            std::fs::copy(entry.path(), &place)?;
        }
    }
    Ok(())
}

/// A symbolic link to something that is not there is a file: whoever reads it learns that it can't be read.
fn link_to_nothing(error: walkdir::Error) -> io::Result<PathBuf> {
    match error.path().filter(|path| path.is_symlink() && !path.exists()).map(Path::to_owned) {
        Some(path) if error.loop_ancestor().is_none() => Ok(path),
        _ => Err(error.into()),
    }
}

/// A file system in memory, for tests.
#[derive(Debug, Default)]
pub struct Memory {
    files: Mutex<BTreeMap<PathBuf, Vec<u8>>>,
}

impl Memory {
    /// A file system that holds these files.
    pub fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let files = files.into_iter().map(|(p, t)| (PathBuf::from(p), t.as_bytes().to_vec())).collect();
        Self { files: Mutex::new(files) }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<PathBuf, Vec<u8>>> {
        self.files.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Files for Memory {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.lock().get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn walk(&self, folder: &Path, skip: &dyn Fn(&Path) -> bool) -> io::Result<Vec<PathBuf>> {
        let below = |path: &&PathBuf| {
            let mut parent = path.parent();
            while let Some(p) = parent {
                if p == folder {
                    return true;
                }
                if skip(p) {
                    return false;
                }
                parent = p.parent();
            }
            false
        };
        // `skip` may ask this file system, so the lock is not held meanwhile.
        let all: Vec<PathBuf> = self.lock().keys().cloned().collect();
        Ok(all.into_iter().filter(|path| below(&path)).collect())
    }

    fn folders(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let below = |path: &PathBuf| {
            let mut parts = path.strip_prefix(folder).ok()?.components();
            let first = parts.next()?;
            parts.next().map(|_| folder.join(first))
        };
        let mut found: Vec<PathBuf> = self.lock().keys().filter_map(below).collect();
        found.dedup();
        Ok(found)
    }

    fn write_with(&self, path: &Path, fill: Fill<'_>) -> io::Result<()> {
        let mut bytes = Vec::new();
        fill(&mut bytes)?;
        self.lock().insert(path.to_owned(), bytes);
        Ok(())
    }

    fn make_folder(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut files = self.lock();
        let moved: Vec<PathBuf> = files.keys().filter(|path| path.starts_with(from)).cloned().collect();
        for path in moved {
            if let (Some(bytes), Ok(rest)) = (files.remove(&path), path.strip_prefix(from)) {
                files.insert(to.join(rest), bytes);
            }
        }
        Ok(())
    }

    fn link(&self, target: &Path, path: &Path) -> io::Result<()> {
        let bytes = target.to_string_lossy().into_owned().into_bytes();
        self.lock().insert(path.to_owned(), bytes);
        Ok(())
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.lock().retain(|p, _| !p.starts_with(path));
        Ok(())
    }

    fn exists(&self, path: &Path) -> bool {
        self.lock().keys().any(|p| p.starts_with(path))
    }
}
