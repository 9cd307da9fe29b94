//! Gathers what matches: how many, of which spaces, tags, states and kinds, and the best of them.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::Weight;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use super::rank::{Facts, LARGEST, factor};
use super::scope::FindScope;
use crate::clock::Micros;
use crate::search::index::document::{Kind, STATES};
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
    /// By [`STATES`].
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

impl Collector for Gather<'_> {
    type Fruit = Gathered;
    type Child = Nothing;

    fn for_segment(&self, _: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<Nothing> {
        Ok(Nothing)
    }

    fn requires_scoring(&self) -> bool {
        self.order == Order::Relevance
    }

    fn merge_fruits(&self, fruits: Vec<Gathered>) -> tantivy::Result<Gathered> {
        let mut all = Gathered::default();
        for fruit in fruits {
            all.total += fruit.total;
            all.hits.extend(fruit.hits);
            all.facets.add(fruit.facets);
        }
        all.hits.sort_by(best_first);
        all.hits.truncate(self.most);
        Ok(all)
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        _: u32,
        segment: &SegmentReader,
    ) -> tantivy::Result<Gathered> {
        let mut gathering = Gathering::new(self, segment)?;
        if self.requires_scoring() {
            weight.for_each(segment, &mut |document, score| gathering.take(document, score))?;
        } else {
            weight.for_each_no_score(segment, &mut |documents| {
                documents.iter().for_each(|document| gathering.take(*document, 0.0));
            })?;
        }
        gathering.done()
    }
}

/// A segment is gathered by [`Gather`] itself.
pub struct Nothing;

impl SegmentCollector for Nothing {
    type Fruit = Gathered;

    fn collect(&mut self, _: DocId, _: Score) {}

    fn harvest(self) -> Gathered {
        Gathered::default()
    }
}

struct Gathering<'a> {
    gather: &'a Gather<'a>,
    scope: super::scope::ScopeOn<'a>,
    posts: Column<u64>,
    threads: Column<u64>,
    spaces: Column<u64>,
    kinds: Column<u64>,
    states: Column<u64>,
    solved: Column<u64>,
    scores: Column<i64>,
    created: Column<i64>,
    tags: Option<StrColumn>,
    total: u64,
    by_space: HashMap<u64, u64>,
    by_tag: HashMap<u64, u64>,
    by_state: [u64; 4],
    by_kind: [u64; 3],
    best: BinaryHeap<Ranked>,
}

impl<'a> Gathering<'a> {
    fn new(gather: &'a Gather<'a>, segment: &'a SegmentReader) -> tantivy::Result<Gathering<'a>> {
        let fast = segment.fast_fields();
        Ok(Gathering {
            gather,
            scope: gather.scope.on(segment)?,
            posts: fast.u64("post")?,
            threads: fast.u64("thread")?,
            spaces: fast.u64("space")?,
            kinds: fast.u64("kind")?,
            states: fast.u64("state")?,
            solved: fast.u64("solved")?,
            scores: fast.i64("score")?,
            created: fast.i64("created")?,
            tags: fast.str("tag")?,
            total: 0,
            by_space: HashMap::new(),
            by_tag: HashMap::new(),
            by_state: [0; 4],
            by_kind: [0; 3],
            best: BinaryHeap::with_capacity(gather.most + 1),
        })
    }

    fn take(&mut self, document: DocId, score: Score) {
        if !self.scope.has(document) || !self.within(document) {
            return;
        }
        self.total += 1;
        *self.by_space.entry(self.spaces.first(document).unwrap_or_default()).or_default() += 1;
        let kind = self.kinds.first(document).unwrap_or(1).clamp(1, 3) as usize - 1;
        self.by_kind[kind] += 1;
        self.by_state[self.states.first(document).unwrap_or_default().min(3) as usize] += 1;
        if let Some(tags) = &self.tags {
            for tag in tags.ords().values_for_doc(document) {
                *self.by_tag.entry(tag).or_default() += 1;
            }
        }
        self.rank(document, score, Kind::ALL[kind]);
    }

    fn within(&self, document: DocId) -> bool {
        let within = |span: Span, column: &Column<i64>| {
            span.is_open() || {
                let value = column.first(document).unwrap_or_default();
                span.from.is_none_or(|from| value >= from) && span.to.is_none_or(|to| value <= to)
            }
        };
        within(self.gather.score, &self.scores) && within(self.gather.created, &self.created)
    }

    fn rank(&mut self, document: DocId, score: Score, kind: Kind) {
        let full = self.best.len() >= self.gather.most;
        let worst = self.best.peek().map_or(f64::MIN, |worst| worst.0.key);
        // Whatever its factors are, it would not be among the best.
        if full && self.gather.order == Order::Relevance && f64::from(score * LARGEST) < worst {
            return;
        }
        let key = match self.gather.order {
            Order::Relevance => {
                let facts = Facts {
                    solved: self.solved.first(document) == Some(1),
                    score: self.scores.first(document).unwrap_or_default(),
                    age: self.gather.now - self.created.first(document).unwrap_or_default(),
                    kind,
                };
                f64::from(score * factor(facts))
            }
            Order::Newest => self.created.first(document).unwrap_or_default() as f64,
            Order::Score => self.scores.first(document).unwrap_or_default() as f64,
        };
        let id = |column: &Column<u64>| {
            column.first(document).and_then(|id| i64::try_from(id).ok()).unwrap_or_default()
        };
        let hit = Hit { key, post: id(&self.posts), thread: id(&self.threads), kind };
        if !full {
            self.best.push(Ranked(hit));
        } else if let Some(mut worst) = self.best.peek_mut()
            && best_first(&hit, &worst.0) == Ordering::Less
        {
            *worst = Ranked(hit);
        }
    }

    fn done(self) -> tantivy::Result<Gathered> {
        let mut tags = HashMap::new();
        if let Some(column) = &self.tags {
            let mut most: Vec<(u64, u64)> = self.by_tag.into_iter().collect();
            most.sort_by_key(|(tag, count)| (std::cmp::Reverse(*count), *tag));
            // Of each segment more than are shown, so that what is common in all of them is not missed.
            for (tag, count) in most.into_iter().take(200) {
                let mut name = String::new();
                if column.ord_to_str(tag, &mut name)? {
                    tags.insert(name, count);
                }
            }
        }
        let mut hits: Vec<Hit> = self.best.into_iter().map(|ranked| ranked.0).collect();
        hits.sort_by(best_first);
        let facets = Facets { spaces: self.by_space, tags, states: self.by_state, kinds: self.by_kind };
        Ok(Gathered { total: self.total, hits, facets })
    }
}

impl Facets {
    fn add(&mut self, other: Facets) {
        for (space, count) in other.spaces {
            *self.spaces.entry(space).or_default() += count;
        }
        for (tag, count) in other.tags {
            *self.tags.entry(tag).or_default() += count;
        }
        for place in 0..STATES.len() {
            self.states[place] += other.states[place];
        }
        for place in 0..Kind::ALL.len() {
            self.kinds[place] += other.kinds[place];
        }
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
