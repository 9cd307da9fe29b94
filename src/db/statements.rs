//! Counts statements, and writes them down when a test wants to see their plans.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use diesel::connection::{Instrumentation, InstrumentationEvent};

thread_local! {
    // `BEGIN` and the like left out.
    static STATEMENTS: Cell<u64> = const { Cell::new(0) };
    static FOR_REQUEST: Cell<bool> = const { Cell::new(false) };
}

static CAPTURING: AtomicBool = AtomicBool::new(false);
static CAPTURED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Runs `body`, on a database thread, for a request, and says how many statements it took.
pub fn for_request<T>(body: impl FnOnce() -> T) -> (T, u64) {
    let before = STATEMENTS.get();
    FOR_REQUEST.set(true);
    let answer = body();
    FOR_REQUEST.set(false);
    (answer, STATEMENTS.get() - before)
}

/// Writes down, from now on, every different statement run for a request of this process, without its values.
pub fn capture_statements() {
    CAPTURING.store(true, Ordering::Relaxed);
}

/// The statements written down since [`capture_statements`].
pub fn captured_statements() -> Vec<String> {
    CAPTURED.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
}

/// Hears of every statement of a connection.
pub(super) struct Counter;

impl Instrumentation for Counter {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { query, .. } => {
                STATEMENTS.set(STATEMENTS.get() + 1);
                if FOR_REQUEST.get() && CAPTURING.load(Ordering::Relaxed) {
                    let text = query.to_string();
                    let text = text.split(" -- binds").next().unwrap_or_default().to_owned();
                    CAPTURED.lock().unwrap_or_else(PoisonError::into_inner).insert(text);
                }
            }
            // Each of these also shows as a query of its own.
            InstrumentationEvent::BeginTransaction { .. }
            | InstrumentationEvent::CommitTransaction { .. }
            | InstrumentationEvent::RollbackTransaction { .. } => {
                STATEMENTS.set(STATEMENTS.get().saturating_sub(1));
            }
            _ => {}
        }
    }
}
