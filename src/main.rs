//! The `karat` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    karat::cli::main(std::env::args_os().collect())
}
