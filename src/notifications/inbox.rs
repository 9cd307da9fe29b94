//! The inbox: a member's notices, read and unread, filtered by what they may open now.
//!
//! What they may no longer open is not shown and not counted: where such notices are met, they are marked as read.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use serde::Deserialize;

use super::look;
use crate::accounts::reached::{count_unread, set_unread};
use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::notices;
use crate::posts::{self, Kind as PostKind};
use crate::questions::post_url;
use crate::web::Viewer;

/// A notice as it is shown.
#[derive(Clone, Debug)]
pub struct Item {
    /// The row.
    pub id: i64,
    /// What is told; see [`super::Kind`].
    pub kind: String,
    /// Why.
    pub reason: String,
    /// Its thread.
    pub question_id: Option<i64>,
    /// The post.
    pub post_id: Option<i64>,
    /// Who did it, by name.
    pub by: Option<String>,
    /// What happened.
    pub what: String,
    /// The tag, space or search that is followed, by name.
    pub subject: Option<String>,
    /// The thread's title.
    pub title: Option<String>,
    /// The beginning of what was written.
    pub text: String,
    /// Where it leads.
    pub url: String,
    /// Whether it was read.
    pub read: bool,
    /// When it happened.
    pub at: Micros,
}

#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = notices)]
struct Row {
    id: i64,
    kind: String,
    reason: String,
    question_id: Option<i64>,
    post_id: Option<i64>,
    actor_id: Option<i64>,
    detail: String,
    created_at: Micros,
    read_at: Option<Micros>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Detail {
    what: String,
    subject: Option<Subject>,
    url: Option<String>,
    title: Option<String>,
    /// The suggested edit.
    suggestion: Option<i64>,
}

#[derive(Deserialize)]
struct Subject {
    name: String,
}

/// Characters of a post that the inbox shows.
const SHOWN: usize = 160;

/// A page of the viewer's notices before `before`, the newest first; unread ones alone, if wished.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// The notices.
    pub items: Vec<Item>,
    /// The last row looked at, when there may be more.
    pub next: Option<i64>,
    /// Unread ones that may not be opened any more: to be marked as read.
    pub closed: Vec<i64>,
}

/// Looks into the inbox.
pub fn list(
    c: &mut Conn,
    viewer: &Viewer,
    before: Option<i64>,
    unread: bool,
    limit: i64,
) -> QueryResult<Shown> {
    let mut query = notices::table
        .filter(notices::member_id.eq(viewer.id))
        .filter(notices::id.lt(before.unwrap_or(i64::MAX)))
        .order(notices::id.desc())
        .limit(limit)
        .select(Row::as_select())
        .into_boxed();
    if unread {
        query = query.filter(notices::read_at.is_null());
    }
    let rows: Vec<Row> = query.load(c)?;
    let next = if rows.len() as i64 == limit { rows.last().map(|row| row.id) } else { None };
    let (open, closed) = sorted(c, viewer, rows)?;
    let ids = |of: fn(&Row) -> Option<i64>| -> Vec<i64> {
        let set: HashSet<i64> = open.iter().filter_map(of).collect();
        set.into_iter().collect()
    };
    let titles = look::titles(c, &ids(|row| row.question_id))?;
    let names = look::names(c, &ids(|row| row.actor_id))?;
    let texts = look::beginnings(c, &ids(|row| row.post_id), SHOWN)?;
    let kinds: HashMap<i64, PostKind> = posts::visible(c, viewer, &ids(|row| row.post_id))?
        .iter()
        .map(|post| (post.id, post.kind()))
        .collect();
    let item = |row: Row| {
        let detail: Detail = serde_json::from_str(&row.detail).unwrap_or_default();
        let title = row.question_id.and_then(|id| titles.get(&id).cloned()).or(detail.title);
        let removed = detail.what == "removed";
        let shown_post = row.post_id.filter(|_| !removed);
        let suggestion = detail.suggestion.map(|id| format!("/suggestions/{id}"));
        let url = match (row.question_id, shown_post.or(row.question_id)) {
            (Some(question), Some(post)) => {
                let kind = kinds.get(&post).copied().unwrap_or(PostKind::Question);
                post_url(question, title.as_deref().unwrap_or_default(), kind, post)
            }
            _ => detail.url.unwrap_or_else(|| "/inbox".to_owned()),
        };
        Item {
            id: row.id,
            by: row.actor_id.and_then(|id| names.get(&id).cloned()),
            what: detail.what,
            subject: detail.subject.map(|subject| subject.name),
            text: shown_post.and_then(|id| texts.get(&id).cloned()).unwrap_or_default(),
            title,
            url: suggestion.unwrap_or(url),
            kind: row.kind,
            reason: row.reason,
            question_id: row.question_id,
            post_id: row.post_id,
            read: row.read_at.is_some(),
            at: row.created_at,
        }
    };
    Ok(Shown { items: open.into_iter().map(item).collect(), next, closed })
}

