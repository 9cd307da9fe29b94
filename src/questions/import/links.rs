//! Followers of questions, and links between posts.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use serde::Serialize;

use super::imported;
use super::threads::opened;
use crate::accounts::import::People;
use crate::clock::Micros;
use crate::db::schema::{follows, post_links, questions};
use crate::db::{Conn, on};
use crate::events::{self, Fact};
use crate::posts::import::parents;
use crate::questions::Thread;

/// A member who follows a question.
#[derive(Clone, Debug)]
pub struct Following {
    /// Original id of the member.
    pub member: String,
    /// Original id of the question.
    pub question: String,
    /// Since when.
    pub since: Micros,
}

/// A link from one post to another.
#[derive(Clone, Debug)]
pub struct Link {
    /// Original id of the post that links.
    pub from: String,
    /// Original id of the post it links to.
    pub to: String,
    /// Whether it is said to repeat the other.
    pub duplicate: bool,
    /// When the link was made.
    pub created_at: Micros,
}

/// Two posts were linked.
#[derive(Debug, Serialize)]
pub struct Linked {
    from_id: i64,
    to_id: i64,
    duplicate: bool,
}

impl Fact for Linked {
    const KIND: &'static str = "PostsLinked";
}

/// Lets members follow questions. Who or what is not here is left out.
pub fn follow_all(c: &mut Conn, source: &str, followings: &[Following]) -> QueryResult<()> {
    let people = People::find(c, source, followings.iter().map(|following| following.member.as_str()))?;
    let names: Vec<&str> = followings.iter().map(|following| following.question.as_str()).collect();
    let threads = opened(c, source, &names)?;
    let mut grown = HashSet::new();
    for following in followings {
        let (Some(member), Some(thread)) = (people.get(&following.member), threads.get(&following.question))
        else {
            continue;
        };
        let row = (
            follows::question_id.eq(thread.id),
            follows::member_id.eq(member),
            follows::since.eq(following.since),
        );
        let new =
            on!(c, |c| diesel::insert_into(follows::table).values(row).on_conflict_do_nothing().execute(c))?;
        if new > 0 {
            grown.insert(thread.id);
        }
    }
    for id in grown {
        let mut thread = Thread::load(c, id)?;
        thread.followers = follows::table.filter(follows::question_id.eq(id)).count().get_result(c)?;
        thread.save(c)?;
    }
    Ok(())
}

/// Links posts. A question that stands closed and is said to repeat another becomes its duplicate. What is not here is
/// left out.
pub fn link_all(c: &mut Conn, source: &str, links: &[Link], now: Micros) -> QueryResult<()> {
    let names: Vec<&str> = links.iter().flat_map(|link| [link.from.as_str(), link.to.as_str()]).collect();
    let posts = parents(c, source, &names)?;
    let mut touched: HashMap<i64, Option<i64>> = HashMap::new();
    for link in links {
        let (Some(from), Some(to)) = (posts.get(&link.from), posts.get(&link.to)) else { continue };
        let both_questions = from.is_question && to.is_question;
        let duplicate = link.duplicate && both_questions && is_closed(c, from.id)?;
        let row = (
            post_links::from_id.eq(from.id),
            post_links::to_id.eq(to.id),
            post_links::kind.eq(if duplicate { "duplicate" } else { "linked" }),
            post_links::created_at.eq(link.created_at),
        );
        let new = on!(c, |c| diesel::insert_into(post_links::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(c))?;
        if new == 0 {
            continue;
        }
        let target = touched.entry(from.thread_id).or_default();
        if duplicate {
            target.get_or_insert(to.id);
        }
        touched.entry(to.thread_id).or_default();
        let about = imported(link.created_at, now, None).in_thread(from.thread_id, from.space_id);
        events::append(c, &about, &Linked { from_id: from.id, to_id: to.id, duplicate })?;
    }
    for (id, target) in touched {
        let mut thread = Thread::load(c, id)?;
        thread.duplicate_of = thread.duplicate_of.or(target);
        thread.save(c)?;
    }
    Ok(())
}

fn is_closed(c: &mut Conn, id: i64) -> QueryResult<bool> {
    let closed: Option<Option<Micros>> =
        questions::table.find(id).select(questions::closed_at).first(c).optional()?;
    Ok(closed.flatten().is_some())
}
