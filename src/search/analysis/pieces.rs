//! Cutting a text into words, code and runs of characters.

use std::ops::Range;

use super::fold::{fold, is_unseen, lower};
use super::{Kind, LONGEST, Term};

/// What stands between two places where every reader would cut.
pub(super) enum Piece {
    /// A word, or several joined by signs. Positions are given by who takes them.
    Word {
        /// Its parts in order.
        parts: Vec<Term>,
        /// All of it, where that is more than its single part.
        whole: Option<Term>,
    },
    /// Characters of a script without spaces, each with its place.
    Run(Vec<(String, Range<usize>)>),
}

/// Parts of one piece at most; a longer one is a blob of data and not something one looks for part by part.
const PARTS: usize = 24;

/// Calls `take` with each piece of a text.
pub(super) fn pieces(text: &str, take: &mut dyn FnMut(Piece)) {
    let mut begun: Option<(usize, bool)> = None;
    let mut end = 0;
    let mut close = |begun: &mut Option<(usize, bool)>, end: usize| {
        if let Some((start, dense)) = begun.take() {
            if dense {
                take(Piece::Run(characters(text, start..end)));
            } else if let Some(piece) = word(text, start..end) {
                take(piece);
            }
        }
    };
    for (at, c) in text.char_indices() {
        if cuts(c) {
            close(&mut begun, at);
        } else {
            let dense = is_dense(c);
            match begun {
                Some((_, was)) if was == dense || is_unseen(c) || is_joined_mark(c) => {}
                _ => {
                    close(&mut begun, at);
                    begun = Some((at, dense));
                }
            }
        }
        end = at + c.len_utf8();
    }
    close(&mut begun, end);
}

/// Whether nothing goes on across this character.
fn cuts(c: char) -> bool {
    if c.is_alphanumeric() || is_unseen(c) || is_joined_mark(c) {
        return false;
    }
    !matches!(c, '_' | '.' | '-' | '+' | '#' | ':' | '@' | '\'' | '’' | '‐' | '‑' | '&' | '~')
}

/// Marks on letters that are no letters themselves (combining marks of all scripts).
fn is_joined_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}'
        | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{981}'..='\u{983}' | '\u{9bc}'..='\u{9cd}'
        | '\u{b82}' | '\u{bbe}'..='\u{bcd}' | '\u{fe00}'..='\u{fe0f}' | '\u{20d0}'..='\u{20ff}')
}

/// Scripts that are written without spaces.
fn is_dense(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30ff}' | '\u{3105}'..='\u{312f}'
        | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

fn characters(text: &str, at: Range<usize>) -> Vec<(String, Range<usize>)> {
    let mut found: Vec<(String, Range<usize>)> = Vec::new();
    for (n, c) in text[at.clone()].char_indices() {
        let place = at.start + n..at.start + n + c.len_utf8();
        let folded = fold(c.encode_utf8(&mut [0; 4]));
        match found.last_mut() {
            // What stands on a character goes with it.
            Some((_, before)) if folded.is_empty() => before.end = place.end,
            None if folded.is_empty() => {}
            _ => found.push((folded, place)),
        }
    }
    found
}

/// A piece between two cuts: letters, digits, and the signs that may join them.
fn word(text: &str, at: Range<usize>) -> Option<Piece> {
    let shown = &text[at.clone()];
    let first = shown.find(char::is_alphanumeric)?;
    let last = shown.rfind(char::is_alphanumeric)?;
    let last = last + shown[last..].chars().next().map_or(0, char::len_utf8);
    // Signs after it belong to it in `c++` and `c#`; before it, in `.net`, they are how it is written at times only.
    let signs = shown[last..].chars().take_while(|c| matches!(c, '+' | '#')).count();
    let name = last - first <= 8 && (1..=2).contains(&signs);
    let end = if name { last + signs } else { last };
    let (start, end) = (at.start + first, at.start + end);
    let parts = parts(text, start..at.start + last);
    let whole = whole(&text[start..end], &parts).map(|(text, kind)| Term {
        text: cut(text),
        position: 0,
        at: start..end,
        whole: true,
        kind,
    });
    if parts.is_empty() && whole.is_none() { None } else { Some(Piece::Word { parts, whole }) }
}

/// The form of a piece that has more than its parts: with its signs where it looks like code, without them where it is
/// a word with hyphens.
fn whole(shown: &str, parts: &[Term]) -> Option<(String, Kind)> {
    if parts.len() == 1 && parts[0].at.len() == shown.len() {
        return None;
    }
    if shown.len() > 4 * LONGEST {
        return None;
    }
    let folded = fold(shown);
    let hyphens = |c: char| matches!(c, '-' | '‐' | '‑');
    let apostrophe = |c: char| matches!(c, '\'' | '’');
    if folded.contains(apostrophe) {
        return None;
    }
    if !folded.contains(hyphens) && !folded.contains(|c: char| !c.is_alphanumeric()) {
        // Camel case: the parts were told apart by capitals alone.
        return Some((folded, Kind::Code));
    }
    let words = folded.chars().all(|c| c.is_alphabetic() || hyphens(c));
    if words {
        return Some((folded.replace(hyphens, ""), Kind::Word));
    }
    let digits_or_signs = folded.chars().any(|c| c.is_ascii_digit() || "_+#:@&~".contains(c));
    let dotted = folded.contains('.') && parts.len() <= 6;
    (digits_or_signs || dotted).then_some((folded, Kind::Code))
}

