//! What is told to whom something was done: a privilege taken or given back, votes annulled or counted again, a post removed as
//! spam or abuse. With who did it, why, and until when; told to nobody else, and a title only to who may open what it stands on.

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
use crate::posts::{self, author_of, place};
use crate::questions::{Thread, post_url, question_url};
use crate::reputation::rules::Privilege;
use crate::reputation::taking::taken_from;
use crate::reputation::{Credit, figures};
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
    post_id: i64,
    why: Option<String>,
    credit: Option<Credit>,
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
    /// The post it is about; told only to who may open it, or its thread where the post itself was removed.
    post: Option<i64>,
    /// Points that it cost.
    cost: i64,
}

impl Told {
    fn new(what: &'static str, member: i64, fact: String) -> Told {
        Told { what, member, fact, privilege: None, until: None, reason: None, post: None, cost: 0 }
    }

    /// Whether something is had again, to which nobody objects.
    fn gives_back(&self) -> bool {
        matches!(self.what, "privilege-back" | "votes-reinstated" | "votes-reinstated-on")
    }
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
            for told in told(c, event, now)? {
                // Several threads of one decision are one fact.
                let is_new = |notice: &Notice| notice.fact != told.fact || notice.member != told.member;
                if notices.iter().all(is_new) {
                    notices.extend(self.notice(c, event, &told, now)?);
                }
            }
        }
        Ok(Box::new(move |c| deliver::written(c, &notices, now)))
    }
}

fn told(c: &mut Conn, event: &Recorded, now: Micros) -> QueryResult<Vec<Told>> {
    let payload = || serde_json::from_str::<Payload>(&event.payload).unwrap_or_default();
    match event.kind.as_str() {
        "PrivilegeTaken" => privilege(c, event, &payload(), "privilege-taken", now),
        "PrivilegeGivenBack" => privilege(c, event, &payload(), "privilege-back", now),
        "VotesAnnulled" => votes(c, event, &payload(), ["votes-annulled", "votes-annulled-on"]),
        "AnnulmentUndone" => votes(c, event, &payload(), ["votes-reinstated", "votes-reinstated-on"]),
        "PostDeleted" => removal(c, event, &payload()),
        _ => Ok(Vec::new()),
    }
}

fn privilege(
    c: &mut Conn,
    event: &Recorded,
    payload: &Payload,
    what: &'static str,
    now: Micros,
) -> QueryResult<Vec<Told>> {
    let Some(privilege) = Privilege::parse(&payload.privilege) else { return Ok(Vec::new()) };
    let rows = taken_from(c, payload.member_id, now)?;
    let reason = rows.into_iter().find(|(taken, _)| *taken == privilege).map(|(_, row)| row.reason);
    Ok(vec![Told {
        privilege: Some(privilege),
        until: payload.until,
        reason: reason.filter(|_| what == "privilege-taken"),
        ..Told::new(what, payload.member_id, format!("{what} {}", event.id))
    }])
}

