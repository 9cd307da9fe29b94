//! The only ways to posts: through a viewer.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::rules::{Seen, Standing, may_see};
use super::store::{AuthorRow, Post, Text, ThreadPost};
use crate::db::schema::{members, post_readers, post_texts, posts};
use crate::db::{Conn, among};
use crate::spaces::{self, enterable};
use crate::web::{Role, Viewer};

/// A post that the viewer may see, its thread's question, and how the viewer stands in its space.
#[derive(Clone, Debug)]
pub struct Found {
    /// The post.
    pub post: Post,
    /// The question of its thread; the post itself when it is one.
    pub question: Post,
    /// How the viewer stands in the space.
    pub standing: Standing,
}

/// Finds a post the viewer may see: they may enter its space, see its question, and see the post itself.
pub fn find(c: &mut Conn, viewer: &Viewer, id: i64) -> QueryResult<Option<Found>> {
    let Some(post) = in_scope(c, viewer, id)? else { return Ok(None) };
    let question = if post.thread() == post.id {
        post.clone()
    } else {
        match in_scope(c, viewer, post.thread())? {
            Some(question) => question,
            None => return Ok(None),
        }
    };
    let standing = standing_in(c, viewer, post.space_id)?;
    let named = question.visibility == "private" && is_named(c, viewer, question.id)?;
    let asker = question.author_id;
    let visible = |post: &Post| may_see(standing, seen(post, asker, named));
    if !visible(&question) || !visible(&post) {
        return Ok(None);
    }
    // A comment is seen only where what it stands under is seen.
    if let Some(parent) = post.parent_id.filter(|parent| *parent != question.id)
        && !in_scope(c, viewer, parent)?.is_some_and(|parent| visible(&parent))
    {
        return Ok(None);
    }
    Ok(Some(Found { post, question, standing }))
}

/// The posts of a thread that the viewer may see, oldest first, the question among them; nothing when the
/// question itself may not be seen.
pub fn thread_posts(
    c: &mut Conn,
    viewer: &Viewer,
    thread_id: i64,
) -> QueryResult<(Vec<ThreadPost>, Standing)> {
    let rows: Vec<(Post, Text, Option<AuthorRow>)> = posts::table
        .inner_join(post_texts::table)
        .left_join(members::table.on(posts::author_id.eq(members::id.nullable())))
        .filter(posts::thread_id.eq(thread_id))
        .filter(posts::space_id.eq_any(enterable(viewer)))
        .order((posts::thread_id, posts::id))
        .select((Post::as_select(), Text::as_select(), Option::<AuthorRow>::as_select()))
        .load(c)?;
    let Some(question) = rows.iter().map(|(post, ..)| post).find(|post| post.id == thread_id).cloned() else {
        return Ok((Vec::new(), Standing { id: viewer.id, moderates: false, staff: false }));
    };
    let standing = standing_in(c, viewer, question.space_id)?;
    let named = question.visibility == "private" && is_named(c, viewer, question.id)?;
    let asker = question.author_id;
    if !may_see(standing, seen(&question, asker, named)) {
        return Ok((Vec::new(), standing));
    }
    let shown: HashSet<i64> = rows
        .iter()
        .map(|(post, ..)| post)
        .filter(|post| may_see(standing, seen(post, asker, named)))
        .map(|post| post.id)
        .collect();
    let visible = rows
        .into_iter()
        .filter(|(post, ..)| shown.contains(&post.id))
        .filter(|(post, ..)| post.parent_id.is_none_or(|parent| shown.contains(&parent)))
        .map(|(post, text, author)| ThreadPost { post, text, author })
        .collect();
    Ok((visible, standing))
}

/// Those of some posts that the viewer may see, in the order of `ids`, by the same rule as [`find`]; a fixed number of
/// statements, and one more for each space where the viewer may be a moderator.
pub fn visible(c: &mut Conn, viewer: &Viewer, ids: &[i64]) -> QueryResult<Vec<Post>> {
    let mut known: HashMap<i64, Post> = HashMap::new();
    load_into(c, viewer, ids, &mut known)?;
    let around: Vec<i64> = known
        .values()
        .flat_map(|post| [Some(post.thread()), post.parent_id])
        .flatten()
        .filter(|id| !known.contains_key(id))
        .collect();
    load_into(c, viewer, &around, &mut known)?;
    let private: Vec<i64> = known
        .values()
        .filter(|post| post.visibility == "private" && post.thread() == post.id)
        .map(|post| post.id)
        .collect();
    let named: HashSet<i64> = if private.is_empty() {
        HashSet::new()
    } else {
        post_readers::table
            .filter(post_readers::post_id.eq_any(private))
            .filter(post_readers::member_id.eq(viewer.id))
            .select(post_readers::post_id)
            .load(c)?
            .into_iter()
            .collect()
    };
    let mut standings: HashMap<i64, Standing> = HashMap::new();
    for post in known.values() {
        if let std::collections::hash_map::Entry::Vacant(new) = standings.entry(post.space_id) {
            new.insert(standing_in(c, viewer, post.space_id)?);
        }
    }
    let sees = |post: &Post| {
        let Some(question) = known.get(&post.thread()) else { return false };
        let named = named.contains(&question.id);
        let visible = |post: &Post| may_see(standings[&post.space_id], seen(post, question.author_id, named));
        let parent = post.parent_id.filter(|parent| *parent != question.id);
        let under = parent.is_none_or(|parent| known.get(&parent).is_some_and(&visible));
        visible(question) && visible(post) && under
    };
    Ok(ids.iter().filter_map(|id| known.get(id)).filter(|post| sees(post)).cloned().collect())
}

fn load_into(c: &mut Conn, viewer: &Viewer, ids: &[i64], known: &mut HashMap<i64, Post>) -> QueryResult<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let found: Vec<Post> = posts::table
        .filter(among(posts::id, ids))
        .filter(posts::space_id.eq_any(enterable(viewer)))
        .select(Post::as_select())
        .load(c)?;
    known.extend(found.into_iter().map(|post| (post.id, post)));
    Ok(())
}

fn in_scope(c: &mut Conn, viewer: &Viewer, id: i64) -> QueryResult<Option<Post>> {
    posts::table
        .find(id)
        .filter(posts::space_id.eq_any(enterable(viewer)))
        .select(Post::as_select())
        .first(c)
        .optional()
}

/// How a viewer stands in a space they may enter.
pub fn standing_in(c: &mut Conn, viewer: &Viewer, space_id: i64) -> QueryResult<Standing> {
    let moderates = viewer.role >= Role::Moderator && spaces::moderates(c, viewer, space_id)?;
    Ok(Standing { id: viewer.id, moderates, staff: viewer.role >= Role::Staff })
}

/// Whether a viewer is among those who may read a question although it is private.
pub fn is_named(c: &mut Conn, viewer: &Viewer, question_id: i64) -> QueryResult<bool> {
    let found: Option<i64> = post_readers::table
        .find((question_id, viewer.id))
        .select(post_readers::post_id)
        .first(c)
        .optional()?;
    Ok(found.is_some())
}

fn seen(post: &Post, asker: Option<i64>, named: bool) -> Seen {
    Seen {
        author: post.author_id,
        asker,
        hidden: post.visibility == "hidden",
        private: post.visibility == "private",
        deleted: post.deleted_at.is_some(),
        named,
    }
}
