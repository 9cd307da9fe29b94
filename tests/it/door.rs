//! What those who are not members meet, and what every answer carries.

use crate::harness::{Hall, PASSWORD, raw};

/// Paths that visitors may not tell apart, whether they exist or not.
const CLOSED: &[&str] =
    &["/", "/questions/1", "/admin", "/ask", "/people/1", "/nothing/of/the/kind", "/.env"];

#[test]
fn every_closed_path_sends_a_visitor_to_sign_in_alike() {
    let hall = Hall::start();
    let mut bodies = Vec::new();
    for path in CLOSED {
        let answer = hall.visitor().get(path).expect(303);
        let place = answer.location();
        assert!(place.starts_with("/sign-in?next="), "{path} leads to {place}");
        let mut names: Vec<_> = answer.headers.iter().map(|(name, _)| name.clone()).collect();
        names.sort();
        bodies.push((answer.bytes, names));
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "closed paths answer differently: {bodies:?}");
}

#[test]
fn every_closed_path_of_the_api_answers_401_alike() {
    let hall = Hall::start();
    for path in ["/questions", "/questions/1", "/me", "/nothing/of/the/kind"] {
        let answer = hall.stranger().get(path);
        answer.expect_problem(401, "token");
        assert!(answer.header("www-authenticate").is_some_and(|how| how.starts_with("Bearer")), "{path}");
    }
}

#[test]
fn a_closed_path_answers_alike_whatever_the_method() {
    let hall = Hall::start();
    for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"] {
        for path in ["/questions/1", "/nothing"] {
            let answer = hall.visitor().request(method, path, &[], Vec::new());
            assert_eq!(answer.status, 303, "{method} {path}: {}", answer.shown());
        }
    }
}

#[test]
fn a_token_that_nobody_has_opens_nothing() {
    let hall = Hall::start();
    let token = format!("Bearer {}", "x".repeat(43));
    for value in [token.as_str(), "Bearer ", "Basic YTpi", "nonsense"] {
        let answer = hall.stranger().request("GET", "/me", &[("authorization", value)], Vec::new());
        assert_eq!(answer.status, 401, "{value}: {}", answer.shown());
    }
}

#[test]
fn a_cookie_opens_no_api_and_a_token_opens_no_page() {
    let hall = Hall::start();
    let ann = hall.member("ann");
    let cookie = ann.browser().cookie_header();
    let with_cookie = hall.stranger().request("GET", "/me", &[("cookie", &cookie)], Vec::new());
    assert_eq!(with_cookie.status, 401);
    let token = hall.said(&["token", "create", "--email", &ann.email], "");
    let bearer = format!("Bearer {token}");
    let with_token = hall.visitor().request("GET", "/", &[("authorization", &bearer)], Vec::new());
    assert_eq!(with_token.status, 303);
}

#[test]
fn what_is_ungated_answers_a_visitor() {
    let hall = Hall::start();
    let visitor = hall.visitor();
    assert_eq!(visitor.get("/healthz").expect(200).text(), "ok");
    assert_eq!(visitor.get("/readyz").expect(200).text(), "ready");
    assert!(visitor.get("/robots.txt").expect(200).text().contains("Disallow: /"));
    for page in ["/sign-in", "/about"] {
        visitor.get(page).expect_page(200);
    }
    visitor.get("/favicon.ico").expect(200);
}

