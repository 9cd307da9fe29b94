//! A thread's outline: what of its posts decides who sees them and may do what. It holds no text and is never shown.
//!
//! Promise: it changes only together with the thread's version, so it may be kept under it.

use diesel::prelude::*;

use super::Kind;
use super::rules::{Gone, Seen, Standing, may_see};
use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::posts;

/// What of one post decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outlined {
    /// The post.
    pub id: i64,
    /// Question, answer or comment.
    pub kind: Kind,
    /// What it answers or comments on.
    pub parent: Option<i64>,
    /// Its author, if a member.
    pub author: Option<i64>,
    /// Hidden by moderation.
    pub hidden: bool,
    /// For the asker, staff and named people only.
    pub private: bool,
    /// Taken away.
    pub gone: Option<Gone>,
    /// Confirmed by staff.
    pub endorsed: bool,
    /// Suggested edits that wait.
    pub suggestions: i64,
}

impl Outlined {
    /// Seen by everybody who may enter the space and see the question.
    pub fn is_open(&self) -> bool {
        !self.hidden && !self.private && self.gone.is_none()
    }

    fn seen(&self, asker: Option<i64>, named: bool) -> Seen {
        Seen {
            author: self.author,
            asker,
            hidden: self.hidden,
            private: self.private,
            deleted: self.gone.is_some(),
            named,
        }
    }
}

/// The posts of a thread, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Outline(Vec<Outlined>);

impl Outline {
    /// Of this thread.
    pub fn load(c: &mut Conn, thread_id: i64) -> QueryResult<Outline> {
        type Row = (
            i64,
            String,
            Option<i64>,
            Option<i64>,
            String,
            (Option<Micros>, Option<i64>, Option<String>),
            Option<Micros>,
            i64,
        );
        let rows: Vec<Row> = posts::table
            .filter(posts::thread_id.eq(thread_id))
            .order((posts::thread_id, posts::id))
            .select((
                posts::id,
                posts::kind,
                posts::parent_id,
                posts::author_id,
                posts::visibility,
                (posts::deleted_at, posts::deleted_by, posts::deleted_why),
                posts::endorsed_at,
                posts::suggestions,
            ))
            .load(c)?;
        let outlined =
            |(id, kind, parent, author, visibility, (deleted_at, by, why), endorsed_at, suggestions): Row| {
                Outlined {
                    id,
                    kind: Kind::stored(&kind),
                    parent,
                    author,
                    hidden: visibility == "hidden",
                    private: visibility == "private",
                    gone: deleted_at.map(|_| Gone { by, marked: why.is_some() }),
                    endorsed: endorsed_at.is_some(),
                    suggestions,
                }
            };
        Ok(Outline(rows.into_iter().map(outlined).collect()))
    }

    /// The question.
    pub fn question(&self) -> Option<&Outlined> {
        self.0.iter().find(|post| post.kind == Kind::Question)
    }

    /// Its posts.
    pub fn posts(&self) -> &[Outlined] {
        &self.0
    }

    /// The posts that somebody who stands like this sees; None when all do, and nothing when the question itself
    /// may not be seen. The same rule as [`super::thread_posts`].
    pub fn seen_by(&self, me: Standing, named: bool) -> Seeing {
        let Some(question) = self.question() else { return Seeing::Nothing };
        let asker = question.author;
        if !may_see(me, question.seen(asker, named)) {
            return Seeing::Nothing;
        }
        if self.0.iter().all(Outlined::is_open) {
            return Seeing::Everything;
        }
        let shown: Vec<i64> =
            self.0.iter().filter(|post| may_see(me, post.seen(asker, named))).map(|post| post.id).collect();
        let parents_too = |post: &&Outlined| {
            shown.contains(&post.id) && post.parent.is_none_or(|parent| shown.contains(&parent))
        };
        Seeing::These(self.0.iter().filter(parents_too).map(|post| post.id).collect())
    }

    /// Bytes that keeping it takes.
    pub fn weight(&self) -> usize {
        self.0.len() * size_of::<Outlined>() + size_of::<Outline>()
    }
}

/// What somebody sees of a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seeing {
    /// Not even that it is there.
    Nothing,
    /// All of it, like everybody.
    Everything,
    /// These posts.
    These(Vec<i64>),
}
