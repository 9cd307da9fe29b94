//! A member's ledger as a viewer may read it.
//!
//! Promises: a row is shown where `posts::visible` shows its post; all others come as one sum, so that the whole is the
//! member's reputation for everybody; who voted is never told, and on whose post somebody voted down only to themself.

use std::collections::HashSet;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};

use crate::clock::Micros;
use crate::db::schema::{ledger, members, posts as post_rows, question_tags, questions};
use crate::db::{Conn, Dialect, Fixed, among, fixed};
use crate::posts;
use crate::reputation::Reason;
use crate::spaces::enterable;
use crate::web::Viewer;
use crate::web::cursor::Span;

/// Posts that every reader of their space sees. Comments are looked at by themselves, because what they stand under decides.
const OPEN: Fixed = fixed(
    "posts.visibility = 'open' AND posts.deleted_at IS NULL AND posts.merged_into IS NULL \
     AND posts.kind <> 'comment' AND questions.listed",
);
const NOT_OPEN: Fixed = fixed(
    "(posts.visibility <> 'open' OR posts.deleted_at IS NOT NULL OR posts.merged_into IS NOT NULL \
     OR posts.kind = 'comment' OR NOT questions.listed)",
);
/// What leaderboards and profiles count besides: outcomes of one's own posts and choices.
const COUNTED: Fixed = fixed("ledger.reason NOT IN ('down-cast', 'removed')");
const NOT_CAST: Fixed = fixed("ledger.reason <> 'down-cast'");
const STANDS: Fixed = fixed("ledger.base_id IS NULL AND ledger.state = 'given'");
/// Posts looked at together.
const CHUNK: usize = 200;

/// The key of the list: when, and the row.
pub type RowKey = (Micros, i64);

/// Which rows are wanted; nothing for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this reason.
    pub reason: Option<Reason>,
    /// About posts of this space.
    pub space_id: Option<i64>,
    /// About posts in threads with this tag.
    pub tag_id: Option<i64>,
    /// From this moment on.
    pub from: Option<Micros>,
    /// Before this moment.
    pub until: Option<Micros>,
    /// Only what leaderboards and profiles count: about posts that every reader of their space sees.
    pub counted: bool,
    /// Only rows whose outcome stands.
    pub standing: bool,
}

/// A row about a post that the viewer may open.
#[derive(Clone, Debug, Queryable)]
pub struct Row {
    /// The row.
    pub id: i64,
    /// What it adds.
    pub points: i64,
    /// As stored.
    pub reason: String,
    /// About which post.
    pub post_id: i64,
    /// The row that it takes back.
    pub reverses: Option<i64>,
    /// When.
    pub at: Micros,
    /// What the post is, as stored.
    pub kind: String,
    /// The post's question.
    pub question_id: i64,
    /// The question's title.
    pub title: String,
}

/// What is about posts that the viewer may not open, or tells of whom they may not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The sum.
    pub points: i64,
}

/// A page of a member's ledger, newest first, and on the first page of the whole what stands elsewhere. One row more than
/// asked for when there is a next page. To be read in one snapshot.
pub fn page(
    c: &mut Conn,
    viewer: &Viewer,
    member: i64,
    filter: &Filter,
    span: &Span<RowKey>,
) -> QueryResult<(Vec<Row>, Option<Elsewhere>)> {
    let further = if filter.counted { Vec::new() } else { further(c, viewer, member)? };
    let whole = *filter == Filter::default() && span.after.is_none();
    let elsewhere = if whole { elsewhere(c, viewer, member, &further)? } else { None };
    Ok((rows(c, viewer, member, filter, &further, span)?, elsewhere))
}

