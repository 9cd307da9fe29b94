//! Rows of badges that were earned here, and the events that tell of them.

use diesel::prelude::*;
use serde::Serialize;

use crate::clock::Micros;
use crate::db::schema::badges;
use crate::db::{Conn, on};
use crate::events::{self, About, Fact, Origin};

/// A badge that was earned, or is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Earned {
    pub(super) member: i64,
    /// Its key.
    pub(super) badge: String,
    /// The post it was earned by; the last one where several were needed.
    pub(super) post: Option<i64>,
    pub(super) question: Option<i64>,
    pub(super) space: Option<i64>,
    /// The figure it was earned by: it stands while there is as much.
    pub(super) least: i64,
    pub(super) at: Micros,
    /// Whether it is had once for each post.
    pub(super) each_post: bool,
}

impl Earned {
    /// What a member can have once.
    pub(super) fn fact(&self) -> String {
        match self.post.filter(|_| self.each_post) {
            Some(post) => format!("{} {post}", self.badge),
            None => self.badge.clone(),
        }
    }
}

/// A badge was awarded.
#[derive(Serialize)]
struct BadgeAwarded<'a> {
    badge: &'a str,
    member_id: i64,
    post_id: Option<i64>,
    least: i64,
}

impl Fact for BadgeAwarded<'_> {
    const KIND: &'static str = "BadgeAwarded";
}

/// What a badge was awarded for stands no longer.
#[derive(Serialize)]
struct BadgeWithdrawn<'a> {
    badge: &'a str,
    member_id: i64,
    post_id: Option<i64>,
}

impl Fact for BadgeWithdrawn<'_> {
    const KIND: &'static str = "BadgeWithdrawn";
}

/// Awards a badge, unless it is there already.
pub(super) fn award(c: &mut Conn, earned: &Earned, origin: Origin, now: Micros) -> QueryResult<()> {
    let row = (
        badges::member_id.eq(earned.member),
        badges::name.eq(&earned.badge),
        badges::awarded_at.eq(earned.at),
        badges::origin.eq(origin.as_str()),
        badges::badge.eq(&earned.badge),
        badges::fact.eq(earned.fact()),
        badges::post_id.eq(earned.post),
        badges::question_id.eq(earned.question),
        badges::space_id.eq(earned.space),
        badges::least.eq(earned.least),
    );
    let new = on!(c, |c| diesel::insert_into(badges::table).values(row).on_conflict_do_nothing().execute(c))?;
    if new == 0 {
        return Ok(());
    }
    let told = BadgeAwarded {
        badge: &earned.badge,
        member_id: earned.member,
        post_id: earned.post,
        least: earned.least,
    };
    events::append(c, &about(earned, origin, now), &told)
}

/// Takes a badge back whose outcome is gone.
pub(super) fn withdraw(c: &mut Conn, earned: &Earned, origin: Origin, now: Micros) -> QueryResult<()> {
    let row =
        badges::table.filter(badges::member_id.eq(earned.member)).filter(badges::fact.eq(earned.fact()));
    if diesel::delete(row).execute(c)? == 0 {
        return Ok(());
    }
    let told = BadgeWithdrawn { badge: &earned.badge, member_id: earned.member, post_id: earned.post };
    events::append(c, &about(earned, origin, now), &told)
}

fn about(earned: &Earned, origin: Origin, now: Micros) -> About {
    About {
        origin,
        occurred_at: if origin == Origin::Import { earned.at } else { now },
        recorded_at: now,
        actor_id: None,
        question_id: earned.question,
        space_id: earned.space,
    }
}

/// What the evaluator compares with: earned badges of these threads that are had by post, and those of these members that are
/// had once.
pub(super) fn held(c: &mut Conn, threads: &[i64], members: &[i64]) -> QueryResult<Vec<Earned>> {
    let by_post = badges::table
        .filter(badges::badge.is_not_null())
        .filter(badges::question_id.eq_any(threads.to_vec()))
        .filter(badges::fact.ne(badges::badge))
        .select(columns())
        .load::<Row>(c)?;
    let once = badges::table
        .filter(badges::badge.is_not_null())
        .filter(badges::member_id.eq_any(members.to_vec()))
        .filter(badges::fact.eq(badges::badge))
        .select(columns())
        .load::<Row>(c)?;
    let by_post = by_post.into_iter().map(|row| earned(row, true));
    Ok(by_post.chain(once.into_iter().map(|row| earned(row, false))).collect())
}

/// What a badge was earned by is gone while there is enough besides: it is held by another outcome from now on.
pub(super) fn held_by(c: &mut Conn, earned: &Earned) -> QueryResult<()> {
    let row =
        badges::table.filter(badges::member_id.eq(earned.member)).filter(badges::fact.eq(earned.fact()));
    let by = (
        badges::post_id.eq(earned.post),
        badges::question_id.eq(earned.question),
        badges::space_id.eq(earned.space),
    );
    diesel::update(row).set(by).execute(c).map(drop)
}

type Row = (i64, Option<String>, Option<i64>, Option<i64>, Option<i64>, Option<i64>, Micros);

#[diesel::dsl::auto_type]
fn columns() -> _ {
    (
        badges::member_id,
        badges::badge,
        badges::post_id,
        badges::question_id,
        badges::space_id,
        badges::least,
        badges::awarded_at,
    )
}

fn earned((member, badge, post, question, space, least, at): Row, each_post: bool) -> Earned {
    Earned {
        member,
        badge: badge.unwrap_or_default(),
        post,
        question,
        space,
        least: least.unwrap_or_default(),
        at,
        each_post,
    }
}
