//! Keeps the index: follows the log, and has it built anew beside what serves when it has to be.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tantivy::{Index, IndexWriter, TantivyError, Term};
use tokio::sync::watch;

use super::build::{BuildError, add, build, commit, mark};
use super::changes::Changes;
use super::document::Post;
use super::place::Place;
use super::schema::{self, Fields, VERSION};
use super::source::{self, Told, Which};
use super::watch::{Watch, check};
use super::{Live, Payload, SearchIndex, payload};
use crate::clock::Clock;
use crate::db::{Db, Error};
use crate::events::{self, Recorded};

/// Between two looks at the log. What is written meanwhile is committed together.
const LOOK: Duration = Duration::from_millis(200);
/// Events followed at a time.
const BATCH: i64 = 2_000;
/// Memory of the writer that follows, in bytes; the least it can work with.
const MEMORY: usize = 15_000_000;
/// After a build that failed: the disk may be full.
const AGAIN: Duration = Duration::from_secs(5);

/// Keeps a process's index.
pub struct Keeper {
    db: Db,
    clock: Clock,
    index: Arc<SearchIndex>,
    place: Place,
    writer: Option<IndexWriter>,
    cursor: Payload,
    building: Option<JoinHandle<Result<(Index, PathBuf), BuildError>>>,
    /// Where that builds.
    site: PathBuf,
    not_before: Option<Instant>,
    stop: watch::Receiver<bool>,
    watch: Watch,
}

impl Keeper {
    /// A keeper of `index` in this place, not yet running; it ends when `stop` turns true.
    pub fn new(
        db: Db,
        clock: Clock,
        index: Arc<SearchIndex>,
        place: Place,
        stop: watch::Receiver<bool>,
    ) -> Keeper {
        let (cursor, site) = (Payload::until(None, 0), PathBuf::new());
        let (writer, building, not_before) = (None, None, None);
        Keeper {
            db,
            clock,
            index,
            place,
            writer,
            cursor,
            building,
            site,
            not_before,
            stop,
            watch: Watch::begin(),
        }
    }

    /// Keeps it on the calling thread.
    pub fn run(mut self) {
        self.take_over();
        while !self.stopping() {
            self.look_after_building();
            let begun = Instant::now();
            let mut more = false;
            if self.writer.is_some() {
                // A library that panics over damaged files is a fault of the index like any other.
                let followed = catch_unwind(AssertUnwindSafe(|| self.follow()));
                match followed.unwrap_or_else(|_| Err(Fault::Index(panicked()))) {
                    Ok(full) => more = full,
                    Err(Fault::Database(error)) => {
                        tracing::warn!(%error, "the search index could not follow the log; trying again");
                    }
                    Err(Fault::Index(error)) => self.trouble(&error),
                }
                if let Some(live) = self.index.live() {
                    let watched =
                        catch_unwind(AssertUnwindSafe(|| self.watch.look(&live, &self.index.figures)));
                    if let Err(error) = watched.unwrap_or_else(|_| Err(panicked())) {
                        self.index.broke(&error);
                    }
                }
            } else {
                self.tell_lag();
            }
            // At most half of the time goes into indexing, however much is written.
            let until = Instant::now() + if more { begun.elapsed() } else { LOOK.max(begun.elapsed()) };
            while !self.stopping() && Instant::now() < until {
                std::thread::sleep(LOOK / 8);
            }
        }
        if let Some(building) = self.building.take() {
            // It stops at its next look.
            drop(building.join());
        }
    }

    /// What was to be written could not be. Where the files are whole it is not the index's fault: a full disk does not
    /// get emptier by building another one beside it.
    fn trouble(&mut self, error: &TantivyError) {
        self.writer = None;
        let whole = self.index.live().filter(|live| check(live).is_ok());
        match whole.map(|live| live.index.writer_with_num_threads(1, MEMORY)) {
            Some(Ok(writer)) => {
                tracing::warn!(%error, "the search index could not be written; trying again");
                self.writer = Some(writer);
                let until = Instant::now() + AGAIN;
                while !self.stopping() && Instant::now() < until {
                    std::thread::sleep(LOOK / 8);
                }
            }
            _ => self.index.broke(error),
        }
    }

