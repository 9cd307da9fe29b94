//! `/admin/invitations`: making, listing and revoking.

use actix_web::HttpResponse;
use actix_web::web::Path;
use diesel::prelude::*;

use super::books::comes_back;
use super::pages::{InvitationForm, InvitationRow, InvitationState, InvitationsPage};
use crate::accounts::invitations::{self as acts, Wanted};
use crate::accounts::letters::{self, Addressee};
use crate::accounts::names;
use crate::clock::{DAY, Micros};
use crate::db::schema::{invitation_uses, invitations, members, spaces as space_rows};
use crate::db::{Conn, Failure, On};
use crate::mail::outbox;
use crate::people::author;
use crate::people::routes::pager;
use crate::spaces;
use crate::web::cursor::{Listed, Span};
use crate::web::pages::FieldErrors;
use crate::web::secret::{digest, random_token};
use crate::web::{FieldProblem, Problem, Viewer, Visit};

/// The key of the list.
type Key = (i64,);
/// (id, name, role) of a member.
type Person = (i64, String, String);

#[derive(Queryable)]
struct Row {
    id: i64,
    email: Option<String>,
    claims: Option<String>,
    space: Option<String>,
    by: Option<Person>,
    uses_left: i64,
    created_at: Micros,
    ends_at: Micros,
    revoked_at: Option<Micros>,
}

/// `GET /admin/invitations`.
///
/// # Errors
/// A cursor or limit that is none.
pub async fn index(visit: Visit) -> Result<HttpResponse, Problem> {
    visit.page(&page(&visit).await?)
}

