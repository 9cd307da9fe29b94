//! How rare a word is, over all posts, whichever of the fields it stands in.
//!
//! Each kind of post has fields of its own. Taken by itself, a field that most documents lack would make its words seem
//! rarer and its texts longer than they are.

use tantivy::Searcher;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::{Field, Term};

use crate::search::index::document::Kind;
use crate::search::index::schema::Fields;

pub(super) struct Statistics<'a> {
    searcher: &'a Searcher,
    fields: Fields,
    documents: u64,
    questions: u64,
}

impl<'a> Statistics<'a> {
    pub(super) fn of(searcher: &'a Searcher, fields: Fields) -> tantivy::Result<Statistics<'a>> {
        let questions = Term::from_field_u64(fields.kind, Kind::Question.number());
        Ok(Statistics {
            searcher,
            fields,
            documents: Bm25StatisticsProvider::total_num_docs(searcher)?,
            questions: searcher.doc_freq(&questions)?,
        })
    }

    fn having(&self, field: Field) -> u64 {
        if field == self.fields.title || field == self.fields.gist {
            self.questions
        } else if field == self.fields.reply || field == self.fields.context {
            self.documents.saturating_sub(self.questions)
        } else {
            self.documents
        }
    }
}

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        let tokens = Bm25StatisticsProvider::total_num_tokens(self.searcher, field)?;
        // It is divided by the number of all documents to know how long a text is on average.
        Ok(tokens.saturating_mul(self.documents.max(1)) / self.having(field).max(1))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.documents)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let shared = [self.fields.title, self.fields.gist, self.fields.reply, self.fields.context];
        if !shared.contains(&term.field()) {
            return Bm25StatisticsProvider::doc_freq(self.searcher, term);
        }
        let mut found = 0;
        for field in [self.fields.gist, self.fields.reply] {
            let same = Term::from_field_text(field, term.value().as_str().unwrap_or_default());
            found += Bm25StatisticsProvider::doc_freq(self.searcher, &same)?;
        }
        Ok(found.min(self.documents))
    }
}
