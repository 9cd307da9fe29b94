//! Votes between two people that look arranged: found for moderators, decided by nobody but them.
//!
//! A burst: many votes of one direction by one person on another within an hour. A circle: many votes up in both directions
//! within thirty days. Organisation: votes up between members of one organisation, or of one company's e-mail domain, within
//! thirty days. How many are many are figures of reputation. What was decided once is not found again: only votes cast since
//! count. What is found is kept by [`super::evidence`].

use diesel::prelude::*;
use serde::Deserialize;

use super::evidence::{Evidence, Kind, Of, decided_until, put};
use crate::accounts::colleagues::share_a_company;
use crate::clock::{DAY, HOUR, Micros};
use crate::db::schema::{members, posts, votes};
use crate::db::{Conn, Effect};
use crate::events::{Fact, Follower, Recorded, Takes};
use crate::reputation::Credit;
use crate::reputation::figures::{self, Figures};

/// How far back votes between two people are looked at.
const SPAN: Micros = 30 * DAY;
/// Votes between two people that are looked at, the newest: more than anybody casts between two looks.
const LOOKED_AT: i64 = 500;

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
            found.extend(look(c, voter, author, &figures, now)?);
        }
        Ok(Box::new(move |c| found.iter().try_for_each(|(of, votes)| put(c, *of, votes, now))))
    }
}

/// What looks arranged in the votes of `voter` on `author`.
fn look(
    c: &mut Conn,
    voter: i64,
    author: i64,
    figures: &Figures,
    now: Micros,
) -> QueryResult<Vec<(Of, Vec<Evidence>)>> {
    let cast = votes_between(c, voter, author, now)?;
    let mut found = Vec::new();
    let of = (Kind::Burst, voter, author);
    let burst = bursts(&since_decided(c, of, &cast)?, figures.burst_votes);
    if !burst.is_empty() {
        found.push((of, burst));
    }
    let ups = |cast: &[Evidence]| cast.iter().copied().filter(|vote| vote.1 > 0).collect::<Vec<_>>();
    let (of, opposite) = ((Kind::Circle, voter, author), (Kind::Circle, author, voter));
    let there = ups(&since_decided(c, of, &cast)?);
    if there.len() as i64 >= figures.circle_votes {
        let back = ups(&votes_between(c, author, voter, now)?);
        if back.len() as i64 >= figures.circle_votes {
            // Each half is decided by itself, and neither can be annulled without having been found.
            found.push((of, there));
            found.push((opposite, since_decided(c, opposite, &back)?));
        }
    }
    let of = (Kind::Organisation, voter, author);
    let among = ups(&since_decided(c, of, &cast)?);
    if among.len() as i64 >= figures.burst_votes && are_colleagues(c, voter, author)? {
        found.push((of, among));
    }
    Ok(found)
}

/// All votes that `many` votes of their direction lie within one hour of, themselves among them; not the newest alone, since
/// votes may have been cast faster than they are looked at.
fn bursts(cast: &[Evidence], many: i64) -> Vec<Evidence> {
    let mut found = Vec::new();
    for value in [1, -1] {
        let mut votes: Vec<Evidence> = cast.iter().copied().filter(|vote| vote.1 == value).collect();
        votes.sort_by_key(|vote| vote.2);
        let (mut first, mut taken) = (0, 0);
        for (last, vote) in votes.iter().enumerate() {
            while votes[first].2 <= vote.2 - HOUR {
                first += 1;
            }
            if (last + 1 - first) as i64 >= many {
                found.extend(&votes[first.max(taken)..=last]);
                taken = last + 1;
            }
        }
    }
    found
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
        .limit(LOOKED_AT)
        .select((votes::post_id, votes::value, votes::cast_at))
        .load(c)
}

/// Those cast since a moderator last decided about such votes.
fn since_decided(c: &mut Conn, of: Of, cast: &[Evidence]) -> QueryResult<Vec<Evidence>> {
    let after = decided_until(c, of)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_of_one_hour_and_one_direction() {
        let hour = 10 * HOUR;
        let cast = [(1, 1, hour), (2, 1, hour - 1), (3, -1, hour - 2), (4, 1, 9 * HOUR - 1)];
        assert_eq!(bursts(&cast, 2), [cast[1], cast[0]]);
        assert_eq!(bursts(&cast, 3), []);
        assert_eq!(bursts(&[], 1), []);
    }

    #[test]
    fn a_later_vote_the_other_way_hides_no_burst_and_neither_does_a_later_burst() {
        let cast = [(1, 1, DAY), (2, 1, DAY + 1), (3, 1, 2 * DAY), (4, 1, 2 * DAY + 1), (5, -1, 2 * DAY + 2)];
        assert_eq!(bursts(&cast, 2), cast[..4]);
    }

    #[test]
    fn votes_of_overlapping_hours_are_one_burst_and_each_is_told_once() {
        let cast = [(1, 1, 0), (2, 1, HOUR / 2), (3, 1, HOUR), (4, 1, 3 * HOUR / 2)];
        assert_eq!(bursts(&cast, 2), cast);
    }
}
