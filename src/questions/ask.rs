//! Asking.

use diesel::prelude::*;
use serde::Serialize;

use super::tags::{self, TagName};
use crate::clock::{HOUR, Micros};
use crate::db::schema::{follows, questions};
use crate::db::{Conn, Failure, On};
use crate::events::{self, About, Fact};
use crate::posts::{self, Kind, NewPost, Refusal, Written, counts, sizes};
use crate::spaces;
use crate::text;
use crate::web::limits::Limit;
use crate::web::{FieldProblem, Viewer};

/// A question that was checked and rendered, ready to be asked.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Key of its space.
    pub space: String,
    /// Cleaned title.
    pub title: String,
    /// Its tags.
    pub tags: Vec<TagName>,
    /// Its body.
    pub written: Written,
    /// What was given for the space's own fields; the act knows which there are.
    pub fields: serde_json::Map<String, serde_json::Value>,
}

#[derive(Serialize)]
pub(super) struct QuestionAsked {
    pub(super) tags: usize,
}

impl Fact for QuestionAsked {
    const KIND: &'static str = "QuestionAsked";
}

/// Questions a member may ask.
pub const LIMIT: Limit = Limit { scope: "question", most: 20, window: HOUR };

/// Asking serialises with asking: each moves the counts of its tags, and those who met there would be run again.
pub const ON: On = On::Named("ask", 0);

impl Draft {
    /// Checks and renders what was typed.
    ///
    /// # Errors
    /// All fields that cannot be taken, together.
    pub fn new<'a>(
        space: &str,
        title: &str,
        body: &str,
        tags: impl IntoIterator<Item = &'a str>,
        fields: serde_json::Map<String, serde_json::Value>,
    ) -> Result<Draft, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let title = checked_title(title).map_err(|problem| problems.push(problem));
        let written = Written::new(Kind::Question, body).map_err(|problem| problems.push(problem));
        let tags = TagName::parse_all(tags).map_err(|problem| problems.push(problem));
        if space.is_empty() {
            problems.push(FieldProblem::new("space", "missing"));
        }
        if serde_json::to_string(&fields).map_or(0, |text| text.len()) > 10_000 {
            problems.push(FieldProblem::new("fields", "too-long").with("max", 10_000).with("found", 10_001));
        }
        match (title, tags, written) {
            (Ok(title), Ok(tags), Ok(written)) if problems.is_empty() => {
                Ok(Draft { space: space.to_owned(), title, tags, written, fields })
            }
            _ => Err(problems),
        }
    }
}

/// A title without control characters, of a length that can be.
///
/// # Errors
/// What is wrong with the field `title`.
pub(super) fn checked_title(title: &str) -> Result<String, FieldProblem> {
    let title = text::clean_title(title);
    let found = text::char_count(&title);
    if found < *sizes::TITLE.start() {
        return Err(FieldProblem::new("title", "too-short")
            .with("min", sizes::TITLE.start())
            .with("found", found));
    }
    if found > *sizes::TITLE.end() {
        return Err(FieldProblem::new("title", "too-long")
            .with("max", sizes::TITLE.end())
            .with("found", found));
    }
    Ok(title)
}

/// Opens a thread and answers its id. The asker follows it.
///
/// # Errors
/// An unknown space, or one the viewer may not enter: the answer does not tell which. Its own fields.
pub fn ask(c: &mut Conn, viewer: &Viewer, draft: &Draft, now: Micros) -> Result<i64, Failure<Refusal>> {
    let Some(space) = spaces::by_key(c, viewer, &draft.space)? else {
        return Err(Refusal::Fields(vec![FieldProblem::new("space", "no-such-space")]).into());
    };
    let fields = space.fields.take(&draft.fields).map_err(Refusal::Fields)?;
    let new = NewPost {
        kind: Kind::Question,
        thread_id: None,
        parent_id: None,
        space_id: space.id,
        author_id: viewer.id,
        written: &draft.written,
        now,
    };
    let id = posts::insert(c, &new)?;
    diesel::insert_into(questions::table)
        .values((
            questions::post_id.eq(id),
            questions::space_id.eq(space.id),
            questions::title.eq(&draft.title),
            questions::excerpt.eq(excerpt(&draft.written.rendered.text)),
            questions::fields.eq(serde_json::Value::Object(fields).to_string()),
            questions::author_id.eq(viewer.id),
            questions::created_at.eq(now),
            questions::last_activity_at.eq(now),
            questions::last_actor_id.eq(viewer.id),
            questions::followers.eq(1),
        ))
        .execute(c)?;
    tags::set(c, id, space.id, &draft.tags, true, now)?;
    diesel::insert_into(follows::table)
        .values((follows::question_id.eq(id), follows::member_id.eq(viewer.id), follows::since.eq(now)))
        .execute(c)?;
    counts::add(c, viewer.id, space.id, counts::Change { questions: 1, ..Default::default() })?;
    let about = About::now(now, Some(viewer.id)).in_thread(id, space.id);
    events::append(c, &about, &QuestionAsked { tags: draft.tags.len() })?;
    Ok(id)
}

/// What lists show of a body, given its words without markup.
pub(super) fn excerpt(words: &str) -> String {
    text::excerpt(words, 200)
}