    fn stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// Opens what an earlier process left, as far as it can be used.
    fn take_over(&mut self) {
        let Some(folder) = self.place.current() else { return };
        self.place.tidy(&folder);
        let open = || {
            schema::open(&folder).and_then(|index| {
                let known = Fields::of(&index.schema());
                let left = payload(&index);
                match (known, left) {
                    (Some(fields), Some(left)) => Ok((Live::new(index, fields, folder.clone())?, left)),
                    _ => Err(TantivyError::SchemaError("another version's".to_owned())),
                }
            })
        };
        let opened = catch_unwind(AssertUnwindSafe(open)).unwrap_or_else(|_| Err(panicked()));
        match opened {
            Ok((live, left)) if left.version == VERSION => match check(&live) {
                Ok(()) => self.serve(Arc::new(live), left),
                Err(error) => tracing::warn!(%error, "the search index cannot be used; it is built anew"),
            },
            Ok((live, left)) => {
                tracing::info!(
                    version = left.version,
                    "the search index is of another version; it is built anew"
                );
                self.index.figures.cursor.store(left.position, Ordering::Release);
                self.index.outdated.store(true, Ordering::Release);
                self.index.put(Some(Arc::new(live)));
            }
            Err(error) => tracing::warn!(%error, "the search index cannot be used; it is built anew"),
        }
    }

    /// From now on this index serves, and is followed up.
    fn serve(&mut self, live: Arc<Live>, left: Payload) {
        match live.index.writer_with_num_threads(1, MEMORY) {
            Ok(writer) => {
                self.writer = Some(writer);
                self.index.figures.cursor.store(left.position, Ordering::Release);
                self.cursor = left;
                self.index.put(Some(live));
                self.index.broken.store(false, Ordering::Release);
                self.index.outdated.store(false, Ordering::Release);
                self.watch = Watch::begin();
            }
            Err(error) => self.index.broke(&error),
        }
    }

    /// Begins a build where one is needed, and lets its index serve when it is done.
    fn look_after_building(&mut self) {
        if self.index.broken.load(Ordering::Acquire) {
            self.writer = None;
        }
        match self.building.take() {
            Some(building) if !building.is_finished() => self.building = Some(building),
            Some(building) => self.built(building.join()),
            // What serves goes on serving and following until the new one is there.
            None if (self.writer.is_none() || self.cursor.asked > 0)
                && self.not_before.is_none_or(|at| at <= Instant::now()) =>
            {
                self.begin();
            }
            None => {}
        }
    }

    fn begin(&mut self) {
        // What an earlier process left half built.
        self.place.tidy(&self.place.current().unwrap_or_default());
        let folder = match self.place.next() {
            Ok(folder) => folder,
            Err(error) => return self.failed(&error),
        };
        self.site.clone_from(&folder);
        let (db, told, stop) = (self.db.clone(), self.index.clone(), self.stop.clone());
        let named = std::thread::Builder::new().name("search-build".to_owned());
        match named.spawn(move || build(&db, folder, &told, &stop)) {
            Ok(building) => self.building = Some(building),
            Err(error) => self.failed(&error),
        }
    }

    fn built(&mut self, ended: std::thread::Result<Result<(Index, PathBuf), BuildError>>) {
        let (index, folder) = match ended {
            Ok(Ok(built)) => built,
            Ok(Err(BuildError::Stopped)) => return self.clear(),
            Ok(Err(error)) => return self.failed(&error),
            Err(_) => return self.failed(&"the build panicked"),
        };
        let left = payload(&index);
        let live = Live::new(index, Fields::build().1, folder.clone());
        match (live, left) {
            (Ok(live), Some(left)) => {
                // The writer of the one before holds files in a folder that is removed next.
                self.writer = None;
                if let Err(error) = self.place.enthrone(&folder) {
                    return self.failed(&error);
                }
                self.index.figures.rebuilt.fetch_add(1, Ordering::Relaxed);
                self.serve(Arc::new(live), left);
                tracing::info!("the search index is built");
            }
            (Err(error), _) => self.failed(&error),
            (_, None) => self.failed(&"it has no cursor"),
        }
    }

    fn failed(&mut self, why: &dyn std::fmt::Display) {
        tracing::error!(%why, "the search index could not be built; trying again");
        self.clear();
        self.not_before = Some(Instant::now() + AGAIN);
    }

