//! Questions that belong to each other: duplicates, and those that link to each other.

use std::collections::HashMap;

use diesel::prelude::*;

use super::list::Listed;
use super::rules::State;
use crate::db::schema::{post_links, questions};
use crate::db::{Conn, among};
use crate::spaces::enterable;
use crate::web::Viewer;

/// A question that belongs to another one.
#[derive(Clone, Debug)]
pub struct Linked {
    /// The question.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// Its state.
    pub state: State,
    /// Whether it was closed as a duplicate of the other one.
    pub duplicate: bool,
}

/// Questions linked with this one, either way, that the viewer may list.
pub fn linked(c: &mut Conn, viewer: &Viewer, id: i64) -> QueryResult<Vec<Linked>> {
    // The same either way, but for which end is near.
    macro_rules! beyond {
        ($near:expr, $far:expr) => {
            post_links::table
                .inner_join(questions::table.on(questions::post_id.eq($far)))
                .filter($near.eq(id))
                .filter(questions::listed)
                .filter(questions::space_id.eq_any(enterable(viewer)))
                .order((post_links::kind, questions::score.desc(), questions::post_id))
                .limit(30)
                .select((post_links::kind, Listed::as_select()))
                .load::<(String, Listed)>(c)?
        };
    }
    let outward = beyond!(post_links::from_id, post_links::to_id);
    let inward = beyond!(post_links::to_id, post_links::from_id);
    let mut linked: Vec<Linked> = Vec::new();
    let inward = inward.into_iter().map(|(kind, question)| (kind == "duplicate", question));
    for (duplicate, question) in inward.chain(outward.into_iter().map(|(_, question)| (false, question))) {
        if linked.iter().all(|known| known.id != question.post_id) {
            linked.push(Linked {
                id: question.post_id,
                state: question.state(),
                title: question.title,
                duplicate,
            });
        }
    }
    Ok(linked)
}

/// The chosen answers of questions, by question.
pub fn solutions(c: &mut Conn, ids: &[i64]) -> QueryResult<HashMap<i64, i64>> {
    let rows: Vec<(i64, Option<i64>)> = questions::table
        .filter(among(questions::post_id, ids))
        .select((questions::post_id, questions::accepted_id))
        .load(c)?;
    Ok(rows.into_iter().filter_map(|(id, accepted)| Some((id, accepted?))).collect())
}
