//! Gathers what matches: how many, of which spaces, tags, states and kinds, and the best of them.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};

use tantivy::{DocId, Score, SegmentReader};

use super::rank::{FRESHEST, freshness};
use super::scope::FindScope;
use crate::clock::{Micros, SECOND};
use crate::questions::State;
use crate::search::index::document::{Kind, state_number};
use crate::search::index::facts::Facts;
use crate::search::query::Span;

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// What fits best first.
    #[default]
    Relevance,
    /// Written last first.
    Newest,
    /// Highest score first.
    Score,
}

impl Order {
    /// Reads an order's name, as in URLs.
    pub fn parse(name: &str) -> Option<Order> {
        match name {
            "relevance" => Some(Order::Relevance),
            "newest" => Some(Order::Newest),
            "score" => Some(Order::Score),
            _ => None,
        }
    }

    /// As in URLs.
    pub fn as_str(self) -> &'static str {
        match self {
            Order::Relevance => "relevance",
            Order::Newest => "newest",
            Order::Score => "score",
        }
    }
}

/// A post that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// By what the list is ordered.
    pub key: f64,
    /// The post.
    pub post: i64,
    /// Its thread's question.
    pub thread: i64,
    /// What it is.
    pub kind: Kind,
}

/// How many of what was found are of which kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// By space.
    pub spaces: HashMap<u64, u64>,
    /// By tag.
    pub tags: HashMap<String, u64>,
    /// By [`STATES`](crate::search::index::document::STATES), as `is:` finds them: one may be of two.
    pub states: [u64; 4],
    /// By [`Kind::ALL`].
    pub kinds: [u64; 3],
}

/// All that was gathered.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// How many there are.
    pub total: u64,
    /// The best of them, best first.
    pub hits: Vec<Hit>,
    /// Counts.
    pub facets: Facets,
}

/// What to gather.
pub struct Gather<'a> {
    /// What may be found at all.
    pub scope: &'a FindScope,
    /// In which order.
    pub order: Order,
    /// How many of the best.
    pub most: usize,
    /// Scores that are wanted.
    pub score: Span,
    /// Times that are wanted.
    pub created: Span,
    /// Now.
    pub now: Micros,
}

/// Gathers of one segment after the other.
pub struct Gathering<'a> {
    gather: &'a Gather<'a>,
    total: u64,
    facets: Facets,
    best: BinaryHeap<Ranked>,
}

impl<'a> Gathering<'a> {
    /// Nothing yet.
    pub fn new(gather: &'a Gather<'a>) -> Gathering<'a> {
        let best = BinaryHeap::with_capacity(gather.most + 1);
        Gathering { gather, total: 0, facets: Facets::default(), best }
    }

    /// Gathers documents of a segment, each with how well it fits.
    pub fn segment(
        &mut self,
        segment: &SegmentReader,
        facts: &Facts,
        found: impl Iterator<Item = (DocId, Score)>,
    ) {
        let scope = self.gather.scope.on(segment, facts);
        let mut by_space = vec![0_u64; facts.spaces.len()];
        let mut by_tag = vec![0_u64; facts.tag_names.len()];
        for (document, score) in found {
            if !scope.has(document) || !self.within(facts, document) {
                continue;
            }
            self.total += 1;
            by_space[facts.space(document)] += 1;
            let kind = facts.kind(document);
            self.facets.kinds[kind as usize] += 1;
            self.count_state(facts, document);
            for tag in facts.tags(document) {
                by_tag[*tag as usize] += 1;
            }
            self.rank(facts, document, score, kind);
        }
        for (space, count) in facts.spaces.iter().zip(by_space).filter(|(_, count)| *count > 0) {
            *self.facets.spaces.entry(*space).or_default() += count;
        }
        let tags = facts.tag_names.iter().zip(by_tag).filter(|(_, count)| *count > 0);
        let mut tags: Vec<(&String, u64)> = tags.collect();
        tags.sort_unstable_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
        // Of each segment more than are shown, so that what is common in all of them is not missed.
        for (name, count) in tags.into_iter().take(200) {
            *self.facets.tags.entry(name.clone()).or_default() += count;
        }
    }

    /// As the operators find them: what is solved may be closed too, and what is open may be unanswered.
    fn count_state(&mut self, facts: &Facts, document: DocId) {
        let states = &mut self.facets.states;
        let at = |state: State| state_number(state) as usize;
        let state = facts.state(document);
        if facts.is_solved(document) {
            states[at(State::Solved)] += 1;
        }
        if state == at(State::Unanswered) {
            states[at(State::Open)] += 1;
        }
        if state != at(State::Solved) {
            states[state] += 1;
        }
    }

    fn within(&self, facts: &Facts, document: DocId) -> bool {
        let within = |span: Span, value: &dyn Fn() -> i64| {
            span.is_open() || {
                let value = value();
                span.from.is_none_or(|from| value >= from) && span.to.is_none_or(|to| value <= to)
            }
        };
        within(self.gather.score, &|| facts.score(document))
            && within(self.gather.created, &|| facts.created(document))
    }

    fn rank(&mut self, facts: &Facts, document: DocId, score: Score, kind: Kind) {
        let full = self.best.len() >= self.gather.most;
        let worst = self.best.peek().map_or(f64::MIN, |worst| worst.0.key);
        let standing = score * facts.standing(document);
        // However fresh it is, it would not be among the best.
        if full && self.gather.order == Order::Relevance && f64::from(standing * FRESHEST) < worst {
            return;
        }
        let key = match self.gather.order {
            Order::Relevance => {
                let age = self.gather.now - i64::from(facts.seconds(document)) * SECOND;
                f64::from(standing * freshness(age))
            }
            Order::Newest => f64::from(facts.seconds(document)),
            Order::Score => facts.score(document) as f64,
        };
        if full && key < worst {
            return;
        }
        let hit = Hit { key, post: facts.post(document), thread: facts.thread(document), kind };
        if !full {
            self.best.push(Ranked(hit));
        } else if let Some(mut worst) = self.best.peek_mut()
            && best_first(&hit, &worst.0) == Ordering::Less
        {
            *worst = Ranked(hit);
        }
    }

    /// All of it.
    pub fn done(self) -> Gathered {
        let mut hits: Vec<Hit> = self.best.into_iter().map(|ranked| ranked.0).collect();
        hits.sort_by(best_first);
        Gathered { total: self.total, hits, facets: self.facets }
    }
}

/// The worst is on top of a heap of these.
struct Ranked(Hit);

impl PartialEq for Ranked {
    fn eq(&self, other: &Ranked) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ranked {}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Ranked) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ranked {
    fn cmp(&self, other: &Ranked) -> Ordering {
        best_first(&self.0, &other.0)
    }
}

/// The higher key, then what was written later.
fn best_first(one: &Hit, other: &Hit) -> Ordering {
    other.key.total_cmp(&one.key).then(other.post.cmp(&one.post))
}
