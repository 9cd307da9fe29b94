//! Saved searches that notify: what was written since their owner last looked or was told.
//!
//! Once in a while each is run as its owner; what is new makes one notice, however much there is. They run one after another,
//! a few at a time, so that no request waits for them.

use std::sync::Arc;

use diesel::prelude::*;

use super::deliver::{self, Notice};
use super::kinds::{Kind, Level, Reason};
use super::letters::fact;
use super::levels;
use super::quiet;
use super::quietable::{Quietable, outgoing};
use super::signed::Quieter;
use crate::accounts::reached::{Reached, reached_one};
use crate::clock::{MINUTE, Micros, SECOND};
use crate::db::schema::saved_searches as rows;
use crate::db::{Conn, Effect};
use crate::jobs::sweeper::Duty;
use crate::jobs::timed::{self, Timed};
use crate::mail::Outgoing;
use crate::posts;
use crate::questions::post_url;
use crate::search::find::Order;
use crate::search::hits::{Asking, Item, search};
use crate::search::index::SearchIndex;
use crate::search::pages::href;
use crate::web::letter::{Block, Item as Line, LetterError, Letterhead, say};

const KIND: &str = "notices.searches";
/// Between two rounds.
const PAUSE: Micros = 10 * MINUTE;
/// Searches of a piece.
const PIECE: i64 = 10;
/// What of a search is told at once.
const SHOWN: usize = 10;

/// Runs them.
pub struct SavedSearches {
    /// What letters are written with.
    pub head: Letterhead,
    /// Where is searched.
    pub index: Arc<SearchIndex>,
}

type Row = (i64, i64, String, String, Micros);

impl SavedSearches {
    /// Makes sure that they are run.
    ///
    /// # Errors
    /// The database's.
    pub fn schedule(c: &mut Conn, now: Micros) -> QueryResult<()> {
        timed::schedule_once(c, KIND, 0, now + PAUSE)
    }

    /// The notice of one search, and when the newest it tells of was written; None where there is nothing new.
    fn told(&self, c: &mut Conn, row: &Row, now: Micros) -> QueryResult<Option<(Notice, Micros)>> {
        let (id, member, query, level, seen_at) = row;
        let Some(person) = reached_one(c, *member, now)? else { return Ok(None) };
        let level = Level::parse(level).unwrap_or(Level::Off);
        let asking = Asking { typed: query.clone(), order: Order::Newest, skipped: 0, most: SHOWN + 10 };
        let Ok(found) = search(c, &person.viewer, &self.index, &asking, now) else { return Ok(None) };
        let new: Vec<Item> = found
            .items
            .into_iter()
            .filter(|item| item.post.created_at > *seen_at && item.post.author_id != Some(*member))
            .take(SHOWN)
            .collect();
        // An import tells nobody.
        let ids: Vec<i64> = new.iter().map(|item| item.post.id).collect();
        let here = posts::written_here(c, &ids)?;
        let new: Vec<Item> = new.into_iter().filter(|item| here.contains(&item.post.id)).collect();
        let Some(newest) = new.first() else { return Ok(None) };
        let told_until = newest.post.created_at;
        let detail = serde_json::json!({
            "what": "found",
            "subject": { "id": id, "name": query },
            "url": href(query, Order::Newest, None),
            "title": query,
        });
        let mut notice = Notice {
            member: *member,
            fact: format!("search {id} {}", newest.post.id),
            kind: Kind::Search,
            reason: Reason::Saved,
            question_id: None,
            post_id: None,
            actor_id: None,
            detail: detail.to_string(),
            level,
            mail: None,
        };
        if level == Level::Now && person.email.is_some() {
            let times = levels::times(c, *member)?;
            let mut mail = letter(&self.head, &person, *id, query, &new, &notice.fact, now)?;
            mail.due_at = quiet::after(now, &person.time_zone, times.quiet);
            notice.mail = Some(mail);
        }
        Ok(Some((notice, told_until)))
    }
}

impl Duty for SavedSearches {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn prepare(&self, c: &mut Conn, due: &Timed, now: Micros) -> QueryResult<Effect> {
        // The subject is the search after which this piece begins.
        let after = due.subject_id;
        let piece: Vec<Row> = rows::table
            .filter(rows::id.gt(after))
            .filter(rows::notify.ne("off"))
            .order(rows::id)
            .limit(PIECE)
            .select((rows::id, rows::member_id, rows::query, rows::notify, rows::seen_at))
            .load(c)?;
        let mut notices = Vec::new();
        let mut told: Vec<(i64, Micros)> = Vec::new();
        if self.index.is_whole() {
            for row in &piece {
                if let Some((notice, until)) = self.told(c, row, now)? {
                    notices.push(notice);
                    told.push((row.0, until));
                }
            }
        }
        let next = if piece.len() as i64 == PIECE { piece.last().map(|row| row.0) } else { None };
        Ok(Box::new(move |c| {
            deliver::written(c, &notices, now)?;
            // Until the newest that was told, not until now: what is written and not in the index yet comes next time.
            for (id, until) in &told {
                diesel::update(rows::table.find(id)).set(rows::seen_at.eq(until)).execute(c)?;
            }
            match next {
                Some(last) => timed::schedule(c, KIND, last, now + SECOND),
                None => timed::schedule(c, KIND, 0, now + PAUSE),
            }
        }))
    }
}

fn letter(
    head: &Letterhead,
    to: &Reached,
    id: i64,
    query: &str,
    new: &[Item],
    told: &str,
    now: Micros,
) -> Result<Outgoing, LetterError> {
    let locale = to.viewer.locale.as_str();
    let line = |item: &Item| Line {
        text: item.thread.title.clone(),
        url: head.url(&post_url(item.thread.id, &item.thread.title, item.post.kind(), item.post.id)),
        note: item.author.as_ref().map(|author| author.name.clone()).unwrap_or_default(),
    };
    let letter = Quietable {
        kind: Kind::Search.as_str(),
        fact: fact(to.viewer.id, told),
        quieter: Quieter::Search(id),
        subject: say(locale, "mail-search-subject", &[("query", query.into())])?,
        blocks: vec![
            Block::Words { text: say(locale, "mail-search-what", &[("query", query.into())])? },
            Block::List { items: new.iter().map(line).collect() },
            Block::Button {
                label: say(locale, "mail-search-button", &[])?,
                url: head.url(&href(query, Order::Newest, None)),
            },
        ],
        why: say(locale, "mail-why-saved", &[("subject", query.into())])?,
    };
    let email = to.email.clone().unwrap_or_default();
    let shown = new.iter().map(|item| item.post.id).collect();
    Ok(Outgoing { shown, ..outgoing(head, to, &email, letter, now)? })
}
