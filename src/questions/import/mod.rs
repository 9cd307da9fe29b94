//! Threads that come with an import: the question's row, its tags, closings, choice, followers and links.
//!
//! Promises: counters and state columns are right at every commit, so an import that stops half-way leaves a
//! consistent hall; what somebody did here since (edited, chose, closed, reopened) is never undone by importing
//! again; what happened is told to the log as imported, at its own time.

mod add;
mod change;
mod choose;
mod links;
mod originals;
mod present;
mod tags;
mod threads;

use super::TagName;
use crate::accounts::import::By;
use crate::clock::Micros;
use crate::events::{About, Origin};
use crate::posts::import::ImportedPost;

pub use add::add;
pub use change::{Change, change};
pub use choose::{Choice, choose, chosen};
pub use links::{Following, Link, Linked, follow_all, link_all};
pub use originals::{Original, OriginalPost, originals, posts_here};
pub use present::{Difference, Present, present};
pub use tags::bring as bring_tags;
pub use threads::{Opened, opened, refresh};

/// A question with its past.
#[derive(Clone, Debug)]
pub struct ImportedQuestion {
    /// Its post.
    pub post: ImportedPost,
    /// Its title, on one line.
    pub title: String,
    /// Its tags, fitted.
    pub tags: Vec<TagName>,
    /// How often it was viewed there.
    pub views: i64,
    /// People without a name who have it too.
    pub affected: i64,
    /// Its closing, if it stands closed.
    pub closing: Option<Closing>,
    /// Its closings and reopenings, oldest first.
    pub turns: Vec<Turn>,
}

/// Why a question stands closed.
#[derive(Clone, Debug)]
pub struct Closing {
    /// Since when.
    pub at: Micros,
    /// By whom.
    pub by: By,
    /// Why.
    pub reason: String,
}

/// A closing or reopening.
#[derive(Clone, Debug)]
pub struct Turn {
    /// When.
    pub at: Micros,
    /// By whom.
    pub by: By,
    /// Whether it was opened again.
    pub reopened: bool,
}

impl ImportedQuestion {
    /// Everybody it names.
    pub fn people(&self) -> impl Iterator<Item = &By> {
        let closers = self.closing.iter().map(|closing| &closing.by);
        self.post.people().chain(closers).chain(self.turns.iter().map(|turn| &turn.by))
    }

    /// 1, and one more for every time it was opened again.
    fn cycle(&self) -> i64 {
        1 + self.turns.iter().filter(|turn| turn.reopened).count() as i64
    }
}

/// What an imported event is about.
pub fn imported(occurred_at: Micros, now: Micros, actor_id: Option<i64>) -> About {
    About { origin: Origin::Import, occurred_at, ..About::now(now, actor_id) }
}
