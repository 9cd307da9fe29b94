//! `/badges` and `/badges/{key}`, and the same for the API.

use actix_web::HttpResponse;
use actix_web::web::Path;
use diesel::prelude::*;
use serde::Serialize;

use super::awarded::{Award, AwardKey, Held, awards, of_person};
use super::definitions::{ALL, Definition, known};
use super::pages::{AwardRow, BadgeCard, BadgePage, BadgesPage};
use crate::db::Failure;
use crate::db::schema::members;
use crate::posts::AuthorRow;
use crate::questions::post_url;
use crate::reputation::figures::{self, Figures};
use crate::web::cursor::{Listed, Span};
use crate::web::pages::Pager;
use crate::web::{Problem, ProblemDocument, Visit, api};

/// `GET /badges`.
///
/// # Errors
/// The database's failures.
pub async fn all(visit: Visit) -> Result<HttpResponse, Problem> {
    let (figures, held) = read(&visit).await?;
    let badges = in_force(&figures).map(|badge| card(badge, &figures, times(&held, badge))).collect();
    visit.page_alike(&BadgesPage { badges, viewer: visit.viewer()?.id })
}

/// A badge and what it takes.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Badge {
    /// Its key, such as `worth-the-wait`.
    badge: &'static str,
    /// Its name, in the caller's language.
    name: String,
    /// What for, in a sentence.
    what_for: String,
    /// The number it takes: of answers, people or days.
    least: i64,
    /// Whether one can have it for several posts.
    each_post: bool,
    /// How often the caller holds it.
    held: i64,
}

/// The badges that can be earned here, and which the caller holds.
#[utoipa::path(get, path = "/api/v1/badges", tag = "people", security(("token" = [])),
    responses((status = 200, body = [Badge]), (status = 401, body = ProblemDocument)))]
pub async fn list(visit: Visit) -> Result<HttpResponse, Problem> {
    let (figures, held) = read(&visit).await?;
    let words = crate::web::render::words(&visit.viewer()?.locale).map_err(Problem::broken)?;
    let badge = |badge: &'static Definition| {
        let least = (badge.figure)(&figures);
        let args = [("n", least.into())];
        Ok(Badge {
            badge: badge.key,
            name: words.say(&format!("badge-name-{}", badge.key), &[])?,
            what_for: words.say(&format!("badge-for-{}", badge.key), &args)?,
            least,
            each_post: badge.counts.each_post(),
            held: times(&held, badge),
        })
    };
    let badges: Result<Vec<Badge>, _> = in_force(&figures).map(badge).collect();
    api::send(&badges.map_err(|error: crate::web::words::WordsError| Problem::broken(error))?)
}

async fn read(visit: &Visit) -> Result<(Figures, Vec<Held>), Problem> {
    visit
        .glance(|c, viewer| {
            let figures = figures::in_force(c)?.figures;
            Ok::<_, Failure<Problem>>((figures, of_person(c, viewer, viewer.id)?))
        })
        .await
}

fn in_force(figures: &Figures) -> impl Iterator<Item = &'static Definition> {
    ALL.iter().filter(|badge| (badge.figure)(figures) > 0)
}

fn times(held: &[Held], badge: &Definition) -> i64 {
    held.iter().find(|held| held.key == badge.key).map_or(0, |held| held.times)
}

fn card(badge: &Definition, figures: &Figures, times: i64) -> BadgeCard {
    BadgeCard {
        key: badge.key.to_owned(),
        least: (badge.figure)(figures),
        each_post: badge.counts.each_post(),
        times,
    }
}

/// `GET /badges/{key}`, with `person` for one person's.
///
/// # Errors
/// 404 for no badge and for nobody; a cursor that is none.
pub async fn one(visit: Visit, key: Path<String>) -> Result<HttpResponse, Problem> {
    let badge = known(&key).ok_or_else(Problem::not_found)?;
    let span = Span::<AwardKey>::asked(&visit.query)?;
    let person = visit.query.given("person").map(|id| id.parse::<i64>().map_err(|_| Problem::not_found()));
    let (person, wanted) = (person.transpose()?, span.clone());
    let (figures, held, person, awards) = visit
        .read(move |c, viewer| {
            let figures = figures::in_force(c)?.figures;
            let held = of_person(c, viewer, viewer.id)?;
            let row = match person {
                Some(id) => Some(of_whom(c, id)?.ok_or_else(|| Failure::Refused(Problem::not_found()))?),
                None => None,
            };
            Ok::<_, Failure<Problem>>((figures, held, row, awards(c, viewer, badge, person, &wanted)?))
        })
        .await?;
    let listed = Listed::cut(awards, &span, |award| (award.at, award.id));
    let path = &visit.path;
    let older = |next: &str| format!("{path}?{}", visit.query.query_with("after", Some(next)));
    visit.page_alike(&BadgePage {
        badge: card(badge, &figures, times(&held, badge)),
        person: person.map(|person| AuthorRow::shown(Some(&person), None)),
        pager: Pager { newer: None, older: listed.next.as_deref().map(older) },
        awards: listed.items.into_iter().map(row).collect(),
    })
}

fn of_whom(c: &mut crate::db::Conn, id: i64) -> QueryResult<Option<AuthorRow>> {
    members::table
        .filter(members::id.eq(id))
        .filter(members::kind.ne("system"))
        .filter(members::state.ne("forgotten"))
        .filter(members::merged_into.is_null())
        .select(AuthorRow::as_select())
        .first(c)
        .optional()
}

fn row(award: Award) -> AwardRow {
    let url = award.post.as_ref().map(|post| post_url(post.question, &post.title, post.kind, post.id));
    AwardRow {
        person: AuthorRow::shown(Some(&award.person), None),
        url,
        title: award.post.map(|post| post.title),
        at: award.at,
    }
}
