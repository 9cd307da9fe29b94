//! Titles, excerpts, slugs, sizes, languages, comparisons.

use super::*;

#[test]
fn a_title_is_one_clean_line() {
    for (title, clean) in [
        ("  a \t b\n\nc ", "a b c"),
        ("a\u{202e}b\u{2066}c\u{2069}\u{7}d\u{0}", "abcd"),
        ("\u{200b}\u{feff}", ""),
        ("a \u{202e} b", "a b"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
    ] {
        assert_eq!(clean_title(title), clean, "for {title:?}");
    }
}

#[test]
fn a_slug_is_never_empty_nor_longer_than_80() {
    assert_eq!(slug("How do I  sync?"), "how-do-i-sync");
    assert_eq!(slug("Größe ändern"), "grosse-andern");
    assert_eq!(slug("???"), "question");
    assert_eq!(slug(""), "question");
    let long = slug(&"word ".repeat(100));
    assert!(long.len() <= 80 && long.ends_with("word"), "{long}");
    assert_eq!(slug(&"a".repeat(100_000)).len(), 80);
    assert!(slug(&"\u{fdfa}".repeat(300)).len() <= 80);
}

#[test]
fn an_excerpt_ends_between_words() {
    assert_eq!(excerpt("one two three", 20), "one two three");
    assert_eq!(excerpt("one two three", 13), "one two three");
    assert_eq!(excerpt("one two three four", 14), "one two three…");
    assert_eq!(excerpt("one two, three", 10), "one two…");
    assert_eq!(excerpt("abcdefghijkl", 5), "abcd…");
    assert_eq!(excerpt("abc", 0), "");
}

#[test]
fn an_excerpt_never_cuts_what_readers_see_as_one_character() {
    assert_eq!(excerpt("ab👨‍👩‍👧cd", 5), "ab…");
    assert_eq!(excerpt("ae\u{301}io", 3), "a…");
    assert!(excerpt(&format!("ab{}", "\u{301}".repeat(100_000)), 10).chars().count() <= 10);
}

#[test]
fn a_size_is_counted_in_scalar_values_of_the_trimmed_text() {
    assert_eq!(char_count(" \n äö👍 "), 3);
    assert_eq!(check_size(" ab ", 2..=3), Ok(2));
    assert_eq!(check_size(" a ", 2..=3), Err(Refusal::TooShort { min: 2, found: 1 }));
    assert_eq!(check_size("abcd", 2..=3), Err(Refusal::TooLong { max: 3, found: 4 }));
}

#[test]
fn a_body_is_kept_with_plain_line_ends_and_without_nul() {
    assert_eq!(clean_body("a\r\nb\rc\0"), "a\nb\nc\u{fffd}");
}

#[test]
fn a_language_is_named_only_when_the_text_tells() {
    assert_eq!(
        language("How can I move my mail from one computer to another without losing any folder?"),
        Some("en")
    );
    assert_eq!(
        language(
            "Wie kann ich meine E-Mails auf einen anderen Rechner übertragen, ohne Ordner zu verlieren?"
        ),
        Some("de")
    );
    assert_eq!(
        language("メールを別のコンピューターに移す方法を教えてください。フォルダーを失いたくありません。"),
        Some("ja")
    );
    assert_eq!(language("hello"), None);
    assert_eq!(language("1234567890 ".repeat(100).as_str()), None);
}

/// The comparison as text: `=`, `-`, `+` and the line, changed pieces in brackets.
fn compared(old: &str, new: &str) -> Vec<String> {
    let line = |line: &DiffLine| {
        let sign = match line.change {
            Change::Same => '=',
            Change::Removed => '-',
            Change::Added => '+',
        };
        let parts = line
            .parts
            .iter()
            .map(|part| if part.changed { format!("[{}]", part.text) } else { part.text.clone() });
        format!("{sign}{}", parts.collect::<String>())
    };
    diff(old, new).iter().map(line).collect()
}

#[test]
fn a_comparison_marks_the_changed_words_of_a_changed_line() {
    assert_eq!(
        compared("a\nthe old mail\nc", "a\nthe new mail\nc\nd"),
        ["=a", "-the [old] mail", "+the [new] mail", "=c", "+d"]
    );
    assert_eq!(compared("something else", "nothing alike!"), ["-something else", "+nothing alike!"]);
    assert_eq!(compared("", "a"), ["+a"]);
    assert_eq!(compared("a\n", "a"), ["=a"]);
}

#[test]
fn a_comparison_of_two_long_strange_texts_is_one_replacement() {
    let old: String = (0..20_000).map(|i| format!("{i}\n")).collect();
    let new: String = (0..20_000).map(|i| format!("x{i}\n")).collect();
    let lines = diff(&format!("first\n{old}last"), &format!("first\n{new}last"));
    assert_eq!(lines.len(), 40_002);
    assert!(lines[1..20_001].iter().all(|line| line.change == Change::Removed));
    let words = |c: &str| (0..30_000).map(|i| format!("{c}{i} ")).collect::<String>();
    assert_eq!(diff(&words("a"), &words("b")).len(), 2);
}
