//! What a profile tells of a person: points over time, standing per tag, outcomes, latest posts.
//!
//! Promises: everything counts posts that every reader of the viewer's spaces sees, and is the number of rows behind its
//! link. Ledger and posts are walked through once. What is kept of it is [`super::kept_figures`]'s.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::prelude::*;

use super::earned::{self, Earned};
use super::posted::latest;
use super::profile::{Counts, Posted, counts};
use crate::badges::{self, Held};
use crate::clock::{DAY, Micros};
use crate::db::schema::{posts as post_rows, question_tags, questions, tags as tag_rows};
use crate::db::{Conn, among, known};
use crate::web::Viewer;

/// Tags shown.
const TAGS: usize = 10;
/// Threads whose tags are looked up together.
const CHUNK: usize = 512;

/// What is counted of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Of all that they wrote.
    pub counts: Counts,
    /// By day, its first microsecond in UTC: how many points; oldest first.
    pub points: Vec<(Micros, i64)>,
    /// Most points first.
    pub tags: Vec<TagFigures>,
    /// Their answers that staff endorsed.
    pub endorsed: i64,
    /// Suggested edits of theirs or approved by them that brought points.
    pub edits: i64,
    /// Different members who accepted an answer of theirs.
    pub helped: i64,
    /// Badges earned here.
    pub badges: Vec<Held>,
    /// Their posts, newest first; one more than [`Figures::LATEST`] where there are older ones.
    pub latest: Vec<Posted>,
}

impl Figures {
    /// Posts that a profile shows.
    pub const LATEST: i64 = 20;

    /// Bytes that keeping it takes, about.
    pub(super) fn weight(&self) -> usize {
        let words = self.tags.iter().map(|tag| tag.name.len()).sum::<usize>()
            + self.latest.iter().map(|post| post.title.len()).sum::<usize>();
        size_of::<Figures>()
            + self.points.len() * size_of::<(Micros, i64)>()
            + self.tags.len() * size_of::<TagFigures>()
            + self.badges.len() * size_of::<Held>()
            + self.latest.len() * size_of::<Posted>()
            + words
    }
}

/// What a person did about one tag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagFigures {
    /// The tag.
    pub name: String,
    /// Answers.
    pub answers: i64,
    /// Of those accepted.
    pub accepted: i64,
    /// And endorsed.
    pub endorsed: i64,
    /// Points.
    pub points: i64,
}

known!(
    /// Answers that every reader of their space sees, of questions that stand in lists.
    ANSWER: Answer =
        "(posts.kind = 'answer' AND posts.visibility = 'open' AND posts.deleted_at IS NULL AND posts.merged_into IS NULL \
         AND questions.listed)"
);

/// A post of the person's.
#[derive(Queryable)]
struct Written {
    id: i64,
    endorsed_at: Option<Micros>,
    thread: i64,
    space: i64,
    asker: Option<i64>,
    accepted: Option<i64>,
    /// Whether it is an answer that counts.
    counts: bool,
}

