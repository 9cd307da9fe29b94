//! The inbox and the notification settings in the API, and where a mail server hands messages in.

use actix_web::HttpResponse;
use actix_web::web::Path;
use diesel::QueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::inbox;
use super::inbox_routes::put_right;
use super::incoming::{Desk, Outcome, take};
use super::kinds::{Kind, Level};
use super::levels;
use super::settings_routes::{Wanted, clock, digest_level, minute};
use crate::clock::rfc3339;
use crate::db::{Conn, Failure, On};
use crate::web::api::{self, Reply};
use crate::web::cursor::Span;
use crate::web::{FieldProblem, Problem, ProblemDocument, Visit, once};

/// A notice.
#[derive(Serialize, ToSchema)]
pub struct NoticeJson {
    /// Its id.
    id: i64,
    /// `mention`, `answer`, `comment`, `accepted`, `changed`, `followed`, `question`, `search`,
    /// `reminder`, `guru`, `guru-month`, `hand-over` or `badge`.
    kind: String,
    /// `mentioned`, `your-question`, `your-answer`, `your-comment`, `your-suggestion`, `follow`, `tag`, `space`, `saved`,
    /// `guru`, `staff` or `account`.
    reason: String,
    /// What happened, in a word.
    what: String,
    /// Its thread.
    question_id: Option<i64>,
    /// The post.
    post_id: Option<i64>,
    /// The thread's title.
    title: Option<String>,
    /// A path of this site.
    url: String,
    /// Whether it was read.
    read: bool,
    /// RFC 3339.
    at: String,
}

/// A page of notices.
#[derive(Serialize, ToSchema)]
pub struct Inbox {
    /// The newest first.
    items: Vec<NoticeJson>,
    /// For `after`; null at the end.
    next: Option<String>,
    /// How many are not read.
    unread: i64,
}

/// The caller's notices; `unread=1` for those not read.
#[utoipa::path(get, path = "/api/v1/inbox", tag = "inbox",
    params(("unread" = Option<bool>, Query), ("after" = Option<String>, Query), ("limit" = Option<i64>, Query)),
    responses((status = 200, body = Inbox), (status = 401, body = ProblemDocument)))]
pub async fn list(visit: Visit) -> Result<HttpResponse, Problem> {
    let span = Span::<(i64,)>::asked(&visit.query)?;
    let unread = visit.query.ticked("unread");
    let (before, limit) = (span.after.map(|(id,)| id), span.fetch() - 1);
    let shown = visit
        .read(move |c, viewer| Ok::<_, Failure<Problem>>(inbox::list(c, viewer, before, unread, limit)?))
        .await?;
    put_right(&visit, &shown).await?;
    let notice = |item: inbox::Item| NoticeJson {
        id: item.id,
        kind: item.kind,
        reason: item.reason,
        what: item.what,
        question_id: item.question_id,
        post_id: item.post_id,
        title: item.title,
        url: item.url,
        read: item.read,
        at: rfc3339(item.at),
    };
    api::send(&Inbox {
        items: shown.items.into_iter().map(notice).collect(),
        next: shown.next.map(|next| crate::web::cursor::encode(&(next,))),
        unread: visit.viewer()?.unread.max(0),
    })
}

/// Mark a notice as read.
#[utoipa::path(put, path = "/api/v1/inbox/{id}/read", tag = "inbox", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = ProblemDocument)))]
pub async fn read(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let (id, now) = (id.into_inner(), visit.now);
    once::act(&visit, On::Member(visit.viewer()?.id), move |c, viewer| -> Result<Reply, Failure<Problem>> {
        inbox::read(c, viewer.id, id, now)?.ok_or_else(Problem::not_found)?;
        Ok(Reply::done())
    })
    .await
}

/// How the caller hears of what: `off`, `inbox`, `now`, `daily` or `weekly` per kind.
#[derive(Serialize, ToSchema)]
pub struct LevelsJson {
    /// Somebody wrote your handle.
    mention: String,
    /// An answer to your question.
    answer: String,
    /// A comment on what you wrote.
    comment: String,
    /// Your answer was accepted.
    accepted: String,
    /// Somebody changed what is yours.
    changed: String,
    /// Something new in a thread you follow.
    followed: String,
    /// A new question in a tag or space you follow.
    question: String,
    /// Something new for a saved search that has no level of its own.
    search: String,
    /// A question of yours waits for you.
    reminder: String,
    /// Your standing as a guru.
    guru: String,
    /// What you achieved last month as a guru.
    guru_month: String,
    /// A question was handed over to staff, for those who moderate its space.
    hand_over: String,
    badge: String,
    /// `off`, `daily` or `weekly`.
    digest: String,
    /// When no e-mail is sent, in your time zone; null for never.
    quiet_hours: Option<QuietHours>,
}

/// Hours of the day.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct QuietHours {
    /// Such as `22:00`.
    from: String,
    /// Such as `07:00`.
    until: String,
}

/// The caller's notification settings.
#[utoipa::path(get, path = "/api/v1/me/notifications", tag = "inbox", responses((status = 200, body = LevelsJson)))]
pub async fn settings(visit: Visit) -> Result<HttpResponse, Problem> {
    let levels = visit.read(|c, viewer| Ok::<_, Failure<Problem>>(told(c, viewer.id)?)).await?;
    api::send(&levels)
}

