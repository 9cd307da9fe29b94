//! Similar questions beside what is being asked or read, words that go on what is typed, saved searches, and questions
//! nobody has written yet.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Serialize;
use tera::Context;

use super::find::{self, Alike};
use super::hits::{NoHits, scope};
use super::index::SearchIndex;
use super::near::{self, NearQuestion};
use super::pages::{MissedPage, MissedRow, RelatedPage};
use super::{deflected, missed, saved};
use crate::db::{Failure, On};
use crate::posts::{self, CHANGES, Kind, Refusal, unfinished};
use crate::questions::ask_routes::ask_page;
use crate::questions::pages::{AskPage, SimilarQuestion};
use crate::questions::{Thread, question_url};
use crate::text;
use crate::web::limits::within;
use crate::web::render::component;
use crate::web::{FieldProblem, Problem, Role, Visit, api};

/// Similar questions told at once.
const SIMILAR: usize = 5;
/// Related questions told on a page.
const RELATED: usize = 8;
/// Words told that go on what is typed.
const COMPLETIONS: usize = 6;

/// `POST /ask/similar` with `title` and `body`: a part of a page, empty where there is nothing similar. With `look`,
/// which a browser without scripts sends, the form comes back with them.
///
/// # Errors
/// A body that can't be read as Markdown; the database's failure. An index that is not ready is no error here: the
/// question is asked without suggestions.
pub async fn ask_similar(visit: Visit, index: Data<SearchIndex>) -> Result<HttpResponse, Problem> {
    let title: String = visit.form.text("title").chars().take(300).collect();
    let body = unfinished(visit.form.text("body")).await?.text;
    let found = visit
        .read(move |c, viewer| {
            let alike = Alike { title: &title, body: &body, except: None };
            match near::near(c, viewer, &index, &alike, SIMILAR) {
                Err(NoHits::Index(_)) => Ok(Vec::new()),
                found => found.map_err(Failure::<Problem>::from),
            }
        })
        .await?;
    let similar: Vec<SimilarQuestion> =
        found.into_iter().filter(is_alike).map(|near| shown(near, false)).collect();
    if visit.form.ticked("look") {
        return visit.page(&AskPage { similar, looked: true, ..ask_page(&visit).await? });
    }
    part(&visit, "similar_questions", "found", &similar)
}

/// `POST /ask/solved` with `question`: the visit ends there.
///
/// # Errors
/// 404, or too often.
pub async fn solved(visit: Visit) -> Result<HttpResponse, Problem> {
    let question = visit.form.required_number("question")?;
    let (now, limit) = (visit.now, Some(CHANGES).filter(|_| visit.hall.config.limits));
    let url = visit
        .write(On::Thread(question), move |c, viewer| {
            within(c, limit, &viewer.id.to_string(), now, |c| {
                deflected::solved_it(c, viewer, question, now).map_err(|failure| failure.map(Problem::from))
            })
        })
        .await?;
    Ok(visit.see(&url, Some("solved-it")))
}

/// `GET /related/{id}`: questions like this one; with `part` only the list, for the page of the question.
///
/// # Errors
/// 404 for a question the viewer may not know of.
pub async fn related(visit: Visit, index: Data<SearchIndex>, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let (title, found, moderates) = visit
        .read(move |c, viewer| {
            let found = posts::find(c, viewer, id)?.filter(|found| found.post.kind() == Kind::Question);
            let found = found.ok_or(Problem::not_found())?;
            let title = Thread::title(c, id)?;
            let body = posts::texts_of(c, &[id])?.remove(&id).unwrap_or_default();
            let body = text::visible_text(body.as_str());
            let alike = Alike { title: &title, body: &body, except: Some(id) };
            let near = match near::near(c, viewer, &index, &alike, RELATED) {
                Err(NoHits::Index(_)) => Vec::new(),
                near => near.map_err(Failure::<Problem>::from)?,
            };
            Ok::<_, Failure<Problem>>((title, near, found.standing.moderates))
        })
        .await?;
    let found: Vec<SimilarQuestion> =
        found.into_iter().filter(is_alike).map(|near| shown(near, moderates)).collect();
    if visit.query.ticked("part") {
        return part(&visit, "related_questions", "found", &found);
    }
    visit.page(&RelatedPage { url: question_url(id, &title), title, found })
}

