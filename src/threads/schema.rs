//! A thread as JSON (contract.md).

use serde::Serialize;
use utoipa::ToSchema;

use super::compose::{facts, is_guru};
use super::relation::to_question;
use super::view::View;
use crate::clock::rfc3339;
use crate::posts::{AuthorRow, Kind, Post, ThreadPost, rules};
use crate::questions::rules::NextStep;
use crate::questions::{State, question_url};

/// Who wrote something; `id` is null for a name that an import brought without an account.
#[derive(Serialize, ToSchema)]
pub struct AuthorJson {
    /// The member.
    pub id: Option<i64>,
    /// Shown name.
    pub name: String,
    /// Whether they are a guru in one of the thread's tags.
    pub guru: bool,
}

/// Where an imported post comes from.
#[derive(Serialize, ToSchema)]
pub struct OriginJson {
    /// Name of the source.
    pub source: String,
    /// Its id there.
    pub id: String,
}

/// "I have this too."
#[derive(Serialize, ToSchema)]
pub struct AffectedJson {
    /// Members.
    pub people: i64,
    /// Organisations among them; a member without one counts as one.
    pub organisations: i64,
    /// Counted where the thread was imported from, without persons.
    pub imported: i64,
}

/// Who acts next.
#[derive(Serialize, ToSchema)]
pub struct NextStepJson {
    /// `peers`, `gurus`, `asker`, `staff`, `moderator` or `none`.
    pub what: &'static str,
    /// The very person, where it is one; with staff, who handed it over.
    pub who: Option<AuthorJson>,
    /// By when, where a policy says so.
    pub due_at: Option<String>,
    /// Since when it waits; null when nothing is planned.
    pub since: Option<String>,
}

/// What the viewer did to a question and may do.
#[derive(Serialize, ToSchema)]
pub struct QuestionViewerJson {
    /// −1, 0 or 1.
    pub vote: i64,
    /// Whether they follow it.
    pub following: bool,
    /// Whether they said "I have this too".
    pub affected: bool,
    /// Acts open to them: answer, comment, vote, edit, delete, undelete, accept, affected, close, reopen, claim, release, hand-over.
    pub may: Vec<&'static str>,
}

/// What the viewer did to an answer and may do.
#[derive(Serialize, ToSchema)]
pub struct AnswerViewerJson {
    /// −1, 0 or 1.
    pub vote: i64,
    /// Acts open to them.
    pub may: Vec<&'static str>,
}

/// A comment.
#[derive(Serialize, ToSchema)]
pub struct CommentJson {
    id: i64,
    body: String,
    body_format: String,
    body_html: String,
    author: AuthorJson,
    version: i64,
    created_at: String,
    deleted: bool,
    origin: Option<OriginJson>,
}

/// An answer.
#[derive(Serialize, ToSchema)]
pub struct AnswerJson {
    id: i64,
    body: String,
    body_format: String,
    body_html: String,
    author: AuthorJson,
    score: i64,
    accepted: bool,
    endorsed: bool,
    version: i64,
    created_at: String,
    deleted: bool,
    origin: Option<OriginJson>,
    viewer: AnswerViewerJson,
    comments: Vec<CommentJson>,
}

/// A question with its answers and comments.
#[derive(Serialize, ToSchema)]
pub struct QuestionJson {
    id: i64,
    url: String,
    space: String,
    title: String,
    body: String,
    body_format: String,
    body_html: String,
    tags: Vec<String>,
    /// What was given for the space's own fields, by their keys.
    #[schema(value_type = Object)]
    fields: serde_json::Map<String, serde_json::Value>,
    author: AuthorJson,
    score: i64,
    state: State,
    accepted_answer_id: Option<i64>,
    affected: AffectedJson,
    next_step: Option<NextStepJson>,
    /// The official statement on top; none yet.
    notice: Option<String>,
    version: i64,
    created_at: String,
    last_activity_at: String,
    close_reason: Option<String>,
    duplicate_of: Option<i64>,
    views: i64,
    deleted: bool,
    origin: Option<OriginJson>,
    viewer: QuestionViewerJson,
    answers: Vec<AnswerJson>,
    comments: Vec<CommentJson>,
}

/// A thread as one viewer may see it.
pub fn question(view: &View) -> QuestionJson {
    let (row, post) = (&view.thread, &view.question);
    QuestionJson {
        id: row.post_id,
        url: question_url(row.post_id, &row.title),
        space: view.head.space.key.clone(),
        title: row.title.clone(),
        body: post.text.body.clone(),
        body_format: post.text.body_format.clone(),
        body_html: post.text.body_html.clone(),
        tags: view.tags.clone(),
        fields: view.fields(),
        author: author_in(view, post),
        score: post.post.score(),
        state: view.state(),
        accepted_answer_id: row
            .accepted_id
            .filter(|id| view.answers.iter().any(|answer| answer.post.id == *id)),
        affected: AffectedJson {
            people: row.affected_people,
            organisations: row.affected_organisations,
            imported: view.head.affected_imported,
        },
        next_step: view.next_step().map(|step| next_step(view, step)),
        notice: None,
        version: post.post.version,
        created_at: rfc3339(row.created_at),
        last_activity_at: rfc3339(row.last_activity_at),
        close_reason: row.close_reason.clone(),
        duplicate_of: row.duplicate_of.filter(|id| view.links.iter().any(|link| link.id == *id)),
        views: view.head.views,
        deleted: post.post.deleted_at.is_some(),
        origin: origin(&post.post),
        viewer: QuestionViewerJson {
            vote: vote(view, post),
            following: view.following,
            affected: view.affected,
            may: may(view, post),
        },
        answers: view.answers.iter().map(|post| answer(view, post)).collect(),
        comments: comments(view, row.post_id),
    }
}

