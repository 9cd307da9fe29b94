//! Members and the ways in: sessions, passwords, invitations, organisations and entitlements.

pub mod actor;
pub mod audit;
pub mod book_rules;
pub mod entitlements;
pub mod facts;
pub mod members;
pub mod names;
pub mod organisations;
pub mod pages;
pub mod people;
pub mod products;

use diesel::QueryResult;

use crate::clock::Micros;
use crate::db::Conn;
use crate::web::viewer::{Credential, Known, Lookup};

/// Finds members behind credentials.
#[derive(Clone, Copy, Debug)]
pub struct Directory;

impl Lookup for Directory {
    fn find(&self, _: &mut Conn, _: &Credential, _: Micros) -> QueryResult<Option<Known>> {
        Ok(None)
    }
}
