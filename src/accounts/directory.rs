//! The directory: the member behind a session or a token, found in one statement.
//!
//! It answers for members who may enter now: active, or suspended until a moment that has passed. Merged,
//! forgotten and unclaimed members have no way in, whatever they carry. It writes nothing; sessions that were used are
//! noted in [`Seen`] and written down together.

use diesel::dsl::auto_type;
use diesel::prelude::*;

use super::seen::Seen;
use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::{api_tokens, members, sessions};
use crate::web::viewer::{Credential, Known, Lookup, Role, Viewer};

/// Finds members behind credentials.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    seen: Seen,
}

impl Directory {
    /// A directory that notes the use of sessions in `seen`.
    pub fn new(seen: Seen) -> Directory {
        Directory { seen }
    }
}

/// Members who may enter at `now`, as a condition on [`members`].
#[auto_type(no_type_alias)]
pub fn may_enter(now: Micros) -> _ {
    let over = members::state.eq("suspended").and(members::suspended_until.le(now).assume_not_null());
    members::merged_into.is_null().and(members::state.eq("active").or(over))
}

type Row = (i64, Micros, i64, String, String, String, Option<i64>, i64, String, i64, i64);

impl Lookup for Directory {
    fn find(&self, c: &mut Conn, credential: &Credential, now: Micros) -> QueryResult<Option<Known>> {
        let person = (
            members::id,
            members::name,
            members::handle,
            members::role,
            members::organisation_id,
            members::reputation,
            members::locale,
            members::unread,
            members::gurus,
        );
        let row: Option<Row> = match credential {
            Credential::Session { hash } => sessions::table
                .inner_join(members::table)
                .filter(sessions::token_hash.eq(hash))
                .filter(sessions::ends_at.gt(now))
                .filter(may_enter(now))
                .select((sessions::id, sessions::seen_at, person))
                .first::<(i64, Micros, _)>(c)
                .optional()?
                .map(flat),
            Credential::Token { hash } => api_tokens::table
                .inner_join(members::table)
                .filter(api_tokens::token_hash.eq(hash))
                .filter(api_tokens::revoked_at.is_null())
                .filter(may_enter(now))
                .select((api_tokens::id, api_tokens::created_at, person))
                .first::<(i64, Micros, _)>(c)
                .optional()?
                .map(flat),
        };
        let Some((
            credential_id,
            seen_at,
            id,
            name,
            handle,
            role,
            organisation_id,
            reputation,
            locale,
            unread,
            gurus,
        )) = row
        else {
            return Ok(None);
        };
        if matches!(credential, Credential::Session { .. }) {
            self.seen.note(credential_id, seen_at, now);
        }
        let role = Role::stored(&role);
        let guru = gurus > 0;
        let viewer =
            Viewer { id, name, handle, role, organisation_id, reputation, locale, unread, guru, now };
        Ok(Some(Known { viewer, credential_id }))
    }
}

type Person = (i64, String, String, String, Option<i64>, i64, String, i64, i64);

fn flat((credential, seen_at, person): (i64, Micros, Person)) -> Row {
    let (id, name, handle, role, organisation, reputation, locale, unread, gurus) = person;
    (credential, seen_at, id, name, handle, role, organisation, reputation, locale, unread, gurus)
}
