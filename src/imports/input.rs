//! One input file as a stream of bytes: unpacked, without byte-order mark, metered.
//!
//! Promises: gzip is recognised by its first bytes, whatever the file is called, and all members of a
//! concatenated gzip are read; memory does not grow with the file; no caller can be made to buffer
//! more than [`MAX_ROW`] bytes for one row; every error names the file and the byte where reading stopped.
//! Does not know what a row is: the readers say where one ends by calling [`Input::next_row`].

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

/// Largest single row that is read, in unpacked bytes. The largest real one seen has 0.2 MB.
pub const MAX_ROW: u64 = 16 * 1024 * 1024;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];
const BUFFER: usize = 64 * 1024;

/// Why a file could not be read to its end. `at` counts unpacked bytes from the start of the file.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("{} could not be opened: {source}", path.display())]
    Open { path: PathBuf, source: io::Error },
    #[error(
        "{} could not be read beyond byte {at} (unpacked), after {rows} rows: {source}. \
         The file is damaged or incomplete; fetch it again and repeat the import",
        path.display()
    )]
    Unreadable { path: PathBuf, at: u64, rows: u64, source: io::Error },
    #[error(
        "{} ends too early, at byte {at} (unpacked), after {rows} rows. \
         The file is incomplete; fetch it again and repeat the import",
        path.display()
    )]
    Truncated { path: PathBuf, at: u64, rows: u64 },
    #[error(
        "{} holds a row of more than {limit} bytes at byte {at} (unpacked), after {rows} rows; \
         such a file is not read further",
        path.display()
    )]
    RowTooLarge { path: PathBuf, at: u64, rows: u64, limit: u64 },
    #[error("{} is not well-formed at byte {at} (unpacked), after {rows} rows: {reason}", path.display())]
    Malformed { path: PathBuf, at: u64, rows: u64, reason: String },
}

/// How far a file on disk has been read, readable while somebody else reads it: for progress.
#[derive(Clone, Debug)]
pub struct Position {
    read: Arc<AtomicU64>,
    size: u64,
}

impl Position {
    /// Bytes taken from the file so far, as stored (packed).
    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Bytes the file had when it was opened, as stored (packed).
    pub fn size(&self) -> u64 {
        self.size
    }
}

/// An open input file.
pub struct Input {
    path: PathBuf,
    position: Position,
    source: Box<dyn BufRead + Send>,
    at: u64,
    row_start: u64,
    rows: u64,
    limit: u64,
}

impl Input {
    /// Opens `path`, plain or gzip.
    ///
    /// # Errors
    /// [`ReadError::Open`] when the file is absent or forbidden, [`ReadError::Unreadable`] when its first
    /// bytes cannot be read.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let opening = |source| ReadError::Open { path: path.to_owned(), source };
        let file = File::open(path).map_err(opening)?;
        let about = file.metadata().map_err(opening)?;
        if about.is_dir() {
            return Err(opening(io::Error::from(io::ErrorKind::IsADirectory)));
        }
        let position = Position { read: Arc::default(), size: about.len() };
        let stored = Counted { file, read: Arc::clone(&position.read) };
        Self::from_stored(path, position, BufReader::with_capacity(BUFFER, stored), MAX_ROW)
    }

    fn from_stored(
        path: &Path,
        position: Position,
        mut stored: impl BufRead + Send + 'static,
        limit: u64,
    ) -> Result<Self, ReadError> {
        let start = |source| ReadError::Unreadable { path: path.to_owned(), at: 0, rows: 0, source };
        let packed = stored.fill_buf().map_err(start)?.starts_with(&GZIP_MAGIC);
        let mut source: Box<dyn BufRead + Send> = if packed {
            Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(stored)))
        } else {
            Box::new(stored)
        };
        let marked = source.fill_buf().map_err(start)?.starts_with(&BYTE_ORDER_MARK);
        let skipped = if marked { BYTE_ORDER_MARK.len() } else { 0 };
        source.consume(skipped);
        let at = skipped as u64;
        Ok(Self { path: path.to_owned(), position, source, at, row_start: at, rows: 0, limit })
    }

    /// The path the file was opened by.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A handle that tells how far the file has been read.
    pub fn position(&self) -> Position {
        self.position.clone()
    }

    /// Unpacked bytes before the current row.
    pub fn row_start(&self) -> u64 {
        self.row_start
    }

    /// Says that a row (or what stands between two rows) ends here: the limit counts anew.
    pub fn next_row(&mut self) {
        self.row_start = self.at;
    }

    /// Counts a row, for error messages.
    pub fn count_row(&mut self) {
        self.rows += 1;
    }

    /// The error for an I/O failure met while reading this file.
    pub fn unreadable(&self, error: &io::Error) -> ReadError {
        if error.get_ref().is_some_and(|inner| inner.is::<TooLarge>()) {
            return ReadError::RowTooLarge {
                path: self.path.clone(),
                at: self.row_start,
                rows: self.rows,
                limit: self.limit,
            };
        }
        let source = io::Error::new(error.kind(), error.to_string());
        ReadError::Unreadable { path: self.path.clone(), at: self.at, rows: self.rows, source }
    }

    /// The error for a file that ends in the middle.
    pub fn truncated(&self) -> ReadError {
        ReadError::Truncated { path: self.path.clone(), at: self.at, rows: self.rows }
    }

    /// The error for content that cannot be what the file claims to be.
    pub fn malformed(&self, reason: impl Into<String>) -> ReadError {
        ReadError::Malformed {
            path: self.path.clone(),
            at: self.row_start,
            rows: self.rows,
            reason: reason.into(),
        }
    }
}

