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
use crate::posts::{self, Earned, Found, Kind, Post, Refusal, Way, Written, rules};
use crate::reputation::{self, figures, rules::Privilege};
use crate::text;
use crate::web::{FieldProblem, Role, Viewer};

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

/// What of a post an edit would change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Questions only.
    pub title: bool,
    /// Questions only.
    pub tags: bool,
    /// The text.
    pub body: bool,
}

impl Changes {
    /// Whether they come into force at once by this way.
    pub fn fit(self, way: Way) -> bool {
        match way {
            Way::Directly => true,
            Way::Text => !self.tags,
            Way::Tags => !self.title && !self.body,
            Way::Suggested => false,
        }
    }

    /// Whether it changes anything.
    pub fn any(self) -> bool {
        self.title || self.tags || self.body
    }
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

impl Prepared {
    /// A version of a post as it was, to stand again. Its title and text were accepted once and are not refused now.
    ///
    /// # Errors
    /// Tags that are none today.
    pub fn again(
        heading: Option<Heading>,
        written: Written,
        reason: String,
        version: i64,
    ) -> Result<Prepared, Vec<FieldProblem>> {
        let tags =
            heading.as_ref().map(|heading| TagName::parse_all(heading.tags.iter().map(String::as_str)));
        let tags = tags.transpose().map_err(|problem| vec![problem])?;
        let title = heading.map(|heading| heading.title);
        Ok(Prepared { title, tags, written: Some(written), reason: Some(reason), version })
    }

    /// The title, where one is given.
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// The tags, where some are given.
    pub fn tags(&self) -> Option<Vec<&str>> {
        self.tags.as_ref().map(|tags| tags.iter().map(TagName::as_str).collect())
    }

    /// The text's source, where one is given.
    pub fn body(&self) -> Option<&str> {
        self.written.as_ref().map(|written| written.body.as_str())
    }

