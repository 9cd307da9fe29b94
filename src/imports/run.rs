//! One import on its way: where it goes, what it has met, and how its batches reach the database.
//!
//! Rows are taken in batches. A batch is compared with what is here (a read), rendered (no transaction open), and only
//! what is new or different is written, in one transaction; so a second run writes nothing.

use std::path::Path;
use std::sync::Arc;

use diesel::QueryResult;

use super::input::ReadError;
use super::links::Base;
use super::once::Once;
use super::progress::Progress;
use super::report::{Report, Unaccounted};
use super::stackexchange::dump::DumpError;
use super::temporary::StagingError;
use crate::clock::{Clock, Micros};
use crate::db::{Conn, Db, Error, On, dialect};
use crate::posts::import::ImportedPost;
use crate::reputation::imported;
use crate::spaces::import::target;

/// Rows of a batch at most.
pub(super) const ROWS: usize = 500;
/// Bytes of texts of a batch before it is written though it is not full.
pub(super) const BYTES: usize = 4 * 1024 * 1024;
/// Faulty rows that are told one by one; all are counted.
const FAULTS: usize = 20;
/// How often a batch is tried when others keep the database busy for longer than their patience, a second apart.
const TRIES: u32 = 20;

/// Why an import stopped. What was committed before stays; repeating the import goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The space to import into is not there.
    #[error(
        "there is no space `{0}`; make it with `peerhall space add --key {0} --name …`, or leave --space away"
    )]
    NoSpace(String),
    /// The directory is no dump.
    #[error(transparent)]
    Dump(#[from] DumpError),
    /// A file could not be read to its end.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The temporary files failed.
    #[error(transparent)]
    Staging(#[from] StagingError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] Error),
    /// The account does not add up.
    #[error(transparent)]
    Unaccounted(#[from] Unaccounted),
}

/// What is imported, and to where.
pub struct Run {
    pub(super) db: Db,
    pub(super) clock: Clock,
    pub(super) target: Target,
    /// Where links within the source lead; None leaves them.
    pub(super) base: Option<Base>,
    pub(super) report: Report,
    pub(super) progress: Progress,
    pub(super) once: Once,
    faults: Vec<String>,
}

/// What every act of an import is told.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) source: Arc<str>,
    pub(super) space_id: i64,
}

impl Run {
    /// An import of `source` into the space of this key. Temporary files are made in `directory`, which is made when
    /// it is absent.
    ///
    /// # Errors
    /// [`ImportError::NoSpace`], or when the database or the directory cannot be used.
    pub fn begin(
        db: &Db,
        clock: &Clock,
        directory: &Path,
        space: &str,
        source: &str,
        progress: Progress,
    ) -> Result<Run, ImportError> {
        let key = space.to_owned();
        let space_id = db.read_now(move |c| Ok::<_, Error>(target(c, &key)?))?;
        let Some(space_id) = space_id else { return Err(ImportError::NoSpace(space.to_owned())) };
        // Where it cannot be made, opening a file in it says why.
        drop(std::fs::create_dir_all(directory));
        Ok(Run {
            db: db.clone(),
            clock: clock.clone(),
            target: Target { source: source.into(), space_id },
            base: None,
            report: Report::default(),
            progress,
            once: Once::open(directory)?,
            faults: Vec::new(),
        })
    }

    /// The account so far; of rows that are committed.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The first faulty rows, in words: file, row and fault.
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    /// Ends an import whose files are all read: checks the account and lets the planner look at what has grown.
    pub(super) fn end(&mut self) -> Result<(), ImportError> {
        self.progress.finish();
        self.report.check()?;
        self.credit()?;
        self.db.write_now(On::Nothing, dialect::analyze)?;
        Ok(())
    }

    /// Gives points for the votes and choices that came, each person's in the order of their days.
    fn credit(&mut self) -> Result<(), ImportError> {
        let mut author = 0;
        while let Some((last, due)) = self.read(move |c, source| imported::due(c, source, author))? {
            author = last;
            for due in due.chunks(imported::FACTS) {
                self.write(due.to_vec(), |c, _, due, now| imported::credit(c, due, now))?;
            }
        }
        Ok(())
    }

    pub(super) fn fault(&mut self, words: impl FnOnce() -> String) {
        if self.faults.len() < FAULTS {
            // Ids are shown as the file writes them; they must not move a terminal's cursor.
            self.faults.push(words().replace(char::is_control, "?"));
        }
    }

    /// Reads in one snapshot.
    pub(super) fn read<T: Send + 'static>(
        &self,
        body: impl FnOnce(&mut Conn, &str) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, ImportError> {
        let source = self.target.source.clone();
        Ok(self.db.read_now(move |c| Ok::<_, Error>(body(c, &source)?))?)
    }

    /// Writes a batch in one transaction.
    pub(super) fn write<B: Send + Sync + 'static>(
        &self,
        batch: B,
        act: fn(&mut Conn, &Target, &B, Micros) -> QueryResult<()>,
    ) -> Result<(), ImportError> {
        let batch = Arc::new(batch);
        let mut tries = 0;
        loop {
            let (batch, target, now) = (batch.clone(), self.target.clone(), self.clock.now());
            let written = self
                .db
                .write_now(On::Named("import", 0), move |c| Ok::<_, Error>(act(c, &target, &batch, now)?));
            tries += 1;
            match written {
                Err(Error::Busy) if tries < TRIES => std::thread::sleep(std::time::Duration::from_secs(1)),
                ended => return Ok(ended?),
            }
        }
    }
}

/// Renders posts on two threads: half of what an import costs is rendering.
pub(super) fn render(posts: Vec<&mut ImportedPost>) {
    let mut first = posts;
    let second = first.split_off(first.len() / 2);
    std::thread::scope(|scope| {
        scope.spawn(|| first.into_iter().for_each(ImportedPost::render));
        second.into_iter().for_each(ImportedPost::render);
    });
}
