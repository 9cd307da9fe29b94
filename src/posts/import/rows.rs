//! The rows of new posts.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{ImportedPost, Kind};
use crate::accounts::import::People;
use crate::clock::Micros;
use crate::db::schema::{imported_tallies, post_texts, posts, restrictions, revisions};
use crate::db::{Conn, on};
use crate::posts::revisions::Heading;
use crate::text::RENDERER_VERSION;

/// Rows written in one statement: at most 24 values each, below what SQLite binds (32,766).
const AT_ONCE: usize = 1_000;

/// Where a post stands.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Question, answer or comment.
    pub kind: Kind,
    /// Its space.
    pub space_id: i64,
    /// Its thread; None for a question, which opens its own.
    pub thread_id: Option<i64>,
    /// What it answers or comments on; None for a question.
    pub parent_id: Option<i64>,
}

#[derive(Insertable)]
#[diesel(table_name = posts, treat_none_as_default_value = false)]
struct PostRow<'a> {
    kind: &'static str,
    thread_id: Option<i64>,
    parent_id: Option<i64>,
    space_id: i64,
    author_id: Option<i64>,
    author_name: Option<&'a str>,
    language: Option<&'a str>,
    up: i64,
    down: i64,
    visibility: &'static str,
    visibility_reason: Option<&'static str>,
    deleted_at: Option<Micros>,
    origin: &'static str,
    source: &'a str,
    original_id: &'a str,
    version: i64,
    imported_version: i64,
    created_at: Micros,
    edited_at: Option<Micros>,
    edited_by: Option<i64>,
    editor_name: Option<&'a str>,
    edit_reason: Option<&'a str>,
}

#[derive(Insertable)]
#[diesel(table_name = post_texts, treat_none_as_default_value = false)]
struct TextRow<'a> {
    post_id: i64,
    body: &'a str,
    body_format: &'static str,
    body_html: &'a str,
    renderer: i64,
}

#[derive(Insertable)]
#[diesel(table_name = revisions, treat_none_as_default_value = false)]
struct RevisionRow<'a> {
    post_id: i64,
    number: i64,
    title: Option<&'a str>,
    tags: Option<String>,
    body: &'a str,
    body_format: &'static str,
    editor_id: Option<i64>,
    editor_name: Option<&'a str>,
    reason: Option<&'a str>,
    made_at: Micros,
}

#[derive(Insertable)]
#[diesel(table_name = imported_tallies, treat_none_as_default_value = false)]
struct TallyRow {
    post_id: i64,
    day: Micros,
    up: i64,
    down: i64,
}

#[derive(Insertable)]
#[diesel(table_name = restrictions, treat_none_as_default_value = false)]
struct LockRow {
    scope: &'static str,
    subject_id: i64,
    kind: &'static str,
    reason: &'static str,
    detail: &'static str,
    set_by: Option<i64>,
    starts_at: Micros,
    undone_at: Option<Micros>,
    undone_by: Option<i64>,
}

/// Writes posts that are not here yet, with texts, revisions, tallies and locks, and answers their ids by original
/// id. What is here already, or was not rendered, is left out of the answer.
pub fn insert(
    c: &mut Conn,
    source: &str,
    people: &People,
    new: &[(Place, &ImportedPost)],
) -> QueryResult<HashMap<String, i64>> {
    let mut ids = HashMap::with_capacity(new.len());
    for new in new.chunks(AT_ONCE) {
        let rows: Vec<PostRow<'_>> =
            new.iter().filter_map(|(place, post)| post_row(source, people, *place, post)).collect();
        let written: Vec<(Option<String>, i64)> = on!(c, |c| diesel::insert_into(posts::table)
            .values(&rows)
            .on_conflict((posts::source, posts::kind, posts::original_id))
            .do_nothing()
            .returning((posts::original_id, posts::id))
            .get_results(c))?;
        ids.extend(written.into_iter().filter_map(|(original, id)| Some((original?, id))));
    }
    let written: Vec<(i64, &ImportedPost)> =
        new.iter().filter_map(|(_, post)| Some((*ids.get(&post.original_id)?, *post))).collect();
    open_threads(c, new, &ids)?;
    insert_texts(c, &written)?;
    insert_earlier(c, people, &written)?;
    insert_tallies(c, &written)?;
    insert_locks(c, people, &written)?;
    Ok(ids)
}

fn post_row<'a>(
    source: &'a str,
    people: &People,
    place: Place,
    post: &'a ImportedPost,
) -> Option<PostRow<'a>> {
    let shown = post.rendered.as_ref()?;
    let (author_id, author_name) = people.of(&post.by);
    let (edited_by, editor_name) = post.edited.as_ref().map_or((None, None), |edited| people.of(&edited.by));
    let (up, down) = if place.kind.has_votes() { post.votes() } else { (0, 0) };
    Some(PostRow {
        kind: place.kind.as_str(),
        thread_id: place.thread_id,
        parent_id: place.parent_id,
        space_id: place.space_id,
        author_id,
        author_name,
        language: shown.language.as_deref(),
        up,
        down,
        visibility: if post.hidden.is_some() { "hidden" } else { "open" },
        visibility_reason: post.hidden,
        deleted_at: post.deleted_at,
        origin: "import",
        source,
        original_id: &post.original_id,
        version: post.version(),
        imported_version: post.version(),
        created_at: post.created_at,
        edited_at: post.edited.as_ref().map(|edited| edited.at),
        edited_by,
        editor_name,
        edit_reason: post.edited.as_ref().and_then(|edited| edited.reason.as_deref()),
    })
}

