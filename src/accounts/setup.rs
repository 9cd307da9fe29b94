//! Set-up: how the first administrator comes in.
//!
//! While there is no administrator, each start makes a link that can be used once, and replaces the one before. It is
//! printed and kept in a file that only the server's user can read; it never reaches the log. Of two who use it at
//! once, one wins; once there is an administrator, whoever made them, it opens nothing.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::select;
use serde_json::json;

use super::audit;
use super::members::{self, MemberRefusal, NewMember};
use crate::clock::{DAY, Micros};
use crate::config::site;
use crate::db::schema::{members as rows, one_time_links as links};
use crate::db::{Conn, Db, Error, Failure, On, Refusal};
use crate::web::Role;
use crate::web::secret::{digest, random_token};

/// Set-up links wait for each other.
pub const ON: On = On::Named("setup", 1);
const PURPOSE: &str = "setup";
const LASTS: Micros = 30 * DAY;
const FILE: &str = "setup-link";

/// Makes the set-up link if there is no administrator, and writes it to the data directory; otherwise takes an old
/// file away. A file that cannot be written is said in the log, without the link.
///
/// # Errors
/// The database's.
pub async fn offer(db: &Db, public_url: &str, data_dir: &Path, now: Micros) -> Result<Option<String>, Error> {
    let token = random_token().map_err(|error| Error::Panicked(error.to_string()))?;
    let hash = digest(&token);
    let needed = db.write(ON, move |c| Ok::<_, Error>(prepare(c, &hash, now)?)).await?;
    if !needed {
        forget_file(data_dir);
        return Ok(None);
    }
    let link = format!("{public_url}/setup/{token}");
    if let Err(error) = write_file(data_dir, &link) {
        tracing::warn!(%error, "the set-up link could not be written to the data directory");
    }
    Ok(Some(link))
}

/// Whether somebody runs the place: a member of that role who is not waiting to be claimed.
pub fn has_administrator(c: &mut Conn) -> QueryResult<bool> {
    let admins = rows::table
        .filter(rows::role.eq(Role::Admin.as_str()))
        .filter(rows::state.ne("unclaimed").and(rows::state.ne("forgotten")))
        .filter(rows::merged_into.is_null());
    select(exists(admins)).get_result(c)
}

fn prepare(c: &mut Conn, token_hash: &str, now: Micros) -> QueryResult<bool> {
    diesel::delete(links::table.filter(links::purpose.eq(PURPOSE)).filter(links::used_at.is_null()))
        .execute(c)?;
    if has_administrator(c)? {
        return Ok(false);
    }
    diesel::insert_into(links::table)
        .values((
            links::purpose.eq(PURPOSE),
            links::token_hash.eq(token_hash),
            links::payload.eq("{}"),
            links::created_at.eq(now),
            links::ends_at.eq(now + LASTS),
        ))
        .execute(c)?;
    Ok(true)
}

/// Whether the link of this token still opens something.
pub fn is_open(c: &mut Conn, token_hash: &str, now: Micros) -> QueryResult<bool> {
    let link = links::table
        .filter(links::token_hash.eq(token_hash))
        .filter(links::purpose.eq(PURPOSE))
        .filter(links::used_at.is_null())
        .filter(links::ends_at.gt(now));
    Ok(select(exists(link)).get_result(c)? && !has_administrator(c)?)
}

/// What the first administrator says. Texts have passed [`super::names`].
#[derive(Clone, Debug)]
pub struct First {
    /// Name of the place.
    pub site_name: String,
    /// Shown name.
    pub name: String,
    /// The address they will sign in with.
    pub email: String,
    /// The new password's hash.
    pub password_hash: String,
}

/// Why the place is not set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetUpRefusal {
    /// The link was used, replaced or mistyped, or there is an administrator.
    #[error("this set-up link can no longer be used")]
    Dead,
    /// See [`MemberRefusal`].
    #[error(transparent)]
    Member(#[from] MemberRefusal),
}

impl Refusal for SetUpRefusal {}

/// Makes the first administrator, names the place and answers the member's id. Act on [`ON`].
///
/// # Errors
/// [`SetUpRefusal`].
pub fn complete(
    c: &mut Conn,
    token_hash: &str,
    first: &First,
    now: Micros,
) -> Result<i64, Failure<SetUpRefusal>> {
    if !is_open(c, token_hash, now)? {
        return Err(SetUpRefusal::Dead.into());
    }
    let new = NewMember {
        name: first.name.clone(),
        handle: None,
        email: first.email.clone(),
        password_hash: Some(first.password_hash.clone()),
        role: Role::Admin,
        organisation_id: None,
    };
    let member = members::add(c, &new, None, now).map_err(|failure| failure.map(SetUpRefusal::Member))?;
    site::set(c, site::SITE_NAME, &first.site_name, Some(member), now)?;
    diesel::update(links::table.filter(links::token_hash.eq(token_hash)))
        .set((links::used_at.eq(now), links::member_id.eq(member)))
        .execute(c)?;
    audit::record(c, Some(member), "set-up", "member", Some(member), None, &json!({}), now)?;
    Ok(member)
}

/// Drops one-time links that were used or have expired more than a day ago.
pub(super) fn forget_old_links(c: &mut Conn, now: Micros) -> QueryResult<usize> {
    let over = now - DAY;
    diesel::delete(links::table.filter(links::ends_at.lt(over).or(links::used_at.lt(over).assume_not_null())))
        .execute(c)
}

/// Takes the file with the link away, if there is one.
pub fn forget_file(data_dir: &Path) {
    match fs::remove_file(place(data_dir)) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => tracing::warn!(%error, "the file with the used set-up link could not be removed"),
    }
}

/// Writes the file anew, readable by this user only from its first moment on.
fn write_file(data_dir: &Path, link: &str) -> io::Result<()> {
    fs::create_dir_all(data_dir)?;
    let place = place(data_dir);
    match fs::remove_file(&place) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    writeln!(options.open(place)?, "{link}")
}

fn place(data_dir: &Path) -> PathBuf {
    data_dir.join(FILE)
}
