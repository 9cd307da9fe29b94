//! `/review/votes`: votes that looked arranged, with the evidence, for moderators.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::annul::{self, Decision, Pattern};
use super::pages::{PatternRow, PatternsPage, VoteRow};
use crate::db::{Conn, Failure, On};
use crate::posts::{self, AuthorRow, Kind, Refusal};
use crate::questions::{Thread, post_url};
use crate::web::limits::within;
use crate::web::{FieldProblem, Problem, Visit};

/// Patterns on a page, of those that wait and of those that were decided.
const ROWS: i64 = 50;

/// `GET /review/votes`.
///
/// # Errors
/// The database's failure.
pub async fn index(visit: Visit) -> Result<HttpResponse, Problem> {
    let page = visit
        .read(|c, viewer| {
            let waiting = annul::list(c, viewer, "waiting", ROWS)?;
            let annulled = annul::list(c, viewer, "annulled", ROWS)?;
            let rows = |c: &mut Conn, patterns: Vec<Pattern>| -> diesel::QueryResult<Vec<PatternRow>> {
                patterns.iter().map(|pattern| row(c, pattern)).collect()
            };
            Ok::<_, Failure<Refusal>>(PatternsPage {
                waiting: rows(c, waiting)?,
                annulled: rows(c, annulled)?,
            })
        })
        .await?;
    visit.page(&page)
}

/// `POST /review/votes/{id}` with `decision` (`annul`, `dismiss`, `undo`) and `reason`.
///
/// # Errors
/// What [`annul::decide`] refuses.
pub async fn decide(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let decision = Decision::parse(visit.form.text("decision"))
        .ok_or_else(|| Problem::invalid_field(FieldProblem::new("decision", "unknown-choice")))?;
    let reason = visit.form.text("reason").to_owned();
    let (now, id) = (visit.now, id.into_inner());
    let limit = Some(posts::CHANGES).filter(|_| visit.hall.config.limits);
    visit
        .write(On::Named("vote-patterns", id), move |c, viewer| {
            within(c, limit, &viewer.id.to_string(), now, |c| {
                annul::decide(c, viewer, id, decision, &reason, now)
                    .map_err(|failure| failure.map(Problem::from))
            })
        })
        .await?;
    let word = match decision {
        Decision::Annul => "votes-annulled",
        Decision::Dismiss => "votes-left",
        Decision::Undo => "votes-reinstated",
    };
    Ok(visit.see("/review/votes", Some(word)))
}

fn row(c: &mut Conn, pattern: &Pattern) -> diesel::QueryResult<PatternRow> {
    let evidence = pattern.evidence();
    let mut ids = vec![pattern.voter_id, pattern.author_id];
    ids.extend(pattern.decided_by);
    let people = posts::named_authors(c, &ids)?;
    let person = |id: i64| AuthorRow::shown(people.get(&id), None);
    let mut votes = Vec::with_capacity(evidence.len());
    for (post, value, at) in &evidence {
        let (thread, kind) = posts::place(c, *post)?;
        let title = Thread::title(c, thread)?;
        let url = post_url(thread, &title, kind, *post);
        votes.push(VoteRow { answer: kind == Kind::Answer, url, title, up: *value > 0, at: *at });
    }
    Ok(PatternRow {
        id: pattern.id,
        kind: pattern.kind.clone(),
        voter: person(pattern.voter_id),
        author: person(pattern.author_id),
        up: evidence.iter().filter(|vote| vote.1 > 0).count(),
        down: evidence.iter().filter(|vote| vote.1 < 0).count(),
        first_at: evidence.iter().map(|vote| vote.2).min().unwrap_or(pattern.found_at),
        last_at: evidence.iter().map(|vote| vote.2).max().unwrap_or(pattern.found_at),
        votes,
        decided_by: pattern.decided_by.map(person),
        decided_at: pattern.decided_at,
        reason: pattern.reason.clone().unwrap_or_default(),
    })
}
