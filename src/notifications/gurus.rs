//! What gurus are told of their standing: offered, given, taken away, missing something, ended; and the clock of their month.

use diesel::prelude::*;
use serde::Deserialize;

use super::deliver::{self, Notice};
use super::guru_month;
use super::kinds::{Kind, Level, Reason};
use super::letters::fact;
use super::personal;
use super::quietable::{Quietable, outgoing};
use super::signed::Quieter;
use crate::accounts::reached::Reached;
use crate::clock::{Micros, moment};
use crate::db::schema::members;
use crate::db::{Conn, Effect};
use crate::events::{Follower, Recorded, Takes};
use crate::gurus::routes::answers_url;
use crate::gurus::{Standing, State, least_share, standing};
use crate::jobs::timed;
use crate::mail::Outgoing;
use crate::reputation::figures::{self, Figures};
use crate::web::letter::{Block, Item, LetterError, Letterhead, say};

/// Follows what becomes of standings.
pub struct GuruNotices(pub Letterhead);

#[derive(Deserialize)]
struct Payload {
    standing_id: i64,
    member_id: i64,
}

/// What happened to a standing, as it is told.
struct Told<'a> {
    what: &'static str,
    row: &'a Standing,
    tag: &'a str,
    /// Who did it, by name.
    by: Option<String>,
    figures: &'a Figures,
}

impl Follower for GuruNotices {
    fn name(&self) -> &'static str {
        "guru-notices"
    }

    fn takes(&self) -> Takes {
        Takes::LiveOnly
    }

    fn follow(&self, c: &mut Conn, events: &[Recorded], now: Micros) -> QueryResult<Effect> {
        let mut notices: Vec<Notice> = Vec::new();
        let mut clocks: Vec<(i64, Micros)> = Vec::new();
        for event in events.iter().filter(|event| event.kind.starts_with("Guru")) {
            let Ok(payload) = serde_json::from_str::<Payload>(&event.payload) else { continue };
            if event.kind == "GuruOptedIn" {
                let zone: Option<String> =
                    members::table.find(payload.member_id).select(members::time_zone).first(c).optional()?;
                clocks
                    .push((payload.member_id, guru_month::next_first(now, zone.as_deref().unwrap_or("UTC"))));
                continue;
            }
            notices.extend(self.notice(c, event, &payload, now)?);
        }
        Ok(Box::new(move |c| {
            deliver::written(c, &notices, now)?;
            clocks.iter().try_for_each(|(member, at)| timed::schedule_once(c, guru_month::KIND, *member, *at))
        }))
    }
}

impl GuruNotices {
    fn notice(
        &self,
        c: &mut Conn,
        event: &Recorded,
        payload: &Payload,
        now: Micros,
    ) -> QueryResult<Option<Notice>> {
        let Some((row, tag)) = standing(c, payload.standing_id)? else { return Ok(None) };
        let what = match (event.kind.as_str(), row.state()) {
            ("GuruInvited", State::Invited) => "guru-invited",
            ("GuruAppointed", State::Invited) => "guru-appointed",
            ("GuruAppointed", State::Active | State::Paused) => "guru-given",
            ("GuruDismissed", State::Ended) => "guru-dismissed",
            ("GuruLapsing", State::Active | State::Paused) if row.ending_at.is_some() => "guru-lapsing",
            ("GuruEnded", State::Ended) => "guru-ended",
            _ => return Ok(None),
        };
        let member = payload.member_id;
        let Some(person) = personal::reach(c, member, Kind::Guru, now)? else { return Ok(None) };
        let level = match (person.level, what) {
            // What is given or taken is told, whatever one hears of else (product.md, promise 6): nothing ends in silence.
            (Level::Off, "guru-given" | "guru-dismissed" | "guru-lapsing" | "guru-ended") => Level::Inbox,
            (Level::Off, _) => return Ok(None),
            (level, _) => level,
        };
        let detail = serde_json::json!({
            "what": what,
            "subject": { "id": row.tag_id, "name": tag },
            "url": "/guru",
            "title": tag,
        });
        let mut notice = Notice {
            member,
            fact: format!("{what} {} {}", row.id, event.id),
            kind: Kind::Guru,
            reason: Reason::Guru,
            question_id: None,
            post_id: None,
            actor_id: event.actor_id,
            detail: detail.to_string(),
            level,
            mail: None,
        };
        if let Some((email, due_at)) = &person.mail {
            let (figures, by) = (figures::in_force(c)?.figures, personal::name(c, event.actor_id)?);
            let told = Told { what, row: &row, tag: &tag, by, figures: &figures };
            let mail = self.letter(&person.to, email, &told, &notice.fact, now)?;
            notice.mail = Some(Outgoing { due_at: *due_at, ..mail });
        }
        Ok(Some(notice))
    }

