//! Requests to join: who may come in by the domain of their address is sent an invitation; the others wait for a person.
//!
//! Either way what lets somebody in is an invitation sent to the address, so nobody joins with an address that is not
//! theirs. One request waits per address, however often it is made.

use diesel::prelude::*;
use serde_json::json;

use super::address_requests::Wish;
use super::invitations::{self, Wanted};
use super::letters::{self, Addressee};
use super::{audit, members, names};
use crate::clock::{DAY, Micros};
use crate::config::site;
use crate::db::schema::join_requests as rows;
use crate::db::{Conn, Effect, Error, Failure, on};
use crate::mail::outbox;
use crate::web::letter::Letterhead;
use crate::web::secret::{digest, random_token};

/// The setting: whether visitors may ask to join, `on` (also when unset) or `off`.
pub const OPEN: &str = "join_requests";
/// The setting: domains whose addresses are let in without a person, one a line.
pub const DOMAINS: &str = "join_domains";
/// How long an invitation that answers a request lasts.
const LASTS: Micros = 14 * DAY;
/// The language of letters to people who are no members yet.
const LOCALE: &str = "en";

/// Whether visitors may ask to join.
pub fn open(c: &mut Conn) -> QueryResult<bool> {
    Ok(site::get(c, OPEN)?.as_deref() != Some("off"))
}

/// Whether an address is of a domain that is let in: exactly that domain, none above or below it.
pub fn let_in(email: &str, domains: &str) -> bool {
    let domain = email.rsplit_once('@').map(|(_, domain)| domain.trim().to_lowercase());
    domain
        .filter(|domain| !domain.is_empty())
        .is_some_and(|domain| domains.lines().any(|line| line.trim().to_lowercase() == domain))
}

/// What a request of somebody who is no member leads to.
pub(super) fn take(
    c: &mut Conn,
    head: &Letterhead,
    email: &str,
    wish: &Wish,
    now: Micros,
) -> QueryResult<Effect> {
    if !open(c)? {
        return Ok(Box::new(|_| Ok(())));
    }
    let domains = site::get(c, DOMAINS)?.unwrap_or_default();
    // Whoever was let in already and asks again has lost the e-mail: a new one goes out.
    if let_in(email, &domains) || approved_lately(c, email, now)? {
        // Nobody has looked at the name: it may be any words.
        return invited(head, email, None, None, now);
    }
    let (email, wish) = (email.to_owned(), wish.clone());
    Ok(Box::new(move |c| {
        let row = (
            rows::email.eq(&email),
            rows::email_key.eq(names::email_key(&email)),
            rows::name.eq(&wish.name),
            rows::organisation.eq(&wish.organisation),
            rows::message.eq(&wish.message),
            rows::state.eq("waiting"),
            rows::created_at.eq(now),
        );
        on!(c, |c| diesel::insert_into(rows::table).values(row).on_conflict_do_nothing().execute(c)).map(drop)
    }))
}

/// Whether somebody let this address in, and the invitation would still be good.
fn approved_lately(c: &mut Conn, email: &str, now: Micros) -> QueryResult<bool> {
    let row: Option<i64> = rows::table
        .filter(rows::email_key.eq(names::email_key(email)))
        .filter(rows::state.eq("approved"))
        .filter(rows::decided_at.gt(now - LASTS).assume_not_null())
        .select(rows::id)
        .first(c)
        .optional()?;
    Ok(row.is_some())
}

