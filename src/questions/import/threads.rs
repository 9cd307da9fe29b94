//! Threads found by original id, and their counters after new posts.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::{posts, questions};
use crate::questions::thread::{Row, Thread};

/// A thread as those who add to it need it.
#[derive(Clone, Copy, Debug)]
pub struct Opened {
    /// The question.
    pub id: i64,
    /// Its space.
    pub space_id: i64,
    /// The asker, if a member.
    pub author_id: Option<i64>,
    /// Whether it stands in lists.
    pub listed: bool,
}

/// The questions of these original ids that are here.
pub fn opened(c: &mut Conn, source: &str, ids: &[&str]) -> QueryResult<HashMap<String, Opened>> {
    let rows: Vec<(Option<String>, i64, i64, Option<i64>, bool)> = questions::table
        .inner_join(posts::table.on(posts::id.eq(questions::post_id)))
        .filter(posts::source.eq(source))
        .filter(posts::kind.eq("question"))
        .filter(posts::original_id.eq_any(ids.to_vec()))
        .select((
            posts::original_id,
            questions::post_id,
            questions::space_id,
            questions::author_id,
            questions::listed,
        ))
        .load(c)?;
    let opened = rows.into_iter().filter_map(|(original, id, space_id, author_id, listed)| {
        Some((original?, Opened { id, space_id, author_id, listed }))
    });
    Ok(opened.collect())
}

#[derive(Queryable)]
struct PostOf {
    thread_id: Option<i64>,
    id: i64,
    kind: String,
    author_id: Option<i64>,
    author_name: Option<String>,
    open: bool,
    endorsed_at: Option<Micros>,
    created_at: Micros,
}

/// Counts threads anew after posts were added to them: answers, state, last activity. Raises their version.
pub fn refresh(c: &mut Conn, ids: &[i64]) -> QueryResult<()> {
    let open =
        posts::visibility.eq("open").and(posts::deleted_at.is_null()).and(posts::merged_into.is_null());
    let rows: Vec<PostOf> = posts::table
        .filter(posts::thread_id.eq_any(ids.to_vec()))
        .order((posts::thread_id, posts::id))
        .select((
            posts::thread_id,
            posts::id,
            posts::kind,
            posts::author_id,
            posts::author_name,
            open,
            posts::endorsed_at,
            posts::created_at,
        ))
        .load(c)?;
    let mut by_thread: HashMap<i64, Vec<PostOf>> = HashMap::with_capacity(ids.len());
    for post in rows {
        by_thread.entry(post.thread_id.unwrap_or(post.id)).or_default().push(post);
    }
    let threads: Vec<Row> =
        questions::table.filter(questions::post_id.eq_any(ids.to_vec())).select(Row::as_select()).load(c)?;
    let mut active_members = Vec::new();
    for mut thread in threads.into_iter().map(Thread::of) {
        let Some(posts) = by_thread.get(&thread.post_id) else { continue };
        count(&mut thread, posts);
        let latest = latest(&thread, posts);
        if let Some(latest) = latest {
            thread.last_activity_at = latest.created_at;
            thread.last_actor_id = latest.author_id;
        }
        thread.save(c)?;
        match latest {
            Some(PostOf { author_id: Some(_), .. }) => active_members.push(thread.post_id),
            Some(latest) => name_actor(c, thread.post_id, latest.author_name.as_deref())?,
            None => {}
        }
    }
    // Where a member acted last, no name of an earlier one who is none may stay.
    diesel::update(questions::table.filter(questions::post_id.eq_any(active_members)))
        .filter(questions::last_actor_name.is_not_null())
        .set(questions::last_actor_name.eq(None::<String>))
        .execute(c)?;
    Ok(())
}

fn count(thread: &mut Thread, posts: &[PostOf]) {
    let visible = || posts.iter().filter(|post| post.kind == "answer" && post.open);
    let asker = thread.author_id;
    let by_others = visible().filter(|post| post.author_id.is_none() || post.author_id != asker);
    thread.answers = visible().count() as i64;
    thread.endorsed = visible().filter(|post| post.endorsed_at.is_some()).count() as i64;
    thread.answers_by_others = by_others.count() as i64;
}

/// The latest visible post, unless something later happened here.
fn latest<'a>(thread: &Thread, posts: &'a [PostOf]) -> Option<&'a PostOf> {
    let seen = posts.iter().filter(|post| post.open || post.id == thread.post_id);
    seen.max_by_key(|post| (post.created_at, post.id))
        .filter(|latest| latest.created_at >= thread.last_activity_at)
}

fn name_actor(c: &mut Conn, id: i64, name: Option<&str>) -> QueryResult<()> {
    diesel::update(questions::table.find(id)).set(questions::last_actor_name.eq(name)).execute(c)?;
    Ok(())
}
