//! What the event log is told about members: ids only.

use serde::Serialize;

use crate::events::Fact;

/// A person became a member: by set-up, by command, or by redeeming an invitation. Again, with `claimed`, when somebody
/// takes a member over who had no password.
#[derive(Debug, Serialize)]
pub struct MemberJoined {
    /// Who.
    pub member_id: i64,
    /// By which invitation, if by one.
    pub invitation_id: Option<i64>,
    /// Whether a member who was there already was taken over.
    pub claimed: bool,
}

impl Fact for MemberJoined {
    const KIND: &'static str = "MemberJoined";
}

/// An invitation was used once.
#[derive(Debug, Serialize)]
pub struct InvitationRedeemed {
    /// Which.
    pub invitation_id: i64,
    /// By whom.
    pub member_id: i64,
}

impl Fact for InvitationRedeemed {
    const KIND: &'static str = "InvitationRedeemed";
}

/// A member may not enter for a while.
#[derive(Debug, Serialize)]
pub struct MemberSuspended {
    /// Who.
    pub member_id: i64,
    /// Until when, in UTC microseconds; None until somebody ends it.
    pub until: Option<i64>,
}

impl Fact for MemberSuspended {
    const KIND: &'static str = "MemberSuspended";
}

/// A suspension was ended before its time.
#[derive(Debug, Serialize)]
pub struct SuspensionEnded {
    /// Whose.
    pub member_id: i64,
}

impl Fact for SuspensionEnded {
    const KIND: &'static str = "SuspensionEnded";
}

/// A member changed their name, handle or what they say about themselves.
#[derive(Debug, Serialize)]
pub struct ProfileChanged {
    /// Who.
    pub member_id: i64,
}

impl Fact for ProfileChanged {
    const KIND: &'static str = "ProfileChanged";
}
