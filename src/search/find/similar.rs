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
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED};

use super::scope::FindScope;
use super::terms::{self, term};
use crate::search::analysis::{self, Language};
use crate::search::index::Snapshot;

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
pub const POSTINGS: usize = 400_000;
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
/// # Errors
/// The index's.
pub fn similar(
    index: &Snapshot,
    scope: &FindScope,
    alike: &Alike<'_>,
    weights: &Weights,
    most: usize,
) -> tantivy::Result<Vec<Near>> {
    let (all, unknown) = asked_terms(index, alike)?;
    let figures = Figures::of(index)?;
    let mut near: HashMap<(u32, DocId), Sum> = HashMap::new();
    let mut looked = 0;
    let mut idfs = unknown as f32 * idf(figures.questions, 0.0);
    for (n, asked) in all.iter().enumerate() {
        if looked > POSTINGS {
            break;
        }
        let found = found(index, &asked.text, weights, &figures, &mut looked)?;
        if found.is_empty() {
            continue;
        }
        let idf = idf(figures.questions, found.len() as f32);
        let weight = asked.weight(weights) * idf.powf(weights.rarity);
        let cosine = (1.0 + asked.often(weights).ln()) * idf;
        idfs += idf;
        for place in found {
            let sum = near.entry((place.segment, place.document)).or_insert_with(|| Sum::new(place.length));
            sum.bm25 += weight * place.often * (weights.k1 + 1.0) / (place.often + weights.k1 * place.norm);
            if place.own > 0.0 {
                sum.cosine += cosine * (1.0 + place.own.max(1.0).ln()) * idf;
            }
            sum.covered += idf;
            sum.terms |= 1 << n;
        }
    }
    let best = best(index, scope, alike, weights, most, near)?;
    let told = |best: Candidate| Near {
        question: best.question,
        score: best.score,
        covered: best.covered / idfs.max(f32::MIN_POSITIVE),
        shared: shared(&all, best.terms),
    };
    Ok(best.into_iter().map(told).collect())
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

/// What was gathered of a question.
struct Sum {
    bm25: f32,
    cosine: f32,
    covered: f32,
    /// Those of the asker's terms that it has, a bit each.
    terms: u128,
    length: f32,
}

/// A question that may be told.
struct Candidate {
    score: f32,
    covered: f32,
    terms: u128,
    segment: u32,
    document: DocId,
    question: i64,
}

impl Sum {
    fn new(length: f32) -> Sum {
        Sum { bm25: 0.0, cosine: 0.0, covered: 0.0, terms: 0, length }
    }
}

fn best(
    index: &Snapshot,
    scope: &FindScope,
    alike: &Alike<'_>,
    weights: &Weights,
    most: usize,
    near: HashMap<(u32, DocId), Sum>,
) -> tantivy::Result<Vec<Candidate>> {
    let largest = |part: fn(&Sum) -> f32| near.values().map(part).fold(f32::MIN_POSITIVE, f32::max);
    let most_bm25 = largest(|sum| sum.bm25);
    let most_cosine = largest(|sum| sum.cosine / sum.length.max(1.0).sqrt());
    let mut ranked: Vec<Candidate> = near
        .iter()
        .map(|(&(segment, document), sum)| {
            let cosine = sum.cosine / sum.length.max(1.0).sqrt() / most_cosine;
            let score = sum.bm25 / most_bm25 + weights.cosine * cosine;
            Candidate { score, covered: sum.covered, terms: sum.terms, segment, document, question: 0 }
        })
        .collect();
    // More than are wanted, for those that are not for this viewer.
    let some = (most * 8).max(400);
    if ranked.len() > some {
        ranked.select_nth_unstable_by(some, |one, other| other.score.total_cmp(&one.score));
        let rest = ranked.split_off(some);
        let found = taken(index, scope, alike, most, ranked)?;
        if found.len() >= most {
            return Ok(found);
        }
        ranked = rest;
        let mut found = found;
        found.extend(taken(index, scope, alike, most - found.len(), ranked)?);
        return Ok(found);
    }
    taken(index, scope, alike, most, ranked)
}

fn taken(
    index: &Snapshot,
    scope: &FindScope,
    alike: &Alike<'_>,
    most: usize,
    mut ranked: Vec<Candidate>,
) -> tantivy::Result<Vec<Candidate>> {
    ranked.sort_unstable_by(|one, other| {
        other.score.total_cmp(&one.score).then(other.document.cmp(&one.document))
    });
    let segments = index.searcher.segment_readers();
    let mut scopes = HashMap::new();
    let mut found = Vec::with_capacity(most);
    for candidate in ranked {
        if found.len() >= most {
            break;
        }
        let reader = &segments[candidate.segment as usize];
        let (scope, posts) = match scopes.entry(candidate.segment) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(new) => {
                new.insert((scope.on(reader)?, reader.fast_fields().u64("post")?))
            }
        };
        let question =
            posts.first(candidate.document).and_then(|id| i64::try_from(id).ok()).unwrap_or_default();
        if scope.has(candidate.document) && alike.except != Some(question) {
            found.push(Candidate { question, ..candidate });
        }
    }
    Ok(found)
}