/// Told to who cast the votes, and to whose posts they were on: to the second without who cast them.
fn votes(
    c: &mut Conn,
    event: &Recorded,
    payload: &Payload,
    [to_voter, to_author]: [&'static str; 2],
) -> QueryResult<Vec<Told>> {
    let Some((post, voter)) = payload.votes.first().copied() else { return Ok(Vec::new()) };
    let fact = format!("{to_voter} {} {}", payload.pattern_id, event.occurred_at);
    let reason = annul::reason(c, payload.pattern_id)?;
    let author = author_of(c, post)?.filter(|author| *author != voter);
    let to_author = author.map(|author| Told::new(to_author, author, fact.clone()));
    let to_voter = Told { reason, post: Some(post), ..Told::new(to_voter, voter, fact) };
    Ok(std::iter::once(to_voter).chain(to_author).collect())
}

/// Removed as spam or abuse, which costs; what is taken away otherwise is told with other changes of one's own.
fn removal(c: &mut Conn, event: &Recorded, payload: &Payload) -> QueryResult<Vec<Told>> {
    let what = match payload.why.as_deref() {
        Some("spam") => "removed-spam",
        Some("abuse") => "removed-abuse",
        _ => return Ok(Vec::new()),
    };
    let Some(author) = author_of(c, payload.post_id)? else { return Ok(Vec::new()) };
    if event.actor_id == Some(author) {
        return Ok(Vec::new());
    }
    let versions = figures::all_versions(c)?;
    let by = payload.credit.and_then(|credit| versions.get(&credit.settings));
    Ok(vec![Told {
        post: Some(payload.post_id),
        cost: by.map_or(0, |figures| figures.removed),
        ..Told::new(what, author, format!("removed {} {}", payload.post_id, event.id))
    }])
}

/// Where it is looked at, and in what words.
struct Look {
    title: Option<String>,
    url: String,
    question: Option<i64>,
    post: Option<i64>,
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
        let look = look(c, told, &person.to)?;
        let heading = match &look.title {
            Some(title) => title.clone(),
            None => say(&person.to.viewer.locale, "ledger-title", &[])?,
        };
        let detail = serde_json::json!({ "what": told.what, "url": look.url, "title": heading });
        let mut notice = Notice {
            member: told.member,
            fact: told.fact.clone(),
            kind: Kind::Changed,
            reason: Reason::Account,
            question_id: look.question,
            post_id: look.post,
            actor_id: event.actor_id,
            detail: detail.to_string(),
            level,
            mail: None,
        };
        if let Some((email, due_at)) = &person.mail {
            let by = personal::name(c, event.actor_id)?;
            let mail = self.letter(&person.to, email, told, (&look, by), now)?;
            // Whether its reader may still open what it names is asked again when it goes.
            let shown = look.post.or(look.question);
            notice.mail = Some(Outgoing { due_at: *due_at, post_id: shown, ..mail });
        }
        Ok(Some(notice))
    }

    fn letter(
        &self,
        to: &Reached,
        email: &str,
        told: &Told,
        (look, by): (&Look, Option<String>),
        now: Micros,
    ) -> Result<Outgoing, LetterError> {
        let (head, locale) = (&self.0, to.viewer.locale.as_str());
        let somebody = say(locale, "mail-somebody", &[])?;
        let by = by.unwrap_or(somebody);
        let until = told.until.map(|at| rfc3339(at).chars().take(10).collect::<String>());
        let title = look.title.as_deref().unwrap_or_default();
        let args = [("by", by.as_str().into()), ("title", title.into()), ("cost", told.cost.into())];
        let mut blocks =
            vec![Block::Words { text: say(locale, &format!("mail-power-{}", told.what), &args)? }];
        if told.post.is_some() && !title.is_empty() {
            blocks.push(Block::Words { text: say(locale, "mail-power-among", &args)? });
        }
        if told.reason.is_some() {
            blocks.push(Block::Words { text: say(locale, "mail-power-reason", &[])? });
        }
        if let Some(text) = &told.reason {
            blocks.push(Block::Quote { by: by.clone(), text: text.clone(), html: None });
        }
        if let Some(until) = until {
            blocks.push(Block::Words { text: say(locale, "mail-power-until", &[("until", until.into())])? });
        }
        if !told.gives_back() {
            blocks.push(Block::Words { text: say(locale, "mail-power-object", &[])? });
        }
        blocks.push(Block::Button { label: say(locale, "mail-power-look", &[])?, url: head.url(&look.url) });
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

fn look(c: &mut Conn, told: &Told, to: &Reached) -> QueryResult<Look> {
    let own = |page: &str| format!("/people/{}/{page}", told.member);
    let words = |title: Option<String>, url: String| Look { title, url, question: None, post: None };
    if let Some(privilege) = told.privilege {
        let title = say(&to.viewer.locale, "privilege-what", &[("privilege", privilege.as_str().into())])?;
        return Ok(words(Some(title), own("privileges")));
    }
    let Some(post) = told.post else { return Ok(words(None, own("reputation"))) };
    let (thread, kind) = place(c, post)?;
    // Of what was removed the thread is what must be open to its reader.
    let removed = told.what.starts_with("removed");
    if posts::find(c, &to.viewer, if removed { thread } else { post })?.is_none() {
        return Ok(words(None, if removed { own("reputation") } else { "/inbox".to_owned() }));
    }
    let title = Thread::title(c, thread)?;
    let url = if removed { question_url(thread, &title) } else { post_url(thread, &title, kind, post) };
    let post = Some(post).filter(|_| !removed);
    Ok(Look { title: Some(title), url, question: Some(thread), post })
}
