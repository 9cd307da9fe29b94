//! Verdicts about levels and privileges, as pure functions over figures and a member's standing.

use super::figures::Figures;
use crate::clock::Micros;
use crate::web::Role;

/// Where reputation opens more, least first; below the first one is a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 50 points.
    Contributor,
    /// 200.
    Helper,
    /// 500.
    Editor,
    /// 1,000.
    Curator,
}

impl Level {
    /// All, least first.
    pub const ALL: [Level; 4] = [Level::Contributor, Level::Helper, Level::Editor, Level::Curator];

    /// Its name in words' keys, URLs and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Contributor => "contributor",
            Level::Helper => "helper",
            Level::Editor => "editor",
            Level::Curator => "curator",
        }
    }

    /// Points it asks for.
    pub fn minimum(self, figures: &Figures) -> i64 {
        figures.levels[self as usize]
    }

    /// Share of good outcomes it asks for.
    pub fn least_ratio(self, figures: &Figures) -> f64 {
        figures.ratios[self as usize]
    }
}

/// What a level opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Privilege {
    /// Voting down.
    VoteDown,
    /// Flags that weigh by past accuracy.
    FlagWithWeight,
    /// Other members' questions' tags.
    EditTags,
    /// Saying that a question repeats another.
    SuggestDuplicates,
    /// Editing what others wrote without asking.
    Edit,
    /// Voting to close a question.
    VoteToClose,
    /// Seeing the review queue.
    Review,
}

impl Privilege {
    /// All, in the order of their levels.
    pub const ALL: [Privilege; 7] = [
        Privilege::VoteDown,
        Privilege::FlagWithWeight,
        Privilege::EditTags,
        Privilege::SuggestDuplicates,
        Privilege::Edit,
        Privilege::VoteToClose,
        Privilege::Review,
    ];

    /// Its name in words' keys, stored rows and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Privilege::VoteDown => "vote-down",
            Privilege::FlagWithWeight => "flag-with-weight",
            Privilege::EditTags => "edit-tags",
            Privilege::SuggestDuplicates => "suggest-duplicates",
            Privilege::Edit => "edit",
            Privilege::VoteToClose => "vote-to-close",
            Privilege::Review => "review",
        }
    }

    /// Reads a privilege's name.
    pub fn parse(name: &str) -> Option<Privilege> {
        Privilege::ALL.into_iter().find(|privilege| privilege.as_str() == name)
    }

    /// The level that opens it.
    pub fn level(self) -> Level {
        match self {
            Privilege::VoteDown | Privilege::FlagWithWeight => Level::Contributor,
            Privilege::EditTags | Privilege::SuggestDuplicates => Level::Helper,
            Privilege::Edit => Level::Editor,
            Privilege::VoteToClose | Privilege::Review => Level::Curator,
        }
    }
}

/// A privilege that was taken for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Which.
    pub privilege: Privilege,
    /// Until when; None until somebody gives it back.
    pub until: Option<Micros>,
}

/// What decides about a member's privileges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Moderators and above hold every privilege.
    pub role: Role,
    /// Points.
    pub points: i64,
    /// Votes up that counted, accepted and endorsed answers.
    pub good: i64,
    /// Votes down that counted, removals.
    pub bad: i64,
    /// Privileges taken for a while.
    pub taken: Vec<Taken>,
}

impl Standing {
    /// (good + 2) / (good + bad + 4): half for somebody of whom nothing is known.
    pub fn ratio(&self) -> f64 {
        ratio(self.good, self.bad)
    }

    /// The highest level whose points and ratio they have.
    pub fn level(&self, figures: &Figures) -> Option<Level> {
        let reached = |level: &Level| {
            self.points >= level.minimum(figures) && self.ratio() >= level.least_ratio(figures)
        };
        Level::ALL.into_iter().rev().find(reached)
    }

    /// Whether they hold a privilege at `now`.
    ///
    /// # Errors
    /// What is missing.
    pub fn holds(&self, privilege: Privilege, figures: &Figures, now: Micros) -> Result<(), Lacking> {
        let in_force = |taken: &&Taken| taken.until.is_none_or(|until| until > now);
        let taken = self.taken.iter().filter(in_force).find(|taken| taken.privilege == privilege);
        let level = privilege.level();
        let lacking = |taken_until| Lacking {
            privilege,
            level,
            minimum: level.minimum(figures),
            points: self.points,
            least_ratio: level.least_ratio(figures),
            ratio: self.ratio(),
            taken: taken.is_some(),
            taken_until,
        };
        if let Some(taken) = taken {
            return Err(lacking(taken.until));
        }
        let earned = self.points >= level.minimum(figures) && self.ratio() >= level.least_ratio(figures);
        if self.role >= Role::Moderator || earned { Ok(()) } else { Err(lacking(None)) }
    }
}

