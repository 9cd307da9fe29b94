//! Gurus in the API: a tag's, one's own standings, what needs one, and the acts on questions.

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::claims::HAND_OVERS;
use super::hours::{ALL_DAYS, Hours, clock, minute};
use super::own::OwnStanding;
use super::refusal::Refusal;
use super::routes::{limit, limited, own_tag};
use super::rules::{State, least_share};
use super::standings::{self, Terms};
use super::{Need, claims, listed, needs, own};
use crate::clock::{Micros, rfc3339};
use crate::db::{Conn, Failure, On};
use crate::posts::CHANGES;
use crate::questions::question_url;
use crate::web::api::{self, Reply};
use crate::web::cursor::{Listed, Span};
use crate::web::limits::{Limit, within};
use crate::web::{FieldProblem, Problem, ProblemDocument, Viewer, Visit, once};

/// Days of the week as sent.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A guru of a tag.
#[derive(Serialize, ToSchema)]
pub struct GuruJson {
    /// The member.
    id: i64,
    /// Shown name.
    name: String,
    /// `active`, `paused`, or, for those who appoint, `invited`.
    state: &'static str,
    /// `earned` or `appointed`.
    source: String,
    /// Since when; null while only offered.
    since: Option<String>,
    /// Answers accepted or endorsed there within a year, in spaces the caller may enter.
    solved: i64,
}

/// The gurus of a tag.
#[utoipa::path(get, path = "/api/v1/tags/{name}/gurus", tag = "gurus", params(("name" = String, Path)),
    responses((status = 200, body = Listed<GuruJson>), (status = 404, body = ProblemDocument)))]
pub async fn of_tag(visit: Visit, name: Path<String>) -> Result<HttpResponse, Problem> {
    let (name, now) = (name.into_inner().to_lowercase(), visit.now);
    let found = visit
        .read(move |c, viewer| {
            listed::of_tag(c, viewer, &name, now)?
                .ok_or_else(|| Failure::<Problem>::from(Problem::not_found()))
        })
        .await?;
    let told = |guru: listed::GuruInTag| GuruJson {
        id: guru.person.id,
        state: guru.row.state().as_str(),
        since: guru.row.since.filter(|_| guru.row.state() != State::Invited).map(rfc3339),
        name: guru.person.name,
        source: guru.row.source,
        solved: guru.solved,
    };
    api::send(&Listed { items: found.gurus.into_iter().map(told).collect(), next: None })
}

/// Hours of the days of a week, in the member's own time zone.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoursJson {
    /// `mon` to `sun`; left out, every day.
    #[serde(default = "every_day")]
    days: Vec<String>,
    /// Such as `09:00`; null with `until` for the whole day.
    #[serde(default)]
    from: Option<String>,
    /// Such as `17:30`; before `from`, on the next day.
    #[serde(default)]
    until: Option<String>,
}

fn every_day() -> Vec<String> {
    DAYS.map(str::to_owned).to_vec()
}

impl HoursJson {
    fn of(hours: Hours) -> HoursJson {
        let on = DAYS.iter().enumerate().filter(|(day, _)| hours.days >> day & 1 == 1);
        HoursJson {
            days: on.map(|(_, name)| (*name).to_owned()).collect(),
            from: hours.span.map(|(from, _)| clock(from)),
            until: hours.span.map(|(_, until)| clock(until)),
        }
    }

    fn read(&self) -> Result<Hours, FieldProblem> {
        let mut days = 0;
        for name in &self.days {
            let day = DAYS.iter().position(|day| day == name);
            days |= 1 << day.ok_or_else(|| FieldProblem::new("hours.days", "no-such-day"))?;
        }
        let at = |text: &Option<String>, field: &'static str| {
            text.as_deref()
                .map(|text| minute(text).ok_or_else(|| FieldProblem::new(field, "no-such-time")))
                .transpose()
        };
        let span = match (at(&self.from, "hours.from")?, at(&self.until, "hours.until")?) {
            (Some(from), Some(until)) => Some((from, until)),
            (None, None) => None,
            (None, _) => return Err(FieldProblem::new("hours.from", "missing")),
            (_, None) => return Err(FieldProblem::new("hours.until", "missing")),
        };
        Ok(Hours { days, span })
    }
}

/// One's standing in a tag.
#[derive(Serialize, ToSchema)]
pub struct StandingJson {
    tag: String,
    /// `invited`, `active`, `paused`, `declined` or `ended`.
    state: &'static str,
    /// `earned` or `appointed`.
    source: String,
    since: Option<String>,
    /// When it ends, while something is missing.
    ending_at: Option<String>,
    /// `stepped-down`, `lapsed` or `dismissed`.
    ended_why: Option<String>,
    /// Why a moderator appointed or dismissed.
    reason: Option<String>,
    /// Answers accepted or endorsed there within a year.
    answers: i64,
    /// Share of good outcomes there, in percent.
    share: i64,
    hours: HoursJson,
    /// ISO 639-1 codes; none for whatever comes.
    languages: Vec<String>,
    /// Alerts a day at most.
    daily_alerts: i64,
}