    /// Removes what was begun and will not be used.
    fn clear(&self) {
        let used = self.place.current().is_some_and(|current| current == self.site);
        if !used && let Err(error) = std::fs::remove_dir_all(&self.site) {
            tracing::debug!(%error, folder = %self.site.display(), "a half built search index is left behind");
        }
    }

    /// Takes in what happened since; true when there is more.
    fn follow(&mut self) -> Result<bool, Fault> {
        let Some(live) = self.index.live() else { return Ok(false) };
        let position = self.cursor.position;
        // The last one that is known comes first, to see whether it is still the same history.
        let (mut events, end) = self.db.read_now(move |c| {
            let from = if position == 0 { 0 } else { position - 1 };
            Ok::<_, Error>((events::after(c, from, BATCH + 1)?, events::last_position(c)?))
        })?;
        if position > 0 {
            let same = events
                .first()
                .is_some_and(|event| event.position == Some(position) && mark(event) == self.cursor.mark);
            if !same {
                tracing::warn!("the database has another history than the search index; it is built anew");
                // Its spaces may be others, and what it says to be open may be closed.
                self.index.put(None);
                self.index.broken.store(true, Ordering::Release);
                return Ok(false);
            }
            events.remove(0);
        }
        self.tell(&events, end);
        let Some(last) = events.last().cloned() else { return Ok(false) };
        let changes = Changes::of(&events);
        self.take_in(&live, changes.threads)?;
        let Some(writer) = &mut self.writer else { return Ok(false) };
        let asked = if changes.rebuild { last.position.unwrap_or(position) } else { self.cursor.asked };
        let next = Payload::until(Some(&last), asked);
        commit(writer, &next)?;
        live.reload()?;
        self.cursor = next;
        self.index.figures.cursor.store(self.cursor.position, Ordering::Release);
        let more = events.len() as i64 >= BATCH;
        if !more {
            self.tell(&[], end);
        }
        Ok(more)
    }

    fn take_in(&mut self, live: &Live, threads: HashMap<i64, Which>) -> Result<(), Fault> {
        if threads.is_empty() {
            return Ok(());
        }
        let mut again: HashMap<i64, Which> = HashMap::new();
        for (thread, told) in self.read(threads)? {
            // Where the thread's state has moved, that is to be seen at each of its posts.
            if !told.whole && !live.has_state(thread, &told)? {
                again.insert(thread, Which::All);
            } else {
                self.put(live, thread, &told)?;
            }
        }
        if !again.is_empty() {
            for (thread, told) in self.read(again)? {
                self.put(live, thread, &told)?;
            }
        }
        Ok(())
    }

    fn read(&self, threads: HashMap<i64, Which>) -> Result<Vec<(i64, Told)>, Fault> {
        Ok(self.db.read_now(move |c| Ok::<_, Error>(source::threads(c, &threads)?))?)
    }

    fn put(&self, live: &Live, thread: i64, told: &Told) -> Result<(), Fault> {
        let Some(writer) = &self.writer else { return Ok(()) };
        if told.whole {
            writer.delete_term(Term::from_field_u64(
                live.fields.thread,
                u64::try_from(thread).unwrap_or_default(),
            ));
        } else {
            for id in told.posts.iter().map(|post| post.id).chain(told.gone.iter().copied()) {
                writer.delete_term(Post::term(&live.fields, id));
            }
        }
        Ok(add(writer, &live.fields, &told.posts)?)
    }

    /// The same while nothing is followed.
    fn tell_lag(&self) {
        let cursor = self.index.figures.cursor.load(Ordering::Acquire);
        let read = self
            .db
            .read_now(move |c| Ok::<_, Error>((events::after(c, cursor, 1)?, events::last_position(c)?)));
        if let Ok((waiting, end)) = read {
            self.tell(&waiting, end);
        }
    }

    fn tell(&self, waiting: &[Recorded], end: i64) {
        let figures = &self.index.figures;
        figures.end.store(end, Ordering::Relaxed);
        let oldest = waiting.first().map_or(0, |event| (self.clock.now() - event.recorded_at).max(0));
        figures.behind.store(oldest, Ordering::Relaxed);
    }
}

fn panicked() -> TantivyError {
    TantivyError::InternalError("the library panicked".to_owned())
}

enum Fault {
    Database(Error),
    Index(TantivyError),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        Fault::Database(error)
    }
}

impl From<TantivyError> for Fault {
    fn from(error: TantivyError) -> Fault {
        Fault::Index(error)
    }
}
