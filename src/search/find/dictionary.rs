//! Words there are: how a word that is being typed may go on, and which one may have been meant.
//!
//! A word is told only where the viewer could find it: it stands in a post of their scope.

use std::collections::HashMap;
use std::sync::LazyLock;

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED};
use tantivy_fst::Automaton;

use super::scope::FindScope;
use super::terms::term;
use crate::search::analysis::{self, Kind, is_stop_word};
use crate::search::index::Snapshot;

/// Words of a segment's dictionary that are looked at.
const LOOKED: usize = 4_000;
/// Words whose place in the viewer's scope is looked for.
const CANDIDATES: usize = 24;
/// The same for somebody who may not enter every space: what is common elsewhere may not be in theirs.
const CANDIDATES_WITHIN: usize = 400;
/// Posts of a word that are looked at for one of the viewer's.
const POSTS: usize = 2_000;
/// Letters of the shortest word that may be a mistake.
const SHORTEST: usize = 4;

/// How the word that begins like this may go on, most used first.
///
/// # Errors
/// The index's.
pub fn completions(
    index: &Snapshot,
    scope: &FindScope,
    beginning: &str,
    most: usize,
) -> tantivy::Result<Vec<String>> {
    let beginning = analysis::fold(beginning);
    if beginning.chars().count() < 2 {
        return Ok(Vec::new());
    }
    let mut counted: HashMap<String, u64> = HashMap::new();
    for segment in index.searcher.segment_readers() {
        let inverted = segment.inverted_index(index.fields.words)?;
        let mut words = inverted.terms().range().ge(beginning.as_bytes()).into_stream()?;
        for _ in 0..LOOKED {
            if !words.advance() || !words.key().starts_with(beginning.as_bytes()) {
                break;
            }
            note(&mut counted, words.key(), words.value().doc_freq);
        }
    }
    counted.retain(|word, _| {
        word.chars().count() > beginning.chars().count() && word.chars().all(char::is_alphanumeric)
    });
    told(index, scope, counted, |count| -(count as i64), most)
}

/// The text with each word that nobody wrote replaced by the nearest one that somebody did; None where there is nothing
/// to correct.
///
/// # Errors
/// The index's.
pub fn correction(index: &Snapshot, scope: &FindScope, text: &str) -> tantivy::Result<Option<String>> {
    let mut corrected = String::new();
    let (mut done, mut changed) = (0, 0);
    for word in analysis::exact(text) {
        let letters = word.text.chars().count();
        if word.whole
            || word.kind != Kind::Word
            || letters < SHORTEST
            || is_stop_word(&word.text)
            || changed >= 4
        {
            continue;
        }
        if is_in_scope(index, scope, &word.text)? {
            continue;
        }
        if let Some(nearest) = nearest(index, scope, &word.text)? {
            corrected.push_str(&text[done..word.at.start]);
            corrected.push_str(&nearest);
            done = word.at.end;
            changed += 1;
        }
    }
    corrected.push_str(&text[done..]);
    Ok((changed > 0).then_some(corrected))
}

fn nearest(index: &Snapshot, scope: &FindScope, word: &str) -> tantivy::Result<Option<String>> {
    let distance: u8 = if word.chars().count() >= 7 { 2 } else { 1 };
    let automaton = builder(distance).build_dfa(word);
    let mut near: HashMap<String, (u8, u64)> = HashMap::new();
    for segment in index.searcher.segment_readers() {
        let inverted = segment.inverted_index(index.fields.words)?;
        let mut words = inverted.terms().search(Near(&automaton)).into_stream()?;
        for _ in 0..LOOKED {
            if !words.advance() {
                break;
            }
            let Ok(other) = std::str::from_utf8(words.key()) else { continue };
            let Distance::Exact(distance) = automaton.eval(other) else { continue };
            // The first letter is seldom mistaken, and what has digits is no word.
            if other.chars().next() == word.chars().next() && other.chars().all(char::is_alphabetic) {
                near.entry(other.to_owned()).or_insert((distance, 0)).1 += u64::from(words.value().doc_freq);
            }
        }
    }
    let mut ranked: Vec<(u8, u64, String)> =
        near.into_iter().map(|(word, (distance, count))| (distance, count, word)).collect();
    ranked.sort_by_key(|(distance, count, word)| (*distance, std::cmp::Reverse(*count), word.clone()));
    for (_, _, word) in ranked.into_iter().take(candidates(scope)) {
        if is_in_scope(index, scope, &word)? {
            return Ok(Some(word));
        }
    }
    Ok(None)
}

/// Making one takes milliseconds; there are two.
fn builder(distance: u8) -> &'static LevenshteinAutomatonBuilder {
    static ONE: LazyLock<LevenshteinAutomatonBuilder> =
        // Swapped letters are one mistake.
        LazyLock::new(|| LevenshteinAutomatonBuilder::new(1, true));
    static TWO: LazyLock<LevenshteinAutomatonBuilder> =
        LazyLock::new(|| LevenshteinAutomatonBuilder::new(2, true));
    if distance == 1 { &ONE } else { &TWO }
}

fn note(counted: &mut HashMap<String, u64>, word: &[u8], count: u32) {
    if let Ok(word) = std::str::from_utf8(word) {
        *counted.entry(word.to_owned()).or_default() += u64::from(count);
    }
}

fn told(
    index: &Snapshot,
    scope: &FindScope,
    counted: HashMap<String, u64>,
    rank: impl Fn(u64) -> i64,
    most: usize,
) -> tantivy::Result<Vec<String>> {
    let mut ranked: Vec<(i64, String)> =
        counted.into_iter().map(|(word, count)| (rank(count), word)).collect();
    ranked.sort_unstable();
    let mut told = Vec::with_capacity(most);
    for (_, word) in ranked.into_iter().take(candidates(scope)) {
        if told.len() >= most {
            break;
        }
        if is_in_scope(index, scope, &word)? {
            told.push(word);
        }
    }
    Ok(told)
}

fn candidates(scope: &FindScope) -> usize {
    if scope.is_everything() { CANDIDATES } else { CANDIDATES_WITHIN }
}

/// Whether a word stands in a post that the viewer may find.
fn is_in_scope(index: &Snapshot, scope: &FindScope, word: &str) -> tantivy::Result<bool> {
    let term = term(index.fields.words, word);
    for (segment, facts) in index.segments() {
        let inverted = segment.inverted_index(index.fields.words)?;
        let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::Basic)? else { continue };
        let scope = scope.on(segment, facts);
        for _ in 0..POSTS {
            let document = postings.doc();
            if document == TERMINATED {
                break;
            }
            if scope.has(document) {
                return Ok(true);
            }
            postings.advance();
        }
    }
    Ok(false)
}

/// All words within the automaton's distance.
struct Near<'a>(&'a DFA);

impl Automaton for Near<'_> {
    type State = u32;

    fn start(&self) -> u32 {
        self.0.initial_state()
    }

    fn is_match(&self, state: &u32) -> bool {
        matches!(self.0.distance(*state), Distance::Exact(_))
    }

    fn can_match(&self, state: &u32) -> bool {
        *state != levenshtein_automata::SINK_STATE
    }

    fn accept(&self, state: &u32, byte: u8) -> u32 {
        self.0.transition(*state, byte)
    }
}
