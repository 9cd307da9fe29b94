//! Votes that looked arranged, kept until a moderator decides about them, and who may look at them.
//!
//! Promises: what was found stays found: a row only grows while it waits, and loses only votes that are there no longer; what
//! a row has no room for is in the next one. A row is for who moderates all posts in it, and never for whose votes or posts
//! they are. It finds nothing and decides nothing.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use crate::clock::Micros;
use crate::db::schema::{vote_patterns, votes};
use crate::db::{Conn, among};
use crate::posts::{self, Post};
use crate::web::Viewer;
use crate::web::secret::digest;

/// Votes in a row: as many as somebody can look through before deciding about all of them.
const ROOM: usize = 200;
/// Posts looked up at once.
pub(super) const AT_ONCE: usize = 500;
/// Pages of rows read until one of the viewer's is full.
const READ: usize = 10;

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

/// Votes of which kind, by whom, on whom.
pub type Of = (Kind, i64, i64);

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
    /// The votes, oldest first.
    pub fn evidence(&self) -> Vec<Evidence> {
        read(&self.votes)
    }

    /// Names exactly these votes: a page sends it back, so that nobody decides about votes they have not seen.
    pub fn seen(&self) -> String {
        digest(&self.votes)
    }

    /// Whether the votes are the viewer's, or on the viewer's posts.
    pub fn concerns(&self, viewer: &Viewer) -> bool {
        [self.voter_id, self.author_id].contains(&viewer.id)
    }
}

/// The moment up to which a moderator has decided about such votes: only later ones count.
pub fn decided_until(c: &mut Conn, (kind, voter, author): Of) -> QueryResult<Micros> {
    let decided: Option<Micros> = vote_patterns::table
        .filter(vote_patterns::voter_id.eq(voter))
        .filter(vote_patterns::author_id.eq(author))
        .filter(vote_patterns::kind.eq(kind.as_str()))
        .filter(vote_patterns::state.ne("waiting"))
        .select(diesel::dsl::max(vote_patterns::last_at))
        .first(c)?;
    Ok(decided.unwrap_or(Micros::MIN))
}

/// Adds what was found to what waits.
pub fn put(c: &mut Conn, of: Of, found: &[Evidence], now: Micros) -> QueryResult<()> {
    let (kind, voter, author) = of;
    // Found in an earlier snapshot: somebody may have decided since.
    let after = decided_until(c, of)?;
    let waiting: Vec<(i64, String)> = vote_patterns::table
        .filter(vote_patterns::voter_id.eq(voter))
        .filter(vote_patterns::author_id.eq(author))
        .filter(vote_patterns::kind.eq(kind.as_str()))
        .filter(vote_patterns::state.eq("waiting"))
        .order(vote_patterns::id)
        .select((vote_patterns::id, vote_patterns::votes))
        .load(c)?;
    let known: HashSet<Evidence> = waiting.iter().flat_map(|(_, votes)| read(votes)).collect();
    let new = found.iter().copied().filter(|vote| vote.2 > after && !known.contains(vote));
    let new = still_cast(c, voter, new.collect())?;
    if new.is_empty() {
        return Ok(());
    }
    let last = waiting.last();
    let before = last.map(|(_, votes)| read(votes)).unwrap_or_default();
    let mut all = still_cast(c, voter, before)?;
    all.extend(new);
    all.sort_by_key(|vote| (vote.2, vote.0));
    let mut row = last.map(|(id, _)| *id);
    for part in all.chunks(ROOM) {
        write(c, row.take(), of, part, now)?;
    }
    Ok(())
}

/// Votes as a row has them, oldest first.
fn read(votes: &str) -> Vec<Evidence> {
    let mut votes: Vec<Evidence> = serde_json::from_str(votes).unwrap_or_default();
    votes.sort_by_key(|vote| (vote.2, vote.0));
    votes
}

