//! Updates and upserts whose plan is kept, for acts that are done thousands of times a second.
//!
//! Diesel plans its own anew at each call, because a set of changes could be written in ever new ways; on PostgreSQL
//! that is one more round trip. These are written in as few ways as their changes have, and are kept like any query.
//! Not for conditions on lists of values, of which each length is a statement of its own.

use diesel::backend::Backend;
use diesel::query_builder::{AsChangeset, AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Bool;
use diesel::{AppearsOnTable, Expression, QueryResult, RunQueryDsl, Table};

/// Changes the rows of `table` that `condition` holds for.
pub fn update<T, P, V>(table: T, condition: P, changes: V) -> Update<T::FromClause, P, V::Changeset>
where
    T: Table,
    P: Expression<SqlType = Bool> + AppearsOnTable<T>,
    V: AsChangeset<Target = T>,
{
    Update { table: table.from_clause(), condition, changes: changes.as_changeset() }
}

/// Inserts a row, or makes `changes` to the one that has the same values in `columns` (their names, with commas).
pub fn upsert<I, V: AsChangeset>(
    insert: I,
    columns: &'static str,
    changes: V,
) -> Upsert<I, V::Changeset, Nothing> {
    Upsert { insert, columns, changes: changes.as_changeset(), returning: Nothing }
}

/// See [`update`].
#[derive(Debug, Clone, Copy)]
pub struct Update<F, P, C> {
    table: F,
    condition: P,
    changes: C,
}

/// See [`upsert`].
#[derive(Debug, Clone, Copy)]
pub struct Upsert<I, C, R> {
    insert: I,
    columns: &'static str,
    changes: C,
    returning: R,
}

/// Nothing is returned.
#[derive(Debug, Clone, Copy)]
pub struct Nothing;

impl<I, C> Upsert<I, C, Nothing> {
    /// Also answers `column` as it is afterwards.
    pub fn returning<R: Expression>(self, column: R) -> Upsert<I, C, Returning<R>> {
        let Upsert { insert, columns, changes, returning: Nothing } = self;
        Upsert { insert, columns, changes, returning: Returning(column) }
    }
}

/// A column that is returned.
#[derive(Debug, Clone, Copy)]
pub struct Returning<R>(R);

impl<DB, F, P, C> QueryFragment<DB> for Update<F, P, C>
where
    DB: Backend,
    F: QueryFragment<DB>,
    P: QueryFragment<DB>,
    C: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("UPDATE ");
        self.table.walk_ast(out.reborrow())?;
        out.push_sql(" SET ");
        self.changes.walk_ast(out.reborrow())?;
        out.push_sql(" WHERE ");
        self.condition.walk_ast(out)
    }
}

impl<DB, I, C, R> QueryFragment<DB> for Upsert<I, C, R>
where
    DB: Backend,
    I: QueryFragment<DB>,
    C: QueryFragment<DB>,
    R: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.insert.walk_ast(out.reborrow())?;
        out.push_sql(" ON CONFLICT (");
        out.push_sql(self.columns);
        out.push_sql(") DO UPDATE SET ");
        self.changes.walk_ast(out.reborrow())?;
        self.returning.walk_ast(out)
    }
}

impl<DB: Backend> QueryFragment<DB> for Nothing {
    fn walk_ast<'b>(&'b self, _: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        Ok(())
    }
}

impl<DB: Backend, R: QueryFragment<DB>> QueryFragment<DB> for Returning<R> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(" RETURNING ");
        self.0.walk_ast(out)
    }
}

// Without an id of their own they are known by their words, which differ with the set of changes.
impl<F, P, C> QueryId for Update<F, P, C> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<I, C, R> QueryId for Upsert<I, C, R> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<I, C, R: Expression> Query for Upsert<I, C, Returning<R>> {
    type SqlType = R::SqlType;
}

impl<F, P, C, Conn> RunQueryDsl<Conn> for Update<F, P, C> {}

impl<I, C, R, Conn> RunQueryDsl<Conn> for Upsert<I, C, R> {}
