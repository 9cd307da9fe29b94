//! The `peerhall` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    peerhall::cli::main()
}
