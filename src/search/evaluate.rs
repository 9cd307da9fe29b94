//! How good suggestions are, measured on judgements that people made: `peerhall search eval`.
//!
//! Each query is looked for as somebody's who is about to ask it; its own document is not counted. Recall at 1, 5 and
//! 10, the mean reciprocal rank, and nDCG at 10 (Järvelin and Kekäläinen, 2002) are means over all queries, each with
//! its standard error.

use std::collections::HashMap;
use std::path::Path;

use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::{IndexRecordOption, Schema, SchemaBuilder, TextFieldIndexing, TextOptions, Value};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{Index, IndexWriter, TantivyDocument, Term};

use super::analysis::FALLBACK;
use super::find::{Alike, FindScope, Weights, similar};
use super::index::document::{Kind, Post, Readers};
use super::index::schema::{Fields, in_memory};
use super::index::{Snapshot, for_reading, source};
use crate::db::{Db, Error};
use crate::posts::Kind as PostKind;
use crate::posts::import::originals_of;
use crate::questions::State;
use crate::text;

/// A text with its id.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Text {
    /// As the judgements name it.
    #[serde(deserialize_with = "id")]
    pub id: String,
    /// Its title.
    #[serde(default)]
    pub title: String,
    /// Its body, HTML or plain.
    #[serde(default)]
    pub body: String,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Engine {
    /// This program's suggestions.
    Peerhall,
    /// BM25 over title and body as one text, its words stemmed as English: what a search library does by itself.
    Bm25,
}

/// Ranked ids, best first, looked at.
pub const DEPTH: usize = 100;

/// Figures over all queries, each with its standard error.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Figures {
    /// Queries that have a judgement.
    pub queries: usize,
    /// Of the relevant, so many are the first.
    pub recall_1: Figure,
    /// Are among the first five.
    pub recall_5: Figure,
    /// Are among the first ten.
    pub recall_10: Figure,
    /// One by the place of the first relevant one.
    pub mrr: Figure,
    /// Normalised discounted cumulative gain.
    pub ndcg_10: Figure,
}

/// A mean and its standard error.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Figure {
    /// The mean.
    pub mean: f64,
    /// The standard error of the mean.
    pub error: f64,
}

/// Relevances by query and document.
pub type Judgements = HashMap<String, HashMap<String, f64>>;

/// A query's id and what was ranked for it, best first.
pub type Ranked = (String, Vec<String>);

/// An engine over given documents.
pub enum Over {
    /// Ours, with the documents' ids by those in the index.
    Peerhall(Snapshot, HashMap<i64, String>, Weights),
    /// Plain BM25.
    Bm25(Box<Plain>),
}

/// A plain index.
pub struct Plain {
    index: Index,
    text: tantivy::schema::Field,
    id: tantivy::schema::Field,
}

impl Over {
    /// Indexes documents in memory.
    ///
    /// # Errors
    /// The index's.
    pub fn documents(engine: Engine, documents: &[Text], weights: Weights) -> tantivy::Result<Over> {
        match engine {
            Engine::Peerhall => {
                let index = in_memory();
                let (_, fields) = Fields::build();
                let mut writer: IndexWriter = index.writer_with_num_threads(1, 50_000_000)?;
                for (n, document) in documents.iter().enumerate() {
                    writer.add_document(post(n as i64 + 1, document).document(&fields))?;
                }
                writer.commit()?;
                let snapshot = Snapshot::of(&index, fields, 0)?;
                let ids = documents
                    .iter()
                    .enumerate()
                    .map(|(n, document)| (n as i64 + 1, document.id.clone()))
                    .collect();
                Ok(Over::Peerhall(snapshot, ids, weights))
            }
            Engine::Bm25 => Ok(Over::Bm25(Box::new(Plain::of(documents)?))),
        }
    }

