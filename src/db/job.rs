//! A piece of work on its way to a database thread, and the answer on its way back.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;

use super::Conn;
use super::failure::{Error, Outcome};

/// Work for a writer, its types forgotten.
pub(super) trait Job: Send {
    /// Runs the act inside an open transaction or savepoint.
    fn run(&mut self, conn: &mut Conn) -> Ran;
    /// Sends the answer: what `run` found if `end` is well, else the error; a refusal, too, may rest on what was not
    /// kept.
    fn finish(self: Box<Self>, end: Result<(), Error>);
}

/// What became of an act before the commit.
pub(super) enum Ran {
    /// It wants its rows kept.
    Done,
    /// It wants them undone: a rule refused.
    Refused,
    /// The database failed it.
    Failed {
        /// Another transaction was in the way: running it again is right.
        conflict: bool,
        /// The connection is of no more use.
        lost: bool,
    },
}

impl dyn Job {
    /// A job from a closure, and where its answer will arrive.
    pub(super) fn pair<T, E, F>(act: F) -> (Box<dyn Job>, Pending<T, E>)
    where
        T: Send + 'static,
        E: Outcome,
        F: FnMut(&mut Conn) -> Result<T, E> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        (Box::new(Act { act, result: None, sender }), Pending(receiver))
    }
}

struct Act<T, E, F> {
    act: F,
    result: Option<Result<T, E>>,
    sender: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Job for Act<T, E, F>
where
    T: Send,
    E: Outcome,
    F: FnMut(&mut Conn) -> Result<T, E> + Send,
{
    fn run(&mut self, conn: &mut Conn) -> Ran {
        let result = guarded(|| (self.act)(conn));
        let ran = match &result {
            Ok(_) => Ran::Done,
            Err(error) => match error.database() {
                None => Ran::Refused,
                Some(error) => Ran::Failed { conflict: error.is_conflict(), lost: error.is_lost() },
            },
        };
        self.result = Some(result);
        ran
    }

    fn finish(self: Box<Self>, end: Result<(), Error>) {
        let Act { act, result, sender } = *self;
        // What the act holds is free before its asker hears of the end.
        drop(act);
        let answer = match (result, end) {
            (_, Err(error)) => Err(E::from(error)),
            (Some(result), Ok(())) => result,
            (None, Ok(())) => Err(E::from(Error::Stopped)),
        };
        // The asker may have gone away; what was committed stays committed.
        drop(sender.send(answer));
    }
}

/// Turns a panic of `body` into an error, so that one bad act cannot end a database thread.
pub(super) fn guarded<T, E: Outcome>(body: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|cause| {
        let words = cause
            .downcast_ref::<&str>()
            .map(|words| (*words).to_owned())
            .or_else(|| cause.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "no message".to_owned());
        Err(E::from(Error::Panicked(words)))
    })
}

/// An answer that has not arrived yet.
pub(super) struct Pending<T, E>(pub(super) oneshot::Receiver<Result<T, E>>);

impl<T, E: Outcome> Pending<T, E> {
    pub(super) async fn answer(self) -> Result<T, E> {
        self.0.await.unwrap_or_else(|_| Err(E::from(Error::Stopped)))
    }

    pub(super) fn answer_now(self) -> Result<T, E> {
        self.0.blocking_recv().unwrap_or_else(|_| Err(E::from(Error::Stopped)))
    }
}
