//! `/people/leaders`: who earned most, within the viewer's scope.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::Data;
use diesel::prelude::*;
use serde::Serialize;

use super::author;
use super::narrowed::Said;
use super::period::{Period, day_name};
use super::recognition_pages::{Choice, LeaderRow, LeadersPage};
use super::standings::{self, Counted, Earned, Standings, Wanted};
use crate::clock::{Micros, rfc3339};
use crate::db::schema::members;
use crate::db::{Conn, Error, Failure, among};
use crate::spaces::{self, Scope};
use crate::web::{FieldProblem, Problem, ProblemDocument, Role, Visit, api};

/// Places shown.
const PLACES: usize = 50;
/// People looked up for them: some may have left since they were counted.
const LOOKED_UP: usize = 64;

/// A leaderboard.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Leaders {
    /// How far back.
    period: Period,
    /// RFC 3339: when it was counted; at most a minute ago.
    counted_at: String,
    /// Most points first, at most fifty. Who has as many points has the same place.
    items: Vec<Leader>,
    /// The caller, where they have a place that is not among the items.
    own: Option<Leader>,
}

/// One in a leaderboard.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Leader {
    /// From 1.
    place: i64,
    /// The member.
    id: i64,
    /// Their name.
    name: String,
    /// Points earned.
    points: i64,
    /// Their answers that others accepted.
    accepted: i64,
    /// Different people who accepted one.
    people_helped: i64,
}

struct Asked {
    said: Said,
    period: Period,
    scope: Scope,
    counted: Arc<Counted>,
    placed: Vec<(i64, Earned)>,
    own: Option<(i64, Earned)>,
    names: HashMap<i64, (String, String)>,
}

