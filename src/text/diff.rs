//! What changed between two revisions: by line, with the changed words marked inside lines that stayed recognisable.
//!
//! The work is bounded without looking at a clock: where two texts differ too much for a fine comparison, the part
//! that differs is shown as removed and added whole.

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation;

/// Most lines compared with each other, both sides together, after equal beginnings and ends are set aside. The
/// comparison takes at most this figure squared in steps (Myers 1986: O(ND), with N and D both the lengths' sum).
pub(super) const LINES_COMPARED: usize = 4_000;
/// Most words compared with each other in one pair of lines, both together; squared as above.
const WORDS_COMPARED: usize = 600;
/// Steps for words in one comparison of two texts; lines after that are marked as a whole.
const WORD_STEPS: usize = 10_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Same,
    Removed,
    Added,
}

/// One line of the comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DiffLine {
    pub change: Change,
    /// The line's number in the old text, from 1; None for added lines.
    pub old: Option<usize>,
    /// The line's number in the new text, from 1; None for removed lines.
    pub new: Option<usize>,
    /// The line in parts, without its end; together they are the line.
    pub parts: Vec<Part>,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    pub text: String,
    /// Whether this piece is what differs in a line that otherwise stayed.
    pub changed: bool,
}

/// Compares two texts line by line. Concatenating the same and removed lines gives the old text, the same and added
/// lines the new one (line ends aside).
pub fn diff(old: &str, new: &str) -> Vec<DiffLine> {
    let old: Vec<&str> = old.lines().collect();
    let new: Vec<&str> = new.lines().collect();
    let mut comparison = Comparison { old: &old, new: &new, lines: Vec::new(), word_steps: WORD_STEPS };
    for op in compare(&old, &new, LINES_COMPARED) {
        match op {
            DiffOp::Equal { old_index, new_index, len } => {
                (0..len).for_each(|i| comparison.same(old_index + i, new_index + i));
            }
            DiffOp::Delete { old_index, old_len, .. } => {
                (old_index..old_index + old_len).for_each(|at| comparison.removed(at, None));
            }
            DiffOp::Insert { new_index, new_len, .. } => {
                (new_index..new_index + new_len).for_each(|at| comparison.added(at, None));
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                comparison.replaced(old_index..old_index + old_len, new_index..new_index + new_len);
            }
        }
    }
    comparison.lines
}

/// Compares two sequences; what differs is one replacement when it is longer than `most`.
pub(super) fn compare(old: &[&str], new: &[&str], most: usize) -> Vec<DiffOp> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_end, new_end) = (old.len() - tail, new.len() - tail);
    if old_end - head + new_end - head <= most {
        return capture_diff_slices(Algorithm::Myers, old, new);
    }
    vec![
        DiffOp::Equal { old_index: 0, new_index: 0, len: head },
        DiffOp::Replace {
            old_index: head,
            old_len: old_end - head,
            new_index: head,
            new_len: new_end - head,
        },
        DiffOp::Equal { old_index: old_end, new_index: new_end, len: tail },
    ]
}

struct Comparison<'t> {
    old: &'t [&'t str],
    new: &'t [&'t str],
    lines: Vec<DiffLine>,
    word_steps: usize,
}

impl Comparison<'_> {
    fn same(&mut self, old: usize, new: usize) {
        let parts = vec![Part { text: self.old[old].to_owned(), changed: false }];
        self.lines.push(DiffLine { change: Change::Same, old: Some(old + 1), new: Some(new + 1), parts });
    }

    fn removed(&mut self, at: usize, parts: Option<Vec<Part>>) {
        let parts = parts.unwrap_or_else(|| vec![Part { text: self.old[at].to_owned(), changed: false }]);
        self.lines.push(DiffLine { change: Change::Removed, old: Some(at + 1), new: None, parts });
    }

    fn added(&mut self, at: usize, parts: Option<Vec<Part>>) {
        let parts = parts.unwrap_or_else(|| vec![Part { text: self.new[at].to_owned(), changed: false }]);
        self.lines.push(DiffLine { change: Change::Added, old: None, new: Some(at + 1), parts });
    }

    /// Lines that gave way to lines: the first is compared with the first, and so on.
    fn replaced(&mut self, old: std::ops::Range<usize>, new: std::ops::Range<usize>) {
        let mut added_parts = Vec::new();
        for (i, at) in old.enumerate() {
            let pair = new.clone().nth(i).and_then(|other| self.words(self.old[at], self.new[other]));
            let (removed, added) = pair.unzip();
            self.removed(at, removed);
            added_parts.push(added);
        }
        for (i, at) in new.enumerate() {
            let parts = added_parts.get_mut(i).and_then(Option::take);
            self.added(at, parts);
        }
    }

    /// Both lines in parts, when they share enough that marking the rest helps.
    fn words(&mut self, old: &str, new: &str) -> Option<(Vec<Part>, Vec<Part>)> {
        let old: Vec<&str> = old.split_word_bounds().collect();
        let new: Vec<&str> = new.split_word_bounds().collect();
        let steps = (old.len() + new.len()).pow(2).min(WORDS_COMPARED.pow(2));
        self.word_steps = self.word_steps.checked_sub(steps)?;
        let (mut removed, mut added, mut shared) = (Vec::new(), Vec::new(), 0);
        for op in compare(&old, &new, WORDS_COMPARED) {
            let (tag, old_range, new_range) = op.as_tag_tuple();
            let is_same = tag == similar::DiffTag::Equal;
            let (before, after) = (old[old_range].concat(), new[new_range].concat());
            if is_same {
                shared += before.trim().len();
            }
            for (parts, text) in [(&mut removed, before), (&mut added, after)] {
                if !text.is_empty() {
                    parts.push(Part { text, changed: !is_same });
                }
            }
        }
        let shorter = old.concat().len().min(new.concat().len());
        (shared * 3 >= shorter && shared > 0).then_some((removed, added))
    }
}
