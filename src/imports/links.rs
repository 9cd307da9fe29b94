//! Links that lead within the source, made to lead there from here too.
//!
//! `/questions/123` means another question in this hall than it meant there, so it becomes an absolute address
//! before the body is kept. Code is left alone: only links of Markdown and attributes of HTML tags are looked at.
//! What cannot be found in the source text (a path written with entities) stays as it is.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};

/// Longest Markdown that is looked through, in bytes; longer text is shown without formatting anyway.
const MARKDOWN_MAX: usize = 240_000;

/// Where the source's pages are: `https://` and a host name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base(String);

impl Base {
    /// Mozilla Support.
    pub fn mozilla() -> Base {
        Base("https://support.mozilla.org".to_owned())
    }

    /// The host name at the beginning of a directory's or source's name, as dumps are usually called:
    /// `ai.stackexchange.com`, `coffee.stackexchange.com-posts-only`.
    pub fn of_name(name: &str) -> Option<Base> {
        let name = name.to_ascii_lowercase();
        let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-')));
        let mut labels: Vec<&str> = name[..end.unwrap_or(name.len())].split('.').collect();
        let top = labels.pop()?.split('-').next()?;
        let usable = |label: &&str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
        let host = !labels.is_empty() && labels.iter().all(usable);
        (host && matches!(top, "com" | "net" | "org"))
            .then(|| Base(format!("https://{}.{top}", labels.join("."))))
    }

    /// HTML with absolute links.
    pub fn html<'a>(&self, source: &'a str) -> Cow<'a, str> {
        if !source.contains('/') {
            return Cow::Borrowed(source);
        }
        let mut places = BTreeSet::new();
        paths_in_html(source, 0..source.len(), &mut places);
        self.inserted(source, &places)
    }

    /// Markdown with absolute links.
    pub fn markdown<'a>(&self, source: &'a str) -> Cow<'a, str> {
        const SIGNS: [&str; 9] = ["](/", "]( /", "](</", "]: /", "]:/", "]: </", "=\"/", "='/", "=/"];
        if source.len() > MARKDOWN_MAX || !SIGNS.iter().any(|sign| source.contains(sign)) {
            return Cow::Borrowed(source);
        }
        self.inserted(source, &paths_in_markdown(source))
    }

    fn inserted<'a>(&self, source: &'a str, places: &BTreeSet<usize>) -> Cow<'a, str> {
        if places.is_empty() {
            return Cow::Borrowed(source);
        }
        let mut text = String::with_capacity(source.len() + places.len() * self.0.len());
        let mut from = 0;
        for place in places {
            text.push_str(&source[from..*place]);
            text.push_str(&self.0);
            from = *place;
        }
        text.push_str(&source[from..]);
        Cow::Owned(text)
    }
}

/// A path from the root of a site, and no host.
fn is_path(address: &str) -> bool {
    address.starts_with('/') && !address.starts_with("//")
}

fn paths_in_markdown(source: &str) -> BTreeSet<usize> {
    let mut places = BTreeSet::new();
    let mut events = Parser::new_ext(source, Options::ENABLE_TABLES).into_offset_iter();
    for (event, range) in events.by_ref() {
        match event {
            Event::Start(
                Tag::Link { link_type: LinkType::Inline, dest_url, .. }
                | Tag::Image { link_type: LinkType::Inline, dest_url, .. },
            ) if is_path(&dest_url) => {
                places.extend(after_any(source, range, ["](", "](<", "]( "], &dest_url));
            }
            Event::Html(_) | Event::InlineHtml(_) => paths_in_html(source, range, &mut places),
            _ => {}
        }
    }
    for (_, definition) in events.reference_definitions().iter() {
        if is_path(&definition.dest) {
            let signs = ["]:", "]: ", "]: <"];
            places.extend(after_any(source, definition.span.clone(), signs, &definition.dest));
        }
    }
    places
}

/// Where `address` stands after one of `signs`, the last time in `range`.
fn after_any(source: &str, range: Range<usize>, signs: [&str; 3], address: &str) -> Option<usize> {
    let part = source.get(range.clone())?;
    signs.iter().find_map(|sign| {
        let at = part.rfind(&format!("{sign}{address}"))?;
        Some(range.start + at + sign.len())
    })
}

/// Notes where the values of `href` and `src` begin that are paths.
fn paths_in_html(source: &str, range: Range<usize>, places: &mut BTreeSet<usize>) {
    let bytes = source.as_bytes();
    let mut at = range.start;
    while let Some(found) = source.get(at..range.end).and_then(|rest| rest.find('<')) {
        at += found + 1;
        if source[at..range.end].starts_with("!--") {
            at = source[at..range.end].find("-->").map_or(range.end, |end| at + end);
        } else if bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            at = attributes(source, at..range.end, places);
        }
    }
}

