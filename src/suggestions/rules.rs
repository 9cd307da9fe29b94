//! Verdicts about suggested edits, as pure functions over facts.

use crate::posts::{Earned, Refusal, Standing};

/// Why a suggestion is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It says no more and says it no better.
    NoImprovement,
    /// It makes the author say something else.
    ChangesMeaning,
    /// What it adds is wrong.
    Wrong,
    /// It belongs into an answer or a comment.
    Elsewhere,
    /// The text says so by now.
    Done,
    /// In the decider's words alone.
    Other,
}

impl Verdict {
    /// All, in the order in which they are offered.
    pub const ALL: [Verdict; 6] = [
        Verdict::NoImprovement,
        Verdict::ChangesMeaning,
        Verdict::Wrong,
        Verdict::Elsewhere,
        Verdict::Done,
        Verdict::Other,
    ];

    /// As stored, sent and put into keys of words.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::NoImprovement => "no-improvement",
            Verdict::ChangesMeaning => "changes-meaning",
            Verdict::Wrong => "wrong",
            Verdict::Elsewhere => "elsewhere",
            Verdict::Done => "done",
            Verdict::Other => "other",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn parse(name: &str) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|verdict| verdict.as_str() == name)
    }
}

/// Whether an edit of a post that is seen may be suggested.
///
/// # Errors
/// [`Refusal::Deleted`], or `suggestion-hidden` where moderation hid the post or its thread.
pub fn may_suggest(deleted: bool, hidden: bool) -> Result<(), Refusal> {
    if deleted {
        return Err(Refusal::Deleted);
    }
    if hidden { Err(Refusal::Suggestion("suggestion-hidden")) } else { Ok(()) }
}

/// Whether somebody who sees a post decides about an edit of it: the author, and who could make it at once, moderators among
/// them; nobody about their own suggestion.
pub fn may_decide(me: Standing, author: Option<i64>, suggester: i64, earned: Earned) -> bool {
    me.id != suggester && (author == Some(me.id) || earned.edits(me))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: Standing = Standing { id: 1, moderates: false, staff: false };
    const MOD: Standing = Standing { id: 9, moderates: true, staff: false };

    #[test]
    fn author_moderators_and_editors_decide_and_nobody_about_their_own() {
        let none = Earned::default();
        let edits = Earned { edit: true, ..none };
        assert!(may_decide(ANN, Some(1), 2, none));
        assert!(may_decide(ANN, Some(3), 2, edits));
        assert!(!may_decide(ANN, Some(3), 2, none));
        assert!(!may_decide(ANN, Some(3), 1, edits));
        assert!(may_decide(MOD, None, 2, none));
        assert!(!may_decide(MOD, None, 9, edits));
        let taken = Earned { edit_taken: true, ..none };
        assert!(!may_decide(MOD, Some(1), 2, taken));
        assert!(may_decide(MOD, Some(9), 2, taken));
    }

    #[test]
    fn nothing_is_suggested_for_what_is_gone_or_hidden() {
        assert_eq!(may_suggest(true, false), Err(Refusal::Deleted));
        assert_eq!(may_suggest(false, true), Err(Refusal::Suggestion("suggestion-hidden")));
        assert_eq!(may_suggest(false, false), Ok(()));
    }

    #[test]
    fn verdicts_are_read_as_they_are_written() {
        for verdict in Verdict::ALL {
            assert_eq!(Verdict::parse(verdict.as_str()), Some(verdict));
        }
    }
}
