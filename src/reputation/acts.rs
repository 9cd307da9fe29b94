//! What other rooms tell the ledger, each in the transaction of its act. Where an event tells of the act, the [`Credit`]
//! that is answered goes into it, so that a replay knows what was decided.

use diesel::prelude::*;

use super::book::{self, Vote};
use super::figures;
use super::ledger::{Ledger, Place, are_of_one_organisation, is_withheld};
use super::outcome::{Credit, Nothing, Reason, State};
use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::ledger;

/// What somebody did about somebody's post.
#[derive(Clone, Copy, Debug)]
pub struct Done {
    /// The post.
    pub post_id: i64,
    /// Where it stands.
    pub place: Place,
    /// Whose it is, if a member's.
    pub author_id: Option<i64>,
    /// Who did it.
    pub by: i64,
    /// When.
    pub at: Micros,
}

/// A vote was cast, changed or taken back (0).
pub fn voted(c: &mut Conn, done: &Done, answer: bool, value: i64, before: i64) -> QueryResult<Credit> {
    let settings = figures::in_force(c)?;
    let mut credit = credit(c, settings.version, done)?;
    // Told only of what could bring something: taking back always takes back.
    if credit.nothing.is_none() && value != 0 && is_withheld(c, done.place.question_id, done.at)? {
        credit.nothing = Some(Nothing::Withheld);
    }
    let vote = Vote { post: done.post_id, answer, voter: done.by, value, before, at: done.at };
    book::vote(&mut Ledger { c, place: Some(done.place) }, &settings.figures, vote, &credit)?;
    Ok(credit)
}

/// An asker accepted an answer.
pub fn accepted(c: &mut Conn, done: &Done) -> QueryResult<Credit> {
    let settings = figures::in_force(c)?;
    let credit = credit(c, settings.version, done)?;
    let told = (done.post_id, Some(done.by), done.at);
    book::accept(&mut Ledger { c, place: Some(done.place) }, &settings.figures, told, &credit)?;
    Ok(credit)
}

/// An answer is accepted no longer.
pub fn unaccepted(c: &mut Conn, answer_id: i64, at: Micros) -> QueryResult<()> {
    book::unaccept(&mut Ledger { c, place: None }, answer_id, at)
}

/// Staff endorsed an answer.
pub fn endorsed(c: &mut Conn, done: &Done) -> QueryResult<Credit> {
    let settings = figures::in_force(c)?;
    let credit = credit(c, settings.version, done)?;
    let told = (done.post_id, Some(done.by), done.at);
    book::endorse(&mut Ledger { c, place: Some(done.place) }, &settings.figures, told, &credit)?;
    Ok(credit)
}

/// An answer is endorsed no longer.
pub fn unendorsed(c: &mut Conn, answer_id: i64, at: Micros) -> QueryResult<()> {
    book::unendorse(&mut Ledger { c, place: None }, answer_id, at)
}

/// A post was removed as spam or abuse; `posts.deleted_why` says so already.
pub fn removed(c: &mut Conn, done: &Done) -> QueryResult<Credit> {
    let settings = figures::in_force(c)?;
    // Colleagues and oneself are no exception here.
    let credit = Credit { settings: settings.version, author: done.author_id, nothing: None };
    let told = (done.post_id, Some(done.by), done.at);
    book::remove(&mut Ledger { c, place: Some(done.place) }, &settings.figures, told, &credit)?;
    Ok(credit)
}

/// A post that was removed as spam or abuse is back; `posts.deleted_why` is empty already.
pub fn restored(c: &mut Conn, post_id: i64, at: Micros) -> QueryResult<()> {
    book::restore(&mut Ledger { c, place: None }, post_id, at)
}

/// Votes, as (post, voter), were annulled; `votes.annulled_by` says so already.
pub fn annulled(c: &mut Conn, votes: &[(i64, i64)], at: Micros) -> QueryResult<()> {
    let mut ledger = Ledger { c, place: None };
    votes.iter().try_for_each(|(post, voter)| book::annul(&mut ledger, *post, *voter, at))
}

/// Votes are annulled no longer; `votes.annulled_by` is empty already.
pub fn reinstated(c: &mut Conn, votes: &[(i64, i64)], at: Micros) -> QueryResult<()> {
    let mut ledger = Ledger { c, place: None };
    votes.iter().try_for_each(|(post, voter)| book::reinstate(&mut ledger, *post, *voter, at))
}

/// A suggested edit that was approved.
#[derive(Clone, Copy, Debug)]
pub struct Edit {
    /// The suggestion.
    pub suggestion_id: i64,
    /// Of which post.
    pub post_id: i64,
    /// The post's thread.
    pub question_id: i64,
    /// Its space.
    pub space_id: i64,
    /// Who suggested it.
    pub editor_id: i64,
    /// Who approved it.
    pub approver_id: i64,
    /// When.
    pub now: Micros,
}

/// A suggested edit was approved.
pub fn edit_approved(c: &mut Conn, edit: &Edit) -> QueryResult<Credit> {
    let settings = figures::in_force(c)?;
    let place = Place { question_id: edit.question_id, space_id: edit.space_id };
    let done = Done {
        post_id: edit.post_id,
        place,
        author_id: Some(edit.editor_id),
        by: edit.approver_id,
        at: edit.now,
    };
    let credit = credit(c, settings.version, &done)?;
    let told = (edit.post_id, Some(edit.approver_id), edit.now);
    book::edit(&mut Ledger { c, place: Some(place) }, &settings.figures, edit.suggestion_id, told, &credit)?;
    Ok(credit)
}

/// An approved edit was rolled back.
pub fn edit_undone(c: &mut Conn, suggestion_id: i64, now: Micros) -> QueryResult<()> {
    let post: Option<Option<i64>> = ledger::table
        .filter(ledger::subject_id.eq(suggestion_id))
        .filter(ledger::reason.eq(Reason::Edit.as_str()))
        .filter(ledger::state.ne(State::Undone.as_str()))
        .select(ledger::post_id)
        .first(c)
        .optional()?;
    let Some(post) = post.flatten() else { return Ok(()) };
    book::unedit(&mut Ledger { c, place: None }, suggestion_id, post, now)
}

/// Whether it brings something: nobody raises their own, and nobody their colleagues.
fn credit(c: &mut Conn, settings: i64, done: &Done) -> QueryResult<Credit> {
    let nothing = match done.author_id {
        Some(author) if author == done.by => Some(Nothing::Own),
        Some(author) if are_of_one_organisation(c, author, done.by)? => Some(Nothing::Organisation),
        _ => None,
    };
    Ok(Credit { settings, author: done.author_id, nothing })
}