/// Those that are still there as they were, and count.
fn still_cast(c: &mut Conn, voter: i64, mut evidence: Vec<Evidence>) -> QueryResult<Vec<Evidence>> {
    let ids: Vec<i64> = evidence.iter().map(|vote| vote.0).collect();
    let mut cast: HashSet<Evidence> = HashSet::new();
    for ids in ids.chunks(AT_ONCE) {
        let rows: Vec<Evidence> = votes::table
            .filter(among(votes::post_id, ids))
            .filter(votes::member_id.eq(voter))
            .filter(votes::annulled_by.is_null())
            .select((votes::post_id, votes::value, votes::cast_at))
            .load(c)?;
        cast.extend(rows);
    }
    evidence.retain(|vote| cast.contains(vote));
    Ok(evidence)
}

/// Writes a waiting row, or a new one.
fn write(
    c: &mut Conn,
    row: Option<i64>,
    (kind, voter, author): Of,
    evidence: &[Evidence],
    now: Micros,
) -> QueryResult<()> {
    let (Some(first), Some(last)) = (evidence.first(), evidence.last()) else { return Ok(()) };
    let votes = serde_json::to_string(evidence)
        .map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
    let told = (
        vote_patterns::votes.eq(&votes),
        vote_patterns::first_at.eq(first.2),
        vote_patterns::last_at.eq(last.2),
    );
    match row {
        Some(id) => diesel::update(vote_patterns::table.find(id)).set(told).execute(c)?,
        None => diesel::insert_into(vote_patterns::table)
            .values((
                told,
                vote_patterns::kind.eq(kind.as_str()),
                vote_patterns::voter_id.eq(voter),
                vote_patterns::author_id.eq(author),
                vote_patterns::state.eq("waiting"),
                vote_patterns::found_at.eq(now),
            ))
            .execute(c)?,
    };
    Ok(())
}

/// A pattern whose posts the viewer may all see and moderates, their own votes too.
pub fn find(c: &mut Conn, viewer: &Viewer, id: i64) -> QueryResult<Option<Pattern>> {
    let pattern: Option<Pattern> =
        vote_patterns::table.find(id).select(Pattern::as_select()).first(c).optional()?;
    Ok(moderated(c, viewer, pattern.into_iter().collect())?.0.pop())
}

/// A page of patterns.
#[derive(Default)]
pub struct Listing {
    /// Newest first.
    pub patterns: Vec<Pattern>,
    /// The posts that were voted on.
    pub voted: HashMap<i64, Post>,
    /// The last row looked at, where there are more.
    pub next: Option<i64>,
}

/// Patterns in a state before the row `before`, newest first, whose posts the viewer may all see and moderates, without those
/// that concern the viewer. At least half of `most` where there are so many; a bounded number of statements.
pub fn list(c: &mut Conn, viewer: &Viewer, state: &str, before: i64, most: usize) -> QueryResult<Listing> {
    let mut page = Listing { next: Some(before), ..Listing::default() };
    // A moderator of few spaces may have to look at several pages until one is full.
    for _ in 0..READ {
        let Some(before) = page.next.filter(|_| page.patterns.len() * 2 < most) else { break };
        let mut rows: Vec<Pattern> = vote_patterns::table
            .filter(vote_patterns::state.eq(state))
            .filter(vote_patterns::id.lt(before))
            .filter(vote_patterns::voter_id.ne(viewer.id))
            .filter(vote_patterns::author_id.ne(viewer.id))
            .order(vote_patterns::id.desc())
            .limit(most as i64 + 1)
            .select(Pattern::as_select())
            .load(c)?;
        let more = rows.len() > most;
        rows.truncate(most);
        page.next = rows.last().map(|row| row.id).filter(|_| more);
        let (patterns, voted) = moderated(c, viewer, rows)?;
        page.patterns.extend(patterns);
        page.voted.extend(voted);
    }
    Ok(page)
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
