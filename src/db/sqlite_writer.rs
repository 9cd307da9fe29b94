//! The one thread that writes to SQLite, committing several waiting acts together.
//!
//! Durable commits cost a flush to disk each; acts that wait while one commit runs share the next. Each
//! act runs in a savepoint, so one that is refused undoes only itself, and each is answered only after
//! the common commit. An error that ends the outer transaction (disk full, I/O) fails every act of the
//! group, acknowledges none, and the thread goes on with a new connection.

use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use tokio::sync::watch;

use super::conn::{Conn, Use};
use super::failure::Error;
use super::job::{Job, Ran};
use super::{DatabaseUrl, On, dialect};

/// Acts that share a commit at most.
const GROUP: usize = 128;

#[derive(Clone)]
pub(super) struct SqliteWriter {
    queue: Sender<Box<dyn Job>>,
}

impl SqliteWriter {
    pub(super) fn start(
        url: &DatabaseUrl,
        queue: usize,
        commits: Arc<watch::Sender<u64>>,
    ) -> Result<SqliteWriter, Error> {
        let first = Conn::open(url, Use::Write)?;
        let (sender, jobs) = bounded(queue);
        let url = url.clone();
        std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || serve(first, &url, &jobs, &commits))
            .map_err(|error| Error::Unreachable {
                place: "the writer thread".into(),
                why: error.to_string(),
            })?;
        Ok(SqliteWriter { queue: sender })
    }

    pub(super) fn submit(&self, job: Box<dyn Job>) -> Result<(), Error> {
        self.queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => Error::Busy,
            TrySendError::Disconnected(_) => Error::Stopped,
        })
    }
}

fn serve(first: Conn, url: &DatabaseUrl, queue: &Receiver<Box<dyn Job>>, commits: &watch::Sender<u64>) {
    let mut slot = Some(first);
    for job in queue {
        let mut group = vec![job];
        group.extend(queue.try_iter().take(GROUP - 1));
        let mut conn = match slot.take().map_or_else(|| Conn::open(url, Use::Write), Ok) {
            Ok(conn) => conn,
            Err(error) => {
                tracing::error!(%error, "the writer cannot open the database");
                let words = error.to_string();
                finish(group, || Err(Error::CommitFailed(words.clone())));
                std::thread::sleep(Duration::from_millis(100));
                continue;
            }
        };
        match run_group(&mut conn, &mut group) {
            Ok(()) => {
                slot = Some(conn);
                commits.send_modify(|count| *count += 1);
                finish(group, || Ok(()));
            }
            Err(error) if error.is_locked() => {
                slot = Some(conn);
                finish(group, || Err(Error::Busy));
            }
            Err(error) => {
                tracing::error!(%error, acts = group.len(), "a group of writes failed; nothing of it was kept");
                let words = error.to_string();
                finish(group, || Err(Error::CommitFailed(words.clone())));
            }
        }
    }
}

/// One transaction over the whole group. `Err` means that the outer transaction is gone.
fn run_group(conn: &mut Conn, group: &mut [Box<dyn Job>]) -> Result<(), Error> {
    dialect::begin_write(conn, On::Nothing)?;
    for job in group {
        dialect::savepoint(conn)?;
        match job.run(conn) {
            Ran::Done => dialect::keep_savepoint(conn)?,
            Ran::Refused | Ran::Failed { .. } => dialect::undo_savepoint(conn)?,
        }
    }
    dialect::commit(conn)
}

fn finish(group: Vec<Box<dyn Job>>, end: impl Fn() -> Result<(), Error>) {
    for job in group {
        job.finish(end());
    }
}
