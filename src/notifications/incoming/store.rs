//! Received messages as rows: that each is dealt with once, and those that wait for staff.

use diesel::prelude::*;

use crate::clock::{DAY, Micros};
use crate::db::schema::{posts, received_mails as rows};
use crate::db::{Conn, on};

/// Characters of a text that are kept: as many as a post may have.
const TEXT_MOST: usize = 60_000;

/// A row to be written.
pub(super) struct New<'a> {
    pub(super) fingerprint: &'a str,
    pub(super) sender: &'a str,
    pub(super) recipient: &'a str,
    pub(super) subject: &'a str,
    pub(super) outcome: &'a str,
    pub(super) reason: &'a str,
    pub(super) member: Option<i64>,
    pub(super) post: Option<i64>,
    pub(super) text: &'a str,
}

/// Whether a message was dealt with.
pub(super) fn is_known(c: &mut Conn, fingerprint: &str) -> QueryResult<bool> {
    let found: Option<i64> =
        rows::table.filter(rows::fingerprint.eq(fingerprint)).select(rows::id).first(c).optional()?;
    Ok(found.is_some())
}

/// Writes down what became of a message; false where it was dealt with before.
pub(super) fn keep(c: &mut Conn, new: &New<'_>, now: Micros) -> QueryResult<bool> {
    let cut =
        |text: &str, most: usize| -> String { text.chars().filter(|c| *c != '\0').take(most).collect() };
    let row = (
        rows::fingerprint.eq(new.fingerprint),
        rows::sender.eq(cut(new.sender, 320)),
        rows::recipient.eq(cut(new.recipient, 320)),
        rows::subject.eq(cut(new.subject, 500)),
        rows::outcome.eq(new.outcome),
        rows::reason.eq(cut(new.reason, 300)),
        rows::member_id.eq(new.member),
        rows::post_id.eq(new.post),
        rows::text.eq(cut(new.text, TEXT_MOST)),
        rows::received_at.eq(now),
    );
    let kept = on!(c, |c| diesel::insert_into(rows::table)
        .values(row)
        .on_conflict(rows::fingerprint)
        .do_nothing()
        .execute(c))?;
    Ok(kept > 0)
}

/// How many messages of a member were posted since `since`.
pub(super) fn posted_since(c: &mut Conn, member: i64, since: Micros) -> QueryResult<i64> {
    rows::table
        .filter(rows::received_at.ge(since))
        .filter(rows::member_id.eq(member))
        .filter(rows::outcome.eq("posted"))
        .count()
        .get_result(c)
}

/// Whether a message of this very text of a member was posted in this thread, or as a question, since `since`. "Thank you,
/// that helped" in two threads is nothing to wonder at.
pub(super) fn repeats(
    c: &mut Conn,
    member: i64,
    thread: Option<i64>,
    text: &str,
    since: Micros,
) -> QueryResult<bool> {
    let text: String = text.chars().filter(|c| *c != '\0').take(TEXT_MOST).collect();
    let found: Vec<Option<i64>> = rows::table
        .filter(rows::received_at.ge(since))
        .filter(rows::member_id.eq(member))
        .filter(rows::outcome.eq("posted"))
        .filter(rows::text.eq(text))
        .select(rows::post_id)
        .limit(100)
        .load(c)?;
    let Some(thread) = thread else { return Ok(!found.is_empty()) };
    let found: Vec<i64> = found.into_iter().flatten().collect();
    let there: Option<i64> = posts::table
        .filter(posts::id.eq_any(found))
        .filter(posts::thread_id.eq(thread))
        .select(posts::id)
        .first(c)
        .optional()?;
    Ok(there.is_some())
}

/// Whether an e-mail ever came in: then letters say that they can be answered.
pub fn has_worked(c: &mut Conn) -> QueryResult<bool> {
    let found: Option<i64> = rows::table.select(rows::id).first(c).optional()?;
    Ok(found.is_some())
}

/// A message that waits for staff.
#[derive(Clone, Debug, Queryable)]
pub struct Kept {
    /// The row.
    pub id: i64,
    /// Who sent it, as it says.
    pub sender: String,
    /// To which of our addresses.
    pub recipient: String,
    /// Its subject.
    pub subject: String,
    /// Why it was not posted.
    pub reason: String,
    /// What was written.
    pub text: String,
    /// When it came.
    pub received_at: Micros,
}

/// How many wait.
pub fn count(c: &mut Conn) -> QueryResult<i64> {
    rows::table.filter(rows::outcome.eq("quarantined")).count().get_result(c)
}

/// A hundred of those that wait: what members sent first, which what strangers send must not hide, then the latest.
pub fn waiting(c: &mut Conn) -> QueryResult<Vec<Kept>> {
    rows::table
        .filter(rows::outcome.eq("quarantined"))
        .order((rows::member_id.is_null(), rows::id.desc()))
        .limit(100)
        .select((
            rows::id,
            rows::sender,
            rows::recipient,
            rows::subject,
            rows::reason,
            rows::text,
            rows::received_at,
        ))
        .load(c)
}

/// Somebody has looked at it; false where it waits no more.
pub fn dismiss(c: &mut Conn, id: i64, by: i64, now: Micros) -> QueryResult<bool> {
    let waiting = rows::table.find(id).filter(rows::outcome.eq("quarantined"));
    let row =
        (rows::outcome.eq("dismissed"), rows::handled_at.eq(now), rows::handled_by.eq(by), rows::text.eq(""));
    Ok(diesel::update(waiting).set(row).execute(c)? > 0)
}

/// Drops what came half a year ago; texts of what was posted go after a week, for they are posts.
pub fn forget_old(c: &mut Conn, now: Micros) -> QueryResult<usize> {
    let posted = rows::table.filter(rows::received_at.lt(now - 7 * DAY)).filter(rows::outcome.eq("posted"));
    diesel::update(posted).set(rows::text.eq("")).execute(c)?;
    diesel::delete(rows::table.filter(rows::received_at.lt(now - 183 * DAY))).execute(c)
}
