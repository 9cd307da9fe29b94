//! Versions of what many pages show besides their own rows: names of people, counts of tags.

use diesel::prelude::*;
use serde::Serialize;

use crate::db::schema::content_versions;
use crate::db::{self, Conn};

/// Both, as they are now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Versions {
    /// Moves with every shown name, picture and role.
    pub people: i64,
    /// Moves with every count and description of a tag.
    pub tags: i64,
}

impl Versions {
    /// Reads them, in one statement.
    pub fn now(c: &mut Conn) -> QueryResult<Versions> {
        let rows: Vec<(String, i64)> =
            content_versions::table.select((content_versions::name, content_versions::version)).load(c)?;
        let of =
            |wanted: &str| rows.iter().find(|(name, _)| name == wanted).map_or(0, |(_, version)| *version);
        Ok(Versions { people: of("people"), tags: of("tags") })
    }

    /// Tells everybody who keeps counts of tags that these changed.
    pub(super) fn tags_changed(c: &mut Conn) -> QueryResult<()> {
        let next = content_versions::version.eq(content_versions::version + 1);
        db::update(content_versions::table, content_versions::name.eq("tags"), next).execute(c)?;
        Ok(())
    }
}
