//! Words: every sentence of the interface, one Fluent file per language under `templates/words`.
//!
//! Promises that a key written in a template exists (a test reads all templates) and that a key nobody uses
//! is noticed. Values are plain text: who puts them into HTML escapes them. Does not hold texts made by people.

use std::borrow::Cow;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rust_embed::RustEmbed;
use unic_langid::LanguageIdentifier;

use super::formats::grouped;

#[derive(RustEmbed)]
#[folder = "templates/words/"]
struct WordFiles;

/// The words of one language.
pub struct Words {
    locale: String,
    bundle: FluentBundle<FluentResource>,
}

/// What can be wrong with words.
#[derive(Debug, Clone, thiserror::Error)]
pub enum WordsError {
    #[error("there are no words for the language {0}")]
    NoLanguage(String),
    #[error("the words of {locale} cannot be read: {why}")]
    Unreadable { locale: String, why: String },
    #[error("no words for {key} in {locale}")]
    NoKey { key: String, locale: String },
    #[error("the words for {key} in {locale} cannot be put together: {why}")]
    Unfit { key: String, locale: String, why: String },
}

/// What may be put into a sentence.
pub type Args<'a> = [(&'a str, FluentValue<'a>)];

impl Words {
    /// Reads the embedded words of a language.
    ///
    /// # Errors
    /// When there is no file for it or the file is malformed.
    pub fn embedded(locale: &str) -> Result<Self, WordsError> {
        let language: LanguageIdentifier =
            locale.parse().map_err(|_| WordsError::NoLanguage(locale.to_owned()))?;
        let file = WordFiles::get(&format!("{locale}.ftl"))
            .ok_or_else(|| WordsError::NoLanguage(locale.to_owned()))?;
        let unreadable = |why: String| WordsError::Unreadable { locale: locale.to_owned(), why };
        let source = String::from_utf8(file.data.into_owned()).map_err(|e| unreadable(e.to_string()))?;
        let resource = FluentResource::try_new(source).map_err(|(_, errors)| unreadable(join(&errors)))?;
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Invisible isolation marks would end up in titles and mails; templates isolate names with <bdi>.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) => Some(grouped(number.value as i64)),
            _ => None,
        }));
        bundle.add_resource(resource).map_err(|errors| unreadable(join(&errors)))?;
        Ok(Self { locale: locale.to_owned(), bundle })
    }

    /// The sentence for a key.
    ///
    /// # Errors
    /// When the key is unknown or an argument that the sentence needs is missing.
    pub fn say(&self, key: &str, args: &Args<'_>) -> Result<String, WordsError> {
        let pattern = self
            .bundle
            .get_message(key)
            .and_then(|message| message.value())
            .ok_or_else(|| WordsError::NoKey { key: key.to_owned(), locale: self.locale.clone() })?;
        let args: FluentArgs =
            args.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
        if errors.is_empty() {
            return Ok(text);
        }
        Err(WordsError::Unfit { key: key.to_owned(), locale: self.locale.clone(), why: join(&errors) })
    }

    /// The language tag of these words.
    #[must_use]
    pub fn locale(&self) -> &str {
        &self.locale
    }
}

fn join<E: std::fmt::Display>(errors: &[E]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests;
