//! A suggestion as its readers see it: beside what the post says now.

use std::collections::HashMap;

use diesel::prelude::*;

use super::merge::{Merged, Words, merge};
use super::store::{self, Row, Seen};
use crate::db::schema::questions as question_rows;
use crate::db::{Conn, Failure, among};
use crate::posts::revisions::{Heading, Version, history};
use crate::posts::{self, AuthorRow, Kind, Post, Refusal, offered};
use crate::questions::{Prepared, Revised, Thread, tags_of};
use crate::web::{FieldProblem, Viewer};

/// A suggestion with all that decides what approving it would save.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) row: Row,
    pub(super) post: Post,
    /// Of the question.
    pub(super) title: String,
    pub(super) decides: bool,
    /// What the post said in the version it was made from.
    pub(super) base: Words,
    /// What it says now.
    pub(super) current: Words,
    /// What is suggested.
    pub(super) suggested: Words,
    pub(super) merged: Merged,
    pub(super) people: HashMap<i64, AuthorRow>,
}

/// Loads a suggestion that the viewer may see.
///
/// # Errors
/// [`Refusal::NotFound`].
pub(super) fn load(c: &mut Conn, viewer: &Viewer, id: i64) -> Result<Shown, Failure<Refusal>> {
    let Seen { row, found, decides } = store::find(c, viewer, id)?.ok_or(Refusal::NotFound)?;
    let post = found.post;
    let thread = post.thread();
    let heading = Heading { title: Thread::title(c, thread)?, tags: tags_of(c, thread)? };
    let title = heading.title.clone();
    let own = (post.kind() == Kind::Question).then_some(heading);
    let text = posts::text_of(c, post.id)?;
    let current = words(own.clone(), &text.body, &text.body_format);
    let before = history(c, &post, own, row.base_version..=row.base_version)?.into_iter().next();
    // Versions are kept for good.
    let base = before.map_or_else(|| current.clone(), of_version);
    let suggested = Words {
        title: row.title.clone().or_else(|| base.title.clone()),
        tags: row.tag_names().or_else(|| base.tags.clone()),
        body: row.body.clone().unwrap_or_else(|| base.body.clone()),
    };
    let mut ids = vec![row.suggester_id];
    ids.extend(row.decided_by);
    ids.extend(post.author_id);
    let merged = merge(&base, &current, &suggested);
    Ok(Shown {
        people: posts::named_authors(c, &ids)?,
        title,
        decides,
        base,
        current,
        suggested,
        merged,
        post,
        row,
    })
}

impl Shown {
    /// What approving it with these words saves, made from the version the decider saw.
    ///
    /// # Errors
    /// Fields that cannot be taken.
    pub(super) fn prepared(&self, words: &Words, seen: i64) -> Result<Prepared, Vec<FieldProblem>> {
        Revised {
            title: words.title.clone().filter(|title| Some(title) != self.current.title.as_ref()),
            tags: words.tags.clone().filter(|tags| Some(tags) != self.current.tags.as_ref()),
            body: Some(words.body.clone()).filter(|body| !same(body, &self.current.body)),
            reason: self.row.reason.clone(),
            version: seen,
        }
        .prepare(self.post.kind())
    }
}

/// The words of a version.
pub(super) fn of_version(version: Version) -> Words {
    words(version.heading, &version.body, &version.body_format)
}

fn words(heading: Option<Heading>, body: &str, format: &str) -> Words {
    let (title, tags) = heading.map(|heading| (heading.title, heading.tags)).unzip();
    Words { title, tags, body: offered(body, format).trim().to_owned() }
}

fn same(typed: &str, current: &str) -> bool {
    crate::text::clean_body(typed).trim() == current
}

/// Titles of the questions of some posts, and the people of their suggestions.
pub(super) fn beside(
    c: &mut Conn,
    rows: &[(Row, Post)],
) -> QueryResult<(HashMap<i64, String>, HashMap<i64, AuthorRow>)> {
    let ids = |of: &dyn Fn(&(Row, Post)) -> i64| -> Vec<i64> {
        let mut ids: Vec<i64> = rows.iter().map(of).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let titles: Vec<(i64, String)> = question_rows::table
        .filter(among(question_rows::post_id, &ids(&|(_, post)| post.thread())))
        .select((question_rows::post_id, question_rows::title))
        .load(c)?;
    let people = posts::named_authors(c, &ids(&|(row, _)| row.suggester_id))?;
    Ok((titles.into_iter().collect(), people))
}
