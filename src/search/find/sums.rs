//! Adding up, document by document, what each word contributes: the postings of one term after the other into a row of
//! numbers, without heaps and unions (term at a time; Turtle and Flood, 1995). A posting costs a few nanoseconds.

use std::cell::RefCell;

use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, SegmentReader};

use super::terms::term;

/// Sums over the documents of one segment.
#[derive(Default)]
pub(super) struct Sums {
    score: Vec<f32>,
    bits: Vec<u64>,
    touched: Vec<DocId>,
}

thread_local! {
    // Made once per thread: a million zeros take longer to write than most searches take.
    static SPARE: RefCell<Vec<Sums>> = const { RefCell::new(Vec::new()) };
}

/// Two sums for the time of a search: one for the whole, one for a part that is added to it.
pub(super) fn with_sums<T>(body: impl FnOnce(&mut Sums, &mut Sums) -> T) -> T {
    // Taken out and put back: after a panic they are lost, and never found half added.
    let spare = || SPARE.with_borrow_mut(Vec::pop).unwrap_or_default();
    let (mut whole, mut part) = (spare(), spare());
    let answer = body(&mut whole, &mut part);
    SPARE.with_borrow_mut(|kept| kept.extend([whole, part]));
    answer
}

impl Sums {
    /// Forgets what was added, and makes room for so many documents.
    pub(super) fn begin(&mut self, documents: u32) {
        for document in self.touched.drain(..) {
            self.score[document as usize] = 0.0;
            self.bits[document as usize] = 0;
        }
        let documents = documents as usize;
        if self.score.len() < documents {
            self.score.resize(documents, 0.0);
            self.bits.resize(documents, 0);
        }
    }

    /// Adds to a document; `bits` say what, and are never none.
    #[inline]
    pub(super) fn add(&mut self, document: DocId, score: f32, bits: u64) {
        let at = document as usize;
        if self.bits[at] == 0 {
            self.touched.push(document);
        }
        self.bits[at] |= bits;
        self.score[at] += score;
    }

    /// Documents that something was added to.
    pub(super) fn touched(&self) -> &[DocId] {
        &self.touched
    }

    pub(super) fn score(&self, document: DocId) -> f32 {
        self.score[document as usize]
    }

    pub(super) fn bits(&self, document: DocId) -> u64 {
        self.bits[document as usize]
    }
}

/// Each document of a segment that has a term in a field, with how often; and how many there are. Deleted ones too.
pub(super) fn each_posting(
    segment: &SegmentReader,
    field: Field,
    text: &str,
    mut each: impl FnMut(DocId, u32),
) -> tantivy::Result<usize> {
    let inverted = segment.inverted_index(field)?;
    let found = inverted.read_block_postings(&term(field, text), IndexRecordOption::WithFreqs)?;
    let Some(mut block) = found else { return Ok(0) };
    let mut count = 0;
    loop {
        let documents = block.docs();
        if documents.is_empty() {
            return Ok(count);
        }
        count += documents.len();
        for (document, times) in documents.iter().zip(block.freqs()) {
            each(*document, *times);
        }
        block.advance();
    }
}
