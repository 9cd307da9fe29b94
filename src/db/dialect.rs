//! Everything in which the two databases really differ, and nothing else.

use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::sql_types::BigInt;
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};

use super::failure::Error;
use super::{Conn, On};

type Manager = <Conn as Connection>::TransactionManager;

/// Settings of a fresh connection.
pub(super) fn prepare(conn: &mut Conn, read_only: bool) -> Result<(), Error> {
    match conn {
        Conn::Sqlite(c) => {
            c.batch_execute("PRAGMA busy_timeout = 30000;")?;
            write_ahead(c)?;
            c.batch_execute(
                "PRAGMA synchronous = FULL; \
                 PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; \
                 PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 4000;",
            )?;
            // KiB. The one that writes touches pages all over the file, and what it has written it needs again.
            c.batch_execute(if read_only {
                "PRAGMA cache_size = -8192; PRAGMA query_only = ON;"
            } else {
                "PRAGMA cache_size = -12288;"
            })?;
        }
        Conn::Postgres(c) => {
            c.batch_execute(
                "SET TIME ZONE 'UTC'; SET client_encoding = 'UTF8'; SET lock_timeout = '10s'; \
                 SET statement_timeout = '60s'; SET idle_in_transaction_session_timeout = '120s';",
            )?;
            if read_only {
                c.batch_execute("SET default_transaction_read_only = on;")?;
            }
            // Some conflicts are known by their words only. Where it is not permitted the server's language stays.
            let _ = c.batch_execute("SET lc_messages = 'C';");
        }
    }
    Ok(())
}

/// Switches to write-ahead logging. Two that switch a fresh file at once may be told that it is locked without
/// having waited for it.
fn write_ahead(c: &mut SqliteConnection) -> Result<(), Error> {
    const TRIES: u32 = 200;
    for _ in 1..TRIES {
        match c.batch_execute("PRAGMA journal_mode = WAL;").map_err(Error::from) {
            Err(error) if error.is_locked() => std::thread::sleep(Duration::from_millis(20)),
            switched => return switched,
        }
    }
    Ok(c.batch_execute("PRAGMA journal_mode = WAL;")?)
}

/// Begins a snapshot for reading.
pub(super) fn begin_read(conn: &mut Conn) -> Result<(), Error> {
    match conn {
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN DEFERRED")?,
        Conn::Postgres(c) => {
            AnsiTransactionManager::begin_transaction_sql(
                c,
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            )?;
        }
    }
    Ok(())
}

/// Ends a snapshot.
pub(super) fn end_read(conn: &mut Conn) -> Result<(), Error> {
    Ok(Manager::rollback_transaction(conn)?)
}

