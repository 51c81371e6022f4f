//! Names that a template mentions.

use super::lexer::{Lexer, Tok};

/// Whether a template mentions a name, run or not: `this`, but not `that.this`, `f(this=1)` and `'this'`.
/// What follows a syntax error does not count.
#[must_use]
pub fn mentions(source: &str, name: &str) -> bool {
    let mut lexer = Lexer::new(source);
    let mut before = Tok::Eof;
    let mut found = false;
    loop {
        let token = match lexer.next() {
            Ok((token, _)) => token,
            Err(_) => return found,
        };
        if found && token != Tok::Op("=") {
            return true;
        }
        found = token == Tok::Name(name) && before != Tok::Op(".");
        if token == Tok::Eof {
            return false;
        }
        before = token;
    }
}

#[cfg(test)]
mod tests {
    use super::mentions;

    #[test]
    fn a_name_counts_where_it_is_read() {
        for yes in ["{{ this }}", "{% if false %}{{ f(x, y=this.name) }}{% endif %}", "{% set x = [this] %}"] {
            assert!(mentions(yes, "this"), "{yes}");
        }
        for no in ["this", "{# this #}", "{{ 'this' }}", "{{ that.this }}", "{{ f(this=1) }}", "{{ thisness }}", ""] {
            assert!(!mentions(no, "this"), "{no}");
        }
        assert!(!mentions("{% raw %}{{ this }}{% endraw %}", "this"));
    }
}