impl Read for Input {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let n = available.len().min(into.len());
        into[..n].copy_from_slice(&available[..n]);
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Input {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let left = self.limit.saturating_sub(self.at - self.row_start);
        let available = self.source.fill_buf()?;
        if left == 0 && !available.is_empty() {
            return Err(io::Error::other(TooLarge));
        }
        let shown = usize::try_from(left).map_or(available.len(), |left| left.min(available.len()));
        Ok(&available[..shown])
    }

    fn consume(&mut self, n: usize) {
        self.at += n as u64;
        self.source.consume(n);
    }
}

/// Marks the I/O error by which [`Input`] stops a parser that keeps buffering one row.
#[derive(Debug, thiserror::Error)]
#[error("the row is too large")]
struct TooLarge;

struct Counted {
    file: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read(into)?;
        self.read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

#[cfg(test)]
impl Input {
    /// An input over bytes in memory, with its own row limit.
    pub fn from_bytes(name: &str, bytes: Vec<u8>, limit: u64) -> Result<Self, ReadError> {
        let position = Position { read: Arc::default(), size: bytes.len() as u64 };
        Self::from_stored(Path::new(name), position, io::Cursor::new(bytes), limit)
    }
}

#[cfg(test)]
pub mod pack {
    //! Packing for the tests of all readers.
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    /// `bytes` as one gzip member.
    pub fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: Vec<u8>) -> String {
        let mut text = String::new();
        Input::from_bytes("f", bytes, MAX_ROW).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn plain_packed_and_concatenated_files_read_alike() {
        assert_eq!(all(b"one two".to_vec()), "one two");
        assert_eq!(all(pack::gzip(b"one two")), "one two");
        assert_eq!(all([pack::gzip(b"one "), pack::gzip(b"two")].concat()), "one two");
        assert_eq!(all(Vec::new()), "");
    }

    #[test]
    fn a_byte_order_mark_is_dropped_also_inside_gzip() {
        assert_eq!(all("\u{feff}x".as_bytes().to_vec()), "x");
        assert_eq!(all(pack::gzip("\u{feff}x".as_bytes())), "x");
    }

    #[test]
    fn a_row_beyond_the_limit_stops_reading_and_says_where_it_began() {
        let mut input = Input::from_bytes("f", b"aaaabbbbbbbb".to_vec(), 6).unwrap();
        let mut four = [0; 4];
        input.read_exact(&mut four).unwrap();
        input.next_row();
        input.count_row();
        let error = input.read_to_end(&mut Vec::new()).unwrap_err();
        let error = input.unreadable(&error);
        assert!(matches!(error, ReadError::RowTooLarge { at: 4, rows: 1, limit: 6, .. }), "{error}");
    }

    #[test]
    fn a_row_of_exactly_the_limit_at_the_end_of_the_file_is_read() {
        let mut input = Input::from_bytes("f", b"123456".to_vec(), 6).unwrap();
        assert_eq!(input.read_to_end(&mut Vec::new()).unwrap(), 6);
    }

    #[test]
    fn a_cut_gzip_is_an_error_naming_the_byte() {
        let mut packed = pack::gzip("abcdefgh".repeat(9000).as_bytes());
        packed.truncate(packed.len() - 12);
        let mut input = Input::from_bytes("f.gz", packed, MAX_ROW).unwrap();
        let error = input.read_to_end(&mut Vec::new()).unwrap_err();
        let error = input.unreadable(&error);
        assert!(matches!(error, ReadError::Unreadable { at: 1.., .. }), "{error}");
        assert!(error.to_string().starts_with("f.gz could not be read beyond byte "), "{error}");
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = Input::open(Path::new("/nonexistent/Posts.xml")).err().unwrap();
        assert!(error.to_string().starts_with("/nonexistent/Posts.xml could not be opened"), "{error}");
    }
}
