//! A member's ledger as a viewer may read it.
//!
//! Promises: a row is shown where `posts::visible` shows its post; all others come as one sum, so that the whole is the
//! member's reputation for everybody; who voted is never told, and on whose post somebody voted down only to themself.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::earned;
use super::kept_figures::ProfileFigures;
use crate::clock::Micros;
use crate::db::schema::{ledger, posts as post_rows, question_tags, questions};
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

/// What a member's ledger sums up to, for whoever reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    sums: Vec<Sum>,
    /// Sums of those among them that are about a post that not everybody sees, or about what may be a comment: few.
    looked_at: Vec<(i64, Sum)>,
}

/// Rows that are shown or not together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sum {
    /// None for what an import credited as a sum.
    space: Option<i64>,
    /// Whether only the member may see it.
    cast: bool,
    points: i64,
    rows: i64,
}

/// A page of a member's ledger, newest first, and on the first page of the whole what stands elsewhere. One row more than
/// asked for when there is a next page. To be read in one snapshot.
pub fn page(
    c: &mut Conn,
    viewer: &Viewer,
    member: (i64, &ProfileFigures),
    filter: &Filter,
    span: &Span<RowKey>,
) -> QueryResult<(Vec<Row>, Option<Elsewhere>)> {
    let (member, kept) = member;
    if filter.counted {
        return Ok((rows(c, viewer, member, filter, &[], span)?, None));
    }
    let overview = kept.overview(c, member)?;
    let further = further(c, viewer, &overview)?;
    let whole = *filter == Filter::default() && span.after.is_none();
    let elsewhere = if whole { elsewhere(c, viewer, member, (&overview, &further))? } else { None };
    Ok((rows(c, viewer, member, filter, &further, span)?, elsewhere))
}

impl Overview {
    /// Bytes that keeping it takes, about.
    pub(super) fn weight(&self) -> usize {
        size_of::<Overview>()
            + size_of::<Sum>() * self.sums.len()
            + size_of::<(i64, Sum)>() * self.looked_at.len()
    }
}

/// Sums a ledger up, and says what happens in which threads may change it, sorted: those it tells of, and those the member wrote in.
pub(super) fn overview(c: &mut Conn, member: i64) -> QueryResult<(Overview, Vec<i64>)> {
    let mut overview = Overview::default();
    let mut looked_at: HashMap<(i64, bool), Sum> = HashMap::new();
    let rows = earned::rows(c, member)?;
    for row in &rows {
        let (space, cast) = (row.space_id.filter(|_| row.post_id.is_some()), row.cast);
        let one = Sum { space, cast, points: row.points, rows: 1 };
        match overview.sums.iter_mut().find(|sum| (sum.space, sum.cast) == (space, cast)) {
            Some(sum) => sum.add(one),
            None => overview.sums.push(one),
        }
        if let Some(post) = row.post_id.filter(|_| row.hidden || row.removed) {
            looked_at.entry((post, cast)).and_modify(|sum| sum.add(one)).or_insert(one);
        }
    }
    overview.looked_at = looked_at.into_iter().map(|((post, _), sum)| (post, sum)).collect();
    let mut threads = earned::wrote_in(c, member)?;
    threads.extend(rows.iter().filter_map(|row| row.question_id));
    threads.sort_unstable();
    threads.dedup();
    Ok((overview, threads))
}

impl Sum {
    fn add(&mut self, more: Sum) {
        self.points += more.points;
        self.rows += more.rows;
    }
}

/// Posts of the ledger that not everybody sees, and the viewer does.
fn further(c: &mut Conn, viewer: &Viewer, overview: &Overview) -> QueryResult<Vec<i64>> {
    let asked: HashSet<i64> = overview.looked_at.iter().map(|(post, _)| *post).collect();
    let asked: Vec<i64> = asked.into_iter().collect();
    let mut seen = Vec::new();
    for chunk in asked.chunks(CHUNK) {
        seen.extend(posts::visible(c, viewer, chunk)?.into_iter().map(|post| post.id));
    }
    Ok(seen)
}

/// The sum of all that is not shown; None where everything is.
fn elsewhere(
    c: &mut Conn,
    viewer: &Viewer,
    member: i64,
    (overview, further): (&Overview, &[i64]),
) -> QueryResult<Option<Elsewhere>> {
    let spaces: HashSet<i64> = enterable(viewer).load(c)?.into_iter().collect();
    let further: HashSet<i64> = further.iter().copied().collect();
    let shown = |sum: &Sum| {
        sum.space.is_some_and(|space| spaces.contains(&space)) && (viewer.id == member || !sum.cast)
    };
    let unseen = overview.sums.iter().filter(|sum| !shown(sum));
    let hidden = overview.looked_at.iter().filter(|(post, sum)| shown(sum) && !further.contains(post));
    let mut rows = 0;
    let mut points = 0;
    for sum in unseen.chain(hidden.map(|(_, sum)| sum)) {
        rows += sum.rows;
        points += sum.points;
    }
    Ok((rows > 0).then_some(Elsewhere { points }))
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
    let query = ledger::table
        .inner_join(post_rows::table.on(ledger::post_id.eq(post_rows::id.nullable())))
        .inner_join(questions::table.on(post_rows::thread_id.eq(questions::post_id.nullable())))
        .filter(ledger::member_id.eq(member))
        .select(columns)
        .into_boxed::<Dialect>();
    let open = questions::space_id.eq_any(enterable(viewer)).and(OPEN);
    let mut query = if further.is_empty() {
        query.filter(open)
    } else {
        query.filter(open.or(among(post_rows::id, further)))
    };
    if viewer.id != member {
        query = query.filter(NOT_CAST);
    }
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
