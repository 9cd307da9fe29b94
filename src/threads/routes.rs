//! The question page and the acts on its posts, as forms.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path};

use super::kept::KeptThreads;
use super::{compose, view};
use crate::answers;
use crate::comments;
use crate::db::{Conn, Failure, On};
use crate::posts::{self, Kind, Refusal, Written};
use crate::questions::pages::CommentForm;
use crate::questions::views::Views;
use crate::questions::{self, AffectedBy, Thread, post_url, question_url};
use crate::votes;
use crate::web::limits::{Limit, within};
use crate::web::{FieldProblem, Problem, Viewer, Visit};

/// `GET /questions/{id}/{slug}`; another slug leads to the right one.
///
/// # Errors
/// 404 for what the viewer may not know of.
pub async fn show(
    visit: Visit,
    views: Data<Views>,
    kept: Data<KeptThreads>,
    path: Path<(i64, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, _) = path.into_inner();
    if kept.is_on() {
        return show_kept(&visit, &views, kept.into_inner(), id).await;
    }
    let view = load(&visit, id).await?;
    let url = question_url(id, &view.thread.title);
    if visit.path != url {
        return Ok(moved(&url));
    }
    let viewer = visit.viewer()?.id;
    if view.thread.author_id != Some(viewer) {
        views.count(id, viewer, visit.now);
    }
    opened(&visit, id)?;
    visit.page(&compose::page(&view))
}

async fn show_kept(
    visit: &Visit,
    views: &Views,
    kept: Arc<KeptThreads>,
    id: i64,
) -> Result<HttpResponse, Problem> {
    let (page, glance) = kept.page(visit, kept.look(visit, id).await?).await?;
    if visit.path != page.url {
        return Ok(moved(&page.url));
    }
    let viewer = visit.viewer()?.id;
    if glance.asker != Some(viewer) {
        views.count(id, viewer, visit.now);
    }
    opened(visit, id)?;
    visit.page_of(page.pieces(), &|slot| page.slot(&glance, slot))
}

/// Whoever has unread notices may have some of this thread.
fn opened(visit: &Visit, id: i64) -> Result<(), Problem> {
    let viewer = visit.viewer()?;
    if viewer.unread > 0 {
        visit.hall.threads_read.note(viewer.id, id, visit.now);
    }
    Ok(())
}

/// `GET /questions/{id}`.
///
/// # Errors
/// As [`show`].
pub async fn show_plain(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let title = visit
        .read(move |c, viewer| {
            let found = posts::find(c, viewer, id)?.filter(|found| found.post.kind() == Kind::Question);
            found.ok_or(Refusal::NotFound)?;
            Ok::<_, Failure<Refusal>>(Thread::title(c, id)?)
        })
        .await?;
    Ok(moved(&question_url(id, &title)))
}

/// `GET /posts/{id}`: to where the post is shown.
///
/// # Errors
/// As [`show`].
pub async fn show_post(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let url = visit
        .read(move |c, viewer| {
            let post = posts::find(c, viewer, id)?.ok_or(Refusal::NotFound)?.post;
            let title = Thread::title(c, post.thread())?;
            Ok::<_, Failure<Refusal>>(post_url(post.thread(), &title, post.kind(), id))
        })
        .await?;
    Ok(moved(&url))
}

fn moved(url: &str) -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header((header::LOCATION, url))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .finish()
}

async fn load(visit: &Visit, id: i64) -> Result<view::View, Problem> {
    visit
        .read(move |c, viewer| {
            view::load(c, viewer, id)?.ok_or_else(|| Failure::<Refusal>::from(Refusal::NotFound))
        })
        .await
}

