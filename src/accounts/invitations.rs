//! Invitations: links by which people become members.
//!
//! An invitation is used a stated number of times until it expires or is revoked. It may be for one address only, open
//! one space, or hand over a member who has no password yet (an imported one, or one made by command). Only the hash of
//! its token is kept, so the link is shown once. Of two who redeem the last use at once, one wins.

use diesel::prelude::*;
use serde_json::json;

use super::facts::{InvitationRedeemed, MemberJoined};
use super::members::{self, MemberRefusal, NewMember};
use super::{audit, names};
use crate::clock::{DAY, Micros};
use crate::db::schema::{invitation_uses, invitations, members as rows, spaces};
use crate::db::{Conn, Failure, Refusal};
use crate::events::{self, About};
use crate::web::{FieldProblem, Problem, Role};

/// How long an invitation lasts unless said otherwise.
pub const LASTS: Micros = 7 * DAY;
/// How long one may last at most.
pub const LASTS_MOST: Micros = 366 * DAY;
/// How often one may be used at most.
pub const USES_MOST: i64 = 10_000;

/// An invitation to be made.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// For this address only.
    pub email: Option<String>,
    /// Opens this space, by a personal grant.
    pub space_id: Option<i64>,
    /// Hands over this member.
    pub claim: Option<i64>,
    /// How often it can be used: 1 to [`USES_MOST`]; a claim once.
    pub uses: i64,
    /// For how long, to [`LASTS_MOST`].
    pub lasts: Micros,
}

/// Why an invitation is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InviteRefusal {
    /// Not as often.
    #[error("an invitation can be used 1 to {USES_MOST} times, one that claims a member once")]
    Uses,
    /// Not for as long.
    #[error("an invitation lasts from a moment to 366 days")]
    Lasts,
    /// There is no such member, or they have a password already.
    #[error("there is no member of this id who could be claimed: they have a password already, or are gone")]
    NotClaimable,
    /// Somebody signs in with this address already.
    #[error("a member with this e-mail address exists already")]
    EmailTaken,
}

impl Refusal for InviteRefusal {}

impl From<InviteRefusal> for Problem {
    fn from(refusal: InviteRefusal) -> Problem {
        Problem::invalid_field(match refusal {
            InviteRefusal::Uses => FieldProblem::new("uses", "invitation-uses").with("n", USES_MOST),
            InviteRefusal::Lasts => FieldProblem::new("days", "invitation-days").with("n", LASTS_MOST / DAY),
            InviteRefusal::NotClaimable => FieldProblem::new("claim", "not-claimable"),
            InviteRefusal::EmailTaken => FieldProblem::new("email", "email-taken"),
        })
    }
}

/// Makes an invitation under the hash of a new token and answers its id. `by` is None for the command line.
///
/// # Errors
/// [`InviteRefusal`].
pub fn create(
    c: &mut Conn,
    by: Option<i64>,
    wanted: &Wanted,
    token_hash: &str,
    now: Micros,
) -> Result<i64, Failure<InviteRefusal>> {
    check(wanted)?;
    let mut email = wanted.email.clone();
    if let Some(member) = wanted.claim {
        let own = claimable(c, member)?.ok_or(InviteRefusal::NotClaimable)?;
        email = email.or(own.email);
    }
    if let Some(email) = &email {
        members::email_is_free(c, email, wanted.claim)
            .map_err(|failure| failure.map(|_| InviteRefusal::EmailTaken))?;
    }
    let id: i64 = diesel::insert_into(invitations::table)
        .values((
            invitations::token_hash.eq(token_hash),
            invitations::email.eq(&email),
            invitations::space_id.eq(wanted.space_id),
            invitations::claim_member_id.eq(wanted.claim),
            invitations::uses_left.eq(wanted.uses),
            invitations::ends_at.eq(now + wanted.lasts),
            invitations::created_by.eq(by),
            invitations::created_at.eq(now),
        ))
        .returning(invitations::id)
        .get_result(c)?;
    let detail = json!({ "uses": wanted.uses, "space_id": wanted.space_id, "claim": wanted.claim });
    audit::record(c, by, "invitation-made", "invitation", Some(id), None, &detail, now)?;
    Ok(id)
}

