//! Rows of posts and their texts.

use std::collections::HashMap;

use diesel::prelude::*;

use super::rules::{Gone, Why};
use super::{Kind, Written};
use crate::clock::Micros;
use crate::db::schema::{members, post_texts, posts};
use crate::db::{self, Conn, among};
use crate::text::{RENDERER_VERSION, SafeHtml};
use crate::web::Role;
use crate::web::pages::Author;
use crate::web::shell::initials;

/// A post without its text.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = posts)]
pub struct Post {
    /// The post.
    pub id: i64,
    /// Question, answer or comment.
    pub kind: String,
    /// The question of its thread; a question's own id.
    pub thread_id: Option<i64>,
    /// What it answers or comments on.
    pub parent_id: Option<i64>,
    /// Its space.
    pub space_id: i64,
    /// Its author, if a member.
    pub author_id: Option<i64>,
    /// The shown name of an author who is no member.
    pub author_name: Option<String>,
    /// ISO 639-1 code of its text's language, where it could be told.
    pub language: Option<String>,
    /// Votes up, imported tallies included.
    pub up: i64,
    /// Votes down, imported tallies included.
    pub down: i64,
    /// `open`, `hidden` or `private`.
    pub visibility: String,
    /// When it was taken away.
    pub deleted_at: Option<Micros>,
    /// By whom.
    pub deleted_by: Option<i64>,
    /// `spam` or `abuse`, when that is why.
    pub deleted_why: Option<String>,
    /// When staff confirmed it.
    pub endorsed_at: Option<Micros>,
    /// Who did.
    pub endorsed_by: Option<i64>,
    /// `live` or `import`.
    pub origin: String,
    /// Where it was imported from.
    pub source: Option<String>,
    /// Its id there.
    pub original_id: Option<String>,
    /// Counts edits of its text, from 1.
    pub version: i64,
    /// When it was written.
    pub created_at: Micros,
    /// When its text was last changed.
    pub edited_at: Option<Micros>,
    /// By whom, if a member.
    pub edited_by: Option<i64>,
    /// The shown name of an editor who is no member.
    pub editor_name: Option<String>,
    /// Why, in the editor's words.
    pub edit_reason: Option<String>,
    /// Suggested edits of it that wait.
    pub suggestions: i64,
}

impl Post {
    /// Question, answer or comment.
    pub fn kind(&self) -> Kind {
        Kind::stored(&self.kind)
    }

    /// The question of its thread.
    pub fn thread(&self) -> i64 {
        self.thread_id.unwrap_or(self.id)
    }

    /// Up minus down.
    pub fn score(&self) -> i64 {
        self.up - self.down
    }

    /// How it was taken away, if it was.
    pub fn gone(&self) -> Option<Gone> {
        let gone = Gone { by: self.deleted_by, marked: self.deleted_why.is_some() };
        self.deleted_at.map(|_| gone)
    }

    /// Seen by everybody who may enter the space and see the question.
    pub fn is_open(&self) -> bool {
        self.visibility == "open" && self.deleted_at.is_none()
    }
}

/// A post's text as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = post_texts)]
pub struct Text {
    /// What the author wrote.
    pub body: String,
    /// `markdown` or `html`.
    pub body_format: String,
    /// What readers see.
    pub body_html: String,
    /// The rules it was rendered by.
    pub renderer: i64,
}

/// An author's name and role, for members.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = members)]
pub struct AuthorRow {
    /// The member.
    pub id: i64,
    /// Shown name.
    pub name: String,
    /// Role.
    pub role: String,
}

impl AuthorRow {
    /// The role.
    pub fn role(&self) -> Role {
        Role::stored(&self.role)
    }

    /// A person as named beside what they did: a member, or only the name an import brought.
    pub fn shown(row: Option<&AuthorRow>, name: Option<&str>) -> Author {
        match row {
            Some(row) => Author {
                id: Some(row.id),
                initials: initials(&row.name),
                name: row.name.clone(),
                role: row.role(),
            },
            None => {
                let name = name.filter(|name| !name.is_empty()).unwrap_or("?").to_owned();
                Author { id: None, initials: initials(&name), name, role: Role::Customer }
            }
        }
    }
}

/// A post of a thread with all that is shown of it.
#[derive(Clone, Debug)]
pub struct ThreadPost {
    /// The row.
    pub post: Post,
    /// Its text.
    pub text: Text,
    /// Its author, when a member.
    pub author: Option<AuthorRow>,
}

/// A post to be written.
pub struct NewPost<'a> {
    /// Question, answer or comment.
    pub kind: Kind,
    /// The thread; None for a question, which opens its own.
    pub thread_id: Option<i64>,
    /// What it answers or comments on; None for a question.
    pub parent_id: Option<i64>,
    /// Its space.
    pub space_id: i64,
    /// Its author.
    pub author_id: i64,
    /// Its text.
    pub written: &'a Written,
    /// Now.
    pub now: Micros,
}