/// A question's thread is itself.
fn open_threads(c: &mut Conn, new: &[(Place, &ImportedPost)], ids: &HashMap<String, i64>) -> QueryResult<()> {
    let opening = new.iter().filter(|(place, _)| place.thread_id.is_none());
    let opening: Vec<i64> = opening.filter_map(|(_, post)| ids.get(&post.original_id).copied()).collect();
    for opening in opening.chunks(AT_ONCE) {
        diesel::update(posts::table.filter(posts::id.eq_any(opening.to_vec())))
            .set(posts::thread_id.eq(posts::id.nullable()))
            .execute(c)?;
    }
    Ok(())
}

fn insert_texts(c: &mut Conn, written: &[(i64, &ImportedPost)]) -> QueryResult<()> {
    for written in written.chunks(AT_ONCE) {
        let texts: Vec<TextRow<'_>> = written
            .iter()
            .filter_map(|(post_id, post)| {
                Some(TextRow {
                    post_id: *post_id,
                    body: &post.body,
                    body_format: post.format.as_str(),
                    body_html: post.rendered.as_ref()?.html.as_str(),
                    renderer: RENDERER_VERSION,
                })
            })
            .collect();
        on!(c, |c| diesel::insert_into(post_texts::table).values(&texts).execute(c))?;
    }
    Ok(())
}

fn insert_earlier(c: &mut Conn, people: &People, written: &[(i64, &ImportedPost)]) -> QueryResult<()> {
    let mut rows = Vec::new();
    for (post_id, post) in written {
        rows.extend(revision_rows(*post_id, post, people, 1));
    }
    insert_revisions(c, &rows)
}

/// The rows of a post's earlier texts, from version `from` on.
pub(super) fn append_earlier(
    c: &mut Conn,
    people: &People,
    post_id: i64,
    post: &ImportedPost,
    from: i64,
) -> QueryResult<()> {
    let rows: Vec<RevisionRow<'_>> = revision_rows(post_id, post, people, from).collect();
    insert_revisions(c, &rows)
}

fn revision_rows<'a>(
    post_id: i64,
    post: &'a ImportedPost,
    people: &'a People,
    from: i64,
) -> impl Iterator<Item = RevisionRow<'a>> {
    (1..).zip(&post.earlier).filter(move |(number, _)| *number >= from).map(move |(number, earlier)| {
        let (editor_id, editor_name) = people.of(&earlier.by);
        RevisionRow {
            post_id,
            number,
            title: earlier.heading.as_ref().map(|heading| heading.title.as_str()),
            tags: earlier.heading.as_ref().map(tags_as_text),
            body: &earlier.body,
            body_format: "markdown",
            editor_id,
            editor_name,
            reason: earlier.reason.as_deref(),
            made_at: earlier.made_at,
        }
    })
}

fn tags_as_text(heading: &Heading) -> String {
    serde_json::Value::from(heading.tags.clone()).to_string()
}

fn insert_revisions(c: &mut Conn, rows: &[RevisionRow<'_>]) -> QueryResult<()> {
    for rows in rows.chunks(AT_ONCE) {
        on!(c, |c| diesel::insert_into(revisions::table).values(rows).execute(c))?;
    }
    Ok(())
}

fn insert_tallies(c: &mut Conn, written: &[(i64, &ImportedPost)]) -> QueryResult<()> {
    let rows: Vec<TallyRow> = written.iter().flat_map(|(post_id, post)| tally_rows(*post_id, post)).collect();
    for rows in rows.chunks(AT_ONCE) {
        on!(c, |c| diesel::insert_into(imported_tallies::table).values(rows).execute(c))?;
    }
    Ok(())
}

fn tally_rows(post_id: i64, post: &ImportedPost) -> impl Iterator<Item = TallyRow> {
    let days = post.tallies.iter().flatten();
    days.map(move |day| TallyRow { post_id, day: day.day, up: day.up, down: day.down })
}

/// Writes one post's tallies, when the rows before were taken away.
pub(super) fn put_tallies(c: &mut Conn, post_id: i64, post: &ImportedPost) -> QueryResult<()> {
    insert_tallies(c, &[(post_id, post)])
}

fn insert_locks(c: &mut Conn, people: &People, written: &[(i64, &ImportedPost)]) -> QueryResult<()> {
    let mut rows = Vec::new();
    for (post_id, post) in written {
        rows.extend(post.locks.iter().map(|lock| LockRow {
            scope: "post",
            subject_id: *post_id,
            kind: "lock",
            reason: "locked at the source",
            detail: "{}",
            set_by: people.of(&lock.by).0,
            starts_at: lock.at,
            undone_at: lock.undone.as_ref().map(|(at, _)| *at),
            undone_by: lock.undone.as_ref().and_then(|(_, by)| people.of(by).0),
        }));
    }
    for rows in rows.chunks(AT_ONCE) {
        on!(c, |c| diesel::insert_into(restrictions::table).values(rows).execute(c))?;
    }
    Ok(())
}
