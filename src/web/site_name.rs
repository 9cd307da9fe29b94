//! The name of the place, at hand for every page's head.
//!
//! Whoever changes it shows it at once on their node; the other nodes follow within seconds.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use diesel::QueryResult;
use tokio::sync::watch;

use crate::config::site;
use crate::db::{Conn, Db, Error};

/// How long a change made on another node may go unseen.
const PAUSE: Duration = Duration::from_secs(2);

/// The name.
#[derive(Debug)]
pub struct SiteName(RwLock<String>);

impl SiteName {
    /// As stored, or the program's own where nobody has given one.
    ///
    /// # Errors
    /// The database's.
    pub fn stored(c: &mut Conn) -> QueryResult<String> {
        Ok(site::get(c, site::SITE_NAME)?.unwrap_or_else(|| "Peerhall".to_owned()))
    }

    /// Shows this name.
    pub fn new(name: String) -> SiteName {
        SiteName(RwLock::new(name))
    }

    /// What is shown.
    pub fn get(&self) -> String {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Shows another name, which the caller has stored.
    pub fn show(&self, name: String) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = name;
    }

    /// Looks for a name stored by another node, until `stop` turns true.
    pub async fn keep(self: Arc<Self>, db: Db, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            tokio::select! {
                _ = stop.changed() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
            match db.read(|c| Ok::<_, Error>(SiteName::stored(c)?)).await {
                Ok(name) => self.show(name),
                Err(error) => tracing::warn!(%error, "the site's name could not be read; trying again"),
            }
        }
    }
}
