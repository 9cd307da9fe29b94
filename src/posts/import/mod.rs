//! Posts that come with an import: written complete, many at once, with their past.
//!
//! Promises: the key of a post is (source, kind, original id), so importing again writes nothing twice; a post whose
//! text was edited here (`version` beyond `imported_version`) is never overwritten; votes without a person are rows
//! by day, and `up` and `down` include them. A post is rendered before the transaction ([`ImportedPost::render`]).
//! It does not know what a post means to its thread: see `questions::import`.

mod counts;
mod present;
mod revise;
mod rows;

use std::sync::Arc;

use super::Kind;
use super::revisions::Heading;
use crate::accounts::import::By;
use crate::clock::Micros;
use crate::text;

pub use counts::{Counted, add_counts};
pub use present::{Parent, Present, by_original, originals_of, parents, present, space_of};
pub use revise::{TalliesImported, retally, revise};
pub use rows::{Place, insert};

/// In which format a body is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// As its author wrote it.
    Markdown,
    /// As the source had rendered it.
    Html,
}

impl Format {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Markdown => "markdown",
            Format::Html => "html",
        }
    }
}

/// A post with its past.
#[derive(Clone, Debug)]
pub struct ImportedPost {
    /// Its id at the source.
    pub original_id: String,
    /// Who wrote it.
    pub by: By,
    /// The source.
    pub body: String,
    /// Its format.
    pub format: Format,
    /// What was made of the body; None until [`Self::render`], and where nothing new is written.
    pub rendered: Option<Shown>,
    /// The language its page was in, for bodies too short to tell.
    pub language: Option<String>,
    /// Why it comes hidden, if it does.
    pub hidden: Option<&'static str>,
    /// When it was deleted at the source.
    pub deleted_at: Option<Micros>,
    /// When it was written.
    pub created_at: Micros,
    /// The last edit of its text.
    pub edited: Option<Edited>,
    /// The texts before the present one, oldest first: versions 1 and up.
    pub earlier: Vec<Earlier>,
    /// When it was locked.
    pub locks: Vec<Lock>,
    /// Votes without a person, one row a day; None when the source tells nothing about votes.
    pub tallies: Option<Vec<Day>>,
}

/// What a reader sees of a body.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Safe HTML.
    pub html: text::SafeHtml,
    /// Its beginning, for lists.
    pub excerpt: String,
    /// Its language, where that could be told.
    pub language: Option<String>,
}

/// The last edit of a text.
#[derive(Clone, Debug)]
pub struct Edited {
    /// When.
    pub at: Micros,
    /// By whom.
    pub by: By,
    /// Why, in the editor's words.
    pub reason: Option<String>,
}

/// A text that an edit replaced.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// Questions only.
    pub heading: Option<Heading>,
    /// Markdown.
    pub body: Arc<str>,
    /// Who wrote it.
    pub by: By,
    /// Why, in the editor's words.
    pub reason: Option<String>,
    /// When.
    pub made_at: Micros,
}

/// A time during which a post was locked.
#[derive(Clone, Debug)]
pub struct Lock {
    /// From when.
    pub at: Micros,
    /// By whom.
    pub by: By,
    /// When and by whom it was unlocked.
    pub undone: Option<(Micros, By)>,
}

/// Votes on one UTC day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// Its first microsecond.
    pub day: Micros,
    /// Votes up.
    pub up: i64,
    /// Votes down.
    pub down: i64,
}

impl ImportedPost {
    /// Renders the body, which may cost a millisecond: before the transaction.
    pub fn render(&mut self) {
        let rendered = match self.format {
            Format::Markdown => text::imported_markdown(&self.body),
            Format::Html => text::html(&self.body),
        };
        let language = text::language(&rendered.text).map(str::to_owned).or_else(|| self.language.clone());
        let excerpt = text::excerpt(&rendered.text, 200);
        self.rendered = Some(Shown { html: rendered.html, excerpt, language });
    }

    /// The version its present text has.
    pub fn version(&self) -> i64 {
        self.earlier.len() as i64 + 1
    }

    /// (up, down) of its tallies.
    pub fn votes(&self) -> (i64, i64) {
        let tallies = self.tallies.iter().flatten();
        tallies.fold((0, 0), |(up, down), day| (up + day.up, down + day.down))
    }

    /// Everybody it names.
    pub fn people(&self) -> impl Iterator<Item = &By> {
        let editors = self.edited.iter().map(|edited| &edited.by);
        let earlier = self.earlier.iter().map(|earlier| &earlier.by);
        let locks = self
            .locks
            .iter()
            .flat_map(|lock| std::iter::once(&lock.by).chain(lock.undone.as_ref().map(|(_, by)| by)));
        std::iter::once(&self.by).chain(editors).chain(earlier).chain(locks)
    }
}

impl Kind {
    fn has_votes(self) -> bool {
        self != Kind::Comment
    }
}
