//! Reads from the database what the index is told. It has no viewer, because it is not for one: what it reads says
//! who may open it, and nothing of it is shown.
//!
//! Hidden and deleted posts are not told, nor what stands under them.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use super::document::{Kind, Post, Readers};
use crate::clock::Micros;
use crate::db::schema::{post_readers, post_texts, posts, questions};
use crate::db::{Conn, among};
use crate::questions::{State, tags_of_many};
use crate::text;

/// Which posts of a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    All,
    /// These.
    These(BTreeSet<i64>),
}

impl Which {
    /// Also this one.
    pub fn add(&mut self, post: i64) {
        if let Which::These(ids) = self {
            ids.insert(post);
        }
    }

    fn has(&self, post: i64) -> bool {
        match self {
            Which::All => true,
            Which::These(ids) => ids.contains(&post),
        }
    }
}

/// A thread as it is now.
#[derive(Clone, Debug)]
pub struct Told {
    /// The posts to be put into the index.
    pub posts: Vec<Post>,
    /// The posts that were asked for and are not to be in it.
    pub gone: Vec<i64>,
    /// Whether all posts of the thread were asked for.
    pub whole: bool,
    /// The thread's state, and whether it has a solution; None when its question is not to be in the index.
    pub state: Option<(State, bool)>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = questions)]
struct Thread {
    post_id: i64,
    title: String,
    accepted_id: Option<i64>,
    endorsed: i64,
    solved: bool,
    unanswered: bool,
    closed: bool,
}

impl Thread {
    fn state(&self) -> State {
        if self.closed {
            State::Closed
        } else if self.solved {
            State::Solved
        } else if self.unanswered {
            State::Unanswered
        } else {
            State::Open
        }
    }

    fn has_solution(&self) -> bool {
        self.solved || self.endorsed > 0
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = posts)]
struct Row {
    id: i64,
    kind: String,
    thread_id: Option<i64>,
    parent_id: Option<i64>,
    space_id: i64,
    author_id: Option<i64>,
    language: Option<String>,
    up: i64,
    down: i64,
    visibility: String,
    deleted_at: Option<Micros>,
    merged_into: Option<i64>,
    endorsed_at: Option<Micros>,
    created_at: Micros,
}

/// Rows looked up at a time.
const AT_ONCE: usize = 256;

/// Reads threads; one that is not there any more is told as gone.
pub fn threads(c: &mut Conn, wanted: &HashMap<i64, Which>) -> QueryResult<Vec<(i64, Told)>> {
    let mut ids: Vec<i64> = wanted.keys().copied().collect();
    ids.sort_unstable();
    let mut told = Vec::with_capacity(ids.len());
    for ids in ids.chunks(AT_ONCE) {
        read(c, ids, wanted, &mut told)?;
    }
    Ok(told)
}

/// The threads after this one, in the order of their ids.
pub fn threads_after(c: &mut Conn, last: i64, limit: i64) -> QueryResult<Vec<i64>> {
    questions::table
        .filter(questions::post_id.gt(last))
        .order(questions::post_id)
        .limit(limit)
        .select(questions::post_id)
        .load(c)
}

/// Titles and bodies of questions, for measuring.
pub fn titles_and_bodies(c: &mut Conn, ids: &[i64]) -> QueryResult<Vec<(i64, String, String)>> {
    let mut texts = Vec::with_capacity(ids.len());
    for ids in ids.chunks(AT_ONCE) {
        texts.extend(
            questions::table
                .inner_join(post_texts::table.on(post_texts::post_id.eq(questions::post_id)))
                .filter(among(questions::post_id, ids))
                .select((questions::post_id, questions::title, post_texts::body_html))
                .load::<(i64, String, String)>(c)?,
        );
    }
    Ok(texts)
}

/// How many threads there are.
pub fn how_many(c: &mut Conn) -> QueryResult<i64> {
    questions::table.count().get_result(c)
}

fn read(
    c: &mut Conn,
    ids: &[i64],
    wanted: &HashMap<i64, Which>,
    told: &mut Vec<(i64, Told)>,
) -> QueryResult<()> {
    let threads: Vec<Thread> =
        questions::table.filter(among(questions::post_id, ids)).select(Thread::as_select()).load(c)?;
    let threads: HashMap<i64, Thread> = threads.into_iter().map(|thread| (thread.post_id, thread)).collect();
    let rows: Vec<Row> = posts::table
        .filter(posts::thread_id.eq_any(ids))
        .order((posts::thread_id, posts::id))
        .select(Row::as_select())
        .load(c)?;
    let mut tags: HashMap<i64, Vec<String>> = HashMap::new();
    for (id, tag) in tags_of_many(c, ids)? {
        tags.entry(id).or_default().push(tag);
    }
    let mut by_thread: HashMap<i64, Vec<Row>> = HashMap::new();
    for row in rows {
        by_thread.entry(row.thread_id.unwrap_or(row.id)).or_default().push(row);
    }
    let named = named(c, &by_thread)?;
    let mut shown = Vec::with_capacity(ids.len());
    let mut texts: Vec<i64> = Vec::new();
    for id in ids {
        let which = &wanted[id];
        let (mut kept, mut gone) = (Vec::new(), Vec::new());
        let rows = by_thread.remove(id).unwrap_or_default();
        let readers = readers(&rows, named.get(id));
        let replies = threads.get(id).map(|thread| replies(thread, &rows, &readers)).unwrap_or_default();
        let wants_replies = which.has(*id);
        for row in rows.into_iter().filter(|row| which.has(row.id)) {
            match readers.get(&row.id) {
                Some(readers) => {
                    texts.push(row.id);
                    kept.push((row, readers.clone()));
                }
                None => gone.push(row.id),
            }
        }
        if let Which::These(asked) = which {
            let there: BTreeSet<i64> = kept.iter().map(|(row, _)| row.id).collect();
            gone = asked.difference(&there).copied().collect();
        }
        if wants_replies {
            texts.extend(&replies);
        }
        let open = readers.contains_key(id);
        shown.push((*id, kept, gone, replies, open));
    }
    let texts = words(c, texts)?;
    for (id, kept, gone, replies, open) in shown {
        let whole = wanted[&id] == Which::All;
        let posts = match threads.get(&id) {
            Some(thread) => {
                let tags = tags.remove(&id).unwrap_or_default();
                let post = |(row, readers)| post(thread, &tags, row, readers, &replies, &texts);
                kept.into_iter().map(post).collect()
            }
            None => Vec::new(),
        };
        let state = threads.get(&id).filter(|_| open).map(|thread| (thread.state(), thread.has_solution()));
        told.push((id, Told { posts, gone, whole, state }));
    }
    Ok(())
}

