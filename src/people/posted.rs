//! A person's questions and answers, as the numbers of their profile count them.

use diesel::prelude::*;

use super::narrowed::Narrowed;
use super::profile::{PostKey, Posted};
use crate::db::schema::{members, posts as post_rows, question_tags, questions};
use crate::db::{Conn, Dialect, Fixed, among, fixed, known};
use crate::spaces::enterable;
use crate::web::Viewer;
use crate::web::cursor::Span;

/// What of a person is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// Questions and answers.
    All,
    /// Questions.
    Questions,
    /// Answers.
    Answers,
    /// Answers that were accepted.
    Accepted,
    /// Answers that others accepted.
    Helping,
    /// Answers that staff endorsed.
    Endorsed,
    /// The people who accepted one.
    Helped,
}

impl Show {
    /// Reads what a link says.
    pub fn parse(name: &str) -> Option<Show> {
        Some(match name {
            "questions" => Show::Questions,
            "answers" => Show::Answers,
            "accepted" => Show::Accepted,
            "helping" => Show::Helping,
            "endorsed" => Show::Endorsed,
            "helped" => Show::Helped,
            _ => return None,
        })
    }

    /// As links say it.
    pub fn as_str(self) -> &'static str {
        match self {
            Show::All => "all",
            Show::Questions => "questions",
            Show::Answers => "answers",
            Show::Accepted => "accepted",
            Show::Helping => "helping",
            Show::Endorsed => "endorsed",
            Show::Helped => "helped",
        }
    }

    fn condition(self) -> Fixed {
        match self {
            Show::All => fixed("posts.kind <> 'comment'"),
            Show::Questions => fixed("posts.kind = 'question'"),
            Show::Answers => fixed("posts.kind = 'answer'"),
            Show::Accepted => fixed("posts.kind = 'answer' AND questions.accepted_id = posts.id"),
            Show::Endorsed => fixed("posts.kind = 'answer' AND posts.endorsed_at IS NOT NULL"),
            Show::Helping | Show::Helped => fixed(
                "posts.kind = 'answer' AND questions.accepted_id = posts.id \
                 AND (questions.author_id IS NULL OR questions.author_id <> posts.author_id)",
            ),
        }
    }
}

/// Posts that every reader of their space sees, of threads that stand in lists, within the viewer's scope.
macro_rules! posted {
    ($viewer:expr, $id:expr, $show:expr, $narrowed:expr, $columns:expr) => {{
        let mut query = post_rows::table
            .inner_join(questions::table.on(post_rows::thread_id.eq(questions::post_id.nullable())))
            .filter(post_rows::author_id.eq($id))
            .filter($show.condition())
            .filter(post_rows::visibility.eq("open"))
            .filter(post_rows::deleted_at.is_null())
            .filter(post_rows::merged_into.is_null())
            .filter(questions::listed)
            .filter(questions::space_id.eq_any(enterable($viewer)))
            .select($columns)
            .into_boxed::<Dialect>();
        if let Some(space) = $narrowed.space_id {
            query = query.filter(questions::space_id.eq(space));
        }
        if let Some(tag) = $narrowed.tag_id {
            let tagged =
                question_tags::table.filter(question_tags::tag_id.eq(tag)).select(question_tags::question_id);
            query = query.filter(questions::post_id.eq_any(tagged));
        }
        // Days are those of what is counted: of acceptance where acceptances are.
        let accepted = matches!($show, Show::Helping | Show::Helped);
        if let Some(from) = $narrowed.from {
            query = if accepted {
                query.filter(questions::accepted_at.ge(from))
            } else {
                query.filter(post_rows::created_at.ge(from))
            };
        }
        if let Some(until) = $narrowed.until {
            query = if accepted {
                query.filter(questions::accepted_at.lt(until))
            } else {
                query.filter(post_rows::created_at.lt(until))
            };
        }
        query
    }};
}

known!(
    /// What `posted!` shows where everything is asked for.
    OPEN: Open =
        "posts.kind <> 'comment' AND posts.visibility = 'open' AND posts.deleted_at IS NULL AND posts.merged_into IS NULL \
         AND questions.listed"
);

/// As many of a person's posts, newest first: as [`posts`] with nothing asked for, in one statement that is always the same.
pub fn latest(c: &mut Conn, viewer: &Viewer, id: i64, limit: i64) -> QueryResult<Vec<Posted>> {
    post_rows::table
        .inner_join(questions::table.on(post_rows::thread_id.eq(questions::post_id.nullable())))
        .filter(post_rows::author_id.eq(id))
        .filter(OPEN)
        .filter(questions::space_id.eq_any(enterable(viewer)))
        .select(columns())
        .order((post_rows::created_at.desc(), post_rows::id.desc()))
        .limit(limit)
        .load(c)
}

#[diesel::dsl::auto_type]
fn columns() -> _ {
    (
        post_rows::id,
        questions::post_id,
        questions::title,
        post_rows::up,
        post_rows::down,
        post_rows::created_at,
        questions::accepted_id,
    )
}

/// A person's posts, newest first; one more than asked for when there are older ones.
pub fn posts(
    c: &mut Conn,
    viewer: &Viewer,
    id: i64,
    (show, narrowed): (Show, Narrowed),
    span: &Span<PostKey>,
) -> QueryResult<Vec<Posted>> {
    let mut query = posted!(viewer, id, show, narrowed, columns());
    if let Some((at, post)) = span.after {
        query = query
            .filter(post_rows::created_at.le(at))
            .filter(post_rows::created_at.lt(at).or(post_rows::id.lt(post)));
    }
    query.order((post_rows::created_at.desc(), post_rows::id.desc())).limit(span.fetch()).load(c)
}

/// Members who accepted an answer of a person's, by id from `after` on: id, name, role.
pub fn helped(
    c: &mut Conn,
    viewer: &Viewer,
    id: i64,
    narrowed: Narrowed,
    (after, limit): (i64, i64),
) -> QueryResult<Vec<(i64, String, String)>> {
    let askers: Vec<Option<i64>> = posted!(viewer, id, Show::Helped, narrowed, questions::author_id)
        .filter(questions::author_id.gt(after))
        .distinct()
        .order(questions::author_id)
        .limit(limit)
        .load(c)?;
    let askers: Vec<i64> = askers.into_iter().flatten().collect();
    members::table
        .filter(among(members::id, &askers))
        .order(members::id)
        .select((members::id, members::name, members::role))
        .load(c)
}
