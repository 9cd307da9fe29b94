//! Sessions: one row per browser that is signed in.
//!
//! A session ends thirty days after its last use, at once when it is revoked, and with a change of the password.
//! Only the hash of its token is kept. Ending a session deletes its row.

use diesel::prelude::*;

use crate::clock::{DAY, Micros};
use crate::db::Conn;
use crate::db::schema::{members, sessions};

/// How long a session lasts without being used.
pub const LASTS: Micros = 30 * DAY;
/// Characters of a browser's name for itself that are kept.
const AGENT_MOST: usize = 300;

/// Where a session comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Browser {
    /// The client's address, as text.
    pub address: String,
    /// What it calls itself.
    pub user_agent: String,
}

/// An open session, as its member sees it.
#[derive(Clone, Debug, Queryable)]
pub struct Session {
    /// The row.
    pub id: i64,
    /// Signed in at.
    pub created_at: Micros,
    /// Last seen, to the hour.
    pub seen_at: Micros,
    /// What the browser calls itself.
    pub user_agent: String,
}

/// Opens a session of `member` under the hash of a new token; the browser's former session, `replaced`, ends, so that
/// a token that was planted before signing in is worth nothing afterwards.
pub fn begin(
    c: &mut Conn,
    member: i64,
    token_hash: &str,
    browser: &Browser,
    replaced: Option<i64>,
    now: Micros,
) -> QueryResult<()> {
    if let Some(session) = replaced {
        end(c, session)?;
    }
    let user_agent: String =
        browser.user_agent.chars().filter(|c| !c.is_control()).take(AGENT_MOST).collect();
    diesel::insert_into(sessions::table)
        .values((
            sessions::token_hash.eq(token_hash),
            sessions::member_id.eq(member),
            sessions::created_at.eq(now),
            sessions::seen_at.eq(now),
            sessions::ends_at.eq(now + LASTS),
            sessions::address.eq(&browser.address),
            sessions::user_agent.eq(user_agent),
        ))
        .execute(c)?;
    diesel::update(members::table.find(member)).set(members::seen_at.eq(now)).execute(c)?;
    Ok(())
}

/// The clients' addresses of the latest sessions of `member` that are open at `now`.
pub(super) fn addresses(c: &mut Conn, member: i64, now: Micros) -> QueryResult<Vec<String>> {
    let own = sessions::table.filter(sessions::member_id.eq(member)).filter(sessions::ends_at.gt(now));
    own.order(sessions::id.desc()).limit(100).select(sessions::address).load(c)
}

/// Ends one session.
pub fn end(c: &mut Conn, session: i64) -> QueryResult<()> {
    diesel::delete(sessions::table.find(session)).execute(c)?;
    Ok(())
}

/// Ends one session of `member`, and says whether there was one.
pub fn revoke(c: &mut Conn, member: i64, session: i64) -> QueryResult<bool> {
    let own = sessions::table.filter(sessions::id.eq(session)).filter(sessions::member_id.eq(member));
    Ok(diesel::delete(own).execute(c)? > 0)
}

/// Ends all sessions of `member`, but not `kept`.
pub fn revoke_all(c: &mut Conn, member: i64, kept: Option<i64>) -> QueryResult<usize> {
    let others =
        sessions::table.filter(sessions::member_id.eq(member)).filter(sessions::id.ne(kept.unwrap_or(0)));
    diesel::delete(others).execute(c)
}

/// The open sessions of `member`, last used first.
pub fn open(c: &mut Conn, member: i64, now: Micros) -> QueryResult<Vec<Session>> {
    sessions::table
        .filter(sessions::member_id.eq(member))
        .filter(sessions::ends_at.gt(now))
        .order((sessions::seen_at.desc(), sessions::id.desc()))
        .limit(100)
        .select((sessions::id, sessions::created_at, sessions::seen_at, sessions::user_agent))
        .load(c)
}

/// Writes down that a session was used at `at`: its end slides, and its member was seen.
pub(super) fn seen(c: &mut Conn, session: i64, at: Micros) -> QueryResult<()> {
    let member: Option<i64> =
        diesel::update(sessions::table.filter(sessions::id.eq(session)).filter(sessions::seen_at.lt(at)))
            .set((sessions::seen_at.eq(at), sessions::ends_at.eq(at + LASTS)))
            .returning(sessions::member_id)
            .get_result(c)
            .optional()?;
    if let Some(member) = member {
        diesel::update(members::table.find(member)).set(members::seen_at.eq(at)).execute(c)?;
    }
    Ok(())
}

/// Drops sessions that have ended.
pub(super) fn forget_old(c: &mut Conn, now: Micros) -> QueryResult<usize> {
    diesel::delete(sessions::table.filter(sessions::ends_at.le(now))).execute(c)
}

/// A browser and its system in few words, such as "Firefox on Linux", from what it calls itself.
pub fn device(user_agent: &str) -> String {
    let first = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    // Most browsers also name those they imitate, so the imitators are asked for first.
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => "A browser".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn a_browser_is_told_from_those_it_imitates() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 \
                    Safari/537.36 Edg/120.0";
        assert_eq!(device(edge), "Edge on Windows");
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1 Version/17.0 Safari/604.1";
        assert_eq!(device(safari), "Safari on iPhone");
        assert_eq!(device("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Firefox/120.0"), "Firefox on Linux");
        assert_eq!(device("curl/8"), "A browser");
    }
}
