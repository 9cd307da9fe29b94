//! Members: how one comes to be, and what they may change about themselves.
//!
//! An address and a handle belong to one member only. Nobody is deleted here; forgetting and merging are acts of
//! their own.

use diesel::prelude::*;

use super::facts::{MemberJoined, ProfileChanged};
use super::names;
use crate::clock::Micros;
use crate::db::schema::{content_versions, members};
use crate::db::{Conn, Failure, Refusal};
use crate::events::{self, About};
use crate::web::{FieldProblem, Problem, Role};

/// Somebody to be added. Texts have passed [`names`].
#[derive(Clone, Debug)]
pub struct NewMember {
    /// Shown name.
    pub name: String,
    /// None: one is made from the name.
    pub handle: Option<String>,
    /// The address they sign in with.
    pub email: String,
    /// None: they can't sign in until they redeem an invitation that claims them.
    pub password_hash: Option<String>,
    /// Role.
    pub role: Role,
    /// The customer company.
    pub organisation_id: Option<i64>,
}

/// Why a member is not added or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MemberRefusal {
    /// Another member has this address.
    #[error("a member with this e-mail address exists already")]
    EmailTaken,
    /// Another member has this handle.
    #[error("another member has this handle")]
    HandleTaken,
}

impl Refusal for MemberRefusal {}

impl From<MemberRefusal> for Problem {
    fn from(refusal: MemberRefusal) -> Problem {
        Problem::invalid_field(match refusal {
            MemberRefusal::EmailTaken => FieldProblem::new("email", "email-taken"),
            MemberRefusal::HandleTaken => FieldProblem::new("handle", "handle-taken"),
        })
    }
}

/// Adds a member and answers the id.
///
/// # Errors
/// [`MemberRefusal`].
pub fn add(
    c: &mut Conn,
    new: &NewMember,
    invitation_id: Option<i64>,
    now: Micros,
) -> Result<i64, Failure<MemberRefusal>> {
    email_is_free(c, &new.email, None)?;
    let handle = match &new.handle {
        Some(handle) => {
            handle_is_free(c, handle, None)?;
            handle.clone()
        }
        None => free_handle(c, &new.name, now)?,
    };
    let member_id: i64 = diesel::insert_into(members::table)
        .values((
            members::kind.eq("person"),
            members::role.eq(new.role.as_str()),
            members::handle_key.eq(handle.to_lowercase()),
            members::handle.eq(handle),
            members::name.eq(&new.name),
            members::name_key.eq(names::name_key(&new.name)),
            members::email.eq(&new.email),
            members::email_key.eq(names::email_key(&new.email)),
            members::password_hash.eq(&new.password_hash),
            members::organisation_id.eq(new.organisation_id),
            members::state.eq("active"),
            members::origin.eq("live"),
            members::created_at.eq(now),
        ))
        .returning(members::id)
        .get_result(c)?;
    let fact = MemberJoined { member_id, invitation_id, claimed: false };
    events::append(c, &About::now(now, Some(member_id)), &fact)?;
    Ok(member_id)
}

/// Refuses an address that a member other than `but` has.
pub(super) fn email_is_free(
    c: &mut Conn,
    email: &str,
    but: Option<i64>,
) -> Result<(), Failure<MemberRefusal>> {
    let owner = by_email(c, email)?;
    if owner.is_some() && owner != but { Err(MemberRefusal::EmailTaken.into()) } else { Ok(()) }
}

/// The member who signs in with this address.
pub fn by_email(c: &mut Conn, email: &str) -> QueryResult<Option<i64>> {
    members::table
        .filter(members::email_key.eq(names::email_key(email)))
        .select(members::id)
        .first(c)
        .optional()
}

fn handle_is_free(c: &mut Conn, handle: &str, but: Option<i64>) -> Result<(), Failure<MemberRefusal>> {
    let owner = by_handle(c, handle)?;
    if owner.is_some() && owner != but { Err(MemberRefusal::HandleTaken.into()) } else { Ok(()) }
}

