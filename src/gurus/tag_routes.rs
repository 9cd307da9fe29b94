//! The gurus of a tag, and appointing and dismissing, as pages and forms.

use actix_web::HttpResponse;
use actix_web::web::Path;
use diesel::prelude::*;

use super::appointing::{self, Given};
use super::listed::{self, GuruInTag};
use super::pages::{DismissForm, GuruRow, TagGurusPage};
use super::refusal::Refusal;
use super::routes::limit;
use super::rules::State;
use crate::accounts::actor::Actor;
use crate::accounts::members::by_handle;
use crate::clock::Micros;
use crate::db::schema::tags;
use crate::db::{Conn, Failure, On};
use crate::posts::AuthorRow;
use crate::questions::{TagName, tag_named};
use crate::web::limits::within;
use crate::web::pages::FieldErrors;
use crate::web::{FieldProblem, Problem, Visit};

/// `GET /tags/{name}/gurus`.
///
/// # Errors
/// 404 for a tag the viewer may not know of.
pub async fn tag(visit: Visit, name: Path<String>) -> Result<HttpResponse, Problem> {
    visit.page(&tag_page(&visit, name.into_inner()).await?)
}

async fn tag_page(visit: &Visit, name: String) -> Result<TagGurusPage, Problem> {
    let (now, name) = (visit.now, name.to_lowercase());
    let wanted = name.clone();
    let found = visit
        .read(move |c, viewer| {
            listed::of_tag(c, viewer, &wanted, now)?
                .ok_or_else(|| Failure::<Problem>::from(Problem::not_found()))
        })
        .await?;
    let (me, may) = (visit.viewer()?.id, found.may_appoint);
    Ok(TagGurusPage {
        tag: name,
        gurus: found.gurus.into_iter().map(|guru| guru_row(guru, me, may)).collect(),
        may_appoint: may,
        who: String::new(),
        reason: String::new(),
        errors: FieldErrors::default(),
    })
}

fn guru_row(guru: GuruInTag, me: i64, may_appoint: bool) -> GuruRow {
    GuruRow {
        may_dismiss: may_appoint && guru.person.id != me,
        person: AuthorRow::shown(Some(&guru.person), None),
        state: guru.row.state().as_str(),
        since: guru.row.since.filter(|_| guru.row.state() != State::Invited),
        solved: guru.solved,
        appointed: guru.row.source == "appointed",
        by: guru.by.as_ref().map(|by| AuthorRow::shown(Some(by), None)),
        reason: guru.row.reason.filter(|_| may_appoint),
        ending_at: guru.row.ending_at.filter(|_| may_appoint),
        dismiss_form: DismissForm::default(),
    }
}

/// `POST /tags/{name}/gurus` with `who` (a handle) and `reason`.
///
/// # Errors
/// [`Refusal`]; what cannot be taken comes back with the tag's form.
pub async fn appoint(visit: Visit, name: Path<String>) -> Result<HttpResponse, Problem> {
    let name = name.into_inner();
    let (who, reason) = (visit.form.text("who").to_owned(), visit.form.text("reason").to_owned());
    let handle = who.trim().trim_start_matches('@').to_owned();
    let (now, limit) = (visit.now, limit(&visit));
    let (tag, why) = (name.to_lowercase(), reason.clone());
    let done = visit
        .write(On::Named("gurus", 0), move |c, viewer| {
            within(c, limit, &viewer.id.to_string(), now, |c| {
                let found = listed::of_tag(c, viewer, &tag, now)?.ok_or_else(Problem::not_found)?;
                let nobody = || Problem::invalid_field(FieldProblem::new("who", "no-such-person"));
                let member = by_handle(c, &handle)?.ok_or_else(nobody)?;
                let given = Given { member, tag: found.tag_id, reason: &why, opt_in: false };
                appointing::appoint_by(c, Actor::from(viewer), &given, now)
                    .map_err(|failure| failure.map(|refusal| at_form(refusal, "who", "who")))
            })
        })
        .await;
    match done {
        Ok(_) => Ok(visit.see(&gurus_url(&name), Some("guru-appointed"))),
        Err(problem) if !problem.fields.is_empty() => {
            let errors = visit.field_errors(&problem);
            let page = TagGurusPage { who, reason, errors, ..tag_page(&visit, name).await? };
            visit.page_with(problem.status, &page)
        }
        Err(problem) => Err(problem),
    }
}

