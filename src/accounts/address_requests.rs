//! What visitors ask for by an address: a new password, or to join.
//!
//! The request is only written down, which is the same work and the same answer whoever has the address; a duty looks
//! who that is and writes the letter. So neither words nor time tell a visitor who is a member.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::letters::{self, Addressee};
use super::one_time::{self, Purpose};
use super::{join_requests, members, names};
use crate::clock::{DAY, HOUR, MINUTE, Micros};
use crate::db::schema::{address_requests, members as rows};
use crate::db::{Conn, Effect};
use crate::jobs::sweeper::Duty;
use crate::jobs::timed::{self, Timed};
use crate::mail::outbox;
use crate::web::letter::Letterhead;
use crate::web::limits::{self, Limit};
use crate::web::secret::{digest, random_token};

const KIND: &str = "accounts.address-request";

/// How long a link for a new password lasts.
pub const RESET_LASTS: Micros = 2 * HOUR;

/// Links for a new password one address is sent because somebody typed it in. Not shared with requests to join, so that those
/// keep nobody from a new password; and beyond it the links that were sent still work.
const RESETS: Limit = Limit { scope: "reset-address", most: 4, window: HOUR };
/// Letters an address is sent because somebody asked to join with it; what follows a plus sign makes no other address.
const JOINS: Limit = Limit { scope: "join-address", most: 4, window: DAY };
/// Requests from one client.
pub const PER_CLIENT: Limit = Limit { scope: "address-request-client", most: 20, window: 15 * MINUTE };

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A link to set a new password.
    Reset,
    /// To join.
    Join(Wish),
}

/// What somebody who wants to join says. Texts are cleaned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Their name.
    pub name: String,
    /// Their company, as they write it; may be empty.
    pub organisation: String,
    /// Why; may be empty.
    pub message: String,
}

/// Writes a request down; it is dealt with in a moment.
pub fn ask(c: &mut Conn, email: &str, asked: &Asked, now: Micros) -> QueryResult<()> {
    let (purpose, detail) = match asked {
        Asked::Reset => ("reset", "{}".to_owned()),
        Asked::Join(wish) => ("join", serde_json::to_string(wish).unwrap_or_default()),
    };
    let id: i64 = diesel::insert_into(address_requests::table)
        .values((
            address_requests::purpose.eq(purpose),
            address_requests::email.eq(email),
            address_requests::detail.eq(detail),
            address_requests::made_at.eq(now),
        ))
        .returning(address_requests::id)
        .get_result(c)?;
    timed::schedule(c, KIND, id, now)
}

/// Answers them.
pub struct AddressRequests {
    /// What letters are written with.
    pub head: Letterhead,
    /// Whether requests are limited.
    pub limited: bool,
}

type Found = (i64, Option<String>, String, Option<String>);

impl Duty for AddressRequests {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn prepare(&self, c: &mut Conn, due: &Timed, now: Micros) -> QueryResult<Effect> {
        let id = due.subject_id;
        let row: Option<(String, String, String)> = address_requests::table
            .find(id)
            .select((address_requests::purpose, address_requests::email, address_requests::detail))
            .first(c)
            .optional()?;
        let Some((purpose, email, detail)) = row else { return Ok(Box::new(|_| Ok(()))) };
        let found: Option<Found> = rows::table
            .filter(rows::email_key.eq(names::email_key(&email)))
            .filter(super::may_enter(now))
            .select((rows::id, rows::email, rows::locale, rows::name.nullable()))
            .first(c)
            .optional()?;
        let known = members::by_email(c, &email)?.is_some();
        let limited = self.limited;
        let inner: Effect = match (purpose.as_str(), found) {
            ("reset", Some(found)) => self.reset(found, now)?,
            ("join", Some(found)) => self.already(found, id, now)?,
            ("join", None) if !known => {
                let wish: Wish = serde_json::from_str(&detail).unwrap_or_default();
                join_requests::take(c, &self.head, &email, &wish, now)?
            }
            _ => Box::new(|_| Ok(())),
        };
        let mut inner = inner;
        let (limit, subject) = match purpose.as_str() {
            "reset" => (RESETS, digest(names::email_key(&email))),
            _ => (JOINS, digest(names::mailbox_key(&email))),
        };
        Ok(Box::new(move |c| {
            diesel::delete(address_requests::table.find(id)).execute(c)?;
            let often = limited && limits::count(c, limit, &subject, now)? > limit.most;
            if often { Ok(()) } else { inner(c) }
        }))
    }
}

impl AddressRequests {
    fn reset(&self, found: Found, now: Micros) -> QueryResult<Effect> {
        let (member, ..) = found;
        let Some(to) = addressee(found) else { return Ok(Box::new(|_| Ok(()))) };
        let token =
            random_token().map_err(|error| diesel::result::Error::QueryBuilderError(Box::new(error)))?;
        let (hash, ends_at) = (digest(&token), now + RESET_LASTS);
        let mail = letters::reset(&self.head, &to, &token, ends_at, now)?;
        Ok(Box::new(move |c| {
            one_time::make(c, Purpose::Reset, member, &hash, "{}", ends_at, now)?;
            outbox::withdraw(c, member, &["reset"], "a newer link was asked for", now)?;
            outbox::put(c, &mail, now).map(drop)
        }))
    }

    fn already(&self, found: Found, id: i64, now: Micros) -> QueryResult<Effect> {
        let Some(to) = addressee(found) else { return Ok(Box::new(|_| Ok(()))) };
        let mail = letters::member_already(&self.head, &to, format!("already {id}"), now)?;
        Ok(Box::new(move |c| outbox::put(c, &mail, now).map(drop)))
    }
}

fn addressee((member, email, locale, name): Found) -> Option<Addressee> {
    Some(Addressee { member: Some(member), name, email: email?, locale })
}
