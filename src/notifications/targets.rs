//! Whom an event concerns: members with what it is to them and why, in the order of their ids, page by page.
//!
//! Who may see it, and how they want to hear of it, is judged afterwards ([`super::deliver`]).

use std::collections::HashMap;

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use serde::Deserialize;

use super::kinds::{Kind, Level, Reason};
use crate::accounts::reached::by_handles;
use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::{follows, members, moderated_spaces, posts, question_tags, questions, subscriptions};
use crate::events::Recorded;
use crate::posts::text_of;
use crate::suggestions;
use crate::text::mentions;

/// Something that happened, as it is told.
#[derive(Clone, Debug)]
pub(super) struct Told {
    /// What is told: one notice per member and fact.
    pub(super) fact: String,
    /// Its thread.
    pub(super) question_id: i64,
    /// The post it is about.
    pub(super) post_id: i64,
    /// Who did it.
    pub(super) actor_id: Option<i64>,
    /// What happened: `answered`, `commented`, `accepted`, `endorsed`, `asked`, `edited`, `removed`, `closed`,
    /// `reopened`, `handed-over`, `suggested`, `approved`, `improved` (approved, but changed before), `rejected`.
    pub(super) what: &'static str,
    /// The suggested edit it is about.
    pub(super) suggestion_id: Option<i64>,
}

/// Why one member is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cause {
    pub(super) kind: Kind,
    pub(super) reason: Reason,
    /// How they said to hear of this thread, tag or space; None: as of the kind.
    pub(super) level: Option<Level>,
    /// The tag or space they follow.
    pub(super) subject: Option<i64>,
}

/// A page of members with all their causes.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    pub(super) members: Vec<(i64, Vec<Cause>)>,
    /// The last member of this page, when there may be more.
    pub(super) next: Option<i64>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Payload {
    answer_id: i64,
    comment_id: i64,
    parent_id: i64,
    post_id: i64,
    suggestion_id: Option<i64>,
    why: Option<String>,
    improved: bool,
}

/// What an event tells; None for one that tells nobody anything.
pub(super) fn told(event: &Recorded) -> Option<Told> {
    let question_id = event.question_id?;
    let payload: Payload = serde_json::from_str(&event.payload).unwrap_or_default();
    let suggestion = |what: &str| format!("{what} {}", payload.suggestion_id.unwrap_or_default());
    let (what, post_id, fact) = match event.kind.as_str() {
        "QuestionAsked" => ("asked", question_id, format!("post {question_id}")),
        "AnswerPosted" => ("answered", payload.answer_id, format!("post {}", payload.answer_id)),
        "CommentPosted" => ("commented", payload.comment_id, format!("post {}", payload.comment_id)),
        "AnswerAccepted" => ("accepted", payload.answer_id, format!("accepted {}", payload.answer_id)),
        "AnswerEndorsed" => ("endorsed", payload.answer_id, format!("endorsed {}", payload.answer_id)),
        "PostEdited" => ("edited", payload.post_id, format!("edited {} {}", payload.post_id, event.id)),
        // As spam or abuse it is told with what it cost (`power`).
        "PostDeleted" if payload.why.is_none() => {
            ("removed", payload.post_id, format!("removed {} {}", payload.post_id, event.id))
        }
        "QuestionClosed" => ("closed", question_id, format!("closed {question_id} {}", event.id)),
        "QuestionReopened" => ("reopened", question_id, format!("reopened {question_id} {}", event.id)),
        "EditSuggested" => ("suggested", payload.post_id, suggestion("suggested")),
        "SuggestionApproved" => {
            let what = if payload.improved { "improved" } else { "approved" };
            (what, payload.post_id, suggestion("approved"))
        }
        "SuggestionRejected" => ("rejected", payload.post_id, suggestion("rejected")),
        "HandedOver" => ("handed-over", question_id, format!("handed-over {question_id} {}", event.id)),
        _ => return None,
    };
    let suggestion_id = payload.suggestion_id;
    Some(Told { suggestion_id, fact, question_id, post_id, actor_id: event.actor_id, what })
}

