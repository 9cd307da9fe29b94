//! How rare a word is, over all posts, whichever of the fields it stands in.
//!
//! Each kind of post has fields of its own. Taken by itself, a field that most documents lack would make its words seem
//! rarer and its texts longer than they are.

use std::collections::HashMap;

use tantivy::Searcher;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::{Field, Term};

use super::terms::Wanted;
use crate::search::index::document::Kind;
use crate::search::index::schema::Fields;

pub(super) struct Statistics<'a> {
    searcher: &'a Searcher,
    fields: Fields,
    documents: u64,
    questions: u64,
    /// How many posts have any of the variants of a word, by variant.
    together: HashMap<String, u64>,
}

impl<'a> Statistics<'a> {
    pub(super) fn of(
        searcher: &'a Searcher,
        fields: Fields,
        wanted: &[Wanted],
    ) -> tantivy::Result<Statistics<'a>> {
        let questions = Term::from_field_u64(fields.kind, Kind::Question.number());
        let mut statistics = Statistics {
            searcher,
            fields,
            documents: Bm25StatisticsProvider::total_num_docs(searcher)?,
            questions: searcher.doc_freq(&questions)?,
            together: HashMap::new(),
        };
        for wanted in wanted {
            let alone = wanted.variants.iter().filter(|terms| terms.len() == 1).flatten();
            let alone: Vec<&String> = alone.collect();
            let mut together = 0;
            for text in &alone {
                together += statistics.having_term(text)?;
            }
            for text in alone {
                // The same in a language that few write in is no rarer for that.
                let known = statistics.together.entry(text.clone()).or_default();
                *known = (*known).max(together);
            }
        }
        Ok(statistics)
    }

    /// How many posts have a term, whatever they are.
    fn having_term(&self, text: &str) -> tantivy::Result<u64> {
        let mut found = 0;
        for field in [self.fields.gist, self.fields.reply] {
            found += Bm25StatisticsProvider::doc_freq(self.searcher, &Term::from_field_text(field, text))?;
        }
        Ok(found)
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
        let text = term.value().as_str().unwrap_or_default().to_owned();
        let found = match self.together.get(&text) {
            Some(together) => *together,
            None => self.having_term(&text)?,
        };
        Ok(found.min(self.documents))
    }
}