/// Those named as readers of private questions.
fn named(c: &mut Conn, threads: &HashMap<i64, Vec<Row>>) -> QueryResult<HashMap<i64, BTreeSet<i64>>> {
    let private: Vec<i64> = threads
        .values()
        .flatten()
        .filter(|row| row.visibility == "private" && row.kind == "question")
        .map(|row| row.id)
        .collect();
    let mut named: HashMap<i64, BTreeSet<i64>> = HashMap::new();
    if private.is_empty() {
        return Ok(named);
    }
    let rows: Vec<(i64, i64)> = post_readers::table
        .filter(post_readers::post_id.eq_any(private))
        .select((post_readers::post_id, post_readers::member_id))
        .load(c)?;
    for (post, member) in rows {
        named.entry(post).or_default().insert(member);
    }
    Ok(named)
}

/// Who may open each post of a thread: the rule of [`posts::may_see`](crate::posts::may_see), for all members at once.
/// What is hidden or deleted has no entry, nor what stands under it.
fn readers(rows: &[Row], named: Option<&BTreeSet<i64>>) -> HashMap<i64, Readers> {
    let mut readers: HashMap<i64, Readers> = HashMap::new();
    let Some(question) = rows.iter().find(|row| row.kind == "question") else { return readers };
    let private_question = question.visibility == "private";
    let asker = question.author_id;
    let own = |row: &Row| -> Option<Readers> {
        if row.visibility == "hidden" || row.deleted_at.is_some() || row.merged_into.is_some() {
            return None;
        }
        if row.visibility != "private" {
            return Some(Readers::All);
        }
        let mut members: BTreeSet<i64> = row.author_id.into_iter().chain(asker).collect();
        if private_question {
            members.extend(named.into_iter().flatten());
        }
        Some(Readers::Staff(members))
    };
    let Some(of_question) = own(question) else { return readers };
    readers.insert(question.id, of_question.clone());
    // What comments stand under comes before them.
    for row in rows.iter().filter(|row| row.id != question.id) {
        let under = match row.parent_id.filter(|parent| *parent != question.id) {
            Some(parent) if row.kind == "comment" => readers.get(&parent).cloned(),
            _ => Some(of_question.clone()),
        };
        if let (Some(own), Some(under)) = (own(row), under) {
            readers.insert(row.id, own.and(&under));
        }
    }
    readers
}

/// Answers whose words their question is found by, too.
const REPLIES: usize = 20;

/// The first answers, before them the chosen one or those that staff confirmed. Only what all may open who may open the
/// question.
fn replies(thread: &Thread, rows: &[Row], readers: &HashMap<i64, Readers>) -> Vec<i64> {
    let Some(of_question) = readers.get(&thread.post_id) else { return Vec::new() };
    let mut answers: Vec<&Row> =
        rows.iter().filter(|row| row.kind == "answer" && readers.get(&row.id) == Some(of_question)).collect();
    let chosen = |row: &Row| thread.accepted_id == Some(row.id);
    answers.sort_by_key(|row| (!chosen(row), row.endorsed_at.is_none(), row.id));
    answers.into_iter().take(REPLIES).map(|row| row.id).collect()
}

/// The words of posts.
fn words(c: &mut Conn, mut ids: Vec<i64>) -> QueryResult<HashMap<i64, String>> {
    ids.sort_unstable();
    ids.dedup();
    let mut words = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(AT_ONCE) {
        let rows: Vec<(i64, String)> = post_texts::table
            .filter(among(post_texts::post_id, ids))
            .select((post_texts::post_id, post_texts::body_html))
            .load(c)?;
        words.extend(rows.into_iter().map(|(id, html)| (id, text::visible_text(&html))));
    }
    Ok(words)
}

fn post(
    thread: &Thread,
    tags: &[String],
    row: Row,
    readers: Readers,
    replies: &[i64],
    texts: &HashMap<i64, String>,
) -> Post {
    let kind = Kind::stored(&row.kind);
    let replies = if kind == Kind::Question { replies } else { &[] };
    Post {
        id: row.id,
        kind,
        thread: thread.post_id,
        space: row.space_id,
        author: row.author_id,
        readers,
        language: row.language,
        score: row.up - row.down,
        created_at: row.created_at,
        state: thread.state(),
        solved: thread.has_solution(),
        title: thread.title.clone(),
        tags: tags.to_vec(),
        text: texts.get(&row.id).cloned().unwrap_or_default(),
        replies: replies.iter().filter_map(|id| texts.get(id)).cloned().collect(),
    }
}
