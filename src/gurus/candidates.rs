//! Who could answer a question, in which order, and why: a reader for whoever asks them, such as waves of alerts.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::claims::claims_of_many;
use super::experts;
use super::ranking::{Able, MIXED, mixed};
use super::store::Standing;
use crate::accounts::reached::{Reached, reached};
use crate::clock::{DAY, Micros};
use crate::db::schema::{
    guru_alerts, guru_declines, guru_standings as rows, post_readers, posts, question_tags, questions, tags,
};
use crate::db::{Conn, among, fixed, on};
use crate::spaces::enterers;
use crate::web::{Role, Viewer};

/// Gurus of a question's tags that are looked at.
const GURUS: i64 = 300;
/// Of the others, those who solved most.
const SOLVERS: i64 = 60;
/// Alerts a day for somebody who is no guru: they have not said that they can be asked.
const UNASKED: i64 = 0;

/// Somebody who could answer a question, with the facts by which they have their place.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The member.
    pub member_id: i64,
    /// Their shown name.
    pub name: String,
    /// Of its tags, those where they are a guru.
    pub guru_in: Vec<String>,
    /// Of the asker's own organisation.
    pub same_organisation: bool,
    /// What decided.
    pub by: Able,
    /// How fit they are; see [`Able::fitness`].
    pub fitness: f64,
    /// Came forward so that the first are not all of the asker's own organisation.
    pub moved_up: bool,
}

impl Candidate {
    /// Why they have their place, as keys of words.
    #[must_use]
    pub fn reasons(&self) -> Vec<&'static str> {
        let by = &self.by;
        let all = [
            (by.guru, "guru"),
            (by.solved > 0, "solved"),
            (by.claims > 0, "busy"),
            (!by.guru, "not-opted-in"),
            (by.guru && by.alerts >= by.daily_alerts, "enough-alerts"),
            (!by.in_hours, "off-hours"),
            (!by.speaks, "language"),
            (self.moved_up, "mixed"),
        ];
        all.into_iter().filter(|(holds, _)| *holds).map(|(_, key)| key).collect()
    }
}

#[derive(Queryable)]
struct Question {
    space: i64,
    asker: Option<i64>,
    language: Option<String>,
    visibility: String,
}