/// The members after `after` whom it concerns, at most `most`.
pub(super) fn page(c: &mut Conn, event: &Recorded, told: &Told, after: i64, most: i64) -> QueryResult<Page> {
    let mut found: HashMap<i64, Vec<Cause>> = HashMap::new();
    let mut cut: Option<i64> = None;
    for (member, cause) in people(c, event, told)? {
        found.entry(member).or_default().push(cause);
    }
    let many = match told.what {
        "answered" | "commented" | "accepted" | "closed" | "reopened" => {
            followers(c, told, event.occurred_at, after, most)?
        }
        "asked" => {
            let mut all = by_tags(c, told, event.occurred_at, after, most)?;
            all.extend(by_space(c, event, after, most)?);
            all
        }
        "handed-over" => moderating(c, event, after, most)?,
        _ => Vec::new(),
    };
    // A full list ends somewhere: whoever comes after the earliest end is told with the next page.
    let mut lengths: HashMap<(Reason, Option<i64>), (i64, i64)> = HashMap::new();
    for (member, cause) in many {
        let (count, last) = lengths.entry((cause.reason, cause.subject)).or_default();
        *count += 1;
        *last = member.max(*last);
        found.entry(member).or_default().push(cause);
    }
    for (count, last) in lengths.into_values() {
        if count >= most {
            cut = Some(cut.map_or(last, |cut| cut.min(last)));
        }
    }
    let mut members: Vec<(i64, Vec<Cause>)> =
        found.into_iter().filter(|(member, _)| *member > after).collect();
    members.retain(|(member, _)| Some(*member) != told.actor_id && cut.is_none_or(|cut| *member <= cut));
    members.sort_by_key(|(member, _)| *member);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    if members.len() > most {
        members.truncate(most);
        cut = members.last().map(|(member, _)| *member);
    }
    // Those who follow and are skipped (the actor) must not stop what comes after them.
    Ok(Page { members, next: cut })
}

/// The few whom it concerns by what they wrote or by being named.
fn people(c: &mut Conn, event: &Recorded, told: &Told) -> QueryResult<Vec<(i64, Cause)>> {
    let cause = |kind, reason, level| Cause { kind, reason, level, subject: None };
    let mut people = Vec::new();
    let asker = author(c, told.question_id)?;
    match told.what {
        "answered" => {
            if let Some((asker, level)) = listening(c, told.question_id, asker)? {
                people.push((asker, cause(Kind::Answer, Reason::YourQuestion, level)));
            }
        }
        "commented" => {
            let payload: Payload = serde_json::from_str(&event.payload).unwrap_or_default();
            let parent = author(c, payload.parent_id)?;
            let reason =
                if payload.parent_id == told.question_id { Reason::YourQuestion } else { Reason::YourAnswer };
            if let Some((author, level)) = listening(c, told.question_id, parent)? {
                people.push((author, cause(Kind::Comment, reason, level)));
            }
            if let Some((asker, level)) = listening(c, told.question_id, asker)? {
                people.push((asker, cause(Kind::Followed, Reason::YourQuestion, level)));
            }
            for talker in talkers(c, told.question_id, payload.parent_id)? {
                people.push((talker, cause(Kind::Comment, Reason::YourComment, None)));
            }
        }
        "accepted" | "endorsed" => {
            if let Some((author, _)) = author(c, told.post_id)? {
                people.push((author, cause(Kind::Accepted, Reason::YourAnswer, None)));
            }
        }
        "edited" | "removed" | "closed" | "reopened" | "suggested" => {
            if let Some((author, _)) = author(c, told.post_id)? {
                let own = told.post_id == told.question_id;
                let reason = if own { Reason::YourQuestion } else { Reason::YourAnswer };
                people.push((author, cause(Kind::Changed, reason, None)));
            }
        }
        "approved" | "improved" | "rejected" => {
            if let Some(row) = suggestions::told(c, told.suggestion_id.unwrap_or_default())? {
                people.push((row.suggester_id, cause(Kind::Changed, Reason::YourSuggestion, None)));
            }
        }
        _ => {}
    }
    if matches!(told.what, "asked" | "answered" | "commented" | "edited") {
        for named in named(c, told.post_id)? {
            people.push((named, cause(Kind::Mention, Reason::Mentioned, None)));
        }
    }
    Ok(people)
}

/// Who wrote a post, and whether it was written here.
fn author(c: &mut Conn, post: i64) -> QueryResult<Option<(i64, bool)>> {
    let row: Option<(Option<i64>, String)> =
        posts::table.find(post).select((posts::author_id, posts::origin)).first(c).optional()?;
    Ok(row.and_then(|(author, origin)| Some((author?, origin == "live"))))
}

/// An author who has not stopped following the thread, with how they follow it. Imported ones never began to.
fn listening(
    c: &mut Conn,
    question: i64,
    author: Option<(i64, bool)>,
) -> QueryResult<Option<(i64, Option<Level>)>> {
    let Some((author, live)) = author else { return Ok(None) };
    let follow: Option<Option<String>> =
        follows::table.find((question, author)).select(follows::level).first(c).optional()?;
    Ok(match follow {
        Some(level) => Some((author, level.as_deref().and_then(Level::parse))),
        None => (!live).then_some((author, None)),
    })
}