    /// Why.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// The version it was made from.
    pub fn version(&self) -> i64 {
        self.version
    }
}

/// How the viewer's edit of a post comes into force.
///
/// # Errors
/// See [`rules::way_to_edit`]; a moderator from whom editing was taken is told so about comments.
pub fn way_to_edit(c: &mut Conn, viewer: &Viewer, found: &Found) -> Result<Way, Failure<Refusal>> {
    let Found { post, standing, .. } = found;
    let earned = earned_for(c, viewer, post)?;
    let gone = post.deleted_at.is_some();
    let way = rules::way_to_edit(*standing, post.kind(), post.author_id, gone, earned);
    if way == Err(Refusal::NotYours) && standing.moderates {
        reputation::require(c, viewer, Privilege::Edit)?;
    }
    Ok(way?)
}

/// What the viewer has earned to change a post by; nothing is asked about their own.
pub fn earned_for(c: &mut Conn, viewer: &Viewer, post: &Post) -> QueryResult<Earned> {
    if post.author_id == Some(viewer.id) { Ok(Earned::default()) } else { earned(c, viewer) }
}

/// What the viewer has earned where they do not moderate, a moderator's role counting in their own spaces only; and what
/// was taken from them everywhere.
pub fn earned(c: &mut Conn, viewer: &Viewer) -> QueryResult<Earned> {
    let standing =
        reputation::rules::Standing { role: Role::Customer, ..reputation::standing(c, viewer.id)? };
    let figures = figures::in_force(c)?.figures;
    let holds = |privilege| match standing.holds(privilege, &figures, viewer.now) {
        Ok(()) => (true, false),
        Err(lacking) => (false, lacking.taken),
    };
    let ((edit, edit_taken), (tags, tags_taken)) = (holds(Privilege::Edit), holds(Privilege::EditTags));
    Ok(Earned { edit, tags, edit_taken, tags_taken })
}

/// Saves an edit and answers the new version; what does not change anything makes none.
///
/// # Errors
/// [`Refusal::Stale`], [`Refusal::Deleted`], [`Refusal::NotFound`], or [`Refusal::NotYours`] for what would have to be
/// suggested.
pub fn edit(
    c: &mut Conn,
    viewer: &Viewer,
    id: i64,
    new: &Prepared,
    now: Micros,
) -> Result<i64, Failure<Refusal>> {
    let found = posts::find(c, viewer, id)?.ok_or(Refusal::NotFound)?;
    let way = way_to_edit(c, viewer, &found)?;
    if way == Way::Suggested {
        return Err(Refusal::NotYours.into());
    }
    rules::is_current(new.version, found.post.version)?;
    if way != Way::Directly && !changes(c, &found.post, new)?.fit(way) {
        return Err(Refusal::NotYours.into());
    }
    Ok(put(c, &found.post, new, viewer.id, now)?)
}

/// What an edit would change of a post that was found.
pub fn changes(c: &mut Conn, post: &Post, new: &Prepared) -> QueryResult<Changes> {
    let old = posts::text_of(c, post.id)?;
    let heading = heading_of(c, post)?;
    Ok(changed(new, heading.as_ref(), &old))
}

/// Puts an edit in the place of what a post says, and says so in the log; what does not change anything makes no version. Who
/// may was decided before. Answers the version there is then.
pub fn put(c: &mut Conn, post: &Post, new: &Prepared, editor: i64, now: Micros) -> QueryResult<i64> {
    let version = write(c, post, new, editor, now)?;
    if version != post.version {
        tell_edited(c, post, version, editor, now)?;
    }
    Ok(version)
}

/// Says in the log which version a post has by somebody's act.
pub fn tell_edited(c: &mut Conn, post: &Post, version: i64, by: i64, now: Micros) -> QueryResult<()> {
    let about = About::now(now, Some(by)).in_thread(post.thread(), post.space_id);
    events::append(c, &about, &PostEdited { post_id: post.id, version })
}

/// As [`put`], but says nothing: for an act that writes several versions.
pub fn write(c: &mut Conn, post: &Post, new: &Prepared, editor: i64, now: Micros) -> QueryResult<i64> {
    let id = post.id;
    let old = posts::text_of(c, id)?;
    let mut thread = Thread::load(c, post.thread())?;
    let heading = heading_of(c, post)?;
    let changes = changed(new, heading.as_ref(), &old);
    if !changes.any() {
        return Ok(post.version);
    }
    let edit = Edit { editor, reason: new.reason.as_deref(), now };
    let written = new.written.as_ref().filter(|_| changes.body);
    let version = revise(c, post, &old, heading.as_ref(), written, &edit)?;
    if post.kind() == Kind::Question {
        if let Some(title) = &new.title {
            diesel::update(questions::table.find(id)).set(questions::title.eq(title)).execute(c)?;
        }
        if let Some(written) = &new.written {
            diesel::update(questions::table.find(id))
                .set(questions::excerpt.eq(excerpt(&written.rendered.text)))
                .execute(c)?;
        }
        if let Some(tags) = new.tags.as_ref().filter(|_| changes.tags) {
            tags::set(c, id, thread.space_id, tags, thread.listed, thread.created_at)?;
        }
    }
    thread.save(c)?;
    Ok(version)
}

fn heading_of(c: &mut Conn, post: &Post) -> QueryResult<Option<Heading>> {
    if post.kind() != Kind::Question {
        return Ok(None);
    }
    Ok(Some(Heading { title: Thread::title(c, post.id)?, tags: tags::tags_of(c, post.id)? }))
}

fn changed(new: &Prepared, heading: Option<&Heading>, old: &posts::Text) -> Changes {
    let title = new.title.as_ref().is_some_and(|title| heading.is_none_or(|old| old.title != *title));
    let tags = new.tags().is_some_and(|tags| heading.is_none_or(|old| old.tags != tags));
    // The source of an import's HTML that is sent back as it was is no change to Markdown.
    let same = |written: &Written| {
        written.body == old.body && (written.format == old.body_format || written.format == "markdown")
    };
    Changes { title, tags, body: new.written.as_ref().is_some_and(|written| !same(written)) }
}
