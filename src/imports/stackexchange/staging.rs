//! History and votes, put on disk in the order of a dump and taken out by post.
//!
//! PostHistory and Votes come ordered by their own ids, so one post's rows are spread over the whole file; a
//! post is written to the hall once, with its whole story. Memory must not grow with the input, so the rows wait
//! in a temporary database ([`Temporary`]).
//!
//! A row is taken once: what nobody took is what belongs to no post of the hall.

use std::path::Path;

use diesel::connection::DefaultLoadingMode;
use diesel::prelude::*;
use diesel::upsert::excluded;

use super::rows::HistoryRow;
use crate::clock::Micros;
use crate::imports::temporary::{StagingError, Temporary};

diesel::table! {
    history (id) {
        id -> BigInt,
        post_id -> BigInt,
        kind -> BigInt,
        revision -> Text,
        created_at -> BigInt,
        user_id -> Nullable<BigInt>,
        user_name -> Nullable<Text>,
        comment -> Nullable<Text>,
        text -> Nullable<Text>,
    }
}

diesel::table! {
    tallies (post_id, day) {
        post_id -> BigInt,
        day -> BigInt,
        up -> BigInt,
        down -> BigInt,
    }
}

diesel::table! {
    acceptances (post_id) {
        post_id -> BigInt,
        at -> BigInt,
        rows -> BigInt,
    }
}

const TABLES: &str = "
    CREATE TABLE history (
        id INTEGER PRIMARY KEY, post_id INTEGER NOT NULL, kind INTEGER NOT NULL, revision TEXT NOT NULL,
        created_at INTEGER NOT NULL, user_id INTEGER, user_name TEXT, comment TEXT, text TEXT
    ) STRICT;
    CREATE INDEX history_by_post ON history (post_id);
    CREATE TABLE tallies (
        post_id INTEGER NOT NULL, day INTEGER NOT NULL, up INTEGER NOT NULL, down INTEGER NOT NULL,
        PRIMARY KEY (post_id, day)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE acceptances (post_id INTEGER PRIMARY KEY, at INTEGER NOT NULL, rows INTEGER NOT NULL) STRICT;
";

/// Rows waiting for their post.
pub struct Staging {
    temporary: Temporary,
}

/// Votes on one post on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayTally {
    /// When the votes were cast, as the dump says: a midnight, UTC.
    pub day: Micros,
    pub up: i64,
    pub down: i64,
}

/// What remains of a staging after all posts took theirs: rows by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Left {
    pub history: u64,
    pub votes: u64,
    pub acceptances: u64,
}

impl Staging {
    /// Makes an empty staging in `directory`.
    ///
    /// # Errors
    /// [`StagingError`] when the directory is not writable or full.
    pub fn open(directory: &Path) -> Result<Self, StagingError> {
        Ok(Self { temporary: Temporary::open(directory, TABLES)? })
    }

    /// Puts a history row away; `false` when one of the same id is there already.
    ///
    /// # Errors
    /// [`StagingError`], as for all acts below.
    pub fn put_history(&mut self, row: &HistoryRow) -> Result<bool, StagingError> {
        let new = diesel::insert_or_ignore_into(history::table).values((
            history::id.eq(row.id),
            history::post_id.eq(row.post_id),
            history::kind.eq(row.kind),
            history::revision.eq(&row.revision),
            history::created_at.eq(row.created_at),
            history::user_id.eq(row.user_id),
            history::user_name.eq(&row.user_name),
            history::comment.eq(&row.comment),
            history::text.eq(&row.text),
        ));
        Ok(self.temporary.run(|c| new.execute(c))? == 1)
    }

    /// Adds votes to the tally of a post and day.
    ///
    /// # Errors
    /// [`StagingError`].
    pub fn put_votes(&mut self, post_id: i64, votes: DayTally) -> Result<(), StagingError> {
        let row = (
            tallies::post_id.eq(post_id),
            tallies::day.eq(votes.day),
            tallies::up.eq(votes.up),
            tallies::down.eq(votes.down),
        );
        let put = diesel::insert_into(tallies::table)
            .values(row)
            .on_conflict((tallies::post_id, tallies::day))
            .do_update()
            .set((
                tallies::up.eq(tallies::up + excluded(tallies::up)),
                tallies::down.eq(tallies::down + excluded(tallies::down)),
            ));
        self.temporary.run(|c| put.execute(c)).map(drop)
    }

    /// Puts away when an answer was accepted; of several times the last stays.
    ///
    /// # Errors
    /// [`StagingError`].
    pub fn put_acceptance(&mut self, answer_id: i64, at: Micros) -> Result<(), StagingError> {
        let row = (acceptances::post_id.eq(answer_id), acceptances::at.eq(at), acceptances::rows.eq(1));
        let put = diesel::insert_into(acceptances::table)
            .values(row)
            .on_conflict(acceptances::post_id)
            .do_update()
            .set((
                acceptances::at.eq(excluded(acceptances::at)),
                acceptances::rows.eq(acceptances::rows + excluded(acceptances::rows)),
            ));
        self.temporary.run(|c| put.execute(c)).map(drop)
    }

    /// Takes out the history rows of a post, in no order.
    ///
    /// # Errors
    /// [`StagingError`].
    pub fn take_history(&mut self, post_id: i64) -> Result<Vec<HistoryRow>, StagingError> {
        let taken = diesel::delete(history::table.filter(history::post_id.eq(post_id)));
        self.temporary.run(|c| taken.returning(history::all_columns).get_results(c))
    }

