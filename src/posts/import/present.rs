//! What earlier runs left.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{Day, ImportedPost, Kind};
use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::{imported_tallies, post_texts, posts};

/// An imported post as it is here.
#[derive(Clone, Debug)]
pub struct Present {
    /// The post.
    pub id: i64,
    /// Its thread.
    pub thread_id: i64,
    /// Whether nobody edited its text here.
    pub untouched: bool,
    /// Its source text.
    pub body: String,
    /// `markdown` or `html`.
    pub body_format: String,
    /// Its imported votes, oldest day first.
    pub tallies: Vec<Day>,
}

impl Present {
    /// Whether a newer dump has another text, and it may be taken.
    pub fn text_differs(&self, new: &ImportedPost) -> bool {
        self.untouched && (self.body != new.body || self.body_format != new.format.as_str())
    }

    /// Whether a newer dump counts other votes. A dump that tells nothing about votes changes nothing.
    pub fn tallies_differ(&self, new: &ImportedPost) -> bool {
        new.tallies.as_ref().is_some_and(|new| *new != self.tallies)
    }
}

type Row = (i64, Option<String>, Option<i64>, i64, Option<i64>, String, String);

/// Those of the posts that are here, by original id.
pub fn present(
    c: &mut Conn,
    source: &str,
    kind: Kind,
    ids: &[&str],
) -> QueryResult<HashMap<String, Present>> {
    let rows: Vec<Row> = posts::table
        .inner_join(post_texts::table)
        .filter(posts::source.eq(source))
        .filter(posts::kind.eq(kind.as_str()))
        .filter(posts::original_id.eq_any(ids.to_vec()))
        .select((
            posts::id,
            posts::original_id,
            posts::thread_id,
            posts::version,
            posts::imported_version,
            post_texts::body,
            post_texts::body_format,
        ))
        .load(c)?;
    let found: Vec<i64> = rows.iter().map(|row| row.0).collect();
    let mut tallies: HashMap<i64, Vec<Day>> = HashMap::new();
    if kind.has_votes() && !found.is_empty() {
        let days: Vec<(i64, Micros, i64, i64)> = imported_tallies::table
            .filter(imported_tallies::post_id.eq_any(found))
            .order((imported_tallies::post_id, imported_tallies::day))
            .select(imported_tallies::all_columns)
            .load(c)?;
        for (post, day, up, down) in days {
            tallies.entry(post).or_default().push(Day { day, up, down });
        }
    }
    let present =
        rows.into_iter().filter_map(|(id, original, thread, version, imported, body, body_format)| {
            let tallies = tallies.remove(&id).unwrap_or_default();
            let untouched = imported == Some(version);
            let thread_id = thread.unwrap_or(id);
            Some((original?, Present { id, thread_id, untouched, body, body_format, tallies }))
        });
    Ok(present.collect())
}

/// The post of this original id. Whether somebody may know of it, [`crate::posts::find`] says.
pub fn by_original(c: &mut Conn, source: &str, kind: Kind, original_id: &str) -> QueryResult<Option<i64>> {
    posts::table
        .filter(posts::source.eq(source))
        .filter(posts::kind.eq(kind.as_str()))
        .filter(posts::original_id.eq(original_id))
        .select(posts::id)
        .first(c)
        .optional()
}

/// The original ids of a source's posts of one kind, by their ids here.
pub fn originals_of(c: &mut Conn, source: &str, kind: Kind) -> QueryResult<HashMap<i64, String>> {
    let rows: Vec<(i64, Option<String>)> = posts::table
        .filter(posts::source.eq(source))
        .filter(posts::kind.eq(kind.as_str()))
        .select((posts::id, posts::original_id))
        .load(c)?;
    Ok(rows.into_iter().filter_map(|(id, original)| Some((id, original?))).collect())
}

/// The space of a post.
pub fn space_of(c: &mut Conn, post_id: i64) -> QueryResult<i64> {
    posts::table.find(post_id).select(posts::space_id).first(c)
}

/// A question or answer that comments stand under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Parent {
    /// The post.
    pub id: i64,
    /// Its thread.
    pub thread_id: i64,
    /// Its space.
    pub space_id: i64,
    /// Whether it is a question.
    pub is_question: bool,
}

/// The questions and answers of these original ids, for sources that number both in one row.
pub fn parents(c: &mut Conn, source: &str, ids: &[&str]) -> QueryResult<HashMap<String, Parent>> {
    let rows: Vec<(Option<String>, i64, Option<i64>, i64, String)> = posts::table
        .filter(posts::source.eq(source))
        .filter(posts::kind.eq_any(["question", "answer"]))
        .filter(posts::original_id.eq_any(ids.to_vec()))
        .select((posts::original_id, posts::id, posts::thread_id, posts::space_id, posts::kind))
        .load(c)?;
    let parents = rows.into_iter().filter_map(|(original, id, thread, space_id, kind)| {
        let thread_id = thread.unwrap_or(id);
        Some((original?, Parent { id, thread_id, space_id, is_question: kind == "question" }))
    });
    Ok(parents.collect())
}