/// Appoints in a tag as typed on a person's page, whose form shows what cannot be taken.
///
/// # Errors
/// [`Refusal`], with what is wrong with the fields `tag` and `reason`.
pub async fn appoint_person(visit: &Visit, person: i64, typed: &str, reason: &str) -> Result<(), Problem> {
    let (now, limit) = (visit.now, limit(visit));
    let (typed, reason) = (typed.to_owned(), reason.to_owned());
    visit
        .write(On::Named("gurus", 0), move |c, viewer| {
            within(c, limit, &viewer.id.to_string(), now, |c| {
                let no_tag = || Problem::invalid_field(FieldProblem::new("tag", "no-such-tag"));
                let found = match TagName::parse(&typed) {
                    Some(name) => listed::of_tag(c, viewer, name.as_str(), now)?,
                    None => None,
                };
                let tag = found.ok_or_else(no_tag)?.tag_id;
                let given = Given { member: person, tag, reason: &reason, opt_in: false };
                appointing::appoint_by(c, Actor::from(viewer), &given, now)
                    .map_err(|failure| failure.map(|refusal| at_form(refusal, "tag", "")))
            })
        })
        .await
        .map(drop)
}

/// What a form can show comes back with it: where there is a standing already, and that the person may not enter.
fn at_form(refusal: Refusal, there: &'static str, person: &'static str) -> Problem {
    match refusal {
        Refusal::Already => {
            let fields = vec![FieldProblem::new(there, "guru-already")];
            Problem { fields, ..Refusal::Already.into() }
        }
        Refusal::NotFound => Problem::invalid_field(FieldProblem::new(person, "may-not-enter")),
        other => other.into(),
    }
}

/// `POST /tags/{name}/gurus/{member}/dismiss` with `reason`.
///
/// # Errors
/// [`Refusal`]; a reason that cannot be taken comes back with the form.
pub async fn dismiss(visit: Visit, path: Path<(String, i64)>) -> Result<HttpResponse, Problem> {
    let (name, member) = path.into_inner();
    let (now, limit, reason) = (visit.now, limit(&visit), visit.form.text("reason").to_owned());
    let (tag, why) = (name.to_lowercase(), reason.clone());
    let done = visit
        .write(On::Named("gurus", 0), move |c, viewer| {
            within(c, limit, &viewer.id.to_string(), now, |c| {
                let found = listed::of_tag(c, viewer, &tag, now)?.ok_or_else(Problem::not_found)?;
                appointing::dismiss_by(c, viewer, (member, found.tag_id), &why, now)
                    .map_err(|failure| failure.map(Problem::from))
            })
        })
        .await;
    let problem = match done {
        Ok(()) => return Ok(visit.see(&gurus_url(&name), Some("guru-dismissed"))),
        Err(problem) if problem.fields.is_empty() => return Err(problem),
        Err(problem) => problem,
    };
    let mut page = tag_page(&visit, name).await?;
    let errors = visit.field_errors(&problem);
    // Where their row is gone meanwhile, there is no form to come back to.
    let Some(row) = page.gurus.iter_mut().find(|guru| guru.person.id == Some(member)) else {
        return Err(problem);
    };
    row.dismiss_form = DismissForm { reason, errors };
    visit.page_with(problem.status, &page)
}

fn gurus_url(name: &str) -> String {
    format!("/tags/{}/gurus", percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC))
}

/// Appoints on the command line: the tag is made where there is none. Answers the standing's row, and whether the tag is new.
///
/// # Errors
/// [`Refusal`].
pub fn appoint_now(
    c: &mut Conn,
    actor: Actor<'_>,
    member: i64,
    name: &TagName,
    reason: &str,
    now: Micros,
) -> Result<(i64, bool), Failure<Refusal>> {
    let there: Option<i64> =
        tags::table.filter(tags::name.eq(name.as_str())).select(tags::id).first(c).optional()?;
    let tag = tag_named(c, name, now)?;
    let given = Given { member, tag, reason, opt_in: true };
    Ok((appointing::appoint_by(c, actor, &given, now)?, there.is_none()))
}
