//! The demo: a small invented community, told in `story/*.toml` and brought about by the real acts.
//!
//! Promises: nothing is written but through the acts that members use ([`crate::questions::ask`],
//! [`crate::answers::post`], [`crate::votes::cast`] …), in the order of time, each at its own moment of the past
//! weeks; so every rule, counter and event holds as in a place that has lived that long. The whole story is one
//! transaction: it is all there or not at all.
//! It is for looking around only. [`crate::cli`] gives it a temporary place.

mod acts;
mod people;
mod story;
#[cfg(test)]
mod tests;

use crate::clock::Micros;
use crate::db::{Db, Failure, On, Refusal};
use crate::questions::views::Views;
use crate::web::Role;

/// Somebody of the story to sign in as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// What they may do.
    pub role: Role,
    /// Shown name.
    pub name: String,
    /// Address to sign in with.
    pub email: String,
}

/// Why the story could not be told. Each is a mistake in it, not in the place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// A file of the story cannot be read.
    #[error("story/{file}: {why}")]
    Unreadable {
        /// Which.
        file: &'static str,
        /// The parser's words.
        why: String,
    },
    /// A person or question is named that is not there.
    #[error("the story names `{0}`, which is not in it")]
    Unknown(String),
    /// The rules do not take something.
    #[error("{what}: {why}")]
    Refused {
        /// What was tried.
        what: String,
        /// The refusal.
        why: String,
    },
}

impl Refusal for Wrong {}

impl Wrong {
    fn refused(what: impl Into<String>, why: impl std::fmt::Debug) -> Wrong {
        Wrong::Refused { what: what.into(), why: format!("{why:?}") }
    }
}

/// Fills an empty, migrated database with the story as of `now`. Everybody in it has the password that was
/// hashed to `password_hash`; answered are people to sign in as, at least one of
/// each role, the highest first.
///
/// # Errors
/// [`Wrong`], or the database's.
pub async fn fill(db: &Db, password_hash: &str, now: Micros) -> Result<Vec<SignIn>, Failure<Wrong>> {
    let story = story::read()?;
    let plan = acts::plan(&story, now)?;
    let sign_ins = people::sign_ins(&story);
    let hash = password_hash.to_owned();
    let read: Vec<u32> = story.questions.iter().map(|told| told.views).collect();
    let questions = db.write(On::Nothing, move |c| acts::play(c, &story, &plan, &hash, now)).await?;
    let views = Views::default();
    for (times, question) in read.into_iter().zip(questions) {
        views.add(question, i64::from(times));
    }
    views.flush(db, now).await?;
    Ok(sign_ins)
}
