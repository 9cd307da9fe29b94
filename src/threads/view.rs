//! Reads one thread as one viewer: the row, the posts they may see, and what they did to them.

use std::collections::{HashMap, HashSet};

use diesel::dsl::auto_type;
use diesel::prelude::*;

use super::compose::facts;
use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::{affected, follows, members, questions, spaces};
use crate::gurus;
use crate::posts::{self, AuthorRow, Kind, Standing, ThreadPost};
use crate::questions::linked::{Linked, linked};
use crate::questions::rules::{NextStep, Place, StepFacts, next_step, order};
use crate::questions::thread::Row;
use crate::questions::{State, tags_of};
use crate::reputation::figures;
use crate::spaces::AskFields;
use crate::votes;
use crate::web::Viewer;

/// A thread as one viewer sees it.
#[derive(Clone, Debug)]
pub struct View {
    /// The row.
    pub thread: Row,
    /// The rest of it.
    pub head: Head,
    /// Tags in order.
    pub tags: Vec<String>,
    /// The question's post.
    pub question: ThreadPost,
    /// Answers in the order of product.md, deleted ones the viewer may see at the end.
    pub answers: Vec<ThreadPost>,
    /// Comments by what they are under, oldest first.
    pub comments: HashMap<i64, Vec<ThreadPost>>,
    /// How the viewer stands in the space.
    pub standing: Standing,
    /// The viewer's votes by post.
    pub votes: HashMap<i64, i64>,
    /// Whether the viewer follows it.
    pub following: bool,
    /// Whether the viewer said "I have this too".
    pub affected: bool,
    /// Questions linked with it.
    pub links: Vec<Linked>,
    /// People named in marks who wrote nothing here: editors, closers, who is on it.
    pub others: HashMap<i64, AuthorRow>,
    /// Gurus of its tags.
    pub gurus: HashSet<i64>,
    /// Whether the viewer knows its tags, where that matters; see [`gurus::knows`].
    pub viewer_knows: bool,
    /// What removing a post as spam or abuse costs its author, for those who may.
    pub removal_cost: i64,
}

/// What of a question is only shown, never changed by an act on the thread.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = questions)]
pub struct Head {
    /// The asker's shown name when no member.
    pub author_name: Option<String>,
    /// Views.
    pub views: i64,
    /// "I have this too" of an import.
    pub affected_imported: i64,
    /// What was given for the space's own fields, as JSON.
    pub fields: String,
    /// The space: key and name.
    #[diesel(embed)]
    pub space: SpaceHead,
}

/// Key and name of a space.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = spaces)]
pub struct SpaceHead {
    /// Key in URLs.
    pub key: String,
    /// Name.
    pub name: String,
    /// What its ask form asks for.
    #[diesel(column_name = ask_fields, deserialize_as = String)]
    pub fields: AskFields,
}

/// Loads a thread; None when the viewer may not know of it.
pub fn load(c: &mut Conn, viewer: &Viewer, id: i64) -> QueryResult<Option<View>> {
    let (posts, standing) = posts::thread_posts(c, viewer, id)?;
    if posts.is_empty() {
        return Ok(None);
    }
    let (thread, head): (Row, Head) = questions::table
        .inner_join(spaces::table)
        .filter(questions::post_id.eq(id))
        .select((Row::as_select(), Head::as_select()))
        .first(c)?;
    let mut question = None;
    let mut answers = Vec::new();
    let mut comments: HashMap<i64, Vec<ThreadPost>> = HashMap::new();
    for post in posts {
        match post.post.kind() {
            Kind::Question => question = Some(post),
            Kind::Answer => answers.push(post),
            Kind::Comment => comments.entry(post.post.parent_id.unwrap_or(id)).or_default().push(post),
        }
    }
    let Some(question) = question else { return Ok(None) };
    answers.sort_by(|a, b| {
        let gone = |post: &ThreadPost| post.post.deleted_at.is_some();
        gone(a).cmp(&gone(b)).then_with(|| order(&place(a, &thread), &place(b, &thread)))
    });
    let votes = votes::of_viewer(c, viewer, id)?.into_iter().collect();
    let (following, affected) = relation(c, viewer, id)?;
    let mut view = View {
        tags: tags_of(c, id)?,
        links: linked(c, viewer, id)?,
        others: HashMap::new(),
        gurus: gurus::of_question(c, id)?,
        viewer_knows: false,
        removal_cost: removal_cost(c, standing)?,
        thread,
        head,
        question,
        answers,
        comments,
        standing,
        votes,
        following,
        affected,
    };
    view.others = others(c, &view)?;
    // Who moderates may without.
    if facts(&view).waits_for(standing) && !standing.moderates {
        view.viewer_knows = gurus::knows(c, viewer.id, id, viewer.now)?;
    }
    Ok(Some(view))
}

