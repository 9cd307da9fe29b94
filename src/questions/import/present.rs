//! What earlier runs left of questions, and in what a newer dump differs.

use std::collections::HashMap;

use diesel::prelude::*;

use super::ImportedQuestion;
use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::questions;
use crate::posts::Kind;
use crate::posts::import::{self, Present as PresentPost};
use crate::questions::{TagName, tags_of_many};

/// An imported question as it is here.
#[derive(Clone, Debug)]
pub struct Present {
    /// Its post.
    pub post: PresentPost,
    title: String,
    tags: Vec<String>,
    closed: bool,
    affected: i64,
}

/// In what a newer dump differs from what is here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Title, tags or body, where nobody edited them here.
    pub text: bool,
    /// Votes without a person.
    pub tallies: bool,
    /// People without a name who have it too.
    pub affected: bool,
    /// Open or closed.
    pub closing: bool,
}

impl Difference {
    /// Whether there is any.
    pub fn any(self) -> bool {
        self != Difference::default()
    }
}

impl Present {
    /// Compares with what a dump says now.
    pub fn difference(&self, new: &ImportedQuestion) -> Difference {
        let heading = self.title != new.title || !self.tags.iter().eq(new.tags.iter().map(TagName::as_str));
        Difference {
            text: self.post.untouched && (heading || self.post.text_differs(&new.post)),
            tallies: self.post.tallies_differ(&new.post),
            affected: self.affected != new.affected,
            closing: self.closed != new.closing.is_some(),
        }
    }
}

/// Those of the questions that are here, by original id.
pub fn present(c: &mut Conn, source: &str, ids: &[&str]) -> QueryResult<HashMap<String, Present>> {
    let posts = import::present(c, source, Kind::Question, ids)?;
    let ids: Vec<i64> = posts.values().map(|post| post.id).collect();
    let mut tags: HashMap<i64, Vec<String>> = HashMap::new();
    for (question, tag) in tags_of_many(c, &ids)? {
        tags.entry(question).or_default().push(tag);
    }
    let rows: Vec<(i64, String, Option<Micros>, i64)> = questions::table
        .filter(questions::post_id.eq_any(ids))
        .select((questions::post_id, questions::title, questions::closed_at, questions::affected_imported))
        .load(c)?;
    let mut threads: HashMap<i64, (String, bool, i64)> = rows
        .into_iter()
        .map(|(id, title, closed, affected)| (id, (title, closed.is_some(), affected)))
        .collect();
    let present = posts.into_iter().filter_map(|(original, post)| {
        let (title, closed, affected) = threads.remove(&post.id)?;
        let tags = tags.remove(&post.id).unwrap_or_default();
        Some((original, Present { post, title, tags, closed, affected }))
    });
    Ok(present.collect())
}
