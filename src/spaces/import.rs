//! Where an import goes.

use diesel::prelude::*;

use crate::clock::Micros;
use crate::db::schema::spaces;
use crate::db::{Conn, on};

/// The space every hall has.
const GENERAL: &str = "general";

/// The space of this key, for the operator who imports into it; `general` is made when it is not there yet.
pub fn target(c: &mut Conn, key: &str, now: Micros) -> QueryResult<Option<i64>> {
    if key == GENERAL {
        let row = (spaces::key.eq(GENERAL), spaces::name.eq("General"), spaces::created_at.eq(now));
        on!(c, |c| diesel::insert_into(spaces::table).values(row).on_conflict_do_nothing().execute(c))?;
    }
    spaces::table.filter(spaces::key.eq(key)).select(spaces::id).first(c).optional()
}
