//! How good suggestions are, measured on judgements that people made: `peerhall search eval`.
//!
//! Each query is looked for as somebody's who is about to ask it; its own document is not counted.

mod figures;
mod plain;

use std::collections::HashMap;
use std::path::Path;

use tantivy::IndexWriter;

pub use figures::{Figure, Figures, Judgements, Ranked, difference, figures};
use plain::Plain;

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

/// An engine over given documents.
pub enum Over {
    /// Ours, with the documents' ids by those in the index.
    Peerhall(Snapshot, HashMap<i64, String>, Weights),
    /// Plain BM25.
    Bm25(Box<Plain>),
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
