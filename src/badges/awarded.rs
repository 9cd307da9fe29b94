//! Badges as a viewer sees them.
//!
//! Promises: a badge that is had for a post is told and counted only where every reader of its space sees the post and the
//! viewer may enter there; one that a member has once is told to everybody, and its post where they may open it.

use std::collections::HashSet;

use diesel::dsl::{count_star, max};
use diesel::prelude::*;

use super::definitions::{ALL, Definition};
use crate::clock::Micros;
use crate::db::schema::{badges, members, posts, questions};
use crate::db::{Conn, Dialect, known};
use crate::posts::{self as post_room, AuthorRow, Kind};
use crate::spaces::enterable;
use crate::web::Viewer;
use crate::web::cursor::Span;

/// A badge that a member holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its key.
    pub key: &'static str,
    /// How often, as far as the viewer may know.
    pub times: i64,
    /// When last.
    pub last_at: Micros,
}

known!(
    /// Posts that every reader of their space sees, of threads that stand in lists.
    OPEN: Open =
        "posts.visibility = 'open' AND posts.deleted_at IS NULL AND posts.merged_into IS NULL AND questions.listed"
);
known!(
    /// What a member has once names no post in its fact.
    ONCE: Once = "badges.fact = badges.badge"
);

/// Badges earned here that the viewer may be told of.
macro_rules! told {
    ($viewer:expr) => {
        badges::table
            .inner_join(members::table)
            .inner_join(posts::table.on(badges::post_id.eq(posts::id.nullable())))
            .inner_join(questions::table.on(badges::question_id.eq(questions::post_id.nullable())))
            .filter(badges::badge.is_not_null())
            .filter(ONCE.or(questions::space_id.eq_any(enterable($viewer)).and(OPEN)))
    };
}

/// What a member holds, in the order of the definitions.
pub fn of_person(c: &mut Conn, viewer: &Viewer, member: i64) -> QueryResult<Vec<Held>> {
    let columns = (badges::badge, count_star(), max(badges::awarded_at));
    let rows: Vec<(Option<String>, i64, Option<Micros>)> =
        told!(viewer).filter(badges::member_id.eq(member)).group_by(badges::badge).select(columns).load(c)?;
    let held = |badge: &'static Definition| {
        let row = rows.iter().find(|row| row.0.as_deref() == Some(badge.key))?;
        Some(Held { key: badge.key, times: row.1, last_at: row.2.unwrap_or_default() })
    };
    Ok(ALL.iter().filter_map(held).collect())
}

/// What a member was awarded where they were imported from: name, how often; the most often first.
pub fn of_person_elsewhere(c: &mut Conn, member: i64) -> QueryResult<Vec<(String, i64)>> {
    badges::table
        .filter(badges::member_id.eq(member))
        .filter(badges::source.is_not_null())
        .group_by(badges::name)
        .order((count_star().desc(), badges::name))
        .limit(MOST_ELSEWHERE)
        .select((badges::name, count_star()))
        .load(c)
}

/// Kinds of imported badges that are shown.
const MOST_ELSEWHERE: i64 = 100;

/// The key of a list of awards: when, and the row.
pub(super) type AwardKey = (Micros, i64);

/// A badge that was awarded.
#[derive(Clone, Debug)]
pub(super) struct Award {
    pub(super) id: i64,
    pub(super) at: Micros,
    pub(super) person: AuthorRow,
    /// The post it was earned by, where the viewer may open it.
    pub(super) post: Option<Earning>,
}

/// The post a badge was earned by.
#[derive(Clone, Debug)]
pub(super) struct Earning {
    pub(super) id: i64,
    pub(super) kind: Kind,
    pub(super) question: i64,
    pub(super) title: String,
}

/// Who holds a badge, newest first, or how often one person does; one more than asked for when there are older ones.
pub(super) fn awards(
    c: &mut Conn,
    viewer: &Viewer,
    badge: &Definition,
    person: Option<i64>,
    span: &Span<AwardKey>,
) -> QueryResult<Vec<Award>> {
    let columns = (
        badges::id,
        badges::awarded_at,
        AuthorRow::as_select(),
        posts::id,
        posts::kind,
        questions::post_id,
        questions::title,
    );
    let mut query = told!(viewer)
        .filter(badges::badge.eq(badge.key))
        .filter(members::merged_into.is_null())
        .filter(members::state.ne("forgotten"))
        .select(columns)
        .into_boxed::<Dialect>();
    if let Some(person) = person {
        query = query.filter(badges::member_id.eq(person));
    }
    if let Some((at, id)) = span.after {
        query =
            query.filter(badges::awarded_at.le(at)).filter(badges::awarded_at.lt(at).or(badges::id.lt(id)));
    }
    type Row = (i64, Micros, AuthorRow, i64, String, i64, String);
    let rows: Vec<Row> =
        query.order((badges::awarded_at.desc(), badges::id.desc())).limit(span.fetch()).load(c)?;
    let ids: Vec<i64> = rows.iter().map(|row| row.3).collect();
    let seen: HashSet<i64> = post_room::visible(c, viewer, &ids)?.into_iter().map(|post| post.id).collect();
    let award = |(id, at, person, post, kind, question, title): Row| {
        let earning = Earning { id: post, kind: Kind::stored(&kind), question, title };
        Award { id, at, person, post: seen.contains(&post).then_some(earning) }
    };
    Ok(rows.into_iter().map(award).collect())
}
