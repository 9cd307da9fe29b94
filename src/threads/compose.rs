//! From a thread's view to what its page shows.

use super::view::View;
use crate::posts::rules::{self, Standing};
use crate::posts::{AuthorRow, Kind, ThreadPost};
use crate::questions::pages::{
    Affected, Answer, AnswerForm, Closing, Comment, Deleted, Edited, LinkedQuestion, Mark, Mine, MyComment,
    MyPost, NextStep as ShownStep, Origin, Post, PostKind, Question, SpaceName, Thread, ThreadPage,
    WaitingFor,
};
use crate::questions::question_url;
use crate::questions::rules::NextStep;
use crate::text::SafeHtml;
use crate::web::pages::{Author, Link};

/// The page of a thread; forms that were refused are put into it by the handler.
pub(super) fn page(view: &View) -> ThreadPage {
    let me = view.standing;
    let closed = view.thread.closed_at.is_some();
    let own = view.thread.author_id == Some(me.id);
    let gone = view.question.post.deleted_at.is_some();
    ThreadPage {
        mine: Mine {
            following: view.following,
            affected: view.affected,
            may_be_affected: !own && !gone,
            may_close: me.moderates && !closed && !gone,
            may_reopen: me.moderates && closed,
        },
        answer_form: AnswerForm {
            refused: if gone {
                Some("deleted")
            } else if closed {
                Some("closed")
            } else {
                None
            },
            own_question: own,
            ..AnswerForm::default()
        },
        thread: thread(view),
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
        next_step: view.next_step().map(shown_step),
        notice: None,
        affected: Affected {
            people: row.affected_people,
            organisations: row.affected_organisations,
            imported: view.head.affected_imported,
        },
        followers: row.followers,
        views: view.head.views,
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
                created_at: comment.post.created_at,
                html: SafeHtml::from_stored(comment.text.body_html.clone()),
                edited: edited(view, comment),
                deleted: deleted(view, comment),
            })
            .collect(),
    }
}

fn mine(view: &View, shown: &ThreadPost) -> MyPost {
    let (me, row) = (view.standing, &shown.post);
    let question_gone = view.question.post.deleted_at.is_some();
    let gone = row.deleted_at.is_some() || question_gone;
    let asker = view.thread.author_id == Some(me.id);
    let accepted = view.thread.accepted_id == Some(row.id);
    let answer = row.kind() == Kind::Answer;
    let rights = rights(view, shown);
    MyPost {
        vote: view.votes.get(&row.id).copied().unwrap_or(0),
        may_vote: rules::may_vote(me, row.kind(), row.author_id, gone).is_ok(),
        own: row.author_id == Some(me.id),
        may_accept: answer && asker && !accepted && row.is_open() && !question_gone,
        may_unaccept: answer && asker && accepted,
        may_edit: rights.may_edit,
        may_delete: rights.may_delete,
        may_undelete: rights.may_undelete,
        may_comment: !gone,
        comments: view.comments_of(row.id).iter().map(|comment| rights_of_comment(view, comment)).collect(),
        ..MyPost::default()
    }
}

fn rights_of_comment(view: &View, comment: &ThreadPost) -> MyComment {
    rights(view, comment)
}

fn rights(view: &View, shown: &ThreadPost) -> MyComment {
    let (me, row): (Standing, _) = (view.standing, &shown.post);
    let gone = row.deleted_at.is_some();
    let others = view.thread.answers_by_others;
    MyComment {
        may_edit: rules::may_edit(me, row.author_id, gone).is_ok(),
        may_delete: rules::may_delete(me, row.kind(), row.author_id, gone, others).is_ok(),
        may_undelete: rules::may_undelete(me, row.author_id, row.deleted_by, gone).is_ok(),
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

fn shown_step(step: NextStep) -> ShownStep {
    let (who, since) = match step {
        NextStep::Peers { since } => (WaitingFor::Peers, Some(since)),
        NextStep::Asker { since } => (WaitingFor::Asker, Some(since)),
        NextStep::Nothing => (WaitingFor::None, None),
    };
    ShownStep { who, since, due_at: None }
}
