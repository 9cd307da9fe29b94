//! Those who come: browsers with cookies and forms, and programs with tokens. One set of verbs for all.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use ureq::http::{Method, Request};

use super::Answer;

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        // A connection kept for later may be closed by the server just when it is used.
        .max_idle_connections(0)
        .timeout_global(Some(Duration::from_secs(60)))
        .allow_non_standard_methods(true)
        .build()
        .new_agent()
}

/// Err: no answer came, and nobody knows whether the request arrived.
fn send(agent: &ureq::Agent, request: Request<Vec<u8>>) -> Result<Answer, String> {
    let asked = format!("{} {}", request.method(), request.uri());
    let empty = request.body().is_empty();
    let (head, body) = request.into_parts();
    let sent = if empty && !matches!(head.method, Method::POST | Method::PUT | Method::PATCH) {
        agent.run(Request::from_parts(head, ()))
    } else {
        agent.run(Request::from_parts(head, body))
    };
    let mut response = sent.map_err(|error| format!("{asked}: {error}"))?;
    let headers = response.headers().iter();
    let headers =
        headers.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into()));
    let (status, headers) = (response.status().as_u16(), headers.collect());
    let bytes = response.body_mut().with_config().limit(100_000_000).read_to_vec();
    let bytes = bytes.map_err(|error| format!("{asked}: {error}"))?;
    Ok(Answer { status, headers, bytes, asked })
}

/// A browser: keeps cookies, sends `Origin` with what it posts, and takes forms' tokens from pages.
pub struct Visitor {
    address: SocketAddr,
    agent: ureq::Agent,
    cookies: Mutex<BTreeMap<String, String>>,
    token: Mutex<Option<String>>,
}

impl Visitor {
    pub(super) fn new(address: SocketAddr) -> Visitor {
        Visitor { address, agent: agent(), cookies: Mutex::default(), token: Mutex::default() }
    }

    /// The same browser at another address, as behind a balancer that sends it to another node.
    pub fn at(&self, address: SocketAddr) -> Visitor {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Visitor { address, agent: agent(), cookies: Mutex::new(cookies), token: Mutex::default() }
    }

    /// Opens a page.
    pub fn get(&self, path: &str) -> Answer {
        self.request("GET", path, &[], Vec::new())
    }

    /// Opens a page and, while it redirects, the page it redirects to.
    pub fn follow(&self, answer: Answer) -> Answer {
        let mut answer = answer;
        for _ in 0..5 {
            if answer.location().is_empty() {
                break;
            }
            let place = answer.location().to_owned();
            let place = place.strip_prefix(&format!("http://{}", self.address)).unwrap_or(&place).to_owned();
            answer = self.get(&place);
        }
        answer
    }

    /// Sends a form with the token of a page; a `csrf` among the fields is sent as it is.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = form(fields);
        if !fields.iter().any(|(name, _)| *name == "csrf") {
            let and = if body.is_empty() { "" } else { "&" };
            body.push_str(&format!("{and}csrf={}", encoded(&self.form_token())));
        }
        self.post_raw(path, body.into_bytes())
    }

    /// Sends these bytes as a form, from a page of this hall.
    pub fn post_raw(&self, path: &str, body: Vec<u8>) -> Answer {
        let origin = format!("http://{}", self.address);
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("origin", origin.as_str())];
        self.request("POST", path, &headers, body)
    }

    /// Any request, with this browser's cookies.
    pub fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let cookies = self.cookie_header();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies);
        }
        let answer = send(&self.agent, request.body(body).unwrap()).unwrap();
        self.remember(&answer);
        answer
    }

    /// The token forms of this browser carry; asks for a page when none was seen yet.
    pub fn form_token(&self) -> String {
        let known = || self.token.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(token) = known() {
            return token;
        }
        // A visitor stays there; a member is led home.
        let page = self.follow(self.get("/sign-in"));
        known().unwrap_or_else(|| panic!("no form token on the page: {}", page.shown()))
    }

    /// The cookies it would send.
    pub fn cookie_header(&self) -> String {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn remember(&self, answer: &Answer) {
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        let mut token = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        for set in answer.all("set-cookie") {
            let Some((name, rest)) = set.split_once('=') else { continue };
            let value = rest.split(';').next().unwrap_or_default();
            if rest.to_lowercase().contains("max-age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
            if !name.ends_with("flash") {
                // Another session, other forms.
                *token = None;
            }
        }
        let text = String::from_utf8_lossy(&answer.bytes);
        let found = text.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        if let Some(found) = found.filter(|found| !found.is_empty()) {
            *token = Some(found.to_owned());
        }
    }
}

/// A program with a token, speaking JSON under `/api/v1`.
pub struct Api {
    address: SocketAddr,
    agent: ureq::Agent,
    token: Option<String>,
}

impl Api {
    pub(super) fn new(address: SocketAddr, token: Option<String>) -> Api {
        Api { address, agent: agent(), token }
    }

    /// Reads.
    pub fn get(&self, path: &str) -> Answer {
        self.request("GET", path, &[], Vec::new())
    }

    /// Makes or does something.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, body)
    }

    /// Sets something to a value.
    pub fn put(&self, path: &str, body: &Value) -> Answer {
        self.send("PUT", path, body)
    }

    /// Changes part of something.
    pub fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send("PATCH", path, body)
    }

    /// Takes something away.
    pub fn delete(&self, path: &str) -> Answer {
        self.request("DELETE", path, &[], Vec::new())
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        let headers = [("content-type", "application/json")];
        self.request(method, path, &headers, serde_json::to_vec(body).unwrap())
    }

    /// Any request with this token; `path` is below `/api/v1`.
    pub fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        self.try_request(method, path, headers, body).unwrap()
    }

    /// Posts to a server that may be gone: Err when no answer came.
    pub fn try_post(&self, path: &str, body: &Value) -> Result<Answer, String> {
        let headers = [("content-type", "application/json")];
        self.try_request("POST", path, &headers, serde_json::to_vec(body).unwrap())
    }

    fn try_request(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<Answer, String> {
        let uri = format!("http://{}/api/v1{path}", self.address);
        let mut request = Request::builder().method(method).uri(uri);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        send(&self.agent, request.body(body).unwrap())
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
