//! The digest: daily or weekly, in the morning of the member's own time zone. Nothing when there is nothing.
//!
//! It holds what the member wanted to hear of daily or weekly, questions in their tags that wait for an answer, and the best
//! of what was solved. What was read in the inbox meanwhile is left out; each notice is told once.

use std::collections::{BTreeSet, HashSet};

use diesel::prelude::*;
use jiff::ToSpan;

use super::inbox::{self, Item};
use super::kinds::{Kind, Level};
use super::levels;
use super::quiet::{self, at_minute, local};
use super::quietable::{Quietable, outgoing};
use super::signed::Quieter;
use crate::accounts::reached::{Reached, reached_one};
use crate::clock::{DAY, MINUTE, Micros};
use crate::db::schema::{members, notices, posts, question_tags, questions, subscriptions};
use crate::db::{Conn, Effect, among};
use crate::events::{Follower, Recorded, Takes};
use crate::jobs::sweeper::Duty;
use crate::jobs::timed::{self, Timed};
use crate::mail::{Headers, Outgoing, put};
use crate::posts as visible_posts;
use crate::questions::question_url;
use crate::web::letter::{Block, Item as Line, LetterError, Letterhead, say};

const KIND: &str = "notices.digest";
/// The minute of the day it is sent: eight in the morning.
const MORNING: i64 = 8 * 60;
/// Lines of a part.
const LINES: usize = 10;

/// Sets the clock of those who join.
pub struct DigestClocks;

impl Follower for DigestClocks {
    fn name(&self) -> &'static str {
        "digest-clocks"
    }

    fn takes(&self) -> Takes {
        // Members made by a command or an import are told of, too, once they have an address.
        Takes::All
    }

    fn follow(&self, _: &mut Conn, events: &[Recorded], now: Micros) -> QueryResult<Effect> {
        let joined: Vec<i64> = events
            .iter()
            .filter(|event| event.kind == "MemberJoined")
            .filter_map(|event| {
                let payload: serde_json::Value = serde_json::from_str(&event.payload).ok()?;
                payload.get("member_id")?.as_i64()
            })
            .collect();
        Ok(Box::new(move |c| {
            for member in &joined {
                let zone: Option<String> =
                    members::table.find(member).select(members::time_zone).first(c).optional()?;
                let first = next_morning(now, zone.as_deref().unwrap_or("UTC"));
                timed::schedule_once(c, KIND, *member, first)?;
            }
            Ok(())
        }))
    }
}

/// Writes digests.
pub struct Digest(pub Letterhead);

/// What a digest says.
#[derive(Default)]
struct Said {
    notices: Vec<Item>,
    waiting: Vec<(i64, String)>,
    solved: Vec<(i64, String)>,
}

impl Said {
    fn is_empty(&self) -> bool {
        self.notices.is_empty() && self.waiting.is_empty() && self.solved.is_empty()
    }
}

