//! What members showed in tags within a year, counted from posts and ledger: of one member in one tag, of one member in all
//! tags, of everybody who may have shown enough.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use super::rules::{Facts, YEAR};
use crate::clock::Micros;
use crate::db::{Conn, on};

/// What one member showed in one tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, QueryableByName)]
pub(super) struct Shown {
    #[diesel(sql_type = BigInt)]
    pub(super) member_id: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) tag_id: i64,
    #[diesel(sql_type = BigInt)]
    answers: i64,
    #[diesel(sql_type = BigInt)]
    good: i64,
    #[diesel(sql_type = BigInt)]
    bad: i64,
}

impl Shown {
    pub(super) fn facts(&self) -> Facts {
        Facts { answers: self.answers, good: self.good, bad: self.bad }
    }
}

/// Answers that every reader of their space sees, by members, in listed questions.
pub(super) const SEEN: &str = "posts.kind = 'answer' AND posts.visibility = 'open' AND posts.deleted_at IS NULL \
                               AND posts.merged_into IS NULL AND posts.author_id IS NOT NULL AND questions.listed";

/// An acceptance or endorsement counts where it brought its author something that still stands. So the ledger's rule holds
/// here, too: nobody raises themselves, and members of one organisation do not raise each other.
pub(super) const ACCEPTED: &str = "EXISTS (SELECT 1 FROM ledger WHERE ledger.post_id = posts.id \
                                   AND ledger.base_id IS NULL AND ledger.state = 'given' AND ledger.reason = 'accepted')";
/// See [`ACCEPTED`].
pub(super) const ENDORSED: &str = "EXISTS (SELECT 1 FROM ledger WHERE ledger.post_id = posts.id \
                                   AND ledger.base_id IS NULL AND ledger.state = 'given' AND ledger.reason = 'endorsed')";

/// From the moments of acceptance and endorsement: few of all, where nobody is asked for in particular.
fn won_by_all() -> String {
    format!(
        "SELECT posts.id, posts.author_id AS member_id, questions.post_id AS question_id \
         FROM questions CROSS JOIN posts WHERE posts.id = questions.accepted_id AND questions.accepted_id IS NOT NULL \
           AND questions.accepted_at > $1 AND {SEEN} AND {ACCEPTED} \
         UNION \
         SELECT posts.id, posts.author_id, posts.thread_id FROM posts CROSS JOIN questions \
         WHERE questions.post_id = posts.thread_id AND posts.endorsed_at > $1 AND posts.endorsed_at IS NOT NULL \
           AND {SEEN} AND {ENDORSED}"
    )
}

/// From what the ledger gave a member within the year. An answer that was accepted and endorsed is there twice.
pub(super) fn won_by_one(member: &str, since: &str) -> String {
    format!(
        "SELECT posts.id, ledger.member_id, questions.post_id AS question_id \
         FROM ledger CROSS JOIN posts CROSS JOIN questions \
         WHERE ledger.member_id = {member} AND ledger.given_at > {since} AND ledger.base_id IS NULL \
           AND ledger.state = 'given' AND posts.id = ledger.post_id AND questions.post_id = posts.thread_id AND {SEEN} \
           AND ((ledger.reason = 'accepted' AND questions.accepted_id = posts.id AND questions.accepted_at > {since}) \
             OR (ledger.reason = 'endorsed' AND posts.endorsed_at > {since}))"
    )
}

/// The whole statement: answers won, by tag, and beside them the outcomes that the ledger holds there, from the few members'
/// rows and never from all of a tag's. Binds are numbered as they first appear.
fn statement(won: &str, since: &str, tag: &str, least: &str) -> String {
    format!(
        "WITH won AS ({won}), counted AS (\
           SELECT won.member_id, question_tags.tag_id, count(DISTINCT won.id) AS answers FROM won \
           JOIN question_tags ON question_tags.question_id = won.question_id {tag} \
           GROUP BY won.member_id, question_tags.tag_id HAVING count(DISTINCT won.id) >= {least}\
         ), outcomes AS (\
           SELECT ledger.member_id, question_tags.tag_id, \
             sum(CASE WHEN ledger.reason IN ('answer-up', 'question-up', 'accepted', 'endorsed') \
                 THEN ledger.outcomes ELSE 0 END) AS good, \
             sum(CASE WHEN ledger.reason IN ('answer-down', 'question-down', 'removed') \
                 THEN ledger.outcomes ELSE 0 END) AS bad \
           FROM ledger CROSS JOIN question_tags \
           WHERE question_tags.question_id = ledger.question_id {tag} AND ledger.member_id IN (SELECT member_id FROM counted) AND ledger.given_at > {since} \
             AND ledger.base_id IS NULL AND ledger.state = 'given' \
           GROUP BY ledger.member_id, question_tags.tag_id\
         ) \
         SELECT counted.member_id, counted.tag_id, counted.answers, \
           CAST(coalesce(outcomes.good, 0) AS BIGINT) AS good, CAST(coalesce(outcomes.bad, 0) AS BIGINT) AS bad \
         FROM counted LEFT JOIN outcomes \
           ON outcomes.member_id = counted.member_id AND outcomes.tag_id = counted.tag_id \
         ORDER BY counted.member_id, counted.tag_id"
    )
}

/// What a member showed in a tag.
pub fn of_member_in(c: &mut Conn, member: i64, tag: i64, now: Micros) -> QueryResult<Facts> {
    let query = statement(&won_by_one("$1", "$2"), "$2", "AND question_tags.tag_id = $3", "1");
    let rows: Vec<Shown> = on!(c, |c| sql_query(query)
        .bind::<BigInt, _>(member)
        .bind::<BigInt, _>(now - YEAR)
        .bind::<BigInt, _>(tag)
        .load(c))?;
    Ok(rows.first().map(Shown::facts).unwrap_or_default())
}

/// What a member showed, by tag, where it is anything.
pub(super) fn of_member(c: &mut Conn, member: i64, now: Micros) -> QueryResult<Vec<(i64, Facts)>> {
    let query = statement(&won_by_one("$1", "$2"), "$2", "", "1");
    let rows: Vec<Shown> =
        on!(c, |c| sql_query(query).bind::<BigInt, _>(member).bind::<BigInt, _>(now - YEAR).load(c))?;
    Ok(rows.iter().map(|row| (row.tag_id, row.facts())).collect())
}

/// What everybody showed in tags where at least `least` answers of theirs were accepted or endorsed.
pub(super) fn of_all(c: &mut Conn, least: i64, now: Micros) -> QueryResult<Vec<Shown>> {
    let query = statement(&won_by_all(), "$1", "", "$2");
    on!(c, |c| sql_query(query).bind::<BigInt, _>(now - YEAR).bind::<BigInt, _>(least).load(c))
}
