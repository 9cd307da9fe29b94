//! From a post to its document: terms, filters, and who may open it.

use std::collections::BTreeSet;

use tantivy::TantivyDocument;
use tantivy::schema::Term;
use tantivy::tokenizer::{PreTokenizedString, Token};

use super::schema::{EVERYBODY, Fields, STAFF};
use crate::questions::State;
use crate::search::analysis::{self, Language};

/// The kinds of post, as the index has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Opens a thread.
    Question,
    /// Answers it.
    Answer,
    /// Stands under either.
    Comment,
}

impl Kind {
    /// All, in the order of their numbers.
    pub const ALL: [Kind; 3] = [Kind::Question, Kind::Answer, Kind::Comment];

    /// As in the index.
    pub fn number(self) -> u64 {
        match self {
            Kind::Question => 1,
            Kind::Answer => 2,
            Kind::Comment => 3,
        }
    }

    /// As stored with the post.
    pub fn stored(name: &str) -> Kind {
        match name {
            "question" => Kind::Question,
            "answer" => Kind::Answer,
            _ => Kind::Comment,
        }
    }

    /// As the API names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Question => "question",
            Kind::Answer => "answer",
            Kind::Comment => "comment",
        }
    }
}

/// The states in the order of their numbers in the index.
pub const STATES: [State; 4] = [State::Unanswered, State::Open, State::Solved, State::Closed];

/// A state as in the index.
pub fn state_number(state: State) -> u64 {
    STATES.iter().position(|known| *known == state).unwrap_or_default() as u64
}

/// Who may open a post, given that they may enter its space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readers {
    /// Everybody.
    All,
    /// Staff, and these members.
    Staff(BTreeSet<i64>),
}

impl Readers {
    /// Those who may open both.
    #[must_use]
    pub fn and(&self, other: &Readers) -> Readers {
        match (self, other) {
            (Readers::All, readers) | (readers, Readers::All) => readers.clone(),
            (Readers::Staff(one), Readers::Staff(other)) => Readers::Staff(one & other),
        }
    }

    fn numbers(&self) -> Vec<u64> {
        match self {
            Readers::All => vec![EVERYBODY],
            Readers::Staff(members) => {
                let members = members.iter().filter_map(|id| u64::try_from(*id).ok());
                members.filter(|id| *id != EVERYBODY).chain([STAFF]).collect()
            }
        }
    }
}

/// What the index is told of a post.
#[derive(Clone, Debug)]
pub struct Post {
    /// Its id.
    pub id: i64,
    /// What it is.
    pub kind: Kind,
    /// Its thread's question.
    pub thread: i64,
    /// Its space.
    pub space: i64,
    /// Its author, if a member.
    pub author: Option<i64>,
    /// Who may open it.
    pub readers: Readers,
    /// Its text's language, where it could be told.
    pub language: Option<String>,
    /// Up minus down.
    pub score: i64,
    /// When it was written.
    pub created_at: i64,
    /// Its thread's state.
    pub state: State,
    /// Whether its thread has a solution.
    pub solved: bool,
    /// Its thread's title.
    pub title: String,
    /// Its thread's tags.
    pub tags: Vec<String>,
    /// Its words, without markup.
    pub text: String,
    /// For a question: the words of its answers, the chosen one first.
    pub replies: Vec<String>,
}

/// Between the words of the title and those of the body, so that no phrase reaches across.
const GAP: usize = 100;
/// Of the answers together, so many terms go into what similar questions are found by.
const REPLY_TERMS: usize = 1_000;

impl Post {
    /// Its document.
    pub fn document(&self, fields: &Fields) -> TantivyDocument {
        let number = |id: i64| u64::try_from(id).unwrap_or_default();
        let mut document = TantivyDocument::new();
        document.add_u64(fields.post, number(self.id));
        document.add_u64(fields.thread, number(self.thread));
        document.add_u64(fields.space, number(self.space));
        document.add_u64(fields.kind, self.kind.number());
        document.add_u64(fields.state, state_number(self.state));
        document.add_u64(fields.solved, u64::from(self.solved));
        for reader in self.readers.numbers() {
            document.add_u64(fields.reader, reader);
        }
        if let Some(author) = self.author {
            document.add_u64(fields.author, number(author));
        }
        document.add_i64(fields.score, self.score);
        document.add_i64(fields.created, self.created_at);
        for tag in &self.tags {
            document.add_text(fields.tag, tag);
        }
        let language = Language::of(self.language.as_deref());
        document.add_text(fields.language, language.code());
        let title = analysis::stemmed(&self.title, language);
        let text = analysis::stemmed(&self.text, language);
        let mut words = Terms::default();
        if self.kind == Kind::Question {
            let mut gist = Terms::of(&title);
            for tag in &self.tags {
                gist.add(&analysis::stemmed(tag, language));
            }
            gist.add(&text);
            document.add_pre_tokenized_text(fields.title, Terms::of(&title).taken());
            document.add_pre_tokenized_text(fields.gist, gist.taken());
            document.add_pre_tokenized_text(fields.replies, self.reply_terms(language).taken());
            words.add(&analysis::exact(&self.title));
        } else {
            document.add_pre_tokenized_text(fields.context, Terms::of(&title).taken());
            document.add_pre_tokenized_text(fields.reply, Terms::of(&text).taken());
        }
        words.add(&analysis::exact(&self.text));
        document.add_pre_tokenized_text(fields.words, words.taken());
        document
    }

    fn reply_terms(&self, language: Language) -> Terms {
        let mut terms = Terms::default();
        for reply in &self.replies {
            let room = REPLY_TERMS.saturating_sub(terms.tokens.len());
            if room == 0 {
                break;
            }
            let mut stems = analysis::stemmed(reply, language);
            stems.truncate(room);
            terms.add(&stems);
        }
        terms
    }

    /// Finds its document.
    pub fn term(fields: &Fields, id: i64) -> Term {
        Term::from_field_u64(fields.post, u64::try_from(id).unwrap_or_default())
    }
}

/// Terms of one field, from several texts.
#[derive(Default)]
struct Terms {
    tokens: Vec<Token>,
    next: usize,
}

impl Terms {
    fn of(terms: &[analysis::Term]) -> Terms {
        let mut of = Terms::default();
        of.add(terms);
        of
    }

    fn add(&mut self, terms: &[analysis::Term]) {
        let from = self.next;
        for term in terms {
            self.next = self.next.max(from + term.position + 1);
            self.tokens.push(Token {
                offset_from: 0,
                offset_to: 0,
                position: from + term.position,
                text: term.text.clone(),
                position_length: 1,
            });
        }
        self.next += GAP;
    }

    fn taken(self) -> PreTokenizedString {
        PreTokenizedString { text: String::new(), tokens: self.tokens }
    }
}