    /// Over the questions of a source, as they are here.
    ///
    /// # Errors
    /// A source that is not known, the index's or the database's failure, in words.
    pub fn place(
        engine: Engine,
        db: &Db,
        search_dir: &Path,
        source: Option<&str>,
        weights: Weights,
    ) -> Result<Over, String> {
        let source = source.ok_or("say --docs FILE, or --source NAME of an import")?;
        match engine {
            Engine::Peerhall => {
                Ok(Over::Peerhall(for_reading(db, search_dir)?, originals(db, source)?, weights))
            }
            Engine::Bm25 => {
                let plain = Plain::of(&texts_of(db, source)?).map_err(|error| error.to_string())?;
                Ok(Over::Bm25(Box::new(plain)))
            }
        }
    }

    /// The ids of what is most similar to a query, best first, without itself.
    ///
    /// # Errors
    /// The index's.
    pub fn rank(&self, query: &Text) -> tantivy::Result<Vec<String>> {
        let title = without_links(&query.title);
        let body = without_links(&query.body);
        let ranked = match self {
            Over::Peerhall(index, ids, weights) => {
                let alike = Alike { title: &title, body: &body, except: None };
                let near = similar(index, &FindScope::everything(), &alike, weights, DEPTH + 1)?;
                near.into_iter().filter_map(|near| ids.get(&near.question).cloned()).collect()
            }
            Over::Bm25(plain) => plain.rank(&title, &body)?,
        };
        Ok(ranked.into_iter().filter(|id| *id != query.id).take(DEPTH).collect())
    }
}

/// The questions of a source, as they are here.
///
/// # Errors
/// A source that is not known or the database's failure, in words.
pub fn texts_of(db: &Db, source: &str) -> Result<Vec<Text>, String> {
    let originals = originals(db, source)?;
    let ids: Vec<i64> = originals.keys().copied().collect();
    let texts = db
        .read_now(move |c| Ok::<_, Error>(source::titles_and_bodies(c, &ids)?))
        .map_err(|error| error.to_string())?;
    let named = |(id, title, body)| Some(Text { id: originals.get(&id)?.clone(), title, body });
    Ok(texts.into_iter().filter_map(named).collect())
}

fn originals(db: &Db, source: &str) -> Result<HashMap<i64, String>, String> {
    let named = source.to_owned();
    let originals = db
        .read_now(move |c| Ok::<_, Error>(originals_of(c, &named, PostKind::Question)?))
        .map_err(|error| error.to_string())?;
    if originals.is_empty() {
        return Err(format!("there are no questions of the source `{source}` here"));
    }
    Ok(originals)
}

fn post(id: i64, document: &Text) -> Post {
    let body = text::visible_text(&document.body);
    Post {
        id,
        kind: Kind::Question,
        thread: id,
        space: 1,
        author: None,
        readers: Readers::All,
        language: text::language(&body).map(str::to_owned),
        score: 0,
        created_at: 0,
        state: State::Open,
        solved: false,
        title: document.title.clone(),
        tags: Vec::new(),
        text: body,
        replies: Vec::new(),
    }
}

