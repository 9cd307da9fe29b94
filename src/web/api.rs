//! The API's manners: strict JSON in, JSON out, and acts that a client may safely repeat.
//!
//! An act sent with an `Idempotency-Key` writes its answer in its own transaction, so that the answer is there
//! if and only if the act is. A repeat gets that answer again; while the first is still running it gets 409.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::problem::{FieldProblem, Problem};
use super::secret::digest;
use super::viewer::Viewer;
use super::visit::Visit;
use crate::clock::{DAY, Micros};
use crate::db::schema::idempotent_answers as kept;
use crate::db::{Conn, Failure, On, Refusal};

/// An act's answer before it is sent.
#[derive(Clone, Debug)]
pub struct Reply {
    status: StatusCode,
    body: Option<String>,
    location: Option<String>,
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

    /// 204.
    pub fn done() -> Reply {
        Reply { status: StatusCode::NO_CONTENT, body: None, location: None }
    }

    fn send(self, replayed: bool) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if replayed {
            response.insert_header(("idempotent-replayed", "true"));
        }
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
    Ok(Reply::ok(body)?.send(false))
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
    let expected = words.split("expected ").nth(1).unwrap_or("something else");
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

/// The `Idempotency-Key` of a request.
///
/// # Errors
/// When it is empty, longer than 255 characters, or not printable ASCII.
pub fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let Some(value) = request.headers().get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().ok().map(str::trim).filter(|key| (1..=255).contains(&key.len()));
    key.map(|key| Some(key.to_owned())).ok_or_else(|| Problem::malformed("bad-idempotency-key"))
}

/// Acts once: as [`Visit::write`], with the answer kept for repeats.
///
/// # Errors
/// What `act` refuses; 422 when the key was used for another request; 409 while the first is running.
pub async fn act<R, F>(visit: &Visit, on: On, mut act: F) -> Result<HttpResponse, Problem>
where
    R: Refusal + Into<Problem>,
    F: FnMut(&mut Conn, &Viewer) -> Result<Reply, Failure<R>> + Send + 'static,
{
    let (Some(key), Some(token)) = (visit.idempotency_key.clone(), visit.entered.credential_id) else {
        return Ok(visit.write(on, act).await?.send(false));
    };
    let _running = visit.hall.running.begin(token, &key)?;
    let hash = digest([visit.method.as_bytes(), b" ", visit.path.as_bytes(), b"\n", &visit.body].concat());
    let now = visit.now;
    let (reply, replayed) = visit
        .write(on, move |c, viewer| -> Result<(Reply, bool), Failure<Problem>> {
            if let Some(first) = first_answer(c, token, &key, &hash, now)? {
                return Ok((first, true));
            }
            let reply = act(c, viewer).map_err(|failure| failure.map(Into::into))?;
            keep(c, token, &key, &hash, &reply, now)?;
            Ok((reply, false))
        })
        .await?;
    Ok(reply.send(replayed))
}

fn first_answer(
    c: &mut Conn,
    token: i64,
    key: &str,
    hash: &str,
    now: Micros,
) -> Result<Option<Reply>, Failure<Problem>> {
    type Row = (String, Option<i64>, Option<String>, Option<String>, Micros);
    let row: Option<Row> = kept::table
        .find((token, key))
        .select((kept::request_hash, kept::status, kept::location, kept::body, kept::begun_at))
        .first(c)
        .optional()?;
    let Some((first_hash, status, location, body, begun_at)) = row else { return Ok(None) };
    if begun_at < now - DAY {
        diesel::delete(kept::table.find((token, key))).execute(c)?;
        return Ok(None);
    }
    if first_hash != hash {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "key-reused").into());
    }
    let status = status.and_then(|status| StatusCode::from_u16(u16::try_from(status).ok()?).ok());
    Ok(Some(Reply { status: status.unwrap_or(StatusCode::OK), body, location }))
}

fn keep(c: &mut Conn, token: i64, key: &str, hash: &str, reply: &Reply, now: Micros) -> QueryResult<()> {
    diesel::insert_into(kept::table)
        .values((
            kept::token_id.eq(token),
            kept::key.eq(key),
            kept::request_hash.eq(hash),
            kept::status.eq(i64::from(reply.status.as_u16())),
            kept::content_type.eq("application/json"),
            kept::location.eq(&reply.location),
            kept::body.eq(&reply.body),
            kept::begun_at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

/// Drops answers kept for longer than a day.
pub fn forget_old(c: &mut Conn, now: Micros) -> QueryResult<usize> {
    diesel::delete(kept::table.filter(kept::begun_at.lt(now - DAY))).execute(c)
}

/// The acts with a key that are running in this process.
#[derive(Debug, Default)]
pub struct RunningActs(Mutex<HashSet<(i64, String)>>);

/// One of them; over when dropped.
struct Running<'a> {
    acts: &'a RunningActs,
    act: (i64, String),
}

impl RunningActs {
    fn begin(&self, token: i64, key: &str) -> Result<Running<'_>, Problem> {
        let act = (token, key.to_owned());
        if self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(act.clone()) {
            Ok(Running { acts: self, act })
        } else {
            Err(Problem::conflict("still-running"))
        }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.acts.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.act);
    }
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
