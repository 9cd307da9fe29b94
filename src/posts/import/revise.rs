//! What a newer dump changes of posts that are here.

use diesel::prelude::*;
use serde::Serialize;

use super::rows::{append_earlier, put_tallies};
use super::{Day, ImportedPost};
use crate::accounts::import::People;
use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::{imported_tallies, post_texts, posts, revisions};
use crate::events::Fact;
use crate::posts::revisions::Heading;
use crate::posts::store::{Post, text_of};
use crate::text::RENDERER_VERSION;

/// The imported votes of a post that was here already are others now.
#[derive(Debug, Serialize)]
pub struct TalliesImported {
    /// The post.
    pub post_id: i64,
    /// Its votes up, those cast here included.
    pub up: i64,
    /// Its votes down, those cast here included.
    pub down: i64,
}

impl Fact for TalliesImported {
    const KIND: &'static str = "TalliesImported";
}

/// Puts the newer text in the place of one that nobody edited here, keeping the old one as a revision, and answers
/// the new version; None when somebody edited it meanwhile. The dump's own revisions are taken over where they
/// continue what is here.
pub fn revise(
    c: &mut Conn,
    people: &People,
    post_id: i64,
    new: &ImportedPost,
    old_heading: Option<&Heading>,
    now: Micros,
) -> QueryResult<Option<i64>> {
    let Some(shown) = &new.rendered else { return Ok(None) };
    let post: Post = posts::table.find(post_id).select(Post::as_select()).first(c)?;
    let imported: Option<i64> = posts::table.find(post_id).select(posts::imported_version).first(c)?;
    if imported != Some(post.version) {
        return Ok(None);
    }
    let old = text_of(c, post_id)?;
    let place = usize::try_from(post.version - 1).unwrap_or(usize::MAX);
    let continues = new.earlier.get(place).is_some_and(|earlier| *earlier.body == *old.body);
    let version = if continues {
        append_earlier(c, people, post_id, new, post.version)?;
        new.version()
    } else {
        let tags = old_heading.map(|heading| serde_json::Value::from(heading.tags.clone()).to_string());
        let edited = post.edited_at.is_some();
        diesel::insert_into(revisions::table)
            .values((
                revisions::post_id.eq(post_id),
                revisions::number.eq(post.version),
                revisions::title.eq(old_heading.map(|heading| heading.title.as_str())),
                revisions::tags.eq(tags),
                revisions::body.eq(&old.body),
                revisions::body_format.eq(&old.body_format),
                revisions::editor_id.eq(if edited { post.edited_by } else { post.author_id }),
                revisions::editor_name.eq(if edited { &post.editor_name } else { &post.author_name }),
                revisions::reason.eq(&post.edit_reason),
                revisions::made_at.eq(post.edited_at.unwrap_or(post.created_at)),
            ))
            .execute(c)?;
        post.version + 1
    };
    let editor = new.edited.as_ref();
    let (edited_by, editor_name) = people.of(editor.map_or(&new.by, |edited| &edited.by));
    diesel::update(post_texts::table.find(post_id))
        .set((
            post_texts::body.eq(&new.body),
            post_texts::body_format.eq(new.format.as_str()),
            post_texts::body_html.eq(shown.html.as_str()),
            post_texts::renderer.eq(RENDERER_VERSION),
        ))
        .execute(c)?;
    diesel::update(posts::table.find(post_id))
        .set((
            posts::version.eq(version),
            posts::imported_version.eq(version),
            posts::language.eq(&shown.language),
            posts::edited_at.eq(editor.map_or(now, |edited| edited.at)),
            posts::edited_by.eq(edited_by),
            posts::editor_name.eq(editor_name),
            posts::edit_reason.eq(editor.and_then(|edited| edited.reason.as_ref())),
        ))
        .execute(c)?;
    Ok(Some(version))
}

/// Puts the newer tallies in the place of the old ones; answers the post's votes if they changed.
pub fn retally(c: &mut Conn, post_id: i64, new: &ImportedPost) -> QueryResult<Option<TalliesImported>> {
    let old: Vec<(Micros, i64, i64)> = imported_tallies::table
        .filter(imported_tallies::post_id.eq(post_id))
        .order(imported_tallies::day)
        .select((imported_tallies::day, imported_tallies::up, imported_tallies::down))
        .load(c)?;
    let old: Vec<Day> = old.into_iter().map(|(day, up, down)| Day { day, up, down }).collect();
    if new.tallies.as_ref().is_none_or(|new| *new == old) {
        return Ok(None);
    }
    diesel::delete(imported_tallies::table.filter(imported_tallies::post_id.eq(post_id))).execute(c)?;
    put_tallies(c, post_id, new)?;
    let (old_up, old_down) = old.iter().fold((0, 0), |(up, down), day| (up + day.up, down + day.down));
    let (new_up, new_down) = new.votes();
    let (up, down): (i64, i64) = diesel::update(posts::table.find(post_id))
        .set((
            posts::up.eq(posts::up + (new_up - old_up)),
            posts::down.eq(posts::down + (new_down - old_down)),
        ))
        .returning((posts::up, posts::down))
        .get_result(c)?;
    Ok(Some(TalliesImported { post_id, up, down }))
}
