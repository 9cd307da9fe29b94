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

/// Words of a condition that are known when this is compiled: a statement made of nothing but such is known by its type,
/// and its text is not written out at each call.
pub trait Words: 'static {
    /// The condition.
    const WORDS: &'static str;
}

/// As [`Fixed`], known by its type; made by [`known!`].
pub struct Known<W>(std::marker::PhantomData<W>);

impl<W> Known<W> {
    /// The condition of `W`.
    pub const NEW: Known<W> = Known(std::marker::PhantomData);
}

impl<W> Clone for Known<W> {
    fn clone(&self) -> Known<W> {
        *self
    }
}

impl<W> Copy for Known<W> {}

impl<W: Words, DB: Backend> QueryFragment<DB> for Known<W> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(W::WORDS);
        Ok(())
    }
}

impl<W: Words> QueryId for Known<W> {
    type QueryId = Known<W>;

    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<W> Expression for Known<W> {
    type SqlType = Bool;
}

impl<W> ValidGrouping<()> for Known<W> {
    type IsAggregate = is_aggregate::No;
}

impl<W, T> AppearsOnTable<T> for Known<W> {}

impl<W, T> SelectableExpression<T> for Known<W> {}

/// Names a condition in the words of both databases: `known!(OPEN: Open = "posts.visibility = 'open'")`.
macro_rules! known {
    ($(#[$about:meta])* $name:ident: $words:ident = $condition:expr) => {
        struct $words;
        impl $crate::db::Words for $words {
            const WORDS: &'static str = $condition;
        }
        $(#[$about])*
        const $name: $crate::db::Known<$words> = $crate::db::Known::NEW;
    };
}
pub(crate) use known;
