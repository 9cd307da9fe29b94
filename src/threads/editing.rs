//! Editing and history of any post, and the preview of Markdown, as pages.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use std::ops::RangeInclusive;

use super::routes::thread_of;
use crate::db::{Conn, Failure, On};
use crate::posts::revisions::{Heading, Version, history};
use crate::posts::{self, AuthorRow, Found, Kind, Refusal, Text, Way, offered};
use crate::questions::pages::{
    Conflict, DiffLine, EditPage, PostKind, Revision, RevisionsPage, Suggesting, TextLimits, changed_tags,
};
use crate::questions::{self, Revised, Thread, post_url, tags_of};
use crate::suggestions::{self, Outcome};
use crate::text;
use crate::web::limits::within;
use crate::web::pages::Pager;
use crate::web::{Problem, Viewer, Visit, offload};

/// A post with what its edit form needs.
struct Editable {
    found: Found,
    text: Text,
    heading: Heading,
    editor: Option<AuthorRow>,
    suggesting: Option<Suggesting>,
    tags_suggested: bool,
}

/// `GET /posts/{id}/edit`.
///
/// # Errors
/// 404, or 403 for another's comment.
pub async fn form(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let post = load(&visit, id.into_inner()).await?;
    visit.page(&edit_page(&visit, &post)?)
}

/// `POST /posts/{id}/edit` with `title`, `tags` (questions), `body`, `reason`, `version`.
///
/// # Errors
/// What [`suggestions::edit_or_suggest`] refuses. Fields that cannot be taken, and a stale version, come back with the form.
pub async fn save(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let before = load(&visit, id).await?;
    let kind = before.found.post.kind();
    let form = &visit.form;
    let question = kind == Kind::Question;
    // A body that was only converted for the form, and not changed there, stays what it is.
    let unchanged = text::clean_body(form.text("body")).trim()
        == offered(&before.text.body, &before.text.body_format).trim();
    let revised = Revised {
        title: question.then(|| form.text("title").to_owned()).filter(|title| *title != before.heading.title),
        tags: question
            .then(|| questions::TagName::split(form.text("tags")).map(str::to_owned).collect::<Vec<_>>())
            .filter(|tags| *tags != before.heading.tags),
        body: Some(form.text("body").to_owned()).filter(|_| !unchanged),
        reason: form.given("reason").map(str::to_owned),
        version: form.required_number("version")?,
    };
    let url = post_url(before.found.post.thread(), &before.heading.title, kind, id);
    let saved = match revised.prepare(kind) {
        Err(fields) => Err(Problem::invalid(fields)),
        Ok(prepared) => {
            let now = visit.now;
            let thread = thread_of(&visit, id).await?;
            let limit = Some(posts::CHANGES).filter(|_| visit.hall.config.limits);
            visit
                .write(On::Thread(thread), move |c, viewer| {
                    within(c, limit, &viewer.id.to_string(), now, |c| {
                        suggestions::edit_or_suggest(c, viewer, id, &prepared, limit.is_some(), now)
                    })
                })
                .await
        }
    };
    match saved {
        Ok(Outcome::Saved(_)) => Ok(visit.see(&url, Some("edited"))),
        Ok(Outcome::Suggested(_)) => Ok(visit.see(&url, Some("suggested"))),
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY || problem.kind == "stale" => {
            let current = load(&visit, id).await?;
            let mut page = edit_page(&visit, &current)?;
            if problem.kind == "stale" {
                page.conflict = Some(conflict(&current, question));
            } else {
                page.version = form.required_number("version")?;
                page.errors = visit.field_errors(&problem);
            }
            page.title = question.then(|| form.text("title").to_owned());
            page.tags = question.then(|| form.text("tags").to_owned());
            page.body = form.text("body").to_owned();
            page.reason = form.text("reason").to_owned();
            visit.page_with(problem.status, &page)
        }
        Err(problem) => Err(problem),
    }
}

async fn load(visit: &Visit, id: i64) -> Result<Editable, Problem> {
    visit
        .read(move |c, viewer| {
            let mut post = editable(c, viewer, id)?;
            let way = questions::way_to_edit(c, viewer, &post.found)?;
            post.tags_suggested = way == Way::Text;
            if matches!(way, Way::Tags | Way::Suggested) {
                let waiting = suggestions::waiting_of(c, viewer.id, id)?;
                post.suggesting = Some(Suggesting { tags_at_once: way == Way::Tags, waiting });
            }
            Ok::<_, Failure<Refusal>>(post)
        })
        .await
}

fn editable(c: &mut Conn, viewer: &Viewer, id: i64) -> Result<Editable, Failure<Refusal>> {
    let found = posts::find(c, viewer, id)?.ok_or(Refusal::NotFound)?;
    let thread = found.post.thread();
    let editor = match found.post.edited_by.or(found.post.author_id) {
        Some(editor) => posts::named_author(c, editor)?,
        None => None,
    };
    Ok(Editable {
        text: posts::text_of(c, id)?,
        heading: Heading { title: Thread::title(c, thread)?, tags: tags_of(c, thread)? },
        found,
        editor,
        suggesting: None,
        tags_suggested: false,
    })
}