/// The member with this handle.
pub fn by_handle(c: &mut Conn, handle: &str) -> QueryResult<Option<i64>> {
    members::table
        .filter(members::handle_key.eq(handle.to_lowercase()))
        .select(members::id)
        .first(c)
        .optional()
}

/// The name as a handle, with the first number that is free; where a dozen are taken, one from the time.
fn free_handle(c: &mut Conn, name: &str, now: Micros) -> QueryResult<String> {
    for number in 1..=12 {
        let handle = names::derived_handle(name, number);
        if by_handle(c, &handle)?.is_none() {
            return Ok(handle);
        }
    }
    Ok(names::derived_handle(name, now.unsigned_abs()))
}

/// What a member says about themselves. Texts have passed [`names`].
#[derive(Clone, Debug)]
pub struct Profile {
    /// Shown name.
    pub name: String,
    /// None: the handle stays.
    pub handle: Option<String>,
    /// Plain text.
    pub about: String,
    /// BCP 47 tag.
    pub locale: String,
    /// IANA name.
    pub time_zone: String,
}

/// A member's own profile, as their settings show it.
#[derive(Clone, Debug, Queryable)]
pub struct OwnProfile {
    /// Shown name.
    pub name: String,
    /// Handle.
    pub handle: String,
    /// The address they sign in with.
    pub email: Option<String>,
    /// Plain text.
    pub about: String,
    /// BCP 47 tag.
    pub locale: String,
    /// IANA name.
    pub time_zone: String,
}

/// A member's own profile.
pub fn own_profile(c: &mut Conn, member: i64) -> QueryResult<OwnProfile> {
    members::table
        .find(member)
        .select((
            members::name,
            members::handle,
            members::email,
            members::about,
            members::locale,
            members::time_zone,
        ))
        .first(c)
}

/// Changes a member's own profile; where a shown name changes, everything cached with names in it is out of date.
///
/// # Errors
/// [`MemberRefusal::HandleTaken`].
pub fn change_profile(
    c: &mut Conn,
    member: i64,
    profile: &Profile,
    now: Micros,
) -> Result<(), Failure<MemberRefusal>> {
    let former = own_profile(c, member)?;
    let handle = profile.handle.as_ref().unwrap_or(&former.handle);
    handle_is_free(c, handle, Some(member))?;
    diesel::update(members::table.find(member))
        .set((
            members::name.eq(&profile.name),
            members::name_key.eq(names::name_key(&profile.name)),
            members::handle.eq(handle),
            members::handle_key.eq(handle.to_lowercase()),
            members::about.eq(&profile.about),
            members::locale.eq(&profile.locale),
            members::time_zone.eq(&profile.time_zone),
        ))
        .execute(c)?;
    if former.name != profile.name {
        people_changed(c)?;
    }
    events::append(c, &About::now(now, Some(member)), &ProfileChanged { member_id: member })?;
    Ok(())
}

/// Moves the version that cached pages with people's names in them are made under.
pub fn people_changed(c: &mut Conn) -> QueryResult<()> {
    diesel::update(content_versions::table.find("people"))
        .set(content_versions::version.eq(content_versions::version + 1))
        .execute(c)?;
    Ok(())
}

/// Sets the hash of a member's password, if it still is `former`; false when somebody else was first.
pub(super) fn set_password(c: &mut Conn, member: i64, former: Option<&str>, hash: &str) -> QueryResult<bool> {
    let row = members::table.filter(members::id.eq(member));
    let changed = match former {
        Some(former) => diesel::update(row.filter(members::password_hash.eq(former)))
            .set(members::password_hash.eq(hash))
            .execute(c)?,
        None => diesel::update(row.filter(members::password_hash.is_null()))
            .set(members::password_hash.eq(hash))
            .execute(c)?,
    };
    Ok(changed > 0)
}
