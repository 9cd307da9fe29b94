//! `/live`: the stream of one browser (server-sent events), which says when the inbox changed.
//!
//! It tells how many notices are unread and which is the newest, never what they say. Session and standing are looked up
//! before every event and every heartbeat. There is one stream per session: a newer one ends the older.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use diesel::prelude::*;
use futures_util::stream;
use serde::Serialize;
use tokio::sync::watch;

use crate::db::schema::notices;
use crate::db::{Conn, Db, Error, Failure};
use crate::web::hall::Hall;
use crate::web::viewer::Credential;
use crate::web::{Problem, Visit};

/// Between two heartbeats.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// Between two looks for notices of other nodes.
const LOOK: Duration = Duration::from_secs(1);
/// How long commits are gathered before a look.
const GATHER: Duration = Duration::from_millis(150);
/// Streams at once; further browsers poll.
const MOST: usize = 4_000;
/// Streams of one member: more than anybody has tabs open for long.
const OF_ONE: usize = 30;
/// Rows looked at again, because on PostgreSQL a lower id can be committed later.
const OVERLAP: i64 = 200;

/// What a stream tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct State {
    /// Notices not read.
    unread: i64,
    /// The newest notice.
    latest: i64,
}

/// The open streams of this process; clones share them.
#[derive(Clone, Default)]
pub struct Live(Arc<Mutex<Streams>>);

#[derive(Default)]
struct Streams {
    /// By session: the member, and what wakes the stream.
    open: HashMap<i64, (i64, watch::Sender<u64>)>,
    closed: bool,
}

impl Live {
    fn join(&self, session: i64, member: i64) -> Option<watch::Receiver<u64>> {
        let mut streams = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if streams.open.len() >= MOST {
            streams.open.retain(|_, (_, wake)| !wake.is_closed());
        }
        let full = streams.open.len() >= MOST
            || streams.open.values().filter(|(owner, _)| *owner == member).count() >= OF_ONE;
        if streams.closed || (full && !streams.open.contains_key(&session)) {
            return None;
        }
        let (wake, woken) = watch::channel(0);
        streams.open.insert(session, (member, wake));
        Some(woken)
    }

    /// How many streams are open.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).open.len()
    }

    fn wake(&self, members: &HashSet<i64>) {
        let mut streams = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        streams.open.retain(|_, (_, wake)| !wake.is_closed());
        for (member, wake) in streams.open.values() {
            if members.contains(member) {
                wake.send_modify(|n| *n += 1);
            }
        }
    }

    /// Ends all streams and opens no more.
    pub fn end(&self) {
        let mut streams = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        streams.closed = true;
        streams.open.clear();
    }

    /// Watches for new notices and wakes whom they are for, until `stop` turns true.
    pub async fn keep(self, db: Db, mut stop: watch::Receiver<bool>) {
        let mut commits = db.commits();
        let mut last: Option<i64> = None;
        let mut seen: HashSet<i64> = HashSet::new();
        while !*stop.borrow() {
            tokio::select! {
                _ = stop.changed() => {}
                _ = commits.changed() => tokio::time::sleep(GATHER).await,
                () = tokio::time::sleep(LOOK) => {}
            }
            if self.count() == 0 {
                last = None;
                continue;
            }
            let from = last.map_or(i64::MAX, |last| last - OVERLAP);
            match db.read(move |c| Ok::<_, Error>(newer(c, from)?)).await {
                Ok((newest, rows)) => {
                    let fresh = rows.iter().filter(|(id, _)| last.is_some() && !seen.contains(id));
                    let members: HashSet<i64> = fresh.map(|(_, member)| *member).collect();
                    if last.is_none() || !members.is_empty() {
                        self.wake(&members);
                    }
                    seen = rows.iter().map(|(id, _)| *id).filter(|id| *id > newest - OVERLAP).collect();
                    last = Some(newest);
                }
                Err(error) => tracing::debug!(%error, "new notices could not be looked for; trying again"),
            }
        }
        self.end();
    }
}

