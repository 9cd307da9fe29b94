//! "Is one of these", in few forms, so that its plan is kept.
//!
//! Diesel's own is planned anew at each call, because each number of values is a statement of its own. Here the values
//! are filled up to the next power of two by repeating one of them.

use diesel::backend::Backend;
use diesel::expression::{ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, HasSqlType};
use diesel::{AppearsOnTable, Expression, QueryResult, SelectableExpression};

/// Whether `column` is one of `ids`, of which there are few: as many as a page has rows.
pub fn among<E>(column: E, ids: &[i64]) -> Among<E>
where
    E: Expression<SqlType = BigInt>,
{
    let mut ids = ids.to_vec();
    if let Some(last) = ids.last().copied() {
        ids.resize(ids.len().next_power_of_two(), last);
    }
    Among { column, ids }
}

/// See [`among`].
#[derive(Debug, Clone)]
pub struct Among<E> {
    column: E,
    ids: Vec<i64>,
}

impl<DB, E> QueryFragment<DB> for Among<E>
where
    DB: Backend + HasSqlType<BigInt>,
    E: QueryFragment<DB>,
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if self.ids.is_empty() {
            out.push_sql("1 = 0");
            return Ok(());
        }
        self.column.walk_ast(out.reborrow())?;
        for (n, id) in self.ids.iter().enumerate() {
            out.push_sql(if n == 0 { " IN (" } else { ", " });
            out.push_bind_param::<BigInt, _>(id)?;
        }
        out.push_sql(")");
        Ok(())
    }
}

// Without an id of its own it is known by its words.
impl<E> QueryId for Among<E> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<E: Expression> Expression for Among<E> {
    type SqlType = Bool;
}

impl<E: ValidGrouping<()>> ValidGrouping<()> for Among<E> {
    type IsAggregate = is_aggregate::No;
}

impl<E: AppearsOnTable<T>, T> AppearsOnTable<T> for Among<E> {}

impl<E: SelectableExpression<T>, T> SelectableExpression<T> for Among<E> {}
