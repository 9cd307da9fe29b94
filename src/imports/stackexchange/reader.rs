//! Streams the rows of one dump file.
//!
//! Promises: one row is in memory at a time; a damaged, truncated or oversized file ends in one [`ReadError`]
//! that names file and byte, after all rows before it were given out; a row that is merely wrong is given out
//! as a [`RowProblem`] and reading goes on. Entities other than XML's own five and character references are
//! not expanded, so no document can blow itself up.

use std::fmt;
use std::marker::PhantomData;
use std::path::Path;

use quick_xml::XmlVersion;
use quick_xml::errors::{IllFormedError, SyntaxError};
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesStart, Event};

use super::rows::Row;
use crate::clock::Micros;
use crate::imports::input::{Input, Position, ReadError};
use crate::imports::instant;
use crate::imports::storable;

/// An iterator over the rows of one file.
///
/// The outer error ends the file, the inner one is a single row to be skipped.
pub struct Rows<R> {
    reader: quick_xml::Reader<Input>,
    buffer: Vec<u8>,
    depth: u32,
    root_closed: bool,
    ended: bool,
    row: PhantomData<fn() -> R>,
}

/// A row that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowProblem {
    /// File the row is in, without `.xml`.
    pub file: &'static str,
    /// Unpacked bytes before the row.
    pub at: u64,
    /// The row's `Id` as written, where it can be read.
    pub row_id: Option<String>,
    /// The number by which kinds of this row differ, where it can be read.
    pub type_id: Option<i64>,
    pub fault: Fault,
}

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The attribute is not there though the row means nothing without it.
    Missing(&'static str),
    /// The attribute is not a number, a time or readable text, as it should be.
    Malformed(&'static str),
    /// The attributes cannot be told apart.
    Unreadable,
}

/// The reason the row is skipped for: few different texts, whatever the data.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(field) => write!(f, "{field} missing"),
            Self::Malformed(field) => write!(f, "{field} malformed"),
            Self::Unreadable => f.write_str("attributes unreadable"),
        }
    }
}

impl fmt::Display for RowProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.row_id.as_deref().unwrap_or("unknown");
        write!(f, "{}, row {id} at byte {} (unpacked): {}", self.file, self.at, self.fault)
    }
}

impl<R: Row> Rows<R> {
    /// Opens `path`, plain or gzip.
    ///
    /// # Errors
    /// [`ReadError::Open`] or [`ReadError::Unreadable`].
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        Ok(Self::new(Input::open(path)?))
    }

    /// Rows of an open file.
    pub fn new(input: Input) -> Self {
        let mut reader = quick_xml::Reader::from_reader(input);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), depth: 0, root_closed: false, ended: false, row: PhantomData }
    }

    /// How far the file has been read.
    pub fn position(&self) -> Position {
        self.reader.get_ref().position()
    }

    fn read(&mut self) -> Result<Option<Result<R, RowProblem>>, ReadError> {
        loop {
            self.buffer.clear();
            self.reader.get_mut().next_row();
            let event = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(error) => return Err(stopped(self.reader.get_ref(), error)),
            };
            match event {
                Event::Start(element) => {
                    self.depth += 1;
                    let input = self.reader.get_mut();
                    match (self.depth, element.name().as_ref()) {
                        (1, _) if !self.root_closed => {}
                        (2, "row") => {
                            let row = RowAttributes::of(&element).read(R::FILE, input.row_start());
                            input.count_row();
                            return Ok(Some(row));
                        }
                        (_, name) => {
                            let reason = format!("<{}> stands where <row> was expected", name.escape_debug());
                            return Err(input.malformed(reason));
                        }
                    }
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    self.root_closed = self.depth == 0;
                }
                Event::Text(text) if !text.trim().is_empty() => {
                    return Err(self.reader.get_ref().malformed("there is text between the rows"));
                }
                Event::Eof if self.root_closed => return Ok(None),
                Event::Eof => return Err(self.reader.get_ref().truncated()),
                _ => {}
            }
        }
    }
}