/// The rows of `member` that the viewer may see; `$columns` decide what is read of them.
macro_rules! shown {
    ($viewer:expr, $member:expr, $further:expr, $columns:expr) => {{
        let shown = ledger::table
            .inner_join(post_rows::table.on(ledger::post_id.eq(post_rows::id.nullable())))
            .inner_join(questions::table.on(post_rows::thread_id.eq(questions::post_id.nullable())))
            .filter(ledger::member_id.eq($member))
            .select($columns)
            .into_boxed::<Dialect>();
        let shown = if $further.is_empty() {
            shown.filter(OPEN).filter(questions::space_id.eq_any(enterable($viewer)))
        } else {
            let open = questions::space_id.eq_any(enterable($viewer)).and(OPEN);
            shown.filter(open.or(among(post_rows::id, $further)))
        };
        if $viewer.id == $member { shown } else { shown.filter(NOT_CAST) }
    }};
}

fn rows(
    c: &mut Conn,
    viewer: &Viewer,
    member: i64,
    filter: &Filter,
    further: &[i64],
    span: &Span<RowKey>,
) -> QueryResult<Vec<Row>> {
    let columns = (
        ledger::id,
        ledger::points,
        ledger::reason,
        post_rows::id,
        ledger::reverses,
        ledger::given_at,
        post_rows::kind,
        questions::post_id,
        questions::title,
    );
    let mut query = shown!(viewer, member, further, columns);
    if filter.counted {
        query = query.filter(COUNTED);
    }
    if filter.standing {
        query = query.filter(STANDS);
    }
    if let Some(reason) = filter.reason {
        query = query.filter(ledger::reason.eq(reason.as_str()));
    }
    if let Some(space) = filter.space_id {
        query = query.filter(questions::space_id.eq(space));
    }
    if let Some(tag) = filter.tag_id {
        let tagged =
            question_tags::table.filter(question_tags::tag_id.eq(tag)).select(question_tags::question_id);
        query = query.filter(questions::post_id.eq_any(tagged));
    }
    if let Some(from) = filter.from {
        query = query.filter(ledger::given_at.ge(from));
    }
    if let Some(until) = filter.until {
        query = query.filter(ledger::given_at.lt(until));
    }
    if let Some((at, id)) = span.after {
        query = query.filter(ledger::given_at.le(at)).filter(ledger::given_at.lt(at).or(ledger::id.lt(id)));
    }
    query.order((ledger::given_at.desc(), ledger::id.desc())).limit(span.fetch()).load(c)
}

fn elsewhere(c: &mut Conn, viewer: &Viewer, member: i64, further: &[i64]) -> QueryResult<Option<Elsewhere>> {
    let sum = sql::<(Nullable<BigInt>, BigInt)>("CAST(sum(ledger.points) AS BIGINT), count(*)");
    let (seen, rows): (Option<i64>, i64) = shown!(viewer, member, further, sum).first(c)?;
    let reputation: i64 = members::table.find(member).select(members::reputation).first(c)?;
    let all: i64 = ledger::table.filter(ledger::member_id.eq(member)).count().get_result(c)?;
    Ok((all > rows).then(|| Elsewhere { points: reputation - seen.unwrap_or_default() }))
}

/// Posts of a member's ledger that not everybody sees, and the viewer does. There are few.
fn further(c: &mut Conn, viewer: &Viewer, member: i64) -> QueryResult<Vec<i64>> {
    let asked: Vec<i64> = ledger::table
        .inner_join(post_rows::table.on(ledger::post_id.eq(post_rows::id.nullable())))
        .inner_join(questions::table.on(post_rows::thread_id.eq(questions::post_id.nullable())))
        .filter(ledger::member_id.eq(member))
        .filter(NOT_OPEN)
        .filter(questions::space_id.eq_any(enterable(viewer)))
        .select(post_rows::id)
        .load(c)?;
    let asked: Vec<i64> = asked.into_iter().collect::<HashSet<i64>>().into_iter().collect();
    let mut seen = Vec::new();
    for chunk in asked.chunks(CHUNK) {
        seen.extend(posts::visible(c, viewer, chunk)?.into_iter().map(|post| post.id));
    }
    Ok(seen)
}
