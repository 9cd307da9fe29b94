//! Lists of questions: newest, active, by score; by state, space, tag and asker; in keyset pages.
//!
//! Promises: only questions that stand in lists and in spaces the viewer may enter, one's own hidden and deleted
//! ones in "mine" apart; a page costs the same however deep it lies; what is only shown is read apart, so that a page
//! that is known by what was found needs not be read again.

mod find;
mod rows;

use diesel::prelude::*;
use serde::Serialize;

pub use find::{Found, find, is_empty, is_followed};
pub(super) use rows::Listed;
pub use rows::{rows, rows_of};

use super::rules::State;
use super::tags;
use crate::clock::Micros;
use crate::db::Conn;
use crate::posts::AuthorRow;
use crate::spaces::Scope;
use crate::web::Viewer;

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// Asked last first.
    #[default]
    Newest,
    /// Last activity first.
    Active,
    /// Highest score first.
    Score,
}

impl Sort {
    /// Reads a sort's name, as in URLs.
    pub fn parse(name: &str) -> Option<Sort> {
        match name {
            "newest" => Some(Sort::Newest),
            "active" => Some(Sort::Active),
            "score" => Some(Sort::Score),
            _ => None,
        }
    }
}

/// Which questions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Filter {
    /// Of this space.
    pub space_id: Option<i64>,
    /// With this tag.
    pub tag: Option<String>,
    /// In this state; `Open` includes unanswered, `Solved` includes closed ones with a solution.
    pub state: Option<State>,
    /// The viewer's own.
    pub mine: bool,
    /// In this order.
    pub sort: Sort,
}

/// The key of a row: what the list is sorted by, and the id.
pub type Key = (i64, i64);

/// From where a page goes on, and which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum From {
    /// The list's beginning.
    #[default]
    Start,
    /// After this row, towards the end.
    After(Key),
    /// Before this row, towards the beginning.
    Before(Key),
}

/// A question in a list.
#[derive(Clone, Debug)]
pub struct Row {
    /// The question.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// The first words of its body.
    pub excerpt: String,
    /// Its space: key and name.
    pub space: (String, String),
    /// The asker, when a member.
    pub author: Option<AuthorRow>,
    /// The asker's shown name when none.
    pub author_name: Option<String>,
    /// Its state.
    pub state: State,
    /// Its score.
    pub score: i64,
    /// Visible answers.
    pub answers: i64,
    /// People who have it too, imported ones included.
    pub affected: i64,
    /// When it was asked.
    pub created_at: Micros,
    /// When something last happened.
    pub last_activity_at: Micros,
    /// Its tags in order.
    pub tags: Vec<String>,
}

/// One page of at most `limit` rows, each with its key, in the list's order.
pub fn page(
    c: &mut Conn,
    viewer: &Viewer,
    scope: &Scope,
    filter: &Filter,
    from: From,
    limit: i64,
) -> QueryResult<Vec<(Key, Row)>> {
    let tag = match &filter.tag {
        Some(name) => tags::in_scope(c, scope, name)?,
        None => None,
    };
    let found = find(c, viewer, scope, filter, tag.as_ref(), from, limit)?;
    let rows = rows(c, scope, &found)?;
    Ok(found.iter().map(|found| found.key(filter.sort)).zip(rows).collect())
}
