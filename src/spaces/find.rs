//! Finding spaces, always through a viewer.

use diesel::prelude::*;

use super::access::entered_by;
use super::ask_fields::AskFields;
use crate::db::Conn;
use crate::db::schema::{products, spaces};
use crate::web::Viewer;
use crate::web::cursor::Span;

/// A space as those who may enter it see it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = spaces)]
pub struct Space {
    /// The row.
    pub id: i64,
    /// Its key in URLs and the API.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What belongs there.
    pub description: String,
    /// What its ask form asks besides.
    #[diesel(column_name = ask_fields, deserialize_as = String)]
    pub fields: AskFields,
}

/// The key of the lists: name and row.
pub type Key = (String, i64);

/// A space by its key, if the viewer may enter it.
pub fn by_key(c: &mut Conn, viewer: &Viewer, key: &str) -> QueryResult<Option<Space>> {
    spaces::table
        .filter(spaces::key.eq(key))
        .filter(entered_by(viewer))
        .select(Space::as_select())
        .first(c)
        .optional()
}

/// The spaces the viewer may enter, by name.
pub fn list(c: &mut Conn, viewer: &Viewer) -> QueryResult<Vec<Space>> {
    spaces::table
        .filter(entered_by(viewer))
        .order((spaces::name, spaces::id))
        .select(Space::as_select())
        .load(c)
}

/// What a viewer may enter, for lists over several spaces.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The spaces, by name.
    pub spaces: Vec<Space>,
    /// Whether that is all there are.
    pub all: bool,
}

/// The viewer's scope, in one statement.
pub fn scope(c: &mut Conn, viewer: &Viewer) -> QueryResult<Scope> {
    let every = diesel::alias!(spaces as every_space);
    let rows: Vec<(Space, Option<i64>)> = spaces::table
        .filter(entered_by(viewer))
        .order((spaces::name, spaces::id))
        .select((Space::as_select(), every.count().single_value()))
        .load(c)?;
    let there = rows.first().and_then(|(_, there)| *there);
    let spaces: Vec<Space> = rows.into_iter().map(|(space, _)| space).collect();
    Ok(Scope { all: there.is_some_and(|there| there == spaces.len() as i64), spaces })
}

impl Scope {
    /// A space of it.
    pub fn get(&self, id: i64) -> Option<&Space> {
        self.spaces.iter().find(|space| space.id == id)
    }
}

/// Those spaces in pages, with the product each asks for; one more than asked for when there is a next page.
pub fn page(c: &mut Conn, viewer: &Viewer, span: &Span<Key>) -> QueryResult<Vec<(Space, Option<String>)>> {
    let (name, id) = span.after.clone().unwrap_or_default();
    spaces::table
        .left_join(products::table)
        .filter(entered_by(viewer))
        .filter(spaces::name.gt(name.clone()).or(spaces::name.eq(name).and(spaces::id.gt(id))))
        .order((spaces::name, spaces::id))
        .limit(span.fetch())
        .select((Space::as_select(), products::name.nullable()))
        .load(c)
}

/// A space the viewer may enter, with the product it asks for.
pub fn by_id(c: &mut Conn, viewer: &Viewer, id: i64) -> QueryResult<Option<(Space, Option<String>)>> {
    spaces::table
        .left_join(products::table)
        .filter(spaces::id.eq(id))
        .filter(entered_by(viewer))
        .select((Space::as_select(), products::name.nullable()))
        .first(c)
        .optional()
}

/// All spaces the viewer may enter, by name, with the product each asks for.
pub fn list_with_products(c: &mut Conn, viewer: &Viewer) -> QueryResult<Vec<(Space, Option<String>)>> {
    spaces::table
        .left_join(products::table)
        .filter(entered_by(viewer))
        .order((spaces::name, spaces::id))
        .select((Space::as_select(), products::name.nullable()))
        .load(c)
}
