//! Comments, under the questions and answers that are here.

use super::super::kinds::Author;
use super::super::rows::CommentRow;
use super::past::absolute;
use super::{COMMENTS, Import, NO_POST, by};
use crate::comments::import::ImportedComment;
use crate::imports::once::Seen;
use crate::imports::run::ImportError;
use crate::imports::write::borrowed;
use crate::posts::import::{Format, ImportedPost, parents};
use crate::text;

impl Import<'_> {
    pub(super) fn comments(&mut self) -> Result<(), ImportError> {
        self.batches::<CommentRow>(
            "",
            |row| row.text.len(),
            |import, problem| import.faulty(COMMENTS, &problem),
            Import::comment_batch,
        )
    }

    fn comment_batch(&mut self, rows: Vec<CommentRow>) -> Result<(), ImportError> {
        let ids: Vec<String> = rows.iter().map(|row| row.post_id.to_string()).collect();
        let here = self.run.read(move |c, source| parents(c, source, &borrowed(&ids)))?;
        let mut batch = Vec::with_capacity(rows.len());
        let mut n = 0;
        for row in rows {
            if !here.contains_key(&row.post_id.to_string()) {
                self.skipped(COMMENTS, NO_POST, 1);
                continue;
            }
            n += 1;
            if self.run.once.first(Seen::Comment, row.id)? {
                let voted = u64::from(row.score.is_some_and(|score| score != 0));
                self.run.report.noted(COMMENTS, "scores, which comments do not have here", voted);
                batch.push(self.comment(&row));
            } else {
                self.run.report.noted(COMMENTS, "rows that came twice, taken once", 1);
            }
        }
        self.run.comments(batch)?;
        self.kept(COMMENTS, n);
        Ok(())
    }

    fn comment(&self, row: &CommentRow) -> ImportedComment {
        let post = ImportedPost {
            original_id: row.id.to_string(),
            by: by(Author::of(row.user_id, row.user_name.as_deref())),
            body: absolute(self.run.base.as_ref(), Format::Markdown, &text::clean_body(&row.text)),
            format: Format::Markdown,
            rendered: None,
            language: None,
            hidden: None,
            deleted_at: None,
            created_at: row.created_at,
            edited: None,
            earlier: Vec::new(),
            locks: Vec::new(),
            tallies: None,
        };
        ImportedComment { post, parent: row.post_id.to_string() }
    }
}
