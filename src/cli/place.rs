//! Where a command works: the database of the settings, migrated and open; and the ways a command can end badly.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use crate::clock::Clock;
use crate::config::{Config, ConfigError, site};
use crate::db::{DatabaseUrl, Db, Error, Failure, MigrateError, On, Sizes, migrate};
use crate::mail::Mailbox;
use crate::web::letter::Letterhead;
use crate::web::secret::{Secret, random_token};
use crate::web::site_name::SiteName;

/// An open database for a command.
pub struct Place {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
}

/// Why a command stopped. Its words go to standard error.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// A setting is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The schema could not be brought up to date.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] Error),
    /// The server could not start.
    #[error(transparent)]
    Start(#[from] crate::server::StartError),
    /// An import stopped half-way.
    #[error(transparent)]
    Import(#[from] crate::imports::run::ImportError),
    /// Reading or writing a file or stream failed.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// A rule refused; said in words.
    #[error("{0}")]
    Refused(String),
    /// It did not work now and may work later.
    #[error("{0}")]
    TryAgain(String),
}

impl Stop {
    /// What the process exits with: 75 (`EX_TEMPFAIL` of sysexits.h) for what is to be tried again, else 1.
    pub(super) fn code(&self) -> ExitCode {
        match self {
            Stop::TryAgain(_) => ExitCode::from(75),
            _ => ExitCode::FAILURE,
        }
    }
}

impl<R: std::fmt::Display> From<Failure<R>> for Stop {
    fn from(failure: Failure<R>) -> Stop {
        match failure {
            Failure::Refused(refusal) => Stop::Refused(refusal.to_string()),
            Failure::Broken(error) => Stop::Database(error),
        }
    }
}

impl Place {
    /// Migrates and opens the database of these settings; the first space is there from then on.
    ///
    /// # Errors
    /// When it cannot be reached or migrated.
    pub fn open(config: &Config) -> Result<Place, Stop> {
        migrate(&config.database)?;
        let sizes = Sizes { readers: 1, writers: 1, queue: 64 };
        let place = Place { db: Db::open(&config.database, sizes)?, clock: clock(config) };
        let now = place.clock.now();
        place.db.write_now(On::Nothing, move |c| Ok::<_, Error>(crate::spaces::ensure_general(c, now)?))?;
        Ok(place)
    }
}

impl Place {
    /// [`Place::open`] for commands that would find a fresh database in order: one that is absent is not made.
    ///
    /// # Errors
    /// When there is none, and as [`Place::open`].
    pub fn existing(config: &Config) -> Result<Place, Stop> {
        match &config.database {
            DatabaseUrl::Sqlite(path) if !path.exists() => {
                Err(Stop::Refused(format!("there is no database at {}; nothing was made", config.database)))
            }
            _ => Place::open(config),
        }
    }
}

impl Place {
    /// What letters are written with, as the server would.
    ///
    /// # Errors
    /// The database's; [`Stop::Refused`] when the system has no randomness to give.
    pub(super) fn letterhead(&self, config: &Config) -> Result<Letterhead, Stop> {
        let (now, fresh) = (self.clock.now(), random_token());
        let fresh = fresh.map_err(|error| Stop::Refused(error.to_string()))?;
        let (kept, name) = self.db.write_now(On::Nothing, move |c| {
            Ok::<_, Error>((site::secret(c, &fresh, now)?, SiteName::stored(c)?))
        })?;
        let secret = config.secret.clone().unwrap_or(kept);
        let public_url = config.base_url();
        Ok(Letterhead {
            mailbox: config.mail_from.clone().unwrap_or_else(|| Mailbox::of_url(&public_url)),
            public_url,
            secret: Secret::new(secret.into_bytes()),
            site_name: Arc::new(SiteName::new(name)),
        })
    }
}

/// The clock of these settings.
pub fn clock(config: &Config) -> Clock {
    config.test_clock.as_deref().map_or_else(Clock::default, Clock::with_offset_file)
}

/// `peerhall migrate`.
pub(super) fn migrate_only(config: &Config) -> Result<(), Stop> {
    let applied = migrate(&config.database)?;
    let mut out = std::io::stdout().lock();
    for name in &applied {
        writeln!(out, "{name}")?;
    }
    eprintln!("{} is up to date ({} new)", config.database, applied.len());
    Ok(())
}