impl Plain {
    fn of(documents: &[Text]) -> tantivy::Result<Plain> {
        let mut schema: SchemaBuilder = Schema::builder();
        let indexing =
            TextFieldIndexing::default().set_tokenizer("raw").set_index_option(IndexRecordOption::WithFreqs);
        let text = schema.add_text_field("text", TextOptions::default().set_indexing_options(indexing));
        let id = schema.add_text_field("id", tantivy::schema::STORED);
        let index = Index::create_in_ram(schema.build());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 50_000_000)?;
        for document in documents {
            let mut row = TantivyDocument::new();
            row.add_text(id, &document.id);
            let tokens = plain_terms(&format!("{}\n{}", document.title, text::visible_text(&document.body)));
            let tokens = tokens.into_iter().enumerate().map(|(position, text)| Token {
                offset_from: 0,
                offset_to: 0,
                position,
                text,
                position_length: 1,
            });
            row.add_pre_tokenized_text(
                text,
                PreTokenizedString { text: String::new(), tokens: tokens.collect() },
            );
            writer.add_document(row)?;
        }
        writer.commit()?;
        Ok(Plain { index, text, id })
    }

    fn rank(&self, title: &str, body: &str) -> tantivy::Result<Vec<String>> {
        let mut often: HashMap<String, f32> = HashMap::new();
        for term in plain_terms(&format!("{title}\n{body}")) {
            *often.entry(term).or_default() += 1.0;
        }
        let clauses = often.into_iter().map(|(term, often)| {
            let term = TermQuery::new(Term::from_field_text(self.text, &term), IndexRecordOption::WithFreqs);
            let query: Box<dyn Query> = Box::new(BoostQuery::new(Box::new(term), often));
            (Occur::Should, query)
        });
        let query = BooleanQuery::new(clauses.collect());
        let searcher = self.index.reader()?.searcher();
        let best = tantivy::collector::TopDocs::with_limit(DEPTH + 1).order_by_score();
        let mut ids = Vec::new();
        for (_, place) in searcher.search(&query, &best)? {
            let row: TantivyDocument = searcher.doc(place)?;
            ids.extend(row.get_first(self.id).and_then(|id| id.as_str()).map(str::to_owned));
        }
        Ok(ids)
    }
}

/// Runs of letters and digits, in lower case, stemmed as English.
fn plain_terms(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty() && word.len() <= 40)
        .map(|word| FALLBACK.stem(word))
        .collect()
}

