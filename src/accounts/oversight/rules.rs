//! Verdicts about roles and suspensions, as pure functions.

use super::Refusal;
use crate::web::Role;

/// The one who acts.
#[derive(Clone, Copy, Debug)]
pub struct Acting {
    /// The member; None on the command line.
    pub id: Option<i64>,
    /// What they may do.
    pub role: Role,
}

/// The member something is done to.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// The member.
    pub id: i64,
    /// Role.
    pub role: Role,
    /// Whether somebody signs in as them, be they suspended or not.
    pub claimed: bool,
    /// Whether a suspension is in force.
    pub suspended: bool,
}

/// Whether `acting` may suspend `member`: moderators and above, members of a lower role than their own.
/// `administrators` are the others who run the place and may enter it now.
///
/// # Errors
/// Why not.
pub fn suspend(acting: Acting, member: Member, administrators: usize) -> Result<(), Refusal> {
    outranks(acting, member)?;
    if !member.claimed {
        return Err(Refusal::NobodyThere);
    }
    remains(member, administrators)
}

/// Whether `acting` may end the suspension of `member`: whoever could begin it.
///
/// # Errors
/// Why not.
pub fn unsuspend(acting: Acting, member: Member) -> Result<(), Refusal> {
    outranks(acting, member)?;
    if member.suspended { Ok(()) } else { Err(Refusal::NotSuspended) }
}

/// Whether `acting` may take something from a member of this role for a while: moderators and above, from members of a
/// lower role than their own.
///
/// # Errors
/// Why not.
pub fn restrict(acting: Acting, member_id: i64, role: Role) -> Result<(), Refusal> {
    outranks(acting, Member { id: member_id, role, claimed: true, suspended: false })
}

/// Whether `acting` may give `member` the role `wanted`: administrators, not to themselves, and never so that
/// nobody is left who runs the place.
///
/// # Errors
/// Why not.
pub fn set_role(acting: Acting, member: Member, wanted: Role, administrators: usize) -> Result<(), Refusal> {
    if acting.role < Role::Admin {
        return Err(Refusal::NotAdministrator);
    }
    if acting.id == Some(member.id) {
        return Err(Refusal::Oneself);
    }
    if !member.claimed {
        return Err(Refusal::NobodyThere);
    }
    if wanted == Role::Admin { Ok(()) } else { remains(member, administrators) }
}

fn outranks(acting: Acting, member: Member) -> Result<(), Refusal> {
    if acting.id == Some(member.id) {
        return Err(Refusal::Oneself);
    }
    // The command line stands above all members.
    let above = acting.id.is_none() || acting.role > member.role;
    if acting.role >= Role::Moderator && above { Ok(()) } else { Err(Refusal::Rank) }
}

fn remains(member: Member, administrators: usize) -> Result<(), Refusal> {
    let last = member.role == Role::Admin && administrators == 0;
    if last { Err(Refusal::LastAdministrator) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Role::{Admin, Customer, Moderator, Staff};

    fn acting(role: Role) -> Acting {
        Acting { id: Some(1), role }
    }

    const COMMAND_LINE: Acting = Acting { id: None, role: Admin };

    fn member(role: Role) -> Member {
        Member { id: 2, role, claimed: true, suspended: false }
    }

    #[test]
    fn only_a_lower_role_is_suspended_and_only_by_moderators_and_above() {
        for by in Role::ALL {
            for of in Role::ALL {
                let expected = if by >= Moderator && by > of { Ok(()) } else { Err(Refusal::Rank) };
                assert_eq!(suspend(acting(by), member(of), 5), expected, "{by:?} of {of:?}");
                let suspended = Member { suspended: true, ..member(of) };
                assert_eq!(unsuspend(acting(by), suspended), expected, "{by:?} of {of:?}");
            }
        }
    }

    #[test]
    fn only_administrators_change_roles_and_never_their_own() {
        for wanted in Role::ALL {
            for by in [Customer, Moderator, Staff] {
                let refused = Err(Refusal::NotAdministrator);
                assert_eq!(set_role(acting(by), member(Customer), wanted, 5), refused);
                let oneself = Member { id: 1, ..member(by) };
                assert_eq!(set_role(acting(by), oneself, wanted, 5), refused, "{by:?} to {wanted:?}");
            }
            assert_eq!(set_role(acting(Admin), member(Staff), wanted, 1), Ok(()));
            let oneself = Member { id: 1, ..member(Admin) };
            assert_eq!(set_role(acting(Admin), oneself, wanted, 5), Err(Refusal::Oneself));
        }
    }

    #[test]
    fn somebody_who_runs_the_place_remains() {
        let last = Err(Refusal::LastAdministrator);
        assert_eq!(set_role(COMMAND_LINE, member(Admin), Staff, 0), last);
        assert_eq!(set_role(COMMAND_LINE, member(Admin), Admin, 0), Ok(()));
        assert_eq!(set_role(COMMAND_LINE, member(Admin), Staff, 1), Ok(()));
        assert_eq!(suspend(COMMAND_LINE, member(Admin), 0), last);
        assert_eq!(suspend(COMMAND_LINE, member(Admin), 1), Ok(()));
        assert_eq!(suspend(COMMAND_LINE, member(Staff), 0), Ok(()));
    }

    #[test]
    fn nobody_is_suspended_or_raised_where_nobody_signs_in() {
        let imported = Member { claimed: false, ..member(Customer) };
        assert_eq!(suspend(acting(Admin), imported, 1), Err(Refusal::NobodyThere));
        assert_eq!(set_role(acting(Admin), imported, Admin, 1), Err(Refusal::NobodyThere));
    }

    #[test]
    fn a_suspension_that_is_not_there_is_not_ended() {
        assert_eq!(unsuspend(acting(Staff), member(Customer)), Err(Refusal::NotSuspended));
    }
}
