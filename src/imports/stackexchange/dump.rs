//! The files of a Stack Exchange dump in a directory.
//!
//! A file may be plain or packed (`Posts.xml`, `posts.xml.gz`); upper and lower case do not matter; any but
//! Posts may be missing. What is not a file of the dump is not touched.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use super::reader::Rows;
use super::rows::Row;
use crate::imports::input::ReadError;

const FILES: [&str; 8] =
    ["Posts", "Users", "Comments", "Votes", "Tags", "PostHistory", "PostLinks", "Badges"];

/// A directory holding a dump.
#[derive(Debug)]
pub struct Dump {
    directory: PathBuf,
    files: BTreeMap<&'static str, PathBuf>,
}

/// Why a directory is no dump.
#[derive(Debug, thiserror::Error)]
pub enum DumpError {
    #[error("{} could not be listed: {source}", directory.display())]
    Unlisted { directory: PathBuf, source: io::Error },
    #[error("there is no Posts.xml or Posts.xml.gz in {}{}", directory.display(), hint(packed.as_deref()))]
    NoPosts { directory: PathBuf, packed: Option<PathBuf> },
    #[error(
        "both {} and {} hold {file}; leave one of them in the directory",
        first.display(),
        second.display()
    )]
    Twice { file: &'static str, first: PathBuf, second: PathBuf },
}

fn hint(packed: Option<&Path>) -> String {
    packed.map_or_else(String::new, |packed| {
        format!("; unpack {} into a directory of its own first (for example with 7z x)", packed.display())
    })
}

impl Dump {
    /// Finds the files of the dump in `directory`.
    ///
    /// # Errors
    /// [`DumpError`] when the directory cannot be listed, has no Posts, or has a file both plain and packed.
    pub fn find(directory: &Path) -> Result<Self, DumpError> {
        let unlisted = |source| DumpError::Unlisted { directory: directory.to_owned(), source };
        let mut files: BTreeMap<&'static str, PathBuf> = BTreeMap::new();
        let mut packed = None;
        for entry in std::fs::read_dir(directory).map_err(unlisted)? {
            let path = entry.map_err(unlisted)?.path();
            if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("7z")) {
                packed = Some(path);
                continue;
            }
            let Some(file) = path.file_name().and_then(file_of) else { continue };
            if let Some(first) = files.insert(file, path.clone()) {
                let (first, second) = if first < path { (first, path) } else { (path, first) };
                return Err(DumpError::Twice { file, first, second });
            }
        }
        if !files.contains_key("Posts") {
            return Err(DumpError::NoPosts { directory: directory.to_owned(), packed });
        }
        Ok(Self { directory: directory.to_owned(), files })
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The file with the rows of kind `R`, where there is one.
    pub fn path<R: Row>(&self) -> Option<&Path> {
        self.files.get(R::FILE).map(PathBuf::as_path)
    }

    /// The rows of kind `R`; `None` when the dump lacks the file.
    ///
    /// # Errors
    /// [`ReadError`] when the file is there but cannot be opened.
    pub fn rows<R: Row>(&self) -> Result<Option<Rows<R>>, ReadError> {
        self.path::<R>().map(Rows::open).transpose()
    }
}

fn file_of(name: &OsStr) -> Option<&'static str> {
    let name = name.to_str()?.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name).strip_suffix(".xml")?;
    FILES.into_iter().find(|file| file.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::super::rows::{PostRow, UserRow};
    use super::*;
    use crate::imports::scratch::Scratch;

    fn directory(name: &str, files: &[&str]) -> Scratch {
        let directory = Scratch::new(name);
        for file in files {
            std::fs::write(directory.path().join(file), "<posts></posts>").unwrap();
        }
        directory
    }

    #[test]
    fn files_are_found_plain_or_packed_in_upper_or_lower_case() {
        let place = directory("dump-found", &["posts.XML.gz", "USERS.xml", "License.txt", "PostsX.xml"]);
        let dump = Dump::find(place.path()).unwrap();
        assert_eq!(dump.path::<PostRow>().unwrap().file_name().unwrap(), "posts.XML.gz");
        assert_eq!(dump.path::<UserRow>().unwrap().file_name().unwrap(), "USERS.xml");
        assert!(dump.rows::<super::super::rows::VoteRow>().unwrap().is_none());
    }

    #[test]
    fn a_directory_without_posts_says_so_and_how_to_unpack_what_is_there() {
        let place = directory("dump-none", &["Users.xml", "site.7z"]);
        let said = Dump::find(place.path()).unwrap_err().to_string();
        assert!(said.starts_with("there is no Posts.xml or Posts.xml.gz in "), "{said}");
        assert!(said.contains("unpack ") && said.contains("site.7z"), "{said}");
    }

    #[test]
    fn a_file_both_plain_and_packed_is_refused() {
        let place = directory("dump-twice", &["Posts.xml", "Posts.xml.gz"]);
        let error = Dump::find(place.path()).unwrap_err();
        assert!(matches!(error, DumpError::Twice { file: "Posts", .. }), "{error}");
    }

    #[test]
    fn a_missing_directory_is_named() {
        let error = Dump::find(Path::new("/nonexistent/dump")).unwrap_err();
        assert!(error.to_string().starts_with("/nonexistent/dump could not be listed"), "{error}");
    }
}
