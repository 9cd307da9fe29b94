//! Editing and history of any post, and the preview of Markdown, as pages.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use std::ops::RangeInclusive;

use super::routes::thread_of;
use crate::db::{Conn, Failure, On};
use crate::posts::revisions::{Heading, Version, history};
use crate::posts::{self, AuthorRow, Found, Kind, Refusal, Text, rules};
use crate::questions::pages::{
    Conflict, DiffLine, DiffMark, DiffPiece, EditPage, PostKind, Revision, RevisionsPage, TextLimits,
};
use crate::questions::{self, Revised, Thread, post_url, tags_of};
use crate::text::{self, Change};
use crate::web::limits::within;
use crate::web::pages::Pager;
use crate::web::{Problem, Viewer, Visit};

/// A post with what its edit form needs.
struct Editable {
    found: Found,
    text: Text,
    heading: Heading,
    editor: Option<AuthorRow>,
}

/// `GET /posts/{id}/edit`.
///
/// # Errors
/// 404, or 403 for another's post.
pub async fn form(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let post = load(&visit, id.into_inner()).await?;
    visit.page(&edit_page(&visit, &post)?)
}

/// `POST /posts/{id}/edit` with `title`, `tags` (questions), `body`, `reason`, `version`.
///
/// # Errors
/// What [`questions::edit`] refuses. Fields that cannot be taken, and a stale version, come back with the form.
pub async fn save(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let before = load(&visit, id).await?;
    let kind = before.found.post.kind();
    let form = &visit.form;
    let question = kind == Kind::Question;
    // A body that was only converted for the form, and not changed there, stays what it is.
    let unchanged = text::clean_body(form.text("body")).trim() == offered(&before.text).trim();
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
                        let edited = questions::edit(c, viewer, id, &prepared, now);
                        edited.map_err(|failure| failure.map(Problem::from))
                    })
                })
                .await
        }
    };
    match saved {
        Ok(_) => Ok(visit.see(&url, Some("edited"))),
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
            let post = editable(c, viewer, id)?;
            let row = &post.found.post;
            rules::may_edit(post.found.standing, row.author_id, row.deleted_at.is_some())?;
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
    })
}

/// The source as the form offers it: HTML of an import as Markdown.
fn offered(text: &Text) -> String {
    if text.body_format == "html" { text::html_to_markdown(&text.body) } else { text.body.clone() }
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
        body: offered(&post.text),
        reason: String::new(),
        version: row.version,
        conflict: None,
        converted: post.text.body_format == "html",
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
        body: offered(&post.text),
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
    let (found, heading, mut versions) = visit
        .read(move |c, viewer| {
            some_versions(c, viewer, id, |current| {
                let last = last.min(current);
                // One more than is shown: the oldest on the page is compared with it.
                last.saturating_sub(ON_PAGE)..=last
            })
        })
        .await?;
    let row = &found.post;
    let further = versions.len() as i64 > ON_PAGE;
    let before_first = further.then(|| versions.remove(0));
    let older = versions
        .first()
        .filter(|_| further)
        .map(|first| format!("/posts/{id}/revisions?before={}", first.number));
    let revisions = versions.iter().enumerate().map(|(index, version)| {
        let before = if index == 0 { before_first.as_ref() } else { versions.get(index - 1) };
        revision(version, before)
    });
    let mut revisions: Vec<Revision> = revisions.collect();
    revisions.reverse();
    visit.page(&RevisionsPage {
        kind: post_kind(row.kind()),
        post_url: post_url(row.thread(), &heading.title, row.kind(), id),
        question_title: heading.title,
        revisions,
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

fn revision(version: &Version, before: Option<&Version>) -> Revision {
    let headings = before.and_then(|before| before.heading.as_ref()).zip(version.heading.as_ref());
    let title = headings.filter(|(old, new)| old.title != new.title);
    let tags = headings.filter(|(old, new)| old.tags != new.tags);
    let missing = |from: &[String], other: &[String]| {
        from.iter().filter(|tag| !other.contains(tag)).cloned().collect::<Vec<_>>()
    };
    Revision {
        number: version.number,
        by: AuthorRow::shown(version.editor.as_ref(), version.editor_name.as_deref()),
        at: version.made_at,
        reason: version.reason.clone().unwrap_or_default(),
        title: title.map(|(old, new)| (old.title.clone(), new.title.clone())),
        tags: tags.map(|(old, new)| (missing(&old.tags, &new.tags), missing(&new.tags, &old.tags))),
        space: None,
        diff: match before {
            None => whole(&version.body),
            Some(before) if before.body == version.body => Vec::new(),
            Some(before) => shown_diff(&before.body, &version.body),
        },
    }
}

/// The first version's lines: nothing was there to be changed.
fn whole(body: &str) -> Vec<DiffLine> {
    let piece = |line: &str| DiffPiece { text: line.to_owned(), changed: false };
    body.lines().map(|line| DiffLine { mark: DiffMark::Same, pieces: vec![piece(line)] }).collect()
}

/// The changed lines with three unchanged ones around them.
fn shown_diff(old: &str, new: &str) -> Vec<DiffLine> {
    const AROUND: usize = 3;
    let lines = text::diff(old, new);
    let near = |index: usize| {
        let from = index.saturating_sub(AROUND);
        lines.iter().skip(from).take(index - from + AROUND + 1).any(|line| line.change != Change::Same)
    };
    let mut shown: Vec<DiffLine> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if near(index) {
            let mark = match line.change {
                Change::Same => DiffMark::Same,
                Change::Removed => DiffMark::Removed,
                Change::Added => DiffMark::Added,
            };
            let pieces = line
                .parts
                .iter()
                .map(|part| DiffPiece { text: part.text.clone(), changed: part.changed })
                .collect();
            shown.push(DiffLine { mark, pieces });
        } else if shown.last().is_none_or(|last| last.mark != DiffMark::Gap) {
            shown.push(DiffLine { mark: DiffMark::Gap, pieces: Vec::new() });
        }
    }
    shown
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
