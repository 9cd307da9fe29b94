//! One's own standings and what needs one, as pages and forms.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use diesel::prelude::*;

use super::hours::{Hours, clock, minute};
use super::needs::Need;
use super::own::OwnStanding;
use super::pages::{GuruPage, NeedRow, NeedsPage, OwnCard, Progress};
use super::refusal::Refusal;
use super::rules::{Facts, least_share};
use super::standings::{self, Terms};
use super::{needs, own};
use crate::clock::{DAY, HOUR, MINUTE, Micros};
use crate::db::schema::{guru_standings, tags};
use crate::db::{Conn, Failure, On};
use crate::posts::CHANGES;
use crate::questions::question_url;
use crate::web::limits::{Limit, within};
use crate::web::pages::FieldErrors;
use crate::web::{FieldProblem, Problem, Viewer, Visit};

/// Questions shown that need somebody.
const NEEDS: usize = 30;

/// `GET /guru`.
///
/// # Errors
/// The database's failures.
pub async fn guru(visit: Visit) -> Result<HttpResponse, Problem> {
    visit.page(&own_page(&visit).await?)
}

async fn own_page(visit: &Visit) -> Result<GuruPage, Problem> {
    let now = visit.now;
    let own = visit.read(move |c, viewer| Ok::<_, Failure<Problem>>(own::own(c, viewer.id, now)?)).await?;
    let handle = &visit.viewer()?.handle;
    Ok(GuruPage {
        in_force: own.standings.iter().any(|one| one.row.state().in_force()),
        standings: own.standings.iter().map(|one| card(handle, one)).collect(),
        on_the_way: own.on_the_way.iter().map(|(tag, facts)| progress(handle, tag, facts)).collect(),
        needed: own.figures.guru_answers,
        least: least_share(&own.figures),
        time_zone: own.time_zone,
    })
}

fn progress(handle: &str, tag: &str, facts: &Facts) -> Progress {
    Progress {
        tag: tag.to_owned(),
        answers: facts.answers,
        share: facts.share(),
        url: answers_url(handle, tag),
    }
}

fn card(handle: &str, own: &OwnStanding) -> OwnCard {
    let row = &own.row;
    let hours = row.hours();
    let told = row.source == "appointed" || row.ended_why.as_deref() == Some("dismissed");
    OwnCard {
        facts: progress(handle, &own.tag, &own.facts),
        state: row.state().as_str(),
        appointed: row.source == "appointed",
        by: own.by.clone().filter(|_| told),
        reason: row.reason.clone().filter(|_| told),
        since: row.since,
        ending_at: row.ending_at,
        ended_why: row.ended_why.clone(),
        may_accept: own.may_accept,
        days: (0..7).map(|day| hours.days >> day & 1 == 1).collect(),
        from: hours.span.map(|(from, _)| clock(from)).unwrap_or_default(),
        until: hours.span.map(|(_, until)| clock(until)).unwrap_or_default(),
        languages: row.languages().join(", "),
        daily_alerts: row.daily_alerts.to_string(),
        errors: FieldErrors::default(),
    }
}

/// `POST /guru/{name}` with `act` (`accept`, `save`, `pause`, `resume`, `step-down`, `decline`) and, for the first two,
/// `day-0` to `day-6`, `from`, `until`, `languages`, `daily_alerts`; terms that cannot be taken come back with the form.
///
/// # Errors
/// [`Refusal`]; 404 for a tag where one has no standing.
pub async fn save(visit: Visit, name: Path<String>) -> Result<HttpResponse, Problem> {
    let (name, act) = (name.into_inner(), visit.form.text("act").to_owned());
    let terms = match act.as_str() {
        "accept" | "save" => match typed_terms(&visit) {
            Ok(terms) => Some(terms),
            Err(field) => return refused(&visit, &name, &Problem::invalid_field(field)).await,
        },
        "pause" | "resume" | "step-down" | "decline" => None,
        _ => return Err(Problem::invalid_field(FieldProblem::new("act", "no-such-act"))),
    };
    let done = act.clone();
    own_act(&visit, name, move |c, viewer, tag, now| match (act.as_str(), &terms) {
        ("accept", Some(terms)) => standings::accept(c, viewer, tag, terms, now),
        (_, Some(terms)) => standings::set_terms(c, viewer, tag, terms),
        ("pause", _) => standings::pause(c, viewer, tag, now),
        ("resume", _) => standings::resume(c, viewer, tag, now),
        ("step-down", _) => standings::step_down(c, viewer, tag, now),
        _ => standings::decline_standing(c, viewer, tag, now),
    })
    .await?;
    Ok(visit.see("/guru", Some(&format!("guru-{done}"))))
}

