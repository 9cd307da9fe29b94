//! What a moderator decides about votes that looked arranged: annul them, leave them, undo that.
//!
//! Promises: an annulled vote counts neither in a score nor in points, and undoing restores exactly that; nobody decides
//! about votes of their own or on themselves; each decision is audited with who and why.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use diesel::prelude::*;
use serde::Serialize;

use super::patterns::Evidence;
use crate::accounts::audit;
use crate::clock::Micros;
use crate::db::schema::{vote_patterns, votes};
use crate::db::{Conn, Failure};
use crate::events::{self, About, Fact};
use crate::posts::{self, Found, Kind, Post, Refusal};
use crate::questions::Thread;
use crate::reputation;
use crate::web::{FieldProblem, Viewer};

/// Posts looked up at once.
pub(super) const AT_ONCE: usize = 500;
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

    /// The state it needs, and the one it makes.
    fn states(self) -> (&'static str, &'static str) {
        match self {
            Decision::Annul => ("waiting", "annulled"),
            Decision::Dismiss => ("waiting", "dismissed"),
            Decision::Undo => ("annulled", "dismissed"),
        }
    }
}

/// A pattern as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = vote_patterns)]
pub struct Pattern {
    /// The row.
    pub id: i64,
    /// `burst`, `circle` or `organisation`.
    pub kind: String,
    /// Who voted.
    pub voter_id: i64,
    /// Whose posts.
    pub author_id: i64,
    votes: String,
    /// `waiting`, `annulled` or `dismissed`.
    pub state: String,
    /// When it was seen.
    pub found_at: Micros,
    /// When somebody decided.
    pub decided_at: Option<Micros>,
    /// Who.
    pub decided_by: Option<i64>,
    /// Why.
    pub reason: Option<String>,
}

impl Pattern {
    /// The votes.
    pub fn evidence(&self) -> Vec<Evidence> {
        serde_json::from_str(&self.votes).unwrap_or_default()
    }
}

/// Decides about a pattern.
///
/// # Errors
/// [`Refusal::NotFound`] for who does not moderate all of its posts' spaces, [`Refusal::OwnPost`] for whose votes or posts
/// they are, [`Refusal::Already`] when it is decided otherwise, the field `reason`.
pub fn decide(
    c: &mut Conn,
    viewer: &Viewer,
    id: i64,
    decision: Decision,
    reason: &str,
    now: Micros,
) -> Result<(), Failure<Refusal>> {
    let reason = reason.trim();
    let length = reason.chars().count();
    if decision != Decision::Dismiss && !REASON.contains(&length) {
        let kind = if length == 0 { "missing" } else { "too-long" };
        let problem = FieldProblem::new("reason", kind).with("max", REASON.end()).with("found", length);
        return Err(Refusal::Fields(vec![problem]).into());
    }
    let pattern = find(c, viewer, id)?.ok_or(Refusal::NotFound)?;
    if [pattern.voter_id, pattern.author_id].contains(&viewer.id) {
        return Err(Refusal::OwnPost.into());
    }
    let (needs, makes) = decision.states();
    if pattern.state != needs {
        return Err(Refusal::Already.into());
    }
    match decision {
        Decision::Annul => annul(c, viewer, &pattern, now)?,
        Decision::Undo => undo(c, viewer, &pattern, now)?,
        Decision::Dismiss => {}
    }
    diesel::update(vote_patterns::table.find(id))
        .set((
            vote_patterns::state.eq(makes),
            vote_patterns::decided_at.eq(now),
            vote_patterns::decided_by.eq(viewer.id),
            vote_patterns::reason.eq(Some(reason).filter(|reason| !reason.is_empty())),
        ))
        .execute(c)?;
    let detail = serde_json::json!({ "pattern": id, "voter": pattern.voter_id, "author": pattern.author_id });
    let subject = Some(pattern.voter_id);
    audit::record(c, Some(viewer.id), decision.audited(), "member", subject, Some(reason), &detail, now)?;
    Ok(())
}

/// Why votes were annulled, or are annulled no longer: what the person is told.
pub fn reason(c: &mut Conn, id: i64) -> QueryResult<Option<String>> {
    let reason: Option<Option<String>> =
        vote_patterns::table.find(id).select(vote_patterns::reason).first(c).optional()?;
    Ok(reason.flatten())
}

/// A pattern whose posts the viewer may all see and moderates.
pub fn find(c: &mut Conn, viewer: &Viewer, id: i64) -> QueryResult<Option<Pattern>> {
    let pattern: Option<Pattern> =
        vote_patterns::table.find(id).select(Pattern::as_select()).first(c).optional()?;
    Ok(moderated(c, viewer, pattern.into_iter().collect())?.0.pop())
}

/// Patterns in a state whose posts the viewer may all see and moderates, newest first, of the newest `most`; and the posts
/// that were voted on. A fixed number of statements, and some for each space among them.
pub fn list(
    c: &mut Conn,
    viewer: &Viewer,
    state: &str,
    most: i64,
) -> QueryResult<(Vec<Pattern>, HashMap<i64, Post>)> {
    let all: Vec<Pattern> = vote_patterns::table
        .filter(vote_patterns::state.eq(state))
        .order(vote_patterns::id.desc())
        .limit(most)
        .select(Pattern::as_select())
        .load(c)?;
    moderated(c, viewer, all)
}

fn moderated(
    c: &mut Conn,
    viewer: &Viewer,
    mut patterns: Vec<Pattern>,
) -> QueryResult<(Vec<Pattern>, HashMap<i64, Post>)> {
    let mut ids: Vec<i64> = patterns.iter().flat_map(Pattern::evidence).map(|vote| vote.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut visible: HashMap<i64, Post> = HashMap::new();
    for ids in ids.chunks(AT_ONCE) {
        visible.extend(posts::visible(c, viewer, ids)?.into_iter().map(|post| (post.id, post)));
    }
    let mut moderates: HashMap<i64, bool> = HashMap::new();
    for post in visible.values() {
        if let Entry::Vacant(new) = moderates.entry(post.space_id) {
            new.insert(posts::standing_in(c, viewer, post.space_id)?.moderates);
        }
    }
    let theirs = |id: &i64| visible.get(id).is_some_and(|post| moderates.get(&post.space_id) == Some(&true));
    patterns.retain(|pattern| pattern.evidence().iter().all(|(post, ..)| theirs(post)));
    Ok((patterns, visible))
}

/// Votes that were changed since they were seen are left alone.
fn annul(c: &mut Conn, viewer: &Viewer, pattern: &Pattern, now: Micros) -> Result<(), Failure<Refusal>> {
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
    Ok(())
}

fn undo(c: &mut Conn, viewer: &Viewer, pattern: &Pattern, now: Micros) -> Result<(), Failure<Refusal>> {
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
    Ok(())
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
