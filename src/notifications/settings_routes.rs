//! `/settings/notifications`: how one hears of what, when one is left alone, and what one follows.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use diesel::prelude::*;

use super::kinds::{Kind, Level};
use super::levels::{self, Levels, Times};
use super::pages::{LevelRow, NotificationsPage};
use super::quiet::DAY_MINUTES;
use super::subscriptions::{self, Followed, Scope};
use crate::accounts::members;
use crate::db::schema::{follows, questions};
use crate::db::{Conn, Failure, On};
use crate::posts;
use crate::questions::question_url;
use crate::spaces;
use crate::web::render::words;
use crate::web::{FieldProblem, Fields, Problem, Viewer, Visit};

/// Followed threads that are listed, the latest.
const THREADS: i64 = 50;

/// `GET /settings/notifications`.
///
/// # Errors
/// The database's failures.
pub async fn page(visit: Visit) -> Result<HttpResponse, Problem> {
    visit.page(&stored(&visit).await?)
}

/// `POST /settings/notifications`: fields `kind-…`, `tag-…`, `space-…`, `thread-…` with a level, `digest`, `quiet`,
/// `quiet_from`, `quiet_until`; what is left out stays.
///
/// # Errors
/// The database's failures.
pub async fn save(visit: Visit) -> Result<HttpResponse, Problem> {
    let wanted = match Wanted::read(&visit.form) {
        Ok(wanted) => wanted,
        Err(key) => {
            let problem = words("en").map_err(Problem::broken)?.say(key, &[]).map_err(Problem::broken)?;
            let page = NotificationsPage { problem: Some(problem), ..stored(&visit).await? };
            return visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    let now = visit.now;
    visit
        .write(On::Member(visit.viewer()?.id), move |c, viewer| {
            Ok::<_, Failure<Problem>>(wanted.save(c, viewer, now)?)
        })
        .await?;
    Ok(visit.see("/settings/notifications", Some("notifications-saved")))
}

/// `POST /tags/{name}/follow` with `level` (`inbox` where nothing is said; `none` to follow no more).
///
/// # Errors
/// 404 for a tag of no question the viewer may see.
pub async fn follow_tag(visit: Visit, name: Path<String>) -> Result<HttpResponse, Problem> {
    let level = level_of(visit.form.text("level"))?;
    let (name, now) = (name.into_inner(), visit.now);
    let tag = name.clone();
    visit
        .write(On::Member(visit.viewer()?.id), move |c, viewer| {
            let found = subscriptions::tag_by_name(c, viewer, &tag)?.ok_or_else(Problem::not_found)?;
            follow(c, viewer, Scope::Tag, found, level, now)
        })
        .await?;
    let name = percent_encoding::utf8_percent_encode(&name, percent_encoding::NON_ALPHANUMERIC);
    let word = if level.is_some() { "subscribed" } else { "unsubscribed" };
    Ok(visit.see(&format!("/questions?tag={name}"), Some(word)))
}

/// `POST /spaces/{key}/follow` with `level`; `?list=1` leads back to the space's list.
///
/// # Errors
/// 404 for a space the viewer may not enter.
pub async fn follow_space(visit: Visit, key: Path<String>) -> Result<HttpResponse, Problem> {
    let level = level_of(visit.form.text("level"))?;
    let (key, now) = (key.into_inner(), visit.now);
    let list = format!("/questions?space={key}");
    visit
        .write(On::Member(visit.viewer()?.id), move |c, viewer| {
            let found = spaces::by_key(c, viewer, &key)?.ok_or_else(Problem::not_found)?;
            follow(c, viewer, Scope::Space, found.id, level, now)
        })
        .await?;
    let word = if level.is_some() { "subscribed" } else { "unsubscribed" };
    let back = if visit.query.ticked("list") { list.as_str() } else { "/settings/notifications" };
    Ok(visit.see(back, Some(word)))
}

fn follow(
    c: &mut Conn,
    viewer: &Viewer,
    scope: Scope,
    id: i64,
    level: Option<Level>,
    now: i64,
) -> Result<(), Failure<Problem>> {
    if subscriptions::set(c, viewer.id, scope, id, level, now)? {
        return Ok(());
    }
    Err(Problem::invalid_field(FieldProblem::new("level", "too-many-followed")).into())
}

fn level_of(text: &str) -> Result<Option<Level>, Problem> {
    match text {
        "" => Ok(Some(Level::Inbox)),
        "none" => Ok(None),
        word => match Level::parse(word) {
            Some(level) => Ok(Some(level)),
            None => Err(Problem::invalid_field(FieldProblem::new("level", "no-such-level"))),
        },
    }
}

/// What is to be changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) kinds: Vec<(Kind, Level)>,
    tags: Vec<(i64, Option<Level>)>,
    spaces: Vec<(i64, Option<Level>)>,
    threads: Vec<(i64, Option<Level>)>,
    pub(super) digest: Option<Level>,
    pub(super) quiet: Option<Option<(i64, i64)>>,
}

impl Wanted {
    /// Reads the form; the key of what is wrong.
    fn read(form: &Fields) -> Result<Wanted, &'static str> {
        let mut wanted = Wanted::default();
        for (name, value) in form.iter() {
            let Some((what, which)) = name.split_once('-') else { continue };
            let level = Level::parse(value);
            let id = which.parse::<i64>().ok();
            match (what, id) {
                ("kind", _) => {
                    let kind = Kind::parse(which);
                    wanted.kinds.push(kind.zip(level).ok_or("notifications-level-wrong")?);
                }
                ("tag", Some(id)) => wanted.tags.push((id, followed(value)?)),
                ("space", Some(id)) => wanted.spaces.push((id, followed(value)?)),
                ("thread", Some(id)) => {
                    let level =
                        if value.is_empty() { None } else { Some(level.ok_or("notifications-level-wrong")?) };
                    wanted.threads.push((id, level));
                }
                _ => {}
            }
        }
        if let Some(digest) = form.given("digest") {
            wanted.digest = Some(digest_level(digest).ok_or("notifications-level-wrong")?);
        }
        if form.given("quiet_from").is_some() || form.given("quiet_until").is_some() {
            let times = minute(form.text("quiet_from")).zip(minute(form.text("quiet_until")));
            let times = times.ok_or("notifications-time-wrong")?;
            wanted.quiet = Some(form.ticked("quiet").then_some(times));
        }
        Ok(wanted)
    }

    /// Saves it for `viewer`. What they do not follow stays unfollowed.
    pub(super) fn save(&self, c: &mut Conn, viewer: &Viewer, now: i64) -> QueryResult<()> {
        for (kind, level) in &self.kinds {
            levels::set(c, viewer.id, *kind, *level)?;
        }
        for (scope, rows) in [(Scope::Tag, &self.tags), (Scope::Space, &self.spaces)] {
            for (id, level) in rows {
                if subscriptions::level(c, viewer.id, scope, *id)?.is_some() {
                    subscriptions::set(c, viewer.id, scope, *id, *level, now)?;
                }
            }
        }
        for (id, level) in &self.threads {
            subscriptions::set_thread(c, viewer.id, *id, *level)?;
        }
        if self.digest.is_some() || self.quiet.is_some() {
            let former = levels::times(c, viewer.id)?;
            let times = Times {
                digest: self.digest.unwrap_or(former.digest),
                quiet: self.quiet.unwrap_or(former.quiet),
            };
            levels::set_times(c, viewer.id, times)?;
        }
        Ok(())
    }
}

