//! From a thread's view to what its page shows.

use super::relation::{self, Facts};
use super::view::View;
use crate::posts::{self, AuthorRow, Kind, Outlined, ThreadPost};
use crate::questions::pages::{
    Affected, Answer, AnswerForm, Closing, Comment, Deleted, Edited, LinkedQuestion, Mark, MyPost,
    NextStep as ShownStep, Origin, Post, PostKind, Question, SpaceName, Thread, ThreadPage, WaitingFor,
};
use crate::questions::rules::NextStep;
use crate::questions::{State, question_url};
use crate::text::SafeHtml;
use crate::web::pages::{Author, Link};

/// The page of a thread; forms that were refused are put into it by the handler.
pub(super) fn page(view: &View) -> ThreadPage {
    let (me, facts) = (view.standing, facts(view));
    ThreadPage {
        mine: relation::to_question(me, &facts, view.following, view.affected, view.viewer_knows),
        answer_form: AnswerForm {
            refused: relation::answers_refused(&facts),
            own_question: facts.asker == Some(me.id),
            ..AnswerForm::default()
        },
        thread: thread(view),
    }
}

/// What of the thread decides who may do what.
pub(super) fn facts(view: &View) -> Facts {
    Facts {
        asker: view.thread.author_id,
        accepted: view.thread.accepted_id,
        answers_by_others: view.thread.answers_by_others,
        closed: view.thread.closed_at.is_some(),
        gone: view.question.post.deleted_at.is_some(),
        open: view.thread.listed && matches!(view.state(), State::Unanswered | State::Open),
        claimed_by: view.thread.claimed_by,
        handed_over: view.thread.handed_over_at.is_some(),
        removal_cost: view.removal_cost,
    }
}

fn thread(view: &View) -> Thread {
    let row = &view.thread;
    Thread {
        id: row.post_id,
        url: question_url(row.post_id, &row.title),
        title: row.title.clone(),
        space: SpaceName { key: view.head.space.key.clone(), name: view.head.space.name.clone() },
        tags: view.tags.clone(),
        fields: view.head.space.fields.told(&view.fields()),
        state: view.state(),
        closing: row.closed_at.map(|at| closing(view, at)),
        next_step: view.next_step().map(|step| shown_step(view, step)),
        notice: None,
        affected: Affected {
            people: row.affected_people,
            organisations: row.affected_organisations,
            imported: view.head.affected_imported,
        },
        followers: row.followers,
        views: view.head.views,
        views_hole: None,
        created_at: row.created_at,
        last_activity_at: row.last_activity_at,
        question: Question { post: post(view, &view.question), mine: mine(view, &view.question) },
        solution_id: row.accepted_id.or_else(|| {
            view.answers.iter().find(|answer| answer.post.endorsed_at.is_some()).map(|answer| answer.post.id)
        }),
        answers: view
            .answers
            .iter()
            .map(|answer| Answer { post: post(view, answer), mine: mine(view, answer) })
            .collect(),
        links: view
            .links
            .iter()
            .map(|link| LinkedQuestion {
                url: question_url(link.id, &link.title),
                title: link.title.clone(),
                state: link.state,
                duplicate: link.duplicate,
            })
            .collect(),
    }
}

fn closing(view: &View, at: i64) -> Closing {
    let row = &view.thread;
    let target = row.duplicate_of.and_then(|id| view.links.iter().find(|link| link.id == id));
    Closing {
        reason: row.close_reason.clone().unwrap_or_default(),
        duplicate_of: target
            .map(|link| Link { href: question_url(link.id, &link.title), text: link.title.clone() }),
        by: row.closed_by.map(|id| person(view, id)),
        at: Some(at),
    }
}

