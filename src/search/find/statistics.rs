//! How rare a word is, over all posts, whichever of the fields it stands in, and how long texts are on average.
//!
//! Each kind of post has fields of its own. Taken by itself, a field that most documents lack would make its words seem
//! rarer and its texts longer than they are.

use tantivy::Searcher;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::{Field, Term};

use super::terms::{Wanted, term};
use crate::search::index::Snapshot;
use crate::search::index::document::Kind;

/// How soon more of the same word stops to count (Robertson and Zaragoza, 2009, "The Probabilistic Relevance Framework").
const K1: f32 = 1.2;
/// How much length counts against a text.
const B: f32 = 0.75;

pub(super) struct Statistics {
    documents: f32,
    questions: f32,
}

impl Statistics {
    pub(super) fn of(index: &Snapshot) -> tantivy::Result<Statistics> {
        let questions = Term::from_field_u64(index.fields.kind, Kind::Question.number());
        let documents: u64 = index.searcher.segment_readers().iter().map(|s| u64::from(s.max_doc())).sum();
        Ok(Statistics {
            documents: documents.max(1) as f32,
            questions: index.searcher.doc_freq(&questions)?.max(1) as f32,
        })
    }

    /// The inverse document frequency of a word: of all its variants together, for a stem in a language that few write in
    /// is no rarer for that.
    pub(super) fn idf(&self, index: &Snapshot, wanted: &Wanted) -> tantivy::Result<f32> {
        let mut having: Vec<u64> = Vec::new();
        for terms in &wanted.variants {
            let mut rarest = u64::MAX;
            for text in terms {
                rarest = rarest.min(self.having(index, text)?);
            }
            having.push(rarest);
        }
        let having = (having.iter().sum::<u64>() as f32).min(self.documents);
        Ok((1.0 + (self.documents - having + 0.5) / (having + 0.5)).ln())
    }

    /// How many posts have a term, whatever they are.
    fn having(&self, index: &Snapshot, text: &str) -> tantivy::Result<u64> {
        let mut found = 0;
        for field in [index.fields.gist, index.fields.reply] {
            found += index.searcher.doc_freq(&term(field, text))?;
        }
        Ok(found)
    }

    /// By length, as it is stored with a document: what is added to how often a term is there.
    pub(super) fn saturation(&self, index: &Snapshot, field: Field) -> tantivy::Result<Saturation> {
        let fields = &index.fields;
        let having = match field {
            field if field == fields.title || field == fields.gist => self.questions,
            _ => (self.documents - self.questions).max(1.0),
        };
        let average = (tokens(&index.searcher, field)? / having).max(1.0);
        let of_length = |id: usize| {
            let length = FieldNormReader::id_to_fieldnorm(u8::try_from(id).unwrap_or(u8::MAX)) as f32;
            K1 * (1.0 - B + B * length / average)
        };
        Ok(Saturation(std::array::from_fn(of_length)))
    }
}

fn tokens(searcher: &Searcher, field: Field) -> tantivy::Result<f32> {
    let mut tokens = 0;
    for segment in searcher.segment_readers() {
        tokens += segment.inverted_index(field)?.total_num_tokens();
    }
    Ok(tokens as f32)
}

/// The part of BM25 that depends on a text's length and on how often a term is in it.
pub(super) struct Saturation([f32; 256]);

impl Saturation {
    #[inline]
    pub(super) fn of(&self, times: u32, length_id: u8) -> f32 {
        let times = times as f32;
        times * (K1 + 1.0) / (times + self.0[usize::from(length_id)])
    }
}
