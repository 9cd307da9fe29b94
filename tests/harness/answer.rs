//! What came back.

use serde_json::Value;

/// An answer as it was received: redirects not followed, bodies not unpacked.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Names in lower case, in the order received.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub bytes: Vec<u8>,
    /// What was asked, for messages of failing tests.
    pub asked: String,
}

impl Answer {
    /// The body as text; the test fails when it is none.
    #[track_caller]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap_or_else(|_| panic!("{}: the body is not UTF-8", self.asked))
    }

    /// The body as JSON; the test fails when it is none.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|error| panic!("{}: no JSON ({error}): {}", self.asked, self.shown()))
    }

    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Every header of this name.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    /// Where it redirects to, "" when nowhere.
    pub fn location(&self) -> &str {
        self.header("location").unwrap_or_default()
    }

    /// Asserts the status, showing the answer when it is another.
    #[track_caller]
    pub fn expect(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.shown());
        self
    }

    /// Asserts a problem document of this status and kind and gives it.
    #[track_caller]
    pub fn expect_problem(&self, status: u16, kind: &str) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.shown());
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.asked);
        let problem = self.json();
        assert_eq!(problem["type"], format!("urn:peerhall:problem:{kind}"), "{}: {problem}", self.asked);
        assert_eq!(problem["status"], status, "{}: {problem}", self.asked);
        for part in ["title", "request_id"] {
            let words = problem[part].as_str().unwrap_or_default();
            assert!(!words.is_empty(), "{}: no {part}: {problem}", self.asked);
        }
        problem
    }

    /// Asserts a page of this status that names its kind of problem in words, and gives its text.
    #[track_caller]
    pub fn expect_page(&self, status: u16) -> &str {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.shown());
        assert_eq!(self.header("content-type"), Some("text/html; charset=utf-8"), "{}", self.asked);
        let text = self.text();
        assert!(text.contains("<h1"), "{}: a page without a heading", self.asked);
        text
    }

    /// The body, cut for messages.
    pub fn shown(&self) -> String {
        let text = String::from_utf8_lossy(&self.bytes);
        let end = text.char_indices().nth(1_500).map_or(text.len(), |(at, _)| at);
        format!("{} {}{}", self.status, &text[..end], if end < text.len() { "…" } else { "" })
    }

    /// Everything a reader could learn from it, headers included.
    pub fn everything(&self) -> String {
        let headers: String = self.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        format!("{}\n{headers}\n{}", self.status, String::from_utf8_lossy(&self.bytes))
    }
}
