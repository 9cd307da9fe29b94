//! Which database: read from its URL before anything connects.
//!
//! An unknown scheme is refused, because a mistyped one would otherwise become a new, empty SQLite file
//! of that name and look like lost data.

use std::fmt;
use std::path::{Path, PathBuf};

/// A checked database address.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A `postgres:` URL as given, password included: show it only through `Display`, which masks it.
    Postgres(String),
}

/// Why an address was refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum UrlError {
    /// Neither `sqlite:` nor `postgres:`.
    #[error(
        "the database address begins with `{scheme}`, but Peerhall knows `sqlite:` and `postgres:` only; nothing was \
         opened or created"
    )]
    UnknownScheme {
        /// What stood before the colon, or the beginning of the address.
        scheme: String,
    },
    /// `sqlite:` without a file.
    #[error("the database address `sqlite:` names no file")]
    NoFile,
}

impl DatabaseUrl {
    /// Reads `sqlite:PATH`, `sqlite://PATH`, `postgres://…` or `postgresql://…`.
    pub fn parse(given: &str) -> Result<DatabaseUrl, UrlError> {
        if given.starts_with("postgres://") || given.starts_with("postgresql://") {
            return Ok(DatabaseUrl::Postgres(given.to_owned()));
        }
        if let Some(rest) = given.strip_prefix("sqlite:") {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            if path.is_empty() {
                return Err(UrlError::NoFile);
            }
            return Ok(DatabaseUrl::Sqlite(PathBuf::from(path)));
        }
        let scheme = given.split(':').next().unwrap_or_default().chars().take(40).collect();
        Err(UrlError::UnknownScheme { scheme })
    }

    /// The SQLite file inside a data directory.
    pub fn in_directory(directory: &Path) -> DatabaseUrl {
        DatabaseUrl::Sqlite(directory.join("peerhall.db"))
    }

    /// "SQLite" or "PostgreSQL".
    pub fn kind(&self) -> &'static str {
        match self {
            DatabaseUrl::Sqlite(_) => "SQLite",
            DatabaseUrl::Postgres(_) => "PostgreSQL",
        }
    }
}

/// The address without its password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DatabaseUrl::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            DatabaseUrl::Postgres(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
                let rest = rest.split_once('?').map_or(rest, |(before, _)| before);
                match rest.rsplit_once('@') {
                    Some((user, place)) => {
                        write!(f, "{scheme}://{}:***@{place}", user.split(':').next().unwrap_or_default())
                    }
                    None => write!(f, "{scheme}://{rest}"),
                }
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_scheme_is_refused_by_name() {
        assert_eq!(
            DatabaseUrl::parse("postgress://localhost/x"),
            Err(UrlError::UnknownScheme { scheme: "postgress".into() })
        );
        assert_eq!(DatabaseUrl::parse("data.db"), Err(UrlError::UnknownScheme { scheme: "data.db".into() }));
    }

    #[test]
    fn a_password_is_never_shown() {
        let url = DatabaseUrl::parse("postgres://ann:s3cret@db.example:5432/hall?password=s3cret").unwrap();
        assert_eq!(url.to_string(), "postgres://ann:***@db.example:5432/hall");
        assert_eq!(format!("{url:?}"), url.to_string());
    }

    #[test]
    fn sqlite_takes_a_path_with_or_without_slashes() {
        assert_eq!(DatabaseUrl::parse("sqlite:a/b.db"), Ok(DatabaseUrl::Sqlite("a/b.db".into())));
        assert_eq!(DatabaseUrl::parse("sqlite:///a/b.db"), Ok(DatabaseUrl::Sqlite("/a/b.db".into())));
    }
}
