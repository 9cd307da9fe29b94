//! The threads that write to PostgreSQL, each with a connection of its own.
//!
//! An act names what it serialises on. Its thread takes that advisory lock *before* the transaction
//! begins and gives it back after the end, so that the transaction's snapshot is newer than its wait; a
//! row lock inside the transaction would abort every waiter under SERIALIZABLE. Acts on the same thing in
//! this process wait in the queue instead of each holding a connection. Conflicts that remain are run
//! again, eight times at most.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::conn::{Conn, Use};
use super::failure::Error;
use super::job::{self, Job};
use super::{DatabaseUrl, On, Sizes, dialect};

/// Runs of one act before its asker is told that the database is busy.
const TRIES: u32 = 8;

#[derive(Clone)]
pub(super) struct PostgresWriters {
    shared: Arc<Handle>,
}

/// Closes the queue when the last [`PostgresWriters`] is gone.
struct Handle(Arc<Shared>);

struct Shared {
    waiting: Mutex<Waiting>,
    news: Condvar,
    limit: usize,
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<(On, Box<dyn Job>)>,
    running: HashSet<On>,
    closed: bool,
}

impl PostgresWriters {
    pub(super) fn start(
        url: &DatabaseUrl,
        sizes: Sizes,
        commits: Arc<watch::Sender<u64>>,
    ) -> Result<PostgresWriters, Error> {
        let shared = Arc::new(Shared { waiting: Mutex::default(), news: Condvar::new(), limit: sizes.queue });
        for number in 0..sizes.writers {
            let first = Conn::open(url, Use::Write)?;
            let (url, shared, commits) = (url.clone(), shared.clone(), commits.clone());
            std::thread::Builder::new()
                .name(format!("writer-{number}"))
                .spawn(move || serve(first, &url, &shared, &commits))
                .map_err(|error| Error::Unreachable {
                    place: "a writer thread".into(),
                    why: error.to_string(),
                })?;
        }
        Ok(PostgresWriters { shared: Arc::new(Handle(shared)) })
    }

    pub(super) fn submit(&self, on: On, job: Box<dyn Job>) -> Result<(), Error> {
        let shared = &self.shared.0;
        let mut waiting = shared.lock();
        if waiting.jobs.len() >= shared.limit {
            return Err(Error::Busy);
        }
        waiting.jobs.push_back((on, job));
        drop(waiting);
        shared.news.notify_one();
        Ok(())
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.news.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first act whose subject nobody in this process is working on; None when the queue is closed.
    fn next(&self) -> Option<(On, Box<dyn Job>)> {
        let mut waiting = self.lock();
        loop {
            let free = waiting.jobs.iter().position(|(on, _)| !waiting.running.contains(on));
            if let Some((on, job)) = free.and_then(|index| waiting.jobs.remove(index)) {
                if on != On::Nothing {
                    waiting.running.insert(on);
                }
                return Some((on, job));
            }
            if waiting.closed {
                return None;
            }
            waiting = self.news.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn done(&self, on: On) {
        self.lock().running.remove(&on);
        self.news.notify_all();
    }
}

fn serve(first: Conn, url: &DatabaseUrl, shared: &Shared, commits: &watch::Sender<u64>) {
    let mut slot = Some(first);
    while let Some((on, mut job)) = shared.next() {
        let end = run(&mut slot, url, on, job.as_mut());
        shared.done(on);
        if end.is_ok() {
            commits.send_modify(|count| *count += 1);
        }
        job.finish(end);
    }
}

/// Runs one act to its end. `Ok` when it was committed or refused.
fn run(slot: &mut Option<Conn>, url: &DatabaseUrl, on: On, job: &mut dyn Job) -> Result<(), Error> {
    let mut lost_once = false;
    for attempt in 0..TRIES {
        let mut conn = match slot.take() {
            Some(conn) => conn,
            None => Conn::open(url, Use::Write)?,
        };
        let Ran { end, sound } = attempt_once(&mut conn, on, job);
        if sound {
            *slot = Some(conn);
        }
        match end {
            End::Ended => return Ok(()),
            End::Again => std::thread::sleep(pause(attempt)),
            End::LostBeforeCommit(error) if lost_once => return Err(error),
            End::LostBeforeCommit(_) => lost_once = true,
            End::Broken(error) => return Err(if error.is_locked() { Error::Busy } else { error }),
        }
    }
    Err(Error::Busy)
}

/// A random pause that doubles its range with each attempt, up to about half a second: acts that met once must
/// not meet again at the same moment.
fn pause(attempt: u32) -> Duration {
    let mut random = [0_u8; 2];
    // Without randomness all pause alike and meet again; they still end after some tries.
    let _ = getrandom::fill(&mut random);
    let most = 4_000_u64 << attempt.min(7);
    Duration::from_micros(most * u64::from(u16::from_le_bytes(random)) / u64::from(u16::MAX))
}

/// How an attempt ended, and whether its connection may be used again: one whose transaction or lock is in
/// doubt is closed, which ends both.
struct Ran {
    end: End,
    sound: bool,
}

enum End {
    Ended,
    Again,
    LostBeforeCommit(Error),
    Broken(Error),
}

fn attempt_once(conn: &mut Conn, on: On, job: &mut dyn Job) -> Ran {
    let key = on.key();
    if let Some(key) = key
        && let Err(error) = dialect::lock(conn, key)
    {
        return unsound(error);
    }
    let mut ran = in_transaction(conn, on, job);
    if let Some(key) = key
        && ran.sound
        && let Err(error) = dialect::unlock(conn, key)
    {
        tracing::warn!(%error, "could not give a lock back; it ends with its connection");
        ran.sound = false;
    }
    ran
}

fn in_transaction(conn: &mut Conn, on: On, job: &mut dyn Job) -> Ran {
    if let Err(error) = dialect::begin_write(conn, on) {
        return unsound(error);
    }
    match job.run(conn) {
        job::Ran::Done => match dialect::commit(conn) {
            Ok(()) => Ran { end: End::Ended, sound: true },
            // PostgreSQL has rolled back already; should that be in doubt, the next begin finds out.
            Err(error) if error.is_conflict() => Ran { end: End::Again, sound: true },
            Err(error) => Ran { end: End::Broken(Error::CommitFailed(error.to_string())), sound: false },
        },
        // The act's own result, an error included, is the answer; only its rows must go.
        job::Ran::Refused => undone(conn, End::Ended),
        job::Ran::Failed { conflict: true, .. } => undone(conn, End::Again),
        job::Ran::Failed { lost: true, .. } => Ran { end: End::LostBeforeCommit(Error::Busy), sound: false },
        job::Ran::Failed { .. } => undone(conn, End::Ended),
    }
}

/// Rolls back; the end stands either way, because nothing of the act was kept.
fn undone(conn: &mut Conn, end: End) -> Ran {
    Ran { end, sound: dialect::rollback(conn).is_ok() }
}

fn unsound(error: Error) -> Ran {
    let end = if error.is_locked() { End::Broken(error) } else { End::LostBeforeCommit(error) };
    Ran { end, sound: false }
}
