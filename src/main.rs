//! The `peerhall` program.

use std::process::ExitCode;

/// Hashing passwords and rendering pages allocate much for a moment on many threads. The system's allocator keeps all
/// of that for each thread (four times 58 MiB after some sign-ins); this one gives it back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    peerhall::cli::main()
}