fn post(view: &View, shown: &ThreadPost) -> Post {
    let row = &shown.post;
    let accepted = (view.thread.accepted_id == Some(row.id)).then(|| Mark {
        by: AuthorRow::shown(
            view.thread.author_id.and_then(|id| view.person(id)),
            view.head.author_name.as_deref(),
        ),
        at: view.thread.accepted_at.unwrap_or(row.created_at),
    });
    Post {
        id: row.id,
        kind: post_kind(row.kind()),
        author: AuthorRow::shown(shown.author.as_ref(), row.author_name.as_deref()),
        guru: is_guru(view, row.author_id),
        created_at: row.created_at,
        html: SafeHtml::from_stored(shown.text.body_html.clone()),
        language: row.language.clone(),
        score: row.score(),
        edited: edited(view, shown),
        accepted,
        endorsed: row.endorsed_at.zip(row.endorsed_by).map(|(at, by)| Mark { by: person(view, by), at }),
        origin: row.source.clone().map(|source| Origin { source }),
        deleted: deleted(view, shown),
        comments: view
            .comments_of(row.id)
            .iter()
            .map(|comment| Comment {
                id: comment.post.id,
                author: AuthorRow::shown(comment.author.as_ref(), comment.post.author_name.as_deref()),
                guru: is_guru(view, comment.post.author_id),
                created_at: comment.post.created_at,
                html: SafeHtml::from_stored(comment.text.body_html.clone()),
                edited: edited(view, comment),
                deleted: deleted(view, comment),
            })
            .collect(),
    }
}

/// Whether an author is a guru in one of the thread's tags.
pub(super) fn is_guru(view: &View, author: Option<i64>) -> bool {
    author.is_some_and(|author| view.gurus.contains(&author))
}

fn mine(view: &View, shown: &ThreadPost) -> MyPost {
    let (me, facts) = (view.standing, facts(view));
    let vote = view.votes.get(&shown.post.id).copied().unwrap_or(0);
    let comments = view.comments_of(shown.post.id).iter();
    MyPost {
        comments: comments.map(|comment| relation::to_text(me, &facts, &outlined(&comment.post))).collect(),
        ..relation::to_post(me, &facts, &outlined(&shown.post), vote)
    }
}

pub(super) fn outlined(post: &posts::Post) -> Outlined {
    Outlined {
        id: post.id,
        kind: post.kind(),
        parent: post.parent_id,
        author: post.author_id,
        hidden: post.visibility == "hidden",
        private: post.visibility == "private",
        gone: post.gone(),
        endorsed: post.endorsed_at.is_some(),
        suggestions: post.suggestions,
    }
}

fn edited(view: &View, shown: &ThreadPost) -> Option<Edited> {
    let row = &shown.post;
    let at = row.edited_at?;
    let by = match row.edited_by {
        Some(id) if Some(id) == row.author_id => None,
        Some(id) => Some(person(view, id)),
        None => row.editor_name.as_deref().map(|name| AuthorRow::shown(None, Some(name))),
    };
    Some(Edited { at, by })
}

fn deleted(view: &View, shown: &ThreadPost) -> Option<Deleted> {
    let row = &shown.post;
    Some(Deleted {
        at: row.deleted_at?,
        by: row.deleted_by.map_or_else(|| AuthorRow::shown(None, None), |id| person(view, id)),
        marked: row.deleted_why.is_some(),
    })
}

fn person(view: &View, id: i64) -> Author {
    AuthorRow::shown(view.person(id), None)
}

fn post_kind(kind: Kind) -> PostKind {
    match kind {
        Kind::Question => PostKind::Question,
        Kind::Answer => PostKind::Answer,
        Kind::Comment => PostKind::Comment,
    }
}

fn shown_step(view: &View, step: NextStep) -> ShownStep {
    let (who, since) = match step {
        NextStep::Peers { since } => (WaitingFor::Peers, Some(since)),
        NextStep::Gurus { since, .. } => (WaitingFor::Gurus, Some(since)),
        NextStep::Asker { since } => (WaitingFor::Asker, Some(since)),
        NextStep::Staff { since, .. } => (WaitingFor::Staff, Some(since)),
        NextStep::Nothing => (WaitingFor::None, None),
    };
    let (by, due_at) = match step {
        NextStep::Gurus { by, until, .. } => (Some(person(view, by)), Some(until)),
        NextStep::Staff { by, .. } => (Some(person(view, by)), None),
        _ => (None, None),
    };
    ShownStep { who, by, since, due_at }
}
