//! The migrations of both databases and `schema.rs` say the same.
//!
//! Each run asks the database it is for and compares with `src/db/schema.rs`; a run on PostgreSQL also asks
//! SQLite, and compares what `schema.rs` cannot say: keys, indexes and references.

use std::collections::BTreeSet;
use std::path::Path;

use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use peerhall::clock::Clock;
use peerhall::db::{Conn, Db, Error, Sizes, migrate};

use crate::harness::{Folder, Kind, TestDatabase, kind};

/// A column, as all three can say it. Ordered by table, then by place.
#[derive(QueryableByName, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    type_name: String,
    #[diesel(sql_type = BigInt)]
    nullable: i64,
    #[diesel(sql_type = BigInt)]
    key_place: i64,
}

/// A line of what only databases know: `index`, `unique` or `reference`, with its columns.
#[derive(QueryableByName, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

const SQLITE_COLUMNS: &str = "
SELECT m.name AS table_name, c.cid + 1 AS place, c.name AS column_name,
       CASE WHEN c.type = 'INTEGER' AND m.sql LIKE '%CHECK (' || c.name || ' IN (0, 1))%' THEN 'Bool'
            WHEN c.type = 'INTEGER' THEN 'BigInt' WHEN c.type = 'TEXT' THEN 'Text'
            WHEN c.type = 'REAL' THEN 'Double' WHEN c.type = 'BLOB' THEN 'Binary' ELSE c.type END AS type_name,
       1 - c.\"notnull\" AS nullable, c.pk AS key_place
FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\'";

const POSTGRES_COLUMNS: &str = "
SELECT c.relname::text AS table_name, row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum) AS place,
       a.attname::text AS column_name,
       CASE format_type(a.atttypid, NULL) WHEN 'bigint' THEN 'BigInt' WHEN 'text' THEN 'Text'
            WHEN 'boolean' THEN 'Bool' WHEN 'double precision' THEN 'Double' WHEN 'bytea' THEN 'Binary'
            ELSE format_type(a.atttypid, NULL) END AS type_name,
       CASE WHEN a.attnotnull THEN 0 ELSE 1 END::bigint AS nullable,
       coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0)::bigint AS key_place
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
     JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     LEFT JOIN pg_index AS i ON i.indrelid = c.oid AND i.indisprimary
WHERE c.relkind = 'r' AND n.nspname = 'public' AND left(c.relname, 2) <> '__'";

