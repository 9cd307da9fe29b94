//! The queue of suggested edits and each of them, as pages.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;

use super::merge::Words;
use super::pages::{Decided, SuggestionForm, SuggestionPage, SuggestionRow, SuggestionsPage};
use super::rules::Verdict;
use super::store::{self, Entry};
use super::view::{self, Shown};
use super::{Approval, Rejection, approve, reject, withdraw as take_back};
use crate::db::{Conn, Failure, On};
use crate::posts::{self, AuthorRow, Kind, Post, Refusal};
use crate::questions::pages::{DiffLine, PostKind, TextLimits, changed_tags};
use crate::questions::{TagName, post_url};
use crate::web::limits::within;
use crate::web::pages::{Author, FieldErrors, Pager};
use crate::web::{FieldProblem, Problem, Viewer, Visit, offload};

/// Rows on a page, and of those on one's own posts.
const ROWS: i64 = 30;

/// `GET /suggestions?mine=1&after=…`.
///
/// # Errors
/// The database's failure.
pub async fn index(visit: Visit) -> Result<HttpResponse, Problem> {
    let (mine, after) = (visit.query.ticked("mine"), visit.query.number("after")?);
    let page = visit
        .read(move |c, viewer| {
            let (yours, (others, next)) = if mine {
                (Vec::new(), store::own(c, viewer, after.unwrap_or(i64::MAX), ROWS)?)
            } else {
                let yours = if after.is_none() { store::on_own_posts(c, viewer, 100)? } else { Vec::new() };
                (yours, store::on_others_posts(c, viewer, after.unwrap_or(0), (ROWS, ROWS / 2))?)
            };
            let older =
                next.map(|next| format!("/suggestions?{}after={next}", if mine { "mine=1&" } else { "" }));
            let pager = Pager { newer: None, older };
            Ok::<_, Failure<Refusal>>(SuggestionsPage {
                mine,
                yours: rows(c, yours)?,
                rows: rows(c, others)?,
                pager,
            })
        })
        .await?;
    visit.page(&page)
}

fn rows(c: &mut Conn, found: Vec<(i64, Post)>) -> diesel::QueryResult<Vec<SuggestionRow>> {
    let all = store::entries(c, found)?;
    let beside: Vec<_> = all.iter().map(|(entry, post)| (entry.suggester_id, post)).collect();
    let (titles, people) = view::beside(c, &beside)?;
    let row = |(row, post): &(Entry, Post)| SuggestionRow {
        id: row.id,
        title: titles.get(&post.thread()).cloned().unwrap_or_default(),
        kind: post_kind(post.kind()),
        by: AuthorRow::shown(people.get(&row.suggester_id), None),
        reason: row.reason.clone().unwrap_or_default(),
        at: row.made_at,
        state: row.state.clone(),
        undone: row.undone_at.is_some(),
    };
    Ok(all.iter().map(row).collect())
}

/// `GET /suggestions/{id}`.
///
/// # Errors
/// 404 for those who neither suggested it nor decide about it.
pub async fn show(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let shown = load(&visit, id.into_inner()).await?;
    let diff = compared(&shown).await?;
    visit.page(&page(&visit, &shown, diff)?)
}

/// `POST /suggestions/{id}/decision` with `decision` (`approve`, `reject`), `version`, `title`, `tags`, `body`, or `verdict`,
/// `words`.
///
/// # Errors
/// What [`approve`] and [`reject`] refuse. Fields that cannot be taken, and a post that changed meanwhile, come back with the
/// page.
pub async fn decide(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let shown = load(&visit, id).await?;
    let form = &visit.form;
    let question = shown.post.kind() == Kind::Question;
    let (thread, done) = (
        shown.post.thread(),
        match form.text("decision") {
            "approve" => {
                let words = Words {
                    title: question.then(|| form.text("title").to_owned()),
                    tags: question.then(|| TagName::split(form.text("tags")).map(str::to_owned).collect()),
                    body: form.text("body").to_owned(),
                };
                let approval = shown.approval(&words, form.required_number("version")?);
                approval.map(|approval| Decision::Approve(Box::new(approval))).map_err(Problem::invalid)
            }
            "reject" => {
                let verdict = Verdict::parse(form.text("verdict"));
                Rejection::new(verdict, form.given("words"))
                    .map(Decision::Reject)
                    .map_err(Problem::invalid_field)
            }
            _ => return Err(Problem::invalid_field(FieldProblem::new("decision", "unknown-choice"))),
        },
    );
    let word = if form.text("decision") == "approve" { "suggestion-approved" } else { "suggestion-rejected" };
    let decided = match done {
        Ok(decision) => act(&visit, thread, move |c, viewer, now| decision.make(c, viewer, id, now)).await,
        Err(problem) => Err(problem),
    };
    match decided {
        Ok(()) => Ok(visit.see("/suggestions", Some(word))),
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY || problem.kind == "stale" => {
            let shown = load(&visit, id).await?;
            let diff = compared(&shown).await?;
            let mut page = page(&visit, &shown, diff)?;
            page.stale = problem.kind == "stale";
            page.errors = visit.field_errors(&problem);
            if form.text("decision") == "approve" {
                page.form.open = true;
                page.form.title = question.then(|| form.text("title").to_owned());
                page.form.tags = question.then(|| form.text("tags").to_owned());
                page.form.body = form.text("body").to_owned();
            }
            page.form.verdict = form.text("verdict").to_owned();
            page.form.words = form.text("words").to_owned();
            visit.page_with(problem.status, &page)
        }
        Err(problem) => Err(problem),
    }
}