impl Duty for Digest {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn prepare(&self, c: &mut Conn, due: &Timed, now: Micros) -> QueryResult<Effect> {
        let member = due.subject_id;
        let Some(person) = reached_one(c, member, now)? else {
            // Suspended members come back.
            return Ok(Box::new(move |c| timed::schedule(c, KIND, member, now + DAY)));
        };
        // Who has no address yet gets a clock with it.
        let Some(email) = person.email.clone() else { return Ok(Box::new(|_| Ok(()))) };
        let zone = person.time_zone.clone();
        // Late is better than not at all: a server that was away in the morning sends it when it is back, though not at night.
        // Who moved to another time zone gets it in the morning there.
        let early = local(now, &zone).is_some_and(|here| i64::from(here.hour()) * 60 < MORNING);
        let at = if early { next_morning(now, &zone) } else { now };
        let again = |after: Micros| {
            let next = next_morning(after, &zone);
            move |c: &mut Conn| timed::schedule(c, KIND, member, next)
        };
        let monday = local(due.due_at, &zone).is_some_and(|on| on.weekday() == jiff::civil::Weekday::Monday);
        let times = levels::times(c, member)?;
        let digest = match times.digest {
            Level::Daily => true,
            Level::Weekly => monday,
            _ => false,
        };
        // From the morning before, or that of the week before, whatever the clocks did in between.
        let days = if times.digest == Level::Weekly { 7 } else { 1 };
        let since = local(due.due_at, &zone)
            .and_then(|on| on.checked_sub(days.days()).ok())
            .map_or(due.due_at - days * DAY, |from| from.timestamp().as_microsecond());
        // What was being written while the last one was put together.
        let since = since - 5 * MINUTE;
        let said = said(c, &person, digest.then_some(since), monday)?;
        if said.is_empty() {
            return Ok(Box::new(again(now)));
        }
        let again = again(at);
        let told: Vec<i64> = said.notices.iter().map(|item| item.id).collect();
        let day = local(at, &zone).map(|here| here.date().to_string()).unwrap_or_default();
        let mut mail = self.letter(&person, &email, &said, &day, now)?;
        mail.due_at = quiet::after(at, &zone, times.quiet);
        Ok(Box::new(move |c| {
            put(c, &mail, now)?;
            diesel::update(notices::table.filter(notices::id.eq_any(&told)))
                .set(notices::told_at.eq(now))
                .execute(c)?;
            again(c)
        }))
    }
}

/// The next morning after `now`.
fn next_morning(now: Micros, zone: &str) -> Micros {
    let Some(here) = local(now, zone) else { return now + DAY };
    let today = at_minute(&here, MORNING).filter(|at| *at > now);
    let tomorrow = || here.checked_add(1.day()).ok().and_then(|day| at_minute(&day, MORNING));
    today.or_else(tomorrow).unwrap_or(now + DAY)
}

/// What a digest says: notices whose day it is, and since `since`, if it is the digest's day, what waits and what was solved.
fn said(c: &mut Conn, person: &Reached, since: Option<Micros>, weekly: bool) -> QueryResult<Said> {
    let mut said = Said { notices: wanted(c, person, weekly, since)?, ..Said::default() };
    if let Some(since) = since {
        let tags = own_tags(c, person.viewer.id)?;
        said.waiting = waiting(c, person, &tags, since)?;
        said.solved = solved(c, person, &tags, since)?;
    }
    Ok(said)
}

/// Unread notices that are to be told daily, or weekly, and were not yet, and with a digest what is new in followed threads;
/// of those, what may be opened.
fn wanted(c: &mut Conn, person: &Reached, weekly: bool, since: Option<Micros>) -> QueryResult<Vec<Item>> {
    let member = person.viewer.id;
    let levels: &[&str] = if weekly { &["daily", "weekly"] } else { &["daily"] };
    let news = notices::level
        .eq(Level::Inbox.as_str())
        .and(notices::kind.eq(Kind::Followed.as_str()))
        .and(notices::created_at.ge(since.unwrap_or(Micros::MAX)));
    let ids: Vec<i64> = notices::table
        .filter(notices::member_id.eq(member))
        .filter(notices::level.eq_any(levels).or(news))
        .filter(notices::told_at.is_null())
        .filter(notices::read_at.is_null())
        .order(notices::id.desc())
        .limit(100)
        .select(notices::id)
        .load(c)?;
    let Some(last) = ids.first() else { return Ok(Vec::new()) };
    let ids: HashSet<i64> = ids.iter().copied().collect();
    let shown = inbox::list(c, &person.viewer, Some(last + 1), true, 500)?;
    Ok(shown.items.into_iter().filter(|item| ids.contains(&item.id)).collect())
}

