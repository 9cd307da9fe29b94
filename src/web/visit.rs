//! One request, as a handler sees it: who asks, what they sent, and the way to the database.
//!
//! A visit hops to the database threads once per read or write. Inside a write the viewer is looked up again,
//! in the write's own transaction, so that nobody writes after being suspended or signed out.

use std::future::{Ready, ready};
use std::net::IpAddr;

use actix_web::dev::Payload;
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::fields::Fields;
use super::hall::Hall;
use super::once::Keyed;
use super::problem::Problem;
use super::viewer::{Credential, Known, Viewer};
use crate::clock::Micros;
use crate::db::{Conn, Error, Failure, On, Refusal};

/// What the gate found out about a request and left for the handler.
#[derive(Clone, Debug, Default)]
pub struct Entered {
    /// The proof carried, if it was good.
    pub credential: Option<Credential>,
    /// The row of the session or token.
    pub credential_id: Option<i64>,
    /// The token forms must carry.
    pub csrf: String,
    /// The client's address, as far as proxies are trusted.
    pub address: Option<IpAddr>,
    /// Names the request in log and error pages.
    pub request_id: String,
    /// One word about what was just done.
    pub flash: Option<String>,
}

/// The raw body of an API request, read within its limit.
#[derive(Clone, Debug, Default)]
pub struct Body(pub Bytes);

/// One request.
pub struct Visit {
    /// The process's shared parts.
    pub hall: Data<Hall>,
    /// What the gate found.
    pub entered: Entered,
    /// The form's fields.
    pub form: Fields,
    /// The query string's fields.
    pub query: Fields,
    /// The body of an API request.
    pub body: Bytes,
    /// The path without its query.
    pub path: String,
    /// Whether the answer may be compressed.
    pub takes_gzip: bool,
    /// What its answer is kept under, where it came with an `Idempotency-Key`.
    pub keyed: Option<Keyed>,
    /// The request's time.
    pub now: Micros,
    viewer: Option<Viewer>,
}

impl Visit {
    /// The member who asks; only ungated routes have visits without one.
    ///
    /// # Errors
    /// 401.
    pub fn viewer(&self) -> Result<&Viewer, Problem> {
        self.viewer.as_ref().ok_or_else(|| Problem::new(actix_web::http::StatusCode::UNAUTHORIZED, "sign-in"))
    }

    /// The member who asks, or None for a visitor.
    pub fn viewer_if_any(&self) -> Option<&Viewer> {
        self.viewer.as_ref()
    }

    /// Reads as the viewer, in one snapshot.
    ///
    /// # Errors
    /// What `body` refuses, or the database's failure.
    pub async fn read<T, R, F>(&self, body: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        R: Refusal + Into<Problem>,
        F: FnOnce(&mut Conn, &Viewer) -> Result<T, Failure<R>> + Send + 'static,
    {
        let viewer = self.viewer()?.clone();
        self.read_ungated(move |c| body(c, &viewer)).await
    }

    /// Looks as the viewer without a snapshot, which costs less: what is found by several statements may be of several
    /// moments. Only for what is then compared with something kept. The closure may run more than once.
    ///
    /// # Errors
    /// What `body` refuses, or the database's failure.
    pub async fn glance<T, R, F>(&self, mut body: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        R: Refusal + Into<Problem>,
        F: FnMut(&mut Conn, &Viewer) -> Result<T, Failure<R>> + Send + 'static,
    {
        let (viewer, hall) = (self.viewer()?.clone(), self.hall.clone());
        let answer = self.hall.db.glance(move |c| hall.counting(|| body(c, &viewer))).await;
        answer.map_err(|failure| failure.map(|refusal| -> Problem { refusal.into() }).into())
    }

    /// Reads without a viewer: for ungated routes with a credential of their own.
    ///
    /// # Errors
    /// What `body` refuses, or the database's failure.
    pub async fn read_ungated<T, R, F>(&self, body: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        R: Refusal + Into<Problem>,
        F: FnOnce(&mut Conn) -> Result<T, Failure<R>> + Send + 'static,
    {
        let hall = self.hall.clone();
        let answer = self.hall.db.read(move |c| Ok::<_, Error>(hall.counting(|| body(c)))).await?;
        Ok(answer?)
    }

    /// Acts as the viewer, in one transaction. The closure may run more than once.
    ///
    /// # Errors
    /// What `act` refuses, 401 when the session has ended meanwhile, or the database's failure.
    pub async fn write<T, R, F>(&self, on: On, mut act: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        R: Refusal + Into<Problem>,
        F: FnMut(&mut Conn, &Viewer) -> Result<T, Failure<R>> + Send + 'static,
    {
        self.viewer()?;
        let Some(credential) = self.entered.credential.clone() else { return Err(signed_out()) };
        let (hall, now) = (self.hall.clone(), self.now);
        let answer = self
            .hall
            .db
            .write(on, move |c| {
                hall.counting(|| match hall.lookup.find(c, &credential, now)? {
                    Some(Known { viewer, .. }) => act(c, &viewer)
                        .map_err(|failure| failure.map(|refusal| -> Problem { refusal.into() })),
                    None => Err(Failure::from(signed_out())),
                })
            })
            .await;
        answer.map_err(Problem::from)
    }

    /// Writes without a viewer: for ungated routes with a credential of their own.
    ///
    /// # Errors
    /// What `act` refuses, or the database's failure.
    pub async fn write_ungated<T, R, F>(&self, on: On, act: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        R: Refusal + Into<Problem>,
        F: FnMut(&mut Conn) -> Result<T, Failure<R>> + Send + 'static,
    {
        self.hall.db.write(on, act).await.map_err(Problem::from)
    }

    /// The client's address as text; the same word for all whose address is unknown.
    pub fn address(&self) -> String {
        self.entered.address.map_or_else(|| "unknown".to_owned(), |address| address.to_string())
    }
}

fn signed_out() -> Problem {
    Problem::new(actix_web::http::StatusCode::UNAUTHORIZED, "sign-in")
}

impl FromRequest for Visit {
    type Error = Problem;
    type Future = Ready<Result<Visit, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(visit(request))
    }
}

fn visit(request: &HttpRequest) -> Result<Visit, Problem> {
    let hall =
        request.app_data::<Data<Hall>>().ok_or_else(|| Problem::broken("the hall is not there"))?.clone();
    let extensions = request.extensions();
    Ok(Visit {
        entered: extensions.get::<Entered>().cloned().unwrap_or_default(),
        form: extensions.get::<Fields>().cloned().unwrap_or_default(),
        query: Fields::parse(request.query_string().as_bytes())?,
        body: extensions.get::<Body>().cloned().unwrap_or_default().0,
        path: request.path().to_owned(),
        takes_gzip: takes_gzip(request),
        keyed: extensions.get::<Keyed>().cloned(),
        now: hall.clock.now(),
        viewer: extensions.get::<Viewer>().cloned(),
        hall,
    })
}

/// Whether gzip is among what the client takes (RFC 9110, 12.5.3), and not by a weight of nothing.
fn takes_gzip(request: &HttpRequest) -> bool {
    let accepted = request.headers().get(actix_web::http::header::ACCEPT_ENCODING);
    let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        named && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}