/// Who could answer a question at `now`, the fittest first, at most `most`: gurus of its tags and those who solved most in
/// them; never the asker, nor who declined it, nor who may not open it. Nothing for a question that is not there. Only who
/// is [`Able::free`] is to be asked now.
pub fn candidates(c: &mut Conn, question_id: i64, most: usize, now: Micros) -> QueryResult<Vec<Candidate>> {
    let Some(question) = question(c, question_id)? else { return Ok(Vec::new()) };
    let gurus = gurus(c, question_id)?;
    let solved: HashMap<i64, i64> =
        experts::solvers(c, question_id, SOLVERS + GURUS, now)?.into_iter().collect();
    let mut standings: HashMap<i64, Vec<(Standing, String)>> = HashMap::new();
    for (standing, tag) in gurus {
        standings.entry(standing.member_id).or_default().push((standing, tag));
    }
    let mut others: Vec<(i64, i64)> = solved
        .iter()
        .map(|(member, n)| (*member, *n))
        .filter(|(member, _)| !standings.contains_key(member))
        .collect();
    others.sort_by_key(|(member, n)| (-n, *member));
    others.truncate(SOLVERS as usize);
    let mut ids: Vec<i64> =
        standings.keys().copied().chain(others.iter().map(|(member, _)| *member)).collect();
    let declined: Vec<i64> = guru_declines::table
        .filter(guru_declines::question_id.eq(question_id))
        .select(guru_declines::member_id)
        .load(c)?;
    ids.retain(|id| question.asker != Some(*id) && !declined.contains(id));
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    ids.sort_unstable();
    let people = reached(c, &ids, now)?;
    let people = who_may(c, &question, question_id, people, now)?;
    let ids: Vec<i64> = people.iter().map(|person| person.viewer.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let points = experts::points_beside(c, &ids, question_id, now)?;
    let claims: HashMap<i64, i64> = claims_of_many(c, &ids, now)?.into_iter().collect();
    let alerts = alerts_today(c, &ids, now)?;
    let organisation = organisation(c, question.asker, now)?;
    let mut found: Vec<Candidate> = people
        .into_iter()
        .map(|person| {
            let id = person.viewer.id;
            let own: &[(Standing, String)] = standings.get(&id).map_or(&[], Vec::as_slice);
            let asked = |(standing, _): &&(Standing, String)| standing.state == "active";
            let by = Able {
                guru: own.iter().any(|standing| asked(&standing)),
                solved: solved.get(&id).copied().unwrap_or(0),
                points: points.get(&id).copied().unwrap_or(0),
                claims: claims.get(&id).copied().unwrap_or(0),
                alerts: alerts.get(&id).copied().unwrap_or(0),
                daily_alerts: own
                    .iter()
                    .filter(asked)
                    .map(|(one, _)| one.daily_alerts)
                    .max()
                    .unwrap_or(UNASKED),
                in_hours: own.is_empty()
                    || own.iter().filter(asked).any(|(one, _)| one.hours().cover(now, &person.time_zone)),
                speaks: own.is_empty()
                    || own.iter().filter(asked).any(|(one, _)| one.speaks(question.language.as_deref())),
            };
            Candidate {
                member_id: id,
                guru_in: own.iter().filter(asked).map(|(_, tag)| tag.clone()).collect(),
                same_organisation: organisation.is_some() && person.viewer.organisation_id == organisation,
                fitness: by.fitness(),
                by,
                name: person.viewer.name,
                moved_up: false,
            }
        })
        .collect();
    found.sort_by(|a, b| b.fitness.total_cmp(&a.fitness).then(a.member_id.cmp(&b.member_id)));
    let own: Vec<bool> = found.iter().map(|candidate| candidate.same_organisation).collect();
    if let Some(at) = mixed(&own) {
        let other = found.remove(at);
        found.insert(MIXED - 1, Candidate { moved_up: true, ..other });
    }
    found.truncate(most);
    Ok(found)
}

/// Writes down that a member was alerted of a question: it counts against their cap of the day. Once for each.
pub fn alerted(c: &mut Conn, member: i64, question: i64, now: Micros) -> QueryResult<()> {
    let row = (
        guru_alerts::member_id.eq(member),
        guru_alerts::question_id.eq(question),
        guru_alerts::alerted_at.eq(now),
    );
    on!(c, |c| diesel::insert_into(guru_alerts::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

fn question(c: &mut Conn, id: i64) -> QueryResult<Option<Question>> {
    questions::table
        .inner_join(posts::table.on(posts::id.eq(questions::post_id)))
        .filter(questions::post_id.eq(id))
        .filter(posts::deleted_at.is_null())
        .select((questions::space_id, questions::author_id, posts::language, posts::visibility))
        .first(c)
        .optional()
}

/// Standings in force in its tags.
fn gurus(c: &mut Conn, question: i64) -> QueryResult<Vec<(Standing, String)>> {
    question_tags::table
        .inner_join(rows::table.on(rows::tag_id.eq(question_tags::tag_id)))
        .inner_join(tags::table.on(tags::id.eq(question_tags::tag_id)))
        .filter(question_tags::question_id.eq(question))
        .filter(fixed("guru_standings.state IN ('active', 'paused')"))
        .order((rows::member_id, rows::id))
        .limit(GURUS)
        .select((Standing::as_select(), tags::name))
        .load(c)
}

/// Those who may open it: who enter its space, and, where it is private, staff and who is named. What is hidden is for
/// nobody to answer.
fn who_may(
    c: &mut Conn,
    question: &Question,
    id: i64,
    people: Vec<Reached>,
    now: Micros,
) -> QueryResult<Vec<Reached>> {
    if question.visibility == "hidden" {
        return Ok(Vec::new());
    }
    let viewers: Vec<&Viewer> = people.iter().map(|person| &person.viewer).collect();
    let enter = enterers(c, &viewers, &[question.space], now)?;
    let named: Option<HashSet<i64>> = match question.visibility.as_str() {
        "private" => {
            let named: Vec<i64> = post_readers::table
                .filter(post_readers::post_id.eq(id))
                .select(post_readers::member_id)
                .load(c)?;
            Some(named.into_iter().collect())
        }
        _ => None,
    };
    let may = |person: &Reached| {
        let viewer = &person.viewer;
        let reads =
            named.as_ref().is_none_or(|named| viewer.role >= Role::Staff || named.contains(&viewer.id));
        reads && enter.contains(&(viewer.id, question.space))
    };
    Ok(people.into_iter().filter(may).collect())
}

/// Alerts since midnight in UTC, of those who had any.
fn alerts_today(c: &mut Conn, ids: &[i64], now: Micros) -> QueryResult<HashMap<i64, i64>> {
    let midnight = now.div_euclid(DAY) * DAY;
    let members: Vec<i64> = guru_alerts::table
        .filter(among(guru_alerts::member_id, ids))
        .filter(guru_alerts::alerted_at.ge(midnight))
        .select(guru_alerts::member_id)
        .load(c)?;
    let mut counted: HashMap<i64, i64> = HashMap::new();
    for member in members {
        *counted.entry(member).or_default() += 1;
    }
    Ok(counted)
}

fn organisation(c: &mut Conn, asker: Option<i64>, now: Micros) -> QueryResult<Option<i64>> {
    let Some(asker) = asker else { return Ok(None) };
    Ok(reached(c, &[asker], now)?.first().and_then(|person| person.viewer.organisation_id))
}
