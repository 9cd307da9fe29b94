//! What members solved, and what it brought them, in the tags of one question or of one member.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool};

use super::facts::{ACCEPTED, ENDORSED, SEEN, won_by_one};
use super::rules::YEAR;
use crate::clock::Micros;
use crate::db::{Conn, on};

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    subject: i64,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(QueryableByName)]
struct Knows {
    #[diesel(sql_type = Bool)]
    knows: bool,
}

/// Whether a member may be on a question and hand it over for what they know: a guru of one of its tags, or an answer of
/// theirs was accepted or endorsed there within a year.
pub fn knows(c: &mut Conn, member: i64, question: i64, now: Micros) -> QueryResult<bool> {
    let won = won_by_one("$1", "$3");
    let query = format!(
        "SELECT CASE WHEN EXISTS (\
           SELECT 1 FROM question_tags JOIN guru_standings ON guru_standings.tag_id = question_tags.tag_id \
           WHERE guru_standings.member_id = $1 AND question_tags.question_id = $2 \
             AND guru_standings.state IN ('active', 'paused')\
         ) THEN TRUE ELSE EXISTS (\
           SELECT 1 FROM ({won}) AS won JOIN question_tags AS theirs ON theirs.question_id = won.question_id \
           JOIN question_tags AS its ON its.tag_id = theirs.tag_id WHERE its.question_id = $2\
         ) END AS knows"
    );
    let row: Knows = on!(c, |c| sql_query(query)
        .bind::<BigInt, _>(member)
        .bind::<BigInt, _>(question)
        .bind::<BigInt, _>(now - YEAR)
        .get_result(c))?;
    Ok(row.knows)
}

/// A member's points within a year by the tags of the questions they came from.
pub(super) fn points_by_tag(c: &mut Conn, member: i64, now: Micros) -> QueryResult<HashMap<i64, i64>> {
    let query = "SELECT question_tags.tag_id AS subject, CAST(sum(ledger.points) AS BIGINT) AS n FROM ledger \
                 JOIN question_tags ON question_tags.question_id = ledger.question_id \
                 WHERE ledger.member_id = $1 AND ledger.given_at > $2 GROUP BY question_tags.tag_id";
    let rows: Vec<Counted> =
        on!(c, |c| sql_query(query).bind::<BigInt, _>(member).bind::<BigInt, _>(now - YEAR).load(c))?;
    Ok(rows.into_iter().map(|row| (row.subject, row.n)).collect())
}

/// Who solved most in the tags of a question, among questions asked within a year: member and number of answers.
pub(super) fn solvers(c: &mut Conn, question: i64, most: i64, now: Micros) -> QueryResult<Vec<(i64, i64)>> {
    let beside = "question_tags AS own JOIN question_tags AS other ON other.tag_id = own.tag_id \
                  JOIN questions ON questions.post_id = other.question_id";
    let query = format!(
        "SELECT member_id AS subject, count(*) AS n FROM (\
           SELECT posts.id, posts.author_id AS member_id FROM {beside} JOIN posts ON posts.id = questions.accepted_id \
           WHERE own.question_id = $1 AND other.created_at > $2 AND {SEEN} \
             AND {ACCEPTED} \
           UNION \
           SELECT posts.id, posts.author_id FROM {beside} JOIN posts ON posts.thread_id = questions.post_id \
           WHERE own.question_id = $1 AND other.created_at > $2 AND questions.endorsed > 0 \
             AND posts.endorsed_at IS NOT NULL AND {SEEN} \
             AND {ENDORSED}\
         ) AS won GROUP BY member_id ORDER BY count(*) DESC, member_id LIMIT $3"
    );
    let rows: Vec<Counted> = on!(c, |c| sql_query(query)
        .bind::<BigInt, _>(question)
        .bind::<BigInt, _>(now - YEAR)
        .bind::<BigInt, _>(most)
        .load(c))?;
    Ok(rows.into_iter().map(|row| (row.subject, row.n)).collect())
}

/// The points of these members within a year from questions that share a tag with this one.
pub(super) fn points_beside(
    c: &mut Conn,
    members: &[i64],
    question: i64,
    now: Micros,
) -> QueryResult<HashMap<i64, i64>> {
    if members.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<String> = members.iter().map(i64::to_string).collect();
    let query = format!(
        "SELECT ledger.member_id AS subject, CAST(sum(ledger.points) AS BIGINT) AS n FROM ledger \
         WHERE ledger.given_at > $1 AND ledger.member_id IN ({}) AND EXISTS (\
           SELECT 1 FROM question_tags AS other JOIN question_tags AS own ON own.tag_id = other.tag_id \
           WHERE other.question_id = ledger.question_id AND own.question_id = $2) \
         GROUP BY ledger.member_id",
        ids.join(", ")
    );
    let rows: Vec<Counted> =
        on!(c, |c| sql_query(query).bind::<BigInt, _>(now - YEAR).bind::<BigInt, _>(question).load(c))?;
    Ok(rows.into_iter().map(|row| (row.subject, row.n)).collect())
}
