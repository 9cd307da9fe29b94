//! Signing in: how often it may be tried, whom it may let in, and the new session.
//!
//! Promises: a wrong password, an unknown address, a member without a password, one who may not enter, all get the same words for the
//! same work; only who gives the right password of a suspended account is told so. An attempt is counted before the
//! password is checked, and given back when it was right. One client cannot keep a member out by
//! guessing, nor many where the member is signed in already; the price is that who shares that member's network and
//! guesses from a dozen others besides learns that somebody of this address is signed in there.

use std::net::IpAddr;

use diesel::prelude::*;

use super::letters::Happened;
use super::sessions::{self, Browser};
use super::{members, names, security};
use crate::clock::{MINUTE, Micros};
use crate::db::Conn;
use crate::db::schema::members as rows;
use crate::web::letter::Letterhead;
use crate::web::limits::{self, Limit};
use crate::web::secret::digest;

/// Attempts from one client: many members may share an office's address.
const PER_CLIENT: Limit = Limit { scope: "sign-in-client", most: 100, window: 15 * MINUTE };
/// Attempts for one address of a member from one client.
const PER_PAIR: Limit = Limit { scope: "sign-in-pair", most: 10, window: 15 * MINUTE };
/// Attempts for one address of a member from everywhere, against guessing from many clients.
const PER_EMAIL: Limit = Limit { scope: "sign-in-email", most: 100, window: 15 * MINUTE };

/// Who tries, as the limits count them.
#[derive(Clone, Debug)]
pub struct Trier {
    email: String,
    client: String,
}

/// What an attempt meets.
#[derive(Clone, Debug)]
pub enum Met {
    /// Too many attempts; again in so many seconds.
    TooOften(u64),
    /// A member, who may still be the wrong one.
    Member(Candidate),
    /// Nobody has this address.
    Nobody,
}

/// A member whose password is to be checked.
#[derive(Clone, Debug, Queryable)]
pub struct Candidate {
    /// Who.
    pub id: i64,
    /// None: there is no password that fits.
    pub password_hash: Option<String>,
    state: String,
    suspended_until: Option<Micros>,
    suspended_reason: Option<String>,
}

/// Whether a member may enter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Yes.
    Welcome,
    /// Not for a while.
    Suspended {
        /// None: until somebody ends it.
        until: Option<Micros>,
        /// Why, in the words of who did it.
        reason: Option<String>,
    },
    /// There is no such account any more, or nobody has claimed it.
    Closed,
}

impl Candidate {
    /// Whether they may enter at `now`.
    pub fn standing(&self, now: Micros) -> Standing {
        match self.state.as_str() {
            "active" => Standing::Welcome,
            "suspended" if self.suspended_until.is_some_and(|until| until <= now) => Standing::Welcome,
            "suspended" => {
                Standing::Suspended { until: self.suspended_until, reason: self.suspended_reason.clone() }
            }
            _ => Standing::Closed,
        }
    }
}

impl Trier {
    /// Whoever tries `email` from `client`. Neither is kept as it is.
    pub fn new(email: &str, client: Option<IpAddr>) -> Trier {
        Trier { email: digest(names::email_key(email)), client: client_subject(client) }
    }

    /// Both, as one subject. A browser that is known to be the member's is counted by itself: who guesses from behind the
    /// same address keeps nobody out of it.
    fn pair(&self, known: bool) -> String {
        format!("{} {}{}", self.email, self.client, if known { " known" } else { "" })
    }

    /// A number for [`crate::db::On::Named`]: attempts for one address wait for each other.
    pub fn lock(&self) -> i64 {
        i64::from_str_radix(self.email.get(..12).unwrap_or_default(), 16).unwrap_or(0)
    }
}

/// A client as it is counted: one address of IPv4; of IPv6 the network of 64 bits that one customer is given.
pub(super) fn client_subject(client: Option<IpAddr>) -> String {
    match client.map(|address| address.to_canonical()) {
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        None => "unknown".to_owned(),
    }
}

/// Counts an attempt and finds whom it is for. The count stands whatever comes of it.
/// `known` is the member whose browser this is known to be: guessing from elsewhere does not keep them out of it.
pub fn begin(
    c: &mut Conn,
    email: &str,
    trier: &Trier,
    known: Option<i64>,
    limited: bool,
    now: Micros,
) -> QueryResult<Met> {
    if limited && limits::count(c, PER_CLIENT, &trier.client, now)? > PER_CLIENT.most {
        return Ok(Met::TooOften(limits::left(PER_CLIENT, now)));
    }
    let found: Option<Candidate> = rows::table
        .filter(rows::email_key.eq(names::email_key(email)))
        .filter(rows::merged_into.is_null())
        .select((rows::id, rows::password_hash, rows::state, rows::suspended_until, rows::suspended_reason))
        .first(c)
        .optional()?;
    let own = known.is_some() && found.as_ref().map(|candidate| candidate.id) == known;
    if limited && limits::count(c, PER_PAIR, &trier.pair(own), now)? > PER_PAIR.most {
        return Ok(Met::TooOften(limits::left(PER_PAIR, now)));
    }
    let guessed = limited && limits::count(c, PER_EMAIL, &trier.email, now)? > PER_EMAIL.most;
    if guessed && !own && !at_home(c, found.as_ref(), &trier.client, now)? {
        return Ok(Met::TooOften(limits::left(PER_EMAIL, now)));
    }
    Ok(found.map_or(Met::Nobody, Met::Member))
}

