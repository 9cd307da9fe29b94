//! From text to the terms it is found by: words, code, versions, paths, and scripts without spaces.
//!
//! Promises: a pure function of the text and its language; work and output grow with the length alone; the same
//! analysis makes the terms of posts and of queries, so that what was written is found by writing it again.
//! Every piece says where in the text it stands, for highlighting.
//!
//! - Case and accents are folded: `Größe`, `GROSSE` and `grosse` are one term.
//! - What looks like code keeps its whole form beside its parts: `foo_bar`, `c++`, `std::vec`, `2.3.1`, `getUserName`.
//! - Words joined by hyphens are also one word: `e-mail` is found as `email`.
//! - Where a script has no spaces (Chinese, Japanese, Thai …) terms are pairs of neighbouring characters, and single ones.
//! - Words are reduced to their stem in the text's language, by Snowball's rules (<https://snowballstem.org>).

mod fold;
mod pieces;
mod stem;
mod stop;

use std::ops::Range;

pub use fold::fold;
pub use stem::{FALLBACK, Language};
pub use stop::is_stop_word;

use pieces::{Piece, pieces};
use stem::Stems;

/// Letters of a term at most; what is longer is cut, so that it is still found by itself.
pub const LONGEST: usize = 60;

/// What of a text is looked for: one word, or one piece of code with its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Folded, as it stands in the index.
    pub text: String,
    /// Its place among the words of the text; a whole and its first part share one.
    pub position: usize,
    /// Where it stands in the text, in bytes.
    pub at: Range<usize>,
    /// Whether it is made of several parts that are terms too.
    pub whole: bool,
    /// What kind of thing it is.
    pub kind: Kind,
}

/// What kind of thing a term is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A word of letters.
    Word,
    /// With digits or signs in it: an error code, a version, an identifier. Never stemmed.
    Code,
    /// A character, or a pair of them, of a script without spaces. Never stemmed.
    Character,
}

/// The terms of a text as they are written, folded: for phrases, and as words that can be shown.
pub fn exact(text: &str) -> Vec<Term> {
    let mut terms = written(text);
    for term in terms.iter_mut().filter(|term| !term.text.is_ascii()) {
        term.text = fold(&term.text);
    }
    terms
}

/// The same in lower case, with the accents that stemmers want to see.
pub fn written(text: &str) -> Vec<Term> {
    let mut terms = Vec::with_capacity(text.len() / 5);
    let mut position = 0;
    pieces(text, &mut |piece| match piece {
        Piece::Word { parts, whole } => {
            if let Some(whole) = whole {
                terms.push(Term { position, ..whole });
            }
            for part in parts {
                terms.push(Term { position, ..part });
                position += 1;
            }
        }
        Piece::Run(characters) => {
            for (text, at) in characters {
                terms.push(Term { text, position, at, whole: false, kind: Kind::Character });
                position += 1;
            }
        }
    });
    terms
}

/// The terms of a text as they are looked for: stemmed by its language, code as it is, characters in pairs.
pub fn stemmed(text: &str, language: Language) -> Vec<Term> {
    let stems = Stems::of(language);
    let mut terms = Vec::with_capacity(text.len() / 5);
    let mut position = 0;
    pieces(text, &mut |piece| match piece {
        Piece::Word { parts, whole } => {
            if let Some(whole) = whole {
                terms.push(Term { position, ..whole });
            }
            for part in parts {
                let text = if part.kind == Kind::Word { stems.stem(&part.text) } else { part.text };
                terms.push(Term { text: fold(&text), position, at: part.at, ..part });
                position += 1;
            }
        }
        Piece::Run(characters) => {
            let alone = characters.len() == 1;
            for (n, (text, at)) in characters.iter().enumerate() {
                let term = |text: String, at: Range<usize>| Term {
                    text,
                    position,
                    at,
                    whole: false,
                    kind: Kind::Character,
                };
                if let Some((next, end)) = characters.get(n + 1) {
                    terms.push(term(format!("{text}{next}"), at.start..end.end));
                }
                terms.push(Term { whole: !alone, ..term(text.clone(), at.clone()) });
                position += 1;
            }
        }
    });
    terms
}
