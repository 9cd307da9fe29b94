//! Imported threads as they are here, to make others like them.

use diesel::dsl::max;
use diesel::prelude::*;

use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::{imported_tallies, post_texts, posts, question_tags, questions, tags};

/// A question that came with an import and stands in lists, with its visible answers.
#[derive(Clone, Debug)]
pub struct Original {
    /// The question's post.
    pub question: OriginalPost,
    /// Its title.
    pub title: String,
    /// Its tags in order.
    pub tags: Vec<String>,
    /// How often it was viewed.
    pub views: i64,
    /// People without a name who have it too.
    pub affected: i64,
    /// Oldest first.
    pub answers: Vec<OriginalPost>,
    /// The chosen answer, and when it was chosen.
    pub chosen: Option<(i64, Micros)>,
}

/// One of its posts.
#[derive(Clone, Debug, Queryable)]
pub struct OriginalPost {
    /// The post.
    pub id: i64,
    /// Its thread.
    pub thread_id: Option<i64>,
    /// Who wrote it, if a member.
    pub author: Option<i64>,
    /// When.
    pub created_at: Micros,
    /// Its text.
    pub body: String,
    /// In which format, as stored.
    pub format: String,
    /// Votes for it that came with it, of the day with most.
    pub up: Option<i64>,
    /// Votes against it, likewise.
    pub down: Option<i64>,
}

/// Those of a space after question `id` that did not come from `but`, by id, at most `limit`, as they were imported.
pub fn originals(c: &mut Conn, space_id: i64, id: i64, but: &str, limit: i64) -> QueryResult<Vec<Original>> {
    type Head = (i64, String, i64, i64, Option<i64>, Option<Micros>);
    let heads: Vec<Head> = questions::table
        .inner_join(posts::table.on(posts::id.eq(questions::post_id)))
        .filter(questions::post_id.gt(id))
        .filter(questions::space_id.eq(space_id))
        .filter(questions::listed)
        .filter(posts::origin.eq("import"))
        .filter(posts::source.ne(but))
        .order(questions::post_id)
        .limit(limit)
        .select((
            questions::post_id,
            questions::title,
            questions::views,
            questions::affected_imported,
            questions::accepted_id,
            questions::accepted_at,
        ))
        .load(c)?;
    heads
        .into_iter()
        .map(|(id, title, views, affected, accepted, accepted_at)| {
            let tallies = imported_tallies::table.filter(imported_tallies::post_id.eq(posts::id));
            let mut texts: Vec<OriginalPost> = posts::table
                .inner_join(post_texts::table)
                .filter(posts::thread_id.eq(id))
                .filter(posts::kind.ne("comment"))
                .filter(posts::origin.eq("import"))
                .filter(posts::visibility.eq("open"))
                .filter(posts::deleted_at.is_null())
                .order(posts::id)
                .select((
                    posts::id,
                    posts::thread_id,
                    posts::author_id,
                    posts::created_at,
                    post_texts::body,
                    post_texts::body_format,
                    tallies.select(max(imported_tallies::up)).single_value(),
                    tallies.select(max(imported_tallies::down)).single_value(),
                ))
                .load(c)?;
            let answers = texts.split_off(texts.len().min(1));
            let question = texts.pop().ok_or(diesel::result::Error::NotFound)?;
            let tags = question_tags::table
                .inner_join(tags::table)
                .filter(question_tags::question_id.eq(id))
                .order(question_tags::place)
                .select(tags::name)
                .load(c)?;
            let chosen = accepted.zip(accepted_at);
            Ok(Original { question, title, tags, views, affected, answers, chosen })
        })
        .collect()
}

/// How many posts there are, comments included.
pub fn posts_here(c: &mut Conn) -> QueryResult<i64> {
    posts::table.count().get_result(c)
}
