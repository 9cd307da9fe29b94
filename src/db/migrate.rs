//! Brings the schema up to date, on either database, safely when two nodes start at once.

use std::path::Path;

use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::conn::{Conn, Use};
use super::failure::Error;
use super::{DatabaseUrl, On, dialect};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
/// "peerhall" in the first bytes: the lock two starting nodes meet at.
const LOCK: i64 = 0x7065_6572_6861_6c6c;

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database cannot be opened or locked.
    #[error(transparent)]
    Database(#[from] Error),
    /// A migration failed; the ones before it stay.
    #[error("a migration failed: {0}")]
    Failed(String),
    /// The folder of the SQLite file cannot be made.
    #[error("cannot make the data directory {path}: {why}")]
    Directory {
        /// The folder.
        path: String,
        /// The system's words.
        why: std::io::Error,
    },
}

/// Applies what is missing and returns the names of the applied migrations.
pub fn migrate(url: &DatabaseUrl) -> Result<Vec<String>, MigrateError> {
    if let DatabaseUrl::Sqlite(path) = url
        && let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
    {
        private_place(folder, path)
            .map_err(|why| MigrateError::Directory { path: folder.display().to_string(), why })?;
    }
    let mut conn = Conn::open(url, Use::Write)?;
    dialect::lock(&mut conn, LOCK)?;
    // On SQLite the write lock is the lock that two starting nodes meet at, so all migrations are one transaction.
    let in_one = matches!(conn, Conn::Sqlite(_));
    if in_one {
        dialect::begin_write(&mut conn, On::Nothing)?;
    }
    let applied = match &mut conn {
        Conn::Sqlite(c) => {
            c.run_pending_migrations(SQLITE).map(|names| names.iter().map(ToString::to_string).collect())
        }
        Conn::Postgres(c) => {
            c.run_pending_migrations(POSTGRES).map(|names| names.iter().map(ToString::to_string).collect())
        }
    }
    .map_err(|error| MigrateError::Failed(error.to_string()));
    match &applied {
        Ok(_) if in_one => dialect::commit(&mut conn)?,
        Err(_) if in_one => dialect::rollback(&mut conn)?,
        _ => {}
    }
    dialect::unlock(&mut conn, LOCK)?;
    applied
}

/// Makes the folder and the file for their owner alone: what is in them are people's words and the hashes of
/// their passwords. SQLite gives the files beside it the same mode. A folder that is there already stays as it is.
fn private_place(folder: &Path, file: &Path) -> std::io::Result<()> {
    let (mut make, mut open) = (std::fs::DirBuilder::new(), std::fs::OpenOptions::new());
    make.recursive(true);
    open.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
        make.mode(0o700);
        open.mode(0o600);
    }
    make.create(folder)?;
    open.open(file).map(drop)
}