    fn letter(
        &self,
        to: &Reached,
        email: &str,
        told: &Told<'_>,
        told_fact: &str,
        now: Micros,
    ) -> Result<Outgoing, LetterError> {
        let (head, locale, row) = (&self.0, to.viewer.locale.as_str(), told.row);
        let somebody = say(locale, "guru-command-line", &[])?;
        let by = told.by.clone().unwrap_or(somebody);
        let ending = row.ending_at.map(moment).unwrap_or_default();
        let facts = row.facts();
        let args = [
            ("tag", told.tag.into()),
            ("by", by.as_str().into()),
            ("answers", facts.answers.into()),
            ("share", facts.share().into()),
            ("needed", told.figures.guru_answers.into()),
            ("least", least_share(told.figures).into()),
            ("until", ending.into()),
        ];
        let words = |key: &str| Ok::<_, LetterError>(Block::Words { text: say(locale, key, &args)? });
        let mut blocks =
            vec![Block::Words { text: say(locale, &format!("mail-told-{}", told.what), &args)? }];
        let reason = row
            .reason
            .clone()
            .filter(|_| matches!(told.what, "guru-appointed" | "guru-given" | "guru-dismissed"));
        if let Some(text) = reason {
            blocks.push(Block::Quote { by: by.clone(), text, html: None });
        }
        match told.what {
            "guru-invited" | "guru-appointed" => {
                if told.what == "guru-invited" {
                    let url = head.url(&answers_url(&to.viewer.handle, told.tag));
                    let note = say(locale, "mail-guru-answers-note", &args)?;
                    let text = say(locale, "mail-guru-answers", &args)?;
                    blocks.push(Block::List { items: vec![Item { text, url, note }] });
                }
                blocks.push(Block::Heading { text: say(locale, "mail-guru-what-heading", &[])? });
                blocks.push(words("mail-guru-what")?);
                blocks.push(words("mail-guru-how")?);
                blocks.push(self.button(locale, "mail-guru-decide")?);
            }
            "guru-given" => {
                blocks.push(words("mail-guru-what")?);
                blocks.push(self.button(locale, "mail-guru-hours")?);
            }
            "guru-lapsing" => {
                blocks.push(words("mail-guru-lapsing-next")?);
                blocks.push(self.button(locale, "mail-guru-look")?);
            }
            "guru-dismissed" => blocks.push(words("mail-guru-dismissed-next")?),
            _ => blocks.push(words("mail-guru-ended-next")?),
        }
        let letter = Quietable {
            kind: Kind::Guru.as_str(),
            fact: fact(to.viewer.id, told_fact),
            quieter: Quieter::Kind(Kind::Guru),
            subject: say(locale, &format!("mail-subject-{}", told.what), &args)?,
            blocks,
            why: say(locale, "mail-why-guru", &[("subject", told.tag.into())])?,
        };
        outgoing(head, to, email, letter, now)
    }

    fn button(&self, locale: &str, key: &str) -> Result<Block, LetterError> {
        Ok(Block::Button { label: say(locale, key, &[])?, url: self.0.url("/guru") })
    }
}
