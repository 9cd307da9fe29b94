//! What the pages about questions show.
//!
//! Times are UTC microseconds; texts are plain unless their type is [`crate::text::SafeHtml`]; URLs are paths of
//! this site, a question's being `/questions/{id}/{slug}`. What every reader of a space sees ([`thread::Thread`] and all
//! in it) is kept apart from what one viewer sees ([`thread::Mine`], [`thread::MyPost`]), so that the first can be cached.

use serde::Serialize;

pub mod editing;
pub mod list;
#[cfg(test)]
mod samples;
#[cfg(test)]
pub use samples::similar;
pub mod thread;

pub use editing::{
    AskPage, Conflict, DiffLine, DiffMark, DiffPiece, EditPage, FieldAsked, Revision, RevisionsPage,
    SimilarQuestion, SpaceChoice, Suggesting, TextLimits, changed_tags,
};
pub use list::{ListFilters, ListPage, QuestionRow, Sort, SpaceLink, TagCard, TagHeader, TagsPage};
pub use thread::{
    Affected, Answer, AnswerForm, Closing, Comment, CommentForm, Deleted, Edited, LinkedQuestion, Mark, Mine,
    MyComment, MyPost, NextStep, Notice, Origin, Post, Question, Thread, ThreadPage, WaitingFor,
};

pub use super::rules::State;

/// The kinds of posts. Words for it: `kind-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PostKind {
    Question,
    Answer,
    Comment,
}

/// A space by key and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpaceName {
    pub key: String,
    pub name: String,
}
