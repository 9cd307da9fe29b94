//! How much memory this process took at most.

/// The peak of its resident memory in bytes, files it mapped included; None where the system does not tell
/// (`/proc` is Linux's).
pub fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