fn told(c: &mut Conn, member: i64) -> QueryResult<LevelsJson> {
    let levels = levels::of_members(c, &[member])?.remove(&member).unwrap_or_default();
    let times = levels::times(c, member)?;
    let of = |kind: Kind| levels.of(kind).as_str().to_owned();
    Ok(LevelsJson {
        mention: of(Kind::Mention),
        answer: of(Kind::Answer),
        comment: of(Kind::Comment),
        accepted: of(Kind::Accepted),
        changed: of(Kind::Changed),
        followed: of(Kind::Followed),
        question: of(Kind::Question),
        search: of(Kind::Search),
        reminder: of(Kind::Reminder),
        guru: of(Kind::Guru),
        guru_month: of(Kind::GuruMonth),
        hand_over: of(Kind::HandOver),
        badge: of(Kind::Badge),
        digest: times.digest.as_str().to_owned(),
        quiet_hours: times.quiet.map(|(from, until)| QuietHours { from: clock(from), until: clock(until) }),
    })
}

/// Changed notification settings: `off`, `inbox`, `now`, `daily` or `weekly` per kind; what is left out stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewLevels {
    mention: Option<Level>,
    answer: Option<Level>,
    comment: Option<Level>,
    accepted: Option<Level>,
    changed: Option<Level>,
    followed: Option<Level>,
    question: Option<Level>,
    search: Option<Level>,
    reminder: Option<Level>,
    guru: Option<Level>,
    guru_month: Option<Level>,
    hand_over: Option<Level>,
    badge: Option<Level>,
    /// `off`, `daily` or `weekly`.
    digest: Option<Level>,
    /// Null ends them.
    #[serde(deserialize_with = "given")]
    quiet_hours: Option<Option<QuietHours>>,
}

/// What is null is given, too.
fn given<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Option<Option<QuietHours>>, D::Error> {
    Option::deserialize(value).map(Some)
}

/// Change some of the caller's notification settings; what is left out stays.
#[utoipa::path(put, path = "/api/v1/me/notifications", tag = "inbox", request_body = NewLevels,
    responses((status = 200, body = LevelsJson), (status = 422, body = ProblemDocument)))]
pub async fn set(visit: Visit) -> Result<HttpResponse, Problem> {
    let wanted = wanted(&api::json::<NewLevels>(&visit)?).map_err(Problem::invalid_field)?;
    let now = visit.now;
    once::act(&visit, On::Member(visit.viewer()?.id), move |c, viewer| -> Result<Reply, Failure<Problem>> {
        wanted.save(c, viewer, now)?;
        Reply::ok(&told(c, viewer.id)?).map_err(Failure::Refused)
    })
    .await
}

fn wanted(said: &NewLevels) -> Result<Wanted, FieldProblem> {
    let kinds = [
        (Kind::Mention, said.mention),
        (Kind::Answer, said.answer),
        (Kind::Comment, said.comment),
        (Kind::Accepted, said.accepted),
        (Kind::Changed, said.changed),
        (Kind::Followed, said.followed),
        (Kind::Question, said.question),
        (Kind::Search, said.search),
        (Kind::Reminder, said.reminder),
        (Kind::Guru, said.guru),
        (Kind::GuruMonth, said.guru_month),
        (Kind::HandOver, said.hand_over),
        (Kind::Badge, said.badge),
    ];
    let mut wanted = Wanted::default();
    wanted.kinds = kinds.into_iter().filter_map(|(kind, level)| Some((kind, level?))).collect();
    if let Some(digest) = said.digest {
        let level = digest_level(digest.as_str());
        wanted.digest = Some(level.ok_or_else(|| FieldProblem::new("digest", "no-such-level"))?);
    }
    if let Some(hours) = &said.quiet_hours {
        let hours = match hours {
            None => None,
            Some(hours) => {
                let hours = minute(&hours.from).zip(minute(&hours.until));
                Some(hours.ok_or_else(|| FieldProblem::new("quiet_hours", "no-such-time"))?)
            }
        };
        wanted.quiet = Some(hours);
    }
    Ok(wanted)
}

/// What became of a message.
#[derive(Serialize, ToSchema)]
pub struct Taken {
    /// `posted`, `again`, `bounce`, `automatic` or `quarantined`.
    outcome: &'static str,
    /// The post it is now.
    post_id: Option<i64>,
    /// Why it waits for staff.
    reason: Option<&'static str>,
}

/// Hand in one e-mail as it came (RFC 5322, `message/rfc822`). For administrators' tokens; 503 when it is to be handed in again.
#[utoipa::path(post, path = "/api/v1/received-mails", tag = "inbox",
    request_body(content = String, content_type = "message/rfc822"),
    responses((status = 200, body = Taken), (status = 403, body = ProblemDocument)))]
pub async fn receive(visit: Visit) -> Result<HttpResponse, Problem> {
    let desk = Desk {
        db: visit.hall.db.clone(),
        head: visit.hall.letterhead.clone(),
        limited: visit.hall.config.limits,
    };
    let outcome = take(&desk, visit.body.clone(), visit.now).await?;
    let (post_id, reason) = match &outcome {
        Outcome::Posted(post) => (Some(*post), None),
        Outcome::Quarantined(why) | Outcome::Automatic(why) => (None, Some(*why)),
        _ => (None, None),
    };
    api::send(&Taken { outcome: outcome.word(), post_id, reason })
}
