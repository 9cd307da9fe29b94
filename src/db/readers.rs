//! A fixed set of threads that read, each with a connection of its own.
//!
//! Each piece of work runs in one snapshot. Connections are opened lazily again after they were lost.

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use tokio::sync::oneshot;

use super::conn::{Conn, Use};
use super::failure::{Error, Outcome};
use super::job::{Pending, guarded};
use super::{DatabaseUrl, Sizes, dialect};

type Work = Box<dyn FnOnce(&mut Option<Conn>, &DatabaseUrl) + Send>;

#[derive(Clone)]
pub(super) struct Readers {
    queue: Sender<Work>,
}

impl Readers {
    pub(super) fn start(url: &DatabaseUrl, sizes: Sizes) -> Result<Readers, Error> {
        let (queue, work) = bounded(sizes.queue);
        for number in 0..sizes.readers {
            let first = Conn::open(url, Use::Read)?;
            let (url, work) = (url.clone(), work.clone());
            std::thread::Builder::new()
                .name(format!("reader-{number}"))
                .spawn(move || serve(first, &url, &work))
                .map_err(|error| Error::Unreachable {
                    place: "a reader thread".into(),
                    why: error.to_string(),
                })?;
        }
        Ok(Readers { queue })
    }

    /// Runs `body` without a snapshot around it; once more on a new connection when the first
    /// was lost meanwhile.
    pub(super) fn glance<T, E, F>(&self, mut body: F) -> Result<Pending<T, E>, E>
    where
        T: Send + 'static,
        E: Outcome,
        F: FnMut(&mut Conn) -> Result<T, E> + Send + 'static,
    {
        self.enqueue(move |slot, url| {
            let answer = bare(slot, url, &mut body);
            match &answer {
                Err(error) if error.database().is_some_and(Error::is_lost) => bare(slot, url, &mut body),
                _ => answer,
            }
        })
    }

    pub(super) fn submit<T, E, F>(&self, body: F) -> Result<Pending<T, E>, E>
    where
        T: Send + 'static,
        E: Outcome,
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    {
        self.enqueue(move |slot, url| in_snapshot(slot, url, body))
    }

    fn enqueue<T, E, F>(&self, run: F) -> Result<Pending<T, E>, E>
    where
        T: Send + 'static,
        E: Outcome,
        F: FnOnce(&mut Option<Conn>, &DatabaseUrl) -> Result<T, E> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let work: Work = Box::new(move |slot, url| drop(sender.send(run(slot, url))));
        match self.queue.try_send(work) {
            Ok(()) => Ok(Pending(receiver)),
            Err(TrySendError::Full(_)) => Err(E::from(Error::Busy)),
            Err(TrySendError::Disconnected(_)) => Err(E::from(Error::Stopped)),
        }
    }
}

fn serve(first: Conn, url: &DatabaseUrl, queue: &Receiver<Work>) {
    let mut conn = Some(first);
    for work in queue {
        work(&mut conn, url);
    }
}

fn bare<T, E, F>(slot: &mut Option<Conn>, url: &DatabaseUrl, body: &mut F) -> Result<T, E>
where
    E: Outcome,
    F: FnMut(&mut Conn) -> Result<T, E>,
{
    let mut conn = match slot.take() {
        Some(conn) => conn,
        None => Conn::open(url, Use::Read)?,
    };
    let answer = guarded(|| body(&mut conn));
    if !answer.as_ref().err().and_then(Outcome::database).is_some_and(Error::is_lost) {
        *slot = Some(conn);
    }
    answer
}

fn in_snapshot<T, E, F>(slot: &mut Option<Conn>, url: &DatabaseUrl, body: F) -> Result<T, E>
where
    E: Outcome,
    F: FnOnce(&mut Conn) -> Result<T, E>,
{
    let mut conn = match slot.take() {
        Some(conn) => conn,
        None => Conn::open(url, Use::Read)?,
    };
    // A connection the server closed meanwhile shows at its first statement, when nothing was read yet.
    if dialect::begin_read(&mut conn).is_err() {
        conn = Conn::open(url, Use::Read)?;
        dialect::begin_read(&mut conn)?;
    }
    let answer = guarded(|| body(&mut conn));
    let ended = dialect::end_read(&mut conn);
    let lost = answer.as_ref().err().and_then(Outcome::database).is_some_and(Error::is_lost);
    if ended.is_ok() && !lost {
        *slot = Some(conn);
    }
    answer
}
