//! What is told to whom something was done: a privilege taken or given back, votes annulled or counted again. With who did it,
//! why, and until when; told to nobody else.

use diesel::prelude::*;
use serde::Deserialize;

use super::deliver::{self, Notice};
use super::kinds::{Kind, Level, Reason};
use super::letters::fact;
use super::personal;
use super::quietable::{Quietable, outgoing};
use super::signed::Quieter;
use crate::accounts::reached::Reached;
use crate::clock::{Micros, rfc3339};
use crate::db::{Conn, Effect};
use crate::events::{Follower, Recorded, Takes};
use crate::mail::Outgoing;
use crate::posts::place;
use crate::questions::{Thread, post_url};
use crate::reputation::rules::Privilege;
use crate::reputation::taking::taken_from;
use crate::votes::annul;
use crate::web::letter::{Block, LetterError, Letterhead, say};

/// Follows what is done to members.
pub struct PowerNotices(pub Letterhead);

#[derive(Deserialize, Default)]
#[serde(default)]
struct Payload {
    member_id: i64,
    privilege: String,
    until: Option<Micros>,
    pattern_id: i64,
    votes: Vec<(i64, i64)>,
}

/// One thing that was done, as it is told.
struct Told {
    what: &'static str,
    member: i64,
    /// What names it among all facts.
    fact: String,
    privilege: Option<Privilege>,
    until: Option<Micros>,
    reason: Option<String>,
    /// The post the votes were on.
    post: Option<i64>,
}

impl Follower for PowerNotices {
    fn name(&self) -> &'static str {
        "power-notices"
    }

    fn takes(&self) -> Takes {
        Takes::LiveOnly
    }

    fn follow(&self, c: &mut Conn, events: &[Recorded], now: Micros) -> QueryResult<Effect> {
        let mut notices: Vec<Notice> = Vec::new();
        for event in events {
            let Some(told) = told(c, event, now)? else { continue };
            // Several threads of one decision are one fact.
            if notices.iter().all(|notice| notice.fact != told.fact) {
                notices.extend(self.notice(c, event, &told, now)?);
            }
        }
        Ok(Box::new(move |c| deliver::written(c, &notices, now)))
    }
}

fn told(c: &mut Conn, event: &Recorded, now: Micros) -> QueryResult<Option<Told>> {
    let what = match event.kind.as_str() {
        "PrivilegeTaken" => "privilege-taken",
        "PrivilegeGivenBack" => "privilege-back",
        "VotesAnnulled" => "votes-annulled",
        "AnnulmentUndone" => "votes-reinstated",
        _ => return Ok(None),
    };
    let payload: Payload = serde_json::from_str(&event.payload).unwrap_or_default();
    if let Some(privilege) = Privilege::parse(&payload.privilege) {
        let rows = taken_from(c, payload.member_id, now)?;
        let reason = rows.into_iter().find(|(taken, _)| *taken == privilege).map(|(_, row)| row.reason);
        return Ok(Some(Told {
            what,
            member: payload.member_id,
            fact: format!("{what} {}", event.id),
            privilege: Some(privilege),
            until: payload.until,
            reason: reason.filter(|_| what == "privilege-taken"),
            post: None,
        }));
    }
    let Some((post, voter)) = payload.votes.first().copied() else { return Ok(None) };
    Ok(Some(Told {
        what,
        member: voter,
        fact: format!("{what} {} {}", payload.pattern_id, event.occurred_at),
        privilege: None,
        until: None,
        reason: annul::reason(c, payload.pattern_id)?,
        post: Some(post),
    }))
}

impl PowerNotices {
    fn notice(
        &self,
        c: &mut Conn,
        event: &Recorded,
        told: &Told,
        now: Micros,
    ) -> QueryResult<Option<Notice>> {
        let Some(person) = personal::reach(c, told.member, Kind::Changed, now)? else { return Ok(None) };
        // What is done to somebody is told them, whatever they hear of else (product.md, promise 6).
        let level = Some(person.level).filter(|level| *level != Level::Off).unwrap_or(Level::Inbox);
        let (title, url) = about(c, told, &person.to)?;
        let detail = serde_json::json!({ "what": told.what, "url": url, "title": title });
        let mut notice = Notice {
            member: told.member,
            fact: told.fact.clone(),
            kind: Kind::Changed,
            reason: Reason::Account,
            question_id: None,
            post_id: None,
            actor_id: event.actor_id,
            detail: detail.to_string(),
            level,
            mail: None,
        };
        if let Some((email, due_at)) = &person.mail {
            let by = personal::name(c, event.actor_id)?;
            let mail = self.letter(&person.to, email, told, (&title, &url, by), now)?;
            notice.mail = Some(Outgoing { due_at: *due_at, ..mail });
        }
        Ok(Some(notice))
    }

    fn letter(
        &self,
        to: &Reached,
        email: &str,
        told: &Told,
        (title, url, by): (&str, &str, Option<String>),
        now: Micros,
    ) -> Result<Outgoing, LetterError> {
        let (head, locale) = (&self.0, to.viewer.locale.as_str());
        let somebody = say(locale, "mail-somebody", &[])?;
        let by = by.unwrap_or(somebody);
        let until = told.until.map(|at| rfc3339(at).chars().take(10).collect::<String>());
        let args = [("by", by.as_str().into()), ("title", title.into())];
        let mut blocks =
            vec![Block::Words { text: say(locale, &format!("mail-power-{}", told.what), &args)? }];
        if let Some(text) = &told.reason {
            blocks.push(Block::Quote { by: by.clone(), text: text.clone(), html: None });
        }
        if let Some(until) = until {
            blocks.push(Block::Words { text: say(locale, "mail-power-until", &[("until", until.into())])? });
        }
        blocks.push(Block::Words { text: say(locale, "mail-power-object", &[])? });
        blocks.push(Block::Button { label: say(locale, "mail-power-look", &[])?, url: head.url(url) });
        let letter = Quietable {
            kind: Kind::Changed.as_str(),
            fact: fact(to.viewer.id, &told.fact),
            quieter: Quieter::Kind(Kind::Changed),
            subject: say(locale, &format!("mail-subject-{}", told.what), &args)?,
            blocks,
            why: say(locale, "mail-why-account", &[])?,
        };
        outgoing(head, to, email, letter, now)
    }
}

/// What it is about, in words, and where that is looked at.
fn about(c: &mut Conn, told: &Told, to: &Reached) -> QueryResult<(String, String)> {
    if let Some(post) = told.post {
        let (thread, kind) = place(c, post)?;
        let title = Thread::title(c, thread)?;
        let url = post_url(thread, &title, kind, post);
        return Ok((title, url));
    }
    let privilege = told.privilege.map(Privilege::as_str).unwrap_or_default();
    let words = say(&to.viewer.locale, "privilege-what", &[("privilege", privilege.into())])?;
    Ok((words, format!("/people/{}/privileges", told.member)))
}