/// Counts anew, and says in which threads it looked: all in which the member wrote or earned something, sorted.
pub(super) fn count(
    c: &mut Conn,
    viewer: &Viewer,
    member: i64,
    spaces: &[i64],
) -> QueryResult<(Figures, Vec<i64>)> {
    let within = |space: Option<i64>| space.is_some_and(|space| spaces.binary_search(&space).is_ok());
    let (earned, written) = (earned::rows(c, member)?, written(c, member)?);
    let mut threads: Vec<i64> = written.iter().map(|post| post.thread).collect();
    threads.extend(earned.iter().filter_map(|row| row.question_id));
    threads.sort_unstable();
    threads.dedup();
    let rows: Vec<&Earned> = earned.iter().filter(|row| row.counts() && within(row.space_id)).collect();
    let answers: Vec<&Written> =
        written.iter().filter(|post| post.counts && within(Some(post.space))).collect();
    let mut points: BTreeMap<Micros, i64> = BTreeMap::new();
    for row in &rows {
        *points.entry(row.at.div_euclid(DAY) * DAY).or_default() += row.points;
    }
    let helped: HashSet<i64> = answers
        .iter()
        .filter(|post| post.is_accepted())
        .filter_map(|post| post.asker)
        .filter(|asker| *asker != member)
        .collect();
    let edits = earned::edits(c, member)?;
    let figures = Figures {
        counts: counts(c, viewer, member)?,
        points: points.into_iter().collect(),
        tags: tags(c, &answers, &rows)?,
        endorsed: answers.iter().filter(|post| post.endorsed_at.is_some()).count() as i64,
        edits: edits.into_iter().filter(|(space, _)| within(*space)).map(|(_, edits)| edits).sum(),
        helped: helped.len() as i64,
        badges: badges::of_person(c, viewer, member)?,
        latest: latest(c, viewer, member, Figures::LATEST + 1)?,
    };
    Ok((figures, threads))
}

impl Written {
    fn is_accepted(&self) -> bool {
        self.accepted == Some(self.id)
    }
}

fn written(c: &mut Conn, member: i64) -> QueryResult<Vec<Written>> {
    post_rows::table
        .inner_join(questions::table.on(post_rows::thread_id.eq(questions::post_id.nullable())))
        .filter(post_rows::author_id.eq(member))
        .select((
            post_rows::id,
            post_rows::endorsed_at,
            questions::post_id,
            questions::space_id,
            questions::author_id,
            questions::accepted_id,
            ANSWER,
        ))
        .load(c)
}

/// What came of the threads of each tag, most points first.
fn tags(c: &mut Conn, answers: &[&Written], rows: &[&Earned]) -> QueryResult<Vec<TagFigures>> {
    let mut by_thread: HashMap<i64, TagFigures> = HashMap::new();
    for post in answers {
        let of = by_thread.entry(post.thread).or_default();
        of.answers += 1;
        of.accepted += i64::from(post.is_accepted());
        of.endorsed += i64::from(post.endorsed_at.is_some());
    }
    for row in rows {
        if let Some(question) = row.question_id {
            by_thread.entry(question).or_default().points += row.points;
        }
    }
    let mut threads: Vec<i64> = by_thread.keys().copied().collect();
    threads.sort_unstable();
    let mut by_tag: HashMap<i64, TagFigures> = HashMap::new();
    for chunk in threads.chunks(CHUNK) {
        let tagged: Vec<(i64, i64)> = question_tags::table
            .filter(among(question_tags::question_id, chunk))
            .select((question_tags::question_id, question_tags::tag_id))
            .load(c)?;
        for (thread, tag) in tagged {
            if let Some(more) = by_thread.get(&thread) {
                by_tag.entry(tag).or_default().add(more);
            }
        }
    }
    let mut tags: Vec<(i64, TagFigures)> =
        by_tag.into_iter().filter(|(_, tag)| tag.answers > 0 || tag.points != 0).collect();
    // Of equals the older tag, so that names are looked up of those alone that are shown.
    tags.sort_unstable_by_key(|(id, tag)| (-tag.points, -tag.accepted, -tag.answers, *id));
    tags.truncate(TAGS);
    let ids: Vec<i64> = tags.iter().map(|(id, _)| *id).collect();
    let names: Vec<(i64, String)> =
        tag_rows::table.filter(among(tag_rows::id, &ids)).select((tag_rows::id, tag_rows::name)).load(c)?;
    let names: HashMap<i64, String> = names.into_iter().collect();
    let named = |(id, tag)| TagFigures { name: names.get(&id).cloned().unwrap_or_default(), ..tag };
    Ok(tags.into_iter().map(named).collect())
}

impl TagFigures {
    fn add(&mut self, more: &TagFigures) {
        self.answers += more.answers;
        self.accepted += more.accepted;
        self.endorsed += more.endorsed;
        self.points += more.points;
    }
}
