//! Rows of suggested edits, found through a viewer.

use std::collections::HashMap;

use diesel::dsl::exists;
use diesel::prelude::*;

use super::rules::may_decide;
use crate::clock::Micros;
use crate::db::schema::{posts as post_rows, suggestions};
use crate::db::{Conn, among};
use crate::posts::{self, Earned, Found, Post, Standing};
use crate::questions::{earned, earned_for};
use crate::spaces::enterable;
use crate::web::{Role, Viewer};

/// A suggested edit as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = suggestions)]
pub struct Row {
    /// The suggestion.
    pub id: i64,
    /// Of which post.
    pub post_id: i64,
    /// Who suggested it.
    pub suggester_id: i64,
    /// The post's version it was made from.
    pub base_version: i64,
    /// Questions only; None stays as it was, as the two below.
    pub title: Option<String>,
    /// As a JSON list.
    pub tags: Option<String>,
    /// Markdown.
    pub body: Option<String>,
    /// Why, in the suggester's words.
    pub reason: Option<String>,
    /// When.
    pub made_at: Micros,
    /// `waiting`, `approved`, `rejected` or `withdrawn`.
    pub state: String,
    /// When it was decided.
    pub decided_at: Option<Micros>,
    /// By whom.
    pub decided_by: Option<i64>,
    /// Why it was rejected; see [`super::Verdict`].
    pub verdict: Option<String>,
    /// The same in words.
    pub words: Option<String>,
    /// The post's version that approving it made.
    pub version: Option<i64>,
    /// When that was rolled back.
    pub undone_at: Option<Micros>,
}

impl Row {
    /// Whether it still waits.
    pub fn waits(&self) -> bool {
        self.decided_at.is_none()
    }

    /// The tags it suggests.
    pub fn tag_names(&self) -> Option<Vec<String>> {
        self.tags.as_deref().map(|tags| serde_json::from_str(tags).unwrap_or_default())
    }
}

/// A suggested edit without its title, tags and text: what lists and notices tell.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = suggestions)]
pub struct Entry {
    /// The suggestion.
    pub id: i64,
    /// Who suggested it.
    pub suggester_id: i64,
    /// Why, in the suggester's words.
    pub reason: Option<String>,
    /// When.
    pub made_at: Micros,
    /// As in [`Row`].
    pub state: String,
    /// Why it was rejected; see [`super::Verdict`].
    pub verdict: Option<String>,
    /// The same in words.
    pub words: Option<String>,
    /// When approving it was rolled back.
    pub undone_at: Option<Micros>,
}

/// A suggestion that the viewer may see, with its post.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) row: Row,
    pub(super) found: Found,
    /// Whether the viewer decides about it, while it waits.
    pub(super) decides: bool,
    /// What the viewer may change by, where the post is another's.
    pub(super) earned: Earned,
}

/// Finds a suggestion: its suggester and those who decide about it see it, while they see its post.
pub(super) fn find(c: &mut Conn, viewer: &Viewer, id: i64) -> QueryResult<Option<Seen>> {
    let row: Option<Row> = suggestions::table.find(id).select(Row::as_select()).first(c).optional()?;
    let Some(row) = row else { return Ok(None) };
    let Some(found) = posts::find(c, viewer, row.post_id)? else { return Ok(None) };
    let own = row.suggester_id == viewer.id;
    let earned = if own { Earned::default() } else { earned_for(c, viewer, &found.post)? };
    let decides = may_decide(found.standing, found.post.author_id, row.suggester_id, earned);
    Ok((own || decides).then_some(Seen { row, found, decides, earned }))
}

/// A member's suggestion that waits on a post.
pub fn waiting_of(c: &mut Conn, member: i64, post: i64) -> QueryResult<Option<i64>> {
    suggestions::table
        .filter(suggestions::suggester_id.eq(member))
        .filter(suggestions::post_id.eq(post))
        .filter(suggestions::decided_at.is_null())
        .select(suggestions::id)
        .first(c)
        .optional()
}

/// How many of a post wait.
pub(super) fn waiting_on(c: &mut Conn, post: i64) -> QueryResult<i64> {
    suggestions::table
        .filter(suggestions::post_id.eq(post))
        .filter(suggestions::decided_at.is_null())
        .count()
        .get_result(c)
}

/// How many of the viewer's wait on posts they see: those on others they could neither find nor withdraw.
pub(super) fn waiting_by(c: &mut Conn, viewer: &Viewer) -> QueryResult<i64> {
    let posts: Vec<i64> = suggestions::table
        .filter(suggestions::suggester_id.eq(viewer.id))
        .filter(suggestions::decided_at.is_null())
        .select(suggestions::post_id)
        .load(c)?;
    Ok(posts::visible(c, viewer, &posts)?.len() as i64)
}

/// What a notice tells of a suggestion: its suggester, and why it was rejected.
pub fn told(c: &mut Conn, id: i64) -> QueryResult<Option<Entry>> {
    suggestions::table.find(id).select(Entry::as_select()).first(c).optional()
}

/// Suggestions that wait for the viewer on what they wrote, oldest first, with their posts.
pub(super) fn on_own_posts(c: &mut Conn, viewer: &Viewer, most: i64) -> QueryResult<Vec<(i64, Post)>> {
    let rows: Vec<(i64, i64)> = suggestions::table
        .filter(suggestions::author_id.eq(viewer.id))
        .filter(suggestions::decided_at.is_null())
        .order(suggestions::id)
        .limit(most)
        .select((suggestions::id, suggestions::post_id))
        .load(c)?;
    with_posts(c, viewer, rows)
}

