//! Who earned a badge is told: in the inbox, and by e-mail where they want that. What an import brought is told to nobody.

use diesel::prelude::*;
use serde::Deserialize;

use super::deliver::{self, Notice};
use super::kinds::{Kind, Level, Reason};
use super::letters::fact;
use super::personal;
use super::quietable::{Quietable, outgoing};
use super::signed::Quieter;
use crate::accounts::reached::Reached;
use crate::badges::known;
use crate::clock::Micros;
use crate::db::{Conn, Effect};
use crate::events::{Follower, Recorded, Takes};
use crate::mail::Outgoing;
use crate::web::letter::{Block, LetterError, Letterhead, say};

/// Follows what is awarded.
pub struct BadgeNotices(pub Letterhead);

#[derive(Deserialize)]
struct Payload {
    badge: String,
    member_id: i64,
    post_id: Option<i64>,
    least: i64,
}

impl Follower for BadgeNotices {
    fn name(&self) -> &'static str {
        "badge-notices"
    }

    fn takes(&self) -> Takes {
        Takes::LiveOnly
    }

    fn follow(&self, c: &mut Conn, events: &[Recorded], now: Micros) -> QueryResult<Effect> {
        let mut notices: Vec<Notice> = Vec::new();
        for event in events.iter().filter(|event| event.kind == "BadgeAwarded") {
            if let Ok(payload) = serde_json::from_str::<Payload>(&event.payload) {
                notices.extend(self.notice(c, &payload, now)?);
            }
        }
        Ok(Box::new(move |c| deliver::written(c, &notices, now)))
    }
}

impl BadgeNotices {
    fn notice(&self, c: &mut Conn, payload: &Payload, now: Micros) -> QueryResult<Option<Notice>> {
        let Some(badge) = known(&payload.badge) else { return Ok(None) };
        let Some(person) = personal::reach(c, payload.member_id, Kind::Badge, now)? else { return Ok(None) };
        if person.level == Level::Off {
            return Ok(None);
        }
        let name = say(&person.to.viewer.locale, &format!("badge-name-{}", badge.key), &[])?;
        let url = format!("/badges/{}?person={}", badge.key, payload.member_id);
        let detail = serde_json::json!({ "what": "badge", "url": url, "title": name });
        // One that was taken back and earned again by the same post is no news.
        let of = payload.post_id.filter(|_| badge.counts.each_post()).unwrap_or_default();
        let mut notice = Notice {
            member: payload.member_id,
            fact: format!("badge {} {of}", badge.key),
            kind: Kind::Badge,
            reason: Reason::Account,
            question_id: None,
            post_id: None,
            actor_id: None,
            detail: detail.to_string(),
            level: person.level,
            mail: None,
        };
        if let Some((email, due_at)) = &person.mail {
            let words = format!("badge-for-{}", badge.key);
            let mail =
                self.letter(&person.to, email, (&name, &words, payload.least), (&url, &notice.fact), now)?;
            notice.mail = Some(Outgoing { due_at: *due_at, ..mail });
        }
        Ok(Some(notice))
    }

    fn letter(
        &self,
        to: &Reached,
        email: &str,
        (name, words, least): (&str, &str, i64),
        (url, told): (&str, &str),
        now: Micros,
    ) -> Result<Outgoing, LetterError> {
        let (head, locale) = (&self.0, to.viewer.locale.as_str());
        let named = [("name", name.into())];
        let letter = Quietable {
            kind: Kind::Badge.as_str(),
            fact: fact(to.viewer.id, told),
            quieter: Quieter::Kind(Kind::Badge),
            subject: say(locale, "mail-subject-badge", &named)?,
            blocks: vec![
                Block::Words { text: say(locale, "mail-badge", &named)? },
                Block::Words { text: say(locale, words, &[("n", least.into())])? },
                Block::Button { label: say(locale, "mail-badge-look", &[])?, url: head.url(url) },
            ],
            why: say(locale, "mail-why-badge", &[])?,
        };
        outgoing(head, to, email, letter, now)
    }
}