/// Writes a post with its text and answers its id.
pub fn insert(c: &mut Conn, new: &NewPost<'_>) -> QueryResult<i64> {
    let id: i64 = diesel::insert_into(posts::table)
        .values((
            posts::kind.eq(new.kind.as_str()),
            posts::thread_id.eq(new.thread_id),
            posts::parent_id.eq(new.parent_id),
            posts::space_id.eq(new.space_id),
            posts::author_id.eq(new.author_id),
            posts::language.eq(new.written.language),
            posts::origin.eq("live"),
            posts::created_at.eq(new.now),
        ))
        .returning(posts::id)
        .get_result(c)?;
    if new.thread_id.is_none() {
        db::update(posts::table, posts::id.eq(id), posts::thread_id.eq(id)).execute(c)?;
    }
    diesel::insert_into(post_texts::table)
        .values((
            post_texts::post_id.eq(id),
            post_texts::body.eq(&new.written.body),
            post_texts::body_format.eq("markdown"),
            post_texts::body_html.eq(new.written.rendered.html.as_str()),
            post_texts::renderer.eq(RENDERER_VERSION),
        ))
        .execute(c)?;
    Ok(id)
}

/// A post's text.
pub fn text_of(c: &mut Conn, post_id: i64) -> QueryResult<Text> {
    post_texts::table.find(post_id).select(Text::as_select()).first(c)
}

/// A member's name and role.
pub fn named_author(c: &mut Conn, member_id: i64) -> QueryResult<Option<AuthorRow>> {
    members::table.find(member_id).select(AuthorRow::as_select()).first(c).optional()
}

/// What readers see of several posts, by post; who asks has found them.
pub fn texts_of(c: &mut Conn, ids: &[i64]) -> QueryResult<HashMap<i64, SafeHtml>> {
    let rows: Vec<(i64, String)> = post_texts::table
        .filter(among(post_texts::post_id, ids))
        .select((post_texts::post_id, post_texts::body_html))
        .load(c)?;
    Ok(rows.into_iter().map(|(id, html)| (id, SafeHtml::from_stored(html))).collect())
}

/// Names and roles of several members, by member.
pub fn named_authors(c: &mut Conn, ids: &[i64]) -> QueryResult<HashMap<i64, AuthorRow>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<AuthorRow> =
        members::table.filter(among(members::id, ids)).select(AuthorRow::as_select()).load(c)?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Marks a post as taken away; `why` says that it was spam or abuse.
pub fn mark_deleted(c: &mut Conn, post_id: i64, by: i64, why: Option<Why>, now: Micros) -> QueryResult<()> {
    diesel::update(posts::table.find(post_id))
        .set((
            posts::deleted_at.eq(now),
            posts::deleted_by.eq(by),
            posts::deleted_why.eq(why.map(Why::as_str)),
        ))
        .execute(c)?;
    Ok(())
}

/// Brings a post back.
pub fn unmark_deleted(c: &mut Conn, post_id: i64) -> QueryResult<()> {
    diesel::update(posts::table.find(post_id))
        .set((
            posts::deleted_at.eq(None::<Micros>),
            posts::deleted_by.eq(None::<i64>),
            posts::deleted_why.eq(None::<String>),
        ))
        .execute(c)?;
    Ok(())
}

/// Marks an answer as confirmed by staff, by somebody at a moment, or as confirmed no longer.
pub fn mark_endorsed(c: &mut Conn, post_id: i64, by: Option<(i64, Micros)>) -> QueryResult<()> {
    let (by, at) = by.unzip();
    diesel::update(posts::table.find(post_id))
        .set((posts::endorsed_at.eq(at), posts::endorsed_by.eq(by)))
        .execute(c)?;
    Ok(())
}

/// Sets a post's votes; the votes feature says how many there are.
pub fn set_tally(c: &mut Conn, post_id: i64, up: i64, down: i64) -> QueryResult<()> {
    db::update(posts::table, posts::id.eq(post_id), (posts::up.eq(up), posts::down.eq(down))).execute(c)?;
    Ok(())
}

/// Sets how many suggested edits of a post wait; the suggestions feature says how many there are.
pub fn set_suggestions(c: &mut Conn, post_id: i64, waiting: i64) -> QueryResult<()> {
    db::update(posts::table, posts::id.eq(post_id), posts::suggestions.eq(waiting)).execute(c)?;
    Ok(())
}

/// A post's author, if a member.
pub fn author_of(c: &mut Conn, post_id: i64) -> QueryResult<Option<i64>> {
    posts::table.find(post_id).select(posts::author_id).first(c)
}

/// A post's thread and kind.
pub fn place(c: &mut Conn, post_id: i64) -> QueryResult<(i64, Kind)> {
    let (thread, kind): (Option<i64>, String) =
        posts::table.find(post_id).select((posts::thread_id, posts::kind)).first(c)?;
    Ok((thread.unwrap_or(post_id), Kind::stored(&kind)))
}

/// Those of these posts that were written here, not imported.
pub fn written_here(c: &mut Conn, ids: &[i64]) -> QueryResult<std::collections::HashSet<i64>> {
    if ids.is_empty() {
        return Ok(std::collections::HashSet::new());
    }
    let here: Vec<i64> = posts::table
        .filter(among(posts::id, ids))
        .filter(posts::origin.eq("live"))
        .select(posts::id)
        .load(c)?;
    Ok(here.into_iter().collect())
}