async fn refused(visit: &Visit, name: &str, problem: &Problem) -> Result<HttpResponse, Problem> {
    let mut page = own_page(visit).await?;
    let Some(card) = page.standings.iter_mut().find(|card| card.facts.tag == name) else {
        return Err(Problem::not_found());
    };
    let text = |field: &str| visit.form.text(field).to_owned();
    card.errors = visit.field_errors(problem);
    card.days = (0..7).map(|day| visit.form.ticked(&format!("day-{day}"))).collect();
    (card.from, card.until) = (text("from"), text("until"));
    (card.languages, card.daily_alerts) = (text("languages"), text("daily_alerts"));
    visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn typed_terms(visit: &Visit) -> Result<Terms, FieldProblem> {
    let form = &visit.form;
    let days = (0..7).filter(|day| form.ticked(&format!("day-{day}"))).fold(0, |days, day| days | 1 << day);
    let at = |field: &'static str| {
        form.given(field)
            .map(|text| minute(text).ok_or_else(|| FieldProblem::new(field, "no-such-time")))
            .transpose()
    };
    let span = match (at("from")?, at("until")?) {
        (Some(from), Some(until)) => Some((from, until)),
        (None, None) => None,
        (Some(_), None) => return Err(FieldProblem::new("until", "missing")),
        (None, Some(_)) => return Err(FieldProblem::new("from", "missing")),
    };
    let alerts = form.text("daily_alerts").trim();
    let daily_alerts = alerts.parse().map_err(|_| FieldProblem::new("daily_alerts", "number"))?;
    let languages = form.text("languages");
    let languages = languages.split(|c: char| c == ',' || c.is_whitespace()).filter(|part| !part.is_empty());
    Terms { hours: Hours { days, span }, languages: languages.map(str::to_owned).collect(), daily_alerts }
        .checked()
}

/// An act on one's own standing in a tag.
async fn own_act<F>(visit: &Visit, name: String, mut body: F) -> Result<(), Problem>
where
    F: FnMut(&mut Conn, &Viewer, i64, Micros) -> Result<(), Failure<Refusal>> + Send + 'static,
{
    let (now, limit) = (visit.now, limit(visit));
    visit
        .write(On::Member(visit.viewer()?.id), move |c, viewer| {
            within(c, limit, &viewer.id.to_string(), now, |c| {
                let tag = own_tag(c, viewer.id, &name)?.ok_or_else(Problem::not_found)?;
                body(c, viewer, tag, now).map_err(|failure| failure.map(Problem::from))
            })
        })
        .await
}

pub(super) fn limit(visit: &Visit) -> Option<Limit> {
    limited(visit, CHANGES)
}

/// A limit, where the hall has any.
pub(super) fn limited(visit: &Visit, limit: Limit) -> Option<Limit> {
    Some(limit).filter(|_| visit.hall.config.limits)
}

/// A tag by its name, where a member has a standing, whatever it is.
pub(super) fn own_tag(c: &mut Conn, member: i64, name: &str) -> QueryResult<Option<i64>> {
    guru_standings::table
        .inner_join(tags::table)
        .filter(tags::name.eq(name.to_lowercase()))
        .filter(guru_standings::member_id.eq(member))
        .select(tags::id)
        .first(c)
        .optional()
}

/// `GET /needs-you`.
///
/// # Errors
/// The database's failures.
pub async fn needs_you(visit: Visit) -> Result<HttpResponse, Problem> {
    let now = visit.now;
    let needs =
        visit.read(move |c, viewer| Ok::<_, Failure<Problem>>(needs::needs(c, viewer, NEEDS, now)?)).await?;
    let needs = needs.into_iter().map(|need| need_row(need, now)).collect();
    visit.page(&NeedsPage { needs, guru: visit.viewer()?.guru })
}

fn need_row(need: Need, now: Micros) -> NeedRow {
    let (claimed_by, mine, claimed_until) = match need.claim {
        Some((name, mine, until)) => (Some(name), mine, Some(until)),
        None => (None, false, None),
    };
    NeedRow {
        id: need.id,
        url: question_url(need.id, &need.title),
        title: need.title,
        space: need.space,
        tag: need.tag,
        guru: need.by.guru,
        solved: need.by.solved,
        created_at: need.created_at,
        waited: waited(now - need.created_at),
        others: need.by.others,
        answered: need.answers > 0,
        claimed_by,
        claimed_until,
        mine,
    }
}

/// Where somebody's answers in a tag are found.
pub fn answers_url(handle: &str, tag: &str) -> String {
    let query = format!("[{tag}] user:{handle} is:answer");
    format!("/search?q={}", percent_encoding::utf8_percent_encode(&query, percent_encoding::NON_ALPHANUMERIC))
}

/// A span of time in the unit that fits.
fn waited(span: Micros) -> (&'static str, i64) {
    match span.max(0) {
        span if span < HOUR => ("minutes", span / MINUTE),
        span if span < 2 * DAY => ("hours", span / HOUR),
        span => ("days", span / DAY),
    }
}

#[cfg(test)]
mod tests {
    use super::waited;
    use crate::clock::{DAY, HOUR, MINUTE};

    #[test]
    fn waiting_is_told_in_the_unit_that_fits() {
        assert_eq!(waited(90 * MINUTE), ("hours", 1));
        assert_eq!(waited(59 * MINUTE), ("minutes", 59));
        assert_eq!(waited(47 * HOUR), ("hours", 47));
        assert_eq!(waited(3 * DAY), ("days", 3));
        assert_eq!(waited(-5), ("minutes", 0));
    }
}