/// Who commented under the same post, the latest twenty.
fn talkers(c: &mut Conn, question: i64, parent: i64) -> QueryResult<Vec<i64>> {
    let rows: Vec<Option<i64>> = posts::table
        .filter(posts::thread_id.eq(question))
        .filter(posts::parent_id.eq(parent))
        .filter(posts::kind.eq("comment"))
        .filter(posts::deleted_at.is_null())
        .order((posts::thread_id, posts::id.desc()))
        .limit(20)
        .select(posts::author_id)
        .load(c)?;
    let mut talkers: Vec<i64> = rows.into_iter().flatten().collect();
    talkers.sort_unstable();
    talkers.dedup();
    Ok(talkers)
}

fn named(c: &mut Conn, post: i64) -> QueryResult<Vec<i64>> {
    let handles = mentions(&text_of(c, post)?.body);
    if handles.is_empty() { Ok(Vec::new()) } else { by_handles(c, &handles) }
}

/// Who followed when it happened.
fn followers(c: &mut Conn, told: &Told, at: Micros, after: i64, most: i64) -> QueryResult<Vec<(i64, Cause)>> {
    let rows: Vec<(i64, Option<String>)> = follows::table
        .filter(follows::question_id.eq(told.question_id))
        .filter(follows::member_id.gt(after))
        .filter(follows::since.le(at))
        .order(follows::member_id)
        .limit(most)
        .select((follows::member_id, follows::level))
        .load(c)?;
    let cause = |level: Option<String>| Cause {
        kind: Kind::Followed,
        reason: Reason::Follow,
        level: level.as_deref().and_then(Level::parse),
        subject: None,
    };
    Ok(rows.into_iter().map(|(member, level)| (member, cause(level))).collect())
}

fn by_tags(c: &mut Conn, told: &Told, at: Micros, after: i64, most: i64) -> QueryResult<Vec<(i64, Cause)>> {
    let tags: Vec<i64> = question_tags::table
        .filter(question_tags::question_id.eq(told.question_id))
        .select(question_tags::tag_id)
        .load(c)?;
    let mut all = Vec::new();
    for tag in tags {
        all.extend(subscribers(c, ("tag", tag), at, after, most)?);
    }
    Ok(all)
}

fn by_space(c: &mut Conn, event: &Recorded, after: i64, most: i64) -> QueryResult<Vec<(i64, Cause)>> {
    let space: Option<i64> = match event.space_id {
        Some(space) => Some(space),
        None => match event.question_id {
            Some(id) => questions::table.find(id).select(questions::space_id).first(c).optional()?,
            None => None,
        },
    };
    space.map_or(Ok(Vec::new()), |space| subscribers(c, ("space", space), event.occurred_at, after, most))
}

/// Those who moderate its space: moderators who are not limited to others, staff and administrators.
fn moderating(c: &mut Conn, event: &Recorded, after: i64, most: i64) -> QueryResult<Vec<(i64, Cause)>> {
    let limits = moderated_spaces::table.filter(moderated_spaces::member_id.eq(members::id));
    let here = limits.filter(moderated_spaces::space_id.eq(event.space_id.unwrap_or(0)));
    let rows: Vec<i64> = members::table
        .filter(members::role.eq_any(["moderator", "staff", "admin"]))
        .filter(members::id.gt(after))
        .filter(members::role.ne("moderator").or(exists(here)).or(not(exists(limits))))
        .order(members::id)
        .limit(most)
        .select(members::id)
        .load(c)?;
    let cause = Cause { kind: Kind::HandOver, reason: Reason::Staff, level: None, subject: None };
    Ok(rows.into_iter().map(|member| (member, cause.clone())).collect())
}

fn subscribers(
    c: &mut Conn,
    (scope, subject): (&'static str, i64),
    at: Micros,
    after: i64,
    most: i64,
) -> QueryResult<Vec<(i64, Cause)>> {
    let rows: Vec<(i64, String)> = subscriptions::table
        .filter(subscriptions::scope.eq(scope))
        .filter(subscriptions::subject_id.eq(subject))
        .filter(subscriptions::member_id.gt(after))
        .filter(subscriptions::since.le(at))
        .order(subscriptions::member_id)
        .limit(most)
        .select((subscriptions::member_id, subscriptions::level))
        .load(c)?;
    let reason = if scope == "tag" { Reason::Tag } else { Reason::Space };
    let cause = |level: &str| Cause {
        kind: Kind::Question,
        reason,
        level: Level::parse(level),
        subject: Some(subject),
    };
    Ok(rows.into_iter().map(|(member, level)| (member, cause(&level))).collect())
}
