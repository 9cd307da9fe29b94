//! History and votes, put away until their posts come; and what is left of them in the end.

use super::super::kinds::{HistoryKind, VoteKind};
use super::super::rows::{HistoryRow, VoteRow};
use super::super::staging::DayTally;
use super::{HISTORY, Import, NO_POST, VOTES};
use crate::clock::{DAY, Micros};
use crate::imports::run::ImportError;

/// Why an acceptance is skipped.
const NOT_NAMED: &str = "acceptance that the question does not name";

impl Import<'_> {
    pub(super) fn stage_history(&mut self) -> Result<(), ImportError> {
        self.batches::<HistoryRow>(
            "",
            |row| row.text.as_ref().map_or(0, String::len),
            |import, problem| import.faulty(HISTORY, &problem),
            |import, rows| {
                for row in rows {
                    if let HistoryKind::Other(reason) = HistoryKind::of(row.kind) {
                        import.skipped(HISTORY, reason, 1);
                    } else if import.staging.put_history(&row)? {
                        import.run.report.read(HISTORY, 1);
                    } else {
                        import.skipped(HISTORY, "the same id again", 1);
                    }
                }
                Ok(())
            },
        )
    }

    pub(super) fn stage_votes(&mut self) -> Result<(), ImportError> {
        self.batches::<VoteRow>(
            "",
            |_| 0,
            |import, problem| import.faulty(VOTES, &problem),
            |import, rows| rows.into_iter().try_for_each(|row| import.stage_vote(&row)),
        )
    }

    fn stage_vote(&mut self, row: &VoteRow) -> Result<(), ImportError> {
        let day = day_of(row.created_at);
        match VoteKind::of(row.kind) {
            VoteKind::Up => self.staging.put_votes(row.post_id, DayTally { day, up: 1, down: 0 })?,
            VoteKind::Down => self.staging.put_votes(row.post_id, DayTally { day, up: 0, down: 1 })?,
            VoteKind::Accepted => self.staging.put_acceptance(row.post_id, row.created_at)?,
            // Read again when all posts are here.
            VoteKind::Favourite => return Ok(()),
            VoteKind::Other(reason) => {
                self.skipped(VOTES, reason, 1);
                return Ok(());
            }
        }
        self.run.report.read(VOTES, 1);
        Ok(())
    }

    /// Counts what became part of a post, and what belongs to none.
    pub(super) fn account_for_the_rest(&mut self) -> Result<(), ImportError> {
        let left = self.staging.left()?;
        let report = &mut self.run.report;
        report.skipped(HISTORY, NO_POST, left.history);
        report.skipped(VOTES, NO_POST, left.votes + left.acceptances);
        let choices = self.run.once.choices_left()?;
        self.run.report.noted(super::QUESTIONS, "chosen answers that are not in the dump", choices);
        Ok(())
    }

    /// When an answer that was chosen was chosen, if the dump tells; accounts for the votes that say so.
    pub(super) fn acceptance(&mut self, answer_id: i64, chosen: bool) -> Result<Option<Micros>, ImportError> {
        let Some((at, rows)) = self.staging.take_acceptance(answer_id)? else { return Ok(None) };
        if chosen {
            self.run.report.kept(VOTES, rows);
        } else {
            self.run.report.skipped(VOTES, NOT_NAMED, rows);
        }
        Ok(Some(at))
    }
}

/// The first microsecond of the UTC day.
pub(super) fn day_of(at: Micros) -> Micros {
    at - at.rem_euclid(DAY)
}
