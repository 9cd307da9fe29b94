//! What a guru achieved in a span of time, such as a month: outcomes, not acts.

use diesel::dsl::count;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};

use crate::clock::Micros;
use crate::db::schema::{guru_standings as rows, posts, question_readers, questions, tags};
use crate::db::{Conn, fixed, on};

/// What was achieved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Month {
    /// Answers written.
    pub answers: i64,
    /// Answers accepted by others in that time, whenever they were written.
    pub accepted: i64,
    /// Answers endorsed by others in that time.
    pub endorsed: i64,
    /// People whose question got its accepted answer from them.
    pub helped: i64,
    /// Members who opened a question with an answer of theirs, as far as they were not there again since.
    pub readers: i64,
    /// Points by reason, most first; what was taken back is taken off.
    pub points: Vec<(String, i64)>,
    /// The tags where they are a guru.
    pub tags: Vec<String>,
}

impl Month {
    /// Whether there is nothing to tell of.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.answers == 0
            && self.accepted == 0
            && self.endorsed == 0
            && self.readers == 0
            && self.points.iter().all(|(_, n)| *n == 0)
    }
}

#[derive(QueryableByName)]
struct Points {
    #[diesel(sql_type = Text)]
    reason: String,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// The tags where a member is a guru.
pub fn in_months(c: &mut Conn, member: i64) -> QueryResult<Vec<String>> {
    rows::table
        .inner_join(tags::table)
        .filter(rows::member_id.eq(member))
        .filter(fixed("guru_standings.state IN ('active', 'paused')"))
        .order(tags::name)
        .select(tags::name)
        .load(c)
}

/// What a member achieved from one moment until before another.
pub fn achieved(c: &mut Conn, member: i64, from: Micros, until: Micros) -> QueryResult<Month> {
    let answers: i64 = posts::table
        .filter(posts::author_id.eq(member))
        .filter(posts::created_at.ge(from))
        .filter(posts::created_at.lt(until))
        .filter(posts::kind.eq("answer"))
        .filter(posts::visibility.eq("open"))
        .filter(posts::deleted_at.is_null())
        .count()
        .get_result(c)?;
    type Won = (Option<i64>, Option<Micros>, Option<i64>, i64, Option<Micros>, Option<i64>);
    let won: Vec<Won> = posts::table
        .inner_join(questions::table.on(posts::thread_id.eq(questions::post_id.nullable())))
        .filter(posts::author_id.eq(member))
        .filter(posts::kind.eq("answer"))
        .filter(posts::visibility.eq("open"))
        .filter(posts::deleted_at.is_null())
        .filter(
            questions::accepted_id
                .eq(posts::id.nullable())
                .assume_not_null()
                .or(posts::endorsed_at.ge(from).assume_not_null()),
        )
        .select((
            questions::accepted_id,
            questions::accepted_at,
            questions::author_id,
            posts::id,
            posts::endorsed_at,
            posts::endorsed_by,
        ))
        .load(c)?;
    let within = |at: Option<Micros>| at.is_some_and(|at| (from..until).contains(&at));
    let (mut accepted, mut endorsed) = (0, 0);
    let mut askers: Vec<i64> = Vec::new();
    for (chosen, chosen_at, asker, id, endorsed_at, endorsed_by) in won {
        if chosen == Some(id) && within(chosen_at) && asker != Some(member) {
            accepted += 1;
            askers.extend(asker);
        }
        if within(endorsed_at) && endorsed_by != Some(member) {
            endorsed += 1;
        }
    }
    askers.sort_unstable();
    askers.dedup();
    let readers: i64 = question_readers::table
        .inner_join(posts::table.on(posts::thread_id.eq(question_readers::question_id.nullable())))
        .filter(posts::author_id.eq(member))
        .filter(posts::kind.eq("answer"))
        .filter(posts::visibility.eq("open"))
        .filter(posts::deleted_at.is_null())
        .filter(question_readers::read_at.ge(from))
        .filter(question_readers::read_at.lt(until))
        .filter(question_readers::read_at.ge(posts::created_at))
        .filter(question_readers::member_id.ne(member))
        .select(count(question_readers::member_id).aggregate_distinct())
        .first(c)?;
    let query = "SELECT reason, CAST(sum(points) AS BIGINT) AS n FROM ledger \
                 WHERE member_id = $1 AND given_at >= $2 AND given_at < $3 \
                 GROUP BY reason ORDER BY sum(points) DESC, reason";
    let points: Vec<Points> = on!(c, |c| sql_query(query)
        .bind::<BigInt, _>(member)
        .bind::<BigInt, _>(from)
        .bind::<BigInt, _>(until)
        .load(c))?;
    Ok(Month {
        answers,
        accepted,
        endorsed,
        helped: askers.len() as i64,
        readers,
        points: points.into_iter().map(|row| (row.reason, row.n)).filter(|(_, n)| *n != 0).collect(),
        tags: in_months(c, member)?,
    })
}
