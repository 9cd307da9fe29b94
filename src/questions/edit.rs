//! Editing the text of any post: a question's title and tags with it.

use diesel::prelude::*;
use serde::Serialize;

use super::ask::{checked_title, excerpt};
use super::tags::{self, TagName};
use super::thread::Thread;
use crate::clock::Micros;
use crate::db::schema::questions;
use crate::db::{Conn, Failure};
use crate::events::{self, About, Fact};
use crate::posts::revisions::{Edit, Heading, revise};
use crate::posts::{self, Found, Kind, Refusal, Written, rules};
use crate::text;
use crate::web::{FieldProblem, Viewer};

/// What an edit changes; None keeps what is there, and only what changes is checked.
#[derive(Clone, Debug, Default)]
pub struct Revised {
    /// Questions only.
    pub title: Option<String>,
    /// Questions only.
    pub tags: Option<Vec<String>>,
    /// Markdown.
    pub body: Option<String>,
    /// Why, shown in the history.
    pub reason: Option<String>,
    /// The version the editor saw.
    pub version: i64,
}

#[derive(Serialize)]
pub(crate) struct PostEdited {
    pub(crate) post_id: i64,
    pub(crate) version: i64,
}

impl Fact for PostEdited {
    const KIND: &'static str = "PostEdited";
}

/// An edit whose body was checked and rendered before the transaction.
#[derive(Clone, Debug)]
pub struct Prepared {
    title: Option<String>,
    tags: Option<Vec<TagName>>,
    written: Option<Written>,
    reason: Option<String>,
    version: i64,
}

impl Revised {
    /// Checks and renders. `kind` decides the sizes.
    ///
    /// # Errors
    /// All fields that cannot be taken.
    pub fn prepare(self, kind: Kind) -> Result<Prepared, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let mut note = |problem: FieldProblem| problems.push(problem);
        let title = self.title.map(|title| checked_title(&title).map_err(&mut note));
        let tags =
            self.tags.map(|tags| TagName::parse_all(tags.iter().map(String::as_str)).map_err(&mut note));
        let written = self.body.map(|body| Written::new(kind, &body).map_err(&mut note));
        if kind != Kind::Question && title.is_some() {
            note(FieldProblem::new("title", "not-here"));
        }
        if kind != Kind::Question && tags.is_some() {
            note(FieldProblem::new("tags", "not-here"));
        }
        let reason = self.reason.map(|reason| text::clean_title(&reason)).filter(|reason| !reason.is_empty());
        if let Some(found) = reason.as_ref().map(|reason| reason.chars().count()).filter(|found| *found > 300)
        {
            note(FieldProblem::new("reason", "too-long").with("max", 300).with("found", found));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Prepared {
            title: title.and_then(Result::ok),
            tags: tags.and_then(Result::ok),
            written: written.and_then(Result::ok),
            reason,
            version: self.version,
        })
    }
}

/// Saves an edit and answers the new version; what does not change anything makes none.
///
/// # Errors
/// [`Refusal::Stale`], [`Refusal::NotYours`], [`Refusal::Deleted`] or [`Refusal::NotFound`].
pub fn edit(
    c: &mut Conn,
    viewer: &Viewer,
    id: i64,
    new: &Prepared,
    now: Micros,
) -> Result<i64, Failure<Refusal>> {
    let Found { post, standing, .. } = posts::find(c, viewer, id)?.ok_or(Refusal::NotFound)?;
    rules::may_edit(standing, post.author_id, post.deleted_at.is_some())?;
    rules::is_current(new.version, post.version)?;
    let old = posts::text_of(c, id)?;
    let mut thread = Thread::load(c, post.thread())?;
    let question = post.kind() == Kind::Question;
    let heading = if question {
        Some(Heading { title: thread.title.clone(), tags: tags::tags_of(c, id)? })
    } else {
        None
    };
    let tags_as_text = |tags: &[TagName]| tags.iter().map(|tag| tag.as_str().to_owned()).collect::<Vec<_>>();
    let same_title =
        new.title.as_ref().is_none_or(|title| heading.as_ref().is_some_and(|old| old.title == *title));
    let same_tags = new
        .tags
        .as_ref()
        .is_none_or(|tags| heading.as_ref().is_some_and(|old| old.tags == tags_as_text(tags)));
    let same_body = new.written.as_ref().is_none_or(|written| written.body == old.body);
    if same_title && same_tags && same_body {
        return Ok(post.version);
    }
    let edit = Edit { editor: viewer.id, reason: new.reason.as_deref(), now };
    let version =
        revise(c, &post, &old, heading.as_ref(), new.written.as_ref().filter(|_| !same_body), &edit)?;
    if question {
        if let Some(title) = &new.title {
            diesel::update(questions::table.find(id)).set(questions::title.eq(title)).execute(c)?;
        }
        if let Some(written) = &new.written {
            diesel::update(questions::table.find(id))
                .set(questions::excerpt.eq(excerpt(&written.rendered.text)))
                .execute(c)?;
        }
        if let Some(tags) = new.tags.as_ref().filter(|_| !same_tags) {
            tags::set(c, id, thread.space_id, tags, thread.listed, thread.created_at)?;
        }
    }
    thread.save(c)?;
    let about = About::now(now, Some(viewer.id)).in_thread(thread.post_id, thread.space_id);
    events::append(c, &about, &PostEdited { post_id: id, version })?;
    Ok(version)
}
