//! Streams questions and answers from JSON lines, plain or gzip.
//!
//! Promises: one line is in memory at a time; a damaged, truncated or oversized file ends in one [`ReadError`]
//! naming file and byte, after all rows before it; a line that is merely wrong is given out as a [`LineProblem`]
//! and reading goes on. Fields that older sets lack are `None`; fields nobody asked for are ignored. Empty
//! lines are no rows.

use std::fmt;
use std::io::BufRead;
use std::marker::PhantomData;
use std::path::Path;

use serde::de::{DeserializeOwned, Deserializer};
use serde::{Deserialize, de};

use crate::clock::Micros;
use crate::imports::input::{Input, Position, ReadError};
use crate::imports::instant;
use crate::imports::storable;

/// A question of the forum.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct QuestionRow {
    pub id: i64,
    #[serde(deserialize_with = "time")]
    pub created: Micros,
    /// Last change of the thread; at some dates labelled with the wrong zone, so it can lie before `created`.
    #[serde(default, deserialize_with = "optional_time")]
    pub updated: Option<Micros>,
    #[serde(default, deserialize_with = "optional_text")]
    pub locale: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    pub product: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    pub topic: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    pub title: Option<String>,
    /// HTML.
    #[serde(default, deserialize_with = "optional_text")]
    pub content: Option<String>,
    #[serde(default, deserialize_with = "texts")]
    pub tags: Vec<String>,
    #[serde(default, deserialize_with = "optional_text")]
    pub creator: Option<String>,
    pub is_solved: Option<bool>,
    /// Id of the accepted answer.
    pub solution: Option<i64>,
    #[serde(default, deserialize_with = "optional_text")]
    pub solved_by: Option<String>,
    pub is_spam: Option<bool>,
    pub is_locked: Option<bool>,
    pub is_archived: Option<bool>,
    pub num_answers: Option<i64>,
    /// People who said "I have this problem, too".
    pub num_votes: Option<i64>,
}

/// An answer, or a reply of the asker: the forum does not tell them apart.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AnswerRow {
    pub id: i64,
    pub question_id: i64,
    #[serde(deserialize_with = "time")]
    pub created: Micros,
    #[serde(default, deserialize_with = "optional_time")]
    pub updated: Option<Micros>,
    /// HTML.
    #[serde(default, deserialize_with = "optional_text")]
    pub content: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    pub creator: Option<String>,
    pub is_spam: Option<bool>,
    pub num_helpful: Option<i64>,
    pub num_unhelpful: Option<i64>,
}

/// An iterator over the rows of one file.
///
/// The outer error ends the file, the inner one is a single line to be skipped.
pub struct Lines<R> {
    input: Input,
    line: Vec<u8>,
    number: u64,
    ended: bool,
    row: PhantomData<fn() -> R>,
}

/// A line that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineProblem {
    /// Line number, from 1.
    pub line: u64,
    pub fault: LineFault,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineFault {
    /// Not UTF-8, or not JSON.
    NotJson,
    /// JSON, but not a question or answer: a field is missing or of the wrong type. Holds the field where it
    /// is known.
    Field(String),
}

/// The reason the line is skipped for: few different texts, whatever the data.
impl fmt::Display for LineFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson => f.write_str("not JSON"),
            Self::Field(field) if field == "." => f.write_str("a field missing"),
            Self::Field(field) => write!(f, "{field} malformed"),
        }
    }
}