/// Whether the member is signed in from this client already.
fn at_home(c: &mut Conn, candidate: Option<&Candidate>, client: &str, now: Micros) -> QueryResult<bool> {
    let Some(candidate) = candidate else { return Ok(false) };
    let known = sessions::addresses(c, candidate.id, now)?;
    Ok(known.iter().any(|address| client_subject(address.parse().ok()) == client))
}

/// Counts one try of a signed-in member's own password; answers the seconds to wait when there were too many.
pub(super) fn password_tries(c: &mut Conn, member: i64, now: Micros) -> QueryResult<Option<u64>> {
    let limit = Limit { scope: "password", ..PER_PAIR };
    let used = limits::count(c, limit, &member.to_string(), now)?;
    Ok((used > limit.most).then(|| limits::left(limit, now)))
}

/// A right password: the new session, when the member may still enter with this very password.
pub struct Entry {
    /// Who, as found by [`begin`].
    pub candidate: Candidate,
    /// Replaces a hash of former parameters.
    pub rehashed: Option<String>,
    /// Hash of the new session's token.
    pub token_hash: String,
    /// The session this browser had.
    pub replaced: Option<i64>,
    /// Where it comes from.
    pub browser: Browser,
    /// Whose attempt is given back.
    pub trier: Trier,
    /// Whether this browser is known to be the member's.
    pub known: bool,
}

/// Opens the session, and tells the member when their browser is new; false when the password or the member's standing changed since it was checked.
pub fn enter(c: &mut Conn, head: &Letterhead, entry: &Entry, now: Micros) -> QueryResult<bool> {
    let member = entry.candidate.id;
    let still: Option<Option<String>> = rows::table
        .find(member)
        .filter(super::may_enter(now))
        .select(rows::password_hash)
        .first(c)
        .optional()?;
    if still.flatten() != entry.candidate.password_hash || entry.candidate.password_hash.is_none() {
        return Ok(false);
    }
    if let Some(hash) = &entry.rehashed {
        members::set_password(c, member, entry.candidate.password_hash.as_deref(), hash)?;
    }
    for (limit, subject) in [
        (PER_CLIENT, &entry.trier.client),
        (PER_PAIR, &entry.trier.pair(entry.known)),
        (PER_EMAIL, &entry.trier.email),
    ] {
        limits::give_back(c, limit, subject, now)?;
    }
    let before: Option<Micros> = rows::table.find(member).select(rows::seen_at).first(c)?;
    sessions::begin(c, member, &entry.token_hash, &entry.browser, entry.replaced, now)?;
    if before.is_some() && !entry.known {
        let what = Happened::SignedIn(entry.browser.clone());
        security::tell(
            c,
            head,
            member,
            &what,
            &format!("sign-in {}", entry.token_hash.get(..16).unwrap_or_default()),
            now,
        )?;
    }
    Ok(true)
}

/// A place to go to after signing in, if it is on this site: an absolute path of printable ASCII, no second slash or backslash
/// that a browser would read as another host. Anything else, and the doors themselves, lead to the start page.
pub fn place_after(next: &str) -> &str {
    let local = next.starts_with('/')
        && !next.starts_with("//")
        && next.len() <= 2_000
        && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let path = next.split(['?', '#']).next().unwrap_or_default();
    let door = ["/sign-in", "/sign-out", "/setup", "/join", "/reset", "/confirm", "/request"]
        .iter()
        .any(|door| path.strip_prefix(door).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
    if local && !door { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_places_on_this_site_are_gone_to() {
        for good in ["/", "/questions/12/a-slug?after=x#a7", "/search?q=%2F%2Fx"] {
            assert_eq!(place_after(good), good);
        }
        for bad in [
            "",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "questions",
            "/a\r\nSet-Cookie: x=y",
            "/a\tb",
            "/ü",
            "/sign-in?next=/sign-in",
            "/sign-out",
            "/join/abc",
        ] {
            assert_eq!(place_after(bad), "/", "{bad:?}");
        }
        assert_eq!(place_after("/sign-ins"), "/sign-ins");
    }

    fn candidate(state: &str, until: Option<Micros>) -> Candidate {
        Candidate {
            id: 1,
            password_hash: None,
            state: state.to_owned(),
            suspended_until: until,
            suspended_reason: None,
        }
    }

    #[test]
    fn a_suspension_ends_by_itself() {
        assert_eq!(candidate("suspended", Some(10)).standing(10), Standing::Welcome);
        let suspended = Standing::Suspended { until: Some(10), reason: None };
        assert_eq!(candidate("suspended", Some(10)).standing(9), suspended);
        assert!(matches!(candidate("suspended", None).standing(9), Standing::Suspended { .. }));
    }

    #[test]
    fn nobody_enters_as_an_unclaimed_or_forgotten_member() {
        for state in ["unclaimed", "forgotten"] {
            assert_eq!(candidate(state, None).standing(9), Standing::Closed);
        }
    }

    #[test]
    fn clients_of_one_ipv6_network_are_counted_together() {
        let subject = |text: &str| client_subject(text.parse().ok());
        assert_eq!(subject("2001:db8:1:2::5"), subject("2001:db8:1:2:ffff::9"));
        assert_ne!(subject("2001:db8:1:2::5"), subject("2001:db8:1:3::5"));
        assert_eq!(subject("::ffff:192.0.2.1"), subject("192.0.2.1"));
    }
}
