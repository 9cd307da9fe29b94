//! What gurus are told of their standing: offered, given, taken away, missing something, ended; and the clock of their month.

use diesel::prelude::*;
use serde::Deserialize;

use super::deliver::{self, Notice};
use super::guru_month;
use super::kinds::{Kind, Level, Reason};
use super::letters::fact;
use super::levels;
use super::quiet;
use super::signed::{Quieter, quieter_token};
use crate::accounts::reached::{Reached, reached_one};
use crate::clock::{Micros, rfc3339};
use crate::db::schema::members;
use crate::db::{Conn, Effect};
use crate::events::{Follower, Recorded, Takes};
use crate::gurus::{Standing, State, least_share, standing};
use crate::jobs::timed;
use crate::mail::{Headers, Outgoing};
use crate::reputation::figures::{self, Figures};
use crate::web::letter::{Block, Item, Letter, LetterError, Letterhead, say};

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
        let Some(person) = reached_one(c, member, now)? else { return Ok(None) };
        let levels = levels::of_members(c, &[member])?.remove(&member).unwrap_or_default();
        let level = levels.of(Kind::Guru);
        if level == Level::Off {
            return Ok(None);
        }
        let by: Option<String> = match event.actor_id {
            Some(actor) => members::table.find(actor).select(members::name).first(c).optional()?,
            None => None,
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
        if level == Level::Now
            && let Some(email) = &person.email
        {
            let figures = figures::in_force(c)?.figures;
            let told = Told { what, row: &row, tag: &tag, by, figures: &figures };
            let mut mail = self.letter(&person, email, &told, &notice.fact, now)?;
            mail.due_at = quiet::after(now, &person.time_zone, levels::times(c, member)?.quiet);
            notice.mail = Some(mail);
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
        let ending =
            row.ending_at.map(|at| rfc3339(at).chars().take(10).collect::<String>()).unwrap_or_default();
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
        let quieter = Quieter::Kind(Kind::Guru);
        let unsubscribe =
            head.url(&format!("/unsubscribe/{}", quieter_token(&head.secret, to.viewer.id, &quieter)));
        let letter = Letter {
            locale: locale.to_owned(),
            subject: say(locale, &format!("mail-subject-{}", told.what), &args)?,
            blocks,
            why: say(locale, "mail-why-guru", &[("subject", told.tag.into())])?,
            foot: vec![
                (say(locale, "mail-stop", &[])?, unsubscribe.clone()),
                (say(locale, "mail-settings", &[])?, head.url("/settings/notifications")),
            ],
        };
        let mail = head.outgoing(&letter, Kind::Guru.as_str(), email, fact(to.viewer.id, told_fact), now)?;
        let headers = Headers { unsubscribe: Some(unsubscribe), ..mail.headers };
        Ok(Outgoing { member_id: Some(to.viewer.id), headers, ..mail })
    }

    fn button(&self, locale: &str, key: &str) -> Result<Block, LetterError> {
        Ok(Block::Button { label: say(locale, key, &[])?, url: self.0.url("/guru") })
    }
}

/// Where somebody's answers in a tag are found.
pub(super) fn answers_url(handle: &str, tag: &str) -> String {
    let query = format!("[{tag}] user:{handle} is:answer");
    format!("/search?q={}", percent_encoding::utf8_percent_encode(&query, percent_encoding::NON_ALPHANUMERIC))
}