/// Who earned most in what the caller may open. Staff and administrators have no place.
#[utoipa::path(get, path = "/api/v1/leaders", tag = "people", security(("token" = [])),
    params(("tag" = Option<String>, Query, description = "Only in threads with this tag"),
        ("space" = Option<String>, Query, description = "Only in this space, by key"),
        ("period" = Option<String>, Query, description = "week, month, year (each of the calendar, UTC) or all; month if not said")),
    responses((status = 200, body = Leaders), (status = 401, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn list(visit: Visit, kept: Data<Standings>) -> Result<HttpResponse, Problem> {
    let Asked { period, counted, placed, own, names, .. } = read(&visit, &kept).await?;
    let leader = |(place, one): &(i64, Earned)| {
        let (name, _) = names.get(&one.member)?;
        Some(Leader {
            place: *place,
            id: one.member,
            name: name.clone(),
            points: one.points,
            accepted: one.accepted,
            people_helped: one.helped,
        })
    };
    api::send(&Leaders {
        period,
        counted_at: rfc3339(counted.at),
        items: placed.iter().filter_map(leader).collect(),
        own: own.as_ref().and_then(leader),
    })
}

/// `GET /people/leaders`.
///
/// # Errors
/// An unknown space or period.
pub async fn show(visit: Visit, kept: Data<Standings>) -> Result<HttpResponse, Problem> {
    let asked = read(&visit, &kept).await?;
    let viewer = visit.viewer()?.id;
    let links = Links { said: &asked.said, begin: asked.period.begin(visit.now) };
    let row = |(place, one): &(i64, Earned)| {
        let (name, role) = asked.names.get(&one.member)?;
        Some(LeaderRow {
            place: *place,
            person: author(one.member, name, role),
            is_viewer: one.member == viewer,
            points: one.points,
            points_href: links.rows(&format!("/people/{}/reputation?counted=1", one.member)),
            accepted: one.accepted,
            accepted_href: links.rows(&format!("/people/{}?show=helping", one.member)),
            helped: one.helped,
            helped_href: links.rows(&format!("/people/{}?show=helped", one.member)),
        })
    };
    let all = Choice { key: String::new(), name: String::new(), href: String::new(), current: false };
    let spaces = asked.scope.spaces.iter().map(|space| Choice {
        key: space.key.clone(),
        name: space.name.clone(),
        href: String::new(),
        current: asked.said.space.as_deref() == Some(&space.key),
    });
    let period = |period: Period| Choice {
        key: period.as_str().to_owned(),
        name: String::new(),
        href: links.other(period),
        current: period == asked.period,
    };
    visit.page_alike(&LeadersPage {
        periods: Period::ALL.map(period).into(),
        spaces: std::iter::once(all).chain(spaces).collect(),
        tag: asked.said.tag.clone().unwrap_or_default(),
        space: asked.said.space.clone().unwrap_or_default(),
        period: asked.period.as_str().to_owned(),
        counted_at: asked.counted.at,
        rows: asked.placed.iter().filter_map(row).collect(),
        own: asked.own.as_ref().and_then(row),
    })
}

async fn read(visit: &Visit, kept: &Standings) -> Result<Asked, Problem> {
    let unknown = || Problem::invalid_field(FieldProblem::new("period", "unknown-choice"));
    let period = visit.query.given("period").map(|name| Period::parse(name).ok_or_else(unknown));
    let period = period.transpose()?.unwrap_or(Period::Month);
    let said = Said { from: None, until: None, ..Said::asked(&visit.query)? };
    let asked = said.clone();
    let (scope, narrowed) = visit
        .glance(move |c, viewer| {
            let scope = spaces::scope(c, viewer)?;
            let narrowed = asked.within(c, &scope)?;
            Ok::<_, Failure<Problem>>((scope, narrowed))
        })
        .await?;
    let mut spaces: Vec<i64> = scope.spaces.iter().map(|space| space.id).collect();
    spaces.retain(|id| narrowed.space_id.is_none_or(|space| space == *id));
    spaces.sort_unstable();
    let everywhere = scope.all && narrowed.space_id.is_none();
    let wanted = Wanted { spaces, everywhere, tag_id: narrowed.tag_id, period };
    let now = visit.now;
    let count = async |wanted: Wanted| {
        let count = visit.hall.db.read(move |c| Ok::<_, Error>(standings::count(c, &wanted, now)?));
        count.await.map_err(Problem::from)
    };
    let counted = kept.get(wanted, now, count).await?;
    named(visit, Asked { said, period, scope, counted, placed: Vec::new(), own: None, names: HashMap::new() })
        .await
}

/// Gives places to those who still stand, and names.
async fn named(visit: &Visit, mut asked: Asked) -> Result<Asked, Problem> {
    let (viewer, now) = (visit.viewer()?.id, visit.now);
    let earned = &asked.counted.earned;
    let own = earned.iter().find(|one| one.member == viewer).copied();
    let mut ids: Vec<i64> = earned.iter().take(LOOKED_UP).map(|one| one.member).collect();
    ids.extend(own.map(|one| one.member));
    asked.names = visit.glance(move |c, _| Ok::<_, Failure<Problem>>(ranked(c, &ids, now)?)).await?;
    let standing: Vec<Earned> =
        earned.iter().take(LOOKED_UP).filter(|one| asked.names.contains_key(&one.member)).copied().collect();
    asked.placed = standing.iter().take(PLACES).map(|one| (place(&standing, one), *one)).collect();
    let below = own.filter(|one| {
        asked.names.contains_key(&one.member)
            && asked.placed.iter().all(|(_, there)| there.member != one.member)
    });
    let gone = earned.iter().take(LOOKED_UP).filter(|one| !asked.names.contains_key(&one.member));
    asked.own = below.map(|one| {
        let gone = gone.filter(|gone| gone.points > one.points).count() as i64;
        (place(earned, &one) - gone, one)
    });
    Ok(asked)
}

/// One more than there are with more points.
fn place(earned: &[Earned], one: &Earned) -> i64 {
    earned.partition_point(|other| other.points > one.points) as i64 + 1
}

/// Those who have a place now: name and role by member.
fn ranked(c: &mut Conn, ids: &[i64], now: Micros) -> QueryResult<HashMap<i64, (String, String)>> {
    type Found = (i64, String, String, String, Option<Micros>);
    let rows: Vec<Found> = members::table
        .filter(among(members::id, ids))
        .filter(members::merged_into.is_null())
        .filter(members::state.ne("forgotten"))
        .select((members::id, members::name, members::role, members::state, members::suspended_until))
        .load(c)?;
    let stands = |row: &Found| {
        let suspended = row.3 == "suspended" && row.4.is_none_or(|until| until > now);
        !suspended && Role::stored(&row.2) < Role::Staff
    };
    Ok(rows.into_iter().filter(stands).map(|(id, name, role, ..)| (id, (name, role))).collect())
}

/// Where a leaderboard's numbers lead to.
struct Links<'a> {
    said: &'a Said,
    begin: Option<Micros>,
}

impl Links<'_> {
    /// `path`, narrowed to what is counted.
    fn rows(&self, path: &str) -> String {
        let mut href = path.to_owned();
        self.further(&mut href);
        if let Some(begin) = self.begin {
            href.push_str(&format!("&from={}", day_name(begin)));
        }
        href
    }

    /// The same leaderboard over another period.
    fn other(&self, period: Period) -> String {
        let mut href = format!("/people/leaders?period={}", period.as_str());
        self.further(&mut href);
        href
    }

    fn further(&self, href: &mut String) {
        for (name, said) in [("tag", &self.said.tag), ("space", &self.said.space)] {
            if let Some(said) = said {
                href.push_str(&format!("&{name}={}", encoded(said)));
            }
        }
    }
}

/// A text as part of a query.
pub(super) fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
