//! The beginning of a plain text.

use unicode_segmentation::UnicodeSegmentation;

/// The beginning of a plain text, at most `max_chars` Unicode scalar values with the ellipsis, cut between words
/// where the last fifth has a place for it, else between what readers see as characters. Never inside one.
pub fn excerpt(text: &str, max_chars: usize) -> String {
    let text = text.trim();
    // Where the text would pass the limit; everything after it is not looked at.
    if text.char_indices().nth(max_chars).is_none() {
        return text.to_owned();
    }
    let room = max_chars.saturating_sub(1);
    let (mut used, mut end, mut word_end) = (0, 0, None);
    // The grapheme that crosses the limit may be as long as its writer likes: look only a little beyond.
    let horizon = text.char_indices().nth(max_chars + 64).map_or(text.len(), |(at, _)| at);
    for (at, grapheme) in text[..horizon].grapheme_indices(true) {
        if grapheme.chars().all(char::is_whitespace) && used >= room - room / 5 {
            word_end = Some(at);
        }
        let chars = grapheme.chars().count();
        if used + chars > room {
            break;
        }
        used += chars;
        end = at + grapheme.len();
    }
    let kept = text[..word_end.unwrap_or(end)]
        .trim_end()
        .trim_end_matches([',', ';', ':', '–', '—', '-'])
        .trim_end();
    if max_chars == 0 { String::new() } else { format!("{kept}…") }
}
