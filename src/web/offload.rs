//! Work of the processor that may take long, done beside the workers that answer everybody.
//!
//! Promise: few of it is done at a time; who comes meanwhile waits in turn, and holds up nobody but themselves.

use tokio::sync::Semaphore;

use super::problem::Problem;

/// As many as are done at a time: one processor is left to the others on most machines.
static TURNS: Semaphore = Semaphore::const_new(2);

/// Does `work` beside the workers.
///
/// # Errors
/// When the program is about to stop.
pub async fn offload<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let _turn = TURNS.acquire().await.map_err(|_| Problem::busy())?;
    actix_web::web::block(work).await.map_err(|_| Problem::busy())
}
