//! The lists of people: for members, and with addresses for administrators.
//!
//! Searching looks for names that contain what was typed and handles that begin with it. One page's work is
//! bounded: names are matched inside their index, in its order, until the page is full.

use diesel::prelude::*;

use super::profile::{Counts, counts_of_many};
use crate::accounts::organisations::name_key;
use crate::accounts::oversight::Refusal;
use crate::clock::Micros;
use crate::db::schema::{members, organisations};
use crate::db::{Conn, Failure, Fixed, fixed};
use crate::web::cursor::Span;
use crate::web::{Role, Viewer};

/// Handles that begin with what was typed, looked at per search.
const HANDLES: i64 = 200;
/// Characters of what was typed that are looked for; names are at most 80.
const TYPED: usize = 80;
/// Names are searched in their middle from this many characters on; below, at their beginning.
const MIDDLE: usize = 2;

/// Everybody but the program itself.
const IS_SOMEBODY: Fixed = fixed("members.kind <> 'system'");
/// Those whom members find.
const STANDS: Fixed =
    fixed("members.kind <> 'system' AND members.state <> 'forgotten' AND members.merged_into IS NULL");

/// The key of the lists: folded name and row.
pub type Key = (String, i64);

/// A member in the list that all members see.
#[derive(Clone, Debug)]
pub struct Card {
    /// The member.
    pub id: i64,
    /// Shown name.
    pub name: String,
    /// As compared.
    pub name_key: String,
    /// Role, as stored.
    pub role: String,
    /// Handle.
    pub handle: String,
    /// The organisation's name.
    pub organisation: Option<String>,
    /// Points.
    pub reputation: i64,
    /// Within the viewer's scope.
    pub counts: Counts,
}

/// A member in the list that administrators see.
#[derive(Clone, Debug, Queryable)]
pub struct Found {
    /// The member.
    pub id: i64,
    /// Shown name.
    pub name: String,
    /// As compared.
    pub name_key: String,
    /// Role, as stored.
    pub role: String,
    /// The address they sign in with.
    pub email: Option<String>,
    /// The organisation's name.
    pub organisation: Option<String>,
    /// When they came.
    pub created_at: Micros,
    /// State, as stored.
    pub state: String,
    /// Until when, while suspended.
    pub suspended_until: Option<Micros>,
}

/// People by name, those that fit what was typed if anything was; one more than asked for when there is a next
/// page. Three statements.
pub fn page(c: &mut Conn, viewer: &Viewer, typed: &str, span: &Span<Key>) -> QueryResult<Vec<Card>> {
    type Row = (i64, String, String, String, String, Option<String>, i64);
    let mut query = members::table
        .left_join(organisations::table)
        .filter(STANDS)
        .order((members::name_key, members::id))
        .limit(span.fetch())
        .select((
            members::id,
            members::name,
            members::name_key,
            members::role,
            members::handle,
            organisations::name.nullable(),
            members::reputation,
        ))
        .into_boxed();
    if let Some(sought) = sought(typed) {
        let handles = with_handle(c, &sought)?;
        query = query
            .filter(members::name_key.like(pattern(&sought)).escape('\\').or(members::id.eq_any(handles)));
    }
    if let Some((name, id)) = &span.after {
        query = query
            .filter(members::name_key.ge(name))
            .filter(members::name_key.gt(name).or(members::id.gt(id)));
    }
    let rows: Vec<Row> = query.load(c)?;
    let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
    let counted = counts_of_many(c, viewer, &ids)?;
    let of = |id| counted.iter().find(|(member, _)| *member == id).map(|(_, counts)| *counts);
    Ok(rows
        .into_iter()
        .map(|(id, name, name_key, role, handle, organisation, reputation)| Card {
            id,
            name,
            name_key,
            role,
            handle,
            organisation,
            reputation,
            counts: of(id).unwrap_or_default(),
        })
        .collect())
}