impl<R: Row> Iterator for Rows<R> {
    type Item = Result<Result<R, RowProblem>, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let item = self.read().transpose();
        self.ended = !matches!(item, Some(Ok(_)));
        item
    }
}

fn stopped(input: &Input, error: quick_xml::Error) -> ReadError {
    match error {
        quick_xml::Error::Io(error) => input.unreadable(&error),
        // Every syntax error of the parser is "the input ended before …".
        quick_xml::Error::Syntax(SyntaxError::InvalidBangMarkup) => input.malformed("unknown markup <!"),
        quick_xml::Error::Syntax(_) | quick_xml::Error::IllFormed(IllFormedError::MissingEndTag(_)) => {
            input.truncated()
        }
        other => input.malformed(other.to_string()),
    }
}

/// The attributes of one `<row>`.
pub struct RowAttributes<'a> {
    list: Vec<Attribute<'a>>,
    readable: bool,
}

impl<'a> RowAttributes<'a> {
    fn of(element: &'a BytesStart<'a>) -> Self {
        let mut readable = true;
        let list = element.attributes().filter_map(|attribute| attribute.map_err(|_| readable = false).ok());
        let list = list.collect();
        Self { list, readable }
    }

    fn read<R: Row>(&self, file: &'static str, at: u64) -> Result<R, RowProblem> {
        let row = if self.readable { R::from_attributes(self) } else { Err(Fault::Unreadable) };
        row.map_err(|fault| RowProblem {
            file,
            at,
            row_id: self.text("Id").ok().flatten().map(|id| id.chars().take(40).collect()),
            type_id: R::TYPE_ATTRIBUTE.and_then(|name| self.number(name).ok().flatten()),
            fault,
        })
    }

    /// The text of `name`, with character references resolved and made storable.
    ///
    /// # Errors
    /// [`Fault::Malformed`] when it holds a reference to what is no character.
    pub fn text(&self, name: &'static str) -> Result<Option<String>, Fault> {
        let Some(attribute) = self.list.iter().find(|attribute| attribute.key.as_ref() == name) else {
            return Ok(None);
        };
        let text = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| Fault::Malformed(name))?;
        Ok(Some(storable(text.into_owned())))
    }

    /// A whole number.
    ///
    /// # Errors
    /// [`Fault::Malformed`] when it is there but no whole number of 64 bits.
    pub fn number(&self, name: &'static str) -> Result<Option<i64>, Fault> {
        self.parsed(name, |text| text.parse().ok())
    }

    /// A time.
    ///
    /// # Errors
    /// [`Fault::Malformed`] when it is there but no date and time.
    pub fn time(&self, name: &'static str) -> Result<Option<Micros>, Fault> {
        self.parsed(name, instant::parse)
    }

    /// As [`Self::text`], of an attribute that must be there and not empty.
    ///
    /// # Errors
    /// Also [`Fault::Missing`].
    pub fn needed_text(&self, name: &'static str) -> Result<String, Fault> {
        self.text(name)?.filter(|text| !text.trim().is_empty()).ok_or(Fault::Missing(name))
    }

    /// As [`Self::number`], of an attribute that must be there.
    ///
    /// # Errors
    /// Also [`Fault::Missing`].
    pub fn needed_number(&self, name: &'static str) -> Result<i64, Fault> {
        self.number(name)?.ok_or(Fault::Missing(name))
    }

    /// As [`Self::time`], of an attribute that must be there.
    ///
    /// # Errors
    /// Also [`Fault::Missing`].
    pub fn needed_time(&self, name: &'static str) -> Result<Micros, Fault> {
        self.time(name)?.ok_or(Fault::Missing(name))
    }

    fn parsed<T>(&self, name: &'static str, parse: fn(&str) -> Option<T>) -> Result<Option<T>, Fault> {
        match self.text(name)?.as_deref().map(str::trim) {
            None | Some("") => Ok(None),
            Some(text) => parse(text).map(Some).ok_or(Fault::Malformed(name)),
        }
    }
}
