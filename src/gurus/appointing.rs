//! Standings given and taken away by moderators, with a reason that the person is told.

use diesel::QueryResult;

use super::facts::of_member_in;
use super::hours::Hours;
use super::refusal::Refusal;
use super::rules::{AFTER_DISMISSAL, State};
use super::standings::{GuruAppointed, GuruDismissed, GuruOptedIn, Terms, ended, opted_in, write_down};
use super::store::{self, Changes};
use crate::accounts::actor::Actor;
use crate::accounts::book_rules::REASON_MOST;
use crate::accounts::reached::reached_one;
use crate::clock::Micros;
use crate::db::{Conn, Failure};
use crate::events::{self, About};
use crate::spaces;
use crate::text::{char_count, clean_name};
use crate::web::{FieldProblem, Role, Viewer};

/// What a moderator gives.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// To whom.
    pub member: i64,
    /// Where.
    pub tag: i64,
    /// Why, in the moderator's words.
    pub reason: &'a str,
    /// Whether it begins without being asked for: on the command line.
    pub opt_in: bool,
}

/// Gives a standing; its member says yes or no. Answers its row.
///
/// # Errors
/// [`Refusal::NotModerator`], [`Refusal::OwnStanding`], a reason that is missing or too long, [`Refusal::NotFound`] for
/// somebody who may not enter, [`Refusal::Already`].
pub fn appoint_by(
    c: &mut Conn,
    actor: Actor<'_>,
    given: &Given<'_>,
    now: Micros,
) -> Result<i64, Failure<Refusal>> {
    appoints(c, actor, given.member)?;
    let why = reason(given.reason, actor.id().is_some())?;
    if reached_one(c, given.member, now)?.is_none() {
        return Err(Refusal::NotFound.into());
    }
    let row = match store::of_member_and_tag(c, given.member, given.tag)? {
        Some(row) if row.state().in_force() => {
            return if given.opt_in { Ok(row.id) } else { Err(Refusal::Already.into()) };
        }
        Some(row) if row.state() == State::Invited && row.source == "appointed" && !given.opt_in => {
            return Err(Refusal::Already.into());
        }
        Some(row) => row,
        None => {
            store::insert(c, given.member, given.tag, "appointed", now)?;
            let made = store::of_member_and_tag(c, given.member, given.tag)?;
            made.ok_or(diesel::result::Error::NotFound)?
        }
    };
    let facts = of_member_in(c, given.member, given.tag, now)?;
    let changes = Changes {
        source: Some("appointed"),
        state: Some(State::Invited.as_str()),
        invited_at: Some(now),
        ended_at: Some(None),
        ended_why: Some(None),
        not_before: Some(None),
        by_id: Some(actor.id()),
        reason: Some(Some(&why).filter(|why| !why.is_empty()).map(String::as_str)),
        ..Changes::of_facts(facts)
    };
    store::change(c, &row, &changes)?;
    write_down(c, actor.id(), "guru-appointed", &row, Some(&why), now)?;
    let about = About::now(now, actor.id());
    events::append(c, &about, &GuruAppointed::of(&row))?;
    if given.opt_in {
        let terms = Terms { hours: Hours::default(), languages: Vec::new(), daily_alerts: row.daily_alerts };
        opted_in(c, &row, "appointed", facts, &terms, now)?;
        events::append(c, &about, &GuruOptedIn::of(&row))?;
    }
    Ok(row.id)
}

/// Ends a standing, or takes an offer back.
///
/// # Errors
/// [`Refusal::NotModerator`], [`Refusal::OwnStanding`], a reason that is missing or too long, [`Refusal::NotGuru`].
pub fn dismiss_by(
    c: &mut Conn,
    viewer: &Viewer,
    (member, tag): (i64, i64),
    why: &str,
    now: Micros,
) -> Result<(), Failure<Refusal>> {
    appoints(c, Actor::from(viewer), member)?;
    let why = reason(why, true)?;
    let row = store::of_member_and_tag(c, member, tag)?;
    let row = row.filter(|row| row.state().in_force() || row.state() == State::Invited);
    let Some(row) = row else { return Err(Refusal::NotGuru.into()) };
    ended(c, &row, "dismissed", Some(now + AFTER_DISMISSAL), row.facts(), now)?;
    store::change(
        c,
        &row,
        &Changes { by_id: Some(Some(viewer.id)), reason: Some(Some(&why)), ..Changes::default() },
    )?;
    write_down(c, Some(viewer.id), "guru-dismissed", &row, Some(&why), now)?;
    events::append(c, &About::now(now, Some(viewer.id)), &GuruDismissed::of(&row))?;
    Ok(())
}

/// Moderators of all spaces and above, and nobody for themselves.
fn appoints(c: &mut Conn, actor: Actor<'_>, member: i64) -> Result<(), Failure<Refusal>> {
    if let Actor::Member(viewer) = actor {
        if !may_appoint(c, viewer)? {
            return Err(Refusal::NotModerator.into());
        }
        if viewer.id == member {
            return Err(Refusal::OwnStanding.into());
        }
    }
    Ok(())
}

/// Whether the viewer appoints and dismisses gurus.
pub(super) fn may_appoint(c: &mut Conn, viewer: &Viewer) -> QueryResult<bool> {
    Ok(match viewer.role {
        Role::Customer => false,
        Role::Moderator => spaces::limits(c, viewer.id)?.is_empty(),
        Role::Staff | Role::Admin => true,
    })
}

/// A reason as it is kept.
pub(super) fn reason(typed: &str, required: bool) -> Result<String, Refusal> {
    let reason = clean_name(typed);
    let found = char_count(&reason);
    if reason.is_empty() && required {
        return Err(FieldProblem::new("reason", "missing").into());
    }
    if found > REASON_MOST {
        return Err(FieldProblem::new("reason", "too-long")
            .with("max", REASON_MOST)
            .with("found", found)
            .into());
    }
    Ok(reason)
}
