//! "This solved it": a visit that ended with an answer that was there already.

use diesel::prelude::*;
use serde::Serialize;

use crate::clock::Micros;
use crate::db::schema::deflections;
use crate::db::{Conn, Failure, on};
use crate::events::{self, About, Fact};
use crate::posts::{self, Kind, Refusal};
use crate::questions::{Thread, question_url};
use crate::web::Viewer;

#[derive(Serialize)]
struct QuestionDeflected {}

impl Fact for QuestionDeflected {
    const KIND: &'static str = "QuestionDeflected";
}

/// Records that a question's thread solved what the viewer was about to ask, once per person and question, and says
/// where it is.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn solved_it(
    c: &mut Conn,
    viewer: &Viewer,
    question: i64,
    now: Micros,
) -> Result<String, Failure<Refusal>> {
    let found = posts::find(c, viewer, question)?.filter(|found| found.post.kind() == Kind::Question);
    let post = found.ok_or(Refusal::NotFound)?.post;
    let row = (
        deflections::member_id.eq(viewer.id),
        deflections::question_id.eq(post.id),
        deflections::space_id.eq(post.space_id),
        deflections::deflected_at.eq(now),
    );
    let first =
        on!(c, |c| diesel::insert_into(deflections::table).values(row).on_conflict_do_nothing().execute(c))?;
    if first > 0 {
        let about = About::now(now, Some(viewer.id)).in_thread(post.id, post.space_id);
        events::append(c, &about, &QuestionDeflected {})?;
    }
    let title = Thread::title(c, post.id)?;
    Ok(question_url(post.id, &title))
}
