//! A temporary SQLite database of an import's own, whichever database the hall has.
//!
//! It lies in the data directory (a temporary directory may be memory, and that disk must have room anyway). Its name
//! is removed as soon as it is open, so nothing is left behind even by a kill; it has no journal, for what is lost
//! with it is read from the input again.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

/// The cache is the only memory that counts; 8 MiB of it. Everything is one transaction that never ends.
const OPEN: &str = "
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA cache_size = -8192;
    BEGIN EXCLUSIVE;
";

/// An open temporary database.
pub struct Temporary {
    connection: SqliteConnection,
    path: PathBuf,
}

/// The temporary database failed.
#[derive(Debug, thiserror::Error)]
#[error(
    "the temporary file {} cannot be used: {cause}. \
     See that its directory is writable and has room for the unpacked history, then repeat the import",
    path.display()
)]
pub struct StagingError {
    /// Its file.
    pub path: PathBuf,
    /// What the system or SQLite says.
    pub cause: String,
}

impl Temporary {
    /// Makes one in `directory`, with these tables.
    ///
    /// # Errors
    /// [`StagingError`] when the directory is not writable or full.
    pub fn open(directory: &Path, tables: &str) -> Result<Temporary, StagingError> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = directory.join(format!("import-staging-{}-{n}.sqlite", std::process::id()));
        let failed = |cause: String| StagingError { path: path.clone(), cause };
        let name = path.to_str().ok_or_else(|| failed("its name is not UTF-8".to_owned()))?;
        // Refuses what is already there, be it a link to elsewhere or a leftover.
        drop(std::fs::File::create_new(&path).map_err(|error| failed(error.to_string()))?);
        let mut connection = SqliteConnection::establish(name).map_err(|error| failed(error.to_string()))?;
        connection.batch_execute(OPEN).map_err(|error| failed(error.to_string()))?;
        connection.batch_execute(tables).map_err(|error| failed(error.to_string()))?;
        // Where an open file keeps its name (not on Unix), dropping it removes it.
        drop(std::fs::remove_file(&path));
        Ok(Temporary { connection, path })
    }

    /// Runs statements.
    ///
    /// # Errors
    /// [`StagingError`], such as when the disk is full.
    pub fn run<T>(
        &mut self,
        body: impl FnOnce(&mut SqliteConnection) -> QueryResult<T>,
    ) -> Result<T, StagingError> {
        body(&mut self.connection)
            .map_err(|error| StagingError { path: self.path.clone(), cause: error.to_string() })
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.path));
    }
}
