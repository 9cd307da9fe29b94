//! Stemming by language: which of Snowball's algorithms a text's language has.

use frostem::{Algorithm, Stemmer};

use super::fold::lower;

/// A language as posts keep it, of those that have a stemmer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language(&'static str);

/// What a text is taken for whose language could not be told: its stemmer does little to words of others.
pub const FALLBACK: Language = Language("en");

/// ISO 639-1 codes and their algorithms.
const ALGORITHMS: &[(&str, Algorithm)] = &[
    ("ar", Algorithm::Arabic),
    ("ca", Algorithm::Catalan),
    ("cs", Algorithm::Czech),
    ("da", Algorithm::Danish),
    ("de", Algorithm::German),
    ("el", Algorithm::Greek),
    ("en", Algorithm::English),
    ("eo", Algorithm::Esperanto),
    ("es", Algorithm::Spanish),
    ("et", Algorithm::Estonian),
    ("fa", Algorithm::Persian),
    ("fi", Algorithm::Finnish),
    ("fr", Algorithm::French),
    ("hi", Algorithm::Hindi),
    ("hu", Algorithm::Hungarian),
    ("hy", Algorithm::Armenian),
    ("id", Algorithm::Indonesian),
    ("it", Algorithm::Italian),
    ("lt", Algorithm::Lithuanian),
    ("nb", Algorithm::Norwegian),
    ("ne", Algorithm::Nepali),
    ("nl", Algorithm::Dutch),
    ("pl", Algorithm::Polish),
    ("pt", Algorithm::Portuguese),
    ("ro", Algorithm::Romanian),
    ("ru", Algorithm::Russian),
    ("sr", Algorithm::Serbian),
    ("sv", Algorithm::Swedish),
    ("ta", Algorithm::Tamil),
    ("tr", Algorithm::Turkish),
    ("uk", Algorithm::Ukrainian),
    ("yi", Algorithm::Yiddish),
];

impl Language {
    /// The language of a post, or [`FALLBACK`] where it has no stemmer or could not be told.
    pub fn of(code: Option<&str>) -> Language {
        code.and_then(Language::known).unwrap_or(FALLBACK)
    }

    /// A language that has a stemmer.
    pub fn known(code: &str) -> Option<Language> {
        ALGORITHMS.iter().find(|(known, _)| *known == code).map(|(known, _)| Language(known))
    }

    /// Whether every stem begins as its words do: some languages have prefixes, and their stemmers take them off.
    pub fn keeps_beginnings(self) -> bool {
        matches!(self.0, "da" | "de" | "en" | "es" | "fr" | "it" | "nb" | "pt" | "sv")
    }

    /// Its ISO 639-1 code.
    pub fn code(self) -> &'static str {
        self.0
    }

    /// The stem of a word as it stands in the index; the word is folded before by nobody, for stemmers want accents.
    pub fn stem(self, word: &str) -> String {
        super::fold(&Stems::of(self).stem(&lower(word)))
    }
}

/// A language's stemmer.
pub(super) struct Stems(Option<Stemmer>);

impl Stems {
    pub(super) fn of(language: Language) -> Stems {
        let algorithm =
            ALGORITHMS.iter().find(|(code, _)| *code == language.0).map(|(_, algorithm)| *algorithm);
        Stems(algorithm.map(Stemmer::new))
    }

    /// The stem of a word in lower case.
    pub(super) fn stem(&self, word: &str) -> String {
        match &self.0 {
            Some(stemmer) => stemmer.stem(word).into_owned(),
            None => word.to_owned(),
        }
    }
}
