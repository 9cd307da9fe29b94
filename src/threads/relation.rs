//! What a viewer may do in a thread, from its outline: the same for pages that are kept and pages that are not.

use crate::posts::rules::{self, Standing};
use crate::posts::{Kind, Outlined};
use crate::questions::pages::{Mine, MyComment, MyPost};

/// What of the thread decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    /// The asker, if a member.
    pub asker: Option<i64>,
    /// The chosen answer.
    pub accepted: Option<i64>,
    /// Visible answers by others than the asker.
    pub answers_by_others: i64,
    /// Takes no answers.
    pub closed: bool,
    /// The question was taken away.
    pub gone: bool,
    /// It is listed, and neither solved nor closed.
    pub open: bool,
    /// Who is on it.
    pub claimed_by: Option<i64>,
    /// It is with staff.
    pub handed_over: bool,
    /// What removing a post as spam or abuse costs its author, for those who may.
    pub removal_cost: i64,
}

impl Facts {
    /// Whether it waits for somebody who is not its asker: only then it matters whether the viewer knows its tags.
    pub(super) fn waits_for(&self, me: Standing) -> bool {
        self.open && !self.handed_over && self.asker != Some(me.id)
    }
}

/// The viewer's relation to the question as a whole; `knows` as of [`crate::gurus::knows`].
pub(super) fn to_question(me: Standing, facts: &Facts, following: bool, affected: bool, knows: bool) -> Mine {
    let own = facts.asker == Some(me.id);
    let takes_on = facts.waits_for(me) && (knows || me.moderates);
    Mine {
        following,
        affected,
        may_be_affected: !own && !facts.gone,
        may_close: me.moderates && !facts.closed && !facts.gone,
        may_reopen: me.moderates && facts.closed,
        may_claim: takes_on && facts.claimed_by.is_none(),
        may_release: facts.open && facts.claimed_by == Some(me.id),
        may_hand_over: takes_on,
        may_see_candidates: me.moderates && facts.open,
        hole: None,
    }
}

/// What the viewer may do with the question or an answer; comments are not filled in.
pub(super) fn to_post(me: Standing, facts: &Facts, post: &Outlined, vote: i64) -> MyPost {
    let gone = post.gone.is_some() || facts.gone;
    let asker = facts.asker == Some(me.id);
    let accepted = facts.accepted == Some(post.id);
    let answer = post.kind == Kind::Answer;
    let MyComment { may_edit, may_delete, may_undelete, .. } = to_text(me, facts, post);
    MyPost {
        vote,
        may_vote: rules::may_vote(me, post.kind, post.author, gone).is_ok(),
        own: post.author == Some(me.id),
        may_accept: answer && asker && !accepted && post.is_open() && !facts.gone,
        may_unaccept: answer && asker && accepted,
        may_edit,
        may_suggest: !may_edit && !gone && !post.hidden,
        suggestions: if may_edit { post.suggestions } else { 0 },
        may_delete,
        may_undelete,
        may_endorse: answer && me.staff && !post.endorsed && post.is_open() && !facts.gone,
        may_unendorse: answer && me.staff && post.endorsed,
        may_remove: rules::may_remove_as(me, post.kind, post.author, post.gone).is_ok(),
        removal_cost: facts.removal_cost,
        may_comment: !gone,
        ..MyPost::default()
    }
}

/// What the viewer may do with any post's text, a comment's among them.
pub(super) fn to_text(me: Standing, facts: &Facts, post: &Outlined) -> MyComment {
    let deleted = post.gone.is_some();
    MyComment {
        may_edit: rules::may_edit(me, post.author, deleted).is_ok(),
        may_delete: rules::may_delete(me, post.kind, post.author, deleted, facts.answers_by_others).is_ok(),
        may_undelete: rules::may_undelete(me, post.author, post.gone).is_ok(),
        hole: None,
    }
}

/// Why the viewer can't answer; None when they may try.
pub(super) fn answers_refused(facts: &Facts) -> Option<&'static str> {
    if facts.gone {
        Some("deleted")
    } else if facts.closed {
        Some("closed")
    } else {
        None
    }
}
