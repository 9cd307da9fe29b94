//! The API's manners: strict JSON in, JSON out. Acts that a client may safely repeat are [`super::once`]'s.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::problem::{FieldProblem, Problem};
use super::visit::Visit;

/// An answer before it is sent.
#[derive(Clone, Debug)]
pub struct Reply {
    pub(super) status: StatusCode,
    pub(super) body: Option<String>,
    pub(super) location: Option<String>,
}

impl Reply {
    /// 200 with a body.
    pub fn ok(body: &impl Serialize) -> Result<Reply, Problem> {
        Ok(Reply { status: StatusCode::OK, body: Some(written(body)?), location: None })
    }

    /// 201 with a body and where the new thing is.
    pub fn created(body: &impl Serialize, location: String) -> Result<Reply, Problem> {
        Ok(Reply { status: StatusCode::CREATED, body: Some(written(body)?), location: Some(location) })
    }

    /// 202 with a body: it was taken, and somebody else decides.
    pub fn taken(body: &impl Serialize) -> Result<Reply, Problem> {
        Ok(Reply { status: StatusCode::ACCEPTED, body: Some(written(body)?), location: None })
    }

    /// 204.
    pub fn done() -> Reply {
        Reply { status: StatusCode::NO_CONTENT, body: None, location: None }
    }

    /// Sends it.
    pub fn send(self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if let Some(location) = self.location {
            response.insert_header((header::LOCATION, location));
        }
        match self.body {
            Some(body) => response.content_type("application/json").body(body),
            None => response.finish(),
        }
    }
}

/// Sends a value as JSON.
///
/// # Errors
/// When it cannot be written, which is our mistake.
pub fn send(body: &impl Serialize) -> Result<HttpResponse, Problem> {
    Ok(Reply::ok(body)?.send())
}

fn written(body: &impl Serialize) -> Result<String, Problem> {
    serde_json::to_string(body).map_err(Problem::broken)
}

/// Reads the body as JSON. What is no JSON is 400; what is JSON but not of this shape is 422 with the field.
///
/// # Errors
/// As said.
pub fn json<T: DeserializeOwned>(visit: &Visit) -> Result<T, Problem> {
    if visit.body.is_empty() {
        return Err(Problem::malformed("empty-body"));
    }
    let text = std::str::from_utf8(&visit.body).map_err(|_| Problem::malformed("not-utf8"))?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let value: T = serde_path_to_error::deserialize(&mut reader).map_err(|error| unfit(&error))?;
    reader.end().map_err(|_| Problem::malformed("bad-json").with("line", 1).with("column", 1))?;
    if !text.trim_start().starts_with('{') {
        // serde would also read a list as the fields in their order.
        return Err(Problem::invalid_field(
            FieldProblem::new("", "wrong-type").with("expected", "an object"),
        ));
    }
    if has_nul(text) { Err(Problem::malformed("not-text")) } else { Ok(value) }
}

fn unfit(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let inner = error.inner();
    if !inner.is_data() {
        return Problem::malformed("bad-json").with("line", inner.line()).with("column", inner.column());
    }
    let words = inner.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    let path = match error.path().to_string() {
        path if path == "." => String::new(),
        path => path,
    };
    let quoted = words.split('`').nth(1).unwrap_or_default();
    if words.starts_with("missing field") {
        return Problem::invalid_field(FieldProblem::new(quoted.to_owned(), "missing"));
    }
    if words.starts_with("duplicate field") {
        return Problem::malformed("said-twice").with("field", quoted);
    }
    // What was sent stands in front of what was expected, and may say anything.
    let expected = words.rsplit_once(", expected ").map_or("something else", |(_, expected)| expected);
    Problem::invalid_field(FieldProblem::new(path, "wrong-type").with("expected", expected))
}

/// Whether an escape in this valid JSON means U+0000, which no text of ours may hold.
fn has_nul(json: &str) -> bool {
    let mut rest = json;
    while let Some(at) = rest.find("\\u0000") {
        let backslashes = rest[..at].bytes().rev().take_while(|byte| *byte == b'\\').count();
        if backslashes % 2 == 0 {
            return true;
        }
        rest = &rest[at + 6..];
    }
    false
}

#[cfg(test)]
mod tests {
    use super::has_nul;

    #[test]
    fn an_escaped_nul_is_found_and_an_escaped_backslash_is_not_mistaken_for_one() {
        assert!(has_nul(r#""a\u0000b""#));
        assert!(!has_nul(r#""a\\u0000b""#));
        assert!(has_nul(r#""a\\\u0000b""#));
    }
}