/// Begins a write. On SQLite the write lock is taken at once: a transaction that reads first and then
/// writes would fail under load, whatever the busy timeout.
pub(super) fn begin_write(conn: &mut Conn, on: On) -> Result<(), Error> {
    match conn {
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")?,
        Conn::Postgres(c) => {
            let begin = match on {
                On::Background(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ",
                _ => "BEGIN ISOLATION LEVEL SERIALIZABLE",
            };
            AnsiTransactionManager::begin_transaction_sql(c, begin)?;
        }
    }
    Ok(())
}

pub(super) fn commit(conn: &mut Conn) -> Result<(), Error> {
    Ok(Manager::commit_transaction(conn)?)
}

pub(super) fn rollback(conn: &mut Conn) -> Result<(), Error> {
    Ok(Manager::rollback_transaction(conn)?)
}

/// Opens a savepoint inside the running transaction; kept or undone by the two below.
pub(super) fn savepoint(conn: &mut Conn) -> Result<(), Error> {
    Ok(Manager::begin_transaction(conn)?)
}

pub(super) fn keep_savepoint(conn: &mut Conn) -> Result<(), Error> {
    commit(conn)
}

pub(super) fn undo_savepoint(conn: &mut Conn) -> Result<(), Error> {
    rollback(conn)
}

/// Takes an advisory lock of the session (PostgreSQL); SQLite needs none.
pub(super) fn lock(conn: &mut Conn, key: i64) -> Result<(), Error> {
    session_lock(conn, "SELECT pg_advisory_lock($1)", key)
}

pub(super) fn unlock(conn: &mut Conn, key: i64) -> Result<(), Error> {
    session_lock(conn, "SELECT pg_advisory_unlock($1)", key)
}

fn session_lock(conn: &mut Conn, statement: &str, key: i64) -> Result<(), Error> {
    if let Conn::Postgres(c) = conn {
        sql_query(statement).bind::<BigInt, _>(key).execute(c)?;
    }
    Ok(())
}

diesel::define_sql_function! {
    /// Rows that this connection has changed so far (SQLite).
    fn total_changes() -> BigInt;
}

/// A number that moves with every row that this connection changes (SQLite).
pub(super) fn changes(conn: &mut Conn) -> Result<i64, Error> {
    match conn {
        Conn::Sqlite(c) => Ok(diesel::select(total_changes()).get_result(c)?),
        Conn::Postgres(_) => Ok(0),
    }
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Whether an event's position may be given when it is written, because there is one writer at a time.
pub fn numbers_at_once(conn: &Conn) -> bool {
    matches!(conn, Conn::Sqlite(_))
}

/// Gives positions to committed events that have none, oldest first, and says how many. On SQLite a trigger
/// does it at once, in commit order; on PostgreSQL a sequence may commit out of order, so one node at a time
/// numbers what it can see. `AND events.position IS NULL` keeps a second numberer from numbering twice.
pub fn number_events(conn: &mut Conn) -> Result<usize, Error> {
    match conn {
        Conn::Sqlite(_) => Ok(0),
        Conn::Postgres(c) => {
            // The log's tail is where everybody writes: under SERIALIZABLE this would abort the writers.
            c.batch_execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")?;
            Ok(sql_query(
                "UPDATE events SET position = top.position + fresh.n \
             FROM (SELECT coalesce(max(position), 0) AS position FROM events) AS top, \
                  (SELECT id, row_number() OVER (ORDER BY id) AS n FROM \
                     (SELECT id FROM events WHERE position IS NULL ORDER BY id LIMIT 5000) AS few) AS fresh \
             WHERE events.id = fresh.id AND events.position IS NULL",
            )
            .execute(c)?)
        }
    }
}

/// Whether any event waits for its position.
pub fn has_unnumbered_events(conn: &mut Conn) -> Result<bool, Error> {
    match conn {
        Conn::Sqlite(_) => Ok(false),
        Conn::Postgres(c) => {
            let found = sql_query(
                "SELECT count(*) AS n FROM (SELECT 1 FROM events WHERE position IS NULL LIMIT 1) AS few",
            )
            .get_result::<Number>(c)?;
            Ok(found.n > 0)
        }
    }
}

/// Refreshes the planner's figures after much was written at once (imports).
pub fn analyze(conn: &mut Conn) -> Result<(), Error> {
    match conn {
        Conn::Sqlite(c) => c.batch_execute("PRAGMA analysis_limit = 1000; PRAGMA optimize;")?,
        Conn::Postgres(c) => c.batch_execute("ANALYZE")?,
    }
    Ok(())
}

/// The database and its version, for administrators: "SQLite 3.53.2", "PostgreSQL 17.2".
pub fn version(conn: &mut Conn) -> diesel::QueryResult<String> {
    use diesel::sql_types::Text;
    #[derive(QueryableByName)]
    struct Version {
        #[diesel(sql_type = Text)]
        version: String,
    }
    Ok(match conn {
        Conn::Sqlite(c) => {
            let found: Version = sql_query("SELECT sqlite_version() AS version").get_result(c)?;
            format!("SQLite {}", found.version)
        }
        Conn::Postgres(c) => {
            let asked = sql_query("SELECT current_setting('server_version') AS version");
            format!("PostgreSQL {}", asked.get_result::<Version>(c)?.version)
        }
    })
}

/// The plan of a statement as text, for tests that look for the indexes used. Values are unknown: SQLite plans
/// without them, PostgreSQL is asked for a generic plan and told to avoid whole-table scans where it can.
pub fn explain(conn: &mut Conn, statement: &str) -> Result<String, Error> {
    use diesel::sql_types::Text;
    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = Text)]
        detail: String,
    }
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
        line: String,
    }
    let lines: Vec<String> = match conn {
        Conn::Sqlite(c) => sql_query(format!("EXPLAIN QUERY PLAN {statement}"))
            .load::<Step>(c)?
            .into_iter()
            .map(|step| step.detail)
            .collect(),
        Conn::Postgres(c) => {
            let values = (1..).take_while(|n| statement.contains(&format!("${n}"))).map(|_| "NULL");
            let values = values.collect::<Vec<_>>().join(", ");
            let call = if values.is_empty() { "asked".to_owned() } else { format!("asked({values})") };
            c.batch_execute(
                "SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off;",
            )?;
            c.batch_execute(&format!("PREPARE asked AS {statement}"))?;
            let lines = sql_query(format!("EXPLAIN EXECUTE {call}")).load::<Line>(c)?;
            c.batch_execute("DEALLOCATE asked")?;
            lines.into_iter().map(|line| line.line).collect()
        }
    };
    Ok(lines.join("\n"))
}

/// What the database itself finds wrong with its files and references; nothing when all is well. PostgreSQL
/// enforces its references and checks its pages itself.
pub fn integrity(conn: &mut Conn) -> Result<Vec<String>, Error> {
    use diesel::sql_types::Text;
    #[derive(QueryableByName)]
    struct Checked {
        #[diesel(sql_type = Text)]
        quick_check: String,
    }
    #[derive(QueryableByName)]
    struct Dangling {
        #[diesel(sql_type = Text)]
        table: String,
    }
    let Conn::Sqlite(c) = conn else { return Ok(Vec::new()) };
    let mut wrong: Vec<String> = sql_query("PRAGMA quick_check")
        .load::<Checked>(c)?
        .into_iter()
        .map(|row| row.quick_check)
        .filter(|words| words != "ok")
        .collect();
    let dangling =
        sql_query("SELECT DISTINCT \"table\" FROM pragma_foreign_key_check").load::<Dangling>(c)?;
    wrong.extend(dangling.into_iter().map(|row| format!("a reference of {} leads nowhere", row.table)));
    Ok(wrong)
}