    /// Takes out the tallies of a post, oldest day first.
    ///
    /// # Errors
    /// [`StagingError`].
    pub fn take_votes(&mut self, post_id: i64) -> Result<Vec<DayTally>, StagingError> {
        let taken = diesel::delete(tallies::table.filter(tallies::post_id.eq(post_id)));
        let rows: Vec<(Micros, i64, i64)> = self
            .temporary
            .run(|c| taken.returning((tallies::day, tallies::up, tallies::down)).get_results(c))?;
        let mut days: Vec<DayTally> =
            rows.into_iter().map(|(day, up, down)| DayTally { day, up, down }).collect();
        days.sort_by_key(|tally| tally.day);
        Ok(days)
    }

    /// Takes out when an answer was accepted, with the number of rows that said so.
    ///
    /// # Errors
    /// [`StagingError`].
    pub fn take_acceptance(&mut self, answer_id: i64) -> Result<Option<(Micros, u64)>, StagingError> {
        let taken = diesel::delete(acceptances::table.filter(acceptances::post_id.eq(answer_id)));
        let row: Option<(Micros, i64)> = self
            .temporary
            .run(|c| taken.returning((acceptances::at, acceptances::rows)).get_result(c).optional())?;
        Ok(row.map(|(at, rows)| (at, rows.unsigned_abs())))
    }

    /// Counts what nobody took.
    ///
    /// # Errors
    /// [`StagingError`].
    pub fn left(&mut self) -> Result<Left, StagingError> {
        let history: i64 = self.temporary.run(|c| history::table.count().get_result(c))?;
        // Summed here: the sum of 64-bit integers has another type in SQL.
        let votes = self.temporary.run(|c| {
            let days = tallies::table
                .select((tallies::up, tallies::down))
                .load_iter::<(i64, i64), DefaultLoadingMode>(c)?;
            days.map(|day| day.map(|(up, down)| (up + down).unsigned_abs())).sum()
        })?;
        let acceptances = self.temporary.run(|c| {
            let rows =
                acceptances::table.select(acceptances::rows).load_iter::<i64, DefaultLoadingMode>(c)?;
            rows.map(|n| n.map(i64::unsigned_abs)).sum()
        })?;
        Ok(Left { history: history.unsigned_abs(), votes, acceptances })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::scratch::Scratch;

    fn row(id: i64, post_id: i64) -> HistoryRow {
        HistoryRow {
            id,
            post_id,
            kind: 2,
            revision: format!("guid {id}"),
            created_at: id * 10,
            user_id: Some(-1),
            user_name: None,
            comment: None,
            text: Some("body".into()),
        }
    }

    #[test]
    fn rows_put_by_id_are_taken_by_post_and_once() {
        let place = Scratch::new("staging-take");
        let mut staging = Staging::open(place.path()).unwrap();
        for id in 1..=6 {
            assert!(staging.put_history(&row(id, id % 2)).unwrap());
        }
        assert!(!staging.put_history(&row(3, 1)).unwrap());
        let mut taken = staging.take_history(1).unwrap();
        taken.sort_by_key(|row| row.id);
        assert_eq!(taken, [row(1, 1), row(3, 1), row(5, 1)]);
        assert_eq!(staging.take_history(1).unwrap(), []);
        assert_eq!(staging.left().unwrap(), Left { history: 3, ..Left::default() });
    }

    #[test]
    fn votes_are_added_up_by_post_and_day() {
        let place = Scratch::new("staging-votes");
        let mut staging = Staging::open(place.path()).unwrap();
        for (post, day, up, down) in [(1, 20, 1, 0), (1, 10, 0, 1), (1, 20, 1, 0), (2, 10, 1, 0)] {
            staging.put_votes(post, DayTally { day, up, down }).unwrap();
        }
        let expected = [DayTally { day: 10, up: 0, down: 1 }, DayTally { day: 20, up: 2, down: 0 }];
        assert_eq!(staging.take_votes(1).unwrap(), expected);
        assert_eq!(staging.take_votes(1).unwrap(), []);
        assert_eq!(staging.left().unwrap().votes, 1);
    }

    #[test]
    fn the_last_acceptance_of_an_answer_counts_and_all_are_accounted_for() {
        let place = Scratch::new("staging-accept");
        let mut staging = Staging::open(place.path()).unwrap();
        for (answer, at) in [(1, 10), (1, 20), (2, 5)] {
            staging.put_acceptance(answer, at).unwrap();
        }
        assert_eq!(staging.take_acceptance(1).unwrap(), Some((20, 2)));
        assert_eq!(staging.take_acceptance(1).unwrap(), None);
        assert_eq!(staging.left().unwrap().acceptances, 1);
    }

    #[test]
    fn nothing_is_left_in_the_directory_while_it_works_nor_after() {
        let place = Scratch::new("staging-name");
        let names = || std::fs::read_dir(place.path()).unwrap().count();
        let mut staging = Staging::open(place.path()).unwrap();
        staging.put_history(&row(1, 1)).unwrap();
        if cfg!(unix) {
            assert_eq!(names(), 0);
        }
        drop(staging);
        assert_eq!(names(), 0);
    }

    #[test]
    fn a_directory_that_is_not_there_is_named() {
        let error = Staging::open(Path::new("/nonexistent/data")).err().unwrap();
        assert!(error.to_string().starts_with("the temporary file /nonexistent/data/import-staging-"));
    }
}
