//! The `peerhall` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    peerhall::cli::main()
}
