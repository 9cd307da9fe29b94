//! Votes between two people that look arranged: shown to moderators as evidence, decided by nobody but them.
//!
//! A burst: many votes by one person on another within an hour. A circle: many votes up in both directions within thirty days.
//! Organisation: votes up between members of one organisation, or of one company's e-mail domain, within thirty days. How many
//! are many are figures of reputation. What was decided once is not shown again: only votes cast since count.

use diesel::prelude::*;
use serde::Deserialize;

use crate::accounts::colleagues::share_a_company;
use crate::clock::{DAY, HOUR, Micros};
use crate::db::schema::{members, posts, vote_patterns, votes};
use crate::db::{Conn, Effect};
use crate::events::{Fact, Follower, Recorded, Takes};
use crate::reputation::Credit;
use crate::reputation::figures::{self, Figures};

/// How far back votes between two people are looked at.
const SPAN: Micros = 30 * DAY;
/// Votes of one pattern, the newest.
pub const EVIDENCE: usize = 100;

/// What looked arranged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Many at once.
    Burst,
    /// In both directions.
    Circle,
    /// Among colleagues.
    Organisation,
}

impl Kind {
    /// As stored, and in keys of words.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Burst => "burst",
            Kind::Circle => "circle",
            Kind::Organisation => "organisation",
        }
    }
}

/// A vote as evidence: post, value, when it was cast.
pub type Evidence = (i64, i64, Micros);

/// Looks at each vote that is cast.
pub struct Patterns;

/// What of a vote's event is looked at.
#[derive(Deserialize)]
struct Cast {
    value: i64,
    credit: Option<Credit>,
}

impl Follower for Patterns {
    fn name(&self) -> &'static str {
        "vote-patterns"
    }

    fn takes(&self) -> Takes {
        Takes::LiveOnly
    }

    fn follow(&self, c: &mut Conn, events: &[Recorded], now: Micros) -> QueryResult<Effect> {
        let mut pairs: Vec<(i64, i64)> = events
            .iter()
            .filter(|event| event.kind == super::VoteCast::KIND)
            .filter_map(|event| {
                let cast: Cast = serde_json::from_str(&event.payload).ok()?;
                let author = cast.credit.filter(|_| cast.value != 0)?.author?;
                Some((event.actor_id?, author))
            })
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        let figures = if pairs.is_empty() { Figures::default() } else { figures::in_force(c)?.figures };
        let mut found = Vec::new();
        for (voter, author) in pairs {
            for (kind, votes) in look(c, voter, author, &figures, now)? {
                found.push((kind, voter, author, votes));
            }
        }
        Ok(Box::new(move |c| {
            found
                .iter()
                .try_for_each(|(kind, voter, author, votes)| put(c, *kind, *voter, *author, votes, now))
        }))
    }
}

/// What looks arranged in the votes of `voter` on `author`.
fn look(
    c: &mut Conn,
    voter: i64,
    author: i64,
    figures: &Figures,
    now: Micros,
) -> QueryResult<Vec<(Kind, Vec<Evidence>)>> {
    let cast = votes_between(c, voter, author, now)?;
    let mut found = Vec::new();
    let burst = newest_burst(&since_decided(c, Kind::Burst, voter, author, &cast)?);
    if burst.len() as i64 >= figures.burst_votes {
        found.push((Kind::Burst, burst));
    }
    let ups = |cast: &[Evidence]| cast.iter().copied().filter(|vote| vote.1 > 0).collect::<Vec<_>>();
    let there = ups(&since_decided(c, Kind::Circle, voter, author, &cast)?);
    if there.len() as i64 >= figures.circle_votes {
        let back = ups(&votes_between(c, author, voter, now)?);
        if back.len() as i64 >= figures.circle_votes {
            found.push((Kind::Circle, there));
        }
    }
    let among = ups(&since_decided(c, Kind::Organisation, voter, author, &cast)?);
    if among.len() as i64 >= figures.burst_votes && are_colleagues(c, voter, author)? {
        found.push((Kind::Organisation, among));
    }
    Ok(found)
}

