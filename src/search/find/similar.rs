//! Questions that ask the same: found by all that somebody wrote about theirs.
//!
//! Each of the asker's terms is looked up in titles, in questions and in what was answered to them; how often a
//! question has it in all of these together is weighed as BM25 does (Robertson and Zaragoza, "The Probabilistic
//! Relevance Framework: BM25 and Beyond", 2009, section 3.6: fields are weighed before they are saturated). What differs
//! from plain BM25:
//!
//! - rare terms count more than by their IDF alone ([`Weights::rarity`]): two people who meet the same error share few
//!   words, but those are rare ones;
//! - terms of the asker's title count more than those of the body, and what is repeated in a body counts again;
//! - the cosine of both questions' weights, without the answers, is added ([`Weights::cosine`]): it asks what part of a
//!   question is about the same.
//!
//! Work is bounded: rare terms first, until [`POSTINGS`] places have been looked at.

use std::collections::HashMap;

use tantivy::postings::Postings;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocId, DocSet, SegmentReader};

use super::scope::FindScope;
use super::sums::{each_posting, with_sums};
use super::terms::{self, term};
use crate::search::analysis::{self, Language};
use crate::search::index::Snapshot;
use crate::search::index::document::Kind;
use crate::search::index::facts::{Facts, Text};

/// How the parts are weighed. The defaults were tuned by `peerhall search eval` (BENCHMARKS.md, "search").
#[derive(Clone, Copy, Debug)]
pub struct Weights {
    /// A term in a title counts so often.
    pub title: f32,
    /// A term in a question counts so often.
    pub gist: f32,
    /// A term in an answer counts so often.
    pub replies: f32,
    /// How soon more of the same term stops to count.
    pub k1: f32,
    /// How much length counts against a question.
    pub b: f32,
    /// The IDF to this power.
    pub rarity: f32,
    /// A term of the asker's title counts so often.
    pub asked_title: f32,
    /// How soon repetition in the asker's body stops to count.
    pub k3: f32,
    /// The part of the cosine in the whole.
    pub cosine: f32,
}

impl Default for Weights {
    fn default() -> Weights {
        Weights {
            title: 2.0,
            gist: 1.0,
            replies: 0.8,
            k1: 2.0,
            b: 0.6,
            rarity: 1.3,
            asked_title: 1.5,
            k3: 8.0,
            cosine: 0.7,
        }
    }
}

impl Weights {
    /// Sets one by its name; false where there is none of that name.
    pub fn set(&mut self, name: &str, value: f32) -> bool {
        let weight = match name {
            "title" => &mut self.title,
            "gist" => &mut self.gist,
            "replies" => &mut self.replies,
            "k1" => &mut self.k1,
            "b" => &mut self.b,
            "rarity" => &mut self.rarity,
            "asked-title" => &mut self.asked_title,
            "k3" => &mut self.k3,
            "cosine" => &mut self.cosine,
            _ => return false,
        };
        *weight = value;
        true
    }
}

/// Places in the index that are looked at for one answer, at most.
pub const POSTINGS: usize = 80_000;
/// Terms that are looked up at most; each has a bit of [`Sum::terms`].
const TERMS: usize = 120;

/// What somebody is about to ask.
#[derive(Clone, Debug, Default)]
pub struct Alike<'a> {
    /// The title, as far as it is typed.
    pub title: &'a str,
    /// The body, without markup.
    pub body: &'a str,
    /// The question this is, which is not to be found itself.
    pub except: Option<i64>,
}

/// A question that is near.
#[derive(Clone, Debug, PartialEq)]
pub struct Near {
    /// Its id.
    pub question: i64,
    /// How near, in comparison with others of the same answer.
    pub score: f32,
    /// Which part of the asker's terms it has, each by its IDF, from 0 to 1. What nobody has written yet counts too.
    pub covered: f32,
    /// The rarest words of the asker's that it has, as the asker wrote them.
    pub shared: Vec<String>,
}

/// Shared words told.
const SHARED: usize = 4;