fn edit_page(visit: &Visit, post: &Editable) -> Result<EditPage, Problem> {
    let row = &post.found.post;
    let question = row.kind() == Kind::Question;
    Ok(EditPage {
        id: row.id,
        kind: post_kind(row.kind()),
        post_url: post_url(row.thread(), &post.heading.title, row.kind(), row.id),
        question_title: post.heading.title.clone(),
        title: question.then(|| post.heading.title.clone()),
        tags: question.then(|| post.heading.tags.join(" ")),
        body: offered(&post.text.body, &post.text.body_format),
        reason: String::new(),
        version: row.version,
        conflict: None,
        converted: post.text.body_format == "html",
        suggesting: post.suggesting.clone(),
        tags_suggested: post.tags_suggested,
        of_another: row.author_id != Some(visit.viewer()?.id),
        limits: TextLimits::default(),
        errors: Default::default(),
    })
}

fn conflict(post: &Editable, question: bool) -> Conflict {
    let row = &post.found.post;
    Conflict {
        by: AuthorRow::shown(post.editor.as_ref(), row.editor_name.as_deref().or(row.author_name.as_deref())),
        at: row.edited_at.unwrap_or(row.created_at),
        reason: row.edit_reason.clone().unwrap_or_default(),
        title: question.then(|| post.heading.title.clone()),
        tags: question.then(|| post.heading.tags.join(" ")),
        body: offered(&post.text.body, &post.text.body_format),
    }
}

fn post_kind(kind: Kind) -> PostKind {
    match kind {
        Kind::Question => PostKind::Question,
        Kind::Answer => PostKind::Answer,
        Kind::Comment => PostKind::Comment,
    }
}

/// `GET /posts/{id}/revisions`, newest first, twenty a page.
///
/// # Errors
/// 404.
pub async fn revisions(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    const ON_PAGE: i64 = 20;
    let id = id.into_inner();
    let last = visit.query.number("before")?.map_or(i64::MAX, |before| before.saturating_sub(1));
    let ((found, heading, versions), may_roll_back) = visit
        .read(move |c, viewer| {
            let some = some_versions(c, viewer, id, |current| {
                let last = last.min(current);
                // One more than is shown: the oldest on the page is compared with it.
                last.saturating_sub(ON_PAGE)..=last
            })?;
            let directly = match questions::way_to_edit(c, viewer, &some.0) {
                Ok(way) => matches!(way, Way::Directly | Way::Text),
                Err(Failure::Refused(_)) => false,
                Err(broken) => return Err(broken),
            };
            Ok((some, directly))
        })
        .await?;
    let row = &found.post;
    let further = versions.len() as i64 > ON_PAGE;
    let older = versions
        .get(1)
        .filter(|_| further)
        .map(|first| format!("/posts/{id}/revisions?before={}", first.number));
    let revisions = offload(move || compared(versions, further)).await?;
    visit.page(&RevisionsPage {
        kind: post_kind(row.kind()),
        post_url: post_url(row.thread(), &heading.title, row.kind(), id),
        question_title: heading.title,
        revisions,
        may_roll_back,
        id,
        version: row.version,
        pager: Pager { newer: None, older },
    })
}

/// A post, its question's heading, and the versions of its text whose numbers `range` picks, given the current
/// one; oldest first.
pub(super) fn some_versions(
    c: &mut Conn,
    viewer: &Viewer,
    id: i64,
    range: impl FnOnce(i64) -> RangeInclusive<i64>,
) -> Result<(Found, Heading, Vec<Version>), Failure<Refusal>> {
    let found = posts::find(c, viewer, id)?.ok_or(Refusal::NotFound)?;
    let thread = found.post.thread();
    let heading = Heading { title: Thread::title(c, thread)?, tags: tags_of(c, thread)? };
    let own = (found.post.kind() == Kind::Question).then(|| heading.clone());
    let versions = history(c, &found.post, own, range(found.post.version))?;
    Ok((found, heading, versions))
}

/// Versions, oldest first, each compared with the one before it, newest first; where `further`, the oldest is only there to be
/// compared with.
fn compared(versions: Vec<Version>, further: bool) -> Vec<Revision> {
    let shown = versions.iter().enumerate().skip(usize::from(further));
    let before = |index: usize| index.checked_sub(1).and_then(|index| versions.get(index));
    shown.rev().map(|(index, version)| revision(version, before(index))).collect()
}

fn revision(version: &Version, before: Option<&Version>) -> Revision {
    let headings = before.and_then(|before| before.heading.as_ref()).zip(version.heading.as_ref());
    let title = headings.filter(|(old, new)| old.title != new.title);
    let tags = headings.filter(|(old, new)| old.tags != new.tags);
    Revision {
        number: version.number,
        by: AuthorRow::shown(version.editor.as_ref(), version.editor_name.as_deref()),
        at: version.made_at,
        reason: version.reason.clone().unwrap_or_default(),
        title: title.map(|(old, new)| (old.title.clone(), new.title.clone())),
        tags: tags.map(|(old, new)| changed_tags(&old.tags, &new.tags)),
        space: None,
        diff: match before {
            None => DiffLine::whole(&version.body),
            Some(before) if before.body == version.body => Vec::new(),
            Some(before) => DiffLine::between(&before.body, &version.body),
        },
    }
}

/// `POST /preview` with `body`: the HTML a reader would see.
///
/// # Errors
/// What [`posts::unfinished`] refuses.
pub async fn preview(visit: Visit) -> Result<HttpResponse, Problem> {
    visit.viewer()?;
    let rendered = posts::unfinished(visit.form.text("body")).await?;
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(rendered.html.into_string()))
}
