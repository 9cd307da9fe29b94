//! Letters: e-mails put together from a few kinds of block, as text and as HTML, in the member's language.
//!
//! Promises: every letter says who sends it, why it came and how to end that; links are of the configured public URL; what
//! people wrote is escaped, and no line of it can pass for one of ours. A letter is whole without its HTML.

use std::sync::Arc;

use fluent_bundle::FluentValue;
use serde::Serialize;

use super::render::{RenderError, fragment, words};
use super::secret::Secret;
use super::site_name::SiteName;
use crate::mail::{Headers, Mailbox, Outgoing, fresh_id};
use crate::text::SafeHtml;

/// Columns of the text part.
const WIDTH: usize = 72;

/// What every letter is written with.
#[derive(Clone)]
pub struct Letterhead {
    /// The place's own address.
    pub mailbox: Mailbox,
    /// What people type, without a slash at the end.
    pub public_url: String,
    /// Vouches for links and reply addresses.
    pub secret: Secret,
    /// The name of the place.
    pub site_name: Arc<SiteName>,
}

/// A letter, in one language.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Letter {
    /// BCP 47 tag.
    pub locale: String,
    /// The subject.
    pub subject: String,
    /// What it says, from top to bottom.
    pub blocks: Vec<Block>,
    /// Why it came, one sentence.
    pub why: String,
    /// What can be done about that: words and addresses.
    pub foot: Vec<(String, String)>,
}

/// A piece of a letter.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Block {
    /// A sentence or some, our own words.
    Words { text: String },
    /// A heading above what follows.
    Heading { text: String },
    /// The title of a question, which leads there.
    Title { text: String, url: String },
    /// What somebody wrote: as text, and as HTML from [`crate::text::in_mail`] where it is more than plain words.
    Quote { by: String, text: String, html: Option<SafeHtml> },
    /// What to do now: one button.
    Button { label: String, url: String },
    /// Questions with a word about each.
    List { items: Vec<Item> },
    /// Something to know besides.
    Small { text: String },
}

/// A line of a list.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    /// Its title.
    pub text: String,
    /// Where it leads.
    pub url: String,
    /// A word about it.
    pub note: String,
}

/// Why a letter could not be written: always our mistake.
#[derive(Clone, Debug, thiserror::Error)]
pub enum LetterError {
    /// A template or its words.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// The system has no randomness for a `Message-ID`.
    #[error("the system gives no random bytes: {0}")]
    Randomness(String),
}

impl From<LetterError> for diesel::result::Error {
    fn from(error: LetterError) -> Self {
        diesel::result::Error::QueryBuilderError(Box::new(error))
    }
}