/// The newest votes that lie within one hour of each other, of one direction.
fn newest_burst(cast: &[Evidence]) -> Vec<Evidence> {
    let Some((_, value, last)) = cast.iter().max_by_key(|vote| vote.2).copied() else { return Vec::new() };
    cast.iter().copied().filter(|vote| vote.1 == value && vote.2 > last - HOUR).collect()
}

/// Votes that count now, newest first.
fn votes_between(c: &mut Conn, voter: i64, author: i64, now: Micros) -> QueryResult<Vec<Evidence>> {
    votes::table
        .inner_join(posts::table.on(posts::id.eq(votes::post_id)))
        .filter(votes::member_id.eq(voter))
        .filter(votes::cast_at.gt(now - SPAN))
        .filter(votes::annulled_by.is_null())
        .filter(posts::author_id.eq(author))
        .order(votes::cast_at.desc())
        .limit(EVIDENCE as i64)
        .select((votes::post_id, votes::value, votes::cast_at))
        .load(c)
}

/// Those cast since a moderator last decided about such votes.
fn since_decided(
    c: &mut Conn,
    kind: Kind,
    voter: i64,
    author: i64,
    cast: &[Evidence],
) -> QueryResult<Vec<Evidence>> {
    let decided: Option<Micros> = vote_patterns::table
        .filter(vote_patterns::voter_id.eq(voter))
        .filter(vote_patterns::author_id.eq(author))
        .filter(vote_patterns::kind.eq(kind.as_str()))
        .filter(vote_patterns::state.ne("waiting"))
        .select(diesel::dsl::max(vote_patterns::last_at))
        .first(c)?;
    let after = decided.unwrap_or(Micros::MIN);
    Ok(cast.iter().copied().filter(|vote| vote.2 > after).collect())
}

fn are_colleagues(c: &mut Conn, one: i64, other: i64) -> QueryResult<bool> {
    let rows: Vec<(Option<i64>, Option<String>)> = members::table
        .filter(members::id.eq(one).or(members::id.eq(other)))
        .select((members::organisation_id, members::email))
        .load(c)?;
    Ok(match rows.as_slice() {
        [one, other] => {
            (one.0.is_some() && one.0 == other.0) || share_a_company(one.1.as_deref(), other.1.as_deref())
        }
        _ => false,
    })
}

/// One row waits per kind and pair; it grows while it waits.
fn put(c: &mut Conn, kind: Kind, voter: i64, author: i64, cast: &[Evidence], now: Micros) -> QueryResult<()> {
    let moments = cast.iter().map(|vote| vote.2);
    let (Some(first), Some(last)) = (moments.clone().min(), moments.max()) else { return Ok(()) };
    let evidence = serde_json::to_string(cast)
        .map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
    let changed = diesel::update(vote_patterns::table)
        .filter(vote_patterns::voter_id.eq(voter))
        .filter(vote_patterns::author_id.eq(author))
        .filter(vote_patterns::kind.eq(kind.as_str()))
        .filter(vote_patterns::state.eq("waiting"))
        .set((
            vote_patterns::votes.eq(&evidence),
            vote_patterns::first_at.eq(first),
            vote_patterns::last_at.eq(last),
        ))
        .execute(c)?;
    if changed > 0 {
        return Ok(());
    }
    diesel::insert_into(vote_patterns::table)
        .values((
            vote_patterns::kind.eq(kind.as_str()),
            vote_patterns::voter_id.eq(voter),
            vote_patterns::author_id.eq(author),
            vote_patterns::votes.eq(&evidence),
            vote_patterns::first_at.eq(first),
            vote_patterns::last_at.eq(last),
            vote_patterns::state.eq("waiting"),
            vote_patterns::found_at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_of_one_hour_and_one_direction() {
        let cast = [(1, 1, 10 * HOUR), (2, 1, 10 * HOUR - 1), (3, -1, 10 * HOUR - 2), (4, 1, 9 * HOUR)];
        assert_eq!(newest_burst(&cast), [cast[0], cast[1]]);
        assert_eq!(newest_burst(&[]), []);
    }
}
