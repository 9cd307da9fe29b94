//! Comments that come with an import.

use std::collections::BTreeSet;

use super::CommentPosted;
use crate::accounts::import::People;
use crate::clock::Micros;
use crate::db::Conn;
use crate::events::{self, Line};
use crate::posts::Kind;
use crate::posts::import::{ImportedPost, Parent, Place, Present, insert, parents, revise};
use crate::questions::PostEdited;
use crate::questions::import::{imported, refresh};

/// A comment.
#[derive(Clone, Debug)]
pub struct ImportedComment {
    /// Its post.
    pub post: ImportedPost,
    /// Original id of the question or answer it stands under.
    pub parent: String,
}

/// A comment that is here, and what a newer dump has of it.
#[derive(Clone, Debug)]
pub struct Changed {
    /// As it is here.
    pub present: Present,
    /// As the dump has it; rendered.
    pub new: ImportedPost,
}

/// Writes comments that are not here yet and whose post is; others are left out.
pub fn add(
    c: &mut Conn,
    source: &str,
    people: &People,
    new: &[ImportedComment],
    now: Micros,
) -> diesel::QueryResult<()> {
    let names: Vec<&str> = new.iter().map(|comment| comment.parent.as_str()).collect();
    let above = parents(c, source, &names)?;
    let placed: Vec<(Place, &ImportedPost)> =
        new.iter().filter_map(|comment| Some((place(above.get(&comment.parent)?), &comment.post))).collect();
    let ids = insert(c, source, people, &placed)?;
    let mut lines = Vec::with_capacity(ids.len());
    let mut grown = BTreeSet::new();
    for comment in new {
        let (Some(parent), Some(id)) = (above.get(&comment.parent), ids.get(&comment.post.original_id))
        else {
            continue;
        };
        let (author, _) = people.of(&comment.post.by);
        let about =
            imported(comment.post.created_at, now, author).in_thread(parent.thread_id, parent.space_id);
        lines.push(Line::of(&about, &CommentPosted { comment_id: *id, parent_id: parent.id })?);
        grown.insert(parent.thread_id);
    }
    events::append_all(c, &lines)?;
    refresh(c, &Vec::from_iter(grown))
}

fn place(parent: &Parent) -> Place {
    Place {
        kind: Kind::Comment,
        space_id: parent.space_id,
        thread_id: Some(parent.thread_id),
        parent_id: Some(parent.id),
    }
}

/// Takes over texts that nobody edited here.
pub fn change(c: &mut Conn, people: &People, changed: &[Changed], now: Micros) -> diesel::QueryResult<()> {
    let mut moved = BTreeSet::new();
    for Changed { present, new } in changed {
        let Some(version) = revise(c, people, present.id, new, None, now)? else { continue };
        let space_id = crate::posts::import::space_of(c, present.id)?;
        let about = imported(now, now, None).in_thread(present.thread_id, space_id);
        events::append(c, &about, &PostEdited { post_id: present.id, version })?;
        moved.insert(present.thread_id);
    }
    refresh(c, &Vec::from_iter(moved))
}
