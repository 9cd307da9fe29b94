//! What a profile counts of a person: points over time, standing per tag, and outcomes.
//!
//! Promises: everything counts posts that every reader of the viewer's spaces sees, and is the number of rows behind its
//! link; what is kept is known by how many facts there are in the log, so that it is never old.

use std::sync::Arc;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, sql_query};
use quick_cache::sync::Cache;

use crate::clock::Micros;
use crate::db::schema::events;
use crate::db::{Conn, dialect};

/// Tags shown.
const TAGS: usize = 10;
/// People whose figures are kept: some kilobytes each.
const KEPT: usize = 2_000;

/// What is counted of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// When, and how many points; oldest first.
    pub points: Vec<(Micros, i64)>,
    /// Most points first.
    pub tags: Vec<TagFigures>,
    /// Their answers that staff endorsed.
    pub endorsed: i64,
    /// Suggested edits of theirs or approved by them that brought points.
    pub edits: i64,
    /// Different members who accepted an answer of theirs.
    pub helped: i64,
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

/// Figures that are kept.
pub struct ProfileFigures(Cache<Key, Arc<Figures>>);

/// Member, spaces, and how many facts there are.
type Key = (i64, Vec<i64>, i64);

impl Default for ProfileFigures {
    fn default() -> ProfileFigures {
        ProfileFigures(Cache::new(KEPT))
    }
}

impl ProfileFigures {
    /// The figures of a member in some spaces, sorted. To be read in one snapshot. Two statements where they are kept.
    pub fn get(&self, c: &mut Conn, member: i64, spaces: Vec<i64>) -> QueryResult<Arc<Figures>> {
        let key = (member, spaces, facts(c)?);
        if let Some(kept) = self.0.get(&key) {
            return Ok(kept);
        }
        let found = Arc::new(count(c, member, &key.1)?);
        self.0.insert(key, found.clone());
        Ok(found)
    }
}

/// How many facts have been committed: nothing that is counted changes without one. On PostgreSQL some may still wait for
/// their position.
fn facts(c: &mut Conn) -> QueryResult<i64> {
    let numbered: Option<i64> = events::table.select(diesel::dsl::max(events::position)).first(c)?;
    let waiting: i64 = if dialect::numbers_at_once(c) {
        0
    } else {
        events::table.filter(events::position.is_null()).count().get_result(c)?
    };
    Ok(numbered.unwrap_or_default() + waiting)
}

/// Posts that every reader of their space sees, of threads that stand in lists.
const OPEN: &str = "posts.visibility = 'open' AND posts.deleted_at IS NULL AND posts.merged_into IS NULL \
                    AND posts.kind <> 'comment' AND questions.listed";
/// Rows that count: `ledger` joined with its post and question.
const COUNTED: &str = "FROM ledger JOIN posts ON posts.id = ledger.post_id \
                       JOIN questions ON questions.post_id = posts.thread_id";

#[derive(QueryableByName)]
struct Point {
    #[diesel(sql_type = BigInt)]
    at: i64,
    #[diesel(sql_type = BigInt)]
    points: i64,
}

#[derive(QueryableByName)]
struct Tagged {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    answers: i64,
    #[diesel(sql_type = BigInt)]
    accepted: i64,
    #[diesel(sql_type = BigInt)]
    endorsed: i64,
    #[diesel(sql_type = BigInt)]
    points: i64,
}

#[derive(QueryableByName)]
struct Totals {
    #[diesel(sql_type = BigInt)]
    endorsed: i64,
    #[diesel(sql_type = BigInt)]
    edits: i64,
    #[diesel(sql_type = BigInt)]
    helped: i64,
}

/// Counts anew, in three statements. What is written into them are numbers.
fn count(c: &mut Conn, member: i64, spaces: &[i64]) -> QueryResult<Figures> {
    if spaces.is_empty() {
        return Ok(Figures::default());
    }
    let spaces: Vec<String> = spaces.iter().map(i64::to_string).collect();
    let open = format!("{OPEN} AND questions.space_id IN ({})", spaces.join(", "));
    let rows = format!(
        "{COUNTED} WHERE ledger.member_id = {member} AND ledger.reason NOT IN ('down-cast', 'removed') AND {open}"
    );
    let points: Vec<Point> = sql_query(format!(
        "SELECT ledger.given_at AS at, ledger.points AS points {rows} ORDER BY ledger.given_at, ledger.id"
    ))
    .load(c)?;
    let answers = format!(
        "FROM posts JOIN questions ON questions.post_id = posts.thread_id \
         WHERE posts.author_id = {member} AND posts.kind = 'answer' AND {open}"
    );
    let totals: Totals = sql_query(format!(
        "SELECT (SELECT count(*) {answers} AND posts.endorsed_at IS NOT NULL) AS endorsed, \
         (SELECT count(*) {rows} AND ledger.reason = 'edit' AND ledger.base_id IS NULL AND ledger.state = 'given') AS edits, \
         (SELECT count(DISTINCT questions.author_id) {answers} AND questions.accepted_id = posts.id \
          AND questions.author_id <> posts.author_id) AS helped"
    ))
    .get_result(c)?;
    Ok(Figures {
        points: points.into_iter().map(|row| (row.at, row.points)).collect(),
        tags: tags(c, &answers, &rows)?,
        endorsed: totals.endorsed,
        edits: totals.edits,
        helped: totals.helped,
    })
}

fn tags(c: &mut Conn, answers: &str, rows: &str) -> QueryResult<Vec<TagFigures>> {
    let tagged = "JOIN question_tags ON question_tags.question_id = found.thread_id \
                  JOIN tags ON tags.id = question_tags.tag_id GROUP BY tags.name";
    let sum = |column: &str| format!("CAST(sum(found.{column}) AS BIGINT) AS {column}");
    let found: Vec<Tagged> = sql_query(format!(
        "SELECT tags.name AS name, {}, {}, {}, {} FROM (\
           SELECT posts.thread_id, 1 AS answers, CASE WHEN questions.accepted_id = posts.id THEN 1 ELSE 0 END AS accepted, \
                  CASE WHEN posts.endorsed_at IS NULL THEN 0 ELSE 1 END AS endorsed, 0 AS points {answers} \
           UNION ALL SELECT posts.thread_id, 0, 0, 0, ledger.points {rows}\
         ) AS found {tagged}",
        sum("answers"),
        sum("accepted"),
        sum("endorsed"),
        sum("points"),
    ))
    .load(c)?;
    let mut tags: Vec<TagFigures> = found
        .into_iter()
        .map(|Tagged { name, answers, accepted, endorsed, points }| TagFigures {
            name,
            answers,
            accepted,
            endorsed,
            points,
        })
        .filter(|tag| tag.answers > 0 || tag.points != 0)
        .collect();
    tags.sort_by(|one, other| {
        let key = |tag: &TagFigures| (-tag.points, -tag.accepted, -tag.answers);
        key(one).cmp(&key(other)).then_with(|| one.name.cmp(&other.name))
    });
    tags.truncate(TAGS);
    Ok(tags)
}
