//! A suggestion as its readers see it: beside what the post says now.

use std::collections::HashMap;

use diesel::prelude::*;

use super::decide::Approval;
use super::merge::{Merged, Words, merge};
use super::store::{self, Row, Seen};
use crate::db::schema::questions as question_rows;
use crate::db::{Conn, Failure, among};
use crate::posts::revisions::{Heading, Version, history};
use crate::posts::{self, AuthorRow, Kind, Post, Refusal, offered};
use crate::questions::{Revised, Thread, tags_of};
use crate::text;
use crate::web::{FieldProblem, Viewer};

/// A suggestion as it was read.
#[derive(Clone, Debug)]
pub(super) struct Loaded {
    row: Row,
    post: Post,
    title: String,
    decides: bool,
    base: Words,
    current: Words,
    suggested: Words,
    people: HashMap<i64, AuthorRow>,
}

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
pub(super) fn load(c: &mut Conn, viewer: &Viewer, id: i64) -> Result<Loaded, Failure<Refusal>> {
    let Seen { row, found, decides, .. } = store::find(c, viewer, id)?.ok_or(Refusal::NotFound)?;
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
    let people = posts::named_authors(c, &ids)?;
    Ok(Loaded { row, post, title, decides, base, current, suggested, people })
}

impl Loaded {
    /// Puts the suggestion together with what stands. Of the largest texts that takes some time.
    pub(super) fn merged(self) -> Shown {
        let Loaded { row, post, title, decides, base, current, suggested, people } = self;
        let merged = merge(&base, &current, &suggested);
        Shown { row, post, title, decides, base, current, suggested, merged, people }
    }
}

/// What the history says of what a decider changed.
const IMPROVED: &str = "Changed when approving a suggested edit";

impl Shown {
    /// What its page compares. What waits is compared with what stands now; what was decided with what it was made from.
    pub(super) fn sides(&self) -> (&Words, &Words) {
        if self.row.waits() { (&self.current, &self.merged.words) } else { (&self.base, &self.suggested) }
    }

    /// What approving it with these words saves, made from the version the decider saw.
    ///
    /// # Errors
    /// Fields that cannot be taken.
    pub(super) fn approval(&self, decided: &Words, seen: i64) -> Result<Approval, Vec<FieldProblem>> {
        let kind = self.post.kind();
        let (current, decided) = (cleaned(&self.current), cleaned(decided));
        let taken = self.merged.taken(&current, &decided);
        let suggested = revised(&current, &taken, self.row.reason.clone(), seen);
        // What cannot stand by itself, such as a text too long when put together, is all the decider's.
        let suggested = suggested.and_then(|suggested| suggested.prepare(kind).ok());
        let before = if suggested.is_some() { &taken } else { &current };
        let improved = revised(before, &decided, Some(IMPROVED.to_owned()), seen);
        let improved = improved.map(|improved| improved.prepare(kind)).transpose()?;
        Ok(Approval { suggested, improved, seen, merged_with: self.post.version })
    }
}

/// What makes `new` of `old`; None where they say the same.
fn revised(old: &Words, new: &Words, reason: Option<String>, version: i64) -> Option<Revised> {
    (old != new).then(|| Revised {
        title: new.title.clone().filter(|_| new.title != old.title),
        tags: new.tags.clone().filter(|_| new.tags != old.tags),
        body: Some(new.body.clone()).filter(|_| new.body != old.body),
        reason,
        version,
    })
}

/// Words as saving them would make them, to be compared with each other.
fn cleaned(words: &Words) -> Words {
    Words {
        title: words.title.as_deref().map(text::clean_title),
        tags: words.tags.clone(),
        body: text::clean_body(&words.body).trim().to_owned(),
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

/// Titles of the questions of some posts, and the people who suggested edits of them: suggester and post.
pub(super) fn beside(
    c: &mut Conn,
    rows: &[(i64, &Post)],
) -> QueryResult<(HashMap<i64, String>, HashMap<i64, AuthorRow>)> {
    let ids = |of: &dyn Fn(&(i64, &Post)) -> i64| -> Vec<i64> {
        let mut ids: Vec<i64> = rows.iter().map(of).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let titles: Vec<(i64, String)> = question_rows::table
        .filter(among(question_rows::post_id, &ids(&|(_, post)| post.thread())))
        .select((question_rows::post_id, question_rows::title))
        .load(c)?;
    let people = posts::named_authors(c, &ids(&|(suggester, _)| *suggester))?;
    Ok((titles.into_iter().collect(), people))
}
