//! What went wrong between us and a visitor, before it is worded.
//!
//! Features turn their refusals (facts) into problems; the words stand in the Fluent files under
//! `problem-KIND` (what it is called), `problem-KIND-what` (what happened) and `problem-KIND-next` (what to do).
//! One middleware writes the page or the problem document ([`super::finish`]).

use std::borrow::Cow;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};

use crate::db::{Error, Failure, Refusal};

/// A problem: a status, a kind with its figures, and what is wrong field by field.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The answer's status.
    pub status: StatusCode,
    /// Names its words and, in the API, its `type`.
    pub kind: Cow<'static, str>,
    /// Figures and names for the words.
    pub facts: Vec<(&'static str, String)>,
    /// What is wrong, field by field.
    pub fields: Vec<FieldProblem>,
    /// Seconds after which trying again makes sense.
    pub retry_after: Option<u64>,
    /// For the log only.
    pub cause: Option<String>,
}

/// What is wrong with one field; words stand under `field-KIND`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field's name as sent.
    pub field: Cow<'static, str>,
    /// Names its words.
    pub kind: &'static str,
    /// Figures for the words.
    pub facts: Vec<(&'static str, String)>,
}

impl FieldProblem {
    /// A problem with `field`.
    pub fn new(field: impl Into<Cow<'static, str>>, kind: &'static str) -> FieldProblem {
        FieldProblem { field: field.into(), kind, facts: Vec::new() }
    }

    /// With a figure or name for its words.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> FieldProblem {
        self.facts.push((name, value.to_string()));
        self
    }
}

impl Problem {
    /// A problem of this status and kind.
    pub fn new(status: StatusCode, kind: impl Into<Cow<'static, str>>) -> Problem {
        Problem {
            status,
            kind: kind.into(),
            facts: Vec::new(),
            fields: Vec::new(),
            retry_after: None,
            cause: None,
        }
    }

    /// 400: what came cannot be read.
    pub fn malformed(kind: &'static str) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, kind)
    }

    /// 403: a rule says no.
    pub fn forbidden(kind: &'static str) -> Problem {
        Problem::new(StatusCode::FORBIDDEN, kind)
    }

    /// 404: it is not there, or not for this viewer, and the answer does not tell which.
    pub fn not_found() -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not-found")
    }

    /// 409: somebody else was first.
    pub fn conflict(kind: &'static str) -> Problem {
        Problem::new(StatusCode::CONFLICT, kind)
    }

    /// 422: readable, but these fields cannot be taken.
    pub fn invalid(fields: Vec<FieldProblem>) -> Problem {
        Problem { fields, ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid") }
    }

    /// 422 with one field.
    pub fn invalid_field(field: FieldProblem) -> Problem {
        Problem::invalid(vec![field])
    }

    /// 429: too often; again in `seconds`.
    pub fn too_often(seconds: u64) -> Problem {
        Problem {
            retry_after: Some(seconds.max(1)),
            ..Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-often").with("seconds", seconds.max(1))
        }
    }

    /// 503: again in a moment.
    pub fn busy() -> Problem {
        Problem { retry_after: Some(1), ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy") }
    }

    /// 500: our mistake; `cause` goes to the log.
    pub fn broken(cause: impl ToString) -> Problem {
        Problem {
            cause: Some(cause.to_string()),
            ..Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "broken")
        }
    }

    /// With a figure or name for its words.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Problem {
        self.facts.push((name, value.to_string()));
        self
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.status.as_u16(), self.kind)?;
        if let Some(cause) = &self.cause {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

/// The answer carries the problem; [`super::finish`] words it, knowing who asked and how.
impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status);
        response.extensions_mut().insert(self.clone());
        response
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        match error {
            Error::Busy | Error::Stopped => Problem::busy(),
            Error::CommitFailed(_) | Error::Unreachable { .. } => {
                Problem { cause: Some(error.to_string()), retry_after: Some(5), ..Problem::busy_storage() }
            }
            other => Problem::broken(other),
        }
    }
}

impl Problem {
    fn busy_storage() -> Problem {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "storage")
    }
}

/// A refusal in the words of the web.
impl<R: Refusal + Into<Problem>> From<Failure<R>> for Problem {
    fn from(failure: Failure<R>) -> Problem {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::Broken(error) => error.into(),
        }
    }
}

/// Where a handler itself refuses, with the problem as its reason.
impl Refusal for Problem {}
