//! Acts on standings: offered for facts, taken, paused, given up, lapsed and ended by time.
//!
//! Each is written into the audit and told as an event; the tables' other rows are left alone.

use diesel::prelude::*;
use serde::Serialize;

use super::facts::of_member_in;
use super::hours::Hours;
use super::refusal::Refusal;
use super::rules::{ASK_AGAIN, Facts, State, least_share, may_accept};
use super::store::{self, Changes, Standing};
use crate::accounts::audit;
use crate::clock::Micros;
use crate::db::schema::tags;
use crate::db::{Conn, Failure};
use crate::events::{self, About, Fact};
use crate::reputation::figures;
use crate::web::{FieldProblem, Viewer};

/// Alerts a day at most that one can wish for.
const ALERTS_MOST: i64 = 50;
/// Languages one can name.
const LANGUAGES_MOST: usize = 10;

macro_rules! told {
    ($($name:ident)*) => {$(
        #[derive(Serialize)]
        pub(super) struct $name {
            standing_id: i64,
            member_id: i64,
            tag_id: i64,
        }

        impl Fact for $name {
            const KIND: &'static str = stringify!($name);
        }

        impl $name {
            pub(super) fn of(row: &Standing) -> $name {
                $name { standing_id: row.id, member_id: row.member_id, tag_id: row.tag_id }
            }
        }
    )*};
}

told! { GuruInvited GuruOptedIn GuruDeclined GuruPaused GuruResumed GuruSteppedDown GuruAppointed GuruDismissed
GuruLapsing GuruKept GuruEnded GuruWithdrawn }

/// When and how its member can be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// When.
    pub hours: Hours,
    /// ISO 639-1 codes; none for whatever comes.
    pub languages: Vec<String>,
    /// Alerts a day at most.
    pub daily_alerts: i64,
}

impl Terms {
    /// Whether they can be taken.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn checked(mut self) -> Result<Terms, FieldProblem> {
        if !(1..=127).contains(&self.hours.days) {
            return Err(FieldProblem::new("days", "no-days"));
        }
        if !(0..=ALERTS_MOST).contains(&self.daily_alerts) {
            return Err(FieldProblem::new("daily_alerts", "out-of-range")
                .with("min", 0)
                .with("max", ALERTS_MOST));
        }
        for language in &mut self.languages {
            *language = language.trim().to_lowercase();
            if language.len() != 2 || !language.bytes().all(|byte| byte.is_ascii_lowercase()) {
                return Err(FieldProblem::new("languages", "no-language"));
            }
        }
        self.languages.sort_unstable();
        self.languages.dedup();
        if self.languages.len() > LANGUAGES_MOST {
            return Err(FieldProblem::new("languages", "too-many-languages").with("max", LANGUAGES_MOST));
        }
        // From a minute to the same one is the whole day.
        self.hours.span = self.hours.span.filter(|(from, until)| from != until);
        Ok(self)
    }
}

/// Offers a standing for facts; one that is there already is offered anew.
pub(super) fn invite(c: &mut Conn, member: i64, tag: i64, facts: Facts, now: Micros) -> QueryResult<()> {
    let row = match store::of_member_and_tag(c, member, tag)? {
        Some(row) => row,
        None => {
            store::insert(c, member, tag, "earned", now)?;
            store::of_member_and_tag(c, member, tag)?.ok_or(diesel::result::Error::NotFound)?
        }
    };
    let changes = Changes {
        source: Some("earned"),
        state: Some(State::Invited.as_str()),
        invited_at: Some(now),
        ended_at: Some(None),
        ended_why: Some(None),
        not_before: Some(None),
        by_id: Some(None),
        reason: Some(None),
        ..Changes::of_facts(facts)
    };
    store::change(c, &row, &changes)?;
    write_down(c, None, "guru-invited", &row, None, now)?;
    events::append(c, &About::now(now, None), &GuruInvited::of(&row))
}

/// What was offered for facts is no longer there.
pub(super) fn withdraw(c: &mut Conn, row: &Standing, facts: Facts, now: Micros) -> QueryResult<()> {
    ended(c, row, "withdrawn", None, facts, now)?;
    write_down(c, None, "guru-withdrawn", row, None, now)?;
    events::append(c, &About::now(now, None), &GuruWithdrawn::of(row))
}

