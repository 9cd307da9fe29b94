//! What a right request to each writing route looks like: the tests that send wrong ones, or send right ones to
//! those who may not, start from here. A new writing route needs a line; the walk fails until it has one.

use peerhall::routes::endpoints;
use serde_json::{Value, json};

use crate::harness::PASSWORD;

/// Ids to put into paths and bodies.
#[derive(Clone, Copy, Debug)]
pub struct Ids {
    /// A question.
    pub question: i64,
    /// An answer to it.
    pub answer: i64,
    /// A comment on it.
    pub comment: i64,
    /// Its author.
    pub member: i64,
}

/// A route as a test sees it.
#[derive(Clone, Debug)]
pub struct Route {
    /// `GET` …
    pub method: String,
    /// With `{names}`.
    pub path: &'static str,
    /// Under `/api/`.
    pub api: bool,
    /// Open to visitors.
    pub ungated: bool,
}

impl Route {
    /// Whether it may change something.
    pub fn writes(&self) -> bool {
        self.method != "GET"
    }
}

/// All routes of the app.
pub fn routes() -> Vec<Route> {
    let routes = endpoints().into_iter().map(|endpoint| Route {
        method: endpoint.method.to_string(),
        path: endpoint.path,
        api: endpoint.path.starts_with("/api/"),
        ungated: matches!(endpoint.access, peerhall::web::Access::Ungated | peerhall::web::Access::Signed),
    });
    routes.collect()
}

/// The path with its names filled: every way to fill it that makes sense (a post is a question, an answer or a
/// comment).
pub fn filled(path: &str, ids: &Ids) -> Vec<String> {
    let posts = [ids.question, ids.answer, ids.comment];
    let place = path.trim_start_matches("/api/v1").trim_start_matches("/admin");
    let id: Vec<i64> = match place.split('/').nth(1).unwrap_or_default() {
        "questions" => vec![ids.question],
        "answers" => vec![ids.answer],
        "comments" => vec![ids.comment],
        "posts" => posts.to_vec(),
        "related" => vec![ids.question],
        "people" | "members" => vec![ids.member],
        _ => vec![1],
    };
    let whole = |id: i64| -> String {
        let parts = path.split('/').map(|part| match part {
            "{id}" => id.to_string(),
            "{slug}" => "x".to_owned(),
            "{name}" => "app.css".to_owned(),
            "{key}" => "general".to_owned(),
            "{token}" => "t".repeat(43),
            "{source}" => "nowhere.example.org".to_owned(),
            "{kind}" => "question".to_owned(),
            "{original}" => "1".to_owned(),
            "{tag}" => "printing".to_owned(),
            "{answer}" | "{answer_id}" => ids.answer.to_string(),
            "{member}" | "{member_id}" => ids.member.to_string(),
            other if other.starts_with('{') => panic!("{path}: say in `filled` what {other} stands for"),
            other => other.to_owned(),
        });
        parts.collect::<Vec<_>>().join("/")
    };
    let paths: Vec<String> = id.into_iter().map(whole).collect();
    if path.contains("{id}") { paths } else { paths.into_iter().take(1).collect() }
}

