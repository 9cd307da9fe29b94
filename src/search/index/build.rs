//! Building an index from the database: all threads in the order of their ids, then what happened meanwhile.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tantivy::{Index, IndexWriter, TantivyDocument};
use tokio::sync::watch;

use super::document::Post;
use super::schema::{self, Fields, VERSION};
use super::source::{self, Which};
use super::{Payload, SearchIndex, Snapshot};
use crate::db::{Db, Error};
use crate::events::{self, Recorded};
use crate::web::secret::digest;

/// Memory of the writer that builds, in bytes; it is given back when the index is built.
const MEMORY: usize = 40_000_000;
/// Threads read at a time.
const AT_ONCE: i64 = 200;

/// Why an index could not be built.
#[derive(Debug, thiserror::Error)]
pub(super) enum BuildError {
    #[error(transparent)]
    Index(#[from] tantivy::TantivyError),
    #[error(transparent)]
    Database(#[from] Error),
    #[error("the server is stopping")]
    Stopped,
}

/// Builds the index of everything there is into an empty folder and answers it, committed.
pub(super) fn build(
    db: &Db,
    folder: PathBuf,
    told: &Arc<SearchIndex>,
    stop: &watch::Receiver<bool>,
) -> Result<(Index, PathBuf), BuildError> {
    let index = schema::create(&folder)?;
    let (_, fields) = Fields::build();
    let mut writer: IndexWriter = index.writer_with_num_threads(1, MEMORY)?;
    // What is read from now on may hold more than this event; it is then told once more, which changes nothing.
    let (end, threads) = db.read_now(|c| {
        let end = events::last_position(c)?;
        let end = events::after(c, end - 1, 1)?.pop();
        Ok::<_, Error>((end, source::how_many(c)?))
    })?;
    told.figures.built.store(0, Ordering::Relaxed);
    told.figures.to_build.store(threads.max(1), Ordering::Relaxed);
    let built = fill(db, &mut writer, &fields, told, stop);
    told.figures.to_build.store(0, Ordering::Relaxed);
    built?;
    commit(&mut writer, &Payload::until(end.as_ref(), 0))?;
    writer.wait_merging_threads()?;
    Ok((index, folder))
}

/// The index of everything there is, in memory alone.
pub(super) fn in_memory(db: &Db) -> Result<Snapshot, BuildError> {
    let index = schema::in_memory();
    let (_, fields) = Fields::build();
    let mut writer: IndexWriter = index.writer_with_num_threads(1, MEMORY)?;
    let (_running, stop) = watch::channel(false);
    fill(db, &mut writer, &fields, &SearchIndex::default(), &stop)?;
    commit(&mut writer, &Payload::until(None, 0))?;
    Ok(Snapshot::of(&index, fields, 0)?)
}

fn fill(
    db: &Db,
    writer: &mut IndexWriter,
    fields: &Fields,
    told: &SearchIndex,
    stop: &watch::Receiver<bool>,
) -> Result<(), BuildError> {
    let mut last = 0;
    loop {
        if *stop.borrow() {
            return Err(BuildError::Stopped);
        }
        let threads = db.read_now(move |c| {
            let ids = source::threads_after(c, last, AT_ONCE)?;
            let wanted = ids.into_iter().map(|id| (id, Which::All)).collect();
            Ok::<_, Error>(source::threads(c, &wanted)?)
        })?;
        let Some((end, _)) = threads.last() else { return Ok(()) };
        last = *end;
        told.figures.built.fetch_add(threads.len() as i64, Ordering::Relaxed);
        for (_, thread) in threads {
            add(writer, fields, &thread.posts)?;
        }
    }
}

/// Adds the documents of posts.
pub(super) fn add(writer: &IndexWriter, fields: &Fields, posts: &[Post]) -> tantivy::Result<()> {
    for post in posts {
        let document: TantivyDocument = post.document(fields);
        writer.add_document(document)?;
    }
    Ok(())
}

/// Commits what was added, with what it holds.
pub(super) fn commit(writer: &mut IndexWriter, payload: &Payload) -> tantivy::Result<()> {
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(&serde_json::to_string(payload).unwrap_or_default());
    prepared.commit()?;
    Ok(())
}

impl Payload {
    /// Of an index that holds everything up to an event; `asked` is the one that asked for a new index.
    pub(super) fn until(last: Option<&Recorded>, asked: i64) -> Payload {
        Payload {
            version: VERSION,
            position: last.and_then(|event| event.position).unwrap_or(0),
            mark: last.map(mark).unwrap_or_default(),
            asked,
        }
    }
}

/// What an event is known by.
pub(super) fn mark(event: &Recorded) -> String {
    let told = format!("{} {} {} {}", event.id, event.kind, event.occurred_at, event.payload);
    digest(told).chars().take(16).collect()
}
