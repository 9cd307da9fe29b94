//! The audit: who did which administrative act, to whom, when and why. Rows are only ever added.
//!
//! Unlike the event log it may hold words (a reason), and nothing follows it; people read it.

use diesel::prelude::*;

use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::audit;

/// Writes one row in the running transaction. `actor` is None for the command line; `act` is a past-tense word
/// such as `role-changed`; `subject_kind` names the table's thing (`member`, `space`, …); `detail` holds the
/// act's figures, ids and settings, never a secret.
#[expect(clippy::too_many_arguments, reason = "each is a column, and every act names them all")]
pub fn record(
    c: &mut Conn,
    actor: Option<i64>,
    act: &str,
    subject_kind: &str,
    subject_id: Option<i64>,
    reason: Option<&str>,
    detail: &serde_json::Value,
    now: Micros,
) -> QueryResult<()> {
    diesel::insert_into(audit::table)
        .values((
            audit::occurred_at.eq(now),
            audit::actor_id.eq(actor),
            audit::act.eq(act),
            audit::subject_kind.eq(subject_kind),
            audit::subject_id.eq(subject_id),
            audit::reason.eq(reason),
            audit::detail.eq(detail.to_string()),
        ))
        .execute(c)?;
    Ok(())
}
