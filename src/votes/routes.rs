//! `/review/votes`: votes that looked arranged, with the evidence, for moderators.

use std::collections::HashMap;

use actix_web::HttpResponse;
use actix_web::web::Path;
use diesel::QueryResult;

use super::annul::{self, Decision, Pattern};
use super::pages::{PatternRow, PatternsPage, VoteRow};
use crate::db::{Conn, Failure, On};
use crate::posts::{self, AuthorRow, Kind, Post, Refusal};
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

fn rows(c: &mut Conn, (patterns, voted): (Vec<Pattern>, HashMap<i64, Post>)) -> QueryResult<Vec<PatternRow>> {
    let threads: Vec<i64> = voted.values().map(Post::thread).collect();
    let mut titles = HashMap::new();
    for threads in threads.chunks(annul::AT_ONCE) {
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
        first_at: evidence.iter().map(|vote| vote.2).min().unwrap_or(pattern.found_at),
        last_at: evidence.iter().map(|vote| vote.2).max().unwrap_or(pattern.found_at),
        votes: evidence.iter().filter_map(vote).collect(),
        decided_by: pattern.decided_by.map(person),
        decided_at: pattern.decided_at,
        reason: pattern.reason.clone().unwrap_or_default(),
    }
}
