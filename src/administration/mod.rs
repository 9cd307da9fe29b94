//! Administration: the pages and the API by which the place is run. All of it is for administrators.
//!
//! It decides nothing and owns no table: it composes what `accounts`, `spaces` and `config` publish, which check
//! once more who acts.

mod about;
pub mod api;
mod audit;
mod books;
mod figures;
mod invitations;
mod joining_settings;
mod mail;
mod members;
mod moderators;
mod overview;
pub mod pages;
mod requests;
mod settings;
mod space_fields;
mod spaces;

/// Handlers of `/admin…`.
pub mod routes {
    pub use super::about::show as about;
    pub use super::audit::index as audit;
    pub use super::books::{add_entitlement, add_organisation, add_product, organisations, products};
    pub use super::figures::{save as save_figures, show as figures};
    pub use super::invitations::{index as invitations, invite, revoke as revoke_invitation};
    pub use super::joining_settings::save as save_joining;
    pub use super::mail::{
        dismiss as dismiss_received, index as mail, lift as lift_suppression, one as one_mail, received,
        retry as retry_mail,
    };
    pub use super::members::{index as members, set_organisation, set_role};
    pub use super::moderators::{save as save_moderator, show as moderator};
    pub use super::overview::show as overview;
    pub use super::requests::{decide as decide_request, index as requests};
    pub use super::settings::{save as save_settings, show as settings};
    pub use super::space_fields::save as save_fields;
    pub use super::spaces::{
        add as add_space, change as change_space, grants, index as spaces, show as space,
    };
}
