//! What every handler shares: one value per process, cheap to reach.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::letter::Letterhead;
use super::pieces::{Alike, Tops};
use super::secret::Secret;
use super::site_name::SiteName;
use super::viewer::Lookup;
use crate::clock::{Clock, Micros};
use crate::config::Config;
use crate::db::{Db, for_request};
use crate::jobs::Node;

/// Who wants to know that a member opened a thread. `notifications` does, and `threads` may not know it.
pub trait ThreadsRead: Send + Sync + 'static {
    /// Notes that `member`, who has unread notices, opened a question's thread at this time.
    fn note(&self, member: i64, question: i64, at: Micros);
}

/// The process's shared parts.
pub struct Hall {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// How it is set.
    pub config: Config,
    /// What vouches for form tokens.
    pub secret: Secret,
    /// Finds who is behind a credential.
    pub lookup: Arc<dyn Lookup>,
    /// This process among others.
    pub node: Node,
    /// The address people type, without a slash at the end.
    pub public_url: String,
    /// What letters are written with.
    pub letterhead: Letterhead,
    /// Told of threads that were opened.
    pub threads_read: Arc<dyn ThreadsRead>,
    /// The name an administrator gave the place, for page heads.
    pub site_name: Arc<SiteName>,
    /// Pages that many are shown alike, kept.
    pub alike: Alike,
    /// Viewers' ways around the place, kept.
    pub tops: Tops,
    /// Acts with an idempotency key that are running.
    pub running: Arc<super::once::RunningActs>,
    /// What was answered, for the metrics.
    pub traffic: super::traffic::Traffic,
    /// Statements run for requests since the start; a page's number is fixed and tested.
    pub statements: AtomicU64,
}

impl Hall {
    /// Whether cookies may be `Secure`.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Counts the statements that `body`, run on a database thread for a request, needs.
    pub fn counting<T>(&self, body: impl FnOnce() -> T) -> T {
        let (answer, statements) = for_request(body);
        self.statements.fetch_add(statements, Ordering::Relaxed);
        answer
    }

    /// The site's name.
    pub fn site_name(&self) -> String {
        self.site_name.get()
    }
}