/// The newest notice's id, and notices after `from` with their members.
fn newer(c: &mut Conn, from: i64) -> QueryResult<(i64, Vec<(i64, i64)>)> {
    let newest: Option<i64> =
        notices::table.order(notices::id.desc()).select(notices::id).first(c).optional()?;
    let rows = notices::table
        .filter(notices::id.gt(from))
        .order(notices::id)
        .limit(20_000)
        .select((notices::id, notices::member_id))
        .load(c)?;
    Ok((newest.unwrap_or(0), rows))
}

/// What is told to the visit's member now.
///
/// # Errors
/// 401, or the database's failures.
pub async fn state(visit: &Visit) -> Result<State, Problem> {
    let member = visit.viewer()?.id;
    let latest = visit.read(move |c, _| Ok::<_, Failure<Problem>>(latest(c, member)?)).await?;
    Ok(State { unread: visit.viewer()?.unread.max(0), latest })
}

fn latest(c: &mut Conn, member: i64) -> QueryResult<i64> {
    let latest: Option<i64> = notices::table
        .filter(notices::member_id.eq(member))
        .order(notices::id.desc())
        .select(notices::id)
        .first(c)
        .optional()?;
    Ok(latest.unwrap_or(0))
}

struct Stream {
    hall: Data<Hall>,
    credential: Credential,
    woken: watch::Receiver<u64>,
    told: Option<State>,
}

/// `GET /live`.
///
/// # Errors
/// 401 without a session; 503 where too many streams are open.
pub async fn stream(visit: Visit, live: Data<Live>) -> Result<HttpResponse, Problem> {
    let member = visit.viewer()?.id;
    let (Some(credential), Some(session)) = (visit.entered.credential.clone(), visit.entered.credential_id)
    else {
        return Err(Problem::new(actix_web::http::StatusCode::UNAUTHORIZED, "sign-in"));
    };
    let Some(woken) = live.join(session, member) else { return Err(Problem::busy()) };
    let stream = Stream { hall: visit.hall.clone(), credential, woken, told: None };
    let mut response = HttpResponse::Ok();
    response.content_type("text/event-stream");
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    // Proxies that gather answers would gather this one for ever.
    response.insert_header(("x-accel-buffering", "no"));
    Ok(response.streaming(stream::unfold(stream, next)))
}

/// The next event, or the end.
async fn next(mut stream: Stream) -> Option<(Result<Bytes, std::io::Error>, Stream)> {
    loop {
        let mut beat = false;
        if stream.told.is_some() {
            tokio::select! {
                woken = stream.woken.changed() => woken.ok()?,
                () = tokio::time::sleep(HEARTBEAT) => beat = true,
            }
        }
        let now = look(&stream).await?;
        let text = if stream.told == Some(now) {
            if !beat {
                continue;
            }
            ":\n\n".to_owned()
        } else {
            let json = serde_json::to_string(&now).ok()?;
            // The first says how long to wait before coming again.
            let retry = if stream.told.is_none() { "retry: 5000\n" } else { "" };
            format!("{retry}event: inbox\ndata: {json}\n\n")
        };
        stream.told = Some(now);
        return Some((Ok(Bytes::from(text)), stream));
    }
}

/// What is to be told now; None where the session is over.
async fn look(stream: &Stream) -> Option<State> {
    let (hall, credential) = (stream.hall.clone(), stream.credential.clone());
    let looked = stream
        .hall
        .db
        .read(move |c| {
            let known = hall.lookup.find(c, &credential, hall.clock.now())?;
            let Some(known) = known else { return Ok::<_, Error>(None) };
            let latest = latest(c, known.viewer.id)?;
            Ok(Some(State { unread: known.viewer.unread.max(0), latest }))
        })
        .await;
    looked.ok().flatten()
}
