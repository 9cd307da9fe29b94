//! Questions that may be near: the rare terms added up over all questions, until enough has been read.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use tantivy::DocId;

use super::asked::{Figures, Weighed};
use super::{Alike, Weights, fields, lengths};
use crate::search::find::scope::FindScope;
use crate::search::find::sums::{each_posting, with_sums};
use crate::search::index::Snapshot;

/// Places in the index that are read for one answer, about.
const POSTINGS: usize = 40_000;
/// And of a small segment, with what was written last, so many at least.
const LEAST: usize = 1_000;
/// Questions of which so many times more are weighed exactly than are wanted.
const SPARE: usize = 2;
/// And so many at least.
const WEIGHED: usize = 150;

/// Questions that may be near, by their rare terms.
pub(super) fn candidates(
    index: &Snapshot,
    scope: &FindScope,
    alike: &Alike<'_>,
    terms: &[Weighed<'_>],
    weights: &Weights,
    figures: &Figures,
    most: usize,
) -> tantivy::Result<Vec<Candidate>> {
    let some = (most * SPARE).max(WEIGHED);
    let mut best: BinaryHeap<Candidate> = BinaryHeap::with_capacity(some + 1);
    for (number, (segment, facts)) in index.segments().enumerate() {
        // A segment has its part of them.
        let room = (POSTINGS * segment.max_doc() as usize / (figures.documents as usize).max(1)).max(LEAST);
        with_sums(|sums, part| {
            sums.begin(segment.max_doc());
            let mut read = 0;
            for term in terms {
                // The rarest is always read; a common one only where there is room for all of it.
                let costs = term.postings * segment.max_doc() as usize / (figures.documents as usize).max(1);
                if read > 0 && read + costs > room {
                    break;
                }
                part.begin(segment.max_doc());
                for (field, _, weight) in fields(index, weights) {
                    read += each_posting(segment, field, term.text, None, |document, times| {
                        part.add(document, times as f32 * weight, 1);
                    })?;
                }
                for document in part.touched() {
                    let length = lengths(facts, *document, weights);
                    let norm = 1.0 - weights.b + weights.b * length / figures.average;
                    let times = part.score(*document);
                    sums.add(
                        *document,
                        term.weight * times * (weights.k1 + 1.0) / (times + weights.k1 * norm),
                        1,
                    );
                }
            }
            let scope = scope.on(segment, facts);
            for document in sums.touched() {
                let score = sums.score(*document);
                let worst = best.peek().map_or(0.0, |worst: &Candidate| worst.score);
                if (best.len() >= some && score <= worst) || !scope.has(*document) {
                    continue;
                }
                if alike.except != Some(facts.post(*document)) {
                    best.push(Candidate { score, segment: number, document: *document });
                    if best.len() > some {
                        best.pop();
                    }
                }
            }
            tantivy::Result::Ok(())
        })?;
    }
    Ok(best.into_vec())
}

/// A question that may be near. The worst is on top of a heap of these.
pub(super) struct Candidate {
    pub(super) score: f32,
    pub(super) segment: usize,
    pub(super) document: DocId,
}

impl Ord for Candidate {
    fn cmp(&self, other: &Candidate) -> Ordering {
        let place = |one: &Candidate| (one.segment, one.document);
        other.score.total_cmp(&self.score).then_with(|| place(self).cmp(&place(other)))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Candidate) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Candidate) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Candidate {}
