//! Running a query: all its words, or some of them where no post has all.

use tantivy::query::{EnableScoring, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, SegmentReader};

use super::collect::{Facets, Gather, Gathering, Hit, Order};
use super::filter::{Filter, exactly};
use super::rank::{CONTEXT, TITLE};
use super::scope::FindScope;
use super::statistics::{Saturation, Statistics};
use super::sums::{SEEK, Sums, each_posting, with_sums};
use super::terms::{self, Wanted};
use crate::clock::Micros;
use crate::search::analysis;
use crate::search::index::Snapshot;
use crate::search::index::facts::{Facts, Text};
use crate::search::query::Asked;
use crate::search::synonyms::Synonyms;

/// A query, with what its operators mean in the database.
pub struct Search<'a> {
    /// What was asked.
    pub asked: &'a Asked,
    /// The member `user:` names; None when there is none of that name, and nothing can be found.
    pub author: Option<i64>,
    /// The space `space:` names, likewise.
    pub space: Option<i64>,
    /// What may be found.
    pub scope: &'a FindScope,
    /// Words that mean the same.
    pub synonyms: &'a Synonyms,
    /// In which order.
    pub order: Order,
    /// How many of the best.
    pub most: usize,
    /// Now.
    pub now: Micros,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// How many posts.
    pub total: u64,
    /// The best, best first.
    pub hits: Vec<Hit>,
    /// How many of which kind.
    pub facets: Facets,
    /// Whether no post has all of the words, and these have some.
    pub some_words_only: bool,
}

/// Searches.
///
/// # Errors
/// The index's.
pub fn search(index: &Snapshot, search: &Search<'_>) -> tantivy::Result<Found> {
    let asked = search.asked;
    if (asked.user.is_some() && search.author.is_none()) || (asked.space.is_some() && search.space.is_none())
    {
        return Ok(Found::default());
    }
    let languages = terms::languages(&index.searcher, &index.fields)?;
    let mut wanted = terms::wanted(&asked.words.join(" "), &languages, search.synonyms);
    wanted.sort_by_key(|wanted| wanted.optional);
    wanted.truncate(WORDS);
    let query = Prepared::of(index, search, wanted, &languages)?;
    let found = query.run(index, search, false)?;
    if found.total > 0 || query.several < 2 {
        return Ok(found);
    }
    let found = query.run(index, search, true)?;
    Ok(Found { some_words_only: found.total > 0, ..found })
}

/// Words and phrases each have a bit, and one says that a required word stands in the post itself, and not only in the
/// title that it stands under: else every answer and comment of a thread would be found by its title.
const OWN: u64 = 1 << 63;
/// Words at most.
const WORDS: usize = 48;
/// A word that a post may lack is read in full only where its IDF is at least this: of what stands in every eighth post
/// or more, little is to be learnt.
const TELLING: f32 = 2.0;
/// But where so few posts are left, it is looked for in them.
const FEW: usize = 2_000;
/// Phrases at most.
const PHRASES: usize = 12;

/// A query with all that does not depend on the segment.
struct Prepared {
    /// Words with their IDF: required ones first, rare ones first.
    wanted: Vec<(Wanted, f32)>,
    phrases: Vec<Box<dyn Weight>>,
    filter: Filter,
    fields: Vec<Scored>,
    /// The bits of required words, and of phrases.
    required: u64,
    phrased: u64,
    /// How many words are required.
    several: u32,
}

/// A term to be added up.
struct Adding<'a> {
    text: &'a str,
    idf: f32,
    /// Documents that matter; None for all.
    among: Option<&'a [DocId]>,
    /// Only documents that have these bits matter.
    there: u64,
    /// The bits to be set, and those where it is in the post's own words.
    bit: u64,
    own: u64,
}

/// A field that words are looked for in.
struct Scored {
    field: Field,
    text: Text,
    weight: f32,
    own: bool,
    saturation: Saturation,
}

impl Prepared {
    fn of(
        index: &Snapshot,
        search: &Search<'_>,
        wanted: Vec<Wanted>,
        languages: &[analysis::Language],
    ) -> tantivy::Result<Prepared> {
        let statistics = Statistics::of(index)?;
        let mut weighed = Vec::with_capacity(wanted.len());
        for wanted in wanted {
            let idf = statistics.idf(index, &wanted)?;
            weighed.push((wanted, idf));
        }
        weighed.sort_by(|(one, rare), (other, common)| {
            one.optional.cmp(&other.optional).then(common.total_cmp(rare))
        });
        let required: u64 = weighed
            .iter()
            .enumerate()
            .filter(|(_, (wanted, _))| !wanted.optional)
            .fold(0, |bits, (n, _)| bits | 1 << n);
        let fields = [
            (index.fields.gist, Text::Gist, 1.0, true),
            (index.fields.reply, Text::Reply, 1.0, true),
            (index.fields.title, Text::Title, TITLE, false),
            (index.fields.context, Text::Context, CONTEXT, false),
        ];
        let fields = fields.into_iter().map(|(field, text, weight, own)| {
            let saturation = statistics.saturation(index, field)?;
            Ok(Scored { field, text, weight, own, saturation })
        });
        let scoring = EnableScoring::enabled_from_searcher(&index.searcher);
        // Signs alone are nothing to look for.
        let phrases = search.asked.phrases.iter().filter_map(|phrase| exactly(&index.fields, phrase));
        let phrases: Vec<Box<dyn Weight>> =
            phrases.take(PHRASES).map(|phrase| phrase.weight(scoring)).collect::<tantivy::Result<_>>()?;
        let filter = Filter::of(index, search, languages)?;
        Ok(Prepared {
            several: required.count_ones(),
            required,
            phrased: (0..phrases.len()).fold(0, |bits, n| bits | 1 << (WORDS + n)),
            wanted: weighed,
            phrases,
            filter,
            fields: fields.collect::<tantivy::Result<_>>()?,
        })
    }

