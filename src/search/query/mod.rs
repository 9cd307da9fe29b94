//! What is asked for: words, phrases, what must not be there, and operators.
//!
//! ```text
//! [tag] user:ann space:general is:question|answer|comment is:unanswered|open|solved|closed
//! score:>=3 created:2026-01.. "exact phrase" -word -"phrase" -[tag]
//! ```
//!
//! Promises: reading is one pass without recursion, whatever is typed; what is no operator, or a broken one, is
//! searched as words and said ([`Asked::broken`]); lengths and numbers are bounded, and what is left out is said, too
//! ([`Asked::cut`]).

mod dates;
mod parse;

pub use parse::parse;

use crate::questions::State;
use crate::search::index::document::Kind;

/// Characters of a query that are read.
pub const LONGEST: usize = 1_000;
/// Words and phrases that are looked for.
pub const MOST: usize = 32;

/// Words of a phrase that are looked for.
pub const PHRASE: usize = 12;
/// Phrases that are looked for, those that must not be there included.
pub const PHRASES: usize = 4;

/// A query as it was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Plain words, in order.
    pub words: Vec<String>,
    /// Phrases, as they stood between quotation marks.
    pub phrases: Vec<String>,
    /// Words and phrases that must not be there.
    pub without: Vec<String>,
    /// Tags that must be there.
    pub tags: Vec<String>,
    /// Tags that must not.
    pub without_tags: Vec<String>,
    /// A member's handle, name or id.
    pub user: Option<String>,
    /// A space's key.
    pub space: Option<String>,
    /// Kinds of post.
    pub kinds: Vec<Kind>,
    /// The state of the thread.
    pub state: Option<State>,
    /// Score at least and at most.
    pub score: Span,
    /// Written from this moment on, and before that one; UTC microseconds.
    pub created: Span,
    /// What looked like an operator and is none, as typed; it is among the words.
    pub broken: Vec<String>,
    /// Whether something was left out because it was too long or too much.
    pub cut: bool,
}

/// From and to, both included where they are said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// At least.
    pub from: Option<i64>,
    /// At most.
    pub to: Option<i64>,
}

impl Span {
    /// Whether nothing is said.
    pub fn is_open(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }
}

impl Asked {
    /// Whether nothing at all is asked for.
    pub fn is_empty(&self) -> bool {
        *self == Asked { cut: self.cut, ..Asked::default() }
    }

    /// Whether there is something to look for in texts.
    pub fn has_words(&self) -> bool {
        !self.words.is_empty() || !self.phrases.is_empty()
    }

    /// The words and phrases as one text: what is highlighted, and corrected.
    pub fn text(&self) -> String {
        let mut text = self.words.join(" ");
        for phrase in &self.phrases {
            text.push(' ');
            text.push_str(phrase);
        }
        text
    }
}
