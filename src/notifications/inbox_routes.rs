//! The inbox as a page, and marking as read.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::inbox::{self, Item, Shown};
use super::pages::{InboxItem, InboxPage, InboxThread};
use super::{Reason, live};
use crate::db::{Failure, On};
use crate::suggestions;
use crate::web::pages::Pager;
use crate::web::{Problem, Visit};

/// Notices on a page.
const PAGE: i64 = 50;

/// `GET /inbox?unread=1&after=…`.
///
/// # Errors
/// The database's failures.
pub async fn index(visit: Visit) -> Result<HttpResponse, Problem> {
    let (unread, before) = (visit.query.ticked("unread"), visit.query.number("after")?);
    let (shown, suggestions) = visit
        .read(move |c, viewer| {
            let suggestions = suggestions::count_to_decide(c, viewer, 100)?;
            Ok::<_, Failure<Problem>>((inbox::list(c, viewer, before, unread, PAGE)?, suggestions))
        })
        .await?;
    put_right(&visit, &shown).await?;
    let next = shown.next.map(|next| {
        let unread = if unread { "&unread=1" } else { "" };
        format!("/inbox?after={next}{unread}")
    });
    visit.page(&InboxPage {
        threads: grouped(shown.items),
        unread_only: unread,
        unread: visit.viewer()?.unread.max(0),
        suggestions,
        pager: Pager { newer: None, older: next },
    })
}

/// Notices that may not be opened any more are marked as read, so that the number in the head is true.
pub(super) async fn put_right(visit: &Visit, shown: &Shown) -> Result<(), Problem> {
    if shown.closed.is_empty() {
        return Ok(());
    }
    let (closed, now) = (shown.closed.clone(), visit.now);
    visit
        .write(On::Member(visit.viewer()?.id), move |c, viewer| {
            Ok::<_, Failure<Problem>>(inbox::read_some(c, viewer.id, &closed, now)?)
        })
        .await
}

/// Notices of one thread stand together, at the place of the newest.
fn grouped(items: Vec<Item>) -> Vec<InboxThread> {
    let mut threads: Vec<InboxThread> = Vec::new();
    for item in items {
        let known =
            item.question_id.and_then(|id| threads.iter().position(|thread| thread.question_id == Some(id)));
        let title = item.title.clone().unwrap_or_default();
        let url = item.question_id.map_or_else(|| item.url.clone(), |id| format!("/questions/{id}"));
        let question_id = item.question_id;
        let shown = shown(item);
        match known.and_then(|at| threads.get_mut(at)) {
            Some(thread) => {
                thread.unread |= !shown.read;
                thread.items.push(shown);
            }
            None => {
                threads.push(InboxThread {
                    question_id,
                    title,
                    url,
                    unread: !shown.read,
                    items: vec![shown],
                });
            }
        }
    }
    threads
}

fn shown(item: Item) -> InboxItem {
    // Words are only asked for reasons there are.
    let reason = Reason::parse(&item.reason).map_or(Reason::Follow, |reason| reason);
    InboxItem {
        id: item.id,
        by: item.by,
        what: if item.kind == "mention" { "mentioned".to_owned() } else { item.what },
        reason: reason.as_str().to_owned(),
        subject: item.subject.unwrap_or_default(),
        text: item.text,
        url: item.url,
        read: item.read,
        at: item.at,
    }
}

/// `POST /inbox/{id}/read`.
///
/// # Errors
/// 404 for a notice that is not the member's.
pub async fn read(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let (id, now) = (id.into_inner(), visit.now);
    visit
        .write(On::Member(visit.viewer()?.id), move |c, viewer| {
            inbox::read(c, viewer.id, id, now)?.ok_or_else(|| Failure::<Problem>::from(Problem::not_found()))
        })
        .await?;
    Ok(visit.see("/inbox", None))
}

/// `POST /inbox/read`: all of them.
///
/// # Errors
/// The database's failures.
pub async fn read_all(visit: Visit) -> Result<HttpResponse, Problem> {
    let now = visit.now;
    visit
        .write(On::Member(visit.viewer()?.id), move |c, viewer| {
            Ok::<_, Failure<Problem>>(inbox::read_all(c, viewer.id, now)?)
        })
        .await?;
    Ok(visit.see("/inbox", Some("all-read")))
}

/// `GET /inbox/state`: what the script shows in the head, for pages without a stream of their own.
///
/// # Errors
/// The database's failures.
pub async fn state(visit: Visit) -> Result<HttpResponse, Problem> {
    let state = live::state(&visit).await?;
    crate::web::api::send(&state)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_of_one_thread_stand_together() {
        let item = |id: i64, question: Option<i64>, read| Item {
            id,
            kind: "answer".into(),
            reason: "follow".into(),
            question_id: question,
            post_id: None,
            by: None,
            what: "answered".into(),
            subject: None,
            title: Some("T".into()),
            text: String::new(),
            url: "/x".into(),
            read,
            at: id,
        };
        let threads = grouped(vec![
            item(5, Some(1), true),
            item(4, Some(2), true),
            item(3, Some(1), false),
            item(2, None, true),
            item(1, None, true),
        ]);
        let ids: Vec<Vec<i64>> =
            threads.iter().map(|thread| thread.items.iter().map(|item| item.id).collect()).collect();
        assert_eq!(ids, [vec![5, 3], vec![4], vec![2], vec![1]]);
        assert!(threads[0].unread && !threads[1].unread);
    }
}