    /// With all of the required words, or with half of them.
    fn run(&self, index: &Snapshot, search: &Search<'_>, some: bool) -> tantivy::Result<Found> {
        let gather = Gather {
            scope: search.scope,
            order: search.order,
            most: search.most,
            score: search.asked.score,
            created: search.asked.created,
            now: search.now,
        };
        let mut gathering = Gathering::new(&gather);
        let least = if some { self.several.div_ceil(2) } else { self.several };
        for (segment, facts) in index.segments() {
            let passing = self.filter.passing(segment)?;
            let passes = |document: DocId| passing.as_ref().is_none_or(|passing| passing.contains(document));
            if self.several == 0 && self.phrases.is_empty() {
                let all = (0..segment.max_doc()).filter(|document| passes(*document));
                gathering.segment(segment, facts, all.map(|document| (document, 0.0)));
                continue;
            }
            with_sums(|sums, part| {
                sums.begin(segment.max_doc());
                self.add_words(segment, facts, sums, part, some)?;
                for (n, phrase) in self.phrases.iter().enumerate() {
                    let bits = 1 << (WORDS + n) | OWN;
                    phrase.for_each(segment, &mut |document, score| sums.add(document, score, bits))?;
                }
                let fits = |document: DocId| {
                    let bits = sums.bits(document);
                    bits & OWN != 0
                        && bits & self.phrased == self.phrased
                        && (bits & self.required).count_ones() >= least
                        && passes(document)
                };
                let found = sums.touched().iter().copied().filter(|document| fits(*document));
                gathering.segment(segment, facts, found.map(|document| (document, sums.score(document))));
                tantivy::Result::Ok(())
            })?;
        }
        let gathered = gathering.done();
        Ok(Found {
            total: gathered.total,
            hits: gathered.hits,
            facets: gathered.facets,
            some_words_only: false,
        })
    }

    /// Adds up BM25 of every word, over its variants and the fields they stand in: the rarest first, and of the others only
    /// what stands beside it; with `some`, of all.
    fn add_words(
        &self,
        segment: &SegmentReader,
        facts: &Facts,
        sums: &mut Sums,
        part: &mut Sums,
        some: bool,
    ) -> tantivy::Result<()> {
        let (mut there, mut among) = (0, None);
        for (n, (wanted, idf)) in self.wanted.iter().enumerate() {
            let (bit, own) = (1 << n, if wanted.optional { 0 } else { OWN });
            let few = among.as_ref().is_some_and(|among: &Vec<DocId>| among.len() < FEW);
            if wanted.optional && *idf < TELLING && !few {
                continue;
            }
            for terms in &wanted.variants {
                if let [text] = terms.as_slice() {
                    let adding = Adding { text, idf: *idf, among: among.as_deref(), there, bit, own };
                    self.add_term(segment, facts, &adding, sums)?;
                    continue;
                }
                // All of its terms have to be there.
                part.begin(segment.max_doc());
                for (m, text) in terms.iter().take(WORDS).enumerate() {
                    let adding = Adding { text, idf: *idf, among: None, there: 0, bit: 1 << m, own: OWN };
                    self.add_term(segment, facts, &adding, part)?;
                }
                let all = (1 << terms.len().min(WORDS)) - 1;
                for document in part.having(all) {
                    let score = part.score(document) / terms.len() as f32;
                    let bits = bit | if part.bits(document) & OWN == 0 { 0 } else { own };
                    if sums.may_add(there, document) {
                        sums.add(document, score, bits);
                    }
                }
            }
            if !some && !wanted.optional {
                there |= bit;
                if n + 1 == self.wanted.len() {
                    return Ok(());
                }
                let left = sums.count(there);
                if left == 0 {
                    return Ok(());
                }
                // Of so many, the next word is read in full anyway.
                among = (left * SEEK < segment.max_doc() as usize).then(|| sums.having(there));
            }
        }
        Ok(())
    }

    fn add_term(
        &self,
        segment: &SegmentReader,
        facts: &Facts,
        adding: &Adding<'_>,
        sums: &mut Sums,
    ) -> tantivy::Result<()> {
        // Of a single word, what has it only in the title it stands under is not found: it would merely come a little earlier.
        let alone = self.several == 1 && adding.idf < TELLING;
        for scored in self.fields.iter().filter(|scored| !alone || scored.text != Text::Context) {
            let (norms, weight) = (facts.norms(scored.text), scored.weight * adding.idf);
            let bits = if scored.own { adding.bit | adding.own } else { adding.bit };
            each_posting(segment, scored.field, adding.text, adding.among, |document, times| {
                if sums.may_add(adding.there, document) {
                    let score = weight * scored.saturation.of(times, norms.fieldnorm_id(document));
                    sums.add(document, score, bits);
                }
            })?;
        }
        Ok(())
    }
}
