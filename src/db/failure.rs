//! How work on the database ends when it does not end well.
//!
//! An act fails in one of two ways: a rule refused it (a [`Refusal`], a fact of its feature), or the
//! database could not do it (an [`Error`]). [`Failure`] holds either, so that `?` works on both.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// The database could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A query failed.
    #[error("the database refused a statement: {0}")]
    Query(#[from] DieselError),
    /// No connection could be opened.
    #[error("cannot open {place}: {why}")]
    Unreachable {
        /// The address, password masked.
        place: String,
        /// The driver's words.
        why: String,
    },
    /// Too much is waiting, or conflicts did not end within eight tries. Asking again later is right.
    #[error("the database is busy")]
    Busy,
    /// The common transaction of several writes could not be committed; none of them was kept.
    #[error("the commit failed, and nothing of it was kept: {0}")]
    CommitFailed(String),
    /// The threads are gone: the program is stopping.
    #[error("the database threads have stopped")]
    Stopped,
    /// The act itself broke off; what it had written was undone.
    #[error("an act broke off: {0}")]
    Panicked(String),
}

/// Marks a feature's enum of reasons why a rule refuses an act.
pub trait Refusal: std::fmt::Debug + Send + 'static {}

/// An act's failure: refused by a rule, or broken by the database.
#[derive(Debug)]
pub enum Failure<R> {
    /// A rule said no.
    Refused(R),
    /// The database could not.
    Broken(Error),
}

impl<R: Refusal> From<R> for Failure<R> {
    fn from(refusal: R) -> Self {
        Failure::Refused(refusal)
    }
}

impl<R> From<DieselError> for Failure<R> {
    fn from(error: DieselError) -> Self {
        Failure::Broken(Error::Query(error))
    }
}

impl<R> From<Error> for Failure<R> {
    fn from(error: Error) -> Self {
        Failure::Broken(error)
    }
}

impl<R> Failure<R> {
    /// The same failure with its refusal told in another feature's words.
    pub fn map<S>(self, tell: impl FnOnce(R) -> S) -> Failure<S> {
        match self {
            Failure::Refused(refusal) => Failure::Refused(tell(refusal)),
            Failure::Broken(error) => Failure::Broken(error),
        }
    }
}

/// What a closure given to the database may fail with.
pub trait Outcome: From<Error> + From<DieselError> + Send + 'static {
    /// The database error inside, if it is one.
    fn database(&self) -> Option<&Error>;
}

impl Outcome for Error {
    fn database(&self) -> Option<&Error> {
        Some(self)
    }
}

impl<R: Send + 'static> Outcome for Failure<R> {
    fn database(&self) -> Option<&Error> {
        match self {
            Failure::Refused(_) => None,
            Failure::Broken(error) => Some(error),
        }
    }
}

impl Error {
    /// Two transactions met and one must be run again (SQLSTATE 40001, 40P01).
    pub(super) fn is_conflict(&self) -> bool {
        match self {
            Error::Query(DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => true,
            Error::Query(DieselError::DatabaseError(_, info)) => {
                info.message().starts_with("deadlock detected")
            }
            _ => false,
        }
    }

    /// Another process or transaction held a lock for longer than we wait.
    pub(super) fn is_locked(&self) -> bool {
        match self {
            Error::Query(DieselError::DatabaseError(_, info)) => {
                let message = info.message();
                message.contains("database is locked")
                    || message.contains("database table is locked")
                    || message.contains("lock timeout")
                    || message.contains("statement timeout")
            }
            _ => false,
        }
    }

    /// The connection is of no more use.
    pub(super) fn is_lost(&self) -> bool {
        match self {
            Error::Query(DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, _))
            | Error::Query(DieselError::BrokenTransactionManager) => true,
            Error::Query(DieselError::DatabaseError(_, info)) => {
                let message = info.message();
                message.contains("server closed the connection")
                    || message.contains("terminating connection")
                    || message.contains("no connection to the server")
            }
            _ => false,
        }
    }

    /// A unique index said no: somebody else was first.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Error::Query(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)))
    }
}