/// What a right request carries.
#[derive(Clone, Debug)]
pub enum Sample {
    /// Nothing.
    Empty,
    /// An object: its value, and the fields it cannot do without.
    Json(Value, &'static [&'static str]),
    /// Fields, and the names of those it cannot do without.
    Form(Vec<(&'static str, String)>, &'static [&'static str]),
}

const TITLE: &str = "How do I keep the printer from sleeping?";
/// As they are by default.
const FIGURES: [(&str, &str); 27] = [
    ("answer_up", "10"),
    ("answer_down", "2"),
    ("question_up", "5"),
    ("question_down", "2"),
    ("down_cast", "1"),
    ("accepted", "15"),
    ("accepting", "2"),
    ("endorsed", "15"),
    ("assist", "10"),
    ("edit", "2"),
    ("removed", "50"),
    ("votes_a_day", "200"),
    ("pair_up", "6"),
    ("pair_down", "3"),
    ("edits_most", "200"),
    ("levels_0", "50"),
    ("levels_1", "200"),
    ("levels_2", "500"),
    ("levels_3", "1000"),
    ("ratios_0", "50"),
    ("ratios_1", "60"),
    ("ratios_2", "70"),
    ("ratios_3", "75"),
    ("guru_answers", "5"),
    ("guru_ratio", "75"),
    ("burst_votes", "5"),
    ("circle_votes", "8"),
];
const BODY: &str = "It sleeps after a minute, and the first page of every print is lost.";

/// What a right request to this route carries; None when nobody has said so yet.
pub fn sample(method: &str, path: &str, ids: &Ids) -> Option<Sample> {
    let form = |fields: &[(&'static str, &str)], required| {
        Sample::Form(fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(), required)
    };
    if let Some(path) = path.strip_prefix("/api/v1") {
        let with = |value: Value, required| Sample::Json(value, required);
        return Some(match (method, path) {
            ("POST", "/questions") => with(
                json!({"space": "general", "title": TITLE, "body": BODY, "tags": ["printing"], "fields": {}}),
                &["space", "title", "body", "tags"],
            ),
            ("PATCH", "/questions/{id}") => with(
                json!({"title": TITLE, "body": BODY, "tags": ["printing"], "reason": "clearer", "version": 1}),
                &["version"],
            ),
            ("PATCH", "/answers/{id}" | "/comments/{id}") => {
                with(json!({"body": BODY, "reason": "clearer", "version": 1}), &["version"])
            }
            ("POST", "/questions/{id}/answers" | "/posts/{id}/comments") => {
                with(json!({ "body": BODY }), &["body"])
            }
            ("POST", "/similar") => with(json!({"title": TITLE, "body": BODY, "limit": 5}), &[]),
            ("PUT", "/posts/{id}/vote") => with(json!({ "value": 1 }), &["value"]),
            ("PUT", "/questions/{id}/accepted") => with(json!({ "answer_id": ids.answer }), &["answer_id"]),
            ("PUT", "/questions/{id}/affected") => {
                with(json!({"product_version": "1.2", "platform": "Linux", "note": "since Monday"}), &[])
            }
            ("POST", "/spaces") => {
                with(json!({"key": "walk", "name": "Walk", "description": "To walk in"}), &["key", "name"])
            }
            ("POST", "/organisations") => {
                with(json!({"name": "Walk and Sons", "external_id": "walk-1"}), &["name"])
            }
            ("POST", "/entitlements") => with(
                json!({"organisation": "Walk and Sons", "product": "Walker"}),
                &["organisation", "product"],
            ),
            ("POST", "/posts/{id}/rollback") => {
                with(json!({"to": 1, "version": 2, "reason": "vandalism"}), &["to", "version"])
            }
            ("POST", "/suggestions/{id}/decision") => {
                with(json!({"decision": "reject", "reason": "no-improvement", "version": 1}), &["decision"])
            }
            ("POST", "/posts/{id}/remove") => with(json!({ "why": "spam" }), &["why"]),
            ("PUT", "/questions/{id}/follow" | "/inbox/{id}/read" | "/answers/{id}/endorsed")
            | ("POST", "/posts/{id}/undelete" | "/received-mails")
            | ("DELETE", _) => Sample::Empty,
            ("POST", "/questions/{id}/hand-over") => {
                with(json!({ "reason": "only staff can see that" }), &["reason"])
            }
            ("PUT", "/me/guru/{tag}") => with(
                json!({"state": "active", "hours": {"days": ["mon"], "from": "09:00", "until": "17:00"},
                    "languages": ["en"], "daily_alerts": 3}),
                &[],
            ),
            ("PUT", "/questions/{id}/claim") | ("POST", "/questions/{id}/decline") => Sample::Empty,
            ("PUT", "/me/notifications") => with(json!({ "answer": "inbox", "digest": "off" }), &[]),
            _ => return None,
        });
    }
    Some(match (method, path) {
        ("POST", "/ask") => form(
            &[("space", "general"), ("title", TITLE), ("body", BODY), ("tags", "printing")],
            &["title", "body"],
        ),
        ("POST", "/preview" | "/questions/{id}/answers" | "/posts/{id}/comments") => {
            form(&[("body", BODY)], if path == "/preview" { &[] } else { &["body"] })
        }
        ("POST", "/posts/{id}/edit") => form(
            &[
                ("title", TITLE),
                ("body", BODY),
                ("tags", "printing"),
                ("reason", "clearer"),
                ("version", "1"),
            ],
            &["version"],
        ),
        ("POST", "/ask/similar") => form(&[("title", TITLE), ("body", BODY)], &[]),
        ("POST", "/ask/solved") => Sample::Form(vec![("question", ids.question.to_string())], &["question"]),
        ("POST", "/search/save") => form(&[("q", "printer is:unanswered")], &["q"]),
        ("POST", "/people/{id}/privileges") => form(
            &[("privilege", "edit"), ("reason", "Edits against the author's meaning.")],
            &["privilege", "reason"],
        ),
        ("POST", "/people/{id}/privileges/give-back") => form(&[("privilege", "edit")], &["privilege"]),
        ("POST", "/review/votes/{id}") => form(
            &[("decision", "annul"), ("reason", "They share a desk."), ("seen", &"0f".repeat(32))],
            &["decision"],
        ),
        ("POST", "/admin/reputation") => Sample::Form(
            FIGURES.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(),
            &["answer_up", "levels_0", "guru_ratio"],
        ),
        ("POST", "/posts/{id}/rollback") => {
            form(&[("to", "1"), ("version", "2"), ("reason", "")], &["to", "version"])
        }
        ("POST", "/suggestions/{id}/decision") => form(
            &[("decision", "reject"), ("verdict", "no-improvement"), ("words", "")],
            &["decision", "verdict"],
        ),
        ("POST", "/posts/{id}/remove") => form(&[("why", "spam")], &["why"]),
        ("POST", "/posts/{id}/vote") => form(&[("value", "1")], &["value"]),
        ("POST", "/questions/{id}/accept") => {
            Sample::Form(vec![("answer_id", ids.answer.to_string())], &["answer_id"])
        }
        ("POST", "/questions/{id}/affected") => form(&[("platform", "Linux")], &[]),
        ("POST", "/questions/{id}/close") => form(&[("reason", "solved elsewhere")], &["reason"]),
        (
            "POST",
            "/questions/{id}/unaccept"
            | "/questions/{id}/unaffected"
            | "/questions/{id}/follow"
            | "/questions/{id}/unfollow"
            | "/questions/{id}/reopen"
            | "/posts/{id}/delete"
            | "/posts/{id}/undelete"
            | "/suggestions/{id}/withdraw"
            | "/posts/{id}/endorse"
            | "/posts/{id}/unendorse"
            | "/sign-out"
            | "/people/{id}/unsuspend"
            | "/admin/invitations/{id}/revoke"
            | "/search/saved/{id}/delete"
            | "/search/missed/{id}/dismiss"
            | "/settings/tokens/{id}/revoke"
            | "/confirm/{token}"
            | "/unsubscribe/{token}"
            | "/inbox/read"
            | "/inbox/{id}/read"
            | "/admin/mail/{id}/retry"
            | "/mail/received/{id}/dismiss",
        ) => form(&[], &[]),
        ("POST", "/admin/settings/people") => form(
            &[
                ("join_requests", "1"),
                ("join_domains", "example.org"),
                ("mail_per_minute", "300"),
                ("remind_verdict", "3 7 2"),
                ("remind_unanswered", "2 7 2"),
            ],
            &["mail_per_minute", "remind_verdict", "remind_unanswered"],
        ),
        ("POST", "/reset/{token}") => form(&[("password", PASSWORD)], &["password"]),
        ("POST", "/request") => form(
            &[("name", "Walter"), ("email", "walter@example.org"), ("organisation", ""), ("message", "")],
            &["name", "email"],
        ),
        ("POST", "/settings/notifications") => form(&[("kind-answer", "inbox"), ("digest", "off")], &[]),
        ("POST", "/tags/{name}/follow" | "/spaces/{key}/follow") => form(&[("level", "inbox")], &[]),
        ("POST", "/search/saved/{id}/hear") => form(&[("level", "inbox")], &["level"]),
        ("POST", "/admin/suppressions/lift") => form(&[("address", "nobody@example.org")], &["address"]),
        ("POST", "/admin/requests/{id}") => form(&[("decision", "decline")], &["decision"]),
        ("POST", "/settings/email") => form(
            &[("email", "walter@example.net"), ("current_password", PASSWORD)],
            &["email", "current_password"],
        ),
        ("POST", "/sign-in") => {
            form(&[("email", "a@example.org"), ("password", "p")], &["email", "password"])
        }
        ("POST", "/setup/{token}") => form(
            &[
                ("site_name", "Walk"),
                ("name", "Walter"),
                ("email", "walter@example.org"),
                ("password", PASSWORD),
            ],
            &["site_name", "name", "email", "password"],
        ),
        ("POST", "/join/{token}") => form(
            &[("name", "Walter"), ("email", "walter@example.org"), ("handle", ""), ("password", PASSWORD)],
            &["name", "email", "password"],
        ),
        ("POST", "/settings/profile") => form(
            &[
                ("name", "Ada Admin"),
                ("handle", "ada"),
                ("about", ""),
                ("locale", "en"),
                ("time_zone", "UTC"),
            ],
            &["name"],
        ),
        ("POST", "/settings/password") => form(
            &[("current_password", PASSWORD), ("new_password", "another-quiet-harbour-7")],
            &["current_password", "new_password"],
        ),
        ("POST", "/settings/sessions/revoke") => form(&[("session", "987654321")], &["session"]),
        ("POST", "/settings/tokens") => form(&[("name", "walk")], &["name"]),
        ("POST", "/guru/{name}") => form(&[("act", "pause")], &["act"]),
        ("POST", "/tags/{name}/gurus") => {
            form(&[("who", "walter"), ("reason", "knows it")], &["who", "reason"])
        }
        ("POST", "/people/{id}/gurus") => {
            form(&[("tag", "printing"), ("reason", "knows it")], &["tag", "reason"])
        }
        ("POST", "/tags/{name}/gurus/{member}/dismiss" | "/questions/{id}/hand-over") => {
            form(&[("reason", "only staff can see that")], &["reason"])
        }
        ("POST", "/questions/{id}/claim" | "/questions/{id}/release" | "/questions/{id}/decline") => {
            form(&[], &[])
        }
        ("POST", "/people/{id}/suspend") => {
            form(&[("reason", "walked too far"), ("until", "2100-01-01")], &["reason"])
        }
        ("POST", "/admin/members/{id}/role") => form(&[("role", "moderator")], &["role"]),
        ("POST", "/admin/members/{id}/organisation") => form(&[("organisation", "")], &[]),
        ("POST", "/admin/members/{id}/spaces") => {
            form(&[("where", "only"), ("space-general", "1")], &["where"])
        }
        ("POST", "/admin/invitations") => {
            form(&[("email", ""), ("space", ""), ("uses", "1"), ("expires_days", "7")], &[])
        }
        ("POST", "/admin/organisations") => {
            form(&[("name", "Walk and Sons"), ("external_id", "")], &["name"])
        }
        ("POST", "/admin/products") => form(&[("name", "Walker")], &["name"]),
        ("POST", "/admin/entitlements") => form(
            &[("organisation", "Walk and Sons"), ("product", "Walker"), ("tier", ""), ("until", "")],
            &["organisation", "product"],
        ),
        ("POST", "/admin/spaces") => {
            form(&[("key", "walk"), ("name", "Walk"), ("about", ""), ("product", "")], &["key", "name"])
        }
        ("POST", "/admin/spaces/{id}") => {
            form(&[("name", "Walk"), ("about", ""), ("product", "")], &["name"])
        }
        ("POST", "/admin/spaces/{id}/grants") => form(
            &[("email", "nobody@example.org"), ("reason", "to walk"), ("until", "")],
            &["email", "reason"],
        ),
        ("POST", "/admin/spaces/{id}/fields") => form(
            &[
                ("key", "version"),
                ("label", "Version"),
                ("kind", "text"),
                ("required", "1"),
                ("hint", ""),
                ("choices", ""),
            ],
            &["key", "label", "kind"],
        ),
        ("POST", "/admin/settings") => form(
            &[("site_name", "Walk"), ("contact", ""), ("password_least", "12")],
            &["site_name", "password_least"],
        ),
        _ => return None,
    })
}