fn check(wanted: &Wanted) -> Result<(), InviteRefusal> {
    let most = if wanted.claim.is_some() { 1 } else { USES_MOST };
    if !(1..=most).contains(&wanted.uses) {
        return Err(InviteRefusal::Uses);
    }
    if !(1..=LASTS_MOST).contains(&wanted.lasts) {
        return Err(InviteRefusal::Lasts);
    }
    Ok(())
}

/// A member without a password, who can be handed over.
#[derive(Clone, Debug, Queryable)]
pub struct Claimable {
    /// Shown name.
    pub name: String,
    /// Where they were imported from.
    pub source: Option<String>,
    /// Their address, where it is known.
    pub email: Option<String>,
}

fn claimable(c: &mut Conn, member: i64) -> QueryResult<Option<Claimable>> {
    rows::table
        .find(member)
        .filter(rows::kind.eq("person"))
        .filter(rows::state.eq("unclaimed").or(rows::state.eq("active")))
        .filter(rows::password_hash.is_null())
        .filter(rows::merged_into.is_null())
        .select((rows::name, rows::source, rows::email))
        .first(c)
        .optional()
}

/// Takes an invitation back; false when there is none of this id that could still be used.
pub fn revoke(c: &mut Conn, by: Option<i64>, invitation: i64, now: Micros) -> QueryResult<bool> {
    let usable = invitations::table.find(invitation).filter(invitations::revoked_at.is_null());
    let revoked = diesel::update(usable).set(invitations::revoked_at.eq(now)).execute(c)? > 0;
    if revoked {
        let detail = json!({});
        audit::record(c, by, "invitation-revoked", "invitation", Some(invitation), None, &detail, now)?;
    }
    Ok(revoked)
}

/// Revokes those for this address alone that no member made: a newer one replaces them.
pub fn revoke_automatic(c: &mut Conn, email: &str, now: Micros) -> QueryResult<()> {
    let ids: Vec<i64> = invitations::table
        .filter(invitations::email.eq(email))
        .filter(invitations::created_by.is_null())
        .filter(invitations::claim_member_id.is_null())
        .filter(invitations::revoked_at.is_null())
        .filter(invitations::ends_at.gt(now))
        .select(invitations::id)
        .load(c)?;
    ids.into_iter().try_for_each(|id| revoke(c, None, id, now).map(drop))
}

/// An invitation that can be redeemed.
#[derive(Clone, Debug, Queryable)]
pub struct Open {
    /// Which.
    pub id: i64,
    /// For this address only.
    pub email: Option<String>,
    /// The space it opens.
    pub space_id: Option<i64>,
    /// The member it hands over.
    pub claim: Option<i64>,
    /// Who made it; None for the command line.
    pub created_by: Option<i64>,
}

/// The invitation of this token, if it can be redeemed.
pub fn find(c: &mut Conn, token_hash: &str, now: Micros) -> QueryResult<Option<Open>> {
    invitations::table
        .filter(invitations::token_hash.eq(token_hash))
        .filter(invitations::revoked_at.is_null())
        .filter(invitations::uses_left.gt(0))
        .filter(invitations::ends_at.gt(now))
        .select((
            invitations::id,
            invitations::email,
            invitations::space_id,
            invitations::claim_member_id,
            invitations::created_by,
        ))
        .first(c)
        .optional()
}

/// An invitation as its page shows it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What it gives.
    pub open: Open,
    /// Name of who made it.
    pub invited_by: Option<String>,
    /// Name of the space.
    pub space: Option<String>,
    /// The member it hands over.
    pub claims: Option<Claimable>,
}

/// [`find`], with the names its page shows. A claim of somebody who has a password by now is dead.
pub fn show(c: &mut Conn, token_hash: &str, now: Micros) -> QueryResult<Option<Shown>> {
    let Some(open) = find(c, token_hash, now)? else { return Ok(None) };
    let invited_by = match open.created_by {
        Some(id) => rows::table.find(id).select(rows::name).first(c).optional()?,
        None => None,
    };
    let space = match open.space_id {
        Some(id) => spaces::table.find(id).select(spaces::name).first(c).optional()?,
        None => None,
    };
    let claims = match open.claim {
        Some(member) => {
            let Some(claimable) = claimable(c, member)? else { return Ok(None) };
            Some(claimable)
        }
        None => None,
    };
    Ok(Some(Shown { open, invited_by, space, claims }))
}

