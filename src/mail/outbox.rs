//! The outbox: e-mails as rows, from being written until a server took them or they are over.
//!
//! A row is `waiting` until it is `sent`, `failed` (refused for good, or given up), `suppressed` (its address is not
//! written to) or `withdrawn` (no longer wanted, or no longer to be seen by whom it was for).

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::clock::{DAY, Micros};
use crate::db::schema::outbox;
use crate::db::{Conn, on};

/// How long an e-mail is tried.
pub const TRIED: Micros = 3 * DAY;
/// How long sent and withdrawn ones are kept for the administrators to see.
const KEPT: Micros = 30 * DAY;

/// Kinds that somebody waits for, or that warn: they go before all others, so that ten thousand notices hold up no
/// forgotten password.
const URGENT: &[&str] = &["reset", "confirm", "invitation", "security", "already", "declined"];

/// An e-mail to be sent.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// What it tells; the same fact is not told twice.
    pub fact: String,
    /// Its `Message-ID` without brackets, from [`super::fresh_id`].
    pub message_id: String,
    /// What kind of e-mail, such as `answer` or `reset`.
    pub kind: &'static str,
    /// The member it is for, if it is for one.
    pub member_id: Option<i64>,
    /// The post it tells of: who may not open that any more does not get it.
    pub post_id: Option<i64>,
    /// The notice it tells; read before it left, it is withdrawn.
    pub notice_id: Option<i64>,
    /// The posts it names, where it is of many: who may not open all of them any more does not get it.
    pub shown: Vec<i64>,
    /// The address.
    pub recipient: String,
    /// One line.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part; empty for none.
    pub html: String,
    /// Further header fields.
    pub headers: Headers,
    /// Whether it carries a link that opens something: wiped once it is over.
    pub secret: bool,
    /// Not before.
    pub due_at: Micros,
    /// Not after; None: tried for [`TRIED`].
    pub ends_at: Option<Micros>,
}

/// Header fields that not every e-mail has. Addresses are bare, ids without brackets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headers {
    /// The name in front of the place's own address.
    pub from_name: String,
    /// Where answers go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// The e-mails before it in its thread, the oldest first; the last is what it answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// `List-Id` (RFC 2919): words and the dotted id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<(String, String)>,
    /// `List-Unsubscribe` (RFC 2369) with one-click (RFC 8058).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsubscribe: Option<String>,
    /// Whether it answers an e-mail: `Auto-Submitted: auto-replied` (RFC 3834), else `auto-generated`.
    #[serde(default)]
    pub replies: bool,
}

/// Writes an e-mail down; None when its fact was told already.
pub fn put(c: &mut Conn, mail: &Outgoing, now: Micros) -> QueryResult<Option<i64>> {
    let unwritable = |error: serde_json::Error| diesel::result::Error::SerializationError(error.into());
    let headers = serde_json::to_string(&mail.headers).map_err(unwritable)?;
    let shown = Some(&mail.shown).filter(|shown| !shown.is_empty());
    let shown = shown.map(serde_json::to_string).transpose().map_err(unwritable)?;
    let row = (
        (
            outbox::fact.eq(&mail.fact),
            outbox::message_id.eq(&mail.message_id),
            outbox::kind.eq(mail.kind),
            outbox::member_id.eq(mail.member_id),
            outbox::post_id.eq(mail.post_id),
            outbox::notice_id.eq(mail.notice_id),
            outbox::recipient.eq(&mail.recipient),
        ),
        (
            outbox::subject.eq(one_line(&mail.subject)),
            outbox::body_text.eq(&mail.text),
            outbox::body_html.eq(&mail.html),
            outbox::headers.eq(headers),
            outbox::secret.eq(mail.secret),
            outbox::state.eq("waiting"),
            outbox::due_at.eq(mail.due_at),
            outbox::ends_at.eq(mail.ends_at),
            outbox::created_at.eq(now),
            outbox::urgent.eq(URGENT.contains(&mail.kind)),
            outbox::shown.eq(shown),
        ),
    );
    on!(c, |c| diesel::insert_into(outbox::table)
        .values(row)
        .on_conflict(outbox::fact)
        .do_nothing()
        .returning(outbox::id)
        .get_result(c)
        .optional())
}

