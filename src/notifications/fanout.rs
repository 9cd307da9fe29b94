//! From the event log to notices: the follower that is woken by what happened, and the duty that goes on where many are to be told.
//!
//! The first page of members is told with the event; where there are more, a row remembers who was told, and the sweeper
//! goes on in pieces that each take some milliseconds of the writer's time.

use diesel::prelude::*;

use super::deliver::{self, Notice};
use super::targets;
use crate::clock::Micros;
use crate::db::schema::fanouts;
use crate::db::{Conn, Effect, on};
use crate::events::{self, Follower, Recorded, Takes};
use crate::jobs::sweeper::Duty;
use crate::jobs::timed::{self, Timed};
use crate::web::letter::Letterhead;

const KIND: &str = "notices.fanout";
/// Members told in one transaction.
const PIECE: i64 = 100;

/// Follows what people do here.
pub struct Notifier(pub Letterhead);

impl Follower for Notifier {
    fn name(&self) -> &'static str {
        "notices"
    }

    fn takes(&self) -> Takes {
        Takes::LiveOnly
    }

    fn follow(&self, c: &mut Conn, events: &[Recorded], now: Micros) -> QueryResult<Effect> {
        let mut notices: Vec<Notice> = Vec::new();
        let mut more: Vec<(i64, i64)> = Vec::new();
        for event in events {
            let Some(told) = targets::told(event) else { continue };
            // One piece is written here; what is left of many events goes on as that of one with many to be told.
            if notices.len() as i64 >= PIECE {
                more.push((event.id, 0));
                continue;
            }
            let page = targets::page(c, event, &told, 0, PIECE)?;
            notices.extend(deliver::prepared(c, &self.0, &told, &page.members, now)?);
            more.extend(page.next.map(|last| (event.id, last)));
        }
        Ok(Box::new(move |c| {
            deliver::written(c, &notices, now)?;
            more.iter().try_for_each(|(event, last)| begin(c, *event, *last, now))
        }))
    }
}

fn begin(c: &mut Conn, event: i64, last: i64, now: Micros) -> QueryResult<()> {
    let row = (fanouts::event_id.eq(event), fanouts::after_member.eq(last));
    let new: Option<i64> = on!(c, |c| diesel::insert_into(fanouts::table)
        .values(row)
        .on_conflict(fanouts::event_id)
        .do_nothing()
        .returning(fanouts::id)
        .get_result(c)
        .optional())?;
    match new {
        Some(id) => timed::schedule(c, KIND, id, now),
        None => Ok(()),
    }
}

/// Goes on telling many.
pub struct Fanout(pub Letterhead);

impl Duty for Fanout {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn prepare(&self, c: &mut Conn, due: &Timed, now: Micros) -> QueryResult<Effect> {
        let id = due.subject_id;
        let row: Option<(i64, i64)> =
            fanouts::table.find(id).select((fanouts::event_id, fanouts::after_member)).first(c).optional()?;
        let Some((event_id, after)) = row else { return Ok(Box::new(|_| Ok(()))) };
        let event = events::find(c, event_id)?;
        let told = event.as_ref().and_then(targets::told);
        let (Some(event), Some(told)) = (event, told) else { return Ok(done(id)) };
        let page = targets::page(c, &event, &told, after, PIECE)?;
        let notices = deliver::prepared(c, &self.0, &told, &page.members, now)?;
        Ok(Box::new(move |c| {
            deliver::written(c, &notices, now)?;
            match page.next {
                Some(last) => {
                    diesel::update(fanouts::table.find(id)).set(fanouts::after_member.eq(last)).execute(c)?;
                    timed::schedule(c, KIND, id, now)
                }
                None => diesel::delete(fanouts::table.find(id)).execute(c).map(drop),
            }
        }))
    }
}

fn done(id: i64) -> Effect {
    Box::new(move |c| diesel::delete(fanouts::table.find(id)).execute(c).map(drop))
}
