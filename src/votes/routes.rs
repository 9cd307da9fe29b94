//! `/review/votes`: votes that looked arranged, with the evidence, for moderators.

use std::collections::HashMap;

use actix_web::HttpResponse;
use actix_web::web::Path;
use diesel::QueryResult;

use super::annul::{self, Decision, Refused, Said};
use super::evidence::{self, Listing, Pattern};
use super::pages::{PatternRow, PatternsPage, VoteRow};
use crate::db::{Conn, Failure, On};
use crate::posts::{self, AuthorRow, Kind, Post};
use crate::questions::{Thread, post_url};
use crate::web::cursor::{Span, encode};
use crate::web::limits::within;
use crate::web::pages::Pager;
use crate::web::{FieldProblem, Problem, Visit};

/// Patterns on a page at most.
const ROWS: usize = 20;

/// `GET /review/votes?annulled=1&after=…`: what waits, or what was annulled.
///
/// # Errors
/// A cursor that is none; the database's failure.
pub async fn index(visit: Visit) -> Result<HttpResponse, Problem> {
    let span = Span::<(i64,)>::asked(&visit.query)?;
    let page = load(&visit, visit.query.ticked("annulled"), span.after.map(|(before,)| before)).await?;
    visit.page(&page)
}

/// `POST /review/votes/{id}` with `decision` (`annul`, `dismiss`, `undo`), `reason`, and which votes were `seen`.
///
/// # Errors
/// What [`annul::decide`] refuses. Where more votes were found meanwhile, the page comes back from that pattern on.
pub async fn decide(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let decision = Decision::parse(visit.form.text("decision"))
        .ok_or_else(|| Problem::invalid_field(FieldProblem::new("decision", "unknown-choice")))?;
    let (reason, seen) = (visit.form.text("reason").to_owned(), visit.form.text("seen").to_owned());
    let (now, id) = (visit.now, id.into_inner());
    let limit = Some(posts::CHANGES).filter(|_| visit.hall.config.limits);
    let decided = visit
        .write(On::Named("vote-patterns", id), move |c, viewer| {
            within(c, limit, &viewer.id.to_string(), now, |c| {
                let said = Said { decision, reason: &reason, seen: &seen };
                annul::decide(c, viewer, id, said, now).map_err(|failure| failure.map(Problem::from))
            })
        })
        .await;
    let (place, word) = match (decision, decided) {
        (Decision::Annul, Ok(0)) => (WAITING, "votes-none-annulled"),
        (Decision::Annul, Ok(_)) => (WAITING, "votes-annulled"),
        (Decision::Dismiss, Ok(_)) => (WAITING, "votes-left"),
        (Decision::Undo, Ok(_)) => (ANNULLED, "votes-reinstated"),
        (_, Err(problem)) if problem.kind == Problem::from(Refused::MoreFound).kind => {
            let mut page = load(&visit, false, Some(id.saturating_add(1))).await?;
            page.pager.newer = Some(WAITING.to_owned());
            for row in page.rows.iter_mut().filter(|row| row.id == id) {
                row.grown = true;
                row.typed = visit.form.text("reason").to_owned();
            }
            return visit.page_with(problem.status, &page);
        }
        (_, Err(problem)) => return Err(problem),
    };
    Ok(visit.see(place, Some(word)))
}

/// Where what waits is shown.
const WAITING: &str = "/review/votes";
/// Where what was annulled is shown.
const ANNULLED: &str = "/review/votes?annulled=1";

async fn load(visit: &Visit, annulled: bool, before: Option<i64>) -> Result<PatternsPage, Problem> {
    visit
        .read(move |c, viewer| {
            let state = if annulled { "annulled" } else { "waiting" };
            let listing = evidence::list(c, viewer, state, before.unwrap_or(i64::MAX), ROWS)?;
            let older = listing.next.map(|last| {
                format!("{WAITING}?{}after={}", if annulled { "annulled=1&" } else { "" }, encode(&(last,)))
            });
            let rows = rows(c, listing)?;
            Ok::<_, Failure<Refused>>(PatternsPage { annulled, rows, pager: Pager { newer: None, older } })
        })
        .await
}

fn rows(c: &mut Conn, Listing { patterns, voted, .. }: Listing) -> QueryResult<Vec<PatternRow>> {
    let threads: Vec<i64> = voted.values().map(Post::thread).collect();
    let mut titles = HashMap::new();
    for threads in threads.chunks(evidence::AT_ONCE) {
        titles.extend(Thread::titles(c, threads)?);
    }
    let people = patterns
        .iter()
        .flat_map(|pattern| [Some(pattern.voter_id), Some(pattern.author_id), pattern.decided_by])
        .flatten()
        .collect::<Vec<i64>>();
    let people = posts::named_authors(c, &people)?;
    Ok(patterns.iter().map(|pattern| row(pattern, &voted, &titles, &people)).collect())
}

fn row(
    pattern: &Pattern,
    voted: &HashMap<i64, Post>,
    titles: &HashMap<i64, String>,
    people: &HashMap<i64, AuthorRow>,
) -> PatternRow {
    let evidence = pattern.evidence();
    let person = |id: i64| AuthorRow::shown(people.get(&id), None);
    let vote = |(post, value, at): &(i64, i64, i64)| {
        let post = voted.get(post)?;
        let title = titles.get(&post.thread())?.clone();
        let url = post_url(post.thread(), &title, post.kind(), post.id);
        Some(VoteRow { answer: post.kind() == Kind::Answer, url, title, up: *value > 0, at: *at })
    };
    PatternRow {
        id: pattern.id,
        kind: pattern.kind.clone(),
        voter: person(pattern.voter_id),
        author: person(pattern.author_id),
        up: evidence.iter().filter(|vote| vote.1 > 0).count(),
        down: evidence.iter().filter(|vote| vote.1 < 0).count(),
        first_at: evidence.first().map_or(pattern.found_at, |vote| vote.2),
        last_at: evidence.last().map_or(pattern.found_at, |vote| vote.2),
        votes: evidence.iter().rev().filter_map(vote).collect(),
        seen: pattern.seen(),
        grown: false,
        typed: String::new(),
        decided_by: pattern.decided_by.map(person),
        decided_at: pattern.decided_at,
        reason: pattern.reason.clone().unwrap_or_default(),
    }
}