#[test]
fn every_answer_carries_the_security_headers() {
    let hall = Hall::start();
    for path in ["/healthz", "/sign-in", "/", "/api/v1/me", "/static/nothing"] {
        let answer = hall.visitor().get(path);
        let is = |name: &str| answer.header(name).unwrap_or_default().to_owned();
        assert_eq!(is("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(is("referrer-policy"), "same-origin", "{path}");
        assert_eq!(is("x-frame-options"), "DENY", "{path}");
        assert_eq!(is("cross-origin-opener-policy"), "same-origin", "{path}");
        let policy = is("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{path}: {policy}");
        assert_eq!(is("x-request-id").len(), 16, "{path}");
        let kept = is("cache-control");
        assert!(["private, no-cache", "no-store"].contains(&kept.as_str()), "{path}: {kept}");
        assert!(answer.header("server").is_none(), "{path}");
        assert!(answer.header("strict-transport-security").is_none(), "{path} over http");
    }
}

#[test]
fn cookies_are_kept_from_scripts_and_other_sites() {
    let hall = Hall::start();
    let answer = hall.visitor().get("/sign-in");
    let cookies = answer.all("set-cookie");
    assert!(!cookies.is_empty());
    for cookie in cookies {
        for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
    }
}

#[test]
fn over_https_cookies_are_bound_to_the_host_and_the_transport_is_remembered() {
    let hall = Hall::with(&[("PEERHALL_PUBLIC_URL", "https://hall.example")]);
    let answer = hall.visitor().get("/sign-in");
    for cookie in answer.all("set-cookie") {
        assert!(cookie.starts_with("__Host-") && cookie.contains("Secure"), "{cookie}");
    }
    assert!(answer.header("strict-transport-security").is_some());
}

#[test]
fn static_files_never_change_and_come_compressed() {
    let hall = Hall::start();
    let visitor = hall.visitor();
    let page = visitor.get("/sign-in");
    let style = page.text().split('"').find(|part| part.starts_with("/static/app") && part.ends_with(".css"));
    let style = style.expect("a page names its style sheet").to_owned();
    let plain = visitor.get(&style).expect(200);
    assert_eq!(plain.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(plain.header("content-encoding"), None);
    assert_eq!(plain.header("vary"), Some("accept-encoding"));
    let zipped = visitor.request("GET", &style, &[("accept-encoding", "br, gzip")], Vec::new()).expect(200);
    assert_eq!(zipped.header("content-encoding"), Some("gzip"));
    let mut unzipped = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&zipped.bytes[..]), &mut unzipped).unwrap();
    assert_eq!(unzipped, plain.bytes);
    assert!(zipped.bytes.len() < plain.bytes.len());
    visitor.get("/static/nothing.css").expect_page(404);
}

#[test]
fn a_form_sent_to_nowhere_meets_404_and_not_a_word_about_forms() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    ann.browser().post_raw("/nowhere/at/all", b"\xff\xfe".to_vec()).expect_page(404);
    ann.browser().request("POST", "/nowhere", &[("content-type", "text/plain")], Vec::new()).expect_page(404);
    ann.api()
        .request("POST", "/nowhere", &[("content-type", "text/plain")], Vec::new())
        .expect_problem(404, "not-found");
}

#[test]
fn an_escaped_path_is_judged_as_the_path_it_means() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    for path in ["/questions/1/follo%77", "/sign-ou%74", "/%61dmin/members"] {
        let answer = ann.browser().post_raw(path, Vec::new());
        assert!([403, 405].contains(&answer.status), "{}", answer.shown());
    }
    // A session opens pages; the API wants a token, however it is written.
    ann.browser().request("POST", "/%61pi/v1/questions", &[], Vec::new()).expect_problem(401, "token");
    ann.browser().get("/%61pi/v1/me").expect_problem(401, "token");
}

#[test]
fn another_method_answers_405_with_the_methods_there_are() {
    let hall = Hall::start();
    let visitor = hall.visitor();
    let answer = visitor.post("/healthz", &[]).expect(405);
    assert!(answer.header("allow").is_some_and(|allow| allow.contains("GET")), "{:?}", answer.headers);
}

#[test]
fn head_answers_as_get_without_a_body() {
    let hall = Hall::start();
    let get = hall.visitor().get("/robots.txt").expect(200);
    let head = hall.visitor().request("HEAD", "/robots.txt", &[], Vec::new()).expect(200);
    assert!(head.bytes.is_empty());
    assert_eq!(head.header("content-length"), get.header("content-length"));
}

