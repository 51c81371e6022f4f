//! The password file of libpq: <https://www.postgresql.org/docs/current/libpq-pgpass.html>.

use std::path::{Path, PathBuf};

use super::settings::Environment;

/// The password for a connection, if the file has a line for it. A file that others may read is not used.
pub(super) fn find(environment: Environment<'_>, host: &str, port: u16, dbname: &str, user: &str) -> Option<String> {
    let path = path(environment)?;
    if is_open_to_others(&path) {
        return None;
    }
    let host = if host.starts_with('/') { "localhost" } else { host };
    look_up(&std::fs::read_to_string(path).ok()?, [host, &port.to_string(), dbname, user])
}

fn path(environment: Environment<'_>) -> Option<PathBuf> {
    let given = environment("PGPASSFILE").filter(|path| !path.is_empty()).map(PathBuf::from);
    given.or_else(|| Some(Path::new(&environment("HOME")?).join(".pgpass")))
}

#[cfg(unix)]
fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_path: &Path) -> bool {
    false
}

/// The last field of the first line whose four other fields are `wanted` or `*`.
fn look_up(text: &str, wanted: [&str; 4]) -> Option<String> {
    text.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let fields = fields(line);
        let (password, keys) = fields.split_last().filter(|(_, keys)| keys.len() == wanted.len())?;
        let fits = keys.iter().zip(wanted).all(|(key, wanted)| key == "*" || key == wanted);
        fits.then(|| password.clone())
    })
}

/// The fields of a line: separated by `:`, where `\` keeps the character after it from meaning anything.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ':' if fields.len() < 5 => fields.push(String::new()),
            '\\' => fields.last_mut().into_iter().for_each(|field| field.extend(letters.next())),
            other => fields.last_mut().into_iter().for_each(|field| field.push(other)),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_fits_has_the_password() {
        let text = "# localhost:*:*:*:no\nlocalhost:5432:shop:ana:se\\:cr\\\\et\n*:*:*:*:other:word\n";
        assert_eq!(look_up(text, ["localhost", "5432", "shop", "ana"]), Some("se:cr\\et".to_owned()));
        assert_eq!(look_up(text, ["localhost", "5433", "shop", "ana"]), Some("other:word".to_owned()));
        assert_eq!(look_up("a:b:c\n", ["a", "b", "c", "d"]), None);
    }
}
