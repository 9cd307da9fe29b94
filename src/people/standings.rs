//! Who earned most, counted for a set of spaces, a tag, a space and a period.
//!
//! Promises: what is counted is about posts that every reader of those spaces sees; it is counted at most once a minute for
//! each set, by one of those who ask, and kept within a bound; it says when. The set of spaces is the viewer's at each
//! request, so nothing crosses from one scope to another.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use diesel::{QueryableByName, sql_query};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::period::Period;
use crate::clock::{MINUTE, Micros};
use crate::db::Conn;

/// Members in all that are kept: 32 bytes each.
const KEPT: u64 = 500_000;

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Wanted {
    /// The spaces the viewer may enter, or the one of them that was asked for; sorted.
    pub spaces: Vec<i64>,
    /// Whether these are all that there are.
    pub everywhere: bool,
    /// Only threads with this tag.
    pub tag_id: Option<i64>,
    /// How far back.
    pub period: Period,
}

/// Somebody who earned something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earned {
    /// The member.
    pub member: i64,
    /// Points, above zero.
    pub points: i64,
    /// Their answers that others accepted.
    pub accepted: i64,
    /// Different members who accepted one.
    pub helped: i64,
}

/// A count that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// When.
    pub at: Micros,
    /// Most points first, then by member.
    pub earned: Vec<Earned>,
}

/// Counts that are kept.
pub struct Standings(Cache<Key, Arc<Counted>, Heads>);

/// With the minute it was counted in.
type Key = (Wanted, i64);

#[derive(Clone)]
struct Heads;

impl Weighter<Key, Arc<Counted>> for Heads {
    fn weight(&self, _: &Key, counted: &Arc<Counted>) -> u64 {
        counted.earned.len() as u64 + 10
    }
}

impl Default for Standings {
    fn default() -> Standings {
        Standings(Cache::with_weighter(1_000, KEPT, Heads))
    }
}

impl Standings {
    /// The count of this minute; `count` makes it where there is none, and runs once however many ask.
    ///
    /// # Errors
    /// What `count` fails with.
    pub async fn get<E>(
        &self,
        wanted: Wanted,
        now: Micros,
        count: impl AsyncFnOnce(Wanted) -> Result<Counted, E>,
    ) -> Result<Arc<Counted>, E> {
        let key = (wanted.clone(), now.div_euclid(MINUTE));
        match self.0.get_value_or_guard_async(&key).await {
            Ok(kept) => Ok(kept),
            Err(guard) => {
                let counted = Arc::new(count(wanted).await?);
                // Refused only where it was removed meanwhile.
                let _ = guard.insert(counted.clone());
                Ok(counted)
            }
        }
    }
}

/// Counts.
pub fn count(c: &mut Conn, wanted: &Wanted, now: Micros) -> QueryResult<Counted> {
    if wanted.spaces.is_empty() {
        return Ok(Counted { at: now, earned: Vec::new() });
    }
    let words = Words::of(wanted, now);
    let mut points = earned(c, &words)?;
    for row in not_counted(c, &words)? {
        if let Some(sum) = points.get_mut(&row.member) {
            *sum -= row.points;
        }
    }
    let unranked: HashSet<i64> = unranked(c, now)?;
    let outcomes = accepted(c, &words)?;
    let mut earned: Vec<Earned> = points
        .into_iter()
        .filter(|(member, points)| *points > 0 && !unranked.contains(member))
        .map(|(member, points)| {
            let (accepted, helped) = outcomes.get(&member).copied().unwrap_or_default();
            Earned { member, points, accepted, helped }
        })
        .collect();
    earned.sort_unstable_by_key(|one| (-one.points, one.member));
    Ok(Counted { at: now, earned })
}

/// Conditions written out: all are numbers, and each count is planned for what it asks.
struct Words {
    spaces: String,
    begin: Option<Micros>,
    tag: Option<i64>,
    /// Whether most of all rows are counted: they come by member then, as the index of members' ledgers has them, in place of
    /// being sorted by member.
    most: bool,
}

impl Words {
    fn of(wanted: &Wanted, now: Micros) -> Words {
        let spaces: Vec<String> = wanted.spaces.iter().map(i64::to_string).collect();
        let long = matches!(wanted.period, Period::Year | Period::All);
        Words {
            spaces: spaces.join(", "),
            begin: wanted.period.begin(now),
            tag: wanted.tag_id,
            most: wanted.everywhere && long && wanted.tag_id.is_none(),
        }
    }

    /// Rows of the ledger in these spaces and this time; `free` where another index than that of spaces is to find them.
    fn of_ledger(&self, free: bool) -> String {
        let plus = if free { "+" } else { "" };
        format!("{plus}ledger.space_id IN ({}){}", self.spaces, self.since("ledger.given_at"))
    }

    fn since(&self, moment: &str) -> String {
        self.begin.map_or_else(String::new, |begin| format!(" AND {moment} >= {begin}"))
    }