/// The most similar questions, most similar first.
///
/// First the rare terms are added up over all questions, until [`POSTINGS`] are read; then the best of these are weighed
/// exactly, by all terms.
///
/// # Errors
/// The index's.
pub fn similar(
    index: &Snapshot,
    scope: &FindScope,
    alike: &Alike<'_>,
    weights: &Weights,
    most: usize,
) -> tantivy::Result<Vec<Near>> {
    let (asked, unknown) = asked_terms(index, alike)?;
    let figures = Figures::of(index)?;
    let terms: Vec<Weighed> = asked.iter().map(|asked| Weighed::of(asked, &figures, weights)).collect();
    let first = candidates(index, scope, alike, &terms, weights, &figures, most)?;
    let mut near = Vec::with_capacity(first.len());
    for (number, (segment, facts)) in index.segments().enumerate() {
        let mut here: Vec<DocId> =
            first.iter().filter(|(_, at, _)| *at == number).map(|(_, _, document)| *document).collect();
        here.sort_unstable();
        near.extend(exactly(index, segment, facts, &here, &terms, weights, &figures)?);
    }
    let largest = |part: fn(&Sum) -> f32| near.iter().map(part).fold(f32::MIN_POSITIVE, f32::max);
    let (most_bm25, most_cosine) = (largest(|sum| sum.bm25), largest(|sum| sum.cosine));
    let all = terms.iter().map(|term| term.idf).sum::<f32>() + unknown as f32 * idf(figures.questions, 0.0);
    let mut ranked: Vec<Near> = near
        .into_iter()
        .map(|sum| Near {
            question: sum.question,
            score: sum.bm25 / most_bm25 + weights.cosine * sum.cosine / most_cosine,
            covered: sum.covered / all.max(f32::MIN_POSITIVE),
            shared: shared(&asked, sum.terms),
        })
        .collect();
    ranked.sort_by(|one, other| other.score.total_cmp(&one.score).then(other.question.cmp(&one.question)));
    ranked.truncate(most);
    Ok(ranked)
}

/// Questions of which so many times more are weighed exactly than are wanted.
const SPARE: usize = 2;
/// And so many at least.
const WEIGHED: usize = 150;

/// A term with what it is worth here.
struct Weighed<'a> {
    text: &'a str,
    weight: f32,
    cosine: f32,
    idf: f32,
}

