//! What a newer dump changes of questions that are here.

use diesel::prelude::*;

use super::{Difference, ImportedQuestion, imported};
use crate::accounts::import::People;
use crate::clock::Micros;
use crate::db::schema::{imported_affected, post_links, questions};
use crate::db::{Conn, on};
use crate::events::{self, Fact};
use crate::posts::import::{retally, revise};
use crate::posts::revisions::Heading;
use crate::questions::affected::AffectedCounted;
use crate::questions::close::{QuestionClosed, QuestionReopened};
use crate::questions::edit::PostEdited;
use crate::questions::{Thread, tags};

/// A question that is here and what differs.
#[derive(Clone, Debug)]
pub struct Change {
    /// The question's post.
    pub id: i64,
    /// What differs.
    pub difference: Difference,
    /// What the dump says; rendered where the text differs.
    pub new: ImportedQuestion,
}

/// Takes over what differs, except what somebody here decided meanwhile; answers whether anything was taken over.
pub fn change(c: &mut Conn, people: &People, change: &Change, now: Micros) -> QueryResult<bool> {
    let Change { id, difference, new } = change;
    let mut thread = Thread::load(c, *id)?;
    let mut changed = false;
    let edited_at = new.post.edited.as_ref().map_or(now, |edited| edited.at);
    let (thread_id, space_id) = (thread.post_id, thread.space_id);
    let about = |at, actor| imported(at, now, actor).in_thread(thread_id, space_id);
    if difference.text {
        let heading = Heading { title: thread.title.clone(), tags: tags::tags_of(c, *id)? };
        if let Some(version) = revise(c, people, *id, &new.post, Some(&heading), now)? {
            put_heading(c, &thread, new)?;
            let editor = new.post.edited.as_ref().and_then(|edited| people.of(&edited.by).0);
            events::append(c, &about(edited_at, editor), &PostEdited { post_id: *id, version })?;
            changed = true;
        }
    }
    if difference.tallies
        && let Some(tallies) = retally(c, *id, &new.post)?
    {
        events::append(c, &about(now, None), &tallies)?;
        thread.score = tallies.up - tallies.down;
        changed = true;
    }
    if difference.affected {
        put_affected(c, *id, new.affected)?;
        let fact =
            AffectedCounted { people: thread.affected_people, organisations: thread.affected_organisations };
        events::append(c, &about(now, None), &fact)?;
        changed = true;
    }
    if difference.closing && !decided_here(c, *id)? {
        match &new.closing {
            Some(closing) => {
                let (closer, _) = people.of(&closing.by);
                let about = about(closing.at, closer);
                thread.closed_at = Some(closing.at);
                thread.closed_by = closer;
                thread.close_reason = Some(closing.reason.clone());
                events::append(c, &about, &QuestionClosed { duplicate_of: None })?;
            }
            None => {
                let about = about(new.turns.last().map_or(now, |turn| turn.at), None);
                if let Some(target) = thread.duplicate_of {
                    diesel::delete(post_links::table.find((*id, target, "duplicate"))).execute(c)?;
                }
                thread.closed_at = None;
                thread.closed_by = None;
                thread.close_reason = None;
                thread.duplicate_of = None;
                thread.cycle += 1;
                events::append(c, &about, &QuestionReopened { cycle: thread.cycle })?;
            }
        }
        changed = true;
    }
    if changed {
        thread.save(c)?;
    }
    Ok(changed)
}

/// Whether somebody closed or reopened it here.
fn decided_here(c: &mut Conn, id: i64) -> QueryResult<bool> {
    let done = events::done_here(c, &[id], &[QuestionClosed::KIND, QuestionReopened::KIND])?;
    Ok(!done.is_empty())
}

fn put_heading(c: &mut Conn, thread: &Thread, new: &ImportedQuestion) -> QueryResult<()> {
    let excerpt = new.post.rendered.as_ref().map_or("", |shown| &shown.excerpt);
    diesel::update(questions::table.find(thread.post_id))
        .set((questions::title.eq(&new.title), questions::excerpt.eq(excerpt)))
        .execute(c)?;
    tags::set(c, thread.post_id, thread.space_id, &new.tags, thread.listed, thread.created_at)
}

fn put_affected(c: &mut Conn, id: i64, people: i64) -> QueryResult<()> {
    let row = (imported_affected::question_id.eq(id), imported_affected::people.eq(people));
    on!(c, |c| diesel::insert_into(imported_affected::table)
        .values(row)
        .on_conflict(imported_affected::question_id)
        .do_update()
        .set(imported_affected::people.eq(people))
        .execute(c))?;
    diesel::update(questions::table.find(id)).set(questions::affected_imported.eq(people)).execute(c)?;
    Ok(())
}
