//! Posts, first pass: questions.

use super::super::history::{Story, TurnKind};
use super::super::kinds::{self, CloseReason, PostKind};
use super::super::rows::PostRow;
use super::{Import, OTHER_POSTS, QUESTIONS, account_of, by};
use crate::imports::once::Seen;
use crate::imports::run::ImportError;
use crate::imports::tags;
use crate::posts::revisions::Heading;
use crate::questions::TagName;
use crate::questions::import::{Closing, ImportedQuestion, Turn};
use crate::text;

impl Import<'_> {
    pub(super) fn questions(&mut self) -> Result<(), ImportError> {
        self.batches::<PostRow>(
            "questions",
            |row| row.body.len(),
            |import, problem| import.faulty(account_of(problem.type_id), &problem),
            Import::question_batch,
        )
    }

    fn question_batch(&mut self, rows: Vec<PostRow>) -> Result<(), ImportError> {
        let mut batch = Vec::with_capacity(rows.len());
        let mut n = 0;
        for row in rows {
            match PostKind::of(row.kind) {
                PostKind::Question => {}
                // Answers have a pass of their own.
                PostKind::Answer => continue,
                PostKind::Other(reason) => {
                    self.skipped(OTHER_POSTS, reason, 1);
                    continue;
                }
            }
            n += 1;
            if self.run.once.first(Seen::Question, row.id)? {
                batch.push(self.question(row)?);
            } else {
                self.run.report.noted(QUESTIONS, "rows that came twice, taken once", 1);
            }
        }
        self.run.questions(Vec::new(), batch)?;
        self.kept(QUESTIONS, n);
        Ok(())
    }

    fn question(&mut self, mut row: PostRow) -> Result<ImportedQuestion, ImportError> {
        if let Some(answer) = row.accepted_answer_id {
            self.run.once.put_choice(row.id, answer)?;
        }
        let fitted = tags::fit(kinds::tags(row.tags.as_deref().unwrap_or_default()));
        let report = &mut self.run.report;
        report.noted(QUESTIONS, "tags with a character replaced", fitted.rewritten);
        report.noted(QUESTIONS, "tags shortened", fitted.shortened);
        report.noted(QUESTIONS, "tags beyond five", fitted.dropped);
        report.noted(QUESTIONS, "tags without a letter or digit", fitted.meaningless);
        let story = self.story(row.id)?;
        let title = text::clean_title(row.title.as_deref().unwrap_or_default());
        let title = if title.is_empty() { "…".to_owned() } else { title };
        let heading = Heading { title, tags: fitted.tags };
        let post = self.post(QUESTIONS, &mut row, &story, Some(&heading))?;
        Ok(ImportedQuestion {
            post,
            tags: heading.tags.iter().filter_map(|tag| TagName::parse(tag)).collect(),
            title: heading.title,
            views: row.view_count.unwrap_or(0).max(0),
            affected: 0,
            closing: closing(&row, &story),
            turns: turns(&story),
        })
    }
}

/// Posts says whether a question is closed, the story why and by whom.
fn closing(row: &PostRow, story: &Story) -> Option<Closing> {
    let at = row.closed_at?;
    let turn = story.closed();
    let reason = turn.map_or(CloseReason::Unstated, |turn| match turn.what {
        TurnKind::Closed { reason, .. } => reason,
        _ => CloseReason::Unstated,
    });
    let by = turn.map(|turn| by(turn.by.clone())).unwrap_or_default();
    Some(Closing { at, by, reason: reason.name().to_owned() })
}

fn turns(story: &Story) -> Vec<Turn> {
    let turns = story.turns.iter().filter_map(|turn| {
        let reopened = match turn.what {
            TurnKind::Closed { .. } => false,
            TurnKind::Reopened => true,
            TurnKind::Locked | TurnKind::Unlocked => return None,
        };
        Some(Turn { at: turn.at, by: by(turn.by.clone()), reopened })
    });
    turns.collect()
}