/// People whose name or handle begins with what was typed: id, name, role. Two statements that read no more than they
/// find, however many members there are.
pub fn beginning(c: &mut Conn, typed: &str, most: i64) -> QueryResult<Vec<(i64, String, String)>> {
    let Some(sought) = sought(typed) else { return Ok(Vec::new()) };
    let handles = with_handle(c, &sought)?;
    let mut found: Vec<(i64, String, String)> = members::table
        .filter(STANDS)
        .filter(members::name_key.ge(&sought).and(members::name_key.lt(beyond(&sought))))
        .order((members::name_key, members::id))
        .limit(most)
        .select((members::id, members::name, members::role))
        .load(c)?;
    if !handles.is_empty() && (found.len() as i64) < most {
        let by_handle: Vec<(i64, String, String)> = members::table
            .filter(STANDS)
            .filter(members::id.eq_any(handles))
            .order(members::id)
            .limit(most)
            .select((members::id, members::name, members::role))
            .load(c)?;
        found.extend(by_handle);
        let mut seen = std::collections::HashSet::new();
        found.retain(|(id, ..)| seen.insert(*id));
        found.truncate(usize::try_from(most).unwrap_or_default());
    }
    Ok(found)
}

/// Everyone, for administrators: also found by the beginning of an address. One more than asked for when there is
/// a next page.
///
/// # Errors
/// [`Refusal::NotAdministrator`].
pub fn everyone(
    c: &mut Conn,
    viewer: &Viewer,
    typed: &str,
    span: &Span<Key>,
) -> Result<Vec<Found>, Failure<Refusal>> {
    if viewer.role < Role::Admin {
        return Err(Refusal::NotAdministrator.into());
    }
    let mut query = members::table
        .left_join(organisations::table)
        .filter(IS_SOMEBODY)
        .order((members::name_key, members::id))
        .limit(span.fetch())
        .select((
            members::id,
            members::name,
            members::name_key,
            members::role,
            members::email,
            organisations::name.nullable(),
            members::created_at,
            members::state,
            members::suspended_until,
        ))
        .into_boxed();
    if let Some(sought) = sought(typed) {
        let mut ids = with_handle(c, &sought)?;
        ids.extend(with_email(c, &sought)?);
        query =
            query.filter(members::name_key.like(pattern(&sought)).escape('\\').or(members::id.eq_any(ids)));
    }
    if let Some((name, id)) = &span.after {
        query = query
            .filter(members::name_key.ge(name))
            .filter(members::name_key.gt(name).or(members::id.gt(id)));
    }
    Ok(query.load(c)?)
}

/// What was typed, as it is compared; None when nothing was.
fn sought(typed: &str) -> Option<String> {
    let sought: String = name_key(typed).chars().take(TYPED).collect();
    Some(sought).filter(|sought| !sought.is_empty())
}

fn pattern(sought: &str) -> String {
    let mut pattern = String::with_capacity(sought.len() + 2);
    if sought.chars().count() >= MIDDLE {
        pattern.push('%');
    }
    for c in sought.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

fn with_handle(c: &mut Conn, sought: &str) -> QueryResult<Vec<i64>> {
    let sought = sought.trim_start_matches('@');
    members::table
        .filter(members::handle_key.ge(sought))
        .filter(members::handle_key.lt(beyond(sought)))
        .order(members::handle_key)
        .limit(HANDLES)
        .select(members::id)
        .load(c)
}

fn with_email(c: &mut Conn, sought: &str) -> QueryResult<Vec<i64>> {
    members::table
        .filter(members::email_key.ge(sought))
        .filter(members::email_key.lt(beyond(sought)))
        .order(members::email_key)
        .limit(HANDLES)
        .select(members::id)
        .load(c)
}

/// A text after all that begin with `start`, in the order of code points.
fn beyond(start: &str) -> String {
    format!("{start}{}", char::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_that_mean_something_to_like_are_looked_for_as_they_are() {
        assert_eq!(pattern(r"50%_\x"), r"%50\%\_\\x%");
    }

    #[test]
    fn a_single_letter_is_looked_for_at_the_beginning() {
        assert_eq!(pattern("a"), "a%");
        assert_eq!(pattern("aa"), "%aa%");
    }

    #[test]
    fn what_is_looked_for_is_folded_and_cut() {
        assert_eq!(sought("  Marek  Dvořák ").as_deref(), Some("marek dvořák"));
        assert_eq!(sought(" \t"), None);
        assert_eq!(sought(&"x".repeat(500)).map(|sought| sought.len()), Some(80));
    }
}
