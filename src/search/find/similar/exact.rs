//! Weighing some questions exactly, by every term.

use tantivy::{DocId, SegmentReader};

use super::asked::{Figures, Weighed};
use super::{Weights, fields, lengths};
use crate::search::find::sums::each_posting_of;
use crate::search::index::Snapshot;
use crate::search::index::facts::{Facts, Text};

/// What was gathered of a question.
pub(super) struct Sum {
    pub(super) question: i64,
    pub(super) bm25: f32,
    pub(super) cosine: f32,
    /// Those of the asker's terms that it has, a bit each.
    pub(super) terms: u128,
}

/// Weighs some documents of a segment, in their order, by every term.
pub(super) fn exactly(
    index: &Snapshot,
    segment: &SegmentReader,
    facts: &Facts,
    documents: &[DocId],
    terms: &[Weighed<'_>],
    weights: &Weights,
    figures: &Figures,
) -> tantivy::Result<Vec<Sum>> {
    let sum = |document: &DocId| {
        let question = facts.post(*document);
        Sum { question, bm25: 0.0, cosine: 0.0, terms: 0 }
    };
    let mut sums: Vec<Sum> = documents.iter().map(sum).collect();
    if documents.is_empty() {
        return Ok(sums);
    }
    let norms: Vec<f32> = documents
        .iter()
        .map(|document| 1.0 - weights.b + weights.b * lengths(facts, *document, weights) / figures.average)
        .collect();
    for (n, term) in terms.iter().enumerate() {
        // How often in all fields together, and in the question itself.
        let mut often = vec![(0.0_f32, 0.0_f32); documents.len()];
        for (field, text, weight) in fields(index, weights) {
            let mut next = 0;
            each_posting_of(segment, field, term.text, documents, |document, times| {
                while documents[next] != document {
                    next += 1;
                }
                let times = times as f32 * weight;
                often[next].0 += times;
                if text != Text::Replies {
                    often[next].1 += times;
                }
            })?;
        }
        for ((sum, norm), (times, own)) in sums.iter_mut().zip(&norms).zip(often) {
            if times > 0.0 {
                sum.bm25 += term.weight * times * (weights.k1 + 1.0) / (times + weights.k1 * norm);
                sum.terms |= 1 << n;
            }
            if own > 0.0 {
                sum.cosine += term.cosine * (1.0 + own.max(1.0).ln()) * term.idf;
            }
        }
    }
    for (sum, document) in sums.iter_mut().zip(documents) {
        let own =
            facts.norms(Text::Title).fieldnorm(*document) + facts.norms(Text::Gist).fieldnorm(*document);
        sum.cosine /= (own as f32).max(1.0).sqrt();
    }
    Ok(sums)
}
