//! Where a template writes to.

use minijinja::Value;

use crate::value::write_str;

/// Text, or the pieces of a native value.
#[derive(Debug)]
pub(crate) enum Out {
    Text(String),
    Native(Vec<Value>),
}

impl Out {
    pub fn text() -> Out {
        Out::Text(String::new())
    }

    pub fn push_str(&mut self, text: &str) {
        match self {
            Out::Text(out) => out.push_str(text),
            Out::Native(pieces) => pieces.push(Value::from(text)),
        }
    }

    pub fn push_value(&mut self, value: Value) {
        match self {
            Out::Text(out) => write_str(out, &value),
            Out::Native(pieces) => pieces.push(value),
        }
    }

    /// The text written.
    pub fn into_string(self) -> String {
        match self {
            Out::Text(text) => text,
            Out::Native(pieces) => {
                let mut text = String::new();
                pieces.iter().for_each(|piece| write_str(&mut text, piece));
                text
            }
        }
    }
}
