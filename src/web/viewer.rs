//! Who is looking: the member behind a session or a token, as every read is given.

use diesel::QueryResult;
use serde::{Deserialize, Serialize};

use crate::clock::Micros;
use crate::db::Conn;

/// What a member may do, each able to do what the ones before it can.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Asks and answers.
    Customer,
    /// Curates and contains.
    Moderator,
    /// Finishes what peers could not.
    Staff,
    /// Runs the place.
    Admin,
}

impl Role {
    /// All roles, least first.
    pub const ALL: [Role; 4] = [Role::Customer, Role::Moderator, Role::Staff, Role::Admin];

    /// As stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Customer => "customer",
            Role::Moderator => "moderator",
            Role::Staff => "staff",
            Role::Admin => "admin",
        }
    }

    /// Reads a role's name.
    pub fn parse(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// Reads a stored role; the column's check allows no other.
    pub fn stored(name: &str) -> Role {
        Role::parse(name).unwrap_or(Role::Customer)
    }
}

/// The member who looks. Only a [`Lookup`] makes one from what a request carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The member.
    pub id: i64,
    /// Shown name.
    pub name: String,
    /// Unique handle.
    pub handle: String,
    /// Role.
    pub role: Role,
    /// The customer company, if any.
    pub organisation_id: Option<i64>,
    /// Points.
    pub reputation: i64,
    /// BCP 47 tag.
    pub locale: String,
    /// Notices they have not read.
    pub unread: i64,
    /// Whether they are a guru in some tag.
    pub guru: bool,
    /// The request's time: entitlements and grants are judged by it.
    pub now: Micros,
}

impl Viewer {
    /// Staff and administrators enter every space and open every private post.
    pub fn enters_all(&self) -> bool {
        self.role >= Role::Staff
    }
}

/// What a request carries to say who it is: hashes, never the secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A browser's session.
    Session {
        /// SHA-256 of the cookie, hexadecimal.
        hash: String,
    },
    /// An API token.
    Token {
        /// SHA-256 of the bearer, hexadecimal.
        hash: String,
    },
}

/// A credential that was found to be good.
#[derive(Clone, Debug)]
pub struct Known {
    /// Who.
    pub viewer: Viewer,
    /// The session's or token's row.
    pub credential_id: i64,
}

/// Finds the member behind a credential. `accounts` implements it; sessions and rights are looked up at every
/// request, so losing them takes effect at the next one.
pub trait Lookup: Send + Sync + 'static {
    /// The active member behind the credential, or None.
    fn find(&self, c: &mut Conn, credential: &Credential, now: Micros) -> QueryResult<Option<Known>>;
}
