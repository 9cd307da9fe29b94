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
//! Work is bounded: candidates by the rare terms, until enough places have been read; the best of them exactly.

mod asked;
mod candidates;
mod exact;

use tantivy::DocId;
use tantivy::schema::Field;

use super::scope::FindScope;
use crate::search::index::Snapshot;
use crate::search::index::facts::{Facts, Text};
use asked::{Asked, Figures, Terms, Weighed, asked_terms, shared};
use candidates::candidates;
use exact::{Sum, exactly};

/// How the parts are weighed. The defaults were tuned by `peerhall search eval` (BENCHMARKS.md, "relevance").
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
            replies: 1.0,
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
    /// Which part of the asker's words it has, from 0 to 1, those apart that stand in every text. It is counted and not
    /// weighed: how rare a word is where the viewer may not look is nobody's business.
    pub covered: f32,
    /// The same of the title's words alone.
    pub title_covered: f32,
    /// The rarest words of the asker's that it has, as the asker wrote them.
    pub shared: Vec<String>,
}

/// The most similar questions, most similar first.
///
/// First the rare terms are added up over all questions, until enough is read; then the best of these are weighed
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
    let Terms { asked, words, title_words } = asked_terms(index, alike)?;
    let figures = Figures::of(index)?;
    let terms: Vec<Weighed> = asked.iter().map(|asked| Weighed::of(asked, &figures, weights)).collect();
    let first = candidates(index, scope, alike, &terms, weights, &figures, most)?;
    let mut near = Vec::with_capacity(first.len());
    for (number, (segment, facts)) in index.segments().enumerate() {
        let of_segment = first.iter().filter(|candidate| candidate.segment == number);
        let mut here: Vec<DocId> = of_segment.map(|candidate| candidate.document).collect();
        here.sort_unstable();
        near.extend(exactly(index, segment, facts, &here, &terms, weights, &figures)?);
    }
    let largest = |part: fn(&Sum) -> f32| near.iter().map(part).fold(f32::MIN_POSITIVE, f32::max);
    let (most_bm25, most_cosine) = (largest(|sum| sum.bm25), largest(|sum| sum.cosine));
    let part = |found: u128, telling: fn(&Asked) -> bool, all: usize| {
        let found =
            asked.iter().enumerate().filter(|(n, asked)| found >> n & 1 == 1 && telling(asked)).count();
        found as f32 / all.max(1) as f32
    };
    let mut ranked: Vec<Near> = near
        .into_iter()
        .map(|sum| Near {
            question: sum.question,
            score: sum.bm25 / most_bm25 + weights.cosine * sum.cosine / most_cosine,
            covered: part(sum.terms, |asked| asked.telling, words),
            title_covered: part(sum.terms, |asked| asked.telling && asked.in_title > 0.0, title_words),
            shared: shared(&asked, sum.terms),
        })
        .collect();
    ranked.sort_by(|one, other| other.score.total_cmp(&one.score).then(other.question.cmp(&one.question)));
    ranked.truncate(most);
    Ok(ranked)
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
