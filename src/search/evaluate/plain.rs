//! What is compared with: BM25 over title and body as one text, its words stemmed as English.

use std::collections::HashMap;

use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::{IndexRecordOption, Schema, SchemaBuilder, TextFieldIndexing, TextOptions, Value};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{Index, IndexWriter, TantivyDocument, Term};

use super::{DEPTH, Text};
use crate::search::analysis::FALLBACK;
use crate::text;

/// A plain index.
pub struct Plain {
    index: Index,
    text: tantivy::schema::Field,
    id: tantivy::schema::Field,
}

impl Plain {
    pub(super) fn of(documents: &[Text]) -> tantivy::Result<Plain> {
        let mut schema: SchemaBuilder = Schema::builder();
        let indexing =
            TextFieldIndexing::default().set_tokenizer("raw").set_index_option(IndexRecordOption::WithFreqs);
        let text = schema.add_text_field("text", TextOptions::default().set_indexing_options(indexing));
        let id = schema.add_text_field("id", tantivy::schema::STORED);
        let index = Index::create_in_ram(schema.build());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 50_000_000)?;
        for document in documents {
            let mut row = TantivyDocument::new();
            row.add_text(id, &document.id);
            let tokens = plain_terms(&format!("{}\n{}", document.title, text::visible_text(&document.body)));
            let tokens = tokens.into_iter().enumerate().map(|(position, text)| Token {
                offset_from: 0,
                offset_to: 0,
                position,
                text,
                position_length: 1,
            });
            row.add_pre_tokenized_text(
                text,
                PreTokenizedString { text: String::new(), tokens: tokens.collect() },
            );
            writer.add_document(row)?;
        }
        writer.commit()?;
        Ok(Plain { index, text, id })
    }

    pub(super) fn rank(&self, title: &str, body: &str) -> tantivy::Result<Vec<String>> {
        let mut often: HashMap<String, f32> = HashMap::new();
        for term in plain_terms(&format!("{title}\n{body}")) {
            *often.entry(term).or_default() += 1.0;
        }
        let clauses = often.into_iter().map(|(term, often)| {
            let term = TermQuery::new(Term::from_field_text(self.text, &term), IndexRecordOption::WithFreqs);
            let query: Box<dyn Query> = Box::new(BoostQuery::new(Box::new(term), often));
            (Occur::Should, query)
        });
        let query = BooleanQuery::new(clauses.collect());
        let searcher = self.index.reader()?.searcher();
        let best = tantivy::collector::TopDocs::with_limit(DEPTH + 1).order_by_score();
        let mut ids = Vec::new();
        for (_, place) in searcher.search(&query, &best)? {
            let row: TantivyDocument = searcher.doc(place)?;
            ids.extend(row.get_first(self.id).and_then(|id| id.as_str()).map(str::to_owned));
        }
        Ok(ids)
    }
}

/// Runs of letters and digits, in lower case, stemmed as English.
fn plain_terms(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty() && word.len() <= 40)
        .map(|word| FALLBACK.stem(word))
        .collect()
}
