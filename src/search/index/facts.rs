//! What is asked of every document that matches, kept in memory for a segment: a search that finds a hundred thousand
//! posts has no time to unpack columns for each of them. About 40 bytes a post.
//!
//! It is read once, when a segment is first seen; a segment never changes but for what is deleted of it.

use std::collections::HashMap;

use tantivy::columnar::Column;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::{DocId, SegmentReader};

use super::document::{Kind, STATES};
use super::schema::{EVERYBODY, Fields};
use crate::search::find::{Weighed, standing};

/// The facts of one segment.
pub struct Facts {
    /// Of each document its space, and below that two bits of kind, two of state, then solved and open to everybody: all
    /// that is asked of every match, in four bytes.
    keys: Vec<u32>,
    /// When it was written, in seconds since 1970; what is earlier counts as that.
    seconds: Vec<u32>,
    scores: Vec<i32>,
    /// What makes it come first whatever its age.
    standings: Vec<f32>,
    /// Ids of the spaces, by [`Facts::space`].
    pub spaces: Vec<u64>,
    tag_starts: Vec<u32>,
    tags: Vec<u32>,
    /// Names of tags, by [`Facts::tags`].
    pub tag_names: Vec<String>,
    posts: Column<u64>,
    threads: Column<u64>,
    readers: Column<u64>,
    created: Column<i64>,
    /// Lengths of texts: title, gist, replies, reply, context.
    norms: [FieldNormReader; 5],
}

const SOLVED: u32 = 1 << 4;
const OPEN: u32 = 1 << 5;
const SPACE: u32 = 8;

impl Facts {
    /// Reads a segment's.
    ///
    /// # Errors
    /// The index's.
    pub fn of(segment: &SegmentReader, fields: &Fields) -> tantivy::Result<Facts> {
        let fast = segment.fast_fields();
        let (kinds, states, solved) = (fast.u64("kind")?, fast.u64("state")?, fast.u64("solved")?);
        let (scores, created, in_spaces) = (fast.i64("score")?, fast.i64("created")?, fast.u64("space")?);
        let (readers, tag_column) = (fast.u64("reader")?, fast.str("tag")?);
        let (mut spaces, mut known) = (Vec::new(), HashMap::new());
        let all = segment.max_doc() as usize;
        let (mut keys, mut seconds) = (Vec::with_capacity(all), Vec::with_capacity(all));
        let (mut up_minus_down, mut standings) = (Vec::with_capacity(all), Vec::with_capacity(all));
        let (mut tags, mut tag_starts) = (Vec::new(), vec![0]);
        for document in 0..segment.max_doc() {
            let kind = kinds.first(document).unwrap_or(1).clamp(1, 3) as u32 - 1;
            let state = states.first(document).unwrap_or_default().min(3) as u32;
            let mut key = kind | state << 2;
            if solved.first(document) == Some(1) {
                key |= SOLVED;
            }
            if readers.values_for_doc(document).any(|reader| reader == EVERYBODY) {
                key |= OPEN;
            }
            let space = in_spaces.first(document).unwrap_or_default();
            let space = *known.entry(space).or_insert_with(|| {
                spaces.push(space);
                spaces.len() as u32 - 1
            });
            keys.push(key | space << SPACE);
            let second = created.first(document).unwrap_or_default() / 1_000_000;
            seconds.push(u32::try_from(second.max(0)).unwrap_or(u32::MAX));
            let score = scores.first(document).unwrap_or_default();
            let (solved, kind) = (key & SOLVED != 0, Kind::ALL[kind as usize]);
            standings.push(standing(Weighed { solved, score, kind }));
            up_minus_down.push(score.clamp(i32::MIN.into(), i32::MAX.into()) as i32);
            if let Some(column) = &tag_column {
                tags.extend(column.ords().values_for_doc(document).map(|tag| tag as u32));
            }
            tag_starts.push(tags.len() as u32);
        }
        let mut tag_names = Vec::new();
        if let Some(column) = &tag_column {
            for tag in 0..column.num_terms() as u64 {
                let mut name = String::new();
                column.ord_to_str(tag, &mut name)?;
                tag_names.push(name);
            }
        }
        let norms = |field| segment.get_fieldnorms_reader(field);
        Ok(Facts {
            keys,
            seconds,
            scores: up_minus_down,
            standings,
            spaces,
            tag_starts,
            tags,
            tag_names,
            posts: fast.u64("post")?,
            threads: fast.u64("thread")?,
            readers,
            created,
            norms: [
                norms(fields.title)?,
                norms(fields.gist)?,
                norms(fields.replies)?,
                norms(fields.reply)?,
                norms(fields.context)?,
            ],
        })
    }

    /// The post's id.
    pub fn post(&self, document: DocId) -> i64 {
        self.posts.first(document).and_then(|id| i64::try_from(id).ok()).unwrap_or_default()
    }

    /// The id of its thread's question.
    pub fn thread(&self, document: DocId) -> i64 {
        self.threads.first(document).and_then(|id| i64::try_from(id).ok()).unwrap_or_default()
    }

    /// What it is.
    #[inline]
    pub fn kind(&self, document: DocId) -> Kind {
        Kind::ALL[(self.keys[document as usize] & 3).min(2) as usize]
    }

    /// Its thread's state, by [`STATES`].
    #[inline]
    pub fn state(&self, document: DocId) -> usize {
        ((self.keys[document as usize] >> 2 & 3) as usize).min(STATES.len() - 1)
    }

    /// Whether its thread has a solution.
    #[inline]
    pub fn is_solved(&self, document: DocId) -> bool {
        self.keys[document as usize] & SOLVED != 0
    }

    /// Whether everybody who may enter its space may open it.
    #[inline]
    pub fn is_open(&self, document: DocId) -> bool {
        self.keys[document as usize] & OPEN != 0
    }

    /// Who may open it, where that is not everybody.
    pub fn readers(&self, document: DocId) -> impl Iterator<Item = u64> + '_ {
        self.readers.values_for_doc(document)
    }

    /// Up minus down.
    #[inline]
    pub fn score(&self, document: DocId) -> i64 {
        self.scores[document as usize].into()
    }

    /// The product of all factors but the one for age.
    #[inline]
    pub fn standing(&self, document: DocId) -> f32 {
        self.standings[document as usize]
    }

    /// When it was written, in seconds since 1970.
    #[inline]
    pub fn seconds(&self, document: DocId) -> u32 {
        self.seconds[document as usize]
    }

    /// When it was written, UTC microseconds.
    pub fn created(&self, document: DocId) -> i64 {
        self.created.first(document).unwrap_or_default()
    }

    /// Which of [`Facts::spaces`] it is in.
    #[inline]
    pub fn space(&self, document: DocId) -> usize {
        (self.keys[document as usize] >> SPACE) as usize
    }

    /// Which of [`Facts::tag_names`] its thread has.
    #[inline]
    pub fn tags(&self, document: DocId) -> &[u32] {
        let at = document as usize;
        &self.tags[self.tag_starts[at] as usize..self.tag_starts[at + 1] as usize]
    }

    /// Lengths of a field's texts.
    pub fn norms(&self, text: Text) -> &FieldNormReader {
        &self.norms[text as usize]
    }
}

/// Fields with texts whose lengths matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// A question's title.
    Title,
    /// A question.
    Gist,
    /// What was answered to it.
    Replies,
    /// An answer or comment.
    Reply,
    /// The title it stands under.
    Context,
}
