//! What of a post is shown in a list of hits: the place where most of what was looked for stands together.

use std::collections::HashSet;
use std::ops::Range;

use super::analysis::{self, Language};
use super::find::wanted;
use super::query::Asked;
use super::synonyms::Synonyms;
use crate::text::{self, SafeHtml};

/// Bytes of a snippet, about.
const LENGTH: usize = 240;
/// Bytes of a post that are looked at: what stands further down is found, but not quoted.
const LOOKED: usize = 24_000;

/// What is looked for, ready to be marked in texts.
pub struct Marker {
    terms: HashSet<String>,
    /// By its first letter, the second letters of terms.
    begins: Box<[u128; 128]>,
}

impl Marker {
    /// The words and phrases of a query.
    pub fn of(asked: &Asked, languages: &[Language], synonyms: &Synonyms) -> Marker {
        let wanted = wanted(&asked.text(), languages, synonyms);
        let terms =
            wanted.into_iter().filter(|wanted| !wanted.optional).flat_map(|wanted| wanted.variants).flatten();
        let terms: HashSet<String> = terms.collect();
        let mut begins = Box::new([0; 128]);
        for term in terms.iter().map(|term| term.as_bytes()).filter(|term| term.is_ascii()) {
            match *term {
                [first, second, ..] => begins[usize::from(first)] |= 1 << second_letter(second),
                [first] => begins[usize::from(first)] = u128::MAX,
                [] => {}
            }
        }
        Marker { terms, begins }
    }

    /// The text around the best place, marked.
    pub fn snippet(&self, text: &str, language: Option<&str>) -> SafeHtml {
        let text = head(text, LOOKED);
        let places = self.places(text, language);
        let Some(window) = best_window(&places) else {
            return text::marked(&text::excerpt(text, LENGTH), &[]);
        };
        let window = widened(text, window);
        let (before, after) = (window.start > 0, window.end < text.len());
        let shown = text[window.clone()].trim_end();
        let lead = if before { "… " } else { "" };
        let within: Vec<Range<usize>> = places
            .into_iter()
            .map(|(place, _)| place)
            .filter(|place| place.start >= window.start && place.end <= window.start + shown.len())
            .map(|place| place.start - window.start + lead.len()..place.end - window.start + lead.len())
            .collect();
        text::marked(&format!("{lead}{shown}{}", if after { " …" } else { "" }), &within)
    }

    /// All of a short text, marked.
    pub fn marked(&self, text: &str, language: Option<&str>) -> SafeHtml {
        let places: Vec<Range<usize>> =
            self.places(text, language).into_iter().map(|(place, _)| place).collect();
        text::marked(text, &places)
    }

    /// Where something of it stands, in order, without overlaps; each with what it is.
    fn places(&self, text: &str, language: Option<&str>) -> Vec<(Range<usize>, String)> {
        let mut places: Vec<(Range<usize>, String)> = Vec::new();
        let language = Language::of(language);
        for word in text.split(char::is_whitespace).filter(|word| self.may_begin(word, language)) {
            let at = word.as_ptr() as usize - text.as_ptr() as usize;
            for term in analysis::stemmed(word, language) {
                let term = analysis::Term { at: term.at.start + at..term.at.end + at, ..term };
                let free = places.last().is_none_or(|(before, _)| term.at.start >= before.end);
                if self.terms.contains(&term.text) {
                    if free {
                        places.push((term.at, term.text));
                    } else if let Some((before, _)) = places.last_mut() {
                        before.end = before.end.max(term.at.end);
                    }
                }
            }
        }
        places
    }

    /// Whether something of a word may be looked for, by its first two letters: most words need not be analysed.
    fn may_begin(&self, word: &str, language: Language) -> bool {
        if !word.is_ascii() || !language.keeps_beginnings() {
            return true;
        }
        let mut before = b' ';
        word.bytes().enumerate().any(|(n, byte)| {
            let inside = before.is_ascii_alphabetic() && byte.is_ascii_lowercase()
                || before.is_ascii_digit() && byte.is_ascii_digit();
            before = byte;
            let seconds = self.begins[usize::from(byte.to_ascii_lowercase())];
            // A word of one letter is known by that alone; a sign between may be left out of the term.
            let second = word.as_bytes().get(n + 1).filter(|second| second.is_ascii_alphanumeric());
            !inside && second.map_or(seconds != 0, |second| seconds >> second_letter(*second) & 1 == 1)
        })
    }
}

