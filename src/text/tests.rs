//! Facts about texts, hostile inputs, and the real bodies of the shared data where they are at hand.

mod hostile;
mod html_facts;
mod plain_facts;
mod properties;
mod real;

use std::collections::BTreeMap;

use html5gum::{Token, Tokenizer};

use super::*;

/// The HTML that readers get, or the refusal.
fn shown(source: &str) -> String {
    match markdown(source, &Limits::default()) {
        Ok(rendered) => rendered.html.into_string().trim().to_owned(),
        Err(refusal) => format!("{refusal:?}"),
    }
}

/// Every reason why HTML must not be shown to anybody. Empty for safe HTML.
fn dangers(html: &str) -> Vec<String> {
    let mut dangers = Vec::new();
    for token in Tokenizer::new(html) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                if !KNOWN_TAGS.contains(&name.as_str()) {
                    dangers.push(format!("<{name}>"));
                }
                let attributes: BTreeMap<String, String> = tag
                    .attributes
                    .iter()
                    .map(|(k, v)| {
                        (String::from_utf8_lossy(k).into_owned(), String::from_utf8_lossy(v).into_owned())
                    })
                    .collect();
                for (key, value) in &attributes {
                    if !is_harmless(&name, key, value) {
                        dangers.push(format!("<{name} {key}={value}>"));
                    }
                }
                if name == "a" && attributes.get("rel").is_none_or(|rel| rel != "nofollow ugc noopener") {
                    dangers.push("a link without rel".to_owned());
                }
                if name == "input" && !attributes.contains_key("disabled") {
                    dangers.push("an input that can be used".to_owned());
                }
            }
            Token::Comment(_) | Token::Doctype(_) => dangers.push("a comment or doctype".to_owned()),
            Token::Error(error) => dangers.push(format!("{error:?}")),
            Token::String(_) | Token::EndTag(_) => {}
        }
    }
    dangers
}

const KNOWN_TAGS: &[&str] = &[
    "a",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "small",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
    "var",
];

fn is_harmless(tag: &str, attribute: &str, value: &str) -> bool {
    match (tag, attribute) {
        ("a", "href") => {
            let lower = value.to_ascii_lowercase();
            ["http://", "https://", "mailto:", "#"].iter().any(|start| lower.starts_with(start))
                || (value.starts_with('/') && !value.starts_with("//") && !value.contains('\\'))
        }
        ("a", "rel" | "title") | ("img", "alt") => true,
        ("a", "class") => value == "external-image",
        ("img", "src") => value.starts_with("/attachments/") && !value.contains(".."),
        ("img", "loading") => value == "lazy",
        ("div", "class") => value == "table-scroll",
        ("div" | "pre", "tabindex") => value == "0",
        ("blockquote", "class") => value.starts_with("markdown-alert-") || value == "spoiler",
        ("code", "class") => value.starts_with("language-") && !value.contains(char::is_whitespace),
        ("td" | "th", "class") => ["align-left", "align-center", "align-right"].contains(&value),
        ("td" | "th", "colspan" | "rowspan") | ("ol", "start") => value.bytes().all(|b| b.is_ascii_digit()),
        ("input", "type") => value == "checkbox",
        ("input", "disabled" | "checked") => value.is_empty(),
        _ => false,
    }
}

#[test]
fn in_an_e_mail_links_are_whole_and_images_are_gone() {
    let html = in_mail(
        "See [this](/questions/7) and **that**. ![x](/attachments/1)\n\n<img src=\"https://spy.example/1\">",
        "https://h.example",
    );
    let html = html.unwrap().into_string();
    assert!(
        html.contains("href=\"https://h.example/questions/7\"") && html.contains("<strong>that</strong>"),
        "{html}"
    );
    assert!(!html.contains("<img") && !html.contains("src="), "{html}");
}