/// The tags a member follows, or, where they follow none, those of questions they answered lately.
fn own_tags(c: &mut Conn, member: i64) -> QueryResult<Vec<i64>> {
    let followed: Vec<i64> = subscriptions::table
        .filter(subscriptions::member_id.eq(member))
        .filter(subscriptions::scope.eq("tag"))
        .filter(subscriptions::level.ne("off"))
        .order(subscriptions::subject_id)
        .limit(50)
        .select(subscriptions::subject_id)
        .load(c)?;
    if !followed.is_empty() {
        return Ok(followed);
    }
    let answered: Vec<Option<i64>> = posts::table
        .filter(posts::author_id.eq(member))
        .filter(posts::kind.eq("answer"))
        .order((posts::created_at.desc(), posts::id.desc()))
        .limit(50)
        .select(posts::thread_id)
        .load(c)?;
    let answered: Vec<i64> = answered.into_iter().flatten().collect();
    if answered.is_empty() {
        return Ok(Vec::new());
    }
    let mut tags: Vec<i64> = question_tags::table
        .filter(among(question_tags::question_id, &answered))
        .select(question_tags::tag_id)
        .load(c)?;
    tags.sort_unstable();
    tags.dedup();
    tags.truncate(50);
    Ok(tags)
}

/// Questions of these tags that wait for an answer, asked since `since`, the oldest first.
fn waiting(c: &mut Conn, person: &Reached, tags: &[i64], since: Micros) -> QueryResult<Vec<(i64, String)>> {
    if tags.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(i64, String, Option<i64>)> = question_tags::table
        .inner_join(questions::table.on(questions::post_id.eq(question_tags::question_id)))
        .filter(among(question_tags::tag_id, tags))
        .filter(question_tags::created_at.ge(since))
        .filter(questions::listed.eq(true))
        .filter(questions::unanswered.eq(true))
        .order(question_tags::created_at)
        .limit(50)
        .select((questions::post_id, questions::title, questions::author_id))
        .load(c)?;
    let others = rows.into_iter().filter(|(_, _, author)| *author != Some(person.viewer.id));
    open(c, person, others.map(|(id, title, _)| (id, title)).collect())
}

/// What was solved since `since`, of these tags where there are any, the highest score first.
fn solved(c: &mut Conn, person: &Reached, tags: &[i64], since: Micros) -> QueryResult<Vec<(i64, String)>> {
    let rows: Vec<(i64, String, i64)> = questions::table
        .filter(questions::listed.eq(true))
        .filter(questions::solved.eq(true))
        .filter(questions::last_activity_at.ge(since))
        .order((questions::last_activity_at.desc(), questions::post_id.desc()))
        .limit(300)
        .select((questions::post_id, questions::title, questions::score))
        .load(c)?;
    let ids: Vec<i64> = rows.iter().map(|(id, ..)| *id).collect();
    let theirs: HashSet<i64> = if tags.is_empty() || ids.is_empty() {
        ids.iter().copied().collect()
    } else {
        question_tags::table
            .filter(among(question_tags::question_id, &ids))
            .filter(among(question_tags::tag_id, tags))
            .select(question_tags::question_id)
            .load::<i64>(c)?
            .into_iter()
            .collect()
    };
    let mut rows: Vec<(i64, String, i64)> =
        rows.into_iter().filter(|(id, _, score)| theirs.contains(id) && *score > 0).collect();
    rows.sort_by_key(|(_, _, score)| -score);
    open(c, person, rows.into_iter().map(|(id, title, _)| (id, title)).collect())
}

/// Those that may be opened, each once, as many as are shown.
fn open(c: &mut Conn, person: &Reached, rows: Vec<(i64, String)>) -> QueryResult<Vec<(i64, String)>> {
    let ids: Vec<i64> = rows.iter().map(|(id, _)| *id).collect();
    let visible = visible_posts::visible(c, &person.viewer, &ids)?;
    let visible: HashSet<i64> = visible.iter().map(|post| post.id).collect();
    let mut seen = HashSet::new();
    let open = rows.into_iter().filter(|(id, _)| visible.contains(id) && seen.insert(*id));
    Ok(open.take(LINES).collect())
}

