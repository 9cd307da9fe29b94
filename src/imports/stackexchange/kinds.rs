//! The numbers by which a Stack Exchange dump tells kinds apart, and what each becomes in the hall.
//!
//! What the hall has no place for carries the reason it is skipped for. Source of the numbers:
//! <https://meta.stackexchange.com/questions/2677> and, for close reasons, the `CloseReasonTypes` table of the
//! public data explorer.

/// What a row of Posts is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostKind {
    Question,
    Answer,
    /// Nothing the hall has; the reason it is skipped for.
    Other(&'static str),
}

impl PostKind {
    /// By `PostTypeId`.
    pub fn of(id: i64) -> Self {
        match id {
            1 => Self::Question,
            2 => Self::Answer,
            3 => Self::Other("orphaned tag wiki"),
            4 => Self::Other("tag wiki excerpt"),
            5 => Self::Other("tag wiki"),
            6 => Self::Other("moderator nomination"),
            7 => Self::Other("wiki placeholder"),
            8 => Self::Other("privilege wiki"),
            9 => Self::Other("article"),
            10 => Self::Other("help article"),
            12 => Self::Other("collection"),
            13 => Self::Other("questionnaire response"),
            14 => Self::Other("announcement"),
            15 => Self::Other("collective discussion"),
            17 => Self::Other("collective collection"),
            _ => Self::Other("unknown kind of post"),
        }
    }
}

/// What a row of Votes is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoteKind {
    /// Counts into the post's tally.
    Up,
    /// Counts into the post's tally.
    Down,
    /// Dates the acceptance that Posts states.
    Accepted,
    /// Becomes the member's following.
    Favourite,
    /// Nothing the hall has; the reason it is skipped for.
    Other(&'static str),
}

impl VoteKind {
    /// By `VoteTypeId`.
    pub fn of(id: i64) -> Self {
        match id {
            1 => Self::Accepted,
            2 => Self::Up,
            3 => Self::Down,
            4 => Self::Other("offensive flag"),
            5 => Self::Favourite,
            6 => Self::Other("vote to close"),
            7 => Self::Other("vote to reopen"),
            8 => Self::Other("bounty start"),
            9 => Self::Other("bounty end"),
            10 => Self::Other("vote to delete"),
            11 => Self::Other("vote to undelete"),
            12 => Self::Other("spam flag"),
            13 => Self::Other("moderators informed"),
            14 => Self::Other("nominated for moderator"),
            15 => Self::Other("moderator review"),
            16 => Self::Other("approval of a suggested edit"),
            _ => Self::Other("unknown kind of vote"),
        }
    }
}

/// The part of a post that a text event sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Title,
    Body,
    Tags,
}

/// What a row of PostHistory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryKind {
    /// The text as first written (1–3), edited (4–6) or rolled back (7–9).
    Text {
        part: Part,
        rollback: bool,
    },
    Closed,
    Reopened,
    Locked,
    Unlocked,
    /// Nothing the hall has; the reason it is skipped for.
    Other(&'static str),
}

impl HistoryKind {
    /// By `PostHistoryTypeId`.
    pub fn of(id: i64) -> Self {
        match id {
            1 | 4 | 7 => Self::Text { part: Part::Title, rollback: id == 7 },
            2 | 5 | 8 => Self::Text { part: Part::Body, rollback: id == 8 },
            3 | 6 | 9 => Self::Text { part: Part::Tags, rollback: id == 9 },
            10 => Self::Closed,
            11 => Self::Reopened,
            12 | 13 => Self::Other("deletion or undeletion of a post that stands"),
            14 => Self::Locked,
            15 => Self::Unlocked,
            16 => Self::Other("made community-owned"),
            17 | 18 | 35 | 36 => Self::Other("migration between sites"),
            19 | 20 => Self::Other("protection on or off"),
            21 => Self::Other("reassigned to another person"),
            22 => Self::Other("unmerging"),
            24 => Self::Other("approval of a suggested edit, itself kept as a revision"),
            25 => Self::Other("shared on a social network"),
            31 => Self::Other("discussion moved to chat"),
            33 | 34 => Self::Other("notice on or off"),
            37 | 38 => Self::Other("merging"),
            50 => Self::Other("bumped by Community"),
            52 | 53 => Self::Other("hot network question on or off"),
            _ => Self::Other("unknown kind of history"),
        }
    }
}

/// Why a question was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseReason {
    Duplicate,
    OffTopic,
    Unclear,
    TooBroad,
    Opinion,
    TooLocalised,
    GeneralReference,
    Noise,
    /// The dump does not say, or says something unknown.
    Unstated,
}

impl CloseReason {
    /// By the number in the comment of a closing event.
    pub fn of(comment: Option<&str>) -> Self {
        match comment.and_then(|comment| comment.trim().parse::<i64>().ok()) {
            Some(1 | 101) => Self::Duplicate,
            Some(2 | 102) => Self::OffTopic,
            Some(4 | 103) => Self::Unclear,
            Some(104) => Self::TooBroad,
            Some(3 | 105) => Self::Opinion,
            Some(7) => Self::TooLocalised,
            Some(10) => Self::GeneralReference,
            Some(20) => Self::Noise,
            _ => Self::Unstated,
        }
    }

    /// A stable name in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::OffTopic => "off topic",
            Self::Unclear => "unclear",
            Self::TooBroad => "too broad",
            Self::Opinion => "opinion",
            Self::TooLocalised => "too localised",
            Self::GeneralReference => "general reference",
            Self::Noise => "noise",
            Self::Unstated => "closed at the source",
        }
    }
}