/// Reads one tag from its name on; answers where it ends.
fn attributes(source: &str, range: Range<usize>, places: &mut BTreeSet<usize>) -> usize {
    let bytes = &source.as_bytes()[..range.end];
    let until = |from: usize, end: fn(u8) -> bool| {
        bytes[from..].iter().position(|byte| end(*byte)).map_or(range.end, |found| from + found)
    };
    let mut at = until(range.start, |byte| byte.is_ascii_whitespace() || byte == b'>' || byte == b'/');
    loop {
        at = until(at, |byte| !byte.is_ascii_whitespace() && byte != b'/');
        if bytes.get(at).is_none_or(|byte| *byte == b'>') {
            return at;
        }
        let name_end = until(at + 1, |byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'>' | b'/'));
        let name = &bytes[at..name_end];
        at = until(name_end, |byte| !byte.is_ascii_whitespace());
        if bytes.get(at) != Some(&b'=') {
            continue;
        }
        at = until(at + 1, |byte| !byte.is_ascii_whitespace());
        let (start, end) = match bytes.get(at) {
            Some(b'"') => (at + 1, until(at + 1, |byte| byte == b'"')),
            Some(b'\'') => (at + 1, until(at + 1, |byte| byte == b'\'')),
            _ => (at, until(at, |byte| byte.is_ascii_whitespace() || byte == b'>')),
        };
        let start = until(start, |byte| !byte.is_ascii_whitespace()).min(end);
        let wanted = name.eq_ignore_ascii_case(b"href") || name.eq_ignore_ascii_case(b"src");
        let value = &bytes[start..end];
        if wanted && value.starts_with(b"/") && !value.starts_with(b"//") {
            places.insert(start);
        }
        let quoted = matches!(bytes.get(at), Some(b'"' | b'\''));
        at = (end + usize::from(quoted)).min(range.end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Base {
        Base("https://s.example".into())
    }

    #[test]
    fn a_host_name_begins_the_name_of_a_dump() {
        for (name, expected) in [
            ("ai.stackexchange.com", Some("https://ai.stackexchange.com")),
            ("coffee.stackexchange.com-posts-only", Some("https://coffee.stackexchange.com")),
            ("Bicycles.Meta.StackExchange.com", Some("https://bicycles.meta.stackexchange.com")),
            ("stackoverflow.com (2023)", Some("https://stackoverflow.com")),
            ("dump", None),
            ("com", None),
            ("site.com/evil", Some("https://site.com")),
            ("a..com", None),
            ("", None),
        ] {
            assert_eq!(Base::of_name(name), expected.map(|base| Base(base.into())), "{name}");
        }
    }

    #[test]
    fn paths_in_html_become_absolute_and_nothing_else_does() {
        for (source, expected) in [
            (r#"<a href="/q/1">x</a>"#, r#"<a href="https://s.example/q/1">x</a>"#),
            (r#"<A class=c HREF = '/q/1' >x</A>"#, r#"<A class=c HREF = 'https://s.example/q/1' >x</A>"#),
            (r#"<img alt="a>b" src=/i.png>"#, r#"<img alt="a>b" src=https://s.example/i.png>"#),
            (r#"<a href=" /q">"#, r#"<a href=" https://s.example/q">"#),
            (r#"<a href="//h/q">"#, r#"<a href="//h/q">"#),
            (r#"<a href="https://h/q">"#, r#"<a href="https://h/q">"#),
            (r#"<a title="/q">"#, r#"<a title="/q">"#),
            (r#"<code>&lt;a href="/q"&gt;</code>"#, r#"<code>&lt;a href="/q"&gt;</code>"#),
            (r#"<!-- <a href="/q"> -->"#, r#"<!-- <a href="/q"> -->"#),
            (r#"a < b href="/q""#, r#"a < b href="/q""#),
            (r#"<a href="/"#, r#"<a href="https://s.example/"#),
            ("<a href=", "<a href="),
            ("<a", "<a"),
            ("<ä href=\"/ü\"><b ü=\"/\" href=/ü>", "<ä href=\"/ü\"><b ü=\"/\" href=https://s.example/ü>"),
        ] {
            assert_eq!(base().html(source), expected, "{source}");
        }
    }

    #[test]
    fn paths_in_markdown_become_absolute_and_code_stays() {
        for (source, expected) in [
            (
                "see [x](/q/1) and [y](/a/2 \"t\")",
                "see [x](https://s.example/q/1) and [y](https://s.example/a/2 \"t\")",
            ),
            ("![i](</i.png>)", "![i](<https://s.example/i.png>)"),
            ("[![i](/i)](/q)", "[![i](https://s.example/i)](https://s.example/q)"),
            ("[x][1]\n\n[1]: /q/1\n", "[x][1]\n\n[1]: https://s.example/q/1\n"),
            ("`[x](/q)`\n\n    [x](/q)\n", "`[x](/q)`\n\n    [x](/q)\n"),
            ("a <a href=\"/q\">x</a>", "a <a href=\"https://s.example/q\">x</a>"),
            ("[x](//h/q) [y](https://h/](/q)", "[x](//h/q) [y](https://h/](/q)"),
        ] {
            assert_eq!(base().markdown(source), expected, "{source}");
        }
    }
}
