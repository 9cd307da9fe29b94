//! `GET /admin`.

use std::sync::atomic::Ordering;

use actix_web::HttpResponse;
use actix_web::web::Data;
use diesel::prelude::*;

use super::pages::OverviewPage;
use crate::db::schema::{members, questions};
use crate::db::{Conn, Failure, dialect};
use crate::search::index::SearchIndex;
use crate::web::render::words;
use crate::web::{Problem, Visit};

/// What runs, how much there is, and what deserves a look.
///
/// # Errors
/// The database's failures.
pub async fn show(visit: Visit, index: Data<SearchIndex>) -> Result<HttpResponse, Problem> {
    let (members, questions, answers, database) =
        visit.read(|c, _| Ok::<_, Failure<Problem>>(figures(c)?)).await?;
    visit.page(&OverviewPage {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        database,
        public_url: visit.hall.public_url.clone(),
        members,
        questions,
        answers,
        warnings: warnings(&visit, &index)?,
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
