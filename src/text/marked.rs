//! Plain text with places marked in it, as HTML.

use std::ops::Range;

use super::SafeHtml;
use super::tags::escape;

/// Escapes a plain text and puts `<mark>` around these places, which are in order and do not overlap; one that cuts a
/// character or reaches beyond the text is left out.
pub fn marked(text: &str, places: &[Range<usize>]) -> SafeHtml {
    let mut html = String::with_capacity(text.len() + places.len() * 13);
    let mut done = 0;
    for place in places {
        let (Some(before), Some(inside)) = (text.get(done..place.start), text.get(place.clone())) else {
            continue;
        };
        escape(&mut html, before);
        html.push_str("<mark>");
        escape(&mut html, inside);
        html.push_str("</mark>");
        done = place.end;
    }
    escape(&mut html, text.get(done..).unwrap_or_default());
    SafeHtml::from_stored(html)
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn what_people_wrote_is_escaped_inside_and_outside_of_marks() {
        let text = "a <b> & \"c\" <script>";
        let html = marked(text, &[2..5, 13..19]);
        assert!(!html.as_str().replace("<mark>", "").replace("</mark>", "").contains('<'), "{html}");
        assert!(html.as_str().starts_with("a <mark>&lt;b&gt;</mark> &amp; "), "{html}");
    }

    #[test]
    fn a_place_that_cuts_a_character_marks_nothing() {
        assert_eq!(marked("äb", &[1..3, 0..9]).as_str(), "äb");
    }
}