impl<R: DeserializeOwned> Lines<R> {
    /// Opens `path`, plain or gzip.
    ///
    /// # Errors
    /// [`ReadError::Open`] or [`ReadError::Unreadable`].
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        Ok(Self::new(Input::open(path)?))
    }

    /// Rows of an open file.
    pub fn new(input: Input) -> Self {
        Self { input, line: Vec::new(), number: 0, ended: false, row: PhantomData }
    }

    /// How far the file has been read.
    pub fn position(&self) -> Position {
        self.input.position()
    }

    fn read(&mut self) -> Result<Option<Result<R, LineProblem>>, ReadError> {
        loop {
            self.line.clear();
            self.input.next_row();
            if let Err(error) = self.input.read_until(b'\n', &mut self.line) {
                return Err(self.input.unreadable(&error));
            }
            if self.line.is_empty() {
                return Ok(None);
            }
            self.number += 1;
            if self.line.trim_ascii().is_empty() {
                continue;
            }
            let row = parse(&self.line);
            if !self.line.ends_with(b"\n") && matches!(row, Err(Broken::CutOff)) {
                return Err(self.input.truncated());
            }
            self.input.count_row();
            return Ok(Some(row.map_err(|broken| LineProblem { line: self.number, fault: broken.fault() })));
        }
    }
}

impl<R: DeserializeOwned> Iterator for Lines<R> {
    type Item = Result<Result<R, LineProblem>, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let item = self.read().transpose();
        self.ended = !matches!(item, Some(Ok(_)));
        item
    }
}

enum Broken {
    CutOff,
    NotJson,
    Field(String),
}

impl Broken {
    fn fault(self) -> LineFault {
        match self {
            Self::CutOff | Self::NotJson => LineFault::NotJson,
            Self::Field(field) => LineFault::Field(field),
        }
    }
}

fn parse<R: DeserializeOwned>(line: &[u8]) -> Result<R, Broken> {
    let mut json = serde_json::Deserializer::from_slice(line);
    let row =
        serde_path_to_error::deserialize(&mut json).map_err(|error| match error.inner().classify() {
            serde_json::error::Category::Eof => Broken::CutOff,
            serde_json::error::Category::Data => Broken::Field(field(&error)),
            _ => Broken::NotJson,
        })?;
    json.end().map_err(|_| Broken::NotJson)?;
    Ok(row)
}

/// The top-level field, without indices: reasons stay few.
fn field(error: &serde_path_to_error::Error<serde_json::Error>) -> String {
    let path = error.path().to_string();
    path.split('[').next().unwrap_or(&path).to_owned()
}

fn time<'de, D: Deserializer<'de>>(from: D) -> Result<Micros, D::Error> {
    let text = String::deserialize(from)?;
    instant::parse(&text).ok_or_else(|| de::Error::custom("not a date and time"))
}

fn optional_time<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Micros>, D::Error> {
    match Option::<String>::deserialize(from)? {
        None => Ok(None),
        Some(text) => instant::parse(&text).map(Some).ok_or_else(|| de::Error::custom("not a date and time")),
    }
}

fn optional_text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.map(storable))
}

