//! The terms of what is about to be asked, and what each is worth.

use std::collections::HashMap;

use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::{Field, Term};

use super::{Alike, Weights};
use crate::search::analysis::{self, Language};
use crate::search::find::terms::{self, term};
use crate::search::index::Snapshot;
use crate::search::index::document::Kind;

/// Terms that are looked up at most; each has a bit of [`Sum::terms`](super::exact::Sum::terms).
const TERMS: usize = 120;

/// Shared words told.
const SHARED: usize = 4;

/// A term of what is about to be asked.
pub(super) struct Asked {
    pub(super) text: String,
    /// As it is written.
    pub(super) word: String,
    pub(super) in_title: f32,
    pub(super) in_body: f32,
    /// Whether it is more than what stands in every text.
    pub(super) telling: bool,
    /// Questions that have it themselves or in an answer, about.
    pub(super) having: f32,
    /// Places where it is written, about.
    pub(super) postings: usize,
}

impl Asked {
    fn weight(&self, weights: &Weights) -> f32 {
        let body = if self.in_body > 0.0 {
            self.in_body * (weights.k3 + 1.0) / (self.in_body + weights.k3)
        } else {
            0.0
        };
        self.in_title * weights.asked_title + body
    }

    fn often(&self, weights: &Weights) -> f32 {
        (self.in_title * weights.asked_title + self.in_body).max(1.0)
    }
}

/// Characters of a body that are compared.
const BODY: usize = 20_000;

/// The terms of it.
pub(super) struct Terms {
    /// Those that somebody has written, rarest first.
    pub(super) asked: Vec<Asked>,
    /// How many telling ones there are, written or not.
    pub(super) words: usize,
    /// And how many of these are in the title.
    pub(super) title_words: usize,
}

pub(super) fn asked_terms(index: &Snapshot, alike: &Alike<'_>) -> tantivy::Result<Terms> {
    let end = alike.body.char_indices().nth(BODY).map_or(alike.body.len(), |(at, _)| at);
    let body = &alike.body[..end];
    let language = language(index, alike)?;
    let mut asked: HashMap<String, (f32, f32, &str)> = HashMap::new();
    for found in analysis::stemmed(alike.title, language) {
        asked.entry(found.text).or_insert((0.0, 0.0, &alike.title[found.at])).0 += 1.0;
    }
    for found in analysis::stemmed(body, language) {
        asked.entry(found.text).or_insert((0.0, 0.0, &body[found.at])).1 += 1.0;
    }
    let (mut words, mut title_words) = (0, 0);
    let mut terms = Vec::with_capacity(asked.len());
    for (text, (in_title, in_body, word)) in asked {
        let word = word.to_lowercase();
        let telling = !analysis::is_stop_word(&analysis::fold(&word));
        words += usize::from(telling);
        title_words += usize::from(telling && in_title > 0.0);
        let having = |field: Field| index.searcher.doc_freq(&term(field, &text));
        let (gist, replies) = (having(index.fields.gist)?, having(index.fields.replies)?);
        if gist + replies > 0 {
            // More than either, less than both together.
            let having = gist.max(replies) as f32 + gist.min(replies) as f32 / 2.0;
            let postings = usize::try_from(gist + replies).unwrap_or(usize::MAX);
            terms.push(Asked { text, word, in_title, in_body, telling, having, postings });
        }
    }
    terms.sort_unstable_by(|one: &Asked, other| {
        one.having.total_cmp(&other.having).then_with(|| one.text.cmp(&other.text))
    });
    terms.truncate(TERMS);
    Ok(Terms { asked: terms, words, title_words })
}

/// The language it is written in, or the one that most posts are.
fn language(index: &Snapshot, alike: &Alike<'_>) -> tantivy::Result<Language> {
    let text = format!("{} {}", alike.title, alike.body);
    if let Some(known) = crate::text::language(&text).and_then(Language::known) {
        return Ok(known);
    }
    Ok(terms::languages(&index.searcher, &index.fields)?.first().copied().unwrap_or(analysis::FALLBACK))
}

/// A term with what it is worth here.
pub(super) struct Weighed<'a> {
    pub(super) text: &'a str,
    pub(super) weight: f32,
    pub(super) cosine: f32,
    pub(super) idf: f32,
    pub(super) postings: usize,
}

impl<'a> Weighed<'a> {
    pub(super) fn of(asked: &'a Asked, figures: &Figures, weights: &Weights) -> Weighed<'a> {
        let idf = idf(figures.questions, asked.having.min(figures.questions));
        Weighed {
            text: &asked.text,
            weight: asked.weight(weights) * idf.powf(weights.rarity),
            cosine: (1.0 + asked.often(weights).ln()) * idf,
            idf,
            postings: asked.postings,
        }
    }
}

/// The rarest of the terms, none of which is a part of another or stands in every text.
pub(super) fn shared(asked: &[Asked], terms: u128) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for (n, asked) in asked.iter().enumerate() {
        let new = asked.telling
            && !words.iter().any(|word| word.contains(&asked.word) || asked.word.contains(word));
        if terms & (1 << n) != 0 && new && words.len() < SHARED {
            words.push(asked.word.clone());
        }
    }
    words
}

/// Sizes over all questions.
pub(super) struct Figures {
    pub(super) questions: f32,
    pub(super) average: f32,
    /// Documents of all kinds.
    pub(super) documents: u64,
}

impl Figures {
    pub(super) fn of(index: &Snapshot) -> tantivy::Result<Figures> {
        let kind = Term::from_field_u64(index.fields.kind, Kind::Question.number());
        let questions = index.searcher.doc_freq(&kind)?.max(1) as f32;
        let mut tokens = 0;
        for field in [index.fields.title, index.fields.gist, index.fields.replies] {
            tokens += index.searcher.total_num_tokens(field)?;
        }
        let documents = index.searcher.total_num_docs()?;
        Ok(Figures { questions, average: (tokens as f32 / questions).max(1.0), documents })
    }
}

/// How rare a term is (the formula of Lucene's and tantivy's BM25, never negative).
fn idf(all: f32, having: f32) -> f32 {
    (1.0 + (all - having + 0.5).max(0.0) / (having + 0.5)).ln()
}
