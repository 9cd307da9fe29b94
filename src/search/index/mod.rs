//! The index: a follower of the event log that keeps its own cursor.
//!
//! Promises:
//! - the cursor stands in the same commit as what it tells of, so that a kill at any moment loses and doubles nothing;
//! - a deleted, damaged or foreign index, a restored database, and an index of another version are noticed, and all is
//!   built anew beside what serves, from the database alone, while the site runs;
//! - a fault of the index is an error for who searches, never the end of the program;
//! - each process has its own index; nothing is shared but the database.
//!
//! It holds no text that is shown and decides nothing about access alone: what is found is looked up again.

mod build;
mod changes;
pub mod document;
pub mod facts;
mod files;
mod keeper;
mod place;
pub mod schema;
pub mod source;
mod watch;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use tantivy::index::SegmentId;
use tantivy::{Index, IndexReader, ReloadPolicy, Searcher, SegmentReader, TantivyError};

use crate::db::{Db, Error};
use crate::events;
use document::{Post, state_number};
use facts::Facts;
use schema::Fields;
use source::Told;

pub use changes::SearchRebuildAsked;
pub use keeper::Keeper;
pub use place::Place;

/// The process's index, as those who search see it.
#[derive(Default)]
pub struct SearchIndex {
    live: RwLock<Option<Arc<Live>>>,
    broken: AtomicBool,
    /// Whether what serves is of another version, and is not followed up.
    outdated: AtomicBool,
    figures: Figures,
}

/// What is told of the index: metrics, and a word on the pages.
#[derive(Debug, Default)]
pub struct Figures {
    /// The last event in the index.
    pub cursor: AtomicI64,
    /// The last event in the log, when it was looked at.
    pub end: AtomicI64,
    /// Microseconds between the oldest event that is not in it yet and the moment it was looked at.
    pub behind: AtomicI64,
    /// Times it was built anew since the start.
    pub rebuilt: AtomicU64,
    /// Threads that a build under way has read.
    pub built: AtomicI64,
    /// Threads there are to be read; 0 while none is under way.
    pub to_build: AtomicI64,
    /// Bytes on disk.
    pub bytes: AtomicU64,
}

/// An index that serves.
pub struct Live {
    index: Index,
    reader: IndexReader,
    seen: RwLock<Seen>,
    fields: Fields,
    folder: PathBuf,
}

/// One state of an index.
#[derive(Clone)]
struct Seen {
    searcher: Searcher,
    facts: Arc<[Arc<Facts>]>,
}

/// One state of the index, for the time of a search.
pub struct Snapshot {
    /// To search in.
    pub searcher: Searcher,
    /// What is known of the documents of each segment, in the order of the searcher's.
    pub facts: Arc<[Arc<Facts>]>,
    /// Its fields.
    pub fields: Fields,
    /// The last event in it.
    pub cursor: i64,
}

/// What stands in each commit beside the documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Payload {
    version: u32,
    /// The last event in the index.
    position: i64,
    /// What that event is known by: another history has another one there.
    mark: String,
    /// The event that asked for a new index, while there is none yet; 0 for none.
    #[serde(default)]
    asked: i64,
}

/// Why there is no answer from the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// It is being built for the first time.
    #[error("the search index is being built")]
    Building,
    /// It was damaged and is being built anew.
    #[error("the search index is being repaired")]
    Repairing,
}

impl SearchIndex {
    /// Runs `body` on the index as it is. A fault in it, a panic over damaged files included, is found out here: the
    /// index is then built anew.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub fn search<T>(&self, body: impl FnOnce(&Snapshot) -> tantivy::Result<T>) -> Result<T, Unavailable> {
        let live = self.live().ok_or_else(|| self.missing())?;
        let snapshot = self.snapshot_of(&live);
        let found = catch_unwind(AssertUnwindSafe(|| body(&snapshot)));
        let error = match found {
            Ok(Ok(found)) => return Ok(found),
            Ok(Err(error)) => error,
            Err(_) => TantivyError::InternalError("a search panicked".to_owned()),
        };
        // The files of one that was replaced meanwhile are gone, and nothing is wrong with its successor.
        if self.live().is_some_and(|now| Arc::ptr_eq(&now, &live)) {
            self.broke(&error);
        }
        Err(Unavailable::Repairing)
    }

    /// The index as it is now.
    pub fn snapshot(&self) -> Option<Snapshot> {
        Some(self.snapshot_of(&*self.live()?))
    }

    fn snapshot_of(&self, live: &Live) -> Snapshot {
        // Read before the searcher is taken: what it does not tell yet is looked up too often, never too rarely.
        let cursor = self.figures.cursor.load(Ordering::Acquire);
        let Seen { searcher, facts } = live.seen();
        Snapshot { searcher, facts, fields: live.fields, cursor }
    }

    /// Whether it is whole: neither building for the first time nor being repaired, nor of another version.
    pub fn is_whole(&self) -> bool {
        let wrong = [&self.broken, &self.outdated].into_iter().any(|flag| flag.load(Ordering::Acquire));
        self.live().is_some() && !wrong
    }

    /// What is told of it.
    pub fn figures(&self) -> &Figures {
        &self.figures
    }

    fn live(&self) -> Option<Arc<Live>> {
        self.live.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn put(&self, live: Option<Arc<Live>>) {
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = live;
    }

    fn missing(&self) -> Unavailable {
        if self.broken.load(Ordering::Acquire) { Unavailable::Repairing } else { Unavailable::Building }
    }

    fn broke(&self, error: &TantivyError) {
        if !self.broken.swap(true, Ordering::AcqRel) {
            tracing::error!(%error, "the search index is damaged; it is built anew, and the site goes on");
        }
    }
}

