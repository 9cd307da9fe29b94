//! One connection of either kind, opened with the settings its use needs.

use std::cell::Cell;

use diesel::connection::{Instrumentation, InstrumentationEvent};
use diesel::{Connection, PgConnection, SqliteConnection};

use super::failure::Error;
use super::{DatabaseUrl, dialect};

/// A connection to SQLite or PostgreSQL. Typed queries run on it directly where both dialects agree, else
/// inside [`on!`].
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL.
    Postgres(PgConnection),
    /// SQLite.
    Sqlite(SqliteConnection),
}

/// The dialect of [`Conn`], for boxed queries: whatever both databases understand.
pub type Dialect = <Conn as Connection>::Backend;

/// Runs the same typed query on whichever database this is: for upserts, many-row inserts, `returning` of
/// a struct and unions, which diesel cannot write for both at once.
macro_rules! on {
    ($conn:expr, |$c:ident| $body:expr) => {
        match &mut *$conn {
            $crate::db::Conn::Postgres($c) => $body,
            $crate::db::Conn::Sqlite($c) => $body,
        }
    };
}
pub(crate) use on;

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Reading: on SQLite it cannot write.
    Read,
    /// Writing.
    Write,
}

impl Conn {
    pub(super) fn open(url: &DatabaseUrl, r#use: Use) -> Result<Conn, Error> {
        let unreachable = |error: diesel::ConnectionError| Error::Unreachable {
            place: url.to_string(),
            why: error.to_string(),
        };
        let mut conn = match url {
            DatabaseUrl::Sqlite(path) => {
                Conn::Sqlite(SqliteConnection::establish(&path.to_string_lossy()).map_err(unreachable)?)
            }
            DatabaseUrl::Postgres(url) => Conn::Postgres(PgConnection::establish(url).map_err(unreachable)?),
        };
        dialect::prepare(&mut conn, r#use == Use::Read)?;
        conn.set_instrumentation(Counter);
        Ok(conn)
    }
}

thread_local! {
    static STATEMENTS: Cell<u64> = const { Cell::new(0) };
}

/// Statements this thread has run so far, `BEGIN` and the like left out. A page's number is fixed and tested.
pub fn statements_on_this_thread() -> u64 {
    STATEMENTS.get()
}

struct Counter;

impl Instrumentation for Counter {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { .. } => STATEMENTS.set(STATEMENTS.get() + 1),
            // Each of these also shows as a query of its own.
            InstrumentationEvent::BeginTransaction { .. }
            | InstrumentationEvent::CommitTransaction { .. }
            | InstrumentationEvent::RollbackTransaction { .. } => {
                STATEMENTS.set(STATEMENTS.get().saturating_sub(1));
            }
            _ => {}
        }
    }
}
