//! What a moderator decides about votes that looked arranged: annul them, leave them, undo that.
//!
//! Promises: an annulled vote counts neither in a score nor in points, and undoing restores exactly that; nobody decides
//! about votes of their own or on themselves, or about votes they have not seen; each decision is audited with who and why.

use diesel::prelude::*;
use serde::Serialize;

use super::evidence::{Pattern, find};
use crate::accounts::audit;
use crate::clock::Micros;
use crate::db::schema::{vote_patterns, votes};
use crate::db::{Conn, Failure, Refusal as Refuses};
use crate::events::{self, About, Fact};
use crate::posts::{self, Found, Kind, Refusal};
use crate::questions::Thread;
use crate::reputation;
use crate::web::{FieldProblem, Problem, Viewer};

/// Characters of a reason.
const REASON: std::ops::RangeInclusive<usize> = 1..=500;

/// Votes were annulled: one event for each thread.
#[derive(Serialize)]
struct VotesAnnulled<'a> {
    pattern_id: i64,
    /// Post and voter.
    votes: &'a [(i64, i64)],
}

impl Fact for VotesAnnulled<'_> {
    const KIND: &'static str = "VotesAnnulled";
}

/// They are annulled no longer.
#[derive(Serialize)]
struct AnnulmentUndone<'a> {
    pattern_id: i64,
    /// Post and voter.
    votes: &'a [(i64, i64)],
}

impl Fact for AnnulmentUndone<'_> {
    const KIND: &'static str = "AnnulmentUndone";
}

/// What a moderator decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The votes count no longer.
    Annul,
    /// They stay.
    Dismiss,
    /// Annulled ones count again.
    Undo,
}

impl Decision {
    /// Reads a decision's name.
    pub fn parse(name: &str) -> Option<Decision> {
        match name {
            "annul" => Some(Decision::Annul),
            "dismiss" => Some(Decision::Dismiss),
            "undo" => Some(Decision::Undo),
            _ => None,
        }
    }

    fn audited(self) -> &'static str {
        match self {
            Decision::Annul => "votes-annulled",
            Decision::Dismiss => "vote-pattern-dismissed",
            Decision::Undo => "annulment-undone",
        }
    }

    /// The state it makes.
    fn state(self) -> &'static str {
        match self {
            Decision::Annul => "annulled",
            Decision::Dismiss | Decision::Undo => "dismissed",
        }
    }
}

/// A decision as it is sent.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// What.
    pub decision: Decision,
    /// Why, in words.
    pub reason: &'a str,
    /// Which votes the decider saw: [`Pattern::seen`] of then.
    pub seen: &'a str,
}

/// Why a decision is refused.
#[derive(Clone, Debug, PartialEq)]
pub enum Refused {
    /// They are votes of the decider's, or on the decider.
    Concerned,
    /// Votes were found that the decider has not seen.
    MoreFound,
    /// Somebody decided before that they count no longer.
    Annulled,
    /// Somebody decided before that they count.
    Left,
    /// What holds of posts, and of fields.
    Other(Refusal),
}

impl Refuses for Refused {}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Problem {
        match refused {
            Refused::Concerned => Problem::forbidden("votes-concern-you"),
            Refused::MoreFound => Problem::conflict("votes-more-found"),
            Refused::Annulled => Problem::conflict("votes-annulled-before"),
            Refused::Left => Problem::conflict("votes-left-before"),
            Refused::Other(refusal) => refusal.into(),
        }
    }
}

/// Decides about a pattern; answers how many votes that annulled or brought back. Where all votes were changed or taken back
/// since they were found, none is annulled, and the pattern is left.
///
/// # Errors
/// [`Refusal::NotFound`] for who does not moderate all of its posts' spaces, [`Refused::Concerned`] for whose votes or posts
/// they are, [`Refused::Annulled`] and [`Refused::Left`] when it is decided already, [`Refused::MoreFound`], the field
/// `reason`.
pub fn decide(
    c: &mut Conn,
    viewer: &Viewer,
    id: i64,
    said: Said<'_>,
    now: Micros,
) -> Result<usize, Failure<Refused>> {
    let Said { decision, seen, .. } = said;
    let reason = said.reason.trim();
    let length = reason.chars().count();
    if decision != Decision::Dismiss && !REASON.contains(&length) {
        let kind = if length == 0 { "missing" } else { "too-long" };
        let problem = FieldProblem::new("reason", kind).with("max", REASON.end()).with("found", length);
        return Err(Refused::Other(Refusal::Fields(vec![problem])).into());
    }
    let pattern = find(c, viewer, id)?.ok_or(Refused::Other(Refusal::NotFound))?;
    if pattern.concerns(viewer) {
        return Err(Refused::Concerned.into());
    }
    match (pattern.state.as_str(), decision) {
        ("waiting", Decision::Annul | Decision::Dismiss) | ("annulled", Decision::Undo) => {}
        ("waiting", Decision::Undo) => return Err(Refused::Other(Refusal::Already).into()),
        ("annulled", _) => return Err(Refused::Annulled.into()),
        _ => return Err(Refused::Left.into()),
    }
    // What was decided grows no more.
    if decision != Decision::Undo && seen != pattern.seen() {
        return Err(Refused::MoreFound.into());
    }
    let changed = match decision {
        Decision::Annul => annul(c, viewer, &pattern, now),
        Decision::Undo => undo(c, viewer, &pattern, now),
        Decision::Dismiss => Ok(0),
    };
    let changed = changed.map_err(|failure| failure.map(Refused::Other))?;
    let made = if decision == Decision::Annul && changed == 0 { Decision::Dismiss } else { decision };
    diesel::update(vote_patterns::table.find(id))
        .set((
            vote_patterns::state.eq(made.state()),
            vote_patterns::decided_at.eq(now),
            vote_patterns::decided_by.eq(viewer.id),
            vote_patterns::reason.eq(Some(reason).filter(|reason| !reason.is_empty())),
        ))
        .execute(c)?;
    let detail = serde_json::json!({ "pattern": id, "voter": pattern.voter_id, "author": pattern.author_id });
    let subject = Some(pattern.voter_id);
    audit::record(c, Some(viewer.id), made.audited(), "member", subject, Some(reason), &detail, now)?;
    Ok(changed)
}

