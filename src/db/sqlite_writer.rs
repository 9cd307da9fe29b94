//! The one thread that writes to SQLite, committing several waiting acts together.
//!
//! Durable commits cost a flush to disk each; acts that wait while one commit runs share the next. An act that is
//! refused undoes only itself, and each is answered only after the common commit. An error that ends the outer
//! transaction (disk full, I/O) fails every act of the group, acknowledges none, and the thread goes on with a new
//! connection.
//!
//! Most acts that are refused have written nothing by then, so acts run without savepoints, which cost a copy of every
//! page they touch. When one that has written is refused, its group is begun anew with a savepoint around each act, and
//! so are the next groups: where refusals come in numbers, nothing is done twice.

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
/// Groups run with savepoints after one that needed them.
const CAREFUL: u32 = 32;

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
    let mut careful = 0_u32;
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
        match run(&mut conn, &mut group, &mut careful) {
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
fn run(conn: &mut Conn, group: &mut [Box<dyn Job>], careful: &mut u32) -> Result<(), Error> {
    if *careful == 0 && run_plainly(conn, group)? {
        return Ok(());
    }
    *careful = careful.checked_sub(1).unwrap_or(CAREFUL);
    run_apart(conn, group)
}

/// Says false, with nothing done, when an act has to be undone by itself.
fn run_plainly(conn: &mut Conn, group: &mut [Box<dyn Job>]) -> Result<bool, Error> {
    dialect::begin_write(conn, On::Nothing)?;
    for job in group {
        let before = dialect::changes(conn)?;
        let nothing_to_undo = match job.run(conn) {
            Ran::Done => true,
            Ran::Refused => dialect::changes(conn)? == before,
            // Whether the transaction is still there is found out by ending it.
            Ran::Failed { .. } => false,
        };
        if !nothing_to_undo {
            dialect::rollback(conn)?;
            return Ok(false);
        }
    }
    dialect::commit(conn)?;
    Ok(true)
}

/// Each act in a savepoint.
fn run_apart(conn: &mut Conn, group: &mut [Box<dyn Job>]) -> Result<(), Error> {
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use diesel::prelude::*;

    use crate::db::schema::rate_counters as rows;
    use crate::db::{Conn, DatabaseUrl, Db, Error, Failure, On, Sizes, migrate};
    use crate::web::Problem;

    fn put(c: &mut Conn, subject: &str) -> QueryResult<usize> {
        let row =
            (rows::scope.eq("t"), rows::subject.eq(subject), rows::window_start.eq(0), rows::used.eq(1));
        diesel::insert_into(rows::table).values(row).execute(c)
    }

    fn refusal() -> Failure<Problem> {
        Problem::too_often(1).into()
    }

    #[test]
    fn in_a_group_only_what_was_refused_is_undone_and_reading_before_costs_nothing() {
        let folder = std::env::temp_dir().join(format!("peerhall-writer-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let url = DatabaseUrl::in_directory(&folder);
        migrate(&url).unwrap();
        let db = Db::open(&url, Sizes { readers: 1, writers: 1, queue: 64 }).unwrap();

        // The writer is held until all others wait for it, so that they become one group.
        let (go, held) = std::sync::mpsc::channel::<()>();
        let held = std::sync::Mutex::new(held);
        let first = db.submit_write(On::Nothing, move |_| {
            let _ = held.lock().unwrap().recv();
            Ok::<_, Error>(())
        });
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = |act: &'static str| {
            let runs = runs.clone();
            db.submit_write(On::Nothing, move |c| {
                runs.fetch_add(1, Ordering::Relaxed);
                match act {
                    "refused at once" => return Err(refusal()),
                    "refused late" => {
                        put(c, act)?;
                        return Err(refusal());
                    }
                    _ => put(c, act)?,
                };
                Ok(())
            })
            .ok()
            .unwrap()
        };
        let harmless = [counted("one"), counted("refused at once"), counted("two")];
        go.send(()).unwrap();
        first.ok().unwrap().answer_now().unwrap();
        let [one, refused, two] = harmless.map(|pending| pending.answer_now().is_ok());
        assert_eq!((one, refused, two, runs.load(Ordering::Relaxed)), (true, false, true, 3));

        let acts = [counted("three"), counted("refused late"), counted("four")];
        let [three, refused, four] = acts.map(|pending| pending.answer_now().is_ok());
        assert_eq!((three, refused, four), (true, false, true));
        let kept: Vec<String> = db
            .read_now(|c| Ok::<_, Error>(rows::table.order(rows::subject).select(rows::subject).load(c)?))
            .unwrap();
        assert_eq!(kept, ["four", "one", "three", "two"]);
        let _ = std::fs::remove_dir_all(&folder);
    }
}
