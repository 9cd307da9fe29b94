//! What operators and phrases ask for, as queries of the library.

use tantivy::SegmentReader;
use tantivy::query::{AllQuery, BooleanQuery, Occur, PhraseQuery, Query, TermQuery, Weight};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy_common::BitSet;

use super::run::Search;
use super::terms::{self, Wanted};
use crate::questions::State;
use crate::search::analysis;
use crate::search::index::Snapshot;
use crate::search::index::document::state_number;
use crate::search::index::schema::Fields;
use crate::search::query::PHRASE;
use crate::search::synonyms::Synonyms;

/// What the operators ask for.
pub(super) fn filter(
    index: &Snapshot,
    search: &Search<'_>,
    languages: &[analysis::Language],
) -> Option<Box<dyn Query>> {
    let (fields, asked) = (&index.fields, search.asked);
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    let equal = |field: Field, value: u64| -> Box<dyn Query> { only(Term::from_field_u64(field, value)) };
    let id = |id: i64| u64::try_from(id).unwrap_or_default();
    for tag in &asked.tags {
        clauses.push((Occur::Must, only(Term::from_field_text(fields.tag, tag))));
    }
    clauses.extend(search.author.map(|author| (Occur::Must, equal(fields.author, id(author)))));
    clauses.extend(search.space.map(|space| (Occur::Must, equal(fields.space, id(space)))));
    if !asked.kinds.is_empty() {
        let kinds = asked.kinds.iter().map(|kind| equal(fields.kind, kind.number())).collect();
        clauses.push((Occur::Must, Box::new(BooleanQuery::union(kinds))));
    }
    clauses.extend(asked.state.map(|state| (Occur::Must, in_state(fields, state))));
    let narrowed = !clauses.is_empty();
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
    if clauses.is_empty() {
        return None;
    }
    if !narrowed {
        clauses.push((Occur::Must, Box::new(AllQuery)));
    }
    Some(Box::new(BooleanQuery::new(clauses)))
}

/// The documents of a segment that pass a filter.
pub(super) fn passing(filter: &dyn Weight, segment: &SegmentReader) -> tantivy::Result<BitSet> {
    let mut passing = BitSet::with_max_value(segment.max_doc());
    filter.for_each_no_score(segment, &mut |documents| {
        for document in documents {
            passing.insert(*document);
        }
    })?;
    Ok(passing)
}

/// Any of the variants of a word, in whichever field a post has.
fn group(fields: &Fields, wanted: &Wanted) -> Box<dyn Query> {
    let anywhere = |text: &String| -> Box<dyn Query> {
        let fields = [fields.gist, fields.reply, fields.title, fields.context];
        Box::new(BooleanQuery::union(fields.map(|field| only(terms::term(field, text))).into()))
    };
    let all = |terms: &Vec<String>| -> Box<dyn Query> {
        Box::new(BooleanQuery::intersection(terms.iter().map(anywhere).collect()))
    };
    Box::new(BooleanQuery::union(wanted.variants.iter().map(all).collect()))
}

/// Words as they stand, one after the other; of what was glued together by signs, the beginning.
pub(super) fn exactly(fields: &Fields, phrase: &str) -> Option<Box<dyn Query>> {
    let terms: Vec<(usize, Term)> = analysis::exact(phrase)
        .into_iter()
        .filter(|term| !term.whole)
        .take(PHRASE * 2)
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

fn only(term: Term) -> Box<dyn Query> {
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}