/// `POST /admin/invitations`: answers with the page that shows the link, this one time.
///
/// # Errors
/// What [`acts::create`] refuses and is no field of the form.
pub async fn invite(visit: Visit) -> Result<HttpResponse, Problem> {
    match make(&visit).await {
        Ok(link) => visit.page(&InvitationsPage { made: Some(link), ..page(&visit).await? }),
        Err(problem) if comes_back(&problem) => {
            let mut problem = problem;
            for wrong in problem.fields.iter_mut().filter(|wrong| wrong.field == "days") {
                wrong.field = "expires_days".into();
            }
            let text = |name: &str| visit.form.text(name).to_owned();
            let mut page = page(&visit).await?;
            page.form = InvitationForm {
                email: text("email"),
                space: text("space"),
                spaces: page.form.spaces,
                uses: text("uses"),
                expires_days: text("expires_days"),
                errors: visit.field_errors(&problem),
            };
            visit.page_with(problem.status, &page)
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /admin/invitations/{id}/revoke`.
///
/// # Errors
/// 404 when there is none that could still be used.
pub async fn revoke(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let (id, now) = (id.into_inner(), visit.now);
    let revoked = visit
        .write(On::Named("invitation", id), move |c, viewer| {
            Ok::<_, Failure<Problem>>(acts::revoke(c, Some(viewer.id), id, now)?)
        })
        .await?;
    if revoked { Ok(visit.see("/admin/invitations", Some("revoked"))) } else { Err(Problem::not_found()) }
}

/// Makes the invitation of the form and answers its link.
async fn make(visit: &Visit) -> Result<String, Problem> {
    let wanted = wanted(visit)?;
    let space = visit.form.given("space").map(str::to_owned);
    let token = random_token().map_err(Problem::broken)?;
    let (hash, now) = (digest(&token), visit.now);
    let (head, sent) = (visit.hall.letterhead.clone(), token.clone());
    visit
        .write(On::Nothing, move |c, viewer| {
            let mut wanted = wanted.clone();
            if let Some(key) = &space {
                let found = spaces::by_key(c, viewer, key)?;
                let unknown = || Problem::invalid_field(FieldProblem::new("space", "no-such-space"));
                wanted.space_id = Some(found.ok_or_else(unknown)?.id);
            }
            let id = acts::create(c, Some(viewer.id), &wanted, &hash, now)
                .map_err(|failure| failure.map(Problem::from))?;
            // One for an address is sent there, too; the page shows the link in any case.
            if let Some(email) = &wanted.email {
                let to = Addressee {
                    member: None,
                    name: None,
                    email: email.clone(),
                    locale: viewer.locale.clone(),
                };
                let ends_at = now + wanted.lasts;
                let mail = letters::invitation(&head, &to, &sent, Some(&viewer.name), ends_at, now);
                let mail = mail.map_err(Problem::broken)?;
                outbox::put(c, &mail, now)?;
            }
            Ok::<_, Failure<Problem>>(id)
        })
        .await?;
    Ok(format!("{}/join/{token}", visit.hall.public_url))
}

/// The form; a number left out is the usual one, because the button for a claim sends nothing else.
fn wanted(visit: &Visit) -> Result<Wanted, Problem> {
    let email = visit.form.given("email").map(names::email).transpose().map_err(Problem::invalid_field)?;
    let uses = visit.form.number("uses")?.unwrap_or(1);
    let days = visit.form.number("expires_days")?.unwrap_or(acts::LASTS / DAY);
    // Out of range stays out of range, whatever was typed.
    let lasts = days.clamp(0, acts::LASTS_MOST / DAY + 1) * DAY;
    Ok(Wanted { email, space_id: None, claim: visit.form.number("claim")?, uses, lasts })
}

async fn page(visit: &Visit) -> Result<InvitationsPage, Problem> {
    let span = Span::<Key>::asked(&visit.query)?;
    let wanted = span.clone();
    let (rows, used, spaces) = visit
        .read(move |c, viewer| {
            let rows = rows(c, &wanted)?;
            let ids = rows.iter().map(|row| row.id).collect();
            Ok::<_, Failure<Problem>>((rows, uses(c, ids)?, restricted(c, viewer)?))
        })
        .await?;
    let listed = Listed::cut(rows, &span, |row| (row.id,));
    let pager = pager(visit, "/admin/invitations", listed.next.as_deref());
    let now = visit.now;
    let row = |row: Row| {
        let count = used.iter().find(|(id, _)| *id == row.id).map_or(0, |(_, count)| *count);
        shown(row, count, now)
    };
    Ok(InvitationsPage {
        form: InvitationForm {
            spaces,
            uses: "1".to_owned(),
            expires_days: (acts::LASTS / DAY).to_string(),
            errors: FieldErrors::default(),
            ..InvitationForm::default()
        },
        made: None,
        invitations: listed.items.into_iter().map(row).collect(),
        pager,
    })
}

fn shown(row: Row, used: i64, now: Micros) -> InvitationRow {
    InvitationRow {
        state: state(row.revoked_at, row.uses_left, row.ends_at, now),
        id: row.id,
        email: row.email,
        claims: row.claims,
        space: row.space,
        by: row.by.map(|(id, name, role)| author(id, &name, &role)),
        created_at: row.created_at,
        expires_at: Some(row.ends_at),
        uses: row.uses_left + used,
        used,
    }
}

fn state(revoked_at: Option<Micros>, uses_left: i64, ends_at: Micros, now: Micros) -> InvitationState {
    if revoked_at.is_some() {
        InvitationState::Revoked
    } else if uses_left <= 0 {
        InvitationState::Used
    } else if ends_at <= now {
        InvitationState::Expired
    } else {
        InvitationState::Open
    }
}

fn rows(c: &mut Conn, span: &Span<Key>) -> QueryResult<Vec<Row>> {
    let claimed = diesel::alias!(members as claimed);
    let before = span.after.map_or(i64::MAX, |(id,)| id);
    invitations::table
        .left_join(members::table.on(members::id.nullable().eq(invitations::created_by)))
        .left_join(claimed.on(claimed.field(members::id).nullable().eq(invitations::claim_member_id)))
        .left_join(space_rows::table.on(space_rows::id.nullable().eq(invitations::space_id)))
        .filter(invitations::id.lt(before))
        .order(invitations::id.desc())
        .limit(span.fetch())
        .select((
            invitations::id,
            invitations::email,
            claimed.field(members::name).nullable(),
            space_rows::name.nullable(),
            (members::id, members::name, members::role).nullable(),
            invitations::uses_left,
            invitations::created_at,
            invitations::ends_at,
            invitations::revoked_at,
        ))
        .load(c)
}

/// How often each of these was used.
fn uses(c: &mut Conn, ids: Vec<i64>) -> QueryResult<Vec<(i64, i64)>> {
    invitation_uses::table
        .filter(invitation_uses::invitation_id.eq_any(ids))
        .group_by(invitation_uses::invitation_id)
        .select((invitation_uses::invitation_id, diesel::dsl::count_star()))
        .load(c)
}

/// Spaces that need a grant: key and name.
fn restricted(c: &mut Conn, viewer: &Viewer) -> QueryResult<Vec<(String, String)>> {
    let spaces = spaces::list_with_products(c, viewer)?;
    let asking = spaces.into_iter().filter(|(_, product)| product.is_some());
    Ok(asking.map(|(space, _)| (space.key, space.name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_is_open_until_it_is_revoked_used_up_or_over() {
        for (revoked_at, uses_left, ends_at, expected) in [
            (None, 1, 11, InvitationState::Open),
            (None, 1, 10, InvitationState::Expired),
            (None, 0, 11, InvitationState::Used),
            (None, 0, 9, InvitationState::Used),
            (Some(5), 1, 11, InvitationState::Revoked),
        ] {
            assert_eq!(state(revoked_at, uses_left, ends_at, 10), expected);
        }
    }
}