/// A standing will end at `at`, unless its facts are met again.
pub(super) fn lapse(c: &mut Conn, row: &Standing, facts: Facts, at: Micros, now: Micros) -> QueryResult<()> {
    store::change(c, row, &Changes { ending_at: Some(Some(at)), ..Changes::of_facts(facts) })?;
    write_down(c, None, "guru-lapsing", row, None, now)?;
    events::append(c, &About::now(now, None), &GuruLapsing::of(row))
}

/// Its facts are met again.
pub(super) fn keep(c: &mut Conn, row: &Standing, facts: Facts, now: Micros) -> QueryResult<()> {
    store::change(c, row, &Changes { ending_at: Some(None), ..Changes::of_facts(facts) })?;
    write_down(c, None, "guru-kept", row, None, now)?;
    events::append(c, &About::now(now, None), &GuruKept::of(row))
}

/// Its month is over.
pub(super) fn end(c: &mut Conn, row: &Standing, facts: Facts, now: Micros) -> QueryResult<()> {
    ended(c, row, "lapsed", None, facts, now)?;
    write_down(c, None, "guru-ended", row, None, now)?;
    events::append(c, &About::now(now, None), &GuruEnded::of(row))
}

pub(super) fn ended(
    c: &mut Conn,
    row: &Standing,
    why: &str,
    not_before: Option<Micros>,
    facts: Facts,
    now: Micros,
) -> QueryResult<()> {
    let changes = Changes {
        state: Some(State::Ended.as_str()),
        ending_at: Some(None),
        ended_at: Some(Some(now)),
        ended_why: Some(Some(why)),
        not_before: Some(not_before),
        ..Changes::of_facts(facts)
    };
    store::change(c, row, &changes)
}

/// Says yes to what is offered, or after a no to what the facts still offer.
///
/// # Errors
/// [`Refusal::NotInvited`], [`Refusal::NotMet`] or [`Refusal::Already`].
pub fn accept(
    c: &mut Conn,
    viewer: &Viewer,
    tag: i64,
    terms: &Terms,
    now: Micros,
) -> Result<(), Failure<Refusal>> {
    let Some(row) = store::of_member_and_tag(c, viewer.id, tag)? else {
        return Err(Refusal::NotInvited.into());
    };
    if row.state().in_force() {
        return Err(Refusal::Already.into());
    }
    let figures = figures::in_force(c)?.figures;
    let facts = of_member_in(c, viewer.id, tag, now)?;
    if !may_accept(&row.course(), facts.met(&figures)) {
        if row.course().dismissed {
            return Err(Refusal::NotInvited.into());
        }
        let (needed, least) = (figures.guru_answers, least_share(&figures));
        return Err(Refusal::NotMet { answers: facts.answers, needed, share: facts.share(), least }.into());
    }
    // After a no, or a standing that was given, it is the facts that count.
    let source = if row.state() == State::Invited { row.source.as_str() } else { "earned" };
    opted_in(c, &row, source, facts, terms, now)?;
    write_down(c, Some(viewer.id), "guru-opted-in", &row, None, now)?;
    events::append(c, &About::now(now, Some(viewer.id)), &GuruOptedIn::of(&row))?;
    Ok(())
}

pub(super) fn opted_in(
    c: &mut Conn,
    row: &Standing,
    source: &str,
    facts: Facts,
    terms: &Terms,
    now: Micros,
) -> QueryResult<()> {
    let languages = languages_of(terms)?;
    let changes = Changes {
        source: Some(source),
        state: Some(State::Active.as_str()),
        since: Some(Some(now)),
        ending_at: Some(None),
        ended_at: Some(None),
        ended_why: Some(None),
        not_before: Some(None),
        days: Some(terms.hours.days),
        hours_from: Some(terms.hours.span.map(|(from, _)| from)),
        hours_until: Some(terms.hours.span.map(|(_, until)| until)),
        languages: Some(&languages),
        daily_alerts: Some(terms.daily_alerts),
        ..Changes::of_facts(facts)
    };
    store::change(c, row, &changes)
}

