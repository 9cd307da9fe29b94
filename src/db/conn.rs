//! One connection of either kind, opened with the settings its use needs.

use diesel::{Connection, PgConnection, SqliteConnection};

use super::failure::Error;
use super::statements::Counter;
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