fn followed(value: &str) -> Result<Option<Level>, &'static str> {
    if value == "none" { Ok(None) } else { Level::parse(value).map(Some).ok_or("notifications-level-wrong") }
}

/// How often the digest comes.
pub(super) fn digest_level(word: &str) -> Option<Level> {
    Level::parse(word).filter(|level| matches!(level, Level::Off | Level::Daily | Level::Weekly))
}

/// `22:00` as minutes after midnight.
pub(super) fn minute(text: &str) -> Option<i64> {
    let (hour, minute) = text.trim().split_once(':')?;
    let digits = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let of = |part: &str| digits(part).then(|| part.parse::<i64>().ok()).flatten();
    let at = of(hour)? * 60 + of(minute).filter(|minute| *minute < 60)?;
    (at < DAY_MINUTES).then_some(at)
}

/// The other way round.
pub(super) fn clock(minute: i64) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

async fn stored(visit: &Visit) -> Result<NotificationsPage, Problem> {
    visit.read(|c, viewer| Ok::<_, Failure<Problem>>(loaded(c, viewer)?)).await
}

fn loaded(c: &mut Conn, viewer: &Viewer) -> QueryResult<NotificationsPage> {
    let profile = members::own_profile(c, viewer.id)?;
    let levels: Levels = levels::of_members(c, &[viewer.id])?.remove(&viewer.id).unwrap_or_default();
    let times = levels::times(c, viewer.id)?;
    let spaces = subscriptions::spaces_of(c, viewer)?;
    let others = spaces::list(c, viewer)?;
    let others = others.into_iter().filter(|space| spaces.iter().all(|followed| followed.id != space.id));
    let (from, until) = times.quiet.unwrap_or((22 * 60, 7 * 60));
    let kind = |kind: &Kind| LevelRow {
        field: format!("kind-{}", kind.as_str()),
        kind: kind.as_str().to_owned(),
        name: String::new(),
        url: String::new(),
        level: levels.of(*kind).as_str().to_owned(),
    };
    // Saved searches each have a level of their own.
    let kinds = Kind::ALL.iter().filter(|kind| **kind != Kind::Search).map(kind).collect();
    let other_spaces = others.map(|space| (space.key, space.name)).collect();
    Ok(NotificationsPage {
        kinds,
        tags: rows("tag", subscriptions::tags_of(c, viewer)?, |tag| {
            let name = percent_encoding::utf8_percent_encode(&tag.key, percent_encoding::NON_ALPHANUMERIC);
            format!("/questions?tag={name}")
        }),
        spaces: rows("space", spaces, |space| format!("/questions?space={}", space.key)),
        threads: threads(c, viewer)?,
        other_spaces,
        digest: times.digest.as_str().to_owned(),
        quiet: times.quiet.is_some(),
        quiet_from: clock(from),
        quiet_until: clock(until),
        time_zone: profile.time_zone,
        has_email: profile.email.is_some(),
        problem: None,
    })
}

