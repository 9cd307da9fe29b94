//! Acts of the API that a client may safely repeat, by their `Idempotency-Key` (per token, for a day).
//!
//! An act that is done writes its answer in its own transaction, so that the answer is there if and only if the
//! act is. One that is refused changed nothing; its answer is kept after it. A repeat gets the first answer
//! again, the same key with another request gets 422, and one whose first is still running 409. Not kept is
//! what says "not now" rather than "no" (401, 408, 429 and whatever is our own fault), and what is too long.
//!
//! Who may not use a route any more gets no kept answer of it either; beyond that an answer is repeated as it
//! was given to this token, whatever its member may enter by now: it tells nothing that it has not told before.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::body::{BoxBody, to_bytes};
use actix_web::dev::ServiceRequest;
use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use diesel::prelude::*;

use super::api::Reply;
use super::finish::Worded;
use super::hall::Hall;
use super::limits::{self, Limit};
use super::problem::Problem;
use super::secret::digest;
use super::viewer::Viewer;
use super::visit::{Entered, Visit};
use crate::clock::{DAY, HOUR, Micros};
use crate::db::schema::idempotent_answers as kept;
use crate::db::{Conn, Error, Failure, On, Refusal, on};

/// Refusals kept per member. What is done has limits of its own; what is refused costs a client nothing, so that
/// only this and [`REFUSAL_BYTES`] bound what it can make us keep.
const REFUSALS: Limit = Limit { scope: "kept-refusals", most: 1_000, window: HOUR };

/// The longest refusal that is kept, in bytes.
const REFUSAL_BYTES: usize = 8_000;

/// What a request with a key is known by. While one is alive its act is running.
#[derive(Clone, Debug)]
pub struct Keyed {
    token: i64,
    member: i64,
    key: String,
    hash: String,
    keeps_refusals: bool,
    _running: Arc<Running>,
}

/// The first answer to a request that is repeated, on its way to whoever may still use the route.
#[derive(Clone, Debug)]
pub(super) struct FirstAnswer(Kept);

impl FirstAnswer {
    /// Sends it again.
    ///
    /// # Errors
    /// When it could not have been sent before.
    pub(super) fn send(self) -> Result<HttpResponse, Problem> {
        self.0.send()
    }
}

/// Begins a request of the API whose body has been read: it carries its [`Keyed`] from now on, or, where it is a
/// repeat (true), the [`FirstAnswer`].
///
/// # Errors
/// 400 for a key that is none; 409 while the first is running; 422 when it was for another request.
pub(super) async fn begin(
    request: &ServiceRequest,
    hall: &Data<Hall>,
    entered: &Entered,
    body: &[u8],
) -> Result<bool, Problem> {
    let (Some(key), Some(token)) = (key(request.request())?, entered.credential_id) else { return Ok(false) };
    let Some(member) = request.extensions().get::<Viewer>().map(|viewer| viewer.id) else { return Ok(false) };
    let running = RunningActs::begin(&hall.running, token, &key)?;
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let format = request.content_type();
    let head = format!("{} {target}\n{format}\n", request.method());
    let hash = digest([head.as_bytes(), body].concat());
    let mut keyed = Keyed { token, member, key, hash, keeps_refusals: true, _running: Arc::new(running) };
    let (asked, now, counted) = (keyed.clone(), hall.clock.now(), hall.clone());
    let (first, refused) = hall
        .db
        .read(move |c| {
            Ok::<_, Error>(counted.counting(|| -> QueryResult<_> {
                let first = first_answer(c, &asked, now)?;
                let refused = match first {
                    None => limits::used(c, REFUSALS, &asked.member.to_string(), now)?,
                    Some(_) => 0,
                };
                Ok((first, refused))
            })?)
        })
        .await?;
    keyed.keeps_refusals = !hall.config.limits || refused < REFUSALS.most;
    match first {
        Some(Kept::Other) => Err(key_reused()),
        Some(same) => {
            request.extensions_mut().insert(FirstAnswer(same));
            Ok(true)
        }
        None => {
            request.extensions_mut().insert(keyed);
            Ok(false)
        }
    }
}

/// The `Idempotency-Key` of a request: 1 to 255 printable characters of ASCII.
fn key(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let Some(value) = request.headers().get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().ok().map(str::trim).filter(|key| (1..=255).contains(&key.len()));
    key.map(|key| Some(key.to_owned())).ok_or_else(|| Problem::malformed("bad-idempotency-key"))
}

/// An answer as it was kept.
#[derive(Clone, Debug)]
enum Kept {
    /// For the same request.
    Same { reply: Reply, format: Option<String> },
    /// The key was used for another one.
    Other,
}

impl Kept {
    fn send(self) -> Result<HttpResponse, Problem> {
        let Kept::Same { reply, format } = self else {
            return Err(key_reused());
        };
        let mut response = reply.send();
        let headers = response.headers_mut();
        headers.insert(
            header::HeaderName::from_static("idempotent-replayed"),
            header::HeaderValue::from_static("true"),
        );
        if let Some(format) = format.and_then(|format| header::HeaderValue::from_str(&format).ok()) {
            headers.insert(header::CONTENT_TYPE, format);
        }
        response.extensions_mut().insert(Worded);
        Ok(response)
    }
}

fn key_reused() -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "key-reused")
}

