//! Holes in a rendered page: places that are filled anew for each answer, while the rest is kept.
//!
//! A page is rendered once with marks where the holes are, and split at them. A mark begins with random letters made
//! at the start of the process, so nothing that people write can look like one.

use std::sync::LazyLock;

use super::secret::random_token;
use super::segments::Segment;

/// A hole's number: what of the shell it is, or which slot of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hole(pub u32);

impl Hole {
    /// The token of the viewer's forms.
    pub const TOKEN: Hole = Hole(0);
    /// The viewer's id.
    pub const MEMBER: Hole = Hole(1);
    /// The viewer's way around the place.
    pub const TOP: Hole = Hole(2);
    /// What is said once.
    pub const FLASHES: Hole = Hole(3);

    /// The nth slot of the page itself.
    pub fn slot(n: usize) -> Hole {
        Hole(16 + u32::try_from(n).unwrap_or(u32::MAX - 16))
    }

    /// Which slot of the page it is, if it is one.
    pub fn as_slot(self) -> Option<usize> {
        self.0.checked_sub(16).and_then(|n| usize::try_from(n).ok())
    }

    /// What stands for it in a rendered page. Control characters around: they are left alone by escaping.
    pub fn mark(self) -> String {
        format!("{}{}\u{3}", *BEGIN, self.0)
    }
}

/// How a mark begins. Without randomness, which stops the start elsewhere, it is something nobody can type.
static BEGIN: LazyLock<String> =
    LazyLock::new(|| format!("\u{2}{}:", random_token().unwrap_or_else(|_| "\u{2}".repeat(40))));

/// A stretch of a kept page, or a hole in it.
#[derive(Debug)]
pub enum Piece {
    /// The same for everybody.
    Text(Segment),
    /// Filled for each answer.
    Hole(Hole),
}

/// Splits a page at its marks and compresses what is between them by `segment`.
pub fn split(page: &str, segment: impl Fn(&str) -> Segment) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut stretches = page.split(BEGIN.as_str());
    if let Some(first) = stretches.next().filter(|first| !first.is_empty()) {
        pieces.push(Piece::Text(segment(first)));
    }
    for stretch in stretches {
        let (number, text) = stretch.split_once('\u{3}').unwrap_or(("", stretch));
        if let Ok(number) = number.parse() {
            pieces.push(Piece::Hole(Hole(number)));
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(segment(text)));
        }
    }
    pieces
}

/// Bytes that keeping these takes.
pub fn weight(pieces: &[Piece]) -> usize {
    let of_piece = |piece: &Piece| match piece {
        Piece::Text(segment) => segment.weight(),
        Piece::Hole(_) => 0,
    };
    pieces.iter().map(|piece| size_of::<Piece>() + of_piece(piece)).sum()
}

#[cfg(test)]
mod tests {
    use super::{Hole, Piece, split};
    use crate::web::segments::{Joined, Segment};

    #[test]
    fn a_page_is_split_at_its_marks_and_nowhere_else() {
        let page = format!("a{}{}b\u{2}c\u{3}{}", Hole::TOKEN.mark(), Hole::slot(7).mark(), Hole::TOP.mark());
        let told: Vec<String> = split(&page, Segment::new)
            .iter()
            .map(|piece| match piece {
                Piece::Text(segment) => {
                    let mut joined = Joined::new(false, 0);
                    joined.add(segment);
                    String::from_utf8(joined.finish()).unwrap()
                }
                Piece::Hole(hole) => format!("<{}>", hole.0),
            })
            .collect();
        assert_eq!(told, ["a", "<0>", "<23>", "b\u{2}c\u{3}", "<2>"]);
    }
}
