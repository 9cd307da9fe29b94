//! `GET /admin`.

use std::sync::atomic::Ordering;

use actix_web::HttpResponse;
use actix_web::web::Data;
use diesel::prelude::*;

use super::pages::OverviewPage;
use crate::accounts::join_requests;
use crate::db::schema::{members, questions};
use crate::db::{Conn, Failure, dialect};
use crate::mail::outbox;
use crate::notifications::incoming;
use crate::search::index::SearchIndex;
use crate::web::render::words;
use crate::web::{Problem, Visit};

/// What runs, how much there is, and what deserves a look.
///
/// # Errors
/// The database's failures.
pub async fn show(visit: Visit, index: Data<SearchIndex>) -> Result<HttpResponse, Problem> {
    let ((members, questions, answers, database), waiting) =
        visit.read(|c, _| Ok::<_, Failure<Problem>>((figures(c)?, waiting(c)?))).await?;
    visit.page(&OverviewPage {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        database,
        public_url: visit.hall.public_url.clone(),
        members,
        questions,
        answers,
        warnings: warnings(&visit, &index)?,
        waiting: said(&visit, &waiting)?,
    })
}

/// Administrators enter every space, so these are their own scope's counts.
fn figures(c: &mut Conn) -> Result<(i64, i64, i64, String), crate::db::Error> {
    let members = members::table
        .filter(members::kind.eq("person"))
        .filter(members::state.ne("forgotten"))
        .count()
        .get_result(c)?;
    let (questions, answers): (i64, Option<i64>) = questions::table
        .filter(questions::listed)
        .select((
            diesel::dsl::count_star(),
            diesel::dsl::sql::<diesel::sql_types::Nullable<diesel::sql_types::BigInt>>(
                "CAST(sum(questions.answers) AS BIGINT)",
            ),
        ))
        .first(c)?;
    Ok((members, questions, answers.unwrap_or(0), dialect::version(c)?))
}

/// How many requests to join, e-mails that came in, and e-mails that could not be sent wait for somebody.
fn waiting(c: &mut Conn) -> Result<[i64; 3], crate::db::Error> {
    let counts = outbox::counts(c)?;
    let failed = counts.iter().find(|(state, _)| state == "failed").map_or(0, |(_, count)| *count);
    Ok([join_requests::count(c)?, incoming::count(c)?, failed])
}

fn said(visit: &Visit, counts: &[i64; 3]) -> Result<Vec<(String, String)>, Problem> {
    let words = words(&visit.viewer()?.locale).map_err(Problem::broken)?;
    let kinds = [
        ("admin-wait-requests", "/admin/requests"),
        ("admin-wait-received", "/mail/received"),
        ("admin-wait-failed", "/admin/mail?state=failed"),
    ];
    let some = kinds.iter().zip(counts).filter(|(_, count)| **count > 0);
    some.map(|((key, place), count)| Ok((words.say(key, &[("n", (*count).into())])?, (*place).to_owned())))
        .collect::<Result<_, crate::web::words::WordsError>>()
        .map_err(Problem::broken)
}

fn warnings(visit: &Visit, index: &SearchIndex) -> Result<Vec<String>, Problem> {
    let words = words(&visit.viewer()?.locale).map_err(Problem::broken)?;
    let set = visit.hall.config.test_only();
    let told = set.into_iter().map(|name| words.say("admin-test-only", &[("name", name.into())]));
    let mut told = told.collect::<Result<Vec<_>, _>>().map_err(Problem::broken)?;
    let figures = index.figures();
    let (read, all) = (figures.built.load(Ordering::Relaxed), figures.to_build.load(Ordering::Relaxed));
    if all > 0 {
        let arguments = [("read", read.into()), ("all", all.into())];
        told.push(words.say("admin-search-building", &arguments).map_err(Problem::broken)?);
    }
    Ok(told)
}