/// What removing a post as spam or abuse costs its author now; 0 for those who may not.
pub(super) fn removal_cost(c: &mut Conn, me: Standing) -> QueryResult<i64> {
    if me.moderates { Ok(figures::in_force(c)?.figures.removed) } else { Ok(0) }
}

impl View {
    /// Its state.
    pub fn state(&self) -> State {
        self.thread.state()
    }

    /// Who acts next, or None when nobody has to.
    pub fn next_step(&self) -> Option<NextStep> {
        let imported = self.question.post.origin == "import";
        next_step(&StepFacts {
            state: self.state(),
            imported,
            created_at: self.thread.created_at,
            last_activity_at: self.thread.last_activity_at,
            claim: self.thread.claim().map(|claim| (claim.by, claim.at, claim.until)),
            handed_over: self.thread.handed_over().map(|handed| (handed.by, handed.at)),
        })
    }

    /// What was given for the space's own fields.
    pub fn fields(&self) -> serde_json::Map<String, serde_json::Value> {
        serde_json::from_str(&self.head.fields).unwrap_or_default()
    }

    /// Every post of it.
    pub fn posts(&self) -> impl Iterator<Item = &ThreadPost> {
        std::iter::once(&self.question).chain(&self.answers).chain(self.comments.values().flatten())
    }

    /// The comments under a post, oldest first.
    pub fn comments_of(&self, id: i64) -> &[ThreadPost] {
        self.comments.get(&id).map_or(&[], Vec::as_slice)
    }

    /// A member named anywhere in it.
    pub fn person(&self, id: i64) -> Option<&AuthorRow> {
        let author = self.posts().filter_map(|post| post.author.as_ref()).find(|author| author.id == id);
        author.or_else(|| self.others.get(&id))
    }
}

fn place(answer: &ThreadPost, thread: &Row) -> Place {
    Place {
        accepted: thread.accepted_id == Some(answer.post.id),
        endorsed: answer.post.endorsed_at.is_some(),
        up: answer.post.up,
        down: answer.post.down,
        created_at: answer.post.created_at,
        id: answer.post.id,
    }
}

/// Questions, each with whether a member follows it and has it too.
#[auto_type(no_type_alias)]
pub(super) fn beside(member: i64) -> _ {
    questions::table
        .left_join(
            follows::table.on(follows::question_id.eq(questions::post_id).and(follows::member_id.eq(member))),
        )
        .left_join(
            affected::table
                .on(affected::question_id.eq(questions::post_id).and(affected::member_id.eq(member))),
        )
}

/// (following, affected), in one statement.
fn relation(c: &mut Conn, viewer: &Viewer, id: i64) -> QueryResult<(bool, bool)> {
    let (following, affected): (Option<Micros>, Option<Micros>) = beside(viewer.id)
        .filter(questions::post_id.eq(id))
        .select((follows::since.nullable(), affected::since.nullable()))
        .first(c)?;
    Ok((following.is_some(), affected.is_some()))
}

fn others(c: &mut Conn, view: &View) -> QueryResult<HashMap<i64, AuthorRow>> {
    let mut wanted: Vec<i64> = view
        .posts()
        .flat_map(|post| [post.post.edited_by, post.post.deleted_by, post.post.endorsed_by])
        .chain([
            view.thread.closed_by,
            view.thread.author_id,
            view.thread.claimed_by,
            view.thread.handed_over_by,
        ])
        .flatten()
        .filter(|id| view.person(*id).is_none())
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<AuthorRow> =
        members::table.filter(members::id.eq_any(wanted)).select(AuthorRow::as_select()).load(c)?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}