fn answer(view: &View, post: &ThreadPost) -> AnswerJson {
    AnswerJson {
        id: post.post.id,
        body: post.text.body.clone(),
        body_format: post.text.body_format.clone(),
        body_html: post.text.body_html.clone(),
        author: author_in(view, post),
        score: post.post.score(),
        accepted: view.thread.accepted_id == Some(post.post.id),
        endorsed: post.post.endorsed_at.is_some(),
        version: post.post.version,
        created_at: rfc3339(post.post.created_at),
        deleted: post.post.deleted_at.is_some(),
        origin: origin(&post.post),
        viewer: AnswerViewerJson { vote: vote(view, post), may: may(view, post) },
        comments: comments(view, post.post.id),
    }
}

fn comments(view: &View, id: i64) -> Vec<CommentJson> {
    let shown = view.comments_of(id).iter().map(|post| CommentJson {
        id: post.post.id,
        body: post.text.body.clone(),
        body_format: post.text.body_format.clone(),
        body_html: post.text.body_html.clone(),
        author: author_in(view, post),
        version: post.post.version,
        created_at: rfc3339(post.post.created_at),
        deleted: post.post.deleted_at.is_some(),
        origin: origin(&post.post),
    });
    shown.collect()
}

/// An author as sent.
pub fn author(row: Option<&AuthorRow>, name: Option<&str>) -> AuthorJson {
    let shown = AuthorRow::shown(row, name);
    AuthorJson { id: shown.id, name: shown.name, guru: false }
}

/// An author of one of a thread's posts.
fn author_in(view: &View, post: &ThreadPost) -> AuthorJson {
    let guru = is_guru(view, post.post.author_id);
    AuthorJson { guru, ..author(post.author.as_ref(), post.post.author_name.as_deref()) }
}

/// A member named in a thread.
fn named(view: &View, id: i64) -> AuthorJson {
    AuthorJson { guru: is_guru(view, Some(id)), ..author(view.person(id), None) }
}

fn origin(post: &Post) -> Option<OriginJson> {
    let (source, id) = (post.source.clone()?, post.original_id.clone()?);
    Some(OriginJson { source, id })
}

fn vote(view: &View, post: &ThreadPost) -> i64 {
    view.votes.get(&post.post.id).copied().unwrap_or(0)
}

fn next_step(view: &View, step: NextStep) -> NextStepJson {
    let (what, who, due_at, since) = match step {
        NextStep::Peers { since } => ("peers", None, None, Some(since)),
        NextStep::Gurus { by, since, until } => ("gurus", Some(named(view, by)), Some(until), Some(since)),
        NextStep::Asker { since } => ("asker", Some(author_in(view, &view.question)), None, Some(since)),
        NextStep::Staff { by, since } => ("staff", Some(named(view, by)), None, Some(since)),
        NextStep::Nothing => ("none", None, None, None),
    };
    NextStepJson { what, who, due_at: due_at.map(rfc3339), since: since.map(rfc3339) }
}

fn may(view: &View, post: &ThreadPost) -> Vec<&'static str> {
    let (me, row, thread) = (view.standing, &post.post, &view.thread);
    let gone = row.deleted_at.is_some() || view.question.post.deleted_at.is_some();
    let question = row.kind() == Kind::Question;
    let asker = thread.author_id == Some(me.id);
    let closed = thread.closed_at.is_some();
    let mine = to_question(me, &facts(view), view.following, view.affected, view.viewer_knows);
    let rights = [
        ("answer", question && !gone && !closed),
        ("comment", !gone),
        ("vote", rules::may_vote(me, row.kind(), row.author_id, gone).is_ok()),
        ("edit", rules::may_edit(me, row.author_id, row.deleted_at.is_some()).is_ok()),
        (
            "delete",
            rules::may_delete(
                me,
                row.kind(),
                row.author_id,
                row.deleted_at.is_some(),
                thread.answers_by_others,
            )
            .is_ok(),
        ),
        ("undelete", rules::may_undelete(me, row.author_id, row.gone()).is_ok()),
        ("endorse", me.staff && row.kind() == Kind::Answer && row.is_open() && row.endorsed_at.is_none()),
        ("remove", rules::may_remove_as(me, row.kind(), row.author_id, row.gone()).is_ok()),
        ("accept", asker && !gone && (question || row.is_open())),
        ("affected", question && !asker && !gone),
        ("follow", question && !gone),
        ("close", question && me.moderates && !closed && !gone),
        ("reopen", question && me.moderates && closed),
        ("claim", question && mine.may_claim),
        ("release", question && mine.may_release),
        ("hand-over", question && mine.may_hand_over),
    ];
    rights.into_iter().filter(|(_, may)| *may).map(|(act, _)| act).collect()
}
