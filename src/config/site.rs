//! Settings of the site that live in the database: versions of named values, and the secret made once.
//!
//! A setting is never overwritten; each change is a new version with who and when, so that what was given
//! under an old version can be told from what is given under the new one.

use diesel::prelude::*;

use crate::clock::Micros;
use crate::db::schema::{setting_versions, site_secrets};
use crate::db::{Conn, on};

/// The name of the place, shown in every page's head.
pub const SITE_NAME: &str = "site_name";

/// The e-mail address that `/about` shows to everybody; empty or unset for none.
pub const CONTACT: &str = "contact";

/// The current value of a setting.
pub fn get(c: &mut Conn, name: &str) -> QueryResult<Option<String>> {
    setting_versions::table
        .filter(setting_versions::name.eq(name))
        .order(setting_versions::id.desc())
        .select(setting_versions::value)
        .first(c)
        .optional()
}

/// Writes a new version of a setting and answers true; false when the value stays as it is.
pub fn set(c: &mut Conn, name: &str, value: &str, by: Option<i64>, now: Micros) -> QueryResult<bool> {
    if get(c, name)?.as_deref() == Some(value) {
        return Ok(false);
    }
    diesel::insert_into(setting_versions::table)
        .values((
            setting_versions::name.eq(name),
            setting_versions::value.eq(value),
            setting_versions::set_by.eq(by),
            setting_versions::set_at.eq(now),
        ))
        .execute(c)?;
    Ok(true)
}

/// The site's secret: `fresh` becomes it if there is none yet.
pub fn secret(c: &mut Conn, fresh: &str, now: Micros) -> QueryResult<String> {
    let row = (site_secrets::name.eq("site"), site_secrets::value.eq(fresh), site_secrets::made_at.eq(now));
    on!(c, |c| diesel::insert_into(site_secrets::table).values(row).on_conflict_do_nothing().execute(c))?;
    site_secrets::table.find("site").select(site_secrets::value).first(c)
}
