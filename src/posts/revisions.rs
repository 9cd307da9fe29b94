//! Edits: the text that is replaced is kept as a revision, for good.

use std::ops::RangeInclusive;

use diesel::prelude::*;

use super::Written;
use super::store::{AuthorRow, Post, Text};
use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::{members, post_texts, posts, revisions};
use crate::text::RENDERER_VERSION;

/// What a question has besides a body, as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    /// Title.
    pub title: String,
    /// Tags in order.
    pub tags: Vec<String>,
}

/// One version of a post's text.
#[derive(Clone, Debug)]
pub struct Version {
    /// 1 is the first.
    pub number: i64,
    /// Questions only.
    pub heading: Option<Heading>,
    /// The source.
    pub body: String,
    /// `markdown` or `html`.
    pub body_format: String,
    /// Who wrote it, when a member.
    pub editor: Option<AuthorRow>,
    /// The shown name of one who is none.
    pub editor_name: Option<String>,
    /// Why, in the editor's words.
    pub reason: Option<String>,
    /// When.
    pub made_at: Micros,
}

/// Who edits, and why.
#[derive(Clone, Debug)]
pub struct Edit<'a> {
    /// The editor.
    pub editor: i64,
    /// Why.
    pub reason: Option<&'a str>,
    /// Now.
    pub now: Micros,
}

/// Keeps a post's text, with `old_heading` for questions, as a revision and puts `written` in its place; None when
/// only the heading changes: the body, HTML of an import included, stays as it is. Answers the new version.
pub fn revise(
    c: &mut Conn,
    post: &Post,
    old: &Text,
    old_heading: Option<&Heading>,
    written: Option<&Written>,
    edit: &Edit<'_>,
) -> QueryResult<i64> {
    let tags = old_heading.map(|heading| serde_json::Value::from(heading.tags.clone()).to_string());
    diesel::insert_into(revisions::table)
        .values((
            revisions::post_id.eq(post.id),
            revisions::number.eq(post.version),
            revisions::title.eq(old_heading.map(|heading| heading.title.as_str())),
            revisions::tags.eq(tags),
            revisions::body.eq(&old.body),
            revisions::body_format.eq(&old.body_format),
            revisions::editor_id.eq(post.edited_at.map_or(post.author_id, |_| post.edited_by)),
            revisions::editor_name
                .eq(post.edited_at.map_or(post.author_name.as_ref(), |_| post.editor_name.as_ref())),
            revisions::reason.eq(post.edit_reason.as_ref()),
            revisions::made_at.eq(post.edited_at.unwrap_or(post.created_at)),
        ))
        .execute(c)?;
    if let Some(written) = written {
        diesel::update(post_texts::table.find(post.id))
            .set((
                post_texts::body.eq(&written.body),
                post_texts::body_format.eq(written.format),
                post_texts::body_html.eq(written.rendered.html.as_str()),
                post_texts::renderer.eq(RENDERER_VERSION),
            ))
            .execute(c)?;
        diesel::update(posts::table.find(post.id)).set(posts::language.eq(written.language)).execute(c)?;
    }
    let version = post.version + 1;
    diesel::update(posts::table.find(post.id))
        .set((
            posts::version.eq(version),
            posts::edited_at.eq(edit.now),
            posts::edited_by.eq(edit.editor),
            posts::editor_name.eq(None::<String>),
            posts::edit_reason.eq(edit.reason),
        ))
        .execute(c)?;
    Ok(version)
}

/// The versions with these numbers of a post that was found for the viewer, oldest first; the current one, if it
/// is among them, last, with the heading `current`.
pub fn history(
    c: &mut Conn,
    post: &Post,
    current: Option<Heading>,
    numbers: RangeInclusive<i64>,
) -> QueryResult<Vec<Version>> {
    type Row = (
        i64,
        Option<String>,
        Option<String>,
        String,
        String,
        Option<AuthorRow>,
        Option<String>,
        Option<String>,
        Micros,
    );
    let rows: Vec<Row> = revisions::table
        .left_join(members::table.on(revisions::editor_id.eq(members::id.nullable())))
        .filter(revisions::post_id.eq(post.id))
        .filter(revisions::number.between(*numbers.start(), *numbers.end()))
        .order(revisions::number)
        .select((
            revisions::number,
            revisions::title,
            revisions::tags,
            revisions::body,
            revisions::body_format,
            Option::<AuthorRow>::as_select(),
            revisions::editor_name,
            revisions::reason,
            revisions::made_at,
        ))
        .load(c)?;
    let mut versions: Vec<Version> = rows
        .into_iter()
        .map(|(number, title, tags, body, body_format, editor, editor_name, reason, made_at)| Version {
            number,
            heading: title.map(|title| Heading {
                title,
                tags: tags.and_then(|tags| serde_json::from_str(&tags).ok()).unwrap_or_default(),
            }),
            body,
            body_format,
            editor,
            editor_name,
            reason,
            made_at,
        })
        .collect();
    if !numbers.contains(&post.version) {
        return Ok(versions);
    }
    let text = super::text_of(c, post.id)?;
    let by = if post.edited_at.is_some() { post.edited_by } else { post.author_id };
    let editor = match by {
        Some(id) => super::named_author(c, id)?,
        None => None,
    };
    let name = if post.edited_at.is_some() { &post.editor_name } else { &post.author_name };
    versions.push(Version {
        number: post.version,
        heading: current,
        body: text.body,
        body_format: text.body_format,
        editor,
        editor_name: name.clone(),
        reason: post.edit_reason.clone(),
        made_at: post.edited_at.unwrap_or(post.created_at),
    });
    Ok(versions)
}
