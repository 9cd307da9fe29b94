//! Being on a question for a while, saying that it is not for oneself, and handing it over to staff.

use diesel::prelude::*;
use serde::Serialize;

use super::appointing::reason;
use super::experts;
use super::refusal::Refusal;
use super::rules::{CLAIM, CLAIMS, CLAIMS_OF_ONE, Claiming, NoClaim, may_claim};
use crate::clock::{DAY, Micros};
use crate::db::schema::{events as log, guru_declines, hand_overs, questions};
use crate::db::{Conn, Effect, Failure, on};
use crate::events::{self, About, Fact};
use crate::jobs::sweeper::Duty;
use crate::jobs::timed::{self, Timed};
use crate::posts::{self, Found, Kind};
use crate::questions::{Claim, HandedOver, State, Thread};
use crate::web::Viewer;
use crate::web::limits::Limit;

const KIND: &str = "gurus.claim";
/// Questions a member may hand over: staff are told of each.
pub const HAND_OVERS: Limit = Limit { scope: "hand-over", most: 20, window: DAY };

#[derive(Serialize)]
struct QuestionClaimed {
    until: Micros,
}

impl Fact for QuestionClaimed {
    const KIND: &'static str = "QuestionClaimed";
}

#[derive(Serialize)]
struct ClaimEnded {
    member_id: i64,
    /// `released`, `handed-over` or `time`.
    how: &'static str,
}

impl Fact for ClaimEnded {
    const KIND: &'static str = "ClaimEnded";
}

/// Handed over to staff; read by whoever keeps their desk.
#[derive(Serialize)]
struct QuestionHandedOver {
    hand_over_id: i64,
}

impl Fact for QuestionHandedOver {
    const KIND: &'static str = "HandedOver";
}

/// Is on a question for two hours: shown in the thread, hidden from nobody. Who is on it already stays so, and no longer.
///
/// # Errors
/// See [`may_claim`].
pub fn claim(c: &mut Conn, viewer: &Viewer, id: i64, now: Micros) -> Result<(), Failure<Refusal>> {
    let (found, mut thread) = question(c, viewer, id)?;
    let facts = Claiming {
        waits: waits(&thread),
        own: thread.author_id == Some(viewer.id),
        expert: is_expert(c, viewer, &found, now)?,
        claimed: thread.claim().map(|claim| (claim.by == viewer.id, claim.until)),
        claims: claims_of(c, viewer.id, now)?,
        today: claims_of_one(c, viewer.id, id, now)?,
    };
    may_claim(&facts, now).map_err(|why| match why {
        NoClaim::Own => Refusal::OwnQuestion,
        NoClaim::NotWaiting => Refusal::NotWaiting,
        NoClaim::NotExpert => Refusal::NotExpert,
        NoClaim::Claimed(until) => Refusal::Claimed { until },
        NoClaim::TooMany => Refusal::TooManyClaims { most: CLAIMS },
        NoClaim::Often => Refusal::ClaimedOften { most: CLAIMS_OF_ONE },
    })?;
    if facts.claimed.is_some_and(|(own, until)| own && until > now) {
        return Ok(());
    }
    let until = now + CLAIM;
    let about = About::now(now, Some(viewer.id)).in_thread(id, thread.space_id);
    if let Some(over) = thread.claim() {
        events::append(
            c,
            &About { actor_id: None, ..about },
            &ClaimEnded { member_id: over.by, how: "time" },
        )?;
    }
    thread.set_claim(Some(Claim { by: viewer.id, at: now, until }));
    thread.save(c)?;
    events::append(c, &about, &QuestionClaimed { until })?;
    timed::schedule(c, KIND, id, until)?;
    Ok(())
}

/// Is no longer on it.
///
/// # Errors
/// [`Refusal::NotClaimed`].
pub fn release(c: &mut Conn, viewer: &Viewer, id: i64, now: Micros) -> Result<(), Failure<Refusal>> {
    let (_, mut thread) = question(c, viewer, id)?;
    if thread.claimed_by != Some(viewer.id) {
        return Err(Refusal::NotClaimed.into());
    }
    thread.set_claim(None);
    thread.save(c)?;
    let about = About::now(now, Some(viewer.id)).in_thread(id, thread.space_id);
    events::append(c, &about, &ClaimEnded { member_id: viewer.id, how: "released" })?;
    Ok(())
}

/// Says that it is not for oneself: not shown among what needs one again. It is counted nowhere, and told to nobody.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn decline(c: &mut Conn, viewer: &Viewer, id: i64, now: Micros) -> Result<(), Failure<Refusal>> {
    let (_, thread) = question(c, viewer, id)?;
    let row = (
        guru_declines::member_id.eq(viewer.id),
        guru_declines::question_id.eq(id),
        guru_declines::declined_at.eq(now),
    );
    on!(c, |c| diesel::insert_into(guru_declines::table).values(row).on_conflict_do_nothing().execute(c))?;
    if thread.claimed_by == Some(viewer.id) { release(c, viewer, id, now) } else { Ok(()) }
}

