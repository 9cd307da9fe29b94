//! The sweep: at least once a second, one node does what is due.

use std::sync::Arc;
use std::time::Duration;

use diesel::QueryResult;
use tokio::sync::watch;

use super::timed::{self, Timed};
use super::{Node, leases};
use crate::clock::{Clock, Micros, SECOND};
use crate::db::{Conn, Db, Effect, Error, On};

/// What to do with due rows of one kind.
pub trait Duty: Send + Sync + 'static {
    /// The kind of timed rows it does.
    fn kind(&self) -> &'static str;
    /// Reads and works out what is to be done, on a reading thread. The effect runs in the transaction that
    /// removes the row; to be due again it schedules the row anew, and to run twice must be harmless.
    fn prepare(&self, c: &mut Conn, due: &Timed, now: Micros) -> QueryResult<Effect>;
}

const PAUSE: Duration = Duration::from_millis(500);
const BATCH: i64 = 100;
const LEASE: Micros = 10 * SECOND;

/// Sweeps until `stop` turns true.
pub async fn run(
    db: Db,
    clock: Clock,
    node: Node,
    duties: Vec<Arc<dyn Duty>>,
    mut stop: watch::Receiver<bool>,
) {
    let duties: Arc<[Arc<dyn Duty>]> = duties.into();
    while !*stop.borrow() {
        clock.tick();
        if let Err(error) = sweep(&db, &clock, &node, &duties).await {
            tracing::warn!(%error, "a sweep failed; trying again");
        }
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
    let leaving = node.clone();
    let released = db
        .write(On::Background("sweeper-lease"), move |c| {
            Ok::<_, Error>(leases::release(c, "sweeper", &leaving)?)
        })
        .await;
    if let Err(error) = released {
        tracing::debug!(%error, "the sweeper's lease was left to run out");
    }
}

/// Does everything that is due now, what goes on in pieces and is due again at once included; nothing while another node
/// holds the lease.
pub async fn sweep(db: &Db, clock: &Clock, node: &Node, duties: &Arc<[Arc<dyn Duty>]>) -> Result<(), Error> {
    // The clock is looked at again for each piece: what was asked for while a long one ran is due, too.
    loop {
        let now = clock.now();
        let rows = db.read(move |c| Ok::<_, Error>(timed::due(c, now, BATCH)?)).await?;
        if rows.is_empty() {
            return Ok(());
        }
        let holder = node.clone();
        let mine = db
            .write(On::Background("sweeper-lease"), move |c| {
                Ok::<_, Error>(leases::hold(c, "sweeper", &holder, now, LEASE)?)
            })
            .await?;
        if !mine {
            return Ok(());
        }
        for row in rows {
            perform(db, duties, row, now).await?;
        }
    }
}

async fn perform(db: &Db, duties: &Arc<[Arc<dyn Duty>]>, row: Timed, now: Micros) -> Result<(), Error> {
    let failed = row.clone();
    if let Err(error) = try_perform(db, duties, row, now).await {
        tracing::warn!(%error, kind = failed.kind, "a timed row failed; put off");
        db.write(On::Named("timed", failed.id), move |c| Ok::<_, Error>(timed::put_off(c, &failed, now)?))
            .await?;
    }
    Ok(())
}

async fn try_perform(db: &Db, duties: &Arc<[Arc<dyn Duty>]>, row: Timed, now: Micros) -> Result<(), Error> {
    let id = row.id;
    let mut effect: Effect = match duties.iter().find(|duty| duty.kind() == row.kind).cloned() {
        Some(duty) => db.read(move |c| Ok::<_, Error>(duty.prepare(c, &row, now)?)).await?,
        None => {
            tracing::warn!(kind = row.kind, "nobody does timed rows of this kind; dropped");
            Box::new(|_| Ok(()))
        }
    };
    db.write(On::Named("timed", id), move |c| {
        timed::remove(c, id)?;
        Ok::<_, Error>(effect(c)?)
    })
    .await
}