/// One's standings, and what a standing takes.
#[derive(Serialize, ToSchema)]
pub struct OwnJson {
    items: Vec<StandingJson>,
    /// Answers accepted or endorsed within a year that it takes.
    answers_needed: i64,
    /// Share of good outcomes that it takes, in percent.
    share_needed: i64,
    /// IANA name: hours are of this time zone.
    time_zone: String,
}

/// The caller's standings as a guru.
#[utoipa::path(get, path = "/api/v1/me/guru", tag = "gurus", responses((status = 200, body = OwnJson)))]
pub async fn own_standings(visit: Visit) -> Result<HttpResponse, Problem> {
    let now = visit.now;
    let own = visit.read(move |c, viewer| Ok::<_, Failure<Problem>>(own::own(c, viewer.id, now)?)).await?;
    api::send(&OwnJson {
        answers_needed: own.figures.guru_answers,
        share_needed: least_share(&own.figures),
        items: own.standings.into_iter().map(standing).collect(),
        time_zone: own.time_zone,
    })
}

fn standing(own: OwnStanding) -> StandingJson {
    let row = own.row;
    StandingJson {
        tag: own.tag,
        state: row.state().as_str(),
        since: row.since.map(rfc3339),
        ending_at: row.ending_at.map(rfc3339),
        answers: own.facts.answers,
        share: own.facts.share(),
        hours: HoursJson::of(row.hours()),
        languages: row.languages(),
        daily_alerts: row.daily_alerts,
        source: row.source,
        ended_why: row.ended_why,
        reason: row.reason,
    }
}

/// Where one wants a standing to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Wish {
    /// Say yes, or go on after a pause.
    Active,
    /// Not to be asked for a while.
    Paused,
    /// Say no.
    Declined,
    /// Give it up.
    Ended,
}

/// What is to be changed of a standing; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewStanding {
    state: Option<Wish>,
    hours: Option<HoursJson>,
    languages: Option<Vec<String>>,
    daily_alerts: Option<i64>,
}

/// Say yes or no to a standing, pause it, give it up, or say when and how one can be asked.
#[utoipa::path(put, path = "/api/v1/me/guru/{tag}", tag = "gurus", params(("tag" = String, Path)), request_body = NewStanding,
    responses((status = 200, body = StandingJson), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn set_own(visit: Visit, tag: Path<String>) -> Result<HttpResponse, Problem> {
    let tag = tag.into_inner();
    let wanted: NewStanding = api::json(&visit)?;
    let hours = wanted.hours.as_ref().map(HoursJson::read).transpose().map_err(Problem::invalid_field)?;
    // What is wrong is said whether there is a standing or not.
    terms(&wanted, hours, None).map_err(Problem::invalid_field)?;
    let (now, limit) = (visit.now, limit(&visit));
    once::act(&visit, On::Member(visit.viewer()?.id), move |c, viewer| -> Result<Reply, Failure<Problem>> {
        within(c, limit, &viewer.id.to_string(), now, |c| {
            let id = own_tag(c, viewer.id, &tag)?.ok_or_else(Problem::not_found)?;
            change(c, viewer, id, (&wanted, hours), now).map_err(|failure| failure.map(Problem::from))?;
            let own = own::own(c, viewer.id, now)?.standings.into_iter().find(|own| own.row.tag_id == id);
            Ok(Reply::ok(&standing(own.ok_or_else(Problem::not_found)?))?)
        })
    })
    .await
}

fn change(
    c: &mut Conn,
    viewer: &Viewer,
    tag: i64,
    (wanted, hours): (&NewStanding, Option<Hours>),
    now: Micros,
) -> Result<(), Failure<Refusal>> {
    let Some(row) = super::store::of_member_and_tag(c, viewer.id, tag)? else {
        return Err(Refusal::NotFound.into());
    };
    let terms = terms(wanted, hours, Some(&row)).map_err(Refusal::from)?;
    let said = wanted.hours.is_some() || wanted.languages.is_some() || wanted.daily_alerts.is_some();
    match (wanted.state, row.state()) {
        (Some(Wish::Declined), _) => return standings::decline_standing(c, viewer, tag, now),
        (Some(Wish::Ended), _) => return standings::step_down(c, viewer, tag, now),
        (Some(Wish::Active), State::Paused) => standings::resume(c, viewer, tag, now)?,
        (Some(Wish::Active), State::Active) => {}
        (Some(Wish::Active), _) => return standings::accept(c, viewer, tag, &terms, now),
        (Some(Wish::Paused), _) => standings::pause(c, viewer, tag, now)?,
        (None, _) => {}
    }
    if said { standings::set_terms(c, viewer, tag, &terms) } else { Ok(()) }
}

fn terms(
    wanted: &NewStanding,
    hours: Option<Hours>,
    row: Option<&super::Standing>,
) -> Result<Terms, FieldProblem> {
    let usual = Hours { days: ALL_DAYS, span: None };
    let terms = Terms {
        hours: hours.unwrap_or_else(|| row.map_or(usual, super::Standing::hours)),
        languages: wanted
            .languages
            .clone()
            .unwrap_or_else(|| row.map(super::Standing::languages).unwrap_or_default()),
        daily_alerts: wanted.daily_alerts.unwrap_or_else(|| row.map_or(0, |row| row.daily_alerts)),
    };
    terms.checked()
}

/// Somebody who is on a question.
#[derive(Serialize, ToSchema)]
pub struct ClaimJson {
    name: String,
    mine: bool,
    until: String,
}

/// A question that needs the caller, and why.
#[derive(Serialize, ToSchema)]
pub struct NeedJson {
    id: i64,
    url: String,
    title: String,
    space: String,
    /// The tag of the caller's that counted.
    tag: String,
    /// Whether the caller is a guru there.
    guru: bool,
    /// Answers of the caller's accepted or endorsed there within a year.
    solved: i64,
    created_at: String,
    waited_seconds: i64,
    /// Other gurus who could answer.
    others: i64,
    claim: Option<ClaimJson>,
}

/// Questions that need the caller, those first that need them most; `limit` to 100. There are no further pages.
#[utoipa::path(get, path = "/api/v1/needs-you", tag = "gurus", params(("limit" = Option<i64>, Query)),
    responses((status = 200, body = Listed<NeedJson>), (status = 400, body = ProblemDocument)))]