/// The index of a place for a command that only reads: the one a server keeps, where it is up to date, or one made for
/// the occasion in memory.
///
/// # Errors
/// The index's or the database's, in words.
pub fn for_reading(db: &Db, search_dir: &Path) -> Result<Snapshot, String> {
    let end =
        db.read_now(|c| Ok::<_, Error>(events::last_position(c)?)).map_err(|error| error.to_string())?;
    if let Some(index) =
        Place::current_of(&search_dir.join("0")).and_then(|folder| schema::open(&folder).ok())
        && let Some(fields) = Fields::of(&index.schema())
        && payload(&index).is_some_and(|left| left.version == schema::VERSION && left.position == end)
    {
        return Snapshot::of(&index, fields, end).map_err(|error| error.to_string());
    }
    build::in_memory(db).map_err(|error| error.to_string())
}

/// Builds the index of a place that no server keeps at the moment, and names it the current one.
///
/// # Errors
/// The index's or the database's, in words.
pub fn rebuild(db: &Db, place: &Place) -> Result<(), String> {
    let told = |error: &dyn std::fmt::Display| error.to_string();
    let folder = place.next().map_err(|error| told(&error))?;
    let (_running, stop) = tokio::sync::watch::channel(false);
    let (_, folder) =
        build::build(db, folder, &Arc::new(SearchIndex::default()), &stop).map_err(|error| told(&error))?;
    place.enthrone(&folder).map_err(|error| told(&error))
}

impl Live {
    fn new(index: Index, fields: Fields, folder: PathBuf) -> tantivy::Result<Live> {
        let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let seen = RwLock::new(Seen::of(reader.searcher(), &fields, None)?);
        Ok(Live { index, reader, seen, fields, folder })
    }

    /// Shows what was committed.
    fn reload(&self) -> tantivy::Result<()> {
        self.reader.reload()?;
        let seen = Seen::of(self.reader.searcher(), &self.fields, Some(&self.seen()))?;
        *self.seen.write().unwrap_or_else(PoisonError::into_inner) = seen;
        Ok(())
    }

    /// Whether the index has a thread's question in the state it is in.
    fn has_state(&self, thread: i64, told: &Told) -> tantivy::Result<bool> {
        let Some((state, solved)) = told.state else { return Ok(true) };
        let searcher = self.seen().searcher;
        let term = Post::term(&self.fields, thread);
        for segment in searcher.segment_readers() {
            let postings = segment
                .inverted_index(self.fields.post)?
                .read_postings(&term, tantivy::schema::IndexRecordOption::Basic)?;
            let Some(mut postings) = postings else { continue };
            use tantivy::DocSet;
            let (states, solutions) =
                (segment.fast_fields().u64("state")?, segment.fast_fields().u64("solved")?);
            loop {
                let document = postings.doc();
                if document == tantivy::TERMINATED {
                    break;
                }
                if segment.alive_bitset().is_none_or(|alive| alive.is_alive(document)) {
                    return Ok(states.first(document) == Some(state_number(state))
                        && solutions.first(document) == Some(u64::from(solved)));
                }
                postings.advance();
            }
        }
        // It is not there at all.
        Ok(false)
    }

    fn seen(&self) -> Seen {
        self.seen.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Seen {
    /// Reads what is not known from the state before.
    fn of(searcher: Searcher, fields: &Fields, before: Option<&Seen>) -> tantivy::Result<Seen> {
        let known: HashMap<SegmentId, &Arc<Facts>> = before
            .into_iter()
            .flat_map(|before| before.searcher.segment_readers().iter().zip(before.facts.iter()))
            .map(|(segment, facts)| (segment.segment_id(), facts))
            .collect();
        let facts = searcher.segment_readers().iter().map(|segment| match known.get(&segment.segment_id()) {
            Some(facts) => Ok(Arc::clone(facts)),
            None => Facts::of(segment, fields).map(Arc::new),
        });
        let facts = facts.collect::<tantivy::Result<_>>()?;
        Ok(Seen { searcher, facts })
    }
}

impl Snapshot {
    /// An index as it is, for who reads it once.
    ///
    /// # Errors
    /// The index's.
    pub fn of(index: &Index, fields: Fields, cursor: i64) -> tantivy::Result<Snapshot> {
        let Seen { searcher, facts } = Seen::of(index.reader()?.searcher(), &fields, None)?;
        Ok(Snapshot { searcher, facts, fields, cursor })
    }

    /// The segments with what is known of their documents.
    pub fn segments(&self) -> impl Iterator<Item = (&SegmentReader, &Facts)> {
        self.searcher.segment_readers().iter().zip(self.facts.iter().map(AsRef::as_ref))
    }
}

fn payload(index: &Index) -> Option<Payload> {
    serde_json::from_str(index.load_metas().ok()?.payload.as_deref()?).ok()
}
