//! Following tags and spaces, and how one hears of what is new there.

use diesel::prelude::*;

use super::kinds::Level;
use crate::clock::Micros;
use crate::db::schema::{follows, question_tags, questions, spaces, subscriptions, tags};
use crate::db::{self, Conn};
use crate::web::Viewer;

/// Tags and spaces one member may follow.
const MOST: i64 = 300;

/// What is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A tag.
    Tag,
    /// A space.
    Space,
}

impl Scope {
    /// As stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::Tag => "tag",
            Scope::Space => "space",
        }
    }
}

/// Something that is followed, as its follower sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// The tag or space.
    pub id: i64,
    /// Its key in forms: a tag's name, a space's key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// How one hears of it.
    pub level: Level,
}

/// Sets how a member hears of a tag or space; None: no longer at all. False where there are too many already.
pub fn set(
    c: &mut Conn,
    member: i64,
    scope: Scope,
    subject: i64,
    level: Option<Level>,
    now: Micros,
) -> QueryResult<bool> {
    let Some(level) = level else {
        diesel::delete(subscriptions::table.find((member, scope.as_str(), subject))).execute(c)?;
        return Ok(true);
    };
    let own = subscriptions::table.filter(subscriptions::member_id.eq(member));
    if self::level(c, member, scope, subject)?.is_none() && own.count().get_result::<i64>(c)? >= MOST {
        return Ok(false);
    }
    let row = (
        subscriptions::member_id.eq(member),
        subscriptions::scope.eq(scope.as_str()),
        subscriptions::subject_id.eq(subject),
        subscriptions::level.eq(level.as_str()),
        subscriptions::since.eq(now),
    );
    let insert = diesel::insert_into(subscriptions::table).values(row);
    db::upsert(insert, "member_id, scope, subject_id", subscriptions::level.eq(level.as_str())).execute(c)?;
    Ok(true)
}

/// How a member hears of one tag or space; None where they do not follow it.
pub fn level(c: &mut Conn, member: i64, scope: Scope, subject: i64) -> QueryResult<Option<Level>> {
    let level: Option<String> = subscriptions::table
        .find((member, scope.as_str(), subject))
        .select(subscriptions::level)
        .first(c)
        .optional()?;
    Ok(level.as_deref().and_then(Level::parse))
}

/// The tags a viewer follows, by name.
pub fn tags_of(c: &mut Conn, viewer: &Viewer) -> QueryResult<Vec<Followed>> {
    let rows: Vec<(i64, String, String)> = subscriptions::table
        .inner_join(tags::table.on(tags::id.eq(subscriptions::subject_id)))
        .filter(subscriptions::member_id.eq(viewer.id))
        .filter(subscriptions::scope.eq("tag"))
        .order(tags::name)
        .select((tags::id, tags::name, subscriptions::level))
        .load(c)?;
    let followed = |(id, name, level): (i64, String, String)| Followed {
        id,
        key: name.clone(),
        name,
        level: Level::parse(&level).unwrap_or(Level::Inbox),
    };
    Ok(rows.into_iter().map(followed).collect())
}

/// The spaces a viewer follows and may enter, by name.
pub fn spaces_of(c: &mut Conn, viewer: &Viewer) -> QueryResult<Vec<Followed>> {
    let rows: Vec<(i64, String, String, String)> = subscriptions::table
        .inner_join(spaces::table.on(spaces::id.eq(subscriptions::subject_id)))
        .filter(subscriptions::member_id.eq(viewer.id))
        .filter(subscriptions::scope.eq("space"))
        .filter(crate::spaces::entered_by(viewer))
        .order(spaces::name)
        .select((spaces::id, spaces::key, spaces::name, subscriptions::level))
        .load(c)?;
    let followed = |(id, key, name, level): (i64, String, String, String)| Followed {
        id,
        key,
        name,
        level: Level::parse(&level).unwrap_or(Level::Inbox),
    };
    Ok(rows.into_iter().map(followed).collect())
}

/// A tag by its name, where a question in a space the viewer may enter has it: else nobody may know of it.
pub fn tag_by_name(c: &mut Conn, viewer: &Viewer, name: &str) -> QueryResult<Option<i64>> {
    tags::table
        .inner_join(question_tags::table.on(question_tags::tag_id.eq(tags::id)))
        .inner_join(questions::table.on(questions::post_id.eq(question_tags::question_id)))
        .filter(tags::name.eq(name))
        .filter(questions::space_id.eq_any(crate::spaces::enterable(viewer)))
        .select(tags::id)
        .first(c)
        .optional()
}

/// Sets how a member hears of one thread they follow; None: as of its kinds. False where they do not follow it.
pub fn set_thread(c: &mut Conn, member: i64, question: i64, level: Option<Level>) -> QueryResult<bool> {
    let row = follows::table.find((question, member));
    Ok(diesel::update(row).set(follows::level.eq(level.map(Level::as_str))).execute(c)? > 0)
}

/// Levels at which e-mails are sent.
const MAILED: [&str; 3] = ["now", "daily", "weekly"];

/// The inbox alone for a tag or space, where there were e-mails of it.
pub fn no_mail_of(c: &mut Conn, member: i64, scope: Scope, subject: i64) -> QueryResult<()> {
    let row = subscriptions::table
        .find((member, scope.as_str(), subject))
        .filter(subscriptions::level.eq_any(MAILED));
    diesel::update(row).set(subscriptions::level.eq(Level::Inbox.as_str())).execute(c).map(drop)
}

/// The inbox alone for a thread, unless it is silent already.
pub fn no_mail_of_thread(c: &mut Conn, member: i64, question: i64) -> QueryResult<()> {
    let row = follows::table
        .find((question, member))
        .filter(follows::level.is_null().or(follows::level.eq_any(MAILED.map(Some))));
    diesel::update(row).set(follows::level.eq(Level::Inbox.as_str())).execute(c).map(drop)
}

/// What came daily or weekly of threads, tags and spaces comes to the inbox alone.
pub fn no_digests(c: &mut Conn, member: i64) -> QueryResult<()> {
    let digests = ["daily", "weekly"];
    let own = subscriptions::table
        .filter(subscriptions::member_id.eq(member))
        .filter(subscriptions::level.eq_any(digests));
    diesel::update(own).set(subscriptions::level.eq(Level::Inbox.as_str())).execute(c)?;
    let own =
        follows::table.filter(follows::member_id.eq(member)).filter(follows::level.eq_any(digests.map(Some)));
    diesel::update(own).set(follows::level.eq(Level::Inbox.as_str())).execute(c).map(drop)
}