fn parts(text: &str, at: Range<usize>) -> Vec<Term> {
    let mut parts = Vec::new();
    let mut begun = None;
    let whole = &text[at.clone()];
    let joined = whole.contains(['\'', '’']);
    let mut close = |start: Option<usize>, end: usize| {
        if let Some(start) = start
            && parts.len() < PARTS
        {
            part(text, start..end, &mut parts);
        }
    };
    for (n, c) in whole.char_indices() {
        let within = c.is_alphanumeric() || is_joined_mark(c) || is_unseen(c);
        // An apostrophe stands inside a word; what it leaves out is decided there.
        let within = within || (joined && matches!(c, '\'' | '’'));
        match (within, begun) {
            (true, None) => begun = Some(at.start + n),
            (false, Some(start)) => {
                close(Some(start), at.start + n);
                begun = None;
            }
            _ => {}
        }
    }
    close(begun, at.end);
    parts
}

/// One part, or several where it is written in camel case.
fn part(text: &str, at: Range<usize>, parts: &mut Vec<Term>) {
    let shown = &text[at.clone()];
    let (shown, at) = without_apostrophes(shown, at);
    let humps = humps(&shown);
    if humps.len() > 1 && !shown.contains(['\'', '’']) {
        for hump in humps {
            push(&shown[hump.clone()], at.start + hump.start..at.start + hump.end, parts);
        }
        return;
    }
    push(&shown, at, parts);
}

fn push(shown: &str, at: Range<usize>, parts: &mut Vec<Term>) {
    let digits = shown.chars().any(|c| c.is_ascii_digit());
    let text = if digits { fold(shown) } else { lower(shown) };
    let text: String = text.chars().filter(|c| !is_unseen(*c) && !matches!(c, '\'' | '’')).collect();
    if text.is_empty() {
        return;
    }
    let kind = if digits { Kind::Code } else { Kind::Word };
    parts.push(Term { text: cut(text), position: 0, at, whole: false, kind });
}

/// `l'homme` is about a man and `dog's` about a dog; `don't` is one word.
fn without_apostrophes(shown: &str, at: Range<usize>) -> (String, Range<usize>) {
    let Some((before, rest)) = shown.split_once(['\'', '’']) else { return (shown.to_owned(), at) };
    let quote = shown.len() - before.len() - rest.len();
    if matches!(rest, "s" | "S") && !before.is_empty() {
        return (before.to_owned(), at.start..at.start + before.len());
    }
    let left_out = matches!(
        before.to_lowercase().as_str(),
        "l" | "d" | "j" | "n" | "m" | "t" | "c" | "qu" | "dell" | "all" | "nell" | "sull" | "un"
    );
    if left_out && rest.chars().count() > 1 {
        return (rest.to_owned(), at.start + before.len() + quote..at.end);
    }
    (shown.to_owned(), at)
}

/// Where a name in camel case changes to the next word: `getUserName`, `HTTPServer`.
fn humps(shown: &str) -> Vec<Range<usize>> {
    let chars: Vec<(usize, char)> = shown.char_indices().collect();
    if chars.len() < 4 || chars.len() > LONGEST || !chars.iter().any(|(_, c)| c.is_lowercase()) {
        return Vec::new();
    }
    let mut humps = Vec::new();
    let mut start = 0;
    for window in 1..chars.len() {
        let (before, here) = (chars[window - 1].1, chars[window].1);
        let next = chars.get(window + 1).map(|(_, c)| *c);
        let rises = before.is_lowercase() && here.is_uppercase();
        let word_begins =
            before.is_uppercase() && here.is_uppercase() && next.is_some_and(char::is_lowercase);
        // A capital after a single letter is how `iPhone`, `eBay` and `PDFs` are written: no change of word.
        let long_enough = window - humps.last().map_or(0, |_: &Range<usize>| 0) > 1;
        if (rises || word_begins) && long_enough && chars[window].0 - start > 1 {
            humps.push(start..chars[window].0);
            start = chars[window].0;
        }
    }
    humps.push(start..shown.len());
    // `PDFs`, `IDs`: a plural and no two words.
    if humps.len() == 2 && humps[1].len() <= 2 { Vec::new() } else { humps }
}

fn cut(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => text[..end].to_owned(),
        None => text,
    }
}
