//! What a profile counts of a person: points over time, standing per tag, and outcomes.
//!
//! Promises: everything counts posts that every reader of the viewer's spaces sees, and is the number of rows behind its
//! link. What is kept of it is [`super::kept_figures`]'s.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, sql_query};

use crate::badges::{self, Held};
use crate::clock::{DAY, Micros};
use crate::db::Conn;
use crate::web::Viewer;

/// Tags shown.
const TAGS: usize = 10;

/// What is counted of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
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
struct Thread {
    #[diesel(sql_type = BigInt)]
    id: i64,
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

/// Counts anew, and says in which threads it looked: all in which the member wrote or earned something, sorted. What is
/// written into the statements are numbers.
pub(super) fn count(
    c: &mut Conn,
    viewer: &Viewer,
    member: i64,
    spaces: &[i64],
) -> QueryResult<(Figures, Vec<i64>)> {
    let badges = badges::of_person(c, viewer, member)?;
    let threads: Vec<Thread> = sql_query(format!(
        "SELECT thread_id AS id FROM posts WHERE author_id = {member} AND thread_id IS NOT NULL \
         UNION SELECT question_id FROM ledger WHERE member_id = {member} AND question_id IS NOT NULL ORDER BY 1"
    ))
    .load(c)?;
    let threads = threads.into_iter().map(|thread| thread.id).collect();
    if spaces.is_empty() {
        return Ok((Figures { badges, ..Figures::default() }, threads));
    }
    let spaces: Vec<String> = spaces.iter().map(i64::to_string).collect();
    let open = format!("{OPEN} AND questions.space_id IN ({})", spaces.join(", "));
    let rows = format!(
        "{COUNTED} WHERE ledger.member_id = {member} AND ledger.reason NOT IN ('down-cast', 'removed') AND {open}"
    );
    let points: Vec<Point> = sql_query(format!(
        "SELECT ledger.given_at / {DAY} * {DAY} AS at, CAST(sum(ledger.points) AS BIGINT) AS points {rows} GROUP BY 1 ORDER BY 1"
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
    let figures = Figures {
        points: points.into_iter().map(|row| (row.at, row.points)).collect(),
        tags: tags(c, &answers, &rows)?,
        endorsed: totals.endorsed,
        edits: totals.edits,
        helped: totals.helped,
        badges,
    };
    Ok((figures, threads))
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