pub async fn needs_you(visit: Visit) -> Result<HttpResponse, Problem> {
    let span = Span::<(i64,)>::asked(&visit.query)?;
    let (now, most) = (visit.now, usize::try_from(span.limit).unwrap_or(1));
    let found =
        visit.read(move |c, viewer| Ok::<_, Failure<Problem>>(needs::needs(c, viewer, most, now)?)).await?;
    api::send(&Listed { items: found.into_iter().map(need).collect::<Vec<_>>(), next: None })
}

fn need(need: Need) -> NeedJson {
    NeedJson {
        id: need.id,
        url: question_url(need.id, &need.title),
        space: need.space.0,
        tag: need.tag,
        guru: need.by.guru,
        solved: need.by.solved,
        created_at: rfc3339(need.created_at),
        waited_seconds: need.by.waited.div_euclid(crate::clock::SECOND),
        others: need.by.others,
        claim: need.claim.map(|(name, mine, until)| ClaimJson { name, mine, until: rfc3339(until) }),
        title: need.title,
    }
}

/// Be on a question for two hours; who is already stays so, and no longer.
#[utoipa::path(put, path = "/api/v1/questions/{id}/claim", tag = "gurus", params(("id" = i64, Path)),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn claim(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    on_question(visit, id, CHANGES, claims::claim).await
}

/// Be on it no longer.
#[utoipa::path(delete, path = "/api/v1/questions/{id}/claim", tag = "gurus", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn release(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    on_question(visit, id, CHANGES, claims::release).await
}

/// Not for the caller: not shown to them again, and counted nowhere.
#[utoipa::path(post, path = "/api/v1/questions/{id}/decline", tag = "gurus", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = ProblemDocument)))]
pub async fn decline(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    on_question(visit, id, CHANGES, claims::decline).await
}

/// Why staff should have it.
#[derive(Deserialize, ToSchema)]
pub struct Reason {
    /// In a sentence.
    reason: String,
}

/// Hand a question over to staff.
#[utoipa::path(post, path = "/api/v1/questions/{id}/hand-over", tag = "gurus", params(("id" = i64, Path)), request_body = Reason,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn hand_over(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let Reason { reason } = api::json(&visit)?;
    let act = move |c: &mut Conn, viewer: &Viewer, id, now| claims::hand_over(c, viewer, id, &reason, now);
    on_question(visit, id, HAND_OVERS, act).await
}

async fn on_question<F>(
    visit: Visit,
    id: Path<i64>,
    limit: Limit,
    mut body: F,
) -> Result<HttpResponse, Problem>
where
    F: FnMut(&mut Conn, &Viewer, i64, Micros) -> Result<(), Failure<Refusal>> + Send + 'static,
{
    let (id, now, limit) = (id.into_inner(), visit.now, limited(&visit, limit));
    once::act(&visit, On::Thread(id), move |c, viewer| -> Result<Reply, Failure<Problem>> {
        within(c, limit, &viewer.id.to_string(), now, |c| {
            body(c, viewer, id, now).map_err(|failure| failure.map(Problem::from))?;
            Ok(Reply::done())
        })
    })
    .await
}