    /// A table, where a tag was asked for found from that tag's questions: those are few. SQLite keeps the order of a cross join,
    /// and a plus before a column keeps it from any other index.
    fn tagged(&self, from: &str, question: &str) -> String {
        match self.tag {
            None => format!("{from} WHERE "),
            Some(tag) => format!(
                "question_tags CROSS JOIN {from} WHERE question_tags.tag_id = {tag} \
                 AND {question} = question_tags.question_id AND "
            ),
        }
    }

    /// The column by which rows are found where no tag was asked for.
    fn space(&self, column: &str) -> String {
        if self.tag.is_some() { format!("+{column}") } else { column.to_owned() }
    }

    /// Only with the tag, where one was asked for: for what is few already.
    fn and_tagged(&self, question: &str) -> String {
        self.tag.map_or_else(String::new, |tag| {
            format!(
                " AND EXISTS (SELECT 1 FROM question_tags WHERE question_tags.question_id = {question} \
                 AND question_tags.tag_id = {tag})"
            )
        })
    }
}

#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = BigInt)]
    member: i64,
    #[diesel(sql_type = BigInt)]
    points: i64,
}

fn earned(c: &mut Conn, words: &Words) -> QueryResult<HashMap<i64, i64>> {
    let rows: Vec<Sum> = sql_query(format!(
        "SELECT ledger.member_id AS member, CAST(sum(ledger.points) AS BIGINT) AS points FROM {}{} GROUP BY ledger.member_id",
        words.tagged("ledger", "ledger.question_id"),
        words.of_ledger(words.most || words.tag.is_some()),
    ))
    .load(c)?;
    Ok(rows.into_iter().map(|row| (row.member, row.points)).collect())
}

/// The few rows among them that do not count: about posts that not everybody sees, and of no outcome of one's own.
fn not_counted(c: &mut Conn, words: &Words) -> QueryResult<Vec<Sum>> {
    let (of_ledger, tagged) = (words.of_ledger(false), words.and_tagged("ledger.question_id"));
    let found = words.of_ledger(true);
    // From what is few, never from the ledger: SQLite keeps the order of a cross join.
    // Each row once, though it may not count for several reasons. Comments bring nothing but a removal.
    sql_query(format!(
        "SELECT member, CAST(sum(points) AS BIGINT) AS points FROM (\
           SELECT ledger.id, ledger.member_id AS member, ledger.points FROM ledger \
           WHERE ledger.reason IN ('down-cast', 'removed') AND {of_ledger}{tagged} \
           UNION \
           SELECT ledger.id, ledger.member_id, ledger.points FROM posts CROSS JOIN ledger \
           WHERE ledger.question_id = posts.thread_id AND ledger.post_id = posts.id \
             AND (posts.visibility <> 'open' OR posts.deleted_at IS NOT NULL OR posts.merged_into IS NOT NULL) \
             AND {found}{tagged} \
           UNION \
           SELECT ledger.id, ledger.member_id, ledger.points FROM questions CROSS JOIN ledger \
           WHERE ledger.question_id = questions.post_id AND NOT questions.listed AND {found}{tagged}\
         ) AS few GROUP BY member"
    ))
    .load(c)
}

#[derive(QueryableByName)]
struct Accepted {
    #[diesel(sql_type = BigInt)]
    member: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    asker: Option<i64>,
}

/// Answers that others accepted in this time, and how many different members did. Counted here: a database would sort them.
fn accepted(c: &mut Conn, words: &Words) -> QueryResult<HashMap<i64, (i64, i64)>> {
    let rows: Vec<Accepted> = sql_query(format!(
        "SELECT posts.author_id AS member, questions.author_id AS asker \
         FROM {}posts.id = questions.accepted_id \
           AND questions.accepted_id IS NOT NULL AND {} IN ({}){} \
           AND questions.listed AND posts.visibility = 'open' AND posts.deleted_at IS NULL \
           AND posts.merged_into IS NULL AND posts.author_id IS NOT NULL \
           AND (questions.author_id IS NULL OR questions.author_id <> posts.author_id)",
        words.tagged("questions CROSS JOIN posts", "questions.post_id"),
        words.space("questions.space_id"),
        words.spaces,
        words.since("questions.accepted_at"),
    ))
    .load(c)?;
    let mut outcomes: HashMap<i64, (i64, i64)> = HashMap::new();
    let mut pairs: HashSet<(i64, i64)> = HashSet::new();
    for Accepted { member, asker } in rows {
        let (accepted, helped) = outcomes.entry(member).or_default();
        *accepted += 1;
        *helped += i64::from(asker.is_some_and(|asker| pairs.insert((member, asker))));
    }
    Ok(outcomes)
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Who has no place: those who run the hall, and those who are not among its members now.
fn unranked(c: &mut Conn, now: Micros) -> QueryResult<HashSet<i64>> {
    let rows: Vec<Id> = sql_query(format!(
        "SELECT id FROM members WHERE (kind = 'system' OR role IN ('staff', 'admin') OR merged_into IS NOT NULL \
         OR state IN ('forgotten', 'suspended')) \
         AND (state <> 'suspended' OR suspended_until IS NULL OR suspended_until > {now} \
         OR kind = 'system' OR role IN ('staff', 'admin') OR merged_into IS NOT NULL)"
    ))
    .load(c)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
