//! Rebuilds what is derived: tallies, thread counters and states, the counts of tags and people.
//!
//! Runs while the site does: threads one by one under their own lock, the small counts in one transaction.

use diesel::prelude::*;
use diesel::sql_query;

use super::affected;
use super::ask::excerpt;
use super::thread::Thread;
use super::versions::Versions;
use crate::db::Conn;
use crate::db::schema::{
    counter_drifts, follows, imported_affected, imported_tallies, member_counts, posts, questions,
    tag_counts, votes,
};

/// The questions after `id`, at most `limit`, by id.
pub fn threads_after(c: &mut Conn, id: i64, limit: i64) -> QueryResult<Vec<i64>> {
    questions::table
        .filter(questions::post_id.gt(id))
        .order(questions::post_id)
        .limit(limit)
        .select(questions::post_id)
        .load(c)
}

/// What lists show of a question's body, cut anew from its words. The thread's version moves only if it differed.
pub fn rebuild_excerpt(c: &mut Conn, id: i64, words: &str) -> QueryResult<()> {
    let excerpt = excerpt(words);
    diesel::update(questions::table.find(id).filter(questions::excerpt.ne(&excerpt)))
        .set((questions::excerpt.eq(&excerpt), questions::thread_version.eq(questions::thread_version + 1)))
        .execute(c)?;
    Ok(())
}

/// Counts a thread anew and writes what it finds. The thread's version moves only if something differed.
pub fn rebuild_thread(c: &mut Conn, id: i64) -> QueryResult<()> {
    let stored = Thread::load(c, id)?;
    let mut thread = stored.clone();
    let mut moved = rebuild_tallies(c, id)?;
    let (up, down, visibility, deleted, merged): (i64, i64, String, Option<i64>, Option<i64>) = posts::table
        .find(id)
        .select((posts::up, posts::down, posts::visibility, posts::deleted_at, posts::merged_into))
        .first(c)?;
    thread.score = up - down;
    thread.listed = visibility == "open" && deleted.is_none() && merged.is_none();
    (thread.answers, thread.answers_by_others, thread.endorsed) = Thread::recount(c, id)?;
    (thread.affected_people, thread.affected_organisations) = affected::counted(c, id)?;
    thread.followers = follows::table.filter(follows::question_id.eq(id)).count().get_result(c)?;
    let imported: Option<i64> =
        imported_affected::table.find(id).select(imported_affected::people).first(c).optional()?;
    let people = questions::affected_imported.ne(imported.unwrap_or(0));
    moved |= diesel::update(questions::table.find(id).filter(people))
        .set(questions::affected_imported.eq(imported.unwrap_or(0)))
        .execute(c)?
        > 0;
    if moved || thread != stored || thread.flags() != thread.saved {
        thread.save(c)?;
    }
    diesel::delete(counter_drifts::table.find(id)).execute(c)?;
    Ok(())
}

/// Each post's votes from those that were not annulled and the imported tallies; says whether any differed.
fn rebuild_tallies(c: &mut Conn, id: i64) -> QueryResult<bool> {
    let rows: Vec<(i64, i64, i64)> = posts::table
        .filter(posts::thread_id.eq(id))
        .filter(posts::kind.ne("comment"))
        .select((posts::id, posts::up, posts::down))
        .load(c)?;
    let mut moved = false;
    for (post, up, down) in rows {
        let cast: Vec<i64> = votes::table
            .filter(votes::post_id.eq(post))
            .filter(votes::annulled_by.is_null())
            .select(votes::value)
            .load(c)?;
        let imported: Vec<(i64, i64)> = imported_tallies::table
            .filter(imported_tallies::post_id.eq(post))
            .select((imported_tallies::up, imported_tallies::down))
            .load(c)?;
        let count = |of: i64| cast.iter().filter(|value| **value == of).count() as i64;
        let counted_up = count(1) + imported.iter().map(|(up, _)| up).sum::<i64>();
        let counted_down = count(-1) + imported.iter().map(|(_, down)| down).sum::<i64>();
        if (counted_up, counted_down) != (up, down) {
            crate::posts::set_tally(c, post, counted_up, counted_down)?;
            moved = true;
        }
    }
    Ok(moved)
}

/// Counts tags and people per space anew.
pub fn rebuild_counts(c: &mut Conn) -> QueryResult<()> {
    Versions::tags_changed(c)?;
    diesel::delete(tag_counts::table).execute(c)?;
    sql_query(
        "INSERT INTO tag_counts (tag_id, space_id, questions) \
         SELECT question_tags.tag_id, questions.space_id, count(*) FROM question_tags \
         JOIN questions ON questions.post_id = question_tags.question_id WHERE questions.listed \
         GROUP BY question_tags.tag_id, questions.space_id",
    )
    .execute(c)?;
    diesel::delete(member_counts::table).execute(c)?;
    sql_query(
        "INSERT INTO member_counts (member_id, space_id, questions, answers, accepted) \
         SELECT member_id, space_id, sum(questions), sum(answers), sum(accepted) FROM (\
           SELECT author_id AS member_id, space_id, 1 AS questions, 0 AS answers, 0 AS accepted \
           FROM questions WHERE listed AND author_id IS NOT NULL \
           UNION ALL \
           SELECT posts.author_id, posts.space_id, 0, 1, CASE WHEN questions.accepted_id = posts.id THEN 1 ELSE 0 END \
           FROM posts JOIN questions ON questions.post_id = posts.thread_id \
           WHERE posts.kind = 'answer' AND posts.visibility = 'open' AND posts.deleted_at IS NULL \
             AND posts.merged_into IS NULL AND questions.listed AND posts.author_id IS NOT NULL\
         ) AS written GROUP BY member_id, space_id",
    )
    .execute(c)?;
    Ok(())
}
