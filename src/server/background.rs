//! What runs beside the answers: who follows the log, what is done by time, who hands e-mails over, and the end of streams.

use std::sync::Arc;

use actix_web::dev::ServerHandle;
use tokio::sync::watch;

use crate::accounts::Housekeeping;
use crate::accounts::address_requests::AddressRequests;
use crate::badges::Badges;
use crate::events::Follower;
use crate::gurus::{ClaimEnds, GuruFacts, Sweep};
use crate::jobs::sweeper;
use crate::mail::sender::Sender;
use crate::notifications::digest::{Digest, DigestClocks};
use crate::notifications::live::Live;
use crate::notifications::reminders::{ReminderClocks, Reminders};
use crate::notifications::searches::SavedSearches;
use crate::notifications::signed::bounce_tag;
use crate::notifications::{
    self, BadgeNotices, Fanout, GuruMonths, GuruNotices, MailCheck, Notifier, PowerNotices,
};
use crate::questions::counters::ThreadCounters;
use crate::search::index::SearchIndex;
use crate::threads::rerender::Rerender;
use crate::votes::patterns::Patterns;
use crate::web::hall::Hall;
use crate::web::letter::Letterhead;

/// Those who follow the log.
pub(super) fn followers(head: &Letterhead) -> Vec<Arc<dyn Follower>> {
    vec![
        Arc::new(ThreadCounters),
        Arc::new(Notifier(head.clone())),
        Arc::new(ReminderClocks),
        Arc::new(DigestClocks),
        Arc::new(GuruFacts),
        Arc::new(GuruNotices(head.clone())),
        Arc::new(PowerNotices(head.clone())),
        Arc::new(Patterns),
        Arc::new(Badges),
        Arc::new(BadgeNotices(head.clone())),
    ]
}

/// What is done by time.
pub(super) fn duties(hall: &Hall, index: &Arc<SearchIndex>) -> Vec<Arc<dyn sweeper::Duty>> {
    let head = &hall.letterhead;
    vec![
        Arc::new(Rerender),
        Arc::new(Housekeeping),
        Arc::new(AddressRequests { head: head.clone(), limited: hall.config.limits }),
        Arc::new(Fanout(head.clone())),
        Arc::new(Reminders::of_verdicts(head.clone())),
        Arc::new(Reminders::of_unanswered(head.clone())),
        Arc::new(Digest(head.clone())),
        Arc::new(SavedSearches { head: head.clone(), index: index.clone() }),
        Arc::new(notifications::Housekeeping),
        Arc::new(Sweep),
        Arc::new(ClaimEnds),
        Arc::new(GuruMonths(head.clone())),
    ]
}

/// Hands e-mails over, where it is set to whom.
pub(super) fn sender(hall: &Hall) -> Option<Sender> {
    let url = hall.config.smtp.clone()?;
    let secret = hall.letterhead.secret.clone();
    Some(Sender {
        db: hall.db.clone(),
        clock: hall.clock.clone(),
        node: hall.node.clone(),
        url,
        mailbox: hall.letterhead.mailbox.clone(),
        check: Arc::new(MailCheck),
        returns: Arc::new(move |token| bounce_tag(&secret, token)),
    })
}

/// Ends the streams at the signal by which the server ends, and makes sure that it does: a signal that comes before the server
/// listens for it is taken here.
pub(super) async fn end_streams(live: Live, server: ServerHandle, mut stop: watch::Receiver<bool>) {
    use tokio::signal::unix::{SignalKind, signal};
    let asked = async {
        match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
            (Ok(mut terminate), Ok(mut interrupt)) => {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
            }
            _ => std::future::pending().await,
        }
    };
    tokio::select! {
        () = asked => {
            live.end();
            server.stop(true).await;
        }
        _ = stop.changed() => live.end(),
    }
}
