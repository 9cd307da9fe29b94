//! What one run has met: rows it has seen, and choices that wait for their answer.
//!
//! Answers come after all questions, so what a question says of its chosen answer has to wait; and a row that an
//! input holds twice is taken once, as first met, so that importing again changes nothing. Both wait on disk, in
//! a [`Temporary`], to keep memory flat.

use std::path::Path;

use diesel::prelude::*;

use super::temporary::{StagingError, Temporary};

diesel::table! {
    seen (kind, id) {
        kind -> BigInt,
        id -> BigInt,
    }
}

diesel::table! {
    choices (answer_id) {
        answer_id -> BigInt,
        question_id -> BigInt,
    }
}

const TABLES: &str = "
    CREATE TABLE seen (kind INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (kind, id)) STRICT, WITHOUT ROWID;
    CREATE TABLE choices (answer_id INTEGER PRIMARY KEY, question_id INTEGER NOT NULL) STRICT;
";

/// Kinds of rows that are told apart by their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Questions.
    Question,
    /// Answers.
    Answer,
    /// Comments.
    Comment,
}

/// The memory of one run.
pub struct Once {
    temporary: Temporary,
}

impl Once {
    /// An empty one in `directory`.
    ///
    /// # Errors
    /// [`StagingError`] when the directory is not writable or full, as for all acts below.
    pub fn open(directory: &Path) -> Result<Once, StagingError> {
        Ok(Once { temporary: Temporary::open(directory, TABLES)? })
    }

    /// Notes a row; `false` when this run has seen one of its id.
    ///
    /// # Errors
    /// [`StagingError`].
    pub fn first(&mut self, kind: Seen, id: i64) -> Result<bool, StagingError> {
        let new =
            diesel::insert_or_ignore_into(seen::table).values((seen::kind.eq(kind as i64), seen::id.eq(id)));
        Ok(self.temporary.run(|c| new.execute(c))? == 1)
    }

    /// Notes which answer a question has chosen.
    ///
    /// # Errors
    /// [`StagingError`].
    pub fn put_choice(&mut self, question_id: i64, answer_id: i64) -> Result<(), StagingError> {
        let put = diesel::insert_or_ignore_into(choices::table)
            .values((choices::answer_id.eq(answer_id), choices::question_id.eq(question_id)));
        self.temporary.run(|c| put.execute(c)).map(drop)
    }

    /// Takes out the question that has chosen this answer.
    ///
    /// # Errors
    /// [`StagingError`].
    pub fn take_choice(&mut self, answer_id: i64) -> Result<Option<i64>, StagingError> {
        let taken = diesel::delete(choices::table.filter(choices::answer_id.eq(answer_id)));
        self.temporary.run(|c| taken.returning(choices::question_id).get_result(c).optional())
    }

    /// Counts the choices that nobody took.
    ///
    /// # Errors
    /// [`StagingError`].
    pub fn choices_left(&mut self) -> Result<u64, StagingError> {
        let left: i64 = self.temporary.run(|c| choices::table.count().get_result(c))?;
        Ok(left.unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::scratch::Scratch;

    #[test]
    fn a_row_is_first_only_once_and_a_choice_is_taken_once() {
        let place = Scratch::new("once");
        let mut once = Once::open(place.path()).unwrap();
        assert!(once.first(Seen::Question, 1).unwrap());
        assert!(once.first(Seen::Answer, 1).unwrap());
        assert!(!once.first(Seen::Question, 1).unwrap());
        once.put_choice(1, 7).unwrap();
        once.put_choice(2, 7).unwrap();
        once.put_choice(3, 8).unwrap();
        assert_eq!(once.take_choice(7).unwrap(), Some(1));
        assert_eq!(once.take_choice(7).unwrap(), None);
        assert_eq!(once.choices_left().unwrap(), 1);
    }
}