/// What a row of PostLinks is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    Linked,
    Duplicate,
    /// Nothing the hall has; the reason it is skipped for.
    Other(&'static str),
}

impl LinkKind {
    /// By `LinkTypeId`.
    pub fn of(id: i64) -> Self {
        match id {
            1 => Self::Linked,
            3 => Self::Duplicate,
            _ => Self::Other("unknown kind of link"),
        }
    }
}

/// The names in a `Tags` attribute: `<a><b>` in older dumps, `|a|b|` in newer ones.
pub fn tags(attribute: &str) -> impl Iterator<Item = &str> {
    attribute.split(['<', '>', '|']).map(str::trim).filter(|tag| !tag.is_empty())
}

/// Who did something, as far as a dump tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    /// The user with this id; `shown` when Users turns out not to have it.
    User { id: i64, shown: String },
    /// Somebody whose account is gone: a name, no member.
    Named(String),
    /// Nobody is named.
    Unknown,
}

impl Author {
    /// From the id and the shown name of a row. Where an id comes without a name, the name shown in its
    /// place is `user123`, as the source itself shows people whose account is gone.
    pub fn of(id: Option<i64>, name: Option<&str>) -> Self {
        let name = name.map(str::trim).filter(|name| !name.is_empty());
        match (id, name) {
            (Some(id), Some(name)) => Self::User { id, shown: name.to_owned() },
            (Some(id), None) => Self::User { id, shown: nameless(id) },
            (None, Some(name)) => Self::Named(name.to_owned()),
            (None, None) => Self::Unknown,
        }
    }
}

/// Id of Community, the voice of the source itself; it becomes a member of kind system.
pub const COMMUNITY: i64 = -1;

/// The name shown for a user of whom only the id is known.
pub fn nameless(id: i64) -> String {
    if id == COMMUNITY { "Community".to_owned() } else { format!("user{id}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_writing_tags_are_read() {
        for (attribute, expected) in [
            ("<neural-networks><c++>", &["neural-networks", "c++"][..]),
            ("|neural-networks|c++|", &["neural-networks", "c++"]),
            ("<one>", &["one"]),
            ("", &[]),
            ("<>", &[]),
            ("plain", &["plain"]),
        ] {
            assert_eq!(tags(attribute).collect::<Vec<_>>(), expected, "{attribute:?}");
        }
    }

    #[test]
    fn only_questions_and_answers_become_posts() {
        assert_eq!(PostKind::of(1), PostKind::Question);
        assert_eq!(PostKind::of(2), PostKind::Answer);
        for other in [0, 3, 4, 5, 6, 7, 8, 99, -1] {
            assert!(matches!(PostKind::of(other), PostKind::Other(_)), "{other}");
        }
        assert_eq!(PostKind::of(4), PostKind::Other("tag wiki excerpt"));
    }

    #[test]
    fn votes_are_tallied_dated_followed_or_skipped_by_name() {
        assert_eq!(VoteKind::of(2), VoteKind::Up);
        assert_eq!(VoteKind::of(3), VoteKind::Down);
        assert_eq!(VoteKind::of(1), VoteKind::Accepted);
        assert_eq!(VoteKind::of(5), VoteKind::Favourite);
        assert_eq!(VoteKind::of(8), VoteKind::Other("bounty start"));
        assert_eq!(VoteKind::of(77), VoteKind::Other("unknown kind of vote"));
    }

    #[test]
    fn the_nine_text_events_are_three_parts_in_three_ways() {
        let parts = [Part::Title, Part::Body, Part::Tags];
        for id in 1..=9 {
            let part = parts[usize::try_from(id - 1).unwrap() % 3];
            assert_eq!(HistoryKind::of(id), HistoryKind::Text { part, rollback: id >= 7 }, "{id}");
        }
        assert_eq!(HistoryKind::of(10), HistoryKind::Closed);
        assert_eq!(HistoryKind::of(15), HistoryKind::Unlocked);
    }

    #[test]
    fn close_reasons_old_and_new_are_understood() {
        for (comment, reason) in [
            (Some("1"), CloseReason::Duplicate),
            (Some("101"), CloseReason::Duplicate),
            (Some("102"), CloseReason::OffTopic),
            (Some("103"), CloseReason::Unclear),
            (Some("104"), CloseReason::TooBroad),
            (Some("105"), CloseReason::Opinion),
            (Some(" 7 "), CloseReason::TooLocalised),
            (Some("-5"), CloseReason::Unstated),
            (Some("because"), CloseReason::Unstated),
            (None, CloseReason::Unstated),
        ] {
            assert_eq!(CloseReason::of(comment), reason, "{comment:?}");
        }
    }

    #[test]
    fn an_author_is_a_user_a_name_or_nobody() {
        assert_eq!(Author::of(Some(7), None), Author::User { id: 7, shown: "user7".into() });
        assert_eq!(Author::of(Some(7), Some("Ann")), Author::User { id: 7, shown: "Ann".into() });
        assert_eq!(Author::of(None, Some(" Ann ")), Author::Named("Ann".into()));
        assert_eq!(Author::of(None, Some(" ")), Author::Unknown);
        assert_eq!(Author::of(Some(-1), None), Author::User { id: -1, shown: "Community".into() });
    }
}