/// What is decided.
pub(super) enum Decision {
    Approve(Box<Approval>),
    Reject(Rejection),
}

impl Decision {
    pub(super) fn make(
        &self,
        c: &mut Conn,
        viewer: &Viewer,
        id: i64,
        now: i64,
    ) -> Result<(), Failure<Refusal>> {
        match self {
            Decision::Approve(what) => approve(c, viewer, id, what, now).map(drop),
            Decision::Reject(why) => reject(c, viewer, id, why, now),
        }
    }
}

/// `POST /suggestions/{id}/withdraw`.
///
/// # Errors
/// What [`super::withdraw`] refuses.
pub async fn withdraw(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let thread = load(&visit, id).await?.post.thread();
    act(&visit, thread, move |c, viewer, now| take_back(c, viewer, id, now)).await?;
    Ok(visit.see("/suggestions?mine=1", Some("suggestion-withdrawn")))
}

pub(super) async fn load(visit: &Visit, id: i64) -> Result<Shown, Problem> {
    let loaded = visit.read(move |c, viewer| view::load(c, viewer, id)).await?;
    offload(move || loaded.merged()).await
}

/// The changed lines of its text.
async fn compared(shown: &Shown) -> Result<Vec<DiffLine>, Problem> {
    let (from, to) = shown.sides();
    if from.body == to.body {
        return Ok(Vec::new());
    }
    let (from, to) = (from.body.clone(), to.body.clone());
    offload(move || DiffLine::between(&from, &to)).await
}

async fn act<F>(visit: &Visit, thread: i64, mut body: F) -> Result<(), Problem>
where
    F: FnMut(&mut Conn, &Viewer, i64) -> Result<(), Failure<Refusal>> + Send + 'static,
{
    let (now, limit) = (visit.now, Some(posts::CHANGES).filter(|_| visit.hall.config.limits));
    visit
        .write(On::Thread(thread), move |c, viewer| {
            within(c, limit, &viewer.id.to_string(), now, |c| {
                body(c, viewer, now).map_err(|failure| failure.map(Problem::from))
            })
        })
        .await
}

fn page(visit: &Visit, shown: &Shown, diff: Vec<DiffLine>) -> Result<SuggestionPage, Problem> {
    let Shown { row, post, merged, .. } = shown;
    let waits = row.waits();
    let (from, to) = shown.sides();
    let titles = from.title.clone().zip(to.title.clone()).filter(|(old, new)| old != new);
    let tags = from.tags.as_ref().zip(to.tags.as_ref()).filter(|(old, new)| old != new);
    let own = row.suggester_id == visit.viewer()?.id;
    let person = |id: i64| -> Author { AuthorRow::shown(shown.people.get(&id), None) };
    let decided = row.decided_at.zip(row.decided_by).filter(|_| row.state != "withdrawn");
    Ok(SuggestionPage {
        id: row.id,
        kind: post_kind(post.kind()),
        post_url: post_url(post.thread(), &shown.title, post.kind(), post.id),
        question_title: shown.title.clone(),
        by: person(row.suggester_id),
        at: row.made_at,
        reason: row.reason.clone().unwrap_or_default(),
        state: row.state.clone(),
        decides: shown.decides && waits,
        own,
        outdated: waits && row.base_version != post.version,
        version: post.version,
        title: titles,
        tags: tags.map(|(old, new)| changed_tags(old, new)),
        diff,
        clashes: if waits { clashes(shown) } else { Vec::new() },
        title_clash: merged.title.clone().filter(|_| waits),
        tags_clash: merged.tags && waits,
        form: SuggestionForm {
            title: merged.words.title.clone(),
            tags: merged.words.tags.as_ref().map(|tags| tags.join(" ")),
            body: merged.words.body.clone(),
            open: merged.is_torn(),
            verdicts: Verdict::ALL.iter().map(|verdict| verdict.as_str().to_owned()).collect(),
            verdict: String::new(),
            words: String::new(),
        },
        decided: decided.map(|(at, by)| Decided {
            by: person(by),
            at,
            verdict: row.verdict.clone().filter(|verdict| verdict != "other").unwrap_or_default(),
            words: row.words.clone().unwrap_or_default(),
            history: row.version.map(|_| format!("/posts/{}/revisions", post.id)),
            undone: row.undone_at.is_some(),
        }),
        stale: false,
        errors: FieldErrors::default(),
        limits: TextLimits::default(),
    })
}

fn clashes(shown: &Shown) -> Vec<(String, String)> {
    shown.merged.clashes.iter().map(|clash| (clash.ours.clone(), clash.theirs.clone())).collect()
}

pub(super) fn post_kind(kind: Kind) -> PostKind {
    match kind {
        Kind::Question => PostKind::Question,
        Kind::Answer => PostKind::Answer,
        Kind::Comment => PostKind::Comment,
    }
}