/// A text whose links are gone with what they say, so that no query names what it wants to find; addresses, too.
pub fn without_links(source: &str) -> String {
    let mut kept = String::with_capacity(source.len());
    let mut rest = source;
    let lower = source.to_ascii_lowercase();
    let mut at = 0;
    while let Some(begin) = lower[at..].find("<a ").map(|found| at + found) {
        kept.push_str(&source[at..begin]);
        kept.push(' ');
        at = lower[begin..].find("</a>").map_or(source.len(), |end| begin + end + 4);
    }
    rest = rest.get(at..).unwrap_or_default();
    kept.push_str(rest);
    let visible = text::visible_text(&kept);
    let words = visible.split_whitespace().filter(|word| {
        let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
        !word.starts_with("http://") && !word.starts_with("https://") && !word.starts_with("www.")
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Figures from what was ranked for each query that has judgements.
pub fn figures(ranked: &[Ranked], judgements: &Judgements) -> Figures {
    means(&each(ranked, judgements))
}

/// By how much the first is better than the second, query by query: the mean difference of each figure, with the
/// standard error of that mean. Both have ranked the same queries in the same order.
pub fn difference(first: &[Ranked], second: &[Ranked], judgements: &Judgements) -> Figures {
    let (mut first, second) = (each(first, judgements), each(second, judgements));
    for (first, second) in first.iter_mut().zip(&second) {
        for (one, other) in first.iter_mut().zip(second) {
            *one -= other;
        }
    }
    means(&first)
}

/// Of each query with judgements: recall at 1, 5 and 10, reciprocal rank, nDCG at 10.
fn each(ranked: &[Ranked], judgements: &Judgements) -> [Vec<f64>; 5] {
    let mut each: [Vec<f64>; 5] = Default::default();
    for (query, ranked) in ranked {
        let Some(relevant) = judgements.get(query).filter(|relevant| !relevant.is_empty()) else { continue };
        let all = relevant.len() as f64;
        let recall = |most: usize| {
            ranked.iter().take(most).filter(|id| relevant.contains_key(*id)).count() as f64 / all
        };
        each[0].push(recall(1));
        each[1].push(recall(5));
        each[2].push(recall(10));
        let first = ranked.iter().position(|id| relevant.contains_key(id));
        each[3].push(first.map_or(0.0, |place| 1.0 / (place as f64 + 1.0)));
        each[4].push(ndcg(ranked, relevant));
    }
    each
}

fn means(each: &[Vec<f64>; 5]) -> Figures {
    let [recall_1, recall_5, recall_10, mrr, ndcg_10] = each.each_ref().map(|values| mean(values));
    Figures { queries: each[0].len(), recall_1, recall_5, recall_10, mrr, ndcg_10 }
}

fn ndcg(ranked: &[String], relevant: &HashMap<String, f64>) -> f64 {
    let gain = |relevance: f64, place: usize| (relevance.exp2() - 1.0) / (place as f64 + 2.0).log2();
    let found = ranked.iter().take(10).enumerate();
    let found: f64 =
        found.map(|(place, id)| relevant.get(id).map_or(0.0, |relevance| gain(*relevance, place))).sum();
    let mut best: Vec<f64> = relevant.values().copied().collect();
    best.sort_by(|one, other| other.total_cmp(one));
    let best: f64 = best.iter().take(10).enumerate().map(|(place, relevance)| gain(*relevance, place)).sum();
    if best > 0.0 { found / best } else { 0.0 }
}

fn mean(values: &[f64]) -> Figure {
    let n = values.len() as f64;
    if values.is_empty() {
        return Figure { mean: 0.0, error: 0.0 };
    }
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
    Figure { mean, error: (variance / n).sqrt() }
}

/// An id may be written as a number or as a text.
fn id<'de, D: serde::Deserializer<'de>>(reader: D) -> Result<String, D::Error> {
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Id {
        Number(i64),
        Text(String),
    }
    Ok(match <Id as serde::Deserialize>::deserialize(reader)? {
        Id::Number(number) => number.to_string(),
        Id::Text(text) => text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_gone_with_what_they_say() {
        let source = r#"<p>See <A HREF="/q/1">the wanted title</a> or https://example.org/x, and (http://a.b) too.</p>"#;
        assert_eq!(without_links(source), "See or and too.");
    }

    #[test]
    fn a_relevant_document_in_first_place_is_all_there_is_to_gain() {
        let ranked = vec![("q".to_owned(), vec!["a".to_owned(), "b".to_owned()])];
        let judgements = HashMap::from([("q".to_owned(), HashMap::from([("a".to_owned(), 1.0)]))]);
        let figures = figures(&ranked, &judgements);
        assert_eq!((figures.mrr.mean, figures.ndcg_10.mean, figures.recall_1.mean), (1.0, 1.0, 1.0));
    }

    #[test]
    fn a_difference_is_that_of_the_same_queries() {
        let ranked = |first: &str, second: &str| -> Vec<Ranked> {
            let other = |id: &str| if id == "a" { "b" } else { "a" };
            let of = |query: &str, id: &str| (query.to_owned(), vec![id.to_owned(), other(id).to_owned()]);
            vec![of("q", first), of("p", second)]
        };
        let wanted = HashMap::from([("a".to_owned(), 1.0)]);
        let judgements = HashMap::from([("q".to_owned(), wanted.clone()), ("p".to_owned(), wanted)]);
        let found = difference(&ranked("a", "b"), &ranked("b", "b"), &judgements);
        assert_eq!((found.mrr.mean, found.recall_1.mean, found.recall_5.mean), (0.25, 0.5, 0.0));
        assert_eq!(found.mrr.error, 0.25);
    }

    #[test]
    fn ours_finds_what_differs_in_endings_and_signs() {
        let text =
            |id: &str, title: &str| Text { id: id.to_owned(), title: title.to_owned(), body: String::new() };
        let documents = [
            text("1", "Password forgotten"),
            text("2", "Cannot open attachments"),
            text("3", "Error 0x80070005"),
        ];
        let ours = Over::documents(Engine::Peerhall, &documents, Weights::default()).unwrap();
        assert_eq!(ours.rank(&text("q", "opening an attachment")).unwrap()[0], "2");
        assert_eq!(ours.rank(&text("q", "what is 0x80070005?")).unwrap()[0], "3");
    }
}