/// A sign-in form of a visitor: the path, and headers of a browser on this hall's own page.
fn form_headers(hall: &Hall) -> [(&'static str, String); 2] {
    let origin = format!("http://{}", hall.address);
    [("content-type", "application/x-www-form-urlencoded".to_owned()), ("origin", origin)]
}

fn post_form(hall: &Hall, body: &[u8]) -> crate::harness::Answer {
    let visitor = hall.visitor();
    let token = visitor.form_token();
    let headers = form_headers(hall);
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let body = [body, b"&csrf=", token.as_bytes()].concat();
    visitor.request("POST", "/sign-in", &headers, body)
}

#[test]
fn an_oversized_body_answers_413_with_or_without_a_declared_length() {
    let hall = Hall::start();
    let large = [b"email=".as_slice(), &vec![b'a'; 1_100_000]].concat();
    let answer = post_form(&hall, &large);
    answer.expect_page(413);
    let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Transfer-Encoding", "chunked")];
    let mut request = raw::request("POST", "/sign-in", &headers, &[]);
    request.extend_from_slice(format!("{:x}\r\n", large.len()).as_bytes());
    request.extend_from_slice(&large);
    request.extend_from_slice(b"\r\n0\r\n\r\n");
    assert_eq!(raw::exchange(hall.address, &request).status, 413);
}

#[test]
fn a_form_that_cannot_be_read_answers_400_and_says_so() {
    let hall = Hall::start();
    let cases: [(&str, &[u8]); 6] = [
        ("a broken escape", b"email=%zz"),
        ("invalid UTF-8, escaped", b"email=%ff%fe"),
        ("invalid UTF-8, plain", b"email=\xff\xfe"),
        ("an overlong encoding", b"email=%c0%af"),
        ("a NUL", b"email=%00"),
        ("a field said twice", b"email=a&email=b"),
    ];
    for (what, body) in cases {
        let answer = post_form(&hall, body);
        assert_eq!(answer.status, 400, "{what}: {}", answer.shown());
        answer.expect_page(400);
    }
}

#[test]
fn a_query_that_cannot_be_read_answers_400() {
    let hall = Hall::start();
    for query in ["next=%ff", "next=%zz", "next=%00", "next=/a&next=/b"] {
        let answer = hall.visitor().get(&format!("/sign-in?{query}"));
        assert_eq!(answer.status, 400, "{query}: {}", answer.shown());
    }
}

#[test]
fn another_content_type_than_a_form_answers_415() {
    let hall = Hall::start();
    for kind in ["application/json", "text/plain", "multipart/form-data; boundary=x", ""] {
        let origin = format!("http://{}", hall.address);
        let headers = [("content-type", kind), ("origin", origin.as_str())];
        let answer = hall.visitor().request("POST", "/sign-in", &headers, b"email=a".to_vec());
        assert_eq!(answer.status, 415, "{kind}: {}", answer.shown());
    }
}

#[test]
fn a_form_from_a_foreign_place_answers_403() {
    let hall = Hall::start();
    let own = hall.address.to_string();
    let foreign: [&[(&str, &str)]; 6] = [
        &[("origin", "https://elsewhere.example")],
        &[("origin", "null")],
        &[("origin", "")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "http://localhost.elsewhere.example")],
    ];
    for origin in foreign {
        let visitor = hall.visitor();
        let body = format!("email=a&password=b&csrf={}", visitor.form_token());
        let headers = [origin, &[("content-type", "application/x-www-form-urlencoded")]].concat();
        let answer = visitor.request("POST", "/sign-in", &headers, body.into_bytes());
        assert_eq!(answer.status, 403, "{origin:?} at {own}: {}", answer.shown());
        answer.expect_page(403);
    }
}

#[test]
fn a_form_without_the_token_of_this_browser_answers_403() {
    let hall = Hall::start();
    let (one, another) = (hall.visitor(), hall.visitor());
    another.form_token();
    for token in ["", "x", &one.form_token()] {
        let answer = another.post("/sign-in", &[("email", "a"), ("password", "b"), ("csrf", token)]);
        assert_eq!(answer.status, 403, "token `{token}`: {}", answer.shown());
    }
    let missing = another.post_raw("/sign-in", b"email=a&password=b".to_vec());
    missing.expect_page(403);
}

#[test]
fn a_refused_form_keeps_what_was_typed_but_no_secret() {
    let hall = Hall::start();
    let fields = [("email", "ann-who-typed@example.org"), ("password", "hidden-word"), ("csrf", "stale")];
    let answer = hall.visitor().post("/sign-in", &fields);
    let page = answer.expect_page(403);
    assert!(page.contains("ann-who-typed@example.org"), "{page}");
    assert!(!page.contains("hidden-word"), "{page}");
}

#[test]
fn what_is_no_http_at_all_stops_nobody() {
    let hall = Hall::start();
    let garbage: [&[u8]; 6] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET /%%%%/\xff HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ];
    for bytes in garbage {
        if let Some(status) = raw::status(hall.address, bytes) {
            assert!((300..500).contains(&status), "{status} for {:?}", String::from_utf8_lossy(bytes));
        }
    }
    hall.visitor().get("/healthz").expect(200);
}

#[test]
fn the_page_of_settings_changes_the_password_by_its_own_fields() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    let page = ann.get("/settings").expect(200).text().to_owned();
    let form =
        page.split("action=\"/settings/password\"").nth(1).and_then(|form| form.split("</form>").next());
    let inputs = form.unwrap().split("<input ").skip(1).filter(|input| input.contains("type=\"password\""));
    let names: Vec<String> = inputs
        .map(|input| input.split("name=\"").nth(1).unwrap().split('"').next().unwrap().to_owned())
        .collect();
    let [current, new] = names.as_slice() else { panic!("{names:?}") };
    let fresh = "another-quiet-harbour-7";
    let answer = ann.post("/settings/password", &[(current.as_str(), PASSWORD), (new.as_str(), fresh)]);
    assert_eq!((answer.status, answer.location()), (303, "/settings"), "{}", answer.shown());
    let answer = hall.visitor().post("/sign-in", &[("email", ann.email.as_str()), ("password", fresh)]);
    assert_eq!(answer.status, 303, "{}", answer.shown());
}