/// Says anew when and how one can be asked.
///
/// # Errors
/// [`Refusal::NotGuru`].
pub fn set_terms(c: &mut Conn, viewer: &Viewer, tag: i64, terms: &Terms) -> Result<(), Failure<Refusal>> {
    let row = in_force(c, viewer.id, tag)?;
    let languages = languages_of(terms)?;
    let changes = Changes {
        days: Some(terms.hours.days),
        hours_from: Some(terms.hours.span.map(|(from, _)| from)),
        hours_until: Some(terms.hours.span.map(|(_, until)| until)),
        languages: Some(&languages),
        daily_alerts: Some(terms.daily_alerts),
        ..Changes::default()
    };
    Ok(store::change(c, &row, &changes)?)
}

fn languages_of(terms: &Terms) -> QueryResult<String> {
    serde_json::to_string(&terms.languages)
        .map_err(|error| diesel::result::Error::SerializationError(error.into()))
}

/// Is not asked for a while; the standing stays. Asked again, it changes nothing.
///
/// # Errors
/// [`Refusal::NotGuru`].
pub fn pause(c: &mut Conn, viewer: &Viewer, tag: i64, now: Micros) -> Result<(), Failure<Refusal>> {
    let row = in_force(c, viewer.id, tag)?;
    if row.state() == State::Active {
        store::change(c, &row, &Changes { state: Some(State::Paused.as_str()), ..Changes::default() })?;
        write_down(c, Some(viewer.id), "guru-paused", &row, None, now)?;
        events::append(c, &About::now(now, Some(viewer.id)), &GuruPaused::of(&row))?;
    }
    Ok(())
}

/// Can be asked again.
///
/// # Errors
/// [`Refusal::NotGuru`].
pub fn resume(c: &mut Conn, viewer: &Viewer, tag: i64, now: Micros) -> Result<(), Failure<Refusal>> {
    let row = in_force(c, viewer.id, tag)?;
    if row.state() == State::Paused {
        store::change(c, &row, &Changes { state: Some(State::Active.as_str()), ..Changes::default() })?;
        write_down(c, Some(viewer.id), "guru-resumed", &row, None, now)?;
        events::append(c, &About::now(now, Some(viewer.id)), &GuruResumed::of(&row))?;
    }
    Ok(())
}

/// Gives a standing up. It is not offered again for half a year; saying yes again is possible while the facts are met.
///
/// # Errors
/// [`Refusal::NotGuru`].
pub fn step_down(c: &mut Conn, viewer: &Viewer, tag: i64, now: Micros) -> Result<(), Failure<Refusal>> {
    let row = in_force(c, viewer.id, tag)?;
    ended(c, &row, "stepped-down", Some(now + ASK_AGAIN), row.facts(), now)?;
    write_down(c, Some(viewer.id), "guru-stepped-down", &row, None, now)?;
    events::append(c, &About::now(now, Some(viewer.id)), &GuruSteppedDown::of(&row))?;
    Ok(())
}

/// Says no to what is offered. It is not offered again for half a year.
///
/// # Errors
/// [`Refusal::NotInvited`].
pub fn decline_standing(
    c: &mut Conn,
    viewer: &Viewer,
    tag: i64,
    now: Micros,
) -> Result<(), Failure<Refusal>> {
    let row = store::of_member_and_tag(c, viewer.id, tag)?.filter(|row| row.state() == State::Invited);
    let Some(row) = row else { return Err(Refusal::NotInvited.into()) };
    let changes = Changes {
        state: Some(State::Declined.as_str()),
        not_before: Some(Some(now + ASK_AGAIN)),
        ..Changes::default()
    };
    store::change(c, &row, &changes)?;
    write_down(c, Some(viewer.id), "guru-declined", &row, None, now)?;
    events::append(c, &About::now(now, Some(viewer.id)), &GuruDeclined::of(&row))?;
    Ok(())
}

fn in_force(c: &mut Conn, member: i64, tag: i64) -> Result<Standing, Failure<Refusal>> {
    let row = store::of_member_and_tag(c, member, tag)?.filter(|row| row.state().in_force());
    Ok(row.ok_or(Refusal::NotGuru)?)
}

pub(super) fn write_down(
    c: &mut Conn,
    actor: Option<i64>,
    act: &str,
    row: &Standing,
    reason: Option<&str>,
    now: Micros,
) -> QueryResult<()> {
    let tag: String = tags::table.find(row.tag_id).select(tags::name).first(c)?;
    let detail = serde_json::json!({ "tag_id": row.tag_id, "tag": tag, "standing_id": row.id });
    audit::record(c, actor, act, "member", Some(row.member_id), reason, &detail, now)
}