/// As it is compared: stemmers write `dying` as `die`.
fn second_letter(letter: u8) -> u32 {
    match letter.to_ascii_lowercase() {
        b'y' => u32::from(b'i'),
        other => u32::from(other & 127),
    }
}

/// The stretch with most different terms in it, the first of several.
fn best_window(places: &[(Range<usize>, String)]) -> Option<Range<usize>> {
    let mut best: Option<(usize, Range<usize>)> = None;
    for (n, (place, _)) in places.iter().enumerate() {
        let within: Vec<&(Range<usize>, String)> =
            places[n..].iter().take(40).take_while(|(other, _)| other.end <= place.start + LENGTH).collect();
        let different: HashSet<&str> = within.iter().map(|(_, term)| term.as_str()).collect();
        if best.as_ref().is_none_or(|(count, _)| different.len() > *count) {
            let end = within.last().map_or(place.end, |(last, _)| last.end);
            best = Some((different.len(), place.start..end));
        }
    }
    best.map(|(_, window)| window)
}

/// The same stretch with what stands around it, to the length of a snippet, cut between words.
fn widened(text: &str, window: Range<usize>) -> Range<usize> {
    let room = LENGTH.saturating_sub(window.len());
    let mut start = window.start.saturating_sub(room / 3);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    if start > 0 {
        // At the next beginning of a word, where there is one before the window.
        start = text[start..window.start].find(char::is_whitespace).map_or(start, |space| start + space);
        start += text[start..].len() - text[start..].trim_start().len();
    }
    let start = start.min(window.start);
    let mut end = (start + LENGTH).max(window.end).min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    if end < text.len() {
        end = text[window.end..end].rfind(char::is_whitespace).map_or(end, |space| window.end + space);
    }
    start..end
}

fn head(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::analysis::FALLBACK;
    use crate::search::query::parse;

    fn marker(query: &str) -> Marker {
        Marker::of(&parse(query), &[FALLBACK], &Synonyms::default())
    }

    #[test]
    fn the_place_where_the_words_stand_together_is_quoted() {
        let text = format!(
            "{} The printer loses its password. {}",
            "Something else. ".repeat(40),
            "More. ".repeat(80)
        );
        let html = marker("password printers").snippet(&text, Some("en")).into_string();
        assert!(html.contains("<mark>printer</mark> loses its <mark>password</mark>"), "{html}");
        assert!(html.starts_with("… ") && html.ends_with(" …") && html.len() < 400, "{html}");
    }

    #[test]
    fn a_part_of_a_name_is_marked_wherever_it_begins() {
        for (query, text, wanted) in [
            ("user", "call getUserName now", "<mark>User</mark>"),
            ("bar", "foo_bar fails", "<mark>bar</mark>"),
            ("dying", "it dies often", "<mark>dies</mark>"),
            ("c++", "in c++ it fails", "<mark>c++</mark>"),
            ("44", "since v2.44", "<mark>44</mark>"),
            ("arger", "viel Ärger damit", "<mark>Ärger</mark>"),
        ] {
            let html = marker(query).snippet(text, Some("en")).into_string();
            assert!(html.contains(wanted), "{query} in {text}: {html}");
        }
    }

    #[test]
    fn what_looks_like_markup_is_quoted_as_text() {
        let html = marker("script").snippet("a <script>alert(1)</script> b", None).into_string();
        assert_eq!(html, "a &lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt; b");
    }

    #[test]
    fn a_post_without_the_words_is_quoted_from_its_beginning() {
        assert_eq!(marker("x").snippet("Nothing of it.", None).as_str(), "Nothing of it.");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_quoted_safely(text in "\\PC{0,600}", query in "\\PC{0,30}") {
            let html = marker(&query).snippet(&text, None).into_string();
            let plain = html.replace("<mark>", "").replace("</mark>", "");
            proptest::prop_assert!(!plain.contains('<') && !plain.contains('>'));
        }
    }
}