impl<'a> Weighed<'a> {
    fn of(asked: &'a Asked, figures: &Figures, weights: &Weights) -> Weighed<'a> {
        let idf = idf(figures.questions, asked.having.min(figures.questions));
        Weighed {
            text: &asked.text,
            weight: asked.weight(weights) * idf.powf(weights.rarity),
            cosine: (1.0 + asked.often(weights).ln()) * idf,
            idf,
        }
    }
}

/// Questions that may be near, by their rare terms: score, segment, document.
fn candidates(
    index: &Snapshot,
    scope: &FindScope,
    alike: &Alike<'_>,
    terms: &[Weighed<'_>],
    weights: &Weights,
    figures: &Figures,
    most: usize,
) -> tantivy::Result<Vec<(f32, usize, DocId)>> {
    let some = (most * SPARE).max(WEIGHED);
    let mut found: Vec<(f32, usize, DocId)> = Vec::new();
    for (number, (segment, facts)) in index.segments().enumerate() {
        // A segment has its part of them.
        let room = POSTINGS * segment.max_doc() as usize / (figures.documents as usize).max(1);
        with_sums(|sums, part| {
            sums.begin(segment.max_doc());
            let mut read = 0;
            for term in terms {
                if read > room {
                    break;
                }
                part.begin(segment.max_doc());
                for (field, _, weight) in fields(index, weights) {
                    read += each_posting(segment, field, term.text, |document, times| {
                        part.add(document, times as f32 * weight, 1);
                    })?;
                }
                for document in part.touched() {
                    let length = lengths(facts, *document, weights);
                    let norm = 1.0 - weights.b + weights.b * length / figures.average;
                    let times = part.score(*document);
                    sums.add(
                        *document,
                        term.weight * times * (weights.k1 + 1.0) / (times + weights.k1 * norm),
                        1,
                    );
                }
            }
            let scope = scope.on(segment, facts);
            let is_other = |document: DocId| alike.except != Some(facts.post(document));
            let here = sums.touched().iter().filter(|document| scope.has(**document) && is_other(**document));
            found.extend(here.map(|document| (sums.score(*document), number, *document)));
            tantivy::Result::Ok(())
        })?;
    }
    let best_first = |one: &(f32, usize, DocId), other: &(f32, usize, DocId)| {
        other.0.total_cmp(&one.0).then((other.1, other.2).cmp(&(one.1, one.2)))
    };
    if found.len() > some {
        found.select_nth_unstable_by(some, best_first);
        found.truncate(some);
    }
    Ok(found)
}

/// What was gathered of a question.
struct Sum {
    question: i64,
    bm25: f32,
    cosine: f32,
    covered: f32,
    /// Those of the asker's terms that it has, a bit each.
    terms: u128,
}

/// Weighs some documents of a segment, in their order, by every term.
fn exactly(
    index: &Snapshot,
    segment: &SegmentReader,
    facts: &Facts,
    documents: &[DocId],
    terms: &[Weighed<'_>],
    weights: &Weights,
    figures: &Figures,
) -> tantivy::Result<Vec<Sum>> {
    let sum = |document: &DocId| {
        let question = facts.post(*document);
        Sum { question, bm25: 0.0, cosine: 0.0, covered: 0.0, terms: 0 }
    };
    let mut sums: Vec<Sum> = documents.iter().map(sum).collect();
    if documents.is_empty() {
        return Ok(sums);
    }
    let norms: Vec<f32> = documents
        .iter()
        .map(|document| 1.0 - weights.b + weights.b * lengths(facts, *document, weights) / figures.average)
        .collect();
    for (n, term) in terms.iter().enumerate() {
        // How often in all fields together, and in the question itself.
        let mut often = vec![(0.0_f32, 0.0_f32); documents.len()];
        for (field, text, weight) in fields(index, weights) {
            let inverted = segment.inverted_index(field)?;
            let postings =
                inverted.read_postings(&terms::term(field, term.text), IndexRecordOption::WithFreqs)?;
            let Some(mut postings) = postings else { continue };
            for (document, often) in documents.iter().zip(&mut often) {
                if postings.doc() < *document {
                    postings.seek(*document);
                }
                if postings.doc() == *document {
                    let times = postings.term_freq() as f32 * weight;
                    often.0 += times;
                    if text != Text::Replies {
                        often.1 += times;
                    }
                }
            }
        }
        for ((sum, norm), (times, own)) in sums.iter_mut().zip(&norms).zip(often) {
            if times > 0.0 {
                sum.bm25 += term.weight * times * (weights.k1 + 1.0) / (times + weights.k1 * norm);
                sum.covered += term.idf;
                sum.terms |= 1 << n;
            }
            if own > 0.0 {
                sum.cosine += term.cosine * (1.0 + own.max(1.0).ln()) * term.idf;
            }
        }
    }
    for (sum, document) in sums.iter_mut().zip(documents) {
        let own =
            facts.norms(Text::Title).fieldnorm(*document) + facts.norms(Text::Gist).fieldnorm(*document);
        sum.cosine /= (own as f32).max(1.0).sqrt();
    }
    Ok(sums)
}

/// The fields of a question, and how often a term in each counts.
fn fields(index: &Snapshot, weights: &Weights) -> [(Field, Text, f32); 3] {
    let fields = &index.fields;
    [
        (fields.title, Text::Title, weights.title),
        (fields.gist, Text::Gist, weights.gist),
        (fields.replies, Text::Replies, weights.replies),
    ]
}

/// The length of all of a question's fields together.
fn lengths(facts: &Facts, document: DocId, weights: &Weights) -> f32 {
    let length = |text: Text| facts.norms(text).fieldnorm(document) as f32;
    length(Text::Title) + length(Text::Gist) + length(Text::Replies) * weights.replies.min(1.0)
}

/// The rarest of the terms, none of which is a part of another or stands in every text.
fn shared(asked: &[Asked], terms: u128) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for (n, asked) in asked.iter().enumerate() {
        let new = !analysis::is_stop_word(&asked.word)
            && !words.iter().any(|word| word.contains(&asked.word) || asked.word.contains(word));
        if terms & (1 << n) != 0 && new && words.len() < SHARED {
            words.push(asked.word.clone());
        }
    }
    words
}

/// A term of what is about to be asked.
struct Asked {
    text: String,
    /// As it is written.
    word: String,
    in_title: f32,
    in_body: f32,
    /// Questions that have it themselves or in an answer, about.
    having: f32,
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

/// The terms of it, rarest first, and how many there are that nobody has written yet.
fn asked_terms(index: &Snapshot, alike: &Alike<'_>) -> tantivy::Result<(Vec<Asked>, usize)> {
    let language = language(index, alike)?;
    let mut asked: HashMap<String, (f32, f32, &str)> = HashMap::new();
    for found in analysis::stemmed(alike.title, language) {
        asked.entry(found.text).or_insert((0.0, 0.0, &alike.title[found.at])).0 += 1.0;
    }
    for found in analysis::stemmed(alike.body, language) {
        asked.entry(found.text).or_insert((0.0, 0.0, &alike.body[found.at])).1 += 1.0;
    }
    let all = asked.len();
    let mut terms = Vec::with_capacity(all);
    for (text, (in_title, in_body, word)) in asked {
        let having = |field: Field| index.searcher.doc_freq(&term(field, &text));
        let (gist, replies) = (having(index.fields.gist)?, having(index.fields.replies)?);
        if gist + replies > 0 {
            // More than either, less than both together.
            let having = gist.max(replies) as f32 + gist.min(replies) as f32 / 2.0;
            terms.push(Asked { text, word: word.to_lowercase(), in_title, in_body, having });
        }
    }
    terms.sort_unstable_by(|one: &Asked, other| {
        one.having.total_cmp(&other.having).then_with(|| one.text.cmp(&other.text))
    });
    let unknown = all - terms.len();
    terms.truncate(TERMS);
    Ok((terms, unknown))
}

/// The language it is written in, or the one that most posts are.
fn language(index: &Snapshot, alike: &Alike<'_>) -> tantivy::Result<Language> {
    let text = format!("{} {}", alike.title, alike.body);
    if let Some(known) = crate::text::language(&text).and_then(Language::known) {
        return Ok(known);
    }
    Ok(terms::languages(&index.searcher, &index.fields)?.first().copied().unwrap_or(analysis::FALLBACK))
}

/// Sizes over all questions.
struct Figures {
    questions: f32,
    average: f32,
    /// Documents of all kinds.
    documents: u64,
}

impl Figures {
    fn of(index: &Snapshot) -> tantivy::Result<Figures> {
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
