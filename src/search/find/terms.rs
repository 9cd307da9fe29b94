//! The terms a query's words may stand for in the index: stems in the languages there are, synonyms, code as it is.

use tantivy::Searcher;
use tantivy::schema::{Field, Term};

use crate::search::analysis::{self, FALLBACK, Kind, Language};
use crate::search::index::schema::Fields;
use crate::search::synonyms::Synonyms;

/// Languages a word is stemmed by at most.
const LANGUAGES: usize = 6;
/// Terms one word stands for at most.
const VARIANTS: usize = 12;

/// One thing that is looked for: any of its variants will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Each a list of terms that must all be there.
    pub variants: Vec<Vec<String>>,
    /// Whether a post may lack it.
    pub optional: bool,
}

/// The languages posts are written in, most used first, with the one that is taken where none could be told.
pub fn languages(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Vec<Language>> {
    let mut counted: Vec<(u64, Language)> = Vec::new();
    for segment in searcher.segment_readers() {
        let inverted = segment.inverted_index(fields.language)?;
        let mut terms = inverted.terms().stream()?;
        while terms.advance() {
            let Some(language) = std::str::from_utf8(terms.key()).ok().and_then(Language::known) else {
                continue;
            };
            let more = u64::from(terms.value().doc_freq);
            match counted.iter_mut().find(|(_, known)| *known == language) {
                Some((count, _)) => *count += more,
                None => counted.push((more, language)),
            }
        }
    }
    counted.sort_by_key(|(count, language)| (std::cmp::Reverse(*count), *language));
    let mut languages: Vec<Language> =
        counted.into_iter().map(|(_, language)| language).take(LANGUAGES).collect();
    if !languages.contains(&FALLBACK) {
        languages.push(FALLBACK);
    }
    Ok(languages)
}

/// What the pieces of a text stand for, each with its variants. Words that say nothing may be lacking, as long as others
/// are there.
pub fn wanted(text: &str, languages: &[Language], synonyms: &Synonyms) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = Vec::new();
    let mut plain: Vec<String> = Vec::new();
    let terms = analysis::written(text);
    let mut at = 0;
    while at < terms.len() {
        let term = &terms[at];
        if term.whole {
            // All of it, or all of its parts.
            let parts: Vec<&analysis::Term> =
                terms[at + 1..].iter().take_while(|part| !part.whole && part.at.end <= term.at.end).collect();
            let mut variants = vec![vec![term.text.clone()]];
            // `2.3.1` is no 2, no 3 and no 1; but who looks for `foo_bar` may be helped by foo and bar.
            let words = parts.iter().all(|part| part.kind == Kind::Word && part.text.chars().count() > 2);
            if !parts.is_empty() && words {
                variants.push(parts.iter().map(|part| first_stem(part, languages)).collect());
            }
            at += 1 + parts.len();
            plain.push(term.text.clone());
            wanted.push(Wanted { variants, optional: false });
            continue;
        }
        if term.kind == Kind::Character {
            let run: Vec<&analysis::Term> =
                terms[at..].iter().take_while(|next| next.kind == Kind::Character).collect();
            for window in run.windows(2) {
                let joined = window[0].at.end == window[1].at.start;
                if joined {
                    let pair = format!("{}{}", window[0].text, window[1].text);
                    wanted.push(Wanted { variants: vec![vec![pair]], optional: false });
                }
            }
            if run.len() == 1 {
                wanted.push(Wanted { variants: vec![vec![term.text.clone()]], optional: false });
            }
            at += run.len();
            continue;
        }
        plain.push(analysis::fold(&term.text));
        let optional = analysis::is_stop_word(&analysis::fold(&term.text));
        wanted.push(Wanted { variants: stems(term, languages), optional });
        at += 1;
    }
    add_synonyms(&mut wanted, &plain, languages, synonyms);
    if wanted.iter().all(|wanted| wanted.optional) {
        wanted.iter_mut().for_each(|wanted| wanted.optional = false);
    }
    wanted
}

fn first_stem(term: &analysis::Term, languages: &[Language]) -> String {
    match term.kind {
        Kind::Word => languages.first().unwrap_or(&FALLBACK).stem(&term.text),
        Kind::Code | Kind::Character => term.text.clone(),
    }
}

fn stems(term: &analysis::Term, languages: &[Language]) -> Vec<Vec<String>> {
    if term.kind != Kind::Word {
        return vec![vec![term.text.clone()]];
    }
    let mut variants: Vec<Vec<String>> = Vec::new();
    for language in languages {
        let stem = vec![language.stem(&term.text)];
        if !variants.contains(&stem) {
            variants.push(stem);
        }
    }
    variants
}

/// A word that stands in a group of synonyms stands for all of the group.
fn add_synonyms(wanted: &mut [Wanted], plain: &[String], languages: &[Language], synonyms: &Synonyms) {
    if wanted.len() != plain.len() {
        // Characters are among them; their synonyms are written out by whoever needs them.
        return;
    }
    for (wanted, word) in wanted.iter_mut().zip(plain) {
        for other in synonyms.of(word) {
            let terms: Vec<String> = analysis::written(other)
                .iter()
                .filter(|term| !term.whole)
                .map(|term| first_stem(term, languages))
                .collect();
            if !terms.is_empty() && !wanted.variants.contains(&terms) && wanted.variants.len() < VARIANTS {
                wanted.variants.push(terms);
            }
        }
    }
}

/// A term of a field.
pub fn term(field: Field, text: &str) -> Term {
    Term::from_field_text(field, text)
}