/// Gives a question that peers cannot finish to staff, with a word why.
///
/// # Errors
/// A reason that is missing or too long; [`Refusal::OwnQuestion`], [`Refusal::NotExpert`]; [`Refusal::NotWaiting`], also
/// where staff have it already.
pub fn hand_over(
    c: &mut Conn,
    viewer: &Viewer,
    id: i64,
    why: &str,
    now: Micros,
) -> Result<(), Failure<Refusal>> {
    let (found, mut thread) = question(c, viewer, id)?;
    let why = reason(why, true)?;
    if thread.author_id == Some(viewer.id) {
        return Err(Refusal::OwnQuestion.into());
    }
    if !waits(&thread) {
        return Err(Refusal::NotWaiting.into());
    }
    if !is_expert(c, viewer, &found, now)? {
        return Err(Refusal::NotExpert.into());
    }
    let hand_over_id: i64 = diesel::insert_into(hand_overs::table)
        .values((
            hand_overs::question_id.eq(id),
            hand_overs::by_id.eq(viewer.id),
            hand_overs::reason.eq(&why),
            hand_overs::handed_at.eq(now),
        ))
        .returning(hand_overs::id)
        .get_result(c)?;
    let about = About::now(now, Some(viewer.id)).in_thread(id, thread.space_id);
    if let Some(claim) = thread.claim() {
        thread.set_claim(None);
        events::append(c, &about, &ClaimEnded { member_id: claim.by, how: "handed-over" })?;
    }
    thread.set_handed_over(Some(HandedOver { by: viewer.id, at: now }));
    thread.save(c)?;
    events::append(c, &about, &QuestionHandedOver { hand_over_id })?;
    Ok(())
}

/// Why a question was handed over last, in the words of who did; for those who moderate its space.
pub fn hand_over_reason(c: &mut Conn, id: i64) -> QueryResult<Option<String>> {
    hand_overs::table
        .filter(hand_overs::question_id.eq(id))
        .order(hand_overs::id.desc())
        .select(hand_overs::reason)
        .first(c)
        .optional()
}

/// On how many questions a member is at `now`.
fn claims_of(c: &mut Conn, member: i64, now: Micros) -> QueryResult<i64> {
    questions::table
        .filter(questions::claimed_by.eq(member))
        .filter(questions::claimed_until.gt(now))
        .count()
        .get_result(c)
}

/// How often a member was on one question within a day.
fn claims_of_one(c: &mut Conn, member: i64, question: i64, now: Micros) -> QueryResult<i64> {
    log::table
        .filter(log::question_id.eq(question))
        .filter(log::kind.eq(QuestionClaimed::KIND))
        .filter(log::actor_id.eq(member))
        .filter(log::occurred_at.gt(now - DAY))
        .count()
        .get_result(c)
}

/// On how many questions each of several members is; those who are on none are left out.
pub(super) fn claims_of_many(c: &mut Conn, ids: &[i64], now: Micros) -> QueryResult<Vec<(i64, i64)>> {
    let claimers: Vec<Option<i64>> = questions::table
        .filter(questions::claimed_by.eq_any(ids.to_vec()))
        .filter(questions::claimed_until.gt(now))
        .order(questions::claimed_by)
        .select(questions::claimed_by)
        .load(c)?;
    let mut counted: Vec<(i64, i64)> = Vec::new();
    for member in claimers.into_iter().flatten() {
        match counted.last_mut().filter(|(last, _)| *last == member) {
            Some((_, n)) => *n += 1,
            None => counted.push((member, 1)),
        }
    }
    Ok(counted)
}

fn question(c: &mut Conn, viewer: &Viewer, id: i64) -> Result<(Found, Thread), Failure<Refusal>> {
    let found = posts::find(c, viewer, id)?.filter(|found| found.post.kind() == Kind::Question);
    Ok((found.ok_or(Refusal::NotFound)?, Thread::load(c, id)?))
}

/// Listed, neither solved nor closed, and not with staff.
pub(super) fn waits(thread: &Thread) -> bool {
    let open = matches!(thread.state(), State::Unanswered | State::Open);
    thread.listed && open && thread.handed_over().is_none()
}

fn is_expert(c: &mut Conn, viewer: &Viewer, found: &Found, now: Micros) -> QueryResult<bool> {
    Ok(found.standing.moderates || experts::knows(c, viewer.id, found.post.id, now)?)
}

/// Ends claims whose time is over.
pub struct ClaimEnds;

impl Duty for ClaimEnds {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn prepare(&self, _: &mut Conn, due: &Timed, now: Micros) -> QueryResult<Effect> {
        let id = due.subject_id;
        Ok(Box::new(move |c| {
            let mut thread = Thread::load(c, id)?;
            match thread.claim() {
                Some(claim) if claim.until <= now => {
                    thread.set_claim(None);
                    thread.save(c)?;
                    let about = About::now(now, None).in_thread(id, thread.space_id);
                    events::append(c, &about, &ClaimEnded { member_id: claim.by, how: "time" })
                }
                Some(claim) => timed::schedule(c, KIND, id, claim.until),
                None => Ok(()),
            }
        }))
    }
}
