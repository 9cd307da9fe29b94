//! Oversight: what those who look after the place do to a member: suspending, roles, organisation.
//!
//! Promises: a role is changed by administrators only, never one's own; a member is suspended by somebody of a higher
//! role; an administrator who can come in always remains; every act is audited with who and why.

mod acts;
mod refusal;
pub mod rules;

pub use acts::{ADMINISTRATORS, set_organisation, set_role, suspend, unsuspend};
pub use refusal::Refusal;
