//! Verdicts about posts, as pure functions over facts.

use super::{Kind, Refusal};

/// Who wants something, as far as rules about posts care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The member.
    pub id: i64,
    /// Whether they moderate the post's space.
    pub moderates: bool,
    /// Whether they are staff.
    pub staff: bool,
}

/// What decides who sees a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its author, if a member.
    pub author: Option<i64>,
    /// The asker of its thread, if a member.
    pub asker: Option<i64>,
    /// Hidden by moderation.
    pub hidden: bool,
    /// For the asker, staff and named people only.
    pub private: bool,
    /// Taken away by its author or a moderator.
    pub deleted: bool,
    /// Named among those who may read it although private.
    pub named: bool,
}

/// Whether somebody sees a post, given that they may enter its space. Hidden and deleted posts are seen by
/// their author and by moderators; private ones by the asker, the author, staff and named people.
pub fn may_see(me: Standing, post: Seen) -> bool {
    let mine = post.author == Some(me.id);
    if (post.hidden || post.deleted) && !mine && !me.moderates {
        return false;
    }
    !post.private || mine || post.asker == Some(me.id) || me.staff || post.named
}

/// Whether somebody may change a post's text now.
///
/// # Errors
/// [`Refusal::Deleted`] or [`Refusal::NotYours`].
pub fn may_edit(me: Standing, author: Option<i64>, deleted: bool) -> Result<(), Refusal> {
    if deleted {
        return Err(Refusal::Deleted);
    }
    if author == Some(me.id) || me.moderates { Ok(()) } else { Err(Refusal::NotYours) }
}

/// What somebody has earned that lets them change others' texts, and what of it was taken from them for a while: that holds
/// against a moderator's role too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Earned {
    /// Any question or answer.
    pub edit: bool,
    /// A question's tags.
    pub tags: bool,
    /// The privilege to edit was taken.
    pub edit_taken: bool,
    /// The privilege to change tags was taken.
    pub tags_taken: bool,
}

impl Earned {
    /// Whether somebody who stands like this changes what others wrote at once.
    pub fn edits(self, me: Standing) -> bool {
        !self.edit_taken && (self.edit || me.moderates)
    }

    /// Whether they change the tags of others' questions at once.
    pub fn changes_tags(self, me: Standing) -> bool {
        !self.tags_taken && (self.tags || self.edits(me) || me.moderates)
    }
}

/// How an edit comes into force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// At once.
    Directly,
    /// Tags alone at once; what else is changed is suggested.
    Tags,
    /// All but tags at once; with a change of tags it is suggested.
    Text,
    /// When its author, an editor or a moderator approves it.
    Suggested,
}

/// How somebody's edit of a post comes into force. Comments are their authors' and moderators' alone.
///
/// # Errors
/// [`Refusal::Deleted`] or, for comments, [`Refusal::NotYours`].
pub fn way_to_edit(
    me: Standing,
    kind: Kind,
    author: Option<i64>,
    deleted: bool,
    earned: Earned,
) -> Result<Way, Refusal> {
    if deleted {
        return Err(Refusal::Deleted);
    }
    if author == Some(me.id) {
        return Ok(Way::Directly);
    }
    match (kind, earned.edits(me), earned.changes_tags(me)) {
        (Kind::Comment, true, _) if me.moderates => Ok(Way::Directly),
        (Kind::Comment, ..) => Err(Refusal::NotYours),
        (Kind::Answer, true, _) | (Kind::Question, true, true) => Ok(Way::Directly),
        (Kind::Question, true, false) => Ok(Way::Text),
        (Kind::Question, false, true) => Ok(Way::Tags),
        (_, false, _) => Ok(Way::Suggested),
    }
}

/// Whether an edit made from `seen` may replace what is at `current`.
///
/// # Errors
/// [`Refusal::Stale`].
pub fn is_current(seen: i64, current: i64) -> Result<(), Refusal> {
    if seen == current { Ok(()) } else { Err(Refusal::Stale { current }) }
}

/// Why a moderator removes a post, besides taking it away: its votes count no longer, and it costs its author points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Advertising, or what else nobody asked for.
    Spam,
    /// Attacks on people.
    Abuse,
}

impl Why {
    /// As stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Why::Spam => "spam",
            Why::Abuse => "abuse",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn parse(name: &str) -> Option<Why> {
        [Why::Spam, Why::Abuse].into_iter().find(|why| why.as_str() == name)
    }
}

/// How a post was taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone {
    /// By whom.
    pub by: Option<i64>,
    /// As spam or abuse.
    pub marked: bool,
}

/// Whether somebody may remove a post as spam or abuse: moderators, and nobody their own. One that was only deleted can
/// still be: or else whoever deletes it in time would get away. A comment has neither votes nor points, so a deleted one
/// stays as it is.
///
/// # Errors
/// [`Refusal::Deleted`], [`Refusal::NotModerator`] or [`Refusal::OwnPost`].
pub fn may_remove_as(
    me: Standing,
    kind: Kind,
    author: Option<i64>,
    gone: Option<Gone>,
) -> Result<(), Refusal> {
    if !me.moderates {
        return Err(Refusal::NotModerator);
    }
    if author == Some(me.id) {
        return Err(Refusal::OwnPost);
    }
    if gone.is_some_and(|gone| gone.marked || kind == Kind::Comment) { Err(Refusal::Deleted) } else { Ok(()) }
}

