//! `/people/{id}/reputation`: the rows behind a member's points.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Serialize;

use super::author;
use super::kept_figures::ProfileFigures;
use super::ledger::{self, Elsewhere, Filter, Row, RowKey};
use super::narrowed::Said;
use super::recognition_pages::{LedgerPage, LedgerRow, Sum};
use super::routes::pager;
use crate::accounts::oversight::Refusal;
use crate::clock::rfc3339;
use crate::db::Failure;
use crate::posts::Kind;
use crate::questions::post_url;
use crate::reputation::Reason;
use crate::web::cursor::{Listed, Span};
use crate::web::{FieldProblem, Problem, ProblemDocument, Visit, api};

/// A change of somebody's points.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Change {
    /// The row; null for `elsewhere`.
    id: Option<i64>,
    /// What it adds; below zero for what is lost or taken back.
    points: i64,
    /// What for: `answer-up`, `accepted`, …; `elsewhere` for the sum of what is about posts that the caller may not open,
    /// and of what would tell who voted.
    reason: String,
    /// About which post; null for `elsewhere`.
    post_id: Option<i64>,
    /// RFC 3339; null for `elsewhere`.
    at: Option<String>,
    /// The row that it takes back, where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    reverses: Option<i64>,
}

struct Found {
    name: (i64, String, String),
    reputation: i64,
    rows: Vec<Row>,
    elsewhere: Option<Elsewhere>,
}

/// A person's ledger, newest first. `elsewhere` stands once, before the first page, and not where something is asked for.
#[utoipa::path(get, path = "/api/v1/people/{id}/reputation", tag = "people", security(("token" = [])),
    params(("id" = i64, Path, description = "The member"),
        ("reason" = Option<String>, Query, description = "Only of this reason"),
        ("space" = Option<String>, Query, description = "Only about posts in this space, by key"),
        ("tag" = Option<String>, Query, description = "Only about posts in threads with this tag"),
        ("from" = Option<String>, Query, description = "From this day on (UTC), as 2026-11-26"),
        ("until" = Option<String>, Query, description = "Up to and with this day (UTC)"),
        ("counted" = Option<String>, Query, description = "1 for what leaderboards and profiles count: about posts that \
            every reader of their space sees"),
        ("standing" = Option<String>, Query, description = "1 for rows whose outcome stands, without those that take back"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 100, 30 if not said; `elsewhere` comes on top")),
    responses((status = 200, body = Listed<Change>), (status = 400, body = ProblemDocument),
        (status = 401, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn list(visit: Visit, id: Path<i64>, kept: Data<ProfileFigures>) -> Result<HttpResponse, Problem> {
    let span = Span::<RowKey>::asked(&visit.query)?;
    let Found { rows, elsewhere, .. } = read(&visit, id.into_inner(), &span, kept).await?;
    let mut listed = Listed::cut(rows, &span, |row| (row.at, row.id)).map(change);
    if let Some(elsewhere) = elsewhere {
        listed.items.insert(0, sum(elsewhere));
    }
    api::send(&listed)
}

/// `GET /people/{id}/reputation`.
///
/// # Errors
/// 404 for nobody; what cannot be asked for.
pub async fn show(visit: Visit, id: Path<i64>, kept: Data<ProfileFigures>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let span = Span::<RowKey>::asked(&visit.query)?;
    let Found { name: (member, name, role), reputation, rows, elsewhere } =
        read(&visit, id, &span, kept).await?;
    let listed = Listed::cut(rows, &span, |row| (row.at, row.id));
    let path = format!("/people/{id}/reputation");
    let (said, reason) = (Said::asked(&visit.query)?, visit.query.given("reason").map(str::to_owned));
    let narrowed = !said.is_empty() || reason.is_some() || visit.query.given("counted").is_some();
    visit.page_alike(&LedgerPage {
        person: author(member, &name, &role),
        own: visit.viewer()?.id == member,
        reputation,
        elsewhere: elsewhere.map(|elsewhere| Sum { points: elsewhere.points }),
        reason,
        narrowed: narrowed.then(|| path.clone()),
        tag: said.tag,
        space: said.space,
        from: said.from,
        until: said.until.map(|until| until - 1),
        pager: pager(&visit, &path, listed.next.as_deref()),
        rows: listed.items.into_iter().map(shown).collect(),
    })
}

async fn read(
    visit: &Visit,
    id: i64,
    span: &Span<RowKey>,
    kept: Data<ProfileFigures>,
) -> Result<Found, Problem> {
    let query = &visit.query;
    let unknown = || Problem::invalid_field(FieldProblem::new("reason", "unknown-choice"));
    let reason = query.given("reason").map(|name| Reason::parse(name).ok_or_else(unknown)).transpose()?;
    let (counted, standing) = (query.ticked("counted"), query.ticked("standing"));
    let (said, span) = (Said::asked(query)?, span.clone());
    visit
        .read(move |c, viewer| {
            let missing = || Failure::<Problem>::from(Problem::from(Refusal::NotFound));
            let profile = super::profile(c, id)?.ok_or_else(missing)?;
            let narrowed = said.look_up(c, viewer)?;
            let filter = Filter {
                reason,
                space_id: narrowed.space_id,
                tag_id: narrowed.tag_id,
                from: narrowed.from,
                until: narrowed.until,
                counted,
                standing,
            };
            let (rows, elsewhere) = ledger::page(c, viewer, (id, &kept), &filter, &span)?;
            let name = (profile.id, profile.name, profile.role);
            Ok::<_, Failure<Problem>>(Found { name, reputation: profile.reputation, rows, elsewhere })
        })
        .await
}

fn change(row: Row) -> Change {
    Change {
        id: Some(row.id),
        points: row.points,
        reason: row.reason,
        post_id: Some(row.post_id),
        at: Some(rfc3339(row.at)),
        reverses: row.reverses,
    }
}

fn sum(elsewhere: Elsewhere) -> Change {
    Change {
        id: None,
        points: elsewhere.points,
        reason: "elsewhere".to_owned(),
        post_id: None,
        at: None,
        reverses: None,
    }
}

fn shown(row: Row) -> LedgerRow {
    LedgerRow {
        url: post_url(row.question_id, &row.title, Kind::stored(&row.kind), row.post_id),
        points: row.points,
        reason: row.reason,
        taken_back: row.reverses.is_some(),
        title: row.title,
        at: row.at,
    }
}
