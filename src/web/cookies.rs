//! The two cookies: a session's, and a visitor's that only ties a sign-in form to its browser.

use actix_web::cookie::{Cookie, SameSite, time::Duration};

use super::hall::Hall;

/// How long a session's cookie is kept by the browser: the most that browsers allow. The session's row decides, and
/// its end slides with use, so the cookie must outlast the first thirty days.
const SESSION_DAYS: i64 = 400;

/// Name of the session's cookie; `__Host-` ties it to the exact host over https.
pub fn session_name(hall: &Hall) -> &'static str {
    if hall.is_https() { "__Host-peerhall_session" } else { "peerhall_session" }
}

/// Name of the visitor's cookie.
pub fn visitor_name(hall: &Hall) -> &'static str {
    if hall.is_https() { "__Host-peerhall_visitor" } else { "peerhall_visitor" }
}

/// Name of the cookie that carries one word about what was just done.
pub const FLASH: &str = "peerhall_flash";

/// A session's cookie.
pub fn session(hall: &Hall, token: String) -> Cookie<'static> {
    plain(hall, session_name(hall), token, Duration::days(SESSION_DAYS))
}

/// A visitor's cookie; ends with the browser.
pub fn visitor(hall: &Hall, token: String) -> Cookie<'static> {
    let mut cookie = plain(hall, visitor_name(hall), token, Duration::ZERO);
    cookie.unset_expires();
    cookie.set_max_age(None);
    cookie
}

/// Says at the next page that something was done.
pub fn flash(hall: &Hall, word: &str) -> Cookie<'static> {
    plain(hall, FLASH, word.to_owned(), Duration::minutes(1))
}

/// Name of the cookie by which a browser is known to be a member's.
pub fn known_name(hall: &Hall) -> &'static str {
    if hall.is_https() { "__Host-peerhall_known" } else { "peerhall_known" }
}

/// Says that a browser is known to be a member's.
pub fn known(hall: &Hall, value: String) -> Cookie<'static> {
    plain(hall, known_name(hall), value, Duration::days(SESSION_DAYS))
}

/// Takes a cookie back.
pub fn removed(hall: &Hall, name: &'static str) -> Cookie<'static> {
    let mut cookie = plain(hall, name, String::new(), Duration::ZERO);
    cookie.make_removal();
    cookie
}

fn plain(hall: &Hall, name: &'static str, value: String, age: Duration) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(hall.is_https())
        .max_age(age)
        .finish()
}
