//! All rows of a member's ledger in one walk through their index.
//!
//! Promises: neither posts nor questions are looked up, but for the few that are not open, which have an index of their own: a
//! row costs the same however large the hall is. It decides nothing about a viewer.

use diesel::prelude::*;

use crate::clock::Micros;
use crate::db::schema::{ledger, posts};
use crate::db::{Conn, known};

/// A row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable)]
pub(super) struct Earned {
    /// What it adds.
    pub(super) points: i64,
    /// About which post; None for what an import credited as a sum.
    pub(super) post_id: Option<i64>,
    /// The post's question.
    pub(super) question_id: Option<i64>,
    /// The question's space.
    pub(super) space_id: Option<i64>,
    /// When.
    pub(super) at: Micros,
    /// The cost of voting down.
    pub(super) cast: bool,
    /// The cost of a removed post: the only rows that may be about a comment.
    pub(super) removed: bool,
    /// Whether not every reader of the space sees the post in a listed question.
    pub(super) hidden: bool,
}

impl Earned {
    /// Whether leaderboards and profiles count it: an outcome of one's own posts and choices that everybody sees.
    pub(super) fn counts(&self) -> bool {
        !self.cast && !self.removed && !self.hidden
    }
}

known!(CAST: Cast = "ledger.reason = 'down-cast'");
known!(REMOVED: Removed = "ledger.reason = 'removed'");

/// A question is listed as long as its own post is open. The plus keeps SQLite from the index of all posts.
macro_rules! hidden {
    () => {
        "EXISTS (SELECT 1 FROM posts WHERE posts.thread_id = ledger.question_id \
         AND +posts.id IN (ledger.post_id, ledger.question_id) \
         AND (posts.visibility <> 'open' OR posts.deleted_at IS NOT NULL OR posts.merged_into IS NOT NULL))"
    };
}
known!(HIDDEN: Hidden = hidden!());
known!(
    /// Edits that bring points, of open posts; the rest is written as the index of outcomes is.
    EDITS: Edits = concat!(
        "ledger.base_id IS NULL AND ledger.state = 'given' AND ledger.reason IN ('accepted', 'accepting', 'endorsed', 'edit') \
         AND ledger.reason = 'edit' AND NOT ",
        hidden!()
    )
);

/// A member's rows, oldest first.
pub(super) fn rows(c: &mut Conn, member: i64) -> QueryResult<Vec<Earned>> {
    ledger::table
        .filter(ledger::member_id.eq(member))
        .order((ledger::given_at, ledger::id))
        .select((
            ledger::points,
            ledger::post_id,
            ledger::question_id,
            ledger::space_id,
            ledger::given_at,
            CAST,
            REMOVED,
            HIDDEN,
        ))
        .load(c)
}

/// Edits of a member's that bring points, of posts that every reader of their space sees: by space.
pub(super) fn edits(c: &mut Conn, member: i64) -> QueryResult<Vec<(Option<i64>, i64)>> {
    ledger::table
        .filter(ledger::member_id.eq(member))
        .filter(EDITS)
        .group_by(ledger::space_id)
        .select((ledger::space_id, diesel::dsl::count_star()))
        .load(c)
}

/// Threads in which a member wrote anything, once for each post: there they may earn something next.
pub(super) fn wrote_in(c: &mut Conn, member: i64) -> QueryResult<Vec<i64>> {
    posts::table
        .filter(posts::author_id.eq(member))
        .filter(posts::thread_id.is_not_null())
        .select(posts::thread_id.assume_not_null())
        .load(c)
}
