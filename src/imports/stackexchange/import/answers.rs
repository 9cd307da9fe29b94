//! Posts, second pass: answers, which may have smaller ids than their questions.

use super::super::kinds::PostKind;
use super::super::rows::PostRow;
use super::{ANSWERS, Import};
use crate::answers::import::ImportedAnswer;
use crate::imports::once::Seen;
use crate::imports::run::ImportError;
use crate::questions::import::Choice;

impl Import<'_> {
    pub(super) fn answers(&mut self) -> Result<(), ImportError> {
        self.batches::<PostRow>(
            "answers",
            |row| row.body.len(),
            // Counted in the first pass.
            |_, _| {},
            Import::answer_batch,
        )
    }

    fn answer_batch(&mut self, rows: Vec<PostRow>) -> Result<(), ImportError> {
        let rows: Vec<PostRow> =
            rows.into_iter().filter(|row| PostKind::of(row.kind) == PostKind::Answer).collect();
        let here = self.run.questions_here(rows.iter().filter_map(|row| row.parent_id))?;
        let mut batch = Vec::with_capacity(rows.len());
        let mut choices = Vec::new();
        let mut n = 0;
        for mut row in rows {
            let question = match row.parent_id.map(|id| id.to_string()) {
                None => {
                    self.skipped(ANSWERS, "ParentId missing", 1);
                    continue;
                }
                Some(question) if here.contains(&question) => question,
                Some(_) => {
                    self.skipped(ANSWERS, "question not in the dump", 1);
                    continue;
                }
            };
            n += 1;
            if !self.run.once.first(Seen::Answer, row.id)? {
                self.run.report.noted(ANSWERS, "rows that came twice, taken once", 1);
                continue;
            }
            let chosen = self.run.once.take_choice(row.id)?.is_some_and(|id| Some(id) == row.parent_id);
            let at = self.acceptance(row.id, chosen)?;
            if chosen && row.deleted_at.is_none() {
                // A vote is dated by its day alone, which begins before the answer was written on it.
                let at = at.map_or(row.created_at, |at| at.max(row.created_at));
                choices.push(Choice { question: question.clone(), answer: row.id.to_string(), at });
            }
            let story = self.story(row.id)?;
            let post = self.post(ANSWERS, &mut row, &story, None)?;
            batch.push(ImportedAnswer { post, question });
        }
        self.run.answers(Vec::new(), batch, choices)?;
        self.kept(ANSWERS, n);
        Ok(())
    }
}