/// An invitation to `email`, made and sent; nothing where somebody has the address by now.
fn invited(
    head: &Letterhead,
    email: &str,
    name: Option<String>,
    by: Option<(i64, String)>,
    now: Micros,
) -> QueryResult<Effect> {
    let broken = |error| diesel::result::Error::QueryBuilderError(Box::new(error));
    let token = random_token().map_err(broken)?;
    let to = Addressee { member: None, name, email: email.to_owned(), locale: LOCALE.to_owned() };
    let ends_at = now + LASTS;
    let by_name = by.as_ref().map(|(_, name)| name.as_str());
    let mail = letters::invitation(head, &to, &token, by_name, ends_at, now)?;
    let wanted = Wanted { email: Some(email.to_owned()), space_id: None, claim: None, uses: 1, lasts: LASTS };
    let (hash, by) = (digest(&token), by.map(|(id, _)| id));
    Ok(Box::new(move |c| {
        if members::by_email(c, &mail.recipient)?.is_some() {
            return Ok(());
        }
        if by.is_none() {
            invitations::revoke_automatic(c, &mail.recipient, now)?;
        }
        match invitations::create(c, by, &wanted, &hash, now) {
            Ok(_) => outbox::put(c, &mail, now).map(drop),
            Err(Failure::Refused(refusal)) => {
                tracing::info!(%refusal, "a request to join led to no invitation");
                Ok(())
            }
            Err(Failure::Broken(Error::Query(error))) => Err(error),
            Err(Failure::Broken(error)) => Err(diesel::result::Error::QueryBuilderError(Box::new(error))),
        }
    }))
}

/// A request, as administrators see it.
#[derive(Clone, Debug, Queryable)]
pub struct Waiting {
    /// The row.
    pub id: i64,
    /// The address.
    pub email: String,
    /// What they said.
    pub name: String,
    /// Their company.
    pub organisation: String,
    /// Why.
    pub message: String,
    /// When.
    pub created_at: Micros,
}

/// Those who wait, the longest first.
pub fn waiting(c: &mut Conn) -> QueryResult<Vec<Waiting>> {
    rows::table
        .filter(rows::state.eq("waiting"))
        .order(rows::id)
        .limit(200)
        .select((rows::id, rows::email, rows::name, rows::organisation, rows::message, rows::created_at))
        .load(c)
}

/// How many wait.
pub fn count(c: &mut Conn) -> QueryResult<i64> {
    rows::table.filter(rows::state.eq("waiting")).count().get_result(c)
}

/// Lets somebody in, or not; either is told to them. False where nothing waits under this id.
pub fn decide(
    c: &mut Conn,
    head: &Letterhead,
    by: (i64, String),
    id: i64,
    approved: bool,
    now: Micros,
) -> QueryResult<bool> {
    let row: Option<(String, String)> = rows::table
        .find(id)
        .filter(rows::state.eq("waiting"))
        .select((rows::email, rows::name))
        .first(c)
        .optional()?;
    let Some((email, name)) = row else { return Ok(false) };
    let state = if approved { "approved" } else { "declined" };
    diesel::update(rows::table.find(id))
        .set((rows::state.eq(state), rows::decided_at.eq(now), rows::decided_by.eq(by.0)))
        .execute(c)?;
    audit::record(
        c,
        Some(by.0),
        "join-decided",
        "join-request",
        Some(id),
        None,
        &json!({ "state": state }),
        now,
    )?;
    if approved {
        invited(head, &email, Some(name), Some(by), now)?(c)?;
    } else {
        let to = Addressee { member: None, name: Some(name), email, locale: LOCALE.to_owned() };
        let mail = letters::declined(head, &to, format!("declined {id}"), now)?;
        outbox::put(c, &mail, now)?;
    }
    Ok(true)
}

/// Drops what was decided long ago.
pub(super) fn forget_old(c: &mut Conn, now: Micros) -> QueryResult<usize> {
    let old = rows::table
        .filter(rows::state.ne("waiting"))
        .filter(rows::decided_at.lt(now - 90 * DAY).assume_not_null());
    diesel::delete(old).execute(c)
}

#[cfg(test)]
mod tests {
    use super::let_in;

    #[test]
    fn a_domain_lets_in_exactly_itself() {
        let domains = "example.com\n Lamps.Example \n";
        assert!(let_in("ann@example.com", domains));
        assert!(let_in("bo@LAMPS.example", domains));
        for other in
            ["ann@sub.example.com", "ann@notexample.com", "ann@example.com.evil", "example.com", "ann@"]
        {
            assert!(!let_in(other, domains), "{other}");
        }
        assert!(!let_in("ann@", "\n"));
    }
}