/// `POST /questions/{id}/answers`.
///
/// # Errors
/// What [`answers::post`] refuses; a body that cannot be taken comes back with the form.
pub async fn answer(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let posted = match Written::new(Kind::Answer, visit.form.text("body")) {
        Err(field) => Err(Problem::invalid_field(field)),
        Ok(written) => {
            act(&visit, On::Thread(id), Some(answers::LIMIT), move |c, viewer, now| {
                answers::post(c, viewer, id, &written, now)
            })
            .await
        }
    };
    match posted {
        Ok(url) => Ok(visit.see(&url, Some("answered"))),
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let mut page = compose::page(&load(&visit, id).await?);
            page.answer_form.body = visit.form.text("body").to_owned();
            page.answer_form.errors = visit.field_errors(&problem);
            visit.page_with(problem.status, &page)
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /posts/{id}/comments`.
///
/// # Errors
/// What [`comments::post`] refuses; a body that cannot be taken comes back with the form.
pub async fn comment(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let thread = thread_of(&visit, id).await?;
    let posted = match Written::new(Kind::Comment, visit.form.text("body")) {
        Err(field) => Err(Problem::invalid_field(field)),
        Ok(written) => {
            act(&visit, On::Thread(thread), Some(comments::LIMIT), move |c, viewer, now| {
                comments::post(c, viewer, id, &written, now)
            })
            .await
        }
    };
    match posted {
        Ok(url) => Ok(visit.see(&url, Some("commented"))),
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let mut page = compose::page(&load(&visit, thread).await?);
            let form = CommentForm {
                body: visit.form.text("body").to_owned(),
                errors: visit.field_errors(&problem),
            };
            let question = &mut page.thread.question;
            if question.post.id == id {
                question.mine.comment_form = form;
            } else if let Some(answer) = page.thread.answers.iter_mut().find(|answer| answer.post.id == id) {
                answer.mine.comment_form = form;
            }
            visit.page_with(problem.status, &page)
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /posts/{id}/vote` with `value` 1, 0 or -1.
///
/// # Errors
/// What [`votes::cast`] refuses.
pub async fn vote(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let value = visit.form.required_number("value")?;
    if !(-1..=1).contains(&value) {
        let wrong = FieldProblem::new("value", "out-of-range").with("min", -1).with("max", 1);
        return Err(Problem::invalid_field(wrong));
    }
    let thread = thread_of(&visit, id).await?;
    let url = act(&visit, On::Thread(thread), Some(votes::LIMIT), move |c, viewer, now| {
        votes::cast(c, viewer, id, value, now)?;
        Ok(id)
    })
    .await?;
    Ok(visit.see(&url, None))
}

/// `POST /questions/{id}/accept` with `answer_id`.
///
/// # Errors
/// What [`questions::accept`] refuses.
pub async fn accept(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let (id, answer) = (id.into_inner(), visit.form.required_number("answer_id")?);
    let url = act(&visit, On::Thread(id), Some(posts::CHANGES), move |c, viewer, now| {
        questions::accept(c, viewer, id, answer, now)?;
        Ok(answer)
    })
    .await?;
    Ok(visit.see(&url, Some("accepted")))
}

/// `POST /questions/{id}/unaccept`.
///
/// # Errors
/// What [`questions::unaccept`] refuses.
pub async fn unaccept(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    on_question(visit, id, "unaccepted", questions::unaccept).await
}

/// `POST /questions/{id}/follow`.
///
/// # Errors
/// What [`questions::follow`] refuses.
pub async fn follow(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    on_question(visit, id, "followed", questions::follow).await
}

/// `POST /questions/{id}/unfollow`.
///
/// # Errors
/// What [`questions::unfollow`] refuses.
pub async fn unfollow(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    on_question(visit, id, "unfollowed", |c, viewer, id, _| questions::unfollow(c, viewer, id)).await
}

/// `POST /questions/{id}/affected`.
///
/// # Errors
/// What [`questions::count_me`] refuses.
pub async fn affected(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let text = |name: &str| visit.form.given(name).map(str::to_owned);
    let case = AffectedBy {
        product_version: text("product_version"),
        platform: text("platform"),
        note: text("note"),
    };
    let case = case.checked().map_err(Problem::invalid)?;
    on_question(visit, id, "affected", move |c, viewer, id, now| {
        questions::count_me(c, viewer, id, &case, now)
    })
    .await
}

/// `POST /questions/{id}/unaffected`.
///
/// # Errors
/// What [`questions::uncount_me`] refuses.
pub async fn unaffected(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    on_question(visit, id, "unaffected", questions::uncount_me).await
}

/// `POST /questions/{id}/close` with `reason` and `duplicate_of` (an id or an address).
///
/// # Errors
/// What [`questions::close`] refuses.
pub async fn close(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let reason = visit.form.text("reason").to_owned();
    let target = match visit.form.given("duplicate_of") {
        None => None,
        Some(typed) => Some(question_in(typed).ok_or(Refusal::NoSuchTarget)?),
    };
    on_question(visit, id, "closed", move |c, viewer, id, now| {
        questions::close(c, viewer, id, &reason, target, now)
    })
    .await
}

/// `POST /questions/{id}/reopen`.
///
/// # Errors
/// What [`questions::reopen`] refuses.
pub async fn reopen(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    on_question(visit, id, "reopened", questions::reopen).await
}

/// The question's id in "12", "/questions/12/…" or a whole address.
fn question_in(typed: &str) -> Option<i64> {
    let tail = typed.rsplit_once("/questions/").map_or(typed, |(_, tail)| tail);
    tail.split(['/', '#', '?']).next()?.trim().parse().ok()
}

/// An act on a question itself, then back to it with a word.
async fn on_question<F>(visit: Visit, id: Path<i64>, word: &str, mut body: F) -> Result<HttpResponse, Problem>
where
    F: FnMut(&mut Conn, &Viewer, i64, i64) -> Result<(), Failure<Refusal>> + Send + 'static,
{
    let id = id.into_inner();
    let url = act(&visit, On::Thread(id), Some(posts::CHANGES), move |c, viewer, now| {
        body(c, viewer, id, now)?;
        Ok(id)
    })
    .await?;
    Ok(visit.see(&url, Some(word)))
}

/// Runs an act within its limit and answers where the post it names is shown.
pub(super) async fn act<F>(
    visit: &Visit,
    on: On,
    limit: Option<Limit>,
    mut body: F,
) -> Result<String, Problem>
where
    F: FnMut(&mut Conn, &Viewer, i64) -> Result<i64, Failure<Refusal>> + Send + 'static,
{
    let now = visit.now;
    let limit = limit.filter(|_| visit.hall.config.limits);
    visit
        .write(on, move |c, viewer| {
            let id = within(c, limit, &viewer.id.to_string(), now, |c| {
                body(c, viewer, now).map_err(|failure| failure.map(Problem::from))
            })?;
            let (thread, kind) = posts::place(c, id)?;
            let title = Thread::title(c, thread)?;
            Ok::<_, Failure<Problem>>(post_url(thread, &title, kind, id))
        })
        .await
}

/// The thread of a post that the viewer may see: what an act on it serialises on.
pub(super) async fn thread_of(visit: &Visit, id: i64) -> Result<i64, Problem> {
    visit
        .read(move |c, viewer| {
            let found = posts::find(c, viewer, id)?.ok_or(Refusal::NotFound)?;
            Ok::<_, Failure<Refusal>>(found.post.thread())
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::question_in;

    #[test]
    fn a_question_is_named_by_its_id_or_its_address() {
        assert_eq!(question_in("12"), Some(12));
        assert_eq!(question_in("/questions/12/a-slug#answer-3"), Some(12));
        assert_eq!(question_in("https://support.example.com/questions/12"), Some(12));
        assert_eq!(question_in("the other one"), None);
    }
}