/// What somebody who redeems an invitation says. Texts have passed [`names`]; name and handle are not used for a claim.
#[derive(Clone, Debug)]
pub struct Joining {
    /// Shown name.
    pub name: String,
    /// None: made from the name.
    pub handle: Option<String>,
    /// The address they will sign in with; an invitation for one address keeps to that.
    pub email: String,
    /// The new password's hash.
    pub password_hash: String,
}

/// Why an invitation is not redeemed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JoinRefusal {
    /// Used up, expired, revoked, never made, or the member was claimed by somebody else.
    #[error("this invitation can no longer be used")]
    Dead,
    /// The invitation is for another address.
    #[error("this invitation is for another e-mail address")]
    OtherAddress,
    /// See [`MemberRefusal`].
    #[error(transparent)]
    Member(#[from] MemberRefusal),
}

impl Refusal for JoinRefusal {}

/// An invitation that was redeemed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redeemed {
    /// Who joined.
    pub member: i64,
    /// The space that is now to be opened to them, in the same transaction.
    pub space: Option<i64>,
    /// Who made the invitation; None for the command line.
    pub by: Option<i64>,
}

/// Redeems an invitation. Act on [`crate::db::On::Named`] `("invitation", id)`.
///
/// # Errors
/// [`JoinRefusal`].
pub fn redeem(
    c: &mut Conn,
    token_hash: &str,
    joining: &Joining,
    now: Micros,
) -> Result<Redeemed, Failure<JoinRefusal>> {
    let open = find(c, token_hash, now)?.ok_or(JoinRefusal::Dead)?;
    let fixed = open.email.as_deref().map(names::email_key);
    if fixed.is_some_and(|fixed| fixed != names::email_key(&joining.email)) {
        return Err(JoinRefusal::OtherAddress.into());
    }
    let usable = invitations::table.find(open.id).filter(invitations::uses_left.gt(0));
    let used =
        diesel::update(usable).set(invitations::uses_left.eq(invitations::uses_left - 1)).execute(c)?;
    if used == 0 {
        return Err(JoinRefusal::Dead.into());
    }
    let member_id = match open.claim {
        Some(member) => claim(c, member, open.id, joining, now)?,
        None => add(c, open.id, joining, now)?,
    };
    diesel::insert_into(invitation_uses::table)
        .values((
            invitation_uses::invitation_id.eq(open.id),
            invitation_uses::member_id.eq(member_id),
            invitation_uses::used_at.eq(now),
        ))
        .execute(c)?;
    let fact = InvitationRedeemed { invitation_id: open.id, member_id };
    events::append(c, &About::now(now, Some(member_id)), &fact)?;
    Ok(Redeemed { member: member_id, space: open.space_id, by: open.created_by })
}

fn add(c: &mut Conn, invitation: i64, joining: &Joining, now: Micros) -> Result<i64, Failure<JoinRefusal>> {
    let new = NewMember {
        name: joining.name.clone(),
        handle: joining.handle.clone(),
        email: joining.email.clone(),
        password_hash: Some(joining.password_hash.clone()),
        role: Role::Customer,
        organisation_id: None,
    };
    members::add(c, &new, Some(invitation), now).map_err(|failure| failure.map(JoinRefusal::Member))
}

/// Gives a member who has none an address and a password.
fn claim(
    c: &mut Conn,
    member: i64,
    invitation: i64,
    joining: &Joining,
    now: Micros,
) -> Result<i64, Failure<JoinRefusal>> {
    claimable(c, member)?.ok_or(JoinRefusal::Dead)?;
    members::email_is_free(c, &joining.email, Some(member))
        .map_err(|failure| failure.map(JoinRefusal::Member))?;
    if !members::set_password(c, member, None, &joining.password_hash)? {
        return Err(JoinRefusal::Dead.into());
    }
    diesel::update(rows::table.find(member))
        .set((
            rows::email.eq(&joining.email),
            rows::email_key.eq(names::email_key(&joining.email)),
            rows::state.eq("active"),
        ))
        .execute(c)?;
    let fact = MemberJoined { member_id: member, invitation_id: Some(invitation), claimed: true };
    events::append(c, &About::now(now, Some(member)), &fact)?;
    Ok(member)
}
