//! Where an import goes.

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::schema::spaces;

/// The space of this key, for the operator who imports into it.
pub fn target(c: &mut Conn, key: &str) -> QueryResult<Option<i64>> {
    spaces::table.filter(spaces::key.eq(key)).select(spaces::id).first(c).optional()
}