/// Those that may be opened, and the ids of unread ones that may not.
fn sorted(c: &mut Conn, viewer: &Viewer, rows: Vec<Row>) -> QueryResult<(Vec<Row>, Vec<i64>)> {
    let about = |row: &Row| {
        let removed = row.detail.contains("\"removed\"");
        if removed { row.question_id } else { row.post_id.or(row.question_id) }
    };
    let ids: HashSet<i64> = rows.iter().filter_map(about).collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    let visible: HashSet<i64> = posts::visible(c, viewer, &ids)?.iter().map(|post| post.id).collect();
    let (mut open, mut closed) = (Vec::new(), Vec::new());
    for row in rows {
        if about(&row).is_none_or(|id| visible.contains(&id)) {
            open.push(row);
        } else if row.read_at.is_none() {
            closed.push(row.id);
        }
    }
    Ok((open, closed))
}

/// Marks one notice of a member as read; None where there is none, false where it was read already.
pub fn read(c: &mut Conn, member: i64, id: i64, now: Micros) -> QueryResult<Option<bool>> {
    let own = notices::table.find(id).filter(notices::member_id.eq(member));
    let there: Option<Option<Micros>> = own.select(notices::read_at).first(c).optional()?;
    match there {
        None => Ok(None),
        Some(Some(_)) => Ok(Some(false)),
        Some(None) => {
            diesel::update(notices::table.find(id)).set(notices::read_at.eq(now)).execute(c)?;
            count_unread(c, member, -1)?;
            Ok(Some(true))
        }
    }
}

/// Whether a member has unread notices of a thread.
pub fn has_unread(c: &mut Conn, member: i64, question: i64) -> QueryResult<bool> {
    let unread: Option<i64> = notices::table
        .filter(notices::member_id.eq(member))
        .filter(notices::question_id.eq(question))
        .filter(notices::read_at.is_null())
        .select(notices::id)
        .first(c)
        .optional()?;
    Ok(unread.is_some())
}

/// Marks the notices of a thread as read that were there at `seen`, when it was opened: what came after was not on that page.
pub fn read_thread(c: &mut Conn, member: i64, question: i64, seen: Micros, now: Micros) -> QueryResult<()> {
    let unread = notices::table
        .filter(notices::member_id.eq(member))
        .filter(notices::question_id.eq(question))
        .filter(notices::created_at.le(seen))
        .filter(notices::read_at.is_null());
    let read = diesel::update(unread).set(notices::read_at.eq(now)).execute(c)?;
    if read > 0 { count_unread(c, member, -(read as i64)) } else { Ok(()) }
}

/// Marks these as read, of a member.
pub fn read_some(c: &mut Conn, member: i64, ids: &[i64], now: Micros) -> QueryResult<()> {
    ids.iter().try_for_each(|id| read(c, member, *id, now).map(drop))
}

/// Marks all of a member's notices as read, and counts anew.
pub fn read_all(c: &mut Conn, member: i64, now: Micros) -> QueryResult<()> {
    let unread = notices::table.filter(notices::member_id.eq(member)).filter(notices::read_at.is_null());
    diesel::update(unread).set(notices::read_at.eq(now)).execute(c)?;
    set_unread(c, member, 0)
}

/// Counts every member's unread notices anew.
pub fn rebuild_unread(c: &mut Conn) -> QueryResult<()> {
    diesel::sql_query(
        "UPDATE members SET unread = \
         (SELECT count(*) FROM notices WHERE notices.member_id = members.id AND notices.read_at IS NULL) \
         WHERE unread <> \
         (SELECT count(*) FROM notices WHERE notices.member_id = members.id AND notices.read_at IS NULL)",
    )
    .execute(c)?;
    Ok(())
}