fn rows(scope: &str, followed: Vec<Followed>, url: impl Fn(&Followed) -> String) -> Vec<LevelRow> {
    let row = |of: Followed| LevelRow {
        field: format!("{scope}-{}", of.id),
        kind: String::new(),
        url: url(&of),
        name: of.name,
        level: of.level.as_str().to_owned(),
    };
    followed.into_iter().map(row).collect()
}

/// The threads followed last that the viewer may open.
fn threads(c: &mut Conn, viewer: &Viewer) -> QueryResult<Vec<LevelRow>> {
    let rows: Vec<(i64, String, Option<String>)> = follows::table
        .inner_join(questions::table.on(questions::post_id.eq(follows::question_id)))
        .filter(follows::member_id.eq(viewer.id))
        .order((follows::since.desc(), follows::question_id.desc()))
        .limit(THREADS)
        .select((follows::question_id, questions::title, follows::level))
        .load(c)?;
    let ids: Vec<i64> = rows.iter().map(|(id, ..)| *id).collect();
    let visible: Vec<i64> = posts::visible(c, viewer, &ids)?.iter().map(|post| post.id).collect();
    let row = |(id, title, level): (i64, String, Option<String>)| LevelRow {
        field: format!("thread-{id}"),
        kind: String::new(),
        url: question_url(id, &title),
        name: title,
        level: level.unwrap_or_default(),
    };
    Ok(rows.into_iter().filter(|(id, ..)| visible.contains(id)).map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::{clock, minute};

    #[test]
    fn times_of_the_day_are_read_as_they_are_written() {
        assert_eq!(minute("22:00"), Some(1_320));
        assert_eq!(minute("7:05").map(clock).as_deref(), Some("07:05"));
        for wrong in ["", "24:00", "7", "7:60", "-1:00", "7:5:1", "٧:٠٠"] {
            assert_eq!(minute(wrong), None, "{wrong}");
        }
    }
}
