//! Two texts made from the same one, put together line by line (three-way merge).
//!
//! Bounded as [`super::diff()`] is: where a text differs too much for a fine comparison, all that differs counts as one
//! change, which then meets the other side's sooner.

use std::ops::Range;

use similar::DiffOp;

use super::diff::{LINES_COMPARED, compare};

/// What came of putting two texts together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedLines {
    /// The text; where both sides changed the same lines it has what the first side made of them.
    pub text: String,
    /// Those places, in their order.
    pub clashes: Vec<Clash>,
}

/// A place that both sides changed, each in another way. Either may be empty: the lines were taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// What the first side made of it.
    pub ours: String,
    /// What the second side made of it.
    pub theirs: String,
}

/// Lines of the common text that gave way to lines of a side.
struct Hunk {
    base: Range<usize>,
    side: Range<usize>,
}

/// Puts `ours` and `theirs`, both made from `base`, together. Lines that one side left alone are as the other has them.
pub fn merge(base: &str, ours: &str, theirs: &str) -> MergedLines {
    let lines = |text: &'_ str| -> Vec<String> { text.split('\n').map(str::to_owned).collect() };
    let (base, ours, theirs) = (lines(base), lines(ours), lines(theirs));
    let (our_hunks, their_hunks) = (hunks(&base, &ours), hunks(&base, &theirs));
    let (mut our_next, mut their_next) = (our_hunks.iter().peekable(), their_hunks.iter().peekable());
    let mut merged: Vec<String> = Vec::new();
    let mut clashes = Vec::new();
    let mut at = 0;
    loop {
        let starts = [our_next.peek(), their_next.peek()].into_iter().flatten().map(|hunk| hunk.base.start);
        let Some(start) = starts.min() else { break };
        // All changes that overlap or touch belong together.
        let mut end = start;
        let (mut mine, mut others): (Vec<&Hunk>, Vec<&Hunk>) = (Vec::new(), Vec::new());
        loop {
            if let Some(hunk) = our_next.next_if(|hunk| hunk.base.start <= end) {
                end = end.max(hunk.base.end);
                mine.push(hunk);
            } else if let Some(hunk) = their_next.next_if(|hunk| hunk.base.start <= end) {
                end = end.max(hunk.base.end);
                others.push(hunk);
            } else {
                break;
            }
        }
        merged.extend_from_slice(&base[at..start]);
        at = end;
        let our_lines = made_of(start..end, &mine, &ours);
        let their_lines = made_of(start..end, &others, &theirs);
        match (our_lines, their_lines) {
            (Some(lines), None) | (None, Some(lines)) => merged.extend_from_slice(lines),
            (Some(lines), Some(other)) => {
                merged.extend_from_slice(lines);
                if lines != other {
                    clashes.push(Clash { ours: lines.join("\n"), theirs: other.join("\n") });
                }
            }
            (None, None) => {}
        }
    }
    merged.extend_from_slice(&base[at..]);
    MergedLines { text: merged.join("\n"), clashes }
}

fn hunks(base: &[String], side: &[String]) -> Vec<Hunk> {
    let (base, side): (Vec<&str>, Vec<&str>) =
        (base.iter().map(String::as_str).collect(), side.iter().map(String::as_str).collect());
    let mut hunks: Vec<Hunk> = Vec::new();
    for op in compare(&base, &side, LINES_COMPARED) {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let (base, side) = (op.old_range(), op.new_range());
        // Lines taken away and lines put there may be told as two steps of one place.
        match hunks.last_mut().filter(|last| last.base.end == base.start && last.side.end == side.start) {
            Some(last) => {
                last.base.end = base.end;
                last.side.end = side.end;
            }
            None => hunks.push(Hunk { base, side }),
        }
    }
    hunks
}

/// The lines of a side that stand where these lines of the common text stood; None where it left them alone.
fn made_of<'t>(place: Range<usize>, hunks: &[&Hunk], side: &'t [String]) -> Option<&'t [String]> {
    let (first, last) = (hunks.first()?, hunks.last()?);
    let from = first.side.start - (first.base.start - place.start);
    let to = last.side.end + (place.end - last.base.end);
    Some(&side[from..to])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn clean(base: &str, ours: &str, theirs: &str) -> String {
        let merged = merge(base, ours, theirs);
        assert_eq!(merged.clashes, []);
        merged.text
    }

    #[test]
    fn changes_in_different_places_stand_both() {
        assert_eq!(clean("a\nb\nc\nd\ne", "A\nb\nc\nd\ne", "a\nb\nc\nd\nE\nf"), "A\nb\nc\nd\nE\nf");
        assert_eq!(clean("a\nb\nc\nd", "b\nc\nd", "a\nb\nc"), "b\nc");
    }

    #[test]
    fn the_same_change_on_both_sides_is_one() {
        assert_eq!(clean("a\nb\nc", "a\nB\nc", "a\nB\nc"), "a\nB\nc");
    }

    #[test]
    fn different_changes_of_the_same_lines_clash_and_ours_stands() {
        let merged = merge("a\nb\nc\nd\ne", "a\nB\nc\nd\ne", "a\nbb\nc\nd\nE");
        assert_eq!(merged.text, "a\nB\nc\nd\nE");
        assert_eq!(merged.clashes, [Clash { ours: "B".into(), theirs: "bb".into() }]);
    }

    #[test]
    fn lines_changed_here_and_taken_away_there_clash() {
        let merged = merge("a\nb\nc", "a\nB\nc", "a\nc");
        assert_eq!(merged.clashes, [Clash { ours: "B".into(), theirs: String::new() }]);
    }

    #[test]
    fn texts_too_different_to_compare_finely_are_merged_all_the_same() {
        let many =
            |word: &str| (0..29_000).map(|n| format!("{word}{}", n % 7)).collect::<Vec<_>>().join("\n");
        let (base, ours) = (many("a"), many("b"));
        assert_eq!(merge(&base, &ours, &base).text, ours);
        assert_eq!(merge(&base, &ours, &many("c")).clashes.len(), 1);
    }

    proptest! {
        #[test]
        fn a_side_that_changed_nothing_gives_way(base in "[ab\n]{0,30}", other in "[abc\n]{0,30}") {
            prop_assert_eq!(clean(&base, &base, &other), other.clone());
            prop_assert_eq!(clean(&base, &other, &base), other.clone());
            prop_assert_eq!(clean(&base, &other, &other), other);
        }

        #[test]
        fn whatever_is_put_together_does_not_panic(
            base in "[ab\n]{0,40}", ours in "[abc\n]{0,40}", theirs in "[abd\n]{0,40}"
        ) {
            let (one, two) = (merge(&base, &ours, &theirs), merge(&base, &theirs, &ours));
            prop_assert_eq!(one.clashes.len(), two.clashes.len());
        }
    }
}
