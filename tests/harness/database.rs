//! A fresh, migrated database for each test, on the database system the run is for.

use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query};
use peerhall::db::{DatabaseUrl, migrate};

use super::folder::{Folder, unique};

/// Names the database system of the run: `sqlite` (also when unset), or the `postgres://…` address of an
/// administrator who may create databases.
const CHOICE: &str = "PEERHALL_TEST_DATABASE";

/// Which database system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Files in the test's folder.
    Sqlite,
    /// Databases on the server with this administrator's address.
    Postgres(String),
}

/// The database system of this run.
pub fn kind() -> Kind {
    match std::env::var(CHOICE).ok().as_deref() {
        None | Some("" | "sqlite") => Kind::Sqlite,
        Some(url) if url.starts_with("postgres") => Kind::Postgres(url.to_owned()),
        Some(other) => panic!("{CHOICE} is `{other}`; write sqlite or postgres://…"),
    }
}

/// A database of one test's own, removed when dropped.
pub struct TestDatabase {
    url: DatabaseUrl,
    name: String,
    admin: Option<String>,
}

impl TestDatabase {
    /// A copy of the migrated template; a SQLite file is put into `folder`.
    pub fn fresh(folder: &Folder) -> TestDatabase {
        let name = unique("peerhall_test");
        match kind() {
            Kind::Sqlite => {
                let file = folder.join("peerhall.db");
                std::fs::copy(sqlite_template(), &file).unwrap();
                TestDatabase { url: DatabaseUrl::Sqlite(file), name, admin: None }
            }
            Kind::Postgres(admin) => {
                copy_template(&admin, &name);
                let url = DatabaseUrl::Postgres(beside(&admin, &name));
                TestDatabase { url, name, admin: Some(admin) }
            }
        }
    }

    /// An empty database without any table.
    pub fn empty(folder: &Folder) -> TestDatabase {
        let name = unique("peerhall_test");
        match kind() {
            Kind::Sqlite => {
                TestDatabase { url: DatabaseUrl::Sqlite(folder.join("peerhall.db")), name, admin: None }
            }
            Kind::Postgres(admin) => {
                connect(&admin).batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
                let url = DatabaseUrl::Postgres(beside(&admin, &name));
                TestDatabase { url, name, admin: Some(admin) }
            }
        }
    }

    /// Where it is.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// As `DATABASE_URL` says it, password included.
    pub fn setting(&self) -> String {
        match &self.url {
            DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
            DatabaseUrl::Postgres(url) => url.clone(),
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Some(admin) = &self.admin else { return };
        let dropped = connect(admin).batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
        if let Err(error) = dropped {
            eprintln!("the database {} stays behind: {error}", self.name);
        }
    }
}

fn connect(url: &str) -> PgConnection {
    PgConnection::establish(url).unwrap_or_else(|error| panic!("cannot reach {CHOICE}: {error}"))
}

/// The same server, another database.
fn beside(admin: &str, name: &str) -> String {
    let (base, query) = admin.split_once('?').map_or((admin, None), |(base, query)| (base, Some(query)));
    let (scheme, rest) = base.split_once("://").expect("an address with ://");
    let place = rest.split('/').next().unwrap_or_default();
    let query = query.map_or(String::new(), |query| format!("?{query}"));
    format!("{scheme}://{place}/{name}{query}")
}

/// Made once per run, in a folder that is left to the run's end.
fn sqlite_template() -> &'static PathBuf {
    static TEMPLATE: OnceLock<PathBuf> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}.db", template_name()));
        if !file.exists() {
            // Made aside and renamed, because another run may be making the same.
            let aside = file.with_extension(unique("new"));
            migrate(&DatabaseUrl::Sqlite(aside.clone())).unwrap();
            std::fs::rename(&aside, &file).unwrap();
        }
        file
    })
}

fn copy_template(admin: &str, name: &str) {
    // A template can be copied by one at a time, and by none while anybody is connected to it.
    static ONE_AT_A_TIME: Mutex<bool> = Mutex::new(false);
    let mut made = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let mut connection = connect(admin);
    connection.batch_execute("SELECT pg_advisory_lock(20261121)").unwrap();
    let template = template_name();
    if !*made && !exists(&mut connection, &template) {
        let aside = unique("peerhall_template");
        connection.batch_execute(&format!("CREATE DATABASE {aside}")).unwrap();
        migrate(&DatabaseUrl::Postgres(beside(admin, &aside))).unwrap();
        connection.batch_execute(&format!("ALTER DATABASE {aside} RENAME TO {template}")).unwrap();
    }
    *made = true;
    connection.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).unwrap();
}

/// Named by what the migrations say, so that a changed migration makes a new template.
fn template_name() -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut texts: Vec<(PathBuf, Vec<u8>)> = ["sqlite", "postgres"]
        .into_iter()
        .flat_map(|system| std::fs::read_dir(folder.join(system)).unwrap())
        .map(|entry| entry.unwrap().path().join("up.sql"))
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect();
    texts.sort();
    let all: Vec<u8> = texts.into_iter().flat_map(|(_, text)| text).collect();
    format!("peerhall_template_{}", &peerhall::web::secret::digest(all)[..16])
}

fn exists(connection: &mut PgConnection, name: &str) -> bool {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        n: i64,
    }
    let found: Found = sql_query("SELECT count(*) AS n FROM pg_database WHERE datname = $1")
        .bind::<diesel::sql_types::Text, _>(name)
        .get_result(connection)
        .unwrap();
    found.n > 0
}