/// What an address is compared by.
pub(super) fn key(address: &str) -> String {
    address.trim().to_lowercase()
}

/// A subject cannot begin another header field.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// An e-mail that waits to be sent.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = outbox)]
pub struct Waiting {
    /// The row.
    pub id: i64,
    /// Its `Message-ID` without brackets.
    pub message_id: String,
    /// What kind.
    pub kind: String,
    /// Whom it is for.
    pub member_id: Option<i64>,
    /// What it tells of.
    pub post_id: Option<i64>,
    /// The notice it tells.
    pub notice_id: Option<i64>,
    /// The address.
    pub recipient: String,
    /// One line.
    pub subject: String,
    /// The text part.
    pub body_text: String,
    /// The HTML part.
    pub body_html: String,
    /// JSON of [`Headers`].
    pub headers: String,
    /// How often it was tried.
    pub attempts: i64,
    /// Not after.
    pub ends_at: Option<Micros>,
    /// Written at.
    pub created_at: Micros,
    /// Whether it goes before others.
    pub urgent: bool,
    /// When a server that could be talked to first put it off.
    pub first_put_off_at: Option<Micros>,
    /// The posts it names: JSON.
    pub shown: Option<String>,
}

/// The next one that is due: what is urgent first, then what has waited longest.
pub(super) fn next_due(c: &mut Conn, now: Micros) -> QueryResult<Option<Waiting>> {
    for urgent in [true, false] {
        let next: Option<Waiting> = outbox::table
            .filter(outbox::state.eq("waiting"))
            .filter(outbox::urgent.eq(urgent))
            .filter(outbox::due_at.le(now))
            .order((outbox::due_at, outbox::id))
            .select(Waiting::as_select())
            .first(c)
            .optional()?;
        if next.is_some() {
            return Ok(next);
        }
    }
    Ok(None)
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// A server took it.
    Sent,
    /// It is over, in this state, for this reason.
    Over(&'static str, String),
    /// A server put it off: it is tried again at this time, for this reason.
    Again(Micros, String),
    /// It was not its turn, or no server could be talked to: again at this time, and nothing is held against it.
    Held(Micros, String),
}

/// Writes down how an attempt ended. One that was ended meanwhile by somebody else stays as it is.
pub(super) fn end(c: &mut Conn, id: i64, ended: &Ended, now: Micros) -> QueryResult<()> {
    let open = outbox::table.find(id).filter(outbox::state.eq("waiting"));
    match ended {
        Ended::Sent => over(c, id, "sent", None, true, now),
        Ended::Over(state, why) => over(c, id, state, Some(why), matches!(*state, "failed"), now),
        Ended::Again(at, why) => {
            let attempts = outbox::attempts.eq(outbox::attempts + 1);
            let row = (attempts, outbox::due_at.eq(*at), outbox::problem.eq(cut(why)));
            diesel::update(open).set(row).execute(c)?;
            let first = outbox::table.find(id).filter(outbox::first_put_off_at.is_null());
            diesel::update(first).set(outbox::first_put_off_at.eq(now)).execute(c).map(drop)
        }
        Ended::Held(at, why) => {
            let row = (outbox::due_at.eq(*at), outbox::problem.eq(cut(why)));
            diesel::update(open).set(row).execute(c).map(drop)
        }
    }
}

fn over(
    c: &mut Conn,
    id: i64,
    state: &str,
    why: Option<&String>,
    tried: bool,
    now: Micros,
) -> QueryResult<()> {
    let open = outbox::table.find(id).filter(outbox::state.eq("waiting"));
    let tried = i64::from(tried);
    let row = (
        outbox::state.eq(state),
        outbox::attempts.eq(outbox::attempts + tried),
        outbox::ended_at.eq(now),
        outbox::problem.eq(why.map(|why| cut(why))),
    );
    diesel::update(open).set(row).execute(c)?;
    let wiped = (outbox::body_text.eq(""), outbox::body_html.eq(""));
    diesel::update(outbox::table.find(id).filter(outbox::secret.eq(true))).set(wiped).execute(c)?;
    Ok(())
}

/// What a server says is kept as far as a person reads it.
fn cut(why: &str) -> String {
    why.chars().filter(|c| !c.is_control()).take(300).collect()
}

/// Takes what waits of one kind for a member back, such as links that a newer one replaces.
pub fn withdraw(c: &mut Conn, member: i64, kinds: &[&str], why: &str, now: Micros) -> QueryResult<()> {
    let open = outbox::table
        .filter(outbox::member_id.eq(member))
        .filter(outbox::kind.eq_any(kinds))
        .filter(outbox::state.eq("waiting"));
    let ids: Vec<i64> = open.select(outbox::id).load(c)?;
    ids.into_iter().try_for_each(|id| over(c, id, "withdrawn", Some(&why.to_owned()), false, now))
}

/// Tries one that is over once more; false where there is none, or its text was wiped.
pub fn retry(c: &mut Conn, id: i64, now: Micros) -> QueryResult<bool> {
    let over = outbox::table
        .find(id)
        .filter(outbox::state.eq_any(["failed", "suppressed"]))
        .filter(outbox::body_text.ne(""));
    let row = (
        outbox::state.eq("waiting"),
        outbox::due_at.eq(now),
        outbox::created_at.eq(now),
        outbox::ended_at.eq(None::<Micros>),
        outbox::first_put_off_at.eq(None::<Micros>),
        outbox::attempts.eq(0),
    );
    Ok(diesel::update(over).set(row).execute(c)? > 0)
}

/// An e-mail as administrators see it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = outbox)]
pub struct Listed {
    /// The row.
    pub id: i64,
    /// What kind.
    pub kind: String,
    /// The address.
    pub recipient: String,
    /// One line.
    pub subject: String,
    /// See the module's head.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// Tried next at.
    pub due_at: Micros,
    /// Written at.
    pub created_at: Micros,
    /// Over at.
    pub ended_at: Option<Micros>,
    /// What the server said last.
    pub problem: Option<String>,
    /// The text part; empty once a secret one is over.
    pub body_text: String,
}

/// E-mails before `before` (None: the latest), the newest first, of one state or of all.
pub fn list(c: &mut Conn, state: Option<&str>, before: Option<i64>, limit: i64) -> QueryResult<Vec<Listed>> {
    let mut rows = outbox::table.select(Listed::as_select()).into_boxed();
    if let Some(state) = state {
        rows = rows.filter(outbox::state.eq(state.to_owned()));
    }
    if let Some(before) = before {
        rows = rows.filter(outbox::id.lt(before));
    }
    rows.order(outbox::id.desc()).limit(limit).load(c)
}

/// One of them.
pub fn find(c: &mut Conn, id: i64) -> QueryResult<Option<Listed>> {
    outbox::table.find(id).select(Listed::as_select()).first(c).optional()
}

/// How many there are of each state.
pub fn counts(c: &mut Conn) -> QueryResult<Vec<(String, i64)>> {
    outbox::table.group_by(outbox::state).select((outbox::state, diesel::dsl::count_star())).load(c)
}

/// The e-mail whose `Message-ID` begins with these hexadecimal digits, and whose address it went to.
pub fn by_token(c: &mut Conn, begins: &str) -> QueryResult<Option<(i64, String)>> {
    let from = begins.to_owned();
    let below = format!("{begins}g");
    outbox::table
        .filter(outbox::message_id.ge(from))
        .filter(outbox::message_id.lt(below))
        .select((outbox::id, outbox::recipient))
        .first(c)
        .optional()
}

/// What came back after a server had taken it.
pub fn bounced(c: &mut Conn, id: i64, why: &str, now: Micros) -> QueryResult<()> {
    let row = (outbox::state.eq("failed"), outbox::ended_at.eq(now), outbox::problem.eq(cut(why)));
    diesel::update(outbox::table.find(id)).set(row).execute(c).map(drop)
}

/// Drops what has been over for long.
pub fn forget_old(c: &mut Conn, now: Micros) -> QueryResult<usize> {
    let old = outbox::table.filter(outbox::created_at.lt(now - KEPT)).filter(outbox::state.ne("waiting"));
    diesel::delete(old).execute(c)
}