/// Whether somebody may take a post away. An asker whose question others have answered may not: their work
/// would go with it.
///
/// # Errors
/// [`Refusal::Deleted`], [`Refusal::NotYours`] or [`Refusal::HasAnswers`].
pub fn may_delete(
    me: Standing,
    kind: Kind,
    author: Option<i64>,
    deleted: bool,
    answers_by_others: i64,
) -> Result<(), Refusal> {
    may_edit(me, author, deleted)?;
    if kind == Kind::Question && answers_by_others > 0 && !me.moderates {
        return Err(Refusal::HasAnswers);
    }
    Ok(())
}

/// Whether somebody may bring a deleted post back: a moderator, or its author if they deleted it themselves. What was
/// removed as spam or abuse its author does not bring back, moderator or not.
///
/// # Errors
/// [`Refusal::NotDeleted`], [`Refusal::NotYours`] or [`Refusal::OwnRemoved`].
pub fn may_undelete(me: Standing, author: Option<i64>, gone: Option<Gone>) -> Result<(), Refusal> {
    let Some(gone) = gone else { return Err(Refusal::NotDeleted) };
    let own = author == Some(me.id);
    if own && gone.marked {
        return Err(Refusal::OwnRemoved);
    }
    if (own && gone.by == Some(me.id)) || me.moderates { Ok(()) } else { Err(Refusal::NotYours) }
}

