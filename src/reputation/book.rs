//! How outcomes become points: one set of rules over a [`Book`], which is the database in an act and memory in a replay.
//!
//! Promises: caps count what was given, not what still stands, so room that an undoing frees is not filled again; undoing
//! takes back exactly what was given; no figure is read but that of the version the outcome names.

use super::figures::Figures;
use super::imported::Tally;
use super::outcome::{Base, Credit, Day, Given, Reason, State, day_of};
use crate::clock::Micros;

/// Where points are written down.
pub trait Book {
    /// What can go wrong.
    type Error;

    /// What `member` was given on the UTC day that begins at `day`, and by `by` in particular.
    fn day(&mut self, member: i64, by: Option<i64>, day: Micros) -> Result<Day, Self::Error>;

    /// What approved edits gave `member`, ever.
    fn edits(&mut self, member: i64) -> Result<i64, Self::Error>;

    /// Base rows about a post that are not undone, oldest first; those that `by` caused, where that is said.
    fn bases(&mut self, post: i64, by: Option<i64>) -> Result<Vec<Base>, Self::Error>;

    /// Writes a base row.
    fn give(&mut self, given: Given) -> Result<(), Self::Error>;

    /// Brings a base row to another state, with the opposite row that takes.
    fn turn(&mut self, base: &Base, to: State, at: Micros) -> Result<(), Self::Error>;

    /// Whether a member's vote on a post is annulled.
    fn is_annulled(&mut self, post: i64, voter: i64) -> Result<bool, Self::Error>;

    /// Whether a post was removed as spam or abuse.
    fn is_removed(&mut self, post: i64) -> Result<bool, Self::Error>;
}

/// A vote that was cast, changed or taken back.
#[derive(Clone, Copy, Debug)]
pub struct Vote {
    /// On which post.
    pub post: i64,
    /// Whether that is an answer.
    pub answer: bool,
    /// Whose vote.
    pub voter: i64,
    /// 1, 0 or −1.
    pub value: i64,
    /// What it was until now.
    pub before: i64,
    /// When.
    pub at: Micros,
}

/// A vote: what the one before gave is taken back, and the new one gives what the caps leave.
pub fn vote<B: Book>(book: &mut B, figures: &Figures, vote: Vote, credit: &Credit) -> Result<(), B::Error> {
    if vote.before != 0 {
        undo(book, vote.post, Some(vote.voter), vote.at, |given| Reason::VOTES.contains(&given.reason))?;
    }
    let Some(author) = credit.to().filter(|_| vote.value != 0) else { return Ok(()) };
    let day = book.day(author, Some(vote.voter), day_of(vote.at))?;
    let given = |member, points, reason| Given {
        member,
        points,
        reason,
        post: Some(vote.post),
        by: Some(vote.voter),
        subject: None,
        settings: credit.settings,
        outcomes: 1,
        at: vote.at,
    };
    if vote.value > 0 {
        let (full, reason) = match vote.answer {
            true => (figures.answer_up, Reason::AnswerUp),
            false => (figures.question_up, Reason::QuestionUp),
        };
        let points = full.min(figures.votes_a_day - day.points);
        if points > 0 && day.pair_up < figures.pair_up {
            book.give(given(author, points, reason))?;
        }
        return Ok(());
    }
    let (points, reason) = match vote.answer {
        true => (figures.answer_down, Reason::AnswerDown),
        false => (figures.question_down, Reason::QuestionDown),
    };
    // A vote that does not count costs nothing either.
    if points > 0 && day.pair_down < figures.pair_down {
        book.give(given(author, -points, reason))?;
        if vote.answer && figures.down_cast > 0 {
            book.give(given(vote.voter, -figures.down_cast, Reason::DownCast))?;
        }
    }
    Ok(())
}

/// An answer was accepted by its asker.
pub fn accept<B: Book>(
    book: &mut B,
    figures: &Figures,
    (post, asker, at): (i64, Option<i64>, Micros),
    credit: &Credit,
) -> Result<(), B::Error> {
    let Some(author) = credit.to() else { return Ok(()) };
    for (member, points, reason) in
        [(Some(author), figures.accepted, Reason::Accepted), (asker, figures.accepting, Reason::Accepting)]
    {
        let Some(member) = member.filter(|_| points > 0) else { continue };
        book.give(once(member, points, reason, (post, asker, at), credit))?;
    }
    Ok(())
}

/// An answer is accepted no longer.
pub fn unaccept<B: Book>(book: &mut B, post: i64, at: Micros) -> Result<(), B::Error> {
    undo(book, post, None, at, |given| matches!(given.reason, Reason::Accepted | Reason::Accepting))
}

/// Staff endorsed an answer.
pub fn endorse<B: Book>(
    book: &mut B,
    figures: &Figures,
    (post, by, at): (i64, Option<i64>, Micros),
    credit: &Credit,
) -> Result<(), B::Error> {
    let Some(author) = credit.to().filter(|_| figures.endorsed > 0) else { return Ok(()) };
    book.give(once(author, figures.endorsed, Reason::Endorsed, (post, by, at), credit))
}

/// An answer is endorsed no longer.
pub fn unendorse<B: Book>(book: &mut B, post: i64, at: Micros) -> Result<(), B::Error> {
    undo(book, post, None, at, |given| given.reason == Reason::Endorsed)
}

