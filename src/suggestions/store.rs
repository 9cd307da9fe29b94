//! Rows of suggested edits, found through a viewer.

use std::collections::HashMap;

use diesel::prelude::*;

use super::rules::may_decide;
use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::{posts as post_rows, suggestions};
use crate::posts::{self, Found, Post, Standing};
use crate::questions::earned;
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

/// A suggestion that the viewer may see, with its post.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) row: Row,
    pub(super) found: Found,
    /// Whether the viewer decides about it, while it waits.
    pub(super) decides: bool,
}

/// Finds a suggestion: its suggester and those who decide about it see it, while they see its post.
pub(super) fn find(c: &mut Conn, viewer: &Viewer, id: i64) -> QueryResult<Option<Seen>> {
    let row: Option<Row> = suggestions::table.find(id).select(Row::as_select()).first(c).optional()?;
    let Some(row) = row else { return Ok(None) };
    let Some(found) = posts::find(c, viewer, row.post_id)? else { return Ok(None) };
    let author = found.post.author_id;
    let decides = may_decide(found.standing, author, row.suggester_id, false)
        || (row.suggester_id != viewer.id && earned(c, viewer)?.edit);
    let own = row.suggester_id == viewer.id;
    Ok((own || decides).then_some(Seen { row, found, decides }))
}

/// A member's suggestion that waits on a post.
pub fn waiting_of(c: &mut Conn, member: i64, post: i64) -> QueryResult<Option<Row>> {
    suggestions::table
        .filter(suggestions::suggester_id.eq(member))
        .filter(suggestions::post_id.eq(post))
        .filter(suggestions::decided_at.is_null())
        .select(Row::as_select())
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

/// What a notice tells of a suggestion: its suggester, and why it was rejected.
pub fn told(c: &mut Conn, id: i64) -> QueryResult<Option<Row>> {
    suggestions::table.find(id).select(Row::as_select()).first(c).optional()
}

/// Suggestions that wait for the viewer on what they wrote, oldest first.
pub(super) fn on_own_posts(c: &mut Conn, viewer: &Viewer, most: i64) -> QueryResult<Vec<(Row, Post)>> {
    let rows: Vec<Row> = suggestions::table
        .filter(suggestions::author_id.eq(viewer.id))
        .filter(suggestions::decided_at.is_null())
        .order(suggestions::id)
        .limit(most)
        .select(Row::as_select())
        .load(c)?;
    with_posts(c, viewer, rows)
}

/// Others that the viewer decides about, after `after`, oldest first; and the last row looked at where there may be more.
pub(super) fn on_others_posts(
    c: &mut Conn,
    viewer: &Viewer,
    after: i64,
    most: i64,
) -> QueryResult<(Vec<(Row, Post)>, Option<i64>)> {
    let edits = earned(c, viewer)?.edit;
    if !edits && viewer.role < Role::Moderator {
        return Ok((Vec::new(), None));
    }
    let mut standings: HashMap<i64, Standing> = HashMap::new();
    let (mut shown, mut after) = (Vec::new(), after);
    // A moderator of few spaces may have to look at several pages until one is full.
    for _ in 0..10 {
        let rows: Vec<Row> = suggestions::table
            .inner_join(post_rows::table)
            .filter(suggestions::id.gt(after))
            .filter(suggestions::decided_at.is_null())
            .filter(suggestions::suggester_id.ne(viewer.id))
            .filter(post_rows::space_id.eq_any(enterable(viewer)))
            .order(suggestions::id)
            .limit(most)
            .select(Row::as_select())
            .load(c)?;
        let full = rows.len() as i64 == most;
        let last = rows.last().map(|row| row.id);
        for (row, post) in with_posts(c, viewer, rows)? {
            let standing = match standings.get(&post.space_id) {
                Some(standing) => *standing,
                None => {
                    let standing = posts::standing_in(c, viewer, post.space_id)?;
                    standings.insert(post.space_id, standing);
                    standing
                }
            };
            let own = post.author_id == Some(viewer.id);
            if !own && may_decide(standing, post.author_id, row.suggester_id, edits) {
                shown.push((row, post));
            }
        }
        match last.filter(|_| full) {
            None => return Ok((shown, None)),
            Some(last) if shown.len() as i64 >= most / 2 => return Ok((shown, Some(last))),
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
) -> QueryResult<(Vec<(Row, Post)>, Option<i64>)> {
    let rows: Vec<Row> = suggestions::table
        .filter(suggestions::suggester_id.eq(viewer.id))
        .filter(suggestions::id.lt(before))
        .order(suggestions::id.desc())
        .limit(most)
        .select(Row::as_select())
        .load(c)?;
    let next = rows.last().filter(|_| rows.len() as i64 == most).map(|row| row.id);
    Ok((with_posts(c, viewer, rows)?, next))
}

/// How many wait that the viewer decides about, counted up to `most`.
pub fn count_to_decide(c: &mut Conn, viewer: &Viewer, most: i64) -> QueryResult<i64> {
    let own = on_own_posts(c, viewer, most)?.len() as i64;
    let others = on_others_posts(c, viewer, 0, most)?.0.len() as i64;
    Ok((own + others).min(most))
}

/// Those whose posts the viewer sees, with the posts.
fn with_posts(c: &mut Conn, viewer: &Viewer, rows: Vec<Row>) -> QueryResult<Vec<(Row, Post)>> {
    let mut ids: Vec<i64> = rows.iter().map(|row| row.post_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let visible: HashMap<i64, Post> =
        posts::visible(c, viewer, &ids)?.into_iter().map(|post| (post.id, post)).collect();
    Ok(rows
        .into_iter()
        .filter_map(|row| Some((visible.get(&row.post_id)?.clone(), row)))
        .map(|(post, row)| (row, post))
        .collect())
}
