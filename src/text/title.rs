//! One-line texts: titles, names and the words in addresses.

/// Longest slug, in bytes (it is ASCII).
const SLUG_MAX: usize = 80;

/// A title on one line: whitespace folded and trimmed, control characters and direction overrides removed.
///
/// Overrides (U+202A–202E, U+2066–2069) would reorder whatever the page shows after the title.
pub fn clean_title(title: &str) -> String {
    let mut clean = String::with_capacity(title.len());
    for c in title.trim().chars() {
        if c.is_whitespace() {
            if !clean.is_empty() && !clean.ends_with(' ') {
                clean.push(' ');
            }
        } else if !c.is_control() && !is_invisible(c) {
            clean.push(c);
        }
    }
    clean.truncate(clean.trim_end().len());
    clean
}

/// A member's, organisation's or space's name: as [`clean_title`].
pub fn clean_name(name: &str) -> String {
    clean_title(name)
}

/// Characters that nobody sees and that can only deceive: direction overrides and isolates, the byte order mark,
/// the zero-width space. Joiners stay: emoji and several scripts need them.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{200b}')
}

/// The title as words in an address: lower-case ASCII letters, digits and hyphens, 1 to 80 characters, cut between
/// words where there is a place. `question` when nothing of the title can be spelt so.
pub fn slug(title: &str) -> String {
    // Titles are short; a longer text cannot add to 80 characters, only to the work.
    let head: String = title.chars().take(4 * SLUG_MAX).collect();
    let mut slug = slug::slugify(head);
    if slug.len() > SLUG_MAX {
        let end = slug[..=SLUG_MAX].rfind('-').filter(|end| *end > SLUG_MAX / 2).unwrap_or(SLUG_MAX);
        slug.truncate(end);
    }
    if slug.is_empty() { "question".to_owned() } else { slug }
}