/// Others that the viewer decides about, after `after`, oldest first, until there are `enough`; `most` are looked at at a time.
/// And the last row looked at where there may be more.
pub(super) fn on_others_posts(
    c: &mut Conn,
    viewer: &Viewer,
    after: i64,
    (most, enough): (i64, i64),
) -> QueryResult<(Vec<(i64, Post)>, Option<i64>)> {
    let earned = earned(c, viewer)?;
    if earned.edit_taken || (!earned.edit && viewer.role < Role::Moderator) {
        return Ok((Vec::new(), None));
    }
    let mut standings: HashMap<i64, Standing> = HashMap::new();
    let (mut shown, mut after) = (Vec::new(), after);
    // A moderator of few spaces may have to look at several pages until one is full.
    for _ in 0..10 {
        // Not joined: whatever the planner knows, those that wait are read in their order, and never all posts.
        let entered = post_rows::table
            .filter(post_rows::id.eq(suggestions::post_id))
            .filter(post_rows::space_id.eq_any(enterable(viewer)));
        let rows: Vec<(i64, i64)> = suggestions::table
            .filter(suggestions::id.gt(after))
            .filter(suggestions::decided_at.is_null())
            .filter(suggestions::suggester_id.ne(viewer.id))
            .filter(exists(entered))
            .order(suggestions::id)
            .limit(most)
            .select((suggestions::id, suggestions::post_id))
            .load(c)?;
        let full = rows.len() as i64 == most;
        let last = rows.last().map(|(id, _)| *id);
        for (id, post) in with_posts(c, viewer, rows)? {
            let standing = match standings.get(&post.space_id) {
                Some(standing) => *standing,
                None => {
                    let standing = posts::standing_in(c, viewer, post.space_id)?;
                    standings.insert(post.space_id, standing);
                    standing
                }
            };
            if post.author_id != Some(viewer.id) && earned.edits(standing) {
                shown.push((id, post));
            }
        }
        match last.filter(|_| full) {
            None => return Ok((shown, None)),
            Some(last) if shown.len() as i64 >= enough => return Ok((shown, Some(last))),
            Some(last) => after = last,
        }
    }
    Ok((shown, Some(after)))
}

/// The viewer's own suggestions before `before`, newest first; and the last row looked at where there may be more.
pub(super) fn own(
    c: &mut Conn,
    viewer: &Viewer,
    before: i64,
    most: i64,
) -> QueryResult<(Vec<(i64, Post)>, Option<i64>)> {
    let rows: Vec<(i64, i64)> = suggestions::table
        .filter(suggestions::suggester_id.eq(viewer.id))
        .filter(suggestions::id.lt(before))
        .order(suggestions::id.desc())
        .limit(most)
        .select((suggestions::id, suggestions::post_id))
        .load(c)?;
    let next = rows.last().filter(|_| rows.len() as i64 == most).map(|(id, _)| *id);
    Ok((with_posts(c, viewer, rows)?, next))
}

/// How many wait that the viewer decides about, counted up to `most`.
pub fn count_to_decide(c: &mut Conn, viewer: &Viewer, most: i64) -> QueryResult<i64> {
    let own = on_own_posts(c, viewer, most)?.len() as i64;
    if own >= most {
        return Ok(most);
    }
    let others = on_others_posts(c, viewer, 0, (most, most - own))?.0.len() as i64;
    Ok((own + others).min(most))
}

/// What is told of those that were found, in their order.
pub(super) fn entries(c: &mut Conn, found: Vec<(i64, Post)>) -> QueryResult<Vec<(Entry, Post)>> {
    let ids: Vec<i64> = found.iter().map(|(id, _)| *id).collect();
    let rows: Vec<Entry> =
        suggestions::table.filter(among(suggestions::id, &ids)).select(Entry::as_select()).load(c)?;
    Ok(beside(found, rows.into_iter().map(|row| (row.id, row)).collect()))
}

/// Those that were found with their texts, in their order.
pub(super) fn rows(c: &mut Conn, found: Vec<(i64, Post)>) -> QueryResult<Vec<(Row, Post)>> {
    let ids: Vec<i64> = found.iter().map(|(id, _)| *id).collect();
    let rows: Vec<Row> =
        suggestions::table.filter(among(suggestions::id, &ids)).select(Row::as_select()).load(c)?;
    Ok(beside(found, rows.into_iter().map(|row| (row.id, row)).collect()))
}

fn beside<T>(found: Vec<(i64, Post)>, mut rows: HashMap<i64, T>) -> Vec<(T, Post)> {
    found.into_iter().filter_map(|(id, post)| Some((rows.remove(&id)?, post))).collect()
}

/// Suggestions, as (id, post), whose posts the viewer sees, with the posts.
fn with_posts(c: &mut Conn, viewer: &Viewer, rows: Vec<(i64, i64)>) -> QueryResult<Vec<(i64, Post)>> {
    let mut ids: Vec<i64> = rows.iter().map(|(_, post)| *post).collect();
    ids.sort_unstable();
    ids.dedup();
    let visible: HashMap<i64, Post> =
        posts::visible(c, viewer, &ids)?.into_iter().map(|post| (post.id, post)).collect();
    Ok(rows.into_iter().filter_map(|(id, post)| Some((id, visible.get(&post)?.clone()))).collect())
}