fn first_answer(c: &mut Conn, keyed: &Keyed, now: Micros) -> QueryResult<Option<Kept>> {
    type Row = (String, Option<i64>, Option<String>, Option<String>, Option<String>);
    let row: Option<Row> = kept::table
        .find((keyed.token, &keyed.key))
        .filter(kept::begun_at.ge(now - DAY))
        .select((kept::request_hash, kept::status, kept::content_type, kept::location, kept::body))
        .first(c)
        .optional()?;
    let Some((hash, status, format, location, body)) = row else { return Ok(None) };
    if hash != keyed.hash {
        return Ok(Some(Kept::Other));
    }
    let status = status.and_then(|status| StatusCode::from_u16(u16::try_from(status).ok()?).ok());
    let reply = Reply { status: status.unwrap_or(StatusCode::OK), body, location };
    Ok(Some(Kept::Same { reply, format }))
}

/// Acts once: as [`Visit::write`], with the answer kept for repeats.
///
/// # Errors
/// What `act` refuses; 422 when another node has used the key for another request meanwhile.
pub async fn act<R, F>(visit: &Visit, on: On, mut act: F) -> Result<HttpResponse, Problem>
where
    R: Refusal + Into<Problem>,
    F: FnMut(&mut Conn, &Viewer) -> Result<Reply, Failure<R>> + Send + 'static,
{
    let Some(keyed) = visit.keyed.clone() else {
        return Ok(visit.write(on, act).await?.send());
    };
    let now = visit.now;
    let done = visit
        .write(on, move |c, viewer| -> Result<Result<Reply, Kept>, Failure<Problem>> {
            // Another node may have acted since this request began.
            if let Some(first) = first_answer(c, &keyed, now)? {
                return Ok(Err(first));
            }
            let reply = act(c, viewer).map_err(|failure| failure.map(Into::into))?;
            let body = reply.body.as_deref();
            let format = body.map(|_| "application/json");
            keep(c, &keyed, reply.status, format, reply.location.as_deref(), body, now)?;
            Ok(Ok(reply))
        })
        .await?;
    match done {
        Ok(reply) => Ok(reply.send()),
        Err(first) => first.send(),
    }
}

/// Keeps the worded refusal of a request with a key, where it is one to keep, and answers it. That it cannot be
/// kept is no reason to refuse otherwise than it was refused.
pub(super) async fn refused(
    request: &HttpRequest,
    hall: &Data<Hall>,
    response: HttpResponse,
) -> HttpResponse {
    let Some(keyed) = request.extensions_mut().remove::<Keyed>() else { return response };
    let status = response.status();
    let not_now = [StatusCode::UNAUTHORIZED, StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS];
    if !keyed.keeps_refusals || !status.is_client_error() || not_now.contains(&status) {
        return response;
    }
    let (head, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body).await else { return head.set_body(BoxBody::new(())) };
    let answer = head.set_body(BoxBody::new(bytes.clone()));
    if bytes.len() > REFUSAL_BYTES {
        return answer;
    }
    let format = answer.headers().get(header::CONTENT_TYPE).and_then(|format| format.to_str().ok());
    let (format, now) = (format.map(str::to_owned), hall.clock.now());
    let written = hall.db.write(On::Nothing, move |c| {
        let text = std::str::from_utf8(&bytes).ok();
        limits::count(c, REFUSALS, &keyed.member.to_string(), now)?;
        Ok::<_, Failure<Problem>>(keep(c, &keyed, status, format.as_deref(), None, text, now)?)
    });
    if let Err(error) = written.await {
        tracing::warn!(error = %Problem::from(error), "a refusal was not kept for repeats");
    }
    answer
}

/// Keeps an answer; the first that is kept under a key stays.
fn keep(
    c: &mut Conn,
    keyed: &Keyed,
    status: StatusCode,
    format: Option<&str>,
    location: Option<&str>,
    body: Option<&str>,
    now: Micros,
) -> QueryResult<()> {
    let row = kept::table.find((keyed.token, &keyed.key));
    diesel::delete(row.filter(kept::begun_at.lt(now - DAY))).execute(c)?;
    let values = (
        kept::token_id.eq(keyed.token),
        kept::key.eq(&keyed.key),
        kept::request_hash.eq(&keyed.hash),
        kept::status.eq(i64::from(status.as_u16())),
        kept::content_type.eq(format),
        kept::location.eq(location),
        kept::body.eq(body),
        kept::begun_at.eq(now),
    );
    on!(c, |c| diesel::insert_into(kept::table)
        .values(values)
        .on_conflict((kept::token_id, kept::key))
        .do_nothing()
        .execute(c))?;
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
#[derive(Debug)]
struct Running {
    acts: Arc<RunningActs>,
    act: (i64, String),
}

impl RunningActs {
    fn begin(acts: &Arc<RunningActs>, token: i64, key: &str) -> Result<Running, Problem> {
        let act = (token, key.to_owned());
        if acts.0.lock().unwrap_or_else(PoisonError::into_inner).insert(act.clone()) {
            Ok(Running { acts: acts.clone(), act })
        } else {
            Err(Problem::conflict("still-running"))
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.acts.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.act);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_runs_once_at_a_time() {
        let acts = Arc::new(RunningActs::default());
        let first = RunningActs::begin(&acts, 1, "key");
        assert!(first.is_ok());
        assert_eq!(
            RunningActs::begin(&acts, 1, "key").map_err(|problem| problem.kind).err(),
            Some("still-running".into())
        );
        assert!(RunningActs::begin(&acts, 2, "key").is_ok(), "another token's key is another key");
        drop(first);
        assert!(RunningActs::begin(&acts, 1, "key").is_ok());
    }
}
