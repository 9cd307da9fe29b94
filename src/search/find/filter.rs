//! What operators and phrases ask for, as queries of the library.

use tantivy::SegmentReader;
use tantivy::query::{BooleanQuery, EnableScoring, PhraseQuery, Query, TermQuery, Weight};
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

/// What the operators ask for, apart from words.
pub(super) struct Filter {
    /// What must be; None for anything.
    with: Option<Box<dyn Weight>>,
    /// Each of what must not be. Not as a part of the query above: the library's phrases fail there (`Exclude` seeks one
    /// that has ended).
    without: Vec<Box<dyn Weight>>,
}

impl Filter {
    pub(super) fn of(
        index: &Snapshot,
        search: &Search<'_>,
        languages: &[analysis::Language],
    ) -> tantivy::Result<Filter> {
        let (fields, asked) = (&index.fields, search.asked);
        let equal = |field: Field, value: u64| -> Box<dyn Query> { only(Term::from_field_u64(field, value)) };
        let id = |id: i64| u64::try_from(id).unwrap_or_default();
        let mut with: Vec<Box<dyn Query>> = Vec::new();
        with.extend(asked.tags.iter().map(|tag| only(Term::from_field_text(fields.tag, tag))));
        with.extend(search.author.map(|author| equal(fields.author, id(author))));
        with.extend(search.space.map(|space| equal(fields.space, id(space))));
        if !asked.kinds.is_empty() {
            let kinds = asked.kinds.iter().map(|kind| equal(fields.kind, kind.number())).collect();
            with.push(Box::new(BooleanQuery::union(kinds)));
        }
        with.extend(asked.state.map(|state| in_state(fields, state)));
        let mut without: Vec<Box<dyn Query>> = Vec::new();
        without.extend(asked.without_tags.iter().map(|tag| only(Term::from_field_text(fields.tag, tag))));
        for text in &asked.without {
            let several = analysis::exact(text).iter().filter(|term| !term.whole).count() > 1;
            if several {
                without.extend(exactly(fields, text));
            } else {
                let wanted = terms::wanted(text, languages, &Synonyms::default());
                without.extend(wanted.iter().map(|wanted| group(fields, wanted)));
            }
        }
        let weight = |query: &dyn Query| query.weight(EnableScoring::disabled_from_searcher(&index.searcher));
        Ok(Filter {
            with: (!with.is_empty()).then(|| weight(&BooleanQuery::intersection(with))).transpose()?,
            without: without.iter().map(|query| weight(query.as_ref())).collect::<tantivy::Result<_>>()?,
        })
    }

    /// The documents of a segment that pass; None for all.
    pub(super) fn passing(&self, segment: &SegmentReader) -> tantivy::Result<Option<BitSet>> {
        let mut passing = match &self.with {
            Some(with) => {
                let mut passing = BitSet::with_max_value(segment.max_doc());
                with.for_each_no_score(segment, &mut |documents| {
                    documents.iter().for_each(|document| {
                        passing.insert(*document);
                    });
                })?;
                passing
            }
            None if self.without.is_empty() => return Ok(None),
            None => BitSet::with_max_value_and_full(segment.max_doc()),
        };
        for without in &self.without {
            without.for_each_no_score(segment, &mut |documents| {
                documents.iter().for_each(|document| passing.remove(*document));
            })?;
        }
        Ok(Some(passing))
    }
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
