//! The two databases behind one door: SQLite embedded, PostgreSQL chosen at run time.
//!
//! Promises:
//! - a read sees one snapshot; a write is one transaction, and its answer comes after the commit;
//! - no diesel call runs on an async worker: a request hops once to a reader or writer thread;
//! - queues are bounded: when one is full the caller is told [`Error::Busy`] instead of waiting for ever.
//!
//! It knows no table's meaning, and nothing outside this folder knows which database is in use.

mod among;
mod conn;
pub mod dialect;
mod failure;
mod fixed;
pub mod invariants;
mod job;
mod kept_plan;
mod migrate;
mod postgres_writer;
mod readers;
pub mod schema;
mod sqlite_writer;
mod statements;
mod url;

use std::sync::Arc;

use tokio::sync::watch;

pub use among::among;
pub use conn::{Conn, Dialect};
pub use failure::{Error, Failure, Outcome, Refusal};
pub(crate) use fixed::known;
pub use fixed::{Fixed, Known, Words, fixed};
pub use kept_plan::{update, upsert};
pub use migrate::{MigrateError, migrate};
pub use statements::{capture_statements, captured_statements, for_request};
pub use url::{DatabaseUrl, UrlError};

pub(crate) use conn::on;
use job::{Job, Pending};

/// What a write serialises on. On PostgreSQL the writing connection holds this lock from before its
/// transaction begins until after it ends; on SQLite all writes are one after another anyway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum On {
    /// One thread: everything that changes a question, its answers and its comments.
    Thread(i64),
    /// One member's own things: sessions, password, profile.
    Member(i64),
    /// Something with a name of its own: a follower, an invitation, an address (its hash).
    Named(&'static str, i64),
    /// Work of the program itself that touches what people write to (followers, leases, counted views). On
    /// PostgreSQL it sees one snapshot but takes no part in the serialisation of acts, so that it aborts none.
    Background(&'static str),
    /// Nothing: conflicts are found by the database and the act is run again.
    Nothing,
}

impl On {
    /// The advisory lock's key; None for [`On::Nothing`].
    fn key(self) -> Option<i64> {
        let (class, id) = match self {
            On::Thread(id) => (1_i64, id),
            On::Member(id) => (2, id),
            On::Named(name, id) => (class_of(name), id),
            On::Background(name) => (class_of(name), 0),
            On::Nothing => return None,
        };
        Some((class << 48) ^ (id & 0xffff_ffff_ffff))
    }
}

/// A lock's class from its name; two names that share one only wait for each other.
fn class_of(name: &str) -> i64 {
    16 + name.bytes().fold(7_i64, |hash, byte| (hash * 31 + i64::from(byte)) % 8_191)
}

/// What is to be written, worked out on a reading thread: run inside a write's transaction, perhaps more than once.
pub type Effect = Box<dyn FnMut(&mut Conn) -> diesel::QueryResult<()> + Send>;

/// How many threads and how long the queues are.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Threads that read, each with a connection of its own.
    pub readers: usize,
    /// Threads that write on PostgreSQL; SQLite has one.
    pub writers: usize,
    /// Waiting acts per queue before callers are told [`Error::Busy`].
    pub queue: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Sizes { readers: cores.max(2), writers: (cores * 2).clamp(2, 8), queue: 1_024 }
    }
}

/// A handle on the database; cheap to clone. Its threads end when the last handle is dropped.
#[derive(Clone)]
pub struct Db {
    url: DatabaseUrl,
    readers: readers::Readers,
    writer: Writer,
    commits: Arc<watch::Sender<u64>>,
}

#[derive(Clone)]
enum Writer {
    Sqlite(sqlite_writer::SqliteWriter),
    Postgres(postgres_writer::PostgresWriters),
}

impl Db {
    /// Opens the database at `url` and starts its threads. The schema must be there: see [`migrate`].
    pub fn open(url: &DatabaseUrl, sizes: Sizes) -> Result<Db, Error> {
        let commits = Arc::new(watch::Sender::new(0));
        let writer = match url {
            DatabaseUrl::Sqlite(_) => {
                Writer::Sqlite(sqlite_writer::SqliteWriter::start(url, sizes.queue, commits.clone())?)
            }
            DatabaseUrl::Postgres(_) => {
                Writer::Postgres(postgres_writer::PostgresWriters::start(url, sizes, commits.clone())?)
            }
        };
        Ok(Db { url: url.clone(), readers: readers::Readers::start(url, sizes)?, writer, commits })
    }

    /// Where the data is.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// A counter that moves after every commit of this process, for those who wait for news.
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.commits.subscribe()
    }

    /// Runs `body` on a reader thread, in one snapshot.
    pub async fn read<T, E, F>(&self, body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Outcome,
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    {
        self.readers.submit(body)?.answer().await
    }

    /// Runs `body` on a reader thread without a snapshot around it, each statement by itself: for a single statement,
    /// or for what is known by its version whenever it was read. The closure may run more than once.
    pub async fn glance<T, E, F>(&self, body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Outcome,
        F: FnMut(&mut Conn) -> Result<T, E> + Send + 'static,
    {
        self.readers.glance(body)?.answer().await
    }

    /// [`Db::read`] for commands: waits on the calling thread.
    pub fn read_now<T, E, F>(&self, body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Outcome,
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    {
        self.readers.submit(body)?.answer_now()
    }

    /// Runs `act` in one write transaction and answers after the commit. An `Err` undoes all it did.
    /// The closure may run more than once (conflicts on PostgreSQL), so it has no effect outside.
    pub async fn write<T, E, F>(&self, on: On, act: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Outcome,
        F: FnMut(&mut Conn) -> Result<T, E> + Send + 'static,
    {
        self.submit_write(on, act)?.answer().await
    }

    /// [`Db::write`] for commands: waits on the calling thread.
    pub fn write_now<T, E, F>(&self, on: On, act: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Outcome,
        F: FnMut(&mut Conn) -> Result<T, E> + Send + 'static,
    {
        self.submit_write(on, act)?.answer_now()
    }

    fn submit_write<T, E, F>(&self, on: On, act: F) -> Result<Pending<T, E>, E>
    where
        T: Send + 'static,
        E: Outcome,
        F: FnMut(&mut Conn) -> Result<T, E> + Send + 'static,
    {
        let (job, pending) = <dyn Job>::pair(act);
        match &self.writer {
            Writer::Sqlite(writer) => writer.submit(job)?,
            Writer::Postgres(writers) => writers.submit(on, job)?,
        }
        Ok(pending)
    }
}