/// An edit that `credit.author` suggested was approved.
pub fn edit<B: Book>(
    book: &mut B,
    figures: &Figures,
    suggestion: i64,
    (post, approver, at): (i64, Option<i64>, Micros),
    credit: &Credit,
) -> Result<(), B::Error> {
    let Some(editor) = credit.to() else { return Ok(()) };
    let points = figures.edit.min(figures.edits_most - book.edits(editor)?);
    if points <= 0 {
        return Ok(());
    }
    let given = once(editor, points, Reason::Edit, (post, approver, at), credit);
    book.give(Given { subject: Some(suggestion), ..given })
}

/// An approved edit was rolled back.
pub fn unedit<B: Book>(book: &mut B, suggestion: i64, post: i64, at: Micros) -> Result<(), B::Error> {
    undo(book, post, None, at, |given| given.reason == Reason::Edit && given.subject == Some(suggestion))
}

/// A post was removed as spam or abuse: its votes count no longer, and it costs.
pub fn remove<B: Book>(
    book: &mut B,
    figures: &Figures,
    (post, by, at): (i64, Option<i64>, Micros),
    credit: &Credit,
) -> Result<(), B::Error> {
    for base in book.bases(post, None)? {
        if Reason::VOTES.contains(&base.given.reason) && base.state == State::Given {
            book.turn(&base, State::Suspended, at)?;
        }
    }
    match credit.to().filter(|_| figures.removed > 0) {
        Some(author) => book.give(once(author, -figures.removed, Reason::Removed, (post, by, at), credit)),
        None => Ok(()),
    }
}

/// A removed post was brought back; the book knows already that it is removed no longer.
pub fn restore<B: Book>(book: &mut B, post: i64, at: Micros) -> Result<(), B::Error> {
    undo(book, post, None, at, |given| given.reason == Reason::Removed)?;
    resume(book, post, None, at)
}

/// A vote was annulled.
pub fn annul<B: Book>(book: &mut B, post: i64, voter: i64, at: Micros) -> Result<(), B::Error> {
    for base in book.bases(post, Some(voter))? {
        if Reason::VOTES.contains(&base.given.reason) && base.state == State::Given {
            book.turn(&base, State::Suspended, at)?;
        }
    }
    Ok(())
}

/// A vote is annulled no longer, as the book knows already.
pub fn reinstate<B: Book>(book: &mut B, post: i64, voter: i64, at: Micros) -> Result<(), B::Error> {
    resume(book, post, Some(voter), at)
}

/// Imported votes; what was given for the same post and day before is taken back.
pub fn tally<B: Book>(book: &mut B, figures: &Figures, tally: &Tally, settings: i64) -> Result<(), B::Error> {
    // A newer dump tells the same day better: that is no act undone, and `Book::day` counts what it replaces no more.
    undo(book, tally.post, None, tally.day, |given| given.is_of_import() && given.at == tally.day)?;
    let (up, down, up_reason, down_reason) = match tally.answer {
        true => (figures.answer_up, figures.answer_down, Reason::AnswerUp, Reason::AnswerDown),
        false => (figures.question_up, figures.question_down, Reason::QuestionUp, Reason::QuestionDown),
    };
    let day = book.day(tally.author, None, tally.day)?;
    let room = (figures.votes_a_day - day.points).max(0);
    let points = up.saturating_mul(tally.up.max(0)).min(room);
    let given = |points, reason, outcomes| Given {
        member: tally.author,
        points,
        reason,
        post: Some(tally.post),
        by: None,
        subject: None,
        settings,
        outcomes,
        at: tally.day,
    };
    if points > 0 {
        // The last one may have been given in part.
        book.give(given(points, up_reason, (points + up - 1) / up))?;
    }
    if tally.down > 0 && down > 0 {
        book.give(given(-down.saturating_mul(tally.down), down_reason, tally.down))?;
    }
    Ok(())
}

fn once(
    member: i64,
    points: i64,
    reason: Reason,
    (post, by, at): (i64, Option<i64>, Micros),
    credit: &Credit,
) -> Given {
    Given {
        member,
        points,
        reason,
        post: Some(post),
        by,
        subject: None,
        settings: credit.settings,
        outcomes: 1,
        at,
    }
}

/// Takes back for good what `which` gave.
fn undo<B: Book>(
    book: &mut B,
    post: i64,
    by: Option<i64>,
    at: Micros,
    which: impl Fn(&Given) -> bool,
) -> Result<(), B::Error> {
    for base in book.bases(post, by)? {
        if which(&base.given) {
            book.turn(&base, State::Undone, at)?;
        }
    }
    Ok(())
}

/// Gives again what was suspended, where nothing else stands against it.
fn resume<B: Book>(book: &mut B, post: i64, by: Option<i64>, at: Micros) -> Result<(), B::Error> {
    if book.is_removed(post)? {
        return Ok(());
    }
    for base in book.bases(post, by)? {
        let annulled = match base.given.by {
            Some(voter) => book.is_annulled(post, voter)?,
            None => false,
        };
        if base.state == State::Suspended && !annulled {
            book.turn(&base, State::Given, at)?;
        }
    }
    Ok(())
}
