//! Posts: questions, answers and comments alike; their texts, revisions, visibility and restrictions.
//!
//! Promises: a post is found only through a viewer ([`find`], [`thread_posts`]); a text that an edit replaces
//! is kept as a revision; a body is rendered before it is stored and never on the way to a reader.
//! It does not know what an answer means to a question: counters, acceptance and lists are the `questions`
//! feature's.

pub mod counts;
mod find;
pub mod import;
pub mod invariants;
mod outline;
mod rerender;
pub mod restrictions;
pub mod revisions;
pub mod rules;
mod store;
mod written;

pub use find::{Found, find, is_named, standing_in, thread_posts, visible};
pub use outline::{Outline, Outlined, Seeing};
pub use rerender::{Rerendered, forget_renderings, rerendered, store as store_rerendered};
pub use rules::{Earned, Gone, Standing, Way, Why, may_see};
pub use store::{
    AuthorRow, NewPost, Post, Text, ThreadPost, author_of, insert, mark_deleted, mark_endorsed, named_author,
    named_authors, place, set_suggestions, set_tally, text_of, texts_of, unmark_deleted, written_here,
};
pub use written::{Written, offered, sizes, unfinished};

use crate::clock::HOUR;
use crate::db::Refusal as Refuses;
use crate::web::limits::Limit;
use crate::web::{FieldProblem, Problem};

/// Edits, deletions, choices and the like a member may make.
pub const CHANGES: Limit = Limit { scope: "change", most: 300, window: HOUR };

/// The three kinds of post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Opens a thread.
    Question,
    /// Answers a question.
    Answer,
    /// Stands under a question or an answer.
    Comment,
}

impl Kind {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Question => "question",
            Kind::Answer => "answer",
            Kind::Comment => "comment",
        }
    }

    /// Reads a stored kind; the column's check allows no other.
    pub fn stored(name: &str) -> Kind {
        match name {
            "question" => Kind::Question,
            "answer" => Kind::Answer,
            _ => Kind::Comment,
        }
    }
}

/// Why an act on a post is refused.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// It is not there, or not for this viewer.
    NotFound,
    /// It is another member's, and the viewer has not the privilege.
    NotYours,
    /// Somebody saved a newer version in between.
    Stale {
        /// The version there is now.
        current: i64,
    },
    /// It is already deleted.
    Deleted,
    /// It is not deleted.
    NotDeleted,
    /// It was removed as spam or abuse, and the viewer wrote it.
    OwnRemoved,
    /// Others have answered; taking it away would take their work away.
    HasAnswers,
    /// A moderator annulled this vote.
    Annulled,
    /// Only staff endorse.
    NotStaff,
    /// The viewer does not hold the privilege that the act asks for.
    Unprivileged {
        /// Names the words.
        kind: &'static str,
        /// Which privilege, and what is missing.
        facts: Vec<(&'static str, String)>,
    },
    /// What a suggested edit cannot be, or who cannot decide about it; names the words.
    Suggestion(&'static str),
    /// The question takes no more answers.
    Closed,
    /// One's own post cannot be voted on, nor one's own question be shared as "I have this too".
    OwnPost,
    /// Comments have no votes.
    NoVotes,
    /// Only the asker chooses.
    NotAsker,
    /// That answer is not an answer of this question, or it is deleted.
    NotAnAnswer,
    /// Moderators close and reopen.
    NotModerator,
    /// There is no such question to be a duplicate of.
    NoSuchTarget,
    /// The question is in that state already.
    Already,
    /// Fields that cannot be taken.
    Fields(Vec<FieldProblem>),
    /// Too often.
    TooOften {
        /// Until then, in seconds.
        seconds: u64,
    },
}

impl Refuses for Refusal {}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        match refusal {
            Refusal::NotFound => Problem::not_found(),
            Refusal::NotYours => Problem::forbidden("not-yours"),
            Refusal::Stale { current } => Problem::conflict("stale").with("current", current),
            Refusal::Deleted => Problem::conflict("deleted"),
            Refusal::NotDeleted => Problem::conflict("not-deleted"),
            Refusal::OwnRemoved => Problem::forbidden("own-removed"),
            Refusal::HasAnswers => Problem::forbidden("has-answers"),
            Refusal::Annulled => Problem::forbidden("annulled"),
            Refusal::NotStaff => Problem::forbidden("not-staff"),
            Refusal::Unprivileged { kind, facts } => Problem { facts, ..Problem::forbidden(kind) },
            Refusal::Suggestion(kind) => Problem::forbidden(kind),
            Refusal::Closed => Problem::forbidden("closed"),
            Refusal::OwnPost => Problem::forbidden("own-post"),
            Refusal::NoVotes => Problem::forbidden("no-votes"),
            Refusal::NotAsker => Problem::forbidden("not-asker"),
            Refusal::NotAnAnswer => Problem::invalid_field(FieldProblem::new("answer_id", "not-an-answer")),
            Refusal::NotModerator => Problem::forbidden("not-moderator"),
            Refusal::NoSuchTarget => {
                Problem::invalid_field(FieldProblem::new("duplicate_of", "no-such-question"))
            }
            Refusal::Already => Problem::conflict("already"),
            Refusal::Fields(fields) => Problem::invalid(fields),
            Refusal::TooOften { seconds } => Problem::too_often(seconds),
        }
    }
}
