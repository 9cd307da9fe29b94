//! API tokens: each lets one program act as one member, until it is revoked.
//!
//! Only the hash is kept, so a token is shown once. A token is worth no more than its member: one who may not enter
//! takes the tokens out with them.

use diesel::prelude::*;

use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::{api_tokens, members};
use crate::text::clean_name;
use crate::web::FieldProblem;
use crate::web::secret::random_token;

/// Characters of a token's name at most.
const NAME_MOST: usize = 80;

/// A new token. Its first letters say what it is to people and to programs that look for leaked secrets.
///
/// # Errors
/// When the system has no randomness to give.
pub fn fresh() -> Result<String, getrandom::Error> {
    Ok(format!("peerhall_{}", random_token()?))
}

/// A token's name, cleaned.
///
/// # Errors
/// What is wrong with it.
pub fn name(typed: &str) -> Result<String, FieldProblem> {
    let name = clean_name(typed);
    match name.chars().count() {
        1..=NAME_MOST => Ok(name),
        0 => Err(FieldProblem::new("name", "token-name-missing")),
        _ => Err(FieldProblem::new("name", "name-long").with("n", NAME_MOST)),
    }
}

/// A token as its member sees it.
#[derive(Clone, Debug, Queryable)]
pub struct Token {
    /// The row.
    pub id: i64,
    /// What it is for.
    pub name: String,
    /// Made at.
    pub created_at: Micros,
}

/// Keeps a new token of `member`, by its hash.
pub fn create(c: &mut Conn, member: i64, name: &str, token_hash: &str, now: Micros) -> QueryResult<i64> {
    diesel::insert_into(api_tokens::table)
        .values((
            api_tokens::token_hash.eq(token_hash),
            api_tokens::member_id.eq(member),
            api_tokens::name.eq(name),
            api_tokens::created_at.eq(now),
        ))
        .returning(api_tokens::id)
        .get_result(c)
}

/// The tokens of `member` that are not revoked, newest first.
pub fn of_member(c: &mut Conn, member: i64) -> QueryResult<Vec<Token>> {
    api_tokens::table
        .filter(api_tokens::member_id.eq(member))
        .filter(api_tokens::revoked_at.is_null())
        .order(api_tokens::id.desc())
        .limit(200)
        .select((api_tokens::id, api_tokens::name, api_tokens::created_at))
        .load(c)
}

/// Revokes one token of `member`, and says whether there was one.
pub fn revoke(c: &mut Conn, member: i64, token: i64, now: Micros) -> QueryResult<bool> {
    let own = api_tokens::table
        .find(token)
        .filter(api_tokens::member_id.eq(member))
        .filter(api_tokens::revoked_at.is_null());
    Ok(diesel::update(own).set(api_tokens::revoked_at.eq(now)).execute(c)? > 0)
}

/// Revokes all tokens of `member`.
pub fn revoke_all(c: &mut Conn, member: i64, now: Micros) -> QueryResult<usize> {
    let own =
        api_tokens::table.filter(api_tokens::member_id.eq(member)).filter(api_tokens::revoked_at.is_null());
    diesel::update(own).set(api_tokens::revoked_at.eq(now)).execute(c)
}

/// The member whom a program may act as: found by address, and able to enter at `now`.
pub fn bearer(c: &mut Conn, email: &str, now: Micros) -> QueryResult<Option<i64>> {
    members::table
        .filter(members::email_key.eq(super::names::email_key(email)))
        .filter(super::may_enter(now))
        .select(members::id)
        .first(c)
        .optional()
}