/// Words of a letter's language.
///
/// # Errors
/// When there are none.
pub fn say(locale: &str, key: &str, args: &[(&str, FluentValue<'_>)]) -> Result<String, LetterError> {
    Ok(words(locale)?.say(key, args).map_err(RenderError::from)?)
}

#[derive(Serialize)]
struct Around<'a> {
    letter: &'a Letter,
    site_name: String,
    site_url: &'a str,
}

impl Letterhead {
    /// An address of this site.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }

    /// The name of the place.
    #[must_use]
    pub fn name(&self) -> String {
        self.site_name.get()
    }

    /// A letter's text and HTML part.
    ///
    /// # Errors
    /// [`LetterError`].
    pub fn written(&self, letter: &Letter) -> Result<(String, String), LetterError> {
        let around = Around { letter, site_name: self.name(), site_url: &self.public_url };
        let html = fragment(&letter.locale, "mail/letter.html", &around)?;
        Ok((self.text(letter), html))
    }

    fn text(&self, letter: &Letter) -> String {
        let mut out = String::new();
        for block in &letter.blocks {
            match block {
                Block::Words { text } | Block::Small { text } => wrapped(&mut out, text, ""),
                Block::Heading { text } => {
                    wrapped(&mut out, text, "");
                    let line = "-".repeat(text.chars().count().min(WIDTH));
                    out.truncate(out.trim_end().len());
                    out.push_str(&format!("\n{line}\n\n"));
                }
                Block::Title { text, url } => {
                    wrapped(&mut out, text, "");
                    out.truncate(out.trim_end().len());
                    out.push_str(&format!("\n{url}\n\n"));
                }
                Block::Quote { text, .. } => wrapped(&mut out, text, "  "),
                Block::Button { label, url } => out.push_str(&format!("{label}:\n{url}\n\n")),
                Block::List { items } => {
                    for item in items {
                        wrapped(&mut out, &item.text, "* ");
                        out.truncate(out.trim_end().len());
                        if !item.note.is_empty() {
                            out.push_str(&format!("\n  {}", item.note));
                        }
                        out.push_str(&format!("\n  {}\n\n", item.url));
                    }
                }
            }
        }
        // The line that begins a signature (RFC 3676, 4.3): programs fold it away, answers leave it out.
        out.push_str("-- \n");
        out.push_str(&format!("{} · {}\n", self.name(), self.public_url));
        if !letter.why.is_empty() {
            wrapped(&mut out, &letter.why, "");
            out.truncate(out.trim_end().len());
            out.push('\n');
        }
        for (label, url) in &letter.foot {
            out.push_str(&format!("{label}: {url}\n"));
        }
        out
    }

    /// A letter as an e-mail to `recipient`, to be completed.
    ///
    /// # Errors
    /// [`LetterError`].
    pub fn outgoing(
        &self,
        letter: &Letter,
        kind: &'static str,
        recipient: &str,
        fact: String,
        now: i64,
    ) -> Result<Outgoing, LetterError> {
        let (text, html) = self.written(letter)?;
        let message_id =
            fresh_id(&self.mailbox).map_err(|error| LetterError::Randomness(error.to_string()))?;
        Ok(Outgoing {
            fact,
            message_id,
            kind,
            member_id: None,
            post_id: None,
            notice_id: None,
            shown: Vec::new(),
            recipient: recipient.to_owned(),
            subject: letter.subject.clone(),
            text,
            html,
            headers: Headers { from_name: self.name(), ..Headers::default() },
            secret: false,
            due_at: now,
            ends_at: None,
        })
    }
}

/// Paragraphs of a text in lines of [`WIDTH`] columns, each beginning with `lead` (the first) or as many spaces.
fn wrapped(out: &mut String, text: &str, lead: &str) {
    let rest = " ".repeat(lead.chars().count());
    let mut lead = lead;
    for paragraph in text.split('\n') {
        let mut line = String::from(lead);
        let mut width = line.chars().count();
        let mut begun = false;
        for word in paragraph.split_whitespace() {
            let long = word.chars().count();
            if begun && width + 1 + long > WIDTH {
                out.push_str(line.trim_end());
                out.push('\n');
                line = rest.clone();
                width = rest.len();
                begun = false;
            }
            if begun {
                line.push(' ');
                width += 1;
            }
            line.push_str(word);
            width += long;
            begun = true;
        }
        out.push_str(line.trim_end());
        out.push('\n');
        lead = &rest;
    }
    out.push('\n');
}

#[cfg(test)]
pub mod samples {
    //! The letters' frame, for tests of those who write letters.

    use super::*;

    /// A letterhead of an invented place.
    pub fn letterhead() -> Letterhead {
        Letterhead {
            mailbox: Mailbox::parse("hall@lamps.example").expect("an address"),
            public_url: "https://help.lamps.example".to_owned(),
            secret: Secret::new(*b"0123456789abcdef0123456789abcdef"),
            site_name: Arc::new(SiteName::new("Lamps & Co".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_part_is_whole_without_the_html() {
        let letter = Letter {
            locale: "en".into(),
            subject: "x".into(),
            blocks: vec![
                Block::Words { text: "Bo answered your question.".into() },
                Block::Title { text: "Why is it dark?".into(), url: "https://x/1".into() },
                Block::Quote {
                    by: "Bo".into(),
                    text: format!("Turn {}it on.\n\nThen off.", "and ".repeat(20)),
                    html: None,
                },
                Block::Button { label: "Read it".into(), url: "https://x/1#2".into() },
            ],
            why: "You asked this question.".into(),
            foot: vec![("Stop".into(), "https://x/stop".into())],
        };
        let (text, html) = samples::letterhead().written(&letter).unwrap();
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(
            text.starts_with("Bo answered your question.\n\nWhy is it dark?\nhttps://x/1\n\n  Turn and"),
            "{text}"
        );
        assert!(text.ends_with(
            "Read it:\nhttps://x/1#2\n\n-- \nLamps & Co · https://help.lamps.example\nYou asked this question.\nStop: \
             https://x/stop\n"
        ));
        assert!(html.contains("Lamps &amp; Co") && html.contains("href=\"https://x/1#2\""), "{html}");
    }

    #[test]
    fn what_people_wrote_is_escaped_and_indented() {
        let quote = Block::Quote {
            by: "<b>".into(),
            text: "<script>x</script>\n-- \nhttps://help.lamps.example".into(),
            html: None,
        };
        let letter = Letter { locale: "en".into(), blocks: vec![quote], ..Letter::default() };
        let (text, html) = samples::letterhead().written(&letter).unwrap();
        assert!(!html.contains("<script>") && !html.contains("<b>&"), "{html}");
        assert!(text.starts_with("  <script>x</script>\n  --\n  https://help"), "{text}");
    }
}