/// `GET /search/suggest?q=…`: words that go on the last one typed, as JSON.
///
/// # Errors
/// The database's failure.
pub async fn suggest(visit: Visit, index: Data<SearchIndex>) -> Result<HttpResponse, Problem> {
    let typed: String = visit.query.text("q").chars().take(200).collect();
    let (before, last) = typed.rsplit_once(' ').map_or(("", typed.as_str()), |(before, last)| (before, last));
    let (before, last) = (before.to_owned(), last.to_owned());
    let words = visit
        .read(move |c, viewer| {
            let (_, may_find) = scope(c, viewer, &index)?;
            let found = index.search(|snapshot| find::completions(snapshot, &may_find, &last, COMPLETIONS));
            Ok::<_, Failure<Problem>>(found.unwrap_or_default())
        })
        .await?;
    let whole = |word: String| if before.is_empty() { word } else { format!("{before} {word}") };
    let words: Vec<String> = words.into_iter().map(whole).collect();
    api::send(&serde_json::json!({ "items": words }))
}

/// `POST /search/save` with `q`.
///
/// # Errors
/// See [`saved::save`].
pub async fn save(visit: Visit) -> Result<HttpResponse, Problem> {
    let (query, now) = (visit.form.text("q").to_owned(), visit.now);
    let on = On::Member(visit.viewer()?.id);
    visit.write(on, move |c, viewer| saved::save(c, viewer, &query, now)).await?;
    Ok(visit.see("/search", Some("search-saved")))
}

/// `POST /search/saved/{id}/hear` with `level`: how what is new for a saved search is heard of.
///
/// # Errors
/// 404 for none of the viewer's; a level that is none.
pub async fn hear(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let (id, level) = (id.into_inner(), visit.form.text("level").to_owned());
    if !["off", "inbox", "now", "daily", "weekly"].contains(&level.as_str()) {
        return Err(Problem::invalid_field(FieldProblem::new("level", "no-such-level")));
    }
    let found = visit
        .write(On::Member(visit.viewer()?.id), move |c, viewer| {
            Ok::<_, Failure<Problem>>(saved::hear(c, viewer.id, id, &level)?)
        })
        .await?;
    if found { Ok(visit.see("/search", Some("notifications-saved"))) } else { Err(Problem::not_found()) }
}

/// `POST /search/saved/{id}/delete`.
///
/// # Errors
/// 404.
pub async fn forget(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let on = On::Member(visit.viewer()?.id);
    let there =
        visit.write(on, move |c, viewer| Ok::<_, Failure<Refusal>>(saved::forget(c, viewer, *id)?)).await?;
    if there { Ok(visit.see("/search", Some("search-forgotten"))) } else { Err(Problem::not_found()) }
}

/// `GET /search/missed`, for moderators.
///
/// # Errors
/// The database's failure.
pub async fn missed(visit: Visit) -> Result<HttpResponse, Problem> {
    let rows = visit.read(|c, viewer| Ok::<_, Failure<Problem>>(missed::list(c, viewer)?)).await?;
    let rows = rows.into_iter().map(|row| MissedRow {
        id: row.id,
        ask: super::pages::ask_href(&row.query),
        query: row.query,
        people: row.people,
        last_at: row.last_at,
    });
    visit.page(&MissedPage { rows: rows.collect() })
}

/// `POST /search/missed/{id}/dismiss`, for moderators.
///
/// # Errors
/// 404.
pub async fn dismiss(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let now = visit.now;
    let known = visit
        .write(On::Named("missed-searches", 0), move |c, viewer| {
            if viewer.role < Role::Moderator {
                return Err(Failure::Refused(Problem::not_found()));
            }
            Ok::<_, Failure<Problem>>(missed::dismiss(c, viewer, *id, now)?)
        })
        .await?;
    if known { Ok(visit.see("/search/missed", Some("missed-dismissed"))) } else { Err(Problem::not_found()) }
}

/// Whether enough is the same to be shown beside a question. Less is noise.
fn is_alike(near: &NearQuestion) -> bool {
    !near.shared.is_empty() && (near.title_covered >= 25 || near.covered >= 12)
}

/// A question as it is shown; with `duplicates`, why it may be the same.
fn shown(near: NearQuestion, duplicates: bool) -> SimilarQuestion {
    let same = duplicates && near.title_covered >= 60 && near.covered >= 40;
    SimilarQuestion {
        id: near.row.id,
        url: question_url(near.row.id, &near.row.title),
        title: near.row.title,
        excerpt: near.row.excerpt,
        state: near.row.state,
        answers: near.row.answers,
        answer_html: near.answer,
        duplicate: if same { near.shared } else { Vec::new() },
    }
}

/// A part of a page, for a script to put there.
fn part<T: Serialize>(
    visit: &Visit,
    name: &str,
    argument: &'static str,
    value: &T,
) -> Result<HttpResponse, Problem> {
    let mut context = Context::new();
    context.insert(argument, value);
    let html = component(&visit.shell(), name, &context).map_err(Problem::broken)?;
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(html.trim().to_owned()))
}
