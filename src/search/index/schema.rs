//! The fields of the index. One document per post; nothing of it is shown: texts, titles and names come from the
//! database.

use std::path::Path;

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, NumericOptions, Schema, SchemaBuilder, TextFieldIndexing,
    TextOptions,
};
use tantivy::{Index, IndexSettings};

use super::files::ReadFiles;

/// The version of fields and analysis. Raise it with every change of what is put into the index: an index of another
/// version is built anew on the next start, and serves until then where its fields are known.
pub const VERSION: u32 = 1;

/// Readers of a post that everybody who may enter its space may open.
pub const EVERYBODY: u64 = 0;
/// Staff and administrators, among the readers of a private post.
pub const STAFF: u64 = u64::MAX;

/// The fields by name.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// The post's id.
    pub post: Field,
    /// The id of its thread's question.
    pub thread: Field,
    /// Its space's id.
    pub space: Field,
    /// See [`Kind`](super::document::Kind).
    pub kind: Field,
    /// The thread's state, the first that holds: see [`State`](crate::questions::State).
    pub state: Field,
    /// 1 where the thread has an accepted or endorsed answer, also when it is closed.
    pub solved: Field,
    /// Who may open it: [`EVERYBODY`], or the members and [`STAFF`].
    pub reader: Field,
    /// The author, if a member.
    pub author: Field,
    /// Up minus down.
    pub score: Field,
    /// When it was written, UTC microseconds.
    pub created: Field,
    /// The thread's tags.
    pub tag: Field,
    /// The language it is stemmed by.
    pub language: Field,
    /// Stems of a question's title; of questions only.
    pub title: Field,
    /// Stems of a question: title, tags, body; of questions only.
    pub gist: Field,
    /// Stems of what was answered to a question, the chosen answer first; of questions only, to find similar ones.
    pub replies: Field,
    /// Stems of an answer or comment.
    pub reply: Field,
    /// Stems of the title that an answer or comment stands under.
    pub context: Field,
    /// Words as written, with their places: title and body.
    pub words: Field,
}

impl Fields {
    /// The schema and its fields.
    pub fn build() -> (Schema, Fields) {
        let mut schema = SchemaBuilder::new();
        let fast = |schema: &mut SchemaBuilder, name: &str| schema.add_u64_field(name, INDEXED | FAST);
        let stems = TextOptions::default().set_indexing_options(text(IndexRecordOption::WithFreqs));
        let words =
            TextOptions::default().set_indexing_options(text(IndexRecordOption::WithFreqsAndPositions));
        let names = TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer("raw")
                .set_fieldnorms(false)
                .set_index_option(IndexRecordOption::Basic),
        );
        let fields = Fields {
            post: fast(&mut schema, "post"),
            thread: fast(&mut schema, "thread"),
            space: fast(&mut schema, "space"),
            kind: fast(&mut schema, "kind"),
            state: fast(&mut schema, "state"),
            solved: fast(&mut schema, "solved"),
            reader: fast(&mut schema, "reader"),
            author: fast(&mut schema, "author"),
            score: schema.add_i64_field("score", NumericOptions::default().set_fast()),
            created: schema.add_i64_field("created", NumericOptions::default().set_fast()),
            tag: schema.add_text_field("tag", names.clone().set_fast("raw")),
            language: schema.add_text_field("language", names),
            title: schema.add_text_field("title", stems.clone()),
            gist: schema.add_text_field("gist", stems.clone()),
            replies: schema.add_text_field("replies", stems.clone()),
            reply: schema.add_text_field("reply", stems.clone()),
            context: schema.add_text_field("context", stems),
            words: schema.add_text_field("words", words),
        };
        (schema.build(), fields)
    }

    /// The fields of an index that is there; None where one of them is not as this program knows it.
    pub fn of(schema: &Schema) -> Option<Fields> {
        let (ours, fields) = Fields::build();
        let same = ours.fields().all(|(field, entry)| {
            schema
                .get_field(entry.name())
                .is_ok_and(|there| there == field && schema.get_field_entry(there) == entry)
        });
        same.then_some(fields)
    }
}

fn text(option: IndexRecordOption) -> TextFieldIndexing {
    // Terms are made by our own analysis and handed over ready; the tokeniser is never asked.
    TextFieldIndexing::default().set_tokenizer("raw").set_index_option(option)
}

/// Makes an empty index in a folder.
///
/// # Errors
/// What the folder refuses.
pub fn create(folder: &Path) -> tantivy::Result<Index> {
    let (schema, _) = Fields::build();
    Index::create(ReadFiles::open(folder)?, schema, IndexSettings::default())
}

/// Opens the index in a folder.
///
/// # Errors
/// When there is none, or none that can be read.
pub fn open(folder: &Path) -> tantivy::Result<Index> {
    Index::open(ReadFiles::open(folder)?)
}

/// An index in memory alone, for measuring.
pub fn in_memory() -> Index {
    Index::create_in_ram(Fields::build().0)
}