impl Digest {
    fn letter(
        &self,
        to: &Reached,
        email: &str,
        said: &Said,
        day: &str,
        now: Micros,
    ) -> Result<Outgoing, LetterError> {
        let (head, locale) = (&self.0, to.viewer.locale.as_str());
        let mut blocks =
            vec![Block::Words { text: say(locale, "digest-what", &[("site", head.name().into())])? }];
        if !said.notices.is_empty() {
            blocks.push(Block::Heading { text: say(locale, "digest-notices", &[])? });
            let items = said.notices.iter().take(3 * LINES).map(|item| self.notice(locale, item));
            blocks.push(Block::List { items: items.collect::<Result<_, _>>()? });
            let more = said.notices.len().saturating_sub(3 * LINES);
            if more > 0 {
                let more = i64::try_from(more).unwrap_or(i64::MAX);
                blocks.push(Block::Small { text: say(locale, "digest-more", &[("n", more.into())])? });
                blocks.push(Block::Button {
                    label: say(locale, "digest-inbox", &[])?,
                    url: head.url("/inbox"),
                });
            }
        }
        for (key, rows) in [("digest-waiting", &said.waiting), ("digest-solved", &said.solved)] {
            if rows.is_empty() {
                continue;
            }
            blocks.push(Block::Heading { text: say(locale, key, &[])? });
            let line = |(id, title): &(i64, String)| Line {
                text: title.clone(),
                url: head.url(&question_url(*id, title)),
                note: String::new(),
            };
            blocks.push(Block::List { items: rows.iter().map(line).collect() });
        }
        let letter = Quietable {
            kind: "digest",
            fact: format!("digest {} {day}", to.viewer.id),
            quieter: Quieter::Digest,
            subject: say(locale, "digest-subject", &[("site", head.name().into())])?,
            blocks,
            why: say(locale, "digest-why", &[])?,
        };
        let mail = outgoing(head, to, email, letter, now)?;
        let headers = Headers {
            list: Some((head.name(), format!("digest.{}", head.mailbox.domain()))),
            ..mail.headers
        };
        let listed = said.waiting.iter().chain(&said.solved).map(|(id, _)| *id);
        // Of what was removed the thread is what must still be open to its reader.
        let about = |item: &Item| match item.what.as_str() {
            "removed" => item.question_id,
            _ => item.post_id.or(item.question_id),
        };
        let told = said.notices.iter().take(3 * LINES).filter_map(about);
        let shown: BTreeSet<i64> = told.chain(listed).collect();
        let shown = shown.into_iter().collect();
        Ok(Outgoing { shown, headers, ..mail })
    }

    fn notice(&self, locale: &str, item: &Item) -> Result<Line, LetterError> {
        let nobody = say(locale, "mail-somebody", &[])?;
        let by = item.by.clone().unwrap_or(nobody);
        let what = if item.kind == Kind::Mention.as_str() { "mentioned" } else { item.what.as_str() };
        Ok(Line {
            text: item.title.clone().unwrap_or_default(),
            url: self.0.url(&item.url),
            note: say(locale, &format!("notice-{what}"), &[("by", by.into())])?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::next_morning;
    use crate::clock::parse_rfc3339;

    #[test]
    fn the_next_morning_is_the_members_own() {
        for (now, zone, next) in [
            ("2026-11-26T07:10:00Z", "Europe/Vienna", "2026-11-27T07:00:00Z"),
            ("2026-11-26T01:00:00Z", "Europe/Vienna", "2026-11-26T07:00:00Z"),
            ("2026-11-26T06:59:00Z", "Europe/Vienna", "2026-11-26T07:00:00Z"),
            ("2026-11-26T12:00:00Z", "America/New_York", "2026-11-26T13:00:00Z"),
            ("2026-11-26T08:00:00Z", "UTC", "2026-11-27T08:00:00Z"),
        ] {
            let at = |text| parse_rfc3339(text).unwrap();
            assert_eq!(next_morning(at(now), zone), at(next), "{now} in {zone}");
        }
    }
}
