//! Questions nobody has written yet: what was searched for in vain, for those who moderate.
//!
//! Each person counts once for a query, however often they try. A query is told only to who may enter every space that
//! its searcher could: what is whispered inside is not heard outside.

use diesel::prelude::*;

use super::analysis;
use super::query::Asked;
use crate::clock::{DAY, HOUR, Micros};
use crate::db::schema::{missed_search_members, missed_searches};
use crate::db::{Conn, on};
use crate::spaces::{self, Scope};
use crate::web::Viewer;
use crate::web::limits::Limit;

/// Rows told at most.
const MOST: i64 = 100;
/// Rows looked at for them.
const LOOKED: i64 = 5_000;
/// Letters of a query that are kept.
const LONGEST: usize = 120;

/// A query that found nothing.
#[derive(Clone, Debug)]
pub struct Missed {
    /// The row.
    pub id: i64,
    /// As it was typed first.
    pub query: String,
    /// People who tried.
    pub people: i64,
    /// When somebody tried last.
    pub last_at: Micros,
}

/// What a query in vain is known by: its words in order, whatever their case, accents and signs. None where there is
/// nothing to write a question about.
pub fn key(asked: &Asked) -> Option<String> {
    let mut words: Vec<String> = analysis::exact(&asked.text())
        .into_iter()
        .filter(|term| !term.whole && !analysis::is_stop_word(&term.text))
        .map(|term| term.text)
        .collect();
    words.sort();
    words.dedup();
    let key: String = words.join(" ").chars().take(LONGEST).collect();
    // What narrows is no word: without it there may be plenty.
    let words_alone =
        Asked { words: Vec::new(), phrases: Vec::new(), broken: Vec::new(), cut: false, ..asked.clone() };
    (key.chars().count() > 2 && words_alone == Asked::default()).then_some(key)
}

/// Searches in vain that are kept of one person; more are no hint at what is missing.
pub const LIMIT: Limit = Limit { scope: "missed-search", most: 30, window: HOUR };
/// What nobody has looked for since is forgotten.
const FORGOTTEN: Micros = 180 * DAY;

/// Notes that a search of the viewer's found nothing.
pub fn note(c: &mut Conn, viewer: &Viewer, asked: &Asked, now: Micros) -> QueryResult<()> {
    let Some(key) = key(asked) else { return Ok(()) };
    let old = missed_searches::table.filter(missed_searches::last_at.lt(now - FORGOTTEN));
    let old: Vec<i64> = old.select(missed_searches::id).limit(10).load(c)?;
    if !old.is_empty() {
        let people =
            missed_search_members::table.filter(missed_search_members::missed_id.eq_any(old.clone()));
        diesel::delete(people).execute(c)?;
        diesel::delete(missed_searches::table.filter(missed_searches::id.eq_any(old))).execute(c)?;
    }
    let scope = spaces::scope(c, viewer)?;
    let spaces = told(&scope);
    let shown: String = asked.text().trim().chars().take(LONGEST).collect();
    let row = (
        missed_searches::query_key.eq(&key),
        missed_searches::spaces.eq(&spaces),
        missed_searches::query.eq(shown),
        missed_searches::first_at.eq(now),
        missed_searches::last_at.eq(now),
    );
    on!(c, |c| diesel::insert_into(missed_searches::table).values(row).on_conflict_do_nothing().execute(c))?;
    let id: i64 = missed_searches::table
        .filter(missed_searches::query_key.eq(&key))
        .filter(missed_searches::spaces.eq(&spaces))
        .select(missed_searches::id)
        .first(c)?;
    let person = (
        missed_search_members::missed_id.eq(id),
        missed_search_members::member_id.eq(viewer.id),
        missed_search_members::searched_at.eq(now),
    );
    let new = on!(c, |c| diesel::insert_into(missed_search_members::table)
        .values(person)
        .on_conflict_do_nothing()
        .execute(c))?;
    if new > 0 {
        diesel::update(missed_searches::table.find(id))
            .set((missed_searches::people.eq(missed_searches::people + 1), missed_searches::last_at.eq(now)))
            .execute(c)?;
    }
    Ok(())
}

/// Those the viewer may be told, most people first.
pub fn list(c: &mut Conn, viewer: &Viewer) -> QueryResult<Vec<Missed>> {
    let scope = spaces::scope(c, viewer)?;
    let rows: Vec<(i64, String, String, i64, Micros)> = missed_searches::table
        .filter(missed_searches::dismissed_at.is_null())
        .order((missed_searches::people.desc(), missed_searches::last_at.desc()))
        .limit(LOOKED)
        .select((
            missed_searches::id,
            missed_searches::query,
            missed_searches::spaces,
            missed_searches::people,
            missed_searches::last_at,
        ))
        .load(c)?;
    let may_know = |spaces: &str| {
        let ids: Vec<i64> = serde_json::from_str(spaces).unwrap_or_default();
        viewer.enters_all() || ids.iter().all(|id| scope.get(*id).is_some())
    };
    let rows = rows.into_iter().filter(|(_, _, spaces, ..)| may_know(spaces));
    let missed = rows.map(|(id, query, _, people, last_at)| Missed { id, query, people, last_at });
    Ok(missed.take(MOST as usize).collect())
}

/// Takes one off the list; false where the viewer may not know of it.
pub fn dismiss(c: &mut Conn, viewer: &Viewer, id: i64, now: Micros) -> QueryResult<bool> {
    if !list(c, viewer)?.iter().any(|missed| missed.id == id) {
        return Ok(false);
    }
    diesel::update(missed_searches::table.find(id))
        .set((missed_searches::dismissed_at.eq(now), missed_searches::dismissed_by.eq(viewer.id)))
        .execute(c)?;
    Ok(true)
}

fn told(scope: &Scope) -> String {
    let mut ids: Vec<i64> = scope.spaces.iter().map(|space| space.id).collect();
    ids.sort_unstable();
    serde_json::Value::from(ids).to_string()
}

#[cfg(test)]
mod tests {
    use super::key;
    use crate::search::query::parse;

    #[test]
    fn the_same_words_in_another_order_and_case_are_one_query() {
        assert_eq!(key(&parse("the Printer  sleeps!")), key(&parse("sleeps printer")));
        assert_eq!(key(&parse("[tag] is:solved")), None);
        for narrowed in
            ["printer user:ann", "printer score:>=50", "printer -cat", "printer [tag]", "printer is:answer"]
        {
            assert_eq!(key(&parse(narrowed)), None, "{narrowed}");
        }
    }
}
