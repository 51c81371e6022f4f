//! Methods of bytes.

use minijinja::Value;

use crate::args::Args;
use crate::error::{Eval, value_error};

pub(super) const NAMES: &[&str] = &["decode", "hex"];

pub(super) fn call(data: &[u8], name: &str, args: &Args) -> Option<Eval<Value>> {
    match name {
        "decode" => Some(args.bind("decode", ["encoding", "errors"], 0).and_then(|_| {
            let text = std::str::from_utf8(data);
            text.map(Value::from).map_err(|_| value_error("'utf-8' codec can't decode bytes"))
        })),
        "hex" => Some(Ok(Value::from(data.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))),
        _ => None,
    }
}
