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
use super::job::{Job, Ran};
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
        match attempt_once(&mut conn, on, job) {
            Attempt::Ended => {
                *slot = Some(conn);
                return Ok(());
            }
            Attempt::Again => {
                *slot = Some(conn);
                // Spread the runners; the exact pause does not matter.
                std::thread::sleep(Duration::from_millis(u64::from(attempt * attempt)));
            }
            Attempt::LostBeforeCommit(error) => {
                if lost_once {
                    return Err(error);
                }
                lost_once = true;
            }
            Attempt::Broken(error) => {
                if !error.is_lost() {
                    *slot = Some(conn);
                }
                return Err(if error.is_locked() { Error::Busy } else { error });
            }
        }
    }
    Err(Error::Busy)
}

enum Attempt {
    Ended,
    Again,
    LostBeforeCommit(Error),
    Broken(Error),
}

fn attempt_once(conn: &mut Conn, on: On, job: &mut dyn Job) -> Attempt {
    let key = on.key();
    if let Some(key) = key
        && let Err(error) = dialect::lock(conn, key)
    {
        return lost_or_broken(error);
    }
    let attempt = in_transaction(conn, job);
    if let Some(key) = key
        && let Err(error) = dialect::unlock(conn, key)
    {
        // The lock ends with its connection; losing that after the commit changes nothing for the asker.
        tracing::warn!(%error, "could not give a lock back");
    }
    attempt
}

fn in_transaction(conn: &mut Conn, job: &mut dyn Job) -> Attempt {
    if let Err(error) = dialect::begin_write(conn) {
        return lost_or_broken(error);
    }
    match job.run(conn) {
        Ran::Done => match dialect::commit(conn) {
            Ok(()) => Attempt::Ended,
            Err(error) if error.is_conflict() => {
                drop(dialect::rollback(conn));
                Attempt::Again
            }
            Err(error) => Attempt::Broken(Error::CommitFailed(error.to_string())),
        },
        Ran::Refused => end_by_rollback(conn),
        Ran::Failed { conflict: true, .. } => {
            drop(dialect::rollback(conn));
            Attempt::Again
        }
        Ran::Failed { lost: true, .. } => Attempt::LostBeforeCommit(Error::Busy),
        Ran::Failed { .. } => end_by_rollback(conn),
    }
}

/// The act's own result, an error included, is the answer; only its rows must go.
fn end_by_rollback(conn: &mut Conn) -> Attempt {
    match dialect::rollback(conn) {
        Ok(()) => Attempt::Ended,
        Err(error) => Attempt::Broken(error),
    }
}

fn lost_or_broken(error: Error) -> Attempt {
    if error.is_lost() { Attempt::LostBeforeCommit(error) } else { Attempt::Broken(error) }
}
