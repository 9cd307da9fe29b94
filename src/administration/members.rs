//! `/admin/members`: search, role, organisation. Suspending is at `/people/{id}`.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::pages::{MemberRow, MembersPage};
use crate::accounts::actor::Actor;
use crate::accounts::oversight::{self, ADMINISTRATORS};
use crate::clock::Micros;
use crate::db::{Failure, On};
use crate::people::routes::pager;
use crate::people::{self, Found, Key, author};
use crate::spaces;
use crate::web::cursor::{Listed, Span};
use crate::web::{FieldProblem, Problem, Role, Visit};

/// `GET /admin/members`.
///
/// # Errors
/// A cursor or limit that is none.
pub async fn index(visit: Visit) -> Result<HttpResponse, Problem> {
    let span = Span::<Key>::asked(&visit.query)?;
    let query = visit.query.text("q").to_owned();
    let (typed, wanted) = (query.clone(), span.clone());
    let (found, limits) = visit
        .read(move |c, viewer| {
            let found = people::everyone(c, viewer, &typed, &wanted)?;
            let moderators = found.iter().filter(|found| Role::stored(&found.role) == Role::Moderator);
            let ids: Vec<i64> = moderators.map(|found| found.id).collect();
            let limits = spaces::limits_of_many(c, viewer, &ids)?;
            Ok::<_, Failure<oversight::Refusal>>((found, limits))
        })
        .await?;
    let listed = Listed::cut(found, &span, |found| (found.name_key.clone(), found.id));
    let pager = pager(&visit, "/admin/members", listed.next.as_deref());
    let me = visit.viewer()?.id;
    let members = listed.items.into_iter().map(|found| row(found, &limits, me, visit.now)).collect();
    visit.page(&MembersPage { query, members, pager })
}

fn row(found: Found, limits: &[(i64, String)], me: i64, now: Micros) -> MemberRow {
    MemberRow {
        moderates: limits.iter().filter(|(id, _)| *id == found.id).map(|(_, name)| name.clone()).collect(),
        person: author(found.id, &found.name, &found.role),
        role: Role::stored(&found.role),
        suspended: found.state == "suspended" && found.suspended_until.is_none_or(|until| until > now),
        unclaimed: found.state == "unclaimed",
        is_viewer: found.id == me,
        email: found.email,
        organisation: found.organisation,
        joined_at: found.created_at,
    }
}

/// `POST /admin/members/{id}/role`.
///
/// # Errors
/// [`oversight::Refusal`].
pub async fn set_role(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let (id, now) = (id.into_inner(), visit.now);
    let role = Role::parse(visit.form.text("role"))
        .ok_or_else(|| Problem::invalid_field(FieldProblem::new("role", "unknown-choice")))?;
    visit
        .write(ADMINISTRATORS, move |c, viewer| oversight::set_role(c, Actor::from(viewer), id, role, now))
        .await?;
    Ok(visit.see("/admin/members", Some("saved")))
}

/// `POST /admin/members/{id}/organisation`.
///
/// # Errors
/// [`oversight::Refusal`].
pub async fn set_organisation(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let (id, now) = (id.into_inner(), visit.now);
    let organisation = visit.form.text("organisation").to_owned();
    visit
        .write(On::Named("books", 0), move |c, viewer| {
            oversight::set_organisation(c, Actor::from(viewer), id, &organisation, now)
        })
        .await?;
    Ok(visit.see("/admin/members", Some("saved")))
}
