//! `/people/{id}/privileges`: which level somebody has, what comes next and what is missing; and taking one privilege.
//!
//! It is for the member and for moderators: how far somebody is from a level, and what was taken from them, is no one
//! else's business.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::author;
use super::pages::{LevelRow, PrivilegeRow, PrivilegesPage, TakeForm, TakenNote};
use crate::accounts::oversight::Refusal;
use crate::accounts::oversight::rules::{self, Acting};
use crate::db::{Conn, Failure, On};
use crate::posts::{self, AuthorRow};
use crate::reputation::figures::{self, Figures};
use crate::reputation::rules::{Level, Privilege, Standing, percent_asked, percent_had};
use crate::reputation::{self, taking};
use crate::web::{FieldProblem, Problem, Role, Viewer, Visit};

/// `GET /people/{id}/privileges`.
///
/// # Errors
/// 404 for others than the member and moderators.
pub async fn show(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    visit.page(&page(&visit, id.into_inner()).await?)
}

/// `POST /people/{id}/privileges` with `privilege`, `reason`, `until`; terms that cannot be taken come back.
///
/// # Errors
/// What [`taking::take`] refuses.
pub async fn take(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let (id, now) = (id.into_inner(), visit.now);
    let privilege = asked(&visit)?;
    let (reason, until) = (visit.form.text("reason").to_owned(), visit.form.text("until").to_owned());
    let (why, end) = (reason.clone(), until.clone());
    let done = visit
        .write(On::Member(id), move |c, viewer| {
            taking::take(c, viewer, id, privilege, (&why, Some(&end)), now)
        })
        .await;
    match done {
        Ok(()) => Ok(visit.see(&format!("/people/{id}/privileges"), Some("privilege-taken"))),
        Err(problem) if !problem.fields.is_empty() => {
            let mut page = page(&visit, id).await?;
            let errors = visit.field_errors(&problem);
            page.take = Some(TakeForm { privilege: privilege.as_str().to_owned(), reason, until, errors });
            visit.page_with(problem.status, &page)
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /people/{id}/privileges/give-back` with `privilege`.
///
/// # Errors
/// What [`taking::give_back`] refuses.
pub async fn give_back(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let (id, now) = (id.into_inner(), visit.now);
    let privilege = asked(&visit)?;
    visit.write(On::Member(id), move |c, viewer| taking::give_back(c, viewer, id, privilege, now)).await?;
    Ok(visit.see(&format!("/people/{id}/privileges"), Some("privilege-back")))
}

fn asked(visit: &Visit) -> Result<Privilege, Problem> {
    Privilege::parse(visit.form.text("privilege"))
        .ok_or_else(|| Problem::invalid_field(FieldProblem::new("privilege", "unknown-choice")))
}

async fn page(visit: &Visit, id: i64) -> Result<PrivilegesPage, Problem> {
    visit
        .read(move |c, viewer| {
            if viewer.id != id && viewer.role < Role::Moderator {
                return Err(Refusal::NotFound.into());
            }
            let profile = super::profile(c, id)?.ok_or(Refusal::NotFound)?;
            let standing = reputation::standing(c, id)?;
            let figures = figures::in_force(c)?.figures;
            let may_take =
                rules::restrict(Acting { id: Some(viewer.id), role: viewer.role }, id, standing.role).is_ok();
            Ok::<_, Failure<Refusal>>(PrivilegesPage {
                person: author(profile.id, &profile.name, &profile.role),
                own: viewer.id == id,
                points: standing.points,
                share: percent_had(standing.ratio()),
                good: standing.good,
                bad: standing.bad,
                level: standing.level(&figures).map(|level| level.as_str().to_owned()),
                holds_all: standing.role >= Role::Moderator,
                levels: Level::ALL.map(|level| level_row(level, &standing, &figures, viewer)).into(),
                taken: taken(c, viewer, id)?,
                take: may_take.then(TakeForm::default),
                points_each: figures.accepted,
            })
        })
        .await
}

fn level_row(level: Level, standing: &Standing, figures: &Figures, viewer: &Viewer) -> LevelRow {
    let (minimum, least) = (level.minimum(figures), level.least_ratio(figures));
    let privileges = Privilege::ALL.into_iter().filter(|privilege| privilege.level() == level);
    LevelRow {
        name: level.as_str().to_owned(),
        minimum,
        least: percent_asked(least),
        missing: (minimum - standing.points).max(0),
        share_missing: standing.ratio() < least,
        privileges: privileges
            .map(|privilege| PrivilegeRow {
                name: privilege.as_str().to_owned(),
                held: standing.holds(privilege, figures, viewer.now).is_ok(),
            })
            .collect(),
    }
}

fn taken(c: &mut Conn, viewer: &Viewer, id: i64) -> diesel::QueryResult<Vec<TakenNote>> {
    let rows = taking::taken_from(c, id, viewer.now)?;
    let by: Vec<i64> = rows.iter().filter_map(|(_, row)| row.set_by).collect();
    let people = posts::named_authors(c, &by)?;
    let note = |(privilege, row): (Privilege, posts::restrictions::Restriction)| TakenNote {
        privilege: privilege.as_str().to_owned(),
        by: row.set_by.map(|by| AuthorRow::shown(people.get(&by), None)),
        reason: row.reason,
        since: row.starts_at,
        until: row.ends_at,
    };
    Ok(rows.into_iter().map(note).collect())
}
