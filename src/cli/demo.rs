//! `peerhall demo`: like `serve`, in a temporary place that is filled with a small invented community.
//!
//! It touches nothing of a place that is already there: database, data and search directory are temporary, whatever
//! the settings say, and removed when it ends.

use std::io::{ErrorKind, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use super::Stop;
use super::place::clock;
use super::serve::log;
use crate::accounts::passwords::take_now;
use crate::config::{Config, Shown};
use crate::db::{DatabaseUrl, Db, Sizes, migrate};
use crate::demo::{self, SignIn};
use crate::server;
use crate::web::secret::random_token;

/// Characters of the password made up at each start: too many to guess, few enough to type.
const PASSWORD: usize = 14;

pub(super) fn run(config: Config) -> Result<(), Stop> {
    log(&config);
    let place = Temporary::new()?;
    let config = moved(config, place.path());
    let clock = clock(&config);
    let password = password()?;
    let hash = take_now(&password, 8, &[]).map_err(|error| Stop::Refused(error.to_string()))?;
    actix_web::rt::System::new().block_on(async move {
        migrate(&config.database)?;
        let db = Db::open(&config.database, Sizes { readers: 1, writers: 1, queue: 64 })?;
        let people = demo::fill(&db, &hash, clock.now()).await?;
        drop(db);
        let running = server::start(config, clock).await?;
        eprintln!("The demo of Peerhall is open at {}", running.hall.public_url);
        eprintln!("It is all made up, and gone when you end it (Ctrl+C). Sign in as:\n");
        show(&people, &password)?;
        eprintln!();
        running.wait().await.map_err(Stop::from)
    })
}

/// The settings of the demo: everything that is kept goes into the temporary place, and an address that a settings
/// file gives to the real place is not the demo's.
fn moved(config: Config, place: &Path) -> Config {
    let from = |name: &str| config.shown.iter().find(|shown| shown.name == name).map(|shown| shown.from);
    let listen = if from("listen") == Some("default") { free(config.listen) } else { config.listen };
    let public_url = config.public_url.clone().filter(|_| from("public_url") != Some("file"));
    let database = DatabaseUrl::in_directory(place);
    let search_dir = place.join("search-index");
    let shown = config.shown.iter().map(|shown| {
        let value = match shown.name {
            "data_dir" => place.display().to_string(),
            "search_dir" => search_dir.display().to_string(),
            "database_url" => database.to_string(),
            _ => return shown.clone(),
        };
        Shown { value: Some(value), from: "demo", ..shown.clone() }
    });
    Config {
        listen,
        public_url,
        data_dir: place.to_owned(),
        shown: shown.collect(),
        search_dir,
        database,
        secret: None,
        ..config
    }
}

/// The usual address, or a free port when something else listens there. One that was asked for is not replaced.
fn free(usual: SocketAddr) -> SocketAddr {
    match TcpListener::bind(usual) {
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            eprintln!("{usual} is in use by something else; the demo takes a free port.");
            SocketAddr::new(usual.ip(), 0)
        }
        _ => usual,
    }
}

fn password() -> Result<String, Stop> {
    let token = random_token().map_err(|error| Stop::Refused(error.to_string()))?;
    Ok(token.chars().filter(char::is_ascii_alphanumeric).take(PASSWORD).collect())
}

/// One line per person on standard output: role, address, password.
fn show(people: &[SignIn], password: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for person in people {
        writeln!(out, "{:<10} {:<28} {password}", person.role.as_str(), person.email)?;
    }
    out.flush()
}

/// A directory that only this user can read, removed with all that is in it.
struct Temporary(PathBuf);

impl Temporary {
    fn new() -> Result<Temporary, Stop> {
        let token = random_token().map_err(|error| Stop::Refused(error.to_string()))?;
        let name: String = token.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
        let path = std::env::temp_dir().join(format!("peerhall-demo-{name}"));
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path)?;
        Ok(Temporary(path))
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, place = %self.0.display(), "the demo's place could not be removed");
        }
    }
}
