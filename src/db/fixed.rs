//! A condition without values of its own, written out, so that the planner knows what it compares with.
//!
//! Diesel binds every value. PostgreSQL then guesses how many rows differ from "some value", and where nearly all rows
//! share one value it guesses that none do: it sorts a whole table to show a page of it.

use diesel::backend::Backend;
use diesel::expression::{ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Bool;
use diesel::{AppearsOnTable, Expression, QueryResult, SelectableExpression};

/// A condition in the words of both databases, on tables that the query has.
pub const fn fixed(condition: &'static str) -> Fixed {
    Fixed(condition)
}

/// See [`fixed`].
#[derive(Debug, Clone, Copy)]
pub struct Fixed(&'static str);

impl<DB: Backend> QueryFragment<DB> for Fixed {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(self.0);
        Ok(())
    }
}

// Without an id of its own it is known by its words.
impl QueryId for Fixed {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Expression for Fixed {
    type SqlType = Bool;
}

impl ValidGrouping<()> for Fixed {
    type IsAggregate = is_aggregate::No;
}

impl<T> AppearsOnTable<T> for Fixed {}

impl<T> SelectableExpression<T> for Fixed {}
