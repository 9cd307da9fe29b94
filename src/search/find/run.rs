//! Running a query: all its words, or some of them where no post has all.

use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, Occur, PhraseQuery, Query, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Term};

use super::collect::{Facets, Gather, Hit, Order};
use super::rank::{CONTEXT, TITLE};
use super::scope::FindScope;
use super::statistics::Statistics;
use super::terms::{self, Wanted};
use crate::clock::Micros;
use crate::questions::State;
use crate::search::analysis;
use crate::search::index::Snapshot;
use crate::search::index::document::state_number;
use crate::search::index::schema::Fields;
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
    let wanted = terms::wanted(&asked.words.join(" "), &languages, search.synonyms);
    let found = run(index, search, &wanted, &languages, false)?;
    let several = wanted.iter().filter(|wanted| !wanted.optional).count() > 1;
    if found.total > 0 || !several {
        return Ok(found);
    }
    let found = run(index, search, &wanted, &languages, true)?;
    Ok(Found { some_words_only: found.total > 0, ..found })
}

fn run(
    index: &Snapshot,
    search: &Search<'_>,
    wanted: &[Wanted],
    languages: &[analysis::Language],
    some: bool,
) -> tantivy::Result<Found> {
    let fields = &index.fields;
    let asked = search.asked;
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    if some {
        let groups: Vec<Box<dyn Query>> =
            wanted.iter().filter(|wanted| !wanted.optional).map(|wanted| group(fields, wanted)).collect();
        let least = groups.len().div_ceil(2);
        clauses
            .push((Occur::Must, Box::new(BooleanQuery::union_with_minimum_required_clauses(groups, least))));
    } else {
        for wanted in wanted {
            let occur = if wanted.optional { Occur::Should } else { Occur::Must };
            clauses.push((occur, group(fields, wanted)));
        }
    }
    if wanted.iter().any(|wanted| !wanted.optional) {
        clauses.push((Occur::Must, in_own_words(fields, wanted)));
    }
    for phrase in &asked.phrases {
        match exactly(fields, phrase) {
            Some(query) => clauses.push((Occur::Must, query)),
            // Signs alone: nothing to look for.
            None => continue,
        }
    }
    let filter = |field: Field, value: u64| -> Box<dyn Query> { only(Term::from_field_u64(field, value)) };
    let id = |id: i64| u64::try_from(id).unwrap_or_default();
    for tag in &asked.tags {
        clauses.push((Occur::Must, only(Term::from_field_text(fields.tag, tag))));
    }
    clauses.extend(search.author.map(|author| (Occur::Must, filter(fields.author, id(author)))));
    clauses.extend(search.space.map(|space| (Occur::Must, filter(fields.space, id(space)))));
    if !asked.kinds.is_empty() {
        let kinds = asked.kinds.iter().map(|kind| filter(fields.kind, kind.number())).collect();
        clauses.push((Occur::Must, Box::new(BooleanQuery::union(kinds))));
    }
    clauses.extend(asked.state.map(|state| (Occur::Must, in_state(fields, state))));
    if !clauses.iter().any(|(occur, _)| *occur == Occur::Must) {
        clauses.push((Occur::Must, Box::new(ConstScoreQuery::new(Box::new(AllQuery), 0.0))));
    }
    for tag in &asked.without_tags {
        clauses.push((Occur::MustNot, only(Term::from_field_text(fields.tag, tag))));
    }
    for without in &asked.without {
        let several = analysis::exact(without).iter().filter(|term| !term.whole).count() > 1;
        if several {
            clauses.extend(exactly(fields, without).map(|query| (Occur::MustNot, query)));
        } else {
            for wanted in terms::wanted(without, languages, &Synonyms::default()) {
                clauses.push((Occur::MustNot, group(fields, &wanted)));
            }
        }
    }
    let gather = Gather {
        scope: search.scope,
        order: search.order,
        most: search.most,
        score: asked.score,
        created: asked.created,
        now: search.now,
    };
    let statistics = Statistics::of(&index.searcher, *fields, wanted)?;
    let gathered =
        index.searcher.search_with_statistics_provider(&BooleanQuery::new(clauses), &gather, &statistics)?;
    Ok(Found { total: gathered.total, hits: gathered.hits, facets: gathered.facets, some_words_only: false })
}

/// Any of the variants of a word.
fn group(fields: &Fields, wanted: &Wanted) -> Box<dyn Query> {
    let variants: Vec<Box<dyn Query>> = wanted
        .variants
        .iter()
        .map(|terms| {
            let all: Vec<Box<dyn Query>> = terms.iter().map(|text| anywhere(fields, text)).collect();
            one_or(all, BooleanQuery::intersection)
        })
        .collect();
    one_or(variants, BooleanQuery::union)
}

/// At least one of the words stands in the post itself, and not only in the title that it stands under: else every
/// answer and comment of a thread would be found by its title.
fn in_own_words(fields: &Fields, wanted: &[Wanted]) -> Box<dyn Query> {
    let words = wanted.iter().filter(|wanted| !wanted.optional).flat_map(|wanted| &wanted.variants).flatten();
    let own = words.flat_map(|text| [terms::term(fields.gist, text), terms::term(fields.reply, text)]);
    let own = own.map(|term| -> Box<dyn Query> { Box::new(TermQuery::new(term, IndexRecordOption::Basic)) });
    Box::new(ConstScoreQuery::new(Box::new(BooleanQuery::union(own.collect())), 0.0))
}

/// A term in whichever field a post has; in a title it counts more.
fn anywhere(fields: &Fields, text: &str) -> Box<dyn Query> {
    let in_field = |field: Field| -> Box<dyn Query> {
        Box::new(TermQuery::new(terms::term(field, text), IndexRecordOption::WithFreqs))
    };
    Box::new(BooleanQuery::union(vec![
        in_field(fields.gist),
        in_field(fields.reply),
        Box::new(BoostQuery::new(in_field(fields.title), TITLE)),
        Box::new(BoostQuery::new(in_field(fields.context), CONTEXT)),
    ]))
}

/// Words as they stand, one after the other.
fn exactly(fields: &Fields, phrase: &str) -> Option<Box<dyn Query>> {
    let terms: Vec<(usize, Term)> = analysis::exact(phrase)
        .into_iter()
        .filter(|term| !term.whole)
        .map(|found| (found.position, terms::term(fields.words, &found.text)))
        .collect();
    match terms.as_slice() {
        [] => None,
        [(_, term)] => Some(Box::new(TermQuery::new(term.clone(), IndexRecordOption::WithFreqs))),
        _ => Some(Box::new(PhraseQuery::new_with_offset(terms))),
    }
}

fn in_state(fields: &Fields, state: State) -> Box<dyn Query> {
    let filter = |state: State| only(Term::from_field_u64(fields.state, state_number(state)));
    match state {
        State::Solved => only(Term::from_field_u64(fields.solved, 1)),
        State::Open => Box::new(BooleanQuery::union(vec![filter(State::Open), filter(State::Unanswered)])),
        State::Unanswered | State::Closed => filter(state),
    }
}

/// A condition that says nothing about how well something fits.
fn only(term: Term) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(Box::new(TermQuery::new(term, IndexRecordOption::Basic)), 0.0))
}

fn one_or(mut queries: Vec<Box<dyn Query>>, join: fn(Vec<Box<dyn Query>>) -> BooleanQuery) -> Box<dyn Query> {
    match queries.len() {
        1 => queries.remove(0),
        _ => Box::new(join(queries)),
    }
}
