//! What members solved, and what it brought them, in the tags of one question or of one member.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use super::facts;
use super::rules::YEAR;
use crate::clock::Micros;
use crate::db::schema::question_tags;
use crate::db::{Conn, on};

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    subject: i64,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Whether an answer of a member was accepted or endorsed within a year in a tag of this question.
pub(super) fn solved_any(c: &mut Conn, member: i64, question: i64, now: Micros) -> QueryResult<bool> {
    let tags: Vec<i64> = question_tags::table
        .filter(question_tags::question_id.eq(question))
        .select(question_tags::tag_id)
        .load(c)?;
    Ok(facts::of_member(c, member, now)?.iter().any(|(tag, _)| tags.contains(tag)))
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
    let seen = "posts.kind = 'answer' AND posts.visibility = 'open' AND posts.deleted_at IS NULL \
                AND posts.merged_into IS NULL AND posts.author_id IS NOT NULL AND questions.listed";
    let query = format!(
        "SELECT member_id AS subject, count(*) AS n FROM (\
           SELECT posts.id, posts.author_id AS member_id FROM {beside} JOIN posts ON posts.id = questions.accepted_id \
           WHERE own.question_id = $1 AND other.created_at > $2 AND {seen} \
             AND (questions.author_id IS NULL OR questions.author_id <> posts.author_id) \
           UNION \
           SELECT posts.id, posts.author_id FROM {beside} JOIN posts ON posts.thread_id = questions.post_id \
           WHERE own.question_id = $1 AND other.created_at > $2 AND questions.endorsed > 0 \
             AND posts.endorsed_at IS NOT NULL AND {seen} \
             AND (posts.endorsed_by IS NULL OR posts.endorsed_by <> posts.author_id)\
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