fn texts<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let texts = Option::<Vec<String>>::deserialize(from)?.unwrap_or_default();
    Ok(texts.into_iter().map(storable).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::input::{MAX_ROW, pack};

    type Read<R> = Vec<Result<Result<R, LineProblem>, ReadError>>;

    fn read<R: DeserializeOwned>(bytes: impl Into<Vec<u8>>, limit: u64) -> Read<R> {
        Lines::new(Input::from_bytes("q.jsonl", bytes.into(), limit).unwrap()).collect()
    }

    const OLD: &str = r#"{"id": 1, "created": "2019-08-01T09:08:15Z", "updated": "2019-08-01T01:00:00Z", "locale": "en-US",
        "product": "firefox", "topic": "sync", "title": "T", "content": "<p>C</p>", "tags": ["a", "b_1"], "creator": "ann", "answers": [1]}"#;
    const ANSWER: &str = r#"{"id": 7, "question_id": 1, "created": "2019-08-01T11:19:43Z", "updated": null,
        "content": "x\u0000y", "creator": "bob", "is_spam": false, "num_helpful": 2, "num_unhelpful": 1}"#;

    fn line(text: &str) -> String {
        format!("{}\n", text.replace('\n', ""))
    }

    #[test]
    fn a_question_of_an_older_set_has_none_for_what_it_lacks() {
        let mut rows = read::<QuestionRow>(line(OLD), MAX_ROW);
        let question = rows.remove(0).unwrap().unwrap();
        assert_eq!((question.id, question.tags.len(), question.creator.as_deref()), (1, 2, Some("ann")));
        assert_eq!((question.is_spam, question.solution, question.num_votes), (None, None, None));
        assert!(question.updated.unwrap() < question.created);
    }

    #[test]
    fn an_answer_is_read_packed_or_plain_with_or_without_a_last_line_end() {
        let plain = line(ANSWER).repeat(2);
        let open = plain.trim_end().to_owned();
        for bytes in [plain.clone().into_bytes(), open.into_bytes(), pack::gzip(plain.as_bytes())] {
            let rows = read::<AnswerRow>(bytes, MAX_ROW);
            assert_eq!(rows.len(), 2);
            let answer = rows[1].as_ref().unwrap().as_ref().unwrap();
            assert_eq!((answer.question_id, answer.num_helpful, answer.updated), (1, Some(2), None));
            assert_eq!(answer.content.as_deref(), Some("x\u{fffd}y"));
        }
    }

    #[test]
    fn a_wrong_line_is_a_problem_with_its_number_and_reading_goes_on() {
        for (text, said) in [
            ("nonsense", "not JSON"),
            ("[1, 2", "not JSON"),
            ("{\"id\": 1} {}", "a field missing"),
            ("[]", "a field missing"),
            ("{\"id\": \"1\"}", "id malformed"),
            ("{\"id\": 1, \"question_id\": 1, \"created\": \"2019\"}", "created malformed"),
            ("{\"id\": 1, \"question_id\": 1e400}", "not JSON"),
            ("{\"id\": 99999999999999999999}", "id malformed"),
        ] {
            let rows = read::<AnswerRow>(format!("\n{text}\n{}", line(ANSWER)), MAX_ROW);
            assert_eq!(rows.len(), 2, "{text}");
            let problem = rows[0].as_ref().unwrap().as_ref().unwrap_err();
            assert_eq!((problem.line, problem.fault.to_string().as_str()), (2, said), "{text}");
            assert!(rows[1].as_ref().unwrap().is_ok(), "{text}");
        }
        let rows = read::<AnswerRow>([b"{\"id\": \"\xff\"}\n", line(ANSWER).as_bytes()].concat(), MAX_ROW);
        assert!(rows[0].as_ref().unwrap().is_err() && rows[1].as_ref().unwrap().is_ok());
    }

    #[test]
    fn deep_nesting_is_a_problem_not_a_crash() {
        let deep = format!("{{\"id\": 1, \"extra\": {}}}\n", "[".repeat(200_000));
        assert!(read::<AnswerRow>(deep, MAX_ROW)[0].as_ref().unwrap().is_err());
    }

    #[test]
    fn a_file_cut_in_a_line_gives_the_rows_before_and_says_so() {
        let whole = line(ANSWER).repeat(3);
        let mut rows = read::<AnswerRow>(&whole.as_bytes()[..whole.len() - 20], MAX_ROW);
        let error = rows.pop().unwrap().err().unwrap();
        assert!(matches!(error, ReadError::Truncated { rows: 2, .. }), "{error}");
        assert!(rows.len() == 2 && rows.iter().all(Result::is_ok));

        let mut packed = pack::gzip(whole.as_bytes());
        packed.truncate(packed.len() - 10);
        let error = read::<AnswerRow>(packed, MAX_ROW).pop().unwrap().err().unwrap();
        assert!(matches!(error, ReadError::Unreadable { .. }), "{error}");
    }

    #[test]
    fn a_line_beyond_the_limit_is_refused_without_being_buffered() {
        let long = line(&ANSWER.replace("bob", &"b".repeat(5000)));
        let mut rows = read::<AnswerRow>(format!("{}{long}", line(ANSWER)), 1000);
        assert!(matches!(rows.pop().unwrap(), Err(ReadError::RowTooLarge { rows: 1, .. })));
    }
}
