//! Values that must not be seen: those of environment variables whose name says that they are secret.

use crate::jinja::functions::SECRET_PREFIX;

/// What stands for a secret.
pub const HIDDEN: &str = "*****";

/// A text without the values of secret environment variables.
pub fn scrub(text: &str) -> String {
    let secrets = std::env::vars().filter(|(name, value)| name.starts_with(SECRET_PREFIX) && !value.is_empty());
    secrets.fold(text.to_owned(), |text, (_, value)| text.replace(&value, HIDDEN))
}