/// A term of what is about to be asked.
struct Asked {
    text: String,
    /// As it is written.
    word: String,
    in_title: f32,
    in_body: f32,
    rough: u64,
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
        let mut rough = 0;
        for field in [index.fields.gist, index.fields.replies] {
            rough += index.searcher.doc_freq(&term(field, &text))?;
        }
        if rough > 0 {
            terms.push(Asked { text, word: word.to_lowercase(), in_title, in_body, rough });
        }
    }
    terms.sort_unstable_by(|one, other| (one.rough, &one.text).cmp(&(other.rough, &other.text)));
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
}

impl Figures {
    fn of(index: &Snapshot) -> tantivy::Result<Figures> {
        use tantivy::query::Bm25StatisticsProvider;
        let kind = tantivy::schema::Term::from_field_u64(
            index.fields.kind,
            crate::search::index::document::Kind::Question.number(),
        );
        let questions = index.searcher.doc_freq(&kind)?.max(1) as f32;
        let mut tokens = 0;
        for field in [index.fields.title, index.fields.gist, index.fields.replies] {
            tokens += Bm25StatisticsProvider::total_num_tokens(&index.searcher, field)?;
        }
        Ok(Figures { questions, average: (tokens as f32 / questions).max(1.0) })
    }
}

/// A question that has a term.
struct Place {
    segment: u32,
    document: DocId,
    /// How often in all fields together.
    often: f32,
    /// How often in the question itself.
    own: f32,
    norm: f32,
    /// Terms of the question itself.
    length: f32,
}

/// All questions that have a term, with how often they have it in all their fields together.
fn found(
    index: &Snapshot,
    text: &str,
    weights: &Weights,
    figures: &Figures,
    looked: &mut usize,
) -> tantivy::Result<Vec<Place>> {
    let fields = [
        (index.fields.title, weights.title),
        (index.fields.gist, weights.gist),
        (index.fields.replies, weights.replies),
    ];
    let mut places = Vec::new();
    for (ordinal, segment) in index.searcher.segment_readers().iter().enumerate() {
        let mut often: Vec<(DocId, f32, f32)> = Vec::new();
        for (field, weight) in fields {
            let own = if field == index.fields.replies { 0.0 } else { weight };
            occurrences(segment, field, text, |times| (times * weight, times * own), &mut often)?;
        }
        *looked += often.len();
        often.sort_unstable_by_key(|(document, ..)| *document);
        often.dedup_by(|next, first| {
            let same = next.0 == first.0;
            if same {
                first.1 += next.1;
                first.2 += next.2;
            }
            same
        });
        let lengths = |field: Field| segment.get_fieldnorms_reader(field);
        let [title, gist, replies] =
            [lengths(index.fields.title)?, lengths(index.fields.gist)?, lengths(index.fields.replies)?];
        let alive = segment.alive_bitset();
        for (document, often, own) in often {
            if alive.is_some_and(|alive| alive.is_deleted(document)) {
                continue;
            }
            let own_length = (title.fieldnorm(document) + gist.fieldnorm(document)) as f32;
            let length = own_length + replies.fieldnorm(document) as f32 * weights.replies.min(1.0);
            places.push(Place {
                segment: ordinal as u32,
                document,
                often,
                own,
                norm: 1.0 - weights.b + weights.b * length / figures.average,
                length: own_length,
            });
        }
    }
    Ok(places)
}

fn occurrences(
    segment: &SegmentReader,
    field: Field,
    text: &str,
    counted: impl Fn(f32) -> (f32, f32),
    often: &mut Vec<(DocId, f32, f32)>,
) -> tantivy::Result<()> {
    let inverted = segment.inverted_index(field)?;
    let Some(mut postings) = inverted.read_postings(&term(field, text), IndexRecordOption::WithFreqs)? else {
        return Ok(());
    };
    let mut document = postings.doc();
    while document != TERMINATED {
        let (all, own) = counted(postings.term_freq() as f32);
        often.push((document, all, own));
        document = postings.advance();
    }
    Ok(())
}

/// How rare a term is (the formula of Lucene's and tantivy's BM25, never negative).
fn idf(all: f32, having: f32) -> f32 {
    (1.0 + (all - having + 0.5).max(0.0) / (having + 0.5)).ln()
}
