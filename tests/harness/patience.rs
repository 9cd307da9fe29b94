//! Waiting for a condition, never for a time.

use std::time::{Duration, Instant};

const DEADLINE: Duration = Duration::from_secs(60);

/// Asks until `probe` answers something, and fails the test when it has not within a minute. `what` says
/// what was waited for.
#[track_caller]
pub fn eventually<T>(what: &str, mut probe: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = probe() {
            return found;
        }
        assert!(begun.elapsed() < DEADLINE, "waited {DEADLINE:?} in vain for: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
