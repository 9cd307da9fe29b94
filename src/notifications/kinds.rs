//! What can be told, why somebody is told, and how they hear of it.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident $word:literal)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$of])* $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &[$name] = &[$($name::$variant),*];

            /// As stored, sent and put into keys of words.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }

            /// Reads what [`Self::as_str`] wrote.
            #[must_use]
            pub fn parse(word: &str) -> Option<$name> {
                match word { $($word => Some($name::$variant),)* _ => None }
            }
        }
    };
}

words! {
    /// What is told, in the order of its weight: where several fit one person and one fact, the first is told.
    Kind {
        /// Somebody wrote `@handle`.
        Mention "mention"
        /// An answer to one's question.
        Answer "answer"
        /// A comment on what one wrote, or in a talk one takes part in.
        Comment "comment"
        /// One's answer was accepted.
        Accepted "accepted"
        /// Somebody else changed, closed or removed what is one's own.
        Changed "changed"
        /// Something new in a thread one follows.
        Followed "followed"
        /// A new question in a tag or space one follows.
        Question "question"
        /// Something new for a saved search.
        Search "search"
        /// A question of one's own waits for a verdict, or has none.
        Reminder "reminder"
        /// One's standing as a guru: offered, given, missing something, ended.
        Guru "guru"
        /// What one achieved last month as a guru.
        GuruMonth "guru-month"
        /// A question was handed over to staff.
        HandOver "hand-over"
        /// One earned a badge.
        Badge "badge"
    }
}

words! {
    /// Why somebody is told.
    Reason {
        /// They were named.
        Mentioned "mentioned"
        /// They asked.
        YourQuestion "your-question"
        /// They answered.
        YourAnswer "your-answer"
        /// They commented.
        YourComment "your-comment"
        /// They suggested an edit.
        YourSuggestion "your-suggestion"
        /// They follow the thread.
        Follow "follow"
        /// They follow a tag.
        Tag "tag"
        /// They follow a space.
        Space "space"
        /// They saved a search.
        Saved "saved"
        /// They are a guru, or may be.
        Guru "guru"
        /// They moderate its space.
        Staff "staff"
        /// Something was done to them.
        Account "account"
    }
}

words! {
    /// How somebody hears of something.
    Level {
        /// Not at all.
        Off "off"
        /// In the inbox.
        Inbox "inbox"
        /// In the inbox, and in a weekly e-mail.
        Weekly "weekly"
        /// In the inbox, and in a daily e-mail.
        Daily "daily"
        /// In the inbox, and by e-mail at once.
        Now "now"
    }
}

impl Level {
    /// What reaches more wins where two fit.
    #[must_use]
    pub fn weight(self) -> usize {
        Level::ALL.iter().position(|level| *level == self).unwrap_or(0)
    }
}

impl Kind {
    /// How one hears of it who has not said.
    #[must_use]
    pub fn usual(self) -> Level {
        match self {
            Kind::Mention | Kind::Answer | Kind::Comment | Kind::Reminder | Kind::Guru | Kind::GuruMonth => {
                Level::Now
            }
            Kind::Accepted
            | Kind::Changed
            | Kind::Followed
            | Kind::Question
            | Kind::Search
            | Kind::HandOver
            | Kind::Badge => Level::Inbox,
        }
    }

    /// The place in the order of weight.
    #[must_use]
    pub fn rank(self) -> usize {
        Kind::ALL.iter().position(|kind| *kind == self).unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Level, Reason};
    use crate::web::words::Words;

    #[test]
    fn every_kind_and_every_reason_has_words() {
        let words = Words::embedded("en").unwrap();
        for reason in Reason::ALL {
            let subject = [("subject", "lamps".into())];
            words.say(&format!("reason-{}", reason.as_str()), &subject).unwrap();
        }
        for kind in Kind::ALL {
            words.say(&format!("hear-{}", kind.as_str()), &[]).unwrap();
        }
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(*kind));
        }
        assert!(Level::Now.weight() > Level::Daily.weight() && Level::Inbox.weight() > Level::Off.weight());
    }
}
