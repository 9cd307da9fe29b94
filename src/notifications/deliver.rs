//! From members whom something concerns to notices and e-mails: who may see it, how they hear of it, and once.

use std::collections::HashMap;

use diesel::prelude::*;

use super::kinds::{Kind, Level, Reason};
use super::levels::{self, Levels};
use super::look;
use super::targets::{Cause, Told};
use super::{incoming, letters, quiet};
use crate::accounts::reached::{Reached, count_unread, reached};
use crate::clock::Micros;
use crate::db::schema::{notices, spaces, tags};
use crate::db::{Conn, on};
use crate::mail::{Outgoing, put};
use crate::posts;
use crate::web::letter::Letterhead;

/// A notice ready to be written, with its e-mail where one goes at once.
#[derive(Clone, Debug)]
pub(super) struct Notice {
    pub(super) member: i64,
    pub(super) fact: String,
    pub(super) kind: Kind,
    pub(super) reason: Reason,
    pub(super) question_id: Option<i64>,
    pub(super) post_id: Option<i64>,
    pub(super) actor_id: Option<i64>,
    /// What happened, and for words the subject that is followed: JSON.
    pub(super) detail: String,
    pub(super) level: Level,
    pub(super) mail: Option<Outgoing>,
}

/// The notices of some members about one thing.
pub(super) fn prepared(
    c: &mut Conn,
    head: &Letterhead,
    told: &Told,
    members: &[(i64, Vec<Cause>)],
    now: Micros,
) -> QueryResult<Vec<Notice>> {
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let Some(look) = look::load(c, told, &head.public_url)? else { return Ok(Vec::new()) };
    let ids: Vec<i64> = members.iter().map(|(member, _)| *member).collect();
    let chosen = levels::of_members(c, &ids)?;
    let times = levels::times_of(c, &ids)?;
    let people: HashMap<i64, Reached> =
        reached(c, &ids, now)?.into_iter().map(|person| (person.viewer.id, person)).collect();
    let answerable = incoming::has_worked(c)?;
    let mut names: HashMap<(Reason, i64), String> = HashMap::new();
    let usual = Levels::default();
    let mut notices = Vec::new();
    for (member, causes) in members {
        let Some(person) = people.get(member) else { continue };
        let Some((cause, level)) = heard(causes, chosen.get(member).unwrap_or(&usual)) else { continue };
        if !sees(c, person, told)? {
            continue;
        }
        // Who is named by an edit was perhaps told of the post already.
        let fact =
            if cause.kind == Kind::Mention { format!("post {}", told.post_id) } else { told.fact.clone() };
        let subject = match cause.subject {
            Some(id) => Some((id, subject_name(c, &mut names, cause.reason, id)?)),
            None => None,
        };
        let mut notice = Notice {
            member: *member,
            kind: cause.kind,
            reason: cause.reason,
            question_id: Some(told.question_id),
            post_id: Some(told.post_id),
            actor_id: told.actor_id,
            detail: detail(told, subject.as_ref()),
            level,
            mail: None,
            fact,
        };
        if level == Level::Now
            && let Some(email) = &person.email
        {
            let telling = letters::Telling {
                look: &look,
                what: told.what,
                kind: cause.kind,
                reason: cause.reason,
                by_thread: cause.level.is_some() && cause.subject.is_none(),
                subject,
                answerable,
                fact: &notice.fact,
            };
            let mut mail = letters::notice(head, &telling, person, email, now)?;
            let quiet = times.get(member).and_then(|times| times.quiet);
            mail.due_at = quiet::after(now, &person.time_zone, quiet);
            notice.mail = Some(mail);
        }
        notices.push(notice);
    }
    Ok(notices)
}

fn detail(told: &Told, subject: Option<&(i64, String)>) -> String {
    let subject = subject.map(|(id, name)| serde_json::json!({ "id": id, "name": name }));
    let mut detail = serde_json::json!({ "what": told.what, "subject": subject });
    if let Some(id) = told.suggestion_id {
        detail["suggestion"] = id.into();
    }
    detail.to_string()
}

/// The cause by which somebody hears most of it, and how; None when they hear nothing.
fn heard<'a>(causes: &'a [Cause], levels: &Levels) -> Option<(&'a Cause, Level)> {
    // Whom it concerns by what they wrote is not told of it as a follower besides.
    let own =
        |cause: &Cause| matches!(cause.kind, Kind::Answer | Kind::Comment | Kind::Accepted | Kind::Changed);
    let concerned = causes.iter().any(own);
    // A thread that was silenced is silent, but for one's own name.
    let silenced = causes.iter().any(|cause| cause.level == Some(Level::Off) && cause.subject.is_none());
    causes
        .iter()
        .filter(|cause| !silenced || cause.kind == Kind::Mention)
        .filter(|cause| !concerned || cause.kind != Kind::Followed)
        .map(|cause| (cause, cause.level.unwrap_or_else(|| levels.of(cause.kind))))
        .filter(|(_, level)| *level != Level::Off)
        .max_by_key(|(cause, level)| (level.weight(), usize::MAX - cause.kind.rank()))
}

/// Whether somebody may open what is told. What was removed is told to those who may open its thread.
pub(super) fn sees(c: &mut Conn, person: &Reached, told: &Told) -> QueryResult<bool> {
    let post = if told.what == "removed" { told.question_id } else { told.post_id };
    Ok(posts::find(c, &person.viewer, post)?.is_some())
}

fn subject_name(
    c: &mut Conn,
    known: &mut HashMap<(Reason, i64), String>,
    reason: Reason,
    id: i64,
) -> QueryResult<String> {
    if let Some(name) = known.get(&(reason, id)) {
        return Ok(name.clone());
    }
    let name: Option<String> = match reason {
        Reason::Tag => tags::table.find(id).select(tags::name).first(c).optional()?,
        _ => spaces::table.find(id).select(spaces::name).first(c).optional()?,
    };
    let name = name.unwrap_or_default();
    known.insert((reason, id), name.clone());
    Ok(name)
}

/// Writes notices and their e-mails; those whose fact the member was told already stay as they are.
pub(super) fn written(c: &mut Conn, all: &[Notice], now: Micros) -> QueryResult<()> {
    for notice in all {
        let row = (
            notices::member_id.eq(notice.member),
            notices::fact.eq(&notice.fact),
            notices::kind.eq(notice.kind.as_str()),
            notices::reason.eq(notice.reason.as_str()),
            notices::question_id.eq(notice.question_id),
            notices::post_id.eq(notice.post_id),
            notices::actor_id.eq(notice.actor_id),
            notices::detail.eq(&notice.detail),
            notices::level.eq(notice.level.as_str()),
            notices::created_at.eq(now),
        );
        let new: Option<i64> = on!(c, |c| diesel::insert_into(notices::table)
            .values(row)
            .on_conflict((notices::member_id, notices::fact))
            .do_nothing()
            .returning(notices::id)
            .get_result(c)
            .optional())?;
        let Some(id) = new else { continue };
        count_unread(c, notice.member, 1)?;
        if let Some(mail) = &notice.mail {
            let mail = Outgoing { notice_id: Some(id), ..mail.clone() };
            put(c, &mail, now)?;
        }
    }
    Ok(())
}