const SQLITE_LINES: &str = "
SELECT (CASE WHEN i.\"unique\" THEN 'unique ' ELSE 'index ' END) || m.name || ' (' ||
       (SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) || ')' ||
       (CASE WHEN i.partial THEN ' partial' ELSE '' END) AS line
FROM sqlite_master AS m JOIN pragma_index_list(m.name) AS i
WHERE m.type = 'table' AND i.origin <> 'pk' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\'
UNION ALL
SELECT 'reference ' || m.name || ' (' || f.\"from\" || ') to ' || f.\"table\" || ' (' || f.\"to\" || ')' AS line
FROM sqlite_master AS m JOIN pragma_foreign_key_list(m.name) AS f WHERE m.type = 'table'";

const POSTGRES_LINES: &str = "
SELECT (CASE WHEN i.indisunique THEN 'unique ' ELSE 'index ' END) || c.relname || ' (' ||
       (SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (num, n)
        JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.num) || ')' ||
       (CASE WHEN i.indpred IS NULL THEN '' ELSE ' partial' END) AS line
FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND NOT i.indisprimary AND left(c.relname, 2) <> '__'
UNION ALL
SELECT 'reference ' || c.relname || ' (' || a.attname || ') to ' || t.relname || ' (' || b.attname || ')' AS line
FROM pg_constraint AS f JOIN pg_class AS c ON c.oid = f.conrelid JOIN pg_class AS t ON t.oid = f.confrelid
     JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = f.conkey[1]
     JOIN pg_attribute AS b ON b.attrelid = t.oid AND b.attnum = f.confkey[1]
WHERE f.contype = 'f'";

#[test]
fn the_database_has_the_tables_and_columns_that_the_program_believes_in() {
    let folder = Folder::new();
    let database = TestDatabase::fresh(&folder);
    let found = columns(&Db::open(database.url(), small()).unwrap());
    let declared = declared();
    assert!(declared.len() > 100, "schema.rs was not read: {} columns", declared.len());
    assert_same(&declared, &found, "schema.rs", "the database");
}

#[test]
fn both_databases_have_the_same_columns_indexes_and_references() {
    // A run on SQLite has no other database at hand; the run on PostgreSQL compares both.
    if kind() == Kind::Sqlite {
        return;
    }
    let folder = Folder::new();
    let postgres = Db::open(TestDatabase::fresh(&folder).url(), small()).map(|db| (columns(&db), lines(&db)));
    let file = peerhall::db::DatabaseUrl::Sqlite(folder.join("other.db"));
    migrate(&file).unwrap();
    let sqlite = Db::open(&file, small()).map(|db| (columns(&db), lines(&db)));
    let ((postgres_columns, postgres_lines), (sqlite_columns, sqlite_lines)) =
        (postgres.unwrap(), sqlite.unwrap());
    assert_same(&sqlite_columns, &postgres_columns, "SQLite", "PostgreSQL");
    assert!(sqlite_lines.len() > 50, "{sqlite_lines:?}");
    assert_same(&sqlite_lines, &postgres_lines, "SQLite", "PostgreSQL");
}

#[test]
fn both_folders_of_migrations_hold_the_same_names() {
    let names = |system: &str| -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(system);
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

#[test]
fn migrating_again_changes_nothing() {
    let folder = Folder::new();
    let database = TestDatabase::empty(&folder);
    let first = migrate(database.url()).unwrap();
    assert!(!first.is_empty());
    assert_eq!(migrate(database.url()).unwrap(), Vec::<String>::new());
}

#[test]
fn two_nodes_that_start_at_once_migrate_once() {
    let folder = Folder::new();
    let database = TestDatabase::empty(&folder);
    let url = database.url();
    let applied: usize = std::thread::scope(|scope| {
        let nodes: Vec<_> = (0..3).map(|_| scope.spawn(|| migrate(url).unwrap().len())).collect();
        nodes.into_iter().map(|node| node.join().unwrap()).sum()
    });
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite");
    assert_eq!(applied, std::fs::read_dir(folder).unwrap().count());
}

#[test]
fn a_test_that_moves_the_clock_moves_the_halls_clock_only() {
    let (one, other) = (Clock::default(), Clock::default());
    one.advance(peerhall::clock::DAY);
    assert!(one.now() > other.now() + peerhall::clock::HOUR);
}

fn small() -> Sizes {
    Sizes { readers: 1, writers: 1, queue: 8 }
}

fn columns(db: &Db) -> BTreeSet<Column> {
    let read = |c: &mut Conn| {
        let statement = if is_sqlite(c) { SQLITE_COLUMNS } else { POSTGRES_COLUMNS };
        Ok::<_, Error>(sql_query(statement).load::<Column>(c)?)
    };
    db.read_now(read).unwrap().into_iter().collect()
}

fn lines(db: &Db) -> BTreeSet<Line> {
    let read = |c: &mut Conn| {
        let statement = if is_sqlite(c) { SQLITE_LINES } else { POSTGRES_LINES };
        Ok::<_, Error>(sql_query(statement).load::<Line>(c)?)
    };
    db.read_now(read).unwrap().into_iter().collect()
}

fn is_sqlite(c: &Conn) -> bool {
    matches!(c, Conn::Sqlite(_))
}

/// What `schema.rs` declares: `name (keys) { column -> Type, … }` in each `table!`.
fn declared() -> BTreeSet<Column> {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/db/schema.rs")).unwrap();
    let mut columns = BTreeSet::new();
    for table in text.split("diesel::table! {").skip(1) {
        let (head, body) = table.split_once('{').unwrap();
        let (name, keys) = head.split_once('(').unwrap();
        let keys: Vec<&str> = keys.trim().trim_end_matches(')').split(',').map(str::trim).collect();
        let body = body.split('}').next().unwrap();
        let lines = body.lines().map(str::trim).filter(|line| line.contains("->"));
        for (place, line) in lines.enumerate() {
            let (column, of) = line.trim_end_matches(',').split_once("->").unwrap();
            let (column, of) = (column.trim(), of.trim());
            let inner = of.strip_prefix("Nullable<").and_then(|rest| rest.strip_suffix('>'));
            let key_place = keys.iter().position(|key| *key == column).map_or(0, |place| place as i64 + 1);
            columns.insert(Column {
                table_name: name.trim().to_owned(),
                place: place as i64 + 1,
                column_name: column.to_owned(),
                type_name: inner.unwrap_or(of).to_owned(),
                nullable: i64::from(inner.is_some()),
                key_place,
            });
        }
    }
    columns
}

#[track_caller]
fn assert_same<T: Ord + std::fmt::Debug>(one: &BTreeSet<T>, other: &BTreeSet<T>, here: &str, there: &str) {
    let only_one: Vec<_> = one.difference(other).collect();
    let only_other: Vec<_> = other.difference(one).collect();
    assert!(
        only_one.is_empty() && only_other.is_empty(),
        "only in {here}: {only_one:#?}\nonly in {there}: {only_other:#?}"
    );
}
