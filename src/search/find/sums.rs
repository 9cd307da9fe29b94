//! Adding up, document by document, what each word contributes: the postings of one term after the other into a row of
//! numbers, without heaps and unions (term at a time; Turtle and Flood, 1995). A posting costs a few nanoseconds.

use std::cell::RefCell;

use tantivy::postings::Postings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader};

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

    /// Whether a document has all of these bits already.
    #[inline]
    pub(super) fn may_add(&self, there: u64, document: DocId) -> bool {
        there == 0 || self.bits[document as usize] & there == there
    }

    /// Documents that have all of these bits, in order.
    pub(super) fn having(&self, bits: u64) -> Vec<DocId> {
        let mut having: Vec<DocId> =
            self.touched.iter().copied().filter(|document| self.bits(*document) & bits == bits).collect();
        having.sort_unstable();
        having
    }

    /// How many documents have all of these bits.
    pub(super) fn count(&self, bits: u64) -> usize {
        self.touched.iter().filter(|document| self.bits(**document) & bits == bits).count()
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

/// Each document of a segment that has a term in a field, with how often, deleted ones too; and how many postings there
/// are. Where only some documents matter, at least those of them that have it.
pub(super) fn each_posting(
    segment: &SegmentReader,
    field: Field,
    text: &str,
    among: Option<&[DocId]>,
    mut each: impl FnMut(DocId, u32),
) -> tantivy::Result<usize> {
    let inverted = segment.inverted_index(field)?;
    let Some(info) = inverted.get_term_info(&term(field, text))? else { return Ok(0) };
    let all = info.doc_freq as usize;
    if let Some(documents) = among
        && documents.len().saturating_mul(SEEK) < all
    {
        each_posting_of(segment, field, text, documents, each)?;
        return Ok(all);
    }
    let mut block = inverted.read_block_postings_from_terminfo(&info, IndexRecordOption::WithFreqs)?;
    loop {
        let documents = block.docs();
        if documents.is_empty() {
            return Ok(all);
        }
        for (document, times) in documents.iter().zip(block.freqs()) {
            each(*document, *times);
        }
        block.advance();
    }
}

/// Reading so many postings in a row takes as long as going to one of them.
pub(super) const SEEK: usize = 40;

/// Those of some documents, in their order, that have a term in a field.
pub(super) fn each_posting_of(
    segment: &SegmentReader,
    field: Field,
    text: &str,
    documents: &[DocId],
    mut each: impl FnMut(DocId, u32),
) -> tantivy::Result<()> {
    let inverted = segment.inverted_index(field)?;
    let found = inverted.read_postings(&term(field, text), IndexRecordOption::WithFreqs)?;
    let Some(mut postings) = found else { return Ok(()) };
    for document in documents {
        if postings.doc() < *document {
            postings.seek(*document);
        }
        if postings.doc() == *document {
            each(*document, postings.term_freq());
        }
    }
    Ok(())
}