/// (good + 2) / (good + bad + 4).
pub fn ratio(good: i64, bad: i64) -> f64 {
    let (good, bad) = (good.max(0) as f64, bad.max(0) as f64);
    (good + 2.0) / (good + bad + 4.0)
}

/// A share somebody has, in percent, rounded down: what is not reached does not look as if it was.
pub fn percent_had(share: f64) -> i64 {
    // A share such as 0.29 is stored a little below itself.
    (share * 100.0 + 1e-9).floor() as i64
}

/// A share that is asked for, in percent, rounded up.
pub fn percent_asked(share: f64) -> i64 {
    (share * 100.0 - 1e-9).ceil() as i64
}

/// Why somebody does not hold a privilege.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lacking {
    /// Which.
    pub privilege: Privilege,
    /// The level that opens it.
    pub level: Level,
    /// Points it asks for.
    pub minimum: i64,
    /// Points they have.
    pub points: i64,
    /// Share of good outcomes it asks for.
    pub least_ratio: f64,
    /// Their share.
    pub ratio: f64,
    /// Whether it was taken from them for a while.
    pub taken: bool,
    /// Until when it is; None with `taken` until somebody gives it back.
    pub taken_until: Option<Micros>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customer(points: i64, good: i64, bad: i64) -> Standing {
        Standing { role: Role::Customer, points, good, bad, taken: Vec::new() }
    }

    #[test]
    fn a_level_needs_its_points_and_its_ratio() {
        let figures = Figures::default();
        for (points, good, bad, level) in [
            (0, 0, 0, None),
            (49, 9, 0, None),
            (50, 5, 0, Some(Level::Contributor)),
            (50, 0, 1, None),
            (200, 2, 2, Some(Level::Contributor)),
            (200, 4, 2, Some(Level::Helper)),
            (500, 8, 2, Some(Level::Editor)),
            (1_000, 10, 3, Some(Level::Editor)),
            (1_000, 10, 0, Some(Level::Curator)),
            (-3, 0, 0, None),
        ] {
            assert_eq!(customer(points, good, bad).level(&figures), level, "{points} {good}/{bad}");
        }
    }

    #[test]
    fn moderators_hold_everything_that_was_not_taken_from_them() {
        let mut moderator = Standing { role: Role::Moderator, ..customer(0, 0, 0) };
        let figures = Figures::default();
        assert!(Privilege::ALL.iter().all(|one| moderator.holds(*one, &figures, 5).is_ok()));
        moderator.taken = vec![Taken { privilege: Privilege::Edit, until: Some(9) }];
        assert!(moderator.holds(Privilege::Edit, &figures, 5).is_err_and(|why| why.taken));
        assert_eq!(moderator.holds(Privilege::Edit, &figures, 9), Ok(()));
        assert_eq!(moderator.holds(Privilege::Review, &figures, 5), Ok(()));
    }

    #[test]
    fn a_share_that_is_not_reached_does_not_read_as_if_it_was() {
        // 42 good and 13 bad: 0.7458.
        let curator = Level::Curator.least_ratio(&Figures::default());
        assert!(ratio(42, 13) < curator);
        assert_eq!((percent_had(ratio(42, 13)), percent_asked(curator)), (74, 75));
        assert_eq!((percent_had(0.7449), percent_asked(0.745)), (74, 75));
        for percent in 0..=100 {
            let share = percent as f64 / 100.0;
            assert_eq!((percent_had(share), percent_asked(share)), (percent, percent));
        }
    }

    #[test]
    fn who_lacks_a_privilege_is_told_what_is_missing() {
        let lacking = customer(120, 3, 3).holds(Privilege::EditTags, &Figures::default(), 0).unwrap_err();
        assert_eq!((lacking.minimum, lacking.points), (200, 120));
        assert_eq!((lacking.least_ratio, lacking.ratio), (0.6, 0.5));
    }
}