/// Whether somebody may vote on a post they see.
///
/// # Errors
/// [`Refusal::NoVotes`], [`Refusal::OwnPost`] or [`Refusal::Deleted`].
pub fn may_vote(me: Standing, kind: Kind, author: Option<i64>, deleted: bool) -> Result<(), Refusal> {
    if kind == Kind::Comment {
        return Err(Refusal::NoVotes);
    }
    if author == Some(me.id) {
        return Err(Refusal::OwnPost);
    }
    if deleted { Err(Refusal::Deleted) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: Standing = Standing { id: 1, moderates: false, staff: false };
    const MOD: Standing = Standing { id: 9, moderates: true, staff: false };
    const STAFF: Standing = Standing { id: 8, moderates: true, staff: true };
    const OPEN: Seen =
        Seen { author: Some(2), asker: Some(3), hidden: false, private: false, deleted: false, named: false };

    #[test]
    fn an_open_post_is_seen_by_everybody() {
        assert!(may_see(ANN, OPEN));
    }

    #[test]
    fn hidden_and_deleted_posts_are_seen_by_their_author_and_moderators_only() {
        for post in [Seen { hidden: true, ..OPEN }, Seen { deleted: true, ..OPEN }] {
            assert!(!may_see(ANN, post));
            assert!(may_see(MOD, post));
            assert!(may_see(ANN, Seen { author: Some(1), ..post }));
        }
    }

    #[test]
    fn a_private_post_is_not_seen_by_a_moderator_who_is_not_staff() {
        let private = Seen { private: true, ..OPEN };
        assert!(!may_see(MOD, private));
        assert!(may_see(STAFF, private));
        assert!(may_see(ANN, Seen { asker: Some(1), ..private }));
        assert!(may_see(ANN, Seen { named: true, ..private }));
    }

    #[test]
    fn a_named_reader_does_not_see_what_moderation_hid() {
        assert!(!may_see(ANN, Seen { private: true, named: true, hidden: true, ..OPEN }));
    }

    #[test]
    fn only_the_author_and_moderators_edit() {
        assert_eq!(may_edit(ANN, Some(1), false), Ok(()));
        assert_eq!(may_edit(ANN, Some(2), false), Err(Refusal::NotYours));
        assert_eq!(may_edit(ANN, None, false), Err(Refusal::NotYours));
        assert_eq!(may_edit(MOD, Some(2), false), Ok(()));
        assert_eq!(may_edit(MOD, Some(2), true), Err(Refusal::Deleted));
    }

    #[test]
    fn who_has_earned_it_edits_at_once_and_others_suggest() {
        let way = |kind, earned| way_to_edit(ANN, kind, Some(2), false, earned);
        let (none, tags) = (Earned::default(), Earned { tags: true, ..Earned::default() });
        let edit = Earned { edit: true, tags: true, ..Earned::default() };
        assert_eq!(way(Kind::Question, none), Ok(Way::Suggested));
        assert_eq!(way(Kind::Question, tags), Ok(Way::Tags));
        assert_eq!(way(Kind::Answer, tags), Ok(Way::Suggested));
        assert_eq!(way(Kind::Answer, edit), Ok(Way::Directly));
        assert_eq!(way(Kind::Comment, edit), Err(Refusal::NotYours));
        assert_eq!(way_to_edit(ANN, Kind::Answer, Some(1), false, none), Ok(Way::Directly));
        assert_eq!(way_to_edit(MOD, Kind::Comment, Some(2), false, none), Ok(Way::Directly));
        assert_eq!(way_to_edit(ANN, Kind::Answer, Some(2), true, edit), Err(Refusal::Deleted));
    }

    #[test]
    fn what_was_taken_holds_against_a_moderators_role_and_never_for_ones_own() {
        let none = Earned::default();
        let edit_taken = Earned { edit_taken: true, ..none };
        let tags_taken = Earned { edit: true, tags_taken: true, ..none };
        let both = Earned { edit_taken: true, tags_taken: true, ..none };
        for (me, kind, earned, way) in [
            (MOD, Kind::Question, none, Ok(Way::Directly)),
            (MOD, Kind::Question, edit_taken, Ok(Way::Tags)),
            (MOD, Kind::Answer, edit_taken, Ok(Way::Suggested)),
            (MOD, Kind::Comment, edit_taken, Err(Refusal::NotYours)),
            (MOD, Kind::Question, both, Ok(Way::Suggested)),
            (MOD, Kind::Question, tags_taken, Ok(Way::Text)),
            (ANN, Kind::Question, tags_taken, Ok(Way::Text)),
            (ANN, Kind::Answer, tags_taken, Ok(Way::Directly)),
        ] {
            assert_eq!(way_to_edit(me, kind, Some(2), false, earned), way, "{kind:?} {earned:?}");
            assert_eq!(way_to_edit(me, kind, Some(me.id), false, earned), Ok(Way::Directly));
        }
    }

    #[test]
    fn a_stale_edit_is_told_the_current_version() {
        assert_eq!(is_current(1, 2), Err(Refusal::Stale { current: 2 }));
        assert_eq!(is_current(2, 2), Ok(()));
    }

    #[test]
    fn an_answered_question_is_taken_away_by_moderators_only() {
        assert_eq!(may_delete(ANN, Kind::Question, Some(1), false, 1), Err(Refusal::HasAnswers));
        assert_eq!(may_delete(ANN, Kind::Question, Some(1), false, 0), Ok(()));
        assert_eq!(may_delete(MOD, Kind::Question, Some(1), false, 1), Ok(()));
        assert_eq!(may_delete(ANN, Kind::Answer, Some(1), false, 1), Ok(()));
    }

    #[test]
    fn what_a_moderator_deleted_its_author_does_not_bring_back() {
        let by = |by| Some(Gone { by: Some(by), marked: false });
        assert_eq!(may_undelete(ANN, Some(1), by(9)), Err(Refusal::NotYours));
        assert_eq!(may_undelete(ANN, Some(1), by(1)), Ok(()));
        assert_eq!(may_undelete(MOD, Some(1), by(1)), Ok(()));
        assert_eq!(may_undelete(MOD, Some(1), None), Err(Refusal::NotDeleted));
        assert_eq!(may_undelete(MOD, Some(9), by(8)), Ok(()));
    }

    #[test]
    fn what_was_removed_as_spam_its_author_does_not_bring_back_even_as_a_moderator() {
        let marked = Some(Gone { by: Some(8), marked: true });
        assert_eq!(may_undelete(MOD, Some(9), marked), Err(Refusal::OwnRemoved));
        assert_eq!(may_undelete(ANN, Some(1), marked), Err(Refusal::OwnRemoved));
        assert_eq!(may_undelete(ANN, Some(2), marked), Err(Refusal::NotYours));
        assert_eq!(may_undelete(STAFF, Some(9), marked), Ok(()));
    }

    #[test]
    fn moderators_remove_as_spam_what_was_only_deleted_too_and_nothing_twice() {
        let gone = |marked| Some(Gone { by: Some(1), marked });
        let remove = |kind, gone| may_remove_as(MOD, kind, Some(1), gone);
        assert_eq!(remove(Kind::Answer, None), Ok(()));
        assert_eq!(remove(Kind::Answer, gone(false)), Ok(()));
        assert_eq!(remove(Kind::Answer, gone(true)), Err(Refusal::Deleted));
        assert_eq!(remove(Kind::Comment, None), Ok(()));
        assert_eq!(remove(Kind::Comment, gone(false)), Err(Refusal::Deleted));
        assert_eq!(may_remove_as(MOD, Kind::Answer, Some(9), None), Err(Refusal::OwnPost));
        assert_eq!(may_remove_as(ANN, Kind::Answer, Some(2), None), Err(Refusal::NotModerator));
    }

    #[test]
    fn nobody_votes_on_their_own_post_or_on_comments() {
        assert_eq!(may_vote(ANN, Kind::Answer, Some(1), false), Err(Refusal::OwnPost));
        assert_eq!(may_vote(ANN, Kind::Comment, Some(2), false), Err(Refusal::NoVotes));
        assert_eq!(may_vote(ANN, Kind::Question, Some(2), false), Ok(()));
        assert_eq!(may_vote(ANN, Kind::Question, None, false), Ok(()));
    }
}