/// Why votes were annulled, or are annulled no longer: what the person is told.
pub fn reason(c: &mut Conn, id: i64) -> QueryResult<Option<String>> {
    let reason: Option<Option<String>> =
        vote_patterns::table.find(id).select(vote_patterns::reason).first(c).optional()?;
    Ok(reason.flatten())
}

/// Votes that were changed since they were seen are left alone; answers how many were not.
fn annul(c: &mut Conn, viewer: &Viewer, pattern: &Pattern, now: Micros) -> Result<usize, Failure<Refusal>> {
    let mut annulled = Vec::new();
    for (post, value, cast_at) in pattern.evidence() {
        let changed = diesel::update(votes::table.find((post, pattern.voter_id)))
            .filter(votes::value.eq(value))
            .filter(votes::cast_at.eq(cast_at))
            .filter(votes::annulled_by.is_null())
            .set(votes::annulled_by.eq(pattern.id))
            .execute(c)?;
        if changed > 0 {
            annulled.push((post, value));
        }
    }
    for (about, votes) in recount(c, viewer, pattern, &annulled, -1, now)? {
        reputation::annulled(c, &votes, now)?;
        events::append(c, &about, &VotesAnnulled { pattern_id: pattern.id, votes: &votes })?;
    }
    Ok(annulled.len())
}

fn undo(c: &mut Conn, viewer: &Viewer, pattern: &Pattern, now: Micros) -> Result<usize, Failure<Refusal>> {
    let annulled: Vec<(i64, i64)> = votes::table
        .filter(votes::annulled_by.eq(pattern.id))
        .order(votes::post_id)
        .select((votes::post_id, votes::value))
        .load(c)?;
    diesel::update(votes::table.filter(votes::annulled_by.eq(pattern.id)))
        .set(votes::annulled_by.eq(None::<i64>))
        .execute(c)?;
    for (about, votes) in recount(c, viewer, pattern, &annulled, 1, now)? {
        reputation::reinstated(c, &votes, now)?;
        events::append(c, &about, &AnnulmentUndone { pattern_id: pattern.id, votes: &votes })?;
    }
    Ok(annulled.len())
}

type InThread = (About, Vec<(i64, i64)>);

/// Moves the scores by votes (post, value) that come (`sign` 1) or go (−1); answers the votes by thread.
fn recount(
    c: &mut Conn,
    viewer: &Viewer,
    pattern: &Pattern,
    votes: &[(i64, i64)],
    sign: i64,
    now: Micros,
) -> Result<Vec<InThread>, Failure<Refusal>> {
    let mut threads: Vec<(Thread, InThread)> = Vec::new();
    for (post, value) in votes {
        let Found { post, .. } = posts::find(c, viewer, *post)?.ok_or(Refusal::NotFound)?;
        let up = post.up + if *value > 0 { sign } else { 0 };
        let down = post.down + if *value < 0 { sign } else { 0 };
        posts::set_tally(c, post.id, up, down)?;
        let place = match threads.iter().position(|(thread, _)| thread.post_id == post.thread()) {
            Some(place) => place,
            None => {
                let thread = Thread::load(c, post.thread())?;
                let about = About::now(now, Some(viewer.id)).in_thread(thread.post_id, thread.space_id);
                threads.push((thread, (about, Vec::new())));
                threads.len() - 1
            }
        };
        let (thread, (_, those)) = &mut threads[place];
        if post.kind() == Kind::Question {
            thread.score = up - down;
        }
        those.push((post.id, pattern.voter_id));
    }
    threads
        .into_iter()
        .map(|(mut thread, those)| {
            thread.save(c)?;
            Ok(those)
        })
        .collect()
}
